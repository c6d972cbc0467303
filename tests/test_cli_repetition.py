"""Repetition on the command line: what is learnt and shown, and what the file changes in reports that are written."""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from govtext.boilerplate.marks import OF_THE_SITE, copied_from_others, marked, without_lines
from govtext.boilerplate.repetition import RepetitionModel
from govtext.cli import main
from govtext.document import Element, Elements, LabelledReport, Part, RecurringLine, Repair, Source, Stretch
from govtext.writing import Entry, Look, page
from pages_of_a_site import page as site_page
from pages_of_a_site import sentence
from test_cli import FakeModel, lines, write

pytest.importorskip("datasketch", reason="repeated passages need datasketch: pip install 'govtext[repetition]'")

Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Calls the command line with a model that knows no site's line, in a folder with five pages of one."""
    monkeypatch.setattr("govtext.cli.run.load", lambda path=None, sha256=None: FakeModel())
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "100")
    for number in range(5):
        name, text = site_page(number, front="一、主要工作", before=sentence(50) if number < 2 else "")
        write(f"pages/{name}", text)

    def call(*arguments: str, stdin: str | bytes | None = None) -> Result:
        return CliRunner().invoke(main, list(arguments), input=stdin)

    return call


def labelled(text: str, name: str = "here.txt") -> LabelledReport:
    return FakeModel().classify(text.encode(), name=name)


def recurring(text: str, line: str) -> RecurringLine:
    start = text.index(line)
    return RecurringLine(start, start + len(line), 5, 1, 1.0, 1.0, True, "in 5 other reports, beside the same line")


def test_table_shows_the_sites_lines_and_those_that_stay_with_why(run: Run) -> None:
    result = run("repetition", "pages", "-o", "s.repetition")
    assert (result.exit_code, result.stderr) == (0, "")
    head, *rows, last = result.stdout.splitlines()
    assert re.fullmatch(r"others +verdict +line +why", head)
    assert [re.split(r" {2,}", row.strip()) for row in rows] == [
        ["4", "× nav", "打印本页", "beside the same line, outside the prose"],
        ["4", "× nav", "青禾资料网", "beside the same line, outside the prose"],
        ["4", "stays", "一、主要工作", "numbered as a heading"],
    ]
    assert re.fullmatch(
        r"s\.repetition: 5 reports; recurring lines: 2 of the site, 1 of the reports; SHA-256 [0-9a-f]{64}", last
    )


def test_json_says_the_same_in_one_object(run: Run) -> None:
    (said,) = lines(run("repetition", "pages", "-o", "s.repetition", "--json", "--top", "1"))
    assert (said["file"], said["reports"], said["whole"]) == ("s.repetition", 5, True)
    assert (said["lines_of_the_site"], said["lines_that_stay"]) == (2, 1)
    assert said["lines"] == [
        {
            "line": "打印本页",
            "other_reports": 4,
            "forms": 1,
            "beside": 1.0,
            "outside": 1.0,
            "boilerplate": "nav",
            "reason": "beside the same line, outside the prose",
        },
        {
            "line": "一、主要工作",
            "other_reports": 4,
            "forms": 1,
            "beside": 1.0,
            "outside": 1.0,
            "boilerplate": None,
            "reason": "numbered as a heading",
        },
    ]


@pytest.mark.parametrize(("top", "said"), [("0", r"^3 more lines; --top 2 shows all$"), ("2", None)])
def test_what_is_not_shown_is_counted(run: Run, top: str, said: str | None) -> None:
    shown = run("repetition", "pages", "-o", "s.repetition", "--top", top).stdout
    assert re.search(said or r"\A(?!.*more lines)", shown, re.MULTILINE | re.DOTALL)


def test_lines_that_differ_in_figures_are_one_row(run: Run) -> None:
    for number in range(5):
        write(f"more/{number}.txt", site_page(number, back=f"访问量：{number}")[1])
    (said,) = lines(run("repetition", "more", "-o", "s.repetition", "--json"))
    (row,) = [row for row in said["lines"] if row["line"].startswith("访问量")]  # type: ignore[attr-defined]
    assert row["forms"] == 4


def test_adding_in_steps_gives_the_file_of_all_at_once(run: Run) -> None:
    run("repetition", "pages", "-o", "all")
    run("repetition", "pages/0.txt", "pages/1.txt", "-o", "a")
    run("repetition", "pages/3.txt", "pages/4.txt", "pages/2.txt", "-o", "b")
    assert run("repetition", "pages/4.txt", "pages/3.txt", "pages/2.txt", "--add", "a", "-o", "a2").exit_code == 0
    merged = run("repetition", "--add", "a", "--add", "b", "-o", "a")
    assert re.fullmatch(r"a: 5 reports; SHA-256 [0-9a-f]{64}\n", merged.stdout)
    assert Path("all").read_bytes() == Path("a2").read_bytes() == Path("a").read_bytes()


def test_stdin_is_learnt_and_shown_too(run: Run) -> None:
    result = run("repetition", "pages", "-", "-o", "s", stdin=site_page(7)[1])
    assert "  5  × nav" in result.stdout
    assert "s: 6 reports" in result.stdout


def test_bad_report_gets_its_line_and_the_others_are_learnt(run: Run) -> None:
    Path("pages/x.txt").write_bytes(b"%PDF-1.7")
    result = run("repetition", "pages", "-o", "s")
    assert result.exit_code == 2
    assert re.fullmatch(r"govtext: pages/x\.txt: is damaged, or no PDF file; .*\n", result.stderr)
    assert RepetitionModel.load("s").n_reports == 5


def test_old_file_stays_where_nothing_could_be_read(run: Run) -> None:
    run("repetition", "pages", "-o", "s")
    before = Path("s").read_bytes()
    write("empty.txt", " ")
    assert run("repetition", "empty.txt", "--add", "s", "-o", "s").exit_code == 2
    assert before == Path("s").read_bytes()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["repetition", "-o", "s"], r"name reports to learn from \(INPUT…\), or files to put together \(--add\)"),
        (["repetition", "pages"], r"Missing option '-o'"),
        (["repetition", "pages", "-o", "pages"], r"^govtext: pages: is a folder; name a file to write to$"),
        (["repetition", "pages", "-o", "-"], r"^govtext: -: what is learnt is no text for stdout; name a file"),
        (["repetition", "pages", "-o", "no/s"], r"^govtext: no.s: its folder does not exist; make it first"),
        (["repetition", "pages", "-o", "pages/0.txt"], r"would overwrite a report that is to be read"),
        (["repetition", "pages", "-o", "s", "--add", "t"], r"^govtext: t: no such file; make one with: govtext rep"),
        (["clean", "pages", "--repetition", "t"], r"^govtext: t: no such file; make one with: govtext repetition REP"),
        (["classify", "pages", "--repetition", "pages/0.txt"], r"; name a file that govtext repetition has written$"),
        (["clean", "pages", "--repetition", "themes"], r"format 'govtext-model'; wanted 'govtext-rep.*; name a file "),
    ],
)
def test_bad_usage_names_the_next_step_and_ends_with_2(run: Run, arguments: list[str], said: str) -> None:
    bundled = Path(__file__).parents[1] / "models" / "govtext.safetensors"
    Path("themes").write_bytes(bundled.read_bytes())
    before = sorted(os.listdir())
    result = run(*arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert re.search(said, result.stderr, re.MULTILINE)
    assert before == sorted(os.listdir())


def test_files_of_different_size_do_not_go_together(run: Run) -> None:
    RepetitionModel(2_000_000).save("a")
    RepetitionModel(3_000_000).save("b")
    result = run("repetition", "--add", "a", "--add", "b", "-o", "c")
    assert result.exit_code == 2
    assert re.match(r"govtext: b: does not go with the files before it: .*same most_bytes", result.stderr)


@pytest.mark.parametrize("verb", [["repetition"], ["classify", "--repetition", "s"], ["clean", "--repetition", "s"]])
def test_missing_extra_is_named_in_one_line(run: Run, verb: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    run("repetition", "pages", "-o", "s")
    monkeypatch.setitem(sys.modules, "datasketch", None)
    result = run(*verb, "pages", "-o", "o")
    assert result.exit_code == 2
    assert re.fullmatch(r"govtext: datasketch is not installed, .*pip install 'govtext\[repetition\]'\n", result.stderr)
    assert not Path("o").exists()


def test_clean_leaves_out_the_sites_lines_and_says_why(run: Run) -> None:
    run("repetition", "pages", "-o", "s")
    plain, result = run("clean", "pages/3.txt"), run("clean", "pages/3.txt", "--repetition", "s", "--explain")
    assert [x for x in plain.stdout.splitlines() if x not in ("青禾资料网", "打印本页")] == result.stdout.splitlines()
    first, last = result.stderr.splitlines()
    why = r" +in 4 other reports, beside the same line, outside the prose"
    assert re.fullmatch(r"pages/3\.txt:1  × nav +99%  青禾资料网" + why, first)
    assert re.fullmatch(r"pages/3\.txt:6  × nav +99%  打印本页" + why, last)


def test_clean_into_a_folder_marks_too(run: Run) -> None:
    run("repetition", "pages", "-o", "s")
    Path("out").mkdir()
    run("clean", "pages", "-o", "out", "--repetition", "s")
    assert not [p.name for p in Path("out").iterdir() if "打印本页" in p.read_text(encoding="utf-8")]


def test_classify_flags_lines_and_names_copies(run: Run) -> None:
    run("repetition", "pages", "-o", "s")
    first, *_, last = [json.loads(x) for x in run("classify", "pages", "--repetition", "s").stdout.splitlines()]
    flagged = [p["text"] for p in first["paragraphs"] if p["boilerplate"] == "nav"]
    assert flagged == ["青禾资料网", "打印本页"]
    (copy,) = first["copied"]
    text = Path("pages/1.txt").read_text(encoding="utf-8")
    assert (copy["other"], text[copy["other_start"] : copy["other_end"]]) == ("pages/1.txt", sentence(50))
    assert last["copied"] == []
    shown = run("classify", "pages/0.txt", "--repetition", "s", "-f", "text").stdout
    assert re.search(r"^= copied +“当月.*… +100% as in pages/1\.txt$", shown, re.MULTILINE)
    assert "1 copied passage ·" in shown or "1 copied passage\n" in shown


def test_the_same_file_named_from_another_folder_is_no_copy_of_itself() -> None:
    name, text = site_page(0, back=sentence(50))
    model = RepetitionModel().fit([(f"pages/{name}", text), ("pages/1.txt", site_page(1, back=sentence(50))[1])])
    for here in ("pages/0.txt", "0.txt", "/srv/pages/0.txt"):
        assert {"pages/1.txt"} == {c.other for c in copied_from_others(Source(text, here), model)}
    assert {"pages/0.txt"} == {c.other for c in copied_from_others(Source(text, "2.txt"), model)}
    altered = Source("转载\n" + text, "0.txt")
    assert "pages/0.txt" in {c.other for c in copied_from_others(altered, model)}


def test_a_file_learnt_under_two_names_is_no_copy_of_itself() -> None:
    text = sentence(1)
    model = RepetitionModel().fit([("a/x.txt", text), ("x.txt", text), ("b/y.txt", f"乙\n{text}")])
    assert {c.other for c in copied_from_others(Source(text, "c/x.txt"), model)} <= {"b/y.txt"}


def test_a_flagged_heading_leaves_the_outline_the_paths_and_the_repairs() -> None:
    text = "一、收藏本页\n走访企业。\n一、人才\n引进五人。\n"
    report = labelled(text)
    paths = ((), ("一、收藏本页",), (), ("一、人才",))
    report = replace(
        report,
        paragraphs=tuple(replace(p, path=path) for p, path in zip(report.paragraphs, paths)),
        repairs=(Repair(0, "doubled", 1), Repair(2, "doubled", 1)),
        stretches=(Stretch(2, 4, "mask", "masked"), Stretch(7, 9, "mask", "masked")),
    )
    found = without_lines(report, [recurring(text, "一、收藏本页")])
    assert [p.path for p in found.paragraphs] == [(), (), (), ("一、人才",)]
    assert [e.heading for e in found.outline()] == ["一、人才"]
    assert [r.paragraph for r in found.repairs] == [2]
    assert [s.start for s in found.stretches] == [7]
    first = found.paragraphs[0]
    assert (first.kind, first.boilerplate, first.verdict.score, first.level) == (
        "boilerplate",
        "nav",
        OF_THE_SITE,
        None,
    )
    assert (first.labels, dict(first.themes), first.role, first.alone) == ((), {}, None, report.paragraphs[0].alone)


@pytest.mark.parametrize(("kind", "flagged"), [("body", True), ("meta", True), ("title", False)])
def test_a_title_stays_whatever_recurs(kind: str, flagged: bool) -> None:
    text = "青禾资料网\n走访企业。\n"
    report = labelled(text)
    report = replace(report, paragraphs=(replace(report.paragraphs[0], kind=kind), *report.paragraphs[1:]))
    found = without_lines(report, [recurring(text, "青禾资料网")])
    assert flagged is (found.paragraphs[0].boilerplate is not None)


@pytest.mark.parametrize(("issuer", "flagged"), [("青禾县科技局", False), ("走访企业。", True)])
def test_a_line_that_holds_an_element_stays(issuer: str, flagged: bool) -> None:
    text = "走访企业。\n青禾县科技局\n"
    start = text.index(issuer)
    element = Element(start, start + len(issuer), issuer, issuer)
    report = replace(labelled(text), parts=(Part(0, 2, None, Elements(issuer=element)),))
    found = without_lines(report, [recurring(text, "青禾县科技局")])
    assert flagged is (found.paragraphs[1].boilerplate is not None)


def test_a_line_that_is_junk_already_keeps_its_verdict() -> None:
    text = "走访企业。\n×药店总结\n"
    report = labelled(text)
    assert report == without_lines(report, [recurring(text, "×药店总结")])


@pytest.mark.parametrize(("first", "joined"), [(False, False), (True, True)])
def test_the_rest_of_a_flagged_line_is_not_joined_to_what_stands_before(first: bool, joined: bool) -> None:
    text = "走访企业\n收藏本页\n解决难题。\n"
    report = labelled(text)
    a, b, c = report.paragraphs
    report = replace(report, paragraphs=(a, replace(b, continues=first), replace(c, continues=True)))
    found = without_lines(report, [recurring(text, "收藏本页")])
    assert found.body() == ("走访企业解决难题。\n" if joined else "走访企业\n解决难题。\n")


def test_all_pieces_of_a_recurring_line_are_flagged_and_no_other() -> None:
    text = "收藏 打印\n收藏 打印 走访企业。\n"
    report = labelled(text)
    p = report.paragraphs[0]
    halves = (replace(p, end=3, text="收藏"), replace(p, start=3, text="打印"))
    report = replace(report, paragraphs=(*halves, report.paragraphs[1]))
    found = without_lines(report, [recurring(text, "收藏 打印")])
    assert [q.boilerplate for q in found.paragraphs] == ["nav", "nav", None]


def test_marking_loses_no_character_and_marking_again_changes_nothing() -> None:
    docs = [site_page(n) for n in range(5)]
    model = RepetitionModel().fit(docs)
    report = labelled(docs[0][1], docs[0][0])
    once = marked(report, model)
    assert "".join(once.text[p.start : p.end] for p in once.paragraphs) == docs[0][1]
    assert once != report
    assert once == marked(once, model)


def test_page_names_copies_under_the_paragraph_they_begin_in() -> None:
    text = f"走访企业。\n{sentence(1)}\n引进五人。\n"
    model = RepetitionModel().fit([("other.txt", sentence(1))])
    (shown,) = page([Entry("a", "a.txt", marked(labelled(text), model))], Look())
    *_, paragraph, copy, last = shown.splitlines()
    assert "当月" in paragraph
    assert re.match(r"= copied .*“当月.* 100% as in other\.txt$", copy)
    assert "引进五人" in last
