"""What reading gives: a report's text, and what its format says of it beside the text."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class LineHint:
    """What a format says of one line of the text.

    tag         the nearest block element of a web page (p, li, td, h1 …); of a document its like: h1 to h9 by the style of
                a heading, title, td in a table, p
    link_share  share of the line's characters that are in links, 0–1
    depth       block elements around the line
    block       number of the nearest block element; lines of one block share it
    container   number of the block element around that one
    """

    tag: str
    link_share: float
    depth: int
    block: int
    container: int


@dataclass(frozen=True, slots=True)
class Source:
    """A report's text as read, line ends `\\n`, else untouched.

    `encoding` is None when the text came as `str` or its format knows no other; `replaced` counts bytes that could not be
    decoded. `format` is a key of `govtext.reading.FORMATS`, `title` the one that the format keeps apart from the text.
    `hints` are one for each line of the text (`text.split("\\n")`), or none. `warnings` are sentences about what could not
    be read.
    """

    text: str
    name: str = ""
    encoding: str | None = None
    replaced: int = 0
    format: str = "text"
    title: str = ""
    hints: tuple[LineHint, ...] = ()
    warnings: tuple[str, ...] = ()
