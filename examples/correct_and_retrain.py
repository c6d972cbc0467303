"""Correct a model's labels, and train again with the corrections.

On the page of a report (`govtext classify report.txt -m mine.safetensors -o report.html`) corrections are made by click, and
its export is a file that training takes beside the others. Here a script stands for the person and labels single paragraphs.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import govtext
from govtext.training.corpus import read_corpus
from govtext.training.fit import train

HERE = Path(__file__).resolve().parent / "two-themes"
SEEN = "庙会办了五天，摊位两百个。\n"  # a fair; the first model takes it for water
LIKE = "庙会期间每晚放一场露天电影。\n"  # what the correction should help with, too


def main(folder: Path) -> None:
    """Train, label, correct, train again; say what changed."""
    taxonomy = govtext.read_taxonomy(HERE / "themes.toml")
    model = trained([HERE / "labelled.jsonl"], taxonomy, folder / "first.safetensors")
    for text in (SEEN, LIKE):
        print("before:", text.strip(), names(model, text))

    corrected = folder / "corrected.jsonl"
    rows = [
        {"id": "c1", "text": SEEN, "themes": ["culture"]},
        {"id": "c2", "text": "摊位费收支已经公示。", "themes": []},
    ]
    rows.append({"id": "c3", "text": "民俗庙会恢复举办，三天演戏九场。", "themes": ["culture"]})
    corrected.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")

    model = trained([HERE / "labelled.jsonl", corrected], taxonomy, folder / "second.safetensors")
    for text in (SEEN, LIKE):
        print("after: ", text.strip(), names(model, text))


def trained(files: Sequence[Path], taxonomy: govtext.Taxonomy, path: Path) -> govtext.Model:
    """The model of the labelled files, saved and loaded again."""
    train(read_corpus(files, taxonomy), taxonomy).save(path)
    return govtext.load(path)


def names(model: govtext.Model, text: str) -> str:
    """The themes of a text of one paragraph, by name."""
    report = model.classify(text)
    return " ".join(report.theme_names[code] for p in report.paragraphs for code in p.labels) or "-"


if __name__ == "__main__":
    if len(sys.argv) > 1:
        main(Path(sys.argv[1]))
    else:
        with tempfile.TemporaryDirectory() as name:
            main(Path(name))
