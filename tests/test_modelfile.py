"""The model file: written the same byte for byte, read strictly."""

import hashlib
import json
import tomllib
import tracemalloc
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import safetensors.numpy

from govtext.errors import BadModel
from govtext.scoring import container
from govtext.scoring.container import canonical, lay_out, pack, unpack
from govtext.scoring.modelfile import encode, load, save
from small_files import GOOD, SCHEMA, arrays, framed, header, loose, same

CASES: dict[str, list[dict[str, Any]]] = tomllib.loads(
    (Path(__file__).parent / "cases" / "modelfile.toml").read_text(encoding="utf-8")
)


def test_what_was_saved_is_loaded(tmp_path: Path) -> None:
    path = tmp_path / "m.safetensors"
    sha256 = save(path, arrays(), header(), schema=SCHEMA)
    loaded = load(path, schema=SCHEMA)
    assert same(loaded)
    assert hashlib.sha256(path.read_bytes()).hexdigest() == sha256 == loaded[2]
    assert not loaded[0]["steps"].flags.writeable


def test_bytes_are_the_same_whatever_the_order() -> None:
    backwards = dict(reversed(arrays().items()))
    assert encode(backwards, dict(reversed(header().items())), schema=SCHEMA) == GOOD
    assert encode({k: np.asfortranarray(v) for k, v in arrays().items()}, header(), schema=SCHEMA) == GOOD


def test_the_safetensors_library_reads_the_same_arrays() -> None:
    found = safetensors.numpy.load(GOOD)
    assert sorted(arrays()) == sorted(found)
    assert all((found[name] == array).all() and found[name].dtype == array.dtype for name, array in arrays().items())


def test_optional_arrays_and_empty_ones_are_loaded() -> None:
    empty = arrays(dense=np.zeros((0, 2), np.float32), terms=np.zeros(0, np.uint8))
    found, _, _ = load(encode(empty, header(), schema=SCHEMA), schema=SCHEMA)
    assert found["dense"].shape == (0, 2)
    assert found["terms"].shape == (0,)


@pytest.mark.parametrize("case", CASES["foreign"], ids=lambda case: case["source"])
def test_other_files_are_refused_by_name(case: dict[str, Any]) -> None:
    content = bytes.fromhex(case["bytes"]) + bytes(200)
    with pytest.raises(BadModel, match=f"^m: {case['says']}.*; wanted a model written by govtext train"):
        load(content, schema=SCHEMA, name="m")


@pytest.mark.parametrize("case", CASES["json"], ids=lambda case: case["source"])
def test_header_that_no_model_has_is_refused(case: dict[str, Any]) -> None:
    entries, data = lay_out(arrays())
    with pytest.raises(BadModel, match=case["says"]):
        load(pack(entries, {"govtext": case["text"]}, data), schema=SCHEMA)


@pytest.mark.parametrize("case", CASES["entry"], ids=lambda case: case["source"])
def test_array_that_does_not_lie_right_is_refused(case: dict[str, Any]) -> None:
    entries, _ = unpack(GOOD, "good")
    metadata = entries.pop("__metadata__")
    # Behind steps (8 bytes) lie squares (4), numbers (4) and terms (10).
    _, data = lay_out({name: arrays()[name] for name in ("steps", "squares", "numbers", "terms")})
    order = ("squares", "numbers", "terms")
    place = 8
    for name in order:
        length = arrays()[name].nbytes
        entries[name]["data_offsets"] = [place, place + length]
        place += length
    content = pack({**entries, "steps": case["entry"]}, metadata, data[:place])
    with pytest.raises(BadModel, match=case["says"]):
        load(content, schema=SCHEMA)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"extra": np.zeros(1, np.int8)}, "unknown array 'extra'; wanted dense, numbers, squares, steps, terms"),
        ({"steps": None}, "array 'steps' is missing"),
        ({"steps": np.array([0.5, 0.25])}, "array 'steps' is float64; wanted float32"),
        ({"numbers": np.ones(2, np.int8)}, "array 'numbers' has 1 dimensions; wanted 2"),
        ({"steps": np.ones(3, np.float32)}, "array 'steps' has 3 in dimension 'outputs'; wanted 2"),
        ({"squares": np.ones(3, np.uint16)}, "array 'squares' has 3 in dimension 2; wanted 2"),
        ({"steps": np.array([0.5, np.nan], np.float32)}, "array 'steps' has a value that is no finite number"),
        ({"steps": np.array([np.inf, 0.5], np.float32)}, "array 'steps' has a value that is no finite number"),
    ],
)
def test_arrays_that_the_schema_does_not_have_are_refused(changes: dict[str, Any], says: str) -> None:
    with pytest.raises(BadModel, match=says):
        load(loose(arrays(**changes), header()), schema=SCHEMA)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"callable": "os.system"}, "unknown header field 'callable'; wanted seed, step, themes"),
        ({"step": 1}, "header field 'step' is a int; wanted float"),
        ({"seed": True}, "header field 'seed' is a bool; wanted int or NoneType"),
    ],
)
def test_fields_that_the_schema_does_not_have_are_refused(changes: dict[str, Any], says: str) -> None:
    with pytest.raises(BadModel, match=says):
        load(loose(arrays(), header(**changes)), schema=SCHEMA)


def test_missing_field_is_named() -> None:
    with pytest.raises(BadModel, match="header field 'seed' is missing"):
        load(loose(arrays(), {"themes": [], "step": 0.5}), schema=SCHEMA)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "an empty file"),
        (framed(b"{}", says=1_000_001), "the header says it has 1,000,001 bytes; at most 1,000,000"),
        (framed(b"{}", says=2**63), "the header says it has 9,223,372,036,854,775,808 bytes"),
        (framed(b"{}", says=1_000_000), "cut short"),
        (framed(b'{"\xff"}'), "the header is not UTF-8"),
        (framed(b"{"), "the header is not valid JSON"),
        (framed(b"{}"), "a safetensors file, but not of govtext"),
        (framed(b'{"__metadata__":{"format":"pt"}}'), "a safetensors file, but not of govtext"),
        (framed(b'{"__metadata__":{"govtext":"{}","other":""}}'), "a safetensors file, but not of govtext"),
        (framed(b'{"__metadata__":{"govtext":{}}}'), "a safetensors file, but not of govtext"),
        (framed(b'{"a":{},"a":{}}'), "the header has the key 'a' twice"),
        (framed(b'{"a":' + b"[" * 200_000), "levels of lists and tables|not valid JSON"),
        (framed(b'{"a":' + b"[" * 200_000 + b"]" * 200_000 + b"}"), "more than 8 levels of lists and tables"),
        (framed(b'{"a":{"shape":' + b"[" * 700 + b"]" * 700 + b"}}"), "more than 8 levels"),
        (framed(b'{"a":' + b"9" * 900_000 + b"}"), "has the number 99999999999999999999 beyond"),
        (framed(b'{"a":0.' + b"9" * 900_000 + b"}"), "that is too long or too large"),
        (framed(b'{"a":1' + b"".join(b',"%d":1' % n for n in range(80_000)) + b',"a":1}'), "the key 'a' twice"),
        (GOOD + b"\0", "1 extra bytes behind the last array"),
        (GOOD[:-1], "cut short"),
        (bytes(container.MOST_BYTES + 1), "200,000,001 bytes; a model has at most 200,000,000"),
    ],
    ids=range(20),
)
def test_container_that_is_wrong_is_refused_in_little_memory(content: bytes, says: str) -> None:
    tracemalloc.start()
    try:
        with pytest.raises(BadModel, match=says):
            load(content, schema=SCHEMA)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak <= 1_000_000 + 40 * min(len(content), container.MOST_HEADER_BYTES)


def test_the_json_of_a_value_is_one_text() -> None:
    assert canonical({"b": [1.5, None], "a": "党"}) == '{"a":"党","b":[1.5,null]}'
    assert canonical(json.loads(canonical({"x": 0.1}))) == canonical({"x": 0.1})
