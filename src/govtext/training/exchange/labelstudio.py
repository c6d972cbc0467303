"""Label Studio: labelled documents as tasks with annotations, and its JSON export back as labelled documents.

What is read is the export named "JSON" (one object a task, `annotations` with their `result`), not "JSON-MIN", which has no ids.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from govtext.errors import BadCorpus
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
from govtext.writing.labelstudio import (
    FORMULAIC,
    KIND,
    ROLE,
    SET_PHRASE,
    TEXT,
    THEMES,
    Region,
    shown_names,
    to_task,
)

TAGS = (KIND, THEMES, ROLE, SET_PHRASE)
CHOICES = ("labels", "choices")  # types of result that carry labels; relations and notes are left alone
LITERAL_BREAK = "\\n"  # Label Studio writes a line end in a region's text so


def tasks(
    documents: Sequence[LabelledDocument], *, model: str | None = None, scores: Sequence[float] = ()
) -> Iterator[dict[str, Any]]:
    """One task a document, its labels as an annotation; as a prediction with its score, if they are a model's."""
    for i, document in enumerate(documents):
        data = {"document": document.id, "heading": document.heading, ORIGIN: to_origin(document)}
        score = scores[i] if i < len(scores) else None
        yield to_task(document.text, to_regions(document), data=data, model=model, score=score)


def read_tasks(path: Path, taxonomy: Taxonomy) -> Imported:
    """The labelled documents in a JSON export.

    Raises:
        BadCorpus: no such export, or a label, span or text that does not fit; names task, region and field.
    """
    try:
        found = json.loads(path.read_bytes().decode("utf-8-sig"))
    except (OSError, ValueError, RecursionError) as error:
        raise BadCorpus(f"{path.name}: no JSON ({error}); export the project from Label Studio as JSON") from error
    return from_tasks(found, taxonomy, name=path.name)


def from_tasks(found: Any, taxonomy: Taxonomy, *, name: str) -> Imported:
    """The labelled documents among tasks that were read from the file `name`; as `read_tasks`."""
    if not isinstance(found, list) or not all(isinstance(task, dict) for task in found):
        raise BadCorpus(f"{name}: no list of tasks; export the project from Label Studio as JSON")
    return documents_of([_document(name, number, task, taxonomy) for number, task in enumerate(found, 1)])


def _document(name: str, number: int, task: Mapping[str, Any], taxonomy: Taxonomy) -> LabelledDocument | None:
    where = f"{name}, task {task.get('id', number)}"
    data = task.get("data")
    if not isinstance(data, dict) or not isinstance(data.get(TEXT), str):
        raise BadCorpus(f"{where}, field 'data': no text; wanted an object with a string under {TEXT!r} (not JSON-MIN)")
    result = _result(where, task)
    if result is None:
        return None
    text = data[TEXT]
    # First of all: if the text is another one, spans that miss are its fault.
    origin = read_origin(where, text, data)
    regions = _regions(where, text, result, taxonomy)
    return assemble(where, text, regions, origin=origin, taxonomy=taxonomy)


def _result(where: str, task: Mapping[str, Any]) -> Sequence[Any] | None:
    """The result of the one annotation that counts; None if there is none."""
    annotations = task.get("annotations") or []
    if not isinstance(annotations, list) or not all(isinstance(a, dict) for a in annotations):
        raise BadCorpus(f"{where}, field 'annotations': wanted a list of objects; export the project as JSON")
    kept = [a for a in annotations if not a.get("was_cancelled")]
    if len(kept) > 1:
        kept = [a for a in kept if a.get("ground_truth")] or kept
    if len(kept) > 1:
        raise BadCorpus(
            f"{where}, field 'annotations': {len(kept)} of them; mark one as ground truth in Label Studio, or delete the others"
        )
    if not kept:
        return None
    result = kept[0].get("result")
    if not isinstance(result, list) or not all(isinstance(item, dict) for item in result):
        raise BadCorpus(f"{where}, field 'result': wanted a list of objects; export the project as JSON")
    return result


def _regions(where: str, text: str, result: Sequence[Mapping[str, Any]], taxonomy: Taxonomy) -> list[Region]:
    """The regions of an annotation: items of one id together."""
    found: dict[str, dict[str, list[str]]] = {}
    spans: dict[str, tuple[int, int]] = {}
    for number, item in enumerate(result, 1):
        form, tag = item.get("type"), item.get("from_name")
        if form not in CHOICES:
            continue
        region = str(item.get("id", f"without id, number {number}"))
        here = f"{where}, region {region}"
        if tag not in TAGS:
            raise BadCorpus(f"{here}, field 'from_name': {tag!r}; wanted {', '.join(TAGS)}, as in govtext's interface")
        value = item.get("value")
        values = value.get(form) if isinstance(value, dict) else None
        if not isinstance(value, dict) or not isinstance(values, list) or not all(isinstance(v, str) for v in values):
            raise BadCorpus(f"{here}, field 'value': no list of strings under {form!r}; export the project as JSON")
        if tag in found.setdefault(region, {}):
            raise BadCorpus(f"{here}, field {tag!r}: twice in one region; label it anew")
        found[region][tag] = values
        span = _span(here, text, value)
        if spans.setdefault(region, span) != span:
            raise BadCorpus(f"{here}, field {tag!r}: span {span} beside {spans[region]}; label the region anew")
    codes = {name: code for code, name in shown_names(taxonomy.names).items()}
    return [_region(where, region, said, spans[region], codes) for region, said in found.items()]


def _region(
    where: str, name: str, said: Mapping[str, list[str]], span: tuple[int, int], codes: Mapping[str, str]
) -> Region:
    here = f"{where}, region {name}"
    for tag in (KIND, ROLE):
        if len(said.get(tag, ())) > 1:
            raise BadCorpus(f"{here}, field {tag!r}: {', '.join(said[tag])}; wanted one")
    if not said.get(KIND):
        raise BadCorpus(f"{here}, field {KIND!r}: choices without a label; give the region a kind, such as p")
    if unknown := set(said.get(SET_PHRASE, ())) - {FORMULAIC}:
        raise BadCorpus(f"{here}, field {SET_PHRASE!r}: unknown choice {min(unknown)!r}; wanted {FORMULAIC}")
    themes = tuple(dict.fromkeys(codes.get(theme, theme) for theme in said.get(THEMES, ())))
    role = next(iter(said.get(ROLE, ())), None)
    return Region(name, *span, said[KIND][0], themes, role, bool(said.get(SET_PHRASE)))


def _span(here: str, text: str, value: Mapping[str, Any]) -> tuple[int, int]:
    """The span in code points, if what it holds is what Label Studio showed."""
    start, end, shown = value.get("start"), value.get("end"), value.get("text")
    if type(start) is not int or type(end) is not int:
        raise BadCorpus(
            f"{here}, fields 'start' and 'end': {start!r}, {end!r}; wanted whole numbers, and every choice with a region"
        )
    if not (0 <= start < end and (end <= len(text) or end <= len(text) + _astral(text))):
        raise BadCorpus(
            f"{here}, fields 'start' and 'end': {start}–{end}; wanted a span within the text, 0–{len(text)}"
        )
    if not isinstance(shown, str) or (end <= len(text) and _alike(text[start:end], shown)):
        return start, end
    narrow = _from_utf16(text, start), _from_utf16(text, end)
    if _alike(text[slice(*narrow)], shown):
        return narrow
    raise BadCorpus(
        f"{here}, field 'text': {_short(shown)!r}, but the text has {_short(text[start:end])!r} at {start}–{end}; "
        f"restore the text that was exported, or draw the region anew"
    )


def _astral(text: str) -> int:
    """Characters that take two units of UTF-16."""
    return 0 if text.isascii() else sum(character > "\uffff" for character in text)


def _from_utf16(text: str, offset: int) -> int:
    """An offset that counts UTF-16, as old versions of Label Studio wrote, in code points."""
    return len(text.encode("utf-16-le", "surrogatepass")[: 2 * offset].decode("utf-16-le", "replace"))


def _alike(ours: str, shown: str) -> bool:
    """Whether two texts are equal but for white space, which the browser changes."""
    return ours == shown or "".join(ours.split()) == "".join(shown.replace(LITERAL_BREAK, " ").split())


def _short(text: str) -> str:
    return text if len(text) <= 20 else text[:19] + "…"
