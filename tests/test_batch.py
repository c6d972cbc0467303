"""Many reports into one file: the bytes of the plain road, ids, records, what the command line makes of it."""

from __future__ import annotations

import csv
import os
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner, Result

import govtext.batch
from batch_runs import Here, objects, write
from faulty import Faulty
from govtext.batch import BatchResult, classify_files
from govtext.batch import run as running
from govtext.batch.failures import Failure
from govtext.cli import console, main
from govtext.errors import BadConfig, GovtextError, MissingExtra
from govtext.labelling import load
from govtext.writing import WRITERS, Entry, Look
from govtext.writing.columns import COLUMN_TYPES, paragraph_columns
from govtext.writing.table import FIELDS, OWN
from pages_of_a_site import page as site_page
from pages_of_a_site import sentence
from test_cli import fake_terminal

EXAMPLE = Path(__file__).parent.parent / "examples" / "kaifaqu-2009.txt"
Run = Callable[..., Result]


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty folder, and no processes."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(running, "Pool", Here)


@pytest.fixture
def run(here: None, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Calls the command line with the faulty model, without processes, in an empty folder."""
    monkeypatch.setattr("govtext.cli.run.load", lambda path=None, sha256=None: Faulty())
    monkeypatch.setenv("COLUMNS", "100")

    def call(*arguments: str, stdin: str | bytes | None = None) -> Result:
        return CliRunner().invoke(main, list(arguments), input=stdin)

    return call


# --- what is written ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", ["jsonl", "csv"])
def test_bytes_are_those_of_the_plain_writer_for_any_number_of_processes(tmp_path: Path, form: str) -> None:
    model = load()
    text = EXAMPLE.read_text(encoding="utf-8")
    cuts = [text, text[:300] + "=1+1\n", text[400:900]]
    entries = []
    for number, piece in enumerate(cuts):
        path = tmp_path / "in" / f"{number}.txt"
        path.parent.mkdir(exist_ok=True)
        path.write_text(piece, encoding="utf-8")
        entries.append(Entry(str(number), path.as_posix(), model.classify(path, name=path.as_posix())))
    wanted = "".join(WRITERS[form](entries, Look())).encode()
    for jobs in (1, 2):
        out = tmp_path / f"o{jobs}.{form}"
        assert classify_files([tmp_path / "in"], out, jobs=jobs, model=model) == BatchResult(3, 0)
        assert out.read_bytes() == wanted
    assert not list(tmp_path.glob("*.failed*"))


def test_columns_are_those_of_the_csv_in_its_order() -> None:
    assert tuple(COLUMN_TYPES) == (*OWN, *FIELDS)
    report = Faulty().classify(Path(EXAMPLE))
    columns = paragraph_columns([Entry("a", "a.txt", report)], ["talent"])
    assert [*COLUMN_TYPES, "score_talent"] == list(columns)
    assert {len(values) for values in columns.values()} == {len(report.paragraphs)}
    assert set(columns["boilerplate_score"]) == {0.1235}
    assert {None, 0.9877} == set(columns["score_talent"])
    assert ["一、人才", "=（一）"] in columns["path"]


@pytest.mark.usefixtures("here")
def test_parquet_has_the_rows_of_the_csv_with_types() -> None:
    parquet = pytest.importorskip("pyarrow.parquet", reason="Parquet needs pyarrow")
    for number in range(5):
        write(f"r/{number}.txt", "=1+1\n一、人才\n" + "引进五人。\n" * number)
    for form in ("csv", "parquet"):
        classify_files(["r"], f"o.{form}", model=Faulty())
    table = parquet.read_table("o.parquet")
    assert {name: str(table.schema.field(name).type) for name in ("level", "path", "formulaic", "score_talent")} == {
        "level": "int32",
        "path": "list<element: string>",
        "formulaic": "bool",
        "score_talent": "float",
    }
    with Path("o.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert list(rows[0]) == table.column_names
    assert table.column("text").to_pylist() == [row["text"].removeprefix("'") for row in rows]
    assert table.column("text")[0].as_py() == "=1+1"
    scores = [None if value is None else f"{value:.4f}" for value in table.column("score_talent").to_pylist()]
    assert scores == [f"{float(row['score_talent']):.4f}" if row["score_talent"] else None for row in rows]
    assert parquet.ParquetFile("o.parquet").metadata.row_group(0).column(0).compression == "ZSTD"


@pytest.mark.usefixtures("here")
def test_row_groups_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    parquet = pytest.importorskip("pyarrow.parquet", reason="Parquet needs pyarrow")
    monkeypatch.setattr("govtext.batch.parquet.ROW_GROUP", 5)
    for number in range(5):
        write(f"r/{number}.txt", "引进五人。\n" * 2)
    classify_files(["r"], "o.parquet", model=Faulty())
    metadata = parquet.ParquetFile("o.parquet").metadata
    assert [metadata.row_group(k).num_rows for k in range(metadata.num_row_groups)] == [6, 4]


@pytest.mark.usefixtures("here")
def test_parquet_without_pyarrow_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow.parquet", None)
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(MissingExtra, match=r"Parquet files need pyarrow: pip install 'govtext\[parquet\]'"):
        classify_files([write("a.txt")], "o.parquet", model=Faulty())
    with pytest.raises(MissingExtra, match=r"govtext\[parquet\]"):
        classify_files([write("a.parquet")], "o.jsonl", model=Faulty())
    assert sorted(os.listdir()) == ["a.parquet", "a.txt"]


@pytest.mark.usefixtures("here")
def test_failures_stand_in_order_and_go_when_there_are_none() -> None:
    write("r/a.txt")
    write("r/b.txt", " ")
    Path("r/c.txt").write_bytes(b"%PDF-1.7")
    seen: list[Failure | None] = []
    result = classify_files(["r", "none"], "o.jsonl", model=Faulty(), progress=lambda p: seen.append(p.failure))
    assert result == BatchResult(1, 3)
    failures = [failure._asdict() for failure in seen if failure]
    assert objects("o.jsonl.failed.jsonl") == failures
    assert [(failure["id"], failure["file"]) for failure in failures] == [
        ("b", "r/b.txt"),
        ("c", "r/c.txt"),
        (None, "none"),
    ]
    assert failures[0]["reason"] == "holds nothing but white space; a report with text was wanted"
    assert classify_files(["r/a.txt"], "o.jsonl", model=Faulty()) == BatchResult(1, 0)
    assert sorted(os.listdir()) == ["o.jsonl", "r"]


@pytest.mark.usefixtures("here")
def test_old_file_stays_where_nothing_could_be_labelled() -> None:
    write("a.txt", " ")
    write("o.jsonl", "old")
    assert classify_files(["a.txt"], "o.jsonl", model=Faulty()) == BatchResult(0, 1)
    assert Path("o.jsonl").read_text(encoding="utf-8") == "old"
    assert sorted(os.listdir()) == ["a.txt", "o.jsonl", "o.jsonl.failed.jsonl"]


@pytest.mark.usefixtures("here")
def test_link_is_followed_and_rights_stay() -> None:
    write("far/o.jsonl", "old").chmod(0o640)
    Path("o.jsonl").symlink_to("far/o.jsonl")
    classify_files([write("a.txt")], "o.jsonl", model=Faulty())
    assert Path("o.jsonl").is_symlink()
    assert objects("far/o.jsonl")[0]["id"] == "a"
    assert Path("far/o.jsonl").stat().st_mode & 0o777 == 0o640


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize(
    ("out", "options", "said"),
    [
        ("o.txt", {}, r"o\.txt: a batch is written as \.jsonl or \.csv or \.parquet; name such a file"),
        ("no/o.csv", {}, r"no.o\.csv: the folder .* does not exist; make it first"),
        ("d.csv", {}, r"d\.csv: is a folder"),
        ("o.csv", {"jobs": 0}, r"jobs=0; wanted 1 or more"),
        ("o.csv", {"timeout": 0.0}, r"timeout=0\.0; wanted a number of seconds above 0"),
        ("o.csv", {"memory": 0}, r"memory=0; wanted a number of megabytes above 0, or None"),
        ("o.csv", {"model": "no.safetensors"}, r"no\.safetensors"),
        ("o.csv", {"repetition": "no.repetition"}, r"no\.repetition: cannot be read"),
        ("p.jsonl", {}, r"p\.jsonl: would overwrite a report that is to be read"),
    ],
)
def test_bad_calls_are_said_and_leave_nothing(out: str, options: dict[str, Any], said: str) -> None:
    Path("d.csv").mkdir()
    write("a.txt")
    write("p.jsonl", '{"text": "引进五人。"}\n')
    with pytest.raises(GovtextError, match=said):
        classify_files(["a.txt", "p.jsonl"], out, **{"model": Faulty(), **options})
    assert sorted(os.listdir()) == ["a.txt", "d.csv", "p.jsonl"]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes with names on this system")
@pytest.mark.usefixtures("here")
def test_pipe_is_no_file_to_go_on_with() -> None:
    os.mkfifo("o.jsonl")
    with pytest.raises(GovtextError, match=r"o\.jsonl: is no plain file"):
        classify_files([write("a.txt")], "o.jsonl", model=Faulty())


@pytest.mark.usefixtures("here")
def test_link_to_a_report_is_never_written_to() -> None:
    write("r/a.txt")
    Path("o.jsonl").symlink_to("r/a.txt")
    with pytest.raises(GovtextError, match=r"would overwrite a report"):
        classify_files(["r"], "o.jsonl", model=Faulty())


def test_options_out_of_range_are_bad_configuration(tmp_path: Path) -> None:
    with pytest.raises(BadConfig, match="jobs=-1"):
        classify_files([], tmp_path / "o.csv", jobs=-1)


def test_names_are_loaded_when_they_are_asked_for() -> None:
    assert set(govtext.batch.__all__) <= set(dir(govtext.batch))
    with pytest.raises(AttributeError, match=r"module 'govtext\.batch' has no attribute 'nothing'"):
        govtext.batch.nothing  # noqa: B018


# --- the command line ---------------------------------------------------------------------------------------------


def test_many_reports_into_a_file_are_a_batch_and_say_what_failed(run: Run) -> None:
    write("r/a.txt")
    write("r/b.txt", " ")
    result = run("classify", "r", "missing", "-o", "o.jsonl")
    assert result.exit_code == 2
    assert [value["id"] for value in objects("o.jsonl")] == ["a"]
    assert result.stderr.splitlines() == [
        "govtext: r/b.txt: holds nothing but white space; a report with text was wanted",
        "govtext: missing: no such file or folder; check the spelling",
        "govtext: 2 failed; o.jsonl.failed.jsonl says which and why",
    ]


@pytest.mark.parametrize(
    "arguments",
    [
        ("r/a.txt", "-o", "o.jsonl"),
        ("r", "-o", "o.txt"),
        ("r", "-o", "o"),
        ("r", "-o", "o.jsonl", "-f", "text"),
        ("r", "-", "-o", "o.jsonl"),
        ("r",),
    ],
)
def test_one_report_or_another_output_stays_in_this_process(
    run: Run, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...]
) -> None:
    def refused(*arguments: object, **options: object) -> None:
        raise AssertionError("a batch")

    monkeypatch.setattr("govtext.batch.run.classify_files", refused)
    write("r/a.txt")
    write("r/b.txt")
    assert run("classify", *arguments, stdin="引进五人。\n").exit_code == 0


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (
            ("r", "--jobs", "2"),
            r"^govtext: --jobs: the output must be a file; name a \.jsonl, \.csv or \.parquet with -o$",
        ),
        (("r", "-o", "o.txt", "--resume"), r"^govtext: --resume: the output must be a file"),
        (("r", "-o", "o.csv", "-f", "text", "--timeout", "3"), r"^govtext: --timeout: the output must be a file"),
        (("p.jsonl",), r"^govtext: p\.jsonl: the output must be a file"),
        (("-", "-o", "o.jsonl", "--memory", "500"), r"^govtext: -: --memory needs inputs that can be read again"),
        (("-", "-o", "o.parquet"), r"^govtext: -: Parquet needs inputs that can be read again"),
        (
            ("--list", "none", "-o", "o.csv"),
            r"^govtext: none: cannot be read \(No such file .*--list wants one name a line",
        ),
        (("-o", "o.csv"), r"Missing argument 'INPUT…'"),
        (("r", "-o", "o.csv", "--jobs", "0"), r"0 is not in the range x>=1"),
    ],
)
def test_what_only_a_batch_can_do_says_what_it_needs(run: Run, arguments: tuple[str, ...], said: str) -> None:
    write("r/a.txt")
    write("p.jsonl", '{"text": "一"}\n')
    result = run("classify", *arguments, stdin="")
    assert result.exit_code == 2
    assert re.search(said, result.stderr, re.MULTILINE)
    assert sorted(os.listdir()) == ["p.jsonl", "r"]


@pytest.mark.parametrize("name", ["list", "-"])
def test_list_names_inputs_behind_the_arguments(run: Run, name: str) -> None:
    for file in ("a.txt", "b b.txt", "r/c.txt"):
        write(file)
    content = "b b.txt\r\n\nr\n"
    write("list", content)
    result = run("classify", "a.txt", "--list", name, "-o", "o.jsonl", stdin=content)
    assert (result.exit_code, result.output) == (0, "")
    assert [value["id"] for value in objects("o.jsonl")] == ["a", "b b", "c"]


def test_stopped_run_says_how_to_go_on_and_does(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "BETWEEN_MARKS", 2)
    for number in range(5):
        write(f"r/{number}.txt")
    write("r/3.txt", "[[stop]]")
    result = run("classify", "r", "-o", "o.csv")
    assert (result.exit_code, result.stderr) == (130, "govtext: stopped after 2 of 5 reports; go on with --resume\n")
    write("r/3.txt")
    refused = run("classify", "r", "-o", "o.csv")
    assert refused.exit_code == 2
    assert "a run was stopped after 2 reports; go on with --resume, or delete o.csv.journal" in refused.stderr
    result = run("classify", "r", "-o", "o.csv", "--resume")
    assert (result.exit_code, result.output) == (0, "")
    whole = Path("o.csv").read_bytes()
    result = run("classify", "r", "-o", "o.csv", "--resume")
    wanted = "govtext: o.csv: was finished before, nothing to do; without --resume it is made anew\n"
    assert (result.exit_code, result.stderr) == (0, wanted)
    assert run("classify", "r", "-o", "o.csv").exit_code == 0
    assert Path("o.csv").read_bytes() == whole


def test_repetition_marks_what_it_marks_on_the_plain_road(run: Run) -> None:
    pytest.importorskip("datasketch", reason="repeated passages need datasketch: pip install 'govtext[repetition]'")
    for number in range(5):
        name, text = site_page(number, before=sentence(50) if number < 2 else "")
        write(f"pages/{name}", text)
    assert run("repetition", "pages", "-o", "s.repetition").exit_code == 0
    assert run("classify", "pages", "--repetition", "s.repetition", "-o", "o.jsonl").exit_code == 0
    plain = run("classify", "pages", "--repetition", "s.repetition")
    assert Path("o.jsonl").read_bytes() == plain.stdout_bytes
    first = objects("o.jsonl")[0]
    assert "nav" in {p["boilerplate"] for p in first["paragraphs"]}
    assert first["copied"]


def test_stop_before_the_first_mark_is_said(run: Run) -> None:
    write("r/a.txt")
    write("r/b.txt", "[[stop]]")
    result = run("classify", "r", "-o", "o.csv")
    assert (result.exit_code, result.stderr) == (
        130,
        "govtext: stopped after 0 of 2 reports; nothing is kept of so few\n",
    )


def test_failures_of_a_finished_run_are_remembered(run: Run) -> None:
    write("r/a.txt")
    write("r/b.txt", " ")
    assert run("classify", "r", "-o", "o.csv").exit_code == 2
    result = run("classify", "r", "-o", "o.csv", "--resume")
    assert result.exit_code == 2
    assert "govtext: 1 failed; o.csv.failed.jsonl says which and why" in result.stderr


def test_options_reach_the_run(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    given: list[dict[str, Any]] = []

    def taken(inputs: Any, out: Path, **options: Any) -> BatchResult:
        given.append(options)
        return BatchResult(1, 0)

    monkeypatch.setattr("govtext.batch.run.classify_files", taken)
    write("a.txt")
    run("classify", "a.txt", "-o", "o.csv", "--jobs", "3", "--timeout", "2.5", "--memory", "0", "--encoding", "gbk")
    run("classify", "a.txt", "-o", "o.csv", "--jobs", "1", "--resume")
    wanted = [(3, 2.5, None, "gbk", False), (1, running.TIMEOUT, running.MEMORY, None, True)]
    names = ("jobs", "timeout", "memory", "encoding", "resume")
    assert [tuple(options[name] for name in names) for options in given] == wanted


def test_pace_is_shown_on_a_terminal_now_and_then(monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []
    monkeypatch.setattr(console, "sys", fake_terminal())
    monkeypatch.setattr(click, "echo", lambda text, **_: said.append(text))
    line = console.Console(total=1000)
    for done, seconds in ((110, 0.1), (120, 1.0), (121, 1.1), (200, 10.0)):
        line.pace(done, resumed=100, seconds=seconds)
    clear = console.CLEAR_LINE
    assert said == [
        "120/1,000 reports, 20.0 a second, 44 s left",
        clear,
        "200/1,000 reports, 10.0 a second, 80 s left",
    ]
