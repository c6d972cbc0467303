"""What a picture needs of a report: its paragraphs with span, themes and role, its issuer and year.

It comes from a `LabelledReport` or from a line that `govtext classify -o x.jsonl` has written; both say the same.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from govtext.document import LabelledReport, Period
from govtext.errors import BadInput
from govtext.taxonomy import bundled_taxonomy

CONTENT = ("heading", "body")  # kinds of paragraph that carry themes


@dataclass(frozen=True, slots=True)
class Piece:
    """One paragraph: its span, kind, the characters in it without white space around, and what the model decided."""

    start: int
    end: int
    kind: str
    level: int | None
    heading: str | None
    continues: bool
    is_junk: bool
    characters: int
    labels: tuple[str, ...]
    role: str | None

    @property
    def is_content(self) -> bool:
        """Whether it can carry themes."""
        return not self.is_junk and self.kind in CONTENT


@dataclass(frozen=True, slots=True)
class Plotted:
    """One report: the name it goes by, theme names by code, its pieces; `issuer` and `year` None where not known.

    `year` is the year in which the time that the report speaks of ends, else the year of its date.
    """

    id: str
    title: str | None
    issuer: str | None
    year: int | None
    names: Mapping[str, str]
    pieces: tuple[Piece, ...]


Reports = LabelledReport | Plotted | Iterable[LabelledReport | Plotted]


def to_plotted(reports: Reports) -> list[Plotted]:
    """The reports as pictures need them.

    Raises:
        BadInput: something among them is no labelled report, or there is none.
    """
    every = [reports] if isinstance(reports, LabelledReport | Plotted) else list(reports)
    if not every:
        raise BadInput("no reports to draw; wanted one at least")
    return [report if isinstance(report, Plotted) else of_report(report) for report in every]


def of_report(report: Any, *, id: str | None = None) -> Plotted:
    """The report as pictures need it, under its name or `id`."""
    if not isinstance(report, LabelledReport):
        raise BadInput(
            f"a {type(report).__name__} ({report!r:.40}) is no labelled report; label it with govtext.classify"
        )
    period = report.period
    year = period.end.year if isinstance(period, Period) else report.date.year if report.date else None
    pieces = tuple(map(_piece, report.to_dicts()))
    name = report.source.name if id is None else id
    return Plotted(name, report.title, report.issuer, year, dict(report.theme_names), pieces)


def read_labels(path: Path) -> Iterator[Plotted]:
    """The reports in a file of JSON lines that `govtext classify` has written, as they are asked for.

    Themes of the bundled model go by their names, others by their codes.

    Raises:
        BadInput: the file cannot be read, or a line is no labelled report; names its number.
    """
    try:
        with path.open(encoding="utf-8-sig") as lines:
            for number, line in enumerate(lines, 1):
                if line.strip():
                    yield _of_line(f"{path}, line {number}", line)
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else error
        raise BadInput(f"{path}: cannot be read ({why}); wanted labels of govtext classify, in UTF-8") from error


def _of_line(where: str, line: str) -> Plotted:
    try:
        said = json.loads(line)
        if "paragraphs" not in said:
            raise BadInput(f"{where}: no paragraphs; label the reports first: govtext classify … -o labels.jsonl")
        parts = said.get("parts") or [{}]
        part = next((part for part in parts if part.get("title")), parts[0])
        issuer, period, day = (_value(part, name) for name in ("issuer", "period", "date"))
        year = (period[1] if period else day) or None
        bundled = bundled_taxonomy().names
        codes = dict.fromkeys(code for p in said["paragraphs"] for code in p["theme_scores"])
        return Plotted(
            str(said["id"]),
            said.get("title"),
            issuer,
            int(year[:4]) if year else None,
            {code: bundled.get(code, code) for code in codes},
            tuple(map(_piece, said["paragraphs"])),
        )
    except (KeyError, TypeError, ValueError, AttributeError, IndexError, RecursionError) as error:
        if isinstance(error, BadInput):
            raise
        raise BadInput(f"{where}: no labels of govtext classify ({error!r:.80}); write them anew") from error


def _value(part: Mapping[str, Any], name: str) -> Any:
    return (part.get(name) or {}).get("value")


def _piece(fields: Mapping[str, Any]) -> Piece:
    """The piece that the fields of one paragraph stand for, as `LabelledReport.to_dicts` names them."""
    return Piece(
        int(fields["start"]),
        int(fields["end"]),
        fields["kind"],
        fields["level"],
        fields["heading"],
        bool(fields["continues"]),
        fields["boilerplate"] is not None,
        len(fields["text"]),
        tuple(fields["themes"]),
        fields["role"],
    )
