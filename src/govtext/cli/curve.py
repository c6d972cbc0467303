"""`govtext curve`: the learning curve of a corpus, and what more labels would bring."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from govtext.cli.console import CLEAR_LINE, is_terminal
from govtext.cli.write import put

if TYPE_CHECKING:
    from govtext.training.curve import Curve, Need

BAR = 30  # columns


@click.command(
    epilog="""
    \b
    Examples:
      govtext curve corpus/
      govtext curve corpus/ --repeats 3 --jobs 2
      govtext curve mine.jsonl --themes my-themes.toml --gain 0.05 --json

    CORPUS is labelled documents as for govtext train. A fifth of the documents is held out, near-duplicates together;
    models learn from an eighth to all of the others. Each repeat holds out another fifth. A power law through the points
    says what more documents would bring; the interval counts which documents were held out and how far the points lie off.
    """
)
@click.argument("corpus", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="CORPUS…")
@click.option("--repeats", type=click.IntRange(1, 5), default=1, show_default=True, help="Fifths to hold out in turn.")
@click.option(
    "--gain",
    "gains",
    multiple=True,
    type=click.FloatRange(0, 1, min_open=True, max_open=True),
    default=(0.01, 0.02),
    show_default=True,
    help="Gain in micro-F1 to ask about; may be given again.",
)
@click.option("--themes", type=click.Path(path_type=Path), metavar="FILE", help="The themes (TOML).")
@click.option(
    "--seed", type=click.IntRange(0, 2**31 - 1), default=0, show_default=True, help="Seed of all that is random."
)
@click.option("--jobs", type=click.IntRange(1), default=1, show_default=True, help="Processes to train with.")
@click.option("--json", "as_json", is_flag=True, help="Say it in one JSON object.")
def curve(
    corpus: tuple[Path, ...],
    *,
    repeats: int,
    gains: tuple[float, ...],
    themes: Path | None,
    seed: int,
    jobs: int,
    as_json: bool,
) -> None:
    """Show how the model grows with the documents, and how many more would help."""
    from govtext.taxonomy import bundled_taxonomy, read_taxonomy
    from govtext.training.corpus import read_corpus
    from govtext.training.curve import learning_curve
    from govtext.writing.jsonl import to_line

    taxonomy = read_taxonomy(themes) if themes else bundled_taxonomy()
    documents = read_corpus(corpus, taxonomy)
    found = learning_curve(documents, taxonomy, repeats=repeats, gains=gains, seed=seed, jobs=jobs, progress=progress)
    put(None, [to_line(as_object(found)) + "\n"] if as_json else (f"{line}\n" for line in lines(found)))


def progress(done: int, total: int) -> None:
    """Say on stderr how many models are learnt; on one line if someone looks at it."""
    looked_at = is_terminal(sys.stderr)
    start, end = (CLEAR_LINE, done == total) if looked_at else ("", True)
    click.echo(f"{start}{done}/{total} models learnt", err=True, nl=end)


def lines(found: Curve) -> Iterator[str]:
    """The table to read, and what the law promises."""
    yield f"{'documents':>9}{'paragraphs':>12}{'micro-F1':>10}   95 %"
    for p in found.points:
        bar = "█" * round(p.f1.value * BAR)
        yield f"{p.documents:>9,}{p.passages:>12,}{p.f1.value:>10.3f}   {p.f1.low:.3f}–{p.f1.high:.3f}  {bar:{BAR}}"
    e = found.exponent
    yield (
        f"error = {found.scale:.3g} · documents ^ -{e.value:.3f} ({e.low:.3f}–{e.high:.3f}); "
        f"{found.forecast:.3f} with all {found.documents:,}; held out {found.held_out:,}"
    )
    yield from (needed(need) for need in found.needs)


def needed(need: Need) -> str:
    """What a gain takes, in words."""
    if need.documents is None:
        return f"+{need.gain:g} is not to be had from more documents of this kind, by this curve"
    ends = (
        f"{need.low or 0:,} to {need.high:,}" if need.high is not None else f"{need.low or 0:,} or more, no upper end"
    )
    return f"+{need.gain:g} needs about {need.documents:,} more documents ({ends})"


def as_object(found: Curve) -> dict[str, Any]:
    """The plain dict of the curve."""
    from dataclasses import asdict

    from govtext.writing.jsonl import rounded

    said: dict[str, Any] = rounded({**asdict(found), "points": [asdict(p) for p in found.points]})
    return {**said, "needs": [asdict(need) for need in found.needs]}
