"""A model as the arrays and the header of one file, and back: what the format holds, and what it must say.

Format version 2. Whoever changes an array, a field or what either means takes the next number.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from numpy.typing import NDArray

from govtext.boilerplate.context import CLASSES, n_context_features
from govtext.boilerplate.detector import ARRAYS as LINE_ARRAYS
from govtext.boilerplate.detector import LineModel
from govtext.boilerplate.lines import n_cues
from govtext.boilerplate.pagehints import ARRAYS as PAGE_ARRAYS
from govtext.boilerplate.pagehints import PageModel
from govtext.boilerplate.recuts import ARRAYS as RECUT_ARRAYS
from govtext.boilerplate.recuts import CutJudge
from govtext.document import ROLES
from govtext.errors import BadModel, BadTaxonomy
from govtext.features.embeddings import NEEDS, has_embeddings
from govtext.features.ngrams import NORMALISATION
from govtext.features.passages import BLOCKS
from govtext.layout import Structure
from govtext.scoring.judge import ARRAYS as JUDGE_ARRAYS
from govtext.scoring.judge import Judge
from govtext.scoring.modelfile import Schema, encode, load, vocabulary_arrays, vocabulary_from, vocabulary_schema
from govtext.segmentation.storage import ARRAYS as BOUNDARY_ARRAYS
from govtext.segmentation.storage import boundaries_from, boundary_arrays
from govtext.taxonomy import Taxonomy, Theme, check_themes

FORMAT = "govtext-model"
VOCABULARIES = ("boundaries", "lines", *(f"themes.{block}" for block in BLOCKS))
SCHEMA = Schema(
    format=FORMAT,
    versions=(2,),
    arrays={
        **{key: array for name in VOCABULARIES for key, array in vocabulary_schema(name).items()},
        **BOUNDARY_ARRAYS,
        **LINE_ARRAYS,
        **RECUT_ARRAYS,
        **PAGE_ARRAYS,  # optional: a model may do without
        **JUDGE_ARRAYS,
    },
    header={
        "themes": list,  # {"code", "name", "about", "threshold"} each
        "formulaic_threshold": float,
        "most": int,  # themes a paragraph may carry
        "roles": list,
        "line_classes": list,
        "normalisation": int,
        "seed": int,
        "training": dict,  # documents, groups of near-duplicates, passages, sha256 of the data, sources
        "versions": dict,  # of Python and the libraries that trained
        "figures": dict,  # what the model reached on documents it had not seen
    },
)


def model_arrays(structure: Structure, judge: Judge) -> dict[str, NDArray[Any]]:
    """All arrays of a model by name."""
    vocabularies = {
        "boundaries": structure.boundaries.vocabulary,
        "lines": structure.lines.alone.blocks[0].vocabulary,
        **{f"themes.{block.name}": block.vocabulary for block in judge.blocks},
    }
    return {
        **{
            key: a
            for name, vocabulary in vocabularies.items()
            for key, a in vocabulary_arrays(name, vocabulary).items()
        },
        **boundary_arrays(structure.boundaries),
        **structure.lines.arrays(),
        **structure.recuts.arrays(),
        **(structure.pages.arrays if structure.pages else {}),
        **judge.arrays(),
    }


def model_header(taxonomy: Taxonomy, judge: Judge, **fields: Any) -> dict[str, Any]:
    """The header of a model; `fields` are seed, training, versions and figures."""
    *thresholds, formulaic = judge.thresholds.tolist()
    return {
        "themes": [
            {"code": t.code, "name": t.name, "about": t.about, "threshold": threshold}
            for t, threshold in zip(taxonomy.themes, thresholds, strict=True)
        ],
        "formulaic_threshold": formulaic,
        "most": taxonomy.most,
        "roles": list(ROLES),
        "line_classes": list(CLASSES),
        "normalisation": NORMALISATION,
        **fields,
    }


def encode_model(structure: Structure, judge: Judge, header: Mapping[str, Any]) -> bytes:
    """The bytes of the model file."""
    return encode(model_arrays(structure, judge), header, schema=SCHEMA)


def decode_model(
    source: Path | bytes, name: str, *, sha256: str | None = None
) -> tuple[Structure, Judge, Taxonomy, dict[str, Any], str]:
    """What a model file holds, its header and its SHA-256, which must be `sha256` if that is given.

    Raises:
        BadModel: says what is wrong and what to do.
    """
    arrays, header, found = load(source, schema=SCHEMA, name=name, sha256=sha256)
    taxonomy = _taxonomy(header, name)
    _check_fit(arrays, header, taxonomy, name)
    if "themes.embedding" in arrays and not has_embeddings():
        raise BadModel(f"{name}: {NEEDS}")
    held_out = header["training"].get("groups")
    if type(held_out) is not int or held_out < 0:
        raise BadModel(f"{name}: training says nothing of groups of documents; train the model again")
    # Building takes most at the largest one, so that comes while the others are not there yet.
    largest_first = sorted(VOCABULARIES, key=lambda key: -len(arrays[f"{key}.depths"]))
    vocabularies = {key: vocabulary_from(key, arrays, file=name) for key in largest_first}
    for key, vocabulary in vocabularies.items():
        weights = next(arrays[a] for a, want in SCHEMA.arrays.items() if want.dims and want.dims[0] == f"{key}.terms")
        if len(vocabulary) != len(weights):
            raise BadModel(f"{name}: {len(vocabulary)} terms of {key} for {len(weights)} rows; train the model again")
    thresholds = arrays["themes.thresholds"].tolist()
    blocks = {block: vocabularies[f"themes.{block}"] for block in BLOCKS}
    # First, since it may still refuse; the structure takes memory and refuses nothing.
    judge = Judge.from_arrays(arrays, blocks, thresholds, held_out=held_out)
    structure = Structure(
        boundaries_from(arrays, vocabularies["boundaries"]),
        LineModel.from_arrays(arrays, vocabularies["lines"]),
        CutJudge.from_arrays(arrays),
        PageModel.from_arrays(arrays, name),
    )
    return structure, judge, taxonomy, header, found


def _taxonomy(header: Mapping[str, Any], name: str) -> Taxonomy:
    rows = header["themes"]
    if not all(isinstance(r, dict) and set(r) == {"code", "name", "about", "threshold"} for r in rows):
        raise BadModel(f"{name}: themes without code, name, about or threshold; train the model again")
    for threshold in [*(r["threshold"] for r in rows), header["formulaic_threshold"]]:
        if type(threshold) is not float or not 0 < threshold < 1:
            raise BadModel(f"{name}: threshold {threshold!r}; wanted a number between 0 and 1, train the model again")
    try:
        themes = check_themes([Theme(r["code"], r["name"], r["about"]) for r in rows], name)
    except BadTaxonomy as error:
        raise BadModel(str(error)) from error
    if not 1 <= header["most"] <= len(themes):
        raise BadModel(f"{name}: at most {header['most']} themes a paragraph; wanted 1 to {len(themes)}")
    return Taxonomy(themes, header["most"])


def _check_fit(arrays: Mapping[str, NDArray[Any]], header: Mapping[str, Any], taxonomy: Taxonomy, name: str) -> None:
    """The arrays are of the sizes that this version of govtext computes with."""
    n_themes = len(taxonomy.themes)
    wanted = {
        "themes.intercept": (n_themes + len(ROLES) + 1,),
        "themes.calibration.slope": (n_themes,),
        "lines.intercept": (len(CLASSES),),
        "lines.dense": (n_cues(), len(CLASSES)),
        "lines.context": (n_context_features(), len(CLASSES)),
    }
    for key, shape in wanted.items():
        if arrays[key].shape != shape:
            raise BadModel(f"{name}: array {key!r} has shape {arrays[key].shape}; wanted {shape} for its themes")
    if header["roles"] != list(ROLES) or header["line_classes"] != list(CLASSES):
        raise BadModel(f"{name}: other roles or line classes than this govtext knows; train the model again")
    if header["normalisation"] != NORMALISATION:
        raise BadModel(f"{name}: text normalisation {header['normalisation']}; this govtext has {NORMALISATION}")
    said = [*(row["threshold"] for row in header["themes"]), header["formulaic_threshold"]]
    if arrays["themes.thresholds"].tolist() != said:
        raise BadModel(
            f"{name}: other thresholds in the header than in array 'themes.thresholds'; train the model again"
        )
