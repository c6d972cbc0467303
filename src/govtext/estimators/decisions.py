"""Labels out of probabilities, and how good they are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from govtext.estimators.inputs import Label
from govtext.scoring.risk import Limits

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class ThemeDecisions:
    """What is decided of each row: its labels, best first, and whether that stands.

    labels      a tuple a row
    status      "accept" (labels stand), "none" (that there is none stands), "review" (a person should look)
    confidence  the probability that exactly these labels are right, (n,)
    limits      the thresholds of confidence for the risk asked for; None without one
    """

    labels: tuple[tuple[Label, ...], ...]
    status: tuple[str, ...]
    confidence: Floats
    limits: Limits | None


def best_first(probabilities: Floats, decided: Bools, names: Sequence[Label]) -> list[tuple[Label, ...]]:
    """The labels decided of each row, most probable first."""
    order = np.argsort(-probabilities, axis=1, kind="stable")
    return [tuple(names[column] for column in columns if row[column]) for columns, row in zip(order.tolist(), decided)]


def share_right(table: Bools, decided: Bools, *, single: bool, weight: Floats | None = None) -> float:
    """Accuracy, or micro-F1."""
    each = np.ones(len(table)) if weight is None else weight
    if single:
        return float(np.average((table == decided).all(axis=1), weights=each))
    hits, said = ((table & decided) * each[:, None]).sum(), ((table.astype(int) + decided) * each[:, None]).sum()
    return float(2 * hits / said) if said else 1.0
