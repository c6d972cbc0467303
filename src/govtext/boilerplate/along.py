"""What is known of a whole text before it is cut into pieces: characters counted, ends of sentences, dates.

Each is worked out once for a text (`Flat.once`), however many pieces it might be cut into.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from govtext.boilerplate.rules import rule_places
from govtext.segmentation.flat import Flat, Ints

Bools = NDArray[np.bool_]
_ZERO, _POINT, _DASH, _TWO, _YEAR = map(ord, "0.-二年")
# Characters that are counted; none is in two of the classes. What is counted of each class is in the order of the table.
_COUNTED = (",", "。.", ";", "0", "|>/[]【】《》:©*_-", " ")
_HALF = 32  # bits: two classes are counted in one number, for adding up along a text is what takes time
_LOW = (1 << _HALF) - 1
_N_SUMS = len(_COUNTED) // 2
_ADDS = np.zeros((_N_SUMS, len(_COUNTED) + 1), np.int64)  # by class: what it adds to each sum
_ADDS[range(_N_SUMS), range(1, len(_COUNTED) + 1, 2)] = 1
_ADDS[range(_N_SUMS), range(2, len(_COUNTED) + 1, 2)] = 1 << _HALF
_CLASS = np.zeros(0x10000, np.uint8)
for _k, _characters in enumerate(_COUNTED, 1):
    _CLASS[[ord(c) for c in _characters]] = _k


def table(characters: str) -> Bools:
    """By code point, whether it is one of the characters; the last entry is for all beyond."""
    found = np.zeros(0x10000, bool)
    found[[ord(c) for c in characters]] = True
    return found


_SENTENCE_END, _YEAR_DIGIT = table("。:?!."), table("〇○o0零一二三四五六七八九")


def rule_needles(flat: Flat) -> dict[int, Ints]:
    """Where the needles of each line rule stand."""
    return rule_places(flat.folded)


def class_sums(flat: Flat) -> list[Ints]:
    """How many characters of each class of `_COUNTED` stand before each place, two classes to one number, (n + 1,) each."""
    kinds = _CLASS.take(flat.folded, mode="clip")
    along = []
    for adds in _ADDS:
        sums = np.zeros(len(kinds) + 1, np.int64)
        adds.take(kinds).cumsum(out=sums[1:])
        along.append(sums)
    return along


def counted(sums: Sequence[Ints], first: Ints, stop: Ints) -> list[Ints]:
    """How many characters of each class stand between first and stop."""
    found = []
    for along in sums:
        both = along.take(stop) - along.take(first)
        found += [both & _LOW, both >> _HALF]
    return found


def sentence_ends(flat: Flat) -> tuple[Bools, Ints]:
    """Which characters are decimal points, and where sentences end, the text's end included."""
    codes = flat.codes
    closing = _SENTENCE_END.take(codes, mode="clip")
    # A point with a digit behind it is a decimal one, unless the piece ends there.
    decimal = codes == _POINT
    decimal[:-1] &= codes[1:] == _ZERO
    decimal[-1:] = False
    return decimal, np.concatenate(((closing & ~decimal).nonzero()[0], [len(codes)]))


def commas_of(flat: Flat) -> Ints:
    """Where commas stand."""
    commas: Ints = (flat.codes == ord(",")).nonzero()[0]
    return commas


def short_date_ends(flat: Flat) -> Bools:
    """Behind which places 00-00 stands with another character than a digit before it, (n + 1,)."""
    folded = flat.folded
    is_zero, is_dash = folded == _ZERO, folded == _DASH
    found = is_dash[3:-2] & ~is_zero[:-5] if len(folded) > 5 else np.zeros(0, bool)
    for offset in (1, 2, 4, 5):
        found = found & is_zero[offset : offset + len(found)]
    ending = np.zeros(len(folded) + 1, bool)
    ending[6:] = found
    return ending


def chinese_years(flat: Flat) -> Ints:
    """Where years in Chinese numerals begin."""
    folded = flat.folded
    twos: Ints = (folded[:-4] == _TWO).nonzero()[0]
    if not len(twos):
        return twos
    digit = [_YEAR_DIGIT.take(folded.take(twos + k), mode="clip") for k in (1, 2, 3)]
    years: Ints = twos[digit[0] & digit[1] & digit[2] & (folded.take(twos + 4) == _YEAR)]
    return years
