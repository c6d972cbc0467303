"""Text measured in terminal columns: a Han character takes two."""

from __future__ import annotations

import unicodedata

ELLIPSIS = "…"


def columns(text: str) -> int:
    """How many terminal columns the text takes.

    >>> columns("党建 ok")
    7
    """
    return sum(map(column, text))


def column(character: str) -> int:
    """0 for marks that sit on the character before, 2 for wide and full-width characters, else 1."""
    if unicodedata.category(character) in {"Mn", "Me", "Cf"}:
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def cut(text: str, most: int) -> str:
    """The text if it fits `most` columns, else its start and an ellipsis, which together do.

    >>> cut("加强党的建设", 8)
    '加强党…'
    """
    if len(text) * 2 <= most or columns(text) <= most:
        return text
    used, kept = columns(ELLIPSIS), []
    for character in text:
        used += column(character)
        if used > most:
            break
        kept.append(character)
    return "".join(kept).rstrip() + ELLIPSIS


def padded(text: str, width: int) -> str:
    """The text with spaces up to `width` columns."""
    return text + " " * max(0, width - columns(text))
