"""JSON lines: one object a report, one report a line, whatever the text holds."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from datetime import date
from typing import Any

from govtext.document import Element, Part, Period
from govtext.writing.entry import Entry, Look
from govtext.writing.target import without_surrogates

DECIMALS = 4  # of a score; the files stay small and equal on every processor

# Readers that split at Unicode line ends would see several records in one; C1 controls can drive a terminal.
NOT_PLAIN = re.compile("[\N{DELETE}-\N{APPLICATION PROGRAM COMMAND}\N{LINE SEPARATOR}\N{PARAGRAPH SEPARATOR}]")


def json_lines(entries: Iterable[Entry], look: Look) -> Iterator[str]:
    """One line for each report, with its line end."""
    for entry in entries:
        yield to_line(to_object(entry)) + "\n"


def to_object(entry: Entry) -> dict[str, Any]:
    """The plain dict that stands for a report in JSON lines; scores rounded to four decimals."""
    report = entry.report
    return {
        "id": entry.id,
        "file": entry.file,
        "encoding": report.source.encoding,
        "replaced": report.source.replaced,
        "format": report.source.format,
        "warnings": list(report.source.warnings),
        "model": report.model_sha256,
        "title": report.title,
        "parts": [part_object(part) for part in report.parts],
        "paragraphs": [rounded(p) for p in report.to_dicts()],
        "stretches": [{"start": s.start, "end": s.end, "kind": s.kind, "reason": s.reason} for s in report.stretches],
        "outline": [
            {
                "level": e.level,
                "heading": e.heading,
                "themes": list(e.labels),
                "role": e.role,
                "paragraph": e.paragraph,
            }
            for e in report.outline()
        ],
        "repairs": [{"paragraph": r.paragraph, "kind": r.kind, "number": r.number} for r in report.repairs],
        "copied": [{**asdict(c), "similarity": round(c.similarity, DECIMALS)} for c in report.copied],
    }


def part_object(part: Part) -> dict[str, Any]:
    """The plain dict of one part: its paragraphs (`first` to `stop`, half-open) and its elements.

    An element is an object of `start`, `end`, `text` and `value` (days as 2009-07-10, a period as two of them), or None.
    """
    elements = {
        name: element_object(getattr(part.elements, name))
        for name in ("title", "number", "addressee", "issuer", "date", "period")
    }
    attachments = [element_object(attachment) for attachment in part.elements.attachments]
    return {"first": part.first, "stop": part.stop, **elements, "attachments": attachments}


def element_object(element: Element[Any] | None) -> dict[str, Any] | None:
    """The plain dict of an element, None for one that is not there."""
    if element is None:
        return None
    value = element.value
    if isinstance(value, Period):
        value = [value.start.isoformat(), value.end.isoformat()]
    elif isinstance(value, date):
        value = value.isoformat()
    return {"start": element.start, "end": element.end, "text": element.text, "value": value}


def to_line(value: Mapping[str, Any]) -> str:
    r"""Strict JSON without a line break of any kind.

    Half a surrogate pair becomes U+FFFD, so that every parser takes the line and every span still holds.

    >>> to_line({"text": "一\u2028二"})
    '{"text": "一\\u2028二"}'
    """
    text = json.dumps(value, ensure_ascii=False, allow_nan=False)
    return NOT_PLAIN.sub(lambda match: f"\\u{ord(match[0]):04x}", without_surrogates(text))


def rounded(value: Any) -> Any:
    """The same value with every float in it rounded to `DECIMALS`."""
    if isinstance(value, float):
        return round(float(value), DECIMALS)
    if isinstance(value, dict):
        return {key: rounded(item) for key, item in value.items()}
    if isinstance(value, list):
        return [rounded(item) for item in value]
    return value
