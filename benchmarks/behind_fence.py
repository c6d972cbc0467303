"""Files made to do harm, each read behind the fence in a process of its own: what hostile_pages and hostile_pdf share."""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import resource
import sys
from collections.abc import Callable, Iterable
from datetime import date
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
MOST_MEMORY = 1024  # megabytes
Row = dict[str, Any]
# Name of a file and seconds of the fence → what came of it, with "seconds" that reading took.
Reading = Callable[[str, float], Row]


def _sent(reading: Reading, name: str, seconds: float, answer: Connection) -> None:
    row = reading(name, seconds)
    # The children of this process are those of one file's fence.
    row["MB"] = round(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024)
    answer.send(row)


def alone(reading: Reading, name: str, seconds: float) -> Row:
    """What came of one file, with the peak memory of the process behind the fence in megabytes."""
    spawn = multiprocessing.get_context("spawn")
    ours, theirs = spawn.Pipe(duplex=False)
    process = spawn.Process(target=_sent, args=(reading, name, seconds, theirs))
    process.start()
    theirs.close()
    try:
        row: Row = ours.recv()
    except EOFError:
        row = {"refused": "the run itself failed", "seconds": float("inf"), "MB": 0}
    process.join()
    return row


def run(
    reading: Reading,
    names: Iterable[str],
    *,
    about: str,
    what: str,
    is_good: Callable[[Row, float], bool],
    figures: Path,
) -> int:
    """0 if every file meets its goal; a row a file is printed, and all are written to `figures` if all were asked for."""
    parser = argparse.ArgumentParser(description=about.partition("\n")[0])
    parser.add_argument("--seconds", type=float, default=20.0, help="limit of the fence")
    parser.add_argument("--only", nargs="*", help=f"names of {what}s")
    asked = parser.parse_args()
    rows: list[Row] = []
    for name in asked.only or names:
        rows.append({what: name, **alone(reading, name, asked.seconds)})
        print(json.dumps(rows[-1], ensure_ascii=False), flush=True)
    missed = [row[what] for row in rows if not is_good(row, asked.seconds)]
    found = {
        "date": date.today().isoformat(),
        "command": " ".join(["python", os.path.relpath(sys.argv[0], ROOT), *sys.argv[1:]]),
        f"{what}s": len(rows),
        "fence": {"seconds": asked.seconds, "MB": MOST_MEMORY},
        "slowest seconds": max(row["seconds"] for row in rows),
        "largest MB": max(row["MB"] for row in rows),
        "goal missed": missed,
        "rows": rows,
    }
    if not asked.only:
        figures.write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return int(bool(missed))
