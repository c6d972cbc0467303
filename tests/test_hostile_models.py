"""Files that are no model, or a model no longer: nothing of them is run, none is loaded with other values than it was saved with.

In full, `make hostile`: benchmarks/hostile_models.py.
"""

from __future__ import annotations

import json
import pickle
import subprocess
import sys
from pathlib import Path
from typing import Any

import joblib
import numpy as np
import pytest

from golden_models import FOLDER
from hostile_child import Watch, is_reading
from hostile_files import MARKER, hostile, pickles

GOOD = max(FOLDER.glob("v*.safetensors"))
FEWEST = 80  # hostile files
DAMAGED = {"flips": 120, "cuts": 50, "noise": 60}


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What a process tells that has loaded all of them, and where their payloads would have left their marks."""
    folder = tmp_path_factory.mktemp("hostile")
    files = hostile(GOOD.read_bytes(), folder / MARKER)
    (folder / "files").mkdir()
    for number, (name, content) in enumerate(files.items()):
        (folder / "files" / f"{number:03} {name.replace('/', ' ')}").write_bytes(content)
    command = [sys.executable, str(Path(__file__).with_name("hostile_child.py")), str(GOOD), str(folder / "files"), "7"]
    run = subprocess.run(
        [*command, *map(str, DAMAGED.values())], capture_output=True, text=True, check=True, cwd=folder
    )
    left = sorted(path.name for path in folder.iterdir())
    return {**json.loads(run.stdout), "hostile": len(files), "left": left}


def test_every_hostile_file_is_refused_with_a_sentence(said: dict[str, Any]) -> None:
    assert said["hostile"] >= FEWEST
    assert said["wrong"] == {}
    assert said["refused"] + said["same"] == said["hostile"] + sum(DAMAGED.values())


def test_a_damaged_model_is_hardly_ever_the_same(said: dict[str, Any]) -> None:
    assert said["same"] <= 1


def test_loading_a_hostile_file_runs_imports_writes_and_asks_nothing(said: dict[str, Any]) -> None:
    assert said["events"] == []
    assert said["left"] == ["files"]


def test_the_payloads_would_do_what_they_are_for(tmp_path: Path) -> None:
    # What they are in: joblib.load and np.load run them, so that the files above are no straw men.
    marker = tmp_path / MARKER
    by_name = dict(pickles(marker))
    for name in ("joblib 3", "pickle protocol 4, io.open"):
        path = tmp_path / "file"
        path.write_bytes(by_name[name])
        if name.startswith("joblib"):
            joblib.load(path)
        else:
            np.load(path, allow_pickle=True).close()
        assert marker.exists()
        marker.unlink()


def test_the_watch_would_see_a_pickle_run(tmp_path: Path) -> None:
    watch, content = Watch(), dict(pickles(tmp_path / MARKER))["pickle protocol 4, io.open"]
    watch.on = True
    pickle.loads(content).close()
    watch.on = False
    assert [event.split()[0] for event in watch.events] == ["pickle.find_class", "open"]


@pytest.mark.parametrize(
    ("event", "arguments", "reads"),
    [
        ("open", ("m", None, 0), True),
        ("open", (3, "rb", 0), True),
        ("open", ("m", "wb", 0o1101), False),
        ("open", ("m", None, 1), False),
        ("open", ("m", "r+", 2), False),
        ("open", ("/etc/passwd", "r", 0), False),
        ("exec", (None,), False),
    ],
)
def test_the_watch_knows_reading_from_writing(event: str, arguments: tuple[Any, ...], reads: bool) -> None:
    assert is_reading(event, arguments, "m") is reads
