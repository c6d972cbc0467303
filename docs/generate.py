"""What the pages of docs/ take from elsewhere, put between their marks: `make docs`.

    <!-- constants: govtext.segmentation.wraps -->…<!-- /constants -->   names, values and comments of a module's constants
    <!-- raw survey -->…<!-- /raw survey -->                             tables of benchmarks/raw_survey.json
    <!-- recipes -->…<!-- /recipes -->                                   fields of training.recipes.RECIPES
    <!-- labels -->, <!-- ablation -->, <!-- fewclue -->                 tables of the files of that name in benchmarks/,
    <!-- agreement -->, <!-- speed -->, <!-- formats -->                 from benchmark_tables.py, as the survey
    <!-- trust -->                                                       the table of threats, from trust_rows.py
    <!-- columns -->, <!-- command line -->                              tables of docs/reference, from reference_tables.py
    <!-- api -->                                                         signatures and docstrings, from api_page.py

A mark may name the constants it wants behind the module. Comments are those of the source, so a page says of a threshold
what the code says, and cannot drift from it.
"""

from __future__ import annotations

import ast
import io
import re
import runpy
import tokenize
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

DOCS = Path(__file__).resolve().parent
FIGURES = ("labels", "ablation", "agreement", "fewclue", "speed", "formats")
_NAMES = "|".join(("constants", "raw survey", "recipes", *FIGURES, "trust", "columns", "command line", "api"))
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


def made_by(file: str, name: str) -> Callable[[str], list[str]]:
    """What makes the lines of a mark: a function of another file beside this one, loaded when it is asked for."""

    def lines(_: str) -> list[str]:
        found: list[str] = runpy.run_path(str(DOCS / file))[name]()
        return found

    return lines


GENERATORS: dict[str, Callable[[str], list[str]]] = {
    "constants": constants_table,
    "recipes": recipes,
    "raw survey": made_by("benchmark_tables.py", "raw_survey"),
    **{name: made_by("benchmark_tables.py", name) for name in FIGURES},
    "trust": made_by("trust_rows.py", "table"),
    "columns": made_by("reference_tables.py", "columns_table"),
    "command line": made_by("reference_tables.py", "help_pages"),
    "api": made_by("api_page.py", "api_lines"),
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
