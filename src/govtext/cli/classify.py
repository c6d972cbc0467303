"""`govtext classify`: reports in, labels out."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

import click

from govtext.cli.run import Run, repetition_option, report_options
from govtext.writing import WRITERS

BY_SUFFIX: Mapping[str, str] = MappingProxyType({".csv": "csv", ".txt": "text"})


@click.command(
    epilog="""
    \b
    Examples:
      govtext classify report.txt                    a page to read
      govtext classify reports/ -o labels.jsonl      one JSON object a report
      govtext classify reports/ -o labels.csv        one row a paragraph, for a spreadsheet
      cat report.txt | govtext classify - | jq .outline
      govtext classify pages/ --repetition site.repetition -o labels.jsonl

    INPUT is a file, a folder (with all folders in it) or - for stdin.
    --repetition also flags the lines that the file knows as the site's, and names passages that stand in other reports.
    A report's id is its file's name without suffix; where two would be equal, its path without suffix.
    If a report cannot be read, the others are still written, and the exit code is 2.
    """
)
@report_options
@repetition_option
@click.option(
    "-f",
    "--format",
    "form",
    type=click.Choice(list(WRITERS)),
    help="By default as FILE ends (.csv, .txt); else text on a terminal, jsonl elsewhere.",
)
def classify(
    inputs: tuple[str, ...],
    model: Path | None,
    out: Path | None,
    encoding: str | None,
    repetition: Path | None,
    form: str | None,
) -> None:
    """Label reports: paragraphs with kind, level, themes, role, and what of them is junk."""
    run = Run(inputs, model=model, out=out, encoding=encoding, repetition=repetition)
    run.write(WRITERS[form or default_format(run.out)])
    run.end()


def default_format(out: Path | None) -> str:
    """The format by the suffix of the file to write, or by who reads stdout."""
    if out is not None:
        return BY_SUFFIX.get(out.suffix.lower(), "jsonl")
    return "text" if sys.stdout.isatty() else "jsonl"
