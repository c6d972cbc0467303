"""Texts whose code points differ and that read the same: labelled as the plain one, spans into the text as it came."""

from __future__ import annotations

import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import govtext
from families import FAMILIES, traditional, translated
from govtext.document import LabelledReport
from govtext.features.variants import TRADITIONAL_FROM, pinyin_spans, plain_copy

REPORT = """关于2019年上半年科技工作的总结
市科技局：
一、主要工作
（一）服务企业。走访企业120家，帮助36家解决融资难题，新增高新技术企业12家。
（二）党的建设。开展主题教育，组织党员学习6次。
二、存在的问题
科技人才不足，企业研发投入不高。
三、下一步打算
继续做好高新技术企业认定，力争全年新增20家。
市科技局
2019年7月5日
"""


def said(report: LabelledReport) -> list[tuple[object, ...]]:
    """What is said of the paragraphs, spans and words apart."""
    return [
        (
            p.kind,
            p.level,
            p.labels,
            p.role,
            p.boilerplate,
            p.continues,
            len(p.path),
            p.heading is None,
            p.marker is None,
        )
        for p in report.paragraphs
    ]


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("科技創新", "科技创新"),
        ("⼯作報告", "工作报告"),
        ("工\u200b作\ufe0f\x07", "工作"),
        ("企業(yè)发展（fā）工作", "企业发展工作"),
        ("企业(yè)的(de)发展", "企业的发展"),
        ("企业\U000e0101", "企业"),
        ("a\u0301", "a"),
        ("ＷＷＷ．ｇｏｖ", "WWW．gov"),
    ],
)
def test_the_copy_is_the_plain_text(text: str, plain: str) -> None:
    copy = plain_copy(text)
    assert copy is not None
    assert copy.text == plain


@pytest.mark.parametrize(
    "text",
    [
        "",
        "科技创新，growth 12％（一）①\u3000\t\n",
        "的(de)发展",  # no syllable with its tone anywhere
        "线上（online）",
        "café(ā)",
        "乾隆年间",  # a form that simplified texts use too
        "\u200b\n",  # nothing would be left
        "\ud800𠮷",
    ],
)
def test_a_plain_text_has_no_copy(text: str) -> None:
    assert plain_copy(text) is None


def test_characters_of_both_scripts_are_replaced_in_traditional_texts_only() -> None:
    few, many = ("國" * n + "後" + "中" * 97 for n in (1, 2))
    assert TRADITIONAL_FROM == 0.02
    copies = [plain_copy(text) for text in (few, many)]
    assert ["後" in copy.text for copy in copies if copy is not None] == [True, False]


def test_pinyin_is_a_syllable_behind_characters() -> None:
    text = "企業(yè)和(hé)GDP(ā)与（ online）及(xyzxyzxy)"
    assert [text[start:end] for start, end in pinyin_spans(text)] == ["(yè)", "(hé)"]


@given(st.text(alphabet=st.sampled_from("科技創業(yè)⼯\u200b\u0301\x00 \n,国\ud800𠮷\U000e0101"), max_size=60))
def test_every_character_of_the_copy_is_one_of_the_text_or_stands_for_one(text: str) -> None:
    copy = plain_copy(text)
    if copy is None:
        return
    assert len(copy.where) == len(copy.text) + 1
    assert copy.where[-1] == len(text)
    assert (np.diff(copy.where) > 0).all()
    table = dict(zip("創業⼯", "创业工"))
    assert [table.get(text[i], text[i]) for i in copy.where[:-1]] == list(copy.text)


@pytest.mark.parametrize("family", FAMILIES)
def test_a_family_is_labelled_as_the_plain_text_with_spans_of_its_own(family: str) -> None:
    text = FAMILIES[family](REPORT, random.Random(0))
    plain, report = govtext.classify(REPORT), govtext.classify(text)
    assert said(plain) == said(report)
    assert "".join(text[p.start : p.end] for p in report.paragraphs) == text
    for p in report.paragraphs:
        assert p.text == text[p.start : p.end].strip()
        assert p.heading is None or text.find(p.heading, p.start) in (p.start, text.find(p.heading))
        assert p.marker is None or (p.heading or "").startswith(p.marker)
    assert [len(e.heading) > 0 for e in report.outline()] == [True] * len(plain.outline())


def test_reasons_are_of_the_text_as_it_came() -> None:
    text = FAMILIES["all at once"](REPORT, random.Random(0))
    plain, report = govtext.classify(REPORT), govtext.classify(text)
    i = next(i for i, p in enumerate(plain.paragraphs) if "enterprise_service" in p.labels)
    before, after = plain.explain(i)["enterprise_service"], report.explain(i)["enterprise_service"]
    assert [share for _, share in before.characters] == pytest.approx([share for _, share in after.characters])
    copy = plain_copy(text)
    assert copy is not None
    assert copy.text == REPORT
    here = np.searchsorted(copy.where, [offset for offset, _ in after.characters])
    assert [offset for offset, _ in before.characters] == here.tolist()
    spans = np.searchsorted(copy.where, [(word.start, word.end) for word in after.words])
    assert [(word.start, word.end) for word in before.words] == [tuple(span) for span in spans.tolist()]


def test_a_path_and_a_title_are_words_of_the_text() -> None:
    text = translated(traditional)(REPORT, random.Random(0))
    report = govtext.classify(text)
    assert {heading for p in report.paragraphs for heading in p.path} <= {e.heading for e in report.outline()}
    assert report.title is not None
    assert report.title in text
    assert report.parts[0].title == report.title
