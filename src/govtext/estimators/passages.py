"""Rows → passages, and the order they are learnt in."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from govtext.errors import BadCorpus
from govtext.estimators.inputs import Labels, Rows
from govtext.features.ngrams import Ints
from govtext.features.passages import LONGEST_TITLE, Passage

Floats = NDArray[np.float64]


def row_passages(rows: Rows) -> list[Passage]:
    """The rows as passages, white space folded as in a report; all are body text."""
    passages: list[Passage] = []
    last: dict[str, tuple[tuple[str, ...], int]] = {}
    for i, text in enumerate(rows.texts):
        headings = tuple(" ".join(heading.split()) for heading in rows.headings[i])
        since = 0
        if rows.documents is not None:
            above, passed = last.get(rows.documents[i], (headings, -1))
            since = passed + 1 if above == headings else 0
            last[rows.documents[i]] = headings, since
        title = " ".join(rows.titles[i].split())[:LONGEST_TITLE]
        passages.append(Passage((i,), " ".join(text.split()), headings, title, False, False, since))
    return passages


def learning_order(rows: Rows, labels: Labels, *, together: bool) -> list[int]:
    """The rows by their content, so that the order given changes nothing; `together` keeps documents and the order in them."""
    keys = [
        hashlib.sha256(
            repr((rows.texts[i], rows.headings[i], rows.titles[i], np.flatnonzero(labels.table[i]).tolist())).encode(
                "utf-8", "surrogatepass"
            )
        ).hexdigest()
        for i in range(len(rows))
    ]
    if not together or rows.documents is None:
        return sorted(range(len(rows)), key=lambda i: (keys[i], "" if rows.documents is None else rows.documents[i]))
    members = document_rows(rows.documents)
    return [i for found in sorted(members, key=lambda found: [keys[i] for i in found]) for i in found]


def document_rows(documents: Sequence[str]) -> list[list[int]]:
    """The rows of each document, documents in the order they first occur."""
    members: dict[str, list[int]] = {}
    for i, name in enumerate(documents):
        members.setdefault(name, []).append(i)
    return list(members.values())


def numbered(names: Sequence[str]) -> Ints:
    """A number for each name, from 0, in the order they first occur."""
    index: dict[str, int] = {}
    return np.array([index.setdefault(name, len(index)) for name in names], np.int64)


def row_weights(weight: Any, n_rows: int) -> Floats:
    """How much each row counts, 1 by default.

    Raises:
        BadCorpus: another number than rows, or weights that are none.
    """
    if weight is None:
        return np.ones(n_rows)
    found = np.asarray(weight, np.float64)
    if found.shape != (n_rows,) or not (np.isfinite(found) & (found > 0)).all():
        raise BadCorpus(f"sample_weight of shape {found.shape}; wanted {n_rows} numbers above 0, one a row")
    return found
