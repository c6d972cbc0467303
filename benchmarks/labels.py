"""What thirty examples a theme give beside all labels, on the first fold of benchmarks/keywords.py.

    nice python benchmarks/labels.py --write

The authored corpus; the first of five folds by document is the test, as in benchmarks/keywords.py, which measures keywords
alone on it. Of the other four folds' paragraphs so many are taken, in the order of a hash, that each theme has thirty, and as
many without a theme as a theme has; they are trained as single passages with their headings. `unlabelled` adds the texts
of all others. The full data are trained as documents.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import runpy
import time
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from govtext.features.passages import PATH_JOINT
from govtext.taxonomy import Taxonomy, bundled_taxonomy
from govtext.training.corpus import LabelledDocument, Unit, corpus_digest, read_corpus
from govtext.training.fit import train
from govtext.training.passages import labelled_passages
from govtext.training.search import decided_by

ROOT = Path(__file__).resolve().parents[1]
CORPUS = ROOT / "corpus" / "authored"
FIGURES = ROOT / "benchmarks" / "labels.json"
EXAMPLES = 30  # a theme


def few(
    documents: Sequence[LabelledDocument], taxonomy: Taxonomy, examples: int
) -> tuple[list[LabelledDocument], list[str]]:
    """Single passages with so many examples a theme, and the texts of the others."""
    rows = labelled_passages(documents, taxonomy)
    order = sorted(
        np.flatnonzero(rows.is_body).tolist(), key=lambda i: hashlib.sha256(rows.passages[i].text.encode()).hexdigest()
    )
    seen, n_none = np.zeros(len(taxonomy.codes), np.int64), 0
    chosen: dict[str, LabelledDocument] = {}
    spare: list[str] = []
    for i in order:
        passage, has = rows.passages[i], rows.themes[i]
        wanted = bool((seen[has] < examples).any()) if has.any() else n_none < examples
        if not passage.text or not wanted or passage.text in chosen:
            spare.append(passage.text)
            continue
        seen += has
        n_none += not has.any()
        themes = tuple(code for code, there in zip(taxonomy.codes, has.tolist()) if there)
        unit = Unit(0, len(passage.text), "p", None, themes, False, None)
        heading = PATH_JOINT.join(passage.headings)
        chosen[passage.text] = LabelledDocument(str(i), passage.text, (unit,), heading=heading, whole=False)
    return list(chosen.values()), [text for text in spare if text]


def main() -> None:
    """Measure, print, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--few", action="store_true", help="leave out the full data, which take minutes")
    parser.add_argument("--write", action="store_true", help=f"write {FIGURES.name}")
    arguments = parser.parse_args()
    keywords = runpy.run_path(str(ROOT / "benchmarks" / "keywords.py"))
    fold_of, figures = keywords["fold_of"], keywords["figures"]
    taxonomy = bundled_taxonomy()
    documents = read_corpus([CORPUS], taxonomy)
    rest = [d for d in documents if fold_of(d) != 0]
    rows = labelled_passages([d for d in documents if fold_of(d) == 0], taxonomy)
    body = rows.is_body
    passages, spare = few(rest, taxonomy, EXAMPLES)
    ways: dict[str, tuple[list[LabelledDocument], list[str]]] = {
        f"{EXAMPLES} examples a theme": (passages, []),
        f"{EXAMPLES} examples a theme, the other paragraphs unlabelled": (passages, spare),
        **({} if arguments.few else {"all labels": (rest, [])}),
    }
    found: dict[str, Any] = {}
    for name, (given, unlabelled) in ways.items():
        started = time.monotonic()
        model = train(given, taxonomy, unlabelled=unlabelled).model
        said = decided_by(model.judge, rows, most=taxonomy.most)
        labelled = sum(unit.has_body for d in given for unit in d.units)
        found[name] = {
            "labelled": labelled,
            "unlabelled": len(unlabelled),
            **figures(said[body], rows.themes[body]),
            "seconds": round(time.monotonic() - started),
        }
        print(name, json.dumps(found[name]), flush=True)
        if arguments.write:
            result = {
                "date": date.today().isoformat(),
                "command": f"nice python benchmarks/labels.py {'--few ' if arguments.few else ''}--write",
                "data_sha256": corpus_digest(documents),
                "paragraphs": int(body.sum()),
                "ways": found,
            }
            FIGURES.write_text(json.dumps(result, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
