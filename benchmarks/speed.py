"""How fast govtext is beside what people write instead: `make bench`.

    python benchmarks/speed.py [--parts naive,road,batch,start,training,cleaning,growth] [--every 40] [--rounds 1]

Every ratio comes from one run in which the contenders take turns (interleaved.py), because machines drift; everything runs on
one core. The parts:

    naive      lines or passages to themes: peers.py
    road       from bytes to a report that has been asked for everything; in one run with the above where both are wanted
    batch      many files at once: batch_time.py
    start      fresh processes, import, loading the model: start_time.py
    training   training_time.py
    cleaning   web pages: cleaning_time.py
    growth     curves.py

Needs the scraped files beside the checkout. Prints tables, writes speed.json and speed.svg; parts that are not wanted keep
what the file has of them.
"""

# ruff: noqa: E402  (NumPy asks for its threads once, when it is imported)
from __future__ import annotations

import os

for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[_name] = "1"

import argparse
import json
import logging
import platform
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import jieba

import start_time
from batch_time import batch_figures
from cleaning_time import cleaning_figures
from curves import curve_figures
from govtext.labelling import Model, load
from interleaved import figures, interleaved
from naive_script import words
from peers import Labelled, Naive, authored, contenders
from reports import Report, raw_paths, to_report
from speed_pictures import speed_picture
from speed_tables import NAIVE, ROAD, Result, speed_lines
from training_time import training_figures

ROOT = Path(__file__).resolve().parents[1]
HERE = Path(__file__).resolve().parent
RAW = ROOT.parent / "shared" / "raw"
FIGURES = Path(__file__).with_suffix(".json")
EXAMPLE = ROOT / "examples" / "kaifaqu-2009.txt"
MODEL = ROOT / "models" / "govtext.safetensors"
RUNS = 4  # fresh processes of each command, a round
LOADS = 30
PARAGRAPHS = 10_000
MOST_LONG_ROUNDS = 2  # of batch and training: one takes minutes
LIBRARIES = (
    "govtext", "numpy", "scipy", "scikit-learn", "jieba", "rjieba", "fasttext-wheel", "trafilatura", "jusText",
)  # fmt: skip
LOAD = """
import json, time
from govtext.labelling import load
found = []
for _ in range({n} + 1):
    started = time.process_time()
    load({path!r})
    found.append(1000 * (time.process_time() - started))
print(json.dumps(found[1:]))
"""


@dataclass(frozen=True)
class Run:
    """What was asked for, and what the parts share, made when the first of them wants it."""

    raw: Path
    every: int
    rounds: int
    paragraphs: int
    parts: Sequence[str]
    started: float = field(default_factory=time.monotonic)

    @cached_property
    def paths(self) -> list[Path]:
        """The scraped files."""
        return raw_paths(self.raw, every=self.every)

    @cached_property
    def model(self) -> Model:
        """The bundled model."""
        return load()

    @cached_property
    def reports(self) -> list[Report]:
        """The scraped reports."""
        return [to_report(path, self.model) for path in self.paths]

    @cached_property
    def labelled(self) -> Labelled:
        """What the peers learn from."""
        return authored()

    @cached_property
    def naive(self) -> Naive:
        """The naive pipeline, fitted."""
        return Naive.fit(words, self.labelled)

    def tell(self, line: str) -> None:
        """Nothing; the line is told on stderr, with the minutes so far."""
        print(f"{(time.monotonic() - self.started) / 60:5.1f} min  {line}", file=sys.stderr, flush=True)


def on_text(run: Run) -> dict[str, dict[str, Any]]:
    """The parts `naive` and `road`, those of them that are wanted, from one run."""
    wanted = [part for part in ("naive", "road") if part in run.parts]
    timed = contenders(wanted, run.model, run.naive, run.labelled)
    found = figures(interleaved(timed, run.reports, rounds=run.rounds, tell=lambda line: run.tell(f"text, {line}")))
    size = {"reports": len(run.reports), "characters": sum(len(report.text) for report in run.reports)}
    rows = {
        "naive": {name: row for name, row in found.items() if name != ROAD},
        "road": {name: found[name] for name in (NAIVE, ROAD) if name in found},
    }
    return {part: {**size, "contenders": rows[part]} for part in wanted}


def batch(run: Run) -> dict[str, dict[str, Any]]:
    """The part `batch`."""
    rounds = min(run.rounds, MOST_LONG_ROUNDS)
    return {"batch": batch_figures(run.reports, run.model, run.naive, rounds=rounds, tell=run.tell)}


def start(run: Run) -> dict[str, dict[str, Any]]:
    """The part `start`."""
    ours, theirs, bare, imported = "govtext classify", "naive script", "python", "import govtext"
    with tempfile.TemporaryDirectory() as folder:
        saved = Path(folder) / "naive.joblib"
        run.naive.save(saved)
        commands = {
            bare: [sys.executable, "-c", "pass"],
            imported: [sys.executable, "-c", "import govtext"],
            "import numpy": [sys.executable, "-c", "import numpy"],
            "from govtext import classify": [sys.executable, "-c", "from govtext import classify"],
            ours: [sys.executable, "-m", "govtext", "classify", str(EXAMPLE)],
            theirs: [sys.executable, str(HERE / "naive_script.py"), str(saved), str(EXAMPLE)],
        }
        wanted = json.dumps({"runs": RUNS * run.rounds, "commands": commands})
        said = _printed([sys.executable, str(HERE / "start_time.py"), wanted])
    found: dict[str, list[start_time.Run]] = {name: [(a, b, c) for a, b, c in runs] for name, runs in said.items()}
    loads = sorted(_printed([sys.executable, "-c", LOAD.format(n=LOADS, path=str(MODEL))]))
    run.tell("start")
    return {
        "start": {
            "commands": start_time.start_figures(found),
            "faster": start_time.paired(found[theirs], found[ours]),
            "share": start_time.paired(found[ours], found[theirs]),
            "import_ms": start_time.above_ms(found[imported], found[bare]),
            "load_ms": [round(each, 3) for each in (loads[0], loads[len(loads) // 2], loads[-1])],
        }
    }


def _printed(command: Sequence[str]) -> Any:
    return json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)


def training(run: Run) -> dict[str, dict[str, Any]]:
    """The part `training`."""
    rounds = min(run.rounds, MOST_LONG_ROUNDS)
    paths = raw_paths(run.raw, every=1)
    found = training_figures(paths, run.model, paragraphs=run.paragraphs, rounds=rounds, tell=run.tell)
    return {"training": found}


def cleaning(run: Run) -> dict[str, dict[str, Any]]:
    """The part `cleaning`."""
    return {"cleaning": cleaning_figures(run.model, every=run.every, rounds=run.rounds, tell=run.tell)}


def growth(run: Run) -> dict[str, dict[str, Any]]:
    """The part `growth`."""
    return {"growth": {"curves": curve_figures(run.reports, run.model, rounds=run.rounds, tell=run.tell)}}


# Part → what measures it; the first two are one measurement.
PARTS: Mapping[str, Callable[[Run], dict[str, dict[str, Any]]]] = {
    "naive": on_text,
    "road": on_text,
    "batch": batch,
    "start": start,
    "training": training,
    "cleaning": cleaning,
    "growth": growth,
}


def machine() -> dict[str, Any]:
    """What is worth knowing of the machine, without its name."""
    facts: dict[str, Any] = {"cores": os.cpu_count(), "python": platform.python_version()}
    for name in LIBRARIES:
        try:
            facts[name] = version(name)
        except PackageNotFoundError:
            continue
    return facts


def wanted_parts(said: str) -> list[str]:
    """The parts of a list with commas.

    Raises:
        ArgumentTypeError: one of them is none.
    """
    found = [part.strip() for part in said.split(",") if part.strip()]
    if unknown := [part for part in found if part not in PARTS]:
        raise argparse.ArgumentTypeError(f"no part {unknown[0]!r}; wanted some of {','.join(PARTS)}")
    return [part for part in PARTS if part in found]


def main() -> None:
    """Measure, print, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--raw", type=Path, default=RAW, help="folder of scraped files")
    parser.add_argument("--parts", type=wanted_parts, default=list(PARTS), help="some of " + ",".join(PARTS))
    parser.add_argument("--rounds", type=int, default=3, help="how often each contender gets each report")
    parser.add_argument("--every", type=int, default=1, help="one in so many files and pages")
    parser.add_argument("--paragraphs", type=int, default=PARAGRAPHS, help="to train on, about")
    parser.add_argument("-o", "--out", type=Path, default=FIGURES, help="the .json; the picture stands beside it")
    given = parser.parse_args()
    jieba.setLogLevel(logging.ERROR)
    # What scikit-learn says of themes without an example in a fold is no news here.
    for message in ("Label not .* is present in all training examples", "No positive class found in y_true"):
        warnings.filterwarnings("ignore", message=message)
    run = Run(given.raw, given.every, given.rounds, given.paragraphs, given.parts)
    known = json.loads(given.out.read_text(encoding="utf-8"))["parts"] if given.out.is_file() else {}
    command = "make bench" if len(sys.argv) == 1 else f"python benchmarks/speed.py {' '.join(sys.argv[1:])}"
    stamp = {"date": date.today().isoformat(), "command": command, "rounds": run.rounds}
    for measure in dict.fromkeys(PARTS[part] for part in run.parts):
        known |= {part: stamp | found for part, found in measure(run).items()}
        # After each part: the next one may be stopped.
        write({"machine": machine(), "parts": {part: known[part] for part in PARTS if part in known}}, given.out)
    run.tell("written")
    print("\n".join(speed_lines(json.loads(given.out.read_text(encoding="utf-8")))))


def write(result: Result, path: Path) -> None:
    """Nothing; figures and picture are written."""
    path.write_text(json.dumps(result, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    path.with_suffix(".svg").write_text(speed_picture(result), encoding="utf-8")


if __name__ == "__main__":
    main()
