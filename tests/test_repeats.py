"""A title said again: the forms it takes on a page, each with what only looks like it."""

import re
from collections.abc import Callable

import pytest

from govtext.elements import repeats as repeats_module
from govtext.elements.repeats import doubled_at, is_file_name, is_section, says_again, shown_titles
from govtext.elements.titles import title_key

TITLE = "凉水井县2021年农业科技工作总结"
KEY = title_key(TITLE)


@pytest.mark.parametrize(
    ("piece", "at"),
    [
        (TITLE + TITLE, len(TITLE)),
        (f"  {TITLE} {TITLE}\n", len(TITLE) + 3),
        (TITLE, None),
        (TITLE + "2021年" + TITLE, None),
        ("要点要点", None),
        ("稳中求进，行稳致远稳中求进，行稳致远", None),
    ],
)
def test_a_title_twice_in_one_piece_is_two(piece: str, at: int | None) -> None:
    assert at == doubled_at(piece)


@pytest.mark.parametrize(
    ("line", "again"),
    [
        (TITLE, True),
        (f"图1 {TITLE}", True),
        (f"{TITLE}_第2页", True),
        (f"{TITLE}（2/5）", True),
        (f"《{TITLE}》已报送县委、县政府。", False),
        (f"{TITLE}名词解释", False),
        ("凉水井县2020年农业科技工作总结", False),
    ],
)
def test_a_copy_is_the_title_with_a_caption_or_a_page_number_at_most(line: str, again: bool) -> None:
    assert again == says_again(line, KEY)


@pytest.mark.parametrize(("title", "again"), [("工作总结要点七", False), ("工作总结要点七八", True)])
def test_the_shortest_title_that_is_known_again(title: str, again: bool) -> None:
    assert again == says_again(title, title_key(title))


@pytest.mark.parametrize(
    ("line", "named"), [(f"{TITLE}.doc", True), (f"{TITLE}.PDF", True), (TITLE, False), ("申报表.doc", False)]
)
def test_the_name_of_a_file_is_a_title_with_an_ending(line: str, named: bool) -> None:
    assert named == is_file_name(line)


@pytest.mark.parametrize(
    ("line", "section"),
    [("2014年工作总结", True), (TITLE, False), ("暨2015年工作思路", False), ("一心一意谋发展", False)],
)
def test_a_section_is_named_like_a_title_of_nobody(line: str, section: bool) -> None:
    assert section == is_section(line)


def test_thumbnails_give_the_title_away() -> None:
    lines = {0: f"{TITLE}_第1页", 1: f"{TITLE}_第2页", 2: TITLE, 3: "见手册第1页"}
    assert shown_titles(lines) == ({0, 1}, {2})
    assert shown_titles({0: f"{TITLE}_第1页", 2: TITLE}) == (set(), set())


def test_titles_numbered_behind_are_titles_where_there_are_two() -> None:
    lines = {0: "企业服务工作总结 篇1", 4: "企业服务工作总结 篇2", 5: "推行首问负责。"}
    assert shown_titles(lines) == (set(), {0, 4})
    assert shown_titles({0: "企业服务工作总结 篇1"}) == (set(), set())


def test_every_repeat_of_every_pattern_is_bounded(repeats: Callable[[str], tuple[int, int]]) -> None:
    for name, pattern in vars(repeats_module).items():
        if isinstance(pattern, re.Pattern):
            assert repeats(pattern.pattern)[0] <= 160, name
