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
        if np.count_nonzero(scores > LOWEST) > MOST:
            return apart(at, scores, boundaries.threshold)
        doubted, numbers = second_look(stream, at, scores, lines, boundaries.threshold)
        scores = np.where(scores > HIGHEST, scores, NOWHERE)
        if len(doubted):
            scores[np.searchsorted(at, doubted)] = self.network.scores(numbers)[:, 0]
        return apart(at, scores, self.threshold)


def second_look(stream: Stream, at: Ints, scores: Floats, lines: LineModel, threshold: float) -> tuple[Ints, Floats]:
    """The places that a second look is worth, ascending, and what the judge sees of each, (n_places, `N_NUMBERS`).

    A piece reaches to the next place that scores above `threshold`, or to the end of its line.
    """
    strong = np.sort(np.concatenate([stream.line_starts, apart(at, scores, threshold)]))
    kept = scores > LOWEST
    at, scores = at[kept], scores[kept]
    doubted = scores <= HIGHEST
    if not doubted.any():
        return at[:0], np.zeros((0, N_NUMBERS))
    left = strong[np.searchsorted(strong, at, side="left") - 1]
    right = np.append(strong, len(stream))[np.searchsorted(strong, at, side="right")]
    rivals = _rivals(at, scores, left, right)[doubted]
    at, left, right = at[doubted], left[doubted], right[doubted]
    logs = [
        np.log(probabilities + FLOOR)
        for probabilities in _pieces_read(stream, [(left, at), (at, right), (left, right)], lines)
    ]
    gained = logs[0].max(axis=1) + logs[1].max(axis=1) - logs[2].max(axis=1)
    return at, np.column_stack([rivals, *logs, gained])


def _pieces_read(stream: Stream, pairs: Sequence[tuple[Ints, Ints]], lines: LineModel) -> list[Floats]:
    """The first pass's probabilities of the pieces from … to …, (n_pieces, n_classes) for each pair."""
    n = len(stream)
    wanted = np.concatenate([begin * (n + 1) + end for begin, end in pairs])
    distinct, inverse = np.unique(wanted, return_inverse=True)
    begins, ends = np.divmod(distinct, n + 1)
    edges = np.append(stream.where - stream.gap, len(stream.text))
    edges[0] = 0
    whole_line = np.zeros(n + 1, bool)
    whole_line[stream.line_starts] = whole_line[n] = True
    at = stream.flat.at(edges)
    read = pieces_of(stream.flat, at[begins], at[ends], ~whole_line[begins], ~whole_line[ends])
    return np.split(lines.first_pass(read)[0][inverse], len(pairs))


def _rivals(at: Ints, scores: Floats, left: Ints, right: Ints) -> Floats:
    """The scores of a place and of those around it, and how the places of one stretch share the odds."""
    n, k = len(at), len(_NEIGHBOURS)
    near = np.full((n, 2 * k), np.log1p(FARTHEST))
    near[:, :k] = NOWHERE
    for column, offset in enumerate(_NEIGHBOURS):
        here = np.arange(max(-offset, 0), min(n - offset, n))
        near[here, column] = scores[here + offset]
        near[here, k + column] = _log(np.abs(at[here + offset] - at[here]))
    _, stretch = np.unique(left, return_inverse=True)
    odds = 1 / (1 + np.exp(-scores))
    total = np.bincount(stretch, odds)[stretch]
    best = np.full(int(stretch[-1]) + 1, -np.inf)
    np.maximum.at(best, stretch, scores)
    rest = np.column_stack(
        [
            total - odds,
            best[stretch] - scores,
            _log(np.bincount(stretch)[stretch]),
            _log(at - left),
            _log(right - at),
            scores,
        ]
    )
    return np.hstack([near, rest])


def _log(values: Ints) -> Floats:
    return np.log1p(np.minimum(values, FARTHEST))
