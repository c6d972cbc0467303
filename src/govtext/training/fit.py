"""Labelled documents → a model: what the script, the recipe and `govtext train` all call."""

from __future__ import annotations

import platform
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from importlib.metadata import version
from pathlib import Path

import numpy as np

from govtext import __version__
from govtext.errors import BadConfig, BadCorpus
from govtext.labelling import Model, load
from govtext.layout import Structure
from govtext.modelarrays import decode_model, encode_model, model_header
from govtext.scoring.modelfile import write
from govtext.scoring.thresholds import decide
from govtext.taxonomy import Taxonomy
from govtext.training.corpus import LabelledDocument, corpus_digest
from govtext.training.structure import fit_structure
from govtext.training.themes import Fitted, fit_judge

LARGEST_SEED = 2**31 - 1
MIN_DOCUMENTS = 5


@dataclass(frozen=True, slots=True)
class TrainingConfig:
    """What can be chosen beside corpus and themes.

    seed        of everything random
    structure   "bundled": outline and boilerplate models are taken over from the bundled model;
                "train": fitted on the corpus too, which must then hold whole documents, titles and boilerplate lines included
    """

    seed: int = 0
    structure: str = "bundled"

    def __post_init__(self) -> None:
        if type(self.seed) is not int or not 0 <= self.seed <= LARGEST_SEED:
            raise BadConfig(f"seed = {self.seed!r}; wanted a whole number from 0 to {LARGEST_SEED}")
        if self.structure not in ("bundled", "train"):
            raise BadConfig(f'structure = {self.structure!r}; wanted "bundled" or "train"')


def read_config(path: Path) -> TrainingConfig:
    """The configuration in a TOML file.

    Raises:
        BadConfig: not there, not TOML, an unknown key or a value out of range.
    """
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise BadConfig(f"{path}: cannot be read as TOML ({error}); name a file with lines like seed = 1") from error
    known = [f.name for f in fields(TrainingConfig)]
    if unknown := sorted(set(table) - set(known)):
        raise BadConfig(f"{path}: unknown key {unknown[0]!r}; wanted {', '.join(known)}")
    return TrainingConfig(**table)


@dataclass(frozen=True, slots=True)
class ThemeFigures:
    """What is known of one theme: passages that carry it, and precision, recall, F1 out of fold (0–1)."""

    code: str
    name: str
    support: int
    precision: float
    recall: float
    f1: float


@dataclass(frozen=True, slots=True, eq=False)
class Trained:
    """A trained model as bytes of its file (`content`), loaded (`model`), and what it reached out of fold."""

    content: bytes
    model: Model
    themes: tuple[ThemeFigures, ...]
    figures: Mapping[str, float]

    def save(self, path: Path) -> str:
        """The SHA-256 of the model file written; an old file stays until the new one is whole."""
        return write(path, self.content)


def train(
    documents: Sequence[LabelledDocument],
    taxonomy: Taxonomy,
    *,
    config: TrainingConfig | None = None,
    weights: Sequence[float] | None = None,
    sources: Sequence[str] = (),
    jobs: int = 1,
) -> Trained:
    """The model of labelled documents; the same bytes for the same documents, weights and seed, whatever order or `jobs`.

    `weights` say how much each document counts. Figures and thresholds come from documents held out of each fold.

    Raises:
        BadCorpus: a theme has no example, or there are too few documents to hold any out.
    """
    config = config or TrainingConfig()
    order = sorted(range(len(documents)), key=lambda i: documents[i].digest)
    weights = None if weights is None else [weights[i] for i in order]
    documents = [documents[i] for i in order]
    _check_support(documents, taxonomy)
    structure = _structure(documents, config, jobs)
    fitted = fit_judge(documents, taxonomy, weights=weights, seed=config.seed, jobs=jobs)
    rows, overall = out_of_fold_figures(fitted, taxonomy)
    header = model_header(
        taxonomy,
        fitted.judge,
        seed=config.seed,
        training={
            "documents": len(documents),
            "passages": len(fitted.passages.passages),
            "sha256": corpus_digest(documents),
            "structure": config.structure,
            "sources": list(sources),
        },
        versions={
            "govtext": __version__,
            "python": platform.python_version(),
            **{name: version(name) for name in ("numpy", "scikit-learn", "scipy")},
        },
        figures={**overall, "themes": {r.code: [r.support, r.precision, r.recall, r.f1] for r in rows}},
    )
    content = encode_model(structure, fitted.judge, header)
    return Trained(content, Model(*decode_model(content, "the model just trained")), rows, overall)


def _structure(documents: Sequence[LabelledDocument], config: TrainingConfig, jobs: int) -> Structure:
    if config.structure == "bundled":
        return load().structure
    if not any(unit.is_boilerplate for d in documents if d.whole for unit in d.units):
        raise BadCorpus(
            'no boilerplate line in the corpus; structure = "train" needs whole pages, or leave it "bundled"'
        )
    return fit_structure(documents, seed=config.seed, jobs=jobs)


def _check_support(documents: Sequence[LabelledDocument], taxonomy: Taxonomy) -> None:
    if len(documents) < MIN_DOCUMENTS:
        raise BadCorpus(
            f"{len(documents)} labelled documents; wanted at least {MIN_DOCUMENTS}, to hold some out of each fold"
        )
    seen = {theme for d in documents for unit in d.units for theme in unit.themes}
    if missing := [code for code in taxonomy.codes if code not in seen]:
        raise BadCorpus(
            f"theme {missing[0]!r} has no example in the corpus; label some, or take it out of the themes file"
        )


def out_of_fold_figures(fitted: Fitted, taxonomy: Taxonomy) -> tuple[tuple[ThemeFigures, ...], dict[str, float]]:
    """Figures of body passages by models that had not seen their document; thresholds were chosen on the same scores."""
    body = fitted.passages.is_body
    target = fitted.passages.themes[body]
    thresholds = fitted.judge.thresholds
    decided = decide(fitted.themes[body], thresholds[:-1], codes=taxonomy.codes, most=taxonomy.most)
    said = np.array([[code in labels for code in taxonomy.codes] for labels in decided], bool)
    hits, n_said, n_true = (said & target).sum(axis=0), said.sum(axis=0), target.sum(axis=0)
    rows = tuple(
        ThemeFigures(t.code, t.name, int(n_true[k]), *map(_rounded, _scores(hits[k], n_said[k], n_true[k])))
        for k, t in enumerate(taxonomy.themes)
    )
    role = fitted.passages.role[body]
    known = role >= 0
    formulaic = fitted.formulaic[body] >= thresholds[-1]
    truth = fitted.passages.formulaic[body]
    overall = {
        "theme_micro_f1": _scores(hits.sum(), n_said.sum(), n_true.sum())[2],
        "theme_macro_f1": float(np.mean([row.f1 for row in rows])),
        "role_accuracy": float((fitted.roles[body].argmax(axis=1) == role)[known].mean()) if known.any() else 0.0,
        "formulaic_f1": _scores((formulaic & truth).sum(), formulaic.sum(), truth.sum())[2],
    }
    return rows, {key: _rounded(value) for key, value in overall.items()}


def _scores(hits: float, said: float, true: float) -> tuple[float, float, float]:
    """Precision, recall and F1; 0 where nothing was said or nothing is true."""
    return hits / said if said else 0.0, hits / true if true else 0.0, 2 * hits / (said + true) if said + true else 0.0


def _rounded(value: float) -> float:
    return round(float(value), 4)
