"""What PDFs made to hang or crash do to the reader behind its fence: `tests/traps_pdf.py` at full size.

Each must end as a text or as one named failure, within the fence's limit and two seconds, with less than 1 GB in its
process. Prints a row a file, writes hostile_pdf.json, ends with 1 if a goal is missed.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import resource
import sys
import tempfile
import time
from datetime import date
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests"))  # the files

from govtext.errors import UnreadableReport  # noqa: E402
from govtext.reading import Fence, read  # noqa: E402
from traps_pdf import TRAPS  # noqa: E402  (tests/traps_pdf.py)

FIGURES = Path(__file__).with_suffix(".json")
GRACE = 2.0  # seconds above the fence's limit
MOST_MEMORY = 1024  # megabytes


def measure(path: Path, seconds: float, answer: Connection) -> None:
    """Sends how reading ended, how long it took, and the peak memory of the process behind the fence in megabytes."""
    data = path.read_bytes()
    start = time.perf_counter()
    try:
        source = read(data, name=path.name, fence=Fence(seconds, MOST_MEMORY))
        ended = f"text of {len(source.text):,} characters"
        if source.warnings:
            ended += f" ({'; '.join(source.warnings)})"
    except UnreadableReport as error:
        ended = str(error).removeprefix("the bytes: ").removeprefix(f"{path.name}: ")
    took = time.perf_counter() - start
    answer.send((ended, took, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024))


def outcome(path: Path, seconds: float) -> tuple[str, float, float]:
    """The same, from a process of its own, whose children are this one file's."""
    spawn = multiprocessing.get_context("spawn")
    ours, theirs = spawn.Pipe(duplex=False)
    process = spawn.Process(target=measure, args=(path, seconds, theirs))
    process.start()
    theirs.close()
    try:
        ended, took, memory = ours.recv()
    except EOFError:
        ended, took, memory = "the run itself failed", float("inf"), 0.0
    process.join()
    return ended, took, memory


def main() -> int:
    """0 if all goals are met."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--seconds", type=float, default=20.0, help="limit of the fence")
    parser.add_argument("--only", nargs="*", help="names of files")
    asked = parser.parse_args()
    rows: list[dict[str, Any]] = []
    with tempfile.TemporaryDirectory() as name:
        for trap in asked.only or TRAPS:
            path = Path(name) / "trap.pdf"
            path.write_bytes(TRAPS[trap].build(TRAPS[trap].full))
            ended, took, memory = outcome(path, asked.seconds)
            rows.append(
                {
                    "file": trap,
                    "KB": path.stat().st_size // 1024,
                    "seconds": round(took, 1),
                    "MB": round(memory),
                    "ended": ended,
                }
            )
            print(json.dumps(rows[-1], ensure_ascii=False), flush=True)
    missed = [row["file"] for row in rows if row["seconds"] > asked.seconds + GRACE or row["MB"] > MOST_MEMORY]
    figures = {
        "date": date.today().isoformat(),
        "command": " ".join(["python", os.path.relpath(__file__, ROOT), *sys.argv[1:]]),
        "files": len(rows),
        "fence": {"seconds": asked.seconds, "MB": MOST_MEMORY},
        "slowest seconds": max(row["seconds"] for row in rows),
        "largest MB": max(row["MB"] for row in rows),
        "goal missed": missed,
        "rows": rows,
    }
    if not asked.only:
        FIGURES.write_text(json.dumps(figures, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return int(bool(missed))


if __name__ == "__main__":
    raise SystemExit(main())
