"""The scraped reports that everything is timed on, and what counts as having labelled one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from govtext.document import LabelledReport
from govtext.features.passages import Passage, to_passages
from govtext.labelling import Model
from govtext.layout import to_layout
from govtext.reading.encoding import decode
from govtext.reading.sources import read
from raw_survey import text_of_page


@dataclass(frozen=True, slots=True, eq=False)
class Report:
    """A report as it is timed: its file's name, its bytes, its text, and the passages that govtext finds in it."""

    name: str
    data: bytes
    text: str
    passages: Sequence[Passage]


def to_report(path: Path, model: Model) -> Report:
    """The report in a file; of a web page the text alone, which both sides read without the page's marks."""
    data = path.read_bytes()
    if path.suffix == ".html":
        data = text_of_page(decode(data).text).encode("utf-8", "replace")
    text = read(data, name=path.name).text
    return Report(path.name, data, text, to_passages(text, to_layout(text, model.structure).paragraphs))


def raw_paths(folder: Path, *, every: int) -> list[Path]:
    """Each `every`th scraped file of a folder; the files' families follow each other, so all of them are there.

    Raises:
        SystemExit: there is none.
    """
    paths = sorted(path for path in folder.glob("*__*") if path.suffix in (".txt", ".html"))
    if not paths:
        raise SystemExit(f"{folder}: no scraped files there; name their folder with --raw")
    return paths[::every]


def touched(report: LabelledReport) -> None:
    """Nothing; all that a report can be asked for has been asked for, so that nothing is left to be computed later."""
    _ = report.title, report.issuer, report.date, report.period, report.parts, report.stretches, report.repairs
    report.outline()
    report.body()
    for p in report.paragraphs:
        _ = p.text, p.heading, p.labels, p.role, p.themes, p.formulaic, p.boilerplate
