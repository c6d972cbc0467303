"""Your own themes: a themes file, labelled paragraphs, no Python to write but this.

The same on the command line:
    govtext train examples/own-themes/labelled.jsonl -o mine.safetensors --themes examples/own-themes/themes.toml
    govtext classify examples/own-themes/report.txt -m mine.safetensors
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import govtext
from govtext.training.corpus import read_corpus
from govtext.training.fit import train

HERE = Path(__file__).resolve().parent / "own-themes"


def main(folder: Path) -> None:
    """Train, save, load, label."""
    taxonomy = govtext.read_taxonomy(HERE / "themes.toml")
    documents = read_corpus([HERE / "labelled.jsonl"], taxonomy)
    trained = train(documents, taxonomy, sources=["examples/own-themes"])
    for row in trained.themes:
        print(f"{row.name}: {row.support} paragraphs, F1 {row.f1:.2f} on held-out documents")

    path = folder / "mine.safetensors"
    trained.save(path)
    model = govtext.load(path)
    report = model.classify(HERE / "report.txt")
    for paragraph in report.paragraphs:
        if paragraph.labels:
            print(", ".join(taxonomy.names[code] for code in paragraph.labels), "·", paragraph.text[:30])


if __name__ == "__main__":
    if len(sys.argv) > 1:
        main(Path(sys.argv[1]))
    else:
        with tempfile.TemporaryDirectory() as name:
            main(Path(name))
