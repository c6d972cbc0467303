"""What a training run records: only body passages, honest sums, nothing but numbers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from govtext.errors import BadCorpus
from govtext.evaluation.confusion import class_confusion, folded, label_confusion
from govtext.evaluation.intervals import Interval
from govtext.evaluation.limits import limits
from govtext.evaluation.record import OriginRecord, Record
from govtext.evaluation.selective import risk_coverage
from govtext.scoring.risk import PROMISES
from govtext.training.corpus import LabelledDocument, Unit
from govtext.training.record import AUTHORED, record_of
from govtext.training.risk import fit_risk, measured_risk
from made_records import N_DOCUMENTS, PASSAGES, fitted, header, made_record, taxonomy


@pytest.fixture(scope="module")
def record() -> Record:
    return made_record()


def rows(*labels: str) -> np.ndarray:
    return np.array([[c == "1" for c in row] for row in labels])


@pytest.mark.parametrize(
    ("true", "given_", "cells"),
    [
        ("10", "01", {(0, 1): 1}),  # one for the other
        ("10", "00", {(0, 2): 1}),  # missed, nothing instead
        ("00", "01", {(2, 1): 1}),  # needless, nothing missed
        ("00", "00", {(2, 2): 1}),
        ("10", "11", {(0, 0): 1, (2, 1): 1}),
        ("110", "001", {(0, 2): 0.5, (1, 2): 0.5, (0, 3): 0.5, (1, 3): 0.5}),  # two missed, one needless
        ("100", "011", {(0, 1): 0.5, (0, 2): 0.5, (3, 1): 0.5, (3, 2): 0.5}),
    ],
)
def test_missed_label_is_paired_with_the_needless_one(
    true: str, given_: str, cells: dict[tuple[int, int], float]
) -> None:
    counts = label_confusion(rows(true), rows(given_))
    assert {(i, j): counts[i, j] for i, j in zip(*np.nonzero(counts))} == cells


labels = st.integers(1, 5).flatmap(lambda m: st.tuples(arrays.arrays(bool, (20, m)), arrays.arrays(bool, (20, m))))


@given(labels)
def test_rows_sum_to_what_is_true_and_columns_to_what_was_given(pair: tuple[np.ndarray, np.ndarray]) -> None:
    true, said = pair
    counts = label_confusion(true, said)
    np.testing.assert_allclose(counts[:-1].sum(axis=1), true.sum(axis=0))
    np.testing.assert_allclose(counts[:, :-1].sum(axis=0), said.sum(axis=0))


@given(labels, st.integers(1, 4))
def test_folding_keeps_every_count(pair: tuple[np.ndarray, np.ndarray], most: int) -> None:
    counts = label_confusion(*pair)
    kept, small = folded(counts, most=most)
    assert small.sum() == pytest.approx(counts.sum())
    assert len(kept) == min(most, len(counts) - 1)
    np.testing.assert_allclose(np.diag(small)[: len(kept)], np.diag(counts)[kept])


def test_classes_without_a_label_do_not_count() -> None:
    assert class_confusion([0, 1, -1], [0, 0, 1], n_classes=2).tolist() == [[1, 0], [1, 0]]


@pytest.mark.parametrize("call", [lambda: label_confusion([[1]], [[1, 0]]), lambda: risk_coverage([], [])])
def test_shapes_that_do_not_fit_are_refused(call: Callable[[], object]) -> None:
    with pytest.raises(BadCorpus, match="wanted"):
        call()


def test_rows_of_equal_confidence_stand_or_fall_together() -> None:
    points = risk_coverage([0.9, 0.5, 0.5, 0.1], [False, True, False, True])
    assert [(p.coverage, p.error) for p in points] == [(0.25, 0.0), (0.75, pytest.approx(1 / 3)), (1.0, 0.5)]


def test_curve_has_at_most_the_points_asked_for_and_ends_at_all_rows() -> None:
    sure = np.random.default_rng(0).random(5000)
    points = risk_coverage(sure, sure < 0.3, points=20)
    assert len(points) == 20
    assert points[-1].coverage == 1.0
    assert points[-1].error == pytest.approx((sure < 0.3).mean())


def test_headings_change_nothing(record: Record) -> None:
    head = ~fitted().passages.is_body
    decided, probability = fitted().decided, fitted().themes
    decided[head], probability[head] = True, 1.0
    changed = fitted(changes={"decided": decided, "themes": probability})
    again = record_of(changed, taxonomy(), header(taxonomy()), sha256="cd" * 32)
    assert again == record
    assert record.data.body == N_DOCUMENTS * (PASSAGES - 1)


def test_figures_of_the_record_agree_with_each_other(record: Record) -> None:
    supports = [theme.support for theme in record.themes]
    assert [sum(row) for row in record.confusion[:-1]] == pytest.approx(supports)
    hits = sum(record.confusion[k][k] for k in range(len(supports)))
    given_ = sum(sum(row[k] for row in record.confusion) for k in range(len(supports)))
    assert record.overall["micro_f1"].value == pytest.approx(2 * hits / (sum(supports) + given_))
    assert record.coverage[-1].error == pytest.approx(1 - record.exact_set)
    assert sum(fold.body for fold in record.folds) == record.data.body
    assert sum(fold.groups for fold in record.folds) == N_DOCUMENTS
    assert record.n_roles == record.data.body


def test_risk_is_measured_on_the_fold_that_its_thresholds_had_not_seen() -> None:
    made, themes = fitted(), taxonomy()
    record = record_of(made, themes, header(themes))

    body = made.passages.is_body
    fold, group, true = made.fold[body], made.group[body], made.passages.themes[body]
    p, said = made.themes[body], made.decided[body]
    accepted = 0.0
    for k in np.unique(fold):
        table = fit_risk(*(x[fold != k] for x in (p, said, true, group)), promise="passages")
        inside = [x[fold == k] for x in (p, said, true, group)]
        accepted += measured_risk(table, *inside, risk=0.2).accept * (fold == k).sum()
    (row,) = [r for r in record.risks if r.promise == "passages" and r.risk == 0.2]
    assert row.accept == pytest.approx(accepted / body.sum())
    assert row.accept + row.none + row.review == pytest.approx(1)
    assert {r.promise for r in record.risks} == set(PROMISES)


def test_only_whether_a_header_says_where_a_document_comes_from_is_kept() -> None:
    unit = Unit(0, 2, "p", "done", ("theme_0",), False, None)
    secret = "王小明 13800001111"
    said = [{"origin": AUTHORED, "author": secret}] * 10 + [{"source": secret, "path": secret}] * 10 + [{}] * 20
    documents = [LabelledDocument(secret, "正文", (unit,), (), header_) for header_ in said]
    record = record_of(fitted(), taxonomy(), header(taxonomy()), documents=documents)
    assert [(row.origin, row.documents) for row in record.origins] == [("real", 10), ("authored", 10), ("unsaid", 20)]
    assert "王小明" not in repr(record)
    assert "13800001111" not in repr(record)


def english(record: Record) -> str:
    return "\n".join(limit.english for limit in limits(record))


@pytest.mark.parametrize(("support", "said"), [(49, True), (50, False), (51, False)])
def test_few_examples_are_a_limit(record: Record, support: int, said: bool) -> None:
    themes = (replace(record.themes[0], support=support), *(replace(t, support=90) for t in record.themes[1:]))
    assert ("Fewer than 50 examples: 人才 (49)" in english(replace(record, themes=themes))) is said
    assert ("Fewer than 50 examples" in english(replace(record, themes=themes))) is said


@pytest.mark.parametrize(
    ("error", "support", "said"), [(0.029, 90, False), (0.03, 90, False), (0.031, 90, True), (0.031, 49, False)]
)
def test_bad_calibration_is_a_limit_where_enough_examples_tell(
    record: Record, error: float, support: int, said: bool
) -> None:
    good = [replace(t, calibration=replace(t.calibration, debiased=0.0)) for t in record.themes]
    bad = replace(good[0], support=support, calibration=replace(good[0].calibration, debiased=error))
    told = english(replace(record, themes=(bad, *good[1:])))
    assert ("Calibration error above 0.03: 人才 (0.031)" in told) is said


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"from_keywords": True}, "not with a person"),
        ({"role_confusion": ((0.0,),)}, "No passage has a role"),
        ({"origins": (OriginRecord("authored", 9, 9, None),)}, "No document is marked as collected"),
        (
            {
                "origins": (
                    OriginRecord("real", 9, 30, Interval(0.7, 0.6, 0.8)),
                    OriginRecord("authored", 9, 30, Interval(0.9, 0.8, 1.0)),
                )
            },
            "On real texts micro-F1 is 0.700 (0.600–0.800, 9 documents), on authored ones 0.900",
        ),
    ],
)
def test_limit_follows_from_the_record(record: Record, changes: dict[str, object], sentence: str) -> None:
    assert sentence not in english(record)
    assert sentence in english(replace(record, **changes))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"accept_from": 2.0, "none_from": 2.0}, "every passage goes to review"),
        ({"accept_from": 0.9, "accept_error": 0.06}, "erred more than promised: 0.060"),
        ({"accept_from": 0.9, "accept_error": 0.05, "none_error": 0.0}, ""),
    ],
)
def test_promise_that_cannot_be_kept_is_a_limit(record: Record, changes: dict[str, float], sentence: str) -> None:
    risks = tuple(replace(r, **changes) if r.risk == 0.05 else r for r in record.risks)  # type: ignore[arg-type]
    told = english(replace(record, risks=risks))
    assert sentence in told
    assert bool(sentence) is ("At risk 0.05" in told)


def test_pair_that_is_often_mixed_up_is_a_limit(record: Record) -> None:
    themes = tuple(replace(t, support=100) for t in record.themes)
    counts = [[0.0] * 4 for _ in range(4)]
    for often, said in ((2.0, False), (3.0, True)):
        counts[0][1] = often
        told = english(replace(record, themes=themes, confusion=tuple(map(tuple, counts))))
        assert ("产业发展 given instead of 人才 in 3 of 100 passages" in told) is said
