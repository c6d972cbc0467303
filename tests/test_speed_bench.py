"""What `make bench` makes of times: ratios, slopes, tables and pictures, on made numbers; nothing is timed here."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest

import govtext
from govtext.features.passages import to_passages

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "benchmarks"))
import curves  # noqa: E402  (benchmarks/, run by make bench)
import start_time  # noqa: E402
from interleaved import Contender, Timings, figures, interleaved, ratios  # noqa: E402
from speed_pictures import bars_of, speed_picture  # noqa: E402
from speed_tables import PASSAGES, ROAD, TARGETS, Target, shown, speed_lines, targets_table  # noqa: E402

SVG = "{http://www.w3.org/2000/svg}"
TEXT = "工作总结\n一、服务企业\n走访企业120家，帮助36家解决融资难题。\n二、存在的问题\n人员偏少，经费不足。\n"
PAIR = {"ratio": 40.0, "rounds": [30.0, 40.0, 50.0], "interval": [35.0, 45.0], "each": [9.0, 20.0, 60.0]}


def row(against: str | None = None, **more: Any) -> dict[str, Any]:
    return {"seconds": [1.0, 2.0, 3.0], "against": against, "characters": 10, "Mchar_per_s": 0.1234, **more}


def result() -> dict[str, Any]:
    """As speed.json, with made numbers."""
    stamp = {"date": "2026-01-02", "command": "make bench", "rounds": 3}
    command = {"wall_ms": [90.0, 100.0, 110.0], "cpu_ms": [80.0, 81.0, 82.0], "peak_MB": [20.0, 21.0, 22.0]}
    thirds = {"wall": [11.0, 12.0, 13.0], "cpu": [9.0, 9.0, 9.0], "peak": [0.2, 0.25, 0.3]}
    held = PAIR | {"ratio": 14.9}
    return {
        "machine": {"cores": 2, "python": "3.11.7"},
        "parts": {
            "naive": {**stamp, "contenders": {"naive": row(), "other": row("naive", **PAIR), PASSAGES: row("other", **PAIR)}},
            "road": {**stamp, "contenders": {"naive": row(), ROAD: row("naive", **held), "govtext.batch": None}},
            "start": {
                **stamp,
                "commands": {"python": command},
                "faster": thirds,
                "share": thirds,
                "import_ms": [1.0, 61.0, 80.0],
                "load_ms": [9.0, 15.0, 16.0],
            },
            "cleaning": {**stamp, "left_out": "lxml is not installed"},
            "growth": {**stamp, "curves": {"<files>": curves.as_figures([1, 2, 4, 8], [0.1, 0.2, 0.4, 0.8])}},
        },
    }  # fmt: skip


@pytest.fixture
def clock() -> Callable[[], float]:
    """A clock that goes on by one second each time it is asked."""
    ticks: Iterator[int] = count()
    return lambda: float(next(ticks))


def test_contenders_take_turns_in_rotated_order(clock: Callable[[], float]) -> None:
    seen: list[tuple[str, int]] = []

    def noting(name: str) -> Contender[int]:
        return Contender(name, lambda group: seen.append((name, group)))

    timings = interleaved([noting("a"), noting("b")], [0, 1], rounds=2, warm=False, clock=clock)
    order = "".join(name for name, _ in seen)
    assert order == "ab" + "ba" + "ba" + "ab"
    assert [group for _, group in seen] == [0, 0, 1, 1] * 2
    assert timings.seconds["a"].tolist() == [[1.0, 1.0]] * 2


def test_warming_up_does_not_count(clock: Callable[[], float]) -> None:
    seen: list[int] = []
    timings = interleaved([Contender("a", seen.append)], [7], rounds=1, clock=clock)
    assert seen == [7, 7]
    assert timings.seconds["a"].sum() == 1.0


@pytest.mark.parametrize(("n", "groups", "rounds"), [(0, [1], 1), (1, [], 1), (1, [1], 0)])
def test_nothing_to_measure_is_refused(n: int, groups: list[int], rounds: int) -> None:
    with pytest.raises(ValueError, match="wanted one of each"):
        interleaved([Contender("a", print)] * n, groups, rounds=rounds)


def test_two_contenders_of_one_name_are_refused() -> None:
    with pytest.raises(ValueError, match="two contenders of one name"):
        interleaved([Contender("a", print), Contender("a", print)], [1], rounds=1)


def test_ratio_is_that_of_the_sums_and_a_slow_round_leaves_it() -> None:
    other = np.array([[1.0, 9.0], [1.0, 9.0], [100.0, 900.0]])
    own = np.array([[0.5, 1.0], [0.5, 1.0], [0.5, 1.0]])
    found = ratios(other, own)
    assert found["ratio"] == pytest.approx(10 / 1.5, abs=1e-3)
    assert found["rounds"] == pytest.approx([6.667, 6.667, 666.667], abs=1e-3)
    assert found["each"] == pytest.approx([2.7, 5.5, 8.3])
    low, high = found["interval"]
    assert (low, high) == (2.0, 9.0)


def test_one_group_alone_has_no_interval() -> None:
    assert {"ratio", "rounds"} == ratios(np.array([[2.0]]), np.array([[1.0]])).keys()


def test_figures_hold_each_contender_against_its_own() -> None:
    contenders: list[Contender[str]] = [
        Contender("a", len, None, len),
        Contender("b", len, "a", len),
        Contender("c", len, "b"),
    ]
    seconds = {"a": np.array([[4.0]]), "b": np.array([[2.0]]), "c": np.array([[0.5]])}
    found = figures(Timings(contenders, ["x" * 2000], seconds))
    assert found["a"] == {"seconds": [4.0, 4.0, 4.0], "against": None, "characters": 2000, "Mchar_per_s": 0.0005}
    assert found["b"]["ratio"] == 2.0
    assert found["c"]["ratio"] == 4.0
    assert "Mchar_per_s" not in found["c"]


@pytest.mark.parametrize("power", [0.0, 1.0, 2.0])
def test_slope_is_the_power_of_the_size(power: float) -> None:
    sizes = [10, 20, 40, 80, 160]
    assert power == pytest.approx(curves.slope(sizes, [3e-4 * n**power for n in sizes]), abs=1e-9)


def test_what_costs_the_same_at_any_size_does_not_hide_growth() -> None:
    sizes = [2**k for k in range(12)]
    assert curves.slope(sizes, [20.0 + n for n in sizes]) == pytest.approx(1.0, abs=0.1)


def test_repeated_text_has_the_length_asked_for() -> None:
    assert [len(curves.repeated_text(["甲乙", "丙"], n)) for n in (1, 5, 23)] == [1, 5, 23]


def test_models_are_made_larger_and_smaller() -> None:
    model = govtext.load()
    judge, n = model.judge, len(model.taxonomy.codes)
    passages = to_passages(TEXT, model.classify(TEXT).paragraphs)
    assert curves.with_themes(judge, 3).judge(passages).themes.shape == (len(passages), 3 * n)
    assert np.array_equal(curves.with_themes(judge, 1).judge(passages).themes, judge.judge(passages).themes)
    terms = [len(curves.with_terms(judge, parts).blocks[0].vocabulary) for parts in (1, 2)]
    assert terms == [len(judge.blocks[0].vocabulary), -(-len(judge.blocks[0].vocabulary) // 2)]


def test_sections_are_as_many_as_asked_for() -> None:
    passages = to_passages(TEXT, govtext.classify(TEXT).paragraphs)
    assert curves.sections_text(passages, 5).count("工作情况") == 5


def test_processes_are_compared_run_by_run() -> None:
    slow, fast = [(1.0, 0.8, 300.0), (3.0, 0.9, 300.0)], [(0.1, 0.08, 60.0), (0.1, 0.09, 75.0)]
    assert start_time.paired(slow, fast)["wall"] == [10.0, 20.0, 30.0]
    assert start_time.paired(fast, slow)["peak"] == [0.2, 0.225, 0.25]
    assert start_time.above_ms(slow, fast) == [720.0, 765.0, 810.0]
    assert start_time.start_figures({"a": slow})["a"]["wall_ms"] == [1000.0, 2000.0, 3000.0]


def test_process_that_fails_is_not_called_fast() -> None:
    with pytest.raises(SystemExit, match=r"exit code 3: no model"):
        start_time.run([sys.executable, "-S", "-c", "import sys; sys.stderr.write('no model'); sys.exit(3)"])


@pytest.mark.parametrize(
    ("at_least", "reached", "met"),
    [(True, 34.9, False), (True, 35.0, True), (True, 35.1, True), (False, 34.9, True), (False, 35.0, True), (False, 35.1, False)],
)  # fmt: skip
def test_target_is_met_from_the_wanted_figure_on(at_least: bool, reached: float, met: bool) -> None:
    assert met == Target("x", at_least, 35, "", ()).is_met(reached)


def test_targets_are_judged_by_what_was_measured() -> None:
    found = {line.split(" | ")[0][2:]: line.rsplit(" | ", 1)[1] for line in targets_table(result())[2:]}
    assert found == {
        "text to themes, passages given": "yes |",
        "whole road from bytes, all reports": "**no** |",
        "one report a call, the middle one": "yes |",
        "start to first label": "yes |",
        "peak memory to first label": "yes |",
        "import govtext": "**no** |",
        "load the bundled model": "yes |",
        "training by recipe lone": "not measured |",
        "training, first stage of documents": "not measured |",
    }


def test_nothing_measured_still_says_what_was_asked_for() -> None:
    lines = targets_table({})
    assert len(lines) == 2 + len(TARGETS)
    assert all(line.endswith("not measured |") for line in lines[2:])


def test_tables_are_whole() -> None:
    lines = speed_lines(json.loads(json.dumps(result())))
    widths: list[set[int]] = [set()]
    for line in lines:
        if line.startswith("|"):
            widths[-1].add(line.count("|"))
        elif widths[-1]:
            widths.append(set())
    assert [len(table) for table in widths if table] == [1] * 5
    assert "| other | 0.123 | 2 | 40 | 35–45 | 30–50 | 9–60 |" in lines
    assert f"| {PASSAGES} | 0.123 | 2 | 40 of *other* | 35–45 | 30–50 | 9–60 |" in lines
    assert "| <files> | 1 | 8 | 0.1 | 0.8 | 1.00 |" in lines
    assert "Left out: lxml is not installed." in lines


@pytest.mark.parametrize(
    ("value", "text"), [(0, "0"), (0.01234, "0.0123"), (99.94, "99.9"), (100, "100"), (12345, "12,345")]
)
def test_figures_are_shown_with_three_digits(value: float, text: str) -> None:
    assert text == shown(value)


def test_picture_is_well_formed_and_nothing_breaks_out_of_it() -> None:
    drawn = speed_picture(result())
    root = ElementTree.fromstring(drawn)
    said = [node.text for node in root.iter(f"{SVG}text")]
    assert "<files>" in said
    assert drawn == speed_picture(result())
    bars = {bar.name: bar for bar in bars_of(result())}
    assert bars[PASSAGES].wanted == 35
    assert bars["other"].wanted is None
    assert not bars["other"].is_ours
    assert len([node for node in root.iter(f"{SVG}rect") if node.get("class") == "good"]) == 3


def test_picture_of_one_part_is_drawn() -> None:
    growth = {"machine": {}, "parts": {"growth": result()["parts"]["growth"]}}
    assert "slope 1.00" in speed_picture(growth)
