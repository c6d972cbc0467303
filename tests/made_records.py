"""A record of a training run that never was: invented labels and scores, no model."""

from __future__ import annotations

from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any

import numpy as np

from govtext.document import ROLES
from govtext.evaluation.record import Record
from govtext.scoring.risk import PROMISES
from govtext.taxonomy import Taxonomy, Theme
from govtext.training.record import record_of
from govtext.training.risk import fit_risk

N_DOCUMENTS, PASSAGES = 40, 6  # of each document the first passage is a heading
NAMES = ("人才", "产业发展", "科普")


def taxonomy(names: tuple[str, ...] = NAMES) -> Taxonomy:
    """Themes of these names."""
    return Taxonomy(tuple(Theme(f"theme_{k}", name) for k, name in enumerate(names)), 2)


def header(themes: Taxonomy) -> dict[str, Any]:
    """What the file of such a model says of itself."""
    return {
        "seed": 0,
        "themes": [{"threshold": 0.5} for _ in themes.themes],
        "training": {"documents": N_DOCUMENTS, "groups": N_DOCUMENTS, "sha256": "ab" * 32, "sources": ["corpus|a"]},
        "versions": {"govtext": "0.1.0", "numpy": "2.0"},
    }


def fitted(n_themes: int = 3, *, seed: int = 0, changes: Mapping[str, Any] | None = None) -> Any:
    """What `record_of` reads of a fitted model; about one decision in ten is wrong."""
    random = np.random.default_rng(seed)
    n = N_DOCUMENTS * PASSAGES
    document = np.repeat(np.arange(N_DOCUMENTS), PASSAGES)
    body = np.arange(n) % PASSAGES != 0
    probability = random.beta(0.3, 0.9, (n, n_themes))
    target = random.random((n, n_themes)) < probability
    decided = (probability >= 0.5) & body[:, None]
    role = random.integers(0, len(ROLES), n)
    scores = random.normal(size=(n, len(ROLES)))
    scores[np.arange(n), role] += 3
    formulaic = random.random(n) < 0.2
    parts: dict[str, Any] = {
        "passages": SimpleNamespace(document=document, themes=target, role=role, formulaic=formulaic, is_body=body),
        "group": document,
        "fold": document % 5,
        "themes": probability * body[:, None],
        "roles": scores,
        "formulaic": formulaic * 0.9,
        "decided": decided,
        "formulaic_decided": formulaic & (random.random(n) < 0.9),
        **(changes or {}),
    }
    p, said = parts["themes"][body], parts["decided"][body]
    risks = tuple(fit_risk(p, said, target[body], document[body], promise=promise) for promise in PROMISES)
    return SimpleNamespace(judge=SimpleNamespace(risks=risks), **parts)


def made_record(names: tuple[str, ...] = NAMES) -> Record:
    """The record of such a model."""
    themes = taxonomy(names)
    return record_of(fitted(len(names)), themes, header(themes), sha256="cd" * 32)
