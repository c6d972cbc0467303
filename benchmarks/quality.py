"""What the bundled model's recipe reaches on documents it has not seen: `make quality`.

Five folds by document over the authored corpus and the real excerpts ("all": those first labelled, A…, B… and real);
a real document and all labelled paragraphs of the same file are in one fold.
Each document goes in as a raw file and through the whole road of a model trained on the other
folds; the yardstick is corpus/score.py beside the labelled data. Prints a table and writes models/quality.json.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path
from typing import Any

from govtext.labelling import Model
from govtext.training.corpus import LabelledDocument, corpus_digest
from govtext.writing import WRITERS, Entry, Look

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "models"))

import recipe  # noqa: E402  (models/recipe.py: the same recipe as the bundled model)

SCORE = ROOT.parent / "shared" / "corpus" / "score.py"
FIGURES = ROOT / "models" / "quality.json"
FOLDS = 5
# The authored reports that the figures have been told on from the first day (A…, B…); later ones are told apart, so that
# a figure does not move because other reports are counted.
FIRST = "AB"
SHOWN = (
    "split_f1", "heading_f1", "level_accuracy", "boilerplate_f1", "boilerplate_kind_accuracy", "theme_micro_f1",
    "theme_macro_f1", "card_themes_macro_f1", "theme_exact_set", "theme_first_accuracy", "role_accuracy",
    "formulaic_f1", "mask_f1", "inline_junk_f1",
)  # fmt: skip


def is_real(document: LabelledDocument) -> bool:
    """Whether the text is a real one: those name the file they are from."""
    return "path" in document.header


def fold_of(document: LabelledDocument) -> int:
    """The document's fold; documents of one source file share it."""
    key = document.header.get("path") or document.id
    return int(hashlib.sha256(key.encode()).hexdigest(), 16) % FOLDS


def gold_line(document: LabelledDocument) -> str:
    """The labelled document as the yardstick reads it."""
    units = [
        {
            "start": u.start, "end": u.end, "kind": u.kind, "role": u.role, "themes": list(u.themes),
            "formulaic": u.formulaic, "heading_end": u.heading_end,
        }
        for u in document.units
    ]  # fmt: skip
    stretches = [{"start": a, "end": b, "kind": kind} for a, b, kind in document.stretches]
    return json.dumps({"id": document.id, "text": document.text, "units": units, "stretches": stretches})


def predicted_lines(model: Model, documents: Iterable[LabelledDocument], folder: Path) -> list[str]:
    """What `govtext classify -f jsonl` writes for the documents, each read from a raw file."""
    entries = []
    for document in documents:
        path = folder / f"{document.id}.txt"
        path.write_text(document.text, encoding="utf-8", newline="")
        entries.append(Entry(document.id, path.name, model.classify(path)))
    return list(WRITERS["jsonl"](entries, Look()))


def score(gold: Iterable[LabelledDocument], predicted: Iterable[str], folder: Path) -> dict[str, Any]:
    """The yardstick's figures."""
    (folder / "gold.jsonl").write_text("\n".join(map(gold_line, gold)), encoding="utf-8")
    (folder / "predicted.jsonl").write_text("".join(predicted), encoding="utf-8")
    command = [sys.executable, str(SCORE), str(folder / "gold.jsonl"), str(folder / "predicted.jsonl")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"score.py failed: {done.stderr.strip()}")
    figures: dict[str, Any] = json.loads(done.stdout)
    return figures


def held_out_predictions(
    documents: list[LabelledDocument], weights: list[float], folder: Path, *, jobs: int, real: bool
) -> list[str]:
    """Predictions for all whole documents, each by the model of the folds it is not in."""
    lines: list[str] = []
    for k in range(FOLDS):
        started = time.monotonic()
        inside = [i for i, d in enumerate(documents) if fold_of(d) != k]
        trained = recipe.train_bundled(
            [documents[i] for i in inside], [weights[i] for i in inside], jobs=jobs, real=real
        )
        held_out = [d for d in documents if fold_of(d) == k and d.whole]
        lines += predicted_lines(trained.model, held_out, folder)
        print(
            f"fold {k + 1} of {FOLDS}: {len(held_out)} documents, {time.monotonic() - started:.0f} s", file=sys.stderr
        )
    return lines


def main() -> None:
    """Measure, print, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--real", type=Path, help="folder with excerpts.jsonl and paragraphs.jsonl")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--keep", type=Path, help="folder for gold and predictions, to look at errors")
    arguments = parser.parse_args()
    if not SCORE.is_file():
        raise SystemExit("make quality needs corpus/score.py beside the checkout; it is not there")
    real = recipe.real_folder(arguments.real)
    documents, weights = recipe.read_documents(real)
    with tempfile.TemporaryDirectory() as name:
        folder = arguments.keep or Path(name)
        folder.mkdir(exist_ok=True)
        lines = held_out_predictions(documents, weights, folder, jobs=arguments.jobs, real=real is not None)
        whole = [d for d in documents if d.whole]
        parts: dict[str, Callable[[LabelledDocument], bool]] = {
            "all": lambda d: is_real(d) or d.id[0] in FIRST,
            "authored": lambda d: not is_real(d) and d.id[0] in FIRST,
            "real": is_real,
            "added later": lambda d: not is_real(d) and d.id[0] not in FIRST,
        }
        table = {}
        for part, chosen in parts.items():
            gold = [d for d in whole if chosen(d)]
            if gold:
                table[part] = score(gold, lines, folder)
        if real:
            ours = [d for d in documents if not is_real(d)]
            trained = recipe.train_bundled(ours, [1.0] * len(ours), jobs=arguments.jobs, real=False)
            theirs = [d for d in whole if is_real(d)]
            table["real, none in training"] = score(theirs, predicted_lines(trained.model, theirs, folder), folder)
        (folder / "all.jsonl").write_text("".join(lines), encoding="utf-8")
    print(f"{'':28}" + "".join(f"{part:>24}" for part in table))
    for figure in SHOWN:
        print(f"{figure:28}" + "".join(f"{_shown(row.get(figure)):>24}" for row in table.values()))
    result = {
        "date": date.today().isoformat(),
        "command": "make quality",
        "folds": FOLDS,
        "documents": len(whole),
        "data_sha256": corpus_digest(documents),
        "figures": table,
    }
    FIGURES.write_text(json.dumps(result, indent=1, sort_keys=True, ensure_ascii=False) + "\n", encoding="utf-8")


def _shown(value: float | None) -> str:
    return "–" if value is None else f"{value:.4f}"


if __name__ == "__main__":
    main()
