"""Pictures of labelled reports with matplotlib: over one report, by year, by issuer, roles a theme, themes together.

    import govtext
    from govtext.plots import plot_length, save

    ax = plot_length(govtext.classify("report.txt"))
    save(ax, "report.png")

Each `plot_…` draws into `ax` or into a figure of its own and gives the Axes back; no rcParams change. Chinese is drawn with a font
that comes with govtext. Names are loaded on first use: importing this imports no matplotlib.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from govtext.lazily import lazily

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

__getattr__, __dir__ = lazily("govtext.plots", _HOMES)
