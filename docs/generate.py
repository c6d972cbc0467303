"""What the pages of docs/ take from elsewhere, put between their marks: `make docs`.

    <!-- constants: govtext.segmentation.wraps -->…<!-- /constants -->   names, values and comments of a module's constants
    <!-- raw survey -->…<!-- /raw survey -->                             tables of benchmarks/raw_survey.json
    <!-- recipes -->…<!-- /recipes -->                                   fields of training.recipes.RECIPES
    <!-- labels -->, <!-- ablation -->, <!-- fewclue -->                 tables of the files of that name in benchmarks/
    <!-- agreement -->, <!-- speed -->, <!-- trust -->                   likewise
    <!-- columns -->, <!-- command line -->                              tables of docs/reference, from reference_tables.py

A mark may name the constants it wants behind the module. Comments are those of the source, so a page says of a threshold
what the code says, and cannot drift from it.
"""

from __future__ import annotations

import ast
import io
import json
import re
import runpy
import tokenize
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

DOCS = Path(__file__).resolve().parent
BENCHMARKS = DOCS.parent / "benchmarks"
RAW_SURVEY = BENCHMARKS / "raw_survey.json"
COUNTED = {
    "level": "Headings by level",
    "marker": "Headings by family of marker",
    "paragraph": "Paragraphs by kind",
    "boilerplate": "Lines of a site by kind",
    "stretch": "Stretches by kind",
    "repair": "Repairs by kind",
}
_NAMES = "constants|raw survey|recipes|labels|ablation|agreement|fewclue|speed|trust|formats|columns|command line|api"
_MARKS = re.compile(
    rf"(?P<begin><!-- (?P<what>{_NAMES})(?:: (?P<argument>[\w. ]{{1,400}}))? -->\n).*?(?P<end><!-- /(?P=what) -->)",
    re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Constant:
    """A constant as its module has it: name (of an entry of a dict: with its key), value, comment."""

    name: str
    value: Any
    comment: str


@cache
def constants(module: str) -> tuple[Constant, ...]:
    """The public constants of a module with a plain value, in order; a dict of numbers or strings gives one an entry."""
    spec = find_spec(module)
    if spec is None or spec.origin is None:
        raise SystemExit(f"{module}: no such module; a page of docs/ names it")
    source = Path(spec.origin).read_text(encoding="utf-8")
    comments, alone = _comments(source)
    found: list[Constant] = []
    for name, node, literal in _assigned(ast.parse(source)):
        value = _value(module, name, literal)
        if isinstance(literal, ast.Call) and ast.unparse(literal.func) == "MappingProxyType":
            literal = literal.args[0]  # a dict made read-only
        if isinstance(literal, ast.Dict) and value and all(map(_is_scalar, [*value, *value.values()])):
            for key, entry in zip(literal.keys, value.items(), strict=True):
                line = key.lineno if key else node.lineno
                found.append(Constant(f"{name}[{entry[0]!r}]", entry[1], comments.get(line, "")))
        elif _is_plain(value):
            behind = [comments[k] for k in range(node.lineno, (node.end_lineno or node.lineno) + 1) if k in comments]
            found.append(Constant(name, value, " ".join(behind) or _above(alone, node.lineno)))
    return tuple(found)


def _assigned(tree: ast.Module) -> Iterator[tuple[str, ast.stmt, ast.expr | None]]:
    """The names in capitals that a module gives a value, the statement, and what stands for the value there."""
    for node in tree.body:
        if not isinstance(node, ast.Assign | ast.AnnAssign):
            continue
        for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
            targets, values = [target], [node.value]
            if isinstance(target, ast.Tuple):
                several = isinstance(node.value, ast.Tuple) and len(node.value.elts) == len(target.elts)
                targets = target.elts
                values = [*node.value.elts] if several and isinstance(node.value, ast.Tuple) else [None] * len(targets)
            for part, value in zip(targets, values, strict=True):
                if isinstance(part, ast.Name) and re.fullmatch("[A-Z][A-Z0-9_]*", part.id):
                    yield part.id, node, value


def _value(module: str, name: str, literal: ast.expr | None) -> Any:
    """A constant's value: as written, or as its module has it where the source computes it."""
    try:
        return ast.literal_eval(literal) if literal else getattr(import_module(module), name)
    except ValueError:
        # Only now: importing a training room takes a second.
        return getattr(import_module(module), name)


def _comments(source: str) -> tuple[dict[int, str], dict[int, str]]:
    """The comments by line: those behind code, those alone on their line."""
    behind: dict[int, str] = {}
    alone: dict[int, str] = {}
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT and not re.match(r"#\s*(?:fmt|noqa|type):", token.string):
            (behind if token.line[: token.start[1]].strip() else alone)[token.start[0]] = token.string.lstrip("# ")
    return behind, alone


def _above(alone: Mapping[int, str], line: int) -> str:
    """The comment that stands over a line."""
    said: list[str] = []
    while (line := line - 1) in alone:
        said.insert(0, alone[line])
    return " ".join(said)


def _is_scalar(value: object) -> bool:
    return type(value) in (int, float, str)


def _is_plain(value: object) -> bool:
    """Whether a value is a number, a string, or a tuple of plain values."""
    return _is_scalar(value) or (type(value) is tuple and bool(value) and all(map(_is_plain, value)))


def shown(value: Any) -> str:
    """A plain value as a page shows it."""
    if isinstance(value, tuple):
        return ", ".join(f"({shown(part)})" if isinstance(part, tuple) else shown(part) for part in value)
    if isinstance(value, str):
        return f"`{value}`" if value.isprintable() else f"`{ascii(value)[1:-1]}`"
    return f"{value:,}" if isinstance(value, int) else repr(value)


def constants_table(argument: str) -> list[str]:
    """The table of a module's constants; of those named behind the module, if any are."""
    module, *wanted = argument.split()
    rows = constants(module)
    if missing := set(wanted) - {row.name for row in rows}:
        raise SystemExit(f"{module} has no public plain constant {sorted(missing)[0]}; a page of docs/ names it")
    lines = [f"| `{module}` | value | what |", "|---|---|---|"]
    for row in rows:
        if not wanted or row.name in wanted:
            cells = (f"`{row.name}`", shown(row.value), row.comment)
            lines.append("| " + " | ".join(cell.replace("|", r"\|") for cell in cells) + " |")
    return lines


def raw_survey(_: str) -> list[str]:
    """The tables of the survey: what went in, then what was found, a row a kind, a column a family of documents."""
    result = json.loads(RAW_SURVEY.read_text(encoding="utf-8"))
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


def recipes(_: str) -> list[str]:
    """The fields of the recipes, side by side."""
    table = import_module("govtext.training.recipes").RECIPES
    lines = [f"| field | {' | '.join(f'`{name}`' for name in table)} |", "|---" * (len(table) + 1) + "|"]
    for name in next(iter(table.values())).__dataclass_fields__:
        cells = [_field(getattr(recipe, name)) for recipe in table.values()]
        lines.append(f"| `{name}` | {' | '.join(cells)} |")
    return lines


def _field(value: Any) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{key} {number}" for key, number in value.items()) or "none"
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else shown(value)


def labels(_: str) -> list[str]:
    """What keywords, thirty examples a theme and all labels give."""
    asked, few = _figures("keywords"), _figures("labels")
    rows = {f"keywords alone: {name}": figures for name, figures in asked["mean"].items()}
    kinds = ("micro_f1", "macro_f1", "exact_set")
    lines = ["| from | labelled paragraphs | micro-F1 | macro-F1 | exact set |", "|---|---|---|---|---|"]
    for name, figures in {**rows, **few["ways"]}.items():
        cells = [f"{figures.get('labelled', 0):,}", *(f"{figures[kind]:.3f}" for kind in kinds)]
        lines.append(f"| {name} | {' | '.join(cells)} |")
    return [*lines, "", f"{_said(few)}; the corpus as it was then. Keywords: {_said(asked)}."]


def ablation(_: str) -> list[str]:
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


def fewclue(_: str) -> list[str]:
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


def agreement(_: str) -> list[str]:
    """What two annotators say of the same paragraphs."""
    said = _figures("agreement")
    return [
        f"On {said['excerpts']} of the real excerpts, {said['paragraphs']} paragraphs, second annotators who knew "
        f"the codebook agree with the labels at themes micro-F1 {said['theme_micro_f1']:.3f}, "
        f"equal sets {said['theme_exact_set']:.3f}, role {said['role']:.3f}, "
        f"formulaic F1 {said['formulaic_f1']:.3f}; {_said(said)}."
    ]


def speed(_: str) -> list[str]:
    """What was asked for and what was reached, then all tables of `make bench` and its picture."""
    tables = runpy.run_path(str(BENCHMARKS / "speed_tables.py"))
    if not (BENCHMARKS / "speed.json").is_file():
        return [*tables["targets_table"]({}), "", "Not measured yet: `make bench`."]
    lines: list[str] = tables["speed_lines"](_figures("speed"))
    return [*lines, "", "![Times as fast as naive ways, and growth](../../benchmarks/speed.svg)"]


def trust(_: str) -> list[str]:
    """The table of threats, of docs/trust_rows.py."""
    lines: list[str] = runpy.run_path(str(DOCS / "trust_rows.py"))["table"]()
    return lines


def formats(_: str) -> list[str]:
    """What is left of reports in each format."""
    lines = ["| as | characters | themes | headings |", "|---|---|---|---|"]
    for name, row in _figures("formats")["renderings"].items():
        lines.append(f"| {name} | {row['characters']:.4f} | {row['themes']:.4f} | {row['headings']:.4f} |")
    return lines


def reference(made: str, file: str = "reference_tables.py") -> list[str]:
    """The lines that a function of reference_tables.py, or of another file beside it, makes."""
    lines: list[str] = runpy.run_path(str(DOCS / file))[made]()
    return lines


GENERATORS: dict[str, Callable[[str], list[str]]] = {
    "constants": constants_table,
    "raw survey": raw_survey,
    "recipes": recipes,
    "labels": labels,
    "ablation": ablation,
    "agreement": agreement,
    "fewclue": fewclue,
    "speed": speed,
    "trust": trust,
    "formats": formats,
    "columns": lambda _: reference("columns_table"),
    "command line": lambda _: reference("help_pages"),
    "api": lambda _: reference("api_lines", "api_page.py"),
}


def filled(page: str) -> str:
    """A page with what stands between its marks made anew."""

    def fresh(match: re.Match[str]) -> str:
        made = GENERATORS[match["what"]](match["argument"] or "")
        return match["begin"] + "".join(f"{line}\n" for line in made) + match["end"]

    return _MARKS.sub(fresh, page)


def main() -> None:
    """Fills all pages; says which of them changed."""
    for path in sorted(DOCS.rglob("*.md")):
        before = path.read_text(encoding="utf-8")
        after = filled(before)
        if after != before:
            path.write_text(after, encoding="utf-8")
            print(path.relative_to(DOCS.parent))


if __name__ == "__main__":
    main()
