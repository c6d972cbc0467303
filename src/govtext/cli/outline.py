"""`govtext outline`: the headings of reports with their themes."""

from __future__ import annotations

from pathlib import Path

import click

from govtext import writing
from govtext.cli.run import Run, report_options


@click.command(
    epilog="""
    \b
    Examples:
      govtext outline report.txt
      govtext outline reports/ -o outlines.txt

    INPUT is a file, a folder (with all folders in it) or - for stdin.
    """
)
@report_options
def outline(inputs: tuple[str, ...], model: Path | None, out: Path | None, encoding: str | None) -> None:
    """Show the headings of reports, indented by level, with their themes."""
    run = Run(inputs, model=model, out=out, encoding=encoding)
    run.write(writing.outline)
    run.end()
