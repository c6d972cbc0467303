"""Scores against the plain formula, thresholds, probabilities."""

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from govtext.features.ngrams import join, normalise
from govtext.features.vocabulary import Vocabulary
from govtext.scoring.scorer import (
    CHUNK,
    STRETCH,
    Block,
    Floats,
    Scorer,
    Weights,
    dequantize,
    quantize,
    quantize_squares,
    rows,
    sums,
)
from govtext.scoring.thresholds import decide, sigmoid, softmax

TERMS = sorted({a + b for a in "党建企业a0" for b in ("", *"党建企业a0")})
VOCABULARY = Vocabulary.build(TERMS)
N_OUTPUTS = 21
random = np.random.default_rng(20)
WEIGHTS = random.normal(size=(len(TERMS), N_OUTPUTS))
SQUARES = 1 + 80 * random.random(len(TERMS))
BLOCK = Block.build("paragraph", VOCABULARY, WEIGHTS, SQUARES, scale=1.5)
texts = st.lists(st.text(alphabet="党建企业aA0９。", max_size=50), max_size=8)


def occurrences(text: str) -> list[int]:
    plain = normalise(text)
    grams = [plain[at : at + length] for length in (1, 2) for at in range(len(plain) - length + 1)]
    return [TERMS.index(gram) for gram in grams if gram in TERMS]


def by_formula(block: Block, text: str) -> Floats:
    ids = occurrences(text)
    if not ids:
        return np.zeros(len(block.steps))
    weights = dequantize(block.weights.numbers, block.steps)[ids].sum(axis=0)
    norm = np.sqrt((block.weights.squares[ids].astype(float) * block.square_step).sum())
    return np.asarray(block.scale * weights / norm)


@given(texts)
def test_scores_are_those_of_the_formula(given_texts: list[str]) -> None:
    scores = BLOCK.scores(given_texts)
    assert (len(given_texts), N_OUTPUTS) == scores.shape
    for text, row in zip(given_texts, scores, strict=True):
        np.testing.assert_allclose(by_formula(BLOCK, text), row, rtol=0, atol=1e-9)


@pytest.mark.parametrize("length", [STRETCH - 1, STRETCH, STRETCH + 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK])
def test_long_texts_are_scored_as_one(length: int) -> None:
    text = ("党建企业。" * (length // 5 + 1))[:length]
    numbers, squares = sums(VOCABULARY, join(["企业", text, "党建"]), BLOCK.weights)
    # 党, 建, 企, 业 and the three pairs of them, once in every five characters
    ids = [number for number in occurrences("党建企业") for _ in range(length // 5)] + occurrences(
        text[5 * (length // 5) :]
    )
    assert BLOCK.weights.numbers[ids].sum(axis=0, dtype=int).tolist() == numbers[1].tolist()
    assert BLOCK.weights.squares[ids].sum(dtype=int) == squares[1]


@pytest.mark.parametrize("dtype", [np.int8, np.int16])
def test_sums_are_exact_where_every_lane_is_full(dtype: type[np.signedinteger]) -> None:
    vocabulary = Vocabulary.build(["党"])
    for number in (np.iinfo(dtype).max, -np.iinfo(dtype).max, np.iinfo(dtype).min):
        weights = Weights(np.full((1, 7), number, dtype), np.array([65535], np.uint16))
        numbers, squares = sums(vocabulary, join(["党" * 70_001, "建", "党"]), weights)
        assert [[number * 70_001] * 7, [0] * 7, [number] * 7] == numbers.tolist()
        assert squares.tolist() == [65535 * 70_001, 0, 65535]


@given(texts, st.randoms())
def test_order_and_company_of_texts_do_not_change_a_bit(given_texts: list[str], shuffler: object) -> None:
    order = list(range(len(given_texts)))
    shuffler.shuffle(order)  # type: ignore[attr-defined]
    alone = [BLOCK.scores([text])[0] for text in given_texts]
    together = BLOCK.scores([given_texts[index] for index in order])
    for place, index in enumerate(order):
        np.testing.assert_array_equal(alone[index], together[place])


@given(texts)
def test_rows_hold_every_occurrence(given_texts: list[str]) -> None:
    indptr, ids = rows(VOCABULARY, join(given_texts))
    assert len(given_texts) + 1 == len(indptr)
    for number, text in enumerate(given_texts):
        assert sorted(occurrences(text)) == sorted(ids[indptr[number] : indptr[number + 1]].tolist())


def test_rows_of_long_texts_hold_every_occurrence() -> None:
    given_texts = ["党建" * CHUNK, "企业", "", "a0" * STRETCH]
    indptr, ids = rows(VOCABULARY, join(given_texts))
    assert indptr.tolist() == [0, 4 * CHUNK - 1, 4 * CHUNK + 2, 4 * CHUNK + 2, 4 * CHUNK + 2 + 4 * STRETCH - 1]
    assert sorted(occurrences("企业")) == sorted(ids[indptr[1] : indptr[2]].tolist())


def scorer(*blocks: Block, dense: Floats | None = None) -> Scorer:
    return Scorer(blocks, np.arange(N_OUTPUTS) / 10, dense)


def test_text_without_a_term_scores_the_intercept() -> None:
    scores = scorer(BLOCK).scores({"paragraph": ["", "。。", "党"]})
    np.testing.assert_array_equal(np.arange(N_OUTPUTS) / 10, scores[0])
    np.testing.assert_array_equal(scores[0], scores[1])
    assert (scores[1] != scores[2]).any()


def test_blocks_and_dense_features_add_up() -> None:
    path = Block.build("path", VOCABULARY, -WEIGHTS, SQUARES, scale=0.5)
    dense = random.normal(size=(2, N_OUTPUTS))
    features = np.array([[1.0, 0.0], [0.5, -2.0]])
    scores = scorer(BLOCK, path, dense=dense).scores({"paragraph": ["党建", "企业"], "path": ["a", "a"]}, features)
    for number, text in enumerate(["党建", "企业"]):
        wanted = by_formula(BLOCK, text) + by_formula(path, "a") + features[number] @ dense + np.arange(N_OUTPUTS) / 10
        np.testing.assert_allclose(wanted, scores[number], rtol=0, atol=1e-9)


def test_no_rows_give_no_scores() -> None:
    assert scorer(BLOCK).scores({"paragraph": []}).shape == (0, N_OUTPUTS)


@pytest.mark.parametrize(
    ("given_texts", "features", "message"),
    [
        ({}, None, "no texts for block 'paragraph'"),
        ({"paragraph": ["党"], "path": []}, None, r"inputs have \[0, 1\] rows"),
        ({"paragraph": ["党"]}, np.ones((1, 2)), "features go with a dense part"),
    ],
)
def test_scorer_refuses(given_texts: dict[str, Sequence[str]], features: Floats | None, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        scorer(BLOCK).scores(given_texts, features)


@pytest.mark.parametrize("dtype", [np.int8, np.int16])
def test_quantized_weights_are_half_a_step_off_at_most(dtype: type[np.signedinteger]) -> None:
    weights = np.column_stack([WEIGHTS, np.zeros(len(TERMS))])
    numbers, steps = quantize(weights, dtype)
    assert numbers.dtype == dtype
    assert (np.abs(dequantize(numbers, steps) - weights) <= steps * 0.5001).all()
    assert not dequantize(numbers, steps)[:, -1].any()


def test_quantized_squares_are_never_zero() -> None:
    numbers, step = quantize_squares(np.array([1e-9, 50.0, 100.0]))
    assert numbers.tolist() == [1, 32768, 65535]
    assert pytest.approx(100) == 65535 * step


def test_weights_refuse_other_types_and_shapes() -> None:
    with pytest.raises(TypeError, match="weights are float32 and squares uint16; wanted int8 or int16, and uint16"):
        Weights(np.ones((2, 3), np.float32), np.ones(2, np.uint16))
    with pytest.raises(ValueError, match=r"weights \(2, 3\) and squares \(3,\) do not fit"):
        Weights(np.ones((2, 3), np.int8), np.ones(3, np.uint16))


def test_probabilities_do_not_overflow() -> None:
    np.testing.assert_allclose([0.0, 0.5, 1.0], sigmoid(np.array([-1e6, 0.0, 1e6])))
    np.testing.assert_allclose([[0.5, 0.5], [1.0, 0.0]], softmax(np.array([[1e6, 1e6], [0.0, -1e6]])))


@pytest.mark.parametrize(
    ("probabilities", "wanted"),
    [
        ([0.49, 0.69, 0.89], ()),
        ([0.50, 0.69, 0.89], ("a",)),
        ([0.50, 0.69, 0.90], ("c", "a")),
        ([0.90, 0.90, 0.90], ("a", "b")),
        ([0.80, 0.95, 0.99], ("c", "b")),
    ],
    ids=["below", "at", "most probable first", "equal ones in order", "at most two"],
)
def test_decisions(probabilities: list[float], wanted: tuple[str, ...]) -> None:
    assert [wanted] == decide(np.array([probabilities]), np.array([0.5, 0.7, 0.9]), codes="abc", most=2)
