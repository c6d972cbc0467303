"""A labelled report as text: JSON lines, a table, a page for people; each format is one row of `WRITERS`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from types import MappingProxyType

from govtext.writing.clean import clean, removed
from govtext.writing.display import outline, page
from govtext.writing.entry import Entry, Look
from govtext.writing.explain import Reasons, headings
from govtext.writing.jsonl import json_lines
from govtext.writing.labelstudio import label_studio
from govtext.writing.pages import pages, write_site
from govtext.writing.table import csv_rows, defuse, undo
from govtext.writing.target import Replacement, file_names, one_line, to_utf8

__all__ = [
    "WRITERS",
    "Entry",
    "Explain",
    "Look",
    "Replacement",
    "Writer",
    "clean",
    "csv_rows",
    "defuse",
    "file_names",
    "headings",
    "json_lines",
    "one_line",
    "outline",
    "page",
    "pages",
    "removed",
    "to_utf8",
    "undo",
    "write_site",
]

Writer = Callable[[Iterable[Entry], Look], Iterator[str]]
Explain = Callable[[Entry, Look, Reasons], list[str]]

# A writer takes the reports as they come and gives text as it goes: nothing waits for the last report.
WRITERS: Mapping[str, Writer] = MappingProxyType(
    {"jsonl": json_lines, "csv": csv_rows, "text": page, "labelstudio": label_studio, "html": pages}
)
