"""Labelled documents as the corpus's own JSON lines: what `read_corpus` reads back as the same documents."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from govtext.training.corpus import LabelledDocument, Unit
from govtext.writing.jsonl import to_line

# Keys that mean something in a row; a header of that name is left out.
OWN = ("id", "text", "units", "stretches", "themes", "role", "formulaic", "heading")


def to_row(document: LabelledDocument) -> dict[str, Any]:
    """The plain dict of a document, or of a single paragraph."""
    header = {key: value for key, value in document.header.items() if key not in OWN}
    row: dict[str, Any] = {"id": document.id, "text": document.text}
    if document.whole:
        stretches = [{"start": a, "end": b, "kind": kind} for a, b, kind in document.stretches]
        return {**row, **header, "units": [unit_row(unit) for unit in document.units], "stretches": stretches}
    unit = document.units[0]
    said = {"heading": document.heading, "themes": list(unit.themes), "formulaic": unit.formulaic}
    return {**row, **header, **said, **({} if unit.role is None else {"role": unit.role})}


def unit_row(unit: Unit) -> dict[str, Any]:
    """The plain dict of a unit."""
    return {
        "start": unit.start,
        "end": unit.end,
        "kind": unit.kind,
        "role": unit.role,
        "themes": list(unit.themes),
        "formulaic": unit.formulaic,
        "heading_end": unit.heading_end,
    }


def json_rows(documents: Iterable[LabelledDocument]) -> Iterator[str]:
    """One line a document, with its line end."""
    for document in documents:
        yield to_line(to_row(document)) + "\n"
