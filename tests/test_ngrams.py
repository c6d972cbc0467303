"""Joining and counting n-grams."""

import tomllib
from collections import defaultdict
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from govtext.features.ngrams import SENTINEL, count_terms, join, normalise
from govtext.features.vocabulary import Vocabulary

CASES: dict[str, list[dict[str, Any]]] = tomllib.loads(
    (Path(__file__).parent / "cases" / "ngrams.toml").read_text(encoding="utf-8")
)

# Few letters, so that n-grams come again; two beyond U+FFFF, half a character, one that no term may have.
LETTERS = "党建企业a0 。𠀀😀"
texts = st.lists(st.text(alphabet=LETTERS + "Ａ９\ud800\x00\n", max_size=40), max_size=6)


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
