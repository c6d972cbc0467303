"""`govtext suggest`: which paragraphs of a pool of reports to label next."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from govtext.cli import BAD_INPUT
from govtext.cli.console import Console
from govtext.cli.inputs import STDIN, gather
from govtext.cli.run import content_of, each, encoding_option, refuse_to_overwrite, sha256_option
from govtext.cli.write import put, refuse_bad_target, with_config

if TYPE_CHECKING:
    from govtext.training.suggest import Candidate

FORMATS = ("jsonl", "labelstudio", "doccano")
STRATEGIES = ("uncertain", "diverse", "rare")


@click.command(
    epilog="""
    \b
    Examples:
      govtext suggest bundled reports/ -n 50 -o to-label.jsonl
      govtext suggest mine.safetensors reports/ --strategy rare --labelled corpus/ -o to-label.jsonl
      govtext suggest bundled reports/ -f labelstudio -o tasks.json

    \b
    uncertain  paragraphs whose set of themes is least probably right
    diverse    paragraphs unlike each other, each like much of the pool
    rare       the most probable paragraphs of the themes with the fewest examples

    MODEL is a model file, `bundled` the one that comes with govtext. POOL is reports, folders of them, or - for stdin.
    Near-duplicates are suggested once, and with --labelled not at all if they are labelled already.
    A line of the .jsonl has "themes": null until you fill in a list ([] for none); govtext train refuses it before.
    labelstudio shows the model's labels, to be put right; doccano, which cannot tell them from labels, shows none.
    govtext import reads the answers of both.
    """
)
@click.argument("model", metavar="MODEL")
@click.argument("pool", nargs=-1, required=True, metavar="POOL…")
@click.option("-n", "--number", type=click.IntRange(1), default=50, show_default=True, help="Paragraphs to suggest.")
@click.option("--strategy", type=click.Choice(STRATEGIES), default="uncertain", show_default=True, help="See below.")
@click.option(
    "--per-report", type=click.IntRange(1), default=5, show_default=True, help="Paragraphs of one report at most."
)
@click.option(
    "--labelled",
    multiple=True,
    type=click.Path(path_type=Path),
    metavar="CORPUS",
    help="Labelled documents to leave out copies of, and to count examples in; may be given again.",
)
@click.option("-f", "--format", "form", type=click.Choice(FORMATS), default="jsonl", show_default=True)
@click.option("-o", "--out", type=click.Path(path_type=Path), metavar="FILE", help="Write here; to stdout by default.")
@sha256_option
@encoding_option
def suggest(
    model: str,
    pool: tuple[str, ...],
    *,
    number: int,
    strategy: str,
    per_report: int,
    labelled: tuple[Path, ...],
    form: str,
    out: Path | None,
    model_sha256: str | None,
    encoding: str | None,
) -> None:
    """Suggest which paragraphs of a pool of reports to label next."""
    from govtext.labelling import load
    from govtext.training import suggest as choosing
    from govtext.training.corpus import read_corpus
    from govtext.training.exchange import doccano, labelstudio
    from govtext.writing.jsonl import to_line
    from govtext.writing.labelstudio import array

    out = None if out is None or str(out) == STDIN else out
    refuse_bad_target(out)
    loaded = load(None if model == "bundled" else Path(model), sha256=model_sha256)
    known = read_corpus(labelled, loaded.taxonomy) if labelled else []
    console = Console()
    items = gather(pool, complain=console.complain)
    if out is not None:
        refuse_to_overwrite(items, out)
    console.total = len(items)
    candidates: list[Candidate] = []
    for item, report in each(
        items, lambda item: loaded.classify(content_of(item)[0], name=item.file, encoding=encoding), console=console
    ):
        candidates += choosing.candidates_of(report, name=item.id, file=item.file)
    if console.failures and not candidates:
        raise click.exceptions.Exit(BAD_INPUT)
    figures = loaded.header.get("figures", {}).get("themes", {})
    found = choosing.suggest(
        candidates,
        loaded.taxonomy,
        n=number,
        strategy=strategy,
        per_report=per_report,
        labelled=known,
        examples={code: int(row[0]) for code, row in figures.items()},
    )
    guesses = [choosing.to_guess(suggestion) for suggestion in found]
    if form == "jsonl":
        put(out, (to_line(choosing.to_draft(suggestion)) + "\n" for suggestion in found))
    elif form == "doccano":
        put(out, doccano.class_lines(guesses, with_labels=False))
    else:
        name = f"govtext {loaded.sha256[:12]}"
        scores = [round(suggestion.confidence, 4) for suggestion in found]
        put(out, array(labelstudio.tasks(guesses, model=name, scores=scores)))
        with_config(out, loaded.taxonomy)
    if len(found) < number:
        console.say(f"govtext: {len(found)} suggested of {number}: copies left out, at most {per_report} of one report")
    if console.failures:
        raise click.exceptions.Exit(BAD_INPUT)
