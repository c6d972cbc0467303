"""The inputs of a batch: each found once, under an id of its own, in order; files of records, and what is wrong with them."""

from __future__ import annotations

import os
import sys
from array import array
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from batch_runs import Here, objects, write
from faulty import Faulty
from govtext.batch import BatchResult, classify_files
from govtext.batch import run as running
from govtext.batch.failures import reason_of
from govtext.batch.identities import Identities, forms_of, identities
from govtext.batch.inputs import Listing, Task, are_many, stamp_of
from govtext.batch.records import json_record, json_records, records_or_problems
from govtext.errors import UnreadableReport
from govtext.reading.formats import known_suffixes


def listed(*inputs: str | Path) -> list[Task]:
    """The tasks that inputs make."""
    with TemporaryFile() as spool:
        listing = Listing(inputs, spool=spool, avoid=Path("o.jsonl"))
        tasks = list(listing.tasks())
        assert listing.total == len(tasks)
        assert list(listing.tasks(skip=2)) == tasks[2:]
    return tasks


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty folder, and no processes."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(running, "Pool", Here)


@pytest.mark.usefixtures("here")
def test_inputs_are_found_in_order_each_once_with_ids_of_their_own() -> None:
    for name in ("r/b.txt", "r/a/x.txt", "r/a/b.md", "r/.hidden.txt", "r/notes.bin", "x.txt"):
        write(name)
    write("p.jsonl", '{"text": "一", "id": "x"}\n\n{"text": "二"}\n')
    found = listed("r", "./x.txt", "none", "p.jsonl", "x.txt", Path("r").absolute(), "p.jsonl")
    assert [(task.id, task.file, task.text) for task in found] == [
        ("r/a/b", "r/a/b.md", None),
        ("r/a/x", "r/a/x.txt", None),
        ("r/b", "r/b.txt", None),
        ("x.txt", "x.txt", None),
        (None, "none", None),
        ("x", "p.jsonl:1", "一"),
        ("p:3", "p.jsonl:3", "二"),
    ]
    assert found[4].problem == "no such file or folder; check the spelling"


@pytest.mark.usefixtures("here")
def test_folder_that_cannot_be_read_costs_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("r/a.txt", "r/b/x.txt", "r/c.txt"):
        write(name)
    Path("empty").mkdir()
    real = os.scandir

    def scandir(path: Path) -> Any:
        if path.name == "b":
            raise PermissionError(13, "Permission denied", str(path))
        return real(path)

    monkeypatch.setattr(os, "scandir", scandir)
    assert [(task.file, task.problem) for task in listed("r", "empty")] == [
        ("r/a.txt", None),
        ("r/b", "the folder cannot be read (Permission denied); check its rights"),
        ("r/c.txt", None),
        (
            "empty",
            f"there is no file in this folder that ends in {known_suffixes()}; name one that holds reports",
        ),
    ]


@pytest.mark.skipif(sys.platform in {"win32", "darwin"}, reason="file names there are Unicode")
@pytest.mark.usefixtures("here")
def test_any_file_name_goes_through() -> None:
    odd = [os.fsdecode("报告".encode("gb18030")) + ".txt", "a\nb.txt", 'c"d.txt']
    for name in odd:
        write(f"r/{name}")
    assert {task.path for task in listed("r")} == {f"r/{name}" for name in odd}
    assert classify_files(["r"], "o.csv", model=Faulty()).labelled == 3


@pytest.mark.usefixtures("here")
def test_what_comes_or_goes_after_the_listing_changes_no_id() -> None:
    for name in ("r/a.txt", "r/b.txt", "r/d.txt"):
        write(name)
    with TemporaryFile() as spool:
        listing = Listing(["r"], spool=spool, avoid=Path("o.jsonl"))
        write("r/c/d.txt")
        Path("r/b.txt").unlink()
        assert [(task.id, task.path) for task in listing.tasks()] == [
            ("a", "r/a.txt"),
            ("b", "r/b.txt"),
            ("d", "r/d.txt"),
        ]


@pytest.mark.usefixtures("here")
def test_records_that_changed_after_the_listing_fail_by_name() -> None:
    write("p.jsonl", '{"text": "一"}\n{"text": "二"}\n')
    with TemporaryFile() as spool:
        listing = Listing(["p.jsonl"], spool=spool, avoid=Path("o.jsonl"))
        write("p.jsonl", '{"text": "三三"}\n')
        first, second = listing.tasks()
    assert first.problem == second.problem == "changed while it was read; start the run again"
    assert (first.id, second.file) == ("p:1", "p.jsonl:2")


@pytest.mark.usefixtures("here")
def test_records_that_are_gone_or_unreadable_are_problems(tmp_path: Path) -> None:
    path = write("p.jsonl", '{"text": "一"}\n{"text": "二"}\n')
    found = list(records_or_problems(path, 3))
    assert [(record.number, record.text) for record in found] == [(1, "一"), (2, "二"), (3, None)]
    assert found[2].problem == "is gone: the file changed while it was read"
    path.unlink()
    (record,) = records_or_problems(path, 1)
    assert record.problem == "cannot be read (No such file or directory); check the file and its rights"
    assert stamp_of(path) == (0, 0)


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize(
    ("change", "same"), [("r/a.txt", True), ("r/new.txt", False), ("p.jsonl", False), ("r/.hidden.txt", True)]
)
def test_fingerprint_stands_for_the_list_and_the_files_of_records(change: str, same: bool) -> None:
    write("r/a.txt")
    write("p.jsonl", '{"text": "一"}\n')
    prints = []
    for _ in range(2):
        with TemporaryFile() as spool:
            prints.append(Listing(["r", "p.jsonl"], spool=spool, avoid=Path("o.jsonl")).fingerprint)
        write(change, '{"text": "一一"}\n')
    assert (prints[0] == prints[1]) is same


@pytest.mark.usefixtures("here")
def test_many_is_more_than_one_report_or_a_file_of_records() -> None:
    write("r/a.txt")
    write("b.txt")
    write("p.jsonl")
    assert [are_many(inputs) for inputs in (["r"], ["r", "./r/a.txt"], ["r", "b.txt"], ["p.jsonl"], ["none"])] == [
        False,
        False,
        True,
        True,
        False,
    ]


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        (b"{", r"is no JSON (Expecting property name enclosed in double quotes: line 1 column 2 (char 1)); write one"),
        (b"[" * 100_000, "is no JSON ("),
        (b'"text"', 'is of type str; an object with "text" was wanted'),
        (b"{}", 'has no "text"; it has nothing'),
        (b'{"body": "", "id": 1}', 'has no "text"; it has "body", "id"'),
        (b'{"text": null}', '"text" is null; the text of a report was wanted'),
        (b'{"text": 5}', '"text" is of type int; the text of a report was wanted'),
        (b'{"text": "a", "id": [1]}', '"id" is of type list; text or a whole number was wanted'),
        (b'{"text": "a", "id": true}', '"id" is of type bool; text or a whole number was wanted'),
        (b'{"text": "\xff"}', "is no UTF-8 at byte 10; save the file as UTF-8"),
    ],
)
def test_bad_line_is_a_problem_of_its_own(line: bytes, problem: str) -> None:
    record = json_record(3, line)
    assert record.number == 3
    assert record.text is None
    assert record.problem is not None
    assert record.problem.startswith(problem)


def test_lines_are_numbered_as_an_editor_numbers_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("govtext.batch.records.LONGEST_LINE", 30)
    path = tmp_path / "p.jsonl"
    path.write_bytes(b'\xef\xbb\xbf{"text": "a"}\r\n \n' + b'{"text": "' + b"b" * 100 + b'"}\n{"text": "c", "id": ""}')
    found = [(record.number, record.id, record.text) for record in json_records(path)]
    assert found == [(1, None, "a"), (3, None, None), (4, None, "c")]


@pytest.mark.usefixtures("here")
def test_record_whose_text_names_a_file_is_a_text() -> None:
    write("a.txt")
    write("p.jsonl", '{"text": "a.txt"}\n{"text": "一\\r\\n二"}\n{"text": " "}\n')
    assert classify_files(["p.jsonl"], "o.jsonl", model=Faulty()) == BatchResult(2, 1)
    first, second = objects("o.jsonl")
    assert (first["encoding"], first["paragraphs"][0]["text"]) == (None, "a.txt")
    assert [p["text"] for p in second["paragraphs"]] == ["一", "二"]
    assert objects("o.jsonl.failed.jsonl") == [
        {"id": "p:3", "file": "p.jsonl:3", "reason": "holds nothing but white space; a report with text was wanted"}
    ]


@pytest.mark.usefixtures("here")
def test_rows_of_parquet_are_read_with_their_ids() -> None:
    pa = pytest.importorskip("pyarrow", reason="Parquet needs pyarrow")
    parquet = pytest.importorskip("pyarrow.parquet")
    parquet.write_table(pa.table({"id": [7, None, 9], "text": ["一", "二", None]}), "p.parquet")
    parquet.write_table(pa.table({"text": pa.array(["三"], pa.large_string())}), "q.parquet")
    parquet.write_table(pa.table({"body": ["三"], "n": [1]}), "no.parquet")
    parquet.write_table(pa.table({"text": [1]}), "numbers.parquet")
    write("torn.parquet", "PAR1")
    found = listed("p.parquet", "q.parquet", "no.parquet", "numbers.parquet", "torn.parquet")
    assert [(task.id, task.file, task.text) for task in found] == [
        ("7", "p.parquet:1", "一"),
        ("p:2", "p.parquet:2", "二"),
        ("9", "p.parquet:3", None),
        ("q:1", "q.parquet:1", "三"),
        (None, "no.parquet", None),
        (None, "numbers.parquet", None),
        (None, "torn.parquet", None),
    ]
    assert [task.problem for task in found][4:6] == [
        'has no column "text"; it has body, n',
        'its column "text" holds int64; strings were wanted',
    ]
    assert (found[6].problem or "").startswith("cannot be read as Parquet (")


@pytest.mark.usefixtures("here")
def test_empty_file_of_records_is_a_problem() -> None:
    write("p.jsonl", "\n")
    assert [task.problem for task in listed("p.jsonl")] == ["is empty; a file with one report a record was wanted"]


# --- ids ----------------------------------------------------------------------------------------------------------


def numbered_ids(files: list[str]) -> list[str]:
    """The ids by the rule in words: while two are equal, both take their next form; at last a number."""
    forms = [forms_of(file) for file in files]
    level = [0] * len(files)
    while True:
        ids = [form[k] for form, k in zip(forms, level)]
        twice = [i for i, one in enumerate(ids) if ids.count(one) > 1 and level[i] < 2]
        if not twice:
            break
        for i in twice:
            level[i] += 1
    unique: list[str] = []
    for one in ids:
        n, candidate = 1, one
        while candidate in unique or (n > 1 and candidate in ids):
            n += 1
            candidate = f"{one}#{n}"
        unique.append(candidate)
    return unique


PARTS = st.sampled_from(["a", "b", "a.txt", "a#2"])
PATHS = st.builds(
    lambda folders, name, end: "/".join([*folders, name]) + end,
    st.lists(PARTS, max_size=2),
    PARTS,
    st.sampled_from([".txt", ".md", ""]),
)


@given(st.lists(PATHS, max_size=8))
def test_ids_follow_the_rule_and_are_never_equal(files: list[str]) -> None:
    found = identities(files)
    assert len(set(found)) == len(files)
    assert found == numbered_ids(files)


def test_own_ids_stay_and_those_that_come_again_are_numbered() -> None:
    ids = Identities()
    forms = [("x", "x", "x"), forms_of("x.txt"), ("x", "x", "x"), ("x#2", "x#2", "x#2")]
    for row in forms:
        ids.add(row)
    ids.settle()
    assert [ids.of(k, row) for k, row in enumerate(forms)] == ["x", "x.txt", "x#3", "x#2"]
    assert ids._hashes == array("Q")


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (UnreadableReport("r/a.txt: is empty"), "is empty"),
        (UnreadableReport("r/b.txt: is empty"), "r/b.txt: is empty"),
        (PermissionError(13, "Permission denied"), "Permission denied"),
        (OSError("odd"), "odd"),
        (RecursionError("too\ndeep"), "labelling it failed (RecursionError: too deep)"),
    ],
)
def test_reason_is_one_line_without_the_name(error: Exception, reason: str) -> None:
    assert reason_of(error, file="r/a.txt", path="r/a.txt") == reason


def test_name_that_is_no_utf8_is_taken_off_too() -> None:
    path = os.fsdecode(b"\xb1.txt")
    assert reason_of(UnreadableReport("?.txt: is empty"), file=r"\xb1.txt", path=path) == "is empty"
