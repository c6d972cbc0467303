"""`govtext train`: labelled documents in, a model file out."""

from __future__ import annotations

from pathlib import Path

import click


@click.command(
    epilog="""
    \b
    Examples:
      govtext train corpus/ -o mine.safetensors
      govtext train a.tsv b.jsonl -o mine.safetensors --themes my-themes.toml
      govtext train corpus/ -o mine.safetensors --seed 7 --jobs 2

    CORPUS is .tsv files as corpus/CODEBOOK.md describes them, JSON lines, or folders of both.
    The config file is TOML: seed = 0, structure = "bundled" or "train".
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
def train(
    corpus: tuple[Path, ...], out: Path, themes: Path | None, config: Path | None, seed: int | None, jobs: int
) -> None:
    """Train a model on labelled documents and say what it learnt."""
    from dataclasses import replace

    from govtext.errors import BadModel
    from govtext.taxonomy import bundled_taxonomy, read_taxonomy
    from govtext.training.corpus import read_corpus
    from govtext.training.fit import TrainingConfig, read_config
    from govtext.training.fit import train as fit

    if not out.resolve().parent.is_dir():
        raise BadModel(f"{out}: its folder does not exist; make it first, or name another file")
    taxonomy = read_taxonomy(themes) if themes else bundled_taxonomy()
    chosen = read_config(config) if config else TrainingConfig()
    if seed is not None:
        chosen = replace(chosen, seed=seed)
    documents = read_corpus(corpus, taxonomy)
    click.echo(f"training on {len(documents)} documents, {len(taxonomy.themes)} themes …", err=True)
    trained = fit(documents, taxonomy, config=chosen, sources=[path.name for path in corpus], jobs=jobs)
    trained.save(out)
    click.echo(f"{'theme':32}{'support':>9}{'precision':>11}{'recall':>8}{'F1':>7}   (held-out documents, 5 folds)")
    for row in trained.themes:
        click.echo(f"{row.code:32}{row.support:>9}{row.precision:>11.3f}{row.recall:>8.3f}{row.f1:>7.3f}   {row.name}")
    for name, value in trained.figures.items():
        click.echo(f"{name:32}{value:>9.3f}")
    click.echo(f"{out}: {len(trained.content):,} bytes, SHA-256 {trained.model.sha256}")
