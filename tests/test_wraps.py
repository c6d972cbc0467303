"""Which line breaks only wrap a line, and which end one."""

import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govtext.features.ngrams import SENTINEL, normalise
from govtext.segmentation.lines import offset_in_text, to_stream, unwrapped
from govtext.segmentation.wraps import FEWEST, NARROWEST, wrap_breaks

CASES = tomllib.loads((Path(__file__).parent / "cases" / "wraps.toml").read_text(encoding="utf-8"))["case"]
WRAP = "↵"
# Long runs of one character, so that lines of one length are common, and what white space there is.
RUNS = st.builds(str.__mul__, st.sampled_from("市a，。 \f\u2028\u3000"), st.integers(NARROWEST - 1, NARROWEST + 2))
ODD = st.sampled_from([*"\n\n\n\n \t\r\f\x85\u2028\u3000\ud800。市a", "\U00020000", "一、"])
TEXTS = st.lists(st.one_of(RUNS, ODD), max_size=30).map("".join)


def marked(text: str) -> tuple[str, list[int]]:
    """The text without its marks, and where the line breaks behind them stand."""
    plain, breaks = "", []
    for piece in text.split(WRAP):
        plain += piece
        breaks.append(len(plain))
    return plain, breaks[:-1]


def lines_of_one_length(width: int, n: int) -> str:
    return "\n".join(["市" * width] * n)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_line_breaks_that_wrap_are_told_from_those_that_end_a_line(case: dict[str, str]) -> None:
    text, breaks = marked(case["text"])
    assert breaks == wrap_breaks(text).tolist()
    assert case["source"]


@pytest.mark.parametrize("text", ["", "\n", "\n\n\n", " \n \n ", "市\n市", "\f" * 20 + "\n" + "\f" * 20 + "\n" + "\f"])
def test_nothing_wraps_where_nothing_is_full(text: str) -> None:
    assert wrap_breaks(text).tolist() == []


@pytest.mark.parametrize(("width", "n"), [(NARROWEST - 1, 0), (NARROWEST, 3), (NARROWEST + 1, 3)])
def test_the_narrowest_width(width: int, n: int) -> None:
    assert n == len(wrap_breaks(lines_of_one_length(width, 4)))


@pytest.mark.parametrize(("n_full", "n"), [(FEWEST - 1, 0), (FEWEST, FEWEST), (FEWEST + 1, FEWEST + 1)])
def test_the_fewest_full_lines(n_full: int, n: int) -> None:
    assert n == len(wrap_breaks(lines_of_one_length(20, n_full) + "\n市。"))


@pytest.mark.parametrize(("n_stopped", "wraps"), [(4, True), (5, True), (6, False)])
def test_half_of_the_full_lines_must_stop_in_mid_sentence(n_stopped: int, wraps: bool) -> None:
    lines = ["市" * 19 + "。"] * n_stopped + ["市" * 20] * (10 - n_stopped)
    assert wraps == bool(len(wrap_breaks("\n".join([*lines, "市。"]))))


@pytest.mark.parametrize(("n_longer", "wraps"), [(0, True), (1, True), (2, False)])
def test_one_longer_line_is_allowed_for_ten_full_ones(n_longer: int, wraps: bool) -> None:
    longer = ["市" * 30, "市" * 40][:n_longer]
    text = "\n".join([*longer, *["市" * 20] * 10, "市。"])
    assert wraps == bool(len(wrap_breaks(text)))


@given(TEXTS)
def test_wraps_are_line_breaks_in_order_with_text_on_both_sides(text: str) -> None:
    breaks = wrap_breaks(text).tolist()
    assert breaks == sorted(set(breaks))
    for at in breaks:
        assert text[at] == "\n"
        assert text[at + 1] != "\n"
        assert normalise(text[at + 1]) != " "
        assert normalise(text[:at].rpartition("\n")[2]).strip()


@given(TEXTS)
def test_a_stream_of_wrapped_text_loses_no_character_and_ends_no_line_at_a_wrap(text: str) -> None:
    stream = to_stream(text)
    plain = stream.codes != SENTINEL
    assert [i for i, c in enumerate(text) if normalise(c) != " "] == stream.where[plain].tolist()
    assert not set(stream.where[~plain].tolist()) & set(stream.wraps.tolist())
    assert (stream.gap >= 0).all()


@given(TEXTS, st.data())
def test_unwrapped_pieces_hold_all_but_the_wraps_and_offsets_lead_back(text: str, data: st.DataObject) -> None:
    wraps = wrap_breaks(text)
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    (piece,) = unwrapped(text, [(start, end)], wraps)
    inside = [w for w in wraps.tolist() if start <= w < end - 1]
    assert "".join(c for i, c in enumerate(text[start:end], start) if i not in inside) == piece
    if start not in inside:
        for position in range(1, len(piece) + 1):
            last = offset_in_text(start, position, wraps) - 1
            assert piece[position - 1] == text[last]


def test_a_hostile_text_of_lines_of_each_length_is_read_at_once() -> None:
    text = "\n".join("市" * (i % 60) for i in range(3000)) + "\n市" * 40_000
    assert wrap_breaks(text).tolist() == []
