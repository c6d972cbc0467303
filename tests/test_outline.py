"""Levels: how deep each heading stands in its own document."""

import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govtext.segmentation.markers import FAMILIES
from govtext.segmentation.outline import BARE, BARE_OUTER, BARE_RUN_IN, DEEPEST, USUAL_ORDER, Heading, read_outline

CASES = tomllib.loads((Path(__file__).parent / "cases" / "outline.toml").read_text(encoding="utf-8"))["case"]


def levels_of(headings: Sequence[Heading]) -> list[int | None]:
    return [choice.level for choice in read_outline(headings)]


def headings(rows: Sequence[Sequence[Any]]) -> list[Heading]:
    return [Heading(row[1], run_in="run-in" in row, followed="followed" in row) for row in rows]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_levels_of_a_document(case: dict[str, Any]) -> None:
    rows = case["headings"]
    assert [(row[0], row[1]) for row in rows] == list(zip(levels_of(headings(rows)), [row[1] for row in rows]))
    assert case["source"]


def test_no_headings_no_levels() -> None:
    assert levels_of([]) == []


def test_every_family_has_a_place_in_the_usual_order() -> None:
    assert {*FAMILIES, BARE, BARE_OUTER, BARE_RUN_IN} <= set(USUAL_ORDER)
    assert len(set(USUAL_ORDER)) == len(USUAL_ORDER)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_half_and_full_width_marks_have_one_level(case: dict[str, Any]) -> None:
    wide = str.maketrans("().0123456789", "（）．０１２３４５６７８９")
    rows = [[row[0], row[1].translate(wide), *row[2:]] for row in case["headings"]]
    assert levels_of(headings(case["headings"])) == levels_of(headings(rows))


TEXTS = st.sampled_from(
    [*(f"{n}、甲" for n in "一二三"), *(f"（{n}）乙" for n in "一二三"), *(f"{n}.丙" for n in "123"), "(1)丁", "1.1戊", "①己",
     "第一章 庚", "——辛", "一是壬。", "工作回顾", "培育高企"]
)  # fmt: skip
HEADINGS = st.builds(Heading, st.one_of(TEXTS, st.text(max_size=12)), run_in=st.booleans(), followed=st.booleans())


@given(st.lists(HEADINGS, max_size=25))
def test_levels_begin_at_1_leave_none_out_and_depend_on_nothing_else(found: list[Heading]) -> None:
    levels = levels_of(found)
    assert len(found) == len(levels)
    assert set(levels) == set(range(1, len(set(levels)) + 1))
    assert max(levels, default=1) <= DEEPEST
    assert levels == levels_of(found)
