"""The evaluation page: one file that loads and runs nothing, with the pictures in it."""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import dataclass, replace
from xml.etree import ElementTree

import pytest

from govtext.evaluation.intervals import Interval
from govtext.evaluation.page import DARK, LIGHT, MOST_DRAWN, POLICY, STYLE, page
from govtext.evaluation.record import OriginRecord, Record
from made_records import made_record

HOSTILE = "</title><script>alert(1)</script><img src=x onerror=alert(1)>\"'&"
KNOWN = {
    "html", "head", "meta", "title", "style", "body", "main", "section", "h1", "h2", "p", "div", "b", "span", "ul", "li", "br",
    "table", "thead", "tbody", "tr", "th", "td", "dl", "dt", "dd", "svg", "text", "rect", "line", "circle", "path",
}  # fmt: skip


@dataclass(frozen=True)
class Learnt:
    documents: int
    f1: Interval


@pytest.fixture(scope="module")
def record() -> Record:
    return made_record()


def tree(text: str) -> ElementTree.Element:
    """The page as XML, which it is behind its first line."""
    first, _, rest = text.partition("\n")
    assert first == "<!DOCTYPE html>"
    return ElementTree.fromstring(rest)


def tags(text: str) -> list[str]:
    return [node.tag.rpartition("}")[2] for node in tree(text).iter()]


def test_page_holds_known_elements_only_and_as_many_pictures_as_figures(record: Record) -> None:
    found = tags(page(record))
    assert set(found) <= KNOWN
    # F1, confusion, coverage, roles, and a reliability diagram a theme.
    assert found.count("svg") == 4 + len(record.themes)


def test_page_loads_and_runs_nothing(record: Record) -> None:
    text = page(record)
    assert f'http-equiv="Content-Security-Policy" content="{POLICY.replace(chr(39), "&#x27;")}"' in text
    assert POLICY.startswith("default-src 'none'; style-src 'sha256-")
    assert "unsafe" not in POLICY
    assert set(re.findall(r"[a-z]+://[^\s\"'<]*", text)) == {"http://www.w3.org/2000/svg"}
    assert not re.search(r"url\(|@import|\bsrc=|\bhref=|\bon[a-z]+=|javascript:", text)


def test_policy_stands_before_all_that_it_governs(record: Record) -> None:
    text = page(record)
    assert text.index("Content-Security-Policy") < text.index("<style>")


def test_policy_lets_the_one_style_pass_and_nothing_else_asks_for_one(record: Record) -> None:
    text = page(record)
    (sheet,) = re.findall("<style>(.*?)</style>", text, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(sheet.encode()).digest()).decode()
    assert f"style-src 'sha256-{digest}';" in POLICY
    assert not re.search(r"<[^>]*\bstyle=", text)
    assert re.findall("base-uri|form-action", POLICY) == ["base-uri", "form-action"]


def test_hostile_names_are_text(record: Record) -> None:
    themes = tuple(replace(theme, name=HOSTILE) for theme in record.themes)
    data = replace(record.data, sources=(HOSTILE,))
    text = page(replace(record, themes=themes, data=data, name=HOSTILE, date=HOSTILE, versions={HOSTILE: HOSTILE}))
    assert set(tags(text)) <= KNOWN
    assert "<script" not in text
    assert "<img" not in text
    assert (tree(text).findtext("head/title") or "").startswith(HOSTILE)


def test_same_bytes_for_the_same_record(record: Record) -> None:
    assert page(record) == page(made_record())


def test_light_dark_and_print_have_their_colours() -> None:
    names = [set(re.findall(r"--([a-z]+):", colours)) for colours in (LIGHT, DARK)]
    assert names[0] == names[1] == set(re.findall(r"var\(--([a-z]+)\)", STYLE))
    assert "@media screen and (prefers-color-scheme:dark)" in STYLE
    assert "@media print" in STYLE


def test_every_class_of_a_picture_has_a_style(record: Record) -> None:
    used = {name for node in tree(page(record)).iter() for name in (node.get("class") or "").split()}
    assert used <= set(re.findall(r"\.([a-z]+)\b", STYLE))


def test_chinese_and_english_stand_side_by_side(record: Record) -> None:
    text = page(record)
    for chinese, english in (("局限", "Limits"), ("概率校准", "Calibration"), ("召回率", "recall")):
        assert f'{chinese} <span lang="en">{english}</span>' in text


@pytest.mark.parametrize(
    ("changes", "heading"),
    [
        ({"curve": (Learnt(50, Interval(0.6, 0.5, 0.7)), Learnt(99, Interval(0.7, 0.6, 0.8)))}, "学习曲线"),
        ({"origins": (OriginRecord("real", 9, 30, None),)}, "按来源"),
    ],
)
def test_section_stands_only_where_there_is_something_to_show(
    record: Record, changes: dict[str, object], heading: str
) -> None:
    assert f"<h2>{heading}" not in page(record)
    assert f"<h2>{heading}" in page(replace(record, **changes))  # type: ignore[arg-type]


def test_roles_are_left_out_where_none_is_labelled(record: Record) -> None:
    empty = tuple((0.0,) * len(record.roles) for _ in record.roles)
    assert "<h2>作用" not in page(replace(record, role_confusion=empty))


def test_many_themes_are_summed_in_the_confusion_map() -> None:
    text = page(made_record(tuple(f"主题{k}" for k in range(MOST_DRAWN + 6))))
    assert "其余 others" in text
    assert len(text) < 400_000
