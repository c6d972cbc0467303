"""Colours of the pages, light and dark, as CSS variables; a theme's are worked out from its place among the themes.

Lightness and chroma are those of OKLCH (Björn Ottosson, "A perceptual color space for image processing", 2020), where equal
steps look equal, so no theme shouts; tests/test_report_page.py holds every pair of text and ground to a contrast of 4.5
(WCAG 2.2, 1.4.3).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from math import cos, radians, sin

# Far apart one after the other: themes that stand side by side in a taxonomy often stand side by side in a report.
HUES = (255, 45, 150, 315, 90, 195, 345, 285, 120, 15, 225, 65)
TURN = 13  # degrees that hues move at each new round
SECOND = 6  # from this place in a round dots are darker: twelve hues alone are too near to each other

Pair = tuple[str, str]  # light, dark
BASE: Mapping[str, Pair] = {
    "ink": ("#1c2430", "#e4e8ee"),
    "muted": ("#525d6e", "#a9b4c2"),
    "line": ("#d9dfe7", "#343d4a"),
    "edge": ("#b9c2cf", "#4d5867"),
    "paper": ("#ffffff", "#171c24"),
    "ground": ("#f4f6f9", "#0f1319"),
    "accent": ("#175e9b", "#7ab8f0"),
    "wash": ("#e8f1fa", "#1a2b3d"),
    "bad": ("#a83d10", "#f0a070"),
    "mask": ("#fdf0c4", "#453a14"),
    "found": ("#ffe08a", "#665000"),
    "here": ("#ffb347", "#8a5a00"),
    "overview": ("#2c5c9e", "#8ab8ee"),
    "done": ("#216b3a", "#7cc794"),
    "problem": ("#a8322a", "#f09a90"),
    "plan": ("#7a3b9a", "#cda2e6"),
    "other": ("#525d6e", "#a9b4c2"),
}
# Of each theme: name of the variable → lightness and chroma, light and dark. tint1 to tint3 are grounds of a paragraph by its
# probability, word1 to word3 of a word by what it adds; dot is an edge or mark, chip and on the ground and text of a label.
SHADES: Mapping[str, tuple[tuple[float, float], tuple[float, float]]] = {
    "tint1": ((0.988, 0.007), (0.228, 0.012)),
    "tint2": ((0.977, 0.014), (0.243, 0.019)),
    "tint3": ((0.965, 0.022), (0.258, 0.027)),
    "word1": ((0.925, 0.045), (0.340, 0.050)),
    "word2": ((0.880, 0.075), (0.400, 0.070)),
    "word3": ((0.835, 0.105), (0.455, 0.085)),
    "dot": ((0.640, 0.140), (0.740, 0.120)),
    "chip": ((0.935, 0.040), (0.310, 0.045)),
    "on": ((0.390, 0.100), (0.880, 0.065)),
}


def oklch(lightness: float, chroma: float, hue: float) -> str:
    """The colour as #rrggbb; chroma is lowered where a screen cannot show it.

    >>> oklch(1, 0, 0), oklch(0.628, 0.2577, 29.23)
    ('#ffffff', '#ff0000')
    """
    while True:
        channels = linear(lightness, chroma * cos(radians(hue)), chroma * sin(radians(hue)))
        if chroma <= 0 or all(-0.001 <= channel <= 1.001 for channel in channels):
            break
        chroma -= 0.005
    return "#" + "".join(f"{round(255 * encoded(min(1.0, max(0.0, channel)))):02x}" for channel in channels)


def linear(lightness: float, a: float, b: float) -> tuple[float, float, float]:
    """Linear sRGB of a colour of OKLab; the matrices are Ottosson's."""
    long, medium, short = (
        (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3,
        (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3,
        (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3,
    )
    return (
        4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short,
    )


def encoded(channel: float) -> float:
    """A linear channel of sRGB as screens take it."""
    return 12.92 * channel if channel <= 0.0031308 else 1.055 * channel ** (1 / 2.4) - 0.055


def theme_colours(place: int) -> dict[str, Pair]:
    """The colours of the theme at this place among the themes, by the names of `SHADES`."""
    turn, step = divmod(place, len(HUES))
    hue = (HUES[step] + turn * TURN) % 360
    colours = {name: (oklch(*light, hue), oklch(*dark, hue)) for name, (light, dark) in SHADES.items()}
    if step >= SECOND:
        colours["dot"] = (oklch(0.48, 0.13, hue), oklch(0.58, 0.12, hue))
    return colours


def colour_sheet(n_themes: int, *, shades: Iterable[str] = SHADES) -> str:
    """CSS: variables for light, for a dark screen, and for either by choice; `.t3` makes those of theme 3 current.

    The printed page is light.
    """
    wanted = tuple(shades)
    themes = [theme_colours(place) for place in range(n_themes)]
    pairs = {**BASE, **{f"{name}-{i}": colours[name] for i, colours in enumerate(themes) for name in wanted}}
    light, dark = ("".join(f"--{name}:{pair[k]};" for name, pair in pairs.items()) for k in (0, 1))
    current = "".join(
        f".t{i}{{{''.join(f'--{name}:var(--{name}-{i});' for name in wanted)}}}\n" for i in range(n_themes)
    )
    words = "".join(
        f"::highlight(word{i}-{step}){{background-color:var(--word{step}-{i})}}\n"
        for i in range(n_themes)
        for step in (1, 2, 3)
        if f"word{step}" in wanted
    )
    return (
        f":root{{color-scheme:light dark;{light}}}\n"
        f"@media screen and (prefers-color-scheme:dark){{:root:not([data-look=light]){{{dark}}}}}\n"
        f"@media screen{{:root[data-look=light]{{color-scheme:light}}\n:root[data-look=dark]{{color-scheme:dark;{dark}}}}}\n"
        f"{current}{words}"
    )
