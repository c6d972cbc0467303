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
      govtext outline report.txt --explain           why each is a heading, and numbers that were put right

    INPUT is a file, a folder (with all folders in it) or - for stdin.

    --explain says of each heading: level and repair of its number; what it is alone and among its neighbours,
    with what speaks for it (+) and against it (-) in logits; its marker. It changes no heading.
    """
)
@report_options
@click.option(
    "--explain", is_flag=True, help="List on stderr why each heading is one, and how its number was put right."
)
def outline(
    inputs: tuple[str, ...],
    model: Path | None,
    model_sha256: str | None,
    out: Path | None,
    encoding: str | None,
    explain: bool,
) -> None:
    """Show the headings of reports, indented by level, with their themes."""
    run = Run(inputs, model=model, model_sha256=model_sha256, out=out, encoding=encoding)
    run.write(
        lambda entries, page: writing.outline(run.explained(entries, writing.headings) if explain else entries, page)
    )
    run.end()
