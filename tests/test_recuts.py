"""The second look at cuts: what it sees of a place, and that it only chooses among the places it was shown."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import govtext
from govtext.boilerplate import recuts
from govtext.boilerplate.context import CLASSES
from govtext.boilerplate.lines import Line, to_line
from govtext.boilerplate.recuts import FLOOR, LONGEST_PIECE, LOWEST, N_NUMBERS, CutJudge, second_look
from govtext.segmentation.boundaries import NEAREST
from govtext.segmentation.lines import Stream, to_stream

FLAT = (
    "2019年工作总结一、主要工作（一）企业服务扎实推进。今年以来，我局走访企业120家，帮助36家企业解决融资难题。"
    "二、存在的问题当前，科技投入仍然不足，创新能力有待提高。"
)
RIVALS = N_NUMBERS - 3 * len(CLASSES) - 1


def looked_at(text: str) -> tuple[Stream, np.ndarray, np.ndarray, np.ndarray]:
    structure = govtext.load().structure
    stream = to_stream(text)
    at, scores = structure.boundaries.scored(stream)
    kept, numbers = second_look(stream, at, scores, structure.lines, structure.boundaries.threshold)
    return stream, kept, numbers, scores[np.isin(at, kept)]


def test_places_above_the_lowest_score_are_looked_at_again() -> None:
    structure = govtext.load().structure
    at, scores = structure.boundaries.scored(to_stream(FLAT))
    _, kept, numbers, _ = looked_at(FLAT)
    assert kept.tolist() == at[scores > LOWEST].tolist()
    assert numbers.shape == (len(kept), N_NUMBERS)


def test_both_sides_and_the_whole_are_read() -> None:
    stream, kept, numbers, _ = looked_at(FLAT)
    heading_end = stream.index_of([FLAT.index("当前")])[0]
    row = numbers[kept.tolist().index(heading_end)]
    logs = row[RIVALS : RIVALS + 3 * len(CLASSES)].reshape(3, len(CLASSES))
    assert np.exp(logs).sum(axis=1) == pytest.approx(1 + FLOOR * len(CLASSES))
    before, behind, _ = (CLASSES[k] for k in logs.argmax(axis=1))
    assert (before, behind) == ("heading", "body")
    assert row[-1] == pytest.approx(logs[0].max() + logs[1].max() - logs[2].max())


def test_each_place_sees_its_own_score() -> None:
    _, _, numbers, scores = looked_at(FLAT)
    assert numbers[:, RIVALS - 1] == pytest.approx(scores)


def test_a_text_without_possible_cuts_has_none() -> None:
    _, kept, numbers, _ = looked_at("科技工作\n")
    assert kept.tolist() == []
    assert numbers.shape == (0, N_NUMBERS)


@given(st.text(alphabet="一二、。（）()1.科技局 　\n工作“”领导", max_size=120))
def test_cuts_are_among_the_places_shown_and_apart(text: str) -> None:
    structure = govtext.load().structure
    stream, kept, _, _ = looked_at(text)
    cuts = structure.cuts(stream)
    assert set(cuts.tolist()) <= set(kept.tolist())
    assert (np.diff(cuts) >= NEAREST).all()


def test_a_judge_comes_back_from_its_arrays() -> None:
    judge = govtext.load().structure.recuts
    again = CutJudge.from_arrays(judge.arrays())
    _, _, numbers, _ = looked_at(FLAT)
    assert again.threshold == judge.threshold
    assert again.network.scores(numbers).tolist() == judge.network.scores(numbers).tolist()


def test_a_text_with_too_many_places_keeps_its_first_cuts(monkeypatch: pytest.MonkeyPatch) -> None:
    structure = govtext.load().structure
    stream = to_stream(FLAT)
    monkeypatch.setattr(recuts, "MOST", 0)
    assert structure.cuts(stream).tolist() == structure.boundaries.cuts(stream).tolist()


def test_of_a_long_piece_only_the_ends_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[str] = []

    def noting(piece: str, **flags: bool) -> Line:
        seen.append(piece)
        return to_line(piece, **flags)

    monkeypatch.setattr(recuts, "to_line", noting)
    looked_at("一、主要工作" + "今年以来走访企业" * 400 + "。二、下步打算")
    assert seen
    assert max(map(len, seen)) <= LONGEST_PIECE
    assert any(len(piece) == LONGEST_PIECE for piece in seen)
