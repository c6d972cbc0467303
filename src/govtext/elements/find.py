"""The elements of an official document where they stand: title, number, addressee, issuer, date, period, attachments.

Each is read from the places that are made for it (head, signature, title, a page's table of metadata); a sentence that
names another document, another office or another year is none of them. What is masked or cannot be read is None.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Sequence

from govtext.document import Element, Elements, Paragraph, Period
from govtext.elements.dates import days, has_masked_year, read_day, read_period, to_plain
from govtext.elements.docnumbers import read_number
from govtext.elements.metadata import Line, first_of, labelled_day, labelled_issuer, labelled_number
from govtext.elements.offices import (
    MASKED,
    is_masked_office,
    is_office,
    read_office,
    read_reporter,
    read_title_office,
    words,
)
from govtext.elements.parts import find_title
from govtext.elements.titles import title_value

LONGEST_LINE = 60  # characters of a line that signs, dates or numbers a document
SHORTEST_TEXT = 30  # characters of a body paragraph with which the text itself has begun
LONGEST_ADDRESSEE = 160
HEAD_LINES = 16  # lines below the title among which addressee, number and delivery stand
MOST_BYLINES = 2
TAIL_LINES = 12  # last lines of a report among which a lone signature or day stands; annexes and notes come behind
OPENING = 160  # characters of the first paragraph that may name the period

_ATTACHMENT = re.compile(r"附\s{0,2}件?\s{0,2}[一二三四五六七八九十0-9]{0,2}\s{0,2}：\s{0,8}")
_ITEM = re.compile(r"\s{0,40}(?:[0-9]{1,2}|[一二三四五六七八九十]{1,2})\s{0,2}[.、．]\s{0,4}(?=\S)")
_NAMES = re.compile(rf"(?:{_ITEM.pattern})?(?P<name>[^；。\n]{{2,120}})")
_DAY_END = frozenset("日号0123456789")
_BEHIND_DAY = "）。 　"
_EXPLAINS = re.compile("[：。]")
_SPACE = re.compile(r"\s{1,60}")
_SPEAKER = re.compile(
    r"[^\S\n]{2,60}|(?<=[\u4e00-\u9fff]{4})\N{IDEOGRAPHIC SPACE}"
    r"|(?:总理|主席|[省市县区州]长)\s{0,9}[\u4e00-\u9fff]{2,3}(?=各位|同志)"
)
_REPORTS = re.compile(
    r"(?:总结|小结|报告|汇报|陈述|呈文|情况|情形|要点|汇总|安排|打算)(?:（[^（）]{1,40}）)?(?:-{1,4}[^-].{0,60})?\Z"
)
_NOT_ADDRESSED = re.compile(
    r"如下|汇报|报告如|主要|以下|下面|是：|有：|为：|即：|包括|附件|来源|作者|编辑|日期|时间|电话|地址|分享|字[体号]"
)
_DATE_LABEL = re.compile("日期|时间")
_GIVEN = re.compile("(?:会议|大会|会)上?|通过|批准")
_OPENS = re.compile(
    r"(?:[，,]|度|是|来，|全[省市县区厅局系]|在|我[省市县区厅局]|[省市县区]|的?工作|上半年|下半年|工作情况)"
)


def find_elements(text: str, paragraphs: Sequence[Paragraph], plain: str | None = None) -> Elements:
    """The elements of one report, given its paragraphs (those of one part); `plain` is the plain copy of the text, if known."""
    plain = to_plain(text) if plain is None else plain
    lines = _lines(text, plain, paragraphs)
    content = [line for line in lines if line.kind != "boilerplate"]
    span = find_title(plain, paragraphs, 0, len(paragraphs))
    title = _title(text, paragraphs[span[0]].start, paragraphs[span[1] - 1].end) if span else None
    below = [line for line in content if not title or line.start >= title.end]
    head = _head(below)
    tail = _tail(below)
    signature = _signature(tail)
    metadata = [line for line in lines if not title or line.start < title.start or line.kind == "boilerplate"]
    numbers = (
        read_number(line.text, line.start, run_in=line.kind == "title") for line in [*_title_lines(title), *head]
    )
    return Elements(
        title=title,
        number=first_of(numbers) or labelled_number(metadata),
        addressee=_addressee(text, head),
        issuer=signature[0]
        or (_byline(head) if title else None)
        or labelled_issuer(metadata)
        or (read_title_office(title.text, title.start) if title else None),
        date=signature[1] or _head_day(title, head) or labelled_day(metadata),
        period=_period(title, below),
        attachments=_attachments(below),
    )


def _lines(text: str, plain: str, paragraphs: Sequence[Paragraph]) -> list[Line]:
    lines = []
    for p in paragraphs:
        if left := text[p.start : p.end].lstrip():
            start = p.end - len(left)
            left = left.rstrip()
            lines.append(Line(start, left, plain[start : start + len(left)], p.kind))
    return lines


def _title(text: str, start: int, end: int) -> Element[str]:
    raw = text[start:end]
    begin, stop = end - len(raw.lstrip()), start + len(raw.rstrip())
    return Element(begin, stop, text[begin:stop], title_value(text[begin:stop]))


def _title_lines(title: Element[str] | None) -> list[Line]:
    return [Line(title.start, title.text, to_plain(title.text), "title")] if title else []


def _head(below: Sequence[Line]) -> list[Line]:
    """The lines between title and text."""
    head = []
    for line in below[:HEAD_LINES]:
        head.append(line)
        if line.kind == "heading" or (line.kind == "body" and len(line.text) > SHORTEST_TEXT):
            break
    return head


def _tail(below: Sequence[Line]) -> list[Line]:
    """The lines behind the text's first paragraph, long ones left out: signatures stand among them."""
    first = next((k for k, line in enumerate(below) if line.kind == "body" and len(line.text) > SHORTEST_TEXT), None)
    return [] if first is None else list(below[first:])


def _signature(tail: Sequence[Line]) -> tuple[Element[str] | None, Element[datetime.date] | None]:
    """Who signed and when: an office above or beside a day, else a lone office or day among the last lines."""
    for k, line in enumerate(tail):
        if not _ends_in_day(line):
            continue
        stop = _end_of_text(line)
        day = _lone_day(line, stop)
        if not day:
            continue
        before = line.plain[stop : day.start - line.start]
        if before.strip("（） 　"):
            return read_office(line.text[stop : day.start - line.start], line.start + stop), day
        above = tail[k - 1] if k and len(tail[k - 1].text) <= LONGEST_LINE else None
        last = k + TAIL_LINES >= len(tail)
        office = read_office(above.text, above.start) if above else None
        if office or last:
            return office, day
    for line in reversed(tail[-TAIL_LINES:]):
        if line.kind == "meta" or line is tail[-1]:
            office = read_office(line.text, line.start)
            if office:
                return office, None
    return None, None


def _ends_in_day(line: Line) -> bool:
    """Whether a line ends as a day does, but for brackets, stops and gaps behind it."""
    last = line.plain[-1]
    return last in _DAY_END or (last in _BEHIND_DAY and line.plain.rstrip(_BEHIND_DAY)[-1:] in _DAY_END)


def _end_of_text(line: Line) -> int:
    """Where a signature run into the last paragraph begins: behind its last full stop; 0 for a line of its own."""
    return line.plain.rfind("。", max(0, len(line.plain) - LONGEST_LINE), -1) + 1


def _lone_day(line: Line, begin: int) -> Element[datetime.date] | None:
    """The day that ends a line, with nothing before it but an office."""
    if len(line.plain) - begin > LONGEST_LINE or (not begin and line.kind == "heading"):
        return None
    found = list(days(line.text[begin:], line.start + begin))
    if len(found) != 1 or line.plain[found[0].end - line.start :].strip(_BEHIND_DAY):
        return None
    before = line.plain[begin : found[0].start - line.start].strip("（ 　\t\xa0")
    return found[0] if not before or is_office(before.rpartition("：")[2]) or is_masked_office(before) else None


def _byline(head: Sequence[Line]) -> Element[str] | None:
    """The office below the title, alone or as that of the person who reports."""
    found = []
    for line in head:
        if len(line.text) > LONGEST_LINE or line.plain.endswith("：") or line.kind == "heading":
            continue
        day = read_day(line.text)
        office = read_reporter(line.text, line.start) or read_office(
            line.text[: day.start if day else None], line.start
        )
        if office:
            found.append(office)
    # Three and more are the links of a menu.
    return found[0] if 0 < len(found) <= MOST_BYLINES else None


def _addressee(text: str, head: Sequence[Line]) -> Element[str] | None:
    """Whom the report addresses: the line or lines that end in a colon between title and text."""
    for k, line in enumerate(head):
        colon = line.plain.find("：", 0, LONGEST_ADDRESSEE)
        if colon < 0 and line.plain[-1:] == "！":
            colon = len(line.plain) - 1
        if colon < 0 or not _addresses(line.plain[:colon]) or (line.kind == "heading"):
            continue
        if line.kind == "body" and colon < len(line.plain) - 1 and not line.plain.startswith(("各", "同志", "尊敬")):
            continue
        begin = k
        # A long list of addressees breaks over lines, none of which ends a sentence.
        while begin and head[begin - 1].kind == "meta" and re.search(r"[、，\u4e00-\u9fff]\Z", head[begin - 1].plain):
            if not re.search("[、，]", head[begin - 1].plain):
                break
            begin -= 1
        first = head[begin]
        # Who speaks may stand on the same line, a wide gap before those addressed.
        gap = max((m.end() for m in _SPEAKER.finditer(line.plain, 0, colon)), default=0) if begin == k else 0
        first = Line(first.start + gap, first.text, first.plain, first.kind)
        pieces = [other.text for other in head[begin:k]] + [line.text[gap:colon]]
        value = _SPACE.sub("", "".join(pieces))
        if MASKED.search(value):
            return None
        return Element(first.start, line.start + colon, text[first.start : line.start + colon], value)
    return None


def _addresses(plain: str) -> bool:
    bare = re.sub(r"\s{1,60}|（[^（）]{1,20}）\Z", "", plain)
    return len(bare) > 2 and not _NOT_ADDRESSED.search(bare) and "。" not in bare and bare.endswith(words("addressees"))


def _head_day(title: Element[str] | None, head: Sequence[Line]) -> Element[datetime.date] | None:
    """The day that stands in or below the title: （2021年12月20日）, ——2007年2月27日在…会议上."""
    lines = [*_title_lines(title), *head]
    for above, line in zip([None, *lines], lines):
        day = read_day(line.text, line.start)
        # A table of metadata that was taken for the head: 发布日期： and the day below it.
        if above and above.plain.endswith("：") and _DATE_LABEL.search(above.plain):
            continue
        if not day or len(line.text) > 2 * LONGEST_ADDRESSEE or line.kind in ("body", "heading"):
            continue
        before, behind = line.plain[: day.start - line.start], line.plain[day.end - line.start :]
        # 2024年9月9日—9月15日 is a period.
        if re.match(r"\s{0,3}-", behind):
            continue
        if line.kind == "title":
            before, behind = before[-1:], behind[:40]
        office = before.strip("（-\N{IDEOGRAPHIC SPACE} ")
        if (not office or is_office(office)) and (
            not behind.strip("） \N{IDEOGRAPHIC SPACE}") or _GIVEN.search(behind)
        ):
            return day
    return None


def _period(title: Element[str] | None, below: Sequence[Line]) -> Element[Period] | None:
    """The first period of the title; a title that names none leaves it to the first words of the text."""
    if title:
        found = read_period(title.text, title.start)
        # A plan or a notice opens with figures of a year that it is not about.
        if found or has_masked_year(title.text) or not _REPORTS.search(to_plain(title.value)):
            return found
    for line in below:
        if line.kind == "body" and len(line.text) > SHORTEST_TEXT:
            opening = line.text[:OPENING]
            found = read_period(opening, line.start)
            # 2009年，我局… and 现将2009年上半年工作情况…; a year deep in a sentence dates something else.
            if not found:
                return None
            before, behind = opening[: found.start - line.start], opening[found.end - line.start :]
            opens = not before.strip() or re.search(r"(?:现将|现就|[关对]于|[省市县区局厅]|过去的|，|。)\Z", before)
            return found if opens and _OPENS.match(to_plain(behind)) and "以来" not in behind[:3] else None
    return None


def _attachments(below: Sequence[Line]) -> tuple[Element[str], ...]:
    """The names listed behind 附件：; a label alone above an annex names nothing, nor does a glossary."""
    found: list[Element[str]] = []
    listing = False
    for line in below:
        label = _ATTACHMENT.match(line.plain) if line.plain.startswith("附") else None
        listing = bool(label) or (listing and _ITEM.match(line.plain) is not None)
        begin = label.end() if label else 0
        if not listing or len(line.text) - begin > 2 * LONGEST_LINE or (not label and _EXPLAINS.search(line.plain)):
            listing = False
            continue
        for name in _NAMES.finditer(line.plain, begin):
            start, end = name.span("name")
            raw = line.text[start:end]
            found.append(Element(line.start + start, line.start + end, raw, _SPACE.sub("", raw)))
    return tuple(found)
