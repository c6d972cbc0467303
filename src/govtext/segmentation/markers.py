"""Heading markers: the families of numbering that official prose uses, in both widths, and their numbers."""

from __future__ import annotations

import re
from dataclasses import dataclass

NUMERALS = "一二三四五六七八九十"
# Half-width and full-width forms of the same mark stand in one class; every repeat is bounded, so that matching
# stays linear on hostile lines (a long run of 一 cost seconds with an open repeat).
_CN = f"[{NUMERALS}]{{1,3}}"
_DIGITS = "[0-9０-９]{1,2}"
_STOP = "[.．]"
_OPEN, _CLOSE = "[（(]", "[)）]"

# Order matters: the first family that matches names the marker, so longer forms stand before their prefixes.
MARKERS: tuple[tuple[str, str], ...] = (
    ("part", rf"第{_CN}(?:部分|章|篇|编)[、，,：:]?"),
    ("section", rf"第{_CN}节"),
    ("article", rf"第[{NUMERALS}百]{{1,5}}条"),
    ("chinese", rf"{_CN}[、，,.．]"),
    ("chinese-bracket", rf"(?:{_OPEN}{_CN}{_CLOSE}|{_CN}{_CLOSE})、?"),
    ("decimal-3", rf"{_DIGITS}{_STOP}{_DIGITS}{_STOP}{_DIGITS}(?![\d%％])"),
    ("decimal-2", rf"{_DIGITS}{_STOP}{_DIGITS}(?![\d%％.．亿万倍个])"),
    # A decimal fraction or a month list (3、4月份) is a number, not a marker; 3.2019年 is a marker before a year.
    ("digit", rf"{_DIGITS}(?:、(?!{_DIGITS}月)|{_STOP}(?!\d)|{_STOP}(?=(?:19|20)\d\d年))"),
    ("digit-bracket", rf"(?:{_OPEN}{_DIGITS}{_CLOSE}|{_DIGITS}{_CLOSE})、?"),
    ("circled", r"[①-⑳]"),
    ("ordinal", rf"第{_CN}[，,、]"),
    ("item", rf"{_CN}是(?!年|季|月)"),
    ("dash", r"[—–-]{1,2}(?=[^\d\s—–-])"),
)
FAMILIES = tuple(name for name, _ in MARKERS)
_FAMILY = re.compile("|".join(f"(?P<m{i}>{pattern})" for i, (_, pattern) in enumerate(MARKERS)))
_NUMBER = re.compile(rf"[{NUMERALS}]{{1,3}}|{_DIGITS}|[①-⑳]")
_PREFIX = re.compile(r"\s{0,40}")


@dataclass(frozen=True, slots=True)
class Marker:
    """A marker at `start`–`end` of a string: its family and its number (None where the family has none)."""

    family: str
    start: int
    end: int
    number: int | None


def marker_at(text: str, position: int = 0) -> Marker | None:
    """The marker that stands at `position` of `text`, white space before it skipped; None if there is none."""
    gap = _PREFIX.match(text, position)
    start = gap.end() if gap else position
    match = _FAMILY.match(text, start)
    return _marker(match) if match else None


def markers_in(text: str) -> list[Marker]:
    """Every place in `text` where a marker's form occurs, non-overlapping, left to right; many are no headings."""
    return [_marker(match) for match in _FAMILY.finditer(text)]


def _marker(match: re.Match[str]) -> Marker:
    family = FAMILIES[int((match.lastgroup or "m0")[1:])]
    return Marker(family, match.start(), match.end(), _number(match[0]))


def _number(marker: str) -> int | None:
    found = _NUMBER.findall(marker)
    if not found:
        return None
    last = found[-1]
    if "①" <= last[0] <= "⑳":
        return ord(last[0]) - ord("①") + 1
    if last[0] not in NUMERALS:
        return int(last)
    return chinese_number(last)


def chinese_number(numeral: str) -> int | None:
    """The value of 一 … 九十九, None where the characters make no number (一二)."""
    tens, ten, ones = numeral.partition("十")
    if not ten:
        return NUMERALS.index(numeral) + 1 if len(numeral) == 1 else None
    if len(tens) > 1 or len(ones) > 1:
        return None
    return (NUMERALS.index(tens) + 1 if tens else 1) * 10 + (NUMERALS.index(ones) + 1 if ones else 0)
