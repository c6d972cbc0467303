"""What is timed on reports: what people write instead, each fitted on the authored corpus outside the timing, and govtext.

A contender gets one report at a time. The peers see its lines, or, where they are held against govtext's theme model
alone, the very passages that this one sees. A peer whose package is missing is left out, and that is said.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import jieba
import joblib
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.multiclass import OneVsRestClassifier
from sklearn.svm import LinearSVC

from govtext.labelling import Model
from govtext.scoring.thresholds import decide
from govtext.taxonomy import bundled_taxonomy
from govtext.training.corpus import read_corpus
from govtext.training.passages import labelled_passages
from interleaved import Contender
from naive_script import lines_of
from reports import Report, touched
from speed_tables import NAIVE, NAIVE_PASSAGES, PASSAGES, ROAD

AUTHORED = Path(__file__).resolve().parents[1] / "corpus" / "authored"
Cut = Callable[[str], list[str]]
Themes = Callable[[Sequence[str]], object]


@dataclass(frozen=True, slots=True, eq=False)
class Labelled:
    """Body paragraphs to fit peers on, and which themes each has, (n, n_themes)."""

    texts: Sequence[str]
    themes: Any


def authored() -> Labelled:
    """The body paragraphs of the authored corpus."""
    taxonomy = bundled_taxonomy()
    rows = labelled_passages(read_corpus([AUTHORED], taxonomy), taxonomy)
    body = rows.is_body
    texts = [passage.text for passage, is_body in zip(rows.passages, body) if is_body]
    return Labelled(texts, rows.themes[body].astype(int))


def vectorizer(cut: Cut) -> TfidfVectorizer:
    """The naive vectorizer over the words that `cut` gives."""
    return TfidfVectorizer(tokenizer=cut, token_pattern=None, ngram_range=(1, 2))


def classifier() -> OneVsRestClassifier:
    """The naive classifier."""
    return OneVsRestClassifier(LinearSVC(random_state=0))


@dataclass(frozen=True, slots=True, eq=False)
class Naive:
    """A fitted vectorizer and classifier."""

    vectorizer: TfidfVectorizer
    classifier: OneVsRestClassifier

    @classmethod
    def fit(cls, cut: Cut, labelled: Labelled) -> Naive:
        """Fitted on labelled paragraphs."""
        terms = vectorizer(cut)
        return cls(terms, classifier().fit(terms.fit_transform(labelled.texts), labelled.themes))

    def themes(self, texts: Sequence[str]) -> object:
        """Which themes each text has, (n, n_themes), in one call."""
        return self.classifier.predict(self.vectorizer.transform(texts)) if texts else None

    def save(self, path: Path) -> None:
        """Nothing; naive_script.py can load it."""
        saved = {"vectorizer": self.vectorizer, "classifier": self.classifier, "codes": bundled_taxonomy().codes}
        joblib.dump(saved, path)


def _words_without_guessing(text: str) -> list[str]:
    found: list[str] = jieba.lcut(text, HMM=False)
    return found


def _with_rjieba() -> Cut:
    cutter = import_module("rjieba").Jieba()
    return lambda text: list(cutter.cut(text, hmm=False))


def _fasttext(labelled: Labelled) -> Themes:
    """Supervised fastText, one against the rest, on characters: no segmentation at all."""
    codes = bundled_taxonomy().codes
    rows = []
    for text, has in zip(labelled.texts, labelled.themes.tolist()):
        marks = [f"__label__{code}" for code, there in zip(codes, has) if there] or ["__label__none"]
        rows.append(f"{' '.join(marks)} {_spaced(text)}")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "train.txt"
        path.write_text("\n".join(rows) + "\n", encoding="utf-8")
        fitted = import_module("fasttext").train_supervised(
            str(path), loss="ova", epoch=10, lr=0.5, wordNgrams=2, bucket=200_000, thread=1, seed=0, verbose=0
        )
    # `predict` of the module breaks with NumPy 2; the engine's own does not.
    return lambda texts: fitted.f.multilinePredict([_spaced(text) + "\n" for text in texts], len(codes), 0.5, "replace")


def _spaced(text: str) -> str:
    return " ".join("".join(text.split()))


@dataclass(frozen=True, slots=True)
class Peer:
    """How a peer that is held against the naive one is fitted, and the package it needs."""

    fit: Callable[[Labelled], Themes]
    needs: str


PEERS: dict[str, Peer] = {
    "naive without HMM": Peer(lambda rows: Naive.fit(_words_without_guessing, rows).themes, "jieba"),
    "rjieba in scikit-learn": Peer(lambda rows: Naive.fit(_with_rjieba(), rows).themes, "rjieba"),
    "fastText on characters": Peer(_fasttext, "fasttext"),
}


def on_lines(themes: Themes, report: Report) -> None:
    """Nothing; a peer has labelled the lines of a report's bytes."""
    # Guessing an encoding is none of its business: the text is UTF-8, or GB18030 where that fails.
    try:
        text = report.data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = report.data.decode("gb18030", "replace")
    themes(lines_of(text))


def judged(model: Model, report: Report) -> None:
    """Nothing; the theme model has judged and decided the passages that were found before."""
    if report.passages:
        said = model.judge.judge(report.passages)
        most = model.taxonomy.most
        decide(said.themes, model.judge.thresholds[:-1], codes=model.taxonomy.codes, most=most)


def contenders(parts: Sequence[str], model: Model, naive: Naive, labelled: Labelled) -> list[Contender[Report]]:
    """All that can run here for the parts, the naive one first."""
    found: list[Contender[Report]] = [Contender(NAIVE, partial(on_lines, naive.themes), None, _characters)]
    if "naive" in parts:
        for name, peer in PEERS.items():
            if find_spec(peer.needs) is None:
                print(f"{name}: left out, {peer.needs} is not installed", file=sys.stderr)
                continue
            found.append(Contender(name, partial(on_lines, peer.fit(labelled)), NAIVE, _characters))
        found += [
            Contender(NAIVE_PASSAGES, lambda r: naive.themes([p.text for p in r.passages]), NAIVE, _in_passages),
            # Held against the stricter of the two: the naive one saves itself the lines of the site here, too.
            Contender(PASSAGES, partial(judged, model), NAIVE_PASSAGES, _in_passages),
        ]
    if "road" in parts:
        found.append(Contender(ROAD, lambda r: touched(model.classify(r.data)), NAIVE, _characters))
    return found


def _characters(report: Report) -> int:
    return len(report.text)


def _in_passages(report: Report) -> int:
    return sum(len(passage.text) for passage in report.passages)
