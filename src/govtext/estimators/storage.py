"""A fitted `ThemeClassifier` as a model file and back: the format of `govtext train`, with the bundled model's structure.

What only the estimator knows (the form of y, its parameters, the table of risks) stands in the header's `training`.
"""

from __future__ import annotations

import platform
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

from govtext import __version__
from govtext.errors import BadModel
from govtext.estimators.inputs import Label
from govtext.features.passages import BLOCKS
from govtext.labelling import load as load_model
from govtext.modelarrays import decode_model, encode_model, model_header
from govtext.scoring.judge import Judge
from govtext.scoring.modelfile import vocabulary_arrays, vocabulary_from, write
from govtext.taxonomy import CODE, LONGEST_TEXT, Taxonomy, Theme
from govtext.training.thememodel import ThemeModel, from_state, state

KEY = "estimator"
PARAMS: Mapping[str, tuple[type, ...]] = {
    "most": (int, type(None)),
    "loss": (str,),
    "C": (float, int),
    "lengths": (list,),
    "min_documents": (int, type(None)),
    "blocks": (dict, type(None)),
    "names": (int, float),
    "words": (bool,),
    "context": (bool, str),
    "folds": (int,),
    "promise": (str,),
    "random_state": (int, type(None)),
    "n_jobs": (int, type(None)),
}


def taxonomy_of(names: Sequence[Label], told: Mapping[Label, str], most: int) -> Taxonomy:
    """Labels of any kind as themes: a label that is no code gets one, and is the theme's name."""
    themes = []
    for k, label in enumerate(names):
        is_code = isinstance(label, str) and CODE.fullmatch(label)
        name = told.get(label, str(label))
        shown = "".join(c if c.isprintable() else " " for c in name)[:LONGEST_TEXT]
        themes.append(Theme(str(label) if is_code else f"label_{k:03d}", shown.strip() or str(k)))
    codes = [theme.code for theme in themes]
    if len(set(codes)) < len(codes):  # a label is called like another one's code
        themes = [Theme(f"label_{k:03d}", theme.name) for k, theme in enumerate(themes)]
    return Taxonomy(tuple(themes), min(most, len(themes)))


def write_file(
    path: Path, model: ThemeModel, taxonomy: Taxonomy, *, names: Sequence[Label], params: Mapping[str, Any]
) -> str:
    """The SHA-256 of the model file written."""
    _, facts = state(model)
    header = model_header(
        taxonomy,
        model.judge,
        seed=params["random_state"] if isinstance(params.get("random_state"), int) else 0,
        training={
            "structure": "bundled",
            "groups": model.judge.risks[0].n_documents,
            KEY: {**facts, "labels": list(names), "params": dict(params)},
        },
        versions={
            "govtext": __version__,
            "python": platform.python_version(),
            **{name: version(name) for name in ("numpy", "scikit-learn", "scipy")},
        },
        figures={},
    )
    content = encode_model(load_model().structure, model.judge, header)
    decode_model(content, str(path))
    return write(path, content)


def read_file(path: Path) -> tuple[ThemeModel, list[Label], dict[str, Any], Taxonomy]:
    """The model, its labels, the estimator's parameters and the themes of a model file.

    Raises:
        BadModel: no model file, or what it says of the estimator is not what `write_file` says.
    """
    _, judge, taxonomy, header, _ = decode_model(path, str(path))
    said = header["training"].get(KEY)
    if said is None:  # written by `govtext train`
        form = "single" if judge.calibration.together else "lists"
        return ThemeModel(judge, form, taxonomy.most, True, None), list(taxonomy.codes), {}, taxonomy
    try:
        names, params = list(said["labels"]), dict(said["params"])
        model = from_state(judge, said)
        good = (
            len(set(names)) == len(taxonomy.themes) == len(names)
            and all(type(name) in (str, int) for name in names)
            and model.form in ("single", "indicator", "lists")
            and 1 <= model.most <= len(names)
            and set(params) == set(PARAMS)
            and all(isinstance(value, PARAMS[key]) for key, value in params.items())
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise BadModel(f"{path}: what it says of the estimator is damaged ({error}); save it again") from error
    if not good:
        raise BadModel(f"{path}: labels or parameters of the estimator are damaged; save it again")
    params["lengths"] = tuple(params["lengths"])
    return model, names, params, taxonomy


def as_plain(model: ThemeModel) -> dict[str, Any]:
    """The model as arrays, text and numbers: what a pickle holds."""
    arrays, facts = state(model)
    for block in model.judge.blocks:
        arrays |= vocabulary_arrays(f"themes.{block.name}", block.vocabulary)
    return {"arrays": arrays, "facts": facts}


def from_plain(plain: Mapping[str, Any]) -> ThemeModel:
    """The model that `as_plain` gave."""
    arrays: dict[str, np.ndarray[Any, Any]] = plain["arrays"]
    vocabularies = {block: vocabulary_from(f"themes.{block}", arrays) for block in BLOCKS}
    thresholds = arrays["themes.thresholds"].tolist()
    judge = Judge.from_arrays(arrays, vocabularies, thresholds, held_out=plain["facts"]["risk"]["n_documents"])
    return from_state(judge, plain["facts"])
