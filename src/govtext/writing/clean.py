"""The report without its junk, and what was taken out of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from govtext.writing.display import JUNK_SIGN, STRETCH_SIGN, percent, style
from govtext.writing.entry import Entry, Look
from govtext.writing.explain import EXCERPT, Reasons, line_numbers, under
from govtext.writing.target import one_line
from govtext.writing.width import cut, padded


def clean(entries: Iterable[Entry], look: Look) -> Iterator[str]:
    """The text of each report without boilerplate and injected junk, a blank line between two reports."""
    written = False
    for entry in entries:
        body = entry.report.body()
        yield "\n" + body if written and body else body
        written = written or bool(body)


def removed(entry: Entry, look: Look, reasons: Reasons | None = None) -> list[str]:
    """One line for each piece that `clean` leaves out: file and line, kind, score, the piece, the reason.

    What `reasons` says of a piece stands under it.
    """
    report, text, stretches = entry.report, entry.report.text, entry.report.stretches
    junk = [(report.text.find(p.text, p.start), p) for p in report.paragraphs if p.boilerplate is not None and p.text]
    pieces = [
        *(
            (start, f"{JUNK_SIGN} {p.boilerplate}", percent(p.verdict.score), p.text, p.verdict.reason, p.start)
            for start, p in junk
        ),
        *(
            (s.start, f"{STRETCH_SIGN} {s.kind}", "", text[s.start : s.end], s.reason, None)
            for s in stretches
            if s.kind != "mask"
        ),
    ]
    pieces.sort(key=lambda piece: piece[:5])
    lines = []
    numbers = line_numbers(text, [piece[0] for piece in pieces])
    for number, (_, sign, score, piece, reason, paragraph) in zip(numbers, pieces):
        excerpt = padded(cut(one_line(piece), EXCERPT), EXCERPT)
        line = f"{one_line(entry.file)}:{number}  {sign:<9}  {score:>4}  {excerpt}  {one_line(reason)}"
        lines += [style(line, "dim", look), *under(paragraph, reasons, look)]
    return lines
