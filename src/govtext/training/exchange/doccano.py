"""doccano: labelled documents as JSON lines for its sequence labelling or text classification projects, and its export back.

Sequence labelling: {"text", "label": [[start, end, label], …]}, several labels on one span, so the project must allow
overlapping spans. Text classification: single paragraphs, {"text", "label": [label, …]}. Themes stand by their code; the other
labels cannot be one: kind:p, role:done, stretch:mask, F, and - for a paragraph without theme. doccano sorts what it exports.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from govtext.errors import BadCorpus
from govtext.features.passages import PATH_JOINT
from govtext.taxonomy import Taxonomy
from govtext.training.corpus import LabelledDocument
from govtext.training.exchange.labels import (
    ORIGIN,
    Imported,
    assemble,
    documents_of,
    read_origin,
    to_origin,
    to_regions,
)
from govtext.training.passages import labelled_paragraphs
from govtext.writing.jsonl import to_line
from govtext.writing.labelstudio import FORMULAIC, RUN_IN, STRETCH, Region

KIND, ROLE = "kind:", "role:"
NO_THEME = "-"
# Keys that labels, and that the text, come under: newer exports, older ones.
LABELS, TEXTS = ("label", "labels", "entities"), ("text", "data")


def span_lines(documents: Iterable[LabelledDocument]) -> Iterator[str]:
    """One line a document for a sequence labelling project."""
    for document in documents:
        spans = [[r.start, r.end, label] for r in to_regions(document) for label in _labels(r)]
        yield _line(document, spans)


def class_lines(documents: Iterable[LabelledDocument], *, with_labels: bool = True) -> Iterator[str]:
    """One line a single paragraph for a text classification project; without labels it is one to be labelled.

    Raises:
        BadCorpus: a whole document; `paragraphs` takes it apart.
    """
    for document in documents:
        if document.whole:
            raise BadCorpus(f"{document.id}: a whole document; text classification takes single paragraphs")
        labels = [label for r in to_regions(document) for label in _labels(r) if not label.startswith(KIND)]
        labels = labels if document.units[0].themes else [NO_THEME, *labels]
        yield _line(document, labels if with_labels else [])


def paragraphs(document: LabelledDocument) -> list[LabelledDocument]:
    """The body paragraphs of a document, each with the headings above as its heading; a paragraph is itself."""
    if not document.whole:
        return [document]
    found = []
    # By `path`, the paragraphs of one document stay on one side of every split.
    header = {"path": document.id, **document.header}
    for i, (unit, paragraph) in enumerate(zip(document.units, labelled_paragraphs(document)), 1):
        start = unit.start if unit.heading_end is None else unit.heading_end
        text = document.text[start : unit.end]
        if not unit.has_body or not text.strip():
            continue
        own = [] if unit.heading_end is None else [document.text[unit.start : start].strip()]
        whole = replace(unit, start=0, end=len(text), kind="p", heading_end=None)
        heading = PATH_JOINT.join([*paragraph.path, *own])
        found.append(LabelledDocument(f"{document.id}#{i}", text, (whole,), (), header, heading, whole=False))
    return found


def _labels(region: Region) -> list[str]:
    if region.kind.startswith(STRETCH):
        return [region.kind]
    role = [] if region.role is None else [ROLE + region.role]
    return [KIND + region.kind, *region.themes, *role, *([FORMULAIC] if region.formulaic else [])]


def _line(document: LabelledDocument, labels: Sequence[Any]) -> str:
    row = {"text": document.text, "label": labels, "document": document.id, "heading": document.heading}
    return to_line({**row, ORIGIN: to_origin(document)}) + "\n"


def read_lines(path: Path, taxonomy: Taxonomy) -> Imported:
    """The labelled documents in a JSONL export of either kind of project.

    Raises:
        BadCorpus: no such export, or a label, span or text that does not fit; names the line, its id and the field.
    """
    try:
        lines = path.read_bytes().decode("utf-8-sig").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise BadCorpus(f"{path.name}: cannot be read as UTF-8 text ({error}); export from doccano as JSONL") from error
    return documents_of(
        [_document(path.name, number, line, taxonomy) for number, line in enumerate(lines, 1) if line.strip()]
    )


def _document(name: str, number: int, line: str, taxonomy: Taxonomy) -> LabelledDocument | None:
    where = f"{name}:{number}"
    try:
        row = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise BadCorpus(f"{where}: not a JSON object ({error}); export from doccano as JSONL") from error
    if not isinstance(row, dict):
        raise BadCorpus(f"{where}: not a JSON object; export from doccano as JSONL")
    if "id" in row:
        where = f"{where}, task {row['id']}"
    text = next((row[key] for key in TEXTS if isinstance(row.get(key), str)), None)
    if text is None:
        raise BadCorpus(f"{where}, field 'text': no string; export from doccano as JSONL")
    labels: Any = next((row[key] for key in LABELS if row.get(key)), [])
    if not isinstance(labels, list):
        raise BadCorpus(f"{where}, field 'label': {type(labels).__name__}; wanted a list")
    if not labels:
        return None
    origin = read_origin(where, text, row)
    if all(isinstance(label, str) for label in labels):
        said = [(0, len(text), f"{KIND}p"), *((0, len(text), label) for label in labels if label != NO_THEME)]
        origin = replace(origin, whole=False)
        if NO_THEME in labels and any(label in taxonomy.codes for label in labels):
            raise BadCorpus(f"{where}, field 'label': a theme and {NO_THEME!r}, which stands for none; take one away")
    else:
        said = [_spanned(where, label) for label in labels]
    return assemble(where, text, _regions(where, said, taxonomy), origin=origin, taxonomy=taxonomy)


def _spanned(where: str, label: Any) -> tuple[int, int, str]:
    """Start, end and label of an entry, a list or an object."""
    if isinstance(label, dict):
        label = [label.get("start_offset"), label.get("end_offset"), label.get("label")]
    if not isinstance(label, list) or len(label) != 3 or not isinstance(label[2], str):
        raise BadCorpus(f"{where}, field 'label': {label!r}; wanted [start, end, label]")
    if type(label[0]) is not int or type(label[1]) is not int:
        raise BadCorpus(f"{where}, field 'label': span {label[0]!r}–{label[1]!r}; wanted whole numbers")
    return label[0], label[1], label[2]


def _regions(where: str, said: Iterable[tuple[int, int, str]], taxonomy: Taxonomy) -> list[Region]:
    """The regions: labels on one span together, stretches and run-in headings apart from the unit on their span."""
    own: list[Region] = []
    units: dict[tuple[int, int], list[str]] = {}
    for start, end, label in said:
        if label.startswith(STRETCH):
            own.append(Region(f"{start}–{end}", start, end, label))
        elif label == KIND + RUN_IN:
            own.append(Region(f"{start}–{end}", start, end, RUN_IN))
        else:
            units.setdefault((start, end), []).append(label)
    return [*own, *(_unit(where, span, labels, taxonomy) for span, labels in units.items())]


def _unit(where: str, span: tuple[int, int], labels: Sequence[str], taxonomy: Taxonomy) -> Region:
    name = f"{span[0]}–{span[1]}"
    here = f"{where}, field 'label', span {name}"
    said: Mapping[str, list[str]] = {
        prefix: [label.removeprefix(prefix) for label in labels if label.startswith(prefix)] for prefix in (KIND, ROLE)
    }
    for prefix, found in said.items():
        if len(found) > 1:
            raise BadCorpus(f"{here}: {prefix}{f', {prefix}'.join(found)}; wanted one")
    themes = [label for label in labels if ":" not in label and label != FORMULAIC]
    known = {KIND + k for k in said[KIND]} | {ROLE + r for r in said[ROLE]} | {FORMULAIC, *taxonomy.codes}
    if unknown := [label for label in labels if label not in known]:
        raise BadCorpus(
            f"{here}: unknown label {unknown[0]!r}; wanted kind:…, role:…, stretch:…, {FORMULAIC} or one of "
            f"{', '.join(taxonomy.codes)}"
        )
    if not said[KIND]:
        raise BadCorpus(f"{here}: {', '.join(labels)} without a kind; add kind:p, or the kind that it is, to the span")
    role = said[ROLE][0] if said[ROLE] else None
    return Region(name, *span, said[KIND][0], tuple(dict.fromkeys(themes)), role, FORMULAIC in labels)
