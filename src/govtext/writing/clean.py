"""The report without its junk, and what was taken out of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from govtext.writing.display import JUNK_SIGN, STRETCH_SIGN, percent, style
from govtext.writing.entry import Entry, Look
from govtext.writing.target import one_line
from govtext.writing.width import cut, padded

EXCERPT = 60  # columns of what was taken out


def clean(entries: Iterable[Entry], look: Look) -> Iterator[str]:
    """The text of each report without boilerplate and injected junk, a blank line between two reports."""
    written = False
    for entry in entries:
        body = entry.report.body()
        yield "\n" + body if written and body else body
        written = written or bool(body)


def removed(entry: Entry, look: Look) -> list[str]:
    """One line for each piece that `clean` leaves out: file and line, kind, score, the piece, the reason."""
    report, text, stretches = entry.report, entry.report.text, entry.report.stretches
    junk = [(report.text.find(p.text, p.start), p) for p in report.paragraphs if p.boilerplate is not None and p.text]
    pieces = [
        *(
            (start, f"{JUNK_SIGN} {p.boilerplate}", percent(p.verdict.score), p.text, p.verdict.reason)
            for start, p in junk
        ),
        *(
            (s.start, f"{STRETCH_SIGN} {s.kind}", "", text[s.start : s.end], s.reason)
            for s in stretches
            if s.kind != "mask"
        ),
    ]
    lines = []
    number, counted = 1, 0  # line of the report, characters looked at for it
    for start, sign, score, piece, reason in sorted(pieces):
        number, counted = number + text.count("\n", counted, start), start
        excerpt = padded(cut(one_line(piece), EXCERPT), EXCERPT)
        line = f"{one_line(entry.file)}:{number}  {sign:<9}  {score:>4}  {excerpt}  {one_line(reason)}"
        lines.append(style(line, "dim", look))
    return lines
