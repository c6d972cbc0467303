"""Source → paragraphs: cut into pieces, each piece told apart, headings set into levels, paths read off."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from govtext.boilerplate.detector import LineKind, LineModel
from govtext.boilerplate.lines import Lines, pieces_of
from govtext.boilerplate.recuts import CutJudge
from govtext.document import Paragraph, Part, Repair, Verdict
from govtext.elements.dates import to_plain
from govtext.elements.parts import LONGEST_LINE, find_parts, find_title
from govtext.elements.repeats import doubled_at, is_file_name, is_section, says_again, shown_titles
from govtext.elements.titles import title_key
from govtext.segmentation.boundaries import BoundaryModel
from govtext.segmentation.lines import Ints, Stream, offset_in_text, piece_spans, to_stream, unwrapped
from govtext.segmentation.markers import marker_at
from govtext.segmentation.outline import Heading, read_outline
from govtext.segmentation.sequence import SURE, Choice

if TYPE_CHECKING:
    from govtext.boilerplate.explain import LineReasons

_BLANK = Verdict(None, 0.0, "blank")
# What the line model calls it → what a reader calls it.
_KINDS = {"title": "title", "meta": "meta", "heading": "heading", "run-in": "body", "body": "body"}
_HEADED = ("heading", "run-in")
FARTHEST = 40  # characters of a piece that say whether it is a heading numbered 1 above 1.1
LONGEST_MARK = 8  # characters of a marker alone on its line
_BARE_NUMBER = re.compile(r"([0-9]{1,2}) (?=[\u4e00-\u9fff]{2,20}\Z)")
SECTION = 0.9  # probability of a heading of a line like a title below the title; none of 15 such is labelled a title
_SHOWN = Verdict(None, 0.0, "a title that others of its page repeat")


@dataclass(frozen=True, slots=True, eq=False)
class Structure:
    """The models that find a report's form: where its lines are cut, what each piece is, and the cuts at a second look."""

    boundaries: BoundaryModel
    lines: LineModel
    recuts: CutJudge

    def cuts(self, stream: Stream) -> Ints:
        """Indices into the stream where a new piece begins within a line, ascending."""
        return self.recuts.cuts(stream, self.boundaries, self.lines)


@dataclass(frozen=True, slots=True)
class Layout:
    """A report's form: paragraphs that tile its text, the reports that the page holds, numbers of headings that were put right."""

    paragraphs: tuple[Paragraph, ...]
    parts: tuple[Part, ...]
    repairs: tuple[Repair, ...]


def to_layout(text: str, structure: Structure) -> Layout:
    """The form of a text. White space alone is one body paragraph."""
    stream = to_stream(text)
    spans = _spans(stream, structure)
    if not len(stream):
        blank = tuple(Paragraph(a, b, "body", None, None, None, (), _BLANK, _BLANK) for a, b in spans)
        return Layout(blank, find_parts(text, blank), ())
    lines, whole = _lines(stream, spans)
    kinds = structure.lines.classify(lines, whole)
    whole_plain = to_plain(text)
    short = {i: whole_plain[a:b].strip() for i, (a, b) in enumerate(spans) if b - a <= LONGEST_LINE}
    kinds = _titles_told(kinds, short)
    texts, run_ins = lines.texts(), lines.run_in.tolist()
    plain = _Pieces(text, spans, texts, run_ins, kinds, stream.wraps).paragraphs([kind.name for kind in kinds])
    parts = find_parts(text, plain, whole_plain)
    for part in parts:
        _copies_told(kinds, short, find_title(whole_plain, plain, part.first, part.stop), part.stop)
    pieces = _Pieces(text, spans, texts, run_ins, kinds, stream.wraps)
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


def _spans(stream: Stream, structure: Structure) -> list[tuple[int, int]]:
    """The spans of the pieces; a title that stands twice on one line is two."""
    spans: list[tuple[int, int]] = []
    for start, end in piece_spans(stream, structure.cuts(stream)):
        second = doubled_at(stream.text[start:end]) if end - start <= LONGEST_LINE else None
        spans += [(start, end)] if second is None else [(start, start + second), (start + second, end)]
    return spans


def _titles_told(kinds: Sequence[LineKind], short: dict[int, str]) -> list[LineKind]:
    """The kinds, where titles that copies of them give away are titles, and the copies and names of files are furniture."""
    found = list(kinds)
    copies, titles = shown_titles(short)
    copies |= {i for i, plain in short.items() if found[i].name == "title" and is_file_name(plain)}
    for i in titles:
        found[i] = replace(found[i], name="title", verdict=_SHOWN, heading=0.0, if_none="title")
    for i in copies - titles:
        found[i] = _furniture(found[i], "shows the title" if found[i].name != "title" else "names a file")
    return found


def _copies_told(kinds: list[LineKind], short: dict[int, str], title: tuple[int, int] | None, stop: int) -> None:
    """Changes the kinds of lines below the title, up to `stop`: its copies are furniture, and lines like titles head sections."""
    if title is None:
        return
    key = title_key("".join(short.get(i, "") for i in range(*title)))
    for i in range(title[1], stop):
        if kinds[i].verdict.kind is not None or i not in short:
            continue
        if says_again(short[i], key):
            kinds[i] = _furniture(kinds[i], "the title again")
        elif kinds[i].name == "title" and is_section(short[i]):
            kinds[i] = replace(kinds[i], name="heading", heading=SECTION, if_heading="heading")


def _furniture(kind: LineKind, reason: str) -> LineKind:
    return replace(kind, name="page", verdict=Verdict("page", 1.0, reason))


def _lines(stream: Stream, spans: Sequence[tuple[int, int]]) -> tuple[Lines, list[str]]:
    """The pieces as lines, and the text of each; one that ends without a line break, or begins behind one that did, was cut."""
    edges = stream.flat.at(np.array([*(start for start, _ in spans), len(stream.text)], np.int64))
    pieces = [stream.flat.text[a:b] for a, b in zip(edges.tolist(), edges[1:].tolist())]
    broken = np.array(["\n" in piece[len(piece.rstrip()) :] for piece in pieces], bool)
    # At the end of the text there is nothing behind to be cut from.
    broken[-1:] = True
    before = np.append(True, broken[:-1])
    return pieces_of(stream.flat, edges[:-1], edges[1:], ~before, ~broken), pieces


@dataclass(frozen=True, slots=True, eq=False)
class _Pieces:
    """The pieces of a text and what the line model says of each."""

    text: str
    spans: Sequence[tuple[int, int]]
    texts: Sequence[str]
    run_ins: Sequence[int]
    kinds: Sequence[LineKind]
    wraps: Ints

    def paragraphs(self, names: Sequence[str], first: int = 0) -> list[Paragraph]:
        """The pieces from `first` on as paragraphs of the kinds named, without outline."""
        return [self._paragraph(i, name, None, None, ()) for i, name in enumerate(names, first)]

    def _paragraph(self, i: int, name: str, level: int | None, marker: str | None, path: tuple[str, ...]) -> Paragraph:
        start, end = self.spans[i]
        kind = self.kinds[i]
        junk = kind.verdict.kind is not None
        named = "boilerplate" if junk else _KINDS[name]
        heading_end = self._heading_end(i) if name == "run-in" and not junk else None
        return Paragraph(start, end, named, level, marker, heading_end, path, kind.alone, kind.verdict)

    def _heading_end(self, i: int) -> int:
        start = self.spans[i][0]
        return offset_in_text(start, self.run_ins[i], self.wraps) if len(self.wraps) else start + self.run_ins[i]

    def _heading(self, i: int, name: str) -> str:
        """The words of the heading that piece `i` is or begins with."""
        start, end = self.spans[i]
        line_end = self._heading_end(i) if name == "run-in" else end
        if not len(self.wraps):
            return self.text[start:line_end].strip()
        return unwrapped(self.text, [(start, line_end)], self.wraps)[0].strip()

    def _named(self, i: int) -> str:
        """What a piece is if it is a heading; one with nothing behind the place where a run-in one would end stands alone."""
        whole = self.run_ins[i] >= len(self.text[slice(*self.spans[i])].rstrip())
        return "heading" if whole else self.kinds[i].if_heading

    def _plain(self, i: int) -> str:
        """The beginning of a piece, half-width."""
        return to_plain(self.text[slice(*self.spans[i])][:FARTHEST].strip())

    def _is_mark(self, i: int) -> bool:
        """Whether a piece is a marker and nothing else."""
        plain = self.texts[i]
        marker = marker_at(plain) if len(plain) <= LONGEST_MARK else None
        return marker is not None and marker.end == len(plain)

    def _chance(self, i: int, behind: int | None) -> float:
        """The probability that a piece is a heading; 1 总则 is one if 1.1 stands directly below it."""
        numbered = behind is not None and self.texts[i].startswith("0")  # every digit is 0 there
        number = _BARE_NUMBER.match(self._plain(i)) if numbered else None
        if number and behind is not None and self._plain(behind).startswith(f"{number[1]}.1"):
            return max(self.kinds[i].heading, self.kinds[behind].heading)
        return self.kinds[i].heading

    def with_outline(self, first: int, stop: int) -> tuple[list[Paragraph], list[Repair]]:
        """The paragraphs of the pieces `first` to `stop` with levels and paths, and the repairs by number of piece."""
        content = [i for i in range(first, stop) if self.kinds[i].verdict.kind is None and self.texts[i]]
        after = dict(zip(content, content[1:]))
        alone = {i for i in content if self._is_mark(i)}
        marks = {
            i: j
            for i in alone
            if (j := after.get(i)) is not None
            and j not in alone
            and marker_at(self._heading(j, self._named(j))) is None
            # A whole sentence below a number alone goes on from a figure: 达到 3. 5%，比上年提高。
            and not self.texts[j].endswith("。")
        }
        chances = {i: self._chance(i, after.get(i)) for i in content}
        chances |= {i: chances[j] for i, j in marks.items()}
        numbered = {j: i for i, j in marks.items() if chances[i] > SURE}
        candidates = [i for i in content if i not in numbered and (chances[i] > SURE or self.kinds[i].name in _HEADED)]
        named = {i: self._named(i) for i in candidates}
        titles = {i: self._heading(i, named[i]) for i in candidates}
        headings = [
            Heading(
                titles[i] + (self._heading(j, self._named(j)) if (j := marks.get(i)) is not None else ""),
                run_in=named[i] == "run-in",
                followed=named[i] == "heading" and i in after and self.kinds[after[i]].name in _HEADED,
                probability=chances[i],
                last=i not in after or (after[i] in alone and after[i] not in marks),
            )
            for i in candidates
        ]
        choices = dict(zip(candidates, read_outline(headings)))
        for j, i in numbered.items():
            choices[j] = Choice(choices[i].level)
            named[j] = self._named(j)
            titles[j] = self._heading(j, named[j])
        paragraphs = []
        path: tuple[str, ...] = ()
        above: dict[int, str] = {}
        for i in range(first, stop):
            name, choice = self.kinds[i].name, choices.get(i)
            level = choice.level if choice is not None else None
            marker = None
            if level is not None:
                name = named[i]
                above = {depth: heading for depth, heading in above.items() if depth < level}
                path = tuple(above[depth] for depth in sorted(above))
                found = marker_at(titles[i])
                marker = titles[i][found.start : found.end] if found else None
            elif choice is not None and name in _HEADED:
                name = self.kinds[i].if_none
            junk = self.kinds[i].verdict.kind is not None
            paragraphs.append(self._paragraph(i, name, level, marker, () if junk else path))
            if level is not None:
                above[level] = titles[i]
                path = tuple(above[depth] for depth in sorted(above))
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
    from govtext.boilerplate.explain import explain_lines  # few ask, and labelling must not wait for it

    stream = to_stream(text)
    if not len(stream):
        return {}
    spans = _spans(stream, structure)
    decided = {
        p.start: p.verdict.kind or ("heading" if p.level is not None else p.kind)
        for p in to_layout(text, structure).paragraphs
    }
    reasons = explain_lines(structure.lines, *_lines(stream, spans), [decided[start] for start, _ in spans])
    return {start: why for (start, _), why in zip(spans, reasons)}
