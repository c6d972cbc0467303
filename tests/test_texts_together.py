"""Texts that are read together: each is cut, judged and searched as if it stood alone."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import govtext
from govtext.boilerplate import recuts
from govtext.boilerplate.context import context_features
from govtext.boilerplate.lines import to_lines
from govtext.boilerplate.stretches import find_stretches, stretches_in
from govtext.features.ngrams import Ints
from govtext.layout import Structure, to_layout, to_layouts
from govtext.segmentation.lines import Stream, piece_spans, to_stream, to_streams
from govtext.segmentation.places import Places

FLAT = (
    "2021年工作总结一、主要工作（一）企业服务扎实推进。今年以来，我局走访企业85家，帮助27家企业解决用工难题。"
    "二、存在的问题当前，科技投入仍然不足，创新能力有待提高。"
)
LISTED = "，全县新增专利9件\n二、党的建设\n发展党员两名。"
WRAPPED = "\n".join(
    ["全年共有四十二家企业到园区落户并且", "陆续开工建设其中规模以上的企业十一", "家固定资产投资同比增长百分之十二。"]
)
JUNK = "上一篇：工作要点\n版权所有 某某市人民政府\n3"
TEXTS = (FLAT, LISTED, "1.1 总则", WRAPPED, JUNK, "\n\n 一、\n", FLAT + "\n")
MADE = st.text(alphabet="一二、。（）()1.3科技局，家%x \n\u3000工作“”领导", min_size=1, max_size=60)


@pytest.fixture(scope="module")
def structure() -> Structure:
    return govtext.load().structure


def columns(stream: Stream, number: int) -> dict[str, list[int]]:
    """The columns of one text of a stream, counted from where it begins."""
    first, last = int(stream.begins[number]), [*stream.begins.tolist(), len(stream)][number + 1]
    begin, end = stream.spans[number].tolist()
    wraps = stream.wraps[(stream.wraps >= begin) & (stream.wraps < end)]
    return {
        "codes": stream.codes[first:last].tolist(),
        "where": (stream.where[first:last] - begin).tolist(),
        "gap": stream.gap[first:last].tolist(),
        "line": (stream.line[first:last] - stream.line[first]).tolist(),
        "inside": stream.inside[first:last].tolist(),
        "wraps": (wraps - begin).tolist(),
    }


def cuts_of_each(stream: Stream, cuts: Ints) -> list[list[int]]:
    """The cuts of each text, counted from where it begins."""
    ends = [*stream.begins[1:].tolist(), len(stream)]
    return [(cuts[(cuts >= begin) & (cuts < end)] - begin).tolist() for begin, end in zip(stream.begins.tolist(), ends)]


@given(st.lists(MADE, min_size=1, max_size=5))
def test_a_stream_of_many_texts_holds_the_stream_of_each(texts: list[str]) -> None:
    assume(not any(text.isspace() for text in texts))
    together = to_streams(texts)
    for number, text in enumerate(texts):
        assert columns(together, number) == columns(to_stream(text), 0)


def test_wraps_are_found_in_each_text_by_its_own_lines() -> None:
    together = to_streams([*TEXTS])
    assert columns(together, TEXTS.index(WRAPPED))["wraps"]
    for number, text in enumerate(TEXTS):
        assert columns(together, number) == columns(to_stream(text), 0)


def test_pieces_tile_each_text_and_nothing_between_them() -> None:
    together = to_streams([*TEXTS])
    spans = piece_spans(together, np.zeros(0, np.int64))
    for text, (begin, end) in zip(TEXTS, together.spans.tolist()):
        own = [(a, b) for a, b in spans if begin <= a < end]
        assert "".join(together.text[a:b] for a, b in own) == text


def test_places_of_a_text_have_the_columns_that_they_have_alone() -> None:
    together = to_streams([*TEXTS])
    found, ends = Places.of(together).columns, [*together.begins[1:].tolist(), len(together)]
    for text, begin, end in zip(TEXTS, together.begins.tolist(), ends):
        for name, column in Places.of(to_stream(text)).columns.items():
            assert found[name][begin:end].tolist() == column.tolist(), name


@pytest.mark.parametrize("most", [0, 1, 2, 2000])
def test_cuts_are_those_of_each_text_and_a_crowded_one_leaves_the_others_their_second_look(
    structure: Structure, monkeypatch: pytest.MonkeyPatch, most: int
) -> None:
    monkeypatch.setattr(recuts, "MOST", most)
    together = to_streams([*TEXTS])
    alone = [structure.cuts(to_stream(text)).tolist() for text in TEXTS]
    assert any(alone)
    assert cuts_of_each(together, structure.cuts(together)) == alone


@given(texts=st.lists(MADE, min_size=2, max_size=4))
@settings(max_examples=25)
def test_made_up_texts_are_laid_out_alike(structure: Structure, texts: list[str]) -> None:
    assert to_layouts(texts, structure) == [to_layout(text, structure) for text in texts]


def test_white_space_has_its_place_among_the_others(structure: Structure) -> None:
    texts = ["", FLAT, " \n", LISTED, "\N{IDEOGRAPHIC SPACE}"]
    assert to_layouts(texts, structure) == [to_layout(text, structure) for text in texts]
    assert to_layouts([], structure) == []


def test_neighbours_are_lines_of_the_same_report(structure: Structure) -> None:
    reports = [text.split("\n") for text in TEXTS if text.strip()]
    lines = to_lines([line for report in reports for line in report])
    alone, cues = structure.lines.first_pass(lines)
    begins = np.cumsum([0, *map(len, reports[:-1])])
    together = context_features(alone, cues, lines, begins)
    for begin, report in zip(begins.tolist(), reports):
        own = slice(begin, begin + len(report))
        assert context_features(alone[own], cues[own], lines.take(own)).tolist() == together[own].tolist()


def test_stretches_are_those_of_each_text() -> None:
    texts = ["共有**家企业，", "", "年内完成。第1页 共4页", "XX市2019年", "年"]
    skips = [[], [], [(0, 2)], [(0, 3)], []]
    assert [find_stretches(text, skip=skip) for text, skip in zip(texts, skips)] == stretches_in(texts, skips=skips)
    assert any(stretches_in(texts))
