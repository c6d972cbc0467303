"""The command line: what goes in, what comes out, and that one bad file costs nothing but itself."""

from __future__ import annotations

import io
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from govtext.boilerplate.explain import LineReasons
from govtext.cli import VERBS, console, main
from govtext.cli.inputs import identities
from govtext.document import LabelledParagraph, LabelledReport, Source, Verdict
from govtext.errors import BadModel, UnreadableReport
from govtext.reading import Fence

ROOT = Path(__file__).parent.parent
JUNK = Verdict("related", 0.9, "looks like a link")
CONTENT = Verdict(None, 0.1, "looks like text")
Run = Callable[..., Result]


class FakeModel:
    """A model that knows two things: what begins with 一、 is a heading, what begins with × is junk."""

    def classify(
        self,
        source: Path | bytes | Source,
        *,
        name: str | None = None,
        encoding: str | None = None,
        fence: Fence | None = None,
    ) -> LabelledReport:
        """The labelled report; a file with 坏 in it cannot be read."""
        if isinstance(source, Source):
            text = source.text
        else:
            raw = source.read_bytes() if isinstance(source, Path) else source
            text = raw.decode(encoding or "utf-8")
        if "坏" in text:
            raise UnreadableReport(f"{name}: is bad; mend it")
        if "断" in text:
            raise KeyboardInterrupt
        paragraphs, start = [], 0
        for line in text.splitlines(keepends=True):
            paragraphs.append(labelled(line, start))
            start += len(line)
        return LabelledReport(Source(text, name or "", encoding), tuple(paragraphs), (), "f" * 64, {"talent": "人才"})

    def reasons(self, report: LabelledReport) -> dict[int, LineReasons]:
        """Nothing: the fake model has no lines to explain."""
        return {}


def labelled(line: str, start: int) -> LabelledParagraph:
    """What the fake model says of a line."""
    kind = "heading" if line.startswith("一、") else "boilerplate" if line.startswith("×") else "body"
    verdict = JUNK if kind == "boilerplate" else CONTENT
    return LabelledParagraph(
        start=start,
        end=start + len(line),
        kind=kind,
        level=1 if kind == "heading" else None,
        marker=None,
        heading_end=None,
        path=(),
        alone=verdict,
        verdict=verdict,
        text=line.strip(),
        heading=line.strip() if kind == "heading" else None,
        themes={"talent": 0.9},
        labels=("talent",) if kind != "boilerplate" else (),
        role="done" if kind == "body" else None,
        role_score=None,
        formulaic=False,
        formulaic_score=None,
    )


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Calls the command line with the fake model, in an empty folder."""

    def load(path: Path | None = None, *, sha256: str | None = None) -> FakeModel:
        if path is not None:
            raise BadModel(f"{path}: no such model; name a .safetensors file")
        return FakeModel()

    monkeypatch.setattr("govtext.cli.run.load", load)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "100")

    def call(*arguments: str, stdin: str | bytes | None = None) -> Result:
        return CliRunner().invoke(main, list(arguments), input=stdin)

    return call


def write(name: str, text: str = "一、人才\n引进五人。\n×药店总结\n") -> Path:
    """A file in the current folder."""
    path = Path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def lines(result: Result) -> list[dict[str, object]]:
    """The objects of a JSON lines output."""
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_help_shows_every_verb_and_loads_none() -> None:
    code = "import sys; from govtext.cli import main; main(['--help'], standalone_mode=False); "
    code += (
        "print([m for m in ('numpy', 'sklearn', 'jieba', 'govtext.labelling', 'govtext.cli.run') if m in sys.modules])"
    )
    environment = os.environ | {"PYTHONPATH": str(ROOT / "src"), "PYTHONUTF8": "1"}
    said = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, encoding="utf-8", env=environment, check=True
    )
    assert said.stdout.splitlines()[-1] == "[]"
    for name, verb in VERBS.items():
        assert re.search(rf"^  {name} +{re.escape(verb.summary)}$", said.stdout, re.MULTILINE)


@pytest.mark.parametrize("verb", ["classify", "outline", "clean"])
def test_help_of_a_verb_has_examples(run: Run, verb: str) -> None:
    result = run(verb, "--help")
    assert result.exit_code == 0
    assert result.output.count(f"govtext {verb} ") >= 2


def test_module_runs_as_the_command() -> None:
    environment = os.environ | {"PYTHONPATH": str(ROOT / "src")}
    said = subprocess.run(
        [sys.executable, "-m", "govtext", "--version"], capture_output=True, env=environment, check=True
    )
    assert said.stdout.startswith(b"govtext ")


def test_json_lines_are_the_default_where_nobody_looks(run: Run) -> None:
    write("年中.txt")
    result = run("classify", "年中.txt")
    assert (result.exit_code, result.stderr) == (0, "")
    (value,) = lines(result)
    assert (value["id"], value["file"], value["model"]) == ("年中", "年中.txt", "f" * 64)


def test_text_is_the_default_on_a_terminal(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    write("a.txt")
    monkeypatch.setattr("govtext.cli.classify.sys", fake_terminal())
    assert run("classify", "a.txt").stdout.startswith("a\na.txt")


def fake_terminal() -> object:
    """A `sys` whose stdout is a terminal."""

    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    return type("sys", (), {"stdout": Terminal(), "stderr": Terminal()})


@pytest.mark.parametrize(
    ("out", "begin"), [("o.csv", '\ufeff"id","file"'), ("o.TXT", "a\na.txt"), ("o.jsonl", '{"id": "a"'), ("o", '{"id"')]
)
def test_format_follows_the_file_to_write(run: Run, out: str, begin: str) -> None:
    write("a.txt")
    result = run("classify", "a.txt", "-o", out)
    assert (result.exit_code, result.output) == (0, "")
    assert Path(out).read_text(encoding="utf-8").startswith(begin)


def test_asked_format_wins(run: Run) -> None:
    write("a.txt")
    run("classify", "a.txt", "-o", "o.txt", "-f", "csv")
    assert Path("o.txt").read_text(encoding="utf-8").startswith("\ufeff")


def test_folder_is_searched_to_its_depth(run: Run) -> None:
    for name in ("r/b.txt", "r/a.txt", "r/x/c.txt", "r/x/notes.bin"):
        write(name)
    assert sorted(str(value["id"]) for value in lines(run("classify", "r"))) == ["a", "b", "c"]


def test_stdin_is_read_as_bytes(run: Run) -> None:
    (value,) = lines(run("classify", "-", "--encoding", "gb18030", stdin="引进五人。\n".encode("gb18030")))
    assert (value["id"], value["file"], value["encoding"]) == ("stdin", "-", "gb18030")


def test_file_named_twice_is_labelled_once(run: Run) -> None:
    write("r/a.txt")
    assert len(lines(run("classify", "r/a.txt", "r", "./r/a.txt"))) == 1


@pytest.mark.parametrize(
    ("files", "ids"),
    [
        (["a.txt", "b/c.md"], ["a", "c"]),
        (["x/a.txt", "y/a.txt", "b.txt"], ["x/a", "y/a", "b"]),
        (["a.txt", "a.md"], ["a.txt", "a.md"]),
        (["-", "stdin.txt"], ["-", "stdin"]),
        (["a.b.txt"], ["a.b"]),
        (["x/a.txt", "y/a.txt", "x/a.md"], ["x/a.txt", "y/a", "x/a.md"]),
    ],
)
def test_ids_are_short_where_they_can_be_and_never_equal(files: list[str], ids: list[str]) -> None:
    assert identities(files) == ids


def test_bad_file_gets_its_line_and_the_others_are_written(run: Run) -> None:
    write("a.txt")
    write("b.txt", "坏")
    write("c.txt")
    result = run("classify", "a.txt", "b.txt", "missing.txt", "c.txt")
    assert [value["id"] for value in lines(result)] == ["a", "c"]
    said = result.stderr.splitlines()
    assert len(said) == 2
    assert all(line.startswith("govtext: ") for line in said)
    assert "govtext: b.txt: is bad; mend it" in said
    assert any("missing.txt" in line for line in said)
    assert result.exit_code == 2


def test_out_is_written_with_what_could_be_read(run: Run) -> None:
    write("a.txt")
    write("b.txt", "坏")
    result = run("classify", "b.txt", "a.txt", "missing.txt", "-o", "o.jsonl")
    assert result.exit_code == 2
    assert json.loads(Path("o.jsonl").read_text(encoding="utf-8"))["id"] == "a"


def test_old_output_stays_where_nothing_could_be_read(run: Run) -> None:
    write("b.txt", "坏")
    write("o.jsonl", "old")
    assert run("classify", "b.txt", "-o", "o.jsonl").exit_code == 2
    assert Path("o.jsonl").read_text(encoding="utf-8") == "old"
    assert sorted(os.listdir()) == ["b.txt", "o.jsonl"]


def test_interrupt_leaves_the_old_output(run: Run) -> None:
    write("a.txt")
    write("b.txt", "断")
    write("o.jsonl", "old")
    assert run("classify", "a.txt", "b.txt", "-o", "o.jsonl").exit_code == 130
    assert Path("o.jsonl").read_text(encoding="utf-8") == "old"
    assert sorted(os.listdir()) == ["a.txt", "b.txt", "o.jsonl"]


def test_closed_pipe_is_quiet(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def closed(text: str) -> bytes:
        raise BrokenPipeError(32, "Broken pipe")

    write("a.txt")
    monkeypatch.setattr("govtext.cli.run.to_utf8", closed)
    result = run("classify", "a.txt")
    assert (result.exit_code, result.output) == (141, "")


@pytest.mark.parametrize("verb", ["classify", "clean", "outline"])
def test_report_is_never_overwritten(run: Run, verb: str) -> None:
    write("a.txt")
    result = run(verb, "a.txt", "-o", "./a.txt")
    assert result.exit_code == 2
    assert "would overwrite a report" in result.stderr
    assert Path("a.txt").read_text(encoding="utf-8").startswith("一、")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["a.txt", "-m", "no.safetensors"], r"^govtext: no\.safetensors: no such model; name a \.safetensors file$"),
        (["a.txt", "-o", "no/o.jsonl"], r"^govtext: no.o\.jsonl: the folder .* does not exist"),
        (["a.txt", "-o", "."], r"^govtext: \.: is a folder"),
        ([], r"Missing argument 'INPUT…'"),
        (["a.txt", "-f", "xml"], r"'xml' is not one of 'jsonl', 'csv', 'text'"),
        (["a.txt", "--encoding", "klingon"], r"'klingon' is no text encoding; try utf-8"),
        (["a.txt", "--encoding", "base64"], r"'base64' is no text encoding"),
    ],
)
def test_bad_usage_is_said_and_ends_with_2(run: Run, arguments: list[str], said: str) -> None:
    write("a.txt")
    result = run("classify", *arguments)
    assert result.exit_code == 2
    assert re.search(said, result.stderr, re.MULTILINE)
    assert "Traceback" not in result.output


def test_folder_without_reports_ends_with_2(run: Run) -> None:
    Path("empty").mkdir()
    result = run("classify", "empty")
    assert (result.exit_code, result.stdout) == (2, "")
    assert re.fullmatch("govtext: empty: .*\n", result.stderr)


def test_outline_shows_headings(run: Run) -> None:
    write("a.txt")
    assert re.fullmatch(r"a\na\.txt\n\n一、人才 +人才 90%\n", run("outline", "a.txt").stdout)


def test_clean_writes_the_text_without_junk(run: Run) -> None:
    write("a.txt")
    result = run("clean", "a.txt")
    assert (result.stdout, result.stderr) == ("一、人才\n引进五人。\n", "")


def test_explaining_changes_nothing_but_stderr(run: Run) -> None:
    write("a.txt")
    result = run("clean", "a.txt", "--explain")
    assert result.stdout == run("clean", "a.txt").stdout
    assert re.fullmatch(r"a\.txt:3  × related +90%  ×药店总结 +looks like a link\n", result.stderr)


def test_clean_into_a_folder_gives_each_report_a_file(run: Run) -> None:
    write("x/a.txt")
    write("y/a.txt", "走访三家。\n")
    Path("out").mkdir()
    assert run("clean", "x", "y", "-o", "out").exit_code == 0
    assert {p.name: p.read_text(encoding="utf-8") for p in Path("out").iterdir()} == {
        "x_a.txt": "一、人才\n引进五人。\n",
        "y_a.txt": "走访三家。\n",
    }


def test_clean_into_the_folder_of_its_reports_is_refused(run: Run) -> None:
    write("x/a.txt")
    result = run("clean", "x", "-o", "x")
    assert (result.exit_code, Path("x/a.txt").read_text(encoding="utf-8")) == (2, "一、人才\n引进五人。\n×药店总结\n")


@pytest.mark.skipif(sys.platform in {"win32", "darwin"}, reason="file names there are Unicode")
def test_file_name_that_is_no_utf8_goes_through(run: Run) -> None:
    name = os.fsdecode("报告.txt".encode("gb18030"))
    write(name)
    for form in ("jsonl", "csv", "text"):
        assert run("classify", name, "-f", form).exit_code == 0
    (value,) = lines(run("classify", name))
    assert value["file"] == r"\xb1\xa8\xb8\xe6.txt"


@pytest.mark.parametrize(
    ("variables", "colourful"),
    [({}, True), ({"NO_COLOR": "1"}, False), ({"NO_COLOR": ""}, True), ({"TERM": "dumb"}, False)],
)
def test_colours_need_a_terminal_and_leave(
    monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], colourful: bool
) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert console.is_colourful(fake_terminal().stdout) is colourful  # type: ignore[attr-defined]
    assert not console.is_colourful(io.StringIO())


def test_progress_shows_on_a_terminal_when_there_are_many(monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []
    monkeypatch.setattr(console, "sys", fake_terminal())
    monkeypatch.setattr(click, "echo", lambda text, **_: said.append(text))
    for total, quiet in ((console.MANY - 1, False), (console.MANY, True), (console.MANY, False)):
        line = console.Console(total=total, quiet=quiet)
        line.progress(3, "a.txt")
        line.clear()
    assert said == [f"3/{console.MANY} a.txt", console.CLEAR_LINE]
