"""A second look at the cuts: what the line model would say of the pieces on both sides, and of the two as one.

Whether a sentence begins behind 加强组织领导 or goes on is seen from its place alone only in part; that one side reads as a
heading and the other as a body is seen from the pieces. On folds it found a tenth of the errors within lines.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from govtext.boilerplate.context import CLASSES, Floats
from govtext.boilerplate.detector import LineModel
from govtext.boilerplate.lines import pieces_of
from govtext.features.ngrams import heads
from govtext.scoring.modelfile import Array
from govtext.scoring.network import Network, network_schema
from govtext.scoring.storage import Arrays
from govtext.segmentation.boundaries import BoundaryModel, apart
from govtext.segmentation.lines import Ints, Stream

# First scores of the places that are looked at again. Of 741 scraped places above the highest all stayed cuts, of 1,353
# between -3 and the lowest 11 became some; together these were 47 % of those above -3.
LOWEST, HIGHEST = -2.0, 3.0
FLOOR = 0.005  # added to probabilities before the logarithm
FARTHEST = 500  # characters, from where on distances are all the same
MOST = 2000  # places worth a second look; a text with more, as no report has, keeps its first cuts
NOWHERE = -9.0  # the score of the place before the first and behind the last
_NEIGHBOURS = (-2, -1, 1, 2)
N_NUMBERS = 2 * len(_NEIGHBOURS) + 6 + 3 * len(CLASSES) + 1

ARRAYS: dict[str, Array] = {"recuts.threshold": Array("float64", (1,)), **network_schema("recuts", N_NUMBERS, 1)}


@dataclass(frozen=True, slots=True, eq=False)
class CutJudge:
    """Decides where a report's lines are cut: `network` scores what `second_look` sees, a cut must score above `threshold`."""

    network: Network
    threshold: float

    @classmethod
    def from_arrays(cls, arrays: Arrays) -> CutJudge:
        """The judge whose arrays `CutJudge.arrays` gave."""
        return cls(Network.from_arrays("recuts", arrays), float(arrays["recuts.threshold"][0]))

    def arrays(self) -> dict[str, NDArray[Any]]:
        """All numbers by name, as `ARRAYS` wants them."""
        return {**self.network.arrays("recuts"), "recuts.threshold": np.array([self.threshold])}

    def cuts(self, stream: Stream, boundaries: BoundaryModel, lines: LineModel) -> Ints:
        """Indices into the stream where a new piece begins within a line, ascending."""
        at, scores = boundaries.scored(stream)
        crowded = np.bincount(stream.owner(at[scores > LOWEST]), minlength=len(stream.begins)) > MOST
        if not crowded.any():
            return self._looked_at(stream, at, scores, boundaries.threshold, lines)
        few = ~crowded.take(stream.owner(at))
        once = apart(at[~few], scores[~few], boundaries.threshold)
        twice = self._looked_at(stream, at[few], scores[few], boundaries.threshold, lines)
        return np.sort(np.concatenate((once, twice)))

    def _looked_at(self, stream: Stream, at: Ints, scores: Floats, threshold: float, lines: LineModel) -> Ints:
        doubted, numbers = second_look(stream, at, scores, lines, threshold)
        scores = np.where(scores > HIGHEST, scores, NOWHERE)
        if len(doubted):
            scores[at.searchsorted(doubted)] = self.network.scores(numbers)[:, 0]
        return apart(at, scores, self.threshold)


def second_look(stream: Stream, at: Ints, scores: Floats, lines: LineModel, threshold: float) -> tuple[Ints, Floats]:
    """The places that a second look is worth, ascending, and what the judge sees of each, (n_places, `N_NUMBERS`).

    A piece reaches to the next place that scores above `threshold`, or to the end of its line.
    """
    kept = scores > LOWEST
    doubted = (scores[kept] <= HIGHEST).nonzero()[0]
    if not len(doubted):
        return at[:0], np.zeros((0, N_NUMBERS))
    begun = np.zeros(len(stream) + 1, bool)
    begun[stream.line_starts] = begun[apart(at, scores, threshold)] = begun[-1] = True
    strong = begun.nonzero()[0]
    at, scores = at[kept], scores[kept]
    left = strong.take(strong.searchsorted(at) - 1)
    right = strong.take(strong.searchsorted(at, side="right"))
    rivals = _rivals(at, scores, left, right, stream.owner(at)).take(doubted, axis=0)
    at, left, right = at.take(doubted), left.take(doubted), right.take(doubted)
    logs = [
        np.log(probabilities + FLOOR)
        for probabilities in _pieces_read(stream, [(left, at), (at, right), (left, right)], lines)
    ]
    gained = logs[0].max(axis=1) + logs[1].max(axis=1) - logs[2].max(axis=1)
    return at, np.concatenate([rivals, *logs, gained[:, None]], axis=1)


def _pieces_read(stream: Stream, pairs: Sequence[tuple[Ints, Ints]], lines: LineModel) -> list[Floats]:
    """The first pass's probabilities of the pieces from … to …, (n_pieces, n_classes) for each pair."""
    n = len(stream)
    wanted = np.concatenate([begin * (n + 1) + end for begin, end in pairs])
    distinct, inverse = np.unique(wanted, return_inverse=True)
    begins, ends = np.divmod(distinct, n + 1)
    start, stop = stream.where - stream.gap, np.empty(n + 1, np.int64)
    stop[:-1] = start
    # A text's first piece has the blank lines above it, its last one all that is left.
    start[stream.begins] = stream.spans[:, 0]
    stop[[*stream.begins[1:].tolist(), n]] = stream.spans[:, 1]
    whole_line = np.zeros(n + 1, bool)
    whole_line[stream.line_starts] = whole_line[n] = True
    start, stop = stream.flat.at(start.take(begins)), stream.flat.at(stop.take(ends))
    read = pieces_of(stream.flat, start, stop, ~whole_line.take(begins), ~whole_line.take(ends))
    return np.split(lines.first_pass(read)[0].take(inverse, axis=0), len(pairs))


def _rivals(at: Ints, scores: Floats, left: Ints, right: Ints, owner: Ints) -> Floats:
    """The scores of a place and of those around it in its text, and how the places of one stretch share the odds."""
    n, k = len(at), len(_NEIGHBOURS)
    seen = np.full((2 * k + 6, n), np.log1p(FARTHEST))
    seen[:k] = NOWHERE
    for row, offset in enumerate(_NEIGHBOURS):
        if offset < n and -offset < n:
            here, there = slice(max(-offset, 0), n - max(offset, 0)), slice(max(offset, 0), n - max(-offset, 0))
            same = owner[here] == owner[there]
            seen[row, here] = np.where(same, scores[there], NOWHERE)
            seen[k + row, here] = np.where(same, _log(np.abs(at[there] - at[here])), seen[k + row, here])
    first = heads(left)
    sizes = np.concatenate((first[1:], [n])) - first
    stretch = np.arange(len(first)).repeat(sizes)
    odds = 1 / (1 + np.exp(-scores))
    rest = (
        np.bincount(stretch, odds).take(stretch) - odds, np.maximum.reduceat(scores, first).take(stretch) - scores,
        _log(sizes).take(stretch), _log(at - left), _log(right - at), scores,
    )  # fmt: skip
    for row, numbers in enumerate(rest, 2 * k):
        seen[row] = numbers
    return seen.T


def _log(values: Ints) -> Floats:
    return np.log1p(np.minimum(values, FARTHEST))
