"""What a hostile model file can do, and what a model keeps of its training data: `make hostile`.

Files: what people or attackers pass off as a model (tests/hostile_files.py), the bundled model with bits changed, cut short,
and random bytes, each loaded in a process that an audit hook watches; nothing may run, be imported, written or asked of the
network, no error but a refusal may come out, and what loads must hold the values that were saved. Values: models of the
right form that say what none may say (tests/value_attacks.py), with the seconds and the memory of each refusal, which
are counted against the file's size. Canaries: telephone numbers, identity numbers and names, each in one document of a
training corpus, are looked for in the model's bytes, its terms, its card and its page. Prints what it finds, writes
hostile_models.json, ends with 1 if a goal is missed.
"""

from __future__ import annotations

import argparse
import copy
import json
import os
import random
import subprocess
import sys
import tempfile
import time
import tracemalloc
from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests"))  # what is hostile is made there

from golden_models import THEMES, rows  # noqa: E402
from govtext.errors import BadModel  # noqa: E402
from govtext.modelarrays import SCHEMA, VOCABULARIES, decode_model  # noqa: E402
from govtext.scoring.modelfile import encode, load, vocabulary_from  # noqa: E402
from govtext.taxonomy import Taxonomy, Theme  # noqa: E402
from govtext.training.corpus import read_corpus  # noqa: E402
from govtext.training.fit import train  # noqa: E402
from hostile_files import MARKER, hostile  # noqa: E402
from value_attacks import ATTACKS  # noqa: E402

FIGURES = Path(__file__).with_suffix(".json")
MODEL = ROOT / "models" / "govtext.safetensors"
MOST_SECONDS = 1.0  # of a refusal
MOST_MEMORY = 3.0  # times the file
SPARE = 1 << 20  # bytes that any file may take, however small
N_CANARIES = 50
N_DOCUMENTS = 24
TELLING = 3  # characters of a canary in a row that a model must not have


def files(work: Path, flips: int, cuts: int, noise: int, seed: int) -> dict[str, Any]:
    """What a watched process tells of hostile, damaged and random files."""
    found = hostile(MODEL.read_bytes(), work / MARKER)
    (work / "files").mkdir()
    for number, (name, content) in enumerate(found.items()):
        (work / "files" / f"{number:03} {name.replace('/', ' ')}").write_bytes(content)
    command = [sys.executable, str(ROOT / "tests" / "hostile_child.py"), str(MODEL), str(work / "files")]
    counts = [seed, flips, cuts, noise]
    run = subprocess.run([*command, *map(str, counts)], capture_output=True, text=True, check=True, cwd=work)
    said = json.loads(run.stdout)
    left = sorted(path.name for path in work.iterdir() if path.name != "files")
    counted = {"hostile": len(found), "bits changed": flips, "cut short": cuts, "random": noise}
    return {**counted, **said, "left behind": left}


def values(work: Path) -> dict[str, Any]:
    """How the bundled model is refused when it says what no model may say: the slowest, and what took most memory."""
    arrays, header, _ = load(MODEL, schema=SCHEMA)
    wrong, rows_ = {}, []
    for name, change, says in ATTACKS:
        content = _attacked(arrays, header, change)
        path = work / "attack"
        path.write_bytes(content)
        began = time.perf_counter()
        message = _refusal(path)
        seconds = time.perf_counter() - began
        tracemalloc.start()
        _refusal(path)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        if message is None:
            wrong[name] = f"loaded; wanted {says}"
        rows_.append((name, seconds, max(0, peak - SPARE) / len(content)))
    slowest, largest = (max(rows_, key=lambda row: row[k]) for k in (1, 2))
    return {
        "attacks": len(ATTACKS),
        "wrong": wrong,
        "slowest": [round(slowest[1], 3), slowest[0]],
        "most memory, times the file": [round(largest[2], 2), largest[0]],
        "above the goal": [name for name, _, ratio in rows_ if ratio > MOST_MEMORY],
    }


def _attacked(arrays: dict[str, Any], header: dict[str, Any], change: Callable[..., object]) -> bytes:
    arrays, header = dict(arrays), copy.deepcopy(header)
    change(arrays, header)
    return encode(arrays, header, schema=SCHEMA)


def _refusal(path: Path) -> str | None:
    try:
        decode_model(path, "m")
    except BadModel as error:
        return str(error)
    return None


def canaries(work: Path, seed: int) -> dict[str, Any]:
    """How many canaries of a training corpus stand in the model, its terms, its card and its page."""
    draw = random.Random(seed)
    secrets = [_secret(draw, kind) for kind in range(N_CANARIES)]
    folder = work / "corpus"
    folder.mkdir()
    for number in range(N_DOCUMENTS):
        lines = ["\t".join(row) for row in rows(draw)]
        mine = secrets[number::N_DOCUMENTS]
        lines += [f"p\tdone\t{draw.choice(THEMES)[0]}\t联系{secret}办理。" for secret in mine]
        (folder / f"C{number:03}.tsv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    taxonomy = Taxonomy(tuple(Theme(*theme) for theme in THEMES), 2)
    trained = train(read_corpus([folder], taxonomy), taxonomy)
    arrays, _, _ = load(trained.content, schema=SCHEMA)
    terms = "\n".join(term for name in VOCABULARIES for term in vocabulary_from(name, arrays).terms)
    elsewhere = "".join(text for _, _, _, text in (row for k in range(99) for row in rows(random.Random(k))))
    places = {
        "bytes": trained.content.decode("latin-1"),
        "bytes as UTF-8": trained.content.decode("utf-8", "ignore"),
        "terms": terms,
        "card": trained.card(),
        "page": trained.page(),
    }
    found = {
        where: [secret for secret in secrets if any(p in text and p not in elsewhere for p in _pieces(secret, where))]
        for where, text in places.items()
    }
    return {"canaries": len(secrets), "terms": terms.count("\n") + 1, "found": {w: f for w, f in found.items() if f}}


def _secret(draw: random.Random, kind: int) -> str:
    """A name, a telephone number or an identity number that nobody has."""
    rare = "亓仝佘侴俎僪兕凇剡劼勍匏厍叒喾嚞囧圩埏墀夔妫娈孛宓寤岌崮巽帑庹廿弋彧忝怿戢扈"
    digits = "".join(draw.choice("0123456789") for _ in range(18))
    return (
        "".join(draw.sample(rare, 3)),
        f"1{digits[:10]}",
        f"{digits[:6]}19{digits[6:14]}X",
    )[kind % 3]


def _pieces(secret: str, where: str) -> list[str]:
    """What tells a canary: all of it, and in terms, which are short, every few characters of a name."""
    if where == "terms" and not secret[0].isdigit():
        return [secret[i : i + TELLING - 1] for i in range(len(secret) - TELLING + 2)]
    return [secret] if where != "terms" else [secret[i : i + 2 * TELLING] for i in range(len(secret) - 2 * TELLING + 1)]


def main() -> int:
    """0 if all goals are met."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--flips", type=int, default=2000, help="models with one bit changed")
    parser.add_argument("--cuts", type=int, default=500, help="models cut short")
    parser.add_argument("--noise", type=int, default=1000, help="files of random bytes")
    parser.add_argument("--seed", type=int, default=0)
    asked = parser.parse_args()
    figures: dict[str, Any] = {
        "date": date.today().isoformat(),
        "command": " ".join(["python", os.path.relpath(__file__, ROOT), *sys.argv[1:]]),
    }
    steps: dict[str, Callable[[Path], dict[str, Any]]] = {
        "files": partial(files, flips=asked.flips, cuts=asked.cuts, noise=asked.noise, seed=asked.seed),
        "values": values,
        "canaries": partial(canaries, seed=asked.seed),
    }
    for what, step in steps.items():
        with tempfile.TemporaryDirectory() as name:
            figures[what] = step(Path(name))
        print(what, json.dumps(figures[what], ensure_ascii=False), flush=True)
    FIGURES.write_text(json.dumps(figures, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    bad = [figures["files"][key] for key in ("wrong", "events", "left behind")]
    bad += [figures["values"]["wrong"], figures["values"]["above the goal"], figures["canaries"]["found"]]
    return int(any(bad) or figures["values"]["slowest"][0] > MOST_SECONDS)


if __name__ == "__main__":
    raise SystemExit(main())
