"""What the bundled model's terms of little weight decide: themes of scraped reports without them, beside all of them.

    python benchmarks/pruning.py --raw FOLDER --write

A term whose largest weight over all outputs is at most so many 127ths of the largest weight there is leaves the vocabulary
of its block, and with it the length that a text is divided by. Counted are body paragraphs whose set of themes changes, and
roles; time is that of the theme model alone, both in turns.
"""

from __future__ import annotations

import argparse
import json
import statistics
import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from govtext.features.passages import Passage, to_passages
from govtext.features.vocabulary import Vocabulary
from govtext.labelling import load
from govtext.layout import to_layout
from govtext.reading.sources import read
from govtext.scoring.judge import Judge
from govtext.scoring.scorer import Block, Weights
from govtext.scoring.thresholds import decided_rows

ROOT = Path(__file__).resolve().parents[1]
RAW = ROOT.parent / "shared" / "raw"
FIGURES = Path(__file__).with_suffix(".json")
LEAST = (1, 2, 4, 8, 16)
ROUNDS = 3


def pruned(block: Block, most: int) -> Block:
    """The block without the terms none of whose weights is above so many steps."""
    kept = np.flatnonzero(np.abs(block.weights.numbers.astype(np.int64)).max(axis=1) > most)
    terms = block.vocabulary.terms
    weights = Weights(block.weights.numbers[kept], block.weights.squares[kept])
    return replace(block, vocabulary=Vocabulary.build([terms[i] for i in kept.tolist()]), weights=weights)


def said(judge: Judge, reports: Sequence[Sequence[Passage]], most: int) -> tuple[np.ndarray, np.ndarray, float]:
    """Decided themes and roles of all body passages, and the seconds it took."""
    started = time.process_time()
    judged = [judge.judge(passages) for passages in reports if passages]
    seconds = time.process_time() - started
    body = np.array([not p.is_heading for passages in reports for p in passages], bool)
    themes = np.concatenate([decided_rows(j.themes, judge.thresholds[:-1], most=most) for j in judged])
    return themes[body], np.concatenate([j.roles.argmax(axis=1) for j in judged])[body], seconds


def main() -> None:
    """Measure, print, write."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--raw", type=Path, default=RAW, help="folder with scraped reports")
    parser.add_argument("--every", type=int, default=4, help="only every so-manieth report")
    parser.add_argument("--write", action="store_true", help=f"write {FIGURES.name}")
    arguments = parser.parse_args()
    model = load()
    texts = [read(path).text for path in sorted(arguments.raw.glob("*.txt"))[:: arguments.every]]
    reports = [to_passages(text, to_layout(text, model.structure).paragraphs) for text in texts]
    judges = {0: model.judge}
    for most in LEAST:
        judges[most] = replace(model.judge, blocks=tuple(pruned(block, most) for block in model.judge.blocks))
    seconds: dict[int, list[float]] = {most: [] for most in judges}
    found: dict[int, tuple[np.ndarray, np.ndarray]] = {}
    for _ in range(ROUNDS):
        for most, judge in judges.items():
            *found[most], took = said(judge, reports, model.taxonomy.most)
            seconds[most].append(took)
    themes, roles = found[0]
    rows: list[dict[str, Any]] = []
    for most, judge in judges.items():
        other, other_roles = found[most]
        rows.append(
            {
                "weights up to": most,
                "terms": sum(len(block.vocabulary) for block in judge.blocks),
                "themes_changed": int((other != themes).any(axis=1).sum()),
                "roles_changed": int((other_roles != roles).sum()),
                "time": round(statistics.median(seconds[most]) / statistics.median(seconds[0]), 3),
            }
        )
        print(json.dumps(rows[-1]), flush=True)
    if arguments.write:
        figures = {
            "date": date.today().isoformat(),
            "command": f"python benchmarks/pruning.py --every {arguments.every} --write",
            "model_sha256": model.sha256,
            "paragraphs": len(themes),
            "rows": rows,
        }
        FIGURES.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
