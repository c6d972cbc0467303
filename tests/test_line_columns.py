"""Lines read all at once are the lines read one by one: columns against `plain_lines`, however a text is cut or wrapped."""

from __future__ import annotations

import random
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from govtext.boilerplate.lines import (
    FARTHEST_RUN_IN,
    HEAD,
    SHAPE,
    TAIL,
    Lines,
    concatenated,
    n_cues,
    pieces_of,
    to_lines,
)
from govtext.boilerplate.rules import forms_of
from govtext.features.ngrams import Distinct
from govtext.segmentation.flat import Flat
from govtext.segmentation.markers import FAMILIES
from govtext.segmentation.wraps import wrap_breaks
from govtext.taxonomy import bundled_taxonomy
from govtext.training.corpus import read_corpus
from govtext.training.variants import wrapped
from plain_lines import Line, form_name, to_line

AUTHORED = sorted((Path(__file__).parents[1] / "corpus" / "authored").glob("*.tsv"))[::60]
Span = tuple[int, int]

# What a line can hold that another reading of it could stumble over.
PARTS = st.sampled_from(
    [
        *"\n\n \t\r\v\f\x1c\x85\xa0\u2028\u3000\x00\ufeff\ud800\udfff\ue000\U00020000\U0010ffff",
        *"市政。。.．,，;；:：?！|>[】(《*_-—第一二九十0９Ａa⼀①、是年月日",
        "一、", "（二）", "1.", "3.2", "1.2.3", "第三章", "二〇二三年", "二0二三年", "2023-01-05", "2023年1月5日", "01-05",
        "市" * 20, "，" * 4, "市" * 58, "相关文章：", "上一篇：", "版权所有", "第3页", "首页 | 概况 | 公开 | 服务", "分享到",
        "来源：", "责任编辑：小雨", "下载本文档", "[1]", "1/3",
    ]
)  # fmt: skip
TEXTS = st.one_of(st.lists(PARTS, max_size=24).map("".join), st.text(max_size=40))
SPANS = st.lists(st.tuples(st.integers(0, 200), st.integers(0, 200), st.booleans(), st.booleans()), max_size=8)


def number_of(opening: str) -> int:
    """An opening as the columns hold it: two code points, 0 for none."""
    first, second = (ord(c) for c in (opening + "\0\0")[:2])
    return first << 21 | second


def check(lines: Lines, wanted: Sequence[Line]) -> None:
    """Every column of the lines is that of the lines read one by one."""
    assert [line.text for line in wanted] == lines.texts()
    assert [line.text for line in wanted] == [lines.text(i) for i in range(len(lines))]
    families = [FAMILIES.index(line.family) if line.family else -1 for line in wanted]
    assert families == lines.family.tolist()
    assert [number_of(line.opening) for line in wanted] == lines.opening.tolist()
    assert [line.run_in for line in wanted] == lines.run_in.tolist()
    assert [list(line.hits) for line in wanted] == lines.hits.tolist()
    # Logarithms may differ in their last bit.
    shapes = np.array([line.shape for line in wanted]).reshape(-1, len(SHAPE))
    differ = ~np.isclose(shapes, lines.shape, rtol=0, atol=1e-12)
    assert [(wanted[i].text, SHAPE[k]) for i, k in np.argwhere(differ)] == []


def one_by_one(flat: Flat, spans: Sequence[Span], cut: NDArray[np.bool_]) -> list[Line]:
    return [
        to_line(flat.text[a:b], cut_before=bool(before), cut_behind=bool(behind))
        for (a, b), (before, behind) in zip(spans, cut)
    ]


def check_pieces(flat: Flat, spans: Sequence[Span], cut: NDArray[np.bool_]) -> None:
    begins, ends = np.array(spans, np.int64).reshape(-1, 2).T
    check(pieces_of(flat, begins, ends, cut[:, 0], cut[:, 1]), one_by_one(flat, spans, cut))


def texts_of(ends: Distinct) -> list[str]:
    """The texts that a block is given, one a line."""
    codes = ends.codes
    spans = zip(codes.starts.tolist(), (codes.starts + codes.lengths).tolist())
    texts = [codes.codes[a:b].astype("<u4").tobytes().decode("utf-32-le", "surrogatepass") for a, b in spans]
    return [texts[i] for i in ends.index.tolist()]


@given(st.lists(TEXTS, max_size=6))
@settings(max_examples=90)
def test_whole_texts_are_read_as_one_by_one(texts: list[str]) -> None:
    check(to_lines(texts), [to_line(text) for text in texts])


@given(TEXTS, st.integers(0, 255), SPANS)
@settings(max_examples=90)
def test_any_piece_of_a_text_is_read_as_that_piece_alone(
    text: str, wraps: int, rows: list[tuple[int, int, bool, bool]]
) -> None:
    breaks = [i for k, i in enumerate(i for i, c in enumerate(text) if c == "\n") if wraps >> k % 8 & 1]
    flat = Flat.of(text, wraps=np.array(breaks, np.int64))
    n = len(flat.text) + 1
    spans = [(min(a % n, b % n), max(a % n, b % n)) for a, b, _, _ in rows]
    check_pieces(flat, spans, np.array([row[2:] for row in rows], bool).reshape(-1, 2))


@pytest.fixture(scope="module")
def texts() -> dict[str, str]:
    """Some labelled reports, as they are and with their lines wrapped."""
    if not AUTHORED:
        pytest.skip("corpus/authored is not there: the corpus is part of a checkout only")
    documents = read_corpus(AUTHORED, bundled_taxonomy())
    plain = {document.id: document.text for document in documents}
    return plain | {f"{document.id}, wrapped": wrapped(document).text for document in documents[::3]}


def pieces_at_random(text: str, seed: int) -> tuple[Flat, list[Span], NDArray[np.bool_]]:
    """A text's lines, two parts of each, and some pieces of several lines."""
    rng = random.Random(seed)
    flat = Flat.of(text, wraps=wrap_breaks(text))
    spans: list[Span] = []
    start = 0
    for line in flat.text.splitlines(keepends=True):
        stop = start + len(line)
        spans += [(start, stop), *(within(rng, start, stop) for _ in range(2))]
        start = stop
    spans += [within(rng, 0, len(flat.text)) for _ in range(10)]
    return flat, spans, np.array([(rng.random() < 0.5, rng.random() < 0.5) for _ in spans])


def within(rng: random.Random, start: int, stop: int) -> Span:
    a, b = sorted((rng.randint(start, stop), rng.randint(start, stop)))
    return a, b


def test_lines_of_reports_and_parts_of_them_are_read_as_one_by_one(texts: dict[str, str]) -> None:
    wraps = 0
    for seed, text in enumerate(texts.values()):
        flat, spans, cut = pieces_at_random(text, seed)
        check_pieces(flat, spans, cut)
        wraps += len(flat.wraps)
    assert wraps > 50


def test_forms_of_many_lines_are_those_of_each(texts: dict[str, str]) -> None:
    lines = to_lines([line for text in texts.values() for line in text.splitlines()]).texts()
    known = ["责任编辑：小雨", "分享到", "", "下载", "责任编辑：小雨。全年走访企业40家。", "第 3 页"]
    lines += to_lines(known).texts()
    assert [form_name(line) for line in lines] == [form.name if form else None for form in forms_of(lines)]
    assert forms_of([]) == []


@pytest.mark.parametrize(
    ("piece", "run_in"),
    [
        ("一、" + "市" * 57 + "。企业", 60),
        ("一、" + "市" * 59 + "。企业", 62),
        ("一、" + "市" * 60 + "。企业", 0),
        ("一、" + "市" * 59 + ".5亿元", 0),
        ("一、。企业", 0),
        ("一、市。企业", 4),
        ("增长3.5亿元。", 8),
        ("增长3.", 4),
        ("　一、抓学习：支部", 7),
    ],
)
def test_a_run_in_heading_ends_at_the_first_stop_near_its_marker(piece: str, run_in: int) -> None:
    assert FARTHEST_RUN_IN == 60
    assert run_in == to_lines([piece]).run_in[0] == to_line(piece).run_in


@pytest.mark.parametrize(
    ("piece", "column", "value"),
    [
        *(("市" * n, f"up_to_{n}", 1) for n in (4, 12, 25, 40)),
        *(("市" * (n + 1), f"up_to_{n}", 0) for n in (4, 12, 25, 40)),
        *(("市" * n, f"over_{n}", 0) for n in (60, 120)),
        *(("市" * (n + 1), f"over_{n}", 1) for n in (60, 120)),
        ("9市市市市", "digit_near_end", 1),
        ("9市市市市市", "digit_near_end", 0),
        ("市" * 35 + "二〇二三年", "chinese_date", 1),
        ("市" * 36 + "二〇二三年", "chinese_date", 0),
        ("二〇二三", "chinese_date", 0),
        ("于2023年11月15日", "full_date_end", 1),
        ("2023-1-5", "full_date_end", 1),
        ("023-11-15", "full_date_end", 0),
        ("2023-11-15 ", "full_date_end", 1),
        ("稿01-05", "short_date_end", 1),
        ("101-05", "short_date_end", 0),
        ("01-05", "short_date_end", 0),
        ("一、市。" + "市" * 10, "text_behind_first", 0),
        ("一、市。" + "市" * 11, "text_behind_first", 1),
        ("一、", "marker_alone", 1),
        ("一、 市", "marker_alone", 0),
        ("\u3000市", "indented", 1),
        ("", "indented", 0),
    ],
)
def test_a_number_of_the_shape_on_both_sides_of_its_edge(piece: str, column: str, value: float) -> None:
    k = SHAPE.index(column)
    # With another line on either side, whose characters must not count.
    assert value == to_lines(["2023-01-05", piece, "日二〇二三年"]).shape[1, k] == to_line(piece).shape[k]


def test_a_piece_that_ends_in_a_number_does_not_see_the_digits_behind_it() -> None:
    whole = np.zeros(2, bool)
    lines = pieces_of(Flat.of("增长3.5亿元"), np.array([0, 0]), np.array([4, 7]), whole, whole)
    assert lines.run_in.tolist() == [4, 0]


LINES = [
    "一、主要工作", "　（一）" + "抓好企业服务" * 9, "走访企业120家。", "", " \t", "上一篇：要点 01-05", "一、主要工作",
    "\ud800\U00020000",
]  # fmt: skip


def test_cues_are_shape_family_and_hits_side_by_side() -> None:
    cues = to_lines(LINES).cues
    assert cues.shape == (len(LINES), n_cues())
    for row, line in zip(cues, (to_line(text) for text in LINES), strict=True):
        marker = [float(line.family == family) for family in FAMILIES]
        assert row == pytest.approx([*line.shape, *marker, *map(float, line.hits)], abs=1e-12)


@pytest.mark.parametrize("rows", [[], [0], [6, 1, 1, 3], slice(2, 5), np.arange(7, -1, -1)])
def test_lines_taken_are_those_lines_in_the_order_given(rows: Sequence[int] | NDArray[np.int64] | slice) -> None:
    check(to_lines(LINES).take(rows), [to_line(LINES[i]) for i in np.arange(len(LINES))[rows]])


@given(st.lists(st.lists(TEXTS, max_size=3), min_size=1, max_size=4))
@settings(max_examples=40)
def test_lines_put_together_are_the_lines_of_all_parts(parts: list[list[str]]) -> None:
    both = concatenated([to_lines(part) for part in parts])
    check(both, [to_line(text) for part in parts for text in part])
    order = np.arange(len(both))[::-2]
    check(both.take(order), [to_line(text) for part in parts for text in part][::-2])


@given(st.lists(TEXTS, max_size=6))
@settings(max_examples=40)
def test_ends_are_the_heads_and_tails_of_the_lines(texts: list[str]) -> None:
    lines, wanted = to_lines(texts), [to_line(text) for text in texts]
    ends = lines.ends()
    assert {"head": [line.head for line in wanted], "tail": [line.tail for line in wanted]} == {
        name: texts_of(end) for name, end in ends.items()
    }
    again = lines.take([*range(len(texts)), *range(len(texts))]).ends()
    assert all(len(again[name].codes) == len(ends[name].codes) for name in ends)


@pytest.mark.parametrize(("n", "heads", "tails"), [(HEAD - 1, 2, 2), (HEAD, 1, 2), (HEAD + 9, 1, 2), (TAIL, 2, 2)])
def test_pieces_that_begin_or_end_alike_share_their_heads_and_tails(n: int, heads: int, tails: int) -> None:
    flat, uncut = Flat.of("市政" * 40), np.zeros(2, bool)
    from_one_place = pieces_of(flat, np.array([0, 0]), np.array([n, n + 1]), uncut, uncut).ends()
    assert (heads, tails) == (len(from_one_place["head"].codes), len(from_one_place["tail"].codes))
    to_one_place = pieces_of(flat, np.array([80 - n, 79 - n]), np.array([80, 80]), uncut, uncut).ends()
    assert len(to_one_place["tail"].codes) == (1 if n >= TAIL else 2)


def test_no_lines_have_no_rows() -> None:
    none = to_lines([])
    assert (len(none), none.texts(), none.cues.shape) == (0, [], (0, n_cues()))
    assert {name: len(end) for name, end in none.ends().items()} == {"head": 0, "tail": 0}
