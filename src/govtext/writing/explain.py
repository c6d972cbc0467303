"""Why headings are headings and lines are junk, for people: one line a verdict, its reasons under it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from govtext.document import Repair
from govtext.writing.display import style
from govtext.writing.entry import Entry, Look
from govtext.writing.target import one_line
from govtext.writing.width import cut, padded

EXCERPT = 60  # columns of what is spoken of
INDENT = " " * 4

# Sentences on a paragraph, by where it starts.
Reasons = Mapping[int, Sequence[str]]

# What each kind of repair says; {number} is what the heading counts as.
REPAIRS: Mapping[str, str] = {
    "skipped": "number {number}, what comes before it is missing",
    "doubled": "number {number} for the second time",
    "mistyped": "its number taken for {number}",
    "restarted": "the count begins anew",
    "switched": "goes on with another marker's count as number {number}",
    "late": "the count begins at {number}",
}


def headings(entry: Entry, look: Look, reasons: Reasons) -> list[str]:
    """One line for each heading of the outline: file and line, level, the heading, how its number was put right.

    What `reasons` says of it stands under it.
    """
    report = entry.report
    repairs = {repair.paragraph: repair for repair in report.repairs}
    outline = report.outline()
    starts = [report.paragraphs[e.paragraph].start for e in outline]
    written = [report.text.find(report.paragraphs[e.paragraph].text, start) for e, start in zip(outline, starts)]
    lines = []
    for number, start, e in zip(line_numbers(report.text, written), starts, outline):
        excerpt = padded(cut(one_line(e.heading), EXCERPT), EXCERPT)
        line = f"{one_line(entry.file)}:{number}  level {e.level}  {excerpt}  {repaired(repairs.get(e.paragraph))}"
        lines += [style(line.rstrip(), "dim", look), *under(start, reasons, look)]
    return lines


def repaired(repair: Repair | None) -> str:
    """The repair in words, nothing for none.

    >>> repaired(Repair(5, "mistyped", 3))
    'its number taken for 3'
    """
    return "" if repair is None else REPAIRS[repair.kind].format(number=repair.number)


def under(start: int | None, reasons: Reasons | None, look: Look) -> Iterator[str]:
    """The sentences on the paragraph that starts there, set in."""
    if start is not None and reasons is not None:
        for sentence in reasons.get(start, ()):
            yield style(INDENT + one_line(sentence), "dim", look)


def line_numbers(text: str, starts: Sequence[int]) -> Iterator[int]:
    """The line of the report, from 1, for each of ascending offsets."""
    number, counted = 1, 0
    for start in starts:
        number, counted = number + text.count("\n", counted, start), start
        yield number
