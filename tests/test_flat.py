"""A flat text: wraps gone, normalised, white space folded, and where everything stands in it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from govtext.features.ngrams import SENTINEL, join, normalise
from govtext.segmentation.flat import Flat, joined
from govtext.segmentation.lines import to_stream

Ints = NDArray[np.int64]
# Every kind of white space, and what is none: a zero-width one, a lone surrogate, characters above U+FFFF.
ODD = st.sampled_from([*"\n\n\n  \t\r\v\f\x1c\x85\xa0\u2028\u3000\x00\ufeff\ud800市市Ａ9。\U00020000\U0010ffff"])
TEXTS = st.one_of(st.text(max_size=30), st.lists(ODD, max_size=30).map("".join))
LONG = 60  # longer than any of the texts


def breaks_of(text: str, chosen: int) -> Ints:
    """Offsets of some of the line breaks of a text: the k-th where the k-th bit says so."""
    places = [i for i, c in enumerate(text) if c == "\n"]
    return np.array([i for k, i in enumerate(places) if chosen >> k & 1], np.int64)


def without(text: str, wraps: Ints) -> str:
    return "".join(c for i, c in enumerate(text) if i not in wraps.tolist())


def folded(text: str) -> str:
    return " ".join(normalise(text).split())


@pytest.mark.parametrize(
    ("text", "wraps", "flat", "seen"),
    [
        ("", [], "", ""),
        (" \n　", [], " \n　", ""),
        ("　一、 \n走访Ａ区 9家\n", [], "　一、 \n走访Ａ区 9家\n", "一、 走访a区 0家"),
        ("走访企业\n120家。\n", [4], "走访企业120家。\n", "走访企业000家。"),
        ("走访\n\n企业", [2], "走访\n企业", "走访 企业"),
        ("走\n访\n企业", [1, 3], "走访企业", "走访企业"),
    ],
)
def test_a_text_made_flat(text: str, wraps: list[int], flat: str, seen: str) -> None:
    found = Flat.of(text, wraps=np.array(wraps, np.int64))
    assert (flat, seen) == (found.text, found.folded_text)


@given(TEXTS, st.integers(0, 1023))
def test_wraps_are_gone_and_the_rest_is_normalised_and_folded(text: str, chosen: int) -> None:
    wraps = breaks_of(text, chosen)
    flat = Flat.of(text, wraps=wraps)
    plain = without(text, wraps)
    assert plain == flat.text
    assert [ord(c) for c in normalise(plain)] == flat.codes.tolist()
    assert folded(plain) == flat.folded_text
    assert [ord(c) for c in folded(plain)] == flat.folded.tolist()
    assert [i for i, c in enumerate(normalise(plain)) if c != " "] == flat.solid.tolist()
    assert flat.codes[flat.solid].tolist() == flat.folded[flat.place].tolist()


@given(TEXTS, st.integers(0, 1023))
def test_codes_that_are_known_already_change_nothing(text: str, chosen: int) -> None:
    wraps = breaks_of(text, chosen)
    one, other = Flat.of(text, wraps=wraps), Flat.of(text, join([text]).codes[:-1], wraps)
    assert (one.text, one.codes.tolist()) == (other.text, other.codes.tolist())


@given(TEXTS, st.integers(0, 1023))
def test_an_offset_is_less_by_the_wraps_before_it(text: str, chosen: int) -> None:
    wraps = breaks_of(text, chosen)
    offsets = np.arange(len(text) + 1)
    expected = [len(without(text[:offset], wraps)) for offset in offsets.tolist()]
    assert expected == Flat.of(text, wraps=wraps).at(offsets).tolist()


@given(TEXTS, st.lists(st.tuples(st.integers(0, LONG), st.integers(0, LONG)), max_size=8))
def test_a_span_is_found_without_the_white_space_at_its_ends(text: str, rows: list[tuple[int, int]]) -> None:
    flat = Flat.of(text)
    n = len(text) + 1
    spans = np.array([sorted((a % n, b % n)) for a, b in rows], np.int64).reshape(-1, 2)
    columns = (column.tolist() for column in flat.within(spans[:, 0], spans[:, 1]))
    for (a, b), first, behind, start, stop in zip(spans.tolist(), *columns, strict=True):
        piece = normalise(text[a:b])
        assert folded(piece) == flat.folded_text[start:stop]
        if piece.strip():
            assert (a + len(piece) - len(piece.lstrip()), a + len(piece.rstrip())) == (first, behind)
        else:
            assert (b, b) == (first, behind)
            assert start == stop


@given(st.lists(TEXTS, max_size=6))
def test_texts_put_together_have_a_line_each(texts: list[str]) -> None:
    flat, begins, ends = joined(texts)
    spans = list(zip(begins.tolist(), ends.tolist(), strict=True))
    assert texts == [flat.text[a:b] for a, b in spans]
    assert all(flat.text[b] == "\n" for _, b in spans)
    assert len(flat.text) == sum(map(len, texts)) + len(texts)


@given(TEXTS)
def test_a_stream_is_the_flat_text_without_its_white_space(text: str) -> None:
    stream = to_stream(text)
    flat = stream.flat
    assert stream.wraps is flat.wraps
    inside = stream.codes != SENTINEL
    assert flat.solid.tolist() == flat.at(stream.where[inside]).tolist()
    assert flat.codes[flat.solid].tolist() == stream.codes[inside].tolist()
