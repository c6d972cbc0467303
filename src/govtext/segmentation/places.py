"""What there is to see at each place of a stream, without its words: categories, markers, how far the last anchor lies.

A *place* is where a line could be cut, an *anchor* what a unit would begin with: a line's start, a marker, a sentence's start.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from govtext.features.ngrams import SENTINEL
from govtext.segmentation.lines import Ints, Stream
from govtext.segmentation.markers import FAMILIES, marker_places

Bools = NDArray[np.bool_]
Column = NDArray[np.integer[Any]]  # small whole numbers
# Classes of the character before a place.
FULL_STOP, POINT, SEMICOLON, COLON, COMMA, CLOSING, DIGIT, HAN, OTHER = range(9)
_CLASSES = {
    "。!?": FULL_STOP,
    ".": POINT,
    ";": SEMICOLON,
    ":": COLON,
    ",、": COMMA,
    "”\"’')】]》〕": CLOSING,
    "0": DIGIT,
}
_CLASS = np.full(0x10000, OTHER, np.int8)
_CLASS[0x4E00:0xA000] = HAN
for _characters, _number in _CLASSES.items():
    _CLASS[[ord(c) for c in _characters]] = _number
_ENDS_SENTENCE = np.isin(np.arange(9), (FULL_STOP, POINT, SEMICOLON, COLON))
STOPS_SENTENCE = np.isin(np.arange(9), (FULL_STOP, COLON, SEMICOLON))  # a point only with no digit behind it
# Families whose form occurs inside sentences too: they anchor a distance only behind punctuation or white space.
_WEAK_FAMILIES = ("chinese", "digit", "ordinal", "item", "dash", "decimal-2", "decimal-3")
NO_FAMILY = len(FAMILIES)
N_FAMILIES = NO_FAMILY + 1
_IS_WEAK = np.isin(np.arange(N_FAMILIES), [FAMILIES.index(name) for name in _WEAK_FAMILIES])
_SENTENCE_START = 2 * N_FAMILIES
N_ANCHORS = 2 * N_FAMILIES + 1

# All below 128, so that a column is one byte a place.
CARDINALITY: dict[str, int] = {
    "before": 9,
    "after": 9,
    "gap": 3,
    "family": N_FAMILIES,
    "anchor": N_ANCHORS,
    "distance": 20,
    "sentences": 4,
    "closes": 2,
    "line": 20,
    "marked": 2,
    "long_distance": 32,
    "sentence": 15,
    "cut_line": 2,
    "commas": 4,
    "tens": 12,
}
CUT_CROSSES: tuple[tuple[str, ...], ...] = (
    ("before", "gap", "family"),
    ("before", "gap", "family", "line"),
    ("anchor", "distance"),
    ("anchor", "sentences", "before", "gap"),
    ("anchor", "sentences", "distance", "closes"),
    ("anchor", "sentences", "line"),
    ("family", "anchor", "line"),
    ("before", "line"),
    ("gap", "line"),
    ("sentences", "family", "anchor", "before"),
)
ENDING_CROSSES: tuple[tuple[str, ...], ...] = (
    ("long_distance", "marked"),
    ("family", "cut_line"),
    ("sentence", "marked", "cut_line"),
    ("before", "after", "gap"),
    ("before", "cut_line"),
    ("gap", "cut_line"),
    ("commas", "tens"),
    ("cut_line", "long_distance"),
)
ROWS = 1 << 14  # places whose crosses are looked up at once: memory stays bounded
# Characters to an anchor → their class: single up to 7, then by fours.
_DISTANCE = np.array([d if d < 8 else 8 + min((d - 8) // 4, 11) for d in range(53)], np.int8)
LOW = -12.0  # the score of a place that is no place
_LONG_DISTANCE = np.array([d if d < 26 else min(26 + (d - 26) // 4, 31) for d in range(50)], np.int8)
_TENS = np.array([min(d // 4, 11) for d in range(50)], np.int8)
_SENTENCE = np.array([d // 4 if d < 40 else 10 + min((d - 40) // 20, 4) for d in range(121)], np.int8)
LONG_LINES = 120  # characters of a text's lines on average, from which it is one that was flattened
_LONG_LINE = np.array([min(max(d.bit_length() - 6, 0), 4) for d in range(1 << 10)])  # 64, 128 … characters
LONGEST_HEADING = 46  # characters behind the marker; no labelled heading without punctuation is longer


def n_categories(crosses: Sequence[tuple[str, ...]]) -> int:
    """How many weights a table of crosses takes."""
    return sum(math.prod(CARDINALITY[name] for name in cross) for cross in crosses)


def category_ids(crosses: Sequence[tuple[str, ...]], columns: Mapping[str, Column]) -> Ints:
    """The weights that speak for each row of the columns, (n_rows, n_crosses)."""
    n = len(columns[crosses[0][0]])
    ids = np.empty((n, len(crosses)), np.int64)
    offset = 0
    for k, cross in enumerate(crosses):
        index = np.zeros(n, np.int64)
        for name in cross:
            index *= CARDINALITY[name]
            index += columns[name]
        ids[:, k] = index + offset
        offset += math.prod(CARDINALITY[name] for name in cross)
    return ids


def crossed(
    weights: NDArray[np.float32], crosses: Sequence[tuple[str, ...]], columns: Mapping[str, Column]
) -> NDArray[np.float32]:
    """The sum of the weights that speak for each row, (n_rows,)."""
    n = len(columns[crosses[0][0]])
    sums = np.zeros(n, np.float32)
    names = dict.fromkeys(name for cross in crosses for name in cross)
    for low in range(0, n, ROWS):
        rows = slice(low, low + ROWS)
        few = {name: columns[name][rows].astype(np.int16) for name in names}  # no cross has 2**15 weights
        offset = 0
        for cross in crosses:
            index = few[cross[0]]
            for name in cross[1:]:
                index = index * CARDINALITY[name] + few[name]
            size = math.prod(CARDINALITY[name] for name in cross)
            sums[rows] += weights[offset : offset + size].take(index)
            offset += size
    return sums


def until_next(starts: Ints, n: int) -> Ints:
    """How far it is from each start to the next one, from the last to `n`."""
    sizes = np.empty_like(starts)
    np.subtract(starts[1:], starts[:-1], out=sizes[:-1])
    sizes[-1:] = n - starts[-1:]
    return sizes


@dataclass(frozen=True, eq=False)
class Places:
    """What the boundary models know of every place of a stream, one row a character.

    `marked` is where a marker's form stands that is not likely part of a sentence.
    """

    stream: Stream
    family: Column
    marker_end: Ints
    marked: Bools
    columns: dict[str, Column]

    @classmethod
    def of(cls, stream: Stream) -> Places:
        """All columns of a stream with characters; none depends on where the text is cut."""
        n = len(stream)
        classes = _CLASS.take(stream.codes, mode="clip")
        before = np.empty(n, np.int8)
        before[:1], before[1:] = OTHER, classes[:-1]
        family = np.full(n, NO_FAMILY, np.int8)
        marker_end = np.arange(n)
        begins, ends, families = marker_places(stream.text, stream.codes, stream.where)
        at = stream.index_of(begins)
        family[at] = families
        marker_end[at] = stream.index_of(ends)
        gap = np.minimum(stream.gap, 2).astype(np.int8)
        ended = _ENDS_SENTENCE.take(before)
        closes = ended | (before == CLOSING)
        stops = ended & ~((before == POINT) & (classes == DIGIT))
        starts = stream.line_starts
        line_start = np.zeros(n, bool)
        line_start[starts] = True
        marked = (family != NO_FAMILY) & (closes | (gap > 0) | ~_IS_WEAK.take(family))
        sentence_start = (before == FULL_STOP) & ~marked & ~line_start
        anchored = line_start | marked | sentence_start
        kind = np.where(marked, family, np.int8(_SENTENCE_START))
        kind[starts] = N_FAMILIES + family[starts]
        index = np.arange(n, dtype=np.int32)
        # The anchor that a place sees is the last one before it, never its own.
        last = np.zeros(n, np.int32)
        np.maximum.accumulate(index[:-1] * anchored[:-1], out=last[1:])
        # The first place of a text has none before it, and is none.
        last[stream.begins] = stream.begins
        passed = stops.cumsum(dtype=np.int32)
        anchor = kind.take(last)
        sentences = passed - passed.take(last) + (anchor == _SENTENCE_START)
        distance = np.minimum(index - last, len(_DISTANCE) - 1)
        lengths = until_next(starts, n)
        n_marks = np.add.reduceat(family != NO_FAMILY, starts)
        n_lines = until_next(starts.searchsorted(stream.begins), len(starts))
        long_lines = until_next(stream.begins, n) / n_lines > LONG_LINES
        long_line = _LONG_LINE.take(lengths, mode="clip")
        columns = {
            "before": before,
            "after": classes,
            "gap": gap,
            "family": family,
            "anchor": anchor,
            "distance": _DISTANCE.take(distance),
            "sentences": np.minimum(sentences, 3).astype(np.int8),
            "closes": closes.view(np.int8),
            "line": (long_line * 4 + np.minimum(n_marks, 1) + 2 * np.repeat(long_lines, n_lines))
            .astype(np.int8)
            .take(stream.line),
        }
        return cls(stream, family, marker_end, marked, columns)

    @cached_property
    def sentence_stops(self) -> Ints:
        """Where a stop stands that a heading would not reach beyond, a line's end included, ascending."""
        classes = self.columns["after"]
        stop = STOPS_SENTENCE.take(classes) | (self.stream.codes == SENTINEL)
        point = classes == POINT
        point[:-1] &= classes[1:] != DIGIT
        stops: Ints = (stop | point).nonzero()[0]
        return stops

    @cached_property
    def commas(self) -> NDArray[np.int32]:
        """How many commas stand up to each place, (n,)."""
        passed: NDArray[np.int32] = (self.columns["after"] == COMMA).cumsum(dtype=np.int32)
        return passed

    def commas_before(self, places: Ints) -> NDArray[np.int32]:
        """How many commas of a text stand before each place, the text's first character counted always."""
        first = self.stream.begins.take(self.stream.owner(places))
        return self.commas.take(np.maximum(places - 1, first))

    def ending_rows(self, starts: Ints, cut_line: Bools) -> EndingRows:
        """Places where a heading at the front of a piece may end; pieces reach from each of `starts` to the next.

        `cut_line` says of each line whether it seems to hold several units. Only places before the first stop count.
        """
        n = len(self.stream)
        stops = self.sentence_stops
        ends = np.concatenate((starts[1:], [n]))
        head = self.marker_end.take(starts)
        # A piece's end is as good as a stop: behind 一、主要目标和基本原则 a cut was seen already.
        first_stop = np.minimum(np.concatenate((stops, [n])).take(stops.searchsorted(head + 1)), ends)
        last = np.minimum(np.minimum(first_stop - 1, head + LONGEST_HEADING), ends - 3)
        counts = np.maximum(last - (head + 2), 0)
        piece = np.arange(len(starts)).repeat(counts)
        far = np.arange(2, len(piece) + 2) - (counts.cumsum() - counts).take(piece)
        rows = head.take(piece) + far
        reach = first_stop - head
        columns = {name: self.columns[name].take(rows) for name in ("before", "after", "gap")}
        family = self.family.take(starts)
        columns |= {
            "long_distance": _LONG_DISTANCE.take(far),
            "tens": _TENS.take(far),
            "marked": (family != NO_FAMILY).view(np.int8).take(piece),
            "family": family.take(piece),
            "sentence": _SENTENCE.take(reach, mode="clip").take(piece),
            "cut_line": cut_line.take(self.stream.line.take(starts)).view(np.int8).take(piece),
            "commas": np.minimum(self.commas.take(rows - 1) - self.commas_before(head).take(piece), 3).astype(np.int8),
        }
        return EndingRows(rows, piece, reach, columns)


@dataclass(frozen=True, slots=True, eq=False)
class EndingRows:
    """Where headings may end: the places, the piece each belongs to, the columns of each; `reach` of each piece: to its stop."""

    rows: Ints
    piece: Ints
    reach: Ints
    columns: dict[str, Column]
