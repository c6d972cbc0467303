"""Fit the second look at cuts: a network learns from first scores and line models that have not seen the document."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from joblib import Parallel, delayed
from numpy.typing import NDArray

from govtext.boilerplate.context import Floats
from govtext.boilerplate.detector import LineModel
from govtext.boilerplate.recuts import CutJudge, second_look
from govtext.segmentation.boundaries import BoundaryModel
from govtext.segmentation.lines import to_stream
from govtext.training.boundaries import LabelledText, labelled_text
from govtext.training.corpus import LabelledDocument
from govtext.training.cuts import FLATTENED
from govtext.training.networks import fit_network
from govtext.training.variants import flattened

FLATTENED_WEIGHT = 0.4
THRESHOLD = -0.25


@dataclass(frozen=True, slots=True, eq=False)
class _Seen:
    """Places of one text: what the judge sees, whether a unit begins there, how much it counts."""

    numbers: Floats
    target: NDArray[np.bool_]
    weight: float


def _look(documents: Sequence[LabelledDocument], boundaries: BoundaryModel, lines: LineModel, seed: int) -> list[_Seen]:
    texts = [labelled_text(d) for d in documents]
    for turn in range(FLATTENED):
        texts += [labelled_text(flattened(d, seed + 1, turn), weight=FLATTENED_WEIGHT) for d in documents]
    return [_seen(text, boundaries, lines) for text in texts if text.text.strip()]


def _seen(text: LabelledText, boundaries: BoundaryModel, lines: LineModel) -> _Seen:
    stream = to_stream(text.text)
    at, numbers = second_look(stream, *boundaries.scored(stream), lines, boundaries.threshold)
    starts = np.zeros(len(stream) + 1, bool)
    starts[stream.index_of(text.starts)] = True
    return _Seen(numbers, starts[at], text.weight)


def _fit(seen: Sequence[_Seen], seed: int) -> CutJudge:
    numbers = np.vstack([s.numbers for s in seen])
    target = np.concatenate([s.target for s in seen])
    weights = np.concatenate([np.full(len(s.target), s.weight) for s in seen])
    return CutJudge(fit_network(numbers, target.astype(np.int64), weights, kind="recut", seed=seed), THRESHOLD)


def fit_recuts(
    documents: Sequence[LabelledDocument],
    boundaries: Sequence[BoundaryModel],
    lines: Sequence[LineModel],
    *,
    seed: int = 0,
    jobs: int = 1,
) -> tuple[list[CutJudge], CutJudge]:
    """A judge for each fold (document number modulo their number) without its documents, and the judge of all.

    `boundaries` and `lines` hold a model for each fold, fitted without it.
    """
    run = Parallel(n_jobs=jobs)
    n = len(boundaries)
    seen = run(delayed(_look)(documents[k::n], boundaries[k], lines[k], seed) for k in range(n))
    others = [[s for j, part in enumerate(seen) if j != k for s in part] for k in range(n)]
    judges = run(delayed(_fit)(part, seed) for part in [*others, [s for part in seen for s in part]])
    return judges[:-1], judges[-1]
