"""Which lines of a whole web page are its main text: a pass over each line, a pass with what the first says around it.

Another model than the one for lines of a report, on purpose: a page of a site is 150 lines of which 10 count, its title
names them, and two classes are all there is; a report is mostly text, and its junk has kinds.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from govtext.boilerplate.weblines import (
    Floats,
    LineHint,
    WebPage,
    best_block,
    block_columns,
    n_page_features,
    shifted,
    signed_log,
    strings,
    sums_by,
    to_neighbours,
    to_page,
)
from govtext.scoring.network import Network
from govtext.scoring.storage import Arrays

MAIN_FROM = 0.5  # probability from which a line counts as main text
REACH = 5  # lines on each side whose first verdicts are seen one by one
WINDOWS = (2, 5, 10, 20)  # lines on each side whose first verdicts are seen summed up
FARTHEST_SCORE = 6.0  # log odds; surer than that is as sure
BLOCK_AT = (0.2, 0.5)  # probabilities above which a line speaks for the block of main text
VALLEY_AT = 0.3  # the same for the block to which the junk between is counted
_PASSES = ("first", "second")


@dataclass(frozen=True, slots=True, eq=False)
class MainTextModel:
    """The two passes; both fitted with hints or both without."""

    first: Network
    second: Network

    @property
    def hinted(self) -> bool:
        """Whether the model wants hints."""
        return len(self.first.mean) == n_page_features(hinted=True)

    def probabilities(self, lines: Sequence[str], hints: Sequence[LineHint] | None = None) -> Floats:
        """For each line of one page, in order and the title element first, how likely it is main text.

        A model fitted without hints ignores them.

        Raises:
            ValueError: hints are missing that the model was fitted with, or not as many as lines.
        """
        hinted = self.hinted
        if hinted and hints is None:
            raise ValueError("this model was fitted with hints; give one LineHint a line, or take a model without")
        page = to_page(lines, hints if hinted else None)
        return self.of_page(page) if lines else np.zeros(0)

    def of_page(self, page: WebPage) -> Floats:
        """The same for a page made with hints where the model wants them."""
        return logistic(self.second.scores(around_features(page, first_pass(self.first, page)))[:, 0])

    def arrays(self, prefix: str) -> dict[str, NDArray[Any]]:
        """The numbers by name, as `govtext.boilerplate.pagehints.ARRAYS` wants those of a model with hints."""
        return {**self.first.arrays(f"{prefix}.first"), **self.second.arrays(f"{prefix}.second")}

    @classmethod
    def from_arrays(cls, prefix: str, arrays: Arrays) -> MainTextModel:
        """The model that `arrays` stored."""
        return cls(*(Network.from_arrays(f"{prefix}.{name}", arrays) for name in _PASSES))


def first_pass(network: Network, page: WebPage) -> Floats:
    """How likely each line is main text, by itself and its place."""
    return logistic(network.scores(page.features)[:, 0])


def logistic(scores: Floats) -> Floats:
    """The probabilities that the log odds mean."""
    return np.asarray(1.0 / (1.0 + np.exp(-scores)), np.float64)


def n_around_features(*, hinted: bool) -> int:
    """How many numbers the second pass sees of a line."""
    hints = [LineHint("p", 0.0, 1, 0, 0)] if hinted else None
    return int(around_features(to_page(["-"], hints), np.zeros(1)).shape[1])


def around_features(page: WebPage, probabilities: Floats) -> Floats:
    """The second pass's input, (n_lines, n_features): the first pass's verdicts around each line, and its features."""
    n = len(probabilities)
    odds = np.log((probabilities + 1e-3) / (1 - probabilities + 1e-3)).clip(-FARTHEST_SCORE, FARTHEST_SCORE)
    sums = np.cumsum(probabilities)
    columns = [shifted(odds, offset) for offset in range(-REACH, REACH + 1)]
    columns += _windows(probabilities, page.lengths)
    columns += [np.log1p(sums - probabilities), np.log1p(sums[-1] - sums), (sums - probabilities) / max(sums[-1], 1e-3)]
    columns += [np.full(n, np.log1p(sums[-1])), np.full(n, probabilities.max())]
    columns += [column for at in BLOCK_AT for column in block_columns(probabilities - at).T]
    before, behind = to_neighbours(probabilities > MAIN_FROM)
    between = (np.maximum.accumulate(probabilities) > MAIN_FROM) & (
        np.maximum.accumulate(probabilities[::-1])[::-1] > MAIN_FROM
    )
    columns += [
        signed_log(before),
        signed_log(behind),
        between.astype(np.float64),
        _valley(probabilities),
        _told(page, probabilities),
    ]
    if page.hints is not None:
        for numbers in ([hint.block for hint in page.hints], [hint.container for hint in page.hints]):
            keys = np.array(numbers, np.int64)
            others = np.maximum(sums_by(keys, np.ones(n)) - 1, 1)
            held = sums_by(keys, probabilities * page.lengths)
            columns += [(sums_by(keys, probabilities) - probabilities) / others, held / max(held.max(), 1e-9)]
    return np.hstack([np.stack(columns, axis=1).astype(np.float64), page.features])


def _windows(probabilities: Floats, lengths: Floats) -> list[Floats]:
    """Sums of the verdicts, and of the characters they speak for, in windows before and behind each line."""
    n, place = len(probabilities), np.arange(len(probabilities))
    lines = np.concatenate(([0.0], np.cumsum(probabilities)))
    characters = np.concatenate(([0.0], np.cumsum(probabilities * lengths)))
    columns = []
    for width in WINDOWS:
        low, high = np.maximum(place - width, 0), np.minimum(place + 1 + width, n)
        for first, last in ((low, place), (place + 1, high)):
            columns += [(lines[last] - lines[first]) / width]
            columns += [np.log1p(np.maximum(characters[last] - characters[first], 0))]
    return columns


def _valley(probabilities: Floats) -> Floats:
    """How much junk lies between each line and the block of main text."""
    place = np.arange(len(probabilities))
    junk = np.concatenate(([0.0], np.cumsum(1 - probabilities)))
    first, last = best_block(probabilities - VALLEY_AT)
    before, behind = junk[first] - junk[place + 1], junk[place] - junk[last + 1]
    return np.log1p(np.maximum(np.where(place < first, before, np.where(place > last, behind, 0.0)), 0))


def _told(page: WebPage, probabilities: Floats) -> Floats:
    """Share of each line's pairs of characters that stand in other lines taken for main text."""
    pairs = [strings(text, 2) for text in page.texts]
    taken = probabilities > MAIN_FROM
    counts = Counter(pair for own, is_taken in zip(pairs, taken) if is_taken for pair in own)
    return np.array([sum(counts[pair] > is_taken for pair in own) / len(own) for own, is_taken in zip(pairs, taken)])
