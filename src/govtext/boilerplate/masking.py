"""A line as it compares with lines of other reports: digits, dates and place names masked, widths and white space folded.

Two forms, both copies: `masked` says what kind of line it is, `folded` keeps the figures, so that a line that differs in
its date alone can be told from one that stands everywhere to the letter.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from functools import cache
from importlib.resources import files

from govtext.features.ngrams import normalise

PLACE = "\N{WHITE SQUARE}"  # stands for a place name
_DATE_NUMERALS = "〇○零一二三四五六七八九十廿卅"
# `normalise` has made every digit a 0. 二〇二三年, 十月; XX年, **家, ×× as templates write them.
_NUMBERS = re.compile(
    rf"0{{0,8}}[x*×]{{2,20}}|0{{1,40}}(?:[x*×n]{{1,4}}|(?:[.,:/-]0{{1,40}}){{0,8}})|[{_DATE_NUMERALS}]{{1,6}}(?=[年月日])"
)
# What says that a line is the document's own and not the site's, on the masked line.
_OWN = re.compile(
    r"[(\[]?0年(?:0月)?(?:0日)?[)\]]?"  # the date under a signature
    r"|[^\d:]{1,12}[〔\[(【]0[〕\])】](?:第)?0号"  # 国办发〔2019〕3号
    r"|第0号"  # of a decree, below its title
    r"|(?:各位?|尊敬的|同志)[^。]{1,120}:"  # 各位代表： 各区县人民政府：
    r"|\([此本][件文][^)]{1,20}\)"  # （此件公开发布）
    rf"|(?:0年)?度?{PLACE}?(?:政府)?工作(?:情况)?(?:报告|总结|汇报|要点|计划|思路)"  # a title that many reports have
    r"|[^,。:]{0,20}(?:总理|[省市区县州旗]长|主席|主任|局长|书记)(?!信箱|热线|专线|访谈)[^,。:]{2,6}"  # who gave the report
    r"|[^a-z\u4e00-\u9fff]{0,40}0[^a-z\u4e00-\u9fff]{0,40}"  # figures alone: a cell of a table, a page number
)


def masked(text: str) -> str:
    """The text without white space, numbers as 0, dates' numerals too, place names as □; empty for white space alone."""
    return mask(normalise(text))


def mask(plain: str) -> str:
    """`masked`, of a text that is normalised already: a whole report is normalised ten times faster than its lines."""
    return _NUMBERS.sub("0", _places().sub(PLACE, "".join(plain.split())))


def folded(text: str) -> str:
    """The text without white space, widths and case folded, its figures kept."""
    return "".join(unicodedata.normalize("NFKC", text).lower().split())


def is_own(line: str) -> bool:
    """Whether a masked line has the form of the document's own: a date, a document number, an addressee, a title, figures."""
    return _OWN.fullmatch(line) is not None


@cache
def _places() -> re.Pattern[str]:
    """Provinces with or without their suffix; two characters and 市, 县, 区, 州 or 旗, unless they name no place."""
    table = tomllib.loads((files("govtext") / "data" / "places.toml").read_text(encoding="utf-8"))
    provinces, endings, suffixes, none = (
        "|".join(table[key]) for key in ("provinces", "province_suffixes", "suffixes", "no_names")
    )
    return re.compile(f"(?:{provinces})(?:{endings})?|(?!{none})[\u4e00-\u9fff]{{2}}(?:{suffixes})(?!长)")
