"""Labelled documents → a model: what the script, the recipe and `govtext train` all call."""

from __future__ import annotations

import platform
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

from govtext import __version__
from govtext.boilerplate.pagehints import PREFIX, PageModel
from govtext.errors import BadConfig, BadCorpus
from govtext.evaluation.card import card
from govtext.evaluation.intervals import document_counts, intervals
from govtext.evaluation.page import page
from govtext.evaluation.record import CurvePoint, Record
from govtext.features.ngrams import Ints
from govtext.labelling import Model, load
from govtext.layout import Structure
from govtext.modelarrays import decode_model, encode_model, model_header
from govtext.scoring.modelfile import write
from govtext.taxonomy import Taxonomy
from govtext.training.corpus import LabelledDocument, corpus_digest
from govtext.training.duplicates import near_duplicate_groups
from govtext.training.maintext import LabelledPage, fit_main_text
from govtext.training.recipes import AUTO, CHOICES, Recipe, recipe_for, to_recipe
from govtext.training.record import record_of
from govtext.training.structure import fit_structure
from govtext.training.themes import Fitted, fit_judge

LARGEST_SEED = 2**31 - 1
MIN_DOCUMENTS = 5
KEYS = ("seed", "structure", "recipe")  # of a configuration, beside the fields of its recipe


@dataclass(frozen=True, slots=True)
class TrainingConfig:
    """What can be chosen beside corpus and themes.

    seed        of everything random
    structure   "bundled": outline and boilerplate models are taken over from the bundled model;
                "train": fitted on the corpus too, which must then hold whole documents, titles and boilerplate lines included
    recipe      key of `RECIPES`, or "auto": "lone" for single passages without roles, else "documents"
    changes     fields of the recipe that are not as the table has them; keys of their own in the TOML file
    """

    seed: int = 0
    structure: str = "bundled"
    recipe: str = AUTO
    changes: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if type(self.seed) is not int or not 0 <= self.seed <= LARGEST_SEED:
            raise BadConfig(f"seed = {self.seed!r}; wanted a whole number from 0 to {LARGEST_SEED}")
        if self.structure not in ("bundled", "train"):
            raise BadConfig(f'structure = {self.structure!r}; wanted "bundled" or "train"')
        to_recipe(self.recipe, self.changes)

    def recipe_of(self, documents: Sequence[LabelledDocument]) -> tuple[str, Recipe]:
        """The recipe for a corpus, with its name."""
        name = recipe_for(documents) if self.recipe == AUTO else self.recipe
        return name, to_recipe(name, self.changes)


def read_config(path: Path) -> TrainingConfig:
    """The configuration in a TOML file.

    Raises:
        BadConfig: not there, not TOML, an unknown key or a value out of range.
    """
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise BadConfig(f"{path}: cannot be read as TOML ({error}); name a file with lines like seed = 1") from error
    if unknown := sorted(set(table) - {*KEYS, *CHOICES}):
        raise BadConfig(f"{path}: unknown key {unknown[0]!r}; wanted {', '.join((*KEYS, *CHOICES))}")
    changes = {key: value for key, value in table.items() if key in CHOICES}
    return TrainingConfig(**{key: value for key, value in table.items() if key in KEYS}, changes=changes)


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
    """A trained model as bytes of its file (`content`), loaded (`model`), and what it reached out of fold; `record` has it all."""

    content: bytes
    model: Model
    themes: tuple[ThemeFigures, ...]
    figures: Mapping[str, Any]
    record: Record

    def save(self, path: Path) -> str:
        """The SHA-256 of the model file written; an old file stays until the new one is whole."""
        return write(path, self.content)

    def card(self, *, name: str = "model.safetensors", date: str = "", curve: Sequence[CurvePoint] = ()) -> str:
        """The model card in Markdown; `name` is what it calls the model's file. The same bytes for the same data and date."""
        return card(replace(self.record, name=name, date=date, curve=tuple(curve)))

    def page(self, *, name: str = "model.safetensors", date: str = "", curve: Sequence[CurvePoint] = ()) -> str:
        """The evaluation as one HTML page with pictures that loads nothing; likewise."""
        return page(replace(self.record, name=name, date=date, curve=tuple(curve)))


def train(
    documents: Sequence[LabelledDocument],
    taxonomy: Taxonomy,
    *,
    config: TrainingConfig | None = None,
    weights: Sequence[float] | None = None,
    sources: Sequence[str] = (),
    unlabelled: Sequence[str] = (),
    pages: Sequence[LabelledPage] = (),
    jobs: int = 1,
) -> Trained:
    """The model of labelled documents; the same bytes for the same documents, weights and seed, whatever order or `jobs`.

    `weights` say how much each document counts; `unlabelled` texts are read by the recipe "lone". From whole web pages
    with their main text marked (`pages`) the model learns to read markup, too; without them it has the bundled model's way.
    Figures and thresholds come from documents held out of each fold.

    Raises:
        BadCorpus: a theme has no example, or there are too few documents to hold any out.
    """
    config = config or TrainingConfig()
    order = sorted(range(len(documents)), key=lambda i: documents[i].digest)
    weights = None if weights is None else [weights[i] for i in order]
    documents = [documents[i] for i in order]
    _check_support(documents, taxonomy)
    name, recipe = config.recipe_of(documents)
    if unlabelled and not recipe.lone:
        raise BadConfig(f'unlabelled texts are read by recipe = "lone"; this corpus is trained by {name!r}')
    structure = _structure(documents, config, jobs)
    if pages:
        found = fit_main_text(pages, hinted=True, seed=config.seed)
        structure = replace(structure, pages=PageModel(found.arrays(PREFIX)))
    groups = document_groups(documents)
    fitted = fit_judge(
        documents,
        taxonomy,
        weights=weights,
        groups=groups,
        recipe=recipe,
        unlabelled=unlabelled,
        seed=config.seed,
        jobs=jobs,
    )
    if not any(len(block.vocabulary) for block in fitted.judge.blocks):
        raise BadCorpus(
            "no run of characters stands in as many documents as the recipe asks for, so that nothing can be learnt; "
            "label more documents, or write least_documents = 1 into the configuration file"
        )
    rows, overall = out_of_fold_figures(fitted, taxonomy)
    header = model_header(
        taxonomy,
        fitted.judge,
        seed=config.seed,
        training={
            "documents": len(documents),
            "groups": int(groups.max()) + 1,
            "passages": len(fitted.passages.passages),
            "sha256": corpus_digest(documents),
            "structure": config.structure,
            "sources": list(sources),
            **said_of(config, name, len(unlabelled)),
        },
        versions={
            "govtext": __version__,
            "python": platform.python_version(),
            **{name: version(name) for name in ("numpy", "scikit-learn", "scipy")},
        },
        figures={**overall, "themes": {r.code: [r.support, r.precision, r.recall, r.f1] for r in rows}},
    )
    content = encode_model(structure, fitted.judge, header)
    model = Model(*decode_model(content, "the model just trained"))
    record = record_of(fitted, taxonomy, header, documents=documents, sha256=model.sha256)
    return Trained(content, model, rows, overall, record)


def said_of(config: TrainingConfig, name: str, n_unlabelled: int) -> dict[str, Any]:
    """What a model's header says of its recipe; nothing where it is that of documents as it stands."""
    if name == "documents" and not config.changes:
        return {}
    changes = {key: list(value) if isinstance(value, tuple) else value for key, value in config.changes.items()}
    return {"recipe": {"name": name, **changes}, "unlabelled": n_unlabelled}


def _structure(documents: Sequence[LabelledDocument], config: TrainingConfig, jobs: int) -> Structure:
    if config.structure == "bundled":
        return load().structure
    if not any(unit.is_boilerplate for d in documents if d.whole for unit in d.units):
        raise BadCorpus(
            'no boilerplate line in the corpus; structure = "train" needs whole pages, or leave it "bundled"'
        )
    return fit_structure(documents, seed=config.seed, jobs=jobs)


def document_groups(documents: Sequence[LabelledDocument]) -> Ints:
    """The group of each document: those that share a passage, or come from one file, are never split."""
    texts = [[d.text[u.start : u.end] for u in d.units if not u.is_boilerplate] for d in documents]
    groups = near_duplicate_groups(texts, sources=[d.header.get("path") for d in documents])
    if not groups.any():
        raise BadCorpus(
            f"{len(documents)} labelled documents, and all of them share passages with each other; wanted two that do not, "
            "to hold one out: take copied passages out, or label other documents"
        )
    return groups


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


def out_of_fold_figures(fitted: Fitted, taxonomy: Taxonomy) -> tuple[tuple[ThemeFigures, ...], dict[str, Any]]:
    """Figures of body passages, with 95 % intervals over documents.

    Neither models, calibration nor thresholds of a passage had seen its document.
    """
    body = fitted.passages.is_body
    target, said = fitted.passages.themes[body], fitted.decided[body]
    hits, n_said, n_true = (said & target).sum(axis=0), said.sum(axis=0), target.sum(axis=0)
    rows = tuple(
        ThemeFigures(t.code, t.name, int(n_true[k]), *map(_rounded, _scores(hits[k], n_said[k], n_true[k])))
        for k, t in enumerate(taxonomy.themes)
    )
    role = fitted.passages.role[body]
    known = role >= 0
    formulaic, truth = fitted.formulaic_decided[body], fitted.passages.formulaic[body]
    over = intervals(document_counts(target, said, fitted.group[body]))
    overall: dict[str, Any] = {
        "theme_micro_f1": _rounded(over["micro_f1"].value),
        "theme_macro_f1": _rounded(float(np.mean([row.f1 for row in rows]))),
        "theme_exact_set": _rounded((said == target).all(axis=1).mean()),
        "role_accuracy": _rounded((fitted.roles[body].argmax(axis=1) == role)[known].mean()) if known.any() else 0.0,
        "formulaic_f1": _rounded(_scores((formulaic & truth).sum(), formulaic.sum(), truth.sum())[2]),
        "intervals": {
            f"theme_{name}": [_rounded(over[name].low), _rounded(over[name].high)] for name in ("micro_f1", "macro_f1")
        },
    }
    return rows, overall


def _scores(hits: float, said: float, true: float) -> tuple[float, float, float]:
    """Precision, recall and F1; 0 where nothing was said or nothing is true."""
    return hits / said if said else 0.0, hits / true if true else 0.0, 2 * hits / (said + true) if said + true else 0.0


def _rounded(value: float) -> float:
    return round(float(value), 4)
