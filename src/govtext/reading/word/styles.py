"""Paragraph and character styles of a Word document, as far as they say what a paragraph is: heading, number, hidden."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from govtext.reading.word.markup import SKIP, Attributes, Budget, Markup, named
from govtext.reading.word.numbering import is_on, whole

HEADINGS: Final = 9  # outline levels; a tenth says body text
_ANCESTORS: Final = 32  # styles that a style is based on in turn; Word's own reach five, and a circle must end
# Names of the built-in styles, as Word writes them in any language, and as WPS and LibreOffice do in Chinese.
_HEADING = re.compile("(?:heading|标题|標題) ?([1-9])", re.I)
_TITLES = ("title", "标题", "標題")


@dataclass(slots=True)
class _Style:
    name: str = ""
    based_on: str = ""
    outline: int | None = None
    number: str | None = None
    level: int | None = None
    hidden: bool | None = None


@dataclass(frozen=True, slots=True)
class Effect:
    """What a style says of a paragraph with what it is based on.

    outline  0–8, None for body text
    title    whether it is the title's style
    number   of the instance of a list, None for none
    level    of the list, None where only the list says it
    owner    the style that names the list: a level may be that of this style
    hidden   whether its text is hidden
    """

    outline: int | None = None
    title: bool = False
    number: str | None = None
    level: int | None = None
    owner: str = ""
    hidden: bool = False


_PLAIN = Effect()


@dataclass(slots=True)
class Styles:
    """The styles of a document by their ids."""

    found: dict[str, _Style] = field(default_factory=dict)
    default: str = ""  # of paragraphs that name none
    lists: dict[str, str] = field(default_factory=dict)  # list styles → number of their instance
    _effects: dict[str, Effect] = field(default_factory=dict)

    def effect(self, name: str) -> Effect:
        """What the style of that id does; an id that is not there does what the default style does."""
        name = name if name in self.found else self.default
        effect = self._effects.get(name)
        if effect is None:
            effect = self._effects[name] = self._inherited(name)
        return effect

    def is_hidden(self, name: str) -> bool:
        """Whether a style of characters hides them."""
        return name in self.found and self.effect(name).hidden

    def _inherited(self, name: str) -> Effect:
        chain: list[tuple[str, _Style]] = []
        while name in self.found and len(chain) < _ANCESTORS:
            chain.append((name, self.found[name]))
            name = self.found[name].based_on
        if not chain:
            return _PLAIN
        own = chain[0][1]
        outline = next((style.outline for _, style in chain if style.outline is not None), None)
        if outline is None:
            outline = next((int(m[1]) - 1 for _, style in chain if (m := _HEADING.fullmatch(style.name))), None)
        owner, number = next(((key, style.number) for key, style in chain if style.number is not None), ("", None))
        return Effect(
            outline if outline is not None and outline < HEADINGS else None,
            own.name.lower() in _TITLES,
            number,
            next((style.level for _, style in chain if style.level is not None), None),
            owner,
            next((style.hidden for _, style in chain if style.hidden is not None), False),
        )


def read_styles(pieces: Iterable[bytes], budget: Budget) -> tuple[Styles, str]:
    """The styles of a styles part, and what is wrong in its XML."""
    reader = _Reader()
    markup = Markup(named(reader.starts()), named({"w:style": reader.close}), budget)
    wrong = markup.read(pieces)
    return reader.styles, wrong


class _Reader:
    """Elements of styles.xml → `Styles`."""

    def __init__(self) -> None:
        self.styles = Styles()
        self._style: _Style | None = None
        self._id = self._kind = ""

    def starts(self) -> dict[str, object]:
        """Handlers by element."""
        table: dict[str, object] = {
            "w:style": self._open,
            "w:name": lambda a: self._set("name", a.get("val", "")[:80]),
            "w:basedOn": lambda a: self._set("based_on", a.get("val", "")),
            "w:outlineLvl": lambda a: self._set("outline", whole(a.get("val", ""), HEADINGS)),
            "w:numId": lambda a: self._set("number", a.get("val", "")),
            "w:ilvl": lambda a: self._set("level", whole(a.get("val", ""), 0)),
            "w:vanish": lambda a: self._set("hidden", is_on(a)),
        }
        # What a table's style does to its first row is no matter of paragraphs; changes tell what was before.
        return table | {
            name: lambda _: SKIP for name in ("w:tblStylePr", "w:pPrChange", "w:rPrChange", "w:docDefaults")
        }

    def _open(self, attributes: Attributes) -> None:
        name = self._id = attributes.get("styleId", "")
        self._kind = attributes.get("type", "paragraph")
        self._style = self.styles.found.setdefault(name, _Style())
        if self._kind == "paragraph" and attributes.get("default", "0") in ("1", "true", "on"):
            self.styles.default = name

    def close(self) -> None:
        """Nothing; the style that is open is whole."""
        self._style = None

    def _set(self, name: str, value: object) -> None:
        if self._style is None:
            return
        setattr(self._style, name, value)
        if name == "number" and self._kind == "numbering":
            self.styles.lists[self._id] = str(value)
