"""The numbers that a word processor generates, as they are seen: 3 → 三, 叁, 丙, ③, III, c.

Names are those of ST_NumberFormat (ISO/IEC 29500-1, 17.18.59). What no row has, and what a format has no sign for, is
written in decimal figures.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final

_DIGITS = "〇一二三四五六七八九"
_STEMS, _BRANCHES = "甲乙丙丁戊己庚辛壬癸", "子丑寅卯辰巳午未申酉戌亥"
_LARGEST = 9999  # what the formats of words write; reports number no further
_LONGEST_LETTERS = 30  # of one letter repeated, as Word writes the numbers behind z
_ROMAN = (
    (1000, "M"),
    (900, "CM"),
    (500, "D"),
    (400, "CD"),
    (100, "C"),
    (90, "XC"),
    (50, "L"),
    (40, "XL"),
    (10, "X"),
    (9, "IX"),
    (5, "V"),
    (4, "IV"),
    (1, "I"),
)


def _signs(signs: Sequence[str]) -> Callable[[int], str]:
    """One sign a number, from 1."""
    return lambda number: signs[number - 1] if 1 <= number <= len(signs) else ""


def _range(first: str, last: str) -> str:
    return "".join(map(chr, range(ord(first), ord(last) + 1)))


def _positional(number: int) -> str:
    """一〇五."""
    return "".join(_DIGITS[int(digit)] for digit in str(number)) if number >= 0 else ""


def _counting(digits: str, units: str, *, zero: str, bare: bool = False) -> Callable[[int], str]:
    """一百零五: digits from 0, units of ten, hundred, thousand; `bare` drops the one before every unit, as in 百五."""

    def words(number: int) -> str:
        if not 1 <= number <= _LARGEST:
            return ""
        out, gap = "", False
        for place, digit in enumerate(map(int, str(number))):
            unit = len(str(number)) - place - 1
            if not digit:
                gap = True
                continue
            out += zero if gap and out else ""
            gap = False
            out += ("" if bare and unit and digit == 1 else digits[digit]) + ("", *units)[unit]
        return out

    return words


def _short_ten(words: Callable[[int], str], largest: int = _LARGEST) -> Callable[[int], str]:
    """十五 where the words would be 一十五; beyond the largest, figures one by one."""

    def shortened(number: int) -> str:
        if number > largest:
            return _positional(number)
        return words(number).removeprefix("一") if 10 <= number <= 19 else words(number)

    return shortened


def _roman(number: int) -> str:
    if not 1 <= number <= 3999:
        return ""
    out = ""
    for value, sign in _ROMAN:
        out += sign * (number // value)
        number %= value
    return out


def _letters(number: int) -> str:
    """a … z, aa, bb …: Word repeats the letter."""
    again, place = divmod(number - 1, 26)
    return chr(ord("a") + place) * (again + 1) if 0 <= again < _LONGEST_LETTERS else ""


_THOUSANDS = _short_ten(_counting(_DIGITS, "十百千", zero="零"))
_HUNDREDS = _short_ten(_counting(_DIGITS, "十百千", zero="零"), 99)
_CIRCLED = _signs(_range("①", "⑳") + _range("㉑", "㉟") + _range("㊱", "㊿"))
_JAPANESE = _counting(_DIGITS, "十百千", zero="", bare=True)
_FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")

FORMS: Final[Mapping[str, Callable[[int], str]]] = {
    "chineseCounting": _HUNDREDS,
    "taiwaneseCounting": _HUNDREDS,
    "chineseCountingThousand": _THOUSANDS,
    "taiwaneseCountingThousand": _THOUSANDS,
    "japaneseCounting": _JAPANESE,
    "koreanDigital2": _positional,
    "ideographDigital": _positional,
    "taiwaneseDigital": _positional,
    "japaneseDigitalTenThousand": _positional,
    "chineseLegalSimplified": _counting("零壹贰叁肆伍陆柒捌玖", "拾佰仟", zero="零"),
    "ideographLegalTraditional": _counting("零壹貳參肆伍陸柒捌玖", "拾佰仟", zero="零"),
    "japaneseLegal": _counting("〇壱弐参四伍六七八九", "拾百阡", zero=""),
    "ideographTraditional": _signs(_STEMS),
    "ideographZodiac": _signs(_BRANCHES),
    "ideographZodiacTraditional": _signs([f"{_STEMS[n % 10]}{_BRANCHES[n % 12]}" for n in range(60)]),
    "ideographEnclosedCircle": _signs(_range("㊀", "㊉")),
    "decimalEnclosedCircle": _CIRCLED,
    "decimalEnclosedCircleChinese": _CIRCLED,
    # Their signs ⑴ and ⒈ are (1) and 1. in one character (Unicode's compatibility decomposition); those the outline knows.
    "decimalEnclosedParen": lambda number: f"({number})",
    "decimalEnclosedFullstop": lambda number: f"{number}.",
    "decimalFullWidth": lambda number: str(number).translate(_FULL_WIDTH),
    "decimalFullWidth2": lambda number: str(number).translate(_FULL_WIDTH),
    "decimalZero": lambda number: f"{number:02}",
    "numberInDash": lambda number: f"- {number} -",
    "upperRoman": _roman,
    "lowerRoman": lambda number: _roman(number).lower(),
    "upperLetter": lambda number: _letters(number).upper(),
    "lowerLetter": _letters,
    "hex": lambda number: f"{number:X}",
    "none": lambda number: "",
}


def numeral(number: int, form: str) -> str:
    """The number in a format, by its name."""
    found = FORMS.get(form, str)(number)
    return found if found or form == "none" else str(number)
