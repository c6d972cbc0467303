"""Reasons: they add up to what the model computes, and asking for them changes nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner, Result
from hypothesis import given, settings
from hypothesis import strategies as st

import govtext
from govtext.boilerplate.context import CLASSES, N_CONTENT, context_features, n_context_features
from govtext.boilerplate.detector import LineModel
from govtext.boilerplate.explain import GROUPS, NEIGHBOURS, LineReasons, column_groups, explain_lines
from govtext.boilerplate.lines import Lines, to_lines
from govtext.cli import main
from govtext.document import BOILERPLATE_KINDS, LabelledReport, Repair, Source
from govtext.layout import line_reasons
from govtext.segmentation.sequence import REPAIRS as KINDS_OF_REPAIR
from govtext.training.corpus import read_corpus
from govtext.writing import Entry, Look, json_lines
from govtext.writing.explain import REPAIRS, line_numbers, repaired

ROOT = Path(__file__).parent.parent
AUTHORED = ["A000", "A083", "A116", "A167", "B020"]
PAGE = """当前位置：首页>工作总结
云岭县科技局2021年工作总结
一、主要工作
（一）培育企业。全年入库科技型中小企业64家，认定高新技术企业12家，兑现奖补资金850万元。
（二）搭建平台。新增研发平台3家，服务企业120家。
（六）引进人才。引进专家五名，建立工作站两个。
（四）加强宣传。开展科普活动12场，发放资料三千份。
四、存在问题
专业人员偏少，研发投入不足。
上一篇：云岭县教育局2021年工作总结
相关文章：
云岭县农业局2021年工作总结 12-30
"""
WRAPPED = (
    "云岭县科技局2021年工作总结\n一、主要工作\n"
    "（一）培育企业。全年入库科技型中小企业64家，认定高新\n技术企业12家，帮助企业兑现奖补资金850万元，新增研发\n平台3家。\n"
)
LINES = PAGE.splitlines(keepends=True)
TEXTS = st.one_of(
    st.text(max_size=40),
    st.lists(st.sampled_from([*LINES, "三、存在问题", "1.", "\n", "\u3000", "\ud800", "市" * 20]), max_size=14).map(
        "".join
    ),
)
Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Calls the command line in a folder that holds the page."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "100")
    Path("a.txt").write_text(PAGE, encoding="utf-8")

    def call(*arguments: str) -> Result:
        return CliRunner().invoke(main, list(arguments))

    return call


def lines_of(text: str) -> Lines:
    return to_lines(text.splitlines())


def model() -> LineModel:
    return govtext.load().structure.lines


def decided(text: str) -> list[str]:
    """The class of each line of a text."""
    return [kind.name for kind in model().classify(lines_of(text), text.splitlines())]


def explained(text: str, classes: Sequence[str]) -> list[LineReasons]:
    """Why its lines are of these classes."""
    return explain_lines(model(), lines_of(text), text.splitlines(), classes)


def written(report: LabelledReport) -> str:
    return "".join(json_lines([Entry("a", "a.txt", report)], Look()))


def reasons_by_text(text: str) -> dict[str, LineReasons]:
    report = govtext.classify(text)
    reasons = govtext.load().reasons(report)
    return {p.text: reasons[p.start] for p in report.paragraphs if p.start in reasons}


def check_sums(text: str) -> None:
    reasons = explained(text, decided(text))
    lines, _ = model().read(lines_of(text), text.splitlines())
    alone, cues = model().first_pass(lines)
    together = model().second_pass(alone, cues, lines)
    scores = model().alone.scores(lines.ends(), cues)
    assert len(text.splitlines()) == len(reasons)
    for i, why in enumerate(reasons):
        chosen, other = CLASSES.index(why.decided), CLASSES.index(why.against)
        assert list(GROUPS) == [name for name, _ in why.shares]
        assert why.margin == pytest.approx(sum(share for _, share in why.shares), abs=1e-9)
        assert why.own == pytest.approx(sum(weight for _, weight in why.words) + why.own_usual, abs=1e-9)
        assert why.own == pytest.approx(scores[i, chosen] - scores[i, other], abs=1e-5)
        # Where a run-in heading has no place, its probability has gone to the body.
        if lines.run_in[i] or "body" not in (why.decided, why.against):
            assert why.margin == pytest.approx(np.log(together[i, chosen] / together[i, other]), abs=1e-6)


def test_every_column_of_the_second_pass_has_a_group() -> None:
    assert n_context_features() == len(column_groups())
    assert set(column_groups()) == set(GROUPS) - {"usual"}


def test_what_stands_around_a_line_moves_only_the_columns_of_its_groups() -> None:
    lines, others = (
        lines_of(f"一、主要工作\n走访企业120家。\n{last}") for last in ("（一）企业服务\n", "上一篇：要点｜3\n")
    )
    (alone, cues), (other, other_cues) = model().first_pass(lines), model().first_pass(others)
    one, two = context_features(alone, cues, lines), context_features(other, other_cues, others)
    moved = {name for name, a, b in zip(column_groups(), one[1], two[1], strict=True) if a != b}
    assert {"near", "after", "document"} <= moved
    assert moved <= {*NEIGHBOURS}
    changed = {name for name, a, b in zip(column_groups(), one[2], two[2], strict=True) if a != b}
    assert {"alone", "shape", "rules"} <= changed


def test_neighbours_change_what_becomes_of_a_line_but_not_what_it_is_alone() -> None:
    first = "云岭县教育局2021年工作总结\n"
    one, two = (
        explained(first + rest, ["title"] * (1 + rest.count("\n")))[0]
        for rest in ("专业人员偏少。\n", "相关文章：\n上一篇：工作要点\n")
    )
    assert one.alone == two.alone
    assert one.together > two.together
    for why in (one, two):
        assert why.neighbours == pytest.approx(sum(share for name, share in why.shares if name in NEIGHBOURS))


def test_a_rule_that_fires_has_a_share_and_one_that_does_not_has_none() -> None:
    (fired,) = explained("上一篇：工作要点\n", ["related"])
    (silent,) = explained("专业人员偏少。\n", ["body"])
    assert dict(fired.shares)["rules"] != 0
    assert fired.rules == ("link to the previous or next page",)
    assert dict(silent.shares)["rules"] == 0
    assert silent.rules == ()


def test_reasons_add_up() -> None:
    check_sums(PAGE)


def test_reasons_of_a_line_that_is_read_without_junk_add_up() -> None:
    text = f"关于科技工作情况的汇报PAGE \\* MERGEFORMAT 3\n{PAGE}"
    read = model().read(lines_of(text), text.splitlines()).lines
    assert read.text(0) == "关于科技工作情况的汇报"
    check_sums(text)


@given(TEXTS.filter(str.splitlines))
@settings(max_examples=20, deadline=None)
def test_reasons_add_up_for_any_lines(text: str) -> None:
    check_sums(text)


def test_one_class_for_each_line_is_wanted() -> None:
    with pytest.raises(ValueError, match="shorter"):
        explained("甲\n乙\n", ["body"])


@pytest.mark.parametrize("text", ["", "\n", " \n\n"])
def test_text_without_lines_has_no_reasons(text: str) -> None:
    assert line_reasons(text, govtext.load().structure) == {}
    assert explained("", []) == []


@pytest.mark.parametrize("text", [PAGE, WRAPPED, PAGE.replace("\n", "")], ids=["page", "wraps", "flat"])
def test_probabilities_are_those_of_the_verdicts(text: str) -> None:
    report = govtext.classify(text)
    reasons = govtext.load().reasons(report)
    for p in report.paragraphs:
        why = reasons.get(p.start)
        if why is not None and p.boilerplate is not None:
            assert p.boilerplate == why.decided
            assert (p.alone.score, p.verdict.score) == pytest.approx((why.alone, why.together))
            assert why.against in CLASSES[:N_CONTENT]
        elif why is not None:
            assert why.decided not in BOILERPLATE_KINDS
            assert (p.level is not None) == (why.decided in ("heading", "run-in"))


def test_every_line_has_its_reasons_and_the_rest_of_a_wrapped_one_has_none() -> None:
    report = govtext.classify(WRAPPED)
    reasons = govtext.load().reasons(report)
    assert [p.start for p in report.paragraphs if not p.continues] == sorted(reasons)
    assert any(p.continues for p in report.paragraphs)


@pytest.fixture(scope="module")
def authored() -> dict[str, str]:
    paths = [ROOT / "corpus" / "authored" / f"{name}.tsv" for name in AUTHORED]
    if missing := [path for path in paths if not path.is_file()]:
        pytest.skip(f"{missing[0].name} is not there: the corpus is part of a checkout only")
    return {document.id: document.text for document in read_corpus(paths, govtext.bundled_taxonomy())}


@pytest.mark.parametrize("name", AUTHORED)
def test_explaining_an_authored_report_changes_no_verdict(name: str, authored: dict[str, str]) -> None:
    check_unchanged(authored[name])


@given(TEXTS.filter(str.strip))
@settings(max_examples=12, deadline=None)
def test_explaining_changes_no_verdict_of_any_text(text: str) -> None:
    check_unchanged(text)


def check_unchanged(text: str) -> None:
    before = govtext.classify(Source(text))
    bytes_before = written(before)
    reasons = govtext.load().reasons(before)
    said = [why.in_words() for why in reasons.values()]
    assert all(said)
    assert bytes_before == written(before)
    after = govtext.classify(Source(text))
    assert bytes_before == written(after)
    assert before == after
    assert reasons == govtext.load().reasons(after)


def test_a_fired_rule_and_the_neighbours_are_said() -> None:
    first, *others = reasons_by_text(PAGE)["上一篇：云岭县教育局2021年工作总结"].in_words()
    assert first.startswith("related rather than ")
    assert " alone, " in first
    assert "among its neighbours (they add " in first
    assert others[-1] == "rules: link to the previous or next page"


def test_a_heading_says_its_marker_and_a_line_of_junk_says_none() -> None:
    reasons = reasons_by_text(PAGE)
    assert "marker: chinese" in reasons["一、主要工作"].in_words()
    assert not any(s.startswith("marker") for s in reasons["相关文章："].in_words())


def test_a_heading_that_the_line_model_doubts_says_that_the_outline_decided() -> None:
    line = "专业人员偏少，研发投入不足。\n"
    (doubted,), (believed,) = explained(line, ["heading"]), explained(line, decided(line))
    assert doubted.margin < 0 < believed.margin
    assert doubted.in_words()[0].endswith("; the outline as a whole decided")
    assert "outline" not in believed.in_words()[0]


def test_words_are_quoted_with_the_ends_of_the_line() -> None:
    (why,) = explained("相关文章：\n", ["related"])
    names = {name for name, _ in why.words}
    assert any(name.startswith("“^") for name in names)
    assert any(name.endswith("$”") for name in names)
    assert not any("\ue000" in name or "\ue001" in name for name in names)
    strengths = [abs(weight) for _, weight in why.words]
    assert strengths == sorted(strengths, reverse=True)


def test_every_kind_of_repair_has_its_words() -> None:
    assert set(KINDS_OF_REPAIR) == set(REPAIRS)
    for kind in KINDS_OF_REPAIR:
        assert repaired(Repair(0, kind, 3)) == REPAIRS[kind].replace("{number}", "3")
    assert repaired(None) == ""


def test_lines_are_counted_from_1() -> None:
    assert list(line_numbers("甲\n乙\n\n丙", [0, 2, 3, 5])) == [1, 2, 2, 4]


@pytest.mark.parametrize("verb", ["clean", "outline"])
def test_explain_leaves_stdout_and_the_file_as_they_are(verb: str, run: Run) -> None:
    plain, explained = run(verb, "a.txt"), run(verb, "a.txt", "--explain")
    assert (plain.exit_code, explained.exit_code) == (0, 0)
    assert plain.stdout == explained.stdout
    assert plain.stderr == ""
    assert explained.stderr != ""
    run(verb, "a.txt", "-o", "one.txt")
    run(verb, "a.txt", "--explain", "-o", "two.txt")
    assert Path("one.txt").read_bytes() == Path("two.txt").read_bytes()


def test_outline_explains_each_heading_once_and_in_order(run: Run) -> None:
    said = run("outline", "a.txt", "--explain").stderr.splitlines()
    heads = [line for line in said if not line.startswith(" ")]
    assert [e.heading for e in govtext.classify(PAGE).outline()] == [line.split("  ")[2] for line in heads]
    assert heads[0].startswith("a.txt:3  level 1  一、主要工作")
    assert [line.split("  ")[-1].strip() for line in heads if "（六）" in line] == ["its number taken for 3"]


def test_clean_explains_each_piece_under_its_line(run: Run) -> None:
    said = run("clean", "a.txt", "--explain").stderr.splitlines()
    heads = [line.split("  ")[0] for line in said if not line.startswith(" ")]
    assert heads == ["a.txt:1", "a.txt:10", "a.txt:11", "a.txt:12"]
    assert said[1].startswith("    nav rather than ")


@pytest.mark.parametrize("verb", ["clean", "outline"])
def test_help_tells_of_explain(verb: str, run: Run) -> None:
    said = run(verb, "--help").output
    assert f"govtext {verb} " in said
    assert said.count("--explain") >= 3
