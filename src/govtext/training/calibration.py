"""Calibrate each label's scores on rows that the model had not seen: Platt's map, drawn to all labels' common one.

scikit-learn's `CalibratedClassifierCV` refuses several labels a row. A label of ten examples cannot carry two numbers of its own,
so its map starts from the one that fits all labels together, and leaves it as far as its own rows say.

Measured on the bundled recipe's out-of-fold scores of 7,297 passages, fitted on some documents, log loss on 400 others:

    fitted on       as they are   all in one   Platt     beta      isotonic   drawn (this)
    400 documents   0.0453        0.0454       0.0452    0.0453    0.0480     0.0451
    100             0.0442        0.0444       0.0460    0.0467    0.0561     0.0443
    30              0.0451        0.0456       0.0609    0.0635    0.0822     0.0457
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from govtext.errors import BadCorpus
from govtext.features.ngrams import Ints
from govtext.scoring.calibration import Calibration
from govtext.scoring.thresholds import sigmoid

Floats = NDArray[np.float64]
# What holds a label to the common map: the precision of a normal prior on slope and offset, in units of log-odds.
# 10, 30 and 100 are within 0.0002 of each other from 100 documents on.
PRIOR = 30.0
GENTLEST = 0.05  # slope, relative to the common one: the order of scores must not turn round
STEPS = 60
_ENOUGH = 1e-10  # gain of a step that ends the search


def fit_calibration(scores: ArrayLike, target: ArrayLike, *, weight: ArrayLike | None = None) -> Calibration:
    """The calibration of scores, from those of rows the model had not seen and their labels, (n, n_labels) both.

    Scores may be on any scale, log-odds or margins. `weight` says how much each row counts, (n,).

    Raises:
        BadCorpus: shapes that do not fit together, scores that are no numbers, or no row with and one without a label.
    """
    x, y, w = _checked(scores, target, weight)
    shared_slope, shared_offset = _shared(x, y, w)
    z = x * shared_slope + shared_offset
    own = np.array([_newton(z[:, k], y[:, k], w, prior=PRIOR) for k in range(x.shape[1])]).reshape(-1, 2)
    own[:, 0] = np.maximum(own[:, 0], GENTLEST)
    return Calibration(own[:, 0] * shared_slope, own[:, 0] * shared_offset + own[:, 1])


def cross_fitted(scores: ArrayLike, target: ArrayLike, fold: Ints, *, weight: ArrayLike | None = None) -> Floats:
    """Calibrated probabilities of each row, (n, n_labels), by the calibration of the other folds.

    What thresholds, risk and figures are to be found on: a calibration's own rows flatter it. Where the other folds hold no
    label, or nothing else, there is only that of all rows.
    """
    x, y, w = _checked(scores, target, weight)
    probabilities = np.zeros_like(x)
    for k in np.unique(fold):
        inside = fold == k
        others = ~inside if 0 < y[~inside].sum() < y[~inside].size else np.ones(len(y), bool)
        fitted = fit_calibration(x[others], y[others], weight=w[others])
        probabilities[inside] = fitted.probabilities(x[inside])
    return probabilities


def _checked(scores: ArrayLike, target: ArrayLike, weight: ArrayLike | None) -> tuple[Floats, Floats, Floats]:
    x, y = np.asarray(scores, np.float64), np.asarray(target, bool).astype(np.float64)
    w = np.ones(len(x)) if weight is None else np.asarray(weight, np.float64)
    if x.ndim != 2 or x.shape != y.shape or w.shape != x.shape[:1]:
        raise BadCorpus(f"scores {x.shape}, labels {y.shape}, weights {w.shape}; wanted (n, n_labels) twice and (n,)")
    if not np.isfinite(x).all() or not np.isfinite(w).all() or (w < 0).any():
        raise BadCorpus("scores or weights that are NaN, infinite, or weights below 0; leave those rows out")
    true = float((y * w[:, None]).sum())
    if not 0 < true < float(w.sum()) * x.shape[1]:
        raise BadCorpus("no row has a label, or every row has all; calibration needs rows with and without")
    return x, y, w


def _shared(x: Floats, y: Floats, w: Floats) -> tuple[float, float]:
    """One slope and offset for all labels together, by Platt's targets, which are never quite 0 or 1."""
    n_true = float((y * w[:, None]).sum())
    n_false = float(w.sum()) * x.shape[1] - n_true
    soft = np.where(y > 0, (n_true + 1) / (n_true + 2), 1 / (n_false + 2))
    # Margins may be of any size: the search runs on scores of size 1.
    size = float(np.sqrt((x**2).mean())) or 1.0
    slope, offset = _newton(x.ravel() / size, soft.ravel(), np.repeat(w, x.shape[1]), prior=0.0)
    return max(slope / size, GENTLEST / size), offset


def _newton(x: Floats, y: Floats, w: Floats, *, prior: float) -> tuple[float, float]:
    """The slope and offset of least log loss plus prior · ((slope - 1)² + offset²) / 2; Newton's steps, halved if too long."""
    at = np.array([1.0, 0.0])

    def loss(place: Floats) -> float:
        z = place[0] * x + place[1]
        away = float(place[0] - 1) ** 2 + float(place[1]) ** 2
        return float((w * (np.logaddexp(0, z) - y * z)).sum()) + prior * away / 2

    here = loss(at)
    for _ in range(STEPS):
        p = sigmoid(at[0] * x + at[1])
        slack, curve = w * (p - y), w * p * (1 - p)
        gradient = np.array([(slack * x).sum() + prior * (at[0] - 1), slack.sum() + prior * at[1]])
        mixed = (curve * x).sum()
        hessian = np.array([[(curve * x * x).sum() + prior, mixed], [mixed, curve.sum() + prior]])
        # A little of everything keeps it solvable where all scores are equal.
        step = np.linalg.solve(hessian + 1e-9 * np.eye(2), gradient)
        while (there := loss(at - step)) > here and np.abs(step).max() > _ENOUGH:
            step = step / 2
        if here - there <= _ENOUGH * max(abs(here), 1.0):
            break
        at, here = at - step, there
    return float(at[0]), float(at[1])
