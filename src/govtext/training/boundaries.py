"""Fit the boundary models: which places of a line begin a new unit, where a heading without punctuation ends.

Few documents come flattened, so most of what is learnt comes from documents that are flattened here: their units glued
to one line, by a generator seeded with the document's own text.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import scipy.sparse as sparse
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from govtext.features.ngrams import Vocabulary, count_terms
from govtext.segmentation.boundaries import (
    CUT_CROSSES,
    ENDING_CROSSES,
    N_ROLES,
    NGRAM_LENGTHS,
    BoundaryModel,
    BoundaryWeights,
    Places,
    category_ids,
    n_categories,
    ngram_places,
)
from govtext.segmentation.lines import Ints, to_stream
from govtext.training.corpus import LabelledDocument, Unit

MIN_DOCUMENTS = 5  # for an n-gram to be looked at
NEGATIVES_KEPT = 0.25  # share of the places that begin nothing
FLATTENED = 2  # how often each document is read flattened as well
FOREIGN_BODIES = 2  # bodies from elsewhere that each heading is put before
LINE_BREAKS_LEFT = (0.0, 0.0, 0.3, 0.6)
# Picked on folds by document (authored + real): F1 of glued units for the first, right headings for the second.
CUT_THRESHOLD = 0.5
ENDING_THRESHOLD = -2.2


@dataclass(frozen=True, slots=True)
class _Text:
    """A text with the offsets at which its units begin."""

    text: str
    starts: list[int]
    weight: float


def _visible(document: LabelledDocument) -> list[Unit]:
    return [u for u in document.units if document.text[u.start : u.end].strip()]


def _begin(text: str, unit: Unit) -> int:
    piece = text[unit.start : unit.end]
    return unit.start + len(piece) - len(piece.lstrip())


def as_it_is(document: LabelledDocument) -> _Text:
    """The document as labelled."""
    return _Text(document.text, [_begin(document.text, u) for u in _visible(document)], 1.0)


def flattened(document: LabelledDocument, seed: int, turn: int) -> _Text:
    """The document with most of its line breaks gone."""
    rng = random.Random(f"{seed}:{turn}:{document.digest}")
    breaks = rng.choice(LINE_BREAKS_LEFT)
    text, starts = "", []
    for unit in _visible(document):
        piece = document.text[unit.start : unit.end]
        if text and rng.random() < (0.5 if unit.is_boilerplate else breaks):
            text += "\n"
        starts.append(len(text) + len(piece) - len(piece.lstrip()))
        text += piece
    return _Text(text, starts, 0.5 / FLATTENED)


def matrix(
    vocabulary: Vocabulary, places: Places, rows: Ints, crosses: Sequence[tuple[str, ...]], columns: dict[str, Ints]
) -> sparse.csr_matrix:
    """What the model sees of the rows: terms by role, then categories, (n_rows, n_terms · 4 + n_categories)."""
    where = np.full(len(places.stream), -1, np.int64)
    where[rows] = np.arange(len(rows))
    at, column = [], []
    for place, ids, role in ngram_places(vocabulary, places.stream):
        row = where[place]
        kept = row >= 0
        at.append(row[kept])
        column.append(ids[kept] * N_ROLES + role)
    base = len(vocabulary) * N_ROLES
    crossed = category_ids(crosses, columns, rows) + base
    at.append(np.repeat(np.arange(len(rows)), crossed.shape[1]))
    column.append(crossed.ravel())
    row_ids, column_ids = np.concatenate(at), np.concatenate(column)
    shape = (len(rows), base + n_categories(crosses))
    return sparse.csr_matrix((np.ones(len(row_ids), np.float32), (row_ids, column_ids)), shape=shape)


def _cut_rows(vocabulary: Vocabulary, text: _Text, rng: np.random.Generator) -> tuple[sparse.csr_matrix, Ints]:
    stream = to_stream(text.text)
    places = Places.of(stream)
    target = np.zeros(len(stream), bool)
    target[stream.index_of(text.starts)] = True
    rows = np.flatnonzero(stream.inside)
    rows = rows[target[rows] | (rng.random(len(rows)) < NEGATIVES_KEPT)]
    return matrix(vocabulary, places, rows, CUT_CROSSES, places.columns), target[rows].astype(np.int64)


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
        units = _visible(document)
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


def _ending_rows(
    vocabulary: Vocabulary, pieces: Sequence[_Piece]
) -> tuple[sparse.csr_matrix, Ints, NDArray[np.float64]]:
    offsets = np.cumsum([0] + [len(p.text) + 1 for p in pieces])
    stream = to_stream("\n".join(p.text.replace("\n", " ") for p in pieces))
    places = Places.of(stream)
    starts = stream.line_starts
    rows, piece, columns = places.ending_rows(starts, np.append(starts[1:], len(stream)))
    columns["cut_line"][rows] = np.array([p.cut for p in pieces])[piece]
    ends = [offsets[i] + p.end for i, p in enumerate(pieces) if p.end is not None]
    target = np.zeros(len(stream) + 1, np.int64)
    target[stream.index_of(ends)] = 1
    weights = np.array([p.weight for p in pieces])[piece]
    return matrix(vocabulary, places, rows, ENDING_CROSSES, columns), target[rows], weights


def _fit(X: sparse.csr_matrix, y: Ints, weights: NDArray[np.float64], *, n_terms: int, C: float) -> BoundaryWeights:
    model = LogisticRegression(C=C, solver="liblinear", tol=0.01, random_state=0).fit(X, y, sample_weight=weights)
    coefficients = model.coef_[0].astype(np.float32)
    split = n_terms * N_ROLES
    return BoundaryWeights(
        coefficients[:split].reshape(n_terms, N_ROLES), coefficients[split:], float(model.intercept_[0])
    )


def fit_boundaries(documents: Sequence[LabelledDocument], *, seed: int = 0) -> BoundaryModel:
    """The boundary models of whole documents; same bytes for same documents and seed."""
    documents = [d for d in documents if d.whole]
    lines = [("".join(line.split()), k) for k, d in enumerate(documents) for line in d.text.split("\n") if line.strip()]
    terms, _ = count_terms(
        [line for line, _ in lines], np.array([k for _, k in lines]), lengths=NGRAM_LENGTHS, min_documents=MIN_DOCUMENTS
    )
    vocabulary = Vocabulary.build(terms)
    rng = np.random.default_rng(seed)
    blocks, targets, weights = [], [], []
    for document in documents:
        for text in (as_it_is(document), *(flattened(document, seed, turn) for turn in range(FLATTENED))):
            X, y = _cut_rows(vocabulary, text, rng)
            blocks.append(X)
            targets.append(y)
            weights.append(np.where(y == 1, 1.0, 1 / NEGATIVES_KEPT) * text.weight)
    cut = _fit(
        sparse.vstack(blocks).tocsr(), np.concatenate(targets), np.concatenate(weights), n_terms=len(terms), C=0.3
    )
    pieces = _pieces(documents, seed)
    X, y, w = _ending_rows(vocabulary, pieces)
    ending = _fit(X, y, w, n_terms=len(terms), C=1.0)
    return BoundaryModel(vocabulary, cut, ending, CUT_THRESHOLD, ENDING_THRESHOLD)
