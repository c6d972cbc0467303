"""What batches lose when they are killed, when their files are cut, and when reports hang or kill: `make hostile`.

Kills: a run over small reports is killed (kill -9) at a random moment and resumed, again and again until it ends; what it
has written must be the bytes of a run that nobody killed. Cuts: the files that a stopped run has left are cut, cut and
grown again, or changed in one bit at a random place, and the run is resumed. Faults: of many reports one in a hundred
hangs, kills its process, takes all memory, is a picture, or is empty; these must be named with why and all others labelled.
Memory: the peak of the run and of its largest worker with many reports, against that with few. Kills and cuts use a labeller
that does nothing but split lines, the rest the bundled model. Prints what it finds, writes hostile_batch.json, ends with 1
if anything is lost.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests"))  # the labeller that does what a text tells it to

from faulty import Faulty  # noqa: E402  (tests/faulty.py)
from govtext.batch import classify_files  # noqa: E402
from govtext.labelling import load  # noqa: E402

FIGURES = Path(__file__).with_suffix(".json")
EXAMPLE = ROOT / "examples" / "kaifaqu-2009.txt"
FORMS = ("jsonl", "csv", "parquet")
SMALL = 600  # reports of a run that is killed or cut
FEW = 500  # reports to compare the memory with
MOST_GROWTH = 1.05  # times the memory that few reports take
TIMEOUT = 2.0  # seconds, for the reports that hang
MEMORY = 2048  # megabytes

# One report in a hundred is one of these: what stands in it, and why it fails.
FAULTS: tuple[tuple[bytes, str], ...] = (
    (b"[[hang]]", f"took longer than {TIMEOUT:g} s"),
    (b"[[kill]]", "killed the process that read it (signal 9)"),
    (b"[[exhaust]]", f"needs more than {MEMORY} MB of memory"),
    (
        b"\x89PNG\r\n",
        "is a PNG image, a text was wanted; recognise its text (OCR) first and save it as .txt",
    ),
    (b"", "is empty; a report with text was wanted"),
)


def small_reports(folder: Path) -> None:
    """Reports of some lines, some of them empty."""
    for number in range(SMALL):
        path = folder / f"{number % 7}" / f"{number:04}.txt"
        path.parent.mkdir(exist_ok=True, parents=True)
        path.write_text(
            "" if number % 50 == 0 else f"一、人才\n引进{number}人。\n" * (number % 5 + 1), encoding="utf-8"
        )


def true_reports(folder: Path, count: int, *, faulty: bool = False) -> None:
    """So many reports of a usual length, no two alike; one in a hundred faulty, if wanted."""
    text = EXAMPLE.read_text(encoding="utf-8")
    for number in range(count):
        path = folder / f"{number // 1000:02}" / f"{number:06}.txt"
        path.parent.mkdir(exist_ok=True, parents=True)
        if faulty and number % 100 == 0:
            path.write_bytes(FAULTS[number // 100 % len(FAULTS)][0])
        else:
            cut = number * 37 % (len(text) // 2)
            path.write_text(f"第{number}号\n{text[:cut]}\n{text[-cut - 300 :]}", encoding="utf-8")


def run(folder: Path, out: Path, *, resume: bool = False, small: bool = True, **options: Any) -> None:
    """One run, in this process."""
    model = Faulty() if small else Faulty(load())
    classify_files([folder], out, model=model, resume=resume, **options)


def apart(folder: Path, out: Path, **options: Any) -> subprocess.Popen[bytes]:
    """The same in a process of its own."""
    what = json.dumps([str(folder), str(out), options])
    return subprocess.Popen([sys.executable, __file__, "--run", what])


def written(out: Path) -> tuple[bytes, bytes]:
    """What a run has left; it is an error that more stands there."""
    names = sorted(path.name for path in out.parent.iterdir())
    if names != sorted([out.name, f"{out.name}.failed.jsonl"]):
        return b"", " ".join(names).encode()
    return out.read_bytes(), Path(f"{out}.failed.jsonl").read_bytes()


def fresh(folder: Path) -> Path:
    """The folder, empty."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    return folder


def kills(work: Path, wanted: int, draw: random.Random) -> dict[str, Any]:
    """Runs that are killed and resumed until they end; how many ended with other bytes."""
    small_reports(work / "small")
    done, ended, bad = 0, 0, 0
    while done < wanted:
        form = FORMS[ended % len(FORMS)]
        whole = fresh(work / "whole") / f"o.{form}"
        began = time.monotonic()
        apart(work / "small", whole).wait()
        usual = time.monotonic() - began
        out = fresh(work / "killed") / f"o.{form}"
        begun = False
        while True:
            process = apart(work / "small", out, resume=begun, jobs=draw.choice([1, 2]))
            begun = True
            try:
                code = process.wait(draw.uniform(0.2, 1.1) * usual)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
                done += 1
                continue
            bad += code != 0 or written(out) != written(whole)
            ended += 1
            break
    return {"kills": done, "runs": ended, "runs with other bytes": bad}


def cuts(work: Path, wanted: int, draw: random.Random) -> dict[str, Any]:
    """Runs that are resumed from damaged files; how many ended with other bytes."""
    small_reports(work / "small")
    bad = 0
    halfway: dict[str, dict[str, bytes]] = {}
    wholes: dict[str, tuple[bytes, bytes]] = {}
    for form in FORMS:
        run(work / "small", out := fresh(work / "whole") / f"o.{form}")
        wholes[form] = written(out)
        halfway[form] = stopped(work / "small", fresh(work / "cut") / f"o.{form}")
    for trial in range(wanted):
        form = FORMS[trial % len(FORMS)]
        out = fresh(work / "cut") / f"o.{form}"
        for name, content in halfway[form].items():
            (out.parent / name).write_bytes(content)
        name = draw.choice(sorted(halfway[form]))
        (out.parent / name).write_bytes(damaged(halfway[form][name], draw))
        run(work / "small", out, resume=True)
        bad += written(out) != wholes[form]
    return {"cuts": wanted, "runs with other bytes": bad}


def stopped(folder: Path, out: Path) -> dict[str, bytes]:
    """The files that a run has left which stopped at two thirds."""

    def stop(progress: Any) -> None:
        if progress.done == progress.total * 2 // 3:
            raise KeyboardInterrupt

    with suppress(KeyboardInterrupt):
        run(folder, out, progress=stop)
    return {path.name: path.read_bytes() for path in out.parent.iterdir()}


def damaged(content: bytes, draw: random.Random) -> bytes:
    """The content cut, cut and grown again, or with one bit changed, at a random place."""
    place = draw.randrange(len(content))
    ways: tuple[Callable[[], bytes], ...] = (
        lambda: content[:place],
        lambda: content[:place] + draw.randbytes(draw.randrange(2 * (len(content) - place) + 1)),
        lambda: content[:place] + bytes([content[place] ^ 1 << draw.randrange(8)]) + content[place + 1 :],
    )
    return draw.choice(ways)()


def faults(work: Path, count: int) -> dict[str, Any]:
    """Reports of which some are faulty: how many are labelled, named rightly, and lost without fault of their own."""
    true_reports(work / "faulty", count, faulty=True)
    out = fresh(work / "faults") / "o.jsonl"
    began = time.monotonic()
    run(work / "faulty", out, small=False, jobs=2, timeout=TIMEOUT, memory=MEMORY)
    seconds = time.monotonic() - began
    labelled = [json.loads(line)["id"] for line in lines(out)]
    failed = [(value["id"], value["reason"]) for value in map(json.loads, lines(Path(f"{out}.failed.jsonl")))]
    guilty = [(f"{number:06}", FAULTS[number // 100 % len(FAULTS)][1]) for number in range(0, count, 100)]
    innocent = [f"{number:06}" for number in range(count) if number % 100]
    return {
        "reports": count,
        "labelled": len(labelled),
        "faulty": len(guilty),
        "named with the right reason": len(set(guilty) & set(failed)),
        "lost without fault": len(set(innocent) - set(labelled)),
        "in order": labelled == innocent and failed == guilty,
        "seconds": round(seconds),
    }


def lines(path: Path) -> Iterator[bytes]:
    """The lines of a file."""
    with path.open("rb") as file:
        yield from file


def memory(work: Path, count: int) -> dict[str, Any]:
    """The peaks of the run and of its largest worker, in megabytes, with few and with many reports."""
    found: dict[str, Any] = {}
    for form in ("jsonl", "parquet"):
        few = min(FEW, count // 2)
        peaks = {}
        for number in (few, count):
            true_reports(fresh(work / "true"), number)
            process = apart(work / "true", fresh(work / "memory") / f"o.{form}", small=False, jobs=2)
            peaks[number] = watched(process)
        ratios = [round(many / one, 3) for one, many in zip(peaks[few], peaks[count])]
        found[form] = {"reports": [few, count], "MB of run and worker": list(peaks.values()), "ratios": ratios}
    return found


def watched(process: subprocess.Popen[bytes]) -> tuple[float, float]:
    """The highest resident memory of a process and of the largest of its children, in megabytes, when it has ended."""
    own = children = 0.0
    while process.poll() is None:
        own = max(own, peak(process.pid))
        with suppress(OSError):
            for child in Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split():
                children = max(children, peak(int(child)))
        time.sleep(0.05)
    return round(own, 1), round(children, 1)


def peak(process: int) -> float:
    """The highest resident memory of a process so far, in megabytes; 0 where it has gone."""
    with suppress(OSError, IndexError):
        status = Path(f"/proc/{process}/status").read_text()
        return int(status.split("VmHWM:")[1].split()[0]) / 1024
    return 0.0


def main() -> int:
    """0 if nothing was lost."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--kills", type=int, default=200, help="runs to kill")
    parser.add_argument("--cuts", type=int, default=500, help="files to cut")
    parser.add_argument("--files", type=int, default=10_000, help="reports, for faults and memory")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--run", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.run:
        folder, out, options = json.loads(asked.run)
        run(Path(folder), Path(out), **options)
        return 0
    draw = random.Random(asked.seed)
    with tempfile.TemporaryDirectory() as name:
        work = Path(name)
        figures: dict[str, Any] = {
            "date": date.today().isoformat(),
            "command": " ".join(["python", os.path.relpath(__file__, ROOT), *sys.argv[1:]]),
        }
        steps: dict[str, Callable[[], dict[str, Any]]] = {
            "kills": partial(kills, work, asked.kills, draw),
            "cuts": partial(cuts, work, asked.cuts, draw),
            "faults": partial(faults, work, asked.files),
            "memory": partial(memory, work, asked.files),
        }
        for what, step in steps.items():
            figures[what] = step()
            print(what, json.dumps(figures[what]), flush=True)
    FIGURES.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    judged = asked.files >= 20 * FEW  # with fewer the peaks are mostly noise
    grown = judged and any(max(row["ratios"]) > MOST_GROWTH for row in figures["memory"].values())
    lost = figures["kills"]["runs with other bytes"] + figures["cuts"]["runs with other bytes"]
    return int(bool(lost or grown or not figures["faults"]["in order"]))


if __name__ == "__main__":
    raise SystemExit(main())
