"""Which paragraphs to label next: no copy twice, not too many of one report, the same whatever the order."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

import govtext
from govtext.cli import main
from govtext.cli import suggest as verb
from govtext.errors import BadConfig, BadCorpus
from govtext.taxonomy import Taxonomy, Theme
from govtext.training.corpus import LabelledDocument, Unit, read_corpus
from govtext.training.suggest import STRATEGIES, Candidate, Suggestion, candidates_of, suggest, to_draft, to_guess

TAXONOMY = Taxonomy((Theme("patents", "专利"), Theme("talent", "人才")))
WORDS = "授权发明专利引进博士人才举办科普讲座走访企业园区实验室开工验收项目资金绩效督查整改落实会议党员学习廉政风险"


def paragraph(seed: int, length: int = 60) -> str:
    """A text of its own for each seed."""
    return "".join(WORDS[(seed * 7919 + k * k * (seed + 3) + k * 31) % len(WORDS)] for k in range(length))


def candidate(text: str, *, report: str = "a", patents: float = 0.0, talent: float = 0.0) -> Candidate:
    """A paragraph of a report with its probabilities, decided from a half."""
    themes = {"patents": patents, "talent": talent}
    decided = tuple(code for code, p in themes.items() if p >= 0.5)
    return Candidate(
        report, f"{report}.txt", 3, 3 + len(text), text, "一、工作", "总结", themes, decided, "done", False
    )


def names(found: list[Suggestion]) -> list[str]:
    """The reports that the suggestions come from."""
    return [suggestion.candidate.report for suggestion in found]


def test_least_sure_comes_first() -> None:
    pool = [candidate(paragraph(k), report=str(k), patents=p) for k, p in enumerate((0.99, 0.55, 0.02, 0.7))]
    found = suggest(pool, TAXONOMY, n=3)
    assert names(found) == ["1", "3", "2"]
    assert [s.confidence for s in found] == pytest.approx([0.55, 0.7, 0.98])
    assert found[0].reason == "set of themes right with 0.55"


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_near_duplicates_are_suggested_once_and_labelled_ones_never(strategy: str) -> None:
    text, known = paragraph(1), paragraph(2)
    pool = [
        candidate(text, report="a", patents=0.6),
        candidate(text.replace("专利", "商标") + "2024年", report="b", patents=0.5),
        candidate(known, report="c", patents=0.5),
        candidate(paragraph(3), report="d", patents=0.7),
    ]
    labelled = LabelledDocument("k", known, (Unit(0, len(known), "p", "done", ("talent",), False, None),))
    found = names(suggest(pool, TAXONOMY, n=9, strategy=strategy, labelled=[labelled]))
    assert sorted(found) in (["a", "d"], ["b", "d"])


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_one_report_gives_no_more_than_its_share(strategy: str) -> None:
    pool = [candidate(paragraph(k), report="ab"[k > 6], patents=0.5, talent=0.4) for k in range(9)]
    found = names(suggest(pool, TAXONOMY, n=9, strategy=strategy, per_report=3))
    assert (found.count("a"), found.count("b")) == (3, 2)


@settings(max_examples=20)
@given(st.permutations(range(8)), st.sampled_from(sorted(STRATEGIES)))
def test_order_of_the_pool_changes_nothing(order: list[int], strategy: str) -> None:
    pool = [candidate(paragraph(k), report=str(k), patents=k % 3 / 3 + 0.1, talent=k / 9) for k in range(8)]
    expected = suggest(pool, TAXONOMY, n=5, strategy=strategy)
    assert expected == suggest([pool[k] for k in order], TAXONOMY, n=5, strategy=strategy)


def test_diverse_leaves_out_what_is_alike() -> None:
    base = paragraph(1, 80)
    # A third of the shingles is shared: no copies, but alike.
    pool = [candidate(base[:40] + paragraph(k, 40), report=str(k)) for k in (5, 6, 7)]
    pool += [candidate("春耕备耕农资调运良种推广测土配方施肥面积不断扩大" * 2, report="farm")]
    assert names(suggest(pool, TAXONOMY, n=2, strategy="diverse"))[1] == "farm"


def test_rare_theme_is_filled_up_first() -> None:
    pool = [candidate(paragraph(k), report=str(k), patents=0.9, talent=t) for k, t in enumerate((0.05, 0.3, 0.8, 0.2))]
    found = suggest(pool, TAXONOMY, n=3, strategy="rare", examples={"patents": 90, "talent": 2})
    assert names(found) == ["2", "1", "3"]
    assert found[0].reason == "talent 0.80, 2 examples"


def test_rare_theme_that_the_pool_does_not_hold_is_passed_over() -> None:
    pool = [candidate(paragraph(1), patents=0.9, talent=0.09)]
    found = suggest(pool, TAXONOMY, n=3, strategy="rare", examples={"patents": 90, "talent": 2})
    assert [s.reason for s in found] == ["patents 0.90, 90 examples"]


def test_nothing_to_choose_is_said() -> None:
    with pytest.raises(BadCorpus, match="no body paragraph of 15 characters in the reports; name reports with text"):
        suggest([], TAXONOMY, n=1)
    with pytest.raises(BadConfig, match="strategy 'best'; wanted one of uncertain, diverse, rare"):
        suggest([candidate(paragraph(1))], TAXONOMY, n=1, strategy="best")
    with pytest.raises(BadConfig, match="0 paragraphs, 5 a report; wanted at least one of each"):
        suggest([candidate(paragraph(1))], TAXONOMY, n=0)


def test_command_line_offers_the_strategies_there_are() -> None:
    assert tuple(STRATEGIES) == verb.STRATEGIES


REPORT = (
    "关于科技工作的总结\n一、服务企业\n走访企业120家，帮助36家解决融资难题，兑现奖补。\n"
    "二、培育人才。引进博士12名，评选拔尖人才30名，发放补贴。\n短句。\n"
)


def test_candidates_are_body_paragraphs_with_their_headings() -> None:
    found = candidates_of(govtext.classify(REPORT), name="r", file="r.txt")
    assert [(c.text[:4], c.heading, c.title) for c in found] == [
        ("走访企业", "一、服务企业", "关于科技工作的总结"),
        ("引进博士", "二、培育人才。", "关于科技工作的总结"),
    ]
    assert all(REPORT[c.start : c.end].strip() == c.text for c in found)


def test_draft_is_refused_by_training_until_it_is_filled_in(tmp_path: Path) -> None:
    (suggestion,) = suggest([candidate(paragraph(1), patents=0.6)], TAXONOMY, n=1)
    draft = to_draft(suggestion)
    assert (draft["model"], draft["path"], draft["place"]) == ("patents=0.60 talent=0.00 role=done", "a.txt", "3-63")
    file = tmp_path / "d.jsonl"
    file.write_text(json.dumps(draft), encoding="utf-8")
    with pytest.raises(BadCorpus, match=r"d\.jsonl:1: no 'themes'; wanted a list of theme codes"):
        read_corpus([file], TAXONOMY)
    file.write_text(json.dumps({**draft, "themes": ["talent"], "role": "done"}), encoding="utf-8")
    (document,) = read_corpus([file], TAXONOMY)
    assert (document.units[0].themes, document.heading, document.whole) == (("talent",), "一、工作", False)
    assert to_guess(suggestion).units[0].themes == ("patents",)


@pytest.mark.parametrize("form", verb.FORMATS)
def test_command_line_writes_each_form_unlabelled(tmp_path: Path, form: str) -> None:
    (tmp_path / "r.txt").write_text(REPORT, encoding="utf-8")
    out = tmp_path / "out.json"
    arguments = ["suggest", "bundled", str(tmp_path / "r.txt"), "-n", "3", "-f", form, "-o", str(out)]
    done = CliRunner().invoke(main, arguments, catch_exceptions=False)
    assert done.exit_code == 0, done.output
    assert "2 suggested of 3: copies left out, at most 5 of one report" in done.output
    assert "走访企业120家" in out.read_text(encoding="utf-8")
    assert (tmp_path / "out.config.xml").exists() == (form == "labelstudio")
    back = CliRunner().invoke(main, ["import", str(out), "-f", "doccano" if form == "doccano" else "labelstudio"])
    assert back.exit_code == 2
    assert ("no JSON" if form == "jsonl" else "2 tasks, none labelled") in back.output


def test_command_line_wants_a_model_that_is_there(tmp_path: Path) -> None:
    done = CliRunner().invoke(main, ["suggest", str(tmp_path / "no.safetensors"), "x.txt"])
    assert done.exit_code == 2
    assert "no.safetensors" in done.output
