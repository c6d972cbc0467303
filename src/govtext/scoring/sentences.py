"""A theme's course through a passage: its scores in the single sentences, summed up."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from govtext.features.passages import Passage
from govtext.scoring.neighbours import MISSING
from govtext.scoring.scorer import Block

Floats = NDArray[np.float64]
PROFILE = ("best", "second", "first", "last", "mean_positive", "mean", "share_leading", "log_sentences")


def sentence_profile(block: Block, passages: Sequence[Passage], n_themes: int) -> Floats:
    """For each of `PROFILE` a number by passage and theme, (n_profile, n_passages, n_themes).

    Each sentence is scored by itself, with the weights of the passages' own words.
    """
    sentences = [passage.sentences for passage in passages]
    counts = np.array([len(cut) for cut in sentences])
    starts = np.cumsum(counts) - counts
    scores = block.scores([sentence for cut in sentences for sentence in cut])[:, :n_themes]
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
