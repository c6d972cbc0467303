"""What single rows, or documents of rows, teach: scores, a second stage for documents, calibration, thresholds, risks.

`ThemeClassifier` and `govtext train` of single passages learn it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from joblib import Parallel, delayed
from numpy.typing import NDArray

from govtext.features.cues import cue_rows
from govtext.features.ngrams import Ints
from govtext.features.passages import BLOCKS, Passage
from govtext.scoring.calibration import Calibration
from govtext.scoring.judge import (
    N_ROLE_INPUTS,
    N_THEME_INPUTS,
    FirstStage,
    Judge,
    first_stage,
    theme_inputs,
)
from govtext.scoring.neighbours import Neighbours
from govtext.scoring.network import Network
from govtext.scoring.risk import PROMISES, RiskTable
from govtext.scoring.sentences import PROFILE
from govtext.scoring.thresholds import decided_rows, sigmoid, softmax
from govtext.training.calibration import cross_fitted, fit_calibration
from govtext.training.linear import Counts, Floats, Linear, count_rows, fit_linear, handing_on, no_role
from govtext.training.networks import fit_network
from govtext.training.recipes import Recipe
from govtext.training.risk import fit_risk
from govtext.training.thresholds import theme_thresholds

Bools = NDArray[np.bool_]
ALWAYS = 1e-6  # the threshold of a label that needs none because the best one counts
NO_FORMULAIC = np.array([0.0, -30.0])  # slope and offset where nothing was said of it
TEMPERATURES = np.geomspace(0.1, 100.0, 121)  # factors of scores tried, 6 % apart


@dataclass(frozen=True, slots=True, eq=False)
class ThemeModel:
    """A judge, how its labels are given ("single", "indicator", "lists"), and what it may decide by itself.

    most     labels a row may have
    context  whether what stands around a row counts
    risk     thresholds for promised risks
    """

    judge: Judge
    form: str
    most: int
    context: bool
    risk: RiskTable | None

    @property
    def linear(self) -> Linear:
        """The first stage."""
        return Linear(self.judge.blocks, self.judge.intercept, self.judge.embedding)

    def logits(self, passages: Sequence[Passage], document: Ints) -> Floats:
        """The calibrated scores, (n, n_labels); rows of one document stand together."""
        if not self.context:
            return self.linear.scores(passages)
        first = first_stage(self.judge.blocks, self.judge.intercept, passages, self.judge.embedding)
        scores = self.judge.themes.scores(_inputs(first, passages, document)).reshape(len(passages), first.n_themes)
        return scores * self.judge.calibration.slope + self.judge.calibration.offset

    def probabilities(self, logits: Floats) -> Floats:
        """Of each label by itself, or, if each row has one label, of it among all: then rows add up to 1."""
        return softmax(logits) if self.form == "single" else sigmoid(logits)

    def decided(self, probabilities: Floats) -> Bools:
        """Which labels each row gets, (n, n_labels)."""
        return decided_labels(probabilities, self.judge.thresholds[:-1], form=self.form, most=self.most)


def decided_labels(probabilities: Floats, thresholds: Floats, *, form: str, most: int) -> Bools:
    """The best label, or the `most` best that reach their thresholds; equal ones in the order of the labels."""
    if form == "single":
        return decided_rows(probabilities, np.zeros(probabilities.shape[1]), most=1)
    return decided_rows(probabilities, thresholds, most=most)


def fit_theme_model(
    passages: Sequence[Passage],
    table: Bools,
    *,
    document: Ints,
    owner: Ints,
    fold: Ints,
    groups: Ints,
    weight: Floats,
    words: Sequence[frozenset[str]],
    names: Sequence[str],
    unlabelled: Sequence[Passage],
    recipe: Recipe,
    form: str,
    most: int,
    context: bool,
    promise: str,
    seed: int,
    jobs: int | None,
) -> tuple[ThemeModel, Floats]:
    """The model, and the probabilities of its rows by models that had not seen their group, (n, n_labels).

    Calibration, thresholds and risks are found on those. `document` numbers the rows that stand together, for the second
    stage; `owner` those that are of one hand, which count once for an n-gram.
    """
    parts = [*(fold != k for k in range(int(fold.max()) + 1)), np.ones(len(fold), bool)]

    def count(rows: Sequence[int]) -> Counts:
        numbers = np.unique(owner[rows], return_inverse=True)[1].astype(np.int64)
        return count_rows(
            [passages[i] for i in rows],
            numbers,
            recipe=recipe,
            words=[words[i] for i in rows] if words else [],
            names=names,
            unlabelled=unlabelled,
            seed=seed,
        )

    # With unlabelled rows all texts are counted once, held-out ones among thousands; their labels stay unseen.
    shared = count(range(len(passages))) if unlabelled else None

    def fit(part: Bools) -> Linear:
        rows = np.flatnonzero(part)
        counts, inside = (count(rows.tolist()), np.arange(len(rows))) if shared is None else (shared, rows)
        seen = slice(None) if shared is not None else rows
        return fit_linear(counts, table[seen], inside, recipe=recipe, weight=weight[seen], seed=seed)

    linears: list[Linear] = Parallel(n_jobs=jobs)(delayed(fit)(part) for part in parts)
    if context:
        first = _first_out_of_fold(linears, parts, passages)
        inputs = _inputs(first, passages, document)
        networks, scores = _networks(inputs, parts, table, weight, seed=seed, jobs=jobs)
        linear, network = linears[-1], networks[-1]
    else:
        scores = np.zeros(table.shape)
        for one, part in zip(linears, parts[:-1]):
            scores[~part] = one.scores([passages[i] for i in np.flatnonzero(~part).tolist()])
        linear, network = linears[-1], handing_on(N_THEME_INPUTS)
    if form == "single":
        factor = _temperature(scores, table, weight)
        slope, offset = np.full(table.shape[1], factor), np.zeros(table.shape[1])
        seen = softmax(scores * factor)
    elif context:  # the network's output is log-odds already
        slope, offset = np.ones(table.shape[1]), np.zeros(table.shape[1])
        seen = sigmoid(scores)
    else:
        calibration = fit_calibration(scores, table, weight=weight)
        slope, offset, seen = calibration.slope, calibration.offset, cross_fitted(scores, table, fold, weight=weight)
    if context:
        network = replace(network, output=network.output * slope[0], output_offset=network.output_offset * slope[0])
        network = Network.from_arrays("", network.arrays(""))  # as a file keeps it, so that saving changes nothing
    else:
        linear = linear.scaled(slope, offset)
    single = form == "single"
    thresholds = np.full(len(slope), ALWAYS) if single else theme_thresholds(seen, table, weight, most=most).round(6)
    decided = decided_labels(seen, thresholds, form=form, most=most)
    risks = tuple(fit_risk(seen, decided, table, groups, promise=each) for each in PROMISES)
    judge = Judge(
        linear.blocks,
        linear.intercept,
        network,
        no_role(N_ROLE_INPUTS),
        NO_FORMULAIC,
        np.append(thresholds, 0.5),
        Calibration.none(len(slope), together=single),  # it is in the weights already
        risks,
        linear.embedding,
    )
    risk = next(table for table in risks if table.promise == promise)
    return ThemeModel(judge, form, most, context, risk), seen


def by_document(passages: Sequence[Passage], document: Ints) -> list[list[Passage]]:
    """The passages of each document; those of one stand together."""
    edges = [0, *(np.flatnonzero(np.diff(document)) + 1).tolist(), len(passages)]
    return [list(passages[a:b]) for a, b in zip(edges, edges[1:]) if a < b]


def _inputs(first: FirstStage, passages: Sequence[Passage], document: Ints) -> Floats:
    cues = np.vstack([cue_rows(together) for together in by_document(passages, document)])
    return theme_inputs(first, Neighbours.of(passages, document), cues)


def _first_out_of_fold(linears: Sequence[Linear], parts: Sequence[Bools], passages: Sequence[Passage]) -> FirstStage:
    n, n_outputs, m = len(passages), len(linears[-1].intercept), linears[-1].n_labels
    total, pieces = np.zeros((n, n_outputs)), np.zeros((len(BLOCKS), n, n_outputs))
    profile = np.zeros((len(PROFILE), n, m))
    for linear, part in zip(linears, parts[:-1]):
        out = np.flatnonzero(~part).tolist()
        said = first_stage(linear.blocks, linear.intercept, [passages[i] for i in out], linear.embedding)
        total[out], pieces[:, out], profile[:, out] = said.total, said.parts, said.profile
    return FirstStage(total, pieces, profile, m)


def _networks(
    inputs: Floats, parts: Sequence[Bools], table: Bools, weight: Floats, *, seed: int, jobs: int | None
) -> tuple[list[Network], Floats]:
    """One network a part, and the scores of each row by that of its fold."""
    n, m = table.shape
    row = np.repeat(np.arange(n), m)
    target = table.ravel().astype(np.int64)
    networks: list[Network] = Parallel(n_jobs=jobs)(
        delayed(fit_network)(inputs[part[row]], target[part[row]], weight[row][part[row]], kind="theme", seed=seed)
        for part in parts
    )
    scores = np.zeros((n, m))
    for network, part in zip(networks, parts[:-1]):
        scores[~part] = network.scores(inputs[~part[row]]).reshape(-1, m)
    return networks, scores


def _temperature(scores: Floats, table: Bools, weight: Floats) -> float:
    """The factor of scores whose softmax gives the labels the least log loss.

    A label is taken to be wrong once in n + 2, as in Platt's targets: rows that are all right do not make it sure of everything.
    """
    doubt = 1 / (len(table) + 2)
    soft = np.where(table, 1 - doubt, doubt / max(table.shape[1] - 1, 1))

    def loss(factor: float) -> float:
        logs = np.log(np.maximum(softmax(scores * factor), 1e-12))
        return -float((weight[:, None] * soft * logs).sum())

    return float(min(TEMPERATURES.tolist(), key=loss))


def state(model: ThemeModel) -> tuple[dict[str, NDArray[Any]], dict[str, Any]]:
    """The arrays of the model, and the rest as what JSON knows."""
    arrays = model.judge.arrays()
    facts = {"form": model.form, "most": model.most, "context": model.context, "risk": None}
    if model.risk is not None:
        facts["risk"] = {
            "promise": model.risk.promise,
            "n_documents": model.risk.n_documents,
            **{name: array.tolist() for name, array in model.risk.arrays("risk").items()},
        }
    return arrays, facts


def from_state(judge: Judge, facts: Mapping[str, Any]) -> ThemeModel:
    """The model of a judge and the facts that `state` gave."""
    said = facts["risk"]
    risk = None
    if said is not None:
        arrays = {name: np.asarray(values, np.float64) for name, values in said.items() if name.startswith("risk.")}
        arrays["risk.thresholds"] = arrays["risk.thresholds"].reshape(-1, 2)
        risk = RiskTable.from_arrays("risk", arrays, promise=said["promise"], n_documents=int(said["n_documents"]))
    return ThemeModel(judge, str(facts["form"]), int(facts["most"]), bool(facts["context"]), risk)
