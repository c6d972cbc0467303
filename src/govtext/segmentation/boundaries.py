"""Where a line holds more than one unit: the models that find the cuts.

Two linear models of the same form come first. `cut` looks at every place inside a line: does a new unit begin here? `ending`
looks behind every possible start of a heading for its end where no punctuation closes it (一、抓组织发动一是建班子…). What they
see: n-grams of 1–4 characters that begin, end or straddle the place, and literal tables of crossed categories. A small
network, the judge, then decides on the likely places from both scores, the scores around, and the document's habits.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from govtext.features.vocabulary import Vocabulary
from govtext.scoring.network import Network
from govtext.segmentation.candidates import Doubles, Segments, candidates
from govtext.segmentation.lines import Ints, Stream
from govtext.segmentation.places import CUT_CROSSES, ENDING_CROSSES, LOW, Bools, Places, crossed

Floats = NDArray[np.float32]
# An n-gram at p of length n speaks for the place p (it begins there), p + n (it ends there) and those it straddles.
BEGINS, ENDS, STRADDLES_1, STRADDLES_2 = range(4)
N_ROLES = 4
# length → (offset of the place from the n-gram's start, role)
PLACES: dict[int, tuple[tuple[int, int], ...]] = {
    1: ((0, BEGINS), (1, ENDS)),
    2: ((0, BEGINS), (2, ENDS), (1, STRADDLES_1)),
    3: ((0, BEGINS), (3, ENDS), (1, STRADDLES_1), (2, STRADDLES_2)),
    4: ((0, BEGINS), (4, ENDS), (2, STRADDLES_2)),
}
NGRAM_LENGTHS = (1, 4)
# Of 100 places 88 begin a term of one character, 37 one of two, 12 of three, 5 of four: up to here to look up all places is
# faster than to pick those out.
COMMON = 2
NEAREST = 3  # characters between two cuts; no labelled unit inside a line is shorter


def ngram_places(vocabulary: Vocabulary, stream: Stream) -> Iterator[tuple[Ints, Ints, int]]:
    """For each length and role: the places spoken for (each once), the ids of the terms, and the role."""
    n = len(stream)
    for length, (positions, ids) in enumerate(vocabulary.matches(stream.codes), 1):
        for offset, role in PLACES.get(length, ()):
            places = positions + offset
            inside = places < n
            yield places[inside], ids[inside], role


@dataclass(frozen=True, slots=True, eq=False)
class BoundaryWeights:
    """One linear boundary model: weights of terms by role, (n_terms, 4), of categories, and the intercept."""

    terms: Floats
    categories: Floats
    intercept: float

    def __post_init__(self) -> None:
        if self.terms.shape[1] != N_ROLES:
            raise ValueError(f"term weights have {self.terms.shape[1]} columns, wanted {N_ROLES}")


@dataclass(frozen=True, slots=True, eq=False)
class LinearBoundaries:
    """The two linear models over one vocabulary."""

    vocabulary: Vocabulary
    cut: BoundaryWeights
    ending: BoundaryWeights
    _pairs: tuple[NDArray[np.complex64], ...] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        # One table a role, the weights of both models side by side as one number: a term is looked up and added once.
        # The last row is that of no term.
        pairs = np.zeros((N_ROLES, len(self.cut.terms) + 1), np.complex64)
        pairs.real[:, :-1], pairs.imag[:, :-1] = self.cut.terms.T, self.ending.terms.T
        object.__setattr__(self, "_pairs", tuple(pairs))

    def spoken(self, stream: Stream) -> tuple[Floats, Floats]:
        """What the n-grams say of each place to either model, (n,) each."""
        n, nothing = len(stream), len(self.vocabulary)
        sums = np.zeros(n, np.complex64)
        ids = np.empty(n, np.intp)
        for length, (positions, found) in enumerate(self.vocabulary.matches(stream.codes), 1):
            if length <= COMMON:
                ids.fill(nothing)
                ids[positions] = found
            for offset, role in PLACES.get(length, ()):
                if length <= COMMON:
                    sums[offset:] += self._pairs[role].take(ids[: n - offset])
                else:
                    sums[positions + offset] += self._pairs[role].take(found)
        return sums.real, sums.imag

    def candidates(self, stream: Stream) -> tuple[Ints, Doubles]:
        """The likely places of a stream, ascending, and what the judge sees of them, (n_candidates, n_features)."""
        places = Places.of(stream)
        spoken = self.spoken(stream)
        said = crossed(self.cut.categories, CUT_CROSSES, places.columns)
        cut = np.where(stream.inside, spoken[0] + said + self.cut.intercept, LOW).astype(np.float64)

        def segments(starts: Ints, cut_line: Bools) -> Segments:
            found = places.ending_rows(starts, cut_line)
            said = crossed(self.ending.categories, ENDING_CROSSES, found.columns)
            scores = spoken[1][found.rows] + said + self.ending.intercept
            return Segments.of_rows(places, starts, found, scores.astype(np.float64))

        return candidates(places, cut, segments)


@dataclass(frozen=True, slots=True, eq=False)
class BoundaryModel:
    """Cuts of a stream into pieces: linear scores of every place, then the judge's of the likely ones."""

    linear: LinearBoundaries
    judge: Network
    threshold: float

    @property
    def vocabulary(self) -> Vocabulary:
        """The terms of both linear models."""
        return self.linear.vocabulary

    def scored(self, stream: Stream) -> tuple[Ints, Doubles]:
        """The likely places of a stream, ascending, and the judge's score of each."""
        if not len(stream):
            return np.zeros(0, np.int64), np.zeros(0)
        at, numbers = self.linear.candidates(stream)
        return at, self.judge.scores(numbers)[:, 0]

    def cuts(self, stream: Stream) -> Ints:
        """Indices into the stream where a new piece begins within a line, ascending."""
        return apart(*self.scored(stream), self.threshold)


def apart(at: Ints, scores: Doubles, threshold: float) -> Ints:
    """Of the places scored above the threshold those with no better one nearer than `NEAREST` characters."""
    above = (scores > threshold).nonzero()[0]
    at, scores = at.take(above), scores.take(above)
    if not (at[1:] - at[:-1] < NEAREST).any():
        return at
    places, said = at.tolist(), scores.tolist()
    kept: list[int] = []
    for i, place in enumerate(places):
        if kept and place - places[kept[-1]] < NEAREST:
            if said[i] <= said[kept[-1]]:
                continue
            kept.pop()
        kept.append(i)
    return at.take(kept)
