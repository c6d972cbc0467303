"""Which labels are given instead of which: confusion of several labels a row, and of one."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from govtext.errors import BadCorpus

Floats = NDArray[np.float64]


def label_confusion(target: ArrayLike, decided: ArrayLike) -> Floats:
    """How often each label was given where another was true, (n_labels + 1, n_labels + 1): rows true, columns given.

    The last column is nothing given instead, the last row nothing missed; where both meet, rows that have and got no label.
    A missed label and a needless one of the same row belong together. Of m missed and k needless, each pair counts
    1 / max(m, k), and what is left of a label goes to the last column or row: so the rows sum to how often a label is true,
    the columns to how often it was given, exactly.

    Raises:
        BadCorpus: shapes that do not fit together.
    """
    true, said = np.asarray(target, bool), np.asarray(decided, bool)
    if true.ndim != 2 or true.shape != said.shape:
        raise BadCorpus(f"labels {true.shape} and decisions {said.shape}; wanted (n, n_labels) twice")
    missed, needless = true & ~said, said & ~true
    n_missed, n_needless = missed.sum(axis=1), needless.sum(axis=1)
    larger = np.maximum(np.maximum(n_missed, n_needless), 1)
    n = true.shape[1]
    counts = np.zeros((n + 1, n + 1))
    counts[:n, :n] = missed.T.astype(np.float64) @ (needless / larger[:, None]) + np.diag((true & said).sum(axis=0))
    counts[:n, n] = missed.T @ (1 - n_needless / larger)
    counts[n, :n] = needless.T @ (1 - n_missed / larger)
    counts[n, n] = (~true.any(axis=1) & ~said.any(axis=1)).sum()
    return counts


def class_confusion(target: ArrayLike, decided: ArrayLike, *, n_classes: int) -> Floats:
    """How often each class was given where another was true, (n_classes, n_classes); rows whose class is below 0 do not count."""
    true, said = np.asarray(target, np.int64), np.asarray(decided, np.int64)
    if true.ndim != 1 or true.shape != said.shape:
        raise BadCorpus(f"classes {true.shape} and decisions {said.shape}; wanted (n,) twice")
    counts = np.zeros((n_classes, n_classes))
    known = true >= 0
    np.add.at(counts, (true[known], said[known]), 1)
    return counts


def folded(counts: Floats, *, most: int) -> tuple[list[int], Floats]:
    """The `most` labels with the most mistakes, in their order, and their confusion; the other labels are summed in one.

    Their row and column stand before the last ones; they are missing where all labels fit.
    """
    n = len(counts) - 1
    if n <= most:
        return list(range(n)), counts
    mistakes = counts.sum(axis=0) + counts.sum(axis=1) - 2 * np.diag(counts)
    kept = sorted(np.argsort(-mistakes[:n], kind="stable")[:most].tolist())
    place = np.full(n + 1, most)
    place[kept], place[n] = np.arange(most), most + 1
    small = np.zeros((most + 2, most + 2))
    np.add.at(small, (place[:, None], place[None, :]), counts)
    return kept, small
