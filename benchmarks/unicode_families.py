"""How many paragraphs keep their labels when a report is written in other code points: `make hostile`.

Every family of tests/families.py, words swapped as washing programs do, and the traditional characters of OpenCC where it is
installed, on paragraphs of the authored corpus with what stands around them. Told are: paragraphs whose kind, level, themes,
role and verdict stay, those whose themes stay, and whether all spans give back the text.
Writes unicode_families.json beside this file.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests"))

from families import FAMILIES, Change, reworded  # noqa: E402  (tests/families.py)
from govtext.document import LabelledReport  # noqa: E402
from govtext.labelling import classify  # noqa: E402
from govtext.taxonomy import bundled_taxonomy  # noqa: E402
from govtext.training.corpus import read_corpus  # noqa: E402

FIGURES = Path(__file__).with_suffix(".json")
CORPUS = ROOT / "corpus" / "authored"
WANTED = {
    "traditional of OpenCC": 0.95,
    "words swapped": 0.95,
}  # share of paragraphs whose themes stay; all others 0.99
USUAL = 0.99


def families() -> Mapping[str, Change]:
    """The families of the tests, and OpenCC's traditional characters, phrases looked up, where it is there."""
    found = {**FAMILIES, "words swapped": reworded}
    try:
        import opencc
    except ImportError:
        print("opencc is not installed: its traditional characters are left out (pip install opencc)")
        return found
    convert = opencc.OpenCC("s2t").convert
    return {**found, "traditional of OpenCC": lambda text, _: str(convert(text))}


def said(report: LabelledReport) -> list[tuple[tuple[str, ...], tuple[object, ...]]]:
    """Of each paragraph its themes in order of the alphabet, and all else that is decided."""
    return [(tuple(sorted(p.labels)), (p.kind, p.level, p.role, p.boilerplate)) for p in report.paragraphs]


def compare(texts: list[str], change: Change) -> dict[str, Any]:
    """What stays the same when each text is changed."""
    n = themes = everything = whole = 0
    for number, text in enumerate(texts):
        changed = change(text, random.Random(number))
        plain, report = classify(text), classify(changed)
        whole += "".join(changed[p.start : p.end] for p in report.paragraphs) == changed
        before, after = said(plain), said(report)
        n += len(before)
        if len(before) == len(after):
            themes += sum(b[0] == a[0] for b, a in zip(before, after))
            everything += sum(b == a for b, a in zip(before, after))
    return {"paragraphs": n, "themes": themes / n, "all": everything / n, "whole": whole / len(texts)}


def main() -> int:
    """1 if a family falls below what is wanted."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--reports", type=int, default=12, help="how many reports of the corpus (default 12)")
    parser.add_argument("--write", action="store_true", help=f"write {FIGURES.name}")
    arguments = parser.parse_args()
    documents = read_corpus([CORPUS], bundled_taxonomy())
    texts = [d.text for d in documents[:: max(1, len(documents) // arguments.reports)]][: arguments.reports]
    rows = {}
    for name, change in families().items():
        rows[name] = row = compare(texts, change)
        short = row["themes"] < WANTED.get(name, USUAL) or row["whole"] < 1
        print(
            f"{name:36} themes {row['themes']:.4f}  all {row['all']:.4f}  whole {row['whole']:.2f}{'  SHORT' * short}"
        )
    if arguments.write:
        figures = {"date": date.today().isoformat(), "reports": len(texts), "families": rows}
        FIGURES.write_text(json.dumps(figures, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return int(any(r["themes"] < WANTED.get(n, USUAL) or r["whole"] < 1 for n, r in rows.items()))


if __name__ == "__main__":
    sys.exit(main())
