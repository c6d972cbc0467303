"""Source → paragraphs: cut into pieces, each piece told apart, headings set into levels, paths read off."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, replace

from govtext.boilerplate.detector import LineKind, LineModel
from govtext.boilerplate.explain import LineReasons, explain_lines
from govtext.boilerplate.lines import Line, to_line
from govtext.document import Paragraph, Part, Repair, Verdict
from govtext.elements.parts import find_parts
from govtext.segmentation.boundaries import BoundaryModel
from govtext.segmentation.lines import Ints, offset_in_text, piece_spans, to_stream, unwrapped
from govtext.segmentation.markers import marker_at
from govtext.segmentation.outline import Heading, read_outline
from govtext.segmentation.sequence import SURE

_BLANK = Verdict(None, 0.0, "blank")
# What the line model calls it → what a reader calls it.
_KINDS = {"title": "title", "meta": "meta", "heading": "heading", "run-in": "body", "body": "body"}
_HEADED = ("heading", "run-in")


@dataclass(frozen=True, slots=True, eq=False)
class Structure:
    """The models that find a report's form: where its lines are cut, what each piece is."""

    boundaries: BoundaryModel
    lines: LineModel


@dataclass(frozen=True, slots=True)
class Layout:
    """A report's form: paragraphs that tile its text, the reports that the page holds, numbers of headings that were put right."""

    paragraphs: tuple[Paragraph, ...]
    parts: tuple[Part, ...]
    repairs: tuple[Repair, ...]


def to_layout(text: str, structure: Structure) -> Layout:
    """The form of a text. White space alone is one body paragraph."""
    stream = to_stream(text)
    spans = piece_spans(stream, structure.boundaries.cuts(stream))
    if not len(stream):
        blank = tuple(Paragraph(a, b, "body", None, None, None, (), _BLANK, _BLANK) for a, b in spans)
        return Layout(blank, find_parts(text, blank), ())
    lines = _lines(text, spans, stream.wraps)
    kinds = structure.lines.classify(lines)
    pieces = _Pieces(text, spans, lines, kinds, stream.wraps)
    plain = pieces.paragraphs([kind.name for kind in kinds])
    parts = find_parts(text, plain)
    paragraphs: list[Paragraph] = []
    repairs: list[Repair] = []
    moved = []
    for part in parts:
        found, amiss = pieces.with_outline(part.first, part.stop)
        rows, repaired = _split(found, stream.wraps, amiss, len(paragraphs))
        moved.append(replace(part, first=len(paragraphs), stop=len(paragraphs) + len(rows)))
        paragraphs += rows
        repairs += repaired
    return Layout(tuple(paragraphs), tuple(moved), tuple(repairs))


def _lines(text: str, spans: Sequence[tuple[int, int]], wraps: Ints) -> list[Line]:
    """The pieces as lines; a piece that ends without a line break, or begins behind one that did, was cut."""
    pieces = unwrapped(text, spans, wraps)
    broken = ["\n" in piece[len(piece.rstrip()) :] for piece in pieces]
    last = len(pieces) - 1
    return [
        to_line(piece, cut_before=i > 0 and not broken[i - 1], cut_behind=i < last and not broken[i])
        for i, piece in enumerate(pieces)
    ]


@dataclass(frozen=True, slots=True, eq=False)
class _Pieces:
    """The pieces of a text and what the line model says of each."""

    text: str
    spans: Sequence[tuple[int, int]]
    lines: Sequence[Line]
    kinds: Sequence[LineKind]
    wraps: Ints

    def paragraphs(self, names: Sequence[str], first: int = 0) -> list[Paragraph]:
        """The pieces from `first` on as paragraphs of the kinds named, without outline."""
        stop = first + len(names)
        return [
            Paragraph(
                start=start,
                end=end,
                kind="boilerplate" if kind.verdict.kind else _KINDS[name],
                level=None,
                marker=None,
                heading_end=self._heading_end(i) if name == "run-in" and kind.verdict.kind is None else None,
                path=(),
                alone=kind.alone,
                verdict=kind.verdict,
            )
            for i, (start, end), kind, name in zip(
                range(first, stop), self.spans[first:stop], self.kinds[first:stop], names
            )
        ]

    def _heading_end(self, i: int) -> int:
        return offset_in_text(self.spans[i][0], self.lines[i].run_in, self.wraps)

    def _heading(self, i: int, name: str) -> str:
        """The words of the heading that piece `i` is or begins with."""
        line_end = self._heading_end(i) if name == "run-in" else self.spans[i][1]
        return unwrapped(self.text, [(self.spans[i][0], line_end)], self.wraps)[0].strip()

    def with_outline(self, first: int, stop: int) -> tuple[list[Paragraph], list[Repair]]:
        """The paragraphs of the pieces `first` to `stop` with levels and paths, and the repairs by number of piece."""
        content = [i for i in range(first, stop) if self.kinds[i].verdict.kind is None]
        chances = {i: self.kinds[i].heading for i in content}
        candidates = [i for i in content if chances[i] > SURE or self.kinds[i].name in _HEADED]
        named = {i: self.kinds[i].if_heading for i in candidates}
        titles = {i: self._heading(i, named[i]) for i in candidates}
        after = dict(zip(content, content[1:]))
        headings = [
            Heading(
                titles[i],
                run_in=named[i] == "run-in",
                followed=named[i] == "heading" and self.kinds[after.get(i, i)].name in _HEADED,
                probability=chances[i],
            )
            for i in candidates
        ]
        choices = dict(zip(candidates, read_outline(headings)))
        names = [kind.name for kind in self.kinds[first:stop]]
        for i, choice in choices.items():
            if choice.level is not None:
                names[i - first] = named[i]
            elif names[i - first] in _HEADED:
                names[i - first] = self.kinds[i].if_none
        paragraphs = self.paragraphs(names, first)
        above: dict[int, str] = {}
        for i, paragraph in enumerate(paragraphs, first):
            level = choices[i].level if i in choices else None
            if level is not None:
                above = {depth: heading for depth, heading in above.items() if depth < level}
            path = tuple(above[depth] for depth in sorted(above)) if paragraph.kind != "boilerplate" else ()
            marker = marker_at(titles[i]) if level is not None else None
            paragraphs[i - first] = replace(
                paragraph, level=level, path=path, marker=titles[i][marker.start : marker.end] if marker else None
            )
            if level is not None:
                above[level] = titles[i]
        repairs = [
            Repair(i - first, choice.amiss, choice.number) for i, choice in choices.items() if choice.amiss is not None
        ]
        return paragraphs, repairs


def _split(
    paragraphs: Sequence[Paragraph], wraps: Ints, repairs: Sequence[Repair], first: int
) -> tuple[list[Paragraph], list[Repair]]:
    """The paragraphs cut at the wraps inside them, and the repairs with the number that their paragraph has then."""
    rows: list[Paragraph] = []
    where: list[int] = []
    breaks = wraps.tolist()
    for p in paragraphs:
        where.append(first + len(rows))
        inside = breaks[bisect_left(breaks, p.start) : bisect_left(breaks, p.end - 1)]
        edges = [p.start, *(b + 1 for b in inside), p.end]
        for start, end in zip(edges, edges[1:]):
            rows.append(_half(p, start, end) if inside else p)
    return rows, [replace(r, paragraph=where[r.paragraph]) for r in repairs]


def _half(p: Paragraph, start: int, end: int) -> Paragraph:
    """One line of a wrapped paragraph: heading as far as the run-in heading reaches, body behind it."""
    half = replace(p, start=start, end=end, continues=start > p.start)
    if p.heading_end is None:
        return half
    if p.heading_end <= start:
        return replace(half, level=None, marker=None, heading_end=None)
    return replace(half, kind="heading", heading_end=None) if p.heading_end >= end else half


def line_reasons(text: str, structure: Structure) -> dict[int, LineReasons]:
    """Why each piece of a text became the paragraph that `to_layout` makes of it, by where the piece starts."""
    stream = to_stream(text)
    if not len(stream):
        return {}
    spans = piece_spans(stream, structure.boundaries.cuts(stream))
    decided = {
        p.start: p.verdict.kind or ("heading" if p.level is not None else p.kind)
        for p in to_layout(text, structure).paragraphs
    }
    lines = _lines(text, spans, stream.wraps)
    reasons = explain_lines(structure.lines, lines, [decided[start] for start, _ in spans])
    return {start: why for (start, _), why in zip(spans, reasons)}
