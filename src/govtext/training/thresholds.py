"""Thresholds from out-of-fold probabilities."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
WINDOW = 9  # neighbouring thresholds averaged, so that a single paragraph does not decide
ROUNDS = 3
PRIOR_SUPPORT = 20.0  # passages that one half weighs as much as
LOWEST, HIGHEST = 0.05, 0.95


def theme_thresholds(probabilities: Floats, target: NDArray[np.bool_], weight: Floats, *, most: int) -> Floats:
    """One threshold a theme, (n_themes,), that together give the best micro-F1; coordinate ascent from 0.5.

    Probabilities below the `most` best of a row never count, as when deciding.
    """
    n_themes = probabilities.shape[1]
    rank = np.argsort(np.argsort(-probabilities, axis=1, kind="stable"), axis=1, kind="stable")
    allowed = np.where(rank < most, probabilities, -1.0)
    thresholds = np.full(n_themes, 0.5)
    w = weight[:, None]
    n_true = float((target * w).sum())
    for _ in range(ROUNDS):
        for t in range(n_themes):
            decided = allowed >= thresholds
            decided[:, t] = False
            hits, said = float(((decided & target) * w).sum()), float((decided * w).sum())
            thresholds[t] = _best(allowed[:, t], target[:, t], weight, hits=hits, said=said, true=n_true)
    # A theme with few examples stays near one half: its best threshold is mostly chance.
    support = (target * w).sum(axis=0)
    return np.asarray((thresholds * support + 0.5 * PRIOR_SUPPORT) / (support + PRIOR_SUPPORT), np.float64)


def best_threshold(probabilities: Floats, target: NDArray[np.bool_], weight: Floats) -> float:
    """The threshold with the best F1."""
    return _best(probabilities, target, weight, hits=0.0, said=0.0, true=float((target * weight).sum()))


def _best(
    probabilities: Floats, target: NDArray[np.bool_], weight: Floats, *, hits: float, said: float, true: float
) -> float:
    """The threshold of one column that gives the best F1 when `hits`, `said` and `true` come from the other columns."""
    order = np.argsort(-probabilities, kind="stable")
    sorted_probabilities = probabilities[order]
    f1 = 2 * (hits + np.cumsum(target[order] * weight[order])) / (said + np.cumsum(weight[order]) + true)
    n = int((sorted_probabilities >= LOWEST).sum())
    if n < 2 or true <= 0:
        return 0.5
    smooth = np.convolve(np.pad(f1[:n], WINDOW // 2, mode="edge"), np.ones(WINDOW) / WINDOW, "valid")
    best = int(smooth.argmax())
    # What is not allowed stands at -1: half-way to it would let nearly everything in.
    below = max(sorted_probabilities[min(best + 1, len(sorted_probabilities) - 1)], LOWEST)
    return float(np.clip((sorted_probabilities[best] + below) / 2, LOWEST, HIGHEST))
