"""Characters with boxes to runs in reading order: what stands side by side on one baseline, without a wide gap."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from statistics import median

from govtext.reading.pdf.pdfium import Glyph, Page

# In sizes of the type (1.0 is the width of an ideograph).
SPACE = 0.22  # a gap between letters that is a space; a quarter before figures in Chinese is none, as nobody typed it
SPACE_BESIDE_HAN = 0.4  # a gap beside an ideograph that is one
CELL = 0.9  # a gap behind which another cell begins: a full cell of a table is this far from the next
TYPED = 2  # ideographic spaces in a row that some programs print as a gap, before a letter that is drawn next
TYPED_EXACTLY = 0.06  # such a gap is as wide as they are
CELL_BEHIND_SPACE = 2.0  # the same where a space was typed, which justifying makes wider
STRETCHED = 4.0  # times the usual gap of its line; a justified line is stretched everywhere
BACK = 0.5  # how far the next character may reach back into the last: kerning, slanted type
OVER = 0.6  # how far boxes of one line may reach into each other: stops in half their room
TWICE = 0.12  # the same character this near was drawn twice to look bold
ONE_LINE = 0.5  # how far baselines of one line are apart: raised figures
UNTIDY = 0.1  # share of runs drawn above the one before and not beside it; from here on, the page is sorted by place
FEWEST_UPWARDS = 2
GUTTER = 1.0  # width of the white band between two columns
CROSSING = 0.2  # share of runs that may cross the band: titles, tables
FEWEST_IN_COLUMN = 4  # runs

_HAN = "\u2e80-\u2fdf\u3001-\u303f\u3400-\u9fff\uf900-\ufaff\uff00-\uffef"
_IS_HAN = re.compile(f"[{_HAN}“”‘’—…]")
_SPACED = re.compile(f"(?<=[{_HAN}]) (?=[{_HAN}])")
_UNSPACED = re.compile(f"(?<=[{_HAN}])(?=[{_HAN}])")
# What no line ends in, what a break may stand before, and what no line begins with; quotes are tied to both sides.
_OPENING = re.compile("[（《“‘〔【(]{0,3}")
_WORD = re.compile("[A-Za-z0-9.,%:/_·-]{1,40}|.?")
_CLOSING = re.compile("[，。；：！？、）》“”‘’〕】)%％…—]{0,4}")
_QUOTES = frozenset("“”‘’")
LONGEST_TOKEN = 60  # characters
MOST_TIED = 4  # words with quotes between them
FEWEST_SPACED = 3  # spaces in a line before they count as spread out, and not typed

Place = tuple[Glyph, int]  # a character and its number in the order of drawing


@dataclass(frozen=True, slots=True)
class Run:
    """A piece of a line: text, sides, baseline and size in points, `token` the width of what a break may stand before.

    `spaced`: white space stands behind it.
    """

    text: str
    left: float
    right: float
    base: float
    size: float
    token: float
    spaced: bool = False

    @property
    def top(self) -> float:
        """Upper edge of its type."""
        return self.base + 0.8 * self.size

    @property
    def bottom(self) -> float:
        """Lower edge of its type."""
        return self.base - 0.2 * self.size

    def beside(self, other: Run) -> bool:
        """Whether both stand on one line."""
        return abs(self.base - other.base) < ONE_LINE * min(self.size, other.size)


def is_han(character: str) -> bool:
    """Whether a character is set without spaces around it: ideographs and the signs among them."""
    return _IS_HAN.match(character) is not None


def to_runs(page: Page) -> list[Run]:
    """The runs of a page in reading order: as drawn, or by place if they were drawn in no order."""
    runs = [run for glyphs in _pieces(page.glyphs) if (run := _run(glyphs)) is not None]
    return _by_place(runs) if runs and (page.is_shuffled or _is_untidy(runs)) else runs


def _pieces(glyphs: Sequence[Glyph]) -> list[list[Glyph]]:
    """Characters side by side without a wide gap, in the order in which the first of each piece was drawn.

    What stands on one line was not always drawn in its order: letters of another font, as quotes are, often come last.
    """
    drawn = list(_split([(glyph, i) for i, glyph in enumerate(glyphs)]))
    whole: list[list[Place]] = []
    for line in _lines(drawn):
        placed = sorted((place for piece in line for place in piece), key=lambda place: place[0].left)
        # Text drawn over other text would be shuffled with it.
        whole += _split(placed) if len(line) > 1 and _is_clear(placed) else line
    whole.sort(key=lambda piece: min(place[1] for place in piece))
    return [[glyph for glyph, _ in piece] for piece in whole]


def _lines(pieces: Sequence[list[Place]]) -> Iterator[list[list[Place]]]:
    """The pieces that stand on one line each."""
    line: list[list[Place]] = []
    for piece in sorted(pieces, key=lambda piece: -piece[0][0].base):
        first = piece[0][0]
        if line and line[0][0][0].base - first.base >= ONE_LINE * min(line[0][0][0].size, first.size):
            yield line
            line = []
        line.append(piece)
    if line:
        yield line


def _is_clear(places: Sequence[Place]) -> bool:
    """Whether no character stands on another, but for itself drawn twice."""
    return all(
        glyph.left - last.right > -OVER * min(last.size, glyph.size) or _is_double(last, glyph)
        for (last, _), (glyph, _) in zip(places, places[1:])
    )


def _split(places: Iterable[Place]) -> Iterator[list[Place]]:
    """Characters that follow each other on one line without a wide gap, those drawn twice once."""
    piece: list[Place] = []
    gaps: list[float] = []
    solid: Glyph | None = None  # the last that is not white space
    for glyph, number in places:
        blank = glyph.character.isspace()
        if piece:
            last, before = piece[-1]
            size = min(last.size, glyph.size)
            gap = glyph.left - last.right
            if solid is not None and _is_double(solid, glyph):
                continue
            level = abs(glyph.base - last.base) < ONE_LINE * size
            wide = CELL_BEHIND_SPACE if last.character.isspace() else CELL
            typed = number == before + 1 and _typed(gap / size) > 0
            usual = median(gaps[-9:]) if gaps else 0.0
            apart = gap > max(wide * size, STRETCHED * usual) and not typed
            if not level or apart or gap < -BACK * max(last.size, glyph.size):
                yield piece
                piece, gaps, solid = [], [], None
            elif not blank:
                gaps.append(max(0.0, gap))
        piece.append((glyph, number))
        solid = solid if blank else glyph
    if piece:
        yield piece


def _is_double(last: Glyph, glyph: Glyph) -> bool:
    near = TWICE * glyph.size
    return (
        last.character == glyph.character and abs(last.left - glyph.left) < near and abs(last.base - glyph.base) < near
    )


def _run(glyphs: Sequence[Glyph]) -> Run | None:
    """The piece as a run, white space at its ends off; None if it is nothing else."""
    first, behind = 0, len(glyphs)
    while first < behind and glyphs[first].character.isspace():
        first += 1
    while behind > first and glyphs[behind - 1].character.isspace():
        behind -= 1
    solid = glyphs[first:behind]
    if not solid:
        return None
    sizes: dict[float, int] = {}
    for glyph in solid:
        sizes[glyph.size] = sizes.get(glyph.size, 0) + 1
    text = solid[0].character
    gaps = [(glyph.left - last.right) / min(last.size, glyph.size) for last, glyph in zip(solid, solid[1:])]
    usual = max(0.0, median(gaps)) if gaps else 0.0
    for last, glyph, gap in zip(solid, solid[1:], gaps):
        if gap > SPACE and not (last.character.isspace() or glyph.character.isspace()):
            text += _between(gap, usual, han=is_han(last.character) or is_han(glyph.character))
        text += glyph.character
    if (spaces := len(_SPACED.findall(text))) >= FEWEST_SPACED and spaces >= len(_UNSPACED.findall(text)):
        text = _SPACED.sub("", text)
    token = _token("".join(glyph.character for glyph in solid[:LONGEST_TOKEN]))
    width = solid[len(token) - 1].right - solid[0].left
    size = max(sizes, key=lambda one: (sizes[one], one))
    base = median([glyph.base for glyph in solid if glyph.size == size])
    return Run(text, solid[0].left, max(g.right for g in solid), base, size, width, behind < len(glyphs))


def _token(text: str) -> str:
    """The beginning of a text before which a line can be broken, up to the next such place; one character at least."""
    end = _end(_OPENING, text, 0)
    for _ in range(MOST_TIED):
        word = _end(_WORD, text, end)
        end = _end(_CLOSING, text, word)
        if not _QUOTES & set(text[word:end]):
            break
    return text[: max(1, end)]


def _end(pattern: re.Pattern[str], text: str, start: int) -> int:
    match = pattern.match(text, start)
    return match.end() if match else start


def _between(gap: float, usual: float, *, han: bool) -> str:
    """What a gap (in sizes of the type) stands for, beside the usual one of its line: spaces that were typed, or nothing."""
    if not han:
        return " "
    if ideographic := _typed(gap):
        return "\N{IDEOGRAPHIC SPACE}" * ideographic
    return " " if gap > SPACE_BESIDE_HAN + STRETCHED * usual else ""


def _typed(gap: float) -> int:
    """How many ideographic spaces a gap (in sizes of the type) is as wide as; none if it is not as wide as a few."""
    count = round(gap)
    return count if 0 < count <= TYPED and abs(gap - count) < TYPED_EXACTLY else 0


def _is_untidy(runs: Sequence[Run]) -> bool:
    upwards = sum(after.base > run.base + run.size and after.left < run.right for run, after in zip(runs, runs[1:]))
    return upwards > max(FEWEST_UPWARDS, UNTIDY * len(runs))


def _by_place(runs: Sequence[Run]) -> list[Run]:
    """From the top down, and where a white band parts two columns, the left one first."""
    lines: list[list[Run]] = []
    for run in sorted(runs, key=lambda run: -run.base):
        if lines and lines[-1][0].beside(run):
            lines[-1].append(run)
        else:
            lines.append([run])
    middle = _gutter(runs)
    ordered: list[Run] = []
    columns: tuple[list[Run], list[Run]] = ([], [])
    for line in lines:
        line.sort(key=lambda run: run.left)
        if middle is None or any(run.left < middle < run.right for run in line):
            # What stands over both columns ends them.
            ordered += [*columns[0], *columns[1], *line]
            columns = ([], [])
        else:
            for run in line:
                columns[run.left > middle].append(run)
    return [*ordered, *columns[0], *columns[1]]


def _gutter(runs: Sequence[Run]) -> float | None:
    """Where the white band between two columns is, None without one: the widest that few runs cross."""
    left, right = min(run.left for run in runs), max(run.right for run in runs)
    best: tuple[float, float] | None = None
    edges = sorted({run.right for run in runs})
    starts = sorted(run.left for run in runs)
    # Twenty places are enough to meet a band of the width of an ideograph in the middle third of a page.
    for step in range(21):
        place = left + (right - left) * (1 / 3 + step / 60)
        crossing = sum(run.left < place < run.right for run in runs)
        before = sum(run.right <= place for run in runs)
        after = sum(run.left >= place for run in runs)
        if crossing > CROSSING * len(runs) or min(before, after) < FEWEST_IN_COLUMN:
            continue
        width = next((s for s in starts if s >= place), right) - max((e for e in edges if e <= place), default=left)
        if width >= GUTTER * median([run.size for run in runs]) and (best is None or width > best[0]):
            best = (width, place)
    return best[1] if best else None
