"""Where outputs go: a file is the old one or the new one, never a third, and a name never leaves its folder."""

from __future__ import annotations

import hashlib
import io
import os
import random
import re
import signal
import stat
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from govtext.cli.clean import write_each
from govtext.cli.inputs import Input
from govtext.errors import GovtextError
from govtext.scoring.modelfile import write
from govtext.writing import Entry, Replacement, file_names, one_line
from govtext.writing.target import as_on_disk
from made_labels import one_paragraph
from output_payloads import NAMES


def test_file_is_replaced_whole_and_keeps_its_mode(tmp_path: Path) -> None:
    path = tmp_path / "out.txt"
    path.write_text("old", encoding="utf-8")
    path.chmod(0o640)
    with Replacement(path) as file:
        file.write("新\ud800")
        assert path.read_text(encoding="utf-8") == "old"
    assert path.read_text(encoding="utf-8") == "新\ufffd"
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert os.listdir(tmp_path) == ["out.txt"]


def write_new(path: Path, *, then: Callable[[Replacement], None]) -> None:
    """Write `new` in place of the file, and let something happen before the end."""
    with Replacement(path) as file:
        file.write("new")
        then(file)


@pytest.mark.parametrize("error", [RuntimeError, KeyboardInterrupt])
def test_failure_midway_leaves_the_old_file(tmp_path: Path, error: type[BaseException]) -> None:
    def fail(_: Replacement) -> None:
        raise error("midway")

    path = tmp_path / "out.txt"
    path.write_text("old", encoding="utf-8")
    with pytest.raises(error, match="midway"):
        write_new(path, then=fail)
    assert path.read_text(encoding="utf-8") == "old"
    assert os.listdir(tmp_path) == ["out.txt"]


def full(*_: object) -> None:
    """What a full disk says."""
    raise OSError(28, "No space left on device")


def fill_file(replacement: Replacement) -> None:
    """The next write finds the disk full."""
    assert replacement._file is not None
    replacement._file.close()
    replacement._file = type("Full", (io.BytesIO,), {"write": full})()
    replacement.write("more")


@pytest.mark.parametrize("step", ["write", "fsync", "replace"])
def test_full_disk_leaves_the_old_file(tmp_path: Path, step: str, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "out.txt"
    path.write_text("old", encoding="utf-8")
    if step == "fsync":
        monkeypatch.setattr(os, "fsync", full)
    elif step == "replace":
        monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(GovtextError, match=r"out\.txt: cannot be written \(No space left"):
        write_new(path, then=fill_file if step == "write" else lambda _: None)
    assert path.read_text(encoding="utf-8") == "old"
    assert os.listdir(tmp_path) == ["out.txt"]


def test_the_file_is_on_the_disk_before_its_name_and_then_the_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[tuple[bool, list[str]]] = []

    def noted(descriptor: int) -> None:
        names = [name for name in os.listdir(tmp_path) if not name.startswith(".govtext-")]
        synced.append((stat.S_ISDIR(os.fstat(descriptor).st_mode), names))

    monkeypatch.setattr(os, "fsync", noted)
    write_new(tmp_path / "out.txt", then=lambda _: None)
    assert synced == [(False, []), (True, ["out.txt"])]


def test_folder_that_cannot_be_synced_is_no_failure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "out.txt"
    monkeypatch.setattr(os, "open", full)
    write_new(path, then=lambda _: None)
    assert path.read_text(encoding="utf-8") == "new"


def test_folder_that_cannot_be_written_to_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Path, "open", full)
    with pytest.raises(GovtextError, match=r"out\.txt: cannot be written \(No space left"):
        write_new(tmp_path / "out.txt", then=lambda _: None)
    assert os.listdir(tmp_path) == []


def test_what_is_no_plain_file_is_written_to_directly(tmp_path: Path) -> None:
    # A pipe and not /dev/null: run by root, a fault would put a file in its place for the whole machine.
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    try:
        write_new(pipe, then=lambda _: None)
        assert os.read(reader, 100) == b"new"
    finally:
        os.close(reader)
    assert not pipe.is_file()


def test_writing_outside_the_block_is_a_mistake(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="write inside the with block"):
        Replacement(tmp_path / "out.txt").write("x")


def test_link_is_followed(tmp_path: Path) -> None:
    (tmp_path / "real.txt").write_text("old", encoding="utf-8")
    (tmp_path / "link.txt").symlink_to("real.txt")
    with Replacement(tmp_path / "link.txt") as file:
        file.write("new")
    assert (tmp_path / "link.txt").is_symlink()
    assert (tmp_path / "real.txt").read_text(encoding="utf-8") == "new"


@pytest.mark.parametrize(("name", "said"), [("no/out.txt", "does not exist"), (".", "is a folder")])
def test_place_that_cannot_hold_a_file_is_refused(tmp_path: Path, name: str, said: str) -> None:
    with pytest.raises(GovtextError, match=said):
        Replacement(tmp_path / name)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\x1b[1m\x9b", "a\ufffd[1m\ufffd"),
        ("a\u202eb\u200bc", "abc"),
        ("a\ud800", "a\ufffd"),
        (" a\t\r\n\x0b\x1c\u2028 b ", "a b"),
        ("党 建", "党 建"),
    ],
)
def test_one_line_is_one_and_drives_no_terminal(text: str, shown: str) -> None:
    assert one_line(text) == shown


# Killed, interrupted, out of room: in processes of their own, for this one must go on.

CHILD = Path(__file__).with_name("writing_child.py")
SIZE = 200_000
WHOLE = {letter * SIZE for letter in "AB"}


def started(path: Path, *limit: str) -> subprocess.Popen[str]:
    """A process that writes the file again and again; it has begun."""
    command = [sys.executable, str(CHILD), str(path), str(SIZE), *limit]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    return process


@pytest.mark.parametrize("signal_", [signal.SIGKILL, signal.SIGINT], ids=lambda s: s.name)
def test_a_killed_program_leaves_one_version_or_the_other(tmp_path: Path, signal_: signal.Signals) -> None:
    path, draw = tmp_path / "out", random.Random(signal_)
    for _ in range(3):
        with started(path) as process:
            with suppress(subprocess.TimeoutExpired):
                process.wait(draw.uniform(0, 0.02))
            assert process.poll() is None
            process.send_signal(signal_)
        assert path.read_text(encoding="utf-8") in WHOLE
    # What was half written may stay under a name of its own, which says what it is.
    assert all(re.fullmatch(r"out|\.govtext-[0-9a-f]{16}\.tmp", name) for name in os.listdir(tmp_path))


@pytest.mark.skipif(not hasattr(signal, "SIGXFSZ"), reason="no limit of a file's size here")
@pytest.mark.parametrize("share", [0, 0.01, 0.5, 0.99])
def test_a_disk_that_is_full_at_any_byte_leaves_the_old_file(tmp_path: Path, share: float) -> None:
    path = tmp_path / "out"
    path.write_text("old", encoding="utf-8")
    with started(path, str(int(SIZE * share))) as process:
        said, _ = process.communicate()
    assert process.returncode == 2
    assert re.fullmatch(r".*out: cannot be written \(File too large\); what was there is left as it was\n", said)
    assert path.read_text(encoding="utf-8") == "old"
    assert os.listdir(tmp_path) == ["out"]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
def test_a_device_that_is_full_is_said_in_one_sentence() -> None:
    with pytest.raises(GovtextError, match=r"/dev/full: cannot be written \(No space left on device\)"):
        write_new(Path("/dev/full"), then=lambda _: None)


# Names that come from reports.


def tree(folder: Path) -> dict[str, str]:
    """All that lies in a folder, by name, with what stands in it."""
    found = {}
    for path in folder.rglob("*"):
        what = (
            os.readlink(path) if path.is_symlink() else path.read_text("utf-8") if path.is_file() else "no plain file"
        )
        found[str(path.relative_to(folder))] = what
    return found


@pytest.mark.parametrize("identity", NAMES, ids=ascii)
def test_file_name_stays_in_its_folder(identity: str, tmp_path: Path) -> None:
    (name,) = file_names([identity], ".txt")
    folder = tmp_path / "out"
    folder.mkdir()
    with Replacement(folder / name, follow=False) as file:
        file.write("x")
    assert tree(tmp_path) == {"out": "no plain file", f"out/{name}": "x"}
    assert len(name.encode()) < 255
    assert not re.match(r"(?i)(?:con|nul|aux|prn|com.|lpt.|conin\$)[ .]", name)
    assert not re.match(r"[-~. ]", name)
    assert name.isprintable()


def test_forty_names_together_are_as_many_files_wherever_they_lie() -> None:
    names = file_names(NAMES, ".txt")
    assert len(set(map(as_on_disk, names))) == len(NAMES) >= 40


@pytest.mark.parametrize("target", ["../secret", "a.txt", "../folder", "/dev/full", "nowhere/x"])
def test_a_link_in_the_place_of_a_report_is_replaced_and_not_followed(tmp_path: Path, target: str) -> None:
    for name in ("out", "folder"):
        (tmp_path / name).mkdir()
    (tmp_path / "secret").write_text("kept", encoding="utf-8")
    (tmp_path / "out" / "a.txt").symlink_to(target)
    with Replacement(tmp_path / "out" / "a.txt", follow=False) as file:
        file.write("new")
    outside = {"out": "no plain file", "folder": "no plain file", "secret": "kept"}
    assert tree(tmp_path) == {**outside, "out/a.txt": "new"}


def test_cleaned_reports_stay_in_their_folder_whatever_they_are_called(tmp_path: Path) -> None:
    folder = tmp_path / "out"
    folder.mkdir()
    (tmp_path / "secret").write_text("kept", encoding="utf-8")
    (folder / "x.txt").symlink_to("../secret")
    entries = [Entry(name, name, one_paragraph("一段话")) for name in (*NAMES, "x")]
    write_each(entries, inputs=[Input(entry.id, entry.file, None) for entry in entries], folder=folder)
    found = tree(tmp_path)
    assert found.pop("secret") == "kept"
    assert found.pop("out") == "no plain file"
    assert [name for name in found if name.count("/") != 1] == []
    assert list(found.values()) == ["一段话\n"] * len(entries)


def test_a_folder_or_a_pipe_in_the_place_of_a_report_is_not_written_to(tmp_path: Path) -> None:
    (tmp_path / "a.txt").mkdir()
    os.mkfifo(tmp_path / "b.txt")
    with pytest.raises(GovtextError, match=r"a\.txt: is a folder"):
        Replacement(tmp_path / "a.txt", follow=False)
    with Replacement(tmp_path / "b.txt", follow=False) as file:
        file.write("new")
    assert (tmp_path / "b.txt").read_text(encoding="utf-8") == "new"


def test_a_name_with_nul_is_said_in_one_sentence() -> None:
    with pytest.raises(GovtextError, match=r"'a.x00b': no file has such a name; name another one"):
        Replacement(Path("a\0b"))


def test_the_longest_name_there_is_can_be_written(tmp_path: Path) -> None:
    path = tmp_path / ("a" * 255)
    with Replacement(path) as file:
        file.write("new")
    assert write(path, b"model") == hashlib.sha256(path.read_bytes()).hexdigest()


def test_file_names_differ_where_case_does_not_count() -> None:
    assert [len(name) for name in file_names(["a" * 199, "a" * 200, "b" * 201], ".txt")] == [203, 204, 204]
    assert file_names(["a/b", "a_b", "A_B"], ".txt") == ["a_b.txt", "a_b-2.txt", "A_B-3.txt"]
    accents = ["\N{LATIN SMALL LETTER E WITH ACUTE}", "e\N{COMBINING ACUTE ACCENT}", "E\N{COMBINING ACUTE ACCENT}"]
    assert [name[-6:] for name in file_names(accents, ".txt")[1:]] == ["-2.txt", "-3.txt"]
