"""Which characters spoke for a label and which against: every n-gram's weight spread over the characters it covers.

What is given out adds up to the score: characters of the text, of each heading above, of the title, and the rest, which is the
intercept, what covers the joints between headings, and what the second stage made of the rows around.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from govtext.estimators.inputs import Label
from govtext.features.ngrams import Ints
from govtext.features.origins import places
from govtext.features.passages import PATH_JOINT, Passage
from govtext.scoring.reasons import character_shares
from govtext.scoring.scorer import Block
from govtext.training.thememodel import ThemeModel

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Explanation:
    """Why a row has a score for a label: text, headings and title character by character, in the row's own characters.

    score         the log-odds of the label (for one label a row: before the other labels are set against it)
    probability   as `predict_proba` gives it
    text, title   (n_characters,); headings one array each
    rest          so that all together add up to the score
    """

    label: Label
    score: float
    probability: float
    text: Floats
    headings: tuple[Floats, ...]
    title: Floats
    rest: float

    def strongest(self, text: str, n: int = 5) -> list[tuple[str, float]]:
        """The `n` stretches of the row's text with most weight for (above 0) or against the label, each with its sum."""
        sign = np.sign(self.text)
        edges = [0, *(np.flatnonzero(np.diff(sign)) + 1).tolist(), len(text)]
        runs = [(text[a:b], float(self.text[a:b].sum())) for a, b in zip(edges, edges[1:]) if a < b]
        return sorted((run for run in runs if run[1]), key=lambda run: (-abs(run[1]), run[0]))[:n]


def explain_row(
    model: ThemeModel,
    passage: Passage,
    *,
    text: str,
    headings: Sequence[str],
    title: str,
    label: Label,
    column: int,
    score: float,
    probability: float,
) -> Explanation:
    """The explanation of one label's score; `text`, `headings` and `title` are the row's as they were given."""
    blocks = {block.name: block for block in model.judge.blocks}
    own, above, name = (np.zeros(len(part)) for part in (text, passage.path, title))
    for kind in ("text", "opening"):
        said = getattr(passage, kind)
        np.add.at(own, _places(said, text), _shares(blocks[kind], said, column))
    above += _shares(blocks["path"], passage.path, column)
    np.add.at(name, _places(passage.title, title), _shares(blocks["title"], passage.title, column))
    of_headings, position = [], 0
    for given, shown in zip(headings, passage.headings, strict=True):
        weights = np.zeros(len(given))
        np.add.at(weights, _places(shown, given), above[position : position + len(shown)])
        of_headings.append(weights)
        position += len(shown) + len(PATH_JOINT)
    told = float(own.sum() + name.sum() + sum(weights.sum() for weights in of_headings))
    return Explanation(label, score, probability, own, tuple(of_headings), name, score - told)


def _places(folded: str, text: str) -> Ints:
    return places(folded, text, [(0, len(text))])


def _shares(block: Block, text: str, column: int) -> Floats:
    return character_shares(block, text, column + 1)[:, column]
