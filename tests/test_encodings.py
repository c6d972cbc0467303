"""Bytes to text: which encoding, and what damage costs. Cases in cases/reading.toml."""

from __future__ import annotations

import random
import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govtext.document import Source
from govtext.errors import UnreadableReport
from govtext.reading import decode, read

CASES: dict[str, list[dict[str, Any]]] = tomllib.loads(
    (Path(__file__).parent / "cases" / "reading.toml").read_text(encoding="utf-8")
)
SIMPLIFIED = "\n".join(case["simplified"] for case in CASES["sentence"])
TRADITIONAL = "\n".join(case["traditional"] for case in CASES["sentence"]).replace("“", "「").replace("”", "」")
SCRIPTS = {"simplified": SIMPLIFIED, "traditional": TRADITIONAL}
LENGTHS = (2, 4, 8, 16, 32, 64, 256, 600)
RARE = "䶮㛃㙦𠮷"


def cuts(text: str, *, length: int, codec: str, n_cuts: int) -> list[str]:
    """`n_cuts` random pieces of `text` in which at least half of the characters are ideographs and `codec` has all."""
    rng = random.Random(f"{length} {codec}")
    found: list[str] = []
    while len(found) < n_cuts:
        start = rng.randrange(len(text) - length)
        piece = text[start : start + length]
        if codec == "gb18030":
            where = rng.randrange(length)
            piece = piece[:where] + rng.choice(RARE) + piece[where + 1 :]
        if 2 * sum("\u4e00" <= char <= "\u9fff" or char in RARE for char in piece) >= length:
            found.append(piece)
    return found


def common_start(one: str, other: str) -> int:
    return next((n for n, (a, b) in enumerate(zip(one, other)) if a != b), min(len(one), len(other)))


def unreadable(source: Any, **options: Any) -> str:
    with pytest.raises(UnreadableReport, match=r"^[^\n]+; [^\n]+$") as caught:  # one line: what is wrong; next step
        read(source, **options)
    return str(caught.value)


@pytest.mark.parametrize("case", CASES["encoding"], ids=lambda case: f"{case['codec']} {case['text'][:8]!r}")
def test_encoding_is_found_and_named(case: dict[str, Any]) -> None:
    decoded = decode(case["text"].encode(case["codec"]))
    assert (case["text"], case["found"], 0) == (decoded.text, decoded.encoding, decoded.replaced)


@pytest.mark.parametrize(
    ("codec", "script"),
    [
        ("utf-8", "simplified"),
        ("utf-8-sig", "simplified"),
        ("gbk", "simplified"),
        ("gb18030", "simplified"),
        ("utf-16", "simplified"),
        ("utf-16-le", "simplified"),
        ("utf-16-be", "simplified"),
        ("big5", "traditional"),
        ("big5hkscs", "traditional"),
    ],
)
def test_cuts_of_every_length_come_back_exactly(codec: str, script: str) -> None:
    """98 % of the cuts of 2 to 15 characters, 99.5 % of 16 to 63, all of 64 and more; UTF-16 without mark from 8 on."""
    right: dict[int, int] = {}
    for length in LENGTHS:
        pieces = cuts(SCRIPTS[script], length=length, codec=codec, n_cuts=200)
        right[length] = sum(decode(piece.encode(codec)).text == piece for piece in pieces)
    shortest = 8 if codec.startswith("utf-16-") else 2
    short = [right[length] for length in LENGTHS if shortest <= length < 16]
    middle = [right[length] for length in LENGTHS if 16 <= length < 64]
    assert sum(short) >= 0.98 * 200 * len(short), right
    assert sum(middle) >= 0.995 * 200 * len(middle), right
    assert all(right[length] == 200 for length in LENGTHS if length >= 64), right


@pytest.mark.parametrize("damage", ["one byte FF", "last byte cut", "NUL inserted"])
@pytest.mark.parametrize(("codec", "script"), [("utf-8", "simplified"), ("gbk", "simplified"), ("big5", "traditional")])
def test_one_damaged_byte_in_500_characters_costs_few(codec: str, script: str, damage: str) -> None:
    """97 % of the characters stay in 99 % of the texts, and the loss is reported."""
    rng = random.Random(f"{codec} {damage}")
    kept_enough = 0
    for piece in cuts(SCRIPTS[script], length=500, codec=codec, n_cuts=200):
        data = piece.encode(codec)
        where = rng.randrange(len(data)) if damage != "last byte cut" else len(data) - 1
        put, cut = {"one byte FF": (b"\xff", 1), "last byte cut": (b"", 1), "NUL inserted": (b"\0", 0)}[damage]
        decoded = decode(data[:where] + put + data[where + cut :])
        before = common_start(piece, decoded.text)
        after = common_start(piece[before:][::-1], decoded.text[before:][::-1])
        kept_enough += before + after >= 0.97 * 500
        assert (decoded.replaced > 0) == ("\ufffd" in decoded.text)
    assert kept_enough >= 0.99 * 200


@pytest.mark.parametrize("case", CASES["damage"], ids=lambda case: f"{case['codec']}: {case['source'][:40]}")
def test_damage_costs_its_character_and_is_counted(case: dict[str, Any]) -> None:
    data = case["text"].encode(case["codec"])
    data = data[: case["at"]] + bytes.fromhex(case["put"]) + data[case["at"] + case["cut"] :]
    decoded = decode(data)
    assert (case["reads"], case["replaced"]) == (decoded.text, decoded.replaced)


def test_damage_in_one_line_leaves_the_other_lines_alone() -> None:
    lines = (SIMPLIFIED + "\n").encode("gbk").splitlines(keepends=True) * 3
    lines[7] = b"\xff" * 40 + b"\n"
    read_lines = decode(b"".join(lines)).text.split("\n")
    assert SIMPLIFIED.split("\n")[:7] == read_lines[:7]
    assert SIMPLIFIED.split("\n")[8:] == read_lines[8:24]


@pytest.mark.parametrize(
    ("codec", "script"), [("gbk", "simplified"), ("big5hkscs", "traditional"), ("utf-16-be", "simplified")]
)
def test_long_text_without_a_line_end_is_found_from_slices(codec: str, script: str) -> None:
    # No ASCII: nothing tells where in a slice a character begins.
    text = "".join(char for char in SCRIPTS[script] if char > "~") * 40
    for start in range(20):
        assert decode(text[start:].encode(codec)).text == text[start:]


def test_ideographs_behind_a_long_ascii_head_decide() -> None:
    text = "<p>" * 20_000 + SIMPLIFIED[:200] + "</p>" * 20_000
    assert text == decode(text.encode("gbk")).text


def test_heavy_damage_ends_within_bounds() -> None:
    decoded = decode(b"\xff\xb5" * 150_000 + b"\n" + SIMPLIFIED.encode("gbk"))
    assert decoded.text.endswith(SIMPLIFIED)
    assert decoded.replaced >= 150_000


@given(st.binary(max_size=200))
def test_any_bytes_decode_without_error(data: bytes) -> None:
    decoded = decode(data)
    assert decoded.replaced <= len(data)


@given(
    st.text(st.characters(exclude_categories=["Cs"])), st.sampled_from(["utf-8", "gb18030", "utf-16-le", "utf-32-be"])
)
def test_any_text_comes_back_when_the_encoding_is_given(text: str, codec: str) -> None:
    decoded = decode(text.encode(codec), encoding=codec)
    assert (text.removeprefix("\ufeff"), 0) == (decoded.text, decoded.replaced)


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\ufeff")))
def test_utf_8_with_an_ideograph_comes_back(text: str) -> None:
    assert text + "报" == decode((text + "报").encode()).text


@pytest.mark.parametrize("spelling", ["GBK", "gb2312", "cp936", "GB18030"])
def test_subsets_of_gb18030_are_read_as_gb18030(spelling: str) -> None:
    source = read("李䶮：联通".encode("gb18030"), encoding=spelling)
    assert source == Source("李䶮：联通", "", "gb18030", 0)


@pytest.mark.parametrize(("codec", "found"), [("utf-16-be", "utf-16-be"), ("utf-16-le", "utf-16-le")])
def test_mark_decides_the_byte_order_of_utf_16(codec: str, found: str) -> None:
    source = read("\ufeff工作".encode(codec), encoding="utf-16")
    assert ("工作", found) == (source.text, source.encoding)


def test_given_encoding_wins_over_the_search_and_counts_what_it_cannot_read() -> None:
    source = read("工作报告".encode() * 20 + "工".encode("gbk"), encoding="utf8")
    assert source == Source("工作报告" * 20 + "\ufffd", "", "utf-8", 2)
    assert "leave encoding out to have it found" in unreadable("工作报告".encode("gbk"), encoding="utf-8")


@pytest.mark.parametrize("encoding", ["gbk2", "latin-1", "hex", "", "utf 99", "a\0b"])
def test_unknown_encoding_is_refused_with_the_known_ones(encoding: str) -> None:
    with pytest.raises(UnreadableReport, match=r"^encoding '.*' is not known; pass one of utf-8, .*gb18030"):
        read(b"text", encoding=encoding)
