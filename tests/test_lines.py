"""A report as a stream without white space, and the pieces that cuts make of it: no character is lost."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from govtext.features.ngrams import SENTINEL, normalise
from govtext.segmentation.lines import Stream, piece_spans, to_stream

# What normalising, white space and line ends could stumble over.
ODD = st.sampled_from(
    [
        *"\n\n\n \t\r\v\f\x1c\x85\xa0\u2028\u3000\x00\ufeff\ud800",
        "\U00020000",
        "\U0010ffff",
        "一、",
        "市",
        "Ａ",
        "9",
        "⼯",
        "。",
    ]
)
TEXTS = st.one_of(st.text(), st.lists(ODD, max_size=40).map("".join))


def is_space(character: str) -> bool:
    return normalise(character) == " "


def cut(text: str, *offsets: int) -> list[str]:
    """The pieces when the text is cut before the characters at these offsets."""
    stream = to_stream(text)
    return [text[a:b] for a, b in piece_spans(stream, stream.index_of(offsets))]


@pytest.mark.parametrize(
    ("text", "offsets", "pieces"),
    [
        ("", [], []),
        ("\n \n", [], ["\n \n"]),
        ("甲乙", [], ["甲乙"]),
        ("甲乙\n丙", [], ["甲乙\n", "丙"]),
        ("甲乙\n丙\n", [], ["甲乙\n", "丙\n"]),
        ("\n\n甲\n\n\n乙\n\n", [], ["\n\n甲\n\n\n", "乙\n\n"]),
        (" \n　甲 \n　乙", [], [" \n　甲 \n", "　乙"]),
        ("甲乙丙\n丁", [1], ["甲", "乙丙\n", "丁"]),
        ("甲乙丙\n丁", [1, 2], ["甲", "乙", "丙\n", "丁"]),
        ("甲 　乙丙", [3], ["甲", " 　乙丙"]),
        ("甲\n乙 丙", [4], ["甲\n", "乙", " 丙"]),
        ("甲\n乙", [2], ["甲\n", "乙"]),
    ],
)
def test_pieces_of_a_text(text: str, offsets: list[int], pieces: list[str]) -> None:
    assert pieces == cut(text, *offsets)


def test_white_space_before_a_cut_goes_with_the_piece_behind_it_and_before_a_line_end_with_the_piece_before() -> None:
    assert cut("甲  乙  \n \n\t丙  \n", 3) == ["甲", "  乙  \n \n", "\t丙  \n"]


@given(TEXTS, st.data())
def test_pieces_tile_the_text_wherever_it_is_cut(text: str, data: st.DataObject) -> None:
    stream = to_stream(text)
    places = np.flatnonzero(stream.inside)
    chosen = data.draw(st.lists(st.booleans(), min_size=len(places), max_size=len(places)))
    spans = piece_spans(stream, places[np.array(chosen, bool)])
    assert text == "".join(text[a:b] for a, b in spans)
    assert all(a < b for a, b in spans)
    assert all(before[1] == behind[0] for before, behind in itertools.pairwise(spans))
    if len(stream):
        assert len(spans) == len(stream.line_starts) + sum(chosen)
        assert all(any(not is_space(c) for c in text[a:b]) for a, b in spans)


@given(TEXTS)
def test_the_stream_holds_every_character_but_white_space(text: str) -> None:
    stream = to_stream(text)
    plain = stream.codes != SENTINEL
    solid = [i for i, c in enumerate(text) if not is_space(c)]
    assert solid == stream.where[plain].tolist()
    assert [ord(normalise(text[i])) for i in solid] == stream.codes[plain].tolist()


@given(TEXTS)
def test_each_line_with_a_character_ends_in_one_sentinel(text: str) -> None:
    stream = to_stream(text)
    filled = [line for line in text.split("\n") if any(not is_space(c) for c in line)]
    ends = stream.where[stream.codes == SENTINEL].tolist()
    assert len(filled) == len(ends) == len(stream.line_starts)
    assert all(end == len(text) or text[end] == "\n" for end in ends)
    assert len(stream) == 0 or stream.codes[-1] == SENTINEL
    assert stream.line[stream.line_starts].tolist() == list(range(len(filled)))
    lengths = [sum(not is_space(c) for c in line) + 1 for line in filled]
    assert lengths == np.bincount(stream.line, minlength=len(filled)).tolist()


@given(TEXTS)
def test_the_gap_counts_the_white_space_before_a_character_on_its_line(text: str) -> None:
    stream = to_stream(text)
    for code, where, gap in zip(stream.codes.tolist(), stream.where.tolist(), stream.gap.tolist(), strict=True):
        before = text[:where].rpartition("\n")[2]
        white = len(before) - next((i + 1 for i in reversed(range(len(before))) if not is_space(before[i])), 0)
        assert white == gap, code


@given(TEXTS)
def test_a_line_can_be_cut_before_all_its_characters_but_the_first(text: str) -> None:
    stream = to_stream(text)
    outside = {*stream.line_starts.tolist(), *np.flatnonzero(stream.codes == SENTINEL).tolist()}
    assert sorted(set(range(len(stream))) - outside) == np.flatnonzero(stream.inside).tolist()


@given(TEXTS)
def test_an_offset_finds_its_character_or_the_next_one(text: str) -> None:
    stream = to_stream(text)
    indices = stream.index_of(range(len(text) + 1)).tolist()
    assert indices == [sum(where < offset for where in stream.where.tolist()) for offset in range(len(text) + 1)]


def test_streams_of_white_space_are_empty() -> None:
    for text in ("", " ", "\n", "　\n\t\n "):
        stream = to_stream(text)
        assert isinstance(stream, Stream)
        assert len(stream) == len(stream.line_starts) == len(stream.inside) == 0
