"""The frozen types a report passes through, from `Source` to `LabelledReport`.

All spans are half-open and count code points of `Source.text`.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Generic, TypeVar

from govtext.conveniences import Conveniences
from govtext.reasons import Explainer, ThemeReasons, explained
from govtext.source import LineHint as LineHint
from govtext.source import Source as Source

PARAGRAPH_KINDS = ("title", "meta", "heading", "body", "boilerplate")
BOILERPLATE_KINDS = ("related", "nav", "byline", "promo", "legal", "page")
ROLES = ("overview", "done", "problem", "plan", "other")


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a paragraph is boilerplate: `kind` (None for content), `score` (probability 0–1) and why."""

    kind: str | None
    score: float
    reason: str


@dataclass(frozen=True, slots=True)
class Stretch:
    """A span inside a paragraph that is a masked value (`mask`) or injected junk (a boilerplate kind)."""

    start: int
    end: int
    kind: str
    reason: str


@dataclass(frozen=True, slots=True)
class Repair:
    """A heading whose number does not fit the count: `kind` says how, `number` what it was taken for, `paragraph` its index.

    Kinds: skipped (numbers before it are missing), doubled, mistyped, restarted (the count begins anew), switched (another
    family goes on with the count), late (the count does not begin at 1).
    """

    paragraph: int
    kind: str
    number: int | None


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One piece of a report; the paragraphs of a report tile its text.

    `level` counts from 1 (outermost) for headings and for paragraphs with a run-in heading, else None.
    `heading_end` is where a run-in heading ends (offset into the text), else None.
    `path` holds the headings above, outermost first; a paragraph's own run-in heading is not in it.
    `alone` is the verdict on the line by itself, `verdict` the one with its neighbours, which decides.
    `continues`: it is the rest of the paragraph before it, cut off by a wrapped line or by what a converter put between.
    """

    start: int
    end: int
    kind: str
    level: int | None
    marker: str | None
    heading_end: int | None
    path: tuple[str, ...]
    alone: Verdict
    verdict: Verdict
    continues: bool = field(default=False, kw_only=True)


@dataclass(frozen=True, slots=True)
class LabelledParagraph(Paragraph):
    """A paragraph with what the model says of it.

    `text` is the span stripped of white space at both ends; `heading` the heading's own text (run-in or alone), else None.
    `themes` maps every theme code to its probability, `labels` are the decided codes, most probable first.
    `role` and `labels` are None and empty for title, meta and boilerplate.
    """

    text: str
    heading: str | None
    themes: Mapping[str, float]
    labels: tuple[str, ...]
    role: str | None
    role_score: float | None
    formulaic: bool
    formulaic_score: float | None

    @property
    def boilerplate(self) -> str | None:
        """The kind of boilerplate, None for content."""
        return self.verdict.kind


@dataclass(frozen=True, slots=True)
class OutlineEntry:
    """One heading of a report: its level, text, decided themes, role, and the index of its paragraph."""

    level: int
    heading: str
    labels: tuple[str, ...]
    role: str | None
    paragraph: int


T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Element(Generic[T]):
    """One element of an official document: where it stands, `text` as found there, and what that says (`value`)."""

    start: int
    end: int
    text: str
    value: T


@dataclass(frozen=True, slots=True)
class Period:
    """The time that a report speaks of, both days included."""

    start: date
    end: date


@dataclass(frozen=True, slots=True)
class Elements:
    """The elements of one report, each None where it is not there or cannot be read (`20nn年`); nothing is guessed.

    Values are without white space, with plain digits and 〔〕 in the number. `date` is the day that the report itself
    bears, never the host site's; `period` the first time that the title names, else the opening.
    """

    title: Element[str] | None = None
    number: Element[str] | None = None
    addressee: Element[str] | None = None
    issuer: Element[str] | None = None
    date: Element[date] | None = None
    period: Element[Period] | None = None
    attachments: tuple[Element[str], ...] = ()


@dataclass(frozen=True, slots=True)
class Part:
    """One of the reports on a page: its paragraphs `first` to `stop` (half-open), its title without white space."""

    first: int
    stop: int
    title: str | None
    elements: Elements = Elements()


@dataclass(frozen=True, slots=True)
class CopiedPassage:
    """A passage at `start`–`end` that stands in the report `other` too, at `other_start`–`other_end` of its text.

    `similarity`, 0–1, is the estimated share of five-character shingles that the two have in common.
    """

    start: int
    end: int
    other: str
    other_start: int
    other_end: int
    similarity: float


@dataclass(frozen=True, slots=True)
class RecurringLine:
    """A line that stands in other reports too.

    `n_reports` counts those reports of the sample, copies of one report once; `n_forms` their wordings of the line, figures
    counted. `beside` is the share of them where it has a neighbour that it has here, `outside` where it stands before or
    behind all prose. `is_furniture`: it is the site's and not the report's, for the `reason` given.
    """

    start: int
    end: int
    n_reports: int
    n_forms: int
    beside: float
    outside: float
    is_furniture: bool
    reason: str


@dataclass(frozen=True, slots=True)
class LabelledReport(Conveniences):
    """A report with its outline, themes, roles and boilerplate: what `classify` gives back."""

    source: Source
    paragraphs: tuple[LabelledParagraph, ...]
    stretches: tuple[Stretch, ...]
    model_sha256: str
    theme_names: Mapping[str, str] = field(default_factory=dict)
    parts: tuple[Part, ...] = ()
    copied: tuple[CopiedPassage, ...] = ()
    repairs: tuple[Repair, ...] = ()
    explainer: Explainer | None = field(default=None, repr=False, compare=False, kw_only=True)

    @property
    def text(self) -> str:
        """The text that all spans count in."""
        return self.source.text

    @property
    def title(self) -> str | None:
        """The text of the first title, None if the report has none."""
        return next((p.text for p in self.paragraphs if p.kind == "title"), None)

    @property
    def elements(self) -> Elements:
        """The elements of the first part with a title, else of the first part."""
        titled = [part.elements for part in self.parts if part.title]
        return next(iter(titled or [part.elements for part in self.parts]), Elements())

    @property
    def issuer(self) -> str | None:
        """Who issued the report, None where that cannot be read."""
        return self.elements.issuer.value if self.elements.issuer else None

    @property
    def date(self) -> date | None:
        """The day that the report itself bears, None where that cannot be read."""
        return self.elements.date.value if self.elements.date else None

    @property
    def period(self) -> Period | None:
        """The time that the report speaks of, None where that cannot be read."""
        return self.elements.period.value if self.elements.period else None

    def outline(self) -> tuple[OutlineEntry, ...]:
        """The headings in order, run-in headings included; one that a wrap cut is one entry."""
        entries: list[OutlineEntry] = []
        for i, p in enumerate(self.paragraphs):
            if p.heading is None:
                continue
            if p.continues and entries and entries[-1].paragraph < i:
                entries[-1] = replace(entries[-1], heading=entries[-1].heading + p.heading)
            else:
                entries.append(OutlineEntry(p.level or 1, p.heading, p.labels, p.role, i))
        return tuple(entries)

    def explain(self, i: int) -> Mapping[str, ThemeReasons]:
        """What spoke for and against each theme in paragraph `i`, by code; see `Model.explain`."""
        return explained(self.explainer, i)

    def body(self) -> str:
        """The text without boilerplate paragraphs and injected junk, wrapped lines joined; masked values stay, blank lines go."""
        junk = [s for s in self.stretches if s.kind != "mask"]
        starts = [s.start for s in junk]
        kept: list[list[str]] = []
        begun = False  # whether the paragraph has left something already that its rest can be joined to
        for p in self.paragraphs:
            if p.boilerplate is not None:
                continue
            begun = begun and p.continues
            piece, position = "", p.start
            for s in junk[bisect_left(starts, p.start) : bisect_left(starts, p.end)]:
                if s.end <= p.end:
                    piece += self.text[position : s.start]
                    position = s.end
            piece += self.text[position : p.end]
            if not piece.strip():
                continue
            if begun:
                kept[-1][-1] = kept[-1][-1].rstrip()
                kept[-1].append(piece.strip())
            else:
                kept.append([piece.strip("\n")])
            begun = True
        return "\n".join(map("".join, kept)) + "\n" if kept else ""

    def to_dicts(self) -> list[dict[str, Any]]:
        """One plain dict a paragraph, ready for json or a data frame."""
        return [
            {
                "start": p.start,
                "end": p.end,
                "kind": p.kind,
                "level": p.level,
                "marker": p.marker,
                "heading": p.heading,
                "heading_end": p.heading_end,
                "continues": p.continues,
                "path": list(p.path),
                "boilerplate": p.boilerplate,
                "boilerplate_score": p.verdict.score,
                "boilerplate_reason": p.verdict.reason,
                "boilerplate_alone": p.alone.kind,
                "boilerplate_alone_score": p.alone.score,
                "themes": list(p.labels),
                "theme_scores": dict(p.themes),
                "role": p.role,
                "role_score": p.role_score,
                "formulaic": p.formulaic,
                "formulaic_score": p.formulaic_score,
                "text": p.text,
            }
            for p in self.paragraphs
        ]
