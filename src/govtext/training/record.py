"""The record of a training run: what its out-of-fold decisions say of the model."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from govtext.document import ROLES
from govtext.evaluation.calibration import calibration_figures
from govtext.evaluation.confusion import class_confusion, label_confusion
from govtext.evaluation.intervals import FEWEST_DOCUMENTS, document_counts, intervals, label_intervals
from govtext.evaluation.record import (
    ORIGINS,
    DataRecord,
    FoldRecord,
    FormulaicRecord,
    OriginRecord,
    Record,
    RiskRecord,
    Table,
    ThemeRecord,
)
from govtext.evaluation.selective import risk_coverage
from govtext.features.ngrams import Ints
from govtext.scoring.risk import PROMISES, RiskTable, set_confidence
from govtext.taxonomy import Taxonomy
from govtext.training.corpus import LabelledDocument
from govtext.training.risk import MeasuredRisk, fit_risk, measured_risk
from govtext.training.themes import Fitted

Bools = NDArray[np.bool_]
SHOWN_RISKS = (0.01, 0.02, 0.05, 0.1, 0.2)
AUTHORED = "written for this project"  # header `origin` of the authored corpus


def record_of(
    fitted: Fitted,
    taxonomy: Taxonomy,
    header: Mapping[str, Any],
    *,
    documents: Sequence[LabelledDocument] = (),
    sha256: str = "",
) -> Record:
    """The record of a fitted model; `header` is that of its file, `documents` those it was fitted on, to say whence they come.

    Body passages alone count, and neither model, calibration, thresholds nor risks of a passage had seen its group.
    """
    rows, body = fitted.passages, fitted.passages.is_body
    target, decided, p, group = rows.themes[body], fitted.decided[body], fitted.themes[body], fitted.group[body]
    counts = document_counts(target, decided, group)
    training = header["training"]
    fold = fitted.fold
    return Record(
        sha256=sha256,
        seed=int(header["seed"]),
        themes=_theme_records(fitted, taxonomy, header, label_intervals(counts)),
        overall=intervals(counts),
        exact_set=float((decided == target).all(axis=1).mean()),
        confusion=_table(label_confusion(target, decided)),
        roles=ROLES,
        role_confusion=_table(
            class_confusion(rows.role[body], fitted.roles[body].argmax(axis=1), n_classes=len(ROLES))
        ),
        formulaic=_formulaic(rows.formulaic[body], fitted.formulaic_decided[body]),
        coverage=risk_coverage(set_confidence(p, decided), (decided != target).any(axis=1)),
        risks=tuple(_risks(fitted, fold)),
        data=DataRecord(
            documents=int(training["documents"]),
            groups=int(training["groups"]),
            passages=len(body),
            body=int(body.sum()),
            sha256=str(training["sha256"]),
            sources=tuple(map(str, training["sources"])),
        ),
        folds=tuple(
            FoldRecord(
                len(np.unique(rows.document[fold == k])),
                len(np.unique(fitted.group[fold == k])),
                int(body[fold == k].sum()),
            )
            for k in range(int(fold.max()) + 1)
        ),
        origins=tuple(_origins(fitted, documents)),
        versions=dict(header["versions"]),
    )


def _table(counts: NDArray[np.float64]) -> Table:
    return tuple(tuple(row) for row in counts.round(6).tolist())


def _theme_records(
    fitted: Fitted, taxonomy: Taxonomy, header: Mapping[str, Any], found: Sequence[Mapping[str, Any]]
) -> tuple[ThemeRecord, ...]:
    body = fitted.passages.is_body
    target, group = fitted.passages.themes[body], fitted.group[body]
    calibration = calibration_figures(fitted.themes[body], target)
    return tuple(
        ThemeRecord(
            theme.code,
            theme.name,
            int(target[:, k].sum()),
            len(np.unique(group[target[:, k]])),
            float(header["themes"][k]["threshold"]),
            found[k]["precision"],
            found[k]["recall"],
            found[k]["f1"],
            calibration[k],
        )
        for k, theme in enumerate(taxonomy.themes)
    )


def _formulaic(true: Bools, said: Bools) -> FormulaicRecord:
    hits, n_said, n_true = float((true & said).sum()), float(said.sum()), float(true.sum())
    f1 = 2 * hits / (n_said + n_true) if n_said + n_true else 0.0
    return FormulaicRecord(int(n_true), hits / n_said if n_said else 0.0, hits / n_true if n_true else 0.0, f1)


def _risks(fitted: Fitted, fold: Ints) -> Iterator[RiskRecord]:
    """Each promise and risk: the model's own thresholds, measured by those of the other folds on each fold."""
    body = fitted.passages.is_body
    p, decided, target = fitted.themes[body], fitted.decided[body], fitted.passages.themes[body]
    group, fold = fitted.group[body], fold[body]
    own = {table.promise: table for table in fitted.judge.risks}
    for promise in PROMISES:
        tables: dict[int, RiskTable] = {}
        for k in np.unique(fold).tolist():
            rest = fold != k
            if rest.any():
                tables[k] = fit_risk(p[rest], decided[rest], target[rest], group[rest], promise=promise)
        for risk in SHOWN_RISKS if promise in own else ():
            measured = [
                (
                    int((fold == k).sum()),
                    len(np.unique(group[fold == k])),
                    measured_risk(
                        table, p[fold == k], decided[fold == k], target[fold == k], group[fold == k], risk=risk
                    ),
                )
                for k, table in tables.items()
            ]
            limits = own[promise].limits(risk)
            yield RiskRecord(promise, risk, limits.accept_from, limits.none_from, *_pooled(measured))


def _pooled(measured: Sequence[tuple[int, int, MeasuredRisk]]) -> tuple[float, ...]:
    """Shares of all folds together: accept, none, review, errors of accept and none, mean error of a document's passages."""
    n = sum(passages for passages, _, _ in measured)
    accept = sum(passages * m.accept for passages, _, m in measured)
    none = sum(passages * m.none for passages, _, m in measured)
    wrong_accept = sum(passages * m.accept * m.accept_error for passages, _, m in measured)
    wrong_none = sum(passages * m.none * m.none_error for passages, _, m in measured)
    by_document = sum(groups * m.passage_error for _, groups, m in measured) / sum(groups for _, groups, _ in measured)
    return (
        accept / n,
        none / n,
        1 - (accept + none) / n,
        wrong_accept / accept if accept else 0.0,
        wrong_none / none if none else 0.0,
        by_document,
    )


def _origin(document: LabelledDocument) -> str:
    """A key of `ORIGINS`. Only whether, never what a header says goes into the record."""
    if document.header.get("origin") == AUTHORED:
        return "authored"
    return "real" if document.header.get("source") else "unsaid"


def _origins(fitted: Fitted, documents: Sequence[LabelledDocument]) -> Iterator[OriginRecord]:
    if not documents:
        return
    said = np.array([_origin(document) for document in documents])
    body = fitted.passages.is_body
    of_row = said[fitted.passages.document[body]]
    for origin in ORIGINS:
        inside = of_row == origin
        target, decided = fitted.passages.themes[body][inside], fitted.decided[body][inside]
        group = fitted.group[body][inside]
        n_documents = int((said == origin).sum())
        if n_documents:
            enough = len(np.unique(group)) >= FEWEST_DOCUMENTS
            f1 = intervals(document_counts(target, decided, group))["micro_f1"] if enough else None
            yield OriginRecord(origin, n_documents, int(inside.sum()), f1)
