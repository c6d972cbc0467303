"""Fonts that have the characters of a picture: the one that comes with govtext, and for rare characters one of the system.

Ours comes first even where the system has a Chinese font: pictures look the same everywhere, and the same input gives the same
bytes. What no font has is drawn as □, so matplotlib never complains of a missing glyph.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from importlib.resources import as_file, files

from govtext.plots.backend import FT2Font, font_manager
from govtext.writing.target import one_line

FILE = "govtext-sans-sc.otf"  # made by docs/subset_font.py
LACKING = "□"
# Families looked at first for what ours lacks, in this order; then whatever else is installed, by name.
FAMILIES = (
    *("Noto Sans CJK SC", "Noto Sans CJK JP", "Noto Sans SC", "Source Han Sans SC", "PingFang SC", "Hiragino Sans GB"),
    *("Microsoft YaHei", "SimHei", "WenQuanYi Zen Hei", "WenQuanYi Micro Hei", "Noto Serif CJK SC", "SimSun"),
    "Arial Unicode MS",
)


@cache
def own_family() -> tuple[str, frozenset[int]]:
    """The family of govtext's font, registered with matplotlib, and the code points that it has."""
    with as_file(files("govtext") / "data" / "fonts" / FILE) as path:
        font_manager.fontManager.addfont(str(path))
        font = FT2Font(str(path))
        return font.family_name, frozenset(font.get_charmap())


@cache
def charmap(path: str) -> frozenset[int]:
    """The code points that a font file has; none if it cannot be read."""
    try:
        return frozenset(FT2Font(path).get_charmap())
    except (OSError, RuntimeError, ValueError):
        return frozenset()


@cache
def system_fonts() -> tuple[tuple[str, str], ...]:
    """Family and file of each font of the system that may hold Chinese characters, best first."""
    rank = {family: place for place, family in enumerate(FAMILIES)}
    own, _ = own_family()
    plain = {
        font.name: font.fname
        for font in font_manager.fontManager.ttflist
        if font.name != own and font.style == "normal" and str(font.weight) in ("400", "normal", "regular")
    }
    return tuple(sorted(plain.items(), key=lambda found: (rank.get(found[0], len(rank)), found)))


def families_for(texts: Iterable[str]) -> tuple[str, ...]:
    """The families to draw the texts with, ours first; several fonts may share what ours lacks."""
    own, has = own_family()
    lacking = {ord(c) for text in texts for c in text if c.isprintable()} - has
    found = [own]
    for family, path in system_fonts() if lacking else ():
        if lacking & charmap(path):
            found.append(family)
            lacking -= charmap(path)
        if not lacking:
            break
    return tuple(found)


def drawable(text: str) -> str:
    """The text on one line, with □ for what no font here has."""
    _, has = own_family()
    line = one_line(text).replace("\N{REPLACEMENT CHARACTER}", LACKING)
    if all(ord(c) in has for c in line):
        return line
    return "".join(c if ord(c) in has or (c.isprintable() and _is_somewhere(ord(c))) else LACKING for c in line)


@cache
def _is_somewhere(point: int) -> bool:
    return any(point in charmap(path) for _, path in system_fonts())
