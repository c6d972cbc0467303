"""`govtext train`: labelled documents in, a model file out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from govtext.taxonomy import Taxonomy
    from govtext.training.corpus import LabelledDocument
    from govtext.training.fit import TrainingConfig


@click.command(
    epilog="""
    \b
    Examples:
      govtext train corpus/ -o mine.safetensors
      govtext train a.tsv b.jsonl -o mine.safetensors --themes my-themes.toml
      govtext train corpus/ -o mine.safetensors --seed 7 --jobs 2
      govtext train corpus/ -o mine.safetensors --date 2026-11-24
      govtext train few.jsonl -o mine.safetensors --themes my-themes.toml --unlabelled pool.txt
      govtext train corpus/ -o mine.safetensors --search --budget 30

    CORPUS is .tsv files as corpus/CODEBOOK.md describes them, JSON lines, or folders of both.
    The config file is TOML: seed = 0, structure = "bundled" or "train", recipe = "auto", "documents" or "lone", and
    fields of the recipe, such as C = 0.5. By default single passages without roles are "lone", all else "documents".
    Lone passages of which each has one theme, and may have one (most_per_paragraph = 1), get the best one.
    A search holds documents back, tries changes to the recipe on the others and trains with the best.
    Beside the model stand its card and its evaluation, here mine.md and mine.html (old ones are replaced).
    """
)
@click.argument("corpus", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="CORPUS…")
@click.option(
    "-o", "--out", required=True, type=click.Path(path_type=Path), metavar="MODEL", help="Write the model here."
)
@click.option(
    "--themes",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="The themes (TOML); the bundled twelve by default.",
)
@click.option("--config", type=click.Path(path_type=Path), metavar="FILE", help="Further choices (TOML).")
@click.option("--seed", type=click.IntRange(0, 2**31 - 1), help="Seed of all that is random; 0 by default.")
@click.option("--jobs", type=click.IntRange(1), default=1, show_default=True, help="Processes to train with.")
@click.option(
    "--unlabelled",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Passages without labels, a line each (UTF-8).",
)
@click.option("--search", is_flag=True, help="Try changes to the recipe, and train with the best.")
@click.option(
    "--budget", type=click.FloatRange(0, min_open=True), default=10.0, show_default=True, help="Minutes for --search."
)
@click.option("--page/--no-page", default=True, help="Write card (.md) and evaluation page (.html), too; the default.")
@click.option(
    "--date", type=click.DateTime(["%Y-%m-%d"]), metavar="YYYY-MM-DD", help="Date on card and page; none by default."
)
def train(
    corpus: tuple[Path, ...],
    out: Path,
    themes: Path | None,
    config: Path | None,
    seed: int | None,
    jobs: int,
    unlabelled: Path | None,
    *,
    search: bool,
    budget: float,
    page: bool,
    date: datetime | None,
) -> None:
    """Train a model on labelled documents and say what it learnt."""
    from dataclasses import replace

    from govtext.cli.beside import check_beside, write_beside
    from govtext.errors import BadModel
    from govtext.taxonomy import bundled_taxonomy, read_taxonomy
    from govtext.training.corpus import read_corpus, read_unlabelled
    from govtext.training.fit import TrainingConfig, read_config
    from govtext.training.fit import train as fit

    if not out.resolve().parent.is_dir():
        raise BadModel(f"{out}: its folder does not exist; make it first, or name another file")
    if page:
        check_beside(out)
    taxonomy = read_taxonomy(themes) if themes else bundled_taxonomy()
    chosen = read_config(config) if config else TrainingConfig()
    if seed is not None:
        chosen = replace(chosen, seed=seed)
    documents = read_corpus(corpus, taxonomy)
    spare = read_unlabelled(unlabelled) if unlabelled else []
    if search:
        chosen = searched(documents, taxonomy, chosen, minutes=budget, jobs=jobs)
    click.echo(f"training on {len(documents)} documents, {len(taxonomy.themes)} themes …", err=True)
    sources = [path.name for path in corpus]
    trained = fit(documents, taxonomy, config=chosen, sources=sources, unlabelled=spare, jobs=jobs)
    trained.save(out)
    click.echo(f"{'theme':32}{'support':>9}{'precision':>11}{'recall':>8}{'F1':>7}   (held-out documents, 5 folds)")
    for row in trained.themes:
        click.echo(f"{row.code:32}{row.support:>9}{row.precision:>11.3f}{row.recall:>8.3f}{row.f1:>7.3f}   {row.name}")
    ranges = trained.figures["intervals"]
    for name, value in trained.figures.items():
        # Nothing is known of what nobody has labelled; 0.000 would look like a failure.
        if isinstance(value, float) and (trained.record.n_roles or name.startswith("theme_")):
            low, high = ranges.get(name, (None, None))
            range_ = "" if low is None else f"   {low:.3f} to {high:.3f}, 95 % of documents drawn anew"
            click.echo(f"{name:32}{value:>9.3f}{range_}")
    click.echo(f"{out}: {len(trained.content):,} bytes, SHA-256 {trained.model.sha256}")
    for what, path in write_beside(trained, out, date=f"{date:%Y-%m-%d}" if date else "") if page else ():
        click.echo(f"{path}: {what}")


def searched(
    documents: Sequence[LabelledDocument], taxonomy: Taxonomy, config: TrainingConfig, *, minutes: float, jobs: int
) -> TrainingConfig:
    """The configuration with the changes that a search found; what it tried is said."""
    from dataclasses import replace

    from govtext.training.search import Trial, search

    def told(changes: Mapping[str, Any]) -> str:
        return ", ".join(f"{key} = {value}" for key, value in changes.items()) or "the recipe as it stands"

    def line(trial: Trial) -> None:
        click.echo(f"{trial.documents:>9}{trial.f1:>7.3f}{trial.seconds:>9.0f}   {told(trial.changes)}")

    click.echo("documents     F1  seconds   (out of fold: these figures choose, and flatter)")
    found = search(documents, taxonomy, config=config, minutes=minutes, seed=config.seed, jobs=jobs, progress=line)
    if found.stopped:
        click.echo("the budget ran out; the best of the last whole round was taken")
    click.echo(f"chosen: {told(found.changes)}")
    for name, interval in (("with it", found.winner), ("as it stands", found.before)):
        click.echo(f"{name:14}{interval.value:.3f}   {interval.low:.3f} to {interval.high:.3f}")
    click.echo(f"difference    {found.gain.difference:+.3f}   p = {found.gain.p_value:.3f}")
    click.echo(f"(micro-F1 on {found.documents} documents that no choice had seen; recipe {found.recipe!r})")
    return replace(config, changes={**config.changes, **found.changes})
