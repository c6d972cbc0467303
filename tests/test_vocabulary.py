"""Terms and their trie: what it finds, how its nodes are stored, and that no stored nodes find anything else."""

from __future__ import annotations

import pickle
import random
import re
import tomllib
import tracemalloc
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from govtext.features.edges import MOST_ATTEMPTS, MOST_BITS, Edges
from govtext.features.ngrams import join, normalise
from govtext.features.vocabulary import LONGEST, NO_TERM, PARTS, Vocabulary

Arrays = dict[str, NDArray[Any]]
CASES: dict[str, list[dict[str, Any]]] = tomllib.loads(
    (Path(__file__).parent / "cases" / "vocabulary.toml").read_text(encoding="utf-8")
)

# Few letters, so that terms are found; two beyond U+FFFF, half a character, one that no term may have.
LETTERS = "党建企业a0 。𠀀😀"
texts = st.lists(st.text(alphabet=LETTERS + "Ａ９\ud800\x00\n", max_size=40), max_size=6)
vocabularies = st.sets(st.text(alphabet=LETTERS, min_size=1, max_size=LONGEST), max_size=40).map(sorted)


def found(vocabulary: Vocabulary, given_texts: Sequence[str]) -> list[tuple[int, int, int]]:
    """(text, position in it, id) of every match, sorted."""
    joined = join(given_texts)
    hits: list[tuple[int, int, int]] = []
    for positions, ids in vocabulary.matches(joined.codes):
        owner = np.searchsorted(joined.starts, positions, side="right") - 1
        hits += zip(owner.tolist(), (positions - joined.starts[owner]).tolist(), ids.tolist(), strict=True)
    return sorted(hits)


def naive(terms: Sequence[str], given_texts: Sequence[str]) -> list[tuple[int, int, int]]:
    index = {term: number for number, term in enumerate(terms)}
    return sorted(
        (number, start, index[text[start : start + length]])
        for number, text in enumerate(map(normalise, given_texts))
        for start in range(len(text))
        for length in range(1, min(LONGEST, len(text) - start) + 1)
        if text[start : start + length] in index
    )


@given(vocabularies, texts)
def test_matches_are_all_terms_at_all_places(terms: list[str], given_texts: list[str]) -> None:
    assert naive(terms, given_texts) == found(Vocabulary.build(terms), given_texts)


@given(vocabularies, texts)
def test_each_length_comes_once_with_ascending_positions(terms: list[str], given_texts: list[str]) -> None:
    vocabulary = Vocabulary.build(terms)
    seen: set[int] = set()
    for positions, ids in vocabulary.matches(join(given_texts).codes):
        assert (np.diff(positions) > 0).all()
        lengths = {len(vocabulary.terms[number]) for number in ids.tolist()}
        assert len(lengths) <= 1
        assert not lengths & seen
        seen |= lengths


def test_no_match_crosses_from_one_text_to_the_next() -> None:
    vocabulary = Vocabulary.build(["党", "党建", "建"])
    assert found(vocabulary, ["党", "建"]) == [(0, 0, 0), (1, 0, 2)]


def test_no_match_lies_on_a_line_break_inside_a_text() -> None:
    assert found(Vocabulary.build(["党建"]), ["党\n建"]) == []


def test_starts_are_bounded_by_stop_and_terms_reach_beyond_it() -> None:
    hits = list(Vocabulary.build(["党建"]).matches(join(["党建党建"]).codes, 2))
    assert hits[-1][0].tolist() == [0]


def test_longest_terms_of_twelve_characters_match() -> None:
    term = "一二三四五六七八九十百千"
    assert found(Vocabulary.build([term]), [f"共{term}"]) == [(0, 1, 0)]


def test_ten_thousand_terms_get_one_place_each() -> None:
    letters = [chr(0x4E00 + number) for number in range(100)]
    terms = sorted(first + second for first in letters for second in letters)
    vocabulary = Vocabulary.build(terms)
    assert naive(terms, ["".join(letters)]) == found(vocabulary, ["".join(letters)])
    assert len(terms) == np.count_nonzero(vocabulary._edges.records >= 0)


def test_edges_without_keys_find_nothing() -> None:
    empty = np.zeros(0, np.int64)
    assert Edges.build(empty, empty).records.take(Edges.build(empty, empty).slots(np.array([5]))).tolist() == [-1]


def test_edges_of_equal_keys_are_refused() -> None:
    with pytest.raises(ValueError, match="cannot be laid out"):
        Edges.build(np.array([3, 3]), np.array([0, 1]))


@pytest.mark.parametrize("case", CASES["refused"], ids=lambda case: case["source"])
def test_vocabulary_refuses(case: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=re.escape(case["message"])):
        Vocabulary.build(case["terms"])
    with pytest.raises(ValueError, match="is not normalised text"):  # half a character, which TOML cannot hold
        Vocabulary.build(["\ud800"])


def test_vocabulary_finds_the_same_after_pickling() -> None:
    vocabulary = Vocabulary.build(["党", "党建", "建"])
    assert found(vocabulary, ["党建"]) == found(pickle.loads(pickle.dumps(vocabulary)), ["党建"])


# As arrays: the nodes and how they were hashed.


def stored(terms: Sequence[str]) -> Arrays:
    """The arrays of a vocabulary, which may be changed."""
    return {part: array.copy() for part, array in Vocabulary.build(terms).arrays().items()}


def same(one: Arrays, other: Arrays) -> bool:
    return all(one[part].dtype == other[part].dtype and np.array_equal(one[part], other[part]) for part in PARTS)


@given(vocabularies, texts)
def test_arrays_give_the_same_terms_and_matches_back(terms: list[str], given_texts: list[str]) -> None:
    again = Vocabulary.from_arrays(stored(terms))
    assert (list(again.terms), len(again)) == (terms, len(terms))
    assert naive(terms, given_texts) == found(again, given_texts)
    assert same(stored(terms), again.arrays())


def test_arrays_are_a_node_for_each_beginning_of_a_term() -> None:
    arrays = stored(["a", "企业", "企业😀", "建"])
    assert list(arrays) == list(PARTS)
    assert [str(array.dtype) for array in arrays.values()] == ["uint8", "uint32", "uint32", "uint32"]
    assert arrays["depths"].tolist() == [1, 1 + NO_TERM, 2, 3, 1]
    assert arrays["letters"].tolist() == [ord(letter) for letter in "a企业😀建"]


def test_vocabulary_without_terms_is_stored_and_finds_nothing() -> None:
    empty = Vocabulary.from_arrays(stored([]))
    assert (len(empty), list(empty.terms)) == (0, [])
    assert found(empty, ["党建", ""]) == []


def test_terms_of_twelve_characters_come_back() -> None:
    terms = ["一" * LONGEST, "一" * (LONGEST - 1) + "丁", "😀" * LONGEST]
    again = Vocabulary.from_arrays(stored(terms))
    assert list(again.terms) == terms
    assert found(again, ["一" * 13 + "😀" * 12]) == [(0, 0, 0), (0, 1, 0), (0, 13, 2)]


def test_terms_are_spelt_at_their_first_use() -> None:
    vocabulary = Vocabulary.from_arrays(stored(["党", "党建"]))
    assert found(vocabulary, ["党建"]) == [(0, 0, 0), (0, 0, 1)]
    assert "terms" not in vars(vocabulary)
    assert vocabulary.terms is vocabulary.terms


def test_nodes_that_no_term_goes_through_are_refused() -> None:
    # They would be text in the file that `terms` never shows.
    arrays = stored(["党", "党建", "建设"])
    arrays["depths"][1] += NO_TERM
    with pytest.raises(ValueError, match=r"^a node that no term goes through$"):
        Vocabulary.from_arrays(arrays)


def test_depths_and_letters_of_different_lengths_are_refused() -> None:
    arrays = stored(["党", "党建"])
    with pytest.raises(ValueError, match=r"^nodes with 2 depths and 1 letters; wanted one each$"):
        Vocabulary.from_arrays(arrays | {"letters": arrays["letters"][:1]})


# As arrays that no vocabulary has.

TERMS = sorted({*"党建企a", "企业", "企业家", "党建设", "建设", "a0", "a0。", "😀😀", "𠀀" * LONGEST, "业务"})
GRID = sorted(a + b for a in LETTERS for b in LETTERS)


def broken(terms: Sequence[str], part: str, place: int, value: int) -> Arrays:
    """The arrays of a vocabulary with one value of a part changed."""
    arrays = stored(terms)
    arrays[part][place] = value
    return arrays


SKIPPED = "a node without the one above it"
UNSORTED = "nodes that are not sorted and distinct"


@pytest.mark.parametrize(
    ("place", "depth", "says"),
    [
        (1, 3, SKIPPED),
        (1, 3 + NO_TERM, SKIPPED),
        (3, LONGEST, SKIPPED),
        (0, 2, "nodes of depth 1 to 3; wanted 1 to 12, the first one 1"),
        (0, 2 + NO_TERM, "nodes of depth 1 to 3; wanted 1 to 12, the first one 1"),
        (2, 0, "nodes of depth 0 to 3; wanted 1 to 12"),
        (2, NO_TERM, "nodes of depth 0 to 3; wanted 1 to 12"),
        (2, 13, "nodes of depth 1 to 13; wanted 1 to 12"),
        (2, 255, "nodes of depth 1 to 127; wanted 1 to 12"),
        (1, 2, UNSORTED),
    ],
)
def test_depths_that_no_vocabulary_has_are_refused(place: int, depth: int, says: str) -> None:
    arrays = broken(["a", "d", "db", "dbc", "de"], "depths", place, depth)
    with pytest.raises(ValueError, match=f"^{says}"):
        Vocabulary.from_arrays(arrays)


@pytest.mark.parametrize(
    ("place", "letter"), [(0, "党"), (0, "建"), (1, "家"), (1, "设"), (2, "业"), (2, "一"), (3, "企")]
)
def test_letters_that_do_not_ascend_are_refused(place: int, letter: str) -> None:
    # Nodes: 企, 业 and 家 under it, 党.
    with pytest.raises(ValueError, match=f"^{UNSORTED}$"):
        Vocabulary.from_arrays(broken(["企", "企业", "企家", "党"], "letters", place, ord(letter)))


@pytest.mark.parametrize("letter", [*map(ord, "A7Ａ７\u3000\0\n\x1f\x7f\x85\ud800\udfff"), 0x110000, 2**31, 2**32 - 1])
def test_letters_that_no_normalised_text_has_are_refused(letter: int) -> None:
    with pytest.raises(ValueError, match=r"^nodes with a character that no normalised text has$"):
        Vocabulary.from_arrays(broken(["企", "企业", "企家", "党"], "letters", 3, letter))


@pytest.mark.parametrize("n_moves", [0, 3, 31, 33, 100])
def test_moves_of_a_length_that_is_no_power_of_two_are_refused(n_moves: int) -> None:
    arrays = stored(GRID) | {"moves": np.zeros(n_moves, np.uint32)}
    with pytest.raises(ValueError, match=f"^a table of {n_moves} moves, attempt 0, 8 bits, which none has$"):
        Vocabulary.from_arrays(arrays)


@pytest.mark.parametrize("move", [1 << 8, 2**31, 2**32 - 1])
def test_moves_beyond_the_table_are_refused(move: int) -> None:
    with pytest.raises(ValueError, match=r"^a table of 2\*\*8 places with a move beyond it$"):
        Vocabulary.from_arrays(broken(GRID, "moves", 5, move))


@pytest.mark.parametrize("n_moves", [64, 1024])
def test_moves_that_send_two_edges_to_one_place_are_refused(n_moves: int) -> None:
    arrays = stored(GRID) | {"moves": np.zeros(n_moves, np.uint32)}
    with pytest.raises(ValueError, match=r"^two edges in one place of the table$"):
        Vocabulary.from_arrays(arrays)


@pytest.mark.parametrize("attempt", [MOST_ATTEMPTS, 1000, 2**32 - 1])
def test_attempt_that_is_never_made_is_refused(attempt: int) -> None:
    with pytest.raises(ValueError, match=f"^a table of 64 moves, attempt {attempt}, 8 bits, which none has$"):
        Vocabulary.from_arrays(broken(GRID, "hash", 0, attempt))


@pytest.mark.parametrize(
    ("slot_bits", "says"),
    [
        *((bits, "bits, which none has") for bits in (0, MOST_BITS, 63, 64, 2**32 - 1)),
        *((bits, "places for 100 edges; wanted as many or some more") for bits in (6, 14, 20, MOST_BITS - 1)),
    ],
)
def test_table_of_a_size_that_none_has_is_refused_before_it_is_made(slot_bits: int, says: str) -> None:
    arrays = broken(GRID, "hash", 1, slot_bits) | {"moves": np.zeros(64, np.uint32)}
    tracemalloc.start()
    try:
        with pytest.raises(ValueError, match=f"^a table of .*{says}$"):
            Vocabulary.from_arrays(arrays)
        # The table of characters takes one; a table of 20 bits would take eight.
        assert tracemalloc.get_traced_memory()[1] < 3_000_000
    finally:
        tracemalloc.stop()


def changed(arrays: Arrays, part: str, chance: random.Random) -> Arrays:
    """The arrays with one value of a part changed: a bit, by one, to another value that the part has, or to any."""
    array = arrays[part].copy()
    place, most = chance.randrange(len(array)), np.iinfo(array.dtype).max
    value = int(array[place])
    bit = 1 << chance.randrange(array.dtype.itemsize * 8)
    choices = (
        value ^ bit,
        value + 1,
        value - 1,
        int(chance.choice(array)),
        chance.randrange(64),
        chance.randint(0, most),
    )
    array[place] = min(max(chance.choice(choices), 0), most)
    return {**arrays, part: array}


@pytest.mark.parametrize("part", PARTS)
def test_changed_value_is_refused_or_finds_what_its_nodes_spell(part: str) -> None:
    chance, arrays = random.Random(PARTS.index(part)), stored(TERMS)
    letters = "".join(sorted({*"".join(TERMS), *"AＡ7\ud800务丁🙂"}))
    whole = Vocabulary.build(TERMS)
    n_refused, n_other, n_same = 0, 0, 0
    for _ in range(500):
        try:
            vocabulary = Vocabulary.from_arrays(changed(arrays, part, chance))
        except ValueError as error:
            if not re.match("nodes? |a node |a table |two edges ", str(error)):
                raise
            n_refused += 1
            continue
        terms = list(vocabulary.terms)
        n_other, n_same = n_other + (terms != TERMS), n_same + (terms == TERMS)
        spelt = whole if terms == TERMS else Vocabulary.build(terms)
        asked = ["".join(chance.choices(letters, k=60)), *TERMS, *terms]
        assert found(spelt, asked) == found(vocabulary, asked)
    # Nodes spell the terms; the rest only says where they lie.
    assert (n_other > 0) == (part in ("depths", "letters"))
    assert (n_other == 0) == (part in ("moves", "hash"))
    assert n_refused > 100
    assert n_same > 5
