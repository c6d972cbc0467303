"""Calibration: what the figures mean, that probabilities come to mean what they say, and that few examples do no harm."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from govtext.errors import BadCorpus
from govtext.evaluation.calibration import calibration_figures, label_figures, reliability_bins, worst_label
from govtext.scoring.calibration import Calibration
from govtext.scoring.thresholds import sigmoid
from govtext.training.calibration import cross_fitted, fit_calibration

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


def drawn(seed: int, *, n: int = 4000, slope: float = 1.0, offset: float = -2.0) -> tuple[Floats, Bools]:
    """Scores of two labels, and labels that are true with probability sigmoid(slope · score + offset)."""
    random = np.random.default_rng(seed)
    scores = random.normal(0, 2, (n, 2))
    return scores, random.random((n, 2)) < sigmoid(scores * slope + offset)


def test_calibration_error_by_hand() -> None:
    said = [0.1] * 10 + [0.9] * 10
    figures = label_figures(said, [1] * 2 + [0] * 8 + [1] * 6 + [0] * 4, n_bins=2)
    assert figures.error == pytest.approx((10 * 0.1 + 10 * 0.3) / 20)
    assert figures.brier == pytest.approx((2 * 0.81 + 8 * 0.01 + 6 * 0.01 + 4 * 0.81) / 20)
    assert figures.uncertainty == pytest.approx(0.4 * 0.6)
    # Recalibrated, the two halves say 0.2 and 0.6.
    assert figures.miscalibration == pytest.approx(figures.brier - (0.2 * 0.8 + 0.6 * 0.4) / 2)


@given(
    rows=st.lists(st.tuples(st.sampled_from([0.0, 0.1, 0.3, 0.5, 0.9, 1.0]), st.booleans()), min_size=1, max_size=40)
)
def test_parts_of_the_brier_score_add_up(rows: list[tuple[float, bool]]) -> None:
    figures = label_figures([p for p, _ in rows], [t for _, t in rows])
    assert figures.miscalibration - figures.discrimination + figures.uncertainty == pytest.approx(figures.brier)
    assert figures.miscalibration >= -1e-12
    assert figures.discrimination >= -1e-12
    assert sum(b.n for b in figures.bins) == len(rows)
    assert 0 <= figures.debiased <= figures.error + 1e-12


@given(data=st.data())
def test_figures_do_not_depend_on_the_order_of_rows(data: st.DataObject) -> None:
    n = data.draw(st.integers(1, 30))
    said = np.array(data.draw(st.lists(st.sampled_from([0.0, 0.25, 0.5, 0.75]), min_size=n, max_size=n)))
    true = np.array(data.draw(st.lists(st.booleans(), min_size=n, max_size=n)))
    order = list(data.draw(st.permutations(range(n))))
    assert label_figures(said, true, n_bins=4) == label_figures(said[order], true[order], n_bins=4)


def test_debiased_error_of_honest_probabilities_is_nearer_to_none() -> None:
    plain, debiased = [], []
    for seed in range(30):
        random = np.random.default_rng(seed)
        said = random.random(300)
        figures = label_figures(said, random.random(300) < said)
        plain.append(figures.error)
        debiased.append(figures.debiased)
    assert np.mean(plain) > 0.05
    assert np.mean(debiased) < 0.6 * np.mean(plain)


def test_debiased_error_of_lying_probabilities_is_what_they_lie_by() -> None:
    random = np.random.default_rng(0)
    said = random.uniform(0.3, 0.9, 20_000)
    figures = label_figures(said, random.random(20_000) < said - 0.2)
    assert figures.debiased == pytest.approx(0.2, abs=0.015)
    assert figures.miscalibration == pytest.approx(0.04, abs=0.006)


def test_rare_label_is_judged_where_it_is_likely() -> None:
    said = np.array([0.001] * 960 + [0.9] * 40)
    figures = label_figures(said, np.arange(1000) >= 980)
    assert figures.error < 0.02
    assert figures.likely == pytest.approx(0.4, abs=0.02)
    assert [b.n for b in figures.bins] == [960, 40]
    assert [b.said for b in figures.bins] == pytest.approx([0.001, 0.9])


def test_bins_hold_about_as_many_rows_and_never_part_equal_probabilities() -> None:
    bins = reliability_bins(np.linspace(0, 1, 100), np.arange(100) >= 50, n_bins=10)
    assert [b.n for b in bins] == pytest.approx([10] * 10, abs=1)
    assert all(b.low <= b.true <= b.high for b in bins)
    tied = reliability_bins([0.2] * 50 + [0.7] * 5, [0] * 55, n_bins=10)
    assert [(b.lowest, b.highest, b.n) for b in tied] == [(0.2, 0.2, 50), (0.7, 0.7, 5)]


def test_worst_label_is_among_those_with_enough_rows() -> None:
    random = np.random.default_rng(1)
    said = random.uniform(0, 1, (400, 3))
    target = random.random((400, 3)) < said
    target[:, 0], target[:, 1] = False, random.random(400) < said[:, 1] / 2
    figures = calibration_figures(said, target)
    assert worst_label(figures) == 1
    assert worst_label(figures, fewest_true=0) == 0
    assert worst_label(figures, fewest_true=401) is None


@pytest.mark.parametrize(("slope", "offset"), [(1.0, 0.0), (3.0, -1.0), (0.2, 0.5)])
def test_calibrated_probabilities_mean_what_they_say(slope: float, offset: float) -> None:
    scores, target = drawn(0, slope=slope, offset=offset)
    fitted = fit_calibration(scores[:2000], target[:2000])
    figures = calibration_figures(fitted.probabilities(scores[2000:]), target[2000:])
    assert max(f.debiased for f in figures) < 0.03
    assert fitted.slope == pytest.approx([slope] * 2, rel=0.2)


def test_scale_of_the_scores_is_irrelevant() -> None:
    scores, target = drawn(1)
    once = fit_calibration(scores, target).probabilities(scores)
    assert once == pytest.approx(fit_calibration(scores * 50, target).probabilities(scores * 50), abs=1e-6)


def test_label_of_many_rows_gets_a_map_of_its_own() -> None:
    scores, target = drawn(2, n=20_000)
    target[:, 1] = np.random.default_rng(3).random(20_000) < sigmoid(0.3 * scores[:, 1] + 1)
    fitted = fit_calibration(scores, target)
    own = LogisticRegression(C=1e6).fit(scores[:, 1:], target[:, 1])
    assert fitted.slope[1] == pytest.approx(own.coef_[0, 0], rel=0.05)
    assert fitted.offset[1] == pytest.approx(own.intercept_[0], rel=0.05)


@pytest.mark.parametrize("n_true", [0, 1, 3])
def test_label_of_few_rows_stays_near_the_common_map(n_true: int) -> None:
    scores, target = drawn(4)
    order = np.argsort(-scores[:, 1])
    target[:, 1] = False
    target[order[:n_true], 1] = True
    alone = fit_calibration(scores[:, :1], target[:, :1])
    fitted = fit_calibration(scores, target)
    # Its few rows are parted perfectly from the others: by itself its slope would be without bound.
    assert 0 < fitted.slope[1] < 4 * alone.slope[0]


def test_order_of_scores_never_turns_round() -> None:
    scores, target = drawn(5)
    target[:, 1] = scores[:, 1] < 0
    probabilities = fit_calibration(scores, target).probabilities(np.sort(scores, axis=0))
    assert (np.diff(probabilities, axis=0) >= 0).all()


def test_weight_counts_rows_that_often() -> None:
    scores, target = drawn(6, n=300)
    weight = np.random.default_rng(0).integers(0, 3, 300)
    once = fit_calibration(scores, target, weight=weight)
    repeated = fit_calibration(np.repeat(scores, weight, axis=0), np.repeat(target, weight, axis=0))
    assert once.slope == pytest.approx(repeated.slope, rel=1e-4)
    assert once.offset == pytest.approx(repeated.offset, abs=1e-4)


def test_cross_fitted_rows_never_see_their_own_labels() -> None:
    scores, target = drawn(7, n=400)
    fold = np.arange(400) % 4
    before = cross_fitted(scores, target, fold)
    turned = target.copy()
    turned[fold == 2] ^= True
    after = cross_fitted(scores, turned, fold)
    assert (before[fold == 2] == after[fold == 2]).all()
    assert (before[fold != 2] != after[fold != 2]).any()


def test_calibration_survives_being_stored_and_scores_without_bound() -> None:
    fitted = fit_calibration(*drawn(8))
    again = Calibration.from_arrays("themes.calibration", fitted.arrays("themes.calibration"))
    scores = np.array([[0.3, -0.2], [np.inf, -np.inf], [1e300, -1e300]])
    assert (again.probabilities(scores) == fitted.probabilities(scores)).all()
    assert again.probabilities(scores)[1].tolist() == [1.0, 0.0]
    assert Calibration.none(2).probabilities(np.zeros((1, 2))).tolist() == [[0.5, 0.5]]


@pytest.mark.parametrize(
    ("scores", "target", "said"),
    [
        ([[0.1, np.nan]], [[1, 0]], "NaN"),
        ([[0.1], [0.2]], [[1]], r"scores \(2, 1\), labels \(1, 1\)"),
        ([[0.1], [0.2]], [[0], [0]], "needs rows with and without"),
        ([[0.1], [0.2]], [[1], [1]], "needs rows with and without"),
    ],
)
def test_scores_that_cannot_be_calibrated_are_said(
    scores: list[list[float]], target: list[list[int]], said: str
) -> None:
    with pytest.raises(BadCorpus, match=said):
        fit_calibration(scores, target)


def test_probabilities_that_are_none_are_said() -> None:
    with pytest.raises(BadCorpus, match="outside 0–1 or NaN"):
        label_figures([0.5, np.nan], [1, 0])
    with pytest.raises(BadCorpus, match=r"probabilities \(0,\)"):
        label_figures([], [])
    with pytest.raises(BadCorpus, match=r"wanted \(n, n_labels\) twice"):
        calibration_figures([0.5], [1])
