"""The look that all pictures share: colours, sizes, font; and how a picture becomes a file, the same bytes for the same input.

Nothing global changes: settings hold inside `styled` alone, and what matplotlib draws later carries its font with it.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

from govtext.errors import BadInput
from govtext.plots.backend import Figure, LinearSegmentedColormap, Text, matplotlib
from govtext.plots.fonts import families_for, own_family
from govtext.writing.target import Replacement

INK, MUTED, LINE, PAPER = "#1c2430", "#657083", "#dde2e9", "#ffffff"
BLUE = "#1f6fb2"
# Of themes in their order. Neighbours differ in lightness as well, for eyes that do not tell red from green.
PALETTE = (
    *("#c8352b", "#f2a33a", "#1f6fb2", "#86c5f4", "#3b8f5a", "#a9d18e", "#7a4fa3", "#d68fc4", "#8c5a36", "#d9b779"),
    *("#5d6b7a", "#17a2a2"),
)
ROLE_COLOURS = {"done": "#1f6fb2", "plan": "#f2a33a", "problem": "#c8352b", "overview": "#a8c8e4", "other": "#c9d0d8"}
DEPTH = LinearSegmentedColormap.from_list("govtext", ["#f4f8fc", "#a8c8e4", BLUE, "#0d3f6e"])
DARK = 0.5  # of the colour map, from where on writing is light
DPI = 150
SMALL, NORMAL, LARGE = 8.5, 9.5, 12.0  # points

STYLE: Mapping[str, Any] = MappingProxyType(
    {
        "axes.axisbelow": True,
        "axes.edgecolor": MUTED,
        "axes.facecolor": PAPER,
        "axes.grid": False,
        "axes.labelcolor": MUTED,
        "axes.labelsize": NORMAL,
        "axes.linewidth": 0.8,
        "axes.spines.right": False,
        "axes.spines.top": False,
        "axes.titlecolor": INK,
        "axes.titlelocation": "left",
        "axes.titlepad": 12.0,
        "axes.titlesize": LARGE,
        "figure.facecolor": PAPER,
        "font.size": NORMAL,
        "grid.color": LINE,
        "grid.linewidth": 0.8,
        "hatch.linewidth": 0.6,
        "legend.fontsize": NORMAL,
        "legend.frameon": False,
        "text.color": INK,
        "text.parse_math": False,  # a title with two $ is no formula
        "xtick.color": MUTED,
        "xtick.labelsize": NORMAL,
        "ytick.color": MUTED,
        "ytick.labelcolor": INK,
        "ytick.labelsize": NORMAL,
    }
)
# What a file is written with: no time, no version, ids of SVG from a fixed salt, text as outlines so that it needs no font.
FILES: Mapping[str, Mapping[str, Any]] = MappingProxyType(
    {
        ".png": {"format": "png", "metadata": {"Software": None}, "pil_kwargs": {"optimize": True}},
        ".svg": {"format": "svg", "metadata": {"Date": None, "Creator": "govtext"}},
    }
)
WRITING: Mapping[str, Any] = MappingProxyType({"svg.hashsalt": "govtext", "svg.fonttype": "path", "savefig.bbox": None})


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture that is not drawn yet: its size in inches, and what draws it into Axes."""

    size: tuple[float, float]
    draw: Callable[[Any], None]


@contextmanager
def styled() -> Iterator[None]:
    """A block in which matplotlib's settings are ours."""
    with matplotlib.rc_context():
        matplotlib.rcdefaults()
        matplotlib.rcParams.update({**STYLE, "font.family": [own_family()[0]]})
        yield


def drawn(picture: Picture, ax: Any = None) -> Any:
    """The Axes with the picture in it: `ax`, or that of a figure of its own (pyplot's, so that a notebook shows it)."""
    with styled():
        if ax is None:
            from matplotlib import pyplot

            ax = pyplot.figure(figsize=picture.size, layout="constrained").add_subplot()
        picture.draw(ax)
        with_fonts(ax)
    return ax


def with_fonts(ax: Any) -> None:
    """Nothing; all text in the Axes is drawn with fonts that have its characters, later too, whatever the settings are then."""
    texts = list(ax.findobj(Text))
    families = list(families_for(text.get_text() for text in texts))
    for text in texts:
        text.set_fontfamily(families)
        text.set_parse_math(False)


def rendered(picture: Picture, suffix: str, *, dpi: int = DPI) -> bytes:
    """The file's content for a suffix of `FILES`; no window and no pyplot."""
    with styled():
        figure = Figure(figsize=picture.size, layout="constrained")
        drawn(picture, figure.add_subplot())
    return _content(figure, suffix, dpi)


def save(what: Any, path: str | Path, *, dpi: int = DPI) -> None:
    """Nothing; a Figure, or the one of the Axes given, stands in the file, whole or not at all. The same picture, the same bytes.

    Raises:
        BadInput: the name does not end in .png or .svg.
        GovtextError: the file cannot be written.
    """
    path = Path(path)
    content = _content(getattr(what, "figure", what), check_suffix(path), dpi)
    with Replacement(path) as file:
        file.write_bytes(content)


def check_suffix(path: Path) -> str:
    """The suffix of a picture's file.

    Raises:
        BadInput: it is none of `FILES`.
    """
    suffix = path.suffix.lower()
    if suffix not in FILES:
        raise BadInput(f"{path}: a picture is a {' or '.join(FILES)} file; name one that ends so")
    return suffix


def _content(figure: Any, suffix: str, dpi: int) -> bytes:
    with styled(), io.BytesIO() as file:
        matplotlib.rcParams.update(WRITING)
        figure.savefig(file, dpi=dpi, **FILES[suffix])
        return file.getvalue()


def colours(codes: Mapping[str, Any]) -> dict[str, str]:
    """A colour for each theme of a model, by its place among them, so that a theme has one colour in all pictures."""
    return {code: PALETTE[place % len(PALETTE)] for place, code in enumerate(codes)}
