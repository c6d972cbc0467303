"""The parameters of `ThemeClassifier`, checked when it is fitted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from govtext.errors import BadConfig, BadCorpus
from govtext.estimators.inputs import Label, Labels, Rows
from govtext.taxonomy import Taxonomy
from govtext.training.recipes import RECIPES, Recipe

# Documents from which the second stage helps: authored reports, micro-F1 on others' rows without and with it 0.726 → 0.748 from
# 15 documents, 0.771 → 0.800 from 30, 0.809 → 0.826 from 40; it takes some three times as long to fit.
CONTEXT_DOCUMENTS = 15


def is_whole(value: Any, least: int) -> bool:
    """Whether it is a whole number, also one of NumPy, and no smaller."""
    return isinstance(value, int | np.integer) and not isinstance(value, bool) and int(value) >= least


def to_recipe(estimator: Any) -> Recipe:
    """How the linear scores are fitted, and a look at what else can be wrong.

    Raises:
        BadConfig: a parameter out of range.
    """
    if not is_whole(estimator.folds, 2):
        raise BadConfig(f"folds = {estimator.folds!r}; wanted a whole number from 2, such as 5")
    if estimator.context not in (True, False, "auto"):
        raise BadConfig(f'context = {estimator.context!r}; wanted True, False or "auto"')
    lengths = tuple(estimator.lengths) if isinstance(estimator.lengths, Sequence) else ()
    if len(lengths) != 2 or not all(is_whole(length, 1) for length in lengths):
        raise BadConfig(f"lengths = {estimator.lengths!r}; wanted two whole numbers, such as (1, 3)")
    blocks = RECIPES["documents"].blocks if estimator.blocks is None else estimator.blocks
    if estimator.min_documents is not None and not is_whole(estimator.min_documents, 1):
        raise BadConfig(f"min_documents = {estimator.min_documents!r}; wanted a whole number from 1, or None")
    for name, least in (("C", 1e-9), ("names", 0.0)):
        value = getattr(estimator, name)
        if not isinstance(value, int | float) or not least <= value < np.inf:
            raise BadConfig(f"{name} = {value!r}; wanted a number above 0, such as 1.0")
    return Recipe(
        lone=True,
        blocks=blocks,
        role_blocks={},
        formulaic_blocks={},
        lengths=(lengths[0], lengths[1]),
        words=estimator.words,
        least_documents=None if estimator.min_documents is None else int(estimator.min_documents),
        loss=estimator.loss,
        C=estimator.C,
        names=estimator.names,
    )


def told_names(themes: Any) -> dict[Label, str] | None:
    """The labels that the parameter `themes` allows, each with its name; None if it allows all.

    Raises:
        BadConfig: no labels, or one that stands twice.
    """
    if themes is None:
        return None
    if isinstance(themes, str) or not (pairs := _pairs(themes)):
        raise BadConfig(f"themes = {themes!r:.60}; wanted a list of labels, label → name, or a Taxonomy")
    if len(found := dict(pairs)) < len(pairs):
        raise BadConfig("themes name a label twice; give each once")
    return found


def _pairs(themes: Any) -> list[tuple[Label, str]]:
    if isinstance(themes, Taxonomy):
        return list(themes.names.items())
    if isinstance(themes, Mapping):
        return [(label, str(name)) for label, name in themes.items()]
    labels = [label.item() if isinstance(label, np.generic) else label for label in themes]
    return [(label, label if isinstance(label, str) else "") for label in labels]


def shown_names(labels: Sequence[Label], told: Mapping[Label, str] | None) -> dict[Label, str]:
    """Each label's name; a label that is text is its own, a number has none."""
    return {label: (told or {}).get(label, label if isinstance(label, str) else "") for label in labels}


def most_labels(most: Any, labels: Labels) -> int:
    """How many labels a row may get.

    Raises:
        BadConfig: `most` is no number from 1.
    """
    found = int(labels.table.sum(axis=1).max()) if most is None else most
    if not is_whole(found, 1):
        raise BadConfig(f"most = {most!r}; wanted a whole number from 1, or None")
    return 1 if labels.form == "single" else min(found, len(labels.names))


def with_context(context: bool | str, rows: Rows) -> bool:
    """Whether the second stage is fitted.

    Raises:
        BadCorpus: it is wanted, and nobody knows which rows stand together.
    """
    if context == "auto":
        return rows.documents is not None and len(set(rows.documents)) >= CONTEXT_DOCUMENTS
    if context and rows.documents is None:
        raise BadCorpus("context=True needs to know which rows stand together; give X a column 'document'")
    return bool(context)
