"""Where a line holds more than one unit: the features of a cut, and the model that scores every place in one pass.

Two linear models of the same form. `cut` looks at every place inside a line: does a new unit begin here? `ending` looks, in each
piece that the cuts left, for the end of a heading that no punctuation closes (一、抓组织发动一是建班子…). What they see:
n-grams of 1–4 characters that begin, end or straddle the place, and literal tables of crossed categories.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from govtext.features.ngrams import SENTINEL, Vocabulary
from govtext.segmentation.lines import Ints, Stream
from govtext.segmentation.markers import FAMILIES, markers_in

Floats = NDArray[np.float32]
# An n-gram at p of length n speaks for the place p (it begins there), p + n (it ends there) and those it straddles.
BEGINS, ENDS, STRADDLES_1, STRADDLES_2 = range(4)
N_ROLES = 4
# length → (offset of the place from the n-gram's start, role)
PLACES: dict[int, tuple[tuple[int, int], ...]] = {
    1: ((0, BEGINS), (1, ENDS)),
    2: ((0, BEGINS), (2, ENDS), (1, STRADDLES_1)),
    3: ((0, BEGINS), (3, ENDS), (1, STRADDLES_1), (2, STRADDLES_2)),
    4: ((0, BEGINS), (4, ENDS), (2, STRADDLES_2)),
}
NGRAM_LENGTHS = (1, 4)

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
_CLASS = np.full(0x10000, OTHER, np.int64)
_CLASS[0x4E00:0xA000] = HAN
for _characters, _number in _CLASSES.items():
    _CLASS[[ord(c) for c in _characters]] = _number
_SENTENCE_ENDS = (FULL_STOP, POINT, SEMICOLON, COLON)
# Families whose form occurs inside sentences too: they anchor a distance only behind punctuation or white space.
_WEAK_FAMILIES = ("chinese", "digit", "ordinal", "item", "dash", "decimal-2", "decimal-3")
_NO_FAMILY = len(FAMILIES)
N_FAMILIES = len(FAMILIES) + 1
_SENTENCE_START = 2 * N_FAMILIES
N_ANCHORS = 2 * N_FAMILIES + 1

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
LONGEST_HEADING = 46  # characters behind the marker; no labelled heading without punctuation is longer


def n_categories(crosses: Sequence[tuple[str, ...]]) -> int:
    """How many weights a table of crosses takes."""
    return int(sum(np.prod([CARDINALITY[name] for name in cross]) for cross in crosses))


def category_ids(crosses: Sequence[tuple[str, ...]], columns: dict[str, Ints], rows: Ints) -> Ints:
    """The weights that speak for each row, (n_rows, n_crosses)."""
    ids = np.empty((len(rows), len(crosses)), np.int64)
    offset = 0
    for k, cross in enumerate(crosses):
        index = np.zeros(len(rows), np.int64)
        for name in cross:
            index = index * CARDINALITY[name] + columns[name][rows]
        ids[:, k] = index + offset
        offset += int(np.prod([CARDINALITY[name] for name in cross]))
    return ids


@dataclass(frozen=True, slots=True, eq=False)
class Places:
    """What the boundary models know of every place of a stream, one row a character."""

    stream: Stream
    family: Ints
    marker_end: Ints
    columns: dict[str, Ints]

    @classmethod
    def of(cls, stream: Stream) -> Places:
        """All columns that do not depend on where the text is cut."""
        n = len(stream)
        classes = _CLASS.take(stream.codes, mode="clip")
        before = np.concatenate(([OTHER], classes[:-1])) if n else classes
        family = np.full(n, _NO_FAMILY, np.int64)
        marker_end = np.arange(n)
        found = markers_in(stream.text)
        if found and n:
            at = stream.index_of([m.start for m in found])
            family[at] = [FAMILIES.index(m.family) for m in found]
            marker_end[at] = stream.index_of([m.end for m in found])
        gap = np.minimum(stream.gap, 2)
        closes = np.isin(before, _SENTENCE_ENDS) | (before == CLOSING)
        ends = np.isin(before, _SENTENCE_ENDS) & ~((before == POINT) & (classes == DIGIT))
        starts = stream.line_starts
        line_start = np.zeros(n, bool)
        line_start[starts] = True
        weak = np.isin(family, [FAMILIES.index(name) for name in _WEAK_FAMILIES])
        marked = (family != _NO_FAMILY) & (closes | (gap > 0) | ~weak)
        sentence_start = (before == FULL_STOP) & ~marked & ~line_start
        anchored = line_start | marked | sentence_start
        kind = np.where(line_start, N_FAMILIES + family, np.where(marked, family, _SENTENCE_START))
        index = np.arange(n)
        # The anchor that a place sees is the last one before it, never its own.
        last = np.maximum.accumulate(np.where(anchored, index, 0)) if n else index
        last = np.concatenate(([0], last[:-1])) if n else last
        passed = np.cumsum(ends)
        sentences = passed - passed[last] + (kind[last] == _SENTENCE_START)
        distance = index - last
        lengths = np.diff(np.append(starts, n))
        n_marks = np.add.reduceat(family != _NO_FAMILY, starts) if n else lengths
        mean = lengths.mean() if n else 0.0
        long_line = np.clip(np.log2(np.maximum(lengths, 1)).astype(np.int64) - 5, 0, 4)
        columns = {
            "before": before,
            "after": classes,
            "gap": gap,
            "family": family,
            "anchor": kind[last] if n else kind,
            "distance": np.where(distance < 8, distance, 8 + np.minimum((distance - 8) // 4, 11)),
            "sentences": np.minimum(sentences, 3),
            "closes": closes.astype(np.int64),
            "line": (long_line * 4 + np.minimum(n_marks, 1) + 2 * (mean > 120))[stream.line] if n else index,
        }
        return cls(stream, family, marker_end, columns)

    def ending_rows(self, starts: Ints, ends: Ints) -> tuple[Ints, Ints, dict[str, Ints]]:
        """Places where a heading at the front of a piece may end, their piece, and the further columns (all places).

        `starts` and `ends` delimit the pieces (indices into the stream). Only places before the first sentence end count.
        """
        n = len(self.stream)
        codes, classes = self.stream.codes, self.columns["after"]
        stop = np.isin(classes, (FULL_STOP, COLON, SEMICOLON)) | (codes == SENTINEL)
        point = classes == POINT
        point[:-1] &= classes[1:] != DIGIT
        stops = np.flatnonzero(stop | point)
        head = self.marker_end[starts]
        first_stop = np.append(stops, n)[np.searchsorted(stops, head + 1)]
        last = np.minimum(np.minimum(first_stop - 1, head + LONGEST_HEADING), ends - 3)
        counts = np.maximum(last - (head + 2), 0)
        piece = np.repeat(np.arange(len(starts)), counts)
        within = np.arange(int(counts.sum())) - np.repeat(np.cumsum(counts) - counts, counts)
        rows = head[piece] + 2 + within
        cut_line = np.zeros(int(self.stream.line[-1]) + 1 if n else 1, bool)
        cut_line[self.stream.line[starts[~np.isin(starts, self.stream.line_starts)]]] = True
        reach = first_stop - head
        columns = dict(self.columns)
        far = within + 2
        commas = np.cumsum(classes == COMMA)
        fields = {
            "long_distance": np.where(far < 26, far, np.minimum(26 + (far - 26) // 4, 31)),
            "tens": np.minimum(far // 4, 11),
            "marked": (self.family[starts] != _NO_FAMILY)[piece].astype(np.int64),
            "family": self.family[starts][piece],
            "sentence": np.where(reach < 40, reach // 4, 10 + np.minimum((reach - 40) // 20, 4))[piece],
            "cut_line": cut_line[self.stream.line[starts]][piece].astype(np.int64),
            "commas": np.minimum(commas[rows - 1] - commas[np.maximum(head[piece] - 1, 0)], 3),
        }
        for name, values in fields.items():
            columns[name] = np.zeros(n, np.int64)
            columns[name][rows] = values
        return rows, piece, columns


def ngram_places(vocabulary: Vocabulary, stream: Stream) -> Iterator[tuple[Ints, Ints, int]]:
    """For each length and role: the places spoken for (each once), the ids of the terms, and the role."""
    n = len(stream)
    for length, (positions, ids) in enumerate(vocabulary.matches(stream.codes), 1):
        for offset, role in PLACES.get(length, ()):
            places = positions + offset
            inside = places < n
            yield places[inside], ids[inside], role


@dataclass(frozen=True, slots=True, eq=False)
class BoundaryWeights:
    """One linear boundary model: weights of terms by role, (n_terms, 4), of categories, and the intercept."""

    terms: Floats
    categories: Floats
    intercept: float

    def __post_init__(self) -> None:
        if self.terms.shape[1] != N_ROLES:
            raise ValueError(f"term weights have {self.terms.shape[1]} columns, wanted {N_ROLES}")


@dataclass(frozen=True, slots=True, eq=False)
class BoundaryModel:
    """Cuts of a stream into pieces: `cut` first, then `ending` within what is left."""

    vocabulary: Vocabulary
    cut: BoundaryWeights
    ending: BoundaryWeights
    cut_threshold: float
    ending_threshold: float

    def cuts(self, stream: Stream) -> Ints:
        """Indices into the stream where a new piece begins within a line, ascending."""
        if not len(stream):
            return np.zeros(0, np.int64)
        places = Places.of(stream)
        weights = np.hstack([self.cut.terms, self.ending.terms])
        spoken = np.zeros((2, len(stream)), np.float32)
        for at, ids, role in ngram_places(self.vocabulary, stream):
            spoken[0, at] += weights[ids, role]
            spoken[1, at] += weights[ids, N_ROLES + role]
        rows = np.flatnonzero(stream.inside)
        scores = spoken[0, rows] + self.cut.intercept
        scores += self.cut.categories[category_ids(CUT_CROSSES, places.columns, rows)].sum(axis=1)
        strong = rows[scores > self.cut_threshold]
        starts = np.union1d(stream.line_starts, strong)
        ends = np.append(starts[1:], len(stream))
        rows, piece, columns = places.ending_rows(starts, ends)
        scores = spoken[1, rows] + self.ending.intercept
        scores += self.ending.categories[category_ids(ENDING_CROSSES, columns, rows)].sum(axis=1)
        return np.union1d(strong, best_of_each(rows, piece, scores, self.ending_threshold))


def best_of_each(rows: Ints, piece: Ints, scores: Floats, threshold: float) -> Ints:
    """Of each piece's places the best-scored one, if it is over the threshold."""
    order = np.lexsort((-scores, piece))
    first = np.flatnonzero(np.diff(piece[order], prepend=-1))
    best = order[first]
    return np.sort(rows[best[scores[best] > threshold]])
