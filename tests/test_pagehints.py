"""What a page's markup says of its lines, and that only pages are told it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

import govtext
from govtext.boilerplate.maintext import n_around_features
from govtext.boilerplate.pagehints import LEANING, LINKED, N_FIRST, N_SECOND, PAGE_TITLE, with_shift
from govtext.boilerplate.weblines import n_page_features
from govtext.document import LabelledReport
from govtext.labelling import load
from govtext.source import LineHint, Source

BODY = (
    "科技局上半年工作总结",
    "一、服务企业",
    "上半年，我局走访企业120家，帮助36家企业解决融资难题，新增高新技术企业12家。",
    "二、存在的问题",
    "科技人才不足，企业研发投入不高，成果转化的渠道还不够畅通。",
)
MENU = ("首页", "机构设置", "政务公开", "办事服务")
RELATED = ("市科技局召开全市科技工作会议", "市民救起落水儿童 本人不愿留下姓名", "近4万辆汽车因气囊存隐患被召回")


def page() -> str:
    """A page with a menu above and related links below its text."""
    links = "".join(f"<li><a href='#'>{text}</a></li>" for text in MENU)
    below = "".join(f"<li><a href='#'>{text}</a></li>" for text in RELATED)
    body = "".join(f"<p>{text}</p>" for text in BODY)
    return f"<html><head><title>{BODY[0]}</title></head><body><ul>{links}</ul><div>{body}</div><ul>{below}</ul></body></html>"


def junk(report: LabelledReport) -> set[str]:
    return {p.text for p in report.paragraphs if p.boilerplate is not None}


def test_the_numbers_of_both_passes_are_those_computed() -> None:
    assert n_page_features(hinted=True) == N_FIRST
    assert n_around_features(hinted=True) == N_SECOND


def test_links_around_a_text_are_no_part_of_it() -> None:
    report = govtext.classify(page().encode(), fence=None)
    assert report.source.format == "webpage"
    assert set(MENU) | set(RELATED) <= junk(report)
    assert not junk(report) & set(BODY[1:])
    assert [entry.heading for entry in report.outline()] == ["一、服务企业", "二、存在的问题"]


def test_the_title_of_the_page_is_not_that_of_the_report() -> None:
    report = govtext.classify(page().encode(), fence=None)
    first = report.paragraphs[0]
    assert (first.text, first.boilerplate, first.verdict.reason) == (BODY[0], "page", PAGE_TITLE)
    assert report.title == BODY[0]


def test_the_same_lines_without_markup_are_told_nothing() -> None:
    source = govtext.read(page().encode(), fence=None)
    assert load().structure.shift(replace(source, hints=())) is None
    assert load().structure.shift(replace(source, format="word")) is None
    reasons = {p.verdict.reason for p in govtext.classify(source.text).paragraphs}
    assert not any("of its page" in reason for reason in reasons)


def test_reasons_say_that_the_page_decided() -> None:
    report = govtext.classify(page().encode(), fence=None)
    assert any(p.verdict.reason == "outside the main text of its page" for p in report.paragraphs)


def test_a_report_is_labelled_the_same_alone_and_among_pages() -> None:
    model = load()
    sources = [govtext.read(page().encode(), fence=None), govtext.read("一、服务企业\n走访企业120家。\n")]
    together = model.classify_many(sources)
    assert [model.classify(source).paragraphs for source in sources] == [report.paragraphs for report in together]


def test_links_speak_against_a_line_and_nothing_leans_to_content() -> None:
    hints = (LineHint("p", 0.0, 1, 0, 0), LineHint("p", 0.5, 1, 1, 0), LineHint("p", 0.51, 1, 2, 0))
    shift = load().structure.shift(Source("工作\n工作\n工作", format="webpage", hints=hints))
    assert shift is not None
    assert shift[2] - shift[1] > LINKED / 2
    assert LEANING > 0


@pytest.mark.parametrize("shift", [-700.0, -1.0, 0.0, 1.0, 700.0])
def test_a_shift_is_one_of_log_odds(shift: float) -> None:
    before = np.array([[0.3, 0.3, 0.2, 0.2]])
    after = with_shift(before, np.array([shift]), first=2)
    assert after.sum() == pytest.approx(1)
    assert (after >= 0).all()
    odds = 0.4 / 0.6 * np.exp(np.clip(shift, -50, 50))
    if abs(shift) < 50:
        assert after[0, 2:].sum() == pytest.approx(odds / (1 + odds))
    else:
        assert after[0, 2:].sum() == pytest.approx(float(shift > 0))
