"""`govtext clean`: reports without their junk."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import click

from govtext import writing
from govtext.cli.inputs import Input
from govtext.cli.run import Run, refuse_to_overwrite, repetition_option, report_options
from govtext.writing import Entry, Replacement


@click.command(
    epilog="""
    \b
    Examples:
      govtext clean page.txt > report.txt
      govtext clean page.txt --explain -o report.txt
      govtext clean pages/ -o reports/               one ID.txt a report, if reports/ is a folder
      govtext clean pages/ -o reports/ --repetition site.repetition

    INPUT is a file, a folder (with all folders in it) or - for stdin.
    Masked values (20nn年, XX市) stay; blank lines go.
    --repetition takes out the lines, too, that the file knows as the site's; copied passages stay.

    --explain says of each line: kind, probability and reason; what it is alone and among its neighbours,
    with what speaks for it (+) and against it (-) in logits; the rules that fire. It changes no verdict.
    """
)
@report_options
@repetition_option
@click.option("--explain", is_flag=True, help="List on stderr what was taken out, and why.")
def clean(
    inputs: tuple[str, ...],
    model: Path | None,
    model_sha256: str | None,
    out: Path | None,
    encoding: str | None,
    repetition: Path | None,
    explain: bool,
) -> None:
    """Write the text of reports without junk lines and injected junk."""
    run = Run(inputs, model=model, model_sha256=model_sha256, out=out, encoding=encoding, repetition=repetition)
    if run.out is not None and run.out.is_dir():
        write_each(
            run.explained(run.entries(), writing.removed) if explain else run.entries(),
            inputs=run.inputs,
            folder=run.out,
        )
    else:
        run.write(
            lambda entries, page: writing.clean(run.explained(entries, writing.removed) if explain else entries, page)
        )
    run.end()


def write_each(entries: Iterable[Entry], *, inputs: list[Input], folder: Path) -> None:
    """Nothing; each report's text is a file of its own in the folder."""
    ids = [item.id for item in inputs]
    targets = {i: folder / name for i, name in zip(ids, writing.file_names(ids, ".txt"), strict=True)}
    for target in targets.values():
        refuse_to_overwrite(inputs, target)
    for entry in entries:
        # The report's name is no wish of the user's: a link that stands there is not where to write.
        with Replacement(targets[entry.id], follow=False) as file:
            file.write(entry.report.body())
