"""What a repetition file adds to labelled reports: lines of their site as boilerplate, passages copied from other reports."""

from __future__ import annotations

import os
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path, PurePath
from types import MappingProxyType

from govtext.boilerplate.lines import to_lines
from govtext.boilerplate.repetition import RepetitionModel
from govtext.boilerplate.rules import forms_of, line_rules
from govtext.document import CopiedPassage, LabelledParagraph, LabelledReport, RecurringLine, Source, Verdict
from govtext.errors import BadModel

OF_THE_SITE = (
    0.99  # score of a flagged line; in 242 scraped documents all 143 that the line model had not found were right
)
PLAIN_KIND = "nav"  # of a line that no rule knows: 收藏, 全屏, 还原
_NO_THEMES: Mapping[str, float] = MappingProxyType({})


def load_repetition(path: Path) -> RepetitionModel:
    """The model in a file.

    Raises:
        BadModel: the file is missing, damaged, or no repetition model; says how one is made.
    """
    if not os.path.lexists(path):
        raise BadModel(f"{path}: no such file; make one with: govtext repetition REPORTS -o {path}")
    try:
        return RepetitionModel.load(path)
    except BadModel as error:
        raise BadModel(f"{error}; name a file that govtext repetition has written") from error


def marked(report: LabelledReport, model: RepetitionModel) -> LabelledReport:
    """The report with the lines of its site flagged and `copied` filled in.

    A line that is boilerplate already keeps its verdict; titles and lines that hold an element of the report stay.
    The model is asked line by line, as the command line fits it.
    """
    report = without_lines(report, [line for line in model.recurring(report.source) if line.is_furniture])
    return replace(report, copied=copied_from_others(report.source, model))


def copied_from_others(source: Source, model: RepetitionModel) -> tuple[CopiedPassage, ...]:
    """The passages that stand in other reports; the same file named from another folder is no other."""
    found = model.copied(source)
    if itself := _itself(source, found):
        found = model.copied(replace(source, name=min(itself)))
        itself = _itself(source, found)
    return tuple(passage for passage in found if passage.other not in itself)


def _itself(source: Source, found: tuple[CopiedPassage, ...]) -> set[str]:
    """The names that end like the source's and share all passages at the same places."""
    moved = {c.other for c in found if (c.start, c.end) != (c.other_start, c.other_end)}
    own = PurePath(source.name).name
    return {c.other for c in found if PurePath(c.other).name == own} - moved


def kind_of(line: str) -> str:
    """The kind of boilerplate that a line of the site is, by its form, else by the first rule that fires.

    >>> kind_of("版权所有：清泉县人民政府"), kind_of("还原")
    ('legal', 'nav')
    """
    read = to_lines([line])
    if (form := forms_of(read.texts())[0]) is not None:
        return form.kind
    return next((rule.kind for rule, hit in zip(line_rules(), read.hits[0], strict=True) if hit), PLAIN_KIND)


def without_lines(report: LabelledReport, lines: list[RecurringLine]) -> LabelledReport:
    """The report with the paragraphs on these lines as boilerplate, out of the outline and of the paths below them."""
    flagged = dict(_on_lines(report, lines))
    if not flagged:
        return report
    paragraphs: list[LabelledParagraph] = []
    gone: set[tuple[str, ...]] = set()  # headings that are none, each behind those above it
    for number, p in enumerate(report.paragraphs):
        if number in flagged:
            if p.heading is not None:
                gone.add((*p.path, p.heading))
            paragraphs.append(_flagged(p, flagged[number]))
            continue
        path = tuple(heading for depth, heading in enumerate(p.path, 1) if p.path[:depth] not in gone)
        # The rest of a flagged line must not be joined to what stands before it.
        cut_off = number - 1 in flagged and not report.paragraphs[number - 1].continues
        paragraphs.append(replace(p, path=path, continues=p.continues and not cut_off))
    spans = [(report.paragraphs[number].start, report.paragraphs[number].end) for number in flagged]
    return replace(
        report,
        paragraphs=tuple(paragraphs),
        stretches=tuple(s for s in report.stretches if not _inside(s.start, spans)),
        repairs=tuple(r for r in report.repairs if r.paragraph not in flagged),
    )


def _on_lines(report: LabelledReport, lines: list[RecurringLine]) -> Iterator[tuple[int, RecurringLine]]:
    """The numbers of the paragraphs that are content so far, no title, hold no element, and stand on one of the lines."""
    starts = [line.start for line in lines]
    own = sorted(_element_spans(report))
    for number, p in enumerate(report.paragraphs):
        if not p.text or p.boilerplate is not None or p.kind == "title":
            continue
        start = report.text.find(p.text, p.start)
        row = bisect_right(starts, start) - 1
        if row < 0 or start + len(p.text) > lines[row].end:
            continue
        if not any(first < p.end and last > p.start for first, last in own):
            yield number, lines[row]


def _element_spans(report: LabelledReport) -> Iterator[tuple[int, int]]:
    for part in report.parts:
        e = part.elements
        for element in (e.title, e.number, e.addressee, e.issuer, e.date, e.period, *e.attachments):
            if element is not None:
                yield element.start, element.end


def _flagged(p: LabelledParagraph, line: RecurringLine) -> LabelledParagraph:
    return replace(
        p,
        kind="boilerplate",
        level=None,
        marker=None,
        heading_end=None,
        path=(),
        verdict=Verdict(kind_of(p.text), OF_THE_SITE, line.reason),
        heading=None,
        themes=_NO_THEMES,
        labels=(),
        role=None,
        role_score=None,
        formulaic=False,
        formulaic_score=None,
    )


def _inside(place: int, spans: list[tuple[int, int]]) -> bool:
    """Whether the place is in one of the spans (ascending, none overlapping)."""
    row = bisect_right(spans, place, key=lambda span: span[0]) - 1
    return row >= 0 and place < spans[row][1]
