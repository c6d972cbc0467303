"""What a model file must say beyond its form: themes, thresholds, sizes that fit, and the same answers after a round trip."""

from __future__ import annotations

import copy
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import govtext
from golden_models import FOLDER
from govtext.boilerplate.pagehints import ARRAYS as PAGE_ARRAYS
from govtext.boilerplate.pagehints import PageModel
from govtext.errors import BadModel
from govtext.modelarrays import SCHEMA, decode_model, encode_model, model_arrays
from govtext.scoring.modelfile import encode, load
from govtext.source import LineHint, Source
from value_attacks import ATTACKS, Change

MODEL = Path(__file__).resolve().parents[1] / "models" / "govtext.safetensors"
SMALL = max(FOLDER.glob("v*.safetensors"))


@pytest.fixture(scope="module")
def parts() -> tuple[dict[str, Any], dict[str, Any]]:
    """Arrays and header of a small model."""
    arrays, header, _ = load(SMALL, schema=SCHEMA)
    return arrays, header


@pytest.mark.parametrize(("change", "says"), [a[1:] for a in ATTACKS], ids=[a[0] for a in ATTACKS])
def test_model_that_says_what_no_model_may_say_is_refused(
    parts: tuple[dict[str, Any], dict[str, Any]], change: Change, says: str
) -> None:
    arrays, header = dict(parts[0]), copy.deepcopy(parts[1])
    change(arrays, header)
    with pytest.raises(BadModel, match=says):
        decode_model(encode(arrays, header, schema=SCHEMA), "m")


@pytest.mark.parametrize("most", [1, 3])
def test_as_many_themes_a_paragraph_as_there_are_pass(parts: tuple[dict[str, Any], dict[str, Any]], most: int) -> None:
    arrays, header = parts
    taxonomy = decode_model(encode(arrays, {**header, "most": most}, schema=SCHEMA), "m")[2]
    assert (taxonomy.most, len(taxonomy.themes)) == (most, 3)


def test_a_model_measured_on_no_document_passes(parts: tuple[dict[str, Any], dict[str, Any]]) -> None:
    arrays, header = parts
    content = encode(arrays, {**header, "training": {"groups": 0}}, schema=SCHEMA)
    assert {table.n_documents for table in decode_model(content, "m")[1].risks} == {0}


def test_round_trip_keeps_every_byte() -> None:
    structure, judge, _, header, sha256 = decode_model(MODEL, "m")
    content = encode_model(structure, judge, header)
    assert content == MODEL.read_bytes()
    assert sha256 == govtext.load().sha256


def test_every_array_of_the_schema_is_stored_and_no_other() -> None:
    structure, judge, *_ = decode_model(MODEL, "m")
    wanted = {name for name, array in SCHEMA.arrays.items() if not array.optional}
    assert set(model_arrays(structure, judge)) == wanted | set(PAGE_ARRAYS)  # of the optional ones, the bundled model's


def test_a_model_without_pages_is_one_and_one_with_half_of_them_is_none() -> None:
    structure, judge, _, header, _ = decode_model(MODEL, "m")
    without = replace(structure, pages=None)
    again = decode_model(encode_model(without, judge, header), "m")[0]
    assert again.pages is None
    assert again.shift(Source("工作\n", format="webpage", hints=(LineHint("p", 0.0, 1, 0, 0),) * 2)) is None
    assert structure.pages is not None
    half = PageModel({name: a for name, a in structure.pages.arrays.items() if ".first." in name})
    content = encode_model(replace(structure, pages=half), judge, header)
    with pytest.raises(
        BadModel, match=r"m: array 'page\.second\.deviation' of the model of web pages is missing; train"
    ):
        decode_model(content, "m")
