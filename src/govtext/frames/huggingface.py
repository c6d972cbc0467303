"""Hugging Face data sets: labelled reports and documents as `datasets.Dataset`, and labelled documents out of one.

Rows of a document are those of a corpus in JSON lines (corpus/CODEBOOK.md): a whole document has `units`, a single paragraph
has `themes`. What `documents_from_dataset` gives is what `govtext.training` learns from.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from govtext.errors import BadCorpus, MissingExtra
from govtext.frames.reports import Reports, to_arrow
from govtext.training.corpus import from_paragraph, from_units
from govtext.training.exchange.rows import to_row

if TYPE_CHECKING:
    from govtext.taxonomy import Taxonomy
    from govtext.training.corpus import LabelledDocument

# Columns of a data set of documents; a row of one form leaves those of the other empty.
_UNIT = {"kind": "string", "role": "string", "themes": ["string"], "formulaic": "bool"}
_SPAN = {"start": "int32", "end": "int32"}


def to_dataset(reports: Reports) -> Any:
    """The paragraphs of the reports as a `datasets.Dataset`, columns and ids as `govtext.frames.to_pandas` has them.

    Raises:
        BadInput: as `to_pandas`.
        MissingExtra: the package datasets is not installed.
    """
    package = _datasets()
    return package.Dataset(to_arrow(reports))


def documents_to_dataset(documents: Iterable[LabelledDocument]) -> Any:
    """Labelled documents as a `datasets.Dataset`, one a row; `documents_from_dataset` gives them back.

    Headers travel as text in the columns of their names.

    Raises:
        MissingExtra: the package datasets is not installed.
    """
    package = _datasets()
    rows = [to_row(document) for document in documents]
    types: dict[str, Any] = {
        "id": "string",
        "text": "string",
        "heading": "string",
        "themes": ["string"],
        "role": "string",
    }
    types |= {"formulaic": "bool", "units": [{**_SPAN, **_UNIT, "heading_end": "int32"}]}
    types |= {"stretches": [{**_SPAN, "kind": "string"}]}
    types |= {key: "string" for row in rows for key in row if key not in types}
    features = package.Features({name: _feature(package, kind) for name, kind in types.items()})
    return package.Dataset.from_list([{name: row.get(name) for name in types} for row in rows], features=features)


def documents_from_dataset(
    dataset: Any, taxonomy: Taxonomy, *, text: str = "text", themes: str = "themes", name: str = "dataset"
) -> list[LabelledDocument]:
    """The labelled documents in the rows of a `datasets.Dataset` (or of any iterable of dicts), in their order.

    A row with `units` is a whole document; any other is a paragraph whose theme codes stand in the column `themes`: a list of
    codes, one code, or numbers of a `ClassLabel`, which stand for its names. `text` is the column of the text. Other columns are
    those of the codebook; None counts as not said.

    Raises:
        BadCorpus: a row breaks the codebook; names its number.
    """
    named = _class_names(dataset, themes)
    documents = []
    for number, row in enumerate(dataset):
        where = f"{name}, row {number}"
        said = {key: value for key, value in row.items() if value is not None}
        if not isinstance(said.get(text), str) or not said[text].strip():
            there = ", ".join(map(str, row)) or "none"
            raise BadCorpus(f"{where}: no text in column {text!r} among {there}; pass text= the column that holds it")
        said["text"] = said[text]
        said.setdefault("id", where)
        try:
            if said.get("units"):
                documents.append(from_units(where, said, taxonomy))
                continue
            codes = said.get(themes)
            if codes is None:
                raise BadCorpus(f"{where}: no themes in column {themes!r}; wanted codes, [] for none, or pass themes=")
            listed = list(codes) if isinstance(codes, Sequence) and not isinstance(codes, str) else [codes]
            said["themes"] = [_named(code, named) for code in listed]
            documents.append(from_paragraph(where, said, taxonomy))
        except (KeyError, TypeError, ValueError, IndexError) as error:
            if isinstance(error, BadCorpus):
                raise
            raise BadCorpus(f"{where}: a field is missing or of the wrong type ({error}); see the codebook") from error
    return documents


def _named(code: Any, names: Sequence[str]) -> Any:
    """The theme that a class label stands for; a code stays as it is. -1 stands for no label, and is no theme."""
    if not names or type(code) is not int:
        return code
    if not 0 <= code < len(names):
        raise IndexError(f"class {code} of {len(names)}")
    return names[code]


def _class_names(dataset: Any, column: str) -> tuple[str, ...]:
    """The names that numbers in a column stand for, none if it holds no class labels."""
    features = getattr(dataset, "features", None)
    feature = features.get(column) if isinstance(features, Mapping) else None
    feature = getattr(feature, "feature", feature)  # of a list: what it is a list of
    return tuple(getattr(feature, "names", None) or ())


def _feature(package: Any, kind: Any) -> Any:
    """The feature of a column: a type by its name, a list of one, or fields."""
    if isinstance(kind, list):
        return package.List(_feature(package, kind[0]))
    if isinstance(kind, dict):
        return {name: _feature(package, of) for name, of in kind.items()}
    return package.Value(kind)


def _datasets() -> Any:
    if find_spec("datasets") is None:
        raise MissingExtra("Hugging Face data sets need the package datasets: pip install 'govtext[datasets]'")
    import datasets

    return datasets
