"""Lines by themselves, as columns: text as the line model reads it, shape as numbers, where a run-in heading would end.

All lines of a text, or all pieces it might be cut into, are read together: numbers come from sums along the whole text, so
a piece costs the same however long it is.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from govtext.boilerplate.along import (
    chinese_years,
    class_sums,
    commas_of,
    counted,
    rule_needles,
    sentence_ends,
    short_date_ends,
    table,
)
from govtext.boilerplate.rules import line_rules, rule_hits
from govtext.features.ngrams import SENTINEL, Codes, Distinct
from govtext.segmentation.flat import Flat, Ints, joined
from govtext.segmentation.markers import FAMILIES, FIRST_CHARACTERS, marker_at

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
# Private-use characters stand for the two ends of a line, so that an n-gram can say "begins with" or "ends in".
BEGIN, END = "\ue000", "\ue001"
HEAD, TAIL = 40, 15  # characters: what tells a line's kind stands at its ends (longer heads gained nothing on folds)
FARTHEST_RUN_IN = 60  # characters behind the marker; of 1,405 labelled run-in headings none is longer than 36
LONGEST_MARKER = 40  # characters that a marker's pattern can look at
_FULL_DATE = re.compile(r"0000[-年./]0{1,2}[-月./]0{1,2}日?\Z")
_LONGEST_DATE = 11
_NO_MARKER: Final = -1

SHAPE = (
    "log_length", "up_to_4", "up_to_12", "up_to_25", "up_to_40", "over_60", "over_120", "log_commas", "log_stops",
    "has_semicolon", "digit_share", "log_site_marks", "site_mark_share", "space_share", "indented", "ends_stop",
    "ends_colon", "ends_comma", "ends_digit", "ends_bracket", "begins_bracket", "digit_near_end", "short_date_end",
    "full_date_end", "chinese_date", "has_sentence_end", "log_first_sentence", "text_behind_first", "first_is_all",
    "log_behind_first", "first_commas", "marked", "marker_alone", "cut_before", "cut_behind",
)  # fmt: skip

_STOP, _COMMA, _BRACKET, _OPENING = table("。."), table(";,"), table(")】]"), table("(【[《")
_MARKER = table(FIRST_CHARACTERS)
_ZERO, _COLON = map(ord, "0:")


@dataclass(frozen=True, slots=True, eq=False)
class Lines:
    """Lines as the line model sees them, one row a line.

    source, codes  all their text, normalised, white space folded; its code points
    first, stop  the text of each is `source[first:stop]`
    family      number of the marker family in `FAMILIES`, -1 without marker
    opening     a number for the two characters behind the marker: sections of one hand often open alike
    run_in      characters from the piece's start to where a run-in heading would end, 0 if it has no place
    shape       (n_lines, len(SHAPE))
    hits        which rules fire, (n_lines, n_rules), in the order of the rules file
    """

    source: str
    codes: NDArray[np.int32]
    first: Ints
    stop: Ints
    family: Ints
    opening: Ints
    run_in: Ints
    shape: Floats
    hits: Bools

    def __len__(self) -> int:
        return len(self.first)

    def text(self, i: int) -> str:
        """The text of one line."""
        return self.source[self.first[i] : self.stop[i]]

    def texts(self) -> list[str]:
        """The texts of all lines."""
        return [self.source[a:b] for a, b in zip(self.first.tolist(), self.stop.tolist())]

    @property
    def cues(self) -> Floats:
        """Shape, marker family one-hot, rule hits: the plain numbers of the line model, (n_lines, n_cues)."""
        n_shapes, n_families = len(SHAPE), len(FAMILIES)
        cues = np.zeros((len(self), n_shapes + n_families + self.hits.shape[1]))
        cues[:, :n_shapes] = self.shape
        marked = (self.family >= 0).nonzero()[0]
        cues[marked, n_shapes + self.family.take(marked)] = 1
        cues[:, n_shapes + n_families :] = self.hits
        return cues

    def ends(self) -> dict[str, Distinct]:
        """Heads and tails with their marks, as the line model's blocks want them."""
        n = self.stop - self.first
        start, n_head, head = _distinct(self.first, np.minimum(n, HEAD))
        end, n_tail, tail = _distinct(self.stop, np.minimum(n, TAIL))
        return {
            "head": Distinct(self._marked(start, n_head, BEGIN, ""), head),
            "tail": Distinct(self._marked(end - n_tail, n_tail, "", END), tail),
        }

    def _marked(self, start: Ints, n: Ints, before: str, behind: str) -> Codes:
        """The texts of so many characters with a mark before or behind each."""
        sizes = n + 2
        heads = sizes.cumsum() - sizes
        shift = len(before)
        # Where each character comes from; what comes from nowhere is a mark or stands between two texts.
        places = np.arange(int(sizes.sum())) + (start - heads - shift).repeat(sizes)
        codes = self.codes.take(places, mode="clip") if len(self.codes) else np.zeros(len(places), np.int32)
        codes[heads + sizes - 1] = SENTINEL
        codes[heads + (0 if before else n)] = ord(before or behind)
        return Codes(codes, heads)

    def take(self, rows: Sequence[int] | Ints | slice) -> Lines:
        """Some of the lines, in the order given."""
        return Lines(self.source, self.codes, *(getattr(self, name)[rows] for name in COLUMNS))


def _distinct(places: Ints, sizes: Ints) -> tuple[Ints, Ints, Ints]:
    """The distinct pairs of a place and a size, and which of them each one is; places that ascend are taken as they are."""
    if (places[1:] > places[:-1]).all():
        return places, sizes, np.arange(len(places))
    largest = int(sizes.max()) + 1
    pairs, index = np.unique(places * largest + sizes, return_inverse=True)
    return *np.divmod(pairs, largest), index


COLUMNS = ("first", "stop", "family", "opening", "run_in", "shape", "hits")


def concatenated(parts: Sequence[Lines]) -> Lines:
    """The lines of all parts, one behind the other."""
    shifts = np.cumsum([0, *(len(part.source) for part in parts)])
    moved = [replace(p, first=p.first + s, stop=p.stop + s) for p, s in zip(parts, shifts.tolist())]
    codes = np.concatenate([p.codes for p in parts])
    return Lines(
        "".join(p.source for p in parts), codes, *(np.concatenate([getattr(p, c) for p in moved]) for c in COLUMNS)
    )


def n_cues() -> int:
    """How many plain numbers a line has."""
    return len(SHAPE) + len(FAMILIES) + len(line_rules())


def to_lines(texts: Sequence[str]) -> Lines:
    """Lines of which each text is one whole."""
    whole = np.zeros(len(texts), bool)
    return pieces_of(*joined(texts), whole, whole)


def pieces_of(flat: Flat, begins: Ints, ends: Ints, cut_before: Bools, cut_behind: Bools) -> Lines:
    """The pieces of a text from … to … (offsets in the flat text); `cut_…` say that one shares its line with another."""
    start, behind, first, stop = flat.within(begins, ends)
    folded = flat.folded
    families, bodies = _markers(flat, start, ends)
    n = stop - first
    filled = n > 0
    sums = flat.once(class_sums)
    commas, stops, semicolons, digits, marks, spaces = counted(sums, first, stop)
    ends_in = np.where(filled, _letter(folded, stop - 1), 0)
    begins_with = np.where(filled, _letter(folded, first), 0)
    near = counted(sums[1:2], np.maximum(stop - 5, first), stop)[1] > 0
    run_in, first_commas = _first_sentence(flat, begins, ends, bodies)
    some = run_in > 0
    rest = np.where(some, behind - begins - run_in, 0)
    marked = families != _NO_MARKER
    most = np.maximum(n, 1)
    columns = (
            np.log1p(n), n <= 4, n <= 12, n <= 25, n <= 40, n > 60, n > 120, np.log1p(commas), np.log1p(stops),
            semicolons > 0, digits / most, np.log1p(marks), marks / most, spaces / most, start > begins,
            _STOP[ends_in], ends_in == _COLON, _COMMA[ends_in], ends_in == _ZERO, _BRACKET[ends_in],
            _OPENING[begins_with], near, flat.once(short_date_ends).take(stop) & (n >= 6),
            _full_dates(flat, first, stop, near & ((ends_in == _ZERO) | (ends_in == ord("日")))),
            _chinese_dates(flat, first, stop), some, np.log1p(np.where(some, run_in - (bodies - begins), 0)), rest > 10,
            some & (rest <= 0), np.log1p(np.maximum(rest, 0)), first_commas, marked, marked & (bodies >= behind),
            cut_before, cut_behind,
    )  # fmt: skip
    shape = np.empty((len(columns), len(n)))
    for row, column in zip(shape, columns, strict=True):
        row[:] = column
    opening = _letters(flat.codes, bodies, ends) << 21 | _letters(flat.codes, bodies + 1, ends)
    hits = rule_hits(flat.once(rule_needles), flat.folded_text, first, stop)
    return Lines(flat.folded_text, folded, first, stop, families, opening, run_in, shape.T, hits)


def _markers(flat: Flat, start: Ints, ends: Ints) -> tuple[Ints, Ints]:
    """The marker family at each start, and where what it marks begins."""
    families, bodies = np.full(len(start), _NO_MARKER), start.copy()
    text = flat.text
    known: dict[tuple[int, int], tuple[int, int] | None] = {}
    likely = ((start < ends) & _MARKER.take(_letter(flat.codes, start))).nonzero()[0]
    stops = np.minimum(ends, start + LONGEST_MARKER)
    for i, span in zip(likely.tolist(), zip(start[likely].tolist(), stops[likely].tolist())):
        if span not in known:
            marker = marker_at(text[span[0] : span[1]])
            known[span] = (FAMILIES.index(marker.family), span[0] + marker.end) if marker else None
        if (found := known[span]) is not None:
            families[i], bodies[i] = found
    return families, bodies


def _first_sentence(flat: Flat, begins: Ints, ends: Ints, bodies: Ints) -> tuple[Ints, Ints]:
    """Characters to behind the first sentence's end behind the marker, 0 where none is near; the commas before it."""
    decimal, places = flat.once(sentence_ends)
    at = places.take(places.searchsorted(bodies + 1), mode="clip")
    if len(decimal):
        last = ends - 1
        cut_point = decimal[np.maximum(last, 0)] & (last > bodies)
        at = np.where(cut_point, np.minimum(at, last), at)
    near = (at < ends) & (at < bodies + FARTHEST_RUN_IN)
    commas = flat.once(commas_of)
    counted = commas.searchsorted(at) - commas.searchsorted(bodies)
    return np.where(near, at + 1 - begins, 0), np.where(near, counted, 0)


def _letter(codes: NDArray[np.int32], places: Ints) -> NDArray[np.int32]:
    """The code point at each place, those beyond the basic plane as one that no table knows."""
    if not len(codes):
        return np.zeros(len(places), np.int32)
    return np.minimum(codes.take(places, mode="clip"), 0xFFFF)


def _letters(codes: NDArray[np.int32], places: Ints, ends: Ints) -> Ints:
    """The code point at each place as a number, 0 at or behind the end."""
    if not len(codes):
        return np.zeros(len(places), np.int64)
    return np.where(places < ends, codes.take(places, mode="clip"), 0).astype(np.int64)


def _full_dates(flat: Flat, first: Ints, stop: Ints, likely: Bools) -> Bools:
    """Whether a line ends in a whole date; only likely ones are looked at."""
    found = np.zeros(len(first), bool)
    for i in likely.nonzero()[0].tolist():
        text = flat.folded_text[max(int(first[i]), int(stop[i]) - _LONGEST_DATE) : stop[i]]
        found[i] = _FULL_DATE.search(text) is not None
    return found


def _chinese_dates(flat: Flat, first: Ints, stop: Ints) -> Bools:
    """Whether a year in Chinese numerals stands among a line's first 40 characters."""
    years = flat.once(chinese_years)
    if not len(years):
        return np.zeros(len(first), bool)
    at = np.concatenate((years, [len(flat.folded)])).take(years.searchsorted(first))
    return at + 5 <= np.minimum(stop, first + 40)
