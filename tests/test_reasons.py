"""Reasons for themes: exact sums on the original characters, and asking for them changes nothing."""

from __future__ import annotations

import pickle
import tomllib
from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

import govtext
from govtext.document import LabelledReport, Part, Source
from govtext.errors import BadModel, BadTaxonomy
from govtext.features.cues import cue_rows
from govtext.features.origins import heading_spans, places
from govtext.features.passages import BLOCKS, to_passages
from govtext.features.vocabulary import Vocabulary
from govtext.labelling import Explaining
from govtext.layout import to_layout
from govtext.reasons import PLACES, Spoken, ThemeReasons
from govtext.scoring.judge import N_THEME_INPUTS, first_stage, theme_inputs
from govtext.scoring.neighbours import Neighbours
from govtext.scoring.network import Network
from govtext.scoring.reasons import GROUPS, INPUTS, USUAL, character_shares, input_shares
from govtext.scoring.scorer import Block
from govtext.training.corpus import read_corpus
from govtext.writing import Entry, Look, json_lines

ROOT = Path(__file__).parent.parent
CASES = tomllib.loads((ROOT / "tests" / "cases" / "origins.toml").read_text(encoding="utf-8"))["case"]
AUTHORED = ["A000", "A083", "A116", "B020"]
PAGE = """当前位置：首页>工作总结
云岭县科技局2021年
工作总结
一、主要工作
（一）培育企业。全年入库科技型中小企业64家，认定高新技术企业12家，兑现奖补资金850万元。
（二）引进人才。引进专家五名，建立　工作站两个。
二、存在问题
专业人员偏少，研发投入不足。
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
    st.lists(st.sampled_from([*LINES, "三、存在问题", "1.", "\n", "\u3000", "\ud800", "市" * 20]), max_size=12).map(
        "".join
    ),
)
Floats = NDArray[np.float64]


@pytest.fixture(scope="module", autouse=True)
def loaded() -> None:
    """The model and jieba's dictionary, which are read once."""
    govtext.classify(PAGE).explain(4)


def all_reasons(report: LabelledReport) -> list[tuple[int, ThemeReasons]]:
    return [(i, why) for i in range(len(report.paragraphs)) for why in report.explain(i).values()]


def paragraph_with(report: LabelledReport, words: str) -> int:
    return next(i for i, p in enumerate(report.paragraphs) if words in p.text and p.role is not None)


def check_sums(text: str) -> None:
    """Every sum that `ThemeReasons` promises, against what the model computes by itself."""
    model, report = govtext.load(), govtext.classify(Source(text))
    passages = to_passages(text, report.paragraphs)
    first = first_stage(model.judge.blocks, model.judge.intercept, passages) if passages else None
    row_of = {index: row for row, passage in enumerate(passages) for index in passage.paragraphs}
    for i, p in enumerate(report.paragraphs):
        reasons = report.explain(i)
        assert list(p.themes) == sorted(reasons, key=list(p.themes).index)
        for k, code in enumerate(p.themes):
            why = reasons[code]
            assert first is not None
            assert why.own == pytest.approx(first.themes[row_of[i], k], abs=1e-9)
            told = why.intercept + why.elsewhere
            assert why.own == pytest.approx(told + sum(share for _, share in why.characters), abs=1e-6)
            assert why.own == pytest.approx(told + sum(word.share for word in why.words), abs=1e-6)
            assert why.score == pytest.approx(sum(share for _, share in why.inputs), abs=1e-6)
            assert why.score == pytest.approx(why.own + why.around, abs=1e-9)
            assert why.probability == pytest.approx(p.themes[code], abs=1e-12)
            assert why.decided == (code in p.labels)


@pytest.mark.parametrize("text", [PAGE, WRAPPED, PAGE.replace("\n", "")], ids=["page", "wraps", "flat"])
def test_shares_add_up_to_what_the_model_computes(text: str) -> None:
    check_sums(text)


@given(TEXTS.filter(str.strip))
@settings(max_examples=15, deadline=None)
def test_shares_of_any_text_add_up(text: str) -> None:
    check_sums(text)


@pytest.mark.parametrize("name", AUTHORED)
def test_shares_of_an_authored_report_add_up(name: str) -> None:
    path = ROOT / "corpus" / "authored" / f"{name}.tsv"
    if not path.is_file():
        pytest.skip(f"{path.name} is not there: the corpus is part of a checkout only")
    (document,) = read_corpus([path], govtext.bundled_taxonomy())
    check_sums(document.text)


@pytest.mark.parametrize("text", [PAGE, WRAPPED])
def test_explaining_changes_no_label(text: str) -> None:
    report = govtext.classify(text)
    before = "".join(json_lines([Entry("a", "a.txt", report)], Look()))
    reasons = all_reasons(report)
    after = govtext.classify(text)
    assert reasons
    assert before == "".join(json_lines([Entry("a", "a.txt", report)], Look()))
    assert before == "".join(json_lines([Entry("a", "a.txt", after)], Look()))
    assert report == after
    assert reasons == all_reasons(after)


def test_words_stand_in_the_report_where_their_place_says() -> None:
    report = govtext.classify(PAGE)
    i = paragraph_with(report, "培育企业")
    p = report.paragraphs[i]
    assert p.heading_end is not None
    for why in report.explain(i).values():
        said: dict[str, set[str]] = {place: set() for place in PLACES}
        for word in why.words:
            inside = {"text": (p.heading_end, p.end), "title": (0, report.text.index("一、主要"))}
            start, end = inside.get(word.place, (report.text.index("一、主要"), p.heading_end))
            assert start <= word.start < word.end <= end
            said[word.place].add(report.text[word.start : word.end])
        assert {offset for offset, _ in why.characters} == set(dict(why.characters))
    assert {"高新技术企业", "科技型中小企业"} & said["text"]
    assert "企业" in said["heading"]
    assert said["title"]


def test_a_word_that_a_wrap_cut_is_one_word() -> None:
    report = govtext.classify(WRAPPED)
    cut = WRAPPED.index("高新\n技术企业")
    i = paragraph_with(report, "科技型中小企业64家")
    why = report.explain(i)["hightech_certification"]
    assert ("text", cut, cut + len("高新\n技术企业")) in [(w.place, w.start, w.end) for w in why.words]
    assert cut + 2 not in dict(why.characters)
    rest = paragraph_with(report, "平台3家")
    assert report.paragraphs[rest].continues
    assert report.explain(i) == report.explain(rest)


def test_without_its_strongest_words_a_paragraph_has_a_lower_score() -> None:
    report = govtext.classify(PAGE)
    why = report.explain(paragraph_with(report, "引进专家"))["talent"]
    (best,) = why.speaking(1, places=("text",))
    other = govtext.classify(PAGE[: best.start] + "某" * (best.end - best.start) + PAGE[best.end :])
    assert other.explain(paragraph_with(other, "工作站"))["talent"].own < why.own - best.share / 2


def test_strongest_words_come_first_and_only_from_the_places_asked_for() -> None:
    words = (
        Spoken(0, 1, 0.2, "title"),
        Spoken(1, 2, 0.5, "text"),
        Spoken(2, 3, -0.4, "text"),
        Spoken(3, 4, 0.5, "text"),
    )
    why = ThemeReasons("talent", 0.5, 0.4, True, 0.8, 0.0, 0.0, (), words, 0.8, ())
    assert (words[1], words[3], words[0]) == why.speaking()
    assert (words[0],) == why.speaking(places=("title",))
    assert (words[1],) == why.speaking(1)
    assert (words[2],) == why.against()
    assert not why.against(places=("heading",))
    assert why.around == 0.0


def test_themes_come_most_probable_first() -> None:
    reasons = list(govtext.classify(PAGE).explain(4).values())
    chances = [why.probability for why in reasons]
    assert chances == sorted(chances, reverse=True)
    assert len(reasons) == 12


@pytest.mark.parametrize("kind", ["title", "boilerplate"])
def test_what_gets_no_themes_has_no_reasons(kind: str) -> None:
    report = govtext.classify(PAGE)
    found = [i for i, p in enumerate(report.paragraphs) if p.kind == kind]
    assert found
    assert all(report.explain(i) == {} for i in found)


@pytest.mark.parametrize(("i", "there"), [(-1, False), (0, True), (9, True), (10, False)])
def test_a_paragraph_that_is_not_there_is_refused(i: int, there: bool) -> None:
    report = govtext.classify(PAGE)
    assert len(report.paragraphs) == 10
    if there:
        report.explain(i)
    else:
        with pytest.raises(IndexError, match=rf"paragraph {i}: the report has 10, counted from 0"):
            report.explain(i)


def test_a_report_without_model_says_whom_to_ask() -> None:
    model, report = govtext.load(), govtext.classify(PAGE)
    alone = replace(report, explainer=None)
    assert alone == report
    assert "explainer" not in repr(report)
    with pytest.raises(ValueError, match=r"does not know its model; ask Model\.explain"):
        alone.explain(4)
    assert model.explain(alone, 4) == report.explain(4)
    assert model.explain(report, 4) == report.explain(4)


def test_another_model_is_refused() -> None:
    report = replace(govtext.classify(PAGE), model_sha256="0" * 64)
    with pytest.raises(BadModel, match=r"labelled by model 000000000000, this is .*; explain with the model that"):
        govtext.load().explain(report, 4)


def test_a_report_that_travels_leaves_its_model_behind() -> None:
    explainer = govtext.classify(PAGE).explainer
    assert isinstance(explainer, Explaining)
    explainer(4)
    assert pickle.loads(pickle.dumps(explainer)) is None


def test_marks_that_came_later_change_no_reasons() -> None:
    report = govtext.classify(PAGE)
    first, *others = report.paragraphs
    marked = replace(report, paragraphs=(replace(first, kind="title"), *others))
    assert marked.explain(4) == report.explain(4)


def tiny() -> Block:
    """A block of three terms with weights for two outputs."""
    weights = np.array([[1.0, -0.5], [0.5, 0.0], [-0.25, 1.0]])
    return Block.build("text", Vocabulary.build(["a", "ab", "企业"]), weights, np.ones(3), scale=2.0)


@given(st.text(st.sampled_from("abcA企业 \ud800"), max_size=60))
def test_characters_add_up_to_the_score_of_a_block(text: str) -> None:
    shares = character_shares(tiny(), text, 2)
    assert shares.shape == (len(text), 2)
    assert shares.sum(axis=0) == pytest.approx(tiny().scores([text])[0], abs=1e-9)


def test_each_term_gives_its_characters_equal_shares() -> None:
    shares = character_shares(tiny(), "xab企业", 1)[:, 0]
    assert shares[0] == 0.0
    assert shares[1] - shares[2] == pytest.approx(2 * 1.0 / np.sqrt(3), rel=1e-2)  # "a" alone; norm of three terms
    assert shares[3] == shares[4] == pytest.approx(2 * -0.25 / 2 / np.sqrt(3), rel=1e-2)
    assert not character_shares(tiny(), "xyz", 1).any()
    assert len(character_shares(tiny(), "", 1)) == 0


def network(seed: int, n_inputs: int = 5, n_hidden: int = 7) -> Network:
    rng = np.random.default_rng(seed)
    shapes: tuple[Any, ...] = ((n_inputs, n_hidden), n_hidden, (n_hidden, 1), 1)
    return Network(rng.normal(size=n_inputs), rng.uniform(0.5, 2, n_inputs), *(rng.normal(size=s) for s in shapes))


@given(st.integers(0, 1000), st.floats(0.0, 1e6))
def test_inputs_add_up_to_the_score_of_a_network(seed: int, size: float) -> None:
    net = network(seed)
    inputs = np.random.default_rng(seed + 1).normal(size=(3, 5)) * size
    base, shares = input_shares(net, inputs)
    assert base + shares.sum(axis=1) == pytest.approx(net.scores(inputs)[:, 0], abs=1e-6)
    assert base == pytest.approx(net.scores(net.mean[None, :])[0, 0], abs=1e-9)


def test_an_input_at_its_mean_has_no_share_and_one_that_moves_alone_has_all() -> None:
    net = network(3)
    inputs = np.stack([net.mean, net.mean + np.array([0, 0, 2.0, 0, 0])])
    _, shares = input_shares(net, inputs)
    assert not shares[0].any()
    assert not shares[1, [0, 1, 3, 4]].any()
    moved = net.scores(inputs)[:, 0]
    assert shares[1, 2] == pytest.approx(moved[1] - moved[0])


def theme_columns(lines: Sequence[str], row: int) -> Floats:
    """The second stage's inputs for one passage of a text, (n_themes, n_inputs)."""
    model = govtext.load()
    text = "".join(lines)
    passages = to_passages(text, to_layout(text, model.structure).paragraphs)
    first = first_stage(model.judge.blocks, model.judge.intercept, passages)
    around = Neighbours.of(passages, np.zeros(len(passages), np.int64))
    columns: Floats = theme_inputs(first, around, cue_rows(passages)).reshape(len(passages), first.n_themes, -1)[row]
    return columns


def test_every_input_has_a_group() -> None:
    assert len(INPUTS) == N_THEME_INPUTS
    names = dict(govtext.classify(PAGE).explain(4)["talent"].inputs)
    assert {USUAL, *GROUPS} == set(names)


def moved(one: Sequence[str], two: Sequence[str], row: int) -> set[str]:
    """The groups of inputs that differ between two texts."""
    differ = np.abs(theme_columns(one, row) - theme_columns(two, row)).max(axis=0)
    return {group for group, difference in zip(INPUTS, differ.tolist(), strict=True) if difference > 1e-9}


BODIES = ["走访企业120家，帮助融资。\n", "引进专家五名，建立工作站。\n", "开展科普活动12场次多。\n"]


def test_other_words_in_a_passage_move_its_own_groups_and_those_around_of_others() -> None:
    lines = ["一、主要工作\n", *BODIES]
    other = [*lines[:3], "申请专利三十件并授权。\n"]
    assert moved(lines, other, 1) == {"passages beside", "section", "document"}
    own = moved(lines, other, 3)
    assert {"own words", "rival themes", "sentences"} <= own
    assert not own & {"passages beside", "section", "document", "heading's score"}


def test_other_words_in_a_heading_move_its_group() -> None:
    assert {"heading's score", "own words"} <= moved(["一、服务企业\n", *BODIES], ["一、主要工作\n", *BODIES], 1)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_folded_text_is_found_where_it_stands(case: dict[str, Any]) -> None:
    text, spans = "", []
    for piece in case["text"].replace("】", "【").split("【"):
        spans.append((len(text), len(text) + len(piece)))
        text += piece
    assert case["where"] == places(case["folded"], text, spans[1::2]).tolist()


@given(st.text(st.sampled_from("企业 \n\u3000\ud800a"), max_size=30))
def test_a_folded_text_is_found_whole(text: str) -> None:
    folded = " ".join(text.split())
    where = places(folded, text, [(0, len(text))]).tolist()
    assert [c for c, k in zip(folded, where) if c != " " and text[k] != c] == []
    assert where == sorted(set(where))


@pytest.mark.parametrize("text", [PAGE, WRAPPED, PAGE + PAGE], ids=["page", "wraps", "two reports"])
def test_the_headings_of_a_path_stand_where_they_are_said_to(text: str) -> None:
    layout = to_layout(text, govtext.load().structure)
    found = heading_spans(layout.paragraphs, layout.parts)
    for p, spans in zip(layout.paragraphs, found, strict=True):
        if p.kind in ("heading", "body"):
            said = ["".join(text[a:b].split()) for a, b in spans]
            assert ["".join(heading.split()) for heading in p.path] == said


def test_a_heading_of_one_part_stands_above_none_of_the_next() -> None:
    paragraphs = govtext.classify(PAGE).paragraphs
    whole = heading_spans(paragraphs, [Part(0, 10, None)])
    halves = heading_spans(paragraphs, [Part(0, 5, None), Part(5, 10, None)])
    assert len(whole[5]) == 1
    assert (len(halves[4]), len(halves[5])) == (1, 0)


def test_top_terms_are_ordered_and_name_their_block() -> None:
    terms = govtext.load().top_terms("talent", 5)
    weights = [term.weight for term in terms]
    assert weights == sorted(weights, reverse=True)
    assert [len(list(group)) for _, group in groupby(terms, key=lambda term: term.weight > 0)] == [5, 5]
    assert "人才" in {term.text for term in terms}
    assert {term.block for term in terms} <= set(BLOCKS)
    assert {term.block for term in govtext.load().top_terms("talent", 5, block="path")} == {"path"}
    assert govtext.load().top_terms("talent", 0) == ()
    assert len(govtext.load().top_terms("talent")) == 40


def test_top_terms_weigh_what_an_occurrence_adds() -> None:
    model = govtext.load()
    term = next(t for t in model.top_terms("talent", 10) if t.block == "text")
    block = model.judge.blocks[0]
    column = model.taxonomy.codes.index("talent")
    k = list(block.vocabulary.terms).index(term.text)
    assert term.weight == pytest.approx(
        float(block.weights.numbers[k, column]) * float(block.steps[column]) * block.scale
    )


def test_terms_of_a_theme_that_is_not_there_are_refused() -> None:
    with pytest.raises(BadTaxonomy, match="no theme 'talents' in this model; it has party_building, "):
        govtext.load().top_terms("talents")
    with pytest.raises(ValueError, match="no block 'paths'; wanted text, path, title, opening"):
        govtext.load().top_terms("talent", block="paths")
