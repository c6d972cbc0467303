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
        "id": "string",  # the report's own name: its file's name without suffix, or what the frame or record says
        "file": "string",  # the file as it was named; empty for a report that came as text
        "title": "string",  # the text of the report's first title
        "paragraph": "int32",  # number of the paragraph in its report, from 0
        "start": "int32",  # where it begins in the report's text, in code points
        "end": "int32",  # where it ends; paragraphs tile the text
        "kind": "string",  # title, meta, heading, body or boilerplate
        "level": "int32",  # of a heading or run-in heading, 1 for the outermost
        "marker": "string",  # family of the number that a heading begins with
        "heading": "string",  # the heading's own text, alone or run-in
        "heading_end": "int32",  # where a run-in heading ends, in code points
        "continues": "bool",  # whether it is the rest of the paragraph before it, cut off by a wrapped line
        "path": "list<string>",  # the headings above it, outermost first
        "boilerplate": "string",  # kind of boilerplate, empty for content: related, nav, byline, promo, legal or page
        "boilerplate_score": "float32",  # probability that it is boilerplate, among its neighbours
        "boilerplate_reason": "string",  # why, in words
        "boilerplate_alone": "string",  # kind by the line alone, without its neighbours
        "boilerplate_alone_score": "float32",  # probability by the line alone
        "themes": "list<string>",  # codes of the decided themes, most probable first
        "role": "string",  # overview, done, problem, plan or other; empty for title, meta and boilerplate
        "role_score": "float32",  # its probability
        "formulaic": "bool",  # whether it is set phrases alone
        "formulaic_score": "float32",  # its probability
        "text": "string",  # the paragraph without white space around it
    }
)
SCORE_TYPE = "float32"  # of a column `score_CODE`: the probability of that theme, whether decided or not


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
