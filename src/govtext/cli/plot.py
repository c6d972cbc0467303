"""`govtext plot`: reports, or labels written before, as a picture."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from govtext.cli.run import Run, encoding_option, inputs_argument, model_option, sha256_option
from govtext.errors import BadInput, GovtextError
from govtext.writing import Replacement

if TYPE_CHECKING:
    from govtext.plots.reports import Plotted

# As in govtext.plots.kinds.KINDS, which is loaded with matplotlib: 0.4 s that help need not wait for. A test holds them together.
KINDS = ("length", "years", "issuers", "roles", "pairs")
LABELS = ".jsonl"
LANGUAGES = ("zh", "en")


@click.command(
    epilog="""
    \b
    Examples:
      govtext plot length report.txt -o report.png     the themes over the length of one report
      govtext plot years reports/ -o years.svg         the themes of each year
      govtext plot issuers reports/ -o issuers.png     the themes of each issuer
      govtext plot roles labels.jsonl -o roles.png     done against planned, by theme
      govtext plot pairs labels.jsonl -o pairs.png     which themes stand in one paragraph
      govtext plot length labels.jsonl --id 2009-07 -o report.png

    INPUT is a file, a folder (with all folders in it), - for stdin, or a .jsonl that govtext classify has written:
    its labels are taken as they are, so that a corpus is labelled once and drawn often.
    Shares are by characters: headings and paragraphs count with their length, one of several themes with an equal
    part for each. Roles and pairs count body paragraphs. A report's year is that in which the time it speaks of
    ends, else that of its date; those of unknown year or issuer are left out, and the picture says how many.

    The picture is a .png or .svg, as FILE ends; the same input gives the same bytes. It needs matplotlib:
    pip install 'govtext[plots]'
    """
)
@click.argument("kind", type=click.Choice(KINDS), metavar="KIND")
@inputs_argument
@click.option("-o", "--out", required=True, type=click.Path(path_type=Path), metavar="FILE", help="Write here.")
@click.option("--id", "identity", metavar="ID", help="Draw only the report that goes by this id.")
@click.option("--lang", type=click.Choice(LANGUAGES), default="zh", show_default=True, help="What the picture says.")
@click.option("--dpi", type=click.IntRange(30, 600), default=150, show_default=True, help="Dots an inch of a .png.")
@model_option
@sha256_option
@encoding_option
def plot(
    kind: str,
    inputs: tuple[str, ...],
    *,
    out: Path,
    identity: str | None,
    lang: str,
    dpi: int,
    model: Path | None,
    model_sha256: str | None,
    encoding: str | None,
) -> None:
    """Draw reports: over their length, by year, by issuer, by role, or which themes go together.

    KIND is length, years, issuers, roles or pairs.
    """
    from govtext.plots.kinds import KINDS
    from govtext.plots.look import check_suffix, rendered
    from govtext.plots.reports import read_labels

    suffix = check_suffix(out)
    Replacement(out)  # which refuses a bad target before the work, not behind it
    labels = [Path(name) for name in inputs if _is_labels(name)]
    rest = tuple(name for name in inputs if not _is_labels(name))
    if any(out.exists() and path.exists() and out.samefile(path) for path in labels):
        raise GovtextError(f"{out}: would overwrite what is to be read; name another file")
    reports = [r for path in labels for r in read_labels(path) if identity in (None, r.id)]
    run: Run | None = None
    if rest:
        run = Run(rest, model=model, model_sha256=model_sha256, out=out, encoding=encoding)
        reports += _read(run, identity)
    if identity is not None and not reports:
        raise BadInput(
            f"no report goes by the id {identity!r}; ids are file names without suffix, or those in the labels"
        )
    if reports or run is None:
        content = rendered(KINDS[kind].picture(reports, lang), suffix, dpi=dpi)
        with Replacement(out) as file:
            file.write_bytes(content)
    if run is not None:
        run.end()


def _is_labels(name: str) -> bool:
    return name.lower().endswith(LABELS) and not Path(name).is_dir()


def _read(run: Run, identity: str | None) -> Iterator[Plotted]:
    """The reports of a run, labelled now; only the one asked for, if one is."""
    from govtext.plots.reports import of_report

    if identity is not None:
        run.inputs = [item for item in run.inputs if item.id == identity]
    for entry in run.entries():
        yield of_report(entry.report, id=entry.id)
