"""Search a small table of changes to a recipe: successive halving inside, one fold that no choice has seen outside.

A fifth of the documents, near-duplicates together, is put aside. On the others every candidate is fitted on a quarter of the
documents, the better third on half, the better third of those on all, each judged out of fold. The winner and the recipe
as it stands are then measured on the fifth: that is the figure to report. Scores of the halving chose, and flatter.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import ceil
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from govtext.errors import BadConfig, BadCorpus
from govtext.evaluation.intervals import Comparison, Counts, Interval, compare, document_counts, intervals
from govtext.features.ngrams import Ints
from govtext.scoring.judge import Judge
from govtext.scoring.thresholds import decided_rows
from govtext.taxonomy import Taxonomy
from govtext.training.corpus import LabelledDocument
from govtext.training.fit import TrainingConfig, document_groups
from govtext.training.folds import grouped_stratified_folds
from govtext.training.passages import LabelledPassages, labelled_passages
from govtext.training.recipes import Recipe, to_recipe
from govtext.training.themes import Fitted, fit_judge

Changes = Mapping[str, Any]
Clock = Callable[[], float]
Progress = Callable[["Trial"], None]
# What is tried, beside the recipe as it stands, by recipe: one field, or two that go together.
GRID: Mapping[str, tuple[Changes, ...]] = MappingProxyType(
    {
        "documents": (
            {"C": 0.25},
            {"C": 1.0},
            {"lengths": (1, 4)},
            {"words": True},
            {"idf_power": 1.5, "saturated": True},
            {"naive_bayes": 0.5},
            {"loss": "logistic"},
            {"blocks": {"text": 1.0, "path": 0.6, "title": 0.3, "opening": 0.4}},
        ),
        "lone": (
            {"C": 0.25},
            {"C": 1.0},
            {"lengths": (1, 3)},
            {"idf_power": 1.0},
            {"saturated": False},
            {"naive_bayes": 0.5},
            {"names": 2.0},
            {"loss": "ridge"},
        ),
    }
)
SHARES = (0.25, 0.5, 1.0)  # of the inner documents, rung by rung
KEPT = 1 / 3  # of the candidates go up a rung
OUTER = 5  # folds, one of which is put aside
FEWEST = 20  # groups of documents: a fifth of fewer says nothing


@dataclass(frozen=True, slots=True)
class Trial:
    """One candidate on one rung: its changes, the documents it was fitted on, micro-F1 out of fold, seconds."""

    changes: Changes
    documents: int
    f1: float
    seconds: float


@dataclass(frozen=True, slots=True)
class Found:
    """What a search found.

    recipe           key of `RECIPES` that was changed
    trials           in the order they were made
    changes          of the winner; empty where nothing beat the recipe as it stands
    winner, before   micro-F1 on the documents put aside, by the winner and by the recipe as it stands, fitted on the others
    gain             the difference, with a paired test
    documents        put aside
    stopped          the budget ran out before the last rung was through
    """

    recipe: str
    trials: tuple[Trial, ...]
    changes: Changes
    winner: Interval
    before: Interval
    gain: Comparison
    documents: int
    stopped: bool


def search(
    documents: Sequence[LabelledDocument],
    taxonomy: Taxonomy,
    *,
    config: TrainingConfig | None = None,
    minutes: float,
    seed: int = 0,
    jobs: int = 1,
    grid: Sequence[Changes] | None = None,
    clock: Clock = time.monotonic,
    progress: Progress | None = None,
) -> Found:
    """The best changes of the grid, on top of those of `config`. No candidate is begun after `minutes`; the one at work ends.

    Raises:
        BadConfig: no time. BadCorpus: too few documents to put some aside.
    """
    if not 0 < minutes < float("inf"):
        raise BadConfig(f"budget = {minutes!r}; wanted minutes above 0, such as 10")
    config = config or TrainingConfig(seed=seed)
    documents = sorted(documents, key=lambda d: d.digest)
    groups = document_groups(documents)
    if (n := len(np.unique(groups))) < FEWEST:
        raise BadCorpus(f"{n} documents that are no copies of each other; a search puts some aside and needs {FEWEST}")
    name, _ = config.recipe_of(documents)
    labels = np.array([[any(c in u.themes for u in d.units) for c in taxonomy.codes] for d in documents], bool)
    outer = grouped_stratified_folds(labels, groups, n_folds=OUTER, seed=seed)
    inner = np.flatnonzero(outer != 0)
    rank = np.random.default_rng(seed).permutation(len(np.unique(groups[inner])))
    place = rank[np.unique(groups[inner], return_inverse=True)[1]] / len(rank)

    def fitted_on(rows: Ints, changes: Changes) -> Fitted:
        recipe: Recipe = to_recipe(name, {**config.changes, **changes})
        own = [documents[i] for i in rows]
        return fit_judge(own, taxonomy, groups=groups[rows], recipe=recipe, seed=seed, jobs=jobs)

    begun, stopped = clock(), False
    trials: list[Trial] = []
    standing: list[Changes] = [{}, *(GRID[name] if grid is None else grid)]
    for share in SHARES:
        rows = inner[place < share]
        rung: list[Trial] = []
        for changes in standing:
            started = clock()
            if trials and started - begun > minutes * 60:
                stopped = True
                break
            fitted = fitted_on(rows, changes)
            body = fitted.passages.is_body
            f1 = _micro_f1(fitted.passages.themes[body], fitted.decided[body])
            rung.append(Trial(changes, len(rows), f1, clock() - started))
            trials.append(rung[-1])
            if progress is not None:
                progress(rung[-1])
        if stopped:
            break
        # Of equal ones the recipe as it stands, which is first, goes up.
        best = sorted(rung, key=lambda trial: -trial.f1)
        standing = [trial.changes for trial in best[: max(ceil(len(best) * KEPT), 1)]]
        if not standing[0] and len(standing) == 1:
            break
    held = np.flatnonzero(outer == 0)
    aside = labelled_passages([documents[i] for i in held], taxonomy)
    before = _counts(fitted_on(inner, {}), aside, groups[held], taxonomy)
    chosen = standing[0]
    after = _counts(fitted_on(inner, chosen), aside, groups[held], taxonomy) if chosen else before
    return Found(
        name,
        tuple(trials),
        chosen,
        intervals(after, seed=seed)["micro_f1"],
        intervals(before, seed=seed)["micro_f1"],
        compare(after, before, seed=seed),
        len(held),
        stopped,
    )


def _micro_f1(true: NDArray[np.bool_], said: NDArray[np.bool_]) -> float:
    both = int(true.sum()) + int(said.sum())
    return 2 * int((true & said).sum()) / both if both else 0.0


def _counts(fitted: Fitted, rows: LabelledPassages, groups: Ints, taxonomy: Taxonomy) -> Counts:
    body = rows.is_body
    said = decided_by(fitted.judge, rows, most=taxonomy.most)
    return document_counts(rows.themes[body], said[body], groups[rows.document][body])


def decided_by(judge: Judge, rows: LabelledPassages, *, most: int) -> NDArray[np.bool_]:
    """The themes that a judge decides, document by document, (n, n_themes)."""
    decided = np.zeros(rows.themes.shape, bool)
    for k in np.unique(rows.document):
        own = np.flatnonzero(rows.document == k)
        said = judge.judge([rows.passages[i] for i in own])
        decided[own] = decided_rows(said.themes, judge.thresholds[:-1], most=most)
    return decided
