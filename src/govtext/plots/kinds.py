"""The kinds of picture, one row each of `KINDS`, and the functions that draw them into Axes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from govtext.errors import BadInput
from govtext.plots import corpus, length
from govtext.plots.look import Picture, drawn
from govtext.plots.reports import Plotted, Reports, to_plotted

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from govtext.document import LabelledReport


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of picture: what `govtext plot --help` says of it, what makes it, and whether it is of one report alone."""

    summary: str
    picture: Callable[[Sequence[Plotted], str], Picture]
    of_one: bool = False


def _length(reports: Sequence[Plotted], lang: str) -> Picture:
    if len(reports) != 1:
        some = ", ".join(report.id for report in reports[:5])
        raise BadInput(f"{len(reports)} reports ({some}{' …' if len(reports) > 5 else ''}); this picture is of one")
    return length.picture(reports[0], lang)


KINDS: Mapping[str, Kind] = MappingProxyType(
    {
        "length": Kind("the themes over the length of one report", _length, of_one=True),
        "years": Kind("the themes of each year", corpus.years),
        "issuers": Kind("the themes of each issuer", corpus.issuers),
        "roles": Kind("what is done, planned and a problem, by theme", corpus.roles),
        "pairs": Kind("which themes stand in one paragraph", corpus.pairs_map),
    }
)


def plot_length(report: LabelledReport | Plotted, *, ax: Axes | None = None, lang: str = "zh") -> Axes:
    """Axes with a lane a theme, a bar a paragraph that has it, over the characters of the report; headings are marked.

    At the right end of a lane stands the theme's share of what has a theme. Two lanes more show content without a theme
    and the site's own lines.

    Raises:
        BadInput: no labelled report, or no such language.
    """
    return _axes("length", report, ax, lang)


def plot_years(reports: Reports, *, ax: Axes | None = None, lang: str = "zh") -> Axes:
    """Axes with a stacked bar a year: the share of each theme in the characters that have one.

    The year of a report is that in which the time that it speaks of ends, else that of its date.

    Raises:
        BadInput: no reports, no year known, no themes, or no such language.
    """
    return _axes("years", reports, ax, lang)


def plot_issuers(reports: Reports, *, ax: Axes | None = None, lang: str = "zh") -> Axes:
    """Axes with a heat map: a row an issuer, those with most reports first, a column a theme, cells its share of characters.

    Raises:
        BadInput: no reports, no issuer known, no themes, or no such language.
    """
    return _axes("issuers", reports, ax, lang)


def plot_roles(reports: Reports, *, ax: Axes | None = None, lang: str = "zh") -> Axes:
    """Axes with a bar a theme on both sides of zero: paragraphs of what is done to the left, of what is planned to the right.

    Overview and other stand behind done, problems behind planned.

    Raises:
        BadInput: no reports, no themes, or no such language.
    """
    return _axes("roles", reports, ax, lang)


def plot_pairs(reports: Reports, *, ax: Axes | None = None, lang: str = "zh") -> Axes:
    """Axes with a heat map of themes by themes: how many paragraphs carry both; the diagonal has all of a theme.

    Raises:
        BadInput: no reports, no themes, or no such language.
    """
    return _axes("pairs", reports, ax, lang)


def _axes(kind: str, reports: Any, ax: Axes | None, lang: str) -> Axes:
    axes: Axes = drawn(KINDS[kind].picture(to_plotted(reports), lang), ax)
    return axes
