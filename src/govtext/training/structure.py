"""Fit what finds a report's form: boundary models first, then the line model on the pieces they make."""

from __future__ import annotations

from collections.abc import Sequence

from govtext.layout import Structure
from govtext.training.corpus import LabelledDocument
from govtext.training.cuts import fit_with_folds
from govtext.training.lines import fit_lines


def fit_structure(documents: Sequence[LabelledDocument], *, seed: int = 0, jobs: int = 1) -> Structure:
    """The structure models of whole documents; same result for same documents and seed, whatever `jobs`."""
    whole = [d for d in documents if d.whole]
    folds, boundaries = fit_with_folds(whole, seed=seed, jobs=jobs)
    return Structure(boundaries, fit_lines(whole, folds, seed=seed, jobs=jobs))
