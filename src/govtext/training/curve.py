"""The learning curve: what more labelled documents brought so far, and how many more would bring how much.

Documents are held out by fold, near-duplicates together; of the others, growing shares are learnt from, each holding the smaller
ones, labels spread evenly. The error 1 - F1 falls as a power of the number of documents, error = scale · documents ** -exponent.
No floor is fitted: five points do not settle a third parameter, so far forecasts are too hopeful rather than too dark.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from govtext.errors import BadConfig, BadCorpus
from govtext.evaluation.intervals import CONFIDENCE, DRAWS, Counts, Interval, document_counts, intervals
from govtext.taxonomy import Taxonomy
from govtext.training.corpus import LabelledDocument
from govtext.training.fit import document_groups
from govtext.training.folds import grouped_stratified_folds
from govtext.training.passages import LabelledPassages, labelled_passages
from govtext.training.search import decided_by
from govtext.training.themes import fit_judge

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
FOLDS = 5
PARTS = 8  # that the documents to learn from are cut into
SHARES = (1, 2, 4, 6, 8)  # of `PARTS`
FEWEST = 50  # groups of documents: an eighth of four fifths must teach something
GAINS = (0.01, 0.02)
FARTHEST = 20.0  # times the documents at hand; what a curve says beyond is no forecast
FLATTEST = 1e-3  # exponent below which the curve does not fall

# Learns from documents; gives what says which themes the passages of other documents have, (n, n_themes).
Decide = Callable[[LabelledPassages], Bools]
Learn = Callable[[Sequence[LabelledDocument]], Decide]
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Point:
    """A share of the documents (0–1), how many they are and with how many body passages, and micro-F1 on held-out ones."""

    share: float
    documents: int
    passages: int
    f1: Interval


@dataclass(frozen=True, slots=True)
class Need:
    """How many more documents a gain in micro-F1 takes, with the 95 % interval; None where the curve promises no end."""

    gain: float
    documents: int | None
    low: int | None
    high: int | None


@dataclass(frozen=True, slots=True)
class Curve:
    """The points, the power law through them, and what it promises.

    documents  at hand; `forecast` is micro-F1 that the law gives for learning from all of them
    exponent   of the law, with its interval; `scale` its factor
    held_out   groups of documents that F1 was measured on
    """

    points: tuple[Point, ...]
    documents: int
    forecast: float
    scale: float
    exponent: Interval
    needs: tuple[Need, ...]
    held_out: int


def learning_curve(
    documents: Sequence[LabelledDocument],
    taxonomy: Taxonomy,
    *,
    repeats: int = 1,
    gains: Sequence[float] = GAINS,
    seed: int = 0,
    jobs: int = 1,
    learn: Learn | None = None,
    progress: Progress | None = None,
) -> Curve:
    """The learning curve; the same for the same documents and seed, whatever their order or `jobs`.

    repeats  folds that are held out one after another, 1 to 5: a model is learnt for each share each time
    learn    what is learnt instead of the theme model

    Raises:
        BadCorpus: too few documents. BadConfig: repeats or gains out of range.
    """
    if not 1 <= repeats <= FOLDS:
        raise BadConfig(f"repeats = {repeats!r}; wanted 1 to {FOLDS}, each holds out another fifth of the documents")
    if not all(0 < gain < 1 for gain in gains):
        raise BadConfig(f"gains {tuple(gains)!r}; wanted gains in F1 within 0–1, such as 0.01")
    documents = sorted(documents, key=lambda d: d.digest)
    group = document_groups(documents)
    if len(np.unique(group)) < FEWEST:
        raise BadCorpus(
            f"{len(np.unique(group))} documents that are no copies of each other; a curve needs {FEWEST}, label more first"
        )
    learn = learn or partial(_learn_themes, taxonomy=taxonomy, seed=seed, jobs=jobs)
    labels = np.array([[any(c in u.themes for u in d.units) for c in taxonomy.codes] for d in documents], bool)
    fold = grouped_stratified_folds(labels, group, n_folds=FOLDS, seed=seed)
    sizes = np.zeros((repeats, len(SHARES), 2))
    counts: list[list[Counts]] = [[] for _ in SHARES]
    for repeat in range(repeats):
        held = labelled_passages([documents[i] for i in np.flatnonzero(fold == repeat)], taxonomy)
        owner = group[np.flatnonzero(fold == repeat)][held.document]
        body = held.is_body
        rest = np.flatnonzero(fold != repeat)
        part = grouped_stratified_folds(labels[rest], group[rest], n_folds=PARTS, seed=seed)
        for k, share in enumerate(SHARES):
            chosen = [documents[i] for i in rest[part < share]]
            decided = learn(chosen)(held)
            counts[k].append(document_counts(held.themes[body], decided[body], owner[body]))
            sizes[repeat, k] = len(chosen), sum(unit.has_body for d in chosen for unit in d.units)
            if progress is not None:
                progress(repeat * len(SHARES) + k + 1, repeats * len(SHARES))
    together = [_joined(each) for each in counts]
    mean = sizes.mean(axis=0)
    points = tuple(
        Point(share / PARTS, round(float(n)), round(float(m)), intervals(found, seed=seed)["micro_f1"])
        for share, (n, m), found in zip(SHARES, mean, together)
    )
    return _fitted(points, mean[:, 0], together, n_documents=len(documents), gains=gains, seed=seed)


def _joined(each: Sequence[Counts]) -> Counts:
    return Counts(*(np.vstack([getattr(c, name) for c in each]) for name in ("hits", "needless", "missed")))


def _fitted(
    points: tuple[Point, ...],
    n: Floats,
    counts: Sequence[Counts],
    *,
    n_documents: int,
    gains: Sequence[float],
    seed: int,
) -> Curve:
    """The law through the points and what it promises.

    Its uncertainty has two parts: which documents were held out (drawn anew, the same for all points), and which were learnt
    from (how far the points lie off the law).
    """
    random = np.random.default_rng(seed)
    n_held = len(counts[0])
    drawn = random.multinomial(n_held, np.full(n_held, 1 / n_held), size=DRAWS).astype(np.float64)
    seen = _errors(np.ones((1, n_held)), counts)
    log_n = np.log(n)
    slope, level = _line(log_n, np.log(seen))
    off = np.log(seen[:, 0]) - (level[0] + slope[0] * log_n)
    spread = float(np.sqrt((off**2).sum() / max(len(log_n) - 2, 1)))
    noisy = np.log(_errors(drawn, counts)) + spread * random.standard_normal((len(log_n), DRAWS))
    slopes, levels = _line(log_n, noisy)
    tail = (1 - CONFIDENCE) / 2
    low, high = np.quantile(-slopes, [tail, 1 - tail]).tolist()
    needs = []
    for gain in gains:
        more = _more(slope, level, n_documents, gain)[0]
        # Sorted, not interpolated: infinity has no neighbour to be half way to.
        some = np.sort(_more(slopes, levels, n_documents, gain))
        ends = some[int(tail * DRAWS)], some[int((1 - tail) * DRAWS) - 1]
        needs.append(Need(gain, _whole(more), _whole(ends[0]), _whole(ends[1])))
    exponent = -float(slope[0])
    forecast = 1 - float(np.exp(level[0] + slope[0] * np.log(n_documents)))
    interval = Interval(exponent, min(low, exponent), max(high, exponent))
    return Curve(points, n_documents, forecast, float(np.exp(level[0])), interval, tuple(needs), n_held)


def _errors(weights: Floats, counts: Sequence[Counts]) -> Floats:
    """1 - micro-F1 of each point under each row of weights of the documents, (n_points, n_rows); never 0."""
    rows = []
    for found in counts:
        hits, wrong = weights @ found.hits.sum(axis=1), weights @ (found.needless + found.missed).sum(axis=1)
        rows.append((wrong + 0.5) / np.maximum(2 * hits + wrong, 1.0))
    return np.asarray(np.minimum(np.array(rows), 1.0), np.float64)


def _line(x: Floats, y: Floats) -> tuple[Floats, Floats]:
    """Slope and level of the least-squares line through each column of y."""
    away = x - x.mean()
    slope = away @ y / (away @ away)
    return np.asarray(slope), np.asarray(y.mean(axis=0) - slope * x.mean())


def _more(slope: Floats, level: Floats, n: int, gain: float) -> Floats:
    """How many documents beyond `n` bring the error down by `gain`; infinite if none do or they are beyond `FARTHEST`."""
    error = np.exp(level + slope * np.log(n))
    wanted = error - gain
    falls = (slope < -FLATTEST) & (wanted > 0)
    logs = (np.log(np.where(falls, wanted, 1.0)) - level) / np.where(falls, slope, -1.0)
    reachable = falls & (logs <= np.log(FARTHEST * n))
    return np.asarray(np.where(reachable, np.exp(np.minimum(logs, 50.0)) - n, np.inf))


def _whole(value: float) -> int | None:
    return int(np.ceil(value)) if np.isfinite(value) else None


def _learn_themes(documents: Sequence[LabelledDocument], *, taxonomy: Taxonomy, seed: int, jobs: int) -> Decide:
    groups = document_groups(documents)
    judge = fit_judge(documents, taxonomy, groups=groups, seed=seed, jobs=jobs).judge

    return lambda held: decided_by(judge, held, most=taxonomy.most)
