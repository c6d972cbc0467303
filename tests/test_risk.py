"""Accept, none, review: the promises hold on documents not seen, in simulations of many held-out sets."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from govtext.errors import BadConfig, BadCorpus, BadModel
from govtext.scoring.risk import NEVER, RiskTable, decide_within, set_confidence
from govtext.scoring.thresholds import sigmoid
from govtext.training.risk import DOUBT, fit_risk, measured_risk

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]


@cache
def drawn(seed: int, *, n_documents: int, too_sure: float = 0.0) -> tuple[Floats, Bools, Bools, Ints]:
    """Probabilities, decisions, truth and documents of 1 to 19 passages, two themes; a document's passages are hard together.

    `too_sure`: how far the log-odds are from what is true.
    """
    random = np.random.default_rng(seed)
    size = random.integers(1, 20, n_documents)
    documents = np.repeat(np.arange(n_documents), size)
    scores = random.normal(0, 3.5, (len(documents), 2))
    hard = np.exp(random.normal(0, 0.5, n_documents))[documents][:, None]
    target = random.random(scores.shape) < sigmoid(scores * (1 - too_sure) / hard)
    probabilities = sigmoid(scores)
    return probabilities, probabilities >= 0.5, target, documents


@pytest.mark.parametrize("too_sure", [0.0, 0.3])
def test_conformal_risk_control_keeps_its_promise_in_the_mean(too_sure: float) -> None:
    everything = drawn(1, n_documents=6000, too_sure=too_sure)
    found = []
    for seed in range(2, 52):
        table = fit_risk(*drawn(seed, n_documents=60, too_sure=too_sure), promise="passages", risks=[0.1])
        found.append(measured_risk(table, *everything, risk=0.1))
    errors = np.array([m.passage_error for m in found])
    assert errors.mean() <= 0.1 + 2 * errors.std() / len(errors) ** 0.5
    # And it is not kept by giving up.
    assert errors.mean() >= 0.07
    assert np.mean([m.review for m in found]) < 0.9


@pytest.mark.parametrize("too_sure", [0.0, 0.3])
@pytest.mark.parametrize("n_documents", [60, 200])
def test_tested_thresholds_keep_their_promise_nearly_always(n_documents: int, too_sure: float) -> None:
    everything = drawn(1, n_documents=6000, too_sure=too_sure)
    broken = promised = 0
    for seed in range(2, 42):
        table = fit_risk(*drawn(seed, n_documents=n_documents, too_sure=too_sure), risks=[0.15])
        measured = measured_risk(table, *everything, risk=0.15)
        broken += measured.accept_error > 0.15 or measured.none_error > 0.15
        promised += measured.review < 1
    assert broken <= DOUBT * 40
    # 60 documents can seldom vouch for a model that is too sure of itself; 200 can in half of all cases.
    assert promised >= (4 if n_documents == 60 else 16)


def test_more_risk_sends_less_to_review() -> None:
    for promise in ("accepted", "passages"):
        table = fit_risk(*drawn(3, n_documents=400), promise=promise)
        assert (np.diff(table.review) <= 0).all()
        assert 0 < table.review[-1] < table.review[0] <= 1


def test_conformal_threshold_is_the_least_that_the_formula_allows() -> None:
    # One passage a document: the loss is a share of documents. Ten documents, risk 0.35: (2 wrong + 1) / 11 is allowed, 4 / 11 not.
    confidence = np.array([0.95, 0.9, 0.85, 0.8, 0.75, 0.7, 0.65, 0.6, 0.58, 0.55])
    wrong = np.array([0, 0, 1, 0, 0, 1, 0, 1, 0, 0], bool)
    decided = np.ones((10, 1), bool)
    table = fit_risk(confidence[:, None], decided, ~wrong[:, None], np.arange(10), promise="passages", risks=[0.35])
    accept_from = table.limits(0.35).accept_from
    assert 0.6 < accept_from <= 0.65
    assert table.review[0] == pytest.approx(0.3)


@pytest.mark.parametrize(("n_documents", "feasible"), [(18, False), (19, True), (20, True)])
def test_too_few_documents_promise_nothing_even_without_a_mistake(n_documents: int, feasible: bool) -> None:
    said = np.full((n_documents, 1), 0.99)
    right = np.ones((n_documents, 1), bool)
    table = fit_risk(said, right, right, np.arange(n_documents), promise="passages", risks=[0.05])
    assert (table.limits(0.05).accept_from < NEVER) == feasible
    tested = fit_risk(said, right, right, np.arange(n_documents), risks=[0.05])
    assert tested.limits(0.05).accept_from == NEVER


@pytest.mark.parametrize(("n_documents", "feasible"), [(71, False), (72, True)])
def test_test_needs_as_many_documents_as_could_be_right_by_chance(n_documents: int, feasible: bool) -> None:
    # 0.95 ** 72 is the first below DOUBT / 4.
    right = np.ones((n_documents, 1), bool)
    table = fit_risk(np.full((n_documents, 1), 0.99), right, right, np.arange(n_documents), risks=[0.05])
    assert (table.limits(0.05).accept_from < NEVER) == feasible


def test_passages_of_one_document_count_as_one() -> None:
    right = np.ones((400, 1), bool)
    said = np.full((400, 1), 0.99)
    many = fit_risk(said, right, right, np.arange(400), risks=[0.05])
    few = fit_risk(said, right, right, np.arange(400) // 40, risks=[0.05])
    assert many.limits(0.05).reason != "" != few.limits(0.05).reason  # nothing without a theme was seen in either
    assert many.limits(0.05).accept_from < NEVER == few.limits(0.05).accept_from


def test_infeasible_risk_gives_review_everything_with_a_reason() -> None:
    probabilities, decided, target, documents = drawn(4, n_documents=30)
    table = fit_risk(probabilities, decided, target, documents, risks=[0.01, 0.02])
    decisions = decide_within(probabilities, decided, table, risk=0.02)
    assert set(decisions.status) == {"review"}
    assert decisions.reviewed == 1.0
    assert decisions.limits.reason == (
        "30 held-out documents do not show that risk 0.02 can be kept; everything goes to review; "
        "label more documents or allow more risk"
    )


def test_status_says_whether_a_theme_was_accepted_none_or_neither() -> None:
    table = RiskTable("accepted", np.array([0.05]), np.array([[0.8, 0.9]]), np.array([0.5]), 100)
    probabilities = np.array([[0.9, 0.05], [0.8, 0.3], [0.02, 0.03], [0.1, 0.1]])
    decisions = decide_within(probabilities, probabilities >= 0.5, table, risk=0.05)
    assert decisions.status == ("accept", "review", "none", "review")
    assert decisions.confidence == pytest.approx([0.9 * 0.95, 0.8 * 0.7, 0.98 * 0.97, 0.9 * 0.9])
    assert decisions.reviewed == 0.5


@pytest.mark.parametrize(
    ("risk", "promised"), [(0.049, 0.02), (0.05, 0.05), (0.051, 0.05), (0.99, 0.1), (0.1, 0.1), (0.02, 0.02)]
)
def test_the_largest_prepared_risk_that_is_allowed_is_used(risk: float, promised: float) -> None:
    thresholds = np.array([[0.99, 0.99], [0.9, 0.9], [0.7, 0.6]])
    table = RiskTable("accepted", np.array([0.02, 0.05, 0.1]), thresholds, np.array([0.8, 0.5, 0.2]), 100)
    limits = table.limits(risk)
    assert limits.risk == promised
    assert limits.reason == ""


def test_risk_below_all_prepared_ones_is_refused_with_a_reason() -> None:
    table = RiskTable("accepted", np.array([0.02]), np.array([[0.9, 0.9]]), np.array([0.5]), 100)
    limits = table.limits(0.01)
    assert limits.accept_from == limits.none_from == NEVER
    assert limits.reason.startswith("risk 0.01 cannot be promised: the least risk that was prepared is 0.02")


def test_asking_for_a_risk_changes_no_theme() -> None:
    probabilities, decided, target, documents = drawn(5, n_documents=300)
    table = fit_risk(probabilities, decided, target, documents)
    before = decided.copy()
    for risk in (0.01, 0.1, 0.5):
        status = np.array(decide_within(probabilities, decided, table, risk=risk).status)
        assert not decided[status == "none"].any()
        assert decided[status == "accept"].any(axis=1).all()
    assert (before == decided).all()


@given(seed=st.integers(0, 100))
@settings(max_examples=25)
def test_order_of_passages_and_names_of_documents_are_irrelevant(seed: int) -> None:
    probabilities, decided, target, documents = drawn(6, n_documents=60)
    order = np.random.default_rng(seed).permutation(len(documents))
    names = np.array([f"{(number * 37) % 61:03}" for number in documents])
    for promise in ("accepted", "passages"):
        table = fit_risk(probabilities, decided, target, documents, promise=promise, risks=[0.1, 0.2])
        other = fit_risk(
            probabilities[order], decided[order], target[order], names[order], promise=promise, risks=[0.1, 0.2]
        )
        assert table.thresholds == pytest.approx(other.thresholds, abs=1e-12)


def test_confidence_is_the_probability_of_exactly_the_decided_set() -> None:
    probabilities = np.array([[0.9, 0.2], [0.4, 0.1]])
    assert set_confidence(probabilities, probabilities >= 0.5) == pytest.approx([0.9 * 0.8, 0.6 * 0.9])


def test_table_survives_being_stored_and_a_damaged_one_is_refused() -> None:
    table = fit_risk(*drawn(7, n_documents=200))
    arrays = table.arrays("themes.risk")
    again = RiskTable.from_arrays("themes.risk", arrays, promise=table.promise, n_documents=table.n_documents)
    assert again.limits(0.1) == table.limits(0.1)
    with pytest.raises(BadModel, match="no table of risks"):
        RiskTable.from_arrays("themes.risk", arrays, promise="none", n_documents=1)
    for broken in (np.full_like(table.thresholds, -1), np.full_like(table.thresholds, np.nan), table.thresholds[:-1]):
        with pytest.raises(BadModel, match="no table of risks"):
            RiskTable.from_arrays(
                "themes.risk", {**arrays, "themes.risk.thresholds": broken}, promise="accepted", n_documents=1
            )


def test_what_cannot_be_promised_is_said_in_one_sentence() -> None:
    probabilities, decided, target, documents = drawn(8, n_documents=20)
    with pytest.raises(BadConfig, match=r"promise 'all'; wanted one of accepted, passages"):
        fit_risk(probabilities, decided, target, documents, promise="all")
    with pytest.raises(BadConfig, match="wanted ascending shares"):
        fit_risk(probabilities, decided, target, documents, risks=[0.1, 0.05])
    with pytest.raises(BadCorpus, match=r"documents \(1,\)"):
        fit_risk(probabilities, decided, target, documents[:1])
    with pytest.raises(BadCorpus, match="outside 0–1 or NaN"):
        fit_risk(probabilities * 3, decided, target, documents)
    with pytest.raises(BadConfig, match=r"risk = 5; wanted a share"):
        fit_risk(probabilities, decided, target, documents).limits(5)
