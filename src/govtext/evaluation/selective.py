"""What error remains when only the surest decisions stand without review."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from govtext.errors import BadCorpus

POINTS = 100


@dataclass(frozen=True, slots=True)
class CoveragePoint:
    """Share of the rows that stand without review, the surest ones, and the share of those that is wrong, 0–1."""

    coverage: float
    error: float


def risk_coverage(confidence: ArrayLike, wrong: ArrayLike, *, points: int = POINTS) -> tuple[CoveragePoint, ...]:
    """The error at each coverage, ascending, at most `points`; rows of equal confidence stand or fall together.

    Raises:
        BadCorpus: shapes that do not fit together, or no row.
    """
    sure, bad = np.asarray(confidence, np.float64), np.asarray(wrong, bool)
    if sure.ndim != 1 or sure.shape != bad.shape or not len(sure):
        raise BadCorpus(f"confidences {sure.shape} and mistakes {bad.shape}; wanted one of each a row, and some rows")
    order = np.argsort(-sure, kind="stable")
    last = np.flatnonzero(np.append(np.diff(sure[order]) != 0, True))
    n, errors = last + 1, np.cumsum(bad[order])[last]
    wanted = np.ceil(np.linspace(1 / points, 1, points) * len(sure) - 1e-9)
    picked = np.unique(np.searchsorted(n, wanted))
    return tuple(CoveragePoint(float(n[k] / len(sure)), float(errors[k] / n[k])) for k in picked)
