"""Fit the line model: logistic regression on each line alone, then on what its neighbours' first pass says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import scipy.sparse as sparse
from joblib import Parallel, delayed
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from govtext.boilerplate.context import CLASSES, Floats, context_features
from govtext.boilerplate.detector import LineModel
from govtext.boilerplate.lines import Line, cue_matrix, to_line
from govtext.features.ngrams import Ints, Vocabulary, count_terms
from govtext.scoring.scorer import Scorer
from govtext.segmentation.boundaries import BoundaryModel
from govtext.segmentation.lines import piece_spans, to_stream, unwrapped
from govtext.segmentation.wraps import wrap_breaks
from govtext.training.corpus import LabelledDocument, Unit
from govtext.training.matrices import fitted_block, occurrences, smooth_idf, weighted
from govtext.training.variants import flattened

NGRAM_LENGTHS = (1, 3)
MIN_DOCUMENTS = 12
HEAD_SCALE, TAIL_SCALE, CUE_SCALE = 2.0, 1.0, 0.3
C_ALONE, C_CONTEXT = 10.0, 0.05
EXCERPTS, LONGEST_EXCERPT = 2, 10  # of each document, rows; without them the second pass overruled sure headings there
FOLDS = 5
FLAT_TURN = 99  # another flattening than the boundary models have seen

_Piece = tuple[int, int, int]  # start, end, class


def unit_class(unit: Unit) -> str:
    """The line model's class of a labelled unit."""
    if unit.is_heading:
        return "run-in" if unit.has_body else "heading"
    return {"p": "body"}.get(unit.kind, unit.kind.removeprefix("x:"))


@dataclass(frozen=True, slots=True, eq=False)
class _Rows:
    """All labelled lines: which document each is from, what it is."""

    lines: list[Line]
    document: Ints
    target: Ints


def _gold_pieces(document: LabelledDocument) -> list[_Piece]:
    units = [u for u in document.units if document.text[u.start : u.end].strip()]
    return [(u.start, u.end, CLASSES.index(unit_class(u))) for u in units]


def cut_pieces(document: LabelledDocument, boundaries: BoundaryModel) -> list[_Piece]:
    """The pieces that a boundary model makes of a document, each with the class of the unit it shares most with.

    What is left of a unit behind a false cut counts as body, unless the unit is boilerplate.
    """
    units = [u for u in document.units if document.text[u.start : u.end].strip()]
    stream = to_stream(document.text)
    pieces: list[_Piece] = []
    for start, end in piece_spans(stream, boundaries.cuts(stream)):
        text = document.text[start:end]
        first, last = start + len(text) - len(text.lstrip()), start + len(text.rstrip())
        shared = [min(u.end, last) - max(u.start, first) for u in units]
        if not shared or max(shared) <= 0:
            continue
        unit = units[int(np.argmax(shared))]
        name = unit_class(unit)
        if name == "run-in" and (unit.heading_end or 0) <= first:
            name = "body"
        pieces.append((start, end, CLASSES.index(name)))
    return pieces


def _rows(pieces: Sequence[Sequence[_Piece]], documents: Sequence[LabelledDocument]) -> _Rows:
    lines: list[Line] = []
    owner: list[int] = []
    target: list[int] = []
    for k, (document, found) in enumerate(zip(documents, pieces, strict=True)):
        broken = ["\n" in document.text[a[0] : b[0]].rstrip(" \t\u3000") for a, b in zip(found, found[1:])]
        texts = unwrapped(document.text, [(start, end) for start, end, _ in found], wrap_breaks(document.text))
        for i, (piece, (_, _, kind)) in enumerate(zip(texts, found)):
            before = i > 0 and not broken[i - 1]
            behind = i < len(broken) and not broken[i]
            lines.append(to_line(piece, cut_before=before, cut_behind=behind))
            owner.append(k)
            target.append(kind)
    return _Rows(lines, np.array(owner), np.array(target))


def fit_lines(
    documents: Sequence[LabelledDocument], boundaries: Sequence[BoundaryModel] = (), *, seed: int = 0, jobs: int = 1
) -> LineModel:
    """The line model of whole documents; the second pass learns from first passes that had not seen the document.

    `boundaries` holds one model a fold (document number modulo `FOLDS`), fitted without that fold: the pieces that
    they make of documents and of flattened copies, with all their mistakes, are learnt from beside the labelled units.
    """
    documents = [d for d in documents if d.whole]
    pieces = [_gold_pieces(document) for document in documents]
    fold = np.arange(len(documents)) % FOLDS
    if boundaries:
        cut = [cut_pieces(document, boundaries[k]) for document, k in zip(documents, fold.tolist())]
        different = [i for i, (a, b) in enumerate(zip(pieces, cut)) if len(a) != len(b)]
        pieces += [cut[i] for i in different]
        flat = [flattened(document, seed, FLAT_TURN) for document in documents]
        pieces += [cut_pieces(document, boundaries[k]) for document, k in zip(flat, fold.tolist())]
        documents = [*documents, *(documents[i] for i in different), *flat]
        fold = np.concatenate([fold, fold[different], fold])
    rows = _rows(pieces, documents)
    parts = [fold[rows.document] != k for k in range(FOLDS)]
    everything = np.ones(len(rows.document), bool)
    models = Parallel(n_jobs=jobs)(delayed(_fit_alone)(rows, part) for part in [*parts, everything])
    alone = np.zeros((len(everything), len(CLASSES)))
    for part, scorer in zip(parts, models):
        held_out = np.flatnonzero(~part)
        if len(held_out):
            model = LineModel(scorer, np.zeros((0, 0)), np.zeros(0))
            alone[held_out] = model.first_pass([rows.lines[i] for i in held_out])[0]
    context, intercept = _fit_context(rows, alone)
    return LineModel(models[-1], context, intercept)


def _fit_alone(rows: _Rows, part: NDArray[np.bool_]) -> Scorer:
    """The first pass fitted on the lines of `part`."""
    chosen = np.flatnonzero(part)
    lines = [rows.lines[i] for i in chosen]
    texts = {"head": [line.head for line in lines], "tail": [line.tail for line in lines]}
    documents = np.concatenate([rows.document[chosen]] * 2)
    terms, _ = count_terms(texts["head"] + texts["tail"], documents, lengths=NGRAM_LENGTHS, min_documents=MIN_DOCUMENTS)
    vocabulary = Vocabulary.build(terms)
    scales = {"head": HEAD_SCALE, "tail": TAIL_SCALE}
    blocks, idfs = [], {}
    for name, scale in scales.items():
        counts = occurrences(vocabulary, texts[name])
        idfs[name] = smooth_idf(counts)
        blocks.append(weighted(counts, idfs[name]) * scale)
    cues = cue_matrix(lines)
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


def _fit_context(rows: _Rows, alone: Floats) -> tuple[Floats, Floats]:
    """Weights, (n_features, n_classes), and intercept of the second pass, learnt from whole documents and excerpts."""
    cues = cue_matrix(rows.lines)
    rng = np.random.default_rng(0)
    seen = []
    for k in range(int(rows.document[-1]) + 1):
        whole = np.flatnonzero(rows.document == k)
        seen += [whole, *_excerpts(whole, rng)]
    features = np.vstack([context_features(alone[part], cues[part], [rows.lines[i] for i in part]) for part in seen])
    mean, deviation = _standard(features)
    model = LogisticRegression(C=C_CONTEXT, max_iter=1000)
    model.fit((features - mean) / deviation, rows.target[np.concatenate(seen)])
    weights = (model.coef_ / deviation).T
    return weights, model.intercept_ - mean @ weights


def _excerpts(whole: Ints, rng: np.random.Generator) -> list[Ints]:
    """Short stretches of a document's rows: where little is around a line, its own words must count."""
    found = []
    for _ in range(EXCERPTS):
        length = int(rng.integers(1, LONGEST_EXCERPT + 1))
        first = int(rng.integers(0, max(len(whole) - length, 0) + 1))
        found.append(whole[first : first + length])
    return found


def _standard(values: Floats) -> tuple[Floats, Floats]:
    """Mean and standard deviation of each column, 1 where it does not vary."""
    deviation = values.std(axis=0)
    return values.mean(axis=0), np.where(deviation > 1e-9, deviation, 1.0)
