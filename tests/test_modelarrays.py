"""What a model file must say beyond its form: themes, thresholds, sizes that fit, and the same answers after a round trip."""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import govtext
from govtext.errors import BadModel
from govtext.features.vocabulary import NO_TERM, Vocabulary
from govtext.modelarrays import SCHEMA, decode_model, encode_model, model_arrays
from govtext.scoring.modelfile import encode, load, vocabulary_arrays, vocabulary_from

MODEL = Path(__file__).resolve().parents[1] / "models" / "govtext.safetensors"
Change = Callable[[dict[str, Any], dict[str, Any]], object]


@pytest.fixture(scope="module")
def parts() -> tuple[dict[str, Any], dict[str, Any]]:
    arrays, header, _ = load(MODEL, schema=SCHEMA)
    return arrays, header


def first_theme(header: dict[str, Any], **values: object) -> None:
    header["themes"][0] |= values


def fewer_terms(arrays: dict[str, Any]) -> None:
    terms = vocabulary_from("lines", arrays).terms
    arrays |= vocabulary_arrays("lines", Vocabulary.build(terms[1:]))


def changed(arrays: dict[str, Any], name: str, place: int, value: int) -> None:
    arrays[name] = arrays[name].copy()
    arrays[name][place] = value


BREACHES: list[tuple[str, Change, str]] = [
    (
        "threshold above one",
        lambda a, h: first_theme(h, threshold=1.5),
        "threshold 1.5; wanted a number between 0 and 1",
    ),
    ("threshold as text", lambda a, h: first_theme(h, threshold="0.5"), "threshold '0.5'"),
    ("formulaic threshold zero", lambda a, h: h.update(formulaic_threshold=0.0), "threshold 0.0"),
    ("theme twice", lambda a, h: first_theme(h, code="talent"), "theme 'talent' stands twice"),
    ("theme code no code", lambda a, h: first_theme(h, code="A b"), "code 'A b'"),
    ("theme without name", lambda a, h: h["themes"][0].pop("name"), "themes without code, name, about or threshold"),
    ("one theme less", lambda a, h: h["themes"].pop(), "array 'themes.intercept' has shape"),
    ("no theme a paragraph", lambda a, h: h.update(most=0), "at most 0 themes a paragraph"),
    ("other roles", lambda a, h: h["roles"].reverse(), "other roles or line classes"),
    ("other line classes", lambda a, h: h["line_classes"].pop(), "other roles or line classes"),
    ("other normalisation", lambda a, h: h.update(normalisation=99), "text normalisation 99; this govtext has"),
    ("unknown field", lambda a, h: h.update(run="os.system"), "unknown header field 'run'"),
    ("field missing", lambda a, h: h.pop("seed"), "header field 'seed' is missing"),
    (
        "deviation of zero",
        lambda a, h: a.update({"themes.network.deviation": np.zeros_like(a["themes.network.deviation"])}),
        "has a value that is not above 0",
    ),
    ("a term less than weights", lambda a, h: fewer_terms(a), "terms of lines for [0-9]+ rows"),
    (
        "a node that no term goes through",
        lambda a, h: changed(a, "lines.depths", -1, NO_TERM + int(a["lines.depths"][-1])),
        "lines has a node that no term goes through",
    ),
    (
        "nodes without their letters",
        lambda a, h: a.update({"lines.letters": a["lines.letters"][1:]}),
        "array 'lines.letters' has [0-9]+ in dimension 'lines.nodes'; wanted [0-9]+",
    ),
    (
        "three numbers of a hash",
        lambda a, h: a.update({"lines.hash": np.zeros(3, np.uint32)}),
        "array 'lines.hash' has 3 in dimension 2; wanted 2",
    ),
    (
        "node in the air",
        lambda a, h: changed(a, "themes.path.depths", 1, 9),
        "^m: themes.path has a node without the one above it; train the model again",
    ),
    (
        "letter in upper case",
        lambda a, h: changed(a, "boundaries.letters", 5, ord("A")),
        "^m: boundaries has nodes with",
    ),
    (
        "table too large",
        lambda a, h: changed(a, "themes.title.hash", 1, 27),
        r"^m: themes.title has a table of 2\*\*27 places for [0-9]+ edges",
    ),
]


@pytest.mark.parametrize(("change", "says"), [b[1:] for b in BREACHES], ids=[b[0] for b in BREACHES])
def test_model_that_says_what_no_model_may_say_is_refused(
    parts: tuple[dict[str, Any], dict[str, Any]], change: Change, says: str
) -> None:
    arrays, header = dict(parts[0]), copy.deepcopy(parts[1])
    change(arrays, header)
    with pytest.raises(BadModel, match=says):
        decode_model(encode(arrays, header, schema=SCHEMA), "m")


def test_file_of_version_one_is_refused(parts: tuple[dict[str, Any], dict[str, Any]]) -> None:
    content = encode(*parts, schema=replace(SCHEMA, versions=(1,)))
    with pytest.raises(BadModel, match=r"^m: format version 1; this govtext reads 2: update govtext, or train"):
        decode_model(content, "m")


def test_round_trip_keeps_every_byte() -> None:
    structure, judge, _, header, sha256 = decode_model(MODEL, "m")
    content = encode_model(structure, judge, header)
    assert content == MODEL.read_bytes()
    assert sha256 == govtext.load().sha256


def test_every_array_of_the_schema_is_stored_and_no_other() -> None:
    structure, judge, *_ = decode_model(MODEL, "m")
    wanted = {name for name, array in SCHEMA.arrays.items() if not array.optional}
    assert set(model_arrays(structure, judge)) == wanted
