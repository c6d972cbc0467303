"""How sure a figure is: bootstrap intervals over documents, and a paired test of two models on the same documents.

The document is what is drawn, never the passage: passages of one report are right and wrong together, and an interval over
passages is too narrow. All of a document that a figure needs is its counts, so 2,000 draws are one product of matrices.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import product
from types import MappingProxyType

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtr, ndtri

from govtext.errors import BadConfig, BadCorpus

Floats = NDArray[np.float64]
DRAWS = 2000
CONFIDENCE = 0.95
FEWEST_DOCUMENTS = 2
STEEPEST = 0.2  # acceleration; beyond it one document outweighs all others and the formula turns over


@dataclass(frozen=True, slots=True, eq=False)
class Counts:
    """Right, needless and missed labels of each document, (n_documents, n_labels) each; documents in the order of their names."""

    hits: Floats
    needless: Floats
    missed: Floats

    def __len__(self) -> int:
        return len(self.hits)

    @property
    def stacked(self) -> Floats:
        """All three side by side, (n_documents, 3 · n_labels)."""
        return np.hstack([self.hits, self.needless, self.missed])


@dataclass(frozen=True, slots=True)
class Interval:
    """A figure with the interval that holds the true one at the confidence asked for."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Comparison:
    """The first model's figure minus the second's, its interval, and how often chance alone gives as much (two-sided)."""

    difference: float
    low: float
    high: float
    p_value: float


def document_counts(target: ArrayLike, decided: ArrayLike, documents: ArrayLike) -> Counts:
    """The counts of each document, from labels that rows have and labels that they were given, (n, n_labels) both.

    `documents` names that of each row, (n,), or its group of near-duplicates.

    Raises:
        BadCorpus: shapes that do not fit together, or fewer than two documents.
    """
    true, said, names = np.asarray(target, bool), np.asarray(decided, bool), np.asarray(documents)
    if true.ndim != 2 or said.shape != true.shape or names.shape != true.shape[:1]:
        raise BadCorpus(
            f"labels {true.shape}, decisions {said.shape}, documents {names.shape}; wanted (n, n_labels) twice and (n,)"
        )
    present, row = np.unique(names, return_inverse=True)
    if len(present) < FEWEST_DOCUMENTS:
        raise BadCorpus(f"{len(present)} documents; an interval needs at least {FEWEST_DOCUMENTS}, better fifty")
    parts = []
    for part in (true & said, ~true & said, true & ~said):
        counts = np.zeros((len(present), true.shape[1]))
        np.add.at(counts, row, part)
        parts.append(counts)
    return Counts(*parts)


def _ratio(above: Floats, below: Floats) -> Floats:
    return np.asarray(np.divide(above, below, out=np.full(np.shape(above), np.nan), where=below > 0), np.float64)


def _f1(hits: Floats, needless: Floats, missed: Floats) -> Floats:
    return _ratio(2 * hits, 2 * hits + needless + missed)


def _precision(hits: Floats, needless: Floats, missed: Floats) -> Floats:
    # Nothing said of a label that occurs: none of what was said is right.
    return np.asarray(np.where((hits + needless == 0) & (missed > 0), 0.0, _ratio(hits, hits + needless)))


def _recall(hits: Floats, needless: Floats, missed: Floats) -> Floats:
    return np.asarray(np.where((hits + missed == 0) & (needless > 0), 0.0, _ratio(hits, hits + missed)))


_SCORES = {"precision": _precision, "recall": _recall, "f1": _f1}


def _figure(name: str) -> Callable[[Floats], Floats]:
    """The figure of stacked totals (…, 3 · n_labels)."""
    average, _, kind = name.partition("_")
    score = _SCORES[kind]

    def of(totals: Floats) -> Floats:
        hits, needless, missed = np.split(totals, 3, axis=-1)
        if average == "micro":
            return np.asarray(np.nan_to_num(score(hits.sum(axis=-1), needless.sum(axis=-1), missed.sum(axis=-1))))
        # A label that nobody has and nobody was given has no figure: a draw without a rare theme says nothing of it.
        each = score(hits, needless, missed)
        known = ~np.isnan(each)
        mean = _ratio(np.where(known, each, 0.0).sum(axis=-1), known.sum(axis=-1).astype(np.float64))
        return np.asarray(np.nan_to_num(mean))

    return of


FIGURES: Mapping[str, Callable[[Floats], Floats]] = MappingProxyType(
    {f"{average}_{kind}": _figure(f"{average}_{kind}") for average in ("micro", "macro") for kind in _SCORES}
)


def intervals(
    counts: Counts, *, confidence: float = CONFIDENCE, draws: int = DRAWS, seed: int = 0
) -> dict[str, Interval]:
    """Each of `FIGURES` with its interval: BCa bootstrap over documents (Efron 1987).

    BCa and not percentiles: of 400 samples of 200 documents, 95 % intervals held the truth in 95 % (percentiles: 93.5 %) for
    micro-F1, in 93.5 % (93 %) for macro-F1, in 95 % (90 %) for the rarest theme's F1. Of 30 documents in 92, 93 and 66 %: a rare
    theme's interval needs documents. Where all draws agree, as without a single mistake, the interval is a point, and too sure.
    """
    drawn = _drawn(len(counts), confidence, draws, seed) @ counts.stacked
    return {name: _bca(figure, counts.stacked, drawn, confidence) for name, figure in FIGURES.items()}


def label_intervals(
    counts: Counts, *, confidence: float = CONFIDENCE, draws: int = DRAWS, seed: int = 0
) -> list[dict[str, Interval]]:
    """The same of each label by itself: precision, recall and F1."""
    weights, found = _drawn(len(counts), confidence, draws, seed), []
    for k in range(counts.hits.shape[1]):
        own = np.stack([counts.hits[:, k], counts.needless[:, k], counts.missed[:, k]], axis=1)
        found.append({kind: _bca(FIGURES[f"micro_{kind}"], own, weights @ own, confidence) for kind in _SCORES})
    return found


def compare(
    first: Counts,
    second: Counts,
    *,
    figure: str = "micro_f1",
    confidence: float = CONFIDENCE,
    draws: int = DRAWS,
    seed: int = 0,
) -> Comparison:
    """The difference of two models on the same documents, with a paired bootstrap interval and a permutation test's p-value.

    The test swaps the two models' counts of a document or leaves them, at random, or in every way where there are few
    documents; p counts the draw that was seen too, so it is never 0 (Phipson & Smyth 2010).

    Raises:
        BadConfig: an unknown figure. BadCorpus: the counts are not of the same documents.
    """
    if figure not in FIGURES:
        raise BadConfig(f"figure {figure!r}; wanted one of {', '.join(FIGURES)}")
    if first.hits.shape != second.hits.shape or not np.array_equal(
        first.hits + first.missed, second.hits + second.missed
    ):
        raise BadCorpus("the two models were measured on other documents or labels; measure both on the same")
    a, b, score = first.stacked, second.stacked, FIGURES[figure]
    width = a.shape[1]

    def difference(totals: Floats) -> Floats:
        return score(totals[..., :width]) - score(totals[..., width:])

    both = np.hstack([a, b])
    interval = _bca(difference, both, _drawn(len(first), confidence, draws, seed) @ both, confidence)
    n = len(first)
    if 2**n <= draws:
        swapped, seen = np.array(list(product((0.0, 1.0), repeat=n))), 0
    else:
        swapped, seen = np.random.default_rng(seed).integers(0, 2, (draws, n)).astype(np.float64), 1
    moved = swapped @ (b - a)
    by_chance = score(a.sum(axis=0) + moved) - score(b.sum(axis=0) - moved)
    # Rounding must not make a permutation that changes nothing look smaller than what was seen.
    as_large = int((np.abs(by_chance) >= abs(interval.value) - 1e-12).sum())
    return Comparison(interval.value, interval.low, interval.high, float((as_large + seen) / (len(swapped) + seen)))


def _drawn(n: int, confidence: float, draws: int, seed: int) -> Floats:
    """How often each document was drawn, (draws, n)."""
    if not 0 < confidence < 1 or draws < 1:
        raise BadConfig(f"confidence {confidence!r}, draws {draws!r}; wanted a confidence within 0–1 and some draws")
    return np.random.default_rng(seed).multinomial(n, np.full(n, 1 / n), size=draws).astype(np.float64)


def _bca(figure: Callable[[Floats], Floats], rows: Floats, drawn: Floats, confidence: float) -> Interval:
    """The figure of all rows and its bias-corrected, accelerated interval; `drawn` holds the totals of each draw."""
    total = rows.sum(axis=0)
    value, values = float(figure(total)), np.sort(figure(drawn))
    below = ((values < value).mean() + (values <= value).mean()) / 2
    if values[0] == values[-1] or not 0 < below < 1:
        return Interval(value, min(value, float(values[0])), max(value, float(values[-1])))
    left_out = figure(total - rows)
    away = left_out.mean() - left_out
    spread = float((away**2).sum()) ** 1.5
    acceleration = float(np.clip((away**3).sum() / (6 * spread), -STEEPEST, STEEPEST)) if spread > 0 else 0.0
    bias = ndtri(below)
    ends = bias + ndtri(np.array([(1 - confidence) / 2, (1 + confidence) / 2]))
    shares = ndtr(bias + ends / np.maximum(1 - acceleration * ends, STEEPEST))
    low, high = np.quantile(values, shares).tolist()
    return Interval(value, min(low, value), max(high, value))
