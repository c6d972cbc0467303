"""`govtext audit`: labels of a corpus that a model doubts which has not seen them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from govtext.cli.write import put

if TYPE_CHECKING:
    from govtext.training.audit import Doubt

KINDS = ("missing", "needless", "role", "formulaic")
FIELDS = ("kind", "label", "doubt", "file", "document", "unit", "start", "end", "given", "said", "text")


@click.command(
    epilog="""
    \b
    Examples:
      govtext audit corpus/
      govtext audit corpus/ --kind missing --kind needless -n 100 --csv > doubts.csv
      govtext audit mine.jsonl --themes my-themes.toml --json

    CORPUS is labelled documents as for govtext train. Each is judged by models that learnt from the others, copies of it
    left out. `doubt` is the probability that the label is wrong: missing (a theme that may be lacking), needless (one
    that may be too many), role, formulaic. A doubt is no error; look, and decide.
    """
)
@click.argument("corpus", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="CORPUS…")
@click.option("-n", "--number", type=click.IntRange(1), default=50, show_default=True, help="Doubts to show at most.")
@click.option("--kind", "kinds", multiple=True, type=click.Choice(KINDS), help="Only these; may be given again.")
@click.option(
    "--from", "doubt_from", type=click.FloatRange(0, 1), default=0.5, show_default=True, help="The least doubt to show."
)
@click.option("--themes", type=click.Path(path_type=Path), metavar="FILE", help="The themes (TOML).")
@click.option("--seed", type=click.IntRange(0, 2**31 - 1), default=0, show_default=True, help="Seed of the folds.")
@click.option("--jobs", type=click.IntRange(1), default=1, show_default=True, help="Processes to train with.")
@click.option("--json", "form", flag_value="json", help="One JSON object a doubt.")
@click.option("--csv", "form", flag_value="csv", help="Rows for a spreadsheet.")
def audit(
    corpus: tuple[Path, ...],
    *,
    number: int,
    kinds: tuple[str, ...],
    doubt_from: float,
    themes: Path | None,
    seed: int,
    jobs: int,
    form: str | None,
) -> None:
    """Show labels that a model doubts which has not seen them, most doubted first."""
    from govtext.taxonomy import bundled_taxonomy, read_taxonomy
    from govtext.training.audit import doubts, read_with_files
    from govtext.training.fit import document_groups
    from govtext.training.themes import fit_judge

    taxonomy = read_taxonomy(themes) if themes else bundled_taxonomy()
    documents, files = read_with_files(corpus, taxonomy)
    click.echo(f"learning from {len(documents)} documents, each judged by the others …", err=True)
    fitted = fit_judge(documents, taxonomy, groups=document_groups(documents), seed=seed, jobs=jobs)
    found = doubts(documents, fitted, taxonomy, files=files, doubt_from=doubt_from, kinds=kinds or KINDS)
    put(None, WRITERS[form or "text"](found[:number]))
    click.echo(f"{len(found):,} doubts, {min(number, len(found)):,} shown", err=True)


def as_lines(doubts: Sequence[Doubt]) -> Iterator[str]:
    """One JSON object a line."""
    from dataclasses import asdict

    from govtext.writing.jsonl import rounded, to_line

    for doubt in doubts:
        yield to_line(rounded(asdict(doubt))) + "\n"


def as_csv(doubts: Sequence[Doubt]) -> Iterator[str]:
    """A header and one row a doubt."""
    from govtext.writing.table import BOM, row

    yield BOM + row(FIELDS)
    for doubt in doubts:
        yield row(getattr(doubt, name) for name in FIELDS)


def as_table(doubts: Sequence[Doubt]) -> Iterator[str]:
    """Two lines a doubt: what and where, then what was given, what is said, and how the unit begins."""
    from govtext.writing import one_line

    for d in doubts:
        yield f"{d.doubt:.3f}  {d.kind:9} {d.label:22} {one_line(d.file or d.document)} {one_line(d.document)}, unit {d.unit}\n"
        yield f"       labelled {d.given}; model {d.said}\n       {one_line(d.text)}\n"


WRITERS = {"text": as_table, "json": as_lines, "csv": as_csv}
