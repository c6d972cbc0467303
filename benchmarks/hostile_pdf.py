"""What PDFs made to hang or crash do to the reader behind its fence: `tests/traps_pdf.py` at full size.

Each must end as a text or as one named failure, within the fence's limit and two seconds, with less than 1 GB in its
process. Prints a row a file, writes hostile_pdf.json, ends with 1 if a goal is missed.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests"))  # the files

from behind_fence import MOST_MEMORY, Row, run  # noqa: E402  (beside this file)
from govtext.errors import UnreadableReport  # noqa: E402
from govtext.reading import Fence, read  # noqa: E402
from traps_pdf import TRAPS  # noqa: E402  (tests/traps_pdf.py)

GRACE = 2.0  # seconds above the fence's limit


def reading(name: str, seconds: float) -> Row:
    """How reading a file ended, and how long it took."""
    data = TRAPS[name].build(TRAPS[name].full)
    start = time.perf_counter()
    try:
        source = read(data, fence=Fence(seconds, MOST_MEMORY))
        ended = f"text of {len(source.text):,} characters"
        if source.warnings:
            ended += f" ({'; '.join(source.warnings)})"
    except UnreadableReport as error:
        ended = str(error).removeprefix("the bytes: ")
    return {"KB": len(data) // 1024, "seconds": round(time.perf_counter() - start, 1), "ended": ended}


def is_good(row: Row, seconds: float) -> bool:
    """Whether it ended in time and within its memory."""
    return row["seconds"] <= seconds + GRACE and row["MB"] <= MOST_MEMORY


if __name__ == "__main__":
    figures = Path(__file__).with_suffix(".json")
    raise SystemExit(run(reading, TRAPS, about=__doc__ or "", what="file", is_good=is_good, figures=figures))
