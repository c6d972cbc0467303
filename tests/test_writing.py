"""Writing: a labelled report as JSON lines, table, page; files that are the old one or the new one."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import stat
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govtext.document import LabelledParagraph, LabelledReport, Source, Stretch, Verdict
from govtext.errors import GovtextError
from govtext.writing import WRITERS, Entry, Look, Replacement, clean, defuse, file_names, outline, removed, undo
from govtext.writing.jsonl import to_object
from govtext.writing.width import columns, cut, padded

NAMES = {"party_building": "党建廉政", "enterprise_service": "企业服务"}
CONTENT = Verdict(None, 0.01, "no rule")
RELATED = Verdict("related", 0.98765432, "ends in a month and day")
TEXT = (
    "区科技局工作总结\n"
    "一、上半年工作\n"
    "1、抓学习。支部在20nn年学习四次,`查出问题九个。\n"
    "走访企业三十家,解决难题十二个,企业反映很好,今后还要继续走下去,每月至少一次,年底向全体干部报告结果。\n"
    "\n"
    "药店工作总结06-26\n"
)


def labelled(
    text: str,
    piece: str,
    kind: str,
    *,
    level: int | None = None,
    heading_end: int | None = None,
    path: tuple[str, ...] = (),
    labels: tuple[str, ...] = (),
    role: str | None = None,
    formulaic: bool = False,
) -> LabelledParagraph:
    """The paragraph of `text` that is `piece`."""
    start = text.index(piece)
    verdict = RELATED if kind == "boilerplate" else CONTENT
    return LabelledParagraph(
        start=start,
        end=start + len(piece) + 1,
        kind=kind,
        level=level,
        marker=None,
        heading_end=heading_end,
        path=path,
        alone=verdict,
        verdict=verdict,
        text=piece.strip(),
        heading=piece if kind == "heading" else text[start:heading_end] if heading_end else None,
        themes={code: 0.9512345 if code in labels else 0.0412345 for code in NAMES},
        labels=labels,
        role=role,
        role_score=0.5 if role else None,
        formulaic=formulaic,
        formulaic_score=0.5 if role else None,
    )


def report(text: str = TEXT) -> LabelledReport:
    """A report with every kind of line, blank ones too, one masked value and one injected mark."""
    lines = text.split("\n")
    first, second = "一、上半年工作", "1、抓学习。"
    run_in_end = text.index(second) + len(second)
    path = (first,)
    paragraphs = (
        labelled(text, lines[0], "title"),
        labelled(text, lines[1], "heading", level=1),
        labelled(
            text, lines[2], "body", level=2, heading_end=run_in_end, path=path, role="done", labels=("party_building",)
        ),
        labelled(
            text, lines[3], "body", path=(first, second), role="plan", labels=("enterprise_service",), formulaic=True
        ),
        labelled(text, lines[5], "boilerplate"),
    )
    mask, mark = text.index("20nn年"), text.index("`")
    stretches = (
        Stretch(mask, mask + 5, "mask", "year without digits"),
        Stretch(mark, mark + 1, "promo", "stray backtick"),
    )
    return LabelledReport(Source(text, "a.txt", "gb18030", 2), paragraphs, stretches, "ab" * 32, NAMES)


def one_paragraph(text: str) -> LabelledReport:
    """A report that is one paragraph of the given text."""
    p = labelled("一", "一", "body", role="done")
    values = {name: getattr(p, name) for name in p.__dataclass_fields__} | {"end": len(text), "text": text}
    return LabelledReport(Source(text), (LabelledParagraph(**values),), (), "0" * 64, NAMES)


def written(form: str, *reports: LabelledReport, look: Look = Look()) -> str:  # noqa: B008 - frozen
    """All that a format writes for the reports."""
    entries = [Entry(f"r{number}", f"r{number}.txt", r) for number, r in enumerate(reports)]
    return "".join(WRITERS[form](entries, look))


def test_json_line_holds_what_the_yardstick_reads() -> None:
    (line,) = written("jsonl", report()).splitlines()
    value = json.loads(line)
    reported = {"id", "file", "encoding", "replaced", "model", "title", "paragraphs", "stretches", "outline"}
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


@given(st.text(st.characters(), min_size=1))
def test_json_line_is_one_line_and_strict_for_any_text(text: str) -> None:
    line = written("jsonl", one_paragraph(text))
    assert line.encode("utf-8").decode("utf-8").splitlines(keepends=True) == [line]

    def refuse(constant: str) -> None:
        raise AssertionError(constant)

    got = json.loads(line, parse_constant=refuse)["paragraphs"][0]["text"]
    assert got == re.sub("[\ud800-\udfff]", "\ufffd", text)


def test_a_score_that_is_no_number_is_never_written() -> None:
    p = labelled("一", "一", "body")
    bad = {name: getattr(p, name) for name in p.__dataclass_fields__} | {"role_score": float("nan")}
    r = LabelledReport(Source("一"), (LabelledParagraph(**bad),), (), "0" * 64, NAMES)
    with pytest.raises(ValueError, match="not JSON compliant"):
        written("jsonl", r)


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


TRIGGERS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1", "＋1", "－1", "＠1", "﹦1", "\t1", "\n1"]


@pytest.mark.parametrize("lead", ["", " ", "\N{IDEOGRAPHIC SPACE}", '"', "'", ' "', "' "])
@pytest.mark.parametrize("trigger", TRIGGERS)
def test_formula_in_any_width_and_behind_any_space_is_defused(trigger: str, lead: str) -> None:
    (row,) = table(written("csv", one_paragraph(lead + trigger)))
    assert row["text"] == "'" + lead + trigger
    assert undo(row["text"]) == lead + trigger


@pytest.mark.parametrize("text", ["一、党建", "1-6月", "'tis", "“=”", "", " ", "1+1=2", "（＝）"])
def test_text_that_is_no_formula_is_left_alone(text: str) -> None:
    assert (defuse(text), undo(text)) == (text, text)


@given(st.text(st.sampled_from("'\" =＝-一a\t\n")) | st.text())
def test_defusing_is_undone_exactly(text: str) -> None:
    assert undo(defuse(text)) == text


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


def test_file_is_replaced_whole_and_keeps_its_mode(tmp_path: Path) -> None:
    path = tmp_path / "out.txt"
    path.write_text("old", encoding="utf-8")
    path.chmod(0o640)
    with Replacement(path) as file:
        file.write("新\ud800")
        assert path.read_text(encoding="utf-8") == "old"
    assert path.read_text(encoding="utf-8") == "新\ufffd"
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert os.listdir(tmp_path) == ["out.txt"]


def write_new(path: Path, *, then: Callable[[Replacement], None]) -> None:
    """Write `new` in place of the file, and let something happen before the end."""
    with Replacement(path) as file:
        file.write("new")
        then(file)


@pytest.mark.parametrize("error", [RuntimeError, KeyboardInterrupt])
def test_failure_midway_leaves_the_old_file(tmp_path: Path, error: type[BaseException]) -> None:
    def fail(_: Replacement) -> None:
        raise error("midway")

    path = tmp_path / "out.txt"
    path.write_text("old", encoding="utf-8")
    with pytest.raises(error, match="midway"):
        write_new(path, then=fail)
    assert path.read_text(encoding="utf-8") == "old"
    assert os.listdir(tmp_path) == ["out.txt"]


def full(*_: object) -> None:
    """What a full disk says."""
    raise OSError(28, "No space left on device")


def fill_file(replacement: Replacement) -> None:
    """The next write finds the disk full."""
    assert replacement._file is not None
    replacement._file.close()
    replacement._file = type("Full", (io.BytesIO,), {"write": full})()
    replacement.write("more")


@pytest.mark.parametrize("step", ["write", "fsync", "replace"])
def test_full_disk_leaves_the_old_file(tmp_path: Path, step: str, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "out.txt"
    path.write_text("old", encoding="utf-8")
    if step == "fsync":
        monkeypatch.setattr(os, "fsync", full)
    elif step == "replace":
        monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(GovtextError, match=r"out\.txt: cannot be written \(No space left"):
        write_new(path, then=fill_file if step == "write" else lambda _: None)
    assert path.read_text(encoding="utf-8") == "old"
    assert os.listdir(tmp_path) == ["out.txt"]


def test_link_is_followed(tmp_path: Path) -> None:
    (tmp_path / "real.txt").write_text("old", encoding="utf-8")
    (tmp_path / "link.txt").symlink_to("real.txt")
    with Replacement(tmp_path / "link.txt") as file:
        file.write("new")
    assert (tmp_path / "link.txt").is_symlink()
    assert (tmp_path / "real.txt").read_text(encoding="utf-8") == "new"


@pytest.mark.parametrize(("name", "said"), [("no/out.txt", "does not exist"), (".", "is a folder")])
def test_place_that_cannot_hold_a_file_is_refused(tmp_path: Path, name: str, said: str) -> None:
    with pytest.raises(GovtextError, match=said):
        Replacement(tmp_path / name)


BAD_NAMES = [
    "../x",
    "/etc/passwd",
    "a/../../b",
    "NUL",
    "con.txt",
    "a\\..\\b",
    "",
    ".",
    "..",
    "报" * 300,
    "a\ud800",
    "x:y",
    "a\nb",
    " ",
]


@pytest.mark.parametrize("identity", BAD_NAMES)
def test_file_name_stays_in_its_folder(identity: str, tmp_path: Path) -> None:
    (name,) = file_names([identity], ".txt")
    path = tmp_path / name
    path.write_text("", encoding="utf-8")
    assert [path] == list(tmp_path.iterdir())
    assert len(name.encode()) < 255
    assert not re.match(r"(?i)(con|nul)\.", name)


def test_file_names_differ_where_case_does_not_count() -> None:
    assert file_names(["a/b", "a_b", "A_B"], ".txt") == ["a_b.txt", "a_b-2.txt", "A_B-3.txt"]
