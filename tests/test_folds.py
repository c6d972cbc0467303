"""Folds: groups whole, labels even, the same whatever the order; against brute force, and in scikit-learn's hands."""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np
import pytest
import scipy.sparse as sparse
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from sklearn import config_context
from sklearn.base import clone
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV, cross_val_score
from sklearn.multiclass import OneVsRestClassifier

from govtext.errors import BadConfig, BadCorpus
from govtext.training.folds import GroupedStratifiedKFold, grouped_stratified_folds, to_indicator, unevenness

Ints = NDArray[np.int64]


def drawn(seed: int, *, n_groups: int, n_rows: int, n_labels: int) -> tuple[Ints, Ints]:
    """Labels of different frequency and groups of different size, each with a row at least."""
    random = np.random.default_rng(seed)
    labels = (random.random((n_rows, n_labels)) < random.random(n_labels) * 0.6).astype(np.int64)
    shares = random.dirichlet(np.ones(n_groups))
    groups = np.concatenate([np.arange(n_groups), random.choice(n_groups, n_rows - n_groups, p=shares)])
    return labels, groups


def least_unevenness(labels: Ints, groups: Ints, *, n_folds: int) -> float:
    """Of all ways to hand the groups out that leave no fold empty."""
    least = np.inf
    for tried in product(range(n_folds), repeat=int(groups.max())):
        fold = np.array([0, *tried])
        if len(set(fold.tolist())) == n_folds:
            least = min(least, unevenness(labels, fold[groups], n_folds=n_folds))
    return least


def test_small_cases_are_as_even_as_brute_force_can_make_them() -> None:
    found, best = [], []
    for seed in range(60):
        n_folds = 2 + seed % 2
        labels, groups = drawn(seed, n_groups=4 + seed % 4, n_rows=30, n_labels=1 + seed % 4)
        fold = grouped_stratified_folds(labels, groups, n_folds=n_folds)
        found.append(unevenness(labels, fold, n_folds=n_folds))
        best.append(least_unevenness(labels, groups, n_folds=n_folds))
    # Nearly always the best there is; where not, no more than half as much again.
    assert np.isclose(found, best).mean() >= 0.98
    assert (np.array(found) <= 1.5 * np.array(best) + 1e-9).all()


def test_rare_label_is_spread_over_the_folds() -> None:
    labels, groups = np.zeros((200, 2), np.int64), np.arange(200) // 4
    labels[::2, 0] = 1
    labels[[3, 47, 90, 131, 177], 1] = 1
    fold = grouped_stratified_folds(labels, groups, n_folds=5)
    assert np.bincount(fold[labels[:, 1] == 1], minlength=5).tolist() == [1] * 5
    assert np.bincount(fold).tolist() == [40] * 5
    assert unevenness(labels, fold, n_folds=5) == 0


def test_unevenness_is_chi_square_of_counts_and_sizes() -> None:
    labels = np.array([[1], [1], [0], [0]])
    assert unevenness(labels, [0, 1, 0, 1], n_folds=2) == 0
    assert unevenness(labels, [0, 0, 1, 1], n_folds=2) == pytest.approx(2 * (1 - 0) ** 2 / 1)
    assert unevenness(labels, [0, 0, 0, 0], n_folds=2) == pytest.approx(2 * 1 + 2 * (4 - 2) ** 2 / 2)


CASES = st.tuples(st.integers(0, 10_000), st.integers(2, 5), st.integers(0, 12), st.integers(0, 30), st.integers(0, 4))


@given(case=CASES)
def test_group_is_in_one_fold_and_no_fold_is_empty(case: tuple[int, int, int, int, int]) -> None:
    seed, n_folds, more_groups, more_rows, n_labels = case
    n_groups = n_folds + more_groups
    labels, groups = drawn(seed, n_groups=n_groups, n_rows=n_groups + more_rows, n_labels=n_labels)
    fold = grouped_stratified_folds(labels, groups, n_folds=n_folds, seed=seed)
    assert all(len(set(fold[groups == g].tolist())) == 1 for g in range(n_groups))
    assert list(range(n_folds)) == sorted(set(fold.tolist()))


@given(case=CASES, data=st.data())
@settings(max_examples=50)
def test_order_of_rows_is_irrelevant(case: tuple[int, int, int, int, int], data: st.DataObject) -> None:
    seed, n_folds, more_groups, more_rows, n_labels = case
    n_groups = n_folds + more_groups
    labels, groups = drawn(seed, n_groups=n_groups, n_rows=n_groups + more_rows, n_labels=n_labels)
    names = np.array([f"文件{g}" for g in groups])
    order = list(data.draw(st.permutations(range(len(groups)))))
    fold = grouped_stratified_folds(labels, names, n_folds=n_folds)
    assert fold[order].tolist() == grouped_stratified_folds(labels[order], names[order], n_folds=n_folds).tolist()


def test_one_huge_group_leaves_no_fold_empty() -> None:
    labels, groups = np.ones((103, 1), np.int64), np.array([0] * 100 + [1, 2, 3])
    fold = grouped_stratified_folds(labels, groups, n_folds=4)
    assert sorted(np.bincount(fold).tolist()) == [1, 1, 1, 100]


def test_seed_gives_another_split_and_the_same_seed_the_same() -> None:
    labels, groups = drawn(0, n_groups=40, n_rows=200, n_labels=3)
    splits = [grouped_stratified_folds(labels, groups, n_folds=5, seed=seed).tolist() for seed in (0, 0, 1)]
    assert splits[0] == splits[1] != splits[2]


@pytest.mark.parametrize(
    ("labels", "groups", "n_folds", "error", "said"),
    [
        ([[1], [0], [1]], ["a", "b", "b"], 3, BadCorpus, r"2 groups of documents for 3 folds; label more documents"),
        ([[1], [0]], ["a", "b"], 1, BadConfig, r"1 folds; wanted at least 2"),
        ([[1], [0]], ["a"], 2, BadCorpus, r"labels of shape \(2, 1\) with groups of shape \(1,\)"),
        ([1, 0], ["a", "b"], 2, BadCorpus, r"labels of shape \(2,\)"),
        ([[0.5], [0]], ["a", "b"], 2, BadCorpus, r"other than 0 and 1"),
        ([[np.nan], [0]], ["a", "b"], 2, BadCorpus, r"other than 0 and 1"),
    ],
)
def test_what_cannot_be_split_is_said_in_one_sentence(
    labels: Any, groups: list[str], n_folds: int, error: type[Exception], said: str
) -> None:
    with pytest.raises(error, match=said):
        grouped_stratified_folds(labels, groups, n_folds=n_folds)


@pytest.mark.parametrize(
    ("y", "indicator"),
    [
        ([["党建"], [], ["人才", "党建"]], [[0, 1], [0, 0], [1, 1]]),
        ([[], []], [[], []]),
        (np.array([["党建"], ["人才", "党建"]], object), [[0, 1], [1, 1]]),
        (["党建", "人才", "党建"], [[0, 1], [1, 0], [0, 1]]),
        (np.array([2, 0, 2, 1]), [[0, 0, 1], [1, 0, 0], [0, 0, 1], [0, 1, 0]]),
        (np.array([[0, 1], [1, 1]]), [[0, 1], [1, 1]]),
        ([[0, 1], [1, 1]], [[0, 1], [1, 1]]),
        (sparse.csr_matrix([[0, 1], [1, 1]]), [[0, 1], [1, 1]]),
        (np.array([[0], [1]]), [[0], [1]]),
    ],
    ids=[
        "lists of names",
        "no label",
        "array of lists",
        "names",
        "numbers",
        "indicator",
        "rows of 0 and 1",
        "sparse",
        "one column",
    ],
)
def test_labels_come_in_several_clothes(y: Any, indicator: list[list[int]]) -> None:
    assert indicator == to_indicator(y).tolist()


@pytest.mark.parametrize("y", [np.array([0.5, 1.2]), np.array([[1, 2], [3, 1]]), np.array([np.nan, 1.0])])
def test_labels_that_are_none_are_refused(y: Any) -> None:
    with pytest.raises(BadCorpus, match=r"wanted .*0 and 1"):
        to_indicator(y)


def test_splitter_works_in_cross_validation_and_grid_search() -> None:
    labels, groups = drawn(3, n_groups=20, n_rows=120, n_labels=3)
    X = labels + np.random.default_rng(0).normal(0, 0.3, labels.shape)
    model, splitter = OneVsRestClassifier(LogisticRegression()), GroupedStratifiedKFold(4)
    assert len(cross_val_score(model, X, labels, groups=groups, cv=splitter, scoring="f1_micro")) == 4
    search = GridSearchCV(model, {"estimator__C": [0.1, 1.0]}, cv=splitter, scoring="f1_micro")
    assert search.fit(X, labels, groups=groups).best_score_ > 0.9
    with config_context(enable_metadata_routing=True):
        assert len(cross_val_score(model, X, labels, params={"groups": groups}, cv=splitter, scoring="f1_micro")) == 4


def test_splitter_gives_each_row_to_one_test_side_and_can_be_copied() -> None:
    labels, groups = drawn(5, n_groups=12, n_rows=60, n_labels=2)
    splitter = GroupedStratifiedKFold(n_splits=3, random_state=7)
    assert splitter.get_n_splits() == 3
    tests = [test for _, test in splitter.split(labels, labels, groups)]
    assert list(range(60)) == sorted(np.concatenate(tests).tolist())
    again = [test for _, test in clone(splitter, safe=False).split(labels, labels, groups)]
    assert all((a == b).all() for a, b in zip(tests, again))


def test_splitter_without_groups_says_what_to_pass() -> None:
    with pytest.raises(BadConfig, match=r"no groups; pass groups="):
        next(GroupedStratifiedKFold().split(np.zeros((4, 1)), [0, 1, 0, 1]))
