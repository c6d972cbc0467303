"""Which lines of scraped pages are their main text: F1 on pages that were marked by hand, with what the markup says and without.

corpus/pages.jsonl names files of the scraped documents beside the checkout, their hashes and the numbers of their lines; no text.
A line counts as found where `classify` calls its middle no boilerplate. The weights of govtext.boilerplate.pagehints were chosen
on these pages, so the figure with markup is no promise for others. Prints a row a page; --write writes pages.json.
"""

from __future__ import annotations

import argparse
import hashlib
import json
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from govtext import classify, read
from govtext.document import Source

ROOT = Path(__file__).resolve().parents[1]
RAW = ROOT.parent / "shared" / "raw"
MARKED = ROOT / "corpus" / "pages.jsonl"
FIGURES = Path(__file__).with_suffix(".json")


def marks(n: int, ranges: Sequence[Sequence[int]]) -> list[bool]:
    """Which of n lines lie in one of the ranges."""
    return [any(first <= i < stop for first, stop in ranges) for i in range(n)]


def counted(source: Source, row: dict[str, Any]) -> tuple[int, int, int]:
    """Lines of main text that are found, lines that are none and are said to be, lines that are missed."""
    lines = source.text.split("\n")
    if len(lines) != row["lines"]:
        raise SystemExit(f"{row['file']}: {len(lines)} lines, marked were {row['lines']}; mark it again")
    body, ignored = marks(len(lines), row["body"]), marks(len(lines), row["ignore"])
    paragraphs = classify(source).paragraphs
    starts = [p.start for p in paragraphs]
    found = false = missed = at = 0
    for line, is_body, is_ignored in zip(lines, body, ignored):
        middle, at = at + len(line) // 2, at + len(line) + 1
        if is_ignored or not line.strip():
            continue
        kept = paragraphs[bisect_right(starts, middle) - 1].boilerplate is None
        found += kept and is_body
        false += kept and not is_body
        missed += is_body and not kept
    return found, false, missed


def f1(counts: tuple[int, int, int]) -> float:
    """F1 of the three counts."""
    found, false, missed = counts
    return round(2 * found / max(2 * found + false + missed, 1), 4)


def main() -> None:
    """Measure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true", help=f"write {FIGURES.name}")
    arguments = parser.parse_args()
    rows: dict[str, list[tuple[int, int, int]]] = {"with markup": [], "lines alone": []}
    for row in map(json.loads, MARKED.read_text(encoding="utf-8").splitlines()):
        path = RAW / row["file"]
        if hashlib.sha256(path.read_bytes()).hexdigest() != row["sha256"]:
            raise SystemExit(f"{path.name}: another file than the one that was marked")
        source = read(path, fence=None)
        rows["with markup"].append(counted(source, row))
        rows["lines alone"].append(counted(replace(source, hints=()), row))
        print(path.name[-34:], *(f"{name} {f1(found[-1]):.3f}" for name, found in rows.items()))
    figures: dict[str, Any] = {"date": date.today().isoformat(), "pages": len(rows["with markup"])}
    for name, found in rows.items():
        together = (sum(c[0] for c in found), sum(c[1] for c in found), sum(c[2] for c in found))
        figures[name] = {"lines": f1(together), "mean of pages": round(sum(map(f1, found)) / len(found), 4)}
        print(name, figures[name])
    if arguments.write:
        FIGURES.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
