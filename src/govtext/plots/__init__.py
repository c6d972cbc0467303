"""Pictures of labelled reports with matplotlib: over one report, by year, by issuer, roles a theme, themes together.

    import govtext
    from govtext.plots import plot_length, save

    ax = plot_length(govtext.classify("report.txt"))
    save(ax, "report.png")

Each `plot_…` draws into `ax` or into a figure of its own and gives the Axes back; no rcParams change. Chinese is drawn with a font
that comes with govtext. Names are loaded on first use: importing this imports no matplotlib.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from govtext.plots.kinds import (
        KINDS,
        plot_issuers,
        plot_length,
        plot_pairs,
        plot_roles,
        plot_years,
    )
    from govtext.plots.look import save
    from govtext.plots.reports import Plotted, read_labels

_HOMES = {
    "govtext.plots.kinds": ("KINDS", "plot_issuers", "plot_length", "plot_pairs", "plot_roles", "plot_years"),
    "govtext.plots.look": ("save",),
    "govtext.plots.reports": ("Plotted", "read_labels"),
}
_HOME = {name: module for module, names in _HOMES.items() for name in names}
__all__ = [
    "KINDS",
    "Plotted",
    "plot_issuers",
    "plot_length",
    "plot_pairs",
    "plot_roles",
    "plot_years",
    "read_labels",
    "save",
]


def __getattr__(name: str) -> Any:
    """A public name, loaded now."""
    if name not in _HOME:
        raise AttributeError(f"module 'govtext.plots' has no attribute {name!r}")
    value = getattr(import_module(_HOME[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """The public names."""
    return sorted(__all__)
