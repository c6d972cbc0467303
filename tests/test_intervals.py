"""Bootstrap intervals over documents and the paired test: against plain formulas, brute force, and how often they are right."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from numpy.typing import NDArray
from sklearn.metrics import f1_score, precision_score, recall_score

from govtext.errors import BadConfig, BadCorpus
from govtext.evaluation.intervals import FIGURES, Counts, compare, document_counts, intervals, label_intervals

Bools = NDArray[np.bool_]


def labelled(seed: int, *, n_documents: int, right: float = 0.9) -> tuple[Bools, Bools, NDArray[np.int64]]:
    """Labels, decisions and documents of 1 to 9 rows; some documents are harder than others."""
    random = np.random.default_rng(seed)
    documents = np.repeat(np.arange(n_documents), random.integers(1, 10, n_documents))
    target = random.random((len(documents), 3)) < [0.5, 0.3, 0.1]
    ease = np.clip(right + random.normal(0, 0.08, n_documents), 0, 1)[documents]
    return target, target ^ (random.random(target.shape) > ease[:, None]), documents


def test_figures_are_those_of_scikit_learn() -> None:
    target, decided, documents = labelled(0, n_documents=40)
    found = intervals(document_counts(target, decided, documents), draws=10)
    for average in ("micro", "macro"):
        for name, score in {"precision": precision_score, "recall": recall_score, "f1": f1_score}.items():
            assert score(target, decided, average=average) == pytest.approx(found[f"{average}_{name}"].value)
    for k, figures in enumerate(label_intervals(document_counts(target, decided, documents), draws=10)):
        assert f1_score(target[:, k], decided[:, k]) == pytest.approx(figures["f1"].value)


def test_label_that_nobody_has_and_nobody_was_given_leaves_macro_f1_alone() -> None:
    target, decided, documents = labelled(1, n_documents=20)
    nothing = np.zeros((len(documents), 1), bool)
    with_it = document_counts(np.hstack([target, nothing]), np.hstack([decided, nothing]), documents)
    without = document_counts(target, decided, documents)
    assert intervals(without, draws=50)["macro_f1"] == intervals(with_it, draws=50)["macro_f1"]


def test_label_that_nobody_was_given_has_no_precision_to_speak_of() -> None:
    counts = document_counts([[1], [1], [0]], [[0], [0], [0]], ["a", "b", "c"])
    assert {name: f.value for name, f in intervals(counts, draws=10).items()} == dict.fromkeys(FIGURES, 0.0)


def test_order_of_rows_is_irrelevant() -> None:
    target, decided, documents = labelled(2, n_documents=30)
    order = np.random.default_rng(0).permutation(len(documents))
    first = intervals(document_counts(target, decided, documents), draws=100)
    assert first == intervals(document_counts(target[order], decided[order], documents[order]), draws=100)


def test_interval_over_documents_is_wider_than_over_passages_that_err_together() -> None:
    target = np.ones((200, 1), bool)
    documents = np.arange(200) // 10
    decided = (documents % 4 != 0)[:, None]
    by_document = intervals(document_counts(target, decided, documents), draws=500)["micro_recall"]
    by_passage = intervals(document_counts(target, decided, np.arange(200)), draws=500)["micro_recall"]
    assert by_document.value == by_passage.value == 0.75
    assert by_document.high - by_document.low > 2 * (by_passage.high - by_passage.low)


def test_intervals_hold_the_truth_about_as_often_as_they_say() -> None:
    target, decided, documents = labelled(3, n_documents=5000)
    everything = document_counts(target, decided, documents)
    truth = {name: float(figure(everything.stacked.sum(axis=0))) for name, figure in FIGURES.items()}
    held = dict.fromkeys(FIGURES, 0)
    for seed in range(100):
        rows = np.random.default_rng(seed).integers(0, 5000, 80)
        sample = Counts(everything.hits[rows], everything.needless[rows], everything.missed[rows])
        for name, interval in intervals(sample, draws=200, seed=seed).items():
            held[name] += interval.low <= truth[name] <= interval.high
    assert all(88 <= times <= 100 for times in held.values()), held


def test_no_mistake_at_all_gives_a_point() -> None:
    target, _, documents = labelled(4, n_documents=10)
    interval = intervals(document_counts(target, target, documents), draws=50)["micro_f1"]
    assert (interval.low, interval.value, interval.high) == (1.0, 1.0, 1.0)


def micro_f1(target: Bools, decided: Bools) -> float:
    return float(2 * (target & decided).sum() / (target.sum() + decided.sum()))


def test_p_value_of_few_documents_is_that_of_all_permutations() -> None:
    target, first, documents = labelled(5, n_documents=8, right=0.9)
    second = first ^ (np.random.default_rng(0).random(first.shape) < 0.08)
    seen = abs(micro_f1(target, first) - micro_f1(target, second))
    as_large = 0
    for swaps in product((False, True), repeat=8):
        swapped = np.array(swaps)[documents][:, None]
        one, other = np.where(swapped, second, first), np.where(swapped, first, second)
        as_large += abs(micro_f1(target, one) - micro_f1(target, other)) >= seen - 1e-12
    found = compare(document_counts(target, first, documents), document_counts(target, second, documents))
    assert found.p_value == pytest.approx(as_large / 2**8)
    assert 0 < found.p_value < 1


def test_the_same_model_twice_differs_by_nothing() -> None:
    counts = document_counts(*labelled(7, n_documents=40))
    found = compare(counts, counts)
    assert (found.difference, found.low, found.high, found.p_value) == (0.0, 0.0, 0.0, 1.0)


def test_clearly_better_model_is_seen_and_the_other_way_round_mirrors_it() -> None:
    target, good, documents = labelled(8, n_documents=60, right=0.95)
    bad = good ^ (np.random.default_rng(0).random(good.shape) < 0.1)
    a, b = document_counts(target, good, documents), document_counts(target, bad, documents)
    found, mirrored = compare(a, b), compare(b, a)
    assert found.p_value < 0.01
    assert 0 < found.low < found.difference < found.high
    assert -mirrored.difference == pytest.approx(found.difference)


def test_chance_alone_is_seldom_called_a_difference() -> None:
    called = 0
    for seed in range(100):
        target, first, documents = labelled(seed, n_documents=30)
        second = target ^ np.random.default_rng(seed + 1000).permuted(target ^ first, axis=0)
        a, b = document_counts(target, first, documents), document_counts(target, second, documents)
        called += compare(a, b, draws=200, seed=seed).p_value <= 0.05
    assert called <= 11  # 5 expected; more than 11 in one of 100 series


def test_what_cannot_be_measured_is_said_in_one_sentence() -> None:
    counts = document_counts(*labelled(9, n_documents=10))
    with pytest.raises(BadCorpus, match=r"1 documents; an interval needs at least 2"):
        document_counts([[1], [0]], [[1], [0]], ["a", "a"])
    with pytest.raises(BadCorpus, match=r"labels \(2, 1\), decisions \(1, 1\)"):
        document_counts([[1], [0]], [[1]], ["a", "b"])
    with pytest.raises(BadCorpus, match="measure both on the same"):
        compare(counts, document_counts(*labelled(10, n_documents=10)))
    with pytest.raises(BadConfig, match=r"figure 'accuracy'; wanted one of micro_precision"):
        compare(counts, counts, figure="accuracy")
    with pytest.raises(BadConfig, match="wanted a confidence within 0–1"):
        intervals(counts, confidence=95)
