"""The scripts and the notebook in examples/ run, and say what they are there to show."""

from __future__ import annotations

import ast
import json
import runpy
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[1]
EXAMPLES = ROOT / "examples"
# Script → what it prints, and the package that it needs beside what govtext does.
SCRIPTS = {
    "read_outline.py": ("2 paragraphs about certifying high-tech firms", None),
    "train_own_themes.py": ("医疗卫生 · （三）看病更方便了。", None),
    "correct_and_retrain.py": ("after:  庙会期间每晚放一场露天电影。 文化旅游", None),
    "label_a_folder.py": ("BatchResult(labelled=6, failed=0, was_done=False)", None),
    "draw_a_corpus.py": ("issuers.png", "matplotlib"),
}
NOTEBOOK = EXAMPLES / "first-report.ipynb"


@pytest.mark.parametrize("name", SCRIPTS)
def test_script_runs(
    name: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    said, package = SCRIPTS[name]
    if package:
        pytest.importorskip(package, reason=f"{package} is not installed")
    monkeypatch.setattr("sys.argv", [name, str(tmp_path)])
    runpy.run_path(str(EXAMPLES / name), run_name="__main__")
    assert said in capsys.readouterr().out


def test_every_script_is_run() -> None:
    assert sorted(path.name for path in EXAMPLES.glob("*.py")) == sorted(SCRIPTS)


def cells() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(NOTEBOOK.read_text(encoding="utf-8"))["cells"]
    return found


def test_cells_of_the_notebook_run_in_order(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("pandas", reason="pandas is not installed")
    pytest.importorskip("matplotlib", reason="matplotlib is not installed")
    monkeypatch.chdir(EXAMPLES)
    names: dict[str, Any] = {}
    for number, cell in enumerate(cells()):
        if cell["cell_type"] == "code":
            where, body = f"{NOTEBOOK.name}, cell {number}", ast.parse("".join(cell["source"]))
            last = body.body.pop() if isinstance(body.body[-1], ast.Expr) else None
            exec(compile(body, where, "exec"), names)
            if isinstance(last, ast.Expr):
                print(eval(compile(ast.Expression(last.value), where, "eval"), names))
    out = capsys.readouterr().out
    assert "临湖经济开发区科技局上半年工作总结" in out
    assert "related | 【临湖经济开发区科技局上半年工作总结】相关文章: | header of a list of links" in out


def test_notebook_is_kept_without_outputs() -> None:
    for cell in cells():
        assert cell.get("outputs", []) == []
        assert cell.get("execution_count") is None
    assert NOTEBOOK.stat().st_size < 20_000
