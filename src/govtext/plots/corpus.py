"""Pictures of many reports: themes by year and by issuer, roles a theme, themes together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from govtext.document import ROLES
from govtext.plots import counts
from govtext.plots.counts import Grouped, theme_names
from govtext.plots.fonts import drawable
from govtext.plots.look import DARK, DEPTH, INK, LINE, MUTED, ROLE_COLOURS, SMALL, Picture, colours
from govtext.plots.reports import Plotted
from govtext.plots.words import words
from govtext.writing.width import columns, cut

MOST_ISSUERS = 20
MOST_NAME, MOST_ISSUER = 26, 40  # terminal columns of a theme's and an issuer's name
SLANT = 38.0  # degrees, of the names above a heat map
COLUMN, ROW = 0.66, 0.36  # inches, of a heat map's cell
NARROWEST = 6.0  # inches, of a heat map: its title must fit
LETTER = 0.068  # inches of a terminal column of text
SHOWN_SHARE = 0.045  # of a bar; a number would not fit into less
GAP = 0.5  # of a bar's place, where years are missing
LEFT, RIGHT = ("done", "overview", "other"), ("plan", "problem")  # sides of the bars of roles, from the middle outwards
Said = Mapping[str, str]


def years(reports: Sequence[Plotted], lang: str) -> Picture:
    """The picture of the years, a bar each; years without a report between them are one narrow gap, however many."""
    grouped = counts.themes_by(reports, lambda report: report.year)
    places, _ = _places(grouped.groups)
    wide = min(18.0, max(4.4, 3.0 + 0.52 * (places[-1] + 1)))
    size = (wide, max(4.4, 1.5 + 0.27 * len(grouped.codes), 0.34 * wide))
    return Picture(size, partial(_years, grouped, theme_names(reports), words(lang)))


def _places(found: Sequence[int]) -> tuple[list[float], list[float]]:
    """Where the bars of the years stand, and where gaps are between them."""
    places, gaps = [0.0], []
    for before, year in zip(found, found[1:]):
        wide = year > before + 1
        if wide:
            gaps.append(places[-1] + 0.5 + GAP / 2)
        places.append(places[-1] + 1.0 + (GAP if wide else 0.0))
    return places, gaps


def _years(grouped: Grouped[int], names: Mapping[str, str], said: Said, ax: Any) -> None:
    palette = colours(names)
    base = np.zeros(len(grouped.groups))
    places, gaps = _places(grouped.groups)
    for column, code in enumerate(grouped.codes):
        share = grouped.shares[:, column]
        name = cut(drawable(names[code]), MOST_NAME)
        bars = ax.bar(places, share, 0.86, bottom=base, color=palette[code], edgecolor="white", lw=0.5, label=name)
        texts = [f"{part:.0%}" if part >= SHOWN_SHARE else "" for part in share]
        ax.bar_label(bars, texts, label_type="center", fontsize=SMALL, color=_on(palette[code]))
        base = base + share
    for gap in gaps:
        ax.text(gap, -0.02, "…", ha="center", va="top", color=MUTED)
    ax.set_xticks(places, [f"{year}\n{n}" for year, n in zip(grouped.groups, grouped.reports, strict=True)])
    ax.set_xlim(-0.7, places[-1] + 0.7)
    ax.set_xlabel(said["year and reports"])
    ax.tick_params(axis="x", length=0)
    _percent(ax, said)
    ax.set_title(said["years"])
    _note(ax, [said["no year"].format(n=grouped.left)] if grouped.left else [])
    handles, labels = ax.get_legend_handles_labels()
    ax.legend(handles[::-1], labels[::-1], loc="upper left", bbox_to_anchor=(1.01, 1.0), borderaxespad=0.0)


def _percent(ax: Any, said: Said) -> None:
    ticks = (0.0, 0.25, 0.5, 0.75, 1.0)
    ax.set_ylim(0, 1)
    ax.set_yticks(ticks, [f"{tick:.0%}" for tick in ticks])
    ax.set_ylabel(said["share"])
    ax.grid(axis="y", color=LINE)


def issuers(reports: Sequence[Plotted], lang: str) -> Picture:
    """The picture of the issuers, at most `MOST_ISSUERS` of them."""
    every = counts.themes_by(reports, lambda report: report.issuer)
    grouped, further = counts.largest(every, MOST_ISSUERS)
    names = theme_names(reports)
    said = words(lang)
    rows = [
        f"{cut(drawable(g), MOST_ISSUER)}  {said['reports'].format(n=n)}"
        for g, n in zip(grouped.groups, grouped.reports)
    ]
    told = [cut(drawable(names[code]), MOST_NAME) for code in grouped.codes]
    return Picture(_map_size(rows, told), partial(_issuers, grouped, rows, told, further, said))


def _issuers(
    grouped: Grouped[str], rows: Sequence[str], told: Sequence[str], further: int, said: Said, ax: Any
) -> None:
    shares = grouped.shares
    texts = [[f"{share:.0%}" if share >= 0.005 else "" for share in row] for row in shares]
    _heat_map(ax, shares, texts, rows, told)
    ax.set_title(said["issuers"])
    _note(ax, [said[what].format(n=n) for what, n in (("no issuer", grouped.left), ("further", further)) if n])


def pairs_map(reports: Sequence[Plotted], lang: str) -> Picture:
    """The picture of themes that stand together."""
    codes, table = counts.pairs(reports)
    names = theme_names(reports)
    told = [cut(drawable(names[code]), MOST_NAME) for code in codes]
    return Picture(_map_size(told, told), partial(_pairs, table, told, words(lang)))


def _pairs(table: NDArray[np.int64], told: Sequence[str], said: Said, ax: Any) -> None:
    totals = np.diag(table)
    shares = table / totals[:, None]
    np.fill_diagonal(shares, np.nan)
    texts = [[f"{n}" if n else "" for n in row] for row in table.tolist()]
    _heat_map(ax, shares, texts, told, told)
    ax.set_title(said["pairs"])


def roles(reports: Sequence[Plotted], lang: str) -> Picture:
    """The picture of what is done and planned by theme."""
    codes, table = counts.roles_by_theme(reports)
    names = theme_names(reports)
    told = [cut(drawable(names[code]), MOST_NAME) for code in codes]
    return Picture((9.0, 1.7 + 0.34 * len(codes)), partial(_roles, table, told, words(lang)))


def _roles(table: NDArray[np.int64], told: Sequence[str], said: Said, ax: Any) -> None:
    places = np.arange(len(told))
    widest = max(float(table[:, [ROLES.index(role) for role in side]].sum(axis=1).max()) for side in (LEFT, RIGHT))
    for side, sign in ((LEFT, -1), (RIGHT, 1)):
        base = np.zeros(len(told))
        for role in side:
            n = table[:, ROLES.index(role)].astype(float)
            colour = ROLE_COLOURS[role]
            bars = ax.barh(
                places, sign * n, 0.76, left=sign * base, color=colour, edgecolor="white", lw=0.5, label=said[role]
            )
            texts = [f"{count:.0f}" if count >= 0.05 * widest else "" for count in n]
            ax.bar_label(bars, texts, label_type="center", fontsize=SMALL, color=_on(colour))
            base = base + n
    ax.axvline(0, color=INK, linewidth=0.9)
    ax.set_yticks(places, told)
    ax.tick_params(axis="y", length=0)
    ax.spines["left"].set_visible(False)
    ax.set_ylim(len(told) - 0.4, -0.6)
    ax.set_xlim(-widest * 1.03, widest * 1.03)
    ticks = [tick for tick in ax.get_xticks() if abs(tick) <= widest * 1.03 and float(tick).is_integer()]
    ax.set_xticks(ticks, [f"{abs(tick):.0f}" for tick in ticks])
    ax.set_xlabel(said["paragraphs"])
    ax.grid(axis="x", color=LINE)
    ax.set_title(said["roles"], pad=30)
    handles, labels = ax.get_legend_handles_labels()
    order = [*reversed(range(len(LEFT))), *range(len(LEFT), len(LEFT) + len(RIGHT))]  # as the bars stand
    ax.legend(
        [handles[k] for k in order],
        [labels[k] for k in order],
        loc="lower left",
        bbox_to_anchor=(0.0, 1.0),
        ncols=len(order),
        borderaxespad=0.2,
        columnspacing=1.4,
        handlelength=1.0,
        handleheight=1.0,
    )


def _heat_map(
    ax: Any, shares: NDArray[np.float64], texts: Sequence[Sequence[str]], rows: Sequence[str], told: Sequence[str]
) -> None:
    """The shares as colours, empty for none and grey for what is no share (nan), with the texts on them."""
    top = float(np.nanmax(shares, initial=0.0)) or 1.0
    image = np.ma.masked_invalid(shares)
    ax.set_facecolor("#e6e9ed")
    ax.imshow(image, cmap=DEPTH, vmin=0.0, vmax=top, aspect="auto", interpolation="nearest")
    for i, line in enumerate(texts):
        for j, text in enumerate(line):
            share = shares[i, j]
            colour = MUTED if np.isnan(share) else "white" if share / top > DARK else INK
            if text:
                ax.text(j, i, text, ha="center", va="center", fontsize=SMALL, color=colour)
    ax.set_yticks(range(len(rows)), rows)
    ax.set_xticks(range(len(told)), told, rotation=SLANT, ha="left", rotation_mode="anchor")
    ax.xaxis.tick_top()
    ax.tick_params(length=0)
    ax.tick_params(axis="x", labelcolor=INK, pad=4)
    ax.spines[:].set_visible(False)
    # White lines between the cells.
    ax.set_xticks(np.arange(-0.5, len(told)), minor=True)
    ax.set_yticks(np.arange(-0.5, len(rows)), minor=True)
    ax.grid(which="minor", color="white", linewidth=1.5)
    ax.tick_params(which="minor", length=0)


def _map_size(rows: Sequence[str], told: Sequence[str]) -> tuple[float, float]:
    left = LETTER * max(map(columns, rows))
    above = LETTER * max(map(columns, told)) * 0.62
    return max(NARROWEST, 1.0 + left + COLUMN * len(told) + above * 0.6), 1.0 + above + ROW * len(rows)


def _note(ax: Any, notes: Sequence[str]) -> None:
    """A line under the picture for what it does not show."""
    if notes:
        ax.annotate(
            "  ".join(notes),
            (1.0, 0.0),
            xycoords="axes fraction",
            xytext=(0, -30),
            textcoords="offset points",
            ha="right",
            va="top",
            fontsize=SMALL,
            color=MUTED,
        )


def _on(colour: str) -> str:
    """What can be read on a colour: white on a dark one, ink on a light one (relative luminance of WCAG, without its gamma)."""
    red, green, blue = (int(colour[k : k + 2], 16) / 255 for k in (1, 3, 5))
    return "white" if 0.2126 * red + 0.7152 * green + 0.0722 * blue < 0.5 else INK
