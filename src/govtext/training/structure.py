"""Fit what finds a report's form: boundary models first, then the line model on the pieces they make."""

from __future__ import annotations

from collections.abc import Sequence

from joblib import Parallel, delayed

from govtext.layout import Structure
from govtext.training.boundaries import fit_boundaries
from govtext.training.corpus import LabelledDocument
from govtext.training.lines import FOLDS, fit_lines


def fit_structure(documents: Sequence[LabelledDocument], *, seed: int = 0, jobs: int = 1) -> Structure:
    """The structure models of whole documents; same result for same documents and seed, whatever `jobs`."""
    whole = [d for d in documents if d.whole]
    parts = [[d for i, d in enumerate(whole) if i % FOLDS != k] for k in range(FOLDS)]
    models = Parallel(n_jobs=jobs)(delayed(fit_boundaries)(part, seed=seed) for part in [*parts, whole])
    return Structure(models[-1], fit_lines(whole, models[:-1], jobs=jobs))
