"""Train the bundled model: `make model`.

The corpus of this project is always used. Real labelled texts, whose text may not be published, are used where a folder
with excerpts.jsonl and paragraphs.jsonl is at hand (--real, or the environment variable GOVTEXT_REAL), and with them those
whose labels stand in corpus/standoff.jsonl, where the files they were made on are at hand (GOVTEXT_RAW). What the model knows
of whole web pages is learnt from those that benchmarks/mainlines.py reads, where they are at hand; no word of them is in it.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path

from govtext.taxonomy import bundled_taxonomy
from govtext.training.corpus import LabelledDocument, read_corpus
from govtext.training.fit import Trained, TrainingConfig, train
from govtext.training.maintext import LabelledPage
from govtext.training.standoff import read_standoff

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "benchmarks"))

from mainlines import DATA as PAGES  # noqa: E402  (benchmarks/mainlines.py)
from mainlines import read_pages  # noqa: E402

CORPUS = ROOT / "corpus" / "authored"
STANDOFF = ROOT / "corpus" / "standoff.jsonl"
REAL = ROOT.parent / "shared" / "corpus" / "real"
RAW = ROOT.parent / "shared" / "raw"
MODEL = ROOT / "models" / "govtext.safetensors"
# A real document counts as much as two of ours: there are few, and what the model will meet is real.
REAL_WEIGHT = 2.0
CONFIG = TrainingConfig(seed=0, structure="train")


def real_folder(given: Path | None = None) -> Path | None:
    """The folder with real labelled texts, None if there is none."""
    folder = given or Path(os.environ.get("GOVTEXT_REAL", REAL))
    return folder if (folder / "excerpts.jsonl").is_file() else None


def read_documents(real: Path | None) -> tuple[list[LabelledDocument], list[float]]:
    """All documents and how much each counts."""
    taxonomy = bundled_taxonomy()
    ours = read_corpus([CORPUS], taxonomy)
    theirs = read_corpus([real], taxonomy) if real else []
    raw = Path(os.environ.get("GOVTEXT_RAW", RAW))
    if real and raw.is_dir():
        theirs += [from_its_source(d, sources_of(raw)) for d in read_standoff(STANDOFF, raw, taxonomy)]
    return ours + theirs, [1.0] * len(ours) + [REAL_WEIGHT] * len(theirs)


@cache
def sources_of(raw: Path) -> dict[str, str]:
    """File name in the folder of raw documents → where it is from, by its manifest."""
    rows = map(json.loads, (raw / "manifest.jsonl").read_text("utf-8").splitlines())
    return {Path(row["file"]).name: row["path"] for row in rows}


def from_its_source(document: LabelledDocument, sources: dict[str, str]) -> LabelledDocument:
    """The document with its source in the header, as the real excerpts have it: those of one source are held out together."""
    return replace(document, header={**document.header, "path": sources[document.header["file"]]})


def train_bundled(
    documents: list[LabelledDocument],
    weights: list[float],
    *,
    jobs: int,
    real: bool,
    pages: Sequence[LabelledPage] = (),
) -> Trained:
    """The model by the recipe of the bundled one."""
    sources = ["corpus/authored", *(["real texts, not published"] if real else []), *(["web pages"] if pages else [])]
    return train(documents, bundled_taxonomy(), config=CONFIG, weights=weights, sources=sources, pages=pages, jobs=jobs)


def main() -> None:
    """Train and save."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--real", type=Path, help="folder with excerpts.jsonl and paragraphs.jsonl")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("-o", "--out", type=Path, default=MODEL)
    arguments = parser.parse_args()
    real = real_folder(arguments.real)
    documents, weights = read_documents(real)
    print(f"{len(documents)} documents{'' if real else ', none of them real'}")
    pages = read_pages()[0] if PAGES.is_dir() else []
    print(f"{len(pages)} web pages")
    trained = train_bundled(documents, weights, jobs=arguments.jobs, real=real is not None, pages=pages)
    digest = trained.save(arguments.out)
    for row in trained.themes:
        print(f"{row.code:28}{row.support:6}{row.precision:8.3f}{row.recall:8.3f}{row.f1:8.3f}")
    for name, value in trained.figures.items():
        print(f"{name:28}{value:8.4f}" if isinstance(value, float) else f"{name:28}{value}")
    print(f"{arguments.out.name}: {len(trained.content):,} bytes, SHA-256 {digest}")


if __name__ == "__main__":
    main()
