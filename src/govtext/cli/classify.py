"""`govtext classify`: reports in, labels out."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from types import MappingProxyType

import click

from govtext.cli.batch import Batch, batch_options
from govtext.cli.inputs import STDIN
from govtext.cli.run import Run, labelling_options, refuse_to_overwrite, repetition_option
from govtext.writing import WRITERS, write_site

BY_SUFFIX: Mapping[str, str] = MappingProxyType({".csv": "csv", ".txt": "text", ".html": "html", ".htm": "html"})


@click.command(
    epilog="""
    \b
    Examples:
      govtext classify report.txt                    a page to read
      govtext classify reports/ -o labels.jsonl      one JSON object a report
      govtext classify reports/ -o labels.csv        one row a paragraph, for a spreadsheet
      govtext classify report.txt -o report.html     a page to read and correct in a browser
      govtext classify reports/ -f html -o pages/    a page a report, and index.html
      govtext classify reports/ -o labels.parquet    the same with types, for pandas, polars, DuckDB or Spark
      govtext classify reports/ -o labels.jsonl --jobs 8
      govtext classify reports/ -o labels.jsonl --jobs 8 --resume
      govtext classify pages.jsonl -o labels.jsonl   one report a line: {"id": "…", "text": "…"}
      find . -name '*.txt' | govtext classify --list - -o labels.jsonl
      cat report.txt | govtext classify - | jq .outline
      govtext classify pages/ --repetition site.repetition -o labels.jsonl

    INPUT is a file, a folder (with all folders in it) or - for stdin; a .jsonl or .parquet file has a report in each
    line or row: `text`, maybe `id`.
    --repetition also flags the lines that the file knows as the site's, and names passages that stand in other reports.
    A report's id is its file's name without suffix; where two would be equal, its path without suffix.
    If a report cannot be read, the others are still written, and the exit code is 2.
    In .csv a cell that a spreadsheet would run as a formula begins with '; govtext.writing.undo() takes that away again.

    More than one report into a .jsonl, .csv or .parquet file is a batch: the reports are read in processes of their own, and
    one that hangs (--timeout), needs too much (--memory) or kills its process costs the others nothing.
    FILE.failed.jsonl says which failed and why. While a batch runs, FILE.partial, FILE.failed.partial and FILE.journal
    stand beside FILE; if it is stopped or killed, the same command with --resume goes on with them.
    """
)
@batch_options
@labelling_options
@repetition_option
@click.option(
    "-f",
    "--format",
    "form",
    type=click.Choice(list(WRITERS)),
    help="By default as FILE ends (.csv, .txt, .html, .parquet); else text on a terminal, jsonl elsewhere.",
)
def classify(
    inputs: tuple[str, ...],
    model: Path | None,
    model_sha256: str | None,
    out: Path | None,
    encoding: str | None,
    repetition: Path | None,
    form: str | None,
    *,
    jobs: int | None,
    resume: bool,
    timeout: float | None,
    memory: int | None,
    list_file: str | None,
) -> None:
    """Label reports: paragraphs with kind, level, themes, role, and what of them is junk."""
    target = None if out is None or str(out) == STDIN else out
    batch = Batch(inputs, target, form, jobs, resume, timeout, memory, list_file)
    if batch.is_wanted():
        batch.run(model=model, model_sha256=model_sha256, encoding=encoding, repetition=repetition)
        return
    run = Run(inputs, model=model, model_sha256=model_sha256, out=out, encoding=encoding, repetition=repetition)
    form = form or default_format(run.out)
    if form == "html" and run.out is not None and is_folder(run.out):
        ids = [item.id for item in run.inputs]
        write_site(run.entries(), ids=ids, folder=run.out, spare=partial(refuse_to_overwrite, run.inputs))
    else:
        run.write(WRITERS[form])
    run.end()


def is_folder(out: Path) -> bool:
    """Whether pages go into a folder of this name, and are not one file."""
    return out.is_dir() or (not out.exists() and BY_SUFFIX.get(out.suffix.lower()) != "html")


def default_format(out: Path | None) -> str:
    """The format by the suffix of the file to write, or by who reads stdout."""
    if out is not None:
        return BY_SUFFIX.get(out.suffix.lower(), "jsonl")
    return "text" if sys.stdout.isatty() else "jsonl"
