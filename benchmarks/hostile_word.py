"""What the Word reader makes of hostile documents at their full size: `make hostile`.

Each trap of tests/traps_word.py is built and read in a process of its own. Must come back: the text, the text with a
warning, or one sentence that refuses it, whichever the trap's row says, within two seconds and 200 MB of resident memory at
its peak, the file's own bytes included. Prints a row a trap, writes hostile_word.json, ends with 1 if any breaks a limit.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests"))  # the traps

from govtext.errors import UnreadableReport  # noqa: E402
from govtext.reading.word.document import extract  # noqa: E402
from made_traps_word import TEXT  # noqa: E402
from traps_word import TRAPS, Trap  # noqa: E402

FIGURES = Path(__file__).with_suffix(".json")
MOST_SECONDS = 2.0
MOST_MEGABYTES = 200.0
PATIENCE = 60.0  # seconds until a trap counts as a hang


def read_apart(path: Path) -> dict[str, Any]:
    """What a process that reads the file says: how it ended, processor seconds, megabytes at the peak."""
    command = [sys.executable, __file__, "--read", str(path)]
    try:
        done = subprocess.run(command, capture_output=True, timeout=PATIENCE, text=True)
    except subprocess.TimeoutExpired:
        return {"end": f"hang of {PATIENCE:g} s", "seconds": PATIENCE, "megabytes": 0.0}
    if done.returncode:
        return {"end": f"exit code {done.returncode}: {done.stderr[-200:]}", "seconds": 0.0, "megabytes": 0.0}
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def read_here(path: Path) -> dict[str, Any]:
    """The same in this process."""
    data = path.read_bytes()
    began = time.process_time()
    try:
        extracted = extract(data)
        end = "partial" if extracted.warnings else "text"
        if TEXT not in extracted.text or len(extracted.hints) != extracted.text.count("\n") + 1:
            end = "text lost"
    except UnreadableReport as error:
        end = str(error)
    seconds = time.process_time() - began
    return {"end": end, "seconds": round(seconds, 2), "megabytes": round(peak(), 1)}


def peak() -> float:
    """The highest resident memory of this process so far, in megabytes; `getrusage` would count its parent's too."""
    return int(Path("/proc/self/status").read_text().split("VmHWM:")[1].split()[0]) / 1024


def verdict(trap: Trap, found: dict[str, Any]) -> str:
    """What is wrong with how a trap ended, "" for nothing."""
    if trap.end not in found["end"] or (trap.end in ("text", "partial") and trap.end != found["end"]):
        return f"wanted {trap.end}"
    if found["seconds"] > MOST_SECONDS:
        return "slow"
    return "large" if found["megabytes"] > MOST_MEGABYTES else ""


def main() -> int:
    """0 if every trap ends as it must."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--only", default="", help="traps whose name has this")
    parser.add_argument("--read", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.read:
        print(json.dumps(read_here(Path(asked.read))))
        return 0
    rows: dict[str, Any] = {}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "trap.docx"
        for name, trap in TRAPS.items():
            if asked.only not in name:
                continue
            path.write_bytes(trap.make(trap.full))
            found = read_apart(path)
            wrong = verdict(trap, found)
            rows[name] = {"file MB": round(path.stat().st_size / 1e6, 2), **found} | ({"wrong": wrong} if wrong else {})
            print(f"{name}: {json.dumps(rows[name], ensure_ascii=False)}", flush=True)
    figures = {
        "date": date.today().isoformat(),
        "command": " ".join(["python", os.path.relpath(__file__, ROOT), *sys.argv[1:]]),
        "limits": {"processor seconds": MOST_SECONDS, "megabytes": MOST_MEGABYTES},
        "traps": len(rows),
        "wrong": sum("wrong" in row for row in rows.values()),
        "slowest, seconds": max(row["seconds"] for row in rows.values()),
        "largest, megabytes": max(row["megabytes"] for row in rows.values()),
        "rows": rows,
    }
    if not asked.only:
        FIGURES.write_text(json.dumps(figures, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return int(figures["wrong"] != 0)


if __name__ == "__main__":
    raise SystemExit(main())
