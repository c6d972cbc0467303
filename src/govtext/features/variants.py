"""A copy of a text as a report would have it: simplified, without what no eye sees, without pinyin behind characters.

Washed pages write some characters in their traditional form and put pinyin behind them, 業(yè); converters leave radicals
for characters, and marks of direction; each of them makes the words around it unknown. The copy is labelled, and what is
found there is said of the text as it came.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
# Share of characters that are traditional alone from which a text is read as traditional: simplified ones with some washed
# characters stay far below, traditional ones have about a third.
TRADITIONAL_FROM: Final = 0.02
# First and last code point of what is left out: controls that are no white space, marks that combine with the character
# before, zero width, direction, variation selectors, the mark of a soft hyphen, tags.
UNSEEN: Final = (
    (0x00, 0x08), (0x0E, 0x1B), (0x7F, 0x84), (0x86, 0x9F), (0xAD, 0xAD), (0x300, 0x36F), (0x61C, 0x61C), (0x180B, 0x180F),
    (0x200B, 0x200F), (0x202A, 0x202E), (0x2060, 0x206F), (0x20D0, 0x20F0), (0xFE00, 0xFE0F), (0xFE20, 0xFE2F),
    (0xFEFF, 0xFEFF), (0xFFF9, 0xFFFB), (0xE0000, 0xE01EF),
)  # fmt: skip
# Radicals and compatibility ideographs that stand for one ordinary character.
RADICALS: Final = ((0x2E80, 0x2FDF), (0xF900, 0xFAFF))
# Full-width letters, which no pattern of a site's lines knows; brackets, digits and signs are known in both widths.
WIDE_LETTERS: Final = ((0xFF21, 0xFF3A), (0xFF41, 0xFF5A))
_TONES = "āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜńňǹḿ"
_LETTERS = f"a-zü{_TONES}"
# One syllable behind one character: with its tone, or with none where the text has others with one (的(de)).
_PINYIN = re.compile(f"(?<=[\u3400-\u9fff])[ ]?[(（]([{_LETTERS}]{{1,7}})[)）]")
_TONE = re.compile(f"[{_TONES}]")
# Of syllables without a tone, those that have none.
_NEUTRAL: Final = frozenset(("a", "ba", "bo", "de", "di", "dou", "e", "ge", "la", "le", "li", "lo", "ma", "me", "men", "na",
                             "ne", "shi", "shang", "tou", "wa", "xia", "ya", "yo", "zhe", "zi"))  # fmt: skip
_AS_IT_IS, _REPLACED, _LEFT_OUT, _ACCENTED = range(4)


@dataclass(frozen=True, slots=True, eq=False)
class PlainCopy:
    """The copy, and for each of its characters, and its end, the offset in the text it was made of, (n + 1,).

    `pinyin` are the spans of that text where a reading was put behind characters.
    """

    text: str
    where: Ints
    pinyin: tuple[tuple[int, int], ...] = ()


def plain_copy(text: str) -> PlainCopy | None:
    """The copy, None where it would be the text itself."""
    raw = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), "<u4")
    table = _table()
    kinds = table.kinds.take(raw, mode="clip")
    kinds[(raw >= UNSEEN[-1][0]) & (raw <= UNSEEN[-1][1])] = _LEFT_OUT
    if not kinds.any():
        return None
    replaced = kinds == _REPLACED
    codes = raw.astype("<u4")
    codes[replaced] = table.simplified[raw[replaced]]
    if np.count_nonzero(table.is_traditional[raw[replaced]]) >= TRADITIONAL_FROM * len(raw):
        both = np.flatnonzero(table.both[np.minimum(raw, 0xFFFF)])
        codes[both] = table.both[raw[both]]
    kept = np.flatnonzero(kinds != _LEFT_OUT)
    copy = _decoded(codes[kept])
    pinyin: tuple[tuple[int, int], ...] = ()
    if (kinds == _ACCENTED).any() and (spans := pinyin_spans(copy)):
        said = np.zeros(len(kept), bool)
        for start, end in spans:
            said[start:end] = True
        pinyin = tuple((int(kept[start]), int(kept[end - 1]) + 1) for start, end in spans)
        kept = kept[~said]
        copy = _decoded(codes[kept])
    # Nothing to be seen at all, or nothing changed: vowels with accents need be no pinyin.
    if not copy.strip() or copy == text:
        return None
    return PlainCopy(copy, np.append(kept, len(text)), pinyin)


def _decoded(codes: NDArray[np.uint32]) -> str:
    return codes.tobytes().decode("utf-32-le", "surrogatepass")


def pinyin_spans(text: str) -> list[tuple[int, int]]:
    """The spans of pinyin in brackets behind single characters."""
    found = [(match.start(), match.end(), match[1]) for match in _PINYIN.finditer(text)]
    if not any(_TONE.search(syllable) for _, _, syllable in found):
        return []
    return [(start, end) for start, end, syllable in found if _TONE.search(syllable) or syllable in _NEUTRAL]


@dataclass(frozen=True, slots=True, eq=False)
class _Table:
    """By code point up to U+FFFF: what becomes of it, the character in its place, and whether it is a traditional one.

    `both` has the plain form of characters that are also simplified ones, 0 for all others.
    """

    kinds: NDArray[np.uint8]
    simplified: NDArray[np.uint32]
    is_traditional: NDArray[np.bool_]
    both: NDArray[np.uint32]


@cache
def _table() -> _Table:
    kinds = np.zeros(0x10000, np.uint8)
    simplified = np.arange(0x10000, dtype=np.uint32)
    is_traditional = np.zeros(0x10000, bool)
    both = np.zeros(0x10000, np.uint32)
    rows = (files("govtext") / "data" / "traditional.txt").read_text(encoding="utf-8").split("\n")
    pairs = "\n".join(row for row in rows if not row.startswith("#"))
    always, sometimes = (
        np.frombuffer(part.replace("\n", "").encode("utf-32-le"), "<u4") for part in pairs.split("\n\n")
    )
    simplified[always[::2]] = always[1::2]
    kinds[always[::2]] = _REPLACED
    is_traditional[always[::2]] = True
    both[sometimes[::2]] = sometimes[1::2]
    for first, last in (*RADICALS, *WIDE_LETTERS):
        for code in range(first, last + 1):
            plain = unicodedata.normalize("NFKC", chr(code))
            if plain != chr(code) and len(plain) == 1 and ord(plain) <= 0xFFFF:
                simplified[code], kinds[code] = simplified[ord(plain)], _REPLACED
    for first, last in UNSEEN:
        kinds[first : last + 1] = _LEFT_OUT
    kinds[[ord(c) for c in _TONES]] = _ACCENTED
    kinds[0xFFFF] = _AS_IT_IS  # what lies beyond is looked up here
    return _Table(kinds, simplified, is_traditional, both)
