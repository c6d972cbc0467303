"""HTML that cannot be broken out of: text, attributes, JSON, and a page's frame that loads nothing and runs its own script only."""

from __future__ import annotations

import unicodedata
from base64 import b64encode
from collections.abc import Mapping, Sequence
from functools import cache
from hashlib import sha256
from html import escape
from importlib.resources import files
from typing import Any

from govtext.writing.jsonl import to_line
from govtext.writing.target import one_line

UNKNOWN = "\N{REPLACEMENT CHARACTER}"
UNSEEN = "\N{WORD JOINER}"  # stands for marks that are not seen, so that none can turn the direction of the text
SHORT_BLANKS = frozenset("\N{LINE TABULATION}\N{FORM FEED}\N{NEXT LINE}\r\x1c\x1d\x1e\x1f")


def stand_in(character: str) -> str:
    """The character as a page may hold it: itself, or one other that a browser keeps as it is."""
    if character in "\n\t":
        return character
    category = unicodedata.category(character)
    if category == "Cf":
        return UNSEEN
    if category in {"Cc", "Cs", "Cn"}:
        return " " if character in SHORT_BLANKS else UNKNOWN
    return character


def kept(text: str) -> str:
    """The text of a report as markup, code point for code point: what a browser would change is stood in for."""
    shown = text if text.isprintable() else "".join(map(stand_in, text))
    return escape(shown, quote=True)


def stood_in(text: str) -> list[tuple[int, str]]:
    """Where `kept` holds something else than the text: offset and what really stands there, runs as one.

    Half a surrogate pair stays a replacement character, as in all that is written.
    """
    found: list[tuple[int, str]] = []
    for offset, character in enumerate(text):
        if character.isprintable() or "\ud800" <= character <= "\udfff" or stand_in(character) == character:
            continue
        if found and found[-1][0] + len(found[-1][1]) == offset:
            found[-1] = (found[-1][0], found[-1][1] + character)
        else:
            found.append((offset, character))
    return found


def escaped(text: object) -> str:
    """Text on one line that is only text, in an element or an attribute."""
    return escape(one_line(str(text)), quote=True)


def tag(name: str, *inside: str, **attributes: object) -> str:
    """An element; `inside` must be markup already, attributes are escaped.

    `kind` is its class, `_` in a name stands for `-`, None and False leave an attribute out, True names it alone.
    """
    said = ""
    for key, value in attributes.items():
        if value is None or value is False:
            continue
        key = "class" if key == "kind" else key.rstrip("_").replace("_", "-")
        said += f" {key}" if value is True else f' {key}="{escaped(value)}"'
    return f"<{name}{said}>{''.join(inside)}</{name}>"


def json_block(identity: str, value: Mapping[str, Any]) -> str:
    """The value as JSON in an element that no browser runs; nothing in it can end the element."""
    text = to_line(value).replace("<", "\\u003c").replace(">", "\\u003e")
    return f'<script type="application/json" id="{identity}">{text}</script>'


@cache
def data_text(name: str) -> str:
    """A style sheet or script that comes with the package."""
    return (files("govtext") / "data" / name).read_text(encoding="utf-8")


def script_of(names: Sequence[str]) -> str:
    """The scripts of these names as one, with nothing of it in the page's global scope."""
    return '(() => {\n"use strict";\n' + "\n".join(map(data_text, names)) + "})();\n"


def digest(content: str) -> str:
    """What a content security policy calls a style sheet or script by."""
    return f"'sha256-{b64encode(sha256(content.encode()).digest()).decode()}'"


def document(*, title: str, style: str, script: str, body: str) -> str:
    """The whole page: one style sheet and one script, each known to the policy by its hash; all else is refused."""
    # A browser reads CRLF as LF before it hashes.
    style, script = style.replace("\r\n", "\n"), script.replace("\r\n", "\n")
    policy = (
        f"default-src 'none'; style-src {digest(style)}; script-src {digest(script)}; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )
    return (
        '<!DOCTYPE html>\n<html lang="zh-Hans">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="color-scheme" content="light dark">\n<meta name="referrer" content="no-referrer">\n'
        f"<title>{escaped(title)}</title>\n<style>{style}</style>\n</head>\n<body>\n{body}\n"
        f"<script>{script}</script>\n</body>\n</html>\n"
    )
