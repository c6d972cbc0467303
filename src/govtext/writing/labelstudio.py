"""Label Studio: reports as tasks with the model's labels as predictions, and the labelling interface that shows them.

A unit of text is a region with one label, its kind; themes, role and the formulaic mark are choices of that region and share its
id, as Label Studio itself writes choices with `perRegion`. Offsets count code points, as Label Studio does since its issue 1008 was
closed; old versions counted UTF-16.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from xml.sax.saxutils import quoteattr

from govtext.document import BOILERPLATE_KINDS, ROLES, LabelledParagraph, LabelledReport
from govtext.writing.entry import Entry, Look
from govtext.writing.jsonl import to_line

DEEPEST = 5  # level of a heading
RUN_IN = "run-in"  # the label of a run-in heading, inside the region of its unit
STRETCH = "stretch:"  # before the kind of a stretch
FORMULAIC = "F"
LEVELS = tuple(f"h{level}" for level in range(1, DEEPEST + 1))
KINDS = ("title", "meta", *LEVELS, "p", *(f"{h}+p" for h in LEVELS), *(f"x:{kind}" for kind in BOILERPLATE_KINDS))
STRETCHES = tuple(STRETCH + kind for kind in ("mask", *BOILERPLATE_KINDS))
KIND, THEMES, ROLE, SET_PHRASE, TEXT = "kind", "themes", "role", "formulaic", "text"  # tags of the interface
COLOURS = {
    "t": "#8250df",
    "m": "#6e7781",
    "h": "#0969da",
    "p": "#1a7f37",
    "x": "#cf222e",
    "s": "#bf8700",
    "r": "#54aeff",
}


@dataclass(frozen=True, slots=True)
class Region:
    """A labelled span: `kind` is one of `KINDS`, `STRETCHES` or `RUN_IN`, `name` its id within the task."""

    name: str
    start: int
    end: int
    kind: str
    themes: tuple[str, ...] = ()
    role: str | None = None
    formulaic: bool = False


def to_task(
    text: str,
    regions: Iterable[Region],
    *,
    data: Mapping[str, str],
    model: str | None = None,
    score: float | None = None,
) -> dict[str, Any]:
    """The plain dict of a task; the regions are an annotation, or a prediction of `model` if that is named.

    `data` is what else the task holds; `heading` is shown above the text.
    """
    result = [item for region in regions for item in _items(text, region)]
    task: dict[str, Any] = {"data": {TEXT: text, "heading": "", **data}}
    if model is None:
        task["annotations"] = [{"result": result}]
    else:
        task["predictions"] = [{"model_version": model, "score": score or 0.0, "result": result}]
    return task


def _items(text: str, region: Region) -> Iterator[dict[str, Any]]:
    said: list[tuple[str, str, list[str]]] = [(KIND, "labels", [region.kind])]
    said += [(THEMES, "choices", list(region.themes))] if region.themes else []
    said += [(ROLE, "choices", [region.role])] if region.role is not None else []
    said += [(SET_PHRASE, "choices", [FORMULAIC])] if region.formulaic else []
    for tag, form, values in said:
        span = {"start": region.start, "end": region.end, "text": text[region.start : region.end]}
        yield {
            "id": region.name,
            "from_name": tag,
            "to_name": TEXT,
            "type": form,
            "origin": "manual",
            "value": {**span, form: values},
        }


def shown_names(names: Mapping[str, str]) -> dict[str, str]:
    """Theme code → what the interface shows of it, none twice."""
    count = Counter(names.values())
    return {code: name if count[name] == 1 else f"{name} ({code})" for code, name in names.items()}


def label_config(names: Mapping[str, str]) -> str:
    """The interface for themes (code → name) as XML, to be pasted into a project's settings under Labeling Interface, Code.

    White space is kept (`pre-wrap`): else Label Studio trims it and offsets shift.
    """
    labels = [f"    <Label value={quoteattr(k)} background={quoteattr(COLOURS[k[0]])}/>" for k in (*KINDS, RUN_IN)]
    labels += [f"    <Label value={quoteattr(k)} background={quoteattr(COLOURS['s'])}/>" for k in STRETCHES]
    themes = [
        f"      <Choice alias={quoteattr(code)} value={quoteattr(name)}/>" for code, name in shown_names(names).items()
    ]
    roles = [f"      <Choice value={quoteattr(role)}/>" for role in ROLES]
    per_region = f'toName="{TEXT}" perRegion="true"'
    lines = [
        "<View>",
        "  <Style>.htx-text{ white-space: pre-wrap; }</Style>",
        '  <Header value="$heading" size="5"/>',
        f'  <Labels name="{KIND}" toName="{TEXT}" showInline="true">',
        *labels,
        "  </Labels>",
        f'  <Text name="{TEXT}" value="${TEXT}" saveTextResult="yes"/>',
        '  <View visibleWhen="region-selected">',
        f'    <Choices name="{THEMES}" {per_region} choice="multiple" showInline="true">',
        *themes,
        "    </Choices>",
        f'    <Choices name="{ROLE}" {per_region} choice="single-radio" showInline="true">',
        *roles,
        "    </Choices>",
        f'    <Choices name="{SET_PHRASE}" {per_region} choice="multiple" showInline="true">',
        f'      <Choice value="{FORMULAIC}"/>',
        "    </Choices>",
        "  </View>",
        "</View>",
    ]
    return "\n".join(lines) + "\n"


def label_studio(entries: Iterable[Entry], look: Look) -> Iterator[str]:
    """A JSON array of tasks, one a report, with the model's labels as predictions."""
    yield from array(prediction(entry) for entry in entries)


def array(tasks: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """A JSON array as text, one task a line."""
    begun = False
    for task in tasks:
        yield ",\n" if begun else "[\n"
        yield to_line(task)
        begun = True
    yield "\n]\n" if begun else "[]\n"


def prediction(entry: Entry) -> dict[str, Any]:
    """The task of one report."""
    report = entry.report
    data = {"document": entry.id, "file": entry.file}
    model = f"govtext {report.model_sha256[:12]}"
    return to_task(report.text, report_regions(report), data=data, model=model, score=least_sure(report))


def least_sure(report: LabelledReport) -> float:
    """The probability that lies nearest to a coin's, as a confidence from 0 to 1: what a project can be sorted by."""
    sure = [abs(2 * p - 1) for paragraph in report.paragraphs for p in paragraph.themes.values()]
    return round(min(sure, default=1.0), 4)


def report_regions(report: LabelledReport) -> Iterator[Region]:
    """The paragraphs, run-in headings and stretches of a report, white space around them left out."""
    for i, p in enumerate(report.paragraphs):
        raw = report.text[p.start : p.end]
        if not raw.strip():
            continue
        start = p.start + len(raw) - len(raw.lstrip())
        end = start + len(raw.strip())
        kind = paragraph_kind(p)
        content = kind[0] == "h" or kind == "p"
        role, themes = (p.role, p.labels) if content else (None, ())
        yield Region(f"u{i}", start, end, kind, themes, role, p.formulaic)
        if p.heading_end is not None and kind.endswith("+p"):
            yield Region(f"r{i}", start, p.heading_end, RUN_IN)
    for i, s in enumerate(report.stretches):
        if s.start < s.end:
            yield Region(f"s{i}", s.start, s.end, STRETCH + s.kind)


def paragraph_kind(p: LabelledParagraph) -> str:
    """The kind of the codebook for a paragraph that is not empty."""
    if p.boilerplate is not None or p.kind == "boilerplate":
        return f"x:{p.boilerplate or BOILERPLATE_KINDS[-1]}"
    level = f"h{min(p.level or 1, DEEPEST)}"
    if p.kind == "body":
        return "p" if p.heading_end is None else f"{level}+p"
    return level if p.kind == "heading" else p.kind
