"""Where a model file lies and how it gets there: no path that is no plain file, no file that is half written."""

import os
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from govtext.errors import BadModel
from govtext.scoring import container
from govtext.scoring.modelfile import load, save
from small_files import GOOD, SCHEMA, arrays, header


def directory(path: Path) -> None:
    path.mkdir()


def link(path: Path) -> None:
    path.with_name("real").write_bytes(GOOD)
    path.symlink_to(path.with_name("real"))


def loop(path: Path) -> None:
    path.symlink_to(path)


def sparse(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(container.MOST_BYTES + 1)


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (
            lambda path: None,
            "no such file; train a model with govtext train, or leave the model out for the bundled one",
        ),
        (directory, "not a regular file"),
        (os.mkfifo, "not a regular file"),
        (link, "a symbolic link"),
        (loop, "a symbolic link"),
        (sparse, "200,000,001 bytes"),
    ],
    ids=["missing", "directory", "FIFO", "link", "link to itself", "too large"],
)
def test_paths_that_are_no_model_are_refused(tmp_path: Path, make: Callable[[Path], None], says: str) -> None:
    path = tmp_path / "m.safetensors"
    make(path)
    with pytest.raises(BadModel, match=f"^{path}: {says}"):
        load(path, schema=SCHEMA)


def test_file_that_changes_its_kind_while_it_is_opened_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "m.safetensors"
    path.write_bytes(GOOD)
    reading, writing = os.pipe()
    os.close(writing)
    with monkeypatch.context() as patch:
        patch.setattr(os, "open", lambda *_: reading)
        with pytest.raises(BadModel, match="not a regular file"):
            load(path, schema=SCHEMA)


def test_device_and_nul_are_refused() -> None:
    with pytest.raises(BadModel, match="/dev/zero: not a regular file"):
        load(Path("/dev/zero"), schema=SCHEMA)
    with pytest.raises(BadModel, match="cannot be read"):
        load(Path("a\0b"), schema=SCHEMA)


@pytest.mark.parametrize("step", ["fsync", "replace", "chmod"])
def test_failed_save_keeps_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str) -> None:
    path = tmp_path / "m.safetensors"
    path.write_bytes(b"old")
    path.chmod(0o604)

    def full(*_: Any, **__: Any) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, step, full)
        with pytest.raises(BadModel, match="No space left"):
            save(path, arrays(), header(), schema=SCHEMA)
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]
    save(path, arrays(), header(), schema=SCHEMA)
    assert path.read_bytes() == GOOD
    assert stat.S_IMODE(path.stat().st_mode) == 0o604


@pytest.mark.parametrize(
    ("changes", "fields", "says"),
    [
        ({}, {"format_version": 1}, "header field 'format_version' is set by the model file itself"),
        ({}, {"step": float("nan")}, "the header cannot be written as JSON"),
        ({}, {"themes": [Path("x")]}, "the header cannot be written as JSON"),
        ({}, {"themes": ["\ud800"]}, "the header cannot be written as JSON"),
        ({}, {"seed": 2**31 + 1}, "has the number 2147483649 beyond"),
        ({"steps": np.array([object()])}, {}, "array 'steps' is of type object"),
        ({"steps": np.array(["a"])}, {}, "array 'steps' is of type <U1"),
        ({"steps": np.array([np.nan, 1], np.float32)}, {}, "array 'steps' has a value that is no finite number"),
    ],
)
def test_what_could_not_be_loaded_is_not_saved(
    tmp_path: Path, changes: dict[str, Any], fields: dict[str, Any], says: str
) -> None:
    with pytest.raises(BadModel, match=says):
        save(tmp_path / "m", arrays(**changes), header(**fields), schema=SCHEMA)
    assert not list(tmp_path.iterdir())
