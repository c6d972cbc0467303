"""A line as elements are read from it, and what a page's table of metadata says: 发文字号：…, on one line or two."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple, TypeVar

from govtext.document import Element
from govtext.elements.dates import read_day, to_plain
from govtext.elements.docnumbers import read_number
from govtext.elements.offices import read_office

T = TypeVar("T")

# What a label looks like, and what of it every one has: most lines have not even that.
_LABELS = {
    "number": (re.compile(r"(?:发文字号|文\s{0,4}号|文件编号)\s{0,4}[：|]?\s{0,8}"), "号"),
    "issuer": (re.compile(r"(?:发文机关|发文单位|制发机关)\s{0,4}[：|]?\s{0,8}"), "发"),
    "date": (re.compile(r"(?:成文日期|发文日期)\s{0,4}[：|]?\s{0,8}"), "文日期"),
}


class Line(NamedTuple):
    """A paragraph's text without white space around it, where it begins, and its plain copy of the same length."""

    start: int
    text: str
    plain: str
    kind: str


def labelled_number(lines: Sequence[Line]) -> Element[str] | None:
    """The document's number behind its label."""
    return first_of(
        read_number(line.text, line.start, run_in=line.kind == "title") for line in _labelled(lines, "number")
    )


def labelled_issuer(lines: Sequence[Line]) -> Element[str] | None:
    """The office behind the label of who issued it."""
    return first_of(read_office(line.text, line.start) for line in _labelled(lines, "issuer"))


def labelled_day(lines: Sequence[Line]) -> Element[datetime.date] | None:
    """The day behind the label of when it was issued."""
    return first_of(read_day(line.text, line.start) for line in _labelled(lines, "date"))


def first_of(found: Iterable[T | None]) -> T | None:
    """The first that is there."""
    return next((element for element in found if element is not None), None)


def _labelled(lines: Sequence[Line], what: str) -> Iterable[Line]:
    """What stands behind a label of a page's table of metadata, on the same line or the next."""
    label, needle = _LABELS[what]
    for k, line in enumerate(lines):
        if needle not in line.plain:
            continue
        for match in label.finditer(line.plain[:400]):
            rest = re.split(r"[|\t]|\s{2,9}|(?<=\S)\s(?=\S{2,6}：)", line.text[match.end() : 400], maxsplit=1)[0]
            if rest.strip():
                yield Line(line.start + match.end(), rest, to_plain(rest), "meta")
            elif k + 1 < len(lines) and match.end() == len(line.plain):
                yield lines[k + 1]
