"""The pictures: well-formed, the same bytes, nothing breaks out of them, things stand where the numbers say."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from xml.etree import ElementTree

import pytest

from govtext.evaluation.calibration import ReliabilityBin
from govtext.evaluation.intervals import Interval
from govtext.evaluation.pictures import (
    confusion_map,
    coverage_plot,
    interval_plot,
    learning_curve,
    reliability_diagram,
)
from govtext.evaluation.selective import CoveragePoint
from govtext.evaluation.svg import escaped, label, number

HOSTILE = "</text><script>alert(1)</script>\"'&\N{RIGHT-TO-LEFT OVERRIDE}\x00人才"
REPLACED = "\N{REPLACEMENT CHARACTER}"
SVG = "{http://www.w3.org/2000/svg}"


@dataclass(frozen=True)
class Learnt:
    documents: int
    f1: Interval


def heat(name: str) -> str:
    counts = ((8.0, 1.5, 0.5), (0.0, 3.0, 0.0), (2.0, 0.0, 9.0))
    names = (name, "科普", "未给")
    return confusion_map(names, names, counts, sides=("应为", "给出"), title=name)


def dots(name: str) -> str:
    rows = [(name, Interval(0.8, 0.7, 0.9), 1200), ("科普", Interval(1.0, 1.0, 1.0), 3)]
    return interval_plot(rows, overall=0.85, title=name)


def bins(name: str) -> str:
    found = [ReliabilityBin(0, 0.05, 90, 0.01, 0.0, 0.0, 0.04), ReliabilityBin(0.6, 0.9, 9, 0.75, 0.5, 0.3, 0.7)]
    return reliability_diagram(name, name, found, title=name)


def coverage(name: str) -> str:
    points = [CoveragePoint(0.5, 0.01), CoveragePoint(1.0, 0.12)]
    return coverage_plot(points, [(name, 0.5, 0.02)], axes=(name, name), title=name)


def curve(name: str) -> str:
    points = [Learnt(400, Interval(0.9, 0.85, 0.95)), Learnt(100, Interval(0.8, 0.7, 0.9))]
    return learning_curve(points, axes=(name, name), title=name)


PICTURES: Sequence[Callable[[str], str]] = (heat, dots, bins, coverage, curve)


@pytest.mark.parametrize("draw", PICTURES)
def test_picture_is_well_formed_and_says_what_it_shows(draw: Callable[[str], str]) -> None:
    root = ElementTree.fromstring(draw("人才"))
    assert root.tag == f"{SVG}svg"
    assert root[0].tag == f"{SVG}title"
    assert root[0].text == "人才"


@pytest.mark.parametrize("draw", PICTURES)
def test_nothing_breaks_out_of_a_picture(draw: Callable[[str], str]) -> None:
    text = draw(HOSTILE)
    tags = {node.tag for node in ElementTree.fromstring(text).iter()}
    assert tags <= {f"{SVG}{tag}" for tag in ("svg", "title", "text", "rect", "line", "circle", "path")}
    assert "<script" not in text
    assert text.replace("人才", "").isprintable()


@pytest.mark.parametrize("draw", PICTURES)
def test_same_bytes_each_time(draw: Callable[[str], str]) -> None:
    assert draw("人才") == draw("人才")


def test_cell_tells_its_count_and_share() -> None:
    titles = [node.text for node in ElementTree.fromstring(heat("人才")).iter(f"{SVG}title")]
    assert "人才 → 科普: 1.5 (15.0%)" in titles
    assert len(titles) == 1 + 6  # empty cells have none


def test_right_cells_have_a_colour_of_their_own() -> None:
    cells = [node for node in ElementTree.fromstring(heat("人才")).iter(f"{SVG}rect") if node.get("fill-opacity")]
    told = {node[0].text: node.get("class") for node in cells}
    assert told["科普 → 科普: 3 (100.0%)"] == "good"
    assert told["未给 → 人才: 2 (18.2%)"] == "bad"


def test_dot_stands_where_the_figure_says() -> None:
    diagram = ElementTree.fromstring(bins("人才"))
    dots_ = [(float(c.get("cx", "")), float(c.get("cy", ""))) for c in diagram.iter(f"{SVG}circle")]
    (dash,) = [node for node in diagram.iter(f"{SVG}line") if node.get("class") == "dash"]
    x0, y0, x1, y1 = (float(dash.get(key, "")) for key in ("x1", "y1", "x2", "y2"))
    assert dots_[1] == pytest.approx((x0 + 0.75 * (x1 - x0), y0 + 0.5 * (y1 - y0)), abs=0.01)


def test_learning_curve_goes_from_few_documents_to_many() -> None:
    found = [float(c.get("cx", "")) for c in ElementTree.fromstring(curve("n")).iter(f"{SVG}circle")]
    assert found == sorted(found)


@pytest.mark.parametrize(
    ("value", "shown"), [(1.0, "1"), (0.125, "0.12"), (-0.001, "0"), (1234.5, "1234.5"), (100, "100")]
)
def test_coordinates_are_short(value: float, shown: str) -> None:
    assert number(value) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [("人才", "人才"), ("a<b", "a&lt;b"), ('"', "&quot;"), ("\x00", REPLACED), ("a\nb", f"a{REPLACED}b")],
)
def test_text_stays_text(text: str, shown: str) -> None:
    assert escaped(text) == shown


@pytest.mark.parametrize(("name", "cut"), [("十个汉字正好放得下的", False), ("十一个汉字就放不下了吧", True)])
def test_long_name_is_cut_and_whole_in_the_tooltip(name: str, cut: bool) -> None:
    text = label(0, 0, name, most=20)
    assert ("…" in text) is cut
    assert name in text
