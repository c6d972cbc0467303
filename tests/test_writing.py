"""Writing: a labelled report as JSON lines, table and page."""

from __future__ import annotations

import csv
import io
import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govtext.writing import Entry, Look, clean, outline, removed
from govtext.writing.jsonl import to_object
from govtext.writing.width import columns, cut, padded
from made_labels import one_paragraph, report, written


def test_json_line_holds_what_the_yardstick_reads() -> None:
    (line,) = written("jsonl", report()).splitlines()
    value = json.loads(line)
    reported = {
        "id",
        "file",
        "encoding",
        "replaced",
        "format",
        "warnings",
        "model",
        "title",
        "paragraphs",
        "stretches",
        "outline",
    }
    assert reported | {"parts", "repairs", "copied"} == set(value)
    wanted = {
        "start",
        "end",
        "kind",
        "level",
        "heading_end",
        "boilerplate",
        "themes",
        "role",
        "formulaic",
        "text",
        "path",
    }
    assert all(wanted <= set(p) for p in value["paragraphs"])
    assert value["stretches"][0] == {"start": 26, "end": 31, "kind": "mask", "reason": "year without digits"}
    assert [e["heading"] for e in value["outline"]] == ["一、上半年工作", "1、抓学习。"]
    assert (value["encoding"], value["replaced"], value["model"]) == ("gb18030", 2, "ab" * 32)


def test_scores_have_four_decimals() -> None:
    value = to_object(Entry("a", "a.txt", report()))
    assert value["paragraphs"][2]["theme_scores"] == {"party_building": 0.9512, "enterprise_service": 0.0412}
    assert value["paragraphs"][4]["boilerplate_score"] == 0.9877


def table(text: str) -> list[dict[str, str]]:
    """The rows of a CSV text, by column."""
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline="")))


def test_csv_is_one_row_a_paragraph_with_a_column_a_theme() -> None:
    text = written("csv", report(), report())
    assert text.startswith("\ufeff")
    assert text.count("\ufeff") == text.count('"boilerplate_reason"') == 1
    rows = table(text)
    assert len(rows) == 10
    assert [r["paragraph"] for r in rows[:5]] == ["0", "1", "2", "3", "4"]
    assert (rows[2]["path"], rows[3]["path"]) == ("一、上半年工作", "一、上半年工作 > 1、抓学习。")
    assert (rows[2]["score_party_building"], rows[3]["formulaic"], rows[2]["formulaic"]) == ("0.9512", "1", "0")
    assert (rows[4]["boilerplate"], rows[4]["role"], rows[4]["role_score"]) == ("related", "", "")


def test_page_shows_title_tree_roles_themes_junk_and_stretches() -> None:
    page = written("text", report(), look=Look(width=100))
    assert page.splitlines()[0] == "区科技局工作总结"
    assert page.count("区科技局工作总结") == 1
    assert "r0.txt · gb18030 · 2 damaged bytes replaced · 2 headings · 2 paragraphs · 1 formulaic (套话)" in page
    assert "1 line of junk · 1 masked value · 1 piece of junk inside the text" in page
    assert re.search(r"^ {11}一、上半年工作$", page, re.MULTILINE)
    assert re.search(r"^ {13}1、抓学习。$", page, re.MULTILINE)
    assert re.search(r"^done {11}支部在20nn年学习四次,`查出问题九个。 +党建廉政 95%$", page, re.MULTILINE)
    assert re.search(r"^plan {11}走访企业三十家,.*… +企业服务 95%  套话$", page, re.MULTILINE)
    assert re.search(r"^× related  药店工作总结06-26 +99% ends in a month", page, re.MULTILINE)
    assert re.search(r"^~ mask +“20nn年” +year without digits$", page, re.MULTILINE)


@pytest.mark.parametrize("width", [50, 60, 80, 100, 200])
def test_page_keeps_to_the_width(width: int) -> None:
    page = written("text", report(), look=Look(width=width))
    assert max(columns(line) for line in page.splitlines()) <= width


def test_colours_change_nothing_but_colours() -> None:
    plain = written("text", report())
    coloured = written("text", report(), look=Look(colour=True))
    assert "\x1b[" not in plain
    assert re.sub(r"\x1b\[[0-9]+m", "", coloured) == plain
    assert "\x1b[2m药店工作总结06-26" in coloured


@given(st.text(st.characters(), min_size=1))
def test_page_never_lets_a_report_drive_the_terminal(text: str) -> None:
    page = written("text", one_paragraph(text))
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", page)


def test_outline_shows_headings_alone() -> None:
    lines = "".join(outline([Entry("a", "a.txt", report())], Look())).splitlines()
    assert lines[:2] == ["区科技局工作总结", "a.txt"]
    assert lines[3] == "一、上半年工作"
    assert re.fullmatch("  1、抓学习。 +党建廉政 95%", lines[4])
    assert len(lines) == 5


def test_outline_of_a_report_without_headings_says_so() -> None:
    assert "(no headings)" in "".join(outline([Entry("a", "a.txt", one_paragraph("一段话"))], Look()))


def test_clean_takes_junk_away_and_says_what() -> None:
    entry = Entry("a", "a.txt", report())
    (body,) = clean([entry], Look())
    assert "药店" not in body
    assert "`" not in body
    assert "20nn年" in body
    first, second = removed(entry, Look())
    assert re.fullmatch(r"a\.txt:3  ~ promo +` +stray backtick", first)
    assert re.fullmatch(r"a\.txt:6  × related +99%  药店工作总结06-26 +ends in a month and day", second)


def test_clean_puts_a_blank_line_between_reports() -> None:
    entry = Entry("a", "a.txt", one_paragraph("一段话"))
    assert "".join(clean([entry, entry], Look())) == "一段话\n\n一段话\n"


@pytest.mark.parametrize(
    ("text", "most", "shown"),
    [
        ("党建", 4, "党建"),
        ("党建工作", 7, "党建工…"),
        ("党建工作", 6, "党建…"),
        ("abc", 3, "abc"),
        ("abcd", 3, "ab…"),
        ("党 建", 4, "党…"),
    ],
)
def test_cut_counts_columns(text: str, most: int, shown: str) -> None:
    assert cut(text, most) == shown


def test_padding_counts_columns() -> None:
    assert padded("党建e\N{COMBINING ACUTE ACCENT}", 7) == "党建e\N{COMBINING ACUTE ACCENT}  "
