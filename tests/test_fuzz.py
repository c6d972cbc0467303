"""The fuzz targets on their corpus and on changes of it: what `python fuzz/run.py` found once stays found."""

from __future__ import annotations

import random
import sys
from pathlib import Path

import pytest

FUZZ = Path(__file__).resolve().parents[1] / "fuzz"
sys.path.insert(0, str(FUZZ))

from targets import MORE, TARGETS  # noqa: E402  (fuzz/targets.py)

SEEDS = sorted(
    (name, path)
    for name in TARGETS
    for folder in (FUZZ / "corpus" / name, *([MORE[name]] if name in MORE else []))
    for path in folder.iterdir()
)
CHANGES = {"read": 40, "segment": 6, "model": 20, "resume": 10}  # of each seed; `make fuzz` makes millions


def changed(data: bytes, rng: random.Random) -> bytes:
    """The bytes with up to four changes: a byte, a piece gone, doubled or put elsewhere."""
    found = bytearray(data)
    for _ in range(rng.randint(1, 4)):
        start = rng.randrange(len(found) + 1)
        stop = min(len(found), start + rng.choice((1, 2, 4, 16, 64)))
        match rng.randrange(4):
            case 0:
                found[start:stop] = rng.randbytes(stop - start)
            case 1:
                del found[start:stop]
            case 2:
                found[start:start] = found[start:stop] * rng.randint(1, 3)
            case 3:
                place = rng.randrange(len(found) + 1)
                found[place:place] = found[start:stop]
    return bytes(found)


@pytest.mark.parametrize(("target", "path"), SEEDS, ids=[f"{name}-{path.name}" for name, path in SEEDS])
def test_what_stands_in_the_corpus_breaks_no_promise(target: str, path: Path) -> None:
    TARGETS[target](path.read_bytes())


@pytest.mark.parametrize(("target", "path"), SEEDS, ids=[f"{name}-{path.name}" for name, path in SEEDS])
def test_changes_of_the_corpus_break_no_promise(target: str, path: Path) -> None:
    rng = random.Random(path.name)
    data = path.read_bytes()
    for _ in range(CHANGES[target]):
        TARGETS[target](changed(data, rng))
