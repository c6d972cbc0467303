"""Documents as scraping leaves them: the labels move with their text, and no character of a unit is lost."""

import random
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govtext.segmentation.markers import NUMERALS, chinese_number, marker_at
from govtext.taxonomy import bundled_taxonomy
from govtext.training import variants
from govtext.training.corpus import LabelledDocument, Unit, read_corpus
from govtext.training.variants import WRAP_WIDTH, flattened, mixed, numbers_damaged, visible, widths_swapped, wrapped

AUTHORED = Path(__file__).resolve().parents[1] / "corpus" / "authored"
BITS = ["一、", "（二）", "3.", "④", "第五条", "走访企业", "ａ9", " ", "\u3000", "甲。", "市" * 12]
# kind, text, line break before it, share of the text that is its heading
PIECES = st.tuples(
    st.sampled_from(["title", "meta", "h1", "h2+p", "p", "x:nav", "blank"]),
    st.lists(st.sampled_from(BITS), min_size=1, max_size=9).map("".join),
    st.booleans(),
    st.integers(1, 9),
)  # fmt: skip


def document(pieces: list[tuple[str, str, bool, int]]) -> LabelledDocument:
    """A document of units with these kinds and texts."""
    text, units = "", []
    for kind, piece, broken, tenths in pieces:
        text += "\n" if text and broken else ""
        start = len(text)
        text += " " * len(piece) if kind == "blank" else piece
        role = "done" if kind[0] == "h" or kind == "p" else None
        heading_end = start + max(len(piece) * tenths // 10, 1) if kind.endswith("+p") else None
        units.append(Unit(start, len(text), kind, role, (), False, heading_end))
    return LabelledDocument("mine", text, tuple(units))


DOCUMENTS = st.lists(PIECES, min_size=1, max_size=6).map(document)
REPORT = document(
    [("title", "县科技局工作总结", False, 0), ("h1", "一、主要工作", True, 0), ("h2+p", "（一）抓培育。认定高企12家。", True, 5),
     ("x:nav", "上一篇", True, 0)]
)  # fmt: skip


def texts(found: LabelledDocument) -> list[str]:
    return [found.text[u.start : u.end] for u in found.units]


def rows(found: LabelledDocument) -> list[tuple[str, str]]:
    """Kind and text of each unit, ‖ where a heading ends."""
    return [
        (u.kind, t if u.heading_end is None else f"{t[: u.heading_end - u.start]}‖{t[u.heading_end - u.start :]}")
        for u, t in zip(found.units, texts(found))
    ]


def assert_in_order(found: LabelledDocument) -> None:
    assert all(0 <= u.start <= u.end <= len(found.text) for u in found.units)
    assert all(a.end <= b.start for a, b in pairwise(found.units))
    for u in found.units:
        assert (u.heading_end is not None) == u.kind.endswith("+p")
        assert u.heading_end is None or u.start <= u.heading_end <= u.end


def test_units_of_white_space_are_not_visible() -> None:
    found = document([("p", "甲", False, 0), ("blank", " ", True, 0), ("p", "乙", True, 0)])
    assert [found.text[u.start : u.end] for u in visible(found)] == ["甲", "乙"]


def test_flattened_without_a_seed_is_one_line() -> None:
    found = flattened(replace(REPORT, stretches=((0, 2, "mask"),)))
    assert found.text == "县科技局工作总结一、主要工作（一）抓培育。认定高企12家。上一篇"
    assert rows(found) == rows(REPORT)
    assert found.stretches == ()


def test_mixed_keeps_every_unit_but_most_bodies() -> None:
    report = document([("h1", "一、科普", False, 0), ("p", "举办讲座12场。", True, 0)])
    found = [mixed(report, ["另一份报告的一段。"], turn) for turn in range(20)]
    assert found == [mixed(report, ["另一份报告的一段。"], turn) for turn in range(20)]
    assert {tuple(texts(one)) for one in found} == {("一、科普", "举办讲座12场。"), ("一、科普", "另一份报告的一段。")}
    for one in found:
        assert_in_order(one)
        assert "".join(texts(one)) == one.text


def test_flattened_with_a_seed_keeps_some_line_breaks_the_same_each_time() -> None:
    found = [flattened(REPORT, 3, turn) for turn in range(20)]
    assert {0, 1} <= {d.text.count("\n") for d in found}
    assert found == [flattened(REPORT, 3, turn) for turn in range(20)]
    assert all(rows(d) == rows(REPORT) for d in found)


@given(DOCUMENTS, st.one_of(st.none(), st.integers(0, 9)))
def test_flattened_keeps_every_visible_unit(found: LabelledDocument, seed: int | None) -> None:
    flat = flattened(found, seed)
    kept = {id(u) for u in visible(found)}
    assert rows(flat) == [row for u, row in zip(found.units, rows(found)) if id(u) in kept]
    assert_in_order(flat)


@pytest.mark.parametrize(
    ("width", "expected"),
    [
        (15, [("title", "县科技局工作总结"), ("h1", "一、主要工作"),
              ("h2+p", "（一）抓培育。‖认定高企12家。"), ("x:nav", "上一篇")]),
        (14, [("title", "县科技局工作总结"), ("h1", "一、主要工作"),
              ("h2+p", "（一）抓培育。‖认定高企12家"), ("p", "。"), ("x:nav", "上一篇")]),
        (7, [("title", "县科技局工作总"), ("title", "结"), ("h1", "一、主要工作"), ("h2", "（一）抓培育。"), ("p", "认定高企12家"),
             ("p", "。"), ("x:nav", "上一篇")]),
        (6, [("title", "县科技局工作"), ("title", "总结"), ("h1", "一、主要工作"), ("h2", "（一）抓培育"), ("h2+p", "。‖认定高企1"),
             ("p", "2家。"), ("x:nav", "上一篇")]),
    ],
)  # fmt: skip
def test_wrapped_breaks_every_line_and_the_halves_of_a_unit_are_units(
    width: int, expected: list[tuple[str, str]]
) -> None:
    report = document([(u.kind, t, True, 0) for u, t in zip(REPORT.units, texts(REPORT))])
    report = replace(report, units=REPORT.units)
    found = wrapped(report, width)
    assert rows(found) == expected
    assert found.text == "\n".join(text.replace("‖", "") for _, text in expected)


@given(DOCUMENTS, st.integers(1, WRAP_WIDTH))
def test_wrapped_adds_line_breaks_and_nothing_else(found: LabelledDocument, width: int) -> None:
    broken = wrapped(found, width)
    assert "".join(texts(broken)) == "".join(texts(found))
    assert broken.text.replace("\n", "") == found.text.replace("\n", "")
    assert all(len(line.rstrip()) <= width for line in broken.text.split("\n"))
    assert not any("\n" in text for text in texts(broken))
    assert_in_order(broken)


@given(st.text(st.characters(min_codepoint=1, max_codepoint=0xFFEF, exclude_categories=["Cs"])))
def test_widths_swapped_twice_changes_nothing_and_once_moves_nothing(text: str) -> None:
    found = LabelledDocument("mine", text, ())
    swapped = widths_swapped(found)
    assert len(swapped.text) == len(text)
    assert widths_swapped(swapped) == found


def test_widths_are_swapped_both_ways() -> None:
    found = widths_swapped(document([("p", "１.科技（a）Ｂ 、", False, 0)]))
    assert found.text == "1．科技(ａ)B 、"


@pytest.mark.parametrize(
    ("text", "number", "forms"),
    [
        ("三、", 3, "一二三四五六七八九十"),
        ("（十二）", 12, "十一三"),
        ("第九十九条", 99, "九十一二三四五六七八"),
        ("15.", 15, "0123456789"),
        ("１５．", 15, "０１２３４５６７８９"),
        ("1.2", 2, "0123456789"),
        ("⑳", 20, "".join(chr(c) for c in range(0x2460, 0x2474))),
    ],
)
def test_a_damaged_number_is_another_of_the_same_form(text: str, number: int, forms: str) -> None:
    found = {variants._damaged(text, number, random.Random(seed)) for seed in range(40)}
    assert found - {text}
    for damaged in found:
        marker, kept = marker_at(damaged + "甲"), marker_at(text + "甲")
        if damaged != text and marker and kept:
            assert marker.family == kept.family
            assert marker.number != number
    assert set("".join(found)) <= set(text) | set(forms) | set(NUMERALS)


@pytest.mark.parametrize(("text", "number"), [("零、", 0), ("第一百零二条", 102), ("甲", 5), ("", 1)])
def test_a_number_that_is_written_otherwise_stays(text: str, number: int) -> None:
    assert {text} == {variants._damaged(text, number, random.Random(seed)) for seed in range(20)}


def test_only_the_last_number_of_a_decimal_is_damaged() -> None:
    assert {"1"} == {variants._damaged("1.1", 1, random.Random(seed))[0] for seed in range(20)}


@given(st.integers(1, 99))
def test_numerals_are_read_as_they_are_written(number: int) -> None:
    assert chinese_number(variants._numeral(number)) == number


def test_no_number_is_damaged_at_share_0_and_each_at_share_1() -> None:
    assert numbers_damaged(REPORT, 7, share=0.0) == REPORT
    found = numbers_damaged(REPORT, 7, share=1.0)
    changed = [a != b for a, b in zip(texts(REPORT), texts(found), strict=True)]
    assert changed == [False, True, True, False]
    assert found == numbers_damaged(REPORT, 7, share=1.0)


@given(DOCUMENTS, st.integers(0, 9))
def test_damage_stays_within_the_markers(found: LabelledDocument, seed: int) -> None:
    damaged = numbers_damaged(found, seed, share=1.0)
    assert_in_order(damaged)
    assert len(damaged.units) == len(found.units)
    for u, before, after in zip(found.units, texts(found), texts(damaged)):
        marker = marker_at(found.text, u.start)
        assert after.endswith(before[marker.end - u.start :] if marker else before)
        assert u.is_heading or u.kind == "p" or before == after


def test_variants_of_the_corpus_keep_every_character_of_every_unit() -> None:
    found = read_corpus([AUTHORED / f"{name}.tsv" for name in ("A033", "A116", "B050")], bundled_taxonomy())
    for one in found:
        units = [one.text[u.start : u.end] for u in visible(one)]
        assert texts(flattened(one)) == units
        assert "".join("".join(texts(wrapped(one))).split()) == "".join("".join(units).split())
        assert widths_swapped(widths_swapped(one)).digest == one.digest
        assert_in_order(numbers_damaged(one, 7, share=1.0))
