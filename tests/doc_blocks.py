"""The code blocks of a page of documentation, and what runs each kind: console blocks must print what the page shows.

A mark on the line before a block says how it is meant:

    <!-- not run: REASON -->              it does not run, for that reason
    <!-- file: PATH -->                   it is a whole new file of the project (tests/test_howto.py); `added` is one of the user
    <!-- row: PATH, below: START -->      it is to be put below (or above) the one line that begins so
    <!-- into: PATH, line: START -->      it is one more entry of the dict that the line begins and ends

In a console block a line `…` stands for any lines, and `…` within a line for any text; a percentage may be off by some points,
so that training the bundled model again does not change a page.
"""

from __future__ import annotations

import json
import re
import shlex
import subprocess
import sys
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path
from typing import Any

from click.testing import CliRunner

from govtext.cli import main

ROOT = Path(__file__).resolve().parents[1]
BLOCK = re.compile(
    r"^(?:<!-- (?P<mark>[^\n]*?) -->\n\n?)?```(?P<language>\w+)\n(?P<code>.*?)^```$", re.MULTILINE | re.DOTALL
)
PERCENT = re.compile(r"\b\d+(?=%)")
OFF = 8  # points that a percentage may be off
SHELL = re.compile(r"[|>&]")
ENVIRONMENT = {"COLUMNS": "100"}
NOT_FROM_HERE = ("make", "pip")  # their targets and extras are looked up instead


@dataclass(frozen=True, slots=True)
class Block:
    """One block: page and line for messages, language, code, and the mark before it."""

    page: str
    line: int
    language: str
    code: str
    mark: str

    def __str__(self) -> str:
        return f"{self.page}:{self.line}"


def blocks(page: Path) -> list[Block]:
    """The blocks of a page in order."""
    text = page.read_text(encoding="utf-8")
    name = page.relative_to(ROOT).as_posix()
    return [
        Block(name, text.count("\n", 0, m.start()) + 1, m["language"], m["code"], m["mark"] or "")
        for m in BLOCK.finditer(text)
    ]


def run_python(block: Block, names: dict[str, Any]) -> None:
    """Run a block with the names that the blocks before it left."""
    exec(compile(block.code, str(block), "exec"), names)


def run_shell(block: Block, _: dict[str, Any]) -> None:
    """Run each command of a block; what it prints is not looked at."""
    for command in commands(block.code):
        ran(block, command)


def run_console(block: Block, _: dict[str, Any]) -> None:
    """Run each command after a `$`; it prints what stands below it."""
    for shown in re.split(r"^\$ ", block.code, flags=re.MULTILINE)[1:]:
        command, _mark, wanted = shown.partition("\n")
        printed = ran(block, command)
        assert is_shown(wanted, printed), f"{block}: $ {command}\nprints\n{printed}"


def commands(code: str) -> list[str]:
    """The commands of a shell block, lines that go on joined."""
    lines = code.replace("\\\n", " ").splitlines()
    return [line for line in lines if line.strip() and not line.startswith("#")]


def ran(block: Block, command: str) -> str:
    """What a command prints, if it ends well."""
    words = shlex.split(command, comments=True)
    if words[0] in NOT_FROM_HERE:
        assert is_known(words), f"{block}: {command}"
        return ""
    if words[0] == "govtext" and not SHELL.search(command.partition("#")[0]):
        done = CliRunner(env=ENVIRONMENT).invoke(main, words[1:])
        assert done.exit_code == 0, f"{block}: {command}\n{done.output}"
        return done.stdout
    shim = f'govtext() {{ "{sys.executable}" -c "from govtext.cli import main; main()" "$@"; }}\n'
    script = shim + f'python() {{ "{sys.executable}" "$@"; }}\n' + command
    finished = subprocess.run(["bash", "-c", script], capture_output=True, text=True, check=False)
    assert finished.returncode == 0, f"{block}: {command}\n{finished.stderr}"
    return finished.stdout


def is_known(words: list[str]) -> bool:
    """Whether a target of make, or an extra that pip is to install, is there."""
    if words[0] == "make":
        targets = re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
        return all(word in targets or "=" in word for word in words[1:])
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = re.findall(r"\[([\w,]+)\]", " ".join(words))
    return all(extra in project["optional-dependencies"] for found in extras for extra in found.split(","))


def is_shown(wanted: str, printed: str) -> bool:
    """Whether what a command printed is what a page shows of it."""
    left, right = ([line.rstrip() for line in text.strip("\n").splitlines()] for text in (wanted, printed))
    while left and left[0] != "…":
        if not right or not is_line(left.pop(0), right.pop(0)):
            return False
    if not left:
        return not right
    rest = "\n".join(left[1:])
    return not rest or any(is_shown(rest, "\n".join(right[i:])) for i in range(len(right)))


def is_line(wanted: str, printed: str) -> bool:
    """Whether a line is the one shown: `…` for any text, percentages nearly equal."""
    near = (PERCENT.findall(text) for text in (wanted, printed))
    pattern = ".*".join(map(re.escape, PERCENT.sub("0", wanted).split("…")))
    if not re.fullmatch(pattern, PERCENT.sub("0", printed)):
        return False
    return "…" in wanted or all(abs(int(a) - int(b)) <= OFF for a, b in zip_longest(*near, fillvalue="1000"))


def run_toml(block: Block, _: dict[str, Any]) -> None:
    """Read a block as TOML."""
    tomllib.loads(block.code)


def run_json(block: Block, _: dict[str, Any]) -> None:
    """Read each line as JSON."""
    for line in block.code.splitlines():
        json.loads(line)


RUNNERS: Mapping[str, Callable[[Block, dict[str, Any]], None]] = {
    "python": run_python,
    "py": run_python,
    "sh": run_shell,
    "console": run_console,
    "toml": run_toml,
    "jsonl": run_json,
}
SHOWN_ONLY = ("text",)  # runs nothing: what a file holds, an error, a drawing
