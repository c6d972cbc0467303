"""What docs/generate.py puts into pages out of the figures of benchmarks/*.json: a function a mark."""

from __future__ import annotations

import json
import runpy
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

BENCHMARKS = Path(__file__).resolve().parent.parent / "benchmarks"
COUNTED = {
    "level": "Headings by level",
    "marker": "Headings by family of marker",
    "paragraph": "Paragraphs by kind",
    "boilerplate": "Lines of a site by kind",
    "stretch": "Stretches by kind",
    "repair": "Repairs by kind",
}


def raw_survey() -> list[str]:
    """The tables of the survey: what went in, then what was found, a row a kind, a column a family of documents."""
    result = _figures("raw_survey")
    families: dict[str, Any] = result["families"]
    n_faults = len(result["faults"])
    lines = [
        f"{result['files']} files, {result['date']}; files in which something does not add up: {n_faults}.",
        "",
        "| family | files | thousand characters |",
        "|---|---|---|",
        *(f"| {name} | {f['files']} | {f['characters'] / 1e3:.0f} |" for name, f in families.items()),
    ]
    for counted, title in COUNTED.items():
        lines += ["", f"{title}:", ""]
        total: Counter[str] = Counter()
        for family in families.values():
            total.update(family["counts"].get(counted, {}))
        if not total:
            lines.append("none was counted.")
            continue
        lines += [f"| {counted} | all | {' | '.join(families)} |", "|---" * (len(families) + 2) + "|"]
        for kind, n in sorted(total.items(), key=lambda entry: (-entry[1], entry[0])):
            cells = [f"{family['counts'].get(counted, {}).get(kind, 0):,}" for family in families.values()]
            lines.append(f"| {kind} | {n:,} | {' | '.join(cells)} |")
    return lines


def labels() -> list[str]:
    """What keywords, thirty examples a theme and all labels give."""
    asked, few = _figures("keywords"), _figures("labels")
    rows = {f"keywords alone: {name}": figures for name, figures in asked["mean"].items()}
    kinds = ("micro_f1", "macro_f1", "exact_set")
    lines = ["| from | labelled paragraphs | micro-F1 | macro-F1 | exact set |", "|---|---|---|---|---|"]
    for name, figures in {**rows, **few["ways"]}.items():
        cells = [f"{figures.get('labelled', 0):,}", *(f"{figures[kind]:.3f}" for kind in kinds)]
        lines.append(f"| {name} | {' | '.join(cells)} |")
    return [*lines, "", f"{_said(few)}; the corpus as it was then. Keywords: {_said(asked)}."]


def ablation() -> list[str]:
    """The recipe without each of its parts."""
    if not (BENCHMARKS / "ablation.json").is_file():
        return ["Not measured yet: `python benchmarks/ablation.py --write`."]
    result = _figures("ablation")
    lines = ["| recipe | micro-F1 | 95 % | difference | 95 % | p |", "|---|---|---|---|---|---|"]
    for name, row in result["recipes"].items():
        value, low, high = row["micro_f1"]
        more, least, most = row["difference"]
        against = ["", "", ""] if name == next(iter(result["recipes"])) else [
            f"{more:+.3f}", f"{least:+.3f} to {most:+.3f}", f"{row['p_value']:.3f}"
        ]  # fmt: skip
        lines.append(f"| {name} | {value:.3f} | {low:.3f} to {high:.3f} | {' | '.join(against)} |")
    n, real = result["documents"]
    return [*lines, "", f"{n} documents, {real} of them real; {_said(result)}."]


def fewclue() -> list[str]:
    """Accuracy on the public sets, a row a way."""
    result = _figures("fewclue")
    tasks: dict[str, Any] = {name: task for name, task in result["tasks"].items() if task}
    ways = dict.fromkeys(way for task in tasks.values() for way in task["accuracy"])
    heads = [f"{name}: {t['labels']} labels, {t['rows']:,} rows" for name, t in tasks.items()]
    lines = [f"| way | {' | '.join(heads)} |", "|---" * (len(tasks) + 1) + "|"]
    for way in ways:
        cells = [_accuracy(task["accuracy"].get(way)) for task in tasks.values()]
        lines.append(f"| {way} | {' | '.join(cells)} |")
    for way in dict.fromkeys(way for task in tasks.values() for way in task["published"]):
        cells = [str(task["published"].get(way, "")) for task in tasks.values()]
        lines.append(f"| published: {way} | {' | '.join(cells)} |")
    return [*lines, "", f"{_said(result)}."]


def _accuracy(figure: Mapping[str, Any] | None) -> str:
    if figure is None:
        return ""
    return f"{figure['mean']:.1f} ± {figure['deviation']:.1f}" if figure["samples"] > 1 else f"{figure['mean']:.1f}"


def _figures(name: str) -> dict[str, Any]:
    result: dict[str, Any] = json.loads((BENCHMARKS / f"{name}.json").read_text(encoding="utf-8"))
    return result


def _said(result: Mapping[str, Any]) -> str:
    return f"`{result['command']}`, {result['date']}"


def agreement() -> list[str]:
    """What two annotators say of the same paragraphs."""
    said = _figures("agreement")
    return [
        f"On {said['excerpts']} of the real excerpts, {said['paragraphs']} paragraphs, second annotators who knew "
        f"the codebook agree with the labels at themes micro-F1 {said['theme_micro_f1']:.3f}, "
        f"equal sets {said['theme_exact_set']:.3f}, role {said['role']:.3f}, "
        f"formulaic F1 {said['formulaic_f1']:.3f}; {_said(said)}."
    ]


def speed() -> list[str]:
    """What was asked for and what was reached, then all tables of `make bench` and its picture."""
    tables = runpy.run_path(str(BENCHMARKS / "speed_tables.py"))
    if not (BENCHMARKS / "speed.json").is_file():
        return [*tables["targets_table"]({}), "", "Not measured yet: `make bench`."]
    lines: list[str] = tables["speed_lines"](_figures("speed"))
    return [*lines, "", "![Times as fast as naive ways, and growth](../../benchmarks/speed.svg)"]


def formats() -> list[str]:
    """What is left of reports in each format."""
    lines = ["| as | characters | themes | headings |", "|---|---|---|---|"]
    for name, row in _figures("formats")["renderings"].items():
        lines.append(f"| {name} | {row['characters']:.4f} | {row['themes']:.4f} | {row['headings']:.4f} |")
    return lines
