"""What each part of the theme model's recipe is worth: the recipe without it, on the same folds, beside the full one.

    nice python benchmarks/ablation.py --real FOLDER --write

The documents of the bundled model and their weights: real texts where a folder with them is given. Each
recipe's decisions are out of fold: neither models, calibration nor thresholds of a passage had seen its document or a
near-duplicate. Micro-F1 of body passages with 95 % intervals over groups of documents; the difference from the full recipe
by a paired permutation test. One recipe takes some minutes.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from govtext.evaluation.intervals import Counts, compare, document_counts, intervals
from govtext.taxonomy import bundled_taxonomy
from govtext.training.corpus import LabelledDocument, corpus_digest
from govtext.training.fit import document_groups
from govtext.training.recipes import to_recipe
from govtext.training.themes import fit_judge

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "models"))

import recipe  # noqa: E402  (models/recipe.py: the documents and weights of the bundled model)

FIGURES = ROOT / "benchmarks" / "ablation.json"
FULL = "full recipe"
_BLOCKS: Mapping[str, float] = to_recipe("documents", {}).blocks


def _without(block: str) -> dict[str, Any]:
    return {"blocks": {name: scale for name, scale in _BLOCKS.items() if name != block}}


# The themes' part of the recipe changed; roles and formulaic keep their blocks. The order in which they are run.
ABLATIONS: Mapping[str, Mapping[str, Any]] = {
    FULL: {},
    "without the second stage": {"context": False},
    "without headings": _without("path"),
    "without the document's title": _without("title"),
    "without the opening": _without("opening"),
    "with long words": {"words": True},
    "n-grams up to 4": {"lengths": (1, 4)},
    "counts saturated": {"saturated": True},
    "NB-SVM scaling": {"naive_bayes": 0.5},
    "without calibration": {"calibrated": False},
    "C = 1": {"C": 1.0},
    "text alone, one stage": {"blocks": {"text": 1.0}, "context": False},
}


def measured(
    documents: Sequence[LabelledDocument], weights: Sequence[float], changes: Mapping[str, Any], *, jobs: int
) -> Counts:
    """The counts of each group of documents, out of fold."""
    groups = document_groups(documents)
    changed = to_recipe("documents", changes)
    fitted = fit_judge(documents, bundled_taxonomy(), weights=weights, groups=groups, recipe=changed, jobs=jobs)
    body = fitted.passages.is_body
    return document_counts(fitted.passages.themes[body], fitted.decided[body], fitted.group[body])


def row(counts: Counts, full: Counts, seconds: float) -> dict[str, Any]:
    """What is said of one recipe."""
    found, against = intervals(counts), compare(counts, full)
    micro = found["micro_f1"]
    return {
        "micro_f1": [round(value, 4) for value in (micro.value, micro.low, micro.high)],
        "macro_f1": round(found["macro_f1"].value, 4),
        "difference": [round(value, 4) for value in (against.difference, against.low, against.high)],
        "p_value": round(against.p_value, 4),
        "seconds": round(seconds),
    }


def main() -> None:
    """Measure, print, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--real", type=Path, help="folder with real labelled texts")
    parser.add_argument("--every", type=int, default=1, help="only every so-manieth document, to try it out")
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--write", action="store_true", help=f"write {FIGURES.name}")
    parser.add_argument("--out", type=Path, default=FIGURES, help="write it elsewhere, while others read the file")
    arguments = parser.parse_args()
    pairs = zip(*recipe.read_documents(arguments.real), strict=True)
    chosen = sorted(pairs, key=lambda pair: pair[0].digest)[:: arguments.every]
    documents, weights = [document for document, _ in chosen], [weight for _, weight in chosen]
    rows: dict[str, Any] = {}
    real = "--real FOLDER " if arguments.real else ""
    full: Counts | None = None
    for name, changes in ABLATIONS.items():
        started = time.monotonic()
        counts = measured(documents, weights, changes, jobs=arguments.jobs)
        full = counts if full is None else full
        rows[name] = row(counts, full, time.monotonic() - started)
        print(name, json.dumps(rows[name]), flush=True)
        if arguments.write:
            result = {
                "date": date.today().isoformat(),
                "command": f"nice python benchmarks/ablation.py {real}--every {arguments.every} --write",
                "documents": [len(documents), int(np.sum(np.array(weights) == recipe.REAL_WEIGHT))],
                "data_sha256": corpus_digest(documents),
                "recipes": rows,
            }
            arguments.out.write_text(json.dumps(result, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
