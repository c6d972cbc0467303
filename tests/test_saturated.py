"""Saturated counts: a term that stands c times counts 1 + ln c, in training, in scoring and in explaining alike."""

from __future__ import annotations

import numpy as np
import pytest

from govtext.features.ngrams import join
from govtext.features.vocabulary import Vocabulary
from govtext.scoring.reasons import character_shares
from govtext.scoring.scorer import SATURATION_STEPS, Block, Weights, saturated_sums, saturation
from govtext.scoring.storage import block_arrays, block_from, block_schema
from govtext.training.matrices import occurrences, smooth_idf, weighted

TEXTS = ["公路公路公路养护", "", "养护路", "公" * 700 + "路"]


@pytest.fixture(scope="module")
def block() -> Block:
    vocabulary = Vocabulary.build(["公", "公路", "养护", "路"])
    weights = np.array([[0.5, -1.0], [1.5, 0.2], [-0.7, 0.9], [0.1, 0.3]])
    return Block.build("text", vocabulary, weights, np.array([1.0, 4.0, 2.0, 1.5]), saturated=True)


def test_sums_are_those_of_a_plain_loop(block: Block) -> None:
    numbers, squares = saturated_sums(block.vocabulary, join(TEXTS), block.weights)
    for k, text in enumerate(TEXTS):
        expected, square = np.zeros(2, np.int64), 0
        for term, own, sq in zip(block.vocabulary.terms, block.weights.numbers, block.weights.squares):
            count = sum(text.startswith(term, place) for place in range(len(text)))
            if count:
                each = round(SATURATION_STEPS * (1 + np.log(count)))
                expected, square = expected + each * own.astype(np.int64), square + each**2 * int(sq)
        assert (numbers[k].tolist(), int(squares[k])) == (expected.tolist(), square)


def test_training_matrix_and_scorer_agree(block: Block) -> None:
    counts = occurrences(block.vocabulary, TEXTS)
    idf = smooth_idf(counts)
    coefficients = np.array([[0.5, -1.0], [1.5, 0.2], [-0.7, 0.9], [0.1, 0.3]])
    fitted = Block.build("text", block.vocabulary, coefficients * idf[:, None], idf**2, saturated=True)
    assert fitted.scores(TEXTS) == pytest.approx(weighted(counts, idf, saturated=True) @ coefficients, abs=0.02)


def test_rows_are_of_length_one(block: Block) -> None:
    matrix = weighted(occurrences(block.vocabulary, TEXTS), np.ones(4), saturated=True)
    assert np.linalg.norm(matrix.toarray(), axis=1).tolist() == pytest.approx([1.0, 0.0, 1.0, 1.0])


def test_repeats_count_less_than_as_many_terms(block: Block) -> None:
    assert saturation(np.array([1, 2, 3])).tolist() == [64, 108, 134]


def test_shares_of_characters_add_up_to_the_score(block: Block) -> None:
    for text in TEXTS:
        assert character_shares(block, text, 2).sum(axis=0) == pytest.approx(block.scores([text])[0])


def test_file_keeps_the_flag_only_where_it_holds(block: Block) -> None:
    arrays = block_arrays("b", block)
    assert block_from("b", "text", arrays, block.vocabulary).saturated
    plain = Block("text", block.vocabulary, Weights(block.weights.numbers, block.weights.squares), block.steps, 1.0)
    assert "b.saturated" not in block_arrays("b", plain)
    assert set(arrays) == set(block_schema("b", vocabulary="v", outputs="o"))
