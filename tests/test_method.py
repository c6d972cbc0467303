"""The pages of docs/method say what the source says, their links lead somewhere, and their code prints what they show."""

from __future__ import annotations

import re
import runpy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[1]
METHOD = ROOT / "docs" / "method"
PAGES = sorted(path.name for path in METHOD.glob("*.md"))
BLOCK = re.compile(r"```python\n(.*?)```", re.DOTALL)
SHOWS = re.compile(r"\n# prints\n((?:# .*\n)+)\Z")
LINK = re.compile(r"\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#{1,6} (.+)$", re.MULTILINE)


def page(name: str) -> str:
    return (METHOD / name).read_text(encoding="utf-8")


def prose(name: str) -> str:
    return re.sub(
        r"```.*?```|<!-- (constants|raw survey|recipes|labels|ablation|fewclue).*?<!-- /\1 -->",
        "",
        page(name),
        flags=re.DOTALL,
    )


BLOCKS = [(name, number, code) for name in PAGES for number, code in enumerate(BLOCK.findall(page(name)), 1)]


@pytest.fixture(scope="module")
def generate() -> dict[str, Any]:
    return runpy.run_path(str(ROOT / "docs" / "generate.py"))


@pytest.mark.parametrize("name", PAGES)
def test_generated_tables_are_those_of_the_source(name: str, generate: dict[str, Any]) -> None:
    filled: Callable[[str], str] = generate["filled"]
    assert page(name) == filled(page(name)), f"docs/method/{name} has drifted; run make docs"


@pytest.mark.parametrize("name", PAGES)
def test_marks_are_closed(name: str) -> None:
    for mark in ("constants", "raw survey", "recipes", "labels", "ablation", "fewclue"):
        opened = len(re.findall(rf"^<!-- {mark}", page(name), re.MULTILINE))
        assert opened == len(re.findall(rf"^<!-- /{mark} -->$", page(name), re.MULTILINE))


def test_a_changed_table_is_put_right(generate: dict[str, Any]) -> None:
    right = page("segmentation.md")
    wrong = right.replace("| `BEAM` | ", "| `BEAM` | 1")
    assert wrong != right
    assert right == generate["filled"](wrong)


def test_constant_that_is_not_there_is_named(generate: dict[str, Any]) -> None:
    with pytest.raises(SystemExit, match=r"no public plain constant WIDEST"):
        generate["constants_table"]("govtext.segmentation.wraps NARROWEST WIDEST")


def test_constants_have_value_and_comment(generate: dict[str, Any]) -> None:
    rows = {row.name: row for row in generate["constants"]("govtext.segmentation.sequence")}
    assert "readings kept" in rows["BEAM"].comment
    assert {"COSTS['skipped']", "COSTS['late']", "REPAIRS"} <= rows.keys()
    assert not [name for name in rows if name.startswith("_")]


def test_value_with_a_bar_does_not_break_its_row(generate: dict[str, Any]) -> None:
    (row,) = [line for line in generate["constants_table"]("govtext.segmentation.markers MARKERS") if "part" in line]
    assert len(re.findall(r"(?<!\\)\|", row)) == 4


@pytest.mark.parametrize("name", PAGES)
def test_links_lead_somewhere(name: str) -> None:
    for link in LINK.findall(prose(name)):
        if link.startswith("https://"):
            continue
        path, _, anchor = link.partition("#")
        target = METHOD / path if path else METHOD / name
        assert target.is_file(), link
        if anchor:
            titles = HEADING.findall(prose(target.name))
            assert anchor in [re.sub(r"[^\w\s-]", "", title).lower().replace(" ", "-") for title in titles], link


def test_every_page_is_linked_from_the_first() -> None:
    assert set(PAGES) - {"index.md"} <= set(LINK.findall(page("index.md")))


@pytest.mark.parametrize(("name", "code"), [(n, code) for n, _, code in BLOCKS], ids=[f"{n}-{k}" for n, k, _ in BLOCKS])
def test_code_prints_what_the_page_shows(name: str, code: str, capsys: pytest.CaptureFixture[str]) -> None:
    if "RepetitionModel" in code:
        pytest.importorskip("datasketch", reason="repetition needs datasketch")
    shows = SHOWS.search(code)
    assert shows is not None, "a block ends in what it prints"
    exec(compile(code, name, "exec"), {})
    printed = [line.rstrip() for line in capsys.readouterr().out.rstrip().split("\n")]
    assert [line[2:].rstrip() for line in shows[1].rstrip().split("\n")] == printed


@pytest.mark.parametrize("name", PAGES)
def test_every_page_has_a_worked_example(name: str) -> None:
    assert name in {shown for shown, _, _ in BLOCKS}
