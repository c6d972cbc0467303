"""Whether SciPy's sparse products would score batches faster than the walk that adds up rows of whole numbers.

    python benchmarks/sparse_path.py --raw FOLDER --write

Both give the same sums exactly. The walk alone finds the terms and adds nothing; what lies between it and the sums is all
that a product could save. In turns, processor time, medians, relative to the sums.
"""

from __future__ import annotations

import argparse
import json
import statistics
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import scipy.sparse as sparse

from govtext.features.ngrams import Codes, join
from govtext.labelling import load
from govtext.reading.sources import read
from govtext.scoring import scorer
from govtext.scoring.scorer import Block, rows, sums

ROOT = Path(__file__).resolve().parents[1]
RAW = ROOT.parent / "shared" / "raw"
FIGURES = Path(__file__).with_suffix(".json")
SIZES = (100, 1_000, 10_000)
ROUNDS = 7


def walk(block: Block, texts: Codes) -> None:
    """Nothing; the terms are found and forgotten."""
    cuts, _ = scorer._stretches(texts)
    for chunk in scorer._chunks(texts, cuts, block.vocabulary.longest):
        for _ in block.vocabulary.matches(chunk.codes, chunk.stop):
            pass


def product(block: Block, texts: Codes, weights: np.ndarray) -> np.ndarray:
    """The sums by a product of the occurrences with the weights, squares in the last column."""
    indptr, ids = rows(block.vocabulary, texts)
    shape = (len(texts), len(block.vocabulary))
    found = sparse.csr_matrix((np.ones(len(ids)), ids, indptr), shape=shape, copy=False) @ weights
    return np.asarray(found)


def main() -> None:
    """Measure, print, write."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--raw", type=Path, default=RAW, help="folder with scraped reports")
    parser.add_argument("--write", action="store_true", help=f"write {FIGURES.name}")
    arguments = parser.parse_args()
    block = load().judge.blocks[0]
    lines = [line for p in sorted(arguments.raw.glob("*.txt")) for line in read(p).text.split("\n") if line.strip()]
    weights = np.column_stack([block.weights.numbers, block.weights.squares]).astype(np.float64)
    table: dict[str, dict[str, float]] = {}
    for size in SIZES:
        texts = join(lines[:size])
        numbers, squares = sums(block.vocabulary, texts, block.weights)
        assert (product(block, texts, weights) == np.column_stack([numbers, squares])).all()
        ways: dict[str, Callable[[], Any]] = {
            "sums": lambda texts=texts: sums(block.vocabulary, texts, block.weights),
            "walk alone": lambda texts=texts: walk(block, texts),
            "sparse product": lambda texts=texts: product(block, texts, weights),
        }
        seconds: dict[str, list[float]] = {name: [] for name in ways}
        for _ in range(ROUNDS):
            for name, way in ways.items():
                started = time.process_time()
                way()
                seconds[name].append(time.process_time() - started)
        base = statistics.median(seconds["sums"])
        table[str(len(texts))] = {name: round(statistics.median(took) / base, 2) for name, took in seconds.items()}
        print(len(texts), json.dumps(table[str(len(texts))]), flush=True)
    if arguments.write:
        figures = {
            "date": date.today().isoformat(),
            "command": "python benchmarks/sparse_path.py --write",
            "passages": table,
        }
        FIGURES.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
