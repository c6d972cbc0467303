"""What docs/generate.py puts into the pages of docs/reference: the table of columns, and what every `--help` says."""

from __future__ import annotations

import runpy
from collections.abc import Iterator
from pathlib import Path

import click
from click.testing import CliRunner

from govtext.batch.frame_kinds import PANDAS_TYPES
from govtext.batch.frames import ERROR
from govtext.cli import VERBS, main
from govtext.writing.columns import COLUMN_TYPES, SCORE_TYPE
from govtext.writing.table import JOINED

GENERATE = Path(__file__).with_name("generate.py")
WIDTH = "80"  # columns of the terminal; a help page is never wider


def columns_table() -> list[str]:
    """A row a column of a frame or a Parquet file: name, type, the same in pandas, what it holds."""
    constants = runpy.run_path(str(GENERATE))["constants"]("govtext.writing.columns")
    told = {row.name: row.comment for row in constants}
    rows = [(name, kind, told[f"COLUMN_TYPES['{name}']"]) for name, kind in COLUMN_TYPES.items()]
    rows.append(("score_CODE", SCORE_TYPE, told["SCORE_TYPE"].partition(": ")[2] + "; one column a theme"))
    rows.append((ERROR, "string", "of `classify_frame` alone: why a row could not be labelled"))
    lines = ["| column | type | pandas | what |", "|---|---|---|---|"]
    for name, kind, what in rows:
        lines.append(f"| `{name}` | `{kind}` | `{PANDAS_TYPES[kind]}` | {what.replace('|', chr(92) + '|')} |")
    joined = ", ".join(f"`{name}` with `{by}` between" for name, by in JOINED.items())
    return [*lines, "", f"In a CSV the lists stand in one cell: {joined}."]


def help_pages() -> list[str]:
    """The help of govtext and of each verb, in the order of `govtext --help`."""
    lines: list[str] = []
    for words in (["govtext"], *([*("govtext", verb)] for verb in VERBS)):
        lines += list(_page(words))
    return lines


def _page(words: list[str]) -> Iterator[str]:
    """The help of one command, and of those below it if it is a group."""
    done = CliRunner(env={"COLUMNS": WIDTH}).invoke(main, [*words[1:], "--help"], prog_name=words[0])
    if done.exit_code != 0:
        raise SystemExit(f"{' '.join(words)} --help ended with {done.exit_code}: {done.output}")
    yield from ("", f"## {' '.join(words)}" if len(words) < 3 else f"### {' '.join(words)}", "", "```text")
    yield from (line.rstrip() for line in done.output.rstrip().splitlines())
    yield "```"
    command = main.get_command(click.Context(main), words[1]) if len(words) == 2 else None
    for name in command.commands if isinstance(command, click.Group) else ():
        yield from _page([*words, name])
