"""From scores to probabilities, from probabilities to decisions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def sigmoid(scores: NDArray[Any]) -> Floats:
    """1 / (1 + e^-x), without overflow."""
    small = np.exp(-np.abs(np.asarray(scores, np.float64)))
    return np.where(np.asarray(scores) >= 0, 1.0, small) / (1.0 + small)


def softmax(scores: NDArray[Any]) -> Floats:
    """Probabilities that add up to 1 in each row."""
    powers = np.exp(scores - np.max(scores, axis=1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True), np.float64)


def decided_rows(probabilities: NDArray[Any], thresholds: NDArray[Any], *, most: int) -> NDArray[np.bool_]:
    """What `decide` decides, as (n, n_labels): above its threshold and among the `most` most probable."""
    rank = np.argsort(np.argsort(-probabilities, axis=1, kind="stable"), axis=1, kind="stable")
    return np.asarray((probabilities >= thresholds) & (rank < most), bool)


def decide(
    probabilities: NDArray[Any], thresholds: NDArray[Any], *, codes: Sequence[str], most: int
) -> list[tuple[str, ...]]:
    """For each row the codes whose probability reaches their threshold, most probable first, at most `most`.

    Equal probabilities keep the order of `codes`.
    """
    order = np.argsort(-probabilities, axis=1, kind="stable")
    reached = np.take_along_axis(probabilities >= thresholds, order, axis=1)
    reached &= reached.cumsum(axis=1) <= most
    decided = [codes[column] for column in order[reached].tolist()]
    ends = reached.sum(axis=1).cumsum().tolist()
    return [tuple(decided[first:end]) for first, end in zip([0, *ends], ends)]
