"""A theme's course through a passage: its scores in the single sentences, summed up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from govtext.features.ngrams import SENTINEL, Codes, Distinct, heads, join
from govtext.features.passages import SHORTEST_SENTENCE, sentence_starts
from govtext.scoring.neighbours import MISSING
from govtext.scoring.scorer import Block, sums

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
FAR = 127  # characters; what no term reaches
PROFILE = ("best", "second", "first", "last", "mean_positive", "mean", "share_leading", "log_sentences")


def sentence_scores(block: Block, texts: Sequence[str]) -> tuple[Floats, Floats, Ints]:
    """What a block adds to the scores of passages, (n_passages, n_outputs), and of their sentences, (n_sentences, n_outputs).

    And the number of sentences of each passage. The sentences of a passage make up its text, so each character is walked
    once: a passage's sums are those of its sentences and of the terms across their edges.
    """
    joined = join(texts)
    starts = sentence_starts(joined)
    first = starts.searchsorted(joined.starts)  # sentence of each passage
    counts = np.concatenate((first[1:], [len(starts)])) - first
    inner = np.delete(starts, first)  # where a sentence goes on from one of its passage
    if block.saturated or block.vocabulary.longest > SHORTEST_SENTENCE:  # terms over a whole sentence
        # A sentinel before each of those: sentence i begins i - its passage's number places further on.
        shift = np.arange(len(starts)) - np.arange(len(texts)).repeat(counts)
        sentences = Codes(np.insert(joined.codes, inner, SENTINEL), starts + shift)
        return (
            block.scores(Distinct(joined, np.arange(len(texts)))),
            block.scores(Distinct(sentences, np.arange(len(starts)))),
            counts,
        )
    across = _Across.of(joined, inner, block.vocabulary.longest)
    sentences = Codes(joined.codes, starts)
    numbers, squares = sums(block.vocabulary, sentences, block.weights, across.taken_out)
    total, squared = np.add.reduceat(numbers, first), np.add.reduceat(squares, first)
    across.add(block, total, squared)
    return block.scored(total, squared), block.scored(numbers, squares), counts


@dataclass(frozen=True, slots=True, eq=False)
class _Across:
    """Terms across the edges of sentences, which are their passages' but no sentence's.

    room   characters from each place to the next edge in its passage, `FAR` where that is further than any term reaches
    found  where such terms begin, and their ids
    """

    joined: Codes
    room: NDArray[np.int8]
    found: list[tuple[Ints, Ints]]

    @classmethod
    def of(cls, joined: Codes, inner: Ints, longest: int) -> _Across:
        """None found yet; `inner` are the edges, `longest` is the characters of the longest term."""
        room = np.full(len(joined.codes), FAR, np.int8)
        for k in range(1, longest):
            room[inner - k] = k
        return cls(joined, room, [])

    def taken_out(self, length: int, positions: Ints, ids: Ints) -> tuple[Ints, Ints]:
        """The terms of a length that are inside sentences; the others are kept here."""
        is_within = self.room.take(positions) >= length
        if is_within.all():
            return positions, ids
        across, within = (~is_within).nonzero()[0], is_within.nonzero()[0]
        self.found.append((positions.take(across), ids.take(across)))
        return positions.take(within), ids.take(within)

    def add(self, block: Block, numbers: Ints, squares: Ints) -> None:
        """Adds what was found to the sums of the passages."""
        if not self.found:
            return
        positions, ids = (np.concatenate(pieces) for pieces in zip(*self.found))
        owners = self.joined.starts.searchsorted(positions, side="right") - 1
        order = owners.argsort(kind="stable")
        owners, ids = owners.take(order), ids.take(order)
        begins = heads(owners)
        of = owners.take(begins)
        for totals, weights in ((numbers, block.weights.numbers), (squares, block.weights.squares)):
            totals[of] += np.add.reduceat(weights.take(ids, axis=0), begins, axis=0, dtype=np.int64)


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
