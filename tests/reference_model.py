"""The theme model in plain scikit-learn and loops: what `govtext.scoring` and its cues are held against.

Read from the arrays of a model file, each number from its definition: slow, and short enough to be believed. Only the normalised
copy of a text, `Passage` and the roles' names are govtext's own, and `compared` asks the real model.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.special import expit, softmax
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.neural_network import MLPClassifier, MLPRegressor

from govtext.document import ROLES
from govtext.features.ngrams import normalise
from govtext.features.passages import Passage, to_passages
from govtext.labelling import Model
from govtext.layout import to_layout
from govtext.scoring.judge import Judgement
from plain_passages import AROUND, MISSING, arounds_of, cues_of, sentences_of

Floats = NDArray[np.float64]
Arrays = Mapping[str, NDArray[Any]]

BLOCKS = ("text", "path", "title", "opening")
PROFILE = ("best", "second", "first", "last", "mean_positive", "mean", "share_leading", "log_sentences")
FARTHEST = 8.0  # standard deviations that an input of a network may lie out
SPACE = "\ufdd0"  # no character; stands for a space, of which CountVectorizer would make one of two


def terms_of(prefix: str, arrays: Arrays) -> list[str]:
    """The terms of a stored trie, in its order: depth and last character of each node, 128 added where no term ends."""
    terms, path = [], ""
    for depth, letter in zip(arrays[f"{prefix}.depths"].tolist(), arrays[f"{prefix}.letters"].tolist()):
        path = path[: depth % 128 - 1] + chr(letter)
        if depth < 128:
            terms.append(path)
    return terms


def counter_of(prefix: str, arrays: Arrays) -> CountVectorizer:
    """Counts the terms of a vocabulary in texts."""
    terms = [term.replace(" ", SPACE) for term in terms_of(prefix, arrays)]
    return CountVectorizer(
        analyzer="char",
        preprocessor=lambda text: normalise(text).replace(" ", SPACE),
        ngram_range=(1, max(map(len, terms))),
        vocabulary=terms,
    )


def block_scores(prefix: str, arrays: Arrays, counter: CountVectorizer, texts: Sequence[str]) -> Floats:
    """scale · Σ count · weight / √Σ count · idf² of each text, (n_texts, n_outputs); counts saturated where the block says so."""
    weights = arrays[f"{prefix}.weights"].astype(float) * arrays[f"{prefix}.steps"]
    squares = arrays[f"{prefix}.squares"].astype(float) * arrays[f"{prefix}.square_step"]
    counts: csr_array = counter.transform(texts).astype(float)
    length = counts @ squares
    if f"{prefix}.saturated" in arrays:
        counts.data = np.round(64 * (1 + np.log(counts.data))) / 64
        length = counts.power(2) @ squares
    length = np.where(length > 0, length, 1)  # of a text without terms, which scores 0
    return np.asarray(arrays[f"{prefix}.scale"] * (counts @ weights) / np.sqrt(length)[:, None])


def profile_of(scores: Floats) -> list[dict[str, float]]:
    """The course of each theme through the sentences of a passage; `scores` (n_sentences, n_themes)."""
    profile = []
    highest = [max(row) for row in scores.tolist()]
    for said in scores.T.tolist():
        best = max(said)
        leads = [score > 0 and score == most for score, most in zip(said, highest, strict=True)]
        numbers = (
            best,
            max((score for score in said if score < best), default=MISSING),
            said[0],
            said[-1],
            sum(max(score, 0) for score in said) / len(said),
            sum(said) / len(said),
            sum(leads) / len(said),
            math.log1p(len(said)),
        )
        profile.append(dict(zip(PROFILE, numbers, strict=True)))
    return profile


def network_of(kind: Any, prefix: str, arrays: Arrays) -> Any:
    """A scikit-learn network of one hidden layer with the weights of a stored one."""
    hidden, output = (arrays[f"{prefix}.{name}"].astype(float) for name in ("hidden", "output"))
    network = kind(hidden_layer_sizes=(hidden.shape[1],), activation="relu")
    network.coefs_ = [hidden, output]
    network.intercepts_ = [arrays[f"{prefix}.{name}_offset"].astype(float) for name in ("hidden", "output")]
    network.n_layers_, network.n_outputs_, network.n_features_in_ = 3, output.shape[1], len(hidden)
    network.out_activation_ = "identity" if kind is MLPRegressor else "softmax"
    return network


def standard(inputs: Sequence[Sequence[float]], prefix: str, arrays: Arrays) -> Floats:
    """Inputs of a network in standard deviations from their mean."""
    mean, deviation = (arrays[f"{prefix}.{name}"].astype(float) for name in ("mean", "deviation"))
    return np.asarray(np.clip((np.array(inputs, float) - mean) / deviation, -FARTHEST, FARTHEST))


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """What the networks see of one passage.

    own      its scores: themes, roles, formulaic
    parts    the same from each block alone
    profile  the course of each theme through its sentences
    said     the scores around it, by the names of `AROUND`
    missing  whether there is nothing around
    """

    own: list[float]
    parts: list[list[float]]
    profile: list[dict[str, float]]
    said: dict[str, list[float]]
    missing: list[float]
    cues: list[float]

    def theme_inputs(self) -> list[list[float]]:
        """The theme network's inputs, a row a theme."""
        m = len(self.profile)
        themes = self.own[:m]
        best, second = [*sorted(themes, reverse=True), max(themes) - 2][:2]
        shared = [
            *self.cues,
            *self.missing,
            self.own[-1],
            *self.own[m:-1],
            sum(math.log1p(math.exp(min(3 * score, 700))) for score in themes),
            *(max(self.said[name][:m]) for name in ("document", "section", "heading", "before", "behind")),
        ]
        rows = []
        for k, score in enumerate(themes):
            rank = sum(other > score for other in themes) + themes[:k].count(score)
            own = [score, second if score == best else best, min(rank, 4) / 2, max(score, 0)]
            course = [self.profile[k][name] for name in PROFILE]
            rows.append([*own, *(p[k] for p in self.parts), *course, *(self.said[name][k] for name in AROUND), *shared])
        return rows

    def role_inputs(self) -> list[float]:
        """The role network's inputs."""
        roles = slice(len(self.profile), -1)
        return [
            *self.own[roles],
            *(max(score, 0) for score in self.own[roles]),
            *(score for part in self.parts for score in part[roles]),
            *(score for name in AROUND for score in self.said[name][roles]),
            *self.missing,
            self.own[-1],
            *(part[-1] for part in self.parts),
            *(self.said[name][-1] for name in ("before", "behind", "document", "section")),
            *self.cues,
            max(self.own[: len(self.profile)]),
        ]


@dataclass(frozen=True, slots=True, eq=False)
class Said:
    """What a model says of passages: probabilities (n, n_themes), (n, n_roles), (n,), and what is decided by them."""

    themes: Floats
    roles: Floats
    formulaic: Floats
    labels: list[tuple[str, ...]]
    role: list[str]
    is_formulaic: list[bool]


@dataclass(frozen=True, slots=True, eq=False)
class ReferenceModel:
    """The arrays of a model file, the themes' codes and the most of them that a passage may have; a counter for each block."""

    arrays: Arrays
    codes: tuple[str, ...]
    most: int
    counters: Mapping[str, CountVectorizer]

    @classmethod
    def of(cls, arrays: Arrays, header: Mapping[str, Any]) -> ReferenceModel:
        """The reference of what `govtext.scoring.modelfile.load` gave.

        Raises:
            ValueError: the model has weights of embeddings.
        """
        if "themes.embedding" in arrays:
            raise ValueError("a model with embeddings; the reference knows models of n-grams only")
        counters = {block: counter_of(f"themes.{block}", arrays) for block in BLOCKS}
        return cls(arrays, tuple(theme["code"] for theme in header["themes"]), header["most"], counters)

    def judge(self, passages: Sequence[Passage]) -> Said:
        """What one report's passages are about."""
        arrays, seen = self.arrays, list(self._seen(passages))
        network = network_of(MLPRegressor, "themes.network", arrays)
        rows = [row for passage in seen for row in passage.theme_inputs()]
        scores = network.predict(standard(rows, "themes.network", arrays)).reshape(len(passages), -1)
        logits = scores * arrays["themes.calibration.slope"] + arrays["themes.calibration.offset"]
        themes = softmax(logits, axis=1) if "themes.calibration.together" in arrays else expit(logits)
        network = network_of(MLPClassifier, "roles.network", arrays)
        rows = [passage.role_inputs() for passage in seen]
        roles = network.predict_proba(standard(rows, "roles.network", arrays))
        slope, offset = arrays["themes.formulaic"]
        formulaic = expit(np.array([passage.own[-1] for passage in seen]) * slope + offset)
        *thresholds, formulaic_from = arrays["themes.thresholds"].tolist()
        labels = []
        for row in themes.tolist():
            likely = sorted(range(len(row)), key=lambda k: -row[k])
            labels.append(tuple([self.codes[k] for k in likely if row[k] >= thresholds[k]][: self.most]))
        role = [ROLES[row.index(max(row))] for row in roles.tolist()]
        return Said(themes, roles, formulaic, labels, role, [p >= formulaic_from for p in formulaic.tolist()])

    def _seen(self, passages: Sequence[Passage]) -> Iterator[Seen]:
        texts = {
            "text": [p.text for p in passages],
            "path": [" / ".join(p.headings) for p in passages],
            "title": [p.title for p in passages],
            "opening": [p.text[:40] for p in passages],
        }
        parts = [self._scores(block, texts[block]) for block in BLOCKS]
        total = self.arrays["themes.intercept"] + sum(parts)
        cut = [sentences_of(p.text) for p in passages]
        in_sentences = self._scores("text", [sentence for sentences in cut for sentence in sentences])
        n_body, passed, at = sum(not p.is_heading for p in passages), 0, 0
        for i, (passage, around) in enumerate(zip(passages, arounds_of(passages), strict=True)):
            yield Seen(
                own=total[i].tolist(),
                parts=[part[i].tolist() for part in parts],
                profile=profile_of(in_sentences[at : at + len(cut[i]), : len(self.codes)]),
                said={name: row.tolist() for name, row in around.gathered(total).items()},
                missing=around.missing(),
                cues=cues_of(passage, passed, n_body),
            )
            passed += not passage.is_heading
            at += len(cut[i])

    def _scores(self, block: str, texts: Sequence[str]) -> Floats:
        return block_scores(f"themes.{block}", self.arrays, self.counters[block], texts)


@dataclass(frozen=True, slots=True)
class Difference:
    """Between model and reference: paragraphs compared, those labelled otherwise, the largest difference of a probability."""

    paragraphs: int
    labels: int
    score: float

    @classmethod
    def of(cls, said: Said, other: Judgement) -> Difference:
        """The difference of probabilities; the paragraphs are passages, and no labels are compared."""
        pairs = ((said.themes, other.themes), (said.roles, other.roles), (said.formulaic, other.formulaic))
        return cls(len(said.labels), 0, max(float(np.abs(a - b).max()) for a, b in pairs))


def compared(model: Model, reference: ReferenceModel, text: str) -> Difference:
    """What the model's report and the reference say of a text's paragraphs, held against each other."""
    report = model.classify(text)
    passages = to_passages(text, to_layout(text, model.structure).paragraphs)
    said = reference.judge(passages) if passages else None
    row_of = {index: row for row, passage in enumerate(passages) for index in passage.paragraphs}
    labels, largest = 0, 0.0
    for index, p in enumerate(report.paragraphs):
        row = row_of.get(index)
        if said is None or row is None:
            labels += (p.labels, p.role, p.formulaic) != ((), None, False)
            continue
        is_formulaic = p.kind == "body" and said.is_formulaic[row]
        labels += (p.labels, p.role, p.formulaic) != (said.labels[row], said.role[row], is_formulaic)
        probabilities = [*said.themes[row].tolist(), said.roles[row].max(), said.formulaic[row]]
        given = [*(p.themes[code] for code in reference.codes), p.role_score, p.formulaic_score]
        largest = max(largest, *(abs(a - b) for a, b in zip(probabilities, given, strict=True) if b is not None))
    return Difference(len(row_of), labels, largest)
