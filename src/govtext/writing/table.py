"""CSV: one row a paragraph, safe to open in a spreadsheet."""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Iterable, Iterator
from typing import Any

from govtext.writing.entry import Entry, Look
from govtext.writing.jsonl import DECIMALS
from govtext.writing.target import without_surrogates

BOM = "\N{ZERO WIDTH NO-BREAK SPACE}"  # without it spreadsheets read UTF-8 as the local code page
OWN = ("id", "file", "title", "paragraph")
FIELDS = (
    *("start", "end", "kind", "level", "marker", "heading", "heading_end", "continues", "path"),
    *("boilerplate", "boilerplate_score", "boilerplate_reason", "boilerplate_alone", "boilerplate_alone_score"),
    *("themes", "role", "role_score", "formulaic", "formulaic_score", "text"),
)
JOINED = {"path": " > ", "themes": " "}  # lists in one cell

FORMULA = frozenset("=+-@")
BREAKS = frozenset("\t\r\n")
QUOTES = frozenset("\"'")
UNSEEN = frozenset(("Cc", "Cf"))  # categories: a program may drop such characters, and then a formula begins the cell


def csv_rows(entries: Iterable[Entry], look: Look) -> Iterator[str]:
    """The header with the first report, then the rows of each report; themes as columns `score_CODE`.

    Cells that a spreadsheet would take for a formula begin with `'` (see `defuse`; `undo` takes it away again).
    """
    codes: tuple[str, ...] | None = None
    for entry in entries:
        if codes is None:
            codes = tuple(entry.report.theme_names)
            yield BOM + row([*OWN, *FIELDS, *(f"score_{code}" for code in codes)])
        for number, fields in enumerate(entry.report.to_dicts()):
            own = [entry.id, entry.file, entry.report.title, number]
            scores = fields["theme_scores"]
            yield row([*own, *(cell(fields, name) for name in FIELDS), *(scores.get(code) for code in codes)])


def cell(fields: dict[str, Any], name: str) -> Any:
    """The value of a field, a list as one text."""
    return JOINED[name].join(fields[name]) if name in JOINED else fields[name]


def row(values: Iterable[Any]) -> str:
    """One CSV line: text defused and quoted, scores rounded, truth as 1 and 0, nothing as an empty cell."""
    line = io.StringIO()
    csv.writer(line, quoting=csv.QUOTE_NONNUMERIC).writerow([plain(value) for value in values])
    return line.getvalue()


def plain(value: Any) -> str | int | float:
    """The value as it stands in a cell."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, float):
        return round(float(value), DECIMALS)
    return defuse(without_surrogates(value)) if isinstance(value, str) else int(value)


def defuse(text: str) -> str:
    """The text with a `'` before it if a spreadsheet could run it as a formula.

    >>> defuse("=1+1"), defuse("+86"), defuse("一、党建")
    ("'=1+1", "'+86", '一、党建')
    """
    return "'" + text if is_live(text) else text


def undo(text: str) -> str:
    """The text as it was before `defuse`, for any text.

    >>> undo("'=1+1"), undo("'tis")
    ('=1+1', "'tis")
    """
    return text[1:] if text.startswith("'") and is_live(text) else text


def is_live(text: str) -> bool:
    """Whether the text, seen past quotes, white space and what is not seen, opens with a formula sign in any width.

    Quotes in front count too, which makes `undo` exact: a text that was never touched cannot look defused.
    Source: OWASP, CSV injection (= + - @ TAB CR LF).
    """
    for character in text:
        if character in BREAKS:
            return True
        if not character.isspace() and character not in QUOTES and unicodedata.category(character) not in UNSEEN:
            return unicodedata.normalize("NFKC", character)[0] in FORMULA
    return False
