"""What numbers a model may hold: the limits themselves pass, and what lies beyond does not."""

from __future__ import annotations

import copy
import re
from typing import Any

import numpy as np
import pytest

from golden_models import FOLDER, scores_of, texts
from govtext.errors import BadModel
from govtext.labelling import Model
from govtext.modelarrays import SCHEMA, decode_model
from govtext.scoring.modelfile import encode, load
from govtext.scoring.ranges import FARTHEST, RANGES, SIZES, SMALLEST, check_range, check_size

# Ending of the array's name, least, most; written again here, so that none moves unseen.
LIMITS = [
    ("weights", -127, 127),
    ("categories", -127, 127),
    ("steps", 0, 1e6),
    ("category_step", 0, 1e6),
    ("squares", 1, 65535),
    ("square_step", 1e-40, 1e6),
    ("scale", 0, 1e6),
    ("saturated", 1, 1),
    ("together", 1, 1),
    ("deviation", 1e-40, 1e6),
    ("slope", 1e-40, 1e6),
    ("risks", 0, 1),
    ("review", 0, 1),
    ("thresholds", 0, 2),
]
MOST = [("a.units", 4096), ("a.outputs", 256)]


def test_no_ending_is_left_out() -> None:
    assert [f".{ending}" for ending, *_ in LIMITS] == list(RANGES)
    assert [dim.removeprefix("a") for dim, _ in MOST] == list(SIZES)


@pytest.mark.parametrize(
    ("key", "low", "high"),
    [*((f"a.b.{ending}", *limits) for ending, *limits in LIMITS), ("a.other", -1e6, 1e6), ("steps", -1e6, 1e6)],
)
def test_the_limits_pass_and_what_lies_beyond_does_not(key: str, low: float, high: float) -> None:
    check_range(key, np.array([low, high], np.float64), "m")
    for beyond in (np.nextafter(low, -np.inf), np.nextafter(high, np.inf)):
        for place in (0, 1):
            array = np.array([high, high], np.float64)
            array[place] = beyond
            with pytest.raises(
                BadModel, match=rf"^m: array '{key}' has the value .*; wanted {re.escape(f'{low:g} to {high:g}')}$"
            ):
                check_range(key, array, "m")


def test_what_is_divided_by_is_never_nothing_in_single_precision() -> None:
    smallest = np.nextafter(np.float32(SMALLEST), np.float32(1))
    check_range("a.deviation", np.array([smallest]), "m")
    assert np.isfinite(FARTHEST / np.float64(smallest))
    with pytest.raises(BadModel, match=r"'a\.deviation' has the value 0\.0; wanted 1e-40 to"):
        check_range("a.deviation", np.zeros(1, np.float32), "m")


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("key", ["a", "a.steps", "a.risks"])
def test_what_is_no_finite_number_is_told_apart(key: str, value: float) -> None:
    with pytest.raises(
        BadModel, match=f"^m: array '{key}' has a value that is no finite number; train the model again$"
    ):
        check_range(key, np.array([0.5, value]), "m")


@pytest.mark.parametrize("array", [np.zeros(0), np.array([2**63 - 1, -(2**63)]), np.array([2**32 - 1], np.uint32)])
def test_whole_numbers_without_a_limit_and_empty_arrays_pass(array: Any) -> None:
    check_range("a.moves", array, "m")


@pytest.mark.parametrize(("dim", "most"), MOST)
def test_a_dimension_has_its_most(dim: str, most: int) -> None:
    check_size("a.b", dim, most, "m")
    with pytest.raises(BadModel, match=rf"^m: array 'a.b' has {most + 1:,} in dimension '{dim}'; at most {most:,} are"):
        check_size("a.b", dim, most + 1, "m")


@pytest.mark.parametrize("dim", ["units", "a.terms", 5000])
def test_other_dimensions_have_none(dim: str | int) -> None:
    check_size("a.b", dim, 1 << 40, "m")


@pytest.mark.parametrize("seed", range(6))
def test_a_model_of_the_farthest_numbers_still_says_probabilities(seed: int) -> None:
    arrays, header, _ = load(max(FOLDER.glob("v*.safetensors")), schema=SCHEMA)
    draw = np.random.default_rng(seed)
    for key, array in arrays.items():
        is_free = array.dtype.kind == "f" and not key.startswith("risk.") and key != "themes.thresholds"
        if is_free or key.endswith((".weights", ".squares")):
            limits = RANGES.get(f".{key.rpartition('.')[2]}", (-FARTHEST, FARTHEST))
            arrays[key] = draw.choice(limits, array.shape).astype(array.dtype)
    model = Model(*decode_model(encode(arrays, copy.deepcopy(header), schema=SCHEMA), "m"))
    for text in texts()[:5]:
        for p in model.classify(text).paragraphs:
            assert all(0 <= score <= 1 for score in scores_of(p))
