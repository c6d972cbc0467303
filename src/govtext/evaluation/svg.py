"""SVG written by hand: elements, text that cannot break out, axes; no library, so the same bytes everywhere.

Colours are CSS classes of `STYLE`, so the page's light and dark decide. Text has no font of its own: the reader's system draws
it, Chinese too.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from govtext.writing.width import columns, cut

STYLE = """\
svg text{font-family:inherit;font-size:12px;fill:var(--ink)}
svg .muted{fill:var(--muted)}
svg .small{font-size:10.5px}
svg .name{font-weight:600}
svg .on{fill:var(--paper)}
svg .end{text-anchor:end}
svg .middle{text-anchor:middle}
svg .grid{stroke:var(--line);stroke-width:1;fill:none}
svg .axis{stroke:var(--muted);stroke-width:1;fill:none}
svg .dash{stroke:var(--muted);stroke-width:1;stroke-dasharray:4 3;fill:none}
svg .line{stroke:var(--good);stroke-width:2;fill:none;stroke-linejoin:round}
svg .reach{stroke:var(--good);stroke-width:2;stroke-opacity:.55;fill:none}
svg .band{fill:var(--good);fill-opacity:.16}
svg .good{fill:var(--good)}
svg .bad{fill:var(--bad)}
svg .ring{fill:var(--paper);stroke:var(--bad);stroke-width:2}
"""


def escaped(text: object) -> str:
    """Text that is only text in HTML, SVG and attributes; what is no printable character becomes a replacement character."""
    shown = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in str(text))
    return escape(shown, quote=True)


def number(value: float) -> str:
    """A coordinate: at most two decimals, never -0."""
    return f"{round(float(value), 2) + 0.0:.2f}".rstrip("0").rstrip(".")


def element(name: str, *inside: str, **attributes: object) -> str:
    """An element with escaped attributes; `kind` is its class, `_` in a name stands for `-`. `inside` must be markup already."""
    said = ""
    for key, value in attributes.items():
        shown = number(value) if isinstance(value, float | int) else escaped(value)
        said += f' {"class" if key == "kind" else key.replace("_", "-")}="{shown}"'
    return f"<{name}{said}>{''.join(inside)}</{name}>" if inside else f"<{name}{said}/>"


def label(x: float, y: float, text: object, kind: str = "", *, turned: float = 0.0, most: int = 0) -> str:
    """Text at a place, turned by degrees; cut to `most` columns (a Han character is two), whole as a tooltip then."""
    whole = str(text)
    shown = cut(whole, most) if most else whole
    attributes: dict[str, object] = {"x": x, "y": y}
    if kind:
        attributes["kind"] = kind
    if turned:
        attributes["transform"] = f"rotate({number(turned)} {number(x)} {number(y)})"
    inside = [escaped(shown)] + ([element("title", escaped(whole))] if shown != whole else [])
    return element("text", *inside, **attributes)


def line(x1: float, y1: float, x2: float, y2: float, kind: str) -> str:
    """A straight line."""
    return element("line", x1=x1, y1=y1, x2=x2, y2=y2, kind=kind)


def dot(x: float, y: float, r: float, kind: str, tooltip: str) -> str:
    """A dot with a tooltip."""
    return element("circle", element("title", escaped(tooltip)), cx=x, cy=y, r=r, kind=kind)


def path(points: Sequence[tuple[float, float]], kind: str, *, closed: bool = False) -> str:
    """A line through points, or the area inside."""
    steps = "".join(f"{'L' if k else 'M'}{number(x)} {number(y)}" for k, (x, y) in enumerate(points))
    return element("path", d=steps + ("Z" if closed else ""), kind=kind)


def picture(width: float, height: float, title: str, *inside: str) -> str:
    """The whole drawing; `title` is what a screen reader says."""
    return element(
        "svg",
        element("title", escaped(title)),
        *inside,
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {number(width)} {number(height)}",
        width=width,
        height=height,
        role="img",
    )


def widest(names: Sequence[str], *, most: int, pixels: float = 6.2) -> float:
    """Pixels that the longest of names takes, cut to `most` columns."""
    return max((min(columns(name), most) for name in names), default=0) * pixels
