"""Whether probabilities mean what they say: calibration error, Brier score and its parts, the table behind a reliability picture.

Everything is one label's column against what is true; `calibration_figures` takes all labels.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtr, ndtri
from sklearn.isotonic import isotonic_regression

from govtext.errors import BadCorpus

Floats = NDArray[np.float64]
N_BINS = 15
LIKELY_FROM = (
    0.05  # a theme's probability is below it in nine of ten rows, and there it is right by saying next to nothing
)
CONFIDENCE = 0.95


@dataclass(frozen=True, slots=True)
class ReliabilityBin:
    """Rows of neighbouring probabilities: from, to, how many, their mean, the share that is true and its Wilson interval."""

    lowest: float
    highest: float
    n: int
    said: float
    true: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class CalibrationFigures:
    """What one label's probabilities are worth.

    n, n_true       rows, and those that have the label
    error           mean |said - true| over bins of equal mass: the expected calibration error (ECE)
    debiased        the same less what chance alone adds to it, at least 0
    likely          `debiased` among the rows from `LIKELY_FROM` alone: of a rare label, the only one that tells anything
    brier           mean squared distance of probability and truth
    miscalibration  what perfect recalibration would take off `brier`
    discrimination  what the probabilities take off the uncertainty, perfectly recalibrated
    uncertainty     `brier` of the label's share, said of every row
    bins            for a picture: all rows below `LIKELY_FROM` in one, the others in bins of equal mass
    """

    n: int
    n_true: int
    error: float
    debiased: float
    likely: float
    brier: float
    miscalibration: float
    discrimination: float
    uncertainty: float
    bins: tuple[ReliabilityBin, ...]


def calibration_figures(
    probabilities: ArrayLike, target: ArrayLike, *, n_bins: int = N_BINS
) -> list[CalibrationFigures]:
    """The figures of each label, from probabilities and truth, (n, n_labels) both.

    Raises:
        BadCorpus: shapes that do not fit together, no rows, or numbers that are no probabilities.
    """
    said, true = np.asarray(probabilities, np.float64), np.asarray(target, bool)
    if said.ndim != 2 or said.shape != true.shape:
        raise BadCorpus(f"probabilities {said.shape} and labels {true.shape}; wanted (n, n_labels) twice")
    return [label_figures(said[:, k], true[:, k], n_bins=n_bins) for k in range(said.shape[1])]


def label_figures(probability: ArrayLike, target: ArrayLike, *, n_bins: int = N_BINS) -> CalibrationFigures:
    """The figures of one label.

    `miscalibration` - `discrimination` + `uncertainty` is `brier` exactly: the decomposition by isotonic recalibration (CORP;
    Dimitriadis, Gneiting, Jordan 2021) hangs on no choice of bins, unlike Murphy's.
    """
    said, true = _checked(probability, target)
    bins = reliability_bins(said, true, n_bins=n_bins)
    high = said >= LIKELY_FROM
    likely = reliability_bins(said[high], true[high], n_bins=n_bins) if high.any() else ()
    rest = reliability_bins(said[~high], true[~high], n_bins=1) if not high.all() else ()
    brier, share = _brier(said, true), float(true.mean())
    order = np.lexsort((-true, said))  # within equal probabilities the mean is what counts; a pool makes it
    pooled = _tied_means(said[order], true[order])
    recalibrated = isotonic_regression(pooled, y_min=0, y_max=1)
    best = _brier(recalibrated, true[order])
    uncertainty = share * (1 - share)
    return CalibrationFigures(
        n=len(said),
        n_true=int(true.sum()),
        error=sum(b.n * abs(b.said - b.true) for b in bins) / len(said),
        debiased=_debiased(bins),
        likely=_debiased(likely),
        brier=brier,
        miscalibration=brier - best,
        discrimination=uncertainty - best,
        uncertainty=uncertainty,
        bins=(*rest, *likely),
    )


def reliability_bins(probability: ArrayLike, target: ArrayLike, *, n_bins: int = N_BINS) -> tuple[ReliabilityBin, ...]:
    """Bins of about as many rows each, ascending; equal probabilities share a bin, so there may be fewer."""
    said, true = _checked(probability, target)
    edges = np.unique(np.quantile(said, np.linspace(0, 1, n_bins + 1)[1:-1], method="lower"))
    number = np.searchsorted(edges, said, side="left")
    bins = []
    for k in np.unique(number):
        inside = number == k
        n, share = int(inside.sum()), float(true[inside].mean())
        low, high = _wilson(share, n)
        here = said[inside]
        bins.append(ReliabilityBin(float(here.min()), float(here.max()), n, float(here.mean()), share, low, high))
    return tuple(bins)


def worst_label(figures: Sequence[CalibrationFigures], *, fewest_true: int = 50) -> int | None:
    """The index of the label with the greatest debiased error among those that enough rows have, None if none has."""
    known = [k for k, figure in enumerate(figures) if figure.n_true >= fewest_true]
    return max(known, key=lambda k: figures[k].debiased, default=None)


def _checked(probability: ArrayLike, target: ArrayLike) -> tuple[Floats, Floats]:
    said, true = np.asarray(probability, np.float64), np.asarray(target, bool).astype(np.float64)
    if said.shape != true.shape or said.ndim != 1 or not len(said):
        raise BadCorpus(f"probabilities {said.shape} and truths {true.shape}; wanted one of each a row, and some rows")
    if not ((said >= 0) & (said <= 1)).all():
        raise BadCorpus("probabilities outside 0–1 or NaN; calibrate scores first")
    return said, true


def _brier(said: Floats, true: Floats) -> float:
    return float(((said - true) ** 2).mean())


def _tied_means(said: Floats, true: Floats) -> Floats:
    """The truth of sorted rows, averaged over rows of equal probability."""
    tie = np.cumsum(np.diff(said, prepend=-1) != 0) - 1
    return np.asarray((np.bincount(tie, weights=true) / np.bincount(tie))[tie], np.float64)


def _debiased(bins: Sequence[ReliabilityBin]) -> float:
    return max(sum(b.n * _debiased_gap(b) for b in bins) / max(sum(b.n for b in bins), 1), 0.0)


def _debiased_gap(b: ReliabilityBin) -> float:
    """|said - true| of a bin less its bias: with noise of variance s², a gap g shows as E|N(g, s²)| (Kumar, Liang, Ma 2019)."""
    gap = abs(b.said - b.true)
    noise = (b.true * (1 - b.true) / b.n) ** 0.5
    if noise == 0:
        return gap
    z = gap / noise
    shown = noise * (2 / np.pi) ** 0.5 * np.exp(-z * z / 2) + gap * (1 - 2 * ndtr(-z))
    return float(2 * gap - shown)


def _wilson(share: float, n: int) -> tuple[float, float]:
    z = float(ndtri((1 + CONFIDENCE) / 2))
    middle = (share + z * z / (2 * n)) / (1 + z * z / n)
    reach = z * (share * (1 - share) / n + z * z / (4 * n * n)) ** 0.5 / (1 + z * z / n)
    return min(max(middle - reach, 0.0), share), max(min(middle + reach, 1.0), share)
