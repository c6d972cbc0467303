"""Reading: bytes, files and texts to `Source`. Cases in cases/reading.toml."""

from __future__ import annotations

import io
import os
import random
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govtext.document import Source
from govtext.errors import UnreadableReport
from govtext.reading import FORMATS, READERS, find_reports, read
from govtext.reading import sources as sources_module
from govtext.reading.formats import format_of

CASES: dict[str, list[dict[str, Any]]] = tomllib.loads(
    (Path(__file__).parent / "cases" / "reading.toml").read_text(encoding="utf-8")
)
SIMPLIFIED = "\n".join(case["simplified"] for case in CASES["sentence"])
TRADITIONAL = "\n".join(case["traditional"] for case in CASES["sentence"]).replace("“", "「").replace("”", "」")
SCRIPTS = {"simplified": SIMPLIFIED, "traditional": TRADITIONAL}
LENGTHS = (2, 4, 8, 16, 32, 64, 256, 600)
RARE = "䶮㛃㙦𠮷"


def unreadable(source: Any, **options: Any) -> str:
    with pytest.raises(UnreadableReport, match=r"^[^\n]+; [^\n]+$") as caught:  # one line: what is wrong; next step
        read(source, **options)
    return str(caught.value)


# --- sources ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("case", CASES["line_end"], ids=lambda case: case["source"])
def test_only_line_ends_change(case: dict[str, Any]) -> None:
    assert Source(case["reads"]) == read(case["text"])
    assert Source(case["reads"], "", "utf-8", 0) == read(case["text"].encode())


@given(st.text())
def test_a_str_is_the_text_itself(text: str) -> None:
    if not text or text.isspace():
        assert "was wanted" in unreadable(text)
    else:
        assert text.replace("\r\n", "\n").replace("\r", "\n") == read(text).text


def test_same_text_from_path_bytes_and_open_files(tmp_path: Path) -> None:
    path = tmp_path / "报告.txt"
    path.write_bytes("一、总体情况\r\n二、主要做法\r\n".encode("gbk"))
    wanted = Source("一、总体情况\n二、主要做法\n", "报告.txt", "gb18030", 0)
    assert wanted == read(path)
    assert wanted == read(path.read_bytes(), name="报告.txt")
    with path.open("rb") as file:
        assert wanted == read(file)
    with path.open("rb", buffering=0) as file:
        assert wanted == read(file)
    with path.open(encoding="gbk") as file:
        assert Source(wanted.text, "报告.txt") == read(file)


def test_pipe_is_read_to_its_end() -> None:
    reading, writing = os.pipe()
    with open(writing, "wb") as end:
        end.write("工作报告".encode())
    with open(reading, "rb", buffering=0) as pipe:
        assert Source("工作报告", "-", "utf-8", 0) == read(pipe, name="-")


def test_str_that_names_a_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("工作", encoding="utf-8")
    assert "pass pathlib.Path(" in unreadable(str(path))
    assert read(str(tmp_path / "b.txt")).text.endswith("b.txt")  # near miss: no such file, so it is a text
    assert read(f"{path}\n").text == f"{path}\n"


@pytest.mark.parametrize("case", CASES["refused"], ids=lambda case: case["source"])
def test_bytes_that_are_no_text_are_refused(case: dict[str, Any]) -> None:
    with pytest.raises(UnreadableReport, match=f"^r.txt: .*{case['says']}"):
        read(bytes.fromhex(case["bytes"]), name="r.txt")


@pytest.mark.parametrize("case", CASES["accepted"], ids=lambda case: case["source"])
def test_bytes_that_look_odd_but_are_text_are_read(case: dict[str, Any]) -> None:
    assert bytes.fromhex(case["bytes"]).decode() == read(bytes.fromhex(case["bytes"])).text


@pytest.mark.parametrize(("n_odd", "is_text"), [(3, True), (9, True), (10, True), (11, False)])
def test_more_than_a_tenth_of_odd_characters_is_no_text(n_odd: int, is_text: bool) -> None:
    data = ("\x01" * n_odd + "报" * (100 - n_odd)).encode()
    if is_text:
        assert len(read(data).text) == 100
    else:
        assert "11 of 100 characters are controls" in unreadable(data)


def test_large_file_of_no_text_is_refused_by_its_start() -> None:
    assert "is no text" in unreadable(random.Random(0).randbytes(3_000_000))


def test_large_text_is_read_to_its_end() -> None:
    text = (SIMPLIFIED + "\n") * 100
    assert [read(text.encode(codec)).text for codec in ("utf-8", "gbk", "utf-16")] == [text] * 3


@pytest.mark.parametrize(
    ("start", "suffix", "found"),
    [
        (b"%PDF-1.7", ".txt", "pdf"),
        (b"PK\x03\x04", ".doc", "word"),
        (b"<!DOCTYPE html><p>", ".doc", "webpage"),
        (b'\xef\xbb\xbf\n<?xml version="1.0"?><html xmlns="x">', None, "webpage"),
        (b"<HEAD>", ".txt", "webpage"),
        (b"<headline>", ".txt", "text"),
        (b"<html", ".txt", "text"),
        (b"1. <html>", ".txt", "text"),
        (b"<html>", ".docx", "word"),
        ("工作".encode(), ".HTM", "webpage"),
        ("工作".encode(), ".wps", "text"),
        (b"", None, "text"),
    ],
)
def test_first_bytes_say_the_format_before_the_suffix_does(start: bytes, suffix: str | None, found: str) -> None:
    assert format_of(start, suffix) == found


def test_unknown_suffix_names_the_known_ones(tmp_path: Path) -> None:
    sheet, bare, upper = (tmp_path / name for name in ("a.et", "README", "A.TXT"))
    for path in (sheet, bare, upper):
        path.write_text("工作报告", encoding="utf-8")
    assert unreadable(sheet).endswith("a.et: .et files are not known; save the document as .docx or plain text (.txt)")
    assert "the name has no suffix; save the document as .docx or plain text (.txt)" in unreadable(bare)
    assert read(upper).text == "工作报告"


def test_paths_that_cannot_be_read_say_why(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe.txt"
    os.mkfifo(pipe)
    assert "no such file or folder; check the spelling" in unreadable(tmp_path / "none.txt")
    assert "is a folder, not a report; name a file in it" in unreadable(tmp_path)
    assert "is no regular file; pipe its text" in unreadable(pipe)
    assert "cannot be reached" in unreadable(Path("a\0b.txt"))
    assert "cannot be reached" in unreadable(tmp_path / ("长" * 200 + ".txt"))


def test_file_without_read_permission_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    path = tmp_path / "a.txt"
    path.write_text("工作", encoding="utf-8")
    monkeypatch.setattr(Path, "open", refuse)
    assert "cannot be read (Permission denied); check the file and its rights" in unreadable(path)


def test_too_large_is_refused_below_the_limit_not(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sources_module, "LARGEST_REPORT", 100)
    path = tmp_path / "a.txt"
    path.write_bytes(b"a" * 100)
    assert len(read(path).text) == 100
    path.write_bytes(b"a" * 101)
    for source in (path, path.read_bytes(), io.BytesIO(path.read_bytes()), io.StringIO("a" * 101)):
        assert "larger than 100 bytes" in unreadable(source)


def test_open_text_file_in_the_wrong_encoding_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes("工作".encode("gbk"))
    with path.open(encoding="utf-8") as file:
        assert 'opened as text, but is not utf-8; open it with mode "rb"' in unreadable(file)


def test_other_types_are_refused() -> None:
    assert unreadable(3).startswith("a int is no report; pass the text as str")


def test_gbk_file_name_gives_a_name_that_can_be_written(tmp_path: Path) -> None:
    raw = os.fsencode(tmp_path) + b"/" + "报告.txt".encode("gbk")
    with open(raw, "wb") as file:
        file.write("工作".encode())
    name = read(Path(os.fsdecode(raw))).name
    assert name.encode("utf-8").endswith(b".txt")


# --- folders ------------------------------------------------------------------------------------------------------


def test_folders_give_their_reports_in_order_and_files_stay(tmp_path: Path) -> None:
    names = ("b.txt", "a/z.md", "a/A.TXT", "a/sheet.et", ".hidden.txt", ".git/x.txt", "a/b/c.txt")
    for name in names:
        path = tmp_path / "in" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("工作", encoding="utf-8")
    (tmp_path / "in" / "a" / "loop").symlink_to(tmp_path / "in")
    folder = tmp_path / "in"
    below = [folder / name for name in ("a/A.TXT", "a/b/c.txt", "a/z.md", "b.txt")]
    assert below == find_reports([folder])
    assert [folder / "b.txt", *below[:3]] == find_reports([folder / "b.txt", folder])  # each once, first place counts
    assert [folder / "a/sheet.et", folder / ".hidden.txt"] == find_reports(
        [folder / "a/sheet.et", folder / ".hidden.txt"]
    )


def test_folder_without_reports_and_missing_paths_are_refused(tmp_path: Path) -> None:
    (tmp_path / "sheet.et").write_text("工作", encoding="utf-8")
    with pytest.raises(UnreadableReport, match=r"no file in this folder that ends in \.doc, .*; name one"):
        find_reports([tmp_path])
    with pytest.raises(UnreadableReport, match=r"none: no such file or folder; check the spelling"):
        find_reports([tmp_path / "none"])


def test_every_reader_is_a_format_by_lower_case_suffix() -> None:
    assert set(FORMATS) == set(READERS.values())
    assert all(suffix.startswith(".") and suffix == suffix.lower() for suffix in READERS)


def test_importing_reading_imports_only_the_standard_library() -> None:
    code = (
        "import sys; import govtext.reading; "
        "tops = {name.partition('.')[0] for name in sys.modules} - set(sys.stdlib_module_names); "
        "print(sorted(tops - {'__main__', '__mp_main__'}))"
    )
    environment = {**os.environ, "PYTHONPATH": str(Path(sources_module.__file__).parents[2])}
    done = subprocess.run(
        [sys.executable, "-S", "-c", code], capture_output=True, text=True, check=True, env=environment
    )
    assert done.stdout.strip() == "['govtext']"
