"""What a load must refuse, one after another, each with a message of its own: the twenty points of the format's threat model.

Points that our format has otherwise: the arrays are those of `SCHEMA`; n-grams have no length of their own in the file, the
trie's depth is it; a theme's text may hold markup, which every page escapes (tests/test_html.py).
"""

from __future__ import annotations

import copy
import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from golden_models import FOLDER
from govtext.errors import BadModel
from govtext.modelarrays import SCHEMA, decode_model
from govtext.scoring.container import MOST_BYTES, pack, unpack
from govtext.scoring.modelfile import METADATA_KEY, encode, load
from hostile_files import headed
from value_attacks import ATTACKS

GOOD = max(FOLDER.glob("v*.safetensors")).read_bytes()
BY_NAME = {name: change for name, change, _ in ATTACKS}
Make = Callable[[Path], Path | bytes]


def attacked(name: str) -> Make:
    """The good model with one of the changes of `value_attacks`."""

    def make(path: Path) -> bytes:
        arrays, header, _ = load(GOOD, schema=SCHEMA)
        arrays, header = dict(arrays), copy.deepcopy(header)
        BY_NAME[name](arrays, header)
        return encode(arrays, header, schema=SCHEMA)

    return make


def moved(name: str, **changes: Any) -> Make:
    """The good model with another entry for an array in its safetensors header."""

    def make(path: Path) -> bytes:
        entries, data = unpack(GOOD, "good")
        metadata = entries.pop("__metadata__")
        return pack({**entries, name: {**entries[name], **changes}}, metadata, bytes(data))

    return make


def said(*pairs: tuple[str, str]) -> Make:
    """The good model with its JSON header changed as text."""

    def make(path: Path) -> bytes:
        entries, data = unpack(GOOD, "good")
        text = entries.pop("__metadata__")[METADATA_KEY]
        for old, new in pairs:
            assert old in text
            text = text.replace(old, new, 1)
        return pack(entries, {METADATA_KEY: text}, bytes(data))

    return make


def sparse(path: Path) -> Path:
    """A file of more bytes than a model has, none of them written."""
    with path.open("wb") as file:
        file.truncate(MOST_BYTES + 1)
    return path


def linked(path: Path) -> Path:
    """A link to a good model."""
    path.with_name("real").write_bytes(GOOD)
    path.symlink_to("real")
    return path


def fifo(path: Path) -> Path:
    """A pipe that nobody writes to."""
    os.mkfifo(path)
    return path


def flipped(path: Path) -> bytes:
    """The good model with its last bit changed."""
    return GOOD[:-1] + bytes([GOOD[-1] ^ 1])


FORMAT = '"format":"govtext-model"'
VERSION = f'"format_version":{SCHEMA.versions[-1]}'
# Number, what, how it is made, what is said.
REFUSED: list[tuple[int, str, Make, str]] = [
    (1, "a pickle", lambda path: b"\x80\x04K\x01.", "a pickle .*; wanted a model written by govtext train"),
    (1, "a zip", lambda path: b"PK\x03\x04" + bytes(9), "a zip file .*; wanted a model written by govtext train"),
    (2, "200 MB and a byte", sparse, "200,000,001 bytes; a model has at most 200,000,000"),
    (
        3,
        "a header too long",
        lambda path: headed({}, says=1_000_001),
        "the header says it has 1,000,001 bytes; at most",
    ),
    (3, "a header longer than the file", lambda path: headed({}, says=999), "cut short .header of 999 bytes in a file"),
    (4, "overlapping arrays", moved("lines.context", data_offsets=[0, 20768]), "inside the array before; wanted byte"),
    (4, "a gap", moved("boundaries.cut.intercept", shape=[0], data_offsets=[0, 0]), "behind a gap; wanted byte"),
    (4, "arrays past the end", lambda path: GOOD[:-1], "cut short .arrays of [0-9]+ bytes, [0-9]+ are there"),
    (5, "an array more", attacked("an array more"), "unknown array 'payload'; wanted boundaries"),
    (5, "an array less", attacked("an array less"), "array 'recuts.threshold' is missing; train"),
    (6, "another type", attacked("numbers of another type"), "array 'themes.intercept' is float32; wanted float64"),
    (6, "another number of axes", attacked("an axis more"), "array 'themes.intercept' has 2 dimensions; wanted 1"),
    (7, "objects", moved("lines.moves", dtype="O"), "array 'lines.moves' is of type 'O'; wanted one of U8"),
    (7, "text", moved("lines.moves", dtype="<U4"), "array 'lines.moves' is of type '<U4'; wanted one of U8"),
    (7, "structures", moved("lines.moves", dtype=[["a", "<i4"]]), r"array 'lines.moves' is of type \[\['a'"),
    (8, "shapes that disagree", attacked("nodes without letters"), "array 'lines.letters' has [0-9]+ in dimension"),
    (9, "no finite number", attacked("infinite offset"), "'lines.context_intercept' has a value that is no finite"),
    (10, "an unknown key", attacked("a field that names code"), "unknown header field 'run'; wanted figures"),
    (10, "a missing key", attacked("field missing"), "header field 'seed' is missing; train"),
    (10, "a key twice", said((FORMAT, f"{FORMAT},{FORMAT}")), "the header in the metadata has the key 'format' twice"),
    (10, "NaN", said(('"seed":0', '"seed":NaN')), "the header in the metadata has the number NaN"),
    (10, "nine levels", said(('"seed":0', '"seed":[[[[[[[[0]]]]]]]]')), "has more than 8 levels of lists and tables"),
    (10, "a number too large", said(('"seed":0', '"seed":2147483649')), "has the number 2147483649 beyond 2147483648"),
    (11, "another format", said((FORMAT, '"format":"other"')), "format 'other'; wanted 'govtext-model'"),
    (12, "a newer version", said((VERSION, '"format_version":99')), "format version 99; this govtext reads 2: update"),
    (12, "an older version", said((VERSION, '"format_version":1')), "format version 1; this govtext reads 2: update"),
    (13, "n-grams of 13", attacked("node too deep"), "themes.path has nodes of depth 1 to 13; wanted 1 to 12"),
    (14, "a pattern", attacked("a pattern that never ends"), "unknown header field 'token_pattern'; wanted figures"),
    (14, "a path", moved("lines.moves", path="/etc/passwd"), "array 'lines.moves' is not described by exactly dtype"),
    (15, "no theme", attacked("no theme"), "0 themes; wanted 1 to 200"),
    (15, "too many themes", attacked("a thousand themes"), "1001 themes; wanted 1 to 200"),
    (15, "a theme twice", attacked("theme twice"), "theme '[a-z]+' stands twice"),
    (15, "a theme without a name", attacked("theme without a name"), "an empty name; leave it out"),
    (15, "a name with controls", attacked("name that drives a terminal"), "name and about must be text on one line"),
    (16, "terms that are no text", attacked("half a letter"), "nodes with a character that no normalised text has"),
    (16, "terms not sorted", attacked("nodes not sorted"), "themes.text has nodes that are not sorted and distinct"),
    (16, "more terms than weights", attacked("a term less than weights"), "terms of lines for [0-9]+ rows; train"),
    (16, "too many terms", attacked("two million nodes"), "2,000,001 nodes of terms; at most 2,000,000 are allowed"),
    (17, "a bit changed", flipped, "damaged .the SHA-256 of the content is not the one stored.; copy the file again"),
    (18, "another normalisation", attacked("other normalisation"), "text normalisation 99; this govtext has [0-9]+$"),
    (19, "a link", linked, "a symbolic link; name the file that it points to"),
    (19, "a pipe", fifo, "not a regular file; name a model file written by govtext train"),
    (20, "a byte more", lambda path: GOOD + b"\0", "1 extra bytes behind the last array; copy the file again"),
]


@pytest.mark.parametrize(("number", "what", "make", "says"), REFUSED, ids=[f"{n} {what}" for n, what, *_ in REFUSED])
def test_a_load_refuses_each_with_its_own_message(
    number: int, what: str, make: Make, says: str, tmp_path: Path
) -> None:
    with pytest.raises(BadModel, match=says) as caught:
        decode_model(make(tmp_path / "m"), "m")
    message = str(caught.value)
    assert message.startswith(("m: ", f"{tmp_path / 'm'}: "))
    assert "\n" not in message
    others = [other for n, other, _, pattern in REFUSED if other != what and re.search(pattern, message)]
    assert others == []


def test_no_point_is_left_out() -> None:
    assert sorted({number for number, *_ in REFUSED}) == list(range(1, 21))


def test_the_good_model_is_not_refused() -> None:
    assert decode_model(GOOD, "m")[2].codes == ("roads", "schools", "clinics")
    entries, data = unpack(GOOD, "good")
    metadata = entries.pop("__metadata__")
    assert pack(entries, metadata, bytes(data)) == GOOD
