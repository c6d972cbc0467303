"""The search over a recipe's fields: halving on inner documents, one fold that no choice has seen, a budget that ends it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from govtext import Taxonomy, Theme
from govtext.errors import BadConfig, BadCorpus
from govtext.training.corpus import LabelledDocument, Unit
from govtext.training.recipes import RECIPES, to_recipe
from govtext.training.search import GRID, Found, search

THEMES = Taxonomy((Theme("farm", "农业"), Theme("road", "交通")), 1)
WORDS = {"farm": "麦稻粮棉油果菜茶桑渔", "road": "桥路隧轨站港车船航运"}


@pytest.fixture(scope="module")
def documents() -> list[LabelledDocument]:
    rows = [
        (f"{a}{b}{a}工作第{k}项进展{chr(0x4E00 + 7 * k)}", code)
        for code, letters in WORDS.items()
        for k, (a, b) in enumerate((a, b) for a in letters for b in letters[:3])
    ]
    return [LabelledDocument(t, t, (Unit(0, len(t), "p", None, (c,), False, None),), whole=False) for t, c in rows]


def ticking(seconds: float) -> Callable[[], float]:
    ticks = iter(range(10_000))
    return lambda: next(ticks) * seconds


@pytest.fixture(scope="module")
def found(documents: list[LabelledDocument]) -> Found:
    grid = ({"C": 2.0}, {"names": 0.0})
    return search(documents, THEMES, minutes=1, grid=grid, clock=ticking(0.0))


def test_rungs_hold_more_documents_and_fewer_candidates(found: Found) -> None:
    sizes = [trial.documents for trial in found.trials]
    assert sizes == sorted(sizes)
    assert len([size for size in sizes if size == sizes[0]]) == 3
    assert max(sizes) + found.documents <= 60


def test_equal_candidates_leave_the_recipe_as_it_stands(found: Found) -> None:
    best = max(found.trials[:3], key=lambda trial: trial.f1)
    if best.f1 == found.trials[0].f1:
        assert found.changes == {}
        assert found.gain.difference == 0.0
    assert found.recipe == "lone"


def test_no_candidate_is_begun_after_the_budget(documents: list[LabelledDocument]) -> None:
    found = search(documents, THEMES, minutes=1, grid=({"C": 2.0},), clock=ticking(70.0))
    assert (len(found.trials), found.stopped, found.changes) == (1, True, {})


def test_few_documents_are_refused(documents: list[LabelledDocument]) -> None:
    with pytest.raises(BadCorpus, match="19 documents that are no copies of each other; a search puts some aside"):
        search(documents[:19], THEMES, minutes=1)


def test_no_time_is_refused(documents: list[LabelledDocument]) -> None:
    with pytest.raises(BadConfig, match="budget = 0; wanted minutes above 0"):
        search(documents, THEMES, minutes=0)


def test_every_candidate_is_a_recipe() -> None:
    assert set(GRID) == set(RECIPES)
    for name, grid in GRID.items():
        for changes in grid:
            assert to_recipe(name, changes) != RECIPES[name]
