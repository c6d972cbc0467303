"""Fit what finds a report's form: where lines are cut, what each piece is, and the two looked at again with each other's word.

Each step learns from what the steps before it make of documents that they have not seen.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from govtext.layout import Structure
from govtext.training.corpus import LabelledDocument
from govtext.training.cuts import fit_with_folds
from govtext.training.lines import fit_first_pass, fit_second_pass
from govtext.training.pieces import lines_of
from govtext.training.recuts import fit_recuts


def fit_structure(documents: Sequence[LabelledDocument], *, seed: int = 0, jobs: int = 1) -> Structure:
    """The structure models of whole documents; same result for same documents and seed, whatever `jobs`."""
    whole = [d for d in documents if d.whole]
    boundaries, boundary_model = fit_with_folds(whole, seed=seed, jobs=jobs)
    first_cut = lines_of(whole, [b.cuts for b in boundaries], seed)
    lines, line_model = fit_first_pass(first_cut, len(boundaries), jobs=jobs)
    recuts, recut_model = fit_recuts(whole, boundaries, lines, seed=seed, jobs=jobs)
    cuts = [partial(r.cuts, boundaries=b, lines=m) for r, b, m in zip(recuts, boundaries, lines, strict=True)]
    line_model = fit_second_pass(lines_of(whole, cuts, seed), lines, line_model)
    return Structure(boundary_model, line_model, recut_model)
