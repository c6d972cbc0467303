"""Source → paragraphs: cut into pieces, each piece told apart, headings set into levels, paths read off."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from govtext.boilerplate.detector import LineKind, LineModel
from govtext.boilerplate.lines import Line, to_line
from govtext.document import Paragraph, Verdict
from govtext.segmentation.boundaries import BoundaryModel
from govtext.segmentation.lines import piece_spans, to_stream
from govtext.segmentation.markers import marker_at
from govtext.segmentation.outline import Heading, heading_levels

_BLANK = Verdict(None, 0.0, "blank")
# What the line model calls it → what a reader calls it.
_KINDS = {"title": "title", "meta": "meta", "heading": "heading", "run-in": "body", "body": "body"}


@dataclass(frozen=True, slots=True, eq=False)
class Structure:
    """The models that find a report's form: where its lines are cut, what each piece is."""

    boundaries: BoundaryModel
    lines: LineModel


def to_paragraphs(text: str, structure: Structure) -> tuple[Paragraph, ...]:
    """The paragraphs of a text, in order; their spans tile it. White space alone is one body paragraph."""
    stream = to_stream(text)
    spans = piece_spans(stream, structure.boundaries.cuts(stream))
    if not len(stream):
        return tuple(Paragraph(a, b, "body", None, None, None, (), _BLANK, _BLANK) for a, b in spans)
    lines = _lines(text, spans)
    kinds = structure.lines.classify(lines)
    return _with_outline(text, spans, lines, kinds)


def _lines(text: str, spans: Sequence[tuple[int, int]]) -> list[Line]:
    """The pieces as lines; a piece that ends without a line break, or begins behind one that did, was cut."""
    pieces = [text[start:end] for start, end in spans]
    broken = ["\n" in piece[len(piece.rstrip()) :] for piece in pieces]
    last = len(pieces) - 1
    return [
        to_line(piece, cut_before=i > 0 and not broken[i - 1], cut_behind=i < last and not broken[i])
        for i, piece in enumerate(pieces)
    ]


def _with_outline(
    text: str, spans: Sequence[tuple[int, int]], lines: Sequence[Line], kinds: Sequence[LineKind]
) -> tuple[Paragraph, ...]:
    content = [i for i, kind in enumerate(kinds) if kind.verdict.kind is None]
    headed = [i for i in content if kinds[i].name in ("heading", "run-in")]
    after = dict(zip(content, content[1:]))
    ends = {i: spans[i][0] + lines[i].run_in for i in headed if kinds[i].name == "run-in"}
    titles = {i: text[spans[i][0] : ends.get(i, spans[i][1])].strip() for i in headed}
    headings = [
        Heading(
            titles[i], run_in=i in ends, followed=i not in ends and kinds[after.get(i, i)].name in ("heading", "run-in")
        )
        for i in headed
    ]
    levels = dict(zip(headed, heading_levels(headings)))
    paragraphs = []
    above: dict[int, str] = {}
    for i, ((start, end), kind) in enumerate(zip(spans, kinds)):
        level, name = levels.get(i), kind.name
        if name == "title" and kind.verdict.kind is None:
            above = {}
        if level is not None:
            above = {depth: heading for depth, heading in above.items() if depth < level}
        path = tuple(above[depth] for depth in sorted(above))
        marker = marker_at(titles[i]) if level is not None else None
        paragraphs.append(
            Paragraph(
                start=start,
                end=end,
                kind="boilerplate" if kind.verdict.kind else _KINDS[name],
                level=level,
                marker=titles[i][marker.start : marker.end] if marker else None,
                heading_end=ends.get(i),
                path=() if kind.verdict.kind else path,
                alone=kind.alone,
                verdict=kind.verdict,
            )
        )
        if level is not None:
            above[level] = titles[i]
    return tuple(paragraphs)
