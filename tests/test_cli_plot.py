"""`govtext plot`: reports or labels in, a picture out; the same bytes, errors in a line, exit codes."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

pytest.importorskip("matplotlib", reason="matplotlib is not installed (extra plots)")

import govtext
from govtext.cli import main, plot
from govtext.plots import KINDS, look
from govtext.plots.reports import of_report
from govtext.plots.words import WORDS

TEXTS = {
    "a": "临湖市科技局2012年工作总结\n一、人才工作\n引进博士3名，培养青年科技人才20人，选派科技特派员。\n",
    "b": "临湖市科技局2015年工作总结\n一、服务企业\n走访企业120家，帮助36家解决融资难题。\n",
}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of two reports, where the command runs, and the labels of both."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "reports").mkdir()
    for name, text in TEXTS.items():
        (tmp_path / "reports" / f"{name}.txt").write_text(text, encoding="utf-8")
    assert run("classify", "reports", "-f", "jsonl", "-o", "labels.txt").exit_code == 0
    (tmp_path / "labels.txt").rename(tmp_path / "labels.jsonl")
    return tmp_path


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, arguments)


def test_kinds_of_the_help_are_those_of_the_pictures() -> None:
    assert tuple(KINDS) == plot.KINDS
    assert set(plot.LANGUAGES) == set(WORDS)
    said = CliRunner().invoke(main, ["plot", "--help"]).output
    assert all(f"govtext plot {kind} " in said for kind in KINDS)


def test_picture_of_one_report_is_what_the_library_draws(folder: Path) -> None:
    done = run("plot", "length", "reports/a.txt", "-o", "a.png", "--dpi", "50")
    assert (done.exit_code, done.output) == (0, "")
    reports = [of_report(govtext.classify(folder / "reports" / "a.txt"), id="a")]
    assert (folder / "a.png").read_bytes() == look.rendered(KINDS["length"].picture(reports, "zh"), ".png", dpi=50)


@pytest.mark.parametrize("kind", [kind for kind in KINDS if not KINDS[kind].of_one and kind != "issuers"])
def test_reports_and_their_labels_give_the_same_picture(kind: str, folder: Path) -> None:
    assert run("plot", kind, "reports", "-o", "reports.svg").exit_code == 0
    assert run("plot", kind, "labels.jsonl", "-o", "labels.svg").exit_code == 0
    assert (folder / "reports.svg").read_bytes() == (folder / "labels.svg").read_bytes()


@pytest.mark.parametrize("name", ["reports", "labels.jsonl"])
def test_one_of_many_is_drawn_by_its_id(name: str, folder: Path) -> None:
    assert run("plot", "length", name, "--id", "b", "-o", "b.svg").exit_code == 0
    assert run("plot", "length", "reports/b.txt", "-o", "alone.svg").exit_code == 0
    assert (folder / "b.svg").read_bytes() == (folder / "alone.svg").read_bytes()


def test_language_changes_what_the_picture_says(folder: Path) -> None:
    assert run("plot", "roles", "labels.jsonl", "-o", "zh.svg").exit_code == 0
    assert run("plot", "roles", "labels.jsonl", "-o", "en.svg", "--lang", "en").exit_code == 0
    assert (folder / "zh.svg").read_bytes() != (folder / "en.svg").read_bytes()


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["length", "reports", "-o", "x.png"], "2 reports (a, b); this picture is of one"),
        (["length", "reports", "--id", "z", "-o", "x.png"], "no report goes by the id 'z'"),
        (["years", "reports", "-o", "x.gif"], "x.gif: a picture is a .png or .svg file"),
        (["years", "reports", "-o", "none/x.png"], "does not exist; make it first"),
        (["years", "none.jsonl", "-o", "x.png"], "none.jsonl: cannot be read"),
        (["years", "texts.jsonl", "-o", "x.png"], "line 1: no paragraphs; label the reports first"),
        (["years", "none.txt", "-o", "x.png"], "none.txt"),
        (["circles", "reports", "-o", "x.png"], "'circles' is not one of"),
        (["years", "reports"], "Missing option '-o'"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_written(arguments: list[str], says: str, folder: Path) -> None:
    (folder / "texts.jsonl").write_text('{"id": "a", "text": "走访企业。"}\n', encoding="utf-8")
    before = sorted(folder.rglob("*"))
    done = run("plot", *arguments)
    assert done.exit_code == 2
    assert says in done.stderr
    assert sorted(folder.rglob("*")) == before


def test_report_that_cannot_be_read_costs_the_others_nothing(folder: Path) -> None:
    (folder / "reports" / "c.txt").write_bytes(b" ")
    done = run("plot", "pairs", "reports", "-o", "x.svg")
    assert done.exit_code == 2
    assert "c.txt" in done.stderr
    (folder / "reports" / "c.txt").unlink()
    assert run("plot", "pairs", "reports", "-o", "y.svg").exit_code == 0
    assert (folder / "x.svg").read_bytes() == (folder / "y.svg").read_bytes()


def test_without_matplotlib_the_extra_is_named(folder: Path) -> None:
    code = "import sys; sys.modules['matplotlib'] = None; from govtext.cli import main; main(sys.argv[1:])"
    command = [sys.executable, "-c", code, "plot", "years", "labels.jsonl", "-o", "x.png"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert done.stderr.startswith("govtext: pictures need matplotlib (")
    assert done.stderr.endswith("): pip install 'govtext[plots]'\n")


def test_labels_are_not_overwritten(folder: Path) -> None:
    (folder / "x.svg").symlink_to("labels.jsonl")
    before = (folder / "labels.jsonl").read_bytes()
    done = run("plot", "pairs", "labels.jsonl", "-o", "x.svg")
    assert done.exit_code == 2
    assert "would overwrite what is to be read" in done.stderr
    assert (folder / "labels.jsonl").read_bytes() == before
