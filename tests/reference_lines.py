"""The linear models of lines and of cuts in plain scikit-learn and loops: what their fast sums are held against.

What a line or a place looks like comes from `plain_lines` and, for the categories of places, from govtext itself: here it is
only looked up and added.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from govtext.features.ngrams import normalise
from govtext.segmentation.markers import FAMILIES
from plain_lines import to_line
from reference_model import Arrays, Floats, block_scores, counter_of, terms_of

# Length of an n-gram → of each place it speaks for: how far from its start that is, and the column of weights it speaks by.
SPEAKS = {
    1: ((0, 0), (1, 1)),
    2: ((0, 0), (2, 1), (1, 2)),
    3: ((0, 0), (3, 1), (1, 2), (2, 3)),
    4: ((0, 0), (4, 1), (2, 3)),
}


def line_scores(arrays: Arrays, pieces: Sequence[str]) -> Floats:
    """The scores of lines by themselves, (n_lines, n_classes)."""
    lines = [to_line(piece) for piece in pieces]
    counter = counter_of("lines", arrays)
    ends = {"head": [line.head for line in lines], "tail": [line.tail for line in lines]}
    words = sum(block_scores(f"lines.{name}", arrays, counter, texts) for name, texts in ends.items())
    cues = [[*line.shape, *(line.family == family for family in FAMILIES), *line.hits] for line in lines]
    return np.asarray(words + np.array(cues, float) @ arrays["lines.dense"] + arrays["lines.intercept"])


def spoken(arrays: Arrays, part: str, text: str) -> list[float]:
    """What the n-grams say of each place of a text without wraps: its characters but white space, and the ends of its lines."""
    weights = arrays[f"boundaries.{part}.weights"].astype(float) * arrays[f"boundaries.{part}.steps"]
    by_term = dict(zip(terms_of("boundaries", arrays), weights.tolist(), strict=True))
    said: list[float] = []
    for line in text.split("\n"):
        characters = normalise(line).replace(" ", "")
        of_line = [0.0] * (len(characters) + 1)
        for start in range(len(characters)):
            for length, places in SPEAKS.items():
                term = characters[start : start + length]
                if len(term) == length and term in by_term:
                    for offset, column in places:
                        of_line[start + offset] += by_term[term][column]
        said += of_line if characters else []
    return said


def crossed(
    arrays: Arrays,
    part: str,
    columns: Mapping[str, NDArray[np.integer]],
    *,
    crosses: Sequence[Sequence[str]],
    sizes: Mapping[str, int],
) -> list[float]:
    """What the categories of each row say: one weight of each cross, numbered like the digits of a number."""
    weights = (arrays[f"boundaries.{part}.categories"][:, 0] * arrays[f"boundaries.{part}.category_step"]).tolist()
    said = []
    for row in range(len(columns[crosses[0][0]])):
        total, first = 0.0, 0
        for cross in crosses:
            shape = [sizes[name] for name in cross]
            total += weights[first + int(np.ravel_multi_index([columns[name][row] for name in cross], shape))]
            first += int(np.prod(shape))
        said.append(total)
    return said
