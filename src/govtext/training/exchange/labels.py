"""What every form shares: a document as labelled regions with what no region can hold, and the way back, checked.

Tools have no place for a blank line, for the order of themes, for a header; doccano sorts what it exports. All that travels as one
string, `govtext`, among a task's own data, together with a hash of the text: a task whose text was changed is refused.
"""

from __future__ import annotations

import json
from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256
from typing import Any

from govtext.document import ROLES
from govtext.errors import BadCorpus
from govtext.taxonomy import Taxonomy
from govtext.training.corpus import LabelledDocument, Unit, from_paragraph, from_units
from govtext.training.exchange.rows import unit_row
from govtext.writing.labelstudio import KINDS, RUN_IN, STRETCH, STRETCHES, Region

ORIGIN = "govtext"  # the key of a task's data


@dataclass(frozen=True, slots=True)
class Imported:
    """The documents in a file, and how many of its tasks nobody has labelled yet."""

    documents: tuple[LabelledDocument, ...]
    unlabelled: int


@dataclass(frozen=True, slots=True)
class Origin:
    """What travels beside the regions.

    units, stretches  those that no tool can show: blank lines, and what holds nothing but white space, as rows of the corpus
    order             themes of each unit with several, main one first, by its span
    """

    id: str | None = None
    whole: bool = True
    heading: str = ""
    header: Mapping[str, str] = field(default_factory=dict)
    digest: str | None = None
    length: int = 0
    units: Sequence[Mapping[str, Any]] = ()
    stretches: Sequence[tuple[int, int, str]] = ()
    order: Mapping[tuple[int, int], Sequence[str]] = field(default_factory=dict)


def to_regions(document: LabelledDocument) -> list[Region]:
    """The regions of a document: units, run-in headings, stretches; what has no character to be seen is left to `to_origin`.

    Raises:
        BadCorpus: a run-in heading without a character.
    """
    regions = []
    for i, unit in enumerate(document.units):
        if _is_hidden(document.text, unit):
            continue
        regions.append(Region(f"u{i}", unit.start, unit.end, unit.kind, unit.themes, unit.role, unit.formulaic))
        if unit.heading_end is not None:
            if unit.heading_end <= unit.start:
                raise BadCorpus(f"{document.id}, unit {i + 1}: {unit.kind} without a heading; make it p")
            regions.append(Region(f"r{i}", unit.start, unit.heading_end, RUN_IN))
    regions += [Region(f"s{i}", a, b, STRETCH + kind) for i, (a, b, kind) in enumerate(document.stretches) if a < b]
    return regions


def to_origin(document: LabelledDocument) -> str:
    """The string of what the regions cannot hold."""
    text = document.text
    return json.dumps(
        {
            "id": document.id,
            "whole": document.whole,
            "heading": document.heading,
            "header": dict(document.header),
            "sha256": _digest(text),
            "length": len(text),
            "units": [unit_row(unit) for unit in document.units if _is_hidden(text, unit)],
            "stretches": [[a, b, kind] for a, b, kind in document.stretches if a == b],
            "order": [[u.start, u.end, list(u.themes)] for u in document.units if len(u.themes) > 1],
        },
        ensure_ascii=True,
    )


def read_origin(where: str, text: str, data: Mapping[str, Any]) -> Origin:
    """What travelled with a task; a task that was not made here has nothing.

    Raises:
        BadCorpus: it is damaged, or the text is not the one that was exported.
    """
    raw = data.get(ORIGIN)
    if not raw:
        name = data.get("document")
        return Origin(id=None if name is None else str(name), heading=str(data.get("heading") or ""))
    try:
        said = json.loads(raw) if isinstance(raw, str) else raw
        origin = Origin(
            str(said["id"]),
            bool(said["whole"]),
            str(said["heading"]),
            {str(key): str(value) for key, value in said["header"].items()},
            str(said["sha256"]),
            int(said["length"]),
            [dict(row) for row in said["units"]],
            [(int(a), int(b), str(kind)) for a, b, kind in said["stretches"]],
            {(int(a), int(b)): [str(code) for code in codes] for a, b, codes in said["order"]},
        )
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise BadCorpus(f"{where}, field {ORIGIN!r}: damaged ({error!r}); export the documents again") from error
    if origin.digest != _digest(text):
        raise BadCorpus(
            f"{where}, field 'text': {len(text)} characters that are not the {origin.length} exported; spans would point "
            f"elsewhere: restore the text, or export the document again and label that"
        )
    return origin


def assemble(
    where: str, text: str, regions: Sequence[Region], *, origin: Origin, taxonomy: Taxonomy
) -> LabelledDocument:
    """The document that regions describe.

    Raises:
        BadCorpus: an unknown kind, theme or role, a span outside the text, regions that overlap; names the region.
    """
    for region in regions:
        _check(where, region, text=text, taxonomy=taxonomy)
    ordered = sorted(regions, key=lambda r: (r.start, r.end))
    units = [r for r in ordered if r.kind in KINDS]
    run_ins = [r for r in ordered if r.kind == RUN_IN]
    _check_apart(where, units)
    _check_apart(where, [r for r in ordered if r.kind in STRETCHES])
    if not origin.whole:
        return _paragraph(where, text, units, origin, taxonomy)
    rows = [
        unit_row(Unit(u.start, u.end, u.kind, u.role, _in_order(u, origin), u.formulaic, end))
        for u, end in zip(units, _heading_ends(where, units, run_ins))
    ]
    inside = _covered(units)
    # A blank line that a region was drawn over is part of that unit now.
    rows += [dict(row) for row in origin.units if row.get("kind") != "blank" or not inside(row["start"], row["end"])]
    rows.sort(key=lambda row: (row["start"], row["end"]))
    stretches = [(r.start, r.end, r.kind.removeprefix(STRETCH)) for r in ordered if r.kind in STRETCHES]
    stretches = sorted([*stretches, *origin.stretches], key=lambda s: s[:2])
    row = {
        "id": where if origin.id is None else origin.id,
        "text": text,
        "units": rows,
        "stretches": [{"start": a, "end": b, "kind": kind} for a, b, kind in stretches],
    }
    try:
        document = from_units(where, row, taxonomy)
    except (KeyError, TypeError) as error:
        raise BadCorpus(f"{where}, field {ORIGIN!r}: damaged ({error!r}); export the documents again") from error
    return replace(document, header=dict(origin.header), heading=origin.heading)


def _paragraph(where: str, text: str, units: Sequence[Region], origin: Origin, taxonomy: Taxonomy) -> LabelledDocument:
    if len(units) != 1 or units[0].kind != "p":
        kinds = ", ".join(u.kind for u in units) or "none"
        raise BadCorpus(f"{where}: regions {kinds}; wanted one of kind p, the task is a single paragraph")
    unit = units[0]
    row = {
        "id": where if origin.id is None else origin.id,
        "text": text,
        "heading": origin.heading,
        "formulaic": unit.formulaic,
    }
    # The region may have been drawn anew and shorter: the order of themes belongs to the paragraph.
    themes = list(_in_order(replace(unit, start=0, end=len(text)), origin))
    role = {} if unit.role is None else {"role": unit.role}
    return replace(from_paragraph(where, {**row, **role, "themes": themes}, taxonomy), header=dict(origin.header))


def _check(where: str, region: Region, *, text: str, taxonomy: Taxonomy) -> None:
    here = f"{where}, region {region.name}"
    if region.kind not in (*KINDS, RUN_IN, *STRETCHES):
        raise BadCorpus(
            f"{here}, field 'kind': unknown label {region.kind!r}; wanted {', '.join((*KINDS, RUN_IN))} or stretch:…"
        )
    if unknown := [code for code in region.themes if code not in taxonomy.codes]:
        raise BadCorpus(
            f"{here}, field 'themes': unknown theme {unknown[0]!r}; the themes are {', '.join(taxonomy.codes)}"
        )
    if len(region.themes) > taxonomy.most:
        raise BadCorpus(f"{here}, field 'themes': {len(region.themes)} themes; wanted at most {taxonomy.most}")
    if region.role not in (None, *ROLES):
        raise BadCorpus(f"{here}, field 'role': unknown role {region.role!r}; wanted one of {', '.join(ROLES)}")
    if not (type(region.start) is type(region.end) is int and 0 <= region.start < region.end <= len(text)):
        raise BadCorpus(
            f"{here}, fields 'start' and 'end': {region.start!r}–{region.end!r}; wanted a span within the text, 0–{len(text)}"
        )
    if region.kind not in KINDS and (region.themes or region.role or region.formulaic):
        raise BadCorpus(f"{here}: {region.kind} with a theme or role; give them to the region of the whole unit")


def _check_apart(where: str, regions: Sequence[Region]) -> None:
    for before, after in zip(regions, regions[1:]):
        if after.start < before.end:
            raise BadCorpus(
                f"{where}, regions {before.name} and {after.name}: {before.kind} {before.start}–{before.end} overlaps "
                f"{after.kind} {after.start}–{after.end}; draw one of them shorter"
            )


def _heading_ends(where: str, units: Sequence[Region], run_ins: Sequence[Region]) -> list[int | None]:
    """Where the run-in heading of each unit ends."""
    ends: list[int | None] = []
    at: dict[int, list[Region]] = {}
    for region in run_ins:
        at.setdefault(region.start, []).append(region)
    for unit in units:
        own = [r for r in at.pop(unit.start, []) if r.end <= unit.end]
        wanted = unit.kind.endswith("+p")
        if len(own) != wanted:
            raise BadCorpus(
                f"{where}, region {unit.name}: {unit.kind} with {len(own)} run-in headings that begin where it begins; wanted "
                f"{'one' if wanted else 'none'}"
            )
        ends.append(own[0].end if own else None)
    for left in at.values():
        raise BadCorpus(f"{where}, region {left[0].name}: a run-in heading where no unit of kind h1+p … h5+p begins")
    return ends


def _covered(units: Sequence[Region]) -> Callable[[int, int], bool]:
    """Says of a span whether it lies in a unit, or overlaps one; the units are in order and apart."""
    starts = [unit.start for unit in units]

    def inside(start: int, end: int) -> bool:
        before = bisect_left(starts, max(end, start + 1)) - 1
        return before >= 0 and units[before].end > start and (start < end or starts[before] < start)

    return inside


def _in_order(region: Region, origin: Origin) -> tuple[str, ...]:
    """The themes of a region: those it was exported with in their old order, then new ones as they came."""
    old = [code for code in origin.order.get((region.start, region.end), ()) if code in region.themes]
    return (*old, *(code for code in dict.fromkeys(region.themes) if code not in old))


def _is_hidden(text: str, unit: Unit) -> bool:
    return unit.kind == "blank" or not text[unit.start : unit.end].strip()


def _digest(text: str) -> str:
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def documents_of(found: Iterable[LabelledDocument | None]) -> Imported:
    """The documents among tasks, None standing for one that nobody has labelled."""
    every = list(found)
    documents = tuple(document for document in every if document is not None)
    return Imported(documents, len(every) - len(documents))
