"""How far a second annotator agrees with the labels of the real excerpts: what a model can hope for there.

    python benchmarks/agreement.py --write

corpus/second-labels.jsonl holds labels of 24 of the excerpts by annotators who had the codebook, the units and their proposed
kinds, but neither the labels nor any others of real text. Their text stays in the folder of real labelled texts; a unit is
known by its span. Only units that both call body are compared for themes and role.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
SECOND = ROOT / "corpus" / "second-labels.jsonl"
FIRST = ROOT.parent / "shared" / "corpus" / "real" / "excerpts.jsonl"
FIGURES = Path(__file__).with_suffix(".json")
Row = Mapping[str, Any]


def rows(path: Path) -> dict[str, list[Row]]:
    """The units of each document in a file of JSON lines."""
    return {row["id"]: row["units"] for row in map(json.loads, path.read_text("utf-8").splitlines())}


def is_body(unit: Row) -> bool:
    """Body text, with or without a run-in heading, or a body whose limits the annotator did not accept ("!")."""
    return unit["kind"] in ("p", "!") or unit["kind"].endswith("+p")


def agreement(pairs: Iterable[tuple[Row, Row]]) -> dict[str, Any]:
    """Figures of pairs of body units: both themes' micro-F1, equal sets, equal roles, micro-F1 of formulaic."""
    found = list(pairs)
    sets = [(set(a.get("themes") or ()), set(b.get("themes") or ())) for a, b in found]
    marks = [(bool(a.get("formulaic")), bool(b.get("formulaic"))) for a, b in found]
    both, total = sum(len(a & b) for a, b in sets), sum(len(a) + len(b) for a, b in sets)
    return {
        "paragraphs": len(found),
        "theme_micro_f1": round(2 * both / total, 4),
        "theme_exact_set": round(sum(a == b for a, b in sets) / len(sets), 4),
        "role": round(sum(a["role"] == b.get("role") for a, b in found) / len(found), 4),
        "formulaic_f1": round(2 * sum(a and b for a, b in marks) / max(sum(a + b for a, b in marks), 1), 4),
    }


def main() -> None:
    """Compare, print, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true", help=f"write {FIGURES.name}")
    arguments = parser.parse_args()
    if not FIRST.is_file():
        raise SystemExit("the excerpts are not beside the checkout; nothing to compare with")
    first, second = rows(FIRST), rows(SECOND)
    spans = {name: {(u["start"], u["end"]): u for u in units} for name, units in first.items()}
    pairs = [(spans[name][unit["start"], unit["end"]], unit) for name, units in second.items() for unit in units]
    figures = {"excerpts": len(second), **agreement((a, b) for a, b in pairs if is_body(a) and is_body(b))}
    print(json.dumps(figures))
    if arguments.write:
        result = {"date": date.today().isoformat(), "command": "python benchmarks/agreement.py --write", **figures}
        FIGURES.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
