"""The picture of speed.json: how many times as fast, on a scale of ratios, and how time grows, a small square a curve."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import log
from typing import Any

from govtext.evaluation.page import DARK, LIGHT
from govtext.evaluation.svg import STYLE, dot, element, escaped, label, line, path, picture, widest
from speed_tables import TARGETS, shown

WIDTH = 860.0
ROW = 24.0
PLOT = 440.0  # width of the scale of ratios
EDGE = 150.0  # of a small square
GAP = 56.0
FIGURE = 34.0  # width that a figure takes
MOST_COLUMNS = 46
TICKS = (0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500)
ALONE = (
    f"svg{{{LIGHT};font-family:system-ui,sans-serif}}@media (prefers-color-scheme:dark){{svg{{{DARK}}}}}"
    "svg .ground{fill:var(--paper)}svg .peer{fill:var(--muted)}"
)


@dataclass(frozen=True, slots=True)
class Bar:
    """One contender in the picture: its ratio with its spread, and the target, if one was set."""

    name: str
    ratio: float
    low: float
    high: float
    wanted: float | None

    @property
    def is_ours(self) -> bool:
        """Whether it is govtext."""
        return self.name.startswith("govtext")


def bars_of(result: Mapping[str, Any]) -> list[Bar]:
    """What the picture shows of speed.json: all that is held against a naive way."""
    parts = result["parts"]
    wanted = {target.where[2]: target.wanted for target in TARGETS if target.where[3:] == ("ratio",)}
    found = []
    for name in ("naive", "road", "batch", "training"):
        for contender, row in parts.get(name, {}).get("contenders", {}).items():
            if row is not None and row["against"] is not None:
                low, high = row.get("interval") or (row["rounds"][0], row["rounds"][-1])
                found.append(Bar(contender, row["ratio"], low, high, wanted.get(contender)))
    if "start" in parts:
        low, middle, high = parts["start"]["faster"]["wall"]
        asked = next(target.wanted for target in TARGETS if target.where[:2] == ("start", "faster"))
        found.append(Bar("govtext classify, fresh process", middle, low, high, asked))
    return found


def bar_chart(bars: Sequence[Bar]) -> tuple[list[str], float]:
    """The bars as elements, and how high they are."""
    left = widest([bar.name for bar in bars], most=MOST_COLUMNS) + 16
    first = max((tick for tick in TICKS if tick <= min([1.0, *(bar.low for bar in bars)])), default=TICKS[0])
    last = min(
        (tick for tick in TICKS if tick >= max(max(bar.high, bar.wanted or 0) for bar in bars)), default=TICKS[-1]
    )

    def at(value: float) -> float:
        return left + log(min(max(value, first), last) / first) / log(max(last, 2 * first) / first) * PLOT

    top = 40.0
    bottom = top + len(bars) * ROW
    inside = [label(left, 14, "times as fast as naive; dashed: asked for", "muted")]
    for tick in TICKS:
        if first <= tick <= last:
            inside += [
                line(at(tick), top - 6, at(tick), bottom, "grid"),
                label(at(tick), top - 12, f"{tick:g}", "middle muted"),
            ]
    for k, bar in enumerate(bars):
        y = top + k * ROW
        begin, end = sorted((at(1.0), at(bar.ratio)))
        told = element("title", escaped(f"{bar.name}: {shown(bar.ratio)} ({shown(bar.low)}–{shown(bar.high)})"))
        kind = "good" if bar.is_ours else "peer"
        free = max(end, at(bar.high)) + 6
        if bar.wanted is not None and free - 6 <= at(bar.wanted) < free + FIGURE:
            free = at(bar.wanted) + 6
        inside += [
            label(left - 8, y + ROW / 2 + 4, bar.name, "end", most=MOST_COLUMNS),
            element("rect", told, x=begin, y=y + 5, width=max(end - begin, 1.0), height=ROW - 10, kind=kind),
            line(at(bar.low), y + ROW / 2, at(bar.high), y + ROW / 2, "axis"),
            label(free, y + ROW / 2 + 4, shown(bar.ratio)),
        ]
        if bar.wanted is not None:
            inside.append(line(at(bar.wanted), y + 1, at(bar.wanted), y + ROW - 1, "dash"))
    return inside, bottom + 12


def square(what: str, curve: Mapping[str, Any]) -> list[str]:
    """One curve, both axes in doublings; a dashed line through the last point grows in proportion."""
    sizes, seconds = curve["sizes"], [max(each, 1e-6) for each in curve["seconds"]]
    span_x = max(log(sizes[-1] / sizes[0]), 1e-9)
    # One doubling is as long up as it is to the right, so that proportional is the diagonal.
    lowest = log(seconds[-1]) - span_x

    def at(size: float, value: float) -> tuple[float, float]:
        up = (log(value) - lowest) / span_x
        return (log(size / sizes[0]) / span_x * EDGE, 40 + EDGE - min(max(up, 0.0), 1.15) * EDGE)

    points = [at(n, s) for n, s in zip(sizes, seconds, strict=True)]
    inside = [label(0, 12, what, "name", most=24), label(0, 28, f"slope {curve['slope']:.2f}", "muted small")]
    inside.append(element("rect", x=0, y=40, width=EDGE, height=EDGE, kind="grid"))
    inside += [line(0, 40 + EDGE, EDGE, 40, "dash"), path(points, "line")]
    for n, s, (x, y) in zip(sizes, seconds, points, strict=True):
        inside.append(dot(x, y, 3, "good", f"{n:,}: {shown(s)} s"))
    inside += [
        label(0, 54 + EDGE, f"{sizes[0]:,}", "muted small"),
        label(EDGE, 54 + EDGE, f"{sizes[-1]:,}", "end muted small"),
        label(EDGE + 4, 44, f"{shown(seconds[-1])} s", "muted small"),
    ]
    return inside


def speed_picture(result: Mapping[str, Any]) -> str:
    """The picture as an SVG file that stands by itself, light or dark as the reader has it."""
    inside: list[str] = []
    height = 16.0
    if bars := bars_of(result):
        elements, high = bar_chart(bars)
        inside.append(element("g", *elements, transform=f"translate(16 {height:g})"))
        height += high + 16
    squares = [square(what, curve) for what, curve in result["parts"].get("growth", {}).get("curves", {}).items()]
    a_row = int((WIDTH - 16) // (EDGE + GAP))
    for k, elements in enumerate(squares):
        x, y = 16 + (k % a_row) * (EDGE + GAP), height + (k // a_row) * (EDGE + 80)
        inside.append(element("g", *elements, transform=f"translate({x:g} {y:g})"))
    height += -(-len(squares) // a_row) * (EDGE + 80)
    ground = element("rect", x=0, y=0, width=WIDTH, height=height, kind="ground")
    return picture(
        WIDTH, height, "Speed beside naive ways, and growth", element("style", STYLE + ALONE), ground, *inside
    )
