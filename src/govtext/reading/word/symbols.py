"""Signs that Word takes from fonts of signs by a number: which character each is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

# Code points that text may have: no controls, surrogates, private ones.
_TEXT = (range(0x20, 0x7F), range(0xA0, 0xD800), range(0xF900, 0xFDD0), range(0xFDF0, 0xFFFE), range(0x10000, 0xE0000))


def _run(first: int, signs: str) -> dict[int, str]:
    return {first + number: sign for number, sign in enumerate(signs)}


# Font, lower case → place in it → the character that looks like it, for what reports use of them.
FONTS: Final[Mapping[str, Mapping[int, str]]] = {
    "symbol": {
        **_run(0x61, "αβχδεφγηι"),
        **_run(0x6C, "λμνοπθρστυ"),
        0x44: "Δ",
        0x53: "Σ",
        0x57: "Ω",
        0xA3: "≤",
        0xA5: "∞",
        0xAC: "←",
        0xAE: "→",
        0xB0: "°",
        0xB1: "±",
        0xB3: "≥",
        0xB4: "×",
        0xB7: "•",
        0xB8: "÷",
        0xB9: "≠",
        0xBB: "≈",
        0xBC: "…",
        0xD6: "√",
        0xE5: "∑",
    },
    "wingdings": {
        **_run(0x81, "①②③④⑤⑥⑦⑧⑨⑩"),
        **_run(0x8C, "❶❷❸❹❺❻❼❽❾❿"),
        0x6C: "●",
        0x6D: "○",
        0x6E: "■",
        0x6F: "□",
        0x71: "❑",
        0x72: "❒",
        0x74: "◆",
        0x75: "◆",
        0x76: "❖",
        0x77: "◆",
        0x9E: "·",
        0x9F: "•",
        0xA1: "○",
        0xA7: "▪",
        0xA8: "□",
        0xAB: "★",
        0xB2: "☆",
        0xD8: "➢",
        0xE0: "→",
        0xE8: "➔",
        0xF0: "⇨",
        0xFB: "✗",
        0xFC: "✓",
        0xFD: "☒",
        0xFE: "☑",
    },
    "wingdings 2": {0x4F: "✗", 0x50: "✓", 0x52: "☑", 0x53: "☒", 0x54: "☒", 0x96: "•", 0x97: "●", 0xA3: "□", 0xAE: "★"},
}


def symbol(font: str, char: str) -> str | None:
    """The character of a `w:sym`; None where only the font knows it."""
    try:
        code = int(char[:8], 16)
    except ValueError:
        return None
    table = FONTS.get(font.strip().lower())
    # Word adds F000 to places in such fonts (ISO/IEC 29500-1, 17.3.3.30).
    place = code - 0xF000 if 0xF000 <= code < 0xF100 else code
    if table is not None and place < 0x100:
        found = table.get(place)
        return found or (chr(place) if font.strip().lower() == "symbol" and 0x20 <= place < 0x40 else None)
    return chr(code) if any(code in block for block in _TEXT) else None
