"""Source → paragraphs: cut into pieces, each piece told apart, headings set into levels, paths read off."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from govtext.boilerplate.detector import LineKind, LineModel
from govtext.boilerplate.lines import Lines, pieces_of
from govtext.boilerplate.pagehints import PAGE_TITLE, Floats, PageModel
from govtext.boilerplate.recuts import CutJudge
from govtext.document import Paragraph, Part, Repair, Verdict
from govtext.elements.dates import to_plain
from govtext.elements.parts import LONGEST_LINE, find_parts, find_title
from govtext.elements.repeats import doubled_at, is_file_name, is_section, says_again, shown_titles
from govtext.elements.titles import title_key
from govtext.outlining import Pieces, split_at_wraps
from govtext.segmentation.boundaries import BoundaryModel
from govtext.segmentation.lines import Ints, Stream, piece_spans, to_stream, to_streams
from govtext.source import Source

if TYPE_CHECKING:
    from govtext.boilerplate.explain import LineReasons

_BLANK = Verdict(None, 0.0, "blank")
SECTION = 0.9  # probability of a heading of a line like a title below the title; none of 15 such is labelled a title
SHORTEST_TITLE = 6  # characters; what a page's title begins with may be a site's name if it is shorter
_CALLED = Verdict(None, 0.0, "the page is called by it")
_SHOWN = Verdict(None, 0.0, "a title that others of its page repeat")


@dataclass(frozen=True, slots=True, eq=False)
class Structure:
    """The models that find a report's form: where its lines are cut, what each piece is, the cuts at a second look.

    `pages` reads the markup of web pages; a model may do without.
    """

    boundaries: BoundaryModel
    lines: LineModel
    recuts: CutJudge
    pages: PageModel | None = None

    def shift(self, source: Source) -> Floats | None:
        """What a web page's markup adds to the log odds of boilerplate of each line of its text; None for all that is none."""
        if self.pages is None or source.format != "webpage" or not source.hints:
            return None
        return self.pages.shift(source.text.split("\n"), source.hints)

    def cuts(self, stream: Stream) -> Ints:
        """Indices into the stream where a new piece begins within a line, ascending."""
        return self.recuts.cuts(stream, self.boundaries, self.lines)


@dataclass(frozen=True, slots=True)
class Layout:
    """A report's form: paragraphs that tile its text, the reports that the page holds, numbers of headings that were put right.

    `plain` is the plain copy of the text, see `to_plain`.
    """

    paragraphs: tuple[Paragraph, ...]
    parts: tuple[Part, ...]
    repairs: tuple[Repair, ...]
    plain: str


def to_layout(text: str, structure: Structure, shift: Floats | None = None) -> Layout:
    """The form of a text. White space alone is one body paragraph. `shift` is what `Structure.shift` gives of its page."""
    return to_layouts([text], structure, [shift])[0]


def to_layouts(
    texts: Sequence[str], structure: Structure, shifts: Sequence[Floats | None] | None = None
) -> list[Layout]:
    """The forms of texts, in order: each as by itself, bit for bit, and all of them read together."""
    shifts = [None] * len(texts) if shifts is None else shifts
    filled = [(text, shift) for text, shift in zip(texts, shifts) if text and not text.isspace()]
    layouts = iter(_layouts([t for t, _ in filled], [s for _, s in filled], structure) if filled else ())
    return [next(layouts) if text and not text.isspace() else _blank(text) for text in texts]


def _blank(text: str) -> Layout:
    blank = (Paragraph(0, len(text), "body", None, None, None, (), _BLANK, _BLANK),) if text else ()
    return Layout(blank, find_parts(text, blank), (), to_plain(text))


def _layouts(texts: Sequence[str], shifts: Sequence[Floats | None], structure: Structure) -> Iterator[Layout]:
    """The forms of texts with characters."""
    stream = to_streams(texts)
    spans, begins = _spans(stream, structure)
    lines, pieces = _lines(stream, spans, begins)
    kinds = structure.lines.classify(lines, pieces, begins, _shift_of(spans, texts, shifts, stream.spans))
    plain, read, run_ins, wraps = to_plain(stream.text), lines.texts(), lines.run_in.tolist(), stream.wraps
    rows = [*begins.tolist(), len(spans)]
    edges = wraps.searchsorted(stream.spans).tolist()
    for text, (begin, end), first, stop, (low, high) in zip(texts, stream.spans.tolist(), rows, rows[1:], edges):
        of_text, own = [(a - begin, b - begin) for a, b in spans[first:stop]], slice(first, stop)
        found = Pieces(text, of_text, read[own], run_ins[own], kinds[own], wraps[low:high] - begin)
        yield _layout(found, plain[begin:end])


def _shift_of(
    spans: Sequence[tuple[int, int]], texts: Sequence[str], shifts: Sequence[Floats | None], bounds: Ints
) -> Floats | None:
    """The shift of each piece: that of the line on which it begins, blank lines above it left out; None where none is known."""
    if all(shift is None for shift in shifts):
        return None
    known = []
    for text, shift in zip(texts, shifts):
        lines = text.split("\n")
        known.append(np.zeros(len(lines)) if shift is None else shift)
    of_line = np.concatenate(known)
    ends, first = [], 0
    for text, (begin, _) in zip(texts, bounds.tolist()):
        first = begin
        for line in text.split("\n"):
            # A line without characters is passed: what begins on it begins on the next.
            ends.append(first + len(line.rstrip()))
            first += len(line) + 1
    starts = np.fromiter((start for start, _ in spans), np.int64, len(spans))
    return of_line.take(np.minimum(np.searchsorted(ends, starts, side="right"), len(of_line) - 1))


def _layout(pieces: Pieces, plain: str) -> Layout:
    """The form of a text that is cut into these pieces."""
    short = {
        i: plain[a:b].strip()
        for i, (a, b) in enumerate(pieces.spans)
        # The title of the page is no copy of the report's, nor the other way round.
        if b - a <= LONGEST_LINE and pieces.kinds[i].verdict.reason != PAGE_TITLE
    }
    kinds = _titles_told(pieces.kinds, short)
    _page_told(
        kinds, short, [plain[a:b].strip() for (a, b), k in zip(pieces.spans, kinds) if k.verdict.reason == PAGE_TITLE]
    )
    pieces = replace(pieces, kinds=kinds)
    drafts = pieces.drafts()
    parts = find_parts(pieces.text, drafts, plain)
    for part in parts:
        _copies_told(kinds, short, find_title(plain, drafts, part.first, part.stop), part.stop)
    paragraphs: list[Paragraph] = []
    repairs: list[Repair] = []
    moved = []
    for part in parts:
        found, amiss = pieces.with_outline(part.first, part.stop)
        rows, repaired = split_at_wraps(found, pieces.wraps, amiss, len(paragraphs))
        moved.append(replace(part, first=len(paragraphs), stop=len(paragraphs) + len(rows)))
        paragraphs += rows
        repairs += repaired
    return Layout(tuple(paragraphs), tuple(moved), tuple(repairs), plain)


def _spans(stream: Stream, structure: Structure) -> tuple[list[tuple[int, int]], Ints]:
    """The spans of the pieces, and which begin a text; a title that stands twice on one line is two."""
    spans: list[tuple[int, int]] = []
    for start, end in piece_spans(stream, structure.cuts(stream)):
        second = doubled_at(stream.text[start:end]) if end - start <= LONGEST_LINE else None
        spans += [(start, end)] if second is None else [(start, start + second), (start + second, end)]
    starts = np.fromiter((start for start, _ in spans), np.int64, len(spans))
    return spans, starts.searchsorted(stream.spans[:, 0])


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


def _page_told(kinds: list[LineKind], short: dict[int, str], page: Sequence[str]) -> None:
    """Changes the kind of the first line that a web page is called by: it is the report's title."""
    if not page:
        return
    whole = title_key(page[0])
    for i, line in short.items():
        key = title_key(line)
        if kinds[i].verdict.kind is None and len(key) >= SHORTEST_TITLE and whole.startswith(key):
            kinds[i] = replace(kinds[i], name="title", verdict=_CALLED, heading=0.0, if_none="title")
            return


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


def _lines(stream: Stream, spans: Sequence[tuple[int, int]], begins: Ints) -> tuple[Lines, list[str]]:
    """The pieces as lines, and the text of each; one that ends without a line break, or begins behind one that did, was cut."""
    edges = stream.flat.at(np.array(spans, np.int64)).T
    pieces = [stream.flat.text[a:b] for a, b in zip(*edges.tolist())]
    broken = np.array(["\n" in piece[len(piece.rstrip()) :] for piece in pieces], bool)
    # At the end of a text there is nothing behind to be cut from.
    broken[begins - 1] = True
    before = np.roll(broken, 1)
    return pieces_of(stream.flat, edges[0], edges[1], ~before, ~broken), pieces


def line_reasons(text: str, structure: Structure, shift: Floats | None = None) -> dict[int, LineReasons]:
    """Why each piece of a text became the paragraph that `to_layout` makes of it, by where the piece starts."""
    from govtext.boilerplate.explain import explain_lines  # few ask, and labelling must not wait for it

    stream = to_stream(text)
    if not len(stream):
        return {}
    spans, begins = _spans(stream, structure)
    decided = {
        p.start: p.verdict.kind or ("heading" if p.level is not None else p.kind)
        for p in to_layout(text, structure, shift).paragraphs
    }
    reasons = explain_lines(structure.lines, *_lines(stream, spans, begins), [decided[start] for start, _ in spans])
    return {start: why for (start, _), why in zip(spans, reasons)}
