"""Many reports at once are labelled as each by itself, bit for bit, and stay in order."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import govtext
from govtext.features.passages import to_passages
from govtext.labelling import Model
from govtext.layout import to_layout
from govtext.taxonomy import bundled_taxonomy
from govtext.training.corpus import LabelledDocument, read_corpus
from govtext.training.variants import flattened, wrapped

ROOT = Path(__file__).resolve().parents[1]
AUTHORED = sorted((ROOT / "corpus" / "authored").glob("*.tsv"))[::60]
EXAMPLE = (ROOT / "examples" / "kaifaqu-2009.txt").read_text(encoding="utf-8")
BLANK = " \n\N{IDEOGRAPHIC SPACE}\n\t"
JUNK = "上一篇：科技局工作总结\n版权所有 某某市人民政府\n"
SHORT = "一、科技工作\n走访企业120家，帮助36家解决融资难题。\n二、党的建设\n发展党员两名。"
# What a line may be in a made-up report.
LINES = st.sampled_from(
    [
        *SHORT.split("\n"),
        *JUNK.split("\n"),
        "",
        " ",
        "关于2023年工作的报告",
        "（一）培训",
        "全市新增专利十二件，",
        "增长8%。",
    ]
)
reports = st.lists(st.lists(LINES, max_size=8).map("\n".join), max_size=6)


@pytest.fixture(scope="module")
def model() -> Model:
    return govtext.load()


@pytest.fixture(scope="module")
def documents() -> list[LabelledDocument]:
    return read_corpus(AUTHORED, bundled_taxonomy())


def passages_of(text: str, model: Model) -> int:
    return len(to_passages(text, to_layout(text, model.structure).paragraphs))


def check(texts: list[str], model: Model) -> None:
    """Together they are labelled as each alone; names tell the order."""
    sources = [govtext.Source(text, f"{number}.txt") for number, text in enumerate(texts)]
    together = model.classify_many(sources)
    assert [report.source for report in together] == sources
    assert [model.classify(source) for source in sources] == together


def test_no_reports_give_none(model: Model) -> None:
    assert model.classify_many([]) == []


@pytest.mark.parametrize("text", ["", BLANK, JUNK, SHORT, EXAMPLE], ids=["empty", "blank", "junk", "short", "example"])
def test_one_report_is_labelled_as_by_classify(model: Model, text: str) -> None:
    check([text], model)


def test_reports_without_passages_leave_the_others_alone(model: Model) -> None:
    assert [passages_of(text, model) for text in ("", JUNK)] == [0, 0]
    assert passages_of(SHORT, model) > 0
    check(["", JUNK, SHORT, "", BLANK, JUNK, EXAMPLE, JUNK, BLANK, SHORT, ""], model)
    check(["", JUNK, ""], model)
    check([BLANK, BLANK], model)


def test_long_and_short_reports_are_labelled_alike_in_any_order(
    model: Model, documents: list[LabelledDocument]
) -> None:
    texts = [document.text for document in documents] + [SHORT, BLANK, EXAMPLE]
    check(texts, model)
    shuffled = random.Random(7).sample(texts, len(texts))
    by_text = {report.text: report.paragraphs for report in model.classify_many([govtext.Source(t) for t in texts])}
    for report in model.classify_many([govtext.Source(text) for text in shuffled]):
        assert by_text[report.text] == report.paragraphs


def test_wrapped_and_flattened_reports_are_labelled_alike(model: Model, documents: list[LabelledDocument]) -> None:
    changed = [wrapped(documents[0]), documents[1], flattened(documents[2]), wrapped(documents[3], 20)]
    texts = [document.text for document in changed]
    assert any(p.continues for p in model.classify(texts[0]).paragraphs)
    check([*texts, BLANK, texts[0]], model)


def test_a_report_that_comes_twice_is_labelled_twice_alike(model: Model) -> None:
    first, _, again = model.classify_many([govtext.Source(text) for text in (SHORT, EXAMPLE, SHORT)])
    assert first == again


def test_each_report_explains_its_own_paragraphs(model: Model) -> None:
    together = model.classify_many([govtext.Source(text) for text in (JUNK, SHORT, EXAMPLE)])
    alone = model.classify(SHORT)
    assert alone.explain(1)
    assert [alone.explain(i) for i in range(len(alone.paragraphs))] == [
        together[1].explain(i) for i in range(len(alone.paragraphs))
    ]


@given(texts=reports)
@settings(max_examples=15)
def test_made_up_reports_are_labelled_alike(model: Model, texts: list[str]) -> None:
    check(texts, model)
