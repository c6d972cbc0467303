"""`govtext explain`: what it tells of which paragraphs and themes, on a page and in JSON."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

import govtext
from govtext.cli import main
from govtext.writing import Entry, Look
from govtext.writing.reasons import Wanted, reasons_page

PAGE = """云岭县科技局2021年工作总结
一、主要工作
（一）培育企业。全年入库科技型中小企业64家，认定高新技术企业12家，兑现奖补资金850万元。
（二）引进人才。引进专家五名，建立工作站两个。
相关文章：
云岭县农业局2021年工作总结 12-30
"""
WRAPPED = (
    "云岭县科技局2021年工作总结\n一、主要工作\n"
    "（一）培育企业。全年入库科技型中小企业64家，认定高新\n技术企业12家，帮助企业兑现奖补资金850万元，新增研发\n平台3家。\n"
)
COLOUR = re.compile("\x1b\\[[0-9]{1,2}m")
Run = Callable[..., Result]


@pytest.fixture(scope="module", autouse=True)
def loaded() -> None:
    """The model and jieba's dictionary, which are read once."""
    govtext.classify(PAGE).explain(2)


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Calls the verb in a folder that holds the pages."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "100")
    Path("a.txt").write_text(PAGE, encoding="utf-8")
    Path("b.txt").write_text("引进专家五名，建立工作站两个。\n", encoding="utf-8")

    def call(*arguments: str) -> Result:
        return CliRunner().invoke(main, ["explain", *arguments])

    return call


def objects(result: Result) -> list[dict[str, Any]]:
    assert result.exit_code == 0, result.output
    return [json.loads(line) for line in result.stdout.splitlines()]


def page(text: str, wanted: Wanted, *, colour: bool = False) -> str:
    entry = Entry("a", "a.txt", govtext.classify(text))
    return "".join(reasons_page([entry], Look(colour=colour), wanted))


def test_without_options_each_paragraph_tells_of_its_decided_themes(run: Run) -> None:
    (told,) = objects(run("a.txt", "--json"))
    report = govtext.classify(Path("a.txt"))
    decided = {i: list(p.labels) for i, p in enumerate(report.paragraphs) if p.labels}
    assert decided
    assert decided == {row["paragraph"]: [why["code"] for why in row["themes"]] for row in told["paragraphs"]}
    assert (told["id"], told["file"], told["model"]) == ("a", "a.txt", report.model_sha256)


def test_a_paragraph_tells_of_all_themes_and_with_a_theme_of_that_one(run: Run) -> None:
    (told,) = objects(run("a.txt", "--json", "--paragraph", "3"))
    assert [(row["paragraph"], len(row["themes"])) for row in told["paragraphs"]] == [(3, 12)]
    (told,) = objects(run("a.txt", "--json", "--paragraph", "3", "--theme", "administration"))
    assert [why["code"] for why in told["paragraphs"][0]["themes"]] == ["administration"]
    assert not told["paragraphs"][0]["themes"][0]["decided"]


def test_a_theme_may_be_named_by_code_or_name(run: Run) -> None:
    by_code, by_name = (objects(run("a.txt", "--json", "--theme", theme)) for theme in ("talent", "人才"))
    assert by_code == by_name
    themes = [row["themes"] for row in by_code[0]["paragraphs"]]
    assert themes
    assert all(len(found) == 1 and found[0]["code"] == "talent" for found in themes)


def test_the_shares_in_json_add_up(run: Run) -> None:
    (told,) = objects(run("a.txt", "--json", "--paragraph", "2"))
    for why in told["paragraphs"][0]["themes"]:
        by_character = sum(share for _, share in why["characters"])
        by_word = sum(word["share"] for word in why["words"])
        for total in (by_character, by_word):
            assert why["own"] == pytest.approx(why["intercept"] + why["elsewhere"] + total, abs=1e-6)
        assert why["score"] == pytest.approx(sum(why["inputs"].values()), abs=1e-6)
        assert why["score"] == pytest.approx(why["own"] + why["around"], abs=1e-6)
        assert all(PAGE[word["start"] : word["end"]] == word["text"] for word in why["words"])


def test_a_page_names_words_for_and_against_and_the_stages(run: Run) -> None:
    said = run("a.txt", "--paragraph", "2").stdout
    assert re.search(r"高企认定 [0-9]{1,2}% \(from [0-9]{1,2}%\)  score \+[0-9.]+: words \+[0-9.]+, second", said)
    assert re.search(r"\n    for       高新技术企业 \+[0-9.]+ · ", said)
    assert "\n    inputs    " in said
    assert "not decided, that needs" in said
    assert "#2  done  （一）培育企业。" in said


def test_equal_words_are_told_together() -> None:
    said = page(PAGE.replace("引进专家五名", "引进专家，聘请专家，留住专家"), Wanted(3, "talent"))
    assert re.search(r"for       .*专家 ×3 \+", said)
    assert "×1" not in said


def test_lines_that_a_wrap_cut_are_told_once_and_each_when_asked_for() -> None:
    report = govtext.classify(WRAPPED)
    rest = next(i for i, p in enumerate(report.paragraphs) if p.continues)
    told = [i for i, _ in Wanted().reasons(report)]
    assert rest not in told
    assert rest - 1 in told
    assert [i for i, _ in Wanted(rest).reasons(report)] == [rest]


def test_junk_says_that_it_has_no_themes(run: Run) -> None:
    assert "#4  boilerplate  相关文章：\n    no themes: related\n" in run("a.txt", "--paragraph", "4").stdout


def test_colours_mean_for_and_against_and_change_nothing_else() -> None:
    wanted = Wanted(2, "enterprise_service")
    plain, coloured = page(PAGE, wanted), page(PAGE, wanted, colour=True)
    assert not COLOUR.search(plain)
    for sign, colour in (("+", "32"), ("-", "31")):
        assert re.search(rf"\x1b\[{colour}m[^\x1b]+ [{sign}][0-9.]+\x1b\[0m", coloured)
    assert not re.search(r"\x1b\[31m[^\x1b]+ \+[0-9]", coloured)
    assert plain == COLOUR.sub("", coloured)


def test_on_a_terminal_the_words_of_a_decided_theme_are_marked_in_the_text() -> None:
    wanted = Wanted(2, "hightech_certification")
    coloured = page(PAGE, wanted, colour=True)
    assert "认定\x1b[0m\x1b[32m高新技术企业\x1b[0m" in coloured
    assert "    " + PAGE.splitlines()[2] in COLOUR.sub("", coloured)
    assert "    " + PAGE.splitlines()[2] not in page(PAGE, wanted)


def test_a_pipe_gets_no_colours(run: Run) -> None:
    assert "\x1b" not in run("a.txt", "--paragraph", "2").output


def test_a_text_cannot_drive_the_terminal() -> None:
    said = page(PAGE.replace("引进专家", "引进\x1b[2J专家\u202e"), Wanted(3), colour=False)
    assert "\x1b" not in said
    assert "\u202e" not in said


def test_a_report_without_such_a_paragraph_is_complained_of_and_the_others_are_told(run: Run) -> None:
    result = run("b.txt", "a.txt", "--paragraph", "3")
    assert result.exit_code == 2
    assert result.stderr == "govtext: b.txt: no paragraph 3; it has 1, counted from 0\n"
    assert "#3  done  （二）引进人才。" in result.stdout


def test_an_unknown_theme_names_those_that_there_are(run: Run) -> None:
    result = run("a.txt", "--theme", "talents")
    assert result.exit_code == 2
    assert result.stderr.startswith(
        "govtext: --theme 'talents': no such theme; the model has party_building (党建廉政), "
    )
    assert result.stderr.count("\n") == 1


def test_a_negative_paragraph_is_bad_usage(run: Run) -> None:
    result = run("a.txt", "--paragraph", "-1")
    assert result.exit_code == 2
    assert "-1 is not in the range x>=0" in result.stderr


def test_a_report_without_the_theme_says_so(run: Run) -> None:
    assert run("b.txt", "--theme", "rural_science").stdout.endswith("b.txt\n\n(nothing)\n")


def test_reasons_go_to_a_file(run: Run) -> None:
    stdout = run("a.txt", "--json").stdout
    assert run("a.txt", "--json", "-o", "reasons.jsonl").exit_code == 0
    assert stdout == Path("reasons.jsonl").read_text(encoding="utf-8")


def test_help_explains_the_two_stages_by_examples(run: Run) -> None:
    said = run("--help").output
    assert said.count("govtext explain ") >= 5
    assert "A score has two stages." in said
    assert "Paragraphs count from 0" in said
