"""What speed.json says, as tables in Markdown, and what was asked for beside what was reached.

docs/generate.py puts the tables into docs/method/speed.md, so that this imports nothing heavy. The names of the rows that the
targets speak of stand here for the same reason.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Result = Mapping[str, Any]
NAIVE, NAIVE_PASSAGES = "naive: jieba, TF-IDF, SVC", "naive, the same passages"
PASSAGES, ROAD = "govtext, passages given", "govtext, whole road from bytes"
LOOP, BATCH = "govtext, a loop over files", "govtext.batch, one process"
NAIVE_TRAINING = "naive: cross_val_predict, thresholds, fit"
LONE, FIRST = "govtext, recipe lone", "govtext, documents, first stage"
MEDIAN = 1  # of least, median and most; of three tenths


@dataclass(frozen=True, slots=True)
class Target:
    """What was asked for: at least or at most `wanted`, and where in speed.json it stands what was reached."""

    what: str
    at_least: bool
    wanted: float
    unit: str
    where: tuple[str | int, ...]

    def reached(self, result: Result) -> float | None:
        """What was reached, None where it was not measured."""
        found: Any = result.get("parts", {})
        for key in self.where:
            if isinstance(key, int):
                if not isinstance(found, Sequence) or key >= len(found):
                    return None
                found = found[key]
            else:
                found = found.get(key) if isinstance(found, Mapping) else None
        return None if found is None else float(found)

    def is_met(self, reached: float) -> bool:
        """Whether that is enough."""
        return reached >= self.wanted if self.at_least else reached <= self.wanted


TARGETS = (
    Target("text to themes, passages given", True, 35, "× naive", ("naive", "contenders", PASSAGES, "ratio")),
    Target("whole road from bytes, all reports", True, 15, "× naive", ("road", "contenders", ROAD, "ratio")),
    # The long reports decide the row above; here each report counts the same.
    Target("one report a call, the middle one", True, 8, "× naive", ("road", "contenders", ROAD, "each", MEDIAN)),
    Target("start to first label", True, 10, "× as fast as a naive script", ("start", "faster", "wall", MEDIAN)),
    Target("peak memory to first label", False, 0.3, "of a naive script's", ("start", "share", "peak", MEDIAN)),
    Target("import govtext", False, 60, "ms over bare Python", ("start", "import_ms", MEDIAN)),
    Target("load the bundled model", False, 15, "ms", ("start", "load_ms", MEDIAN)),
    Target("training by recipe lone", True, 4, "× naive", ("training", "contenders", LONE, "ratio")),
    Target("training, first stage of documents", True, 4, "× naive", ("training", "contenders", FIRST, "ratio")),
)
TITLES = {
    "naive": "Text to themes",
    "road": "The whole road",
    "batch": "Many files at once",
    "start": "Start to first label, fresh processes",
    "training": "Training",
    "cleaning": "Cleaning a web page",
    "growth": "Growth",
}


def targets_table(result: Result) -> list[str]:
    """What was asked for, what was reached, and whether that is enough."""
    lines = ["| asked | wanted | reached | |", "|---|---|---|---|"]
    for target in TARGETS:
        reached = target.reached(result)
        wanted = f"{'≥' if target.at_least else '≤'} {target.wanted:g} {target.unit}"
        said = "–" if reached is None else shown(reached)
        verdict = "not measured" if reached is None else "yes" if target.is_met(reached) else "**no**"
        lines.append(f"| {target.what} | {wanted} | {said} | {verdict} |")
    return lines


def contender_table(contenders: Mapping[str, Any]) -> list[str]:
    """One row a contender: how fast, how many times as fast as the one it is held against, and both spreads of that."""
    lines = [
        "| | Mchar/s | CPU s | times as fast | 95 % over reports | rounds | single reports |",
        "|---|---|---|---|---|---|---|",
    ]
    for name, row in contenders.items():
        if row is None:
            lines.append(f"| {name} | not here |" + " |" * 5)
            continue
        cells = [shown(row["Mchar_per_s"]) if "Mchar_per_s" in row else "", shown(row["seconds"][MEDIAN])]
        if row["against"] is None:
            cells += ["1", "", "", ""]
        else:
            held = "" if row["against"] == next(iter(contenders)) else f" of *{row['against']}*"
            cells.append(f"{shown(row['ratio'])}{held}")
            cells += [_span(row.get(key)) for key in ("interval", "rounds", "each")]
        lines.append(f"| {name} | {' | '.join(cells)} |")
    return lines


def start_table(part: Mapping[str, Any]) -> list[str]:
    """One row a command: medians, with the least and the most of the wall time."""
    lines = ["| | wall, ms | | CPU, ms | peak, MB |", "|---|---|---|---|---|"]
    for name, row in part["commands"].items():
        cells = [shown(row["wall_ms"][MEDIAN]), _span(row["wall_ms"])]
        cells += [shown(row[key][MEDIAN]) for key in ("cpu_ms", "peak_MB")]
        lines.append(f"| {name} | {' | '.join(cells)} |")
    load = part["load_ms"]
    return [*lines, "", f"Loading the bundled model in a running process: {shown(load[MEDIAN])} ms ({_span(load)})."]


def growth_table(part: Mapping[str, Any]) -> list[str]:
    """One row a curve: from where to where, and the power of the size that time grows with."""
    lines = ["| | from | to | s | s | slope |", "|---|---|---|---|---|---|"]
    for what, curve in part["curves"].items():
        sizes, seconds = curve["sizes"], curve["seconds"]
        cells = [f"{sizes[0]:,}", f"{sizes[-1]:,}", shown(seconds[0]), shown(seconds[-1]), f"{curve['slope']:.2f}"]
        lines.append(f"| {what} | {' | '.join(cells)} |")
    return lines


def part_table(name: str, part: Mapping[str, Any]) -> list[str]:
    """The table of one part; why there is none, where it was left out."""
    if "left_out" in part:
        return [f"Left out: {part['left_out']}."]
    if name == "start":
        return start_table(part)
    if name == "growth":
        return growth_table(part)
    table = contender_table(part["contenders"])
    if name == "training":
        table += [
            "",
            f"{part['paragraphs']:,} paragraphs of {part['documents']} documents, {part['themes']} themes, "
            f"{part['folds']} folds.",
        ]
    return table


def speed_lines(result: Result) -> list[str]:
    """All tables, the targets first."""
    machine = ", ".join(f"{key} {value}" for key, value in result["machine"].items())
    lines = [*targets_table(result), "", f"One core of: {machine}."]
    for name, title in TITLES.items():
        if name in result["parts"]:
            part = result["parts"][name]
            lines += ["", f"{title}, {part['date']}, `{part['command']}`:", "", *part_table(name, part)]
    return lines


def shown(value: float) -> str:
    """A figure with three digits that count."""
    if value == 0 or abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.3g}"


def _span(values: Sequence[float] | None) -> str:
    """From the first to the last."""
    return "" if not values else f"{shown(values[0])}–{shown(values[-1])}"
