"""A labelled report as typed columns, one row a paragraph: what a Parquet file and a data frame hold."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from govtext.writing.entry import Entry
from govtext.writing.jsonl import rounded
from govtext.writing.table import FIELDS, OWN
from govtext.writing.target import without_surrogates

# The columns of the CSV in its order, without those of the themes; each may hold nothing (None).
COLUMN_TYPES: Mapping[str, str] = MappingProxyType(
    {
        "id": "string",
        "file": "string",
        "title": "string",
        "paragraph": "int32",
        "start": "int32",
        "end": "int32",
        "kind": "string",
        "level": "int32",
        "marker": "string",
        "heading": "string",
        "heading_end": "int32",
        "continues": "bool",
        "path": "list<string>",
        "boilerplate": "string",
        "boilerplate_score": "float32",
        "boilerplate_reason": "string",
        "boilerplate_alone": "string",
        "boilerplate_alone_score": "float32",
        "themes": "list<string>",
        "role": "string",
        "role_score": "float32",
        "formulaic": "bool",
        "formulaic_score": "float32",
        "text": "string",
    }
)
SCORE_TYPE = "float32"  # of a column `score_CODE`


def column_types(codes: Sequence[str]) -> dict[str, str]:
    """The type of each column, in order: `COLUMN_TYPES`, then `score_CODE` for each theme's code.

    >>> list(column_types(["talent"]).items())[-1]
    ('score_talent', 'float32')
    """
    return {**COLUMN_TYPES, **{f"score_{code}": SCORE_TYPE for code in codes}}


def paragraph_columns(entries: Iterable[Entry], codes: Sequence[str]) -> dict[str, list[Any]]:
    """The values of each column over all paragraphs of the reports, columns as `column_types` has them.

    Text stands as it was read, half surrogate pairs as U+FFFD; nothing is put before a formula. Scores are rounded as in
    the CSV, and None for a paragraph without themes.
    """
    values: dict[str, list[Any]] = {name: [] for name in column_types(codes)}
    for entry in entries:
        for number, fields in enumerate(entry.report.to_dicts()):
            own = (entry.id, entry.file, entry.report.title, number)
            for name, value in (*zip(OWN, own), *((name, fields[name]) for name in FIELDS)):
                values[name].append(clean(value))
            for code in codes:
                values[f"score_{code}"].append(rounded(fields["theme_scores"].get(code)))
    return values


def clean(value: Any) -> Any:
    """The value with its text as UTF-8 can hold it and its floats rounded, inside lists too."""
    if isinstance(value, str):
        return without_surrogates(value)
    return [clean(item) for item in value] if isinstance(value, list) else rounded(value)
