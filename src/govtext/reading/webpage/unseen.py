"""What of a web page is not shown: elements that never are, and those that their attributes hide."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from govtext.reading.webpage.blocks import BLOCKS
from govtext.reading.webpage.tags import attributes

# Elements that browsers never show, or show as something else than text.
UNSEEN: Final = frozenset(("template", "svg", "object", "applet", "video", "audio", "canvas", "select", "datalist"))
_NEVER = """
    area base basefont bgsound body br col embed form frame frameset head hr html iframe img input link meta noembed
    noframes noscript param script source style textarea title track wbr xmp
"""
# Where `hidden` and `display: none` are passed over: nothing is inside, or all is, and a script shows it.
NEVER_HIDDEN: Final = frozenset(_NEVER.split())
# Hidden characters for each one that is seen, from which on a script must show them: of 622 news and government pages, the one
# with the largest menus hides 2.4 (2026-11-24).
SHOWN_BY_SCRIPT: Final = 3.0
_NO_DISPLAY = re.compile(r"(?:^|[\s;])display\s{0,9}:\s{0,9}none", re.IGNORECASE)


def is_hidden(inside: str) -> bool:
    """Whether what stands in a tag keeps its element from being shown."""
    found = attributes(inside)
    return "hidden" in found or _NO_DISPLAY.search(found.get("style", "")) is not None


class Hiding:
    """An element that is not shown: until its end tag, or the end of the block that it is, or of the one around it.

    depth   blocks open at its beginning, itself included
    line    lines before it
    forced  whether it is one of `UNSEEN`, which no script shows
    pieces  of the line that it stands in, and those of them in links
    """

    def __init__(
        self, name: str, opened: Sequence[tuple[str, int]], *, line: int, before: tuple[list[str], list[str]]
    ) -> None:
        self.name, self.depth, self.line = name, len(opened), line
        self.pieces, self.linked = before
        self.forced = name in UNSEEN
        self._block = opened[-1]
        self._is_block = name in BLOCKS
        self._level = 1

    def ends(self, name: str, opened: Sequence[tuple[str, int]]) -> bool:
        """Whether it ends at a tag, behind which these blocks are open."""
        if name == self.name:
            self._level += 1
        elif name == f"/{self.name}":
            self._level -= 1
        gone = len(opened) < self.depth or opened[self.depth - 1] != self._block
        return gone or not (self._is_block or self._level)


def seen(lines: Sequence[str], hidden: Sequence[tuple[int, int, bool]]) -> list[bool]:
    """Whether each line is seen, by the stretches that are hidden: from, to, and whether for good.

    What is not hidden for good stays where there is more of it than a menu may have.
    """
    kind = bytearray(len(lines))
    for first, end, forced in sorted(hidden, key=lambda stretch: stretch[2]):
        kind[first:end] = bytes((1 + forced,)) * (end - first)
    sizes = [0, 0, 0]
    for line, its in zip(lines, kind):
        sizes[its] += len(line)
    most = 1 if sizes[1] > SHOWN_BY_SCRIPT * sizes[0] else 0
    return [its <= most for its in kind]
