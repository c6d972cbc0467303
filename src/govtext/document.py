"""The frozen types a report passes through, from `Source` to `LabelledReport`.

All spans are half-open and count code points of `Source.text`.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

PARAGRAPH_KINDS = ("title", "meta", "heading", "body", "boilerplate")
BOILERPLATE_KINDS = ("related", "nav", "byline", "promo", "legal", "page")
ROLES = ("overview", "done", "problem", "plan", "other")


@dataclass(frozen=True, slots=True)
class Source:
    """A report's text as read, line ends `\\n`, else untouched.

    `encoding` is None when the text came as `str`; `replaced` counts bytes that could not be decoded.
    """

    text: str
    name: str = ""
    encoding: str | None = None
    replaced: int = 0


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
class Paragraph:
    """One piece of a report; the paragraphs of a report tile its text.

    `level` counts from 1 (outermost) for headings and for paragraphs with a run-in heading, else None.
    `heading_end` is where a run-in heading ends (offset into the text), else None.
    `path` holds the headings above, outermost first; a paragraph's own run-in heading is not in it.
    `alone` is the verdict on the line by itself, `verdict` the one with its neighbours, which decides.
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


@dataclass(frozen=True, slots=True)
class LabelledReport:
    """A report with its outline, themes, roles and boilerplate: what `classify` gives back."""

    source: Source
    paragraphs: tuple[LabelledParagraph, ...]
    stretches: tuple[Stretch, ...]
    model_sha256: str
    theme_names: Mapping[str, str] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """The text that all spans count in."""
        return self.source.text

    @property
    def title(self) -> str | None:
        """The text of the first title, None if the report has none."""
        return next((p.text for p in self.paragraphs if p.kind == "title"), None)

    def outline(self) -> tuple[OutlineEntry, ...]:
        """The headings in order, run-in headings included."""
        return tuple(
            OutlineEntry(p.level or 1, p.heading, p.labels, p.role, i)
            for i, p in enumerate(self.paragraphs)
            if p.heading is not None
        )

    def body(self) -> str:
        """The text without boilerplate paragraphs and injected junk; masked values stay, blank lines go."""
        junk = [s for s in self.stretches if s.kind != "mask"]
        starts = [s.start for s in junk]
        kept = []
        for p in self.paragraphs:
            if p.boilerplate is not None:
                continue
            piece, position = "", p.start
            for s in junk[bisect_left(starts, p.start) : bisect_left(starts, p.end)]:
                if s.end <= p.end:
                    piece += self.text[position : s.start]
                    position = s.end
            piece += self.text[position : p.end]
            if piece.strip():
                kept.append(piece.strip("\n"))
        return "\n".join(kept) + "\n" if kept else ""

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
