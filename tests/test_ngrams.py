"""Joining, matching and counting n-grams."""

import pickle
import re
import tomllib
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from govtext.features.edges import Edges
from govtext.features.ngrams import LONGEST, SENTINEL, Vocabulary, count_terms, join, normalise

CASES: dict[str, list[dict[str, Any]]] = tomllib.loads(
    (Path(__file__).parent / "cases" / "ngrams.toml").read_text(encoding="utf-8")
)

# Few letters, so that terms are found; two beyond U+FFFF, half a character, one that no term may have.
LETTERS = "党建企业a0 。𠀀😀"
texts = st.lists(st.text(alphabet=LETTERS + "Ａ９\ud800\x00\n", max_size=40), max_size=6)
vocabularies = st.sets(st.text(alphabet=LETTERS, min_size=1, max_size=5), max_size=40).map(sorted)


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


@pytest.mark.parametrize("case", CASES["normalise"], ids=lambda case: case["text"].strip())
def test_normalised_text_reads(case: dict[str, Any]) -> None:
    assert case["wanted"] == normalise(case["text"])


def test_normalising_twice_changes_nothing_more_for_any_code_point() -> None:
    everything = "".join(map(chr, range(0x110000)))
    once = normalise(everything)
    assert len(everything) == len(once)
    assert once == normalise(once)


def test_joined_texts_start_where_they_should_and_end_in_a_sentinel() -> None:
    joined = join(["党建", "", "a"])
    assert joined.starts.tolist() == [0, 3, 4]
    assert joined.lengths.tolist() == [2, 0, 1]
    assert [ord("党"), ord("建"), SENTINEL, SENTINEL, ord("a"), SENTINEL] == joined.codes.tolist()


def test_join_refuses_a_bare_str() -> None:
    with pytest.raises(TypeError, match="got one str; put it in a list"):
        join("党建")


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


def test_vocabulary_refuses_half_a_character() -> None:
    with pytest.raises(ValueError, match="is not normalised text"):
        Vocabulary.build(["\ud800"])


def test_vocabulary_finds_the_same_after_pickling() -> None:
    vocabulary = Vocabulary.build(["党", "党建", "建"])
    assert found(vocabulary, ["党建"]) == found(pickle.loads(pickle.dumps(vocabulary)), ["党建"])


@given(texts, st.data(), st.integers(1, 3), st.integers(1, 3), st.integers(1, 3))
def test_counted_terms_are_those_in_enough_documents(
    given_texts: list[str], data: st.DataObject, least: int, shortest: int, more: int
) -> None:
    documents = data.draw(st.lists(st.integers(0, 3), min_size=len(given_texts), max_size=len(given_texts)))
    where = defaultdict(set)
    for text, document in zip(map(normalise, given_texts), documents, strict=True):
        for start in range(len(text)):
            for length in range(shortest, min(shortest + more, len(text) - start) + 1):
                where[text[start : start + length]].add(document)
    wanted = {
        term: len(names)
        for term, names in where.items()
        if len(names) >= least and not any(ord(c) < 32 or 0xD800 <= ord(c) < 0xE000 for c in term)
    }
    lengths = (shortest, shortest + more)
    terms, counts = count_terms(given_texts, np.array(documents, int), lengths=lengths, min_documents=least)
    assert sorted(wanted) == terms
    assert [wanted[term] for term in terms] == counts.tolist()
    Vocabulary.build(terms)


def test_two_paragraphs_of_one_document_count_once() -> None:
    assert count_terms(["党", "党", "党建"], np.array([0, 0, 1]))[0] == ["党"]
    assert count_terms(["党", "党建"], np.array([7, 7]))[0] == []
