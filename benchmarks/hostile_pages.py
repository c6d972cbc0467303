"""What web pages made to hang their reader do to it behind its fence: `tests/traps_html.py` at full size.

Each must end within the fence's limits with all the text that is seen, or say that it is partial, and with none of the text
that is not. Prints a row a page, writes hostile_pages.json, ends with 1 if a goal is missed.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import resource
import sys
import time
from datetime import date
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests"))  # the pages

from govtext.errors import UnreadableReport  # noqa: E402
from govtext.reading import Fence, read  # noqa: E402
from traps_html import HIDDEN_WORD, TRAPS, WORD  # noqa: E402  (tests/traps_html.py)

FIGURES = Path(__file__).with_suffix(".json")
MOST_MEMORY = 1024  # megabytes
KEPT = 0.99  # share of the text


def measure(name: str, seconds: float, answer: Connection) -> None:
    """Sends what came of a page, how long it took, and the peak memory of the process behind the fence in megabytes."""
    page, words = TRAPS[name].build(TRAPS[name].full)
    start = time.perf_counter()
    row: dict[str, Any] = {"page": name, "KB": len(page) // 1024}
    try:
        source = read(b"<html>" + page, fence=Fence(seconds, MOST_MEMORY))
        kept = source.text.count(WORD) / words if words else 1.0
        row |= {"kept": round(kept, 4), "hidden": source.text.count(HIDDEN_WORD), "warnings": source.warnings}
    except UnreadableReport as error:
        row["refused"] = str(error).removeprefix("the bytes: ")
    row["seconds"] = round(time.perf_counter() - start, 2)
    row["MB"] = round(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024)
    answer.send(row)


def outcome(name: str, seconds: float) -> dict[str, Any]:
    """The same, from a process of its own, whose children are this one page's."""
    spawn = multiprocessing.get_context("spawn")
    ours, theirs = spawn.Pipe(duplex=False)
    process = spawn.Process(target=measure, args=(name, seconds, theirs))
    process.start()
    theirs.close()
    try:
        row: dict[str, Any] = ours.recv()
    except EOFError:
        row = {"page": name, "refused": "the run itself failed", "seconds": float("inf"), "MB": 0}
    process.join()
    return row


def is_good(row: dict[str, Any]) -> bool:
    """Whether the text is whole or said to be partial, and free of what is hidden."""
    partial = any(warning.startswith("partial") for warning in row.get("warnings", ()))
    return "refused" not in row and not row["hidden"] and (KEPT <= row["kept"] <= 1 or partial)


def main() -> int:
    """0 if all goals are met."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--seconds", type=float, default=20.0, help="limit of the fence")
    parser.add_argument("--only", nargs="*", help="names of pages")
    asked = parser.parse_args()
    rows: list[dict[str, Any]] = []
    for trap in asked.only or TRAPS:
        rows.append(outcome(trap, asked.seconds))
        print(json.dumps(rows[-1], ensure_ascii=False), flush=True)
    missed = [row["page"] for row in rows if not is_good(row)]
    figures = {
        "date": date.today().isoformat(),
        "command": " ".join(["python", os.path.relpath(__file__, ROOT), *sys.argv[1:]]),
        "pages": len(rows),
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
