"""`govtext import`: what people labelled in Label Studio or doccano, as a corpus to train on."""

from __future__ import annotations

from pathlib import Path

import click

from govtext.cli.inputs import STDIN
from govtext.cli.write import put, refuse_bad_target, refuse_to_replace

FORMATS = ("labelstudio", "doccano")


@click.command(
    epilog="""
    \b
    Examples:
      govtext import export.json -o corpus.jsonl
      govtext import spans.jsonl paragraphs.jsonl -o corpus.jsonl
      govtext import export.json --themes my-themes.toml -o corpus.jsonl

    FILE is Label Studio's export as JSON (not JSON-MIN), or doccano's as JSONL; .json is taken for the first.
    Every label, span and text is checked. If one does not fit, one line says which, and nothing is written.
    Tasks that nobody has labelled are left out and counted.
    """
)
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="FILE…")
@click.option("-f", "--format", "form", type=click.Choice(FORMATS), help="By default as FILE ends.")
@click.option(
    "-o", "--out", type=click.Path(path_type=Path), metavar="CORPUS", help="Write this .jsonl; to stdout by default."
)
@click.option("--themes", type=click.Path(path_type=Path), metavar="FILE", help="The themes (TOML).")
def import_(files: tuple[Path, ...], *, form: str | None, out: Path | None, themes: Path | None) -> None:
    """Read labels from Label Studio or doccano into a corpus."""
    from govtext.errors import BadCorpus
    from govtext.taxonomy import bundled_taxonomy, read_taxonomy
    from govtext.training.exchange import doccano, labelstudio
    from govtext.training.exchange.rows import json_rows

    out = None if out is None or str(out) == STDIN else out
    refuse_bad_target(out)
    refuse_to_replace(out, files)
    taxonomy = read_taxonomy(themes) if themes else bundled_taxonomy()
    readers = {"labelstudio": labelstudio.read_tasks, "doccano": doccano.read_lines}
    # All are read before anything is written.
    found = [
        readers[form or ("labelstudio" if path.suffix.lower() == ".json" else "doccano")](path, taxonomy)
        for path in files
    ]
    documents = [document for each in found for document in each.documents]
    unlabelled = sum(each.unlabelled for each in found)
    if not documents:
        raise BadCorpus(
            f"{', '.join(p.name for p in files)}: {unlabelled} tasks, none labelled; label some, then export"
        )
    put(out, json_rows(documents))
    click.echo(f"{len(documents):,} labelled, {unlabelled:,} not yet", err=True)
