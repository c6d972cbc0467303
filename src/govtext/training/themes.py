"""Fit the theme model: linear scores out of fold, then the networks that read them in their surroundings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import scipy.sparse as sparse
from joblib import Parallel, delayed
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.svm import LinearSVC

from govtext.document import ROLES
from govtext.features.cues import cue_rows
from govtext.features.ngrams import Ints
from govtext.features.passages import BLOCKS, Passage, block_texts
from govtext.scoring.judge import FirstStage, Judge, first_stage, role_inputs, theme_inputs
from govtext.scoring.neighbours import Neighbours
from govtext.scoring.scorer import Block
from govtext.scoring.sentences import PROFILE
from govtext.taxonomy import Taxonomy
from govtext.training.corpus import LabelledDocument
from govtext.training.matrices import occurrences, smooth_idf, weighted
from govtext.training.networks import fit_network
from govtext.training.passages import LabelledPassages, labelled_passages
from govtext.training.thresholds import best_threshold, theme_thresholds
from govtext.training.vocabulary import build_vocabulary, long_words

Floats = NDArray[np.float64]
# Documents that an n-gram must be in, by block; in a small corpus fewer, one more for each hundred documents.
MIN_DOCUMENTS = {"text": 7, "path": 3, "title": 3, "opening": 7}
# How much each block counts, by kind of output. Picked on folds by document: path 0.3–0.6 is flat for themes.
SCALES = {
    "theme": {"text": 1.0, "path": 0.4, "title": 0.2, "opening": 0.4},
    "role": {"text": 1.0, "path": 1.0, "title": 0.3, "opening": 0.7},
    "formulaic": {"text": 1.0, "path": 0.3, "title": 0.2, "opening": 0.7},
}
C = {"theme": 1.0, "role": 0.5, "formulaic": 1.0}
HEADING_WEIGHT = 0.3
FOLDS = 5


@dataclass(frozen=True, slots=True, eq=False)
class Fitted:
    """A judge, and what its parts said of the training documents when they had not seen them."""

    judge: Judge
    passages: LabelledPassages
    themes: Floats
    roles: Floats
    formulaic: Floats


def fit_judge(
    documents: Sequence[LabelledDocument],
    taxonomy: Taxonomy,
    *,
    weights: Sequence[float] | None = None,
    seed: int = 0,
    jobs: int = 1,
) -> Fitted:
    """The theme model of documents (with a weight each, 1 by default); thresholds come from out-of-fold scores."""
    rows = labelled_passages(documents, taxonomy)
    weight = np.ones(len(documents)) if weights is None else np.asarray(weights, np.float64)
    weight = weight[rows.document] * np.where(rows.is_body, 1.0, HEADING_WEIGHT)
    words = long_words([passage.text for passage in rows.passages])
    fold = rows.document % FOLDS
    parts = [fold != k for k in range(FOLDS)]
    everything = np.ones(len(fold), bool)
    fitted = Parallel(n_jobs=jobs)(
        delayed(_fit_first)(rows, words, weight, part, seed) for part in [*parts, everything]
    )
    first = _out_of_fold(rows, parts, fitted, n_outputs=len(taxonomy.codes) + len(ROLES) + 1)
    around = Neighbours.of(rows.passages, rows.document)
    cues = np.vstack([cue_rows(passages) for passages in _by_document(rows)])
    n, m = rows.themes.shape
    per_theme = np.repeat(np.arange(n), m)
    theme_x, role_x = theme_inputs(first, around, cues), role_inputs(first, around, cues)
    theme_y, has_role = rows.themes.ravel().astype(np.int64), rows.role >= 0
    jobs_to_do = []
    for part in [*parts, everything]:
        inside = part[per_theme]
        role_part = part & has_role
        jobs_to_do += [
            delayed(fit_network)(theme_x[inside], theme_y[inside], weight[per_theme][inside], kind="theme", seed=seed),
            delayed(fit_network)(role_x[role_part], rows.role[role_part], weight[role_part], kind="role", seed=seed),
        ]
    networks = Parallel(n_jobs=jobs)(jobs_to_do)
    theme_scores, role_scores = np.zeros((n, m)), np.zeros((n, len(ROLES)))
    for k, part in enumerate(parts):
        held_out = np.flatnonzero(~part)
        if len(held_out):
            theme_scores[held_out] = networks[2 * k].scores(theme_x[~part[per_theme]]).reshape(-1, m)
            role_scores[held_out] = networks[2 * k + 1].scores(role_x[held_out])
    body = rows.is_body
    platt = LogisticRegression(C=1e3).fit(first.formulaic[body], rows.formulaic[body], sample_weight=weight[body])
    slope = np.array([platt.coef_[0, 0], platt.intercept_[0]])
    themes = 1 / (1 + np.exp(-theme_scores))
    formulaic = 1 / (1 + np.exp(-(first.formulaic[:, 0] * slope[0] + slope[1])))
    thresholds = np.append(
        theme_thresholds(themes[body], rows.themes[body], weight[body], most=taxonomy.most),
        best_threshold(formulaic[body], rows.formulaic[body], weight[body]),
    )
    blocks, intercept = fitted[-1]
    judge = Judge(blocks, intercept, networks[-2], networks[-1], slope, thresholds.round(6))
    return Fitted(judge, rows, themes, role_scores, formulaic)


def _by_document(rows: LabelledPassages) -> list[list[Passage]]:
    ends = np.searchsorted(rows.document, np.arange(int(rows.document[-1]) + 2))
    return [rows.passages[a:b] for a, b in zip(ends, ends[1:]) if a < b]


def _out_of_fold(
    rows: LabelledPassages,
    parts: Sequence[NDArray[np.bool_]],
    fitted: Sequence[tuple[tuple[Block, ...], Floats]],
    *,
    n_outputs: int,
) -> FirstStage:
    n = len(rows.passages)
    n_themes = n_outputs - len(ROLES) - 1
    total, pieces = np.zeros((n, n_outputs)), np.zeros((len(BLOCKS), n, n_outputs))
    profile = np.zeros((len(PROFILE), n, n_themes))
    for part, (blocks, intercept) in zip(parts, fitted):
        held_out = np.flatnonzero(~part)
        if len(held_out):
            said = first_stage(blocks, intercept, [rows.passages[i] for i in held_out])
            total[held_out], pieces[:, held_out], profile[:, held_out] = said.total, said.parts, said.profile
    return FirstStage(total, pieces, profile, n_themes)


def _fit_first(
    rows: LabelledPassages, words: Sequence[frozenset[str]], weight: Floats, part: NDArray[np.bool_], seed: int
) -> tuple[tuple[Block, ...], Floats]:
    """Blocks and intercept of the first stage on the passages of `part`."""
    chosen = np.flatnonzero(part)
    texts = block_texts([rows.passages[i] for i in chosen])
    n_documents = len(np.unique(rows.document[chosen]))
    vocabularies, idfs, matrices = {}, {}, {}
    for block in BLOCKS:
        vocabularies[block] = build_vocabulary(
            texts[block],
            [words[i] for i in chosen.tolist()] if block == "text" else [],
            rows.document[chosen],
            min_documents=min(MIN_DOCUMENTS[block], 1 + n_documents // 100),
        )
        counts = occurrences(vocabularies[block], texts[block])
        idfs[block] = smooth_idf(counts)
        matrices[block] = weighted(counts, idfs[block])
    role, body = rows.role[chosen], rows.is_body[chosen]
    targets = [
        *(("theme", rows.themes[chosen, t], weight[chosen]) for t in range(rows.themes.shape[1])),
        *(("role", role == r, weight[chosen] * (role >= 0)) for r in range(len(ROLES))),
        ("formulaic", rows.formulaic[chosen], weight[chosen] * body),
    ]
    stacked = {kind: sparse.hstack([matrices[b] * scale[b] for b in BLOCKS]).tocsr() for kind, scale in SCALES.items()}
    coefficients = np.zeros((sum(map(len, vocabularies.values())), len(targets)))
    intercept = np.zeros(len(targets))
    for k, (kind, target, each) in enumerate(targets):
        used = each > 0
        y = target[used]
        if not y.any() or y.all():
            intercept[k] = 1.0 if y.any() else -1.0
            continue
        model = LinearSVC(C=C[kind], tol=1e-3, random_state=seed, dual=True)
        model.fit(stacked[kind][used], y, sample_weight=_balanced(y, each[used]))
        coefficients[:, k], intercept[k] = model.coef_[0], model.intercept_[0]
    blocks, offset = [], 0
    scales = {b: np.array([SCALES[kind][b] for kind, _, _ in targets]) for b in BLOCKS}
    for block in BLOCKS:
        size = len(vocabularies[block])
        weights = coefficients[offset : offset + size] * idfs[block][:, None] * scales[block]
        blocks.append(Block.build(block, vocabularies[block], weights, idfs[block] ** 2))
        offset += size
    return tuple(blocks), intercept


def _balanced(target: Ints | NDArray[np.bool_], weight: Floats) -> Floats:
    """The weights times the square root of what `class_weight="balanced"` would give: full balance overstates rare themes."""
    total = weight.sum()
    positive = (weight * target).sum()
    return np.asarray(weight * np.sqrt(total / (2 * np.where(target, positive, total - positive))))
