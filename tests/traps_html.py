"""Web pages made to hang their reader, to fill its memory or to lose text, built by code: each a function of its size.

`TRAPS` names them with a size that hurts and one for the tests; a builder gives the page and how often `WORD` is seen in it.
Most are the classes of TRUST, section 4; every tree parser that was tried hung or lost text on some.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, NamedTuple

WORD: Final = "人才"
HIDDEN_WORD: Final = "题外"
SENTENCES: Final = f"全年引进{WORD}三十六人，建成平台两个，走访企业一百家，兑现奖励资金。" * 400
Built = tuple[bytes, int]


class Trap(NamedTuple):
    """How a page is built from a size, the size that hurts, and the one that is quick."""

    build: Callable[[int], Built]
    full: int
    small: int = 300


def around(before: str, after: str = "", *, text: str = WORD) -> Callable[[int], Built]:
    """The text once, with so many times something before it and behind it."""
    return lambda size: (f"{before * size}{text}{after * size}".encode(), 1)


def repeated(piece: str, *, head: str = "", tail: str = "") -> Callable[[int], Built]:
    """A piece again and again, `WORD` in it as often as it has it."""
    return lambda size: (f"{head}{piece * size}{tail}".encode(), size * piece.count(WORD) + (head + tail).count(WORD))


def one_tag(attribute: str) -> Callable[[int], Built]:
    """A tag with so many attributes around nothing, and the text behind it."""
    return lambda size: (f"<p {attribute * size}>{WORD}".encode(), 1)


TRAPS: Final[dict[str, Trap]] = {
    # Depth
    "nested div": Trap(around("<div>", "</div>"), 200_000),
    "nested div, never closed": Trap(repeated(f"<div>{WORD}"), 200_000),
    "unclosed b and i": Trap(repeated(f"<b><i>{WORD}"), 50_000),
    "nested tables": Trap(around("<table><tr><td>", "</td></tr></table>"), 20_000),
    "nested tables, never closed": Trap(repeated(f"<table><tr><td>{WORD}"), 20_000),
    "nested lists": Trap(around("<ol><li>", "</li></ol>"), 100_000),
    "nested spans": Trap(around("<span>", "</span>"), 200_000),
    "nested templates": Trap(
        lambda size: (f"{'<template>' * size}{HIDDEN_WORD}{'</template>' * size}{WORD}".encode(), 1), 100_000
    ),
    "nested hidden": Trap(
        lambda size: (f"{'<div hidden>' * size}{HIDDEN_WORD}{'</div>' * size}{WORD * 3}".encode(), 3), 100_000
    ),
    "nested select": Trap(repeated("<select><option>", tail=f"{'</select>' * 9}{WORD}"), 1, 1),
    "nested links": Trap(repeated(f"<a href=x>{WORD}"), 200_000),
    "nested forms and fieldsets": Trap(around("<form><fieldset>"), 100_000),
    "nested svg": Trap(
        lambda size: (f"{'<svg><g>' * size}{HIDDEN_WORD}{'</g></svg>' * size}{WORD}".encode(), 1), 100_000
    ),
    # End tags
    "end tags without beginnings": Trap(repeated(f"</div></p></table></span>{WORD}"), 50_000),
    "end tags deep down": Trap(repeated("</p></h1></li>", head="<div>" * 1000, tail=WORD), 100_000),
    "end tags in cells": Trap(repeated(f"</div>{WORD}", head="<table><tr><td>" + "<div>" * 500), 100_000),
    "cells without a table": Trap(repeated(f"<td>{WORD}"), 100_000),
    "rows without a table": Trap(repeated(f"<tr><td>{WORD}<td>{WORD}"), 50_000),
    "cells of one row": Trap(repeated(f"<td>{WORD}", head="<table><tr>"), 100_000),
    "items of one list": Trap(repeated(f"<li>{WORD}", head="<ol>"), 100_000),
    # Attributes
    "attributes": Trap(one_tag("a=1 "), 500_000),
    "attributes in quotes": Trap(one_tag('a="x>y" '), 500_000),
    "attributes without values": Trap(one_tag("a "), 500_000),
    "a long value": Trap(lambda size: (f"<p title='{'>' * size}'>{WORD}".encode(), 1), 5_000_000),
    "signs of equality": Trap(one_tag("="), 1_000_000),
    "spaces in a tag": Trap(one_tag(" "), 1_000_000),
    "quotes in a tag": Trap(one_tag("\"'"), 1_000_000),
    # By the standard each quote ends at the next, and what stands between is no text.
    "quotes that never close": Trap(lambda size: (f"{WORD}{f'<p title={chr(34)}{WORD}>' * size}".encode(), 1), 50_000),
    "tags that never close": Trap(repeated("<a foo ", head=WORD), 20_000),
    "tags with quotes that never close": Trap(repeated("<a b='", head=WORD), 50_000),
    "quotes that swallow every other": Trap(
        lambda size: ((f"<p a=\"'>{WORD}</p>" * size).encode(), (size + 1) // 2), 50_001, 301
    ),
    "long names": Trap(lambda size: (f"<{'a' * size}>{WORD}</{'a' * size}>".encode(), 1), 5_000_000),
    # Comments and raw text
    "a comment never closed": Trap(lambda size: (f"{WORD}<!--{HIDDEN_WORD * size}".encode(), 1), 2_000_000),
    "beginnings of comments": Trap(repeated("<!--", head=WORD), 500_000),
    "comments with loose ends": Trap(repeated(f"<!--{HIDDEN_WORD}--!>{WORD}", tail="-->"), 50_000),
    "comments": Trap(repeated(f"<!--{HIDDEN_WORD}-->{WORD}"), 100_000),
    "declarations": Trap(repeated(f"<!{HIDDEN_WORD}>{WORD}"), 100_000),
    "instructions never closed": Trap(repeated(f"<?{HIDDEN_WORD}>{WORD}"), 100_000),
    "code of a server never closed": Trap(repeated(f"<%{WORD}"), 100_000),
    "scripts": Trap(repeated(f"<script>{HIDDEN_WORD}</script>{WORD}"), 50_000),
    "a script never closed": Trap(lambda size: (f"{WORD}<script>{HIDDEN_WORD * size}".encode(), 1), 1_000_000),
    "end tags like a script's": Trap(
        lambda size: (f"<script>{'</scrip ' * size}{HIDDEN_WORD}</script>{WORD}".encode(), 1), 500_000
    ),
    "scripts in scripts": Trap(repeated(f"<script><!--<script></script>{HIDDEN_WORD}--></script>{WORD}"), 30_000),
    "notes for no scripts, never closed": Trap(repeated(f"<noscript>{WORD}"), 50_000),
    "titles": Trap(repeated("<title>", tail=WORD), 1, 1),
    "styles in capitals": Trap(repeated(f"<STYLE>{HIDDEN_WORD}</sTyLe>{WORD}"), 50_000),
    "a template never closed": Trap(lambda size: (f"{WORD}<template>{HIDDEN_WORD * size}".encode(), 1), 500_000),
    "hidden spans in one line": Trap(repeated(f"{WORD}<i hidden>{HIDDEN_WORD}</i>"), 50_000),
    "hidden elements never closed": Trap(repeated(f"<span hidden>{WORD}"), 50_000),
    # Text
    "references": Trap(repeated(f"&amp;{WORD}"), 200_000),
    "references that mean nothing": Trap(repeated("&" + "x" * 31, tail=WORD), 50_000),
    "ampersands": Trap(repeated("&", tail=WORD), 2_000_000),
    "numbers of many digits": Trap(lambda size: (f"<p>&#{'9' * size};{WORD}".encode(), 1), 2_000_000),
    "one line": Trap(repeated(WORD), 1_700_000),
    "signs that begin no tag": Trap(repeated(f"< {WORD}"), 500_000),
    "spaces": Trap(lambda size: (f"<p>{' ' * size}{WORD}{' ' * size}".encode(), 1), 5_000_000),
    "breaks": Trap(repeated(f"<br>{WORD}"), 200_000),
    "lines of preformatted text": Trap(repeated(f"\n{WORD}", head="<pre>"), 500_000),
    "NUL bytes": Trap(lambda size: (f"<p>{SENTENCES}</p>".encode() + b"\0" * size, SENTENCES.count(WORD)), 300, 300),
}
