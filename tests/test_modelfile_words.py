"""A vocabulary in a model file: it comes back, and nodes that no vocabulary has are refused."""

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from govtext.errors import BadModel
from govtext.features.vocabulary import Vocabulary
from govtext.scoring.modelfile import Schema, encode, load, vocabulary_arrays, vocabulary_from, vocabulary_schema

TERMS = ["党", "党建", "建设"]
WORDS = Schema("govtext-test", (1,), vocabulary_schema("v"), {})


def stored(**changes: NDArray[Any]) -> bytes:
    """A file with the vocabulary, some of its arrays exchanged."""
    parts = {**vocabulary_arrays("v", Vocabulary.build(TERMS)), **{f"v.{part}": a for part, a in changes.items()}}
    return encode(parts, {}, schema=WORDS)


def opened(content: bytes) -> Vocabulary:
    found, _, _ = load(content, schema=WORDS, name="m")
    return vocabulary_from("v", found, file="m")


def test_vocabulary_comes_back() -> None:
    assert list(opened(stored()).terms) == TERMS
    assert stored() == stored(**opened(stored()).arrays())
    empty = Vocabulary.build([]).arrays()
    assert list(opened(stored(**empty)).terms) == []


@pytest.mark.parametrize(
    ("part", "array", "says"),
    [
        ("letters", np.zeros(3, np.uint32), "array 'v.letters' has 3 in dimension 'v.nodes'; wanted 4"),
        ("letters", np.zeros(5, np.uint32), "array 'v.letters' has 5 in dimension 'v.nodes'; wanted 4"),
        ("letters", np.zeros(4, np.int32), "array 'v.letters' is int32; wanted uint32"),
        ("depths", np.ones(4, np.uint16), "array 'v.depths' is uint16; wanted uint8"),
        ("moves", np.zeros((1, 2), np.uint32), "array 'v.moves' has 2 dimensions; wanted 1"),
        ("hash", np.zeros(1, np.uint32), "array 'v.hash' has 1 in dimension 2; wanted 2"),
        ("hash", np.zeros(3, np.uint32), "array 'v.hash' has 3 in dimension 2; wanted 2"),
        ("depths", np.array([1, 2, 1, 3], np.uint8), "v has a node without the one above it; train the model again"),
        ("letters", np.zeros(4, np.uint32), "v has nodes with a character that no normalised text has; train the"),
        ("letters", np.full(4, 97, np.uint32), "v has nodes that are not sorted and distinct; train the model again"),
        ("hash", np.array([64, 2], np.uint32), "v has a table of 2 moves, attempt 64, 2 bits, which none has; train"),
    ],
)
def test_vocabulary_that_none_is_is_refused(part: str, array: NDArray[Any], says: str) -> None:
    with pytest.raises(BadModel, match=f"^m: {says}"):
        opened(stored(**{part: array}))


def test_nodes_beyond_two_million_are_not_looked_at() -> None:
    content = stored(depths=np.zeros(2_000_001, np.uint8), letters=np.zeros(2_000_001, np.uint32))
    with pytest.raises(BadModel, match=r"^m: 2,000,001 nodes of terms; at most 2,000,000 are allowed"):
        opened(content)
