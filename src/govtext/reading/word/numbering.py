"""Numbering that Word generates, turned into the marker that a reader of the document sees before a paragraph.

Rules: ISO/IEC 29500-1, 17.9. Counters belong to an abstract list, so that its instances go on counting each other's
paragraphs; an instance with a `startOverride` begins anew when it is first used.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from govtext.reading.numerals import numeral
from govtext.reading.word.markup import SKIP, Attributes, Budget, Markup, named

LEVELS: Final = 9  # of a list, by the standard
LONGEST_MARKER: Final = 64  # characters; a megabyte before each of 100,000 paragraphs would be 100 GB
LARGEST_NUMBER: Final = 32_767  # Word's own limit of a start
_LINKS = 8  # from a list to the list of its style; more go in a circle
_PLACE = re.compile("%([1-9])")
_OFF = ("0", "false", "off", "none")
_DASHES = "-‐‑–—―－"
_BULLET = "• "  # for what only a font of signs shows; the outline reads it as nothing, dashes it knows as markers
# Behind these a tab stop only aligns; the outline and official prose have the text follow at once.
_CLOSING = "、，。．）】〕》：；),:;"
_GAPS: Final = {"nothing": "", "space": " ", "tab": " "}


@dataclass(slots=True)
class Level:
    """A level of a list; `restart` None begins anew behind any higher level, 0 never, n behind level n or higher."""

    start: int = 1
    form: str = "decimal"
    text: str = ""
    suffix: str = "tab"
    legal: bool = False
    restart: int | None = None
    style: str = ""


@dataclass(slots=True)
class _List:
    levels: dict[int, Level] = field(default_factory=dict)
    style: str = ""  # of the list style that defines it elsewhere


@dataclass(slots=True)
class _Instance:
    abstract: str = ""
    levels: dict[int, Level] = field(default_factory=dict)
    starts: dict[int, int] = field(default_factory=dict)


class Numbering:
    """The lists of a document, and how far each has counted."""

    def __init__(self) -> None:
        self.lists: dict[str, _List] = {}
        self.instances: dict[str, _Instance] = {}
        self.style_lists: dict[str, str] = {}  # a list style's name → number of its instance
        self._counters: dict[str, list[int | None]] = {}
        self._begun: set[tuple[str, int]] = set()

    def level_of(self, number: str, style: str) -> int | None:
        """The level of an instance that belongs to a paragraph style."""
        instance = self.instances.get(number)
        if instance is None or not style:
            return None
        abstract = self._abstract(instance)
        levels = self.lists[abstract].levels if abstract in self.lists else {}
        return next((n for n, level in {**levels, **instance.levels}.items() if level.style == style), None)

    def marker(self, number: str, level: int) -> str:
        """What stands before the next paragraph of that instance and level, the gap behind it included."""
        instance = self.instances.get(number)
        if instance is None or not 0 <= level < LEVELS:
            return ""
        abstract = self._abstract(instance)
        shape = self._level(instance, abstract, level)
        if shape is None:
            return ""
        counters = self._counters.setdefault(abstract, [None] * LEVELS)
        self._count(counters, instance, abstract, number, level, shape)
        if shape.form == "bullet":
            return _bullet(shape.text)

        def shown(match: re.Match[str]) -> str:
            place = int(match[1]) - 1
            outer = self._level(instance, abstract, place) or Level()
            count = counters[place]
            form = "decimal" if shape.legal and outer.form != "none" else outer.form
            return numeral(outer.start if count is None else count, form)

        marker = _PLACE.sub(shown, shape.text, count=LEVELS)[:LONGEST_MARKER].strip()
        if not marker or (shape.suffix == "tab" and marker[-1] in _CLOSING):
            return marker
        return marker + _GAPS.get(shape.suffix, " ")

    def _count(
        self, counters: list[int | None], instance: _Instance, abstract: str, number: str, level: int, shape: Level
    ) -> None:
        """Nothing; the level counts one more, and those below it wait to begin anew."""
        count = counters[level]
        anew = count is None or (level in instance.starts and (number, level) not in self._begun)
        start = instance.starts.get(level, shape.start)
        count = start if anew or count is None else min(count + 1, LARGEST_NUMBER)
        self._begun.add((number, level))
        counters[level] = count
        for below in range(level + 1, LEVELS):
            restart = (self._level(instance, abstract, below) or Level()).restart
            if restart is None or level < restart:
                counters[below] = None

    def _abstract(self, instance: _Instance) -> str:
        """The list that an instance counts in, links by list styles followed."""
        for _ in range(_LINKS):
            found = self.lists.get(instance.abstract)
            linked = self.instances.get(self.style_lists.get(found.style, "")) if found and found.style else None
            if linked is None:
                break
            instance = linked
        return instance.abstract

    def _level(self, instance: _Instance, abstract: str, level: int) -> Level | None:
        own = instance.levels.get(level)
        found = self.lists.get(abstract)
        return own or (found.levels.get(level) if found else None)


def _bullet(text: str) -> str:
    shown = text.strip()[:LONGEST_MARKER]
    if not shown:
        return ""
    if all(sign in _DASHES for sign in shown):
        return shown
    return _BULLET if any("\ue000" <= sign <= "\uf8ff" for sign in shown) or shown.isascii() else f"{shown} "


def _whole(attributes: Attributes, default: int) -> int:
    return whole(attributes.get("val", ""), default)


def whole(text: str, default: int) -> int:
    """The whole number that an attribute says, no larger than Word takes."""
    if not text.isascii() or not text.isdigit() or len(text) > 10:
        return default
    return min(int(text), LARGEST_NUMBER)


def is_on(attributes: Attributes) -> bool:
    """Whether an element that switches something on does so (ST_OnOff)."""
    return attributes.get("val", "1") not in _OFF


def read_numbering(pieces: Iterable[bytes], budget: Budget) -> tuple[Numbering, str]:
    """The lists of a numbering part, and what is wrong in its XML."""
    reader = _Reader()
    markup = Markup(named(reader.starts()), named(reader.ends()), budget)
    wrong = markup.read(pieces)
    return reader.found, wrong


class _Reader:
    """Elements of numbering.xml → `Numbering`."""

    def __init__(self) -> None:
        self.found = Numbering()
        self._list = _List()
        self._instance: _Instance | None = None
        self._number = -1  # of the level that is open
        self._level = Level()

    def starts(self) -> dict[str, object]:
        """Handlers by element."""
        table: dict[str, object] = {
            "w:abstractNum": self._open_list,
            "w:num": self._open_instance,
            "w:abstractNumId": self._set_abstract,
            "w:lvl": self._open_level,
            "w:lvlOverride": self._open_override,
            "w:startOverride": self._override_start,
            "w:numStyleLink": self._link,
            "w:start": lambda a: self._set("start", _whole(a, 1)),
            "w:numFmt": lambda a: self._set("form", a.get("val", "decimal")),
            "w:lvlText": lambda a: self._set("text", a.get("val", "")[:LONGEST_MARKER]),
            "w:suff": lambda a: self._set("suffix", a.get("val", "tab")),
            "w:isLgl": lambda a: self._set("legal", is_on(a)),
            "w:lvlRestart": lambda a: self._set("restart", _whole(a, 0)),
            "w:pStyle": lambda a: self._set("style", a.get("val", "")),
        }
        return table | {name: lambda _: SKIP for name in ("w:pPr", "w:rPr", "w:numPicBullet")}

    def ends(self) -> dict[str, object]:
        """Handlers by element."""
        return {"w:lvl": self._close_level, "w:num": self._close_instance}

    def _open_list(self, attributes: Attributes) -> None:
        self._list = self.found.lists.setdefault(attributes.get("abstractNumId", ""), _List())

    def _open_instance(self, attributes: Attributes) -> None:
        self._instance = self.found.instances.setdefault(attributes.get("numId", ""), _Instance())

    def _close_instance(self) -> None:
        self._instance = None

    def _set_abstract(self, attributes: Attributes) -> None:
        if self._instance is not None:
            self._instance.abstract = attributes.get("val", "")

    def _open_override(self, attributes: Attributes) -> None:
        self._number = whole(attributes.get("ilvl", ""), -1)

    def _override_start(self, attributes: Attributes) -> None:
        if self._instance is not None and 0 <= self._number < LEVELS:
            self._instance.starts[self._number] = _whole(attributes, 1)

    def _link(self, attributes: Attributes) -> None:
        self._list.style = attributes.get("val", "")

    def _open_level(self, attributes: Attributes) -> None:
        self._number = whole(attributes.get("ilvl", ""), -1)
        self._level = Level()

    def _close_level(self) -> None:
        if 0 <= self._number < LEVELS:
            owner = self._list if self._instance is None else self._instance
            owner.levels[self._number] = self._level

    def _set(self, name: str, value: object) -> None:
        setattr(self._level, name, value)
