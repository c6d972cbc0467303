"""Passages and their cues, and what the passages around one say of it."""

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from govtext.document import Paragraph, Verdict
from govtext.features.cues import CUES, cue_rows
from govtext.features.passages import BLOCKS, LONGEST_TITLE, OPENING, PATH_JOINT, Passage, block_texts, to_passages
from govtext.scoring.neighbours import AROUND, MISSING, Neighbours

Floats = np.typing.NDArray[np.float64]
CONTENT = Verdict(None, 0.0, "content")


def passage(text: str = "走访企业三十家。", *headings: str, **fields: Any) -> Passage:
    """A body passage under the headings, or what a test makes of it."""
    given: dict[str, Any] = {"title": "", "is_heading": False, "run_in": False, "since": 0, **fields}
    return Passage((0,), text, headings, **given)


def paragraphs_of(*pieces: tuple[str, str, tuple[str, ...]], run_in: int = 0) -> tuple[str, list[Paragraph]]:
    """A text of pieces (kind, text, path) and its paragraphs; `run_in` characters of the last one are its heading."""
    text = ""
    found: list[Paragraph] = []
    for kind, piece, path in pieces:
        start, text = len(text), text + piece
        end = start + run_in if run_in and len(found) == len(pieces) - 1 else None
        found.append(Paragraph(start, len(text), kind, None, None, end, path, CONTENT, CONTENT))
    return text, found


def test_passages_are_body_paragraphs_and_headings() -> None:
    text, paragraphs = paragraphs_of(
        ("boilerplate", "当前位置：首页\n", ()),
        ("title", "县科技局\n", ()),
        ("title", "　2019年总结\n", ()),
        ("meta", "县政府：\n", ()),
        ("heading", "一、主要 工作\n", ()),
        ("body", "　　走访企业\n三十家。\n", ("一、主要 工作",)),
        ("boilerplate", "上一篇：要点\n", ()),
    )
    title = "县科技局 2019年总结"
    assert to_passages(text, paragraphs) == [
        Passage((4,), "一、主要 工作", (), title, is_heading=True, run_in=False, since=0),
        Passage((5,), "走访企业 三十家。", ("一、主要 工作",), title, is_heading=False, run_in=False, since=0),
    ]


def test_a_run_in_heading_is_the_last_of_the_headings_and_no_part_of_the_text() -> None:
    text, paragraphs = paragraphs_of(("body", " （一） 引才。引进博士。\n", ("一、工作",)), run_in=8)
    (found,) = to_passages(text, paragraphs)
    assert found == Passage(
        (0,), "引进博士。", ("一、工作", "（一） 引才。"), "", is_heading=False, run_in=True, since=0
    )
    assert found.path == f"一、工作{PATH_JOINT}（一） 引才。"
    assert found.section == ("一、工作",)


def test_passages_are_counted_from_the_last_heading() -> None:
    text, paragraphs = paragraphs_of(
        ("body", "甲。\n", ()),
        ("body", "乙。\n", ()),
        ("heading", "一\n", ()),
        ("body", "丙。\n", ()),
        ("body", "丁。\n", ()),
    )
    assert [p.since for p in to_passages(text, paragraphs)] == [0, 1, 0, 0, 1]


def test_lines_of_a_wrapped_paragraph_are_one_passage() -> None:
    text, paragraphs = paragraphs_of(
        ("body", "走访企业三十\n", ()), ("body", "家，兑现政策。\n", ()), ("body", "下乡。\n", ())
    )
    assert [(p.paragraphs, p.text) for p in to_passages(text, paragraphs)] == [
        ((0, 1), "走访企业三十家，兑现政策。"),
        ((2,), "下乡。"),
    ]


@pytest.mark.parametrize(
    "behind", ["一是兑现政策。", "（二）兑现政策。", "2.兑现政策。", "②兑现政策。", "第三条 兑现政策。"]
)
def test_a_new_item_does_not_go_on_from_a_line_without_stop(behind: str) -> None:
    text, paragraphs = paragraphs_of(("body", "走访企业三十家\n", ()), ("body", behind, ()))
    assert [p.paragraphs for p in to_passages(text, paragraphs)] == [(0,), (1,)]


def test_a_text_without_body_has_no_passages() -> None:
    assert to_passages("", []) == []
    assert to_passages(*paragraphs_of(("title", "总结\n", ()), ("boilerplate", "首页\n", ()))) == []


@pytest.mark.parametrize(("length", "shown"), [(79, 79), (80, 80), (81, 80)])
def test_titles_are_cut(length: int, shown: int) -> None:
    text, paragraphs = paragraphs_of(("title", "题" * length + "\n", ()), ("body", "甲。\n", ()))
    assert LONGEST_TITLE == 80
    assert to_passages(text, paragraphs)[0].title == "题" * shown


def test_blocks_are_the_texts_that_ngrams_are_counted_in() -> None:
    one = passage("走" * (OPENING + 1), "一、工作", "（一）服务", title="总结")
    texts = block_texts([one, passage()])
    assert tuple(texts) == BLOCKS
    assert [texts[block][0] for block in BLOCKS] == [one.text, "一、工作 / （一）服务", "总结", "走" * OPENING]


def cue(one: Passage, name: str, *others: Passage) -> float:
    return float(cue_rows([one, *others])[0, CUES.index(name)])


@pytest.mark.parametrize(
    ("name", "one", "value"),
    [
        ("log_length", passage("走访企业"), math.log(5)),
        ("log_digits", passage("走访１2家"), math.log(3)),
        ("log_digits", passage("走访十二家"), 0),
        ("digits_to_length", passage("12"), 0),
        ("depth", passage("甲", "一", "二"), 2),
        ("run_in", passage(run_in=True), 1),
        ("since", passage(since=5), 5),
        ("since", passage(since=6), 6),
        ("since", passage(since=7), 6),
        ("ends_colon", passage("如下："), 1),
        ("ends_colon", passage("如下。"), 0),
        ("sentences", passage("甲。乙；丙。"), 3),
        ("sentences", passage("甲，乙"), 0),
        ("enumerated", passage("一是走访"), 1),
        ("enumerated", passage("（三）走访"), 1),
        ("enumerated", passage("3.走访"), 1),
        ("enumerated", passage("第十条 走访"), 1),
        ("enumerated", passage("统一是走访"), 0),
        ("comma_share", passage("甲，乙、丙,"), 3 / 7 * 20),
        ("quotes", passage("《办法》"), 1),
        ("quotes", passage("办法"), 0),
        ("years", passage("2019年比去年多，年底完成"), 3),
        ("years", passage("1999年完成"), 0),
        ("is_heading", passage(is_heading=True), 1),
        ("alone", passage(), 1),
    ],
)
def test_a_cue_of_a_passage(name: str, one: Passage, value: float) -> None:
    assert value == pytest.approx(cue(one, name))


CHARACTERS = st.one_of(st.characters(), st.sampled_from('09９。；;、，,“《"市企\ud800\U00020000'))


@given(st.lists(st.text(CHARACTERS, max_size=12), max_size=6))
def test_characters_of_many_passages_are_counted_as_of_each(texts: list[str]) -> None:
    rows = cue_rows([passage(text) for text in texts])
    for row, text in zip(rows, texts, strict=True):
        # A full-width quotation mark counts as the plain one.
        digits, stops, commas, quotes = (
            sum(text.count(c) for c in counted)
            for counted in ("0123456789０１２３４５６７８９", "。;；", "、,，", '“"＂《')
        )
        found = dict(zip(CUES, row.tolist(), strict=True))
        assert found["log_digits"] == pytest.approx(math.log1p(digits))
        assert (found["sentences"], found["quotes"]) == (stops, quotes > 0)
        assert found["comma_share"] == pytest.approx(commas / (len(text) + 1) * 20)


def test_place_counts_body_passages_only() -> None:
    rows = cue_rows([passage(is_heading=True), passage(), passage(is_heading=True), passage()])
    columns = {name: rows[:, CUES.index(name)].tolist() for name in ("place", "first", "last", "alone", "log_passages")}
    assert columns["place"] == [0.25, 0.25, 0.75, 0.75]
    assert columns["first"] == [1, 1, 0, 0]
    assert columns["last"] == [0, 0, 1, 1]
    assert columns["alone"] == [0] * 4
    assert columns["log_passages"] == pytest.approx([math.log(3)] * 4)


def test_no_passages_no_cues() -> None:
    assert cue_rows([]).shape == (0, len(CUES))


# Two documents: a heading with two passages, a passage with a heading of its own, one passage; then another document.
ROWS = [
    passage("总述。"),
    passage("一", is_heading=True),
    passage("甲。", "一"),
    passage("乙。", "一", "（一）", run_in=True),
    passage("二", is_heading=True),
    passage("丙。", "二"),
    passage("丁。"),
]
DOCUMENT = np.array([0, 0, 0, 0, 0, 0, 1])


def around(rows: list[Passage], document: Any) -> Neighbours:
    return Neighbours.of(rows, np.asarray(document, np.int64))


def test_neighbours_are_body_passages_of_the_same_document() -> None:
    found = around(ROWS, DOCUMENT)
    assert found.body.tolist() == [True, False, True, True, False, True, True]
    assert found.before.tolist() == [-1, 0, 0, 2, 3, 3, -1]
    assert found.behind.tolist() == [2, 2, 3, 5, 5, -1, -1]
    assert found.before_2.tolist() == [-1, -1, -1, 0, 2, 2, -1]
    assert found.behind_2.tolist() == [3, 3, 5, -1, -1, -1, -1]
    assert found.heading.tolist() == [-1, -1, 1, 1, -1, 4, -1]


def test_a_section_is_the_headings_above_and_a_heading_belongs_to_its_own() -> None:
    section = around(ROWS, DOCUMENT).section
    assert section[1] == section[2] == section[3]
    assert section[4] == section[5]
    assert len(set(section.tolist())) == 4


def test_equal_headings_of_two_documents_are_not_mixed_up() -> None:
    twice = [passage("一", is_heading=True), passage("甲。", "一")] * 2 + [passage("乙。", "一")]
    found = around(twice, [0, 0, 1, 1, 2])
    assert found.heading.tolist() == [-1, 0, -1, 2, -1]
    assert len(set(found.section.tolist())) == 3


def test_scores_gathered_around_each_passage() -> None:
    scores = np.array([[1.0], [10.0], [2.0], [3.0], [20.0], [4.0], [5.0]])
    found = {name: values[:, 0].tolist() for name, values in around(ROWS, DOCUMENT).gather(scores).items()}
    m = MISSING
    assert tuple(found) == AROUND
    assert found["before"] == [m, 1, 1, 2, 3, 3, m]
    assert found["behind_2"] == [3, 3, 4, m, m, m, m]
    assert found["heading"] == [m, m, 10, 10, m, 20, m]
    assert found["section"] == [m, 2.5, 3, 2, 4, m, m]
    assert found["document"] == pytest.approx([3, 2.5, 8 / 3, 7 / 3, 2.5, 2, m])
    assert found["document_best"] == [4, 4, 4, 4, 4, 3, m]


def test_what_is_missing_around_a_passage() -> None:
    assert around(ROWS, DOCUMENT).missing().tolist() == [
        [1, 1, 0, 1], [0, 0, 0, 1], [0, 0, 0, 0], [0, 0, 0, 0], [0, 0, 0, 1], [0, 1, 0, 0], [1, 1, 1, 1],
    ]  # fmt: skip


def test_no_passages_no_neighbours() -> None:
    found = around([], [])
    assert found.gather(np.zeros((0, 3)))["section"].shape == (0, 3)
    assert found.missing().shape == (0, 4)


ROW = st.builds(
    lambda kind, headings: passage(
        "甲。", *headings, is_heading=kind == "heading", run_in=kind == "run-in" and bool(headings)
    ),
    st.sampled_from(["body", "heading", "run-in"]),
    st.lists(st.sampled_from(["一", "二", "甲。"]), max_size=3),
)
NUMBERS = st.integers(-9, 9).map(float)


@st.composite
def corpora(draw: st.DrawFn) -> tuple[list[Passage], list[int], Floats]:
    rows = draw(st.lists(ROW, min_size=1, max_size=12))
    steps = draw(st.lists(st.booleans(), min_size=len(rows), max_size=len(rows)))
    scores = draw(st.lists(st.tuples(NUMBERS, NUMBERS), min_size=len(rows), max_size=len(rows)))
    return rows, np.cumsum(steps).tolist(), np.array(scores)


@given(corpora(), st.data())
def test_a_passage_never_hears_its_own_score(
    corpus: tuple[list[Passage], list[int], Floats], data: st.DataObject
) -> None:
    rows, document, scores = corpus
    i = data.draw(st.integers(0, len(rows) - 1))
    other = scores.copy()
    other[i] = data.draw(st.tuples(NUMBERS, NUMBERS))
    found = around(rows, document)
    for name, values in found.gather(scores).items():
        np.testing.assert_allclose(values[i], found.gather(other)[name][i], atol=1e-9, err_msg=name)


@given(corpora())
def test_documents_do_not_hear_each_other(corpus: tuple[list[Passage], list[int], Floats]) -> None:
    rows, document, scores = corpus
    together = around(rows, document).gather(scores)
    for number in set(document):
        own = [i for i, d in enumerate(document) if d == number]
        alone = around([rows[i] for i in own], [0] * len(own)).gather(scores[own])
        for name in AROUND:
            np.testing.assert_allclose(alone[name], together[name][own], atol=1e-9, err_msg=name)


@given(corpora())
def test_means_and_bests_are_those_of_the_other_body_passages(corpus: tuple[list[Passage], list[int], Floats]) -> None:
    rows, document, scores = corpus
    found = around(rows, document)
    gathered = found.gather(scores)
    for i in range(len(rows)):
        others = [j for j in range(len(rows)) if j != i and document[j] == document[i] and not rows[j].is_heading]
        near = [j for j in others if found.section[j] == found.section[i]]
        expected = {
            "document": scores[others].mean(axis=0) if others else MISSING,
            "document_best": scores[others].max(axis=0) if others else MISSING,
            "section": scores[near].mean(axis=0) if near else MISSING,
        }
        for name, value in expected.items():
            np.testing.assert_allclose(gathered[name][i], np.broadcast_to(value, 2), atol=1e-9, err_msg=name)
