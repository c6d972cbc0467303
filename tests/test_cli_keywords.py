"""`govtext keywords`: the table, the model, and what is said when they cannot be had."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import govtext
from govtext.cli import main
from govtext.training.coverage import Coverage

THEMES = """
most_per_paragraph = 1
[[theme]]
code = "patents"
name = "专利"
include = ["专利", "商标"]
exclude = ["专利代理"]
[[theme]]
code = "talent"
name = "人才"
include = ["人才"]
near = [["博士", "引进"]]
"""
PLACES = ["东城", "西城", "南城", "北城", "中城", "新城"]
Run = Callable[..., Result]


@pytest.fixture(scope="module", autouse=True)
def _model() -> None:
    """The bundled model is loaded once, before the first test."""
    govtext.load()


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Calls the command line in a folder with a themes file and six reports."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "100")
    Path("themes.toml").write_text(THEMES, encoding="utf-8")
    Path("reports").mkdir()
    for number, place in enumerate(PLACES):
        lines = (
            f"{place}科技局工作总结",
            f"在市委、市政府的坚强领导下，{place}各项工作取得了新的成绩。",
            "一、主要工作",
            f"{place}受理发明专利申请{number + 20}件，快速审查通道运行平稳。",
            f"{place}引进高层次人才{number + 3}名，安家补贴及时到位。",
            f"{place}修缮道路{number + 2}公里，群众出行更加方便。",
        )
        Path(f"reports/{number}.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return lambda *arguments: CliRunner().invoke(main, ["keywords", *arguments])


def test_table_alone_without_a_target(run: Run) -> None:
    done = run("themes.toml", "reports")
    assert (done.exit_code, done.stderr) == (0, "")
    rows = {line.split()[0]: line.split() for line in done.stdout.splitlines()[:3]}
    assert rows["theme"][:7] == ["theme", "voted", "share", "alone", "heading", "conflict", "unused"]
    assert rows["patents"][1:] == ["6", "25.0%", "6", "0", "0", "2", "专利"]
    assert "6 texts, 24 paragraphs: 12 without a hit (50.0%)" in done.stdout
    assert "patents: 商标 专利代理" in done.stdout
    assert re.search(r"^  \d: ..修缮道路\d公里", done.stdout, re.M)


def test_dry_run_writes_no_model(run: Run) -> None:
    done = run("themes.toml", "reports", "-o", "m.safetensors", "--dry-run")
    assert done.exit_code == 0
    assert not Path("m.safetensors").exists()


def test_json_holds_the_table(run: Run) -> None:
    done = run("themes.toml", "reports", "--json", "--top", "1")
    (line,) = done.stdout.splitlines()
    said = json.loads(line)
    assert set(Coverage.__slots__) == set(said)
    assert tuple(said[key] for key in ("documents", "paragraphs", "silent", "crowded")) == (6, 24, 12, 0)
    assert {row["code"]: row["voted"] for row in said["themes"]} == {"patents": 6, "talent": 6}
    assert len(said["silent_sample"]) == 1
    assert {"theme": "talent", "kind": "near", "word": "博士 … 引进", "passages": 0, "trust": None} in said["keywords"]


def test_one_command_makes_a_model_of_keywords(run: Run) -> None:
    done = run("themes.toml", "reports", "-o", "m.safetensors", "--seed", "3")
    assert done.exit_code == 0, done.output
    assert "training on 6 texts, 2 themes" in done.stderr
    assert "against labels made from keywords" in done.stdout
    model = govtext.load("m.safetensors")
    assert model.header["training"]["sources"] == ["labels made from keywords", "themes.toml"]
    assert model.taxonomy.codes == ("patents", "talent")
    report = model.classify("工作总结\n一、主要工作\n中城受理发明专利申请三十件，快速审查通道运行平稳。\n")
    assert report.paragraphs[2].labels == ("patents",)


def test_theme_without_a_hit_is_said_below_the_table_and_refused_for_training(run: Run) -> None:
    Path("themes.toml").write_text(THEMES.replace('"人才"]', '"讲师团"]'), encoding="utf-8")
    done = run("themes.toml", "reports")
    assert done.exit_code == 0
    assert "no paragraph for talent: add words that the texts use, or take the theme out" in done.stdout
    done = run("themes.toml", "reports", "-o", "m.safetensors")
    assert done.exit_code == 2
    assert "govtext: theme 'talent': none of its 2 keywords speaks in the texts" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("none.toml", "reports"), "none.toml: cannot be read"),
        (("themes.toml", "none"), "none"),
        (("themes.toml", "reports", "-o", "none/m"), "none/m: no file in a folder that exists"),
        (("themes.toml", "reports", "-o", "-"), "-: no file in a folder that exists"),
        (("themes.toml", "reports", "-o", "reports/1.txt"), "reports/1.txt: would overwrite a report"),
        (("themes.toml", "reports/1.txt", "-o", "m"), "1 different texts; wanted at least 5"),
    ],
)
def test_what_cannot_be_done_is_said(run: Run, arguments: tuple[str, ...], says: str) -> None:
    done = run(*arguments)
    assert done.exit_code == 2
    assert says in done.stderr
    assert done.stdout == ""


def test_bundled_themes_work_at_once(run: Run) -> None:
    done = run("bundled", "reports")
    assert done.exit_code == 0
    assert re.search(r"^intellectual_property +6 ", done.stdout, re.M)


def test_unreadable_report_costs_only_itself(run: Run) -> None:
    Path("reports/bad.txt").write_bytes(b"")
    done = run("themes.toml", "reports")
    assert done.exit_code == 2
    assert "bad.txt" in done.stderr
    assert "6 texts, 24 paragraphs" in done.stdout
