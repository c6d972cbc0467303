"""The sparse matrices that models are fitted on, counted by the same walk that scores later."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import scipy.sparse as sparse
from numpy.typing import NDArray

from govtext.features.ngrams import join
from govtext.features.vocabulary import Vocabulary
from govtext.scoring.scorer import SATURATION_STEPS, Block, rows, saturation

Floats = NDArray[np.float64]


def occurrences(vocabulary: Vocabulary, texts: Sequence[str]) -> sparse.csr_matrix:
    """How often each term occurs in each text, (n_texts, n_terms)."""
    indptr, ids = rows(vocabulary, join(texts))
    counts = sparse.csr_matrix(
        (np.ones(len(ids), np.float64), ids, indptr), shape=(len(texts), len(vocabulary)), copy=False
    )
    counts.sum_duplicates()
    return counts


def smooth_idf(counts: sparse.csr_matrix) -> Floats:
    """ln((1 + n) / (1 + df)) + 1 of each term, the form scikit-learn uses; (n_terms,)."""
    document_frequency = np.bincount(counts.indices, minlength=counts.shape[1])
    return np.asarray(np.log((1 + counts.shape[0]) / (1 + document_frequency)) + 1)


def weighted(counts: sparse.csr_matrix, idf: Floats, *, saturated: bool = False) -> sparse.csr_matrix:
    """Counts · idf, each row divided by √Σ idf² over its occurrences: what `Block.scores` multiplies with the weights.

    Where `saturated`, counts are 1 + ln c, and each row is of length 1.
    """
    if saturated:
        counts = counts.copy()
        counts.data = saturation(counts.data) / SATURATION_STEPS
        squares = counts.power(2) @ (idf**2)
        return sparse.csr_matrix(sparse.diags(1 / np.sqrt(np.maximum(squares, 1e-12))) @ counts @ sparse.diags(idf))
    squares = counts @ (idf**2)
    return sparse.csr_matrix(sparse.diags(1 / np.sqrt(np.maximum(squares, 1e-12))) @ counts @ sparse.diags(idf))


def fitted_block(name: str, vocabulary: Vocabulary, coefficients: NDArray[Any], idf: Floats, *, scale: float) -> Block:
    """The scoring block of coefficients (n_outputs, n_terms) fitted on scale · `weighted`."""
    return Block.build(name, vocabulary, (coefficients * idf).T, idf**2, scale=scale)
