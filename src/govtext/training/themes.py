"""Fit the theme model: linear scores out of fold, then the networks that read them in their surroundings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import scipy.sparse as sparse
from joblib import Parallel, delayed
from numpy.typing import NDArray

from govtext.document import ROLES
from govtext.features.cues import cue_rows
from govtext.features.ngrams import Ints
from govtext.features.passages import BLOCKS, Passage, block_texts
from govtext.features.vocabulary import Vocabulary
from govtext.scoring.judge import (
    N_ROLE_INPUTS,
    N_THEME_INPUTS,
    FirstStage,
    Judge,
    first_stage,
    role_inputs,
    theme_inputs,
)
from govtext.scoring.neighbours import Neighbours
from govtext.scoring.network import Network
from govtext.scoring.risk import PROMISES
from govtext.scoring.scorer import Block
from govtext.scoring.sentences import PROFILE
from govtext.taxonomy import Taxonomy
from govtext.training.corpus import LabelledDocument
from govtext.training.folds import grouped_stratified_folds
from govtext.training.heldout import HeldOut
from govtext.training.linear import handing_on, no_role
from govtext.training.losses import fit_score
from govtext.training.matrices import occurrences, smooth_idf, weighted
from govtext.training.networks import fit_network
from govtext.training.passages import LabelledPassages, labelled_passages
from govtext.training.recipes import Recipe, recipe_for, to_recipe
from govtext.training.risk import fit_risk
from govtext.training.thememodel import fit_theme_model
from govtext.training.vocabulary import build_vocabulary, long_words

Floats = NDArray[np.float64]
HEADING_WEIGHT = 0.3
FOLDS = 5
KINDS = ("theme", "role", "formulaic")


@dataclass(frozen=True, slots=True, eq=False)
class Fitted:
    """A judge, and what its parts said of the training documents when they had not seen them.

    fold                      that each passage is held out of
    group                     of near-duplicates that the document of each passage belongs to: it is on one side of every split
    themes, roles, formulaic  probabilities, scores and probabilities by models of other folds, calibrated on other folds
    decided                   themes by thresholds of other folds, (n, n_themes); headings are not decided
    formulaic_decided         likewise, (n,)
    """

    judge: Judge
    passages: LabelledPassages
    group: Ints
    fold: Ints
    themes: Floats
    roles: Floats
    formulaic: Floats
    decided: NDArray[np.bool_]
    formulaic_decided: NDArray[np.bool_]


def fit_judge(
    documents: Sequence[LabelledDocument],
    taxonomy: Taxonomy,
    *,
    weights: Sequence[float] | None = None,
    groups: Ints | None = None,
    recipe: Recipe | None = None,
    unlabelled: Sequence[str] = (),
    seed: int = 0,
    jobs: int = 1,
) -> Fitted:
    """The theme model of documents (with a weight each, 1 by default), by the recipe that they ask for or another one.

    Calibration, thresholds and risks come from out-of-fold scores. Documents of one of `groups` are held out together.
    `unlabelled` texts are read where passages are by themselves.
    """
    recipe = recipe or to_recipe(recipe_for(documents), {})
    rows = labelled_passages(documents, taxonomy)
    weight = np.ones(len(documents)) if weights is None else np.asarray(weights, np.float64)
    weight = weight[rows.document] * np.where(rows.is_body, 1.0, HEADING_WEIGHT)
    words = long_words([passage.text for passage in rows.passages]) if recipe.words else []
    group = (np.arange(len(documents)) if groups is None else groups)[rows.document]
    if recipe.lone:
        return _lone(rows, taxonomy, recipe, weight, group, words, unlabelled, seed=seed, jobs=jobs)
    n_folds = min(FOLDS, len(np.unique(group)))
    fold = grouped_stratified_folds(rows.themes, group, n_folds=n_folds, seed=seed)
    parts = [fold != k for k in range(n_folds)]
    everything = np.ones(len(fold), bool)
    fitted = Parallel(n_jobs=jobs)(
        delayed(_fit_first)(rows, words, weight, part, recipe, seed) for part in [*parts, everything]
    )
    first = _out_of_fold(rows, parts, fitted, n_outputs=len(taxonomy.codes) + len(ROLES) + 1)
    around = Neighbours.of(rows.passages, rows.document)
    cues = np.vstack([cue_rows(passages) for passages in _by_document(rows)])
    n, m = rows.themes.shape
    per_theme = np.repeat(np.arange(n), m)
    theme_x, role_x = theme_inputs(first, around, cues), role_inputs(first, around, cues)
    theme_y, has_role = rows.themes.ravel().astype(np.int64), rows.role >= 0
    jobs_to_do = []
    for part in [*parts, everything]:
        inside = part[per_theme]
        role_part = part & has_role
        jobs_to_do += [
            delayed(fit_network)(theme_x[inside], theme_y[inside], weight[per_theme][inside], kind="theme", seed=seed),
            delayed(_role_network)(role_x[role_part], rows.role[role_part], weight[role_part], seed=seed),
        ]
    networks = (
        Parallel(n_jobs=jobs)(jobs_to_do)
        if recipe.context
        else [handing_on(N_THEME_INPUTS), handing_on(N_ROLE_INPUTS, len(ROLES))] * (len(parts) + 1)
    )
    theme_scores, role_scores = np.zeros((n, m)), np.zeros((n, len(ROLES)))
    for k, part in enumerate(parts):
        held_out = np.flatnonzero(~part)
        if len(held_out):
            theme_scores[held_out] = networks[2 * k].scores(theme_x[~part[per_theme]]).reshape(-1, m)
            role_scores[held_out] = networks[2 * k + 1].scores(role_x[held_out])
    body = rows.is_body
    held = HeldOut(rows.themes[body], weight[body], fold[body], taxonomy.most, recipe.calibrated)
    calibration, themes, thresholds, decided = held.themes(theme_scores[body])
    slope, formulaic, formulaic_threshold, formulaic_decided = held.formulaic(
        first.formulaic[body], rows.formulaic[body]
    )
    risks = tuple(fit_risk(themes, decided, rows.themes[body], group[body], promise=promise) for promise in PROMISES)
    blocks, intercept = fitted[-1]
    thresholds = np.append(thresholds, formulaic_threshold).round(6)
    judge = Judge(blocks, intercept, networks[-2], networks[-1], slope, thresholds, calibration, risks)

    def spread(values: NDArray[Any], fill: float = 0.0) -> NDArray[Any]:
        whole = np.full((n, *values.shape[1:]), fill, values.dtype)
        whole[body] = values
        return whole

    return Fitted(
        judge,
        rows,
        group,
        fold,
        spread(themes),
        role_scores,
        spread(formulaic),
        spread(decided),
        spread(formulaic_decided),
    )


def _role_network(inputs: Floats, role: Ints, weight: Floats, *, seed: int) -> Network:
    """The role network; one that knows no role where all that have one are held out."""
    if not len(role):
        return no_role(N_ROLE_INPUTS)
    return fit_network(inputs, role, weight, kind="role", seed=seed)


def _by_document(rows: LabelledPassages) -> list[list[Passage]]:
    ends = np.searchsorted(rows.document, np.arange(int(rows.document[-1]) + 2))
    return [rows.passages[a:b] for a, b in zip(ends, ends[1:]) if a < b]


def _out_of_fold(
    rows: LabelledPassages,
    parts: Sequence[NDArray[np.bool_]],
    fitted: Sequence[tuple[tuple[Block, ...], Floats]],
    *,
    n_outputs: int,
) -> FirstStage:
    n = len(rows.passages)
    n_themes = n_outputs - len(ROLES) - 1
    total, pieces = np.zeros((n, n_outputs)), np.zeros((len(BLOCKS), n, n_outputs))
    profile = np.zeros((len(PROFILE), n, n_themes))
    for part, (blocks, intercept) in zip(parts, fitted):
        held_out = np.flatnonzero(~part)
        if len(held_out):
            said = first_stage(blocks, intercept, [rows.passages[i] for i in held_out])
            total[held_out], pieces[:, held_out], profile[:, held_out] = said.total, said.parts, said.profile
    return FirstStage(total, pieces, profile, n_themes)


def _fit_first(
    rows: LabelledPassages,
    words: Sequence[frozenset[str]],
    weight: Floats,
    part: NDArray[np.bool_],
    recipe: Recipe,
    seed: int,
) -> tuple[tuple[Block, ...], Floats]:
    """Blocks and intercept of the first stage on the passages of `part`."""
    chosen = np.flatnonzero(part)
    texts = block_texts([rows.passages[i] for i in chosen])
    n_documents = len(np.unique(rows.document[chosen]))
    vocabularies: dict[str, Vocabulary] = {}
    idfs: dict[str, Floats] = {}
    matrices: dict[str, Any] = {}
    for block in BLOCKS:
        vocabularies[block] = build_vocabulary(
            texts[block],
            [words[i] for i in chosen.tolist()] if block == "text" and words else [],
            rows.document[chosen],
            min_documents=recipe.fewest_documents(block, n_documents),
            lengths=recipe.lengths,
        )
        counts = occurrences(vocabularies[block], texts[block])
        idfs[block] = smooth_idf(counts) ** recipe.idf_power
        matrices[block] = weighted(counts, idfs[block], saturated=recipe.saturated)
    role, body = rows.role[chosen], rows.is_body[chosen]
    targets = [
        *(("theme", rows.themes[chosen, t], weight[chosen]) for t in range(rows.themes.shape[1])),
        *(("role", role == r, weight[chosen] * (role >= 0)) for r in range(len(ROLES))),
        ("formulaic", rows.formulaic[chosen], weight[chosen] * body),
    ]
    by_kind = {kind: recipe.scales(kind) for kind in KINDS}
    stacked = {kind: sparse.hstack([matrices[b] * scale[b] for b in BLOCKS]).tocsr() for kind, scale in by_kind.items()}
    coefficients = np.zeros((sum(map(len, vocabularies.values())), len(targets)))
    intercept = np.zeros(len(targets))
    for k, (kind, target, each) in enumerate(targets):
        used = each > 0
        coefficients[:, k], intercept[k] = fit_score(
            stacked[kind][used], target[used], each[used], recipe=recipe, kind=kind, seed=seed
        )
    blocks, offset = [], 0
    scales = {b: np.array([by_kind[kind][b] for kind, _, _ in targets]) for b in BLOCKS}
    for block in BLOCKS:
        size = len(vocabularies[block])
        weights = coefficients[offset : offset + size] * idfs[block][:, None] * scales[block]
        blocks.append(Block.build(block, vocabularies[block], weights, idfs[block] ** 2, saturated=recipe.saturated))
        offset += size
    return tuple(blocks), intercept


def _lone(
    rows: LabelledPassages,
    taxonomy: Taxonomy,
    recipe: Recipe,
    weight: Floats,
    group: Ints,
    words: Sequence[frozenset[str]],
    unlabelled: Sequence[str],
    *,
    seed: int,
    jobs: int,
) -> Fitted:
    """The model of passages by themselves; where each may have one theme and has it, the best theme is decided."""
    single = taxonomy.most == 1 and bool((rows.themes.sum(axis=1) == 1).all())
    fold = grouped_stratified_folds(rows.themes, group, n_folds=min(FOLDS, len(np.unique(group))), seed=seed)
    model, seen = fit_theme_model(
        rows.passages,
        rows.themes,
        document=rows.document,
        owner=rows.document,
        fold=fold,
        groups=group,
        weight=weight,
        words=words,
        names=[theme.name for theme in taxonomy.themes],
        unlabelled=[Passage((0,), " ".join(t.split()), (), "", False, False, 0) for t in sorted(unlabelled)],
        recipe=recipe,
        form="single" if single else "lists",
        most=taxonomy.most,
        context=False,
        promise="accepted",
        seed=seed,
        jobs=jobs,
    )
    n = len(fold)
    return Fitted(
        model.judge,
        rows,
        group,
        fold,
        seen,
        np.zeros((n, len(ROLES))),
        np.zeros(n),
        model.decided(seen),
        np.zeros(n, bool),
    )
