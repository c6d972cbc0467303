"""What is done where a system lacks something, played here by taking it away."""

from __future__ import annotations

import codecs
import os
import sys
from pathlib import Path

import pytest

from govtext.batch.files import Files
from govtext.batch.journal import Journal
from govtext.reading.encoding import decode
from govtext.reading.fence import _ending
from govtext.writing.target import Replacement, sync_folder


def test_where_folders_cannot_be_opened_they_are_not_synced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(os, "O_DIRECTORY")
    monkeypatch.setattr(os, "open", lambda *_: pytest.fail("opened"))
    sync_folder(tmp_path)


def test_where_files_cannot_be_locked_a_run_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = Files.of(tmp_path / "o.jsonl")
    with Journal(files) as first:
        first.begin({})
        monkeypatch.setitem(sys.modules, "fcntl", None)
        with Journal(files) as second:
            assert not second.has_progress


def test_leaving_twice_writes_once(tmp_path: Path) -> None:
    file = Replacement(tmp_path / "o.txt")
    with file:
        file.write("new")
    (tmp_path / "o.txt").write_text("newer", encoding="utf-8")
    file.__exit__(None, None, None)
    assert (tmp_path / "o.txt").read_text(encoding="utf-8") == "newer"


def test_the_mark_for_damaged_bytes_is_for_decoding_only() -> None:
    assert decode("企\xff业".encode("utf-8", "surrogatepass").replace(b"\xc3\xbf", b"\xff")).replaced == 1
    with pytest.raises(UnicodeEncodeError, match="ascii"):
        codecs.lookup_error("govtext.one_mark")(UnicodeEncodeError("ascii", "企", 0, 1, "ordinal not in range"))


@pytest.mark.parametrize(("code", "said"), [(-9, "SIGKILL"), (3, "exit code 3"), (-99, "signal 99")])
def test_an_ending_is_named(code: int, said: str) -> None:
    assert said == _ending(code)
