"""The fence: what its child gives back, and what becomes of one that breaks a limit or dies."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from govtext.errors import MissingExtra, UnreadableReport
from govtext.reading import fence as fence_module
from govtext.reading.fence import Fence, packed, unpacked
from govtext.reading.formats import Extracted
from govtext.reading.plain import extract
from govtext.source import LineHint

TEXT = "关于科技工作的总结\n一、服务企业\n走访企业120家。\n"
HINTED = Extracted(
    "标题\n\ud800正文", "gb18030", 2, "页", (LineHint("h1", 0.0, 2, 0, 1), LineHint("a", 0.5, 3, 1, 1)), ("一句。",)
)


def played_by(monkeypatch: pytest.MonkeyPatch, code: str) -> None:
    """In place of the child runs `code`."""
    monkeypatch.setattr(fence_module, "CHILD", ("-c", code))


@pytest.mark.parametrize("extracted", [HINTED, Extracted("")])
def test_packing_loses_nothing(extracted: Extracted) -> None:
    assert unpacked(packed(extracted)) == extracted


@pytest.mark.parametrize("encoding", [None, "gb18030"])
def test_a_child_reads_as_this_process_does(encoding: str | None) -> None:
    data = TEXT.encode("gbk")
    assert Fence().extract(data, "text", encoding=encoding) == extract(data, encoding=encoding)


def test_a_refusal_comes_back_as_it_was_said() -> None:
    with pytest.raises(UnreadableReport, match=r"^is no text: read as .*; name a text file$"):
        Fence().extract(bytes(range(32)) * 9, "text")


def test_a_missing_library_comes_back_as_such(monkeypatch: pytest.MonkeyPatch) -> None:
    answer = '{"kind": "MissingExtra", "message": "reading wants x; pip install x"}'
    played_by(monkeypatch, f"import sys; sys.stdout.write({answer!r}); sys.exit({fence_module.REFUSED})")
    with pytest.raises(MissingExtra, match=r"^reading wants x; pip install x$"):
        Fence().extract(b"", "text")


def test_a_child_that_hangs_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    played_by(monkeypatch, "import time; time.sleep(60)")
    with pytest.raises(UnreadableReport, match=r"plain text took more than 0\.2 seconds; allow more, or save it"):
        Fence(seconds=0.2).extract(b"", "text")


def test_a_child_that_dies_is_one_refusal(monkeypatch: pytest.MonkeyPatch) -> None:
    played_by(monkeypatch, "import os, signal; os.kill(os.getpid(), signal.SIGKILL)")
    with pytest.raises(UnreadableReport, match=r"the reader of plain text died of it \(SIGKILL\); save it"):
        Fence().extract(b"", "text")
    played_by(monkeypatch, "raise ValueError")
    with pytest.raises(UnreadableReport, match=r"died of it \(exit code 1\); save it"):
        Fence().extract(b"", "text")


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux keeps limits of memory")
def test_a_text_that_needs_too_much_memory_is_refused() -> None:
    with pytest.raises(UnreadableReport, match=r"needs more than 64 MB of memory; allow more"):
        Fence(megabytes=64).extract("报".encode() * 12_000_000, "text")


def test_a_module_in_the_working_folder_is_not_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "json.py").write_text("raise SystemExit(9)", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert Fence().extract(TEXT.encode(), "text").text == TEXT


def test_a_child_writes_no_file(tmp_path: Path) -> None:
    before = sorted(os.listdir(tmp_path))
    code = (
        "import sys; from govtext.confining import forbid_files; forbid_files()\n"
        "try:\n    with open(sys.argv[1], 'w') as file: file.write('x')\n"
        "except OSError as error: print(error.errno)"
    )
    done = subprocess.run([sys.executable, "-c", code, str(tmp_path / "x")], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "27"  # EFBIG: the file is made, but nothing can be put in it
    assert before == [name for name in sorted(os.listdir(tmp_path)) if (tmp_path / name).stat().st_size]
