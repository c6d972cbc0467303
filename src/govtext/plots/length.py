"""Themes over the length of one report: a lane a theme, a bar a paragraph, headings as lines across."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from math import radians, sin
from typing import Any

from govtext.plots.counts import characters_by_theme
from govtext.plots.fonts import drawable
from govtext.plots.look import INK, LINE, MUTED, SMALL, Picture, colours
from govtext.plots.reports import Piece, Plotted
from govtext.plots.words import words
from govtext.writing.width import columns, cut

WIDTH, LANE, AROUND, HEADINGS = (
    10.0,
    0.3,
    1.3,
    0.8,
)  # inches; around the lanes stand title and axis, and headings if there are
NO_THEME_LANE, JUNK_LANE = "no theme", "site's lines"  # no theme has such a code
NO_THEME, JUNK = "#dbe0e6", "#eceff2"
BAR = 0.78  # of a lane
MOST_HEADING, MOST_TITLE = 22, 76  # terminal columns
APART = 0.028  # of the length, between headings that are named: a line of slanted text
SLANT = 32.0  # degrees
TITLE_PAD = 14.0  # points


def picture(report: Plotted, lang: str) -> Picture:
    """The picture of a report; the Axes have a lane for each theme in it."""
    said = words(lang)
    by_theme = characters_by_theme(report.pieces)
    codes = [code for code in report.names if code in by_theme]
    around = AROUND + (HEADINGS if _headings(report) else 0.0)
    return Picture((WIDTH, around + LANE * (len(codes) + 2)), partial(_draw, report, codes, by_theme, said))


def _draw(report: Plotted, codes: Sequence[str], by_theme: dict[str, float], said: Any, ax: Any) -> None:
    palette = colours(report.names)
    lanes = [*((code, drawable(report.names[code]), palette[code]) for code in codes)]
    lanes += [(NO_THEME_LANE, said["no theme"], NO_THEME), (JUNK_LANE, said["junk"], JUNK)]
    end = max((piece.end for piece in report.pieces), default=1) or 1
    total = sum(by_theme.values()) or 1.0
    for place, (code, _, colour) in enumerate(lanes):
        spans = [(p.start, p.end - p.start) for p in report.pieces if _is_in(p, code)]
        ax.axhline(place, color=LINE, linewidth=0.8, zorder=0.5)
        ax.broken_barh(spans, (place - BAR / 2, BAR), facecolor=colour, edgecolor="white", linewidth=0.4, label=code)
        if code in by_theme:
            share = f"{by_theme[code] / total:.0%}"
            ax.text(end * 1.008, place, share, va="center", ha="left", fontsize=SMALL, color=MUTED)
    if codes:
        ax.text(end * 1.008, -0.75, said["share"], va="center", ha="left", fontsize=SMALL, color=MUTED)
    height = _mark_headings(ax, report, end)
    ax.set_yticks(range(len(lanes)), [name for _, name, _ in lanes])
    ax.tick_params(axis="y", length=0)
    ax.spines["left"].set_visible(False)
    ax.set_xlim(0, end)
    ax.set_ylim(len(lanes) - 0.4, -0.6)
    ax.set_xlabel(said["characters"])
    ax.set_title(cut(drawable(report.title or said["length"]), MOST_TITLE), pad=height + TITLE_PAD)


def _is_in(piece: Piece, lane: str) -> bool:
    """Whether a piece has a bar in a lane."""
    if lane == JUNK_LANE:
        return piece.is_junk
    if lane == NO_THEME_LANE:
        return piece.is_content and not piece.labels
    return piece.is_content and lane in piece.labels


def _headings(report: Plotted) -> list[Piece]:
    """The pieces that begin with a heading."""
    return [p for p in report.pieces if p.is_content and p.heading and not p.continues]


def _mark_headings(ax: Any, report: Plotted, end: int) -> float:
    """How high, in points, the texts of headings stand: a line for each outermost heading, with its text where there is room,
    and a short one for each below it."""
    headings = _headings(report)
    top = min((p.level or 1 for p in headings), default=1)
    last, longest = -1.0, 0
    for p in headings:
        if (p.level or 1) > top:
            ax.axvline(p.start, ymin=0.985, color=MUTED, linewidth=0.8)
            continue
        ax.axvline(p.start, color=INK, linewidth=0.8, alpha=0.55, zorder=2.5)
        if p.start / end - last >= APART:
            last = p.start / end
            name = cut(drawable(p.heading or ""), MOST_HEADING)
            longest = max(longest, columns(name))
            ax.annotate(
                name,
                (p.start, 1.0),
                xycoords=("data", "axes fraction"),
                xytext=(1, 3),
                textcoords="offset points",
                rotation=SLANT,
                rotation_mode="anchor",
                ha="left",
                va="bottom",
                fontsize=SMALL,
                color=MUTED,
            )
    return longest * SMALL / 2 * sin(radians(SLANT))
