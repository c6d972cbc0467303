"""What web pages made to hang their reader do to it behind its fence: `tests/traps_html.py` at full size.

Each must end within the fence's limits with all the text that is seen, or say that it is partial, and with none of the text
that is not. Prints a row a page, writes hostile_pages.json, ends with 1 if a goal is missed.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests"))  # the pages

from behind_fence import MOST_MEMORY, Row, run  # noqa: E402  (beside this file)
from govtext.errors import UnreadableReport  # noqa: E402
from govtext.reading import Fence, read  # noqa: E402
from traps_html import HIDDEN_WORD, TRAPS, WORD  # noqa: E402  (tests/traps_html.py)

KEPT = 0.99  # share of the text


def reading(name: str, seconds: float) -> Row:
    """What came of a page: the share of its text that was kept, words that are hidden, how long it took."""
    page, words = TRAPS[name].build(TRAPS[name].full)
    row: Row = {"KB": len(page) // 1024}
    start = time.perf_counter()
    try:
        source = read(b"<html>" + page, fence=Fence(seconds, MOST_MEMORY))
        kept = source.text.count(WORD) / words if words else 1.0
        row |= {"kept": round(kept, 4), "hidden": source.text.count(HIDDEN_WORD), "warnings": source.warnings}
    except UnreadableReport as error:
        row["refused"] = str(error).removeprefix("the bytes: ")
    row["seconds"] = round(time.perf_counter() - start, 2)
    return row


def is_good(row: Row, seconds: float) -> bool:
    """Whether the text is whole or said to be partial, and free of what is hidden."""
    partial = any(warning.startswith("partial") for warning in row.get("warnings", ()))
    return "refused" not in row and not row["hidden"] and (KEPT <= row["kept"] <= 1 or partial)


if __name__ == "__main__":
    figures = Path(__file__).with_suffix(".json")
    raise SystemExit(run(reading, TRAPS, about=__doc__ or "", what="page", is_good=is_good, figures=figures))
