"""Rows of numbers times a matrix, so that a row's result does not depend on how many rows there are."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

# BLAS chooses its way by the shape, and ways differ in the last bits: every product has this many rows. `einsum`, which has
# one way, takes four times as long. In float32 a row's bits depend on its place even so.
Floats = NDArray[np.float64]
ROWS = 32


def product(rows: NDArray[Any], weights: NDArray[Any]) -> Floats:
    """`rows` (n, k) @ `weights` (k, m), a row's bits the same wherever and among whatever it stands."""
    rows, weights = np.asarray(rows, np.float64), np.ascontiguousarray(weights, np.float64)
    n, k = rows.shape
    whole = n - n % ROWS
    out = np.empty((n, weights.shape[1]))
    if whole:
        blocks = np.ascontiguousarray(rows[:whole]).reshape(-1, ROWS, k)
        np.matmul(blocks, weights, out=out[:whole].reshape(-1, ROWS, weights.shape[1]))
    if n > whole:
        last = np.zeros((ROWS, k))
        last[: n - whole] = rows[whole:]
        out[whole:] = (last @ weights)[: n - whole]
    return out
