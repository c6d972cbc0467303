"""The best reading of numbered headings: what each count costs, and that none is cheaper."""

import math
import tomllib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from govtext.segmentation import sequence
from govtext.segmentation.sequence import BEAM, COSTS, GOES_ON, REPAIRS, SURE, Candidate, Choice, best_reading

CASES = tomllib.loads((Path(__file__).parent / "cases" / "sequence.toml").read_text(encoding="utf-8"))["case"]
LEVELS = {"chinese": 1, "chinese-bracket": 2, "digit": 3}
CANDIDATES = st.sampled_from(sorted(LEVELS)).flatmap(
    lambda family: st.builds(
        Candidate,
        st.just(family),
        st.one_of(st.none(), st.integers(1, 4)),
        st.just(LEVELS[family]),
        st.floats(0, 1, allow_subnormal=False),
    )
)


def candidate(row: Sequence[Any]) -> Candidate:
    family, number, level, probability = row[:4]
    return Candidate(family, number or None, level, probability)


def choice(row: Sequence[Any]) -> Choice:
    level, amiss, number = row[4:]
    return Choice(level or None, amiss or None, number or None)


def readings(candidates: Sequence[Candidate]) -> Iterator[tuple[float, list[Choice]]]:
    """Every reading there is, with its cost."""
    runs_on = sequence._runs_on(candidates)

    def behind(i: int, cost: float, stack: Any, choices: list[Choice]) -> Iterator[tuple[float, list[Choice]]]:
        if i == len(candidates):
            yield cost, choices
            return
        for more, opened, made in sequence._steps(candidates[i], stack, runs_on[i]):
            yield from behind(i + 1, cost + more, opened, [*choices, Choice(*made)])

    yield from behind(0, 0.0, (), [])


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_the_reading_of_a_case(case: dict[str, Any]) -> None:
    rows = case["read"]
    assert [choice(row) for row in rows] == best_reading([candidate(row) for row in rows])
    assert case["source"]


def test_each_repair_occurs_in_a_case() -> None:
    assert set(REPAIRS) == {row[5] for case in CASES for row in case["read"]} - {""}


def test_no_candidates_no_choices() -> None:
    assert best_reading([]) == []


@pytest.mark.parametrize(
    ("probability", "read"),
    [(0.0, False), (SURE, False), (0.49, False), (0.51, True), (1 - SURE, True), (1.0, True)],
)
def test_a_heading_without_number_is_read_where_it_is_likelier_than_not(probability: float, read: bool) -> None:
    (found,) = best_reading([Candidate("bare", None, 1, probability)])
    assert read == (found.level is not None)


@pytest.mark.parametrize("above", [-0.1, 0.1])
def test_a_number_left_out_is_worth_its_cost(above: float) -> None:
    """What the odds say against a piece must outweigh the cost of a count without it."""
    odds = COSTS["skipped"] + 2 * GOES_ON + above  # it goes on from the one before it, and the next from it
    doubtful = Candidate("chinese", 2, 1, 1 / (1 + math.exp(odds)))
    around = [Candidate("chinese", 1, 1, 1.0), doubtful, Candidate("chinese", 3, 1, 1.0)]
    assert [1, 1 if above < 0 else None, 1] == [c.level for c in best_reading(around)]


@given(st.lists(CANDIDATES, max_size=12))
@settings(max_examples=40)
def test_every_candidate_has_one_choice_and_levels_leave_none_out(candidates: list[Candidate]) -> None:
    choices = best_reading(candidates)
    assert len(candidates) == len(choices)
    levels = {c.level for c in choices} - {None}
    assert levels == set(range(1, len(levels) + 1))
    for given_, made in zip(candidates, choices):
        if given_.probability <= SURE:
            assert made.level is None
        elif given_.probability >= 1 - SURE:
            assert made.level is not None
        assert made.level is not None or made == Choice(None)
        assert made.amiss is None or made.amiss in REPAIRS


@given(st.lists(CANDIDATES, max_size=6))
@settings(max_examples=30, deadline=None)
def test_no_reading_is_cheaper(candidates: list[Candidate]) -> None:
    found = sequence._cheapest(candidates)
    costs = [(cost, choices) for cost, choices in readings(candidates)]
    least = min(cost for cost, _ in costs)
    mine = min(cost for cost, choices in costs if choices == found)
    assert least == pytest.approx(mine, abs=1e-9)


def test_the_search_stays_small_on_a_text_full_of_headings(monkeypatch: pytest.MonkeyPatch) -> None:
    depths = []
    steps = sequence._steps

    def counted(given_: Candidate, stack: Any, *rest: Any) -> Any:
        depths.append(len(stack))
        return steps(given_, stack, *rest)

    monkeypatch.setattr(sequence, "_steps", counted)
    families = [*LEVELS.items(), ("circled", 4), ("item", 5)]
    candidates = [
        Candidate(family, i % 11 + 1, level, 0.5)
        for i, (family, level) in enumerate(families[i * 7 % 5] for i in range(2000))
    ]
    assert len(candidates) == len(best_reading(candidates))
    assert max(depths) <= len(families)
    assert len(depths) <= BEAM * len(candidates)


def test_a_long_reading_is_taken_apart_without_recursion() -> None:
    candidates = [Candidate("bare", None, 1, 1.0)] * 40_000
    assert len(candidates) == len(best_reading(candidates))
