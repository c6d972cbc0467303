"""The labelled report: title, outline, body without junk, plain dicts."""

import json
from dataclasses import FrozenInstanceError
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govtext.document import LabelledParagraph, LabelledReport, OutlineEntry, Source, Stretch, Verdict

CONTENT, JUNK = Verdict(None, 0.01, "nothing of a site's line"), Verdict("related", 0.99, "neighbours of links")


def labelled(text: str, start: int, end: int, kind: str = "body", **fields: Any) -> LabelledParagraph:
    """A paragraph with what a test says of it, and nothing else."""
    verdict = JUNK if kind == "boilerplate" else CONTENT
    stripped = text[start:end].strip()
    given: dict[str, Any] = {
        "level": None, "marker": None, "heading_end": None, "path": (), "alone": CONTENT, "verdict": verdict, "text": stripped,
        "heading": stripped if kind == "heading" else None, "themes": {}, "labels": (), "role": None, "role_score": None,
        "formulaic": False, "formulaic_score": None, **fields,
    }  # fmt: skip
    return LabelledParagraph(start, end, kind, **given)


def report_of(*pieces: tuple[str, str], stretches: tuple[Stretch, ...] = (), **fields: Any) -> LabelledReport:
    """A report of pieces (kind, text) that tile its text."""
    text = "".join(piece for _, piece in pieces)
    paragraphs, start = [], 0
    for kind, piece in pieces:
        paragraphs.append(labelled(text, start, start + len(piece), kind, **fields))
        start += len(piece)
    return LabelledReport(Source(text, "mine"), tuple(paragraphs), stretches, "0" * 64)


def cut_out(text: str, junk: str, kind: str = "promo") -> Stretch:
    start = text.index(junk)
    return Stretch(start, start + len(junk), kind, "a rule")


@pytest.mark.parametrize(
    ("pieces", "body"),
    [
        ([], ""),
        ([("boilerplate", "相关文章：\n")], ""),
        ([("body", "\n \n")], ""),
        ([("body", "甲。")], "甲。\n"),
        (
            [("title", "总结\n"), ("boilerplate", "打印\n"), ("body", "甲。\n"), ("boilerplate", "相关文章：")],
            "总结\n甲。\n",
        ),
        ([("title", "\n\n总结\n\n\n"), ("body", "　　甲。 \n\n")], "总结\n　　甲。 \n"),
        ([("heading", "一、主要工作"), ("body", "甲。\n")], "一、主要工作\n甲。\n"),
        ([("meta", "县政府：\n"), ("heading", "一、工作\n"), ("body", "甲\n")], "县政府：\n一、工作\n甲\n"),
    ],
)
def test_the_body_is_the_text_without_boilerplate_and_blank_lines(pieces: list[tuple[str, str]], body: str) -> None:
    assert body == report_of(*pieces).body()


def test_injected_junk_leaves_the_body_and_masked_values_stay() -> None:
    text = "全年引进**名博士www.fw.example，净增企业_家第1页 共4页。"
    stretches = (
        cut_out(text, "**", "mask"),
        cut_out(text, "www.fw.example"),
        cut_out(text, "_", "mask"),
        cut_out(text, "第1页 共4页", "page"),
    )
    assert report_of(("body", text), stretches=stretches).body() == "全年引进**名博士，净增企业_家。\n"


def test_a_value_that_was_deleted_is_a_stretch_without_characters() -> None:
    text = "增长%，更多范文请访问网站完成任务。"
    stretches = (Stretch(2, 2, "mask", "a rule"), cut_out(text, "更多范文请访问网站"))
    report = report_of(("body", text), stretches=stretches)
    assert report.body() == "增长%，完成任务。\n"


def test_junk_is_cut_from_its_own_paragraph_only() -> None:
    text = "甲PAGE 1。\n乙PAGE 2。\n"
    stretches = (cut_out(text, "PAGE 1", "page"), cut_out(text, "PAGE 2", "page"))
    assert report_of(("body", "甲PAGE 1。\n"), ("body", "乙PAGE 2。\n"), stretches=stretches).body() == "甲。\n乙。\n"
    assert report_of(("boilerplate", "甲PAGE 1。\n"), ("body", "乙PAGE 2。\n"), stretches=stretches).body() == "乙。\n"


def test_junk_at_both_ends_of_a_paragraph_and_side_by_side_goes() -> None:
    text = "PAGE 1甲PAGE 2PAGE 3"
    stretches = tuple(cut_out(text, f"PAGE {i}", "page") for i in (1, 2, 3))
    assert report_of(("body", text), stretches=stretches).body() == "甲\n"


def test_junk_that_reaches_beyond_its_paragraph_stays() -> None:
    pieces = [("body", "甲PAGE\n"), ("body", "1乙。\n")]
    assert report_of(*pieces, stretches=(Stretch(1, 7, "page", "a rule"),)).body() == "甲PAGE\n1乙。\n"


def test_a_paragraph_of_junk_alone_leaves_no_line() -> None:
    text = "甲。\nPAGE 1\n乙。\n"
    report = report_of(
        ("body", "甲。\n"), ("body", "PAGE 1\n"), ("body", "乙。\n"), stretches=(cut_out(text, "PAGE 1"),)
    )
    assert report.body() == "甲。\n乙。\n"


def test_the_outline_holds_headings_alone_and_run_in_in_order() -> None:
    text = "总结\n一、工作\n（一）引才。引进博士。\n乙。\n"
    paragraphs = (
        labelled(text, 0, 3, "title"),
        labelled(text, 3, 8, "heading", level=1, role="done"),
        labelled(
            text,
            8,
            20,
            "body",
            level=2,
            heading_end=14,
            heading="（一）引才。",
            labels=("talent", "industry"),
            role="plan",
        ),
        labelled(text, 20, 23, "body", labels=("talent",)),
    )
    report = LabelledReport(Source(text), paragraphs, (), "0" * 64)
    assert report.outline() == (
        OutlineEntry(1, "一、工作", (), "done", 1),
        OutlineEntry(2, "（一）引才。", ("talent", "industry"), "plan", 2),
    )


@pytest.mark.parametrize(
    ("pieces", "title"),
    [
        ([("title", "总结\n"), ("body", "甲。\n"), ("title", "又一篇\n")], "总结"),
        ([("boilerplate", "打印\n"), ("title", "　总结 \n")], "总结"),
        ([("body", "甲。\n")], None),
        ([], None),
    ],
)
def test_the_first_title_is_the_reports(pieces: list[tuple[str, str]], title: str | None) -> None:
    assert title == report_of(*pieces).title


def test_the_text_is_the_sources() -> None:
    report = report_of(("body", "甲。\n"))
    assert report.text is report.source.text


def test_dicts_hold_every_field_and_are_plain() -> None:
    text = "（一）引才。引进博士。\n相关文章："
    paragraphs = (
        labelled(
            text, 0, 12, level=2, marker="（一）", heading_end=6, path=("一、工作",), heading="（一）引才。", role="done",
            themes={"talent": 0.9, "industry": 0.2}, labels=("talent",), role_score=0.8, formulaic=True, formulaic_score=0.7,
        ),
        labelled(text, 12, 17, "boilerplate"),
    )  # fmt: skip
    first, second = LabelledReport(Source(text), paragraphs, (), "0" * 64).to_dicts()
    assert first == {
        "start": 0, "end": 12, "kind": "body", "level": 2, "marker": "（一）", "heading": "（一）引才。", "heading_end": 6,
        "continues": False, "path": ["一、工作"], "boilerplate": None, "boilerplate_score": 0.01,
        "boilerplate_reason": "nothing of a site's line",
        "boilerplate_alone": None, "boilerplate_alone_score": 0.01, "themes": ["talent"],
        "theme_scores": {"talent": 0.9, "industry": 0.2}, "role": "done", "role_score": 0.8, "formulaic": True,
        "formulaic_score": 0.7, "text": "（一）引才。引进博士。",
    }  # fmt: skip
    assert (second["boilerplate"], second["boilerplate_score"], second["boilerplate_alone"]) == ("related", 0.99, None)
    assert second.keys() == first.keys()
    assert json.loads(json.dumps([first, second])) == [first, second]


def test_documents_are_frozen() -> None:
    report = report_of(("body", "甲。"))
    for thing, name in ((report, "source"), (report.paragraphs[0], "kind"), (report.source, "text")):
        with pytest.raises(FrozenInstanceError, match=name):
            setattr(thing, name, None)


KINDS = st.sampled_from(["title", "meta", "heading", "body", "boilerplate"])
PIECES = st.lists(st.tuples(KINDS, st.text(st.sampled_from("甲乙丙 　\n。"), min_size=1, max_size=8)), max_size=8)


@given(PIECES, st.data())
def test_the_body_keeps_every_visible_character_that_is_no_junk(
    pieces: list[tuple[str, str]], data: st.DataObject
) -> None:
    stretches, kept, start = [], "", 0
    for kind, piece in pieces:
        a, b = sorted(data.draw(st.tuples(st.integers(0, len(piece)), st.integers(0, len(piece)))))
        stretches.append(Stretch(start + a, start + b, data.draw(st.sampled_from(["mask", "promo", "page"])), "a rule"))
        if kind != "boilerplate":
            kept += piece if stretches[-1].kind == "mask" else piece[:a] + piece[b:]
        start += len(piece)
    body = report_of(*pieces, stretches=tuple(stretches)).body()
    assert "".join(kept.split()) == "".join(body.split())
    assert body == "" or (body.endswith("\n") and not body.startswith("\n"))
