"""Fit the model of whole pages' main text: logistic regression on each line, a small network on the lines around it."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np
from sklearn.linear_model import LogisticRegression

from govtext.boilerplate.maintext import MainTextModel, around_features, first_pass
from govtext.boilerplate.weblines import Floats, LineHint, to_page
from govtext.features.ngrams import Ints
from govtext.scoring.network import FARTHEST, Network
from govtext.training.networks import fit_network

FOLDS = 5
C_FIRST = 0.01


@dataclass(frozen=True, slots=True)
class LabelledPage:
    """A page's lines, the title element first, whether each is main text, and the site it is from."""

    site: Hashable
    lines: Sequence[str]
    is_main: Sequence[bool]
    hints: Sequence[LineHint] | None = None


def site_folds(sites: Sequence[Hashable], *, folds: int) -> Ints:
    """The fold of each page: a site's pages in one, the folds about equally large; the order of pages is irrelevant."""
    counts: dict[Hashable, int] = {}
    for site in sites:
        counts[site] = counts.get(site, 0) + 1
    sizes, fold = [0] * folds, {}
    for site in sorted(counts, key=lambda site: (-counts[site], str(site))):
        fold[site] = int(np.argmin(sizes))
        sizes[fold[site]] += counts[site]
    return np.array([fold[site] for site in sites], np.int64)


def fit_main_text(pages: Sequence[LabelledPage], *, hinted: bool, seed: int = 0) -> MainTextModel:
    """The model of the pages; the second pass learns from first passes that had not seen the site.

    Raises:
        ValueError: a page lacks hints where they are wanted, or its labels are not one a line, or there are no two sites.
    """
    pages = [page for page in pages if page.lines]
    for page in pages:
        if len(page.is_main) != len(page.lines):
            raise ValueError(f"{len(page.is_main)} labels for {len(page.lines)} lines of {page.site}; give one a line")
        if hinted and page.hints is None:
            raise ValueError(f"a page of {page.site} has no hints; give every page hints, or fit with hinted=False")
    if len({page.site for page in pages}) < 2:
        raise ValueError(
            "pages of at least two sites are wanted: the second pass learns from sites the first has not seen"
        )
    web = [to_page(page.lines, page.hints if hinted else None) for page in pages]
    target = np.concatenate([np.asarray(page.is_main, np.int64) for page in pages])
    owner = np.repeat(np.arange(len(pages)), [len(page.lines) for page in pages])
    fold = site_folds([page.site for page in pages], folds=FOLDS)
    features = np.vstack([page.features for page in web])
    around: list[Floats] = [np.zeros(0)] * len(pages)
    for k in sorted(set(fold.tolist())):
        rest = fold[owner] != k
        network = _fit_first(features[rest], target[rest])
        for i in np.flatnonzero(fold == k).tolist():
            around[i] = around_features(web[i], first_pass(network, web[i]))
    second = fit_network(np.vstack(around), target, np.ones(len(target)), kind="main", seed=seed)
    return _as_stored(MainTextModel(_fit_first(features, target), second))


def _as_stored(model: MainTextModel) -> MainTextModel:
    """The same with the precision of a model file, so that saving changes no answer."""
    return MainTextModel.from_arrays("main", model.arrays("main"))


def _fit_first(features: Floats, target: Ints) -> Network:
    """Logistic regression as a network: relu(z) - relu(-z) is z."""
    mean, deviation = features.mean(axis=0), features.std(axis=0)
    deviation = np.where(deviation > 1e-6, deviation, 1.0)
    standard = np.clip((features - mean) / deviation, -FARTHEST, FARTHEST)
    model = LogisticRegression(C=C_FIRST, max_iter=300).fit(standard, target)
    weights = model.coef_[0]
    both = np.stack([weights, -weights], axis=1)
    return Network(mean, deviation, both, np.zeros(2), np.array([[1.0], [-1.0]]), model.intercept_)
