"""What README and examples show runs, and says what it says."""

from __future__ import annotations

import re
import runpy
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner

from govtext.cli import VERBS, main

ROOT = Path(__file__).resolve().parents[1]
BLOCK = re.compile(r"```(\w+)\n(.*?)```", re.DOTALL)
READMES = ("README.md", "README.zh.md")


def blocks(name: str, language: str) -> list[str]:
    return [code for found, code in BLOCK.findall((ROOT / name).read_text(encoding="utf-8")) if found == language]


@pytest.mark.parametrize("name", READMES)
def test_python_in_the_readme_runs(
    name: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(ROOT)
    (code,) = blocks(name, "python")
    exec(compile(code, name, "exec"), {})
    assert "一、上半年主要工作" in capsys.readouterr().out


@pytest.mark.parametrize("name", READMES)
def test_commands_in_the_readme_run(name: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "reports").mkdir()
    text = (ROOT / "examples" / "kaifaqu-2009.txt").read_text(encoding="utf-8")
    for path in (tmp_path / "report.txt", tmp_path / "reports" / "a.txt"):
        path.write_text(text, encoding="utf-8")
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    monkeypatch.chdir(tmp_path)
    lines = [line for code in blocks(name, "sh") for line in code.splitlines() if line.startswith("govtext ")]
    assert len(lines) >= 5
    for line in lines:
        done = CliRunner().invoke(main, shlex.split(line, comments=True)[1:])
        assert done.exit_code == 0, (line, done.output)


def test_example_scripts_run(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    runpy.run_path(str(ROOT / "examples" / "read_outline.py"), run_name="__main__")
    assert "2 paragraphs about certifying high-tech firms" in capsys.readouterr().out
    monkeypatch.setattr("sys.argv", ["train_own_themes.py", str(tmp_path)])
    runpy.run_path(str(ROOT / "examples" / "train_own_themes.py"), run_name="__main__")
    assert "医疗卫生 · （三）看病更方便了。" in capsys.readouterr().out


@pytest.mark.parametrize("verb", sorted(VERBS))
def test_help_of_each_verb_has_examples(verb: str) -> None:
    done = CliRunner().invoke(main, [verb, "--help"])
    assert done.exit_code == 0
    assert f"govtext {verb}" in done.output
    assert "Examples:" in done.output


def test_dependencies_are_explained() -> None:
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    contributing = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    for requirement in project["dependencies"]:
        assert re.split("[<>=]", requirement)[0] in contributing
