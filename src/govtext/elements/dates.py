"""Days and periods as official prose writes them, read into `datetime.date`; what is masked or impossible is None.

>>> read_day("二〇〇九年七月十日").value
datetime.date(2009, 7, 10)
>>> read_period("科技局20nn年上半年工作总结") is None
True
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator
from datetime import date

import numpy as np

from govtext.document import Element, Period

# One character for one, so that spans hold: full-width forms, and every sign that stands for a zero among numerals.
PLAIN = str.maketrans(
    {
        **{chr(code + 0xFEE0): chr(code) for code in range(0x21, 0x7F) if chr(code) not in "(),:;!?"},
        **dict.fromkeys("〇○Ｏ◯О０", "0"),
        **dict.fromkeys("—–－‐―~～至到", "-"),
        **dict(zip("(),:;!?", "（），：；！？")),
        **dict.fromkeys("[【［〔﹝〖", "〔"),
        **dict.fromkeys("]】］〕﹞〗", "〕"),
    }
)
LONG = 100  # characters, from which a table is used: 6 ns a character in place of the 150 of `str.translate`
_TABLE = np.arange(0x10000, dtype=np.uint32)
for _code, _character in PLAIN.items():
    _TABLE[_code] = ord(_character)
_GAP = r"\s{0,4}"
_DIGIT = "0零一二三四五六七八九Oo"
_YEAR = rf"(?<![a-zA-Z{_DIGIT}0-9*×_])(?:(?:19|20)[0-9]{{2}}|[一二12][{_DIGIT}]{{3}})"
_SMALL = "(?:[0-9]{1,2}|[一二三四五六七八九]?十[一二三四五六七八九]?|[一二三四五六七八九])"
_MASK = r"[xXnN*×_＊＿]"
_DAY = re.compile(
    rf"(?P<y>{_YEAR}){_GAP}(?:年{_GAP}(?P<m>{_SMALL}){_GAP}月{_GAP}(?P<d>{_SMALL}){_GAP}[日号]"
    rf"|(?P<s>[-./])(?P<m2>[0-9]{{1,2}})(?P=s)(?P<d2>[0-9]{{1,2}})(?![0-9]))"
)
# A year that a site has masked; its other half may still stand: 20nn年 20xx年 20__年 ××年 201年 20年.
_MASKED_YEAR = re.compile(
    rf"(?:(?:19|20|二0)?{_MASK}{{1,6}}|(?<![0-9])(?:19|20|201|202)|(?:19|20)[0-9]{_MASK}|(?:二0|20)[一二12]{_MASK}){_GAP}(?:年|上半年|下半年)"
)
_QUARTERS = {"一": 1, "1": 1, "二": 2, "2": 2, "三": 3, "3": 3, "四": 4, "4": 4}
# 2019-2021年, and 1980、1981年 where the second follows the first.
_RANGE = re.compile(rf"(?P<y>{_YEAR}){_GAP}年?{_GAP}(?:-{{1,2}}|(?P<next>、)){_GAP}(?P<y2>{_YEAR}){_GAP}年")
_DAY_RANGE = re.compile(
    rf"(?P<y>{_YEAR})年(?P<m>{_SMALL})月(?P<d>{_SMALL})日?-{{1,2}}"
    rf"(?:(?P<y2>{_YEAR})年)?(?:(?P<m2>{_SMALL})月)?(?P<d2>{_SMALL})日"
)
_YEAR_PERIOD = re.compile(
    rf"(?P<y>{_YEAR}){_GAP}(?:"
    rf"年?度?{_GAP}(?:(?P<half>[上下])半年|(?:第|(?P<first>前|第?[一1]-))?(?P<q>[一二三四1-4])个?季度)"
    rf"|年{_GAP}(?P<m>{_SMALL})(?:月份?)?-{_GAP}(?P<m2>{_SMALL})月"
    rf"|年{_GAP}(?P<m3>{_SMALL})月(?:份)?(?!{_GAP}(?:{_SMALL}{_GAP}[日号]|-))"
    rf"|年度?(?!{_GAP}{_SMALL}{_GAP}月)"
    rf")"
)
_ONES = "一二三四五六七八九"
_PLAN = re.compile(
    # “六五”普法 counts the plans of teaching law, not those of the economy.
    r"[“\"‘「]?(?P<n>十[一二三四五六七]?|[六七八九])五(?![”\"’」]?\s{0,4}普法)[”\"’」]?(?P<noun>时期|期间|规划|计划)?"
    r"|第(?P<n2>十[一二三四五六七]?|[一二三四五六七八九])个五年(?:规划|计划)"
)


def to_plain(text: str) -> str:
    """The text of the same length with plain digits, one kind of dash and 〔〕 for every square bracket."""
    if len(text) < LONG:
        return text.translate(PLAIN)
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), "<u4")
    plain = np.where(codes < len(_TABLE), _TABLE.take(codes, mode="clip"), codes)
    return plain.astype("<u4").tobytes().decode("utf-32-le", "surrogatepass")


def days(text: str, start: int = 0) -> Iterator[Element[date]]:
    """Every day named in the text, in order; a day that no calendar has is left out. `start` is added to spans."""
    for match in _DAY.finditer(to_plain(text)):
        value = _date(_year(match["y"]), _small(match["m"] or match["m2"]), _small(match["d"] or match["d2"]))
        if value:
            yield Element(start + match.start(), start + match.end(), text[match.start() : match.end()], value)


def read_day(text: str, start: int = 0) -> Element[date] | None:
    """The first day named in the text, None where there is none."""
    return next(days(text, start), None)


def has_masked_year(text: str) -> bool:
    """Whether the text names a year that cannot be read."""
    return _MASKED_YEAR.search(to_plain(text)) is not None


def read_period(text: str, start: int = 0) -> Element[Period] | None:
    """The first period named in the text: years, a year, a half, quarters, months, days, a five-year plan.

    A single day is no period. None where the text names no period, or a year before it is masked.
    """
    plain = to_plain(text)
    masked = _MASKED_YEAR.search(plain)
    limit = masked.start() if masked else len(plain)
    found = [hit for hit in (_day_range(plain), _years(plain), _in_year(plain), _plan(text)) if hit]
    found = [hit for hit in found if hit[0] < limit]
    if not found:
        return None
    # The first named, and of two that begin together the longer: 2019—2021年 holds 2021年 but begins before it.
    begin, end, period = min(found, key=lambda hit: (hit[0], -hit[1]))
    return Element(start + begin, start + end, text[begin:end], period)


Found = tuple[int, int, Period]


def _day_range(plain: str) -> Found | None:
    for match in _DAY_RANGE.finditer(plain):
        first = _date(_year(match["y"]), _small(match["m"]), _small(match["d"]))
        last = _date(_year(match["y2"] or match["y"]), _small(match["m2"] or match["m"]), _small(match["d2"]))
        if first and last and first < last:
            return match.start(), match.end(), Period(first, last)
    return None


def _years(plain: str) -> Found | None:
    for match in _RANGE.finditer(plain):
        first, last = _year(match["y"]), _year(match["y2"])
        if first and last and first < last and (last == first + 1 or not match["next"]):
            return match.start(), match.end(), Period(date(first, 1, 1), date(last, 12, 31))
    return None


def _in_year(plain: str) -> Found | None:
    for match in _YEAR_PERIOD.finditer(plain):
        year = _year(match["y"])
        months = _months(match)
        if year and months and 1 <= months[0] <= months[1] <= 12:
            period = Period(date(year, months[0], 1), date(year, months[1], monthrange(year, months[1])[1]))
            return match.start(), match.end(), period
    return None


def _months(match: re.Match[str]) -> tuple[int, int] | None:
    if match["half"]:
        return (1, 6) if match["half"] == "上" else (7, 12)
    if match["q"]:
        quarter = _QUARTERS[match["q"]]
        return (1 if match["first"] else 3 * quarter - 2), 3 * quarter
    if match["m"]:
        first, last = _small(match["m"]), _small(match["m2"])
        return (first, last) if first and last else None
    if match["m3"]:
        month = _small(match["m3"])
        return (month, month) if month else None
    return 1, 12


def _plan(text: str) -> Found | None:
    for match in _PLAN.finditer(text):
        quoted = match[0][0] in '“"‘「'
        if match["n2"] or quoted or match["noun"]:
            numeral = match["n2"] or match["n"]
            number = _small(numeral)
            if number:
                # The third plan began in 1966, and every one since five years later.
                year = 1951 + 5 * number if number > 2 else 1948 + 5 * number
                return match.start(), match.end(), Period(date(year, 1, 1), date(year + 4, 12, 31))
    return None


def _year(text: str) -> int | None:
    digits = "".join(
        c if c.isdecimal() and c.isascii() else "0" if c in "零Oo" else str(_ONES.find(c) + 1)
        for c in text
        if not c.isspace()
    )
    return int(digits) if len(digits) == 4 and 1900 <= int(digits) <= 2099 else None


def _small(text: str) -> int | None:
    """The value of 1–2 digits or of a numeral up to 九十九."""
    if text.isascii():
        return int(text)
    tens, ten, ones = text.rpartition("十")
    value = _ONES.find(ones) + 1 if ones else 0
    return value + 10 * (_ONES.find(tens) + 1 if tens else 1) if ten else value


def _date(year: int | None, month: int | None, day: int | None) -> date | None:
    try:
        return date(year or 0, month or 0, day or 0)
    except ValueError:
        return None
