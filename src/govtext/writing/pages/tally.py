"""What an index keeps of a report when the report itself has gone by: its name, its time, how much of which theme."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from govtext.document import LabelledReport
from govtext.writing.entry import Entry
from govtext.writing.target import one_line


@dataclass(frozen=True, slots=True)
class Tally:
    """One report: its page, what it says of itself, and how many paragraphs of body text have which theme."""

    page: str
    title: str
    issuer: str | None
    year: int | None
    date: str
    paragraphs: int
    junk: int
    themes: Mapping[str, int]


@dataclass(slots=True)
class Sum:
    """Reports taken together."""

    reports: int = 0
    paragraphs: int = 0
    junk: int = 0
    themes: Counter[str] = field(default_factory=Counter)

    def add(self, tally: Tally) -> None:
        """Nothing; one more report is in it."""
        self.reports += 1
        self.paragraphs += tally.paragraphs
        self.junk += tally.junk
        self.themes.update(tally.themes)


def tally(entry: Entry, page: str) -> Tally:
    """What is kept of a report whose page has this file name."""
    report = entry.report
    body = [p for p in report.paragraphs if p.kind == "body" and not p.continues and p.boilerplate is None]
    themes = Counter(code for p in body for code in p.labels)
    junk = sum(p.boilerplate is not None and bool(p.text) for p in report.paragraphs)
    issuer = one_line(report.issuer) if report.issuer else None
    title = one_line(report.title or "") or one_line(entry.id)
    day = "" if report.date is None else report.date.isoformat()
    return Tally(page, title, issuer, year_of(report), day, len(body), junk, themes)


def year_of(report: LabelledReport) -> int | None:
    """The year that the report speaks of, else that it bears."""
    if report.period is not None:
        return report.period.end.year
    return None if report.date is None else report.date.year


def total(tallies: Iterable[Tally]) -> Sum:
    """All of them together."""
    found = Sum()
    for one in tallies:
        found.add(one)
    return found


def by(tallies: Iterable[Tally], name: str) -> dict[str | int | None, Sum]:
    """The reports taken together by their `year` or `issuer`."""
    found: dict[str | int | None, Sum] = {}
    for one in tallies:
        found.setdefault(getattr(one, name), Sum()).add(one)
    return found
