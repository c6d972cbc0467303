"""The first stage for labels of any number and rows of any kind: blocks of n-grams, one linear score a label.

The same counts and blocks as for documents, but few passages by themselves: label names are read as texts, unlabelled
passages say which n-grams keep like company, and a sentence embedding may stand beside them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import scipy.sparse as sparse
from numpy.typing import NDArray
from sklearn.decomposition import TruncatedSVD

from govtext.document import ROLES
from govtext.features.embeddings import DIMENSIONS, embed
from govtext.features.ngrams import Ints, count_terms
from govtext.features.passages import BLOCKS, Passage, block_texts
from govtext.features.vocabulary import Vocabulary
from govtext.scoring.network import Network
from govtext.scoring.scorer import Block
from govtext.training.losses import fit_score
from govtext.training.matrices import occurrences, smooth_idf, weighted
from govtext.training.networks import NEVER
from govtext.training.recipes import Recipe

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
N_OTHER = len(ROLES) + 1  # outputs behind the labels: roles and formulaic, which rows of labels say nothing of
# How many more rows, or documents of several rows, ask for one document more that an n-gram must be in. Rows by themselves
# begin with 1 (few short texts share little), documents with 2: authored reports, micro-F1 on others' rows with 1, 2, 3 and 4:
# 0.704, 0.726, 0.717, 0.712 from 15 documents; 0.800, 0.809, 0.807, 0.804 from 40.
ROWS_PER_DOCUMENT, DOCUMENTS_PER_DOCUMENT = 600, 100
MOST_MIN_DOCUMENTS = 7
# Of unlabelled rows: rows an n-gram must be in to have a direction, and how many directions there are.
COMMON_FROM, DIRECTIONS = 5, 100
FARTHEST = 1e4  # of a score; the network that hands scores on counts in units of a thousandth of it


@dataclass(frozen=True, slots=True, eq=False)
class Linear:
    """Blocks and intercept of all outputs: labels, then roles and formulaic, which are 0; weights of embeddings, if any."""

    blocks: tuple[Block, ...]
    intercept: Floats
    embedding: Floats | None = None

    @property
    def n_labels(self) -> int:
        """How many outputs are labels."""
        return len(self.intercept) - N_OTHER

    def scores(self, passages: Sequence[Passage]) -> Floats:
        """The labels' scores, (n, n_labels)."""
        texts = block_texts(passages)
        total = np.repeat(self.intercept[None, :], len(passages), axis=0)
        for block in self.blocks:
            total += block.scores(texts[block.name])
        if self.embedding is not None:
            total += np.einsum("nk,ko->no", embed([p.text for p in passages]), self.embedding)
        return total[:, : self.n_labels]

    def scaled(self, slope: Floats, offset: Floats) -> Linear:
        """The same with each label's score times a slope plus an offset, (n_labels,) both."""
        factor = np.append(slope, np.ones(N_OTHER))
        blocks = tuple(replace(b, steps=(b.steps * factor).astype(np.float32)) for b in self.blocks)
        embedding = None if self.embedding is None else _as_kept(self.embedding * factor)
        return Linear(blocks, self.intercept * factor + np.append(offset, np.zeros(N_OTHER)), embedding)


@dataclass(frozen=True, slots=True, eq=False)
class _Counted:
    """A block's vocabulary, its idf, and its rows times `scale`."""

    name: str
    vocabulary: Vocabulary
    idf: Floats
    matrix: sparse.csr_matrix
    scale: float


@dataclass(frozen=True, slots=True, eq=False)
class Counts:
    """What is known of texts before any label: the blocks' matrices side by side, names behind the passages.

    told       the labels whose names are rows
    smoothing  for each n-gram its direction (n_terms, n_directions), None without unlabelled texts
    embedding  of each row, (n_rows, DIMENSIONS), None without
    """

    blocks: tuple[_Counted, ...]
    X: sparse.csr_matrix
    told: Ints
    smoothing: Floats | None
    embedding: Floats | None


def count_rows(
    passages: Sequence[Passage],
    document: Ints,
    *,
    recipe: Recipe,
    words: Sequence[frozenset[str]] = (),
    names: Sequence[str] = (),
    unlabelled: Sequence[Passage] = (),
    seed: int,
) -> Counts:
    """The counts of passages and the number of each one's document.

    words       the longer words of each passage, as `long_words` gives them; none are looked for without
    names       of the labels, as people read them, "" for none
    unlabelled  passages of the same kind: they say how common an n-gram is, and which stand in like company
    """
    fewest = fewest_documents(document) if recipe.least_documents is None else None
    n_documents = len(np.unique(document))
    told = [k for k, name in enumerate(names) if name and recipe.names > 0]
    n = len(passages) + len(told)
    rows = [*passages, *(_named(names[k]) for k in told), *unlabelled]
    document = np.append(document, int(document.max(initial=-1)) + 1 + np.arange(len(rows) - len(passages)))
    words = [*words, *([frozenset[str]()] * (len(rows) - len(passages)))] if words else ()
    least = {b: recipe.fewest_documents(b, n_documents) if fewest is None else fewest for b in BLOCKS}
    if unlabelled:
        least = {block: max(fewest, 2) for block, fewest in least.items()}
    blocks = _matrices(rows, document, words, recipe, least)
    X = sparse.hstack([block.matrix for block in blocks]).tocsr()
    smoothing = _smoothing(X, n, recipe, seed) if unlabelled else None
    embedding = embed([row.text for row in rows[:n]]) if recipe.embedding else None
    return Counts(tuple(blocks), X[:n], np.array(told, np.int64), smoothing, embedding)


def fit_linear(counts: Counts, table: Bools, part: Ints, *, recipe: Recipe, weight: Floats, seed: int) -> Linear:
    """The linear scores of the passages numbered in `part`, with their labels, (n, n_labels), and weights, (n,)."""
    named = counts.X.shape[0] - len(counts.told) + np.arange(len(counts.told))
    rows = np.append(part, named)
    X = counts.X[rows]
    table = np.vstack([table[part], np.eye(table.shape[1], dtype=bool)[counts.told]])
    weight = np.append(weight[part], np.full(len(named), recipe.names))
    wide, mean = [X], np.zeros(DIMENSIONS)
    if counts.smoothing is not None:
        wide.append(X @ counts.smoothing)
    if counts.embedding is not None:
        # What all texts share says nothing, and is most of what an embedding holds.
        mean = counts.embedding[rows].mean(axis=0)
        size = np.linalg.norm(counts.embedding[rows] - mean, axis=1).mean()
        factor = recipe.embedding / max(float(size), 1e-9)
        wide.append((counts.embedding[rows] - mean) * factor)
    stacked = sparse.hstack([sparse.csr_matrix(each) for each in wide]).tocsr() if len(wide) > 1 else X
    coefficients, intercept = _fitted(stacked, table, weight, recipe, seed)
    own, embedding = coefficients[: X.shape[1]], None
    if counts.smoothing is not None:
        # What was learnt of the shared directions goes back to the n-grams: the model stays one weight a term.
        own = own + counts.smoothing @ coefficients[X.shape[1] :][: counts.smoothing.shape[1]]
    if counts.embedding is not None:
        embedding = _as_kept(coefficients[-DIMENSIONS:] * factor)
        intercept = intercept - mean @ embedding
    return _linear(counts.blocks, own, intercept, embedding, saturated=recipe.saturated)


def _as_kept(weights: Floats) -> Floats:
    """Rounded as a model file keeps them, so that saving changes nothing."""
    return weights.astype(np.float32).astype(np.float64)


def fewest_documents(document: Ints) -> int:
    """In how many documents an n-gram must stand, by the document of each row."""
    n_documents = len(np.unique(document))
    if 2 * n_documents > len(document):  # rows by themselves
        return min(MOST_MIN_DOCUMENTS, 1 + n_documents // ROWS_PER_DOCUMENT)
    return min(MOST_MIN_DOCUMENTS, 2 + n_documents // DOCUMENTS_PER_DOCUMENT)


def _matrices(
    rows: Sequence[Passage],
    document: Ints,
    words: Sequence[frozenset[str]],
    recipe: Recipe,
    least: Mapping[str, int],
) -> list[_Counted]:
    texts = block_texts(rows)
    counted = []
    for block in BLOCKS:
        scale = recipe.blocks.get(block, 0.0)
        vocabulary = Vocabulary.build([])
        if scale > 0 and any(texts[block]):
            said = words if block == "text" else ()
            vocabulary = _vocabulary(texts[block], said, document, recipe.lengths, least[block])
        counts = occurrences(vocabulary, texts[block])
        idf = smooth_idf(counts) ** recipe.idf_power
        matrix = weighted(counts, idf, saturated=recipe.saturated) * scale
        counted.append(_Counted(block, vocabulary, idf, matrix, scale))
    return counted


def _fitted(X: sparse.csr_matrix, table: Bools, weight: Floats, recipe: Recipe, seed: int) -> tuple[Floats, Floats]:
    """Coefficients (n_terms, n_outputs) and intercept of all outputs."""
    n_labels = table.shape[1]
    coefficients, intercept = np.zeros((X.shape[1], n_labels + N_OTHER)), np.zeros(n_labels + N_OTHER)
    for k, y in enumerate(table.T):
        coefficients[:, k], intercept[k] = fit_score(X, y, weight, recipe=recipe, kind="theme", seed=seed)
    return coefficients, intercept


def _linear(
    counted: Sequence[_Counted], coefficients: Floats, intercept: Floats, embedding: Floats | None, *, saturated: bool
) -> Linear:
    blocks, offset = [], 0
    for block in counted:
        size = len(block.vocabulary)
        fitted = coefficients[offset : offset + size] * block.idf[:, None] * block.scale
        blocks.append(Block.build(block.name, block.vocabulary, fitted, block.idf**2, saturated=saturated))
        offset += size
    return Linear(tuple(blocks), intercept, embedding)


def _smoothing(X: sparse.csr_matrix, n_labelled: int, recipe: Recipe, seed: int) -> Floats:
    """For each n-gram its direction among all rows, (n_terms, n_directions): those in like company point alike.

    Latent semantic analysis with every term's direction of length 1, so that rare terms are carried by common ones.
    """
    common = np.flatnonzero(np.bincount(X.indices, minlength=X.shape[1]) >= COMMON_FROM)
    directions = np.zeros((X.shape[1], min(DIRECTIONS, max(min(X.shape[0], len(common)) - 1, 1))))
    if len(common) > directions.shape[1]:
        found = TruncatedSVD(directions.shape[1], random_state=seed).fit(X[:, common]).components_.T
        directions[common] = found / np.maximum(np.linalg.norm(found, axis=1, keepdims=True), 1e-9)
    length = np.linalg.norm(X[:n_labelled] @ directions, axis=1).mean()
    return np.asarray(directions * (recipe.smoothing / max(float(length), 1e-9)), np.float64)


def _named(name: str) -> Passage:
    """The name of a label as a passage."""
    return Passage((0,), name, (), "", False, False, 0)


def _vocabulary(
    texts: Sequence[str], words: Sequence[frozenset[str]], document: Ints, lengths: tuple[int, int], fewest: int
) -> Vocabulary:
    """All n-grams and long words that stand in at least `fewest` documents."""
    terms, _ = count_terms(texts, document, lengths=lengths, min_documents=fewest)
    counts = Counter(
        word for word, _ in {(word, number) for said, number in zip(words, document.tolist()) for word in said}
    )
    return Vocabulary.build(sorted({*terms, *(word for word, n in counts.items() if n >= fewest)}))


def handing_on(n_inputs: int, n_outputs: int = 1) -> Network:
    """The network whose outputs are its first inputs, for a model without a second stage: relu(x) - relu(-x)."""
    both = np.eye(n_inputs, n_outputs)
    hidden = np.hstack([both, -both])
    output = np.vstack([np.eye(n_outputs), -np.eye(n_outputs)]) * (FARTHEST / 8)
    scale = np.full(n_inputs, FARTHEST / 8)
    return Network(np.zeros(n_inputs), scale, hidden, np.zeros(2 * n_outputs), output, np.zeros(n_outputs))


def no_role(n_inputs: int) -> Network:
    """The network that calls everything other, for a model that was told no roles."""
    offset = np.full(len(ROLES), NEVER)
    offset[ROLES.index("other")] = 0.0
    empty: NDArray[Any] = np.zeros((n_inputs, 1))
    return Network(np.zeros(n_inputs), np.ones(n_inputs), empty, np.zeros(1), np.zeros((1, len(ROLES))), offset)
