"""Offices by their names: alone on a line, at the head of a title, above or beside the person who reports."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files

from govtext.document import Element
from govtext.elements.dates import to_plain

SHORTEST_OFFICE = 3  # characters; 政府 alone names none
LONGEST_OFFICE = 45  # characters, two offices side by side included
MASKED = re.compile(r"[xX×*_＊＿Ｘｘ]|某[省市县区]")

_SPACE = re.compile(r"\s{1,60}")
_AROUND = "（） \N{IDEOGRAPHIC SPACE}\t\N{NO-BREAK SPACE}"
_LABEL = re.compile(r"\s{0,40}(?:述职单位|报送单位|报告单位|单位|发文机关)：\s{0,4}")
_REPORTER = re.compile(r"(?P<office>[\u4e00-\u9fff]{1,20}?人民政府)\s{0,4}(?:代|副)?(?:[省市县区州]长|主席|总理)")
_GOVERNMENT = re.compile(
    r"(?P<place>[\u4e00-\u9fff]{1,20}?[省市县区州旗盟])(?P<year>[0-9]{4}年)?(?P<rest>(?:人民)?政府)(?=[0-9]{0,4}年?工作(?:报告|汇报))"
)
# What no office is called, but sentences that begin like one do: 建设区域创新中心 在…会议上的政府 关于….
_NO_NAME = re.compile(
    r"建设|打造|推进|加快|深化|构建|支持|加强|促进|会议|关于|个人|用户|会员|帮助|\A[在对与向同经由我本各全]"
)
_NUMBERED = re.compile(
    r"\s{0,40}[〔（]?(?:第[一二三四五六七八九十0-9]{1,3}篇|(?:篇|范文)[一二三四五六七八九十0-9]{1,3})[〕）]?[：、，.\s]{0,6}"
)


def words(name: str) -> tuple[str, ...]:
    """One of the lists of data/elements.toml."""
    return _table()[name]


def is_office(plain: str) -> bool:
    """Whether a plain text is the name of an office, or of two side by side, and nothing else."""
    bare = _SPACE.sub("", plain.strip(_AROUND))
    return (
        SHORTEST_OFFICE <= len(bare) <= LONGEST_OFFICE
        and not _NO_NAME.search(bare)
        and bool(_office_pattern().fullmatch(bare))
    )


def is_masked_office(plain: str) -> bool:
    """Whether a plain text names an office that a site has masked: XX市科学技术局."""
    return bool(MASKED.search(plain)) and _SPACE.sub("", plain.strip(_AROUND)).endswith(words("offices"))


def read_office(text: str, start: int = 0) -> Element[str] | None:
    """The office that fills the text but for brackets and a label; None where it is none or masked."""
    label = _LABEL.match(to_plain(text))
    rest = text[label.end() if label else 0 :]
    left = len(text) - len(rest.lstrip("(" + _AROUND))
    raw = text[left:].rstrip("()" + _AROUND)
    if MASKED.search(raw) or not is_office(to_plain(raw)):
        return None
    names = _SPACE.split(raw)
    # A gap stands between two offices, or spaces one out: 国务院　中央军委 and 科 技 局.
    value = (" " if all(map(is_office, map(to_plain, names))) else "").join(names)
    return Element(start + left, start + left + len(raw), raw, value)


def read_reporter(text: str, start: int = 0) -> Element[str] | None:
    """The government whose head reports: 青石县人民政府 of 青石县人民政府县长 and a name."""
    match = _REPORTER.match(text)
    if not match or MASKED.search(match["office"]) or _NO_NAME.search(match["office"]):
        return None
    return Element(start + match.start("office"), start + match.end("office"), match["office"], match["office"])


def read_title_office(title: str, start: int = 0) -> Element[str] | None:
    """The office that a title begins with: XX市科技局 of 《…2009年工作总结》; of 《…市2009年政府工作报告》 the 市政府."""
    plain = to_plain(title)
    mark = _NUMBERED.match(plain)
    offset = mark.end() if mark else 0
    match = _title_pattern().match(plain, offset)
    if match:
        begin, end = match.start("one"), match.end("two") if match["two"] else match.end("one")
        value = " ".join(_SPACE.sub("", name) for name in match.group("one", "two") if name)
    else:
        government = _GOVERNMENT.search(plain, offset, offset + 2 * LONGEST_OFFICE)
        if not government or (government.start() > offset and plain[government.start() - 1] not in "年 \t"):
            return None
        begin, end = government.span()
        value = government["place"] + government["rest"]
    if len(value) < SHORTEST_OFFICE or MASKED.search(title[offset:end]) or _NO_NAME.search(value):
        return None
    return Element(start + begin, start + end, title[begin:end], value)


@cache
def _table() -> dict[str, tuple[str, ...]]:
    table = tomllib.loads((files("govtext") / "data" / "elements.toml").read_text(encoding="utf-8"))
    return {name: tuple(row) for name, row in table.items()}


def _name(shortest_first: str) -> str:
    ends = "|".join(map(re.escape, words("offices")))
    return rf"[\u4e00-\u9fff“”×xX*_]{{0,30}}{shortest_first}(?:{ends})(?:（[\u4e00-\u9fff、]{{2,12}}）)?"


@cache
def _office_pattern() -> re.Pattern[str]:
    return re.compile(f"{_name('')}(?:[、，]{_name('')})?")


@cache
def _title_pattern() -> re.Pattern[str]:
    behind = "|".join(map(re.escape, words("behind")))
    # A year before the office must be read or masked as a whole: 2019年清河口市科技局, 20nn年县工业和科技局.
    return re.compile(
        rf"\s{{0,9}}(?:[0-9a-zA-Z一二三四五六七八九*_×]{{2,6}}年度?)?(?P<one>{_name('?')}(?:、{_name('?')})?)(?:\s{{1,3}}(?P<two>{_name('?')}))?\s{{0,6}}"
        rf"(?={behind}|[0-9二一]{{1,4}}|[A-Za-z*_×]{{2,4}}年)"
    )
