"""Paragraphs, boxes and table rows of a Word document while they are read, and the lines that they become."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from govtext.reading.word.styles import Effect

# Characters; a cell of several paragraphs that is longer holds prose, such as the 工作总结 field of a form, and keeps them.
LONG_CELL: Final = 100
_INSTRUCTION: Final = 200  # characters kept of what a field is told to do; its first word is looked at


class Line(NamedTuple):
    """A line of the text and what will be its hint."""

    text: str
    link_share: float
    tag: str
    depth: int
    block: int
    container: int


@dataclass(slots=True)
class Field:
    """A field that is open: where its instruction begins among the pieces, and whether its result has begun."""

    pieces: int
    linked: int
    instruction: str = ""
    has_result: bool = False
    is_link: bool = False


@dataclass(slots=True)
class Paragraph:
    """A paragraph that is open.

    gone    its mark was deleted or is hidden, so the next paragraph goes on in it
    links   links around the run that is read
    after   lines that stand behind it: of text boxes that it anchors
    """

    effect: Effect
    style: str = ""
    outline: int | None = None
    number: str | None = None
    level: int | None = None
    gone: bool = False
    marker: str = ""
    counted: bool = False
    hidden: bool = False
    links: int = 0
    linked: int = 0  # characters
    breaks: bool = False
    pieces: list[str] = field(default_factory=list)
    fields: list[Field] = field(default_factory=list)
    after: list[Line] | None = None

    def add(self, text: str) -> None:
        """Nothing; the text goes on, behind a page break on a new line."""
        if self.breaks:
            self.breaks = False
            self.pieces.append("\n")
        self.pieces.append(text)
        if self.links:
            self.linked += len(text)

    def begin_field(self) -> None:
        """Nothing; what follows instructs a field until its result begins."""
        self.fields.append(Field(len(self.pieces), self.linked))

    def begin_result(self) -> None:
        """Nothing; what the field was told is dropped, with the results of fields in it, and its result follows."""
        if self.fields and not self.fields[-1].has_result:
            found = self.fields[-1]
            del self.pieces[found.pieces :]
            self.linked = found.linked
            found.has_result = True
            found.is_link = found.instruction.lstrip()[:9].upper() == "HYPERLINK"
            self.links += found.is_link

    def instruct(self, text: str) -> None:
        """Nothing; the field is told so."""
        if self.fields:
            found = self.fields[-1]
            found.instruction = (found.instruction + text)[:_INSTRUCTION]

    def end_field(self) -> None:
        """Nothing; a field that began in another paragraph ends there too."""
        if self.fields:
            self.begin_result()
            self.links -= self.fields.pop().is_link

    def go_on_from(self, before: Paragraph) -> None:
        """Nothing; this paragraph begins with what the one before it holds."""
        self.pieces, self.linked, self.after, self.breaks = before.pieces, before.linked, before.after, before.breaks

    def anchor(self, lines: Iterable[Line]) -> None:
        """Nothing; the lines stand behind it."""
        if self.after is None:
            self.after = []
        self.after += lines

    def to_lines(self, tag: str, depth: int, block: int, container: int) -> list[Line]:
        """The lines that it makes: one, but for line breaks in it."""
        if not self.pieces and not self.marker:
            return [Line("", 0.0, tag, depth, block, container), *(self.after or ())]
        body = "".join(self.pieces)
        text = self.marker + body if body else self.marker.rstrip()
        share = min(self.linked / len(text), 1.0) if text else 0.0
        return [*(Line(line, share, tag, depth, block, container) for line in text.split("\n")), *(self.after or ())]


@dataclass(slots=True)
class Box:
    """What holds paragraphs: the body, a cell, a text box, a note."""

    number: int
    depth: int
    is_cell: bool = False
    merged: bool = False  # a cell that is the rest of the one above it or before it
    deleted: bool = False
    lines: list[Line] = field(default_factory=list)
    carried: Paragraph | None = None


@dataclass(slots=True)
class Row:
    """A table row that is open."""

    number: int
    gone: bool = False
    cells: list[list[Line]] = field(default_factory=list)


def row_lines(cells: Sequence[Sequence[Line]], *, block: int, container: int, depth: int) -> list[Line]:
    """The lines of a row: its cells joined by tabs to one line.

    Paragraphs of two kinds of cells keep lines of their own: of the only cell of a row, as in tables that lay out a page, and
    of one with more than `LONG_CELL` characters. Such prose among empty cells stands without their tabs.
    """
    filled = [[line for line in cell if line.text.strip()] for cell in cells]
    inside = [line for cell in filled for line in cell]
    alone = sum(map(bool, filled)) < 2 and sum(len(line.text) for line in inside) > LONG_CELL
    if alone or len(cells) < 2 or not inside:
        return inside
    out: list[list[Line]] = [[]]
    for cell in filled:
        long = sum(len(line.text) for line in cell) > LONG_CELL
        for number, line in enumerate(cell):
            if number and long:
                out.append([])
            out[-1].append(line if number == 0 or long else line._replace(text=f" {line.text}"))
        # Marks the end of a cell, an empty one too: columns stay columns.
        out[-1].append(_END)
    return [_joined(parts, block, container, depth) for parts in out]


_END = Line("\t", 0.0, "", 0, 0, 0)


def _joined(parts: Sequence[Line], block: int, container: int, depth: int) -> Line:
    text = "".join(part.text for part in parts).rstrip("\t")
    linked = sum(part.link_share * len(part.text) for part in parts if part.link_share)
    return Line(text, min(linked / len(text), 1.0) if text else 0.0, "td", depth, block, container)
