"""Needles of one or two characters: found where `str.find` finds them, in any text, for every pattern that has them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from govtext.features.needles import Needles

# Few characters, so that needles share their first one and overlap, and one above U+FFFF, which is looked up as U+FFFF.
ALPHABET = "ab市\0\ufffe\U0001ffff\U0010ffff"
FIT = [c for c in ALPHABET if ord(c) < 0xFFFF]
NEEDLE = st.text(st.sampled_from(FIT), min_size=1, max_size=2)
PATTERNS = st.lists(st.lists(NEEDLE, max_size=4), max_size=5)


def codes(text: str) -> NDArray[np.int32]:
    return np.array([ord(c) for c in text], np.int32)


def finds(text: str, needle: str) -> set[int]:
    """Every place where the needle begins."""
    return {i for i in range(len(text)) if text.find(needle, i, i + len(needle)) == i}


def places(patterns: list[list[str]], text: str) -> dict[int, list[int]]:
    """What `Needles` finds, each place once."""
    found = {number: at.tolist() for number, at in Needles.of(patterns).places(codes(text)).items()}
    assert all(at == sorted(at) for at in found.values())
    return {number: list(dict.fromkeys(at)) for number, at in found.items()}


def plain_places(patterns: list[list[str]], text: str) -> dict[int, list[int]]:
    found = {number: {i for needle in own for i in finds(text, needle)} for number, own in enumerate(patterns)}
    return {number: sorted(at) for number, at in found.items() if at}


@given(PATTERNS, st.text(st.sampled_from(ALPHABET), max_size=30))
def test_needles_are_found_where_find_finds_them(patterns: list[list[str]], text: str) -> None:
    assert plain_places(patterns, text) == places(patterns, text)


@given(PATTERNS, st.text(max_size=30))
def test_any_text_may_be_looked_through(patterns: list[list[str]], text: str) -> None:
    assert plain_places(patterns, text) == places(patterns, text)


@pytest.mark.parametrize(
    ("patterns", "text", "found"),
    [
        ([], "市", {}),
        ([["市"]], "", {}),
        ([[]], "市", {}),
        ([["市", "市a", "ab"]], "市ab市", {0: [0, 1, 3]}),
        ([["a"], ["ab"], ["aa"]], "aab", {0: [0, 1], 1: [1], 2: [0]}),
        ([["ab"], ["ab", "b"]], "ab", {0: [0], 1: [0, 1]}),
        # One character may be half of a needle of two where the text ends; nothing stands behind it.
        ([["aa"], ["a市"]], "ba", {}),
        ([["aa"], ["a市"]], "baa", {0: [1]}),
        ([["aa"]], "a", {}),
        # Neither U+FFFF itself nor what lies above is a needle's character.
        ([["a\ufffe"], ["a"]], "a\uffffa\U0001ffffa\U0010fffea\ufffe", {0: [6], 1: [0, 2, 4, 6]}),
        ([["a\0"]], "a", {}),
        ([["\0a"], ["\0"]], "\0a\0", {0: [0], 1: [0, 2]}),
    ],
)
def test_places_of_some_needles(patterns: list[list[str]], text: str, found: dict[int, list[int]]) -> None:
    assert found == places(patterns, text)
    assert found == plain_places(patterns, text)


@pytest.mark.parametrize("needle", ["", "abc", "\uffff", "a\uffff", "\U0001f600", "a\U0001f600"])
def test_a_needle_is_one_or_two_characters_of_the_basic_plane(needle: str) -> None:
    with pytest.raises(ValueError, match="wanted one or two characters below U"):
        Needles.of([["a"], ["b", needle]])
