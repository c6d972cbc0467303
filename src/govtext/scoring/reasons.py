"""The theme model's own sums, taken apart: what each character adds to the first stage, each input to the second.

Nothing is decided here, and the sums are those that `Judge` computes; tests hold them equal.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from govtext.document import ROLES
from govtext.features.cues import CUES, cue_rows
from govtext.features.embeddings import embed
from govtext.features.ngrams import join
from govtext.features.origins import NOWHERE, Origins
from govtext.features.passages import BLOCKS, PATH_JOINT, Passage
from govtext.features.words import Words
from govtext.reasons import Spoken, Term
from govtext.scoring.judge import FirstStage, Judge, first_stage, theme_inputs
from govtext.scoring.neighbours import AROUND, Neighbours
from govtext.scoring.network import FARTHEST, Network
from govtext.scoring.scorer import SATURATION_STEPS, Block, dequantize, saturation
from govtext.scoring.sentences import PROFILE

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

USUAL = "usual"  # what the network says of the mean over all passages and themes
# What a reader is told of each neighbour.
_OF_NEIGHBOUR: Mapping[str, str] = {
    "before": "passages beside",
    "behind": "passages beside",
    "before_2": "passages beside",
    "behind_2": "passages beside",
    "heading": "heading's score",
    "section": "section",
    "document": "document",
    "document_best": "document",
}
# The groups of `theme_inputs`, column by column; a test moves each and sees that no other does.
INPUTS: tuple[str, ...] = (
    "own words", "rival themes", "rival themes", "own words",
    *("own words",) * len(BLOCKS),
    *("sentences",) * len(PROFILE),
    *(_OF_NEIGHBOUR[name] for name in AROUND),
    *("shape and place",) * len(CUES),
    *(_OF_NEIGHBOUR[name] for name in ("before", "section", "document", "heading")),  # `Neighbours.missing`
    *("role",) * (1 + len(ROLES)),
    "rival themes",
    *(_OF_NEIGHBOUR[name] for name in ("document", "section", "heading", "before", "behind")),  # best of any theme
)  # fmt: skip
GROUPS = tuple(dict.fromkeys(INPUTS))


def character_shares(block: Block, text: str, n_outputs: int) -> Floats:
    """What each character adds to the first outputs of `Block.scores`, (n_characters, n_outputs).

    Each occurrence of a term gives its characters equal shares of its weight.
    """
    shares = np.zeros((len(text), n_outputs))
    if not text or not len(block.vocabulary):
        return shares
    # Terms of one length come together.
    found = [(starts, ids) for starts, ids in block.vocabulary.matches(join([text]).codes, len(text)) if len(ids)]
    counts = np.bincount(np.concatenate([ids for _, ids in found])) if found and block.saturated else None
    squares: float = 0
    for starts, ids in found:
        length = len(block.vocabulary.terms[int(ids[0])])
        weights = dequantize(block.weights.numbers[ids, :n_outputs], block.steps[:n_outputs]) / length
        square = block.weights.squares[ids].astype(np.int64)
        if counts is None:
            squares += int(square.sum())
        else:  # each occurrence has its share of what the term counts
            counted = saturation(counts[ids]) / SATURATION_STEPS
            weights *= (counted / counts[ids])[:, None]
            squares += float((square * counted**2 / counts[ids]).sum())
        for k in range(length):
            shares[starts + k] += weights
    scaled: Floats = shares * (block.scale / np.sqrt(max(squares, 1) * block.square_step))
    return scaled


def input_shares(network: Network, inputs: Floats) -> tuple[float, Floats]:
    """The first output at the inputs' mean, and what each input adds to it on the way from there, (n, n_inputs).

    Integrated gradients from the mean, in closed form: on a straight line a unit's sum moves evenly, so the share of the line
    on which it is open is its rise over that of its sum. Base and shares add up to `Network.scores`.
    """
    standard = np.clip((inputs - network.mean) / network.deviation, -FARTHEST, FARTHEST)
    begin = np.asarray(network.hidden_offset, np.float64)
    sums = np.einsum("nk,kh->nh", standard, network.hidden) + begin
    moved = sums - begin
    still = np.abs(moved) < 1e-9
    risen = np.maximum(sums, 0.0) - np.maximum(begin, 0.0)
    opened = np.where(still, sums > 0, risen / np.where(still, 1.0, moved))
    shares: Floats = standard * np.einsum("nh,kh->nk", opened * network.output[:, 0], network.hidden)
    return float(np.maximum(begin, 0.0) @ network.output[:, 0] + network.output_offset[0]), shares


@dataclass(frozen=True, slots=True, eq=False)
class Shares:
    """One passage taken apart, for all themes at once; logits.

    own         first-stage scores (n_themes,) = intercept + elsewhere + Σ characters
    offsets     into the report's text, ascending; characters (n_offsets, n_themes)
    words       start, end, place of each word; word_shares (n_words, n_themes)
    score       second-stage scores (n_themes,) = usual + Σ inputs; inputs (n_themes, n_groups), columns as `GROUPS`
    """

    own: Floats
    intercept: Floats
    elsewhere: Floats
    offsets: Ints
    characters: Floats
    words: tuple[tuple[int, int, str], ...]
    word_shares: Floats
    score: Floats
    usual: float
    inputs: Floats

    def spoken(self, theme: int) -> tuple[Spoken, ...]:
        """The words that add something to a theme, as they stand."""
        rows = zip(self.words, self.word_shares[:, theme].tolist())
        return tuple(Spoken(start, end, share, place) for (start, end, place), share in rows if share)


class Explanation:
    """The scores of one report's passages, ready to be taken apart one by one."""

    def __init__(self, judge: Judge, passages: Sequence[Passage]) -> None:
        self._judge, self._passages = judge, passages
        self._first: FirstStage = first_stage(judge.blocks, judge.intercept, passages, judge.embedding)
        around = Neighbours.of(passages, np.zeros(len(passages), np.int64))
        inputs = theme_inputs(self._first, around, cue_rows(passages))
        self._inputs = inputs.reshape(len(passages), self._first.n_themes, -1)

    def shares(self, row: int, text: str, origins: Origins, words: Words) -> Shares:
        """The shares of passage `row`; `origins` says where its characters stand in `text`."""
        passage, m = self._passages[row], self._first.n_themes
        blocks = {block.name: block for block in self._judge.blocks}
        own = character_shares(blocks["text"], passage.text, m)
        own[: len(passage.opening)] += character_shares(blocks["opening"], passage.opening, m)
        path = character_shares(blocks["path"], passage.path, m)
        title = character_shares(blocks["title"], passage.title, m)
        regions = [("title", passage.title, origins.title, title)]
        begin = 0
        for heading, where in zip(passage.headings, origins.headings, strict=True):
            regions.append(("heading", heading, where, path[begin : begin + len(heading)]))
            begin += len(heading) + len(PATH_JOINT)
        regions.append(("text", passage.text, origins.text, own))
        offsets = np.concatenate([origins.title, origins.path, origins.text])
        found = np.concatenate([title, path, own])
        there = offsets != NOWHERE
        unique, index = np.unique(offsets[there], return_inverse=True)
        characters = np.zeros((len(unique), m))
        np.add.at(characters, index, found[there])
        merged, of_words = _by_word(regions, text, words, m)
        usual, shares = input_shares(self._judge.themes, self._inputs[row])
        groups = np.stack([shares[:, [name == group for name in INPUTS]].sum(axis=1) for group in GROUPS], axis=1)
        return Shares(
            own=self._first.themes[row],
            intercept=self._judge.intercept[:m],
            elsewhere=found[~there].sum(axis=0) + self._embedded(passage),
            offsets=unique,
            characters=characters,
            words=merged,
            word_shares=of_words,
            score=self._judge.themes.scores(self._inputs[row])[:, 0],
            usual=usual,
            inputs=groups,
        )

    def _embedded(self, passage: Passage) -> Floats:
        """What the sentence embedding adds, which belongs to no character."""
        m, weights = self._first.n_themes, self._judge.embedding
        return np.zeros(m) if weights is None else embed([passage.text])[0] @ weights[:, :m]


def _by_word(
    regions: Sequence[tuple[str, str, Ints, Floats]], text: str, words: Words, n_themes: int
) -> tuple[tuple[tuple[int, int, str], ...], Floats]:
    """The words of all regions (place, its folded text, where that stands, shares), as they stand, and their sums."""
    found: list[tuple[int, int, str]] = []
    sums = [np.zeros((0, n_themes))]
    for place, folded, where, shares in regions:
        for start, end in words.cut(folded):
            for a, b in _together(text, where, start, end):
                found.append((int(where[a]), int(where[b - 1]) + 1, place))
                sums.append(shares[a:b].sum(axis=0, keepdims=True))
    order = sorted(range(len(found)), key=found.__getitem__)
    return tuple(found[k] for k in order), np.concatenate(sums)[order]


def _together(text: str, where: Ints, start: int, end: int) -> list[tuple[int, int]]:
    """`start`–`end` cut where its characters are nowhere, or stand apart with more than white space between."""
    there = [k for k in range(start, end) if where[k] != NOWHERE]
    cuts = [
        k
        for k, (a, b) in enumerate(pairwise(there), 1)
        if b != a + 1 or text[int(where[a]) + 1 : int(where[b])].strip()
    ]
    return [(there[a], there[b - 1] + 1) for a, b in pairwise([0, *cuts, len(there)]) if a < b]


def top_terms(blocks: Sequence[Block], theme: int, n: int) -> tuple[Term, ...]:
    """The `n` n-grams that weigh most for a theme, then the `n` that weigh most against it, by weight downwards.

    The weight is what an occurrence adds before the length of its text divides it, so it compares within a block; a heading,
    being short, divides by less than a paragraph.
    """
    found: list[Term] = []
    for block in blocks:
        weights = dequantize(block.weights.numbers[:, theme : theme + 1], block.steps[theme : theme + 1])[:, 0]
        weights *= block.scale
        order = np.argsort(-weights, kind="stable")
        for k in sorted({*order[:n].tolist(), *order[len(order) - min(n, len(order)) :].tolist()}):
            if weights[k]:
                found.append(Term(block.vocabulary.terms[k], block.name, float(weights[k])))
    found.sort(key=lambda term: (-term.weight, term.text, term.block))
    speaking = [term for term in found if term.weight > 0][:n]
    against = [term for term in found if term.weight < 0]
    return (*speaking, *against[max(0, len(against) - n) :])
