"""Thresholds from out-of-fold probabilities, against brute force; what they decide stands in test_scorer.py."""

from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from govtext.scoring.thresholds import decide
from govtext.training.thresholds import HIGHEST, LOWEST, PRIOR_SUPPORT, WINDOW, best_threshold, theme_thresholds

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


def f1_of(decided: Bools, target: Bools, weight: Floats) -> float:
    said, true = float(decided @ weight), float(target @ weight)
    return 2 * float((decided & target) @ weight) / (said + true)


def averaged_f1(probabilities: Floats, target: Bools, weight: Floats) -> list[float]:
    """For each number of the most probable rows that could be said yes to, the mean F1 of it and its neighbours."""
    order = sorted(range(len(probabilities)), key=lambda i: -probabilities[i])
    curve = []
    for number in range(1, int((probabilities >= LOWEST).sum()) + 1):
        decided = np.zeros(len(probabilities), bool)
        decided[order[:number]] = True
        curve.append(f1_of(decided, target, weight))
    reach = range(-(WINDOW // 2), WINDOW // 2 + 1)
    last = len(curve) - 1
    return [sum(curve[min(max(i + k, 0), last)] for k in reach) / WINDOW for i in range(len(curve))]


def column(*values: float) -> Floats:
    return np.array(values, np.float64)


def ones(n: int) -> Floats:
    return np.ones(n)


@pytest.mark.parametrize(("low", "high"), [(0.1, 0.2), (0.3, 0.6), (0.7, 0.9)])
def test_a_gap_between_no_and_yes_is_cut_in_the_middle(low: float, high: float) -> None:
    probabilities = np.concatenate([np.linspace(low - 0.04, low, 30), np.linspace(high, high + 0.04, 30)])
    target = np.arange(60) >= 30
    assert (low + high) / 2 == pytest.approx(best_threshold(probabilities, target, ones(60)))


@pytest.mark.parametrize(("gap", "threshold"), [(0.9, 0.9), (0.97, HIGHEST), (0.05, LOWEST)])
def test_a_threshold_stays_between_the_lowest_and_the_highest(gap: float, threshold: float) -> None:
    probabilities = np.concatenate([gap - np.linspace(0.001, 0.01, 30), gap + np.linspace(0.001, 0.01, 30)])
    probabilities = np.append(probabilities, [0.99, 0.991])
    target = np.append(np.arange(60) >= 30, [True, True])
    assert threshold == pytest.approx(best_threshold(probabilities, target, ones(62)), abs=1e-3)


@pytest.mark.parametrize(
    ("probabilities", "target"),
    [
        (column(), np.zeros(0, bool)),
        (column(0.9), np.array([True])),
        (column(0.9, 0.8, 0.7), np.zeros(3, bool)),
        (column(0.04, 0.03, 0.9), np.array([True, True, True])),
    ],
    ids=["no rows", "one row", "no yes", "one row to say yes to"],
)
def test_too_little_to_learn_from_gives_one_half(probabilities: Floats, target: Bools) -> None:
    assert best_threshold(probabilities, target, ones(len(target))) == 0.5


def test_rows_of_weight_0_say_nothing_of_the_best() -> None:
    probabilities = column(*np.linspace(0.9, 0.8, 20), *np.linspace(0.7, 0.6, 20), *np.linspace(0.3, 0.2, 20))
    target = np.array([True] * 20 + [False] * 20 + [True] * 20)
    weight = np.array([1.0] * 20 + [1.0] * 20 + [0.0] * 20)
    assert 0.7 < best_threshold(probabilities, target, weight) < 0.8
    assert best_threshold(probabilities, target, ones(60)) < 0.3


@st.composite
def columns(draw: st.DrawFn) -> tuple[Floats, Bools, Floats]:
    n = draw(st.integers(2, 25))
    steps = draw(st.lists(st.integers(1, 97), min_size=n, max_size=n, unique=True))
    target = draw(st.lists(st.booleans(), min_size=n, max_size=n).filter(any))
    weight = draw(st.lists(st.sampled_from([0.5, 1.0, 2.0]), min_size=n, max_size=n))
    return np.array(steps) / 100, np.array(target), np.array(weight)


@given(columns())
def test_the_threshold_is_where_brute_force_finds_the_best_average(case: tuple[Floats, Bools, Floats]) -> None:
    probabilities, target, weight = case
    threshold = best_threshold(probabilities, target, weight)
    assert LOWEST <= threshold <= HIGHEST
    if (probabilities >= LOWEST).sum() < 2:
        assert threshold == 0.5
        return
    means = averaged_f1(probabilities, target, weight)
    number = int((probabilities >= threshold).sum())
    # Beyond the highest threshold there is no telling rows apart.
    if threshold < HIGHEST:
        assert means[number - 1] == pytest.approx(max(means))


@given(columns(), st.randoms())
def test_the_order_of_rows_does_not_matter(case: tuple[Floats, Bools, Floats], random: Random) -> None:
    probabilities, target, weight = case
    order = list(range(len(target)))
    random.shuffle(order)
    assert best_threshold(probabilities, target, weight) == pytest.approx(
        best_threshold(probabilities[order], target[order], weight[order])
    )


def micro_f1(probabilities: Floats, thresholds: Floats, target: Bools, most: int) -> float:
    codes = "abcdef"[: target.shape[1]]
    decided = np.array([[c in row for c in codes] for row in decide(probabilities, thresholds, codes=codes, most=most)])
    return 2 * float((decided & target).sum()) / float(decided.sum() + target.sum())


GAPS = np.array([0.3, 0.5, 0.8])


def themes_with_gaps(n: int = 200) -> tuple[Floats, Bools]:
    """Three themes, each right from a probability of its own: those of `GAPS`."""
    rng = np.random.default_rng(3)
    target = rng.random((n, 3)) < 0.4
    yes, no = GAPS + 0.05 + 0.1 * rng.random((n, 3)), GAPS - 0.05 - 0.1 * rng.random((n, 3))
    return np.where(target, yes, no), target


def unpulled(thresholds: Floats, support: Floats) -> Floats:
    """The thresholds before few examples pulled them towards one half."""
    return (thresholds * (support + PRIOR_SUPPORT) - 0.5 * PRIOR_SUPPORT) / support


def test_each_theme_gets_a_threshold_of_its_own() -> None:
    probabilities, target = themes_with_gaps()
    thresholds = theme_thresholds(probabilities, target, ones(len(target)), most=3)
    # The curve of all themes together is lopsided, so the average over neighbours may lie a few rows off the gap.
    np.testing.assert_allclose(GAPS, unpulled(thresholds, target.sum(axis=0)), atol=0.1)
    assert micro_f1(probabilities, thresholds, target, most=3) > 0.95
    assert micro_f1(probabilities, np.full(3, 0.5), target, most=3) < 0.9


@pytest.mark.parametrize(
    ("n_examples", "weight", "share"), [(5, 1.0, 0.2), (20, 1.0, 0.5), (20, 3.0, 0.75), (180, 1.0, 0.9)]
)
def test_few_examples_leave_a_threshold_near_one_half(n_examples: int, weight: float, share: float) -> None:
    assert PRIOR_SUPPORT == 20
    yes = np.linspace(0.25, 0.3, n_examples)
    probabilities, target = np.concatenate([yes, yes - 0.1]), np.arange(2 * n_examples) < n_examples
    weights = np.full(2 * n_examples, weight)
    best = best_threshold(probabilities, target, weights)
    assert best < 0.25
    (pulled,) = theme_thresholds(probabilities[:, None], target[:, None], weights, most=1)
    assert pulled == pytest.approx(share * best + (1 - share) * 0.5)


def test_what_is_not_among_the_most_probable_never_counts() -> None:
    n = 40
    strong, weak = np.linspace(0.8, 0.9, n), np.linspace(0.3, 0.4, n)
    probabilities = np.stack([strong, weak], axis=1)
    target = np.ones((n, 2), bool)
    # With one theme a row, the second is never said, so nothing is to be learnt about it.
    assert theme_thresholds(probabilities, target, ones(n), most=1)[1] == 0.5
    assert unpulled(theme_thresholds(probabilities, target, ones(n), most=2)[1], column(n)) == pytest.approx(0.3)


def test_a_theme_that_is_always_right_is_not_let_in_without_bound() -> None:
    n = 20
    probabilities = np.concatenate([np.stack([np.linspace(0.8, 0.9, n), np.full(n, 0.1)], axis=1), [[0.1, 0.2]] * n])
    target = np.concatenate([[[True, False]] * n, [[False, True]] * n])
    threshold = theme_thresholds(probabilities, target, ones(2 * n), most=1)[0]
    assert unpulled(threshold, column(n)) == pytest.approx((0.8 + LOWEST) / 2)


def test_themes_without_examples_get_one_half() -> None:
    probabilities = np.random.default_rng(0).random((30, 2))
    assert theme_thresholds(probabilities, np.zeros((30, 2), bool), ones(30), most=2).tolist() == [0.5, 0.5]


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("most", [1, 2, 3])
def test_thresholds_are_no_worse_than_one_half_for_all(seed: int, most: int) -> None:
    rng = np.random.default_rng(seed)
    target = rng.random((400, 3)) < [0.1, 0.3, 0.5]
    probabilities = np.clip(0.3 * target + 0.5 * rng.random((400, 3)) ** [3, 1, 2], 0, 1)
    thresholds = theme_thresholds(probabilities, target, ones(400), most=most)
    assert ((thresholds >= LOWEST) & (thresholds <= HIGHEST)).all()
    assert micro_f1(probabilities, thresholds, target, most) > micro_f1(probabilities, np.full(3, 0.5), target, most)
