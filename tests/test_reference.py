"""The pages of docs/reference say what the code says: columns, `--help`, exit codes; their code prints what they show."""

from __future__ import annotations

import re
import runpy
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner

from govtext.cli import BAD_INPUT, INTERRUPTED, PIPE_CLOSED, VERBS, main
from govtext.writing.columns import COLUMN_TYPES
from govtext.writing.table import FIELDS, OWN

pytest.importorskip("pyarrow", reason="pyarrow is not installed")
pytest.importorskip("matplotlib", reason="matplotlib is not installed (extra plots)")

ROOT = Path(__file__).resolve().parents[1]
REFERENCE = ROOT / "docs" / "reference"
BLOCK = re.compile(r"```python\n(.*?)```", re.DOTALL)
SHOWS = re.compile(r"\n# prints\n((?:# .*\n)+)\Z")
PAGES = ("cli.md", "columns.md")


def page(name: str) -> str:
    return (REFERENCE / name).read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def generate() -> dict[str, Any]:
    return runpy.run_path(str(ROOT / "docs" / "generate.py"))


@pytest.mark.parametrize("name", PAGES)
def test_generated_part_is_that_of_the_code(name: str, generate: dict[str, Any]) -> None:
    assert page(name) == generate["filled"](page(name)), f"docs/reference/{name} has drifted; run make docs"


@pytest.mark.parametrize(
    "code", [code for path in sorted(REFERENCE.glob("*.md")) for code in BLOCK.findall(page(path.name))]
)
def test_code_prints_what_the_page_shows(code: str, capsys: pytest.CaptureFixture[str]) -> None:
    from matplotlib import pyplot

    shown = SHOWS.search(code)
    assert shown is not None
    exec(compile(code, "a page of docs/reference", "exec"), {})
    pyplot.close("all")
    assert capsys.readouterr().out == re.sub("^# ", "", shown[1], flags=re.MULTILINE)


def test_columns_are_those_of_the_csv_in_its_order() -> None:
    assert tuple(COLUMN_TYPES) == (*OWN, *FIELDS)
    listed = re.findall(r"^\| `(\w+)` \| `", page("columns.md"), re.MULTILINE)
    assert listed == [*COLUMN_TYPES, "score_CODE", "error"]


def test_exit_codes_are_listed_once() -> None:
    listed = re.findall(r"^\| (\d+) \|", page("cli.md"), re.MULTILINE)
    assert listed == ["0", *map(str, (BAD_INPUT, INTERRUPTED, PIPE_CLOSED))]


def test_every_kind_of_picture_has_its_part_and_its_picture() -> None:
    from govtext.plots import KINDS

    said = page("plots.md")
    for kind in KINDS:
        assert f"\n## {kind}\n\n`plot_{kind}(report" in said
        assert f"](../pictures/plot-{kind}.png)" in said
        assert (ROOT / "docs" / "pictures" / f"plot-{kind}.png").read_bytes().startswith(b"\x89PNG")


def commands(command: click.Command, words: tuple[str, ...]) -> list[tuple[str, ...]]:
    """A command and those below it."""
    below = command.commands.items() if isinstance(command, click.Group) and words else ()
    return [words, *(found for name, one in below for found in commands(one, (*words, name)))]


def every_command() -> list[tuple[str, ...]]:
    context = click.Context(main)
    return [w for verb in VERBS for w in commands(main.get_command(context, verb) or click.Command(verb), (verb,))]


@pytest.mark.parametrize("words", every_command(), ids=" ".join)
def test_every_command_is_on_the_page_and_shows_examples(words: tuple[str, ...]) -> None:
    name = " ".join(("govtext", *words))
    assert re.search(rf"^###? {name}$", page("cli.md"), re.MULTILINE)
    done = CliRunner().invoke(main, [*words, "--help"])
    assert done.exit_code == 0
    assert f"Examples:\n    {name}" in done.output


@pytest.mark.parametrize("words", every_command(), ids=" ".join)
def test_help_has_no_colour_outside_a_terminal(words: tuple[str, ...]) -> None:
    assert "\x1b" not in CliRunner(env={"FORCE_COLOR": ""}).invoke(main, [*words, "--help"]).output


def test_wrong_use_ends_with_the_code_of_bad_input() -> None:
    for arguments in (["nothing"], ["classify"], ["plot", "years", "x", "-o"], ["doctor", "--what"]):
        assert CliRunner().invoke(main, arguments).exit_code == BAD_INPUT
