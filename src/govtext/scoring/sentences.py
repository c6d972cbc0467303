"""A theme's course through a passage: its scores in the single sentences, summed up."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from govtext.features.ngrams import SENTINEL, Codes, Distinct, join
from govtext.features.passages import SHORTEST_SENTENCE, sentence_starts
from govtext.scoring.neighbours import MISSING
from govtext.scoring.scorer import Block

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
PROFILE = ("best", "second", "first", "last", "mean_positive", "mean", "share_leading", "log_sentences")


def sentence_scores(block: Block, texts: Sequence[str]) -> tuple[Floats, Floats, Ints]:
    """What a block adds to the scores of passages, (n_passages, n_outputs), and of their sentences, (n_sentences, n_outputs).

    And the number of sentences of each passage. The sentences of a passage make up its text, so each character is walked
    once: a passage's sums are those of its sentences and of the terms across their edges.
    """
    joined = join(texts)
    starts = sentence_starts(joined)
    first = np.searchsorted(starts, joined.starts)  # sentence of each passage
    counts = np.append(first[1:], len(starts)) - first
    inner = np.delete(starts, first)  # where a sentence goes on from one of its passage
    # A sentinel before each of those: sentence i begins i - its passage's number places further on.
    shift = np.arange(len(starts)) - np.repeat(np.arange(len(texts)), counts)
    sentences = Codes(np.insert(joined.codes, inner, SENTINEL), starts + shift)
    reach = block.vocabulary.longest - 1
    if block.saturated or reach > SHORTEST_SENTENCE:  # terms over a whole sentence
        return (
            block.scores(Distinct(joined, np.arange(len(texts)))),
            block.scores(Distinct(sentences, np.arange(len(starts)))),
            counts,
        )
    numbers, squares = block.sums(sentences)
    total, squared = np.add.reduceat(numbers, first), np.add.reduceat(squares, first)
    if reach and len(inner):
        around = joined.codes[inner[:, None] + np.arange(-reach, reach)]
        # What crosses an edge: all terms around it but those before it and those behind it.
        halves = np.full((2 * len(inner), 2 * reach), SENTINEL, np.int32)
        halves[: len(inner), :reach], halves[len(inner) :, :reach] = around[:, :reach], around[:, reach:]
        found = [np.split(sums, 3) for sums in block.sums(_rows(np.concatenate([around, halves])))]
        across, across_squares = (whole - before - behind for whole, before, behind in found)
        owner = np.searchsorted(joined.starts, inner, side="right") - 1
        np.add.at(total, owner, across)
        np.add.at(squared, owner, across_squares)
    return block.scored(total, squared), block.scored(numbers, squares), counts


def _rows(codes: NDArray[np.int32]) -> Codes:
    """Texts of one length, a row each."""
    n, length = codes.shape
    rows = np.full((n, length + 1), SENTINEL, np.int32)
    rows[:, :-1] = codes
    return Codes(rows.ravel(), np.arange(n, dtype=np.int64) * (length + 1))


def sentence_profile(scores: Floats, counts: Ints) -> Floats:
    """For each of `PROFILE` a number by passage and theme, (n_profile, n_passages, n_themes).

    `scores` are those of the single sentences, (n_sentences, n_themes); each passage has `counts` of them.
    """
    starts = np.cumsum(counts) - counts
    best = np.maximum.reduceat(scores, starts)
    at_best = scores >= np.repeat(best, counts, axis=0)
    second = np.maximum.reduceat(np.where(at_best, -np.inf, scores), starts)
    leading = (scores >= scores.max(axis=1, keepdims=True)) & (scores > 0)
    each = counts[:, None]
    return np.stack(
        [
            best,
            np.where(np.isfinite(second), second, MISSING),
            scores[starts],
            scores[starts + counts - 1],
            np.add.reduceat(np.maximum(scores, 0), starts) / each,
            np.add.reduceat(scores, starts) / each,
            np.add.reduceat(leading.astype(np.float64), starts) / each,
            np.log1p(each) + np.zeros_like(best),
        ]
    )
