"""A product of rows and weights: that of any other way to the last few bits, and a row's own bits in any company."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from govtext.scoring.dense import ROWS, product

Floats = NDArray[np.float64]
# Sizes of the models: the passes of the line model, hidden units and outputs of the networks, an odd one, one column.
SIZES = [(87, 11), (288, 11), (60, 320), (320, 1), (7, 3), (1, 1)]


def numbers(*shape: int, seed: int = 0) -> Floats:
    return np.random.default_rng(seed).normal(size=shape)


@pytest.mark.parametrize(("k", "m"), SIZES)
@pytest.mark.parametrize("n", [0, 1, ROWS - 1, ROWS, ROWS + 1, 2 * ROWS, 3 * ROWS + 4])
def test_a_product_is_that_of_the_matrices(n: int, k: int, m: int) -> None:
    rows, weights = numbers(n, k), numbers(k, m, seed=1)
    found = product(rows, weights)
    assert (n, m) == found.shape
    assert np.allclose(rows @ weights, found, rtol=0, atol=1e-12)


@pytest.mark.parametrize(("k", "m"), SIZES)
def test_a_row_has_the_same_bits_among_any_number_of_rows(k: int, m: int) -> None:
    rows, weights = numbers(100, k), numbers(k, m, seed=1)
    whole = product(rows, weights)
    for n in range(101):
        assert np.array_equal(whole[:n], product(rows[:n], weights))
        assert np.array_equal(whole[100 - n :], product(rows[100 - n :], weights))


@given(st.integers(0, 100), st.integers(0, 100), st.sampled_from(SIZES), st.integers(0, 9))
def test_a_row_has_the_same_bits_at_any_place_among_any_others(
    n: int, place: int, size: tuple[int, int], seed: int
) -> None:
    k, m = size
    row, weights = numbers(1, k), numbers(k, m, seed=1)
    others = np.insert(numbers(n, k, seed=seed + 2) * 1e6, min(place, n), row, axis=0)
    assert np.array_equal(product(row, weights)[0], product(others, weights)[min(place, n)])


@pytest.mark.parametrize("order", ["C", "F"])
def test_how_the_numbers_lie_in_memory_changes_no_bit(order: str) -> None:
    rows, weights = numbers(70, 9), numbers(9, 4, seed=1)
    laid = np.array(rows, order="F" if order == "F" else "C"), np.array(weights, order="F" if order == "F" else "C")
    assert np.array_equal(product(rows, weights), product(*laid))
    assert np.array_equal(product(rows, weights)[::2], product(laid[0][::2], laid[1]))


def test_small_and_whole_numbers_are_computed_in_double_precision() -> None:
    rows, weights = numbers(40, 9).astype(np.float32), np.arange(27, dtype=np.int16).reshape(9, 3)
    found = product(rows, weights)
    assert found.dtype == np.float64
    assert np.allclose(rows.astype(np.float64) @ weights.astype(np.float64), found, rtol=0, atol=1e-12)
    assert np.array_equal(np.isnan(product(np.full((1, 2), np.nan), np.ones((2, 1)))), [[True]])
