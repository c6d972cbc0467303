"""What scraping does to a report: each trap with texts that fall into it and texts that only look like it.

The rows of `cases/wild/*.toml`, one file a section, say what a careful reader wants of a text by the corpus' CODEBOOK.md:

trap          the phrase of the file's `phrases` that the row is for
hit           true: the trap is in `text`; false: the text looks like it
headings      every heading in order, run-in ones included, as [level, heading without the junk in it]
kinds         [beginning, kind] of pieces in the order of the text; a kind of boilerplate stands for itself
joined        [beginning, ending] of what is one paragraph once its pieces are put together
apart         beginnings of pieces that continue no other
stretches     a part of the text with the junk or mask marked in it: 达到⟦mask:⟧家, 企业⟦page:第1页⟧名单
no_stretches  parts of the text that no stretch touches
not_headings  what no heading begins with
content       what stands whole inside one piece of content
junk          what stands whole inside one piece of boilerplate
themes        beginning of a piece → a theme it has, "-" for none
same_as       the plain text whose pieces have the same kinds, levels, themes and roles
known_failure why the row fails as things are
"""

import re
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import govtext
from govtext.document import BOILERPLATE_KINDS, PARAGRAPH_KINDS, LabelledParagraph, LabelledReport, OutlineEntry

SECTIONS = {
    path.stem: tomllib.loads(path.read_text(encoding="utf-8"))
    for path in sorted((Path(__file__).parent / "cases" / "wild").glob("*.toml"))
}
WIDEST_UNIT = 4  # characters that a stretch may take beyond what is marked: 家, 万元, 年度, the brackets around
_MARK = re.compile(r"⟦(\w{1,9}):([^⟧]{0,200})⟧")
Row = dict[str, Any]


def rows() -> Iterator[Any]:
    for section, cases in SECTIONS.items():
        for row in cases["row"]:
            failure = row.get("known_failure")
            marks = [pytest.mark.xfail(reason=failure, strict=True)] if failure else []
            yield pytest.param(row, marks=marks, id=f"{section}-{row['trap']}-{'hit' if row['hit'] else 'near miss'}")


def kind_of(piece: LabelledParagraph) -> str:
    return piece.boilerplate or piece.kind


def begun_by(pieces: list[LabelledParagraph], beginning: str) -> LabelledParagraph | None:
    """The first of the pieces that begins so."""
    return next((p for p in pieces if p.text.startswith(beginning)), None)


def unmarked(marked: str) -> tuple[str, list[tuple[int, int, str]]]:
    """The text without its marks, and each mark's start, end and kind."""
    plain, spans, position = "", [], 0
    for mark in _MARK.finditer(marked):
        plain += marked[position : mark.start()]
        spans.append((len(plain), len(plain) + len(mark[2]), mark[1]))
        plain += mark[2]
        position = mark.end()
    return plain + marked[position:], spans


def without_junk(report: LabelledReport, entry: OutlineEntry) -> str:
    """The heading without the junk inside it; what a wrap cut is put together."""
    kept = ""
    for i, piece in enumerate(report.paragraphs[entry.paragraph :]):
        if piece.heading is None or (i and not piece.continues):
            break
        end, position = piece.end if piece.heading_end is None else piece.heading_end, piece.start
        for s in report.stretches:
            if s.kind != "mask" and position <= s.start and s.end <= end:
                kept += report.text[position : s.start]
                position = s.end
        kept += report.text[position:end]
    return kept.replace("\n", "").strip()


def headings(report: LabelledReport, wanted: list[list[Any]]) -> Iterator[str]:
    found = [[entry.level, without_junk(report, entry)] for entry in report.outline()]
    if found != wanted:
        yield f"headings: wanted {wanted}, got {found}"


def kinds(report: LabelledReport, wanted: list[list[str]]) -> Iterator[str]:
    pieces = list(report.paragraphs)
    for beginning, kind in wanted:
        piece = begun_by(pieces, beginning)
        if piece is None:
            yield f"kinds: no piece begins with {beginning!r}"
            continue
        if kind_of(piece) != kind:
            yield f"kinds: wanted {kind} for {beginning!r}, got {kind_of(piece)} ({piece.verdict.reason})"
        pieces = pieces[pieces.index(piece) + 1 :]


def joined_texts(report: LabelledReport) -> list[str]:
    """The paragraphs of content, each with the pieces that continue it."""
    texts: list[str] = []
    for piece in report.paragraphs:
        if piece.boilerplate is None:
            if texts and piece.continues:
                texts[-1] += piece.text
            else:
                texts.append(piece.text)
    return texts


def joined(report: LabelledReport, wanted: list[list[str]]) -> Iterator[str]:
    texts = joined_texts(report)
    for beginning, ending in wanted:
        found = next((text for text in texts if text.startswith(beginning)), None)
        if found is None or not found.endswith(ending):
            yield f"joined: wanted {beginning}…{ending}, got {found}"


def apart(report: LabelledReport, wanted: list[str]) -> Iterator[str]:
    texts = joined_texts(report)
    for beginning in wanted:
        if not any(text.startswith(beginning) for text in texts):
            yield f"apart: no paragraph begins with {beginning!r}"


def is_marked(report: LabelledReport, start: int, end: int, kind: str) -> bool:
    """Whether stretches of the kind, or a piece of that kind of boilerplate, take the span and little beside it."""
    if any(p.start <= start < end <= p.end and p.boilerplate == kind for p in report.paragraphs):
        return True
    near = [s for s in report.stretches if s.kind == kind and s.start <= end and s.end >= start]
    if not near or near[0].start < start - WIDEST_UNIT or near[-1].end > end + WIDEST_UNIT:
        return False
    taken = {place for s in near for place in range(s.start, s.end)}
    return all(place in taken for place in range(start, end))


def stretches(report: LabelledReport, wanted: list[str]) -> Iterator[str]:
    for marked in wanted:
        plain, spans = unmarked(marked)
        at = report.text.index(plain)
        for start, end, kind in spans:
            start, end = at + start, at + end
            if not is_marked(report, start, end, kind):
                got = [
                    (report.text[s.start : s.end], s.kind, s.reason)
                    for s in report.stretches
                    if s.start <= end and s.end >= start
                ]
                yield f"stretches: wanted {report.text[start:end]!r} as {kind} in {plain!r}, got {got}"


def no_stretches(report: LabelledReport, wanted: list[str]) -> Iterator[str]:
    for plain in wanted:
        start = report.text.index(plain)
        for s in report.stretches:
            if s.start < start + len(plain) and s.end > start:
                yield f"no_stretches: {report.text[s.start : s.end]!r} found in {plain!r} as {s.kind} ({s.reason})"


def not_headings(report: LabelledReport, wanted: list[str]) -> Iterator[str]:
    for entry in report.outline():
        if entry.heading.startswith(tuple(wanted)):
            yield f"not_headings: {entry.heading!r} found as a heading"


def content(report: LabelledReport, wanted: list[str]) -> Iterator[str]:
    for part in wanted:
        holding = [kind_of(p) for p in report.paragraphs if part in p.text]
        if not any(kind in PARAGRAPH_KINDS for kind in holding):
            yield f"content: {part!r} stands whole in {holding or 'no piece'}"


def junk(report: LabelledReport, wanted: list[str]) -> Iterator[str]:
    for part in wanted:
        holding = [kind_of(p) for p in report.paragraphs if part in p.text]
        if not holding or not set(holding) <= set(BOILERPLATE_KINDS):
            yield f"junk: {part!r} stands whole in {holding or 'no piece'}"


def themes(report: LabelledReport, wanted: dict[str, str]) -> Iterator[str]:
    for beginning, theme in wanted.items():
        piece = begun_by(list(report.paragraphs), beginning)
        if piece is None:
            yield f"themes: no piece begins with {beginning!r}"
        elif (theme not in piece.labels) if theme != "-" else piece.labels:
            yield f"themes: wanted {theme} for {beginning!r}, got {piece.labels}"


def same_as(report: LabelledReport, plain: str) -> Iterator[str]:
    found, wanted = (
        [(kind_of(p), p.level, sorted(p.labels), p.role) for p in r.paragraphs]
        for r in (report, govtext.classify(plain))
    )
    for i, (left, right) in enumerate(zip(wanted, found)):
        if left != right:
            yield f"same_as: wanted {left} for {report.paragraphs[i].text[:20]!r}, got {right}"
    if len(found) != len(wanted):
        yield f"same_as: wanted {len(wanted)} pieces, got {len(found)}"


CHECKS: dict[str, Callable[[LabelledReport, Any], Iterator[str]]] = {
    check.__name__: check
    for check in (
        headings, kinds, joined, apart, stretches, no_stretches, not_headings, content, junk, themes, same_as,
    )
}  # fmt: skip


@pytest.mark.parametrize("row", list(rows()))
def test_a_careful_reader_is_content(row: Row) -> None:
    report = govtext.classify(row["text"])
    assert [problem for name, check in CHECKS.items() if name in row for problem in check(report, row[name])] == []


@pytest.mark.parametrize("section", SECTIONS)
def test_every_phrase_has_a_hit_and_a_near_miss(section: str) -> None:
    found = {(row["trap"], row["hit"]) for row in SECTIONS[section]["row"]}
    assert {(phrase, hit) for phrase in SECTIONS[section]["phrases"] for hit in (True, False)} == found


@pytest.mark.parametrize("section", SECTIONS)
def test_every_row_states_something_and_nothing_unknown(section: str) -> None:
    for row in SECTIONS[section]["row"]:
        assert set(row) & set(CHECKS), row["trap"]
        assert set(row) <= {"trap", "hit", "text", "known_failure", *CHECKS}, row["trap"]


def test_marks_are_told_from_the_text() -> None:
    assert unmarked("达到⟦mask:⟧家，⟦page:第1页⟧全部") == ("达到家，第1页全部", [(2, 2, "mask"), (4, 7, "page")])
    assert unmarked("没有标记") == ("没有标记", [])


def test_no_check_passes_what_is_wrong() -> None:
    report = govtext.classify("关于科技工作的总结\n一、服务企业\n走访企业**家，帮助解决融资难题。\n第1页 共4页\n")
    wrong: list[tuple[str, Any]] = [
        ("headings", [[2, "一、服务企业"]]),
        ("kinds", [["一、", "body"]]),
        ("kinds", [["走访", "body"], ["一、", "heading"]]),
        ("joined", [["一、", "难题。"]]),
        ("apart", ["帮助解决"]),
        ("stretches", ["走访企业⟦page:**⟧家"]),
        ("stretches", ["⟦mask:走访⟧企业"]),
        ("no_stretches", ["企业**家"]),
        ("not_headings", ["一、"]),
        ("content", ["第1页"]),
        ("junk", ["走访"]),
        ("themes", {"走访": "talent"}),
        ("themes", {"走访": "-"}),
        ("same_as", "关于科技工作的总结\n一、服务企业\n"),
    ]
    assert {name for name, _ in wrong} == set(CHECKS)
    for name, wanted in wrong:
        assert list(CHECKS[name](report, wanted)), name
