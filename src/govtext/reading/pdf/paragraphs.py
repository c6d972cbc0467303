"""Lines to paragraphs: which line goes on in the next, across columns and pages, and which stand side by side in a table.

A break only wraps where the first word of the next line would not have fitted into what was left of this one; indents,
wider gaps and larger type begin a paragraph.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from govtext.reading.pdf.blocks import Block, to_blocks
from govtext.reading.pdf.pages import Run, is_han

# In sizes of the type.
INDENT: Final = 0.6  # a smaller step to the right is none
SLACK: Final = 0.3  # a word that would have fitted by less than this did not fit
PITCH: Final = 1.5  # times the usual distance of two lines of one paragraph
LARGER: Final = 1.12  # times the size: no line of the same paragraph
TITLE: Final = 1.25  # times the size of most text
SHORT: Final = 2.0  # of the right margin: a line that ends before is not full
FAR: Final = 0.5  # of the width: a line that begins beyond is a signature or a date
FEWEST_INDENTED: Final = 3
JUSTIFIED: Final = 0.8  # share of full lines that end at the margin

_SENTENCE_STOPS = "。；！？!?;"
_STOPS = "。；：！？!?;:…”）"
# What begins a paragraph wherever it stands; the same families as the outline knows.
_ITEM = re.compile(
    "第?[一二三四五六七八九十]{1,3}[、章节条]|[（(][一二三四五六七八九十0-9]{1,3}[）)]|[0-9]{1,2}[、.．](?![0-9])"
    "|[①-⑳●■◆•▪➢✓]"
)


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph or a row of a table: its text, its size in points, its page, and whether it stands in the middle."""

    text: str
    size: float
    page: int
    is_row: bool = False
    is_centred: bool = False


@dataclass(frozen=True, slots=True)
class _Line:
    run: Run
    block: Block

    @property
    def indent(self) -> float:
        return (self.run.left - self.block.left) / self.run.size

    @property
    def is_centred(self) -> bool:
        before, behind = self.run.left - self.block.left, self.block.right - self.run.right
        return min(before, behind) > self.run.size and abs(before - behind) < 2 * self.run.size


@dataclass(frozen=True, slots=True)
class _Habits:
    """`pitch` is the usual distance from line to line in points, by size of type; `size` is that of most text."""

    indented: bool
    justified: bool
    pitch: dict[float, float]
    size: float


def to_paragraphs(pages: Sequence[Sequence[Run]], sides: Sequence[tuple[float, float]]) -> list[Paragraph]:
    """The paragraphs of the pages' runs, in reading order; `sides` are the left and right edges of the paper."""
    blocks = to_blocks(pages, sides)
    habits = _habits(blocks)
    paragraphs: list[Paragraph] = []
    lines: list[_Line] = []
    row: _Row | None = None
    for block in blocks:
        if row is not None:
            if block.kind == "cell" and row.takes(block):
                continue
            paragraphs.append(row.joined())
            row = None
        if block.kind == "cell":
            if lines:
                paragraphs.append(_joined(lines))
                lines = []
            row = _Row.of(block)
            continue
        for run in block.runs:
            line = _Line(run, block)
            if lines and not _goes_on(lines, line, habits):
                paragraphs.append(_joined(lines))
                lines = []
            lines.append(line)
    return [*paragraphs, *([row.joined()] if row else []), *([_joined(lines)] if lines else [])]


def _usual_size(blocks: Sequence[Block]) -> float:
    sizes = Counter[float]()
    for block in blocks:
        for run in block.runs:
            sizes[run.size] += len(run.text)
    return sizes.most_common(1)[0][0] if sizes else 0.0


def _pitches(blocks: Sequence[Block]) -> dict[float, float]:
    """By size of type, the usual distance from line to line in points: the lower quartile, as empty lines may be many."""
    steps: dict[float, list[float]] = {}
    for block in blocks:
        for run, after in zip(block.runs, block.runs[1:]):
            if round(run.size) == round(after.size):
                steps.setdefault(round(run.size), []).append(run.base - after.base)
    return {size: sorted(found)[len(found) // 4] for size, found in steps.items()}


def _habits(blocks: Sequence[Block]) -> _Habits:
    """How the document sets its paragraphs, by what most of its full lines do."""
    indented = flush = ragged = 0
    for block in blocks:
        for run, after in zip(block.runs, block.runs[1:]):
            if block.kind == "cell" or not _is_full(run, after, block.right, justified=False):
                continue
            begins = INDENT < (run.left - block.left) / run.size < 5
            indented += begins and abs(after.left - block.left) < INDENT * run.size
            if run.text[-1].isalnum():
                at_margin = block.right - run.right < SLACK * run.size
                flush, ragged = flush + at_margin, ragged + (not at_margin)
    return _Habits(
        indented >= FEWEST_INDENTED, flush >= JUSTIFIED * (flush + ragged), _pitches(blocks), _usual_size(blocks)
    )


def _is_full(run: Run, after: Run, right: float, *, justified: bool) -> bool:
    """Whether the first word of the line after would not have fitted into this one; a justified line ends at the margin."""
    room = right - run.right
    if not justified:
        return room < after.token + SLACK * run.size
    # Only the last line of a paragraph is not stretched to the margin, and a heading by no more than an ideograph. Of 49 lines
    # that end in a stop and left less room, 34 were stretched (0.17 at most) and 15 were last (0.61 and more).
    return room < (0.0 if _is_stop(run.text) else min(after.token, run.size)) + SLACK * run.size


def _is_stop(text: str) -> bool:
    """Whether a text ends as a sentence does."""
    return text[-1] in _SENTENCE_STOPS or (text[-1] == "." and not text[-2:-1].isdigit())


def _goes_on(lines: Sequence[_Line], line: _Line, habits: _Habits) -> bool:
    """Whether the line belongs to the paragraph of those before it."""
    last, run = lines[-1], line.run
    one = last.run
    # Text over columns is no part of the first.
    if last.block.kind != line.block.kind:
        return False
    if max(one.size, run.size) > LARGER * min(one.size, run.size):
        return False
    below = last.block.page == line.block.page and run.base < one.base
    if below and one.base - run.base > PITCH * max(habits.pitch.get(round(one.size), 0.0), one.size):
        return False
    if last.is_centred and line.is_centred:
        # A title in two lines is broken where it reads best, not where it is full.
        return one.size >= TITLE * habits.size
    if not _is_full(one, run, last.block.right, justified=habits.justified):
        return False
    if one.left > last.block.left + FAR * (last.block.right - last.block.left):
        return False
    step = line.indent - last.indent
    stopped, item = one.text[-1] in _STOPS, _ITEM.match(run.text) is not None
    # Where paragraphs are indented, a number at the margin begins one only if it heads no full line.
    if stopped and item and not (habits.indented and line.block.right - run.right < SHORT * run.size):
        return False
    if step > INDENT:
        # To the right of the last: a paragraph begins, or an item hangs.
        return not (stopped or item) and not (habits.indented and len(lines) > 1)
    return step < -INDENT or not habits.indented or line.indent < INDENT


def _joined(lines: Sequence[_Line]) -> Paragraph:
    sizes = Counter[float]()
    for line in lines:
        sizes[line.run.size] += len(line.run.text)
    text = _glued([line.run for line in lines])
    return Paragraph(
        text, sizes.most_common(1)[0][0], lines[0].block.page, is_centred=all(line.is_centred for line in lines)
    )


def _glued(runs: Sequence[Run]) -> str:
    """Lines as one: nothing between Chinese, a space between words, and words put together that were hyphenated."""
    pieces = [runs[0].text]
    for last, run in zip(runs, runs[1:]):
        end, start = last.text[-1], run.text[0]
        letter = last.text[-2:-1]
        if end == "-" and letter.isascii() and letter.isalpha() and start.isascii() and start.islower():
            pieces[-1] = pieces[-1][:-1]
        elif end.isascii() and start.isascii() and start.isalnum() and (end.isalnum() or end in ",;.:)"):
            # 12.|5 %: a number may be broken, a word is not.
            pieces.append(" " if end.isalpha() or start.isalpha() or last.spaced else "")
        pieces.append(run.text)
    return "".join(pieces)


@dataclass(slots=True)
class _Row:
    """Cells side by side, and how far they reach up and down."""

    cells: list[Block]
    top: float
    bottom: float

    @classmethod
    def of(cls, cell: Block) -> _Row:
        return cls([cell], cell.runs[0].top, cell.runs[-1].bottom)

    def takes(self, cell: Block) -> bool:
        """Whether the cell stood to the right of the last one, at the height of any of them, and is now one of them."""
        last, top, bottom = self.cells[-1], cell.runs[0].top, cell.runs[-1].bottom
        if cell.page != last.page or cell.left < last.right - INDENT * last.runs[0].size:
            return False
        if top <= self.bottom or bottom >= self.top:
            return False
        self.cells.append(cell)
        self.top, self.bottom = max(self.top, top), min(self.bottom, bottom)
        return True

    def joined(self) -> Paragraph:
        """The cells with a tab between them, as the other readers write a row."""
        texts = [_glued(cell.runs) for cell in self.cells]
        # One ideograph a cell: a word spread over the line.
        spread = len(texts) > 1 and all(len(text) == 1 and is_han(text) for text in texts)
        first = self.cells[0]
        return Paragraph(("" if spread else "\t").join(texts), first.runs[0].size, first.page, is_row=not spread)
