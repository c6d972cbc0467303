"""Where a line is cut into units, with the bundled model."""

import tomllib
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import govtext
from govtext.segmentation.lines import piece_spans, to_stream

CASES = tomllib.loads((Path(__file__).parent / "cases" / "cuts.toml").read_text(encoding="utf-8"))


def cut(text: str) -> list[str]:
    stream = to_stream(text)
    cuts = govtext.load().structure.cuts(stream)
    return [text[start:end].strip() for start, end in piece_spans(stream, cuts)]


CUT = [
    pytest.param(
        case,
        id=case["source"],
        marks=[pytest.mark.xfail(reason=case["fails"], strict=True)] if "fails" in case else [],
    )
    for case in CASES["cut"]
]


@pytest.mark.parametrize("case", CUT)
def test_units_on_one_line_are_found(case: dict[str, str]) -> None:
    assert [piece.strip() for piece in case["text"].split("‖")] == cut(case["text"].replace("‖", ""))


@pytest.mark.parametrize("case", CASES["whole"], ids=lambda case: case["source"])
def test_one_paragraph_stays_one(case: dict[str, str]) -> None:
    assert [case["text"]] == cut(case["text"])


@given(st.text(alphabet="一二、。（）()1.科技局 　\n工作“”", max_size=120))
@settings(max_examples=100, deadline=None)
def test_cuts_stand_inside_lines_in_order(text: str) -> None:
    stream = to_stream(text)
    cuts = govtext.load().structure.cuts(stream)
    assert (np.diff(cuts) > 0).all()
    assert stream.inside[cuts].all()
