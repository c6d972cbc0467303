"""Heading markers: every family in both widths, its near misses, numbers, and patterns that stay linear."""

import tomllib
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govtext.segmentation import markers
from govtext.segmentation.lines import to_stream
from govtext.segmentation.markers import FAMILIES, MARKERS, NUMERALS, Marker, chinese_number, marker_at, marker_places

CASES = tomllib.loads((Path(__file__).parent / "cases" / "markers.toml").read_text(encoding="utf-8"))
WITHOUT_NUMBER = {"dash"}
LONGEST_REPEAT = 5
WIDE = str.maketrans("0123456789.()", "０１２３４５６７８９．（）")
ONES = NUMERALS[:9]


Place = tuple[int, int, int]


def places(text: str) -> list[Place]:
    """Start, end and family of each marker's form in a text."""
    stream = to_stream(text)
    return list(zip(*marker_places(text, stream.codes, stream.where)))


def plain_places(text: str) -> list[Place]:
    """The same by one search of all patterns at all places."""
    return [(*match.span(), (match.lastindex or 1) - 1) for match in markers._FAMILY.finditer(text)]


def name(case: dict[str, Any]) -> str:
    return f"{case['family']}-{case['text'][:8]}"


@pytest.mark.parametrize("case", CASES["at"], ids=name)
def test_marker_at_the_start_of_a_line(case: dict[str, Any]) -> None:
    text = case["text"]
    found = marker_at(text)
    assert case["source"]
    if not case["marker"]:
        assert found is None
        return
    start = len(text) - len(text.lstrip())
    assert Marker(case["family"], start, start + len(case["marker"]), case.get("number")) == found


@pytest.mark.parametrize("case", CASES["inside"], ids=lambda case: case["source"])
def test_markers_inside_running_text(case: dict[str, Any]) -> None:
    text = case["text"]
    assert case["found"] == [f"{FAMILIES[family]} {text[start:end]}" for start, end, family in places(text)]
    assert plain_places(text) == places(text)


def test_every_family_has_a_hit_and_a_near_miss() -> None:
    rows = Counter((case["family"], bool(case["marker"])) for case in CASES["at"])
    assert {(family, hit) for family in FAMILIES for hit in (True, False)} == set(rows)
    inside = {found.split()[0] for case in CASES["inside"] for found in case["found"]}
    assert set(FAMILIES) - {"decimal-3"} == inside


@pytest.mark.parametrize(
    "narrow", ["1.开展调研", "1.2 开展调研", "1.2.3 开展调研", "(1)开展调研", "1)调研", "(一)调研", "一.调研"]
)
def test_both_widths_are_one_family(narrow: str) -> None:
    found = marker_at(narrow)
    assert found is not None
    assert found == marker_at(narrow.translate(WIDE))


@pytest.mark.parametrize(
    ("numeral", "value"),
    [
        *((c, i) for i, c in enumerate(ONES, 1)),
        *((f"十{c}", 10 + i) for i, c in enumerate(("", *ONES))),
        *((f"{t}十{c}", 10 * k + i) for k, t in enumerate(ONES, 1) for i, c in enumerate(("", *ONES))),
        ("一百", 100),
        ("一百零三", 103),
        ("二百一十五", 215),
        ("九百九十九", 999),
        ("", None),
        ("零", None),
        ("百", None),
        ("一百十十", None),
        ("一二", None),
        ("五一", None),
        ("二三十", None),
        ("十一二", None),
    ],
)
def test_chinese_numbers(numeral: str, value: int | None) -> None:
    assert value == chinese_number(numeral)


@pytest.mark.parametrize("number", range(1, 100))
def test_numbers_count_from_1_to_99_in_every_script(number: int) -> None:
    ones = ("", *ONES)[number % 10]
    numeral = {0: "", 1: "十"}.get(number // 10, ("", *ONES)[number // 10] + "十") + ones
    texts = [
        f"{numeral}、摸清",
        f"（{numeral}）摸清",
        f"{numeral}是摸清",
        f"{number}、摸清",
        f"{number}.摸清".translate(WIDE),
    ]
    assert [number] * 5 == [m.number if (m := marker_at(text)) else None for text in texts]


@pytest.mark.parametrize("number", range(1, 21))
def test_circled_figures_have_their_number(number: int) -> None:
    assert Marker("circled", 0, 1, number) == marker_at(f"{chr(ord('①') + number - 1)}摸清底数")


def test_only_a_dash_has_no_number() -> None:
    hits = [case for case in CASES["at"] if case["marker"]]
    assert {case["family"] for case in hits if case.get("number") is None} == WITHOUT_NUMBER


def test_white_space_before_a_marker_is_skipped_and_a_position_is_kept() -> None:
    assert Marker("chinese", 4, 6, 1) == marker_at(" \t　 一、主要工作")
    assert Marker("chinese", 4, 6, 2) == marker_at("工作总结二、主要工作", 4)
    assert marker_at("工作总结二、主要工作", 3) is None
    assert marker_at(" " * 41 + "一、主要工作") is None
    assert marker_at("") is None


def test_what_stands_before_a_position_counts() -> None:
    assert marker_at("统一、主要工作", 1) is None
    assert marker_at("一、主要工作") is not None


@pytest.mark.parametrize(("family", "pattern"), MARKERS, ids=FAMILIES)
def test_every_repeat_is_bounded(family: str, pattern: str, repeats: Callable[[str], tuple[int, int]]) -> None:
    assert repeats(pattern)[1] <= LONGEST_REPEAT, family


def test_an_unbounded_repeat_would_be_seen(repeats: Callable[[str], tuple[int, int]]) -> None:
    assert repeats("第(?:一{1,2}|(?=二+))")[0] > LONGEST_REPEAT
    assert repeats("(?:x[ab]{1,9}){2,4}") == (9, 36)


@pytest.mark.parametrize("part", ["一", "1.", "１．", "（", "(一", "第", "第一、", "—", "①", "十是", "3、4", "-12"])
def test_hostile_lines_give_markers_apart_and_in_order(part: str) -> None:
    text = part * 2000
    found = places(text)
    assert plain_places(text) == found
    assert all(before[1] <= behind[0] for before, behind in zip(found, found[1:]))
    assert all(0 < end - start <= 12 for start, end, _ in found)


ALPHABET = st.sampled_from(
    [*"一二三十第章节条部分是（()）.．、，,:：0123９８①⑳—–-\n 　年月季亿%统其成市企\x85\ud800⼀\U00020000",
     "第一", "二十", "20", "一百零二条", "第百条", "第零五条", "市" * 20]
)  # fmt: skip
TEXTS = st.one_of(st.text(), st.lists(ALPHABET, max_size=30).map("".join))


@given(TEXTS)
def test_every_marker_found_in_a_text_stands_where_it_says(text: str) -> None:
    for start, end, family in places(text):
        found = marker_at(text, start)
        assert found is not None
        assert (start, end, FAMILIES[family]) == (found.start, found.end, found.family)
        assert found.family in FAMILIES
        assert (found.number is None) <= (found.family in WITHOUT_NUMBER or found.family == "article")


@given(TEXTS)
def test_a_look_at_two_characters_misses_no_marker(text: str) -> None:
    assert plain_places(text) == places(text)
