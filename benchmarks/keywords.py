"""What keywords alone give: votes, and a model trained from them, on reports whose labels were not looked at.

    nice python benchmarks/keywords.py --write

The authored corpus in five folds by document; the keywords are those of the bundled themes. The texts of four folds go the road
of `govtext keywords`: classified for their form and roles by the bundled model, labelled from keywords, trained on. The
fifth fold's labelled paragraphs are the test, read as the corpus cuts them. In the first fold a model is also trained on
the votes as they are. The bundled model has seen the form and roles of all these reports, never a theme of this run.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import time
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from govtext.labelling import load
from govtext.scoring.thresholds import decide
from govtext.taxonomy import Taxonomy, bundled_taxonomy
from govtext.training.corpus import LabelledDocument, corpus_digest, read_corpus
from govtext.training.fit import Trained
from govtext.training.keywords import Keywords
from govtext.training.passages import LabelledPassages, labelled_passages
from govtext.training.weak import Pool, WeakLabels, train_from_keywords, unlabelled, vote

ROOT = Path(__file__).resolve().parents[1]
CORPUS = ROOT / "corpus" / "authored"
FIGURES = ROOT / "benchmarks" / "keywords.json"
FOLDS = 5
Bools = NDArray[np.bool_]


def fold_of(document: LabelledDocument) -> int:
    """The document's fold, by its id."""
    return int(hashlib.sha256(document.id.encode()).hexdigest(), 16) % FOLDS


def figures(said: Bools, true: Bools) -> dict[str, float]:
    """Micro precision, recall, F1, macro-F1, and the share of paragraphs whose themes are exactly right."""
    hits, n_said, n_true = (said & true).sum(axis=0), said.sum(axis=0), true.sum(axis=0)
    scores = {
        "precision": hits.sum() / max(n_said.sum(), 1),
        "recall": hits.sum() / max(n_true.sum(), 1),
        "micro_f1": 2 * hits.sum() / max(n_said.sum() + n_true.sum(), 1),
        "macro_f1": float(np.mean(2 * hits / np.maximum(n_said + n_true, 1))),
        "exact_set": (said == true).all(axis=1).mean(),
    }
    return {name: round(float(value), 4) for name, value in scores.items()}


def said_by(trained: Trained, rows: LabelledPassages, documents: int, taxonomy: Taxonomy) -> Bools:
    """The themes that a model decides on, report by report."""
    judge, codes = trained.model.judge, taxonomy.codes
    said = np.zeros(rows.themes.shape, bool)
    for k in range(documents):
        own = np.flatnonzero(rows.document == k)
        if not len(own):
            continue
        judged = judge.judge([rows.passages[i] for i in own])
        decided = decide(judged.themes, judge.thresholds[:-1], codes=codes, most=taxonomy.most)
        said[own] = [[code in labels for code in codes] for labels in decided]
    return said


def fold_figures(documents: Sequence[LabelledDocument], k: int, *, with_votes: bool) -> dict[str, Any]:
    """The figures of fold `k`, on its body paragraphs."""
    started = time.monotonic()
    taxonomy = bundled_taxonomy()
    keywords = Keywords.of(taxonomy)
    held_out = [d for d in documents if fold_of(d) == k]
    rows = labelled_passages(held_out, taxonomy)
    body = rows.is_body
    pool = Pool.of(
        [unlabelled(load().classify(d.text, name=d.id), d.id) for d in documents if fold_of(d) != k], keywords
    )
    labels = pool.labels()
    trained = train_from_keywords(pool, labels=labels)
    found = {
        "documents": [len(pool.documents), len(held_out)],
        "paragraphs": int(body.sum()),
        "votes alone": figures(vote(rows.passages, keywords).said[body], rows.themes[body]),
        "trained from keywords": figures(said_by(trained, rows, len(held_out), taxonomy)[body], rows.themes[body]),
    }
    if with_votes:
        plain = train_from_keywords(pool, labels=WeakLabels(pool.votes.said, labels.trust))
        found["trained on the votes as they are"] = figures(
            said_by(plain, rows, len(held_out), taxonomy)[body], rows.themes[body]
        )
    return {**found, "seconds": round(time.monotonic() - started)}


def main() -> None:
    """Measure, print, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--folds", type=int, default=FOLDS, help="the first so many of five")
    parser.add_argument("--write", action="store_true", help=f"write {FIGURES.name}")
    arguments = parser.parse_args()
    documents = read_corpus([CORPUS], bundled_taxonomy())
    folds: list[dict[str, Any]] = []
    for k in range(arguments.folds):
        folds.append(fold_figures(documents, k, with_votes=k == 0))
        print(json.dumps(folds[-1], ensure_ascii=False), flush=True)
        mean = {
            way: {name: round(float(np.mean([fold[way][name] for fold in folds])), 4) for name in folds[0][way]}
            for way in ("votes alone", "trained from keywords")
        }
        if arguments.write:
            result = {
                "date": date.today().isoformat(),
                "command": f"nice python benchmarks/keywords.py --folds {arguments.folds} --write",
                "data_sha256": corpus_digest(documents),
                "mean": mean,
                "folds": folds,
            }
            FIGURES.write_text(json.dumps(result, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    print(json.dumps(mean, indent=1))


if __name__ == "__main__":
    main()
