"""Source → paragraphs with the bundled model: they tile any text, none spans a line break, a wrapped one goes on."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import govtext
from govtext.document import PARAGRAPH_KINDS, Paragraph, Repair, Verdict
from govtext.layout import Layout, to_layout
from govtext.outlining import split_at_wraps
from govtext.segmentation.sequence import REPAIRS
from govtext.segmentation.wraps import wrap_breaks

PLAIN = Verdict(None, 0.0, "")
TITLE = "云岭县科技局2021年工作总结\n"
WRAPPED = (
    TITLE + "一、主要工作\n"
    "（一）培育企业。全年入库科技型中小企业64家，认定高新\n"
    "技术企业12家，帮助企业兑现奖补资金850万元，新增研发\n"
    "平台3家。\n"
    "二、存在问题\n"
    "专业人员偏少。\n"
)
PIECES = st.sampled_from(
    ["一、主要工作", "（一）培育企业。", "三、存在问题", "1.", "走访企业120家，解决难题36个。",
     "全年入库科技型中小企业六十四家认定高新企业",
     "\n", "\n", "\n\n", " ", "\u3000", "\f", "\ud800", "上一篇：工作总结", "市" * 20, "各位代表："]
)  # fmt: skip
TEXTS = st.one_of(st.text(max_size=40), st.lists(PIECES, max_size=14).map("".join))


def form(text: str) -> Layout:
    return to_layout(text, govtext.load().structure)


def paragraph(start: int, end: int, kind: str = "body", **more: int | None) -> Paragraph:
    fields: dict[str, int | None] = {"level": None, "heading_end": None, **more}
    return Paragraph(start, end, kind, fields["level"], None, fields["heading_end"], (), PLAIN, PLAIN)


def split(whole: Paragraph, *wraps: int) -> list[tuple[int, int, str, int | None, int | None, bool]]:
    rows, _ = split_at_wraps([whole], np.array(wraps, np.int64), (), 0)
    return [(p.start, p.end, p.kind, p.level, p.heading_end, p.continues) for p in rows]


@given(TEXTS)
@settings(max_examples=60, deadline=None)
def test_paragraphs_and_parts_tile_any_text_and_no_paragraph_spans_a_line_break(text: str) -> None:
    found = form(text)
    assert text == "".join(text[p.start : p.end] for p in found.paragraphs)
    assert all(a.end == b.start for a, b in itertools.pairwise(found.paragraphs))
    for p in found.paragraphs:
        assert p.kind in PARAGRAPH_KINDS
        assert p.heading_end is None or p.start < p.heading_end <= p.end
        assert "\n" not in text[p.start : p.end].strip(" \n\t\r\u3000\f\x85\xa0\u2028\x0b\x1c\x1d\x1e\x1f")
    bounds = [(part.first, part.stop) for part in found.parts]
    assert [i for a, b in bounds for i in range(a, b)] == list(range(len(found.paragraphs)))


@given(TEXTS)
@settings(max_examples=40, deadline=None)
def test_what_continues_stands_behind_a_wrap_and_is_of_the_same_paragraph(text: str) -> None:
    found = form(text)
    wraps = set(wrap_breaks(text).tolist())
    for before, p in itertools.pairwise(found.paragraphs):
        assert not p.continues or p.start - 1 in wraps
        assert not p.continues or before.verdict == p.verdict
    assert not found.paragraphs or not found.paragraphs[0].continues


@given(TEXTS)
@settings(max_examples=40, deadline=None)
def test_repairs_are_of_headings_in_order(text: str) -> None:
    found = form(text)
    assert sorted(r.paragraph for r in found.repairs) == [r.paragraph for r in found.repairs]
    for repair in found.repairs:
        assert repair.kind in REPAIRS
        assert found.paragraphs[repair.paragraph].level is not None
        assert not found.paragraphs[repair.paragraph].continues


@pytest.mark.parametrize("text", ["", " ", "\n\n", "\u3000\n\t"])
def test_white_space_is_one_body_paragraph_without_repairs(text: str) -> None:
    found = form(text)
    assert [(0, len(text), "body")][: len(text)] == [(p.start, p.end, p.kind) for p in found.paragraphs]
    assert found.repairs == ()


def test_the_lines_of_a_wrapped_paragraph_continue_it() -> None:
    found = form(WRAPPED)
    assert [i for i, p in enumerate(found.paragraphs) if p.continues] == [3, 4]
    assert [WRAPPED[p.start : p.end] for p in found.paragraphs] == WRAPPED.splitlines(keepends=True)


def test_a_list_of_short_lines_continues_nothing() -> None:
    text = TITLE + "一、主要工作\n新建平台十二个\n新增企业十四家\n新签合同二十份\n"
    assert not any(p.continues for p in form(text).paragraphs)


def test_wrapping_a_text_changes_what_no_paragraph_is() -> None:
    """The kinds of the paragraphs with their wrapped lines put together are those of the text without wraps."""
    plain = "".join(c for i, c in enumerate(WRAPPED) if i not in wrap_breaks(WRAPPED).tolist())
    whole = [(p.kind, p.level, p.path) for p in form(WRAPPED).paragraphs if not p.continues]
    assert [(p.kind, p.level, p.path) for p in form(plain).paragraphs] == whole


def test_a_number_left_out_is_a_repair_of_its_heading() -> None:
    text = WRAPPED.replace("二、", "三、")
    found = form(text)
    (repair,) = found.repairs
    assert (repair.kind, repair.number) == ("skipped", 3)
    assert text[found.paragraphs[repair.paragraph].start :].startswith("三、")
    assert form(WRAPPED).repairs == ()


@pytest.mark.parametrize(
    ("heading_end", "rows"),
    [
        (None, [(0, 10, "body", None, None, False), (10, 20, "body", None, None, True), (20, 25, "body", None, None, True)]),
        (6, [(0, 10, "body", 2, 6, False), (10, 20, "body", None, None, True), (20, 25, "body", None, None, True)]),
        (10, [(0, 10, "heading", 2, None, False), (10, 20, "body", None, None, True), (20, 25, "body", None, None, True)]),
        (11, [(0, 10, "heading", 2, None, False), (10, 20, "body", 2, 11, True), (20, 25, "body", None, None, True)]),
        (22, [(0, 10, "heading", 2, None, False), (10, 20, "heading", 2, None, True), (20, 25, "body", 2, 22, True)]),
    ],
)  # fmt: skip
def test_a_wrapped_run_in_heading_is_heading_as_far_as_it_reaches(
    heading_end: int | None, rows: list[tuple[int, int, str, int | None, int | None, bool]]
) -> None:
    whole = paragraph(0, 25, level=None if heading_end is None else 2, heading_end=heading_end)
    assert rows == split(whole, 9, 19)


@pytest.mark.parametrize(("wrap", "n"), [(3, 1), (4, 2), (8, 2), (9, 1)])
def test_a_wrap_at_the_end_of_a_paragraph_or_before_it_does_not_cut_it(wrap: int, n: int) -> None:
    assert n == len(split(paragraph(4, 10), wrap))


def test_a_repair_keeps_its_paragraph_where_one_before_it_is_cut() -> None:
    _, repairs = split_at_wraps(
        [paragraph(0, 20), paragraph(20, 30, "heading", level=1)], np.array([9], np.int64), [Repair(1, "late", 4)], 5
    )
    assert [Repair(7, "late", 4)] == repairs


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        (TITLE + TITLE + "一、主要工作\n走访企业120家。\n", ["title", "boilerplate", "heading", "body"]),
        (TITLE.strip() + TITLE + "一、主要工作\n走访企业120家。\n", ["title", "boilerplate", "heading", "body"]),
        pytest.param(
            TITLE + "一、主要工作\n《云岭县科技局2021年工作总结》已报送。\n",
            ["title", "heading", "body"],
            marks=pytest.mark.xfail(
                reason="of three lines the second pass takes the title for a line of data", strict=True
            ),
        ),
    ],
)
def test_a_title_is_one_only_where_its_report_begins(text: str, kinds: list[str]) -> None:
    found = form(text)
    assert kinds == [p.kind for p in found.paragraphs]
    assert [part.title for part in found.parts] == [TITLE.strip()]


def test_a_marker_alone_on_its_line_is_a_heading_with_the_words_below_it() -> None:
    found = form(
        TITLE
        + "一、主要工作\n1.\n推进孵化器建设\n建成孵化面积8000平方米，入驻企业26家。\n2.\n推进校企合作\n签约11份。\n"
    )
    assert [p.level for p in found.paragraphs[2:4]] == [2, 2]
    assert not any(p.level for p in form(TITLE + "研发投入强度达到\n3.\n比上年提高0.2个百分点。\n").paragraphs[2:])
