"""What the lists and tables of a web page show beside the text in them: numbers of items, rows of cells."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from govtext.reading.numerals import numeral
from govtext.reading.webpage.tags import attributes
from govtext.source import LineHint

# `type` of an ordered list → the name that its numbers have in `numerals`.
_NUMBER_FORMS: Final[Mapping[str, str]] = {
    "a": "lowerLetter",
    "A": "upperLetter",
    "i": "lowerRoman",
    "I": "upperRoman",
}
LARGEST_NUMBER: Final = 9999  # of a list; a larger start is an identifier
_UNNUMBERED = re.compile(r"list-style(?:-type)?\s{0,9}:[^;]{0,40}none", re.IGNORECASE)
_NUMBER = re.compile("[0-9]{1,6}")
# What authors number themselves: 1. 1、 （一） ① 第一
_NUMBERED = re.compile(r"\s{0,4}(?:第|[(（〔\[]?[0-9０-９一二三四五六七八九十]{1,4}[.．、)）〕\]:：]|[①-⑳⑴-⒛])")

LONGEST_ROW: Final = 300  # characters of a row of cells; longer ones lay out a page, or hold paragraphs


@dataclass(slots=True)
class Numbering:
    """How far an ordered list has counted; `form` is None where its items have no numbers."""

    next: int
    form: str | None

    @classmethod
    def of(cls, name: str, inside: str) -> Numbering:
        """That of the list that begins, by its tag."""
        found = attributes(inside) if name == "ol" and inside else {}
        if name != "ol" or "reversed" in found or _UNNUMBERED.search(found.get("style", "")):
            return cls(1, None)
        return cls(_number(found.get("start"), 1), _NUMBER_FORMS.get(found.get("type", ""), "decimal"))

    def item(self, inside: str) -> str:
        """What stands before the item that begins, by its tag."""
        if self.form is None:
            return ""
        number = _number(attributes(inside).get("value"), self.next) if inside else self.next
        self.next = number + 1
        return f"{numeral(number, self.form)}. " if number <= LARGEST_NUMBER else ""


def _number(written: str | None, otherwise: int) -> int:
    return int(written) if written is not None and _NUMBER.fullmatch(written) else otherwise


def numbered(number: str, line: str, link_share: float) -> str:
    """The line with its number, if it has none of its own.

    Lists of links alone keep none: they are menus, whose numbers the style sheets of sites take away.
    """
    return line if link_share >= 1.0 or line.isdecimal() or _NUMBERED.match(line) else number + line


@dataclass(slots=True)
class Row:
    """A table row that has begun: the number of its element, the lines where it and its cells begin, whether it may be one."""

    number: int
    line: int
    cells: list[int] = field(default_factory=list)
    simple: bool = True

    def joined(self, lines: Sequence[str], hints: Sequence[LineHint], container: int) -> tuple[str, LineHint] | None:
        """The line of the row's cells, a tab between them; None if it is no row of short cells.

        Behind a colon there is no tab: `文号：` and what follows stand in two cells for the looks.
        """
        if not self.simple or len(self.cells) < 2:
            return None
        ends = [*self.cells[1:], len(lines)]
        if len(lines) - self.cells[0] < 2 or any(end - start > 1 for start, end in zip(self.cells, ends)):
            return None
        texts, own = lines[self.cells[0] :], hints[self.cells[0] :]
        size = sum(map(len, texts))
        if size > LONGEST_ROW:
            return None
        line = texts[0]
        for text in texts[1:]:
            line += text if line.endswith((":", "：")) else f"\t{text}"
        share = sum(hint.link_share * len(text) for text, hint in zip(texts, own)) / size
        return line, LineHint("td", share, min(hint.depth for hint in own), self.number, container)
