"""Fit the linear boundary models: which places of a line begin a new unit, where a heading without punctuation ends.

Few documents come flattened, so most of what is learnt comes from documents that are flattened here: their units glued
to one line, by a generator seeded with the document's own text.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import scipy.sparse as sparse
from numpy.typing import NDArray
from scipy.optimize import minimize
from sklearn.linear_model import LogisticRegression

from govtext.features.ngrams import count_terms
from govtext.features.vocabulary import Vocabulary
from govtext.segmentation.boundaries import N_ROLES, NGRAM_LENGTHS, BoundaryWeights, LinearBoundaries, ngram_places
from govtext.segmentation.lines import Ints, to_stream
from govtext.segmentation.places import CUT_CROSSES, ENDING_CROSSES, Column, Places, category_ids, n_categories
from govtext.training.corpus import LabelledDocument, Unit
from govtext.training.variants import flattened, mixed, visible

MIN_DOCUMENTS = 5  # for an n-gram to be looked at
NEGATIVES_KEPT = 0.25  # share of the places that begin nothing
FLATTENED = 2  # how often each document is read flattened as well
MIXED = 4  # and how often with other documents' paragraphs: average precision on flattened ones 0.897 → 0.903
FOREIGN_BODIES = 5  # bodies from elsewhere that each heading is put before
MOST_TERMS = 15_000  # those with the largest weights; with all 44,000 folds found one false cut in 1,170 less
CUT_C, ENDING_C = 2.0, 2.0


@dataclass(frozen=True, slots=True)
class LabelledText:
    """A text with the offsets at which its units begin."""

    text: str
    starts: list[int]
    weight: float


def _begin(text: str, unit: Unit) -> int:
    piece = text[unit.start : unit.end]
    return unit.start + len(piece) - len(piece.lstrip())


def labelled_text(document: LabelledDocument, *, weight: float = 1.0) -> LabelledText:
    """The document's text and where its units begin."""
    return LabelledText(document.text, [_begin(document.text, u) for u in visible(document)], weight)


def matrix(
    vocabulary: Vocabulary,
    places: Places,
    rows: Ints,
    crosses: Sequence[tuple[str, ...]],
    columns: Mapping[str, Column],
) -> sparse.csr_matrix:
    """What the model sees of the rows, whose columns are given: terms by role, categories, (n_rows, n_terms · 4 + …)."""
    where = np.full(len(places.stream), -1, np.int64)
    where[rows] = np.arange(len(rows))
    at, column = [], []
    for place, ids, role in ngram_places(vocabulary, places.stream):
        row = where[place]
        kept = row >= 0
        at.append(row[kept])
        column.append(ids[kept] * N_ROLES + role)
    base = len(vocabulary) * N_ROLES
    crossed = category_ids(crosses, columns) + base
    at.append(np.repeat(np.arange(len(rows)), crossed.shape[1]))
    column.append(crossed.ravel())
    row_ids, column_ids = np.concatenate(at), np.concatenate(column)
    shape = (len(rows), base + n_categories(crosses))
    return sparse.csr_matrix((np.ones(len(row_ids), np.float32), (row_ids, column_ids)), shape=shape)


def _cut_rows(vocabulary: Vocabulary, text: LabelledText, rng: np.random.Generator) -> tuple[sparse.csr_matrix, Ints]:
    stream = to_stream(text.text)
    places = Places.of(stream)
    target = np.zeros(len(stream), bool)
    target[stream.index_of(text.starts)] = True
    rows = np.flatnonzero(stream.inside)
    rows = rows[target[rows] | (rng.random(len(rows)) < NEGATIVES_KEPT)]
    columns = {name: values[rows] for name, values in places.columns.items()}
    return matrix(vocabulary, places, rows, CUT_CROSSES, columns), target[rows].astype(np.int64)


@dataclass(frozen=True, slots=True)
class _Piece:
    """A piece of text in which a heading ends at `end` (None: nowhere), and whether its line was cut elsewhere."""

    text: str
    end: int | None
    cut: int
    weight: float


def _pieces(documents: Sequence[LabelledDocument], seed: int) -> list[_Piece]:
    """Headings with the body behind them as if glued, and units in which no heading ends without punctuation.

    Every heading, run-in ones without their stop too, is also put before a body from elsewhere: what ends like a heading
    and what begins like a body is to be learnt apart from which matter they speak of.
    """
    rng = random.Random(seed)
    bodies = [text[u.heading_end or u.start : u.end].strip() for text, u in _body_units(documents)]
    pieces: list[_Piece] = []
    for document in documents:
        units = visible(document)
        for i, unit in enumerate(units):
            text = document.text[unit.start : unit.end].strip()
            after = units[i + 1] if i + 1 < len(units) else None
            glued_after = after is not None and after.start == unit.end
            glued = glued_after or (i > 0 and units[i - 1].end == unit.start)
            heading = text
            if unit.heading_end is not None:
                heading = document.text[unit.start : unit.heading_end].strip().rstrip("。.：:")
            pair = (unit.is_heading and not unit.has_body) or unit.kind == "title"
            following = document.text[after.start : after.end].rstrip() if after is not None else ""
            if pair and after is not None and after.kind == "p":
                pieces.append(_Piece(heading + following, _end(heading, following), 1, 3.0 if glued_after else 1.0))
                if not glued_after:
                    pieces.append(_Piece(heading + following, None, 0, 0.5))
            else:
                pieces.append(_Piece(text, None, int(glued), 1.0 if glued else 0.5))
                if not glued and not unit.is_boilerplate:
                    pieces.append(_Piece(text, None, 1, 0.5))
            if unit.is_heading and bodies:
                for body in rng.sample(bodies, k=min(FOREIGN_BODIES, len(bodies))):
                    pieces.append(_Piece(heading + body, len(heading), 1, 0.5 / FOREIGN_BODIES))
    return pieces


def _body_units(documents: Sequence[LabelledDocument]) -> list[tuple[str, Unit]]:
    return [(d.text, u) for d in documents for u in d.units if u.has_body and d.text[u.start : u.end].strip()]


def _end(heading: str, following: str) -> int:
    return len(heading) + len(following) - len(following.lstrip())


@dataclass(frozen=True, slots=True, eq=False)
class _Choices:
    """Where headings may end: rows, whether it is there, and for each piece its first row and its weight."""

    X: sparse.csr_matrix
    target: Ints
    first: Ints
    weights: NDArray[np.float64]


def _choices(vocabulary: Vocabulary, pieces: Sequence[_Piece]) -> _Choices:
    offsets = np.cumsum([0] + [len(p.text) + 1 for p in pieces])
    stream = to_stream("\n".join(p.text.replace("\n", " ") for p in pieces))
    places = Places.of(stream)
    found = places.ending_rows(stream.line_starts, np.array([p.cut for p in pieces], bool))
    ends = [offsets[i] + p.end for i, p in enumerate(pieces) if p.end is not None]
    target = np.zeros(len(stream) + 1, np.int64)
    target[stream.index_of(ends)] = 1
    first = np.flatnonzero(np.diff(found.piece, prepend=-1))
    weights = np.array([p.weight for p in pieces])[found.piece[first]]
    X = matrix(vocabulary, places, found.rows, ENDING_CROSSES, found.columns)
    return _Choices(X, target[found.rows], first, weights)


def _fit_cut(X: sparse.csr_matrix, y: Ints, weights: NDArray[np.float64], n_terms: int) -> BoundaryWeights:
    model = LogisticRegression(C=CUT_C, solver="liblinear", tol=0.01, random_state=0).fit(X, y, sample_weight=weights)
    return _weights(np.append(model.coef_[0], model.intercept_), n_terms)


def _fit_ending(choices: _Choices, n_terms: int) -> BoundaryWeights:
    """Softmax over the places of a piece and "nowhere" (score 0); folds found ten more ends for as many false ones."""
    X, first = choices.X.astype(np.float64), choices.first
    transposed = X.T.tocsr()
    counts = np.diff(np.append(first, X.shape[0]))
    weights = choices.weights * ENDING_C

    def loss(parameters: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        beta = parameters[:-1]
        scores = X @ beta + parameters[-1]
        top = np.maximum(np.maximum.reduceat(scores, first), 0)
        powers = np.exp(scores - np.repeat(top, counts))
        totals = np.add.reduceat(powers, first) + np.exp(-top)
        right = np.add.reduceat(scores * choices.target, first)
        gradient = np.repeat(weights, counts) * (powers / np.repeat(totals, counts) - choices.target)
        value = weights @ (top + np.log(totals) - right) + 0.5 * beta @ beta
        return float(value), np.append(transposed @ gradient + beta, gradient.sum())

    found = minimize(loss, np.zeros(X.shape[1] + 1), jac=True, method="L-BFGS-B", options={"maxiter": 60, "maxcor": 8})
    return _weights(found.x, n_terms)


def _weights(parameters: NDArray[np.float64], n_terms: int) -> BoundaryWeights:
    """Term weights by role, then category weights, then the intercept."""
    split = n_terms * N_ROLES
    values = parameters.astype(np.float32)
    return BoundaryWeights(values[:split].reshape(n_terms, N_ROLES), values[split:-1], float(values[-1]))


def _pruned(vocabulary: Vocabulary, cut: BoundaryWeights, ending: BoundaryWeights) -> LinearBoundaries:
    """The same with the `MOST_TERMS` terms whose weights are largest."""
    squares = [(w.terms**2).sum(axis=1) for w in (cut, ending)]
    importance = sum(s / max(float(s.mean()), 1e-12) for s in squares)
    kept = np.sort(np.argsort(-np.asarray(importance), kind="stable")[:MOST_TERMS])
    few = [BoundaryWeights(w.terms[kept], w.categories, w.intercept) for w in (cut, ending)]
    return LinearBoundaries(Vocabulary.build([vocabulary.terms[i] for i in kept]), few[0], few[1])


def fit_linear(documents: Sequence[LabelledDocument], *, seed: int = 0) -> LinearBoundaries:
    """The linear boundary models of whole documents; same bytes for same documents and seed."""
    lines = [("".join(line.split()), k) for k, d in enumerate(documents) for line in d.text.split("\n") if line.strip()]
    terms, _ = count_terms(
        [line for line, _ in lines], np.array([k for _, k in lines]), lengths=NGRAM_LENGTHS, min_documents=MIN_DOCUMENTS
    )
    vocabulary = Vocabulary.build(terms)
    rng = np.random.default_rng(seed)
    blocks, targets, weights = [], [], []
    weight = 0.5 / (FLATTENED + MIXED)
    bodies = [text[u.start : u.end].strip() for text, u in _body_units(documents) if u.kind == "p"]
    for document in documents:
        copies = [flattened(document, seed, turn) for turn in range(FLATTENED)]
        copies += [flattened(mixed(document, bodies, turn), seed, turn) for turn in range(MIXED)]
        for text in (labelled_text(document), *(labelled_text(copy, weight=weight) for copy in copies)):
            X, y = _cut_rows(vocabulary, text, rng)
            blocks.append(X)
            targets.append(y)
            weights.append(np.where(y == 1, 1.0, 1 / NEGATIVES_KEPT) * text.weight)
    cut = _fit_cut(sparse.vstack(blocks).tocsr(), np.concatenate(targets), np.concatenate(weights), len(terms))
    ending = _fit_ending(_choices(vocabulary, _pieces(documents, seed)), len(terms))
    return _pruned(vocabulary, cut, ending)
