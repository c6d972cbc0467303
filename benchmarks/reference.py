"""Whether govtext's own code says of scraped documents what plain scikit-learn says from the same model file.

    python benchmarks/reference.py --every 20

The reference is tests/reference_model.py. Every paragraph's themes, role and formulaic are compared, labels and probabilities,
in each Nth file of a folder of .txt and .html files. Writes reference.json; no text of the files is written. Ends with 1 if a
label differs or a probability by more than 1e-5.
"""

from __future__ import annotations

import argparse
import json
import runpy
import sys
from datetime import date
from pathlib import Path

from govtext.labelling import load
from govtext.modelarrays import SCHEMA
from govtext.reading.encoding import decode
from govtext.scoring import modelfile

ROOT = Path(__file__).resolve().parents[1]
RAW = ROOT.parent / "shared" / "raw"
MODEL = ROOT / "models" / "govtext.safetensors"
FIGURES = Path(__file__).with_suffix(".json")
NEAR = 1e-5  # of probabilities
sys.path.insert(0, str(ROOT / "tests"))
from reference_model import ReferenceModel, compared  # noqa: E402  (tests/reference_model.py)


def texts_in(paths: list[Path]) -> dict[str, str]:
    """The text of each file by name, as benchmarks/raw_survey.py reads it."""
    survey = runpy.run_path(str(ROOT / "benchmarks" / "raw_survey.py"))
    readers = {".html": survey["text_of_page"], ".txt": survey["with_plain_line_ends"]}
    return {path.name: readers[path.suffix](decode(path.read_bytes()).text) for path in paths}


def main() -> None:
    """Compare, print, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--raw", type=Path, default=RAW, help="folder of scraped files")
    parser.add_argument("--every", type=int, default=1, metavar="N", help="compare each Nth file only")
    arguments = parser.parse_args()
    if arguments.every < 1:
        raise SystemExit(f"--every {arguments.every}; wanted a whole number from 1")
    paths = sorted(p for p in arguments.raw.glob("*__*") if p.suffix in (".txt", ".html"))[:: arguments.every]
    if not paths:
        raise SystemExit(f"{arguments.raw}: no scraped files there; name their folder with --raw")
    arrays, header, sha256 = modelfile.load(MODEL, schema=SCHEMA)
    model, reference = load(MODEL), ReferenceModel.of(arrays, header)
    paragraphs, different, largest = 0, 0, 0.0
    for name, text in texts_in(paths).items():
        found = compared(model, reference, text)
        paragraphs, different = paragraphs + found.paragraphs, different + found.labels
        largest = max(largest, found.score)
        if found.labels or found.score > NEAR:
            print(f"{name}: {found.labels} labels differ, probabilities by up to {found.score:.1e}", file=sys.stderr)
    result = {
        "date": date.today().isoformat(),
        "command": f"python benchmarks/reference.py --every {arguments.every}",
        "model_sha256": sha256,
        "documents": len(paths),
        "paragraphs": paragraphs,
        "labels_different": different,
        "largest_score_difference": largest,
    }
    print(json.dumps(result))
    FIGURES.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    if different or largest > NEAR:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
