"""What README and the pages of docs/ show runs, and prints what they say; help and dependencies are explained."""

from __future__ import annotations

import re
import runpy
import tomllib
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from doc_blocks import ROOT, RUNNERS, SHOWN_ONLY, Block, blocks, is_line, is_shown
from govtext.cli import VERBS, main

OF_OTHERS = ("method", "reference")  # tests/test_method.py, tests/test_reference.py
PAGES = sorted(
    [ROOT / "README.md", ROOT / "README.zh.md"]
    + [page for page in (ROOT / "docs").rglob("*.md") if page.parent.name not in OF_OTHERS]
)
NAMES = [page.relative_to(ROOT).as_posix() for page in PAGES]
FOLLOWED = ("file:", "row:", "into:", "added:")  # marks of blocks that tests/test_howto.py follows in a copy
NEEDS = {"plot": "matplotlib", "parquet": "pyarrow", "repetition": "datasketch", "pandas": "pandas", "polars": "polars"}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with what the pages speak of: examples, reports, a report, a page, a table of reports."""
    text = (ROOT / "examples" / "kaifaqu-2009.txt").read_text(encoding="utf-8")
    (tmp_path / "reports").mkdir()
    for path in (tmp_path / "report.txt", tmp_path / "reports" / "a.txt"):
        path.write_text(text, encoding="utf-8")
    for path in (ROOT / "examples" / "county").iterdir():
        (tmp_path / "reports" / path.name).write_bytes(path.read_bytes())
    (tmp_path / "page.html").write_bytes((ROOT / "examples" / "county" / "nanhe-2021.html").read_bytes())
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("page", PAGES, ids=NAMES)
def test_blocks_of_the_page_run(page: Path, folder: Path) -> None:
    text = page.read_text(encoding="utf-8")
    for word, package in NEEDS.items():
        if word in text:
            pytest.importorskip(package, reason=f"{package} is not installed")
    if "parquet" in text:
        write_table(folder)
    names: dict[str, Any] = {}
    found = blocks(page)
    followed = any(block.mark.startswith(FOLLOWED) for block in found)
    for block in found:
        skipped = block.mark.startswith(("not run:", *FOLLOWED)) or (followed and block.language == "console")
        if block.language not in SHOWN_ONLY and not skipped:
            RUNNERS[block.language](block, names)


def write_table(folder: Path) -> None:
    """Nothing; writes reports.parquet, a report a row."""
    pyarrow = pytest.importorskip("pyarrow")
    parquet = pytest.importorskip("pyarrow.parquet")
    text = (folder / "report.txt").read_text(encoding="utf-8")
    parquet.write_table(pyarrow.table({"id": ["r1", "r2"], "text": [text, text]}), folder / "reports.parquet")


@pytest.mark.parametrize("page", PAGES, ids=NAMES)
def test_every_block_is_run_or_says_why_not(page: Path) -> None:
    fences = re.findall(r"^```(.*)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    found = blocks(page)
    assert len(fences) == 2 * len(found), "a fence that names no language, or that is not closed"
    for block in found:
        assert block.language in (*RUNNERS, *SHOWN_ONLY), str(block)
        if block.mark.startswith("not run:"):
            assert len(block.mark.removeprefix("not run:").split()) >= 3, f"{block}: give the reason"


SHOWN = [
    ("a 98%", "a 97%", True),
    ("a 98%", "a 60%", False),
    ("a 98%", "b 98%", False),
    ("a … c", "a b c", True),
    ("a … c", "a b d", False),
    ("a\n…\nd", "a\nb\nc\nd", True),
    ("a\n…", "a", True),
    ("a\n…\nd", "a\nb\nc", False),
    ("a", "a\nb", False),
    ("a\nb", "a", False),
]


@pytest.mark.parametrize(("wanted", "printed", "same"), SHOWN)
def test_output_is_compared_with_what_is_shown(wanted: str, printed: str, same: bool) -> None:
    assert is_shown(wanted, printed) is same
    assert "\n" in wanted + printed or is_line(wanted, printed) is same


def test_a_command_that_fails_fails_the_page() -> None:
    for code in ("govtext classify nothing-of-that-name.txt", "false | cat; false", "make nothing"):
        with pytest.raises(AssertionError, match=r"x\.md:7"):
            RUNNERS["sh"](Block("x.md", 7, "sh", code, ""), {})


@pytest.mark.parametrize("name", [name for name in NAMES if name.endswith(".zh.md")])
def test_chinese_page_shows_the_commands_of_the_english_one(name: str) -> None:
    english, chinese = (
        [[line.partition("#")[0].rstrip() for line in block.code.splitlines()] for block in blocks(page)]
        for page in (ROOT / name.replace(".zh.md", ".md"), ROOT / name)
    )
    assert english == chinese


@pytest.mark.parametrize("verb", sorted(VERBS))
def test_help_of_each_verb_has_examples(verb: str) -> None:
    done = CliRunner().invoke(main, [verb, "--help"])
    assert done.exit_code == 0
    assert f"govtext {verb}" in done.output
    assert "Examples:" in done.output


def test_dependencies_are_explained() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    contributing = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    for requirement in project["dependencies"]:
        assert re.split("[<>=]", requirement)[0] in contributing


def test_version_is_one_and_the_same() -> None:
    import govtext

    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    cited = re.findall(r"^version: (.+)$", (ROOT / "CITATION.cff").read_text(encoding="utf-8"), re.MULTILINE)
    assert [project["version"]] == [govtext.__version__] == cited


def test_changelog_has_its_parts_in_order_and_models_last() -> None:
    order = ["Security", "Removed", "Deprecated", "Added", "Changed", "Fixed", "Models"]
    for version in re.split(r"^## ", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]:
        parts = re.findall(r"^### (.+)$", version, re.MULTILINE)
        assert parts == [part for part in order if part in parts]


def test_every_extra_is_tried_in_a_bare_environment_or_only_for_the_checkout() -> None:
    tried = runpy.run_path(str(ROOT / "packaging" / "extras.py"))
    assert set(tried["extras"]()) - set(tried["NOT_HERE"]) == set(tried["CHECKS"]) - {tried["NONE"]}
