"""The pages "where do I add …" followed step by step in a copy of the package: what they add works and is used."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from doc_blocks import ENVIRONMENT, ROOT, Block, blocks, is_shown

PAGES = ("format", "rule", "recipe", "output")
MARK = re.compile(r"(?P<step>file|added|row|into): (?P<path>[\w./-]+)(?:, (?P<where>below|above|line): (?P<start>.+))?")


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A folder with a copy of the package, the model inside it, and the examples."""
    package = tmp_path / "src" / "govtext"
    shutil.copytree(ROOT / "src" / "govtext", package, ignore=shutil.ignore_patterns("__pycache__", "*.otf"))
    (package / "data" / "govtext.safetensors").symlink_to(ROOT / "models" / "govtext.safetensors")
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    return tmp_path


def put(block: Block, root: Path) -> None:
    """Nothing; does to the copy what the mark of a block says."""
    mark = MARK.fullmatch(block.mark)
    assert mark is not None, f"{block}: {block.mark}"
    path = root / mark["path"]
    if mark["step"] in ("file", "added"):
        assert not path.exists(), f"{block}: {mark['path']} is there already"
        path.write_text(block.code, encoding="utf-8")
        return
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    places = [i for i, line in enumerate(lines) if line.strip().startswith(mark["start"])]
    assert len(places) == 1, f"{block}: {len(places)} lines of {mark['path']} begin with {mark['start']}"
    (at,) = places
    if mark["step"] == "into":
        assert lines[at].endswith("}\n"), str(block)
        lines[at] = lines[at].removesuffix("}\n") + f", {block.code.strip()}}}\n"
    else:
        lines.insert(at + (mark["where"] == "below"), block.code)
    path.write_text("".join(lines), encoding="utf-8")


def shown(block: Block, root: Path) -> None:
    """Nothing; each command of a console block prints in the copy what the page shows."""
    environment = {**os.environ, **ENVIRONMENT, "PYTHONPATH": str(root / "src")}
    shim = f'govtext() {{ "{sys.executable}" -c "from govtext.cli import main; main()" "$@"; }}\n'
    for said in re.split(r"^\$ ", block.code, flags=re.MULTILINE)[1:]:
        command, _, wanted = said.partition("\n")
        done = subprocess.run(
            ["bash", "-c", shim + command],
            capture_output=True,
            check=False,
            cwd=root,
            env=environment,
            encoding="utf-8",
        )
        assert done.returncode == 0, f"{block}: {command}\n{done.stderr}"
        assert is_shown(wanted, done.stdout), f"{block}: $ {command}\nprints\n{done.stdout}"


@pytest.mark.parametrize("name", PAGES)
def test_page_followed_step_by_step_works(name: str, copy: Path) -> None:
    steps = 0
    for block in blocks(ROOT / "docs" / "how-to" / f"{name}.md"):
        if block.mark:
            put(block, copy)
            steps += block.mark.startswith(("file:", "row:", "into:"))
        elif block.language == "console":
            assert steps, f"{block}: nothing was added yet"
            shown(block, copy)
    assert steps


@pytest.mark.parametrize("name", PAGES)
def test_without_its_rows_the_page_does_not_work(name: str, copy: Path) -> None:
    found = blocks(ROOT / "docs" / "how-to" / f"{name}.md")
    for block in found:
        if block.mark.startswith("added:"):
            put(block, copy)
    with pytest.raises(AssertionError, match=re.escape(f"docs/how-to/{name}.md")):
        shown(next(block for block in found if block.language == "console"), copy)


@pytest.mark.parametrize("name", PAGES)
def test_chinese_page_adds_the_same(name: str) -> None:
    english, chinese = (
        [(block.mark, block.language, block.code) for block in blocks(ROOT / "docs" / "how-to" / page)]
        for page in (f"{name}.md", f"{name}.zh.md")
    )
    assert english == chinese
