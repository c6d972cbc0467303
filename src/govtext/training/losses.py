"""One linear score by one of three losses, its rows balanced, its terms scaled as NB-SVM does if a recipe wants it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import scipy.sparse as sparse
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.svm import LinearSVC

from govtext.training.recipes import Recipe

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
_Fit = Callable[[sparse.csr_matrix, Bools, Floats, float, int], tuple[Floats, float]]


def _svm(X: sparse.csr_matrix, y: Bools, weight: Floats, C: float, seed: int) -> tuple[Floats, float]:
    model = LinearSVC(C=C, tol=1e-3, random_state=seed, dual=True).fit(X, y, sample_weight=weight)
    return model.coef_[0], float(model.intercept_[0])


def _ridge(X: sparse.csr_matrix, y: Bools, weight: Floats, C: float, seed: int) -> tuple[Floats, float]:
    model = Ridge(alpha=1 / C, solver="sparse_cg", random_state=seed).fit(X, 2.0 * y - 1, sample_weight=weight)
    return model.coef_, float(model.intercept_)


def _logistic(X: sparse.csr_matrix, y: Bools, weight: Floats, C: float, seed: int) -> tuple[Floats, float]:
    model = LogisticRegression(C=10 * C, max_iter=300, tol=1e-3).fit(X, y, sample_weight=weight)
    return model.coef_[0], float(model.intercept_[0])


LOSSES: Mapping[str, _Fit] = {"svm": _svm, "ridge": _ridge, "logistic": _logistic}


def fit_score(
    X: sparse.csr_matrix, y: Bools, weight: Floats, *, recipe: Recipe, kind: str, seed: int
) -> tuple[Floats, float]:
    """Weights and intercept of the score of one output ("theme", "role" or "formulaic"); constant where all rows agree.

    Without terms, too: then what most rows are.
    """
    if not y.any() or y.all() or not X.shape[1]:
        return np.zeros(X.shape[1]), 1.0 if 2 * y.sum() > len(y) else -1.0
    fit, each, C = LOSSES[recipe.loss], balanced(y, weight), recipe.held_back(kind)
    if not recipe.naive_bayes:
        return fit(X, y, each, C, seed)
    scale = naive_bayes_scale(X, y, weight, recipe.naive_bayes)
    coefficients, intercept = fit(sparse.csr_matrix(X @ sparse.diags(scale)), y, each, C, seed)
    return coefficients * scale, intercept


def balanced(y: Bools, weight: Floats) -> Floats:
    """The weights times the square root of what `class_weight="balanced"` would give: full balance overstates rare themes."""
    total = weight.sum()
    positive = (weight * y).sum()
    return np.asarray(weight * np.sqrt(total / (2 * np.where(y, positive, total - positive))))


def naive_bayes_scale(X: sparse.csr_matrix, y: Bools, weight: Floats, share: float) -> Floats:
    """1 - share + share · |log-count ratio| of each term, (n_terms,); the ratios' mean is made 1. Wang and Manning 2012."""
    true, false = (np.asarray(np.abs(X).T @ (weight * part)).ravel() + 1 for part in (y, ~y))
    ratio = np.abs(np.log((true / true.sum()) / (false / false.sum())))
    return np.asarray(1 - share + share * ratio / max(float(ratio.mean()), 1e-9))
