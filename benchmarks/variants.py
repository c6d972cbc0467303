"""How a report's form is read when scraping has damaged it: `make variants`.

Each document is read as it is, flattened to one line, hard-wrapped, with half and full widths swapped, and with some of its
numbers of headings replaced. Only what finds the form is trained, by the folds of benchmarks/quality.py: a document is read
by models that have seen neither it nor another one of its file. The yardstick is corpus/score.py beside the labelled data,
given the labels as they have moved with the text. Prints a table and writes variants.json.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from joblib import Parallel, delayed

import quality
from govtext.layout import Structure, to_layout
from govtext.training.corpus import LabelledDocument, corpus_digest
from govtext.training.structure import fit_structure
from govtext.training.variants import DAMAGED, WRAP_WIDTH, flattened, numbers_damaged, widths_swapped, wrapped
from quality import recipe

FIGURES = Path(__file__).with_suffix(".json")
SHOWN = ("heading_f1", "split_f1", "level_accuracy", "boilerplate_f1")
SEED = 7  # of the damage
VARIANTS: dict[str, Callable[[LabelledDocument], LabelledDocument]] = {
    "as it is": lambda document: document,
    "one line": flattened,
    f"wrapped at {WRAP_WIDTH}": wrapped,
    "widths swapped": widths_swapped,
    f"{DAMAGED:.0%} of numbers damaged": lambda document: numbers_damaged(document, SEED),
}
PARTS: dict[str, Callable[[LabelledDocument], bool]] = {
    "all": lambda document: True,
    "authored": lambda document: not quality.is_real(document),
    "real": quality.is_real,
}
Figures = dict[str, dict[str, Any]]


def measured(documents: Sequence[LabelledDocument]) -> list[LabelledDocument]:
    """The documents that are counted, as in models/quality.json: whole, real or first labelled."""
    return [d for d in documents if d.whole and (quality.is_real(d) or d.id[0] in quality.FIRST)]


def structure_of(documents: Sequence[LabelledDocument], fold: int) -> Structure:
    """What the documents outside the fold teach."""
    started = time.monotonic()
    fitted = fit_structure([d for d in documents if quality.fold_of(d) != fold], seed=recipe.CONFIG.seed, jobs=1)
    print(f"fold {fold + 1}: {time.monotonic() - started:.0f} s", file=sys.stderr)
    return fitted


def predicted_line(document: LabelledDocument, structure: Structure) -> str:
    """The document's form as the yardstick reads it, without themes and roles."""
    paragraphs: list[dict[str, Any]] = [
        {
            "start": p.start, "end": p.end, "kind": p.kind, "level": p.level, "heading_end": p.heading_end,
            "boilerplate": p.verdict.kind, "themes": [], "role": None, "formulaic": False,
        }
        for p in to_layout(document.text, structure).paragraphs
    ]  # fmt: skip
    said = {"id": document.id, "text": document.text, "paragraphs": paragraphs, "stretches": []}
    return json.dumps(said, ensure_ascii=True) + "\n"


def figures_of(name: str, documents: Sequence[LabelledDocument], structures: Mapping[int, Structure]) -> Figures:
    """Part of the documents → figures, for one variant of them."""
    found = [VARIANTS[name](d) for d in documents]
    lines = [predicted_line(d, structures[quality.fold_of(d)]) for d in found]
    table = {}
    for part, chosen in PARTS.items():
        rows = [(d, line) for d, line in zip(found, lines, strict=True) if chosen(d)]
        if rows:
            gold, predicted = zip(*rows, strict=True)
            with tempfile.TemporaryDirectory() as folder:
                scored = quality.score(gold, predicted, Path(folder))
            table[part] = {"documents": len(rows), **{figure: scored[figure] for figure in SHOWN}}
    return table


def main() -> None:
    """Fit, measure, print, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--real", type=Path, help="folder with excerpts.jsonl and paragraphs.jsonl")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--folds", type=int, default=quality.FOLDS, help="read only the documents of the first folds")
    parser.add_argument("--documents", type=int, help="only so many documents: to see whether it runs")
    parser.add_argument("-o", "--out", type=Path, default=FIGURES)
    arguments = parser.parse_args()
    if not quality.SCORE.is_file():
        raise SystemExit("make variants needs corpus/score.py beside the checkout; it is not there")
    documents = [d for d in recipe.read_documents(recipe.real_folder(arguments.real))[0] if d.whole]
    documents = documents[: arguments.documents]
    folds = range(arguments.folds)
    fitted = Parallel(n_jobs=arguments.jobs)(delayed(structure_of)(documents, k) for k in folds)
    structures = dict(zip(folds, fitted, strict=True))
    read = [d for d in measured(documents) if quality.fold_of(d) in structures]
    rows = Parallel(n_jobs=arguments.jobs)(delayed(figures_of)(name, read, structures) for name in VARIANTS)
    table: dict[str, Figures] = dict(zip(VARIANTS, rows, strict=True))
    print(f"{'':24}{'':10}" + "".join(f"{figure:>16}" for figure in SHOWN))
    for name, parts in table.items():
        for part, row in parts.items():
            print(f"{name:24}{part:10}" + "".join(f"{_shown(row[figure]):>16}" for figure in SHOWN))
    result = {
        "date": date.today().isoformat(),
        "command": "make variants",
        "folds": arguments.folds,
        "documents": len(read),
        "data_sha256": corpus_digest(documents),
        "figures": table,
    }
    arguments.out.write_text(json.dumps(result, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def _shown(value: float | None) -> str:
    return "–" if value is None else f"{value:.4f}"


if __name__ == "__main__":
    main()
