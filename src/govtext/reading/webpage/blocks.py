"""Which elements of a web page are open: the blocks around a place, by the rules for end tags that authors leave out.

No tree: a stack of names and numbers, of which a tag sees no more than the nearest 64.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

_BLOCKS = """
    address article aside blockquote caption center dd details dialog dir div dl dt fieldset figcaption figure footer form
    frameset h1 h2 h3 h4 h5 h6 header legend li listing main menu nav ol optgroup option p pre search section summary table
    tbody td tfoot th thead tr ul xmp
"""
BLOCKS: Final = frozenset(_BLOCKS.split())  # elements that begin and end a line
_CELLS: Final = frozenset(("td", "th"))
_GROUPS: Final = frozenset(("thead", "tbody", "tfoot"))
_TERMS: Final = frozenset(("dd", "dt"))
_INSIDE_ITEMS: Final = frozenset(("p", "div", "address", "center"))

# Start tag → the open elements of which it closes the nearest, and those that it never looks past (HTML standard, 13.1.2.4).
# All other blocks close a paragraph that stands directly around them.
_CLOSES: Final[Mapping[str, tuple[frozenset[str], frozenset[str]]]] = {
    "li": (frozenset(("li",)), BLOCKS - _INSIDE_ITEMS),
    "dd": (_TERMS, BLOCKS - _INSIDE_ITEMS),
    "dt": (_TERMS, BLOCKS - _INSIDE_ITEMS),
    "option": (frozenset(("option",)), BLOCKS),
    "td": (_CELLS, frozenset(("tr", "table"))),
    "th": (_CELLS, frozenset(("tr", "table"))),
    "tr": (frozenset(("tr", "caption")), frozenset(("table",))),
    **dict.fromkeys(_GROUPS, (_GROUPS | {"caption"}, frozenset(("table",)))),
}
# An end tag inside a cell or a caption closes nothing around it, but for those of its own table.
_WALLS: Final = frozenset(("td", "th", "caption", "table"))
_TABLE: Final = frozenset(("table", "caption", "tr")) | _CELLS | _GROUPS
LOOKED_UP: Final = 64  # open elements looked through for the one that a tag closes
BODY: Final = (("html", 0), ("body", 1))  # around all; pages that have these tags and pages that don't look the same
HEAD: Final = 2  # number of the head, around the title


class Blocks:
    """The open blocks, each with its name and number, the innermost last; `leave` is called when one of `told` closes."""

    def __init__(self, told: frozenset[str], leave: Callable[[str], None]) -> None:
        self.open: list[tuple[str, int]] = [*BODY]
        self.count = HEAD + 2
        self._told, self._leave = told, leave

    def start(self, name: str) -> None:
        """Opens a block; what must end before it has ended."""
        if name in _CLOSES:
            self._close(*_CLOSES[name])
        elif self.open[-1][0] == "p":
            self.open.pop()
        self.open.append((name, self.count))
        self.count += 1

    def end(self, name: str) -> None:
        """Closes the nearest block of that name with all inside it, if there is one that may be closed from here."""
        if self.open[-1][0] == name and len(self.open) > len(BODY):
            self.open.pop()
            if name in self._told:
                self._leave(name)
        elif name == "table":
            self._close(frozenset((name,)), frozenset())
        else:
            self._close(frozenset((name,)), frozenset(("table",)) if name in _TABLE else _WALLS)

    def _close(self, wanted: frozenset[str], walls: frozenset[str]) -> None:
        stack = self.open
        for index in range(len(stack) - 1, max(len(stack) - 1 - LOOKED_UP, len(BODY) - 1), -1):
            name = stack[index][0]
            if name in wanted:
                self.cut(index)
                return
            if name in walls:
                return

    def cut(self, index: int) -> None:
        """Closes all but so many."""
        while len(self.open) > index:
            name, _ = self.open.pop()
            if name in self._told:
                self._leave(name)
