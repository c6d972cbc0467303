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

# Characters that are counted; none is in two of the classes. What is counted of each class is in the order of the table.
_COUNTED = (",", "。.", ";", "0", "|>/[]【】《》:©*_-", " ")
_CLASS = np.zeros(0x10000, np.uint8)
for _k, _characters in enumerate(_COUNTED, 1):
    _CLASS[[ord(c) for c in _characters]] = _k


def _table(characters: str) -> Bools:
    table = np.zeros(0x10000, bool)
    table[[ord(c) for c in characters]] = True
    return table


_STOP, _COMMA, _BRACKET, _OPENING = _table("。."), _table(";,"), _table(")】]"), _table("(【[《")
_MARKER = _table(FIRST_CHARACTERS)
_SENTENCE_END, _YEAR_DIGIT = _table("。:?!."), _table("〇○o0零一二三四五六七八九")
_ZERO, _COLON, _POINT, _DASH, _TWO, _YEAR = map(ord, "0:.-二年")


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
        return np.hstack([self.shape, np.equal.outer(self.family, np.arange(len(FAMILIES))), self.hits])

    def ends(self) -> dict[str, Distinct]:
        """Heads and tails with their marks, as the line model's blocks want them."""
        n = self.stop - self.first
        heads, head = np.unique(self.first * (HEAD + 1) + np.minimum(n, HEAD), return_inverse=True)
        tails, tail = np.unique(self.stop * (TAIL + 1) + np.minimum(n, TAIL), return_inverse=True)
        start, n_head = np.divmod(heads, HEAD + 1)
        end, n_tail = np.divmod(tails, TAIL + 1)
        return {
            "head": Distinct(self._marked(start, n_head, BEGIN, ""), head),
            "tail": Distinct(self._marked(end - n_tail, n_tail, "", END), tail),
        }

    def _marked(self, start: Ints, n: Ints, before: str, behind: str) -> Codes:
        """The texts of so many characters with a mark before or behind each."""
        sizes = n + 2
        heads = np.cumsum(sizes) - sizes
        codes = np.full(int(sizes.sum()), SENTINEL, np.int32)
        within = np.arange(len(codes)) - np.repeat(heads, sizes)
        shift = len(before)
        inside = (within >= shift) & (within < np.repeat(n, sizes) + shift)
        codes[inside] = self.codes[(np.repeat(start, sizes) + within - shift)[inside]]
        codes[heads + (0 if before else n)] = ord(before or behind)
        return Codes(codes, heads)

    def take(self, rows: Sequence[int] | Ints | slice) -> Lines:
        """Some of the lines, in the order given."""
        return Lines(self.source, self.codes, *(getattr(self, name)[rows] for name in COLUMNS))


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
    sums = _sums(folded)
    commas, stops, semicolons, digits, marks, spaces = (along[stop] - along[first] for along in sums)
    ends_in = np.where(filled, _letter(folded, stop - 1), 0)
    begins_with = np.where(filled, _letter(folded, first), 0)
    near = sums[3][stop] - sums[3][np.maximum(stop - 5, first)] > 0
    run_in, first_commas = _first_sentence(flat, begins, ends, bodies)
    some = run_in > 0
    rest = np.where(some, behind - begins - run_in, 0)
    marked = families != _NO_MARKER
    most = np.maximum(n, 1)
    shape = np.stack(
        [
            np.log1p(n), n <= 4, n <= 12, n <= 25, n <= 40, n > 60, n > 120, np.log1p(commas), np.log1p(stops),
            semicolons > 0, digits / most, np.log1p(marks), marks / most, spaces / most, start > begins,
            _STOP[ends_in], ends_in == _COLON, _COMMA[ends_in], ends_in == _ZERO, _BRACKET[ends_in],
            _OPENING[begins_with], near, _short_dates(folded, first, stop),
            _full_dates(flat, first, stop, near & ((ends_in == _ZERO) | (ends_in == ord("日")))),
            _chinese_dates(folded, first, stop), some, np.log1p(np.where(some, run_in - (bodies - begins), 0)), rest > 10,
            some & (rest <= 0), np.log1p(np.maximum(rest, 0)), first_commas, marked, marked & (bodies >= behind),
            cut_before, cut_behind,
        ],
        axis=1, dtype=np.float64,
    )  # fmt: skip
    opening = _letters(flat.codes, bodies, ends) << 21 | _letters(flat.codes, bodies + 1, ends)
    hits = rule_hits(folded, flat.folded_text, first, stop)
    return Lines(flat.folded_text, folded, first, stop, families, opening, run_in, shape, hits)


def _markers(flat: Flat, start: Ints, ends: Ints) -> tuple[Ints, Ints]:
    """The marker family at each start, and where what it marks begins."""
    families, bodies = np.full(len(start), _NO_MARKER), start.copy()
    text = flat.text
    known: dict[tuple[int, int], tuple[int, int] | None] = {}
    likely = np.flatnonzero((start < ends) & _MARKER[_letter(flat.codes, start)])
    stops = np.minimum(ends, start + LONGEST_MARKER)
    for i, span in zip(likely.tolist(), zip(start[likely].tolist(), stops[likely].tolist())):
        if span not in known:
            marker = marker_at(text[span[0] : span[1]])
            known[span] = (FAMILIES.index(marker.family), span[0] + marker.end) if marker else None
        if (found := known[span]) is not None:
            families[i], bodies[i] = found
    return families, bodies


def _sums(folded: NDArray[np.int32]) -> list[NDArray[np.int32]]:
    """How many characters of each class of `_COUNTED` stand before each place, (n + 1,) each."""
    kinds = _CLASS.take(folded, mode="clip")
    along = []
    for k in range(1, len(_COUNTED) + 1):
        sums = np.zeros(len(folded) + 1, np.int32)
        np.cumsum(kinds == k, out=sums[1:])
        along.append(sums)
    return along


def _first_sentence(flat: Flat, begins: Ints, ends: Ints, bodies: Ints) -> tuple[Ints, Ints]:
    """Characters to behind the first sentence's end behind the marker, 0 where none is near; the commas before it."""
    codes, n = flat.codes, len(flat.codes)
    closing = _SENTENCE_END.take(codes, mode="clip")
    # A point with a digit behind it is a decimal one, unless the piece ends there.
    decimal = codes == _POINT
    decimal[:-1] &= codes[1:] == _ZERO
    decimal[-1:] = False
    places = np.append(np.flatnonzero(closing & ~decimal), n)
    at = places.take(np.searchsorted(places, bodies + 1), mode="clip")
    if n:
        last = ends - 1
        cut_point = decimal[np.maximum(last, 0)] & (last > bodies)
        at = np.where(cut_point, np.minimum(at, last), at)
    near = (at < ends) & (at < bodies + FARTHEST_RUN_IN)
    commas = np.flatnonzero(codes == ord(","))
    counted = np.searchsorted(commas, at) - np.searchsorted(commas, bodies)
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


def _short_dates(folded: NDArray[np.int32], first: Ints, stop: Ints) -> Bools:
    """Whether a line ends in 00-00 with no digit before it."""
    is_zero, is_dash = folded == _ZERO, folded == _DASH
    found = is_dash[3:-2] & ~is_zero[:-5] if len(folded) > 5 else np.zeros(0, bool)
    for offset in (1, 2, 4, 5):
        found = found & is_zero[offset : offset + len(found)]
    ending = np.zeros(len(folded) + 1, bool)
    ending[6:] = found
    return ending[stop] & (stop - first >= 6)


def _full_dates(flat: Flat, first: Ints, stop: Ints, likely: Bools) -> Bools:
    """Whether a line ends in a whole date; only likely ones are looked at."""
    found = np.zeros(len(first), bool)
    for i in np.flatnonzero(likely).tolist():
        text = flat.folded_text[max(int(first[i]), int(stop[i]) - _LONGEST_DATE) : stop[i]]
        found[i] = _FULL_DATE.search(text) is not None
    return found


def _chinese_dates(folded: NDArray[np.int32], first: Ints, stop: Ints) -> Bools:
    """Whether a year in Chinese numerals stands among a line's first 40 characters."""
    twos = np.flatnonzero(folded[:-4] == _TWO)
    digit = [_YEAR_DIGIT.take(folded.take(twos + k), mode="clip") for k in (1, 2, 3)]
    years = twos[digit[0] & digit[1] & digit[2] & (folded.take(twos + 4) == _YEAR)] if len(twos) else twos
    if not len(years):
        return np.zeros(len(first), bool)
    at = np.append(years, len(folded))[np.searchsorted(years, first)]
    return at + 5 <= np.minimum(stop, first + 40)
