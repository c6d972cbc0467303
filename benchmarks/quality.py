"""What the bundled model's recipe reaches on documents it has not seen: `make quality`.

Five folds by document over the authored corpus and the real excerpts ("all": those first labelled, A…, B… and real);
a real document, all labelled paragraphs of the same file and near-duplicates are in one fold.
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
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from govtext.evaluation.calibration import calibration_figures
from govtext.labelling import Model
from govtext.scoring.risk import STATUSES
from govtext.taxonomy import bundled_taxonomy
from govtext.training.corpus import LabelledDocument, corpus_digest
from govtext.training.fit import document_groups
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
RISK = 0.05  # promised: share of wrong sets of themes among those that are decided without review
ENOUGH = 50  # examples of a theme, for its calibration error to say something
SHOWN = (
    "split_f1", "heading_f1", "level_accuracy", "boilerplate_f1", "boilerplate_kind_accuracy", "theme_micro_f1",
    "theme_macro_f1", "card_themes_macro_f1", "theme_exact_set", "theme_first_accuracy", "role_accuracy",
    "formulaic_f1", "mask_f1", "inline_junk_f1",
)  # fmt: skip


def is_real(document: LabelledDocument) -> bool:
    """Whether the text is one of the real excerpts that were measured from the first day: those name the file they are from."""
    return "path" in document.header and not is_standoff(document)


def is_standoff(document: LabelledDocument) -> bool:
    """Whether it is a real text whose labels stand in corpus/standoff.jsonl."""
    return "file" in document.header


def fold_of(document: LabelledDocument) -> int:
    """The document's fold if it were alone; documents of one source file share it."""
    key = document.header.get("path") or document.id
    return int(hashlib.sha256(key.encode()).hexdigest(), 16) % FOLDS


def folds_of(documents: Sequence[LabelledDocument]) -> list[int]:
    """Each document's fold: near-duplicates and documents of one source file share that of the first of them by name."""
    groups = document_groups(documents).tolist()
    first: dict[int, LabelledDocument] = {}
    for group, document in sorted(zip(groups, documents), key=lambda pair: pair[1].id):
        first.setdefault(group, document)
    return [fold_of(first[group]) for group in groups]


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


def read(model: Model, documents: Iterable[LabelledDocument], folder: Path) -> list[Entry]:
    """The labelled reports of the documents, each read from a raw file."""
    entries = []
    for document in documents:
        path = folder / f"{document.id}.txt"
        path.write_text(document.text, encoding="utf-8", newline="")
        entries.append(Entry(document.id, path.name, model.classify(path)))
    return entries


def predicted_lines(model: Model, documents: Iterable[LabelledDocument], folder: Path) -> list[str]:
    """What `govtext classify -f jsonl` writes for the documents, each read from a raw file."""
    return list(WRITERS["jsonl"](read(model, documents, folder), Look()))


@dataclass(frozen=True, slots=True)
class Judged:
    """A body paragraph that was found as labelled: its document, probabilities, decided and true themes, status at `RISK`."""

    document: LabelledDocument
    probabilities: list[float]
    decided: list[bool]
    target: list[bool]
    status: str


def judged(model: Model, documents: Iterable[LabelledDocument], entries: Iterable[Entry]) -> list[Judged]:
    """The body paragraphs that begin and end where the labelled ones do; others have no labels to be held against."""
    rows = []
    codes = model.taxonomy.codes
    for document, entry in zip(documents, entries, strict=True):
        text = document.text
        units = {_solid(text, u.start, u.end): u for u in document.units if u.has_body}
        body = [p for p in entry.report.paragraphs if p.kind == "body" and p.role is not None]
        decisions = model.decide(entry.report, risk=RISK)
        for p, status in zip(body, decisions.status, strict=True):
            unit = units.get(_solid(text, p.start, p.end))
            if unit is not None and unit.role is not None:
                themes = [p.themes[code] for code in codes]
                said, true = [code in p.labels for code in codes], [code in unit.themes for code in codes]
                rows.append(Judged(document, themes, said, true, status))
    return rows


def _solid(text: str, start: int, end: int) -> tuple[int, int]:
    piece = text[start:end]
    return start + len(piece) - len(piece.lstrip()), start + len(piece.rstrip())


def calibration(rows: list[Judged], codes: Sequence[str]) -> dict[str, Any]:
    """Calibration error of each theme with enough examples, and what was decided without review at `RISK`, wrong of it."""
    found = calibration_figures([r.probabilities for r in rows], [r.target for r in rows])
    errors = {code: round(f.error, 4) for code, f in zip(codes, found) if f.n_true >= ENOUGH}
    result: dict[str, Any] = {
        "paragraphs": len(rows), "calibration_error": errors, "worst_calibration_error": max(errors.values(), default=0.0)
    }  # fmt: skip
    for status in STATUSES:
        chosen = [r for r in rows if r.status == status]
        result[f"share_{status}"] = round(len(chosen) / len(rows), 4)
        if chosen and status != "review":
            result[f"error_{status}"] = round(sum(r.decided != r.target for r in chosen) / len(chosen), 4)
    return result


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
) -> tuple[list[str], list[Judged]]:
    """Predictions for all whole documents, each by the model of the folds it is not in, and their body paragraphs."""
    lines: list[str] = []
    rows: list[Judged] = []
    fold = folds_of(documents)
    for k in range(FOLDS):
        started = time.monotonic()
        inside = [i for i in range(len(documents)) if fold[i] != k]
        trained = recipe.train_bundled(
            [documents[i] for i in inside], [weights[i] for i in inside], jobs=jobs, real=real
        )
        held_out = [d for d, its in zip(documents, fold) if its == k and d.whole]
        entries = read(trained.model, held_out, folder)
        lines += WRITERS["jsonl"](entries, Look())
        rows += judged(trained.model, held_out, entries)
        print(
            f"fold {k + 1} of {FOLDS}: {len(held_out)} documents, {time.monotonic() - started:.0f} s", file=sys.stderr
        )
    return lines, rows


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
        lines, rows = held_out_predictions(documents, weights, folder, jobs=arguments.jobs, real=real is not None)
        whole = [d for d in documents if d.whole]
        parts: dict[str, Callable[[LabelledDocument], bool]] = {
            "all": lambda d: is_real(d) or d.id[0] in FIRST,
            "authored": lambda d: not is_real(d) and d.id[0] in FIRST,
            "real": is_real,
            "added later": lambda d: not is_real(d) and not is_standoff(d) and d.id[0] not in FIRST,
            "real, labelled later": is_standoff,
        }
        table = {}
        for part, chosen in parts.items():
            gold = [d for d in whole if chosen(d)]
            if gold:
                table[part] = score(gold, lines, folder)
                inside = [row for row in rows if chosen(row.document)]
                table[part]["decided_at_risk"] = calibration(inside, bundled_taxonomy().codes)
        if real:
            ours = [d for d in documents if not is_real(d) and not is_standoff(d)]
            trained = recipe.train_bundled(ours, [1.0] * len(ours), jobs=arguments.jobs, real=False)
            theirs = [d for d in whole if is_real(d)]
            table["real, none in training"] = score(theirs, predicted_lines(trained.model, theirs, folder), folder)
        (folder / "all.jsonl").write_text("".join(lines), encoding="utf-8")
    print(f"{'':28}" + "".join(f"{part:>24}" for part in table))
    for figure in SHOWN:
        print(f"{figure:28}" + "".join(f"{_shown(row.get(figure)):>24}" for row in table.values()))
    for part, row in table.items():
        if "decided_at_risk" in row:
            print(f"{part}, risk {RISK}: {json.dumps(row['decided_at_risk'])}")
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
