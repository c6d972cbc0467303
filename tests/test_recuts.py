"""The second look at cuts: what it sees of a place, and that it only chooses among the places it was shown."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import govtext
from govtext.boilerplate import recuts
from govtext.boilerplate.context import CLASSES
from govtext.boilerplate.lines import HEAD, TAIL, Lines, pieces_of
from govtext.boilerplate.recuts import FLOOR, HIGHEST, LOWEST, N_NUMBERS, NOWHERE, CutJudge, second_look
from govtext.segmentation.boundaries import NEAREST
from govtext.segmentation.lines import Stream, to_stream

FLAT = (
    "2019年工作总结一、主要工作（一）企业服务扎实推进。今年以来，我局走访企业120家，帮助36家企业解决融资难题。"
    "二、存在的问题当前，科技投入仍然不足，创新能力有待提高。"
)
RIVALS = N_NUMBERS - 3 * len(CLASSES) - 1


def looked_at(text: str) -> tuple[Stream, np.ndarray, np.ndarray]:
    """The stream, the places that are looked at again, and what is seen of each."""
    structure = govtext.load().structure
    stream = to_stream(text)
    at, scores = structure.boundaries.scored(stream)
    return stream, *second_look(stream, at, scores, structure.lines, structure.boundaries.threshold)


@pytest.mark.parametrize(
    ("score", "doubted"),
    [(LOWEST - 0.1, False), (LOWEST, False), (LOWEST + 0.1, True), (HIGHEST, True), (HIGHEST + 0.1, False)],
)
def test_places_that_are_neither_hopeless_nor_sure_are_looked_at_again(score: float, doubted: bool) -> None:
    structure = govtext.load().structure
    stream = to_stream(FLAT)
    at = stream.index_of([FLAT.index(word) for word in ("一、", "（一）", "当前")])
    scores = np.array([0.0, score, 1.0])
    kept, numbers = second_look(stream, at, scores, structure.lines, structure.boundaries.threshold)
    assert kept.tolist() == at[[True, doubted, True]].tolist()
    assert numbers.shape == (len(kept), N_NUMBERS)


def test_both_sides_and_the_whole_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recuts, "HIGHEST", np.inf)
    stream, kept, numbers = looked_at(FLAT)
    heading_end = stream.index_of([FLAT.index("当前")])[0]
    row = numbers[kept.tolist().index(heading_end)]
    logs = row[RIVALS : RIVALS + 3 * len(CLASSES)].reshape(3, len(CLASSES))
    assert np.exp(logs).sum(axis=1) == pytest.approx(1 + FLOOR * len(CLASSES))
    before, behind, _ = (CLASSES[k] for k in logs.argmax(axis=1))
    assert (before, behind) == ("heading", "body")
    assert row[-1] == pytest.approx(logs[0].max() + logs[1].max() - logs[2].max())


def test_each_place_sees_its_own_score_and_those_beside_it_the_sure_ones_among_them() -> None:
    structure = govtext.load().structure
    stream = to_stream(FLAT)
    at = stream.index_of([FLAT.index(word) for word in ("一、", "（一）", "今年", "当前")])
    scores = np.array([-1.0, HIGHEST + 1, LOWEST - 1, 0.5])
    kept, numbers = second_look(stream, at, scores, structure.lines, structure.boundaries.threshold)
    assert at[[0, 3]].tolist() == kept.tolist()
    assert numbers[:, RIVALS - 1].tolist() == [-1.0, 0.5]
    beside = [[NOWHERE, NOWHERE, HIGHEST + 1, 0.5], [-1.0, HIGHEST + 1, NOWHERE, NOWHERE]]
    assert beside == numbers[:, :4].tolist()


def test_a_text_without_possible_cuts_has_none() -> None:
    _, kept, numbers = looked_at("科技工作\n")
    assert kept.tolist() == []
    assert numbers.shape == (0, N_NUMBERS)


@given(st.text(alphabet="一二、。（）()1.科技局 　\n工作“”领导", max_size=120))
@settings(max_examples=40)
def test_cuts_are_among_the_places_looked_at_again_and_the_sure_ones_and_apart(text: str) -> None:
    structure = govtext.load().structure
    stream, kept, _ = looked_at(text)
    at, scores = structure.boundaries.scored(stream)
    cuts = structure.cuts(stream)
    assert set(cuts.tolist()) <= {*kept.tolist(), *at[scores > HIGHEST].tolist()}
    assert (np.diff(cuts) >= NEAREST).all()


def test_a_sure_place_stays_a_cut_whatever_its_pieces_are(monkeypatch: pytest.MonkeyPatch) -> None:
    structure = govtext.load().structure
    stream = to_stream(FLAT)
    at, scores = structure.boundaries.scored(stream)
    monkeypatch.setattr(recuts, "LOWEST", HIGHEST)
    assert (scores > HIGHEST).any()
    assert at[scores > HIGHEST].tolist() == structure.cuts(stream).tolist()


def test_a_judge_comes_back_from_its_arrays() -> None:
    judge = govtext.load().structure.recuts
    again = CutJudge.from_arrays(judge.arrays())
    _, _, numbers = looked_at(FLAT)
    assert again.threshold == judge.threshold
    assert again.network.scores(numbers).tolist() == judge.network.scores(numbers).tolist()


def test_a_text_with_too_many_places_keeps_its_first_cuts(monkeypatch: pytest.MonkeyPatch) -> None:
    structure = govtext.load().structure
    stream = to_stream(FLAT)
    monkeypatch.setattr(recuts, "MOST", 0)
    assert structure.cuts(stream).tolist() == structure.boundaries.cuts(stream).tolist()


@pytest.mark.parametrize("n", [10, 100, 600])
def test_a_place_on_a_long_line_costs_no_more_than_on_a_short_one(n: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Pieces that reach to the line's ends are not copied, and what is walked of them are their two ends."""
    read: list[Lines] = []

    def noting(*arguments: Any) -> Lines:
        read.append(pieces_of(*arguments))
        return read[-1]

    monkeypatch.setattr(recuts, "pieces_of", noting)
    stream = to_stream("今年以来走访企业" * n)
    at = np.arange(8, 8 * n, 8)
    kept, _ = second_look(stream, at, np.zeros(len(at)), govtext.load().structure.lines, threshold=1.0)
    (lines,) = read
    assert at.tolist() == kept.tolist()
    assert len(lines) == 2 * len(at) + 1
    assert lines.source is stream.flat.folded_text
    lengths = (lines.stop - lines.first).tolist()
    assert sum(lengths) == 8 * n * n
    walked = sum(len(end.codes.codes) for end in lines.ends().values())
    assert walked <= len(lines) * (HEAD + TAIL + 4)
