"""Fit the line model: logistic regression on each line alone, then on what its neighbours' first pass says."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import scipy.sparse as sparse
from joblib import Parallel, delayed
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from govtext.boilerplate.context import CLASSES, Floats, context_features
from govtext.boilerplate.detector import LineModel
from govtext.boilerplate.lines import BEGIN, END, HEAD, TAIL, Lines
from govtext.features.ngrams import Ints, count_terms
from govtext.features.vocabulary import Vocabulary
from govtext.scoring.scorer import Scorer
from govtext.training.matrices import fitted_block, occurrences, smooth_idf, weighted
from govtext.training.pieces import Rows

NGRAM_LENGTHS = (1, 3)
MIN_DOCUMENTS = 12
HEAD_SCALE, TAIL_SCALE, CUE_SCALE = 2.0, 1.0, 0.3
C_ALONE, C_CONTEXT = 10.0, 0.05
EXCERPTS, LONGEST_EXCERPT = 4, 10  # of each document, rows; without them the second pass overruled sure headings there


def fit_first_pass(rows: Rows, n_folds: int, *, jobs: int = 1) -> tuple[list[LineModel], LineModel]:
    """A model for each fold without its lines, and one of all; their second pass is empty yet."""
    parts = [rows.fold != k for k in range(n_folds)]
    everything = np.ones(len(rows.fold), bool)
    scorers = Parallel(n_jobs=jobs)(delayed(_fit_alone)(rows, part) for part in [*parts, everything])
    models = [LineModel(scorer, np.zeros((0, 0)), np.zeros(0)) for scorer in scorers]
    return models[:-1], models[-1]


def fit_second_pass(rows: Rows, folds: Sequence[LineModel], model: LineModel) -> LineModel:
    """The model with a second pass, learnt from the first passes of the folds' models: they had not seen the line."""
    alone = np.zeros((len(rows.fold), len(CLASSES)))
    for k, held in enumerate(folds):
        held_out = np.flatnonzero(rows.fold == k)
        if len(held_out):
            alone[held_out] = held.first_pass(rows.lines.take(held_out))[0]
    return LineModel(model.alone, *_fit_context(rows, alone))


def _fit_alone(rows: Rows, part: NDArray[np.bool_]) -> Scorer:
    """The first pass fitted on the lines of `part`."""
    chosen = np.flatnonzero(part)
    lines = rows.lines.take(chosen)
    texts = end_texts(lines)
    documents = np.concatenate([rows.document[chosen]] * 2)
    terms, _ = count_terms(texts["head"] + texts["tail"], documents, lengths=NGRAM_LENGTHS, min_documents=MIN_DOCUMENTS)
    vocabulary = Vocabulary.build(terms)
    scales = {"head": HEAD_SCALE, "tail": TAIL_SCALE}
    blocks, idfs = [], {}
    for name, scale in scales.items():
        counts = occurrences(vocabulary, texts[name])
        idfs[name] = smooth_idf(counts)
        blocks.append(weighted(counts, idfs[name]) * scale)
    cues = lines.cues
    mean, deviation = _standard(cues)
    X = sparse.hstack([*blocks, sparse.csr_matrix((cues - mean) / deviation * CUE_SCALE)]).tocsr()
    model = LogisticRegression(C=C_ALONE, max_iter=400, tol=1e-3).fit(X, rows.target[chosen])
    n = len(terms)
    fitted = [
        fitted_block(name, vocabulary, model.coef_[:, k * n : (k + 1) * n], idfs[name], scale=scale)
        for k, (name, scale) in enumerate(scales.items())
    ]
    dense = (model.coef_[:, 2 * n :] * (CUE_SCALE / deviation)).T
    return Scorer(tuple(fitted), model.intercept_ - mean @ dense, dense)


def end_texts(lines: Lines) -> dict[str, list[str]]:
    """The heads and tails of lines, as the model's blocks read them."""
    texts = lines.texts()
    return {"head": [BEGIN + text[:HEAD] for text in texts], "tail": [text[-TAIL:] + END for text in texts]}


def _fit_context(rows: Rows, alone: Floats) -> tuple[Floats, Floats]:
    """Weights, (n_features, n_classes), and intercept of the second pass, learnt from whole documents and excerpts."""
    cues = rows.lines.cues
    rng = np.random.default_rng(0)
    seen = []
    for k in range(int(rows.document[-1]) + 1):
        whole = np.flatnonzero(rows.document == k)
        seen += [whole, *_excerpts(whole, rng)]
    features = np.vstack([context_features(alone[part], cues[part], rows.lines.take(part)) for part in seen])
    mean, deviation = _standard(features)
    model = LogisticRegression(C=C_CONTEXT, max_iter=1000)
    model.fit((features - mean) / deviation, rows.target[np.concatenate(seen)])
    weights = (model.coef_ / deviation).T
    return weights, model.intercept_ - mean @ weights


def _excerpts(whole: Ints, rng: np.random.Generator) -> list[Ints]:
    """Short stretches of a document's rows: where little is around a line, its own words must count."""
    found = []
    for _ in range(EXCERPTS):
        length = int(LONGEST_EXCERPT ** rng.random())  # short ones as often as long ones
        first = int(rng.integers(0, max(len(whole) - length, 0) + 1))
        found.append(whole[first : first + length])
    return found


def _standard(values: Floats) -> tuple[Floats, Floats]:
    """Mean and standard deviation of each column, 1 where it does not vary."""
    deviation = values.std(axis=0)
    return values.mean(axis=0), np.where(deviation > 1e-9, deviation, 1.0)
