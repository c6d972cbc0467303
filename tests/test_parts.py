"""Where the reports of a page begin: every form with its near miss, and what holds for any page."""

import re
import tomllib
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conftest import Page
from govtext.document import PARAGRAPH_KINDS, Paragraph, Verdict
from govtext.elements import parts, titles
from govtext.elements.dates import to_plain
from govtext.elements.parts import find_parts
from govtext.elements.titles import is_title_like

CASES = tomllib.loads((Path(__file__).parent / "cases" / "parts.toml").read_text(encoding="utf-8"))["case"]
PLAIN = Verdict(None, 0.0, "")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["source"])
def test_parts_of_a_case(page: Page, case: dict[str, Any]) -> None:
    found = find_parts(*page(case["lines"]))
    assert case["first"] == [part.first for part in found]
    assert case["titles"] == [part.title or "" for part in found]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["source"])
def test_a_plain_copy_that_is_known_already_changes_no_part(page: Page, case: dict[str, Any]) -> None:
    text, paragraphs = page(case["lines"])
    assert find_parts(text, paragraphs) == find_parts(text, paragraphs, to_plain(text))


def test_no_paragraphs_make_no_part() -> None:
    assert find_parts("", []) == ()


@given(
    st.lists(
        st.tuples(
            st.sampled_from("TMHBX"),
            st.sampled_from(["", "篇一：科技局总结", "青石县2009年工作总结", "附件1", "各位代表："]),
        )
    )
)
def test_parts_tile_the_paragraphs(page: Page, lines: list[tuple[str, str]]) -> None:
    text, paragraphs = page([f"{kind} {line}" for kind, line in lines])
    found = find_parts(text, paragraphs)
    edges = [0, *(part.stop for part in found)]
    assert edges[-1] == len(paragraphs)
    assert not paragraphs or all(a < b for a, b in pairwise(edges))
    assert [part.first for part in found] == edges[:-1]


@given(st.text("第一二篇：（）【】附件科技局2009年总结关于。\n ", max_size=80), st.sampled_from(PARAGRAPH_KINDS))
def test_any_text_has_at_least_one_part(text: str, kind: str) -> None:
    paragraph = Paragraph(0, len(text), kind, None, None, None, (), PLAIN, PLAIN)
    assert len(find_parts(text, [paragraph])) == 1


@pytest.mark.parametrize(
    ("line", "like"),
    [
        ("青石县科技局2009年工作总结", True),
        ("青石县科技局2009年工作总结（节选）", True),
        ("政府工作报告--在县人大会议上", True),
        ("我局及时作了总结。", False),
        ("总结", False),
        ("工" * 90 + "总结", False),
        ("总体规划（2018-2035年）的批复", True),
        ("抓好企业服务", False),
    ],
)
def test_a_title_is_short_and_ends_in_a_kind_of_document(line: str, like: bool) -> None:
    assert like is is_title_like(line)


def test_every_repeat_of_every_pattern_is_bounded(repeats: Callable[[str], tuple[int, int]]) -> None:
    for name, pattern in {**vars(titles), **vars(parts)}.items():
        if isinstance(pattern, re.Pattern):
            assert repeats(pattern.pattern)[0] <= 160, name
