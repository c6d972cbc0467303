"""The pictures of the evaluation page, an SVG each: confusion, F1 with intervals, reliability, risk by coverage, learning curve."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil, sqrt

from govtext.evaluation.calibration import ReliabilityBin
from govtext.evaluation.intervals import Interval
from govtext.evaluation.record import CurvePoint, Table
from govtext.evaluation.selective import CoveragePoint
from govtext.evaluation.svg import dot, element, escaped, label, line, path, picture, widest

MOST_COLUMNS = 20  # of a name in a picture; ten Han characters
CELL_WIDTH, CELL_HEIGHT = 46.0, 30.0
SLANT = -40.0  # degrees, of the names of columns
ROW = 26.0
PLOT = 560.0  # width of a plot with an axis 0–1
SMALL = 150.0  # edge of one reliability diagram
DARK = 0.7  # opacity from which writing on a cell is light


def confusion_map(
    rows: Sequence[str], columns: Sequence[str], counts: Table, *, sides: tuple[str, str], title: str
) -> str:
    """A heat map: rows true, columns given, as `sides` names them; what is right has a colour of its own.

    A cell's depth is its share of the row; the root of it where it is a mistake, since most of those are rare.
    """
    left = widest([*rows, *sides], most=MOST_COLUMNS) + 12
    top = widest(columns, most=MOST_COLUMNS) * 0.66 + 26
    slant = widest(columns, most=MOST_COLUMNS) * 0.77
    inside = [label(left - 8, top - 25, sides[1], "end muted"), label(left - 8, top - 8, sides[0], "end muted")]
    for j, name in enumerate(columns):
        inside.append(label(left + (j + 0.5) * CELL_WIDTH, top - 8, name, turned=SLANT, most=MOST_COLUMNS))
    for i, (name, row) in enumerate(zip(rows, counts, strict=True)):
        y, total = top + i * CELL_HEIGHT, sum(row)
        inside.append(label(left - 8, y + CELL_HEIGHT / 2 + 4, name, "end", most=MOST_COLUMNS))
        for j, count in enumerate(row):
            x = left + j * CELL_WIDTH
            inside.append(element("rect", x=x, y=y, width=CELL_WIDTH, height=CELL_HEIGHT, kind="grid"))
            if count > 0:
                share = count / total
                depth = round(0.06 + 0.94 * (share if i == j else sqrt(share)), 3)
                told = f"{name} → {columns[j]}: {amount(count)} ({share:.1%})"
                inside.append(
                    element(
                        "rect",
                        element("title", escaped(told)),
                        x=x + 1,
                        y=y + 1,
                        width=CELL_WIDTH - 2,
                        height=CELL_HEIGHT - 2,
                        kind="good" if i == j else "bad",
                        fill_opacity=depth,
                    )
                )
                kind = "middle on" if depth >= DARK else "middle"
                inside.append(label(x + CELL_WIDTH / 2, y + CELL_HEIGHT / 2 + 4, amount(count), kind))
    width = left + len(columns) * CELL_WIDTH + slant
    return picture(width, top + len(rows) * CELL_HEIGHT + 6, title, *inside)


def amount(count: float) -> str:
    """A count that may be a fraction."""
    return f"{count:.0f}" if abs(count - round(count)) < 0.05 else f"{count:.1f}"


def interval_plot(rows: Sequence[tuple[str, Interval, int]], *, overall: float, title: str) -> str:
    """A dot and its interval a row (name, figure, examples); a dashed line marks the figure of all together."""
    left = widest([name for name, _, _ in rows], most=MOST_COLUMNS) + 12
    first = _floor(min([overall, *(figure.low for _, figure, _ in rows)]))
    bottom = 22 + len(rows) * ROW

    def at(value: float) -> float:
        return left + (value - first) / (1 - first) * PLOT

    inside = [label(left + PLOT + 96, 12, "n", "end muted small"), label(left + PLOT + 14, 12, "F1", "muted small")]
    for tick in _ticks(first, 1.0):
        inside += [
            line(at(tick), 18, at(tick), bottom, "grid"),
            label(at(tick), bottom + 16, f"{tick:g}", "middle muted"),
        ]
    inside.append(line(at(overall), 18, at(overall), bottom, "dash"))
    for k, (name, figure, support) in enumerate(rows):
        y = 18 + (k + 0.5) * ROW
        told = f"{name}: F1 {figure.value:.3f} ({figure.low:.3f}–{figure.high:.3f})"
        inside += [
            label(left - 8, y + 4, name, "end", most=MOST_COLUMNS),
            line(at(figure.low), y, at(figure.high), y, "reach"),
            dot(at(figure.value), y, 4.5, "good", told),
            label(left + PLOT + 14, y + 4, f"{figure.value:.2f}"),
            label(left + PLOT + 96, y + 4, f"{support:,}", "end muted"),
        ]
    return picture(left + PLOT + 102, bottom + 24, title, *inside)


def reliability_diagram(name: str, told: str, bins: Sequence[ReliabilityBin], *, title: str) -> str:
    """Probability said against share true, a dot a bin with its interval; on the diagonal they mean what they say."""
    left, top = 30.0, 40.0

    def x(value: float) -> float:
        return left + value * SMALL

    def y(value: float) -> float:
        return top + (1 - value) * SMALL

    inside = [label(left, 14, name, "name", most=MOST_COLUMNS), label(left, 30, told, "muted small")]
    for tick in (0.0, 0.5, 1.0):
        inside += [
            line(x(tick), y(0), x(tick), y(1), "grid"),
            line(x(0), y(tick), x(1), y(tick), "grid"),
            label(x(tick), y(0) + 14, f"{tick:g}", "middle muted small"),
            label(left - 5, y(tick) + 4, f"{tick:g}", "end muted small"),
        ]
    inside.append(line(x(0), y(0), x(1), y(1), "dash"))
    largest = max((b.n for b in bins), default=1)
    for b in bins:
        inside.append(line(x(b.said), y(b.low), x(b.said), y(b.high), "reach"))
    for b in bins:
        size = 2.5 + 2.5 * sqrt(b.n / largest)
        inside.append(dot(x(b.said), y(b.true), size, "good", f"said {b.said:.3f}, true {b.true:.3f}, n {b.n}"))
    return picture(left + SMALL + 12, top + SMALL + 20, title, *inside)


def coverage_plot(
    points: Sequence[CoveragePoint], marks: Sequence[tuple[str, float, float]], *, axes: tuple[str, str], title: str
) -> str:
    """The error of what stands without review, by how much of all that is; `marks` are (name, coverage, error)."""
    highest = _ceiling(max([0.01, *(p.error for p in points), *(error for _, _, error in marks)]))
    frame = _Frame(axes, (0.0, 1.0), (0.0, highest), percent=True)
    inside = frame.drawn()
    inside.append(path([frame.at(p.coverage, p.error) for p in points], "line"))
    for name, coverage, error in marks:
        px, py = frame.at(coverage, error)
        inside += [
            dot(px, py, 4.5, "ring", f"risk {name}: {coverage:.1%} without review, {error:.2%} of it wrong"),
            label(px - 8, py - 8, name, "end"),
        ]
    return picture(frame.width, frame.height, title, *inside)


def learning_curve(points: Sequence[CurvePoint], *, axes: tuple[str, str], title: str) -> str:
    """Micro-F1 with its interval, by documents that the model learnt from."""
    ordered = sorted(points, key=lambda p: p.documents)
    first = _floor(min(p.f1.low for p in ordered))
    frame = _Frame(axes, (0.0, float(ordered[-1].documents)), (first, 1.0))
    lower = [frame.at(p.documents, p.f1.low) for p in ordered]
    upper = [frame.at(p.documents, p.f1.high) for p in ordered]
    inside = [*frame.drawn(), path([*lower, *upper[::-1]], "band", closed=True)]
    inside.append(path([frame.at(p.documents, p.f1.value) for p in ordered], "line"))
    for p in ordered:
        told = f"{p.documents} documents: {p.f1.value:.3f} ({p.f1.low:.3f}–{p.f1.high:.3f})"
        inside.append(dot(*frame.at(p.documents, p.f1.value), 4.0, "good", told))
    return picture(frame.width, frame.height, title, *inside)


class _Frame:
    """Two axes with ticks and names; `at` places a pair of values."""

    left, top, wide, high = 56.0, 26.0, 460.0, 260.0

    def __init__(
        self, axes: tuple[str, str], x: tuple[float, float], y: tuple[float, float], *, percent: bool = False
    ) -> None:
        self.axes, self.x, self.y, self.percent = axes, x, y, percent
        self.width, self.height = self.left + self.wide + 24, self.top + self.high + 42

    def at(self, x: float, y: float) -> tuple[float, float]:
        return (
            self.left + (x - self.x[0]) / (self.x[1] - self.x[0]) * self.wide,
            self.top + (self.y[1] - y) / (self.y[1] - self.y[0]) * self.high,
        )

    def shown(self, tick: float) -> str:
        return f"{tick * 100:g}%" if self.percent else f"{tick:g}"

    def drawn(self) -> list[str]:
        found = []
        for tick in _ticks(*self.y):
            px, py = self.at(self.x[0], tick)
            found += [line(px, py, px + self.wide, py, "grid"), label(px - 6, py + 4, self.shown(tick), "end muted")]
        for tick in _ticks(*self.x):
            px, py = self.at(tick, self.y[0])
            found += [line(px, py, px, py + 4, "axis"), label(px, py + 18, self.shown(tick), "middle muted")]
        base = self.top + self.high
        found.append(line(self.left, base, self.left + self.wide, base, "axis"))
        found += [
            label(8, 14, self.axes[1], "muted"),
            label(self.left + self.wide, base + 36, self.axes[0], "end muted"),
        ]
        return found


def _floor(value: float) -> float:
    """The tenth below a figure, at most 0.8: an axis that begins higher makes small differences look large."""
    return min(int(max(value, 0.0) * 10 + 1e-9) / 10, 0.8)


def _ceiling(value: float) -> float:
    """A round number above a share."""
    step = 0.02 if value <= 0.1 else 0.05 if value <= 0.3 else 0.2
    return min(ceil(value / step - 1e-9) * step, 1.0)


def _ticks(first: float, last: float) -> list[float]:
    """Five or so round numbers from first to last."""
    span = last - first
    rough = span / 5
    size = 10.0 ** (len(str(int(rough))) - 1) if rough >= 1 else 0.01
    step = next((s * size for s in (1, 2, 2.5, 5, 10, 20, 25, 50) if s * size >= rough * 0.99), rough)
    start = ceil(first / step - 1e-9)
    return [round(k * step, 6) for k in range(start, start + 12) if k * step <= last * (1 + 1e-9)]
