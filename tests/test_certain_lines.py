"""Lines that are certain by themselves: no neighbours overrule them, and the reasons say so."""

import pytest

import govtext
from govtext.boilerplate import detector
from govtext.boilerplate.context import N_CONTENT
from govtext.boilerplate.detector import SENTENCE, SENTENCE_UP_TO, Judged, _settled, without_junk
from govtext.boilerplate.lines import to_lines
from govtext.boilerplate.rules import forms_of
from govtext.document import LabelledParagraph, Verdict

PROSE = (
    "云岭县档案局2021年工作总结\n2021年，全县接收档案3.2万卷，接待查阅1860人次。\n{}\n"
    "二是抓好安全，全年检查库房12次，整改隐患9处。\n"
)
FORMS = [
    ("责任编辑：小雨", "byline", "author or editor of the page"),
    ("分享到", "nav", "share buttons"),
    ("3. 本站仅提供信息存储空间，不对下载内容负责。", "legal", "disclaimer"),
    ("var d = new Date();", "page", "script of a web page"),
]


def piece(text: str, beginning: str) -> LabelledParagraph:
    return next(p for p in govtext.classify(text).paragraphs if p.text.startswith(beginning))


def said(text: str, beginning: str) -> str:
    """The first sentence of the reasons of the piece that begins so."""
    report = govtext.classify(text)
    start = next(p.start for p in report.paragraphs if p.text.startswith(beginning))
    return govtext.load().reasons(report)[start].in_words()[0]


def read(*pieces: str) -> Judged:
    """The pieces of one report as they are judged."""
    return govtext.load().structure.lines.read(to_lines(pieces), pieces)


def settled(line: str, first: Verdict, verdict: Verdict) -> Verdict:
    """What becomes of the verdict on a line without a form; `first` is the one without its neighbours."""
    (found,) = _settled(to_lines([line]), [None], [first], [verdict])
    return found


@pytest.mark.parametrize(("line", "kind", "reason"), FORMS, ids=lambda value: value[:8])
def test_a_form_is_boilerplate_with_prose_around_it(line: str, kind: str, reason: str) -> None:
    found = piece(PROSE.format(line), line)
    assert (kind, 1.0, reason) == (found.verdict.kind, found.verdict.score, found.verdict.reason)
    assert said(PROSE.format(line), line).endswith(f"; the line itself decided: {reason}")


def test_what_the_first_pass_thinks_of_a_form_is_kept() -> None:
    alone, _ = govtext.load().structure.lines.first_pass(to_lines(["下载"]))
    found = piece(PROSE.format("下载"), "下载")
    assert found.alone.score == pytest.approx(float(alone[0, N_CONTENT:].sum()))
    assert found.verdict.score == 1.0


@pytest.mark.parametrize(("before", "parts"), [("接待查阅1860人次。", True), ("接待查阅", False)])
def test_a_drawn_line_parts_only_what_has_ended(before: str, parts: bool) -> None:
    forms = read(f"全年接收档案3.2万卷，{before}", "***", "人次，整改隐患9处。").forms
    assert [False, parts, False] == [form is not None for form in forms]


_SITE = "上一篇：关于召开会议的通知\n下一篇：关于表彰先进的通知\n"
SWALLOWED = f"枇杷洲县科普工作总结\n{_SITE}{{}}\n{_SITE}"


def test_a_sentence_stays_content_among_lines_of_a_site() -> None:
    found = piece(SWALLOWED.format("举办讲座40场。"), "举办讲座")
    assert found.alone.score < SENTENCE_UP_TO
    assert (found.boilerplate, found.verdict.reason) == (None, SENTENCE)
    text = SWALLOWED.format("举办讲座40场。")
    assert said(text, "举办讲座").endswith(f"; the line itself decided: {SENTENCE}")


@pytest.mark.parametrize(
    ("line", "alone", "kind"),
    [
        ("全县举办科普讲座40场。", SENTENCE_UP_TO / 2, None),
        ("全县举办科普讲座40场。", SENTENCE_UP_TO, "promo"),
        ("全县举办科普讲座40场", SENTENCE_UP_TO / 2, "promo"),
        ("责任编辑：小雨，校对：小雪。", SENTENCE_UP_TO / 2, "promo"),
    ],
)
def test_only_a_sentence_that_no_rule_speaks_against_and_sure_alone_is_settled(
    line: str, alone: float, kind: str | None
) -> None:
    assert kind == settled(line, Verdict(None, alone, ""), Verdict("promo", 0.7, "")).kind


def test_no_sentence_is_settled_that_its_neighbours_leave_alone() -> None:
    verdict = Verdict(None, 0.2, "nothing of a site's line")
    assert verdict == settled("全县举办科普讲座40场。", Verdict(None, 0.0, ""), verdict)


def test_a_line_is_judged_without_the_field_code_or_the_notice_inside_it() -> None:
    title = "关于档案工作情况的汇报PAGE \\* MERGEFORMAT 3"
    last = "力争全年接收档案5万卷。全文预览已结束，开通会员可阅读剩余60%内容"
    report = govtext.classify(f"{title}\n2021年，全县接收档案3.2万卷，接待查阅1860人次。\n{last}\n")
    first, *_, end = report.paragraphs
    assert [first.kind, end.kind] == ["title", "body"]
    assert [s.kind for s in report.stretches] == ["page", "promo"]


@pytest.mark.parametrize(
    "line",
    [
        "云岭县档案局工作总结.doc_第2页",
        "Copyright © 2018 云岭经济开发区管委会",
        "走访企业40家，解决问题28个",
        "走访企业40家，解决问题**个。",
        "第1页 共4页",
    ],
)
def test_a_running_head_a_copyright_line_and_plain_prose_have_no_rest(line: str) -> None:
    assert without_junk([line]) == [None]
    assert to_lines([line]).texts() == read(line).lines.texts()


def test_a_line_read_without_junk_has_the_place_of_the_whole_line_for_its_heading(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(detector, "WITH_FROM", 0.0)
    piece = "（一）抓接收PAGE \\* MERGEFORMAT 3。力争全年接收档案5万卷。"
    lines = read("云岭县档案局工作总结", piece, "二是抓好安全。").lines
    without = to_lines(["云岭县档案局工作总结", "（一）抓接收。力争全年接收档案5万卷。", "二是抓好安全。"])
    assert without.texts() == lines.texts()
    assert [0, piece.index("。") + 1, 7] == lines.run_in.tolist()
    assert [0, piece.index("。") + 1 - len("PAGE \\* MERGEFORMAT 3"), 7] == without.run_in.tolist()


def test_the_empty_line_has_no_form() -> None:
    assert forms_of([""]) == [None]
