"""`govtext doctor` says what is there and what is wrong; `govtext completion` prints what a shell can run."""

from __future__ import annotations

import importlib.metadata
import json
import re
import shutil
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

import govtext
from govtext.cli import VERBS, doctor, main
from govtext.cli.completion import PLACES

ROOT = Path(__file__).resolve().parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
FOR_DEVELOPERS = {"dev", "engines", "bench", "fewclue", "docs", "browser"}


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, arguments)


def names(requirements: list[str]) -> set[str]:
    return {re.split(r"[<>=\[; ]", requirement)[0].lower() for requirement in requirements}


def test_needed_packages_are_the_dependencies() -> None:
    assert set(doctor.NEEDED) == names(PROJECT["dependencies"])


def test_every_extra_for_users_is_told_of() -> None:
    extras = {name: rows for name, rows in PROJECT["optional-dependencies"].items() if name not in FOR_DEVELOPERS}
    told = {name: set(packages) for name, (_, packages) in doctor.EXTRAS.items() if name in extras}
    assert told == {name: names(rows) for name, rows in extras.items()}


def test_json_and_page_say_the_same() -> None:
    done = run("doctor", "--json")
    assert done.exit_code == 0
    found = json.loads(done.stdout)
    assert found["problems"] == []
    assert found["model"]["sha256"] == govtext.load().sha256
    assert found["model"]["themes"] == list(govtext.load().taxonomy.codes)
    assert found["packages"]["numpy"] == importlib.metadata.version("numpy")
    page = run("doctor")
    assert page.exit_code == 0
    assert found["model"]["sha256"] in page.stdout
    for name, extra in found["extras"].items():
        (line,) = [line for line in page.stdout.splitlines() if f" [{name}] " in line]
        assert line.startswith("ok" if extra["installed"] else "absent")
        assert extra["installed"] or f"pip install 'govtext[{name}]'" in line


def test_another_model_is_looked_at(tmp_path: Path) -> None:
    done = run("doctor", "-m", str(tmp_path / "none.safetensors"))
    assert done.exit_code == 2
    assert re.search(r"bad +model +does not load", done.stdout)
    assert re.search(r"bad +problem +model: .*none\.safetensors", done.stdout)


def test_missing_packages_are_problems_only_where_they_are_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    gone = {"joblib", "pyarrow", "pandas"}
    real = importlib.metadata.version

    def version(name: str) -> str:
        if name in gone:
            raise importlib.metadata.PackageNotFoundError(name)
        return real(name)

    monkeypatch.setattr(doctor, "version", version)
    done = run("doctor", "--json")
    assert done.exit_code == 2
    found = json.loads(done.stdout)
    assert found["problems"] == ["joblib: not installed; run pip install --upgrade --force-reinstall govtext"]
    assert found["extras"]["parquet"]["installed"] is False
    page = run("doctor").stdout
    assert re.search(r"absent +pandas +not installed: pip install pandas", page)


def test_a_font_that_is_gone_is_a_problem(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def nowhere(package: str) -> Any:
        return tmp_path

    monkeypatch.setattr(doctor, "files", nowhere)
    found = doctor.findings()
    assert found["fonts"] is None
    assert found["problems"] == ["fonts: govtext-sans-sc.otf is not there; pictures need it: install govtext again"]


def test_colours_stand_for_the_state_and_are_not_all_that_tells_it() -> None:
    assert doctor.line(("model", "bad", "x"), colourful=False).startswith("bad ")
    assert "\x1b[31mbad" in doctor.line(("model", "bad", "x"), colourful=True)
    assert "\x1b" not in run("doctor").stdout


def test_text_of_a_stranger_cannot_drive_the_terminal() -> None:
    assert "\x1b" not in doctor.line(("problem", "bad", "a\x1b[2J\nb"), colourful=False)


@pytest.mark.parametrize("shell", list(PLACES))
def test_completion_script_names_the_program_and_its_variable(shell: str) -> None:
    done = run("completion", shell)
    assert done.exit_code == 0
    assert done.stderr == ""
    assert "_GOVTEXT_COMPLETE" in done.stdout
    program = shutil.which(shell)
    if program is not None:
        checked = subprocess.run([program, "-n"], input=done.stdout, text=True, capture_output=True, check=False)
        assert (checked.returncode, checked.stderr) == (0, "")


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        ("govtext ", set(VERBS)),
        ("govtext do", {"doctor"}),
        ("govtext plot ", {"length", "years", "issuers", "roles", "pairs"}),
        ("govtext doctor --", {"--model", "--model-sha256", "--json", "--help"}),
    ],
)
def test_what_a_shell_asks_is_answered(words: str, wanted: set[str]) -> None:
    asked = {"_GOVTEXT_COMPLETE": "bash_complete", "COMP_WORDS": words, "COMP_CWORD": str(len(words.split(" ")) - 1)}
    done = CliRunner().invoke(main, [], env=asked, prog_name="govtext")
    assert {line.partition(",")[2] for line in done.stdout.splitlines()} == wanted


def test_unknown_shell_is_refused() -> None:
    done = run("completion", "tcsh")
    assert done.exit_code == 2
    assert "'tcsh' is not one of 'bash', 'zsh', 'fish'" in done.stderr
