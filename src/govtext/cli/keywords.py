"""`govtext keywords`: keywords of themes and unlabelled reports in, a table of what they reach and a model out."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from govtext.cli import BAD_INPUT
from govtext.cli.console import Console, look_of_stdout
from govtext.cli.inputs import STDIN, gather
from govtext.cli.run import content_of, each, encoding_option, refuse_to_overwrite, write_to_stdout

if TYPE_CHECKING:
    from govtext.training.coverage import Coverage
    from govtext.training.fit import Trained

FEWEST_HITS = 5  # a keyword with fewer is not called doubtful
DOUBTFUL = 0.5


@click.command(
    epilog="""
    \b
    Examples:
      govtext keywords themes.toml reports/                          the table alone
      govtext keywords themes.toml reports/ -o mine.safetensors
      govtext keywords bundled reports/ --json                       the keywords of the twelve themes

    THEMES is a themes file (TOML), `bundled` the file of the bundled model. Each [[theme]] has code and name, and
    include = ["专利", "商标"] words that speak for it, near = [["企业", "困难"], ["高校", "对接", 20]] pairs in one
    sentence or at most so many characters apart, exclude = ["院士工作站"] words that cover keywords inside them, and if
    they hold none keep the theme off their paragraph. TEXTS are reports, folders of them, or - for stdin.

    Keywords are found in raw characters, the longest one wins; a hit in the text counts one, and so does one in the innermost
    heading that has any. A theme with less than a third of the hits of the best one is left out. With -o, a model of what
    stands around the keywords overrules votes, and a model is trained on what comes out.
    """
)
@click.argument("themes", type=click.Path(path_type=Path), metavar="THEMES")
@click.argument("texts", nargs=-1, required=True, metavar="TEXTS…")
@click.option("-o", "--out", type=click.Path(path_type=Path), metavar="MODEL", help="Train, and write the model here.")
@click.option("--dry-run", is_flag=True, help="Show the table alone, even with -o.")
@encoding_option
@click.option(
    "--top",
    type=click.IntRange(0),
    default=5,
    show_default=True,
    help="Show so many pairs, words and silent paragraphs.",
)
@click.option(
    "--seed", type=click.IntRange(0, 2**31 - 1), default=0, show_default=True, help="Seed of all that is random."
)
@click.option("--jobs", type=click.IntRange(1), default=1, show_default=True, help="Processes to train with.")
@click.option("--json", "as_json", is_flag=True, help="Say it in one JSON object.")
def keywords(
    themes: Path,
    texts: tuple[str, ...],
    *,
    out: Path | None,
    dry_run: bool,
    encoding: str | None,
    top: int,
    seed: int,
    jobs: int,
    as_json: bool,
) -> None:
    """Show what keywords of themes reach in reports, and train a model from them."""
    from govtext.cli.beside import check_beside, write_beside
    from govtext.errors import BadModel
    from govtext.labelling import load
    from govtext.taxonomy import bundled_taxonomy, read_taxonomy
    from govtext.training.coverage import coverage
    from govtext.training.fit import TrainingConfig
    from govtext.training.keywords import Keywords
    from govtext.training.weak import Pool, check_pool, train_from_keywords, unlabelled

    if out is not None and (str(out) == STDIN or not out.resolve().parent.is_dir()):
        raise BadModel(f"{out}: no file in a folder that exists; make the folder first, or name another file")
    taxonomy = bundled_taxonomy() if str(themes) == "bundled" else read_taxonomy(themes)
    found = Keywords.of(taxonomy)
    console = Console()
    items = gather(texts, complain=console.complain)
    if out is not None:
        refuse_to_overwrite(items, out)
        check_beside(out)
    console.total = len(items)
    model = load()
    documents = []
    for item, report in each(
        items, lambda item: model.classify(content_of(item)[0], name=item.file, encoding=encoding), console=console
    ):
        documents.append(unlabelled(report, item.id))
    if not documents:
        raise click.exceptions.Exit(BAD_INPUT)
    pool = Pool.of(documents, found)
    trained = labels = None
    if out is not None and not dry_run:
        check_pool(pool)
        click.echo(f"training on {len(pool.documents)} texts, {len(taxonomy.themes)} themes …", err=True)
        labels = pool.labels()
        config = TrainingConfig(seed=seed)
        trained = train_from_keywords(pool, labels=labels, config=config, sources=[themes.name], jobs=jobs)
        trained.save(out)
        for what, path in write_beside(trained, out):
            click.echo(f"{path}: {what}", err=True)
    table = coverage(pool, labels=labels, n_silent=top)
    if as_json:
        from govtext.writing.jsonl import to_line

        write_to_stdout([to_line(as_object(table, trained, out)) + "\n"])
    else:
        write_to_stdout(f"{line}\n" for line in lines(table, trained, out, top=top))
    if console.failures:
        raise click.exceptions.Exit(BAD_INPUT)


def lines(table: Coverage, trained: Trained | None, out: Path | None, *, top: int) -> Iterator[str]:
    """The table to read."""
    yield f"{'theme':28}{'voted':>8}{'share':>8}{'alone':>8}{'heading':>9}{'conflict':>10}{'unused':>8}   (body paragraphs)"
    for row in table.themes:
        yield (
            f"{row.code:28}{row.voted:>8,}{row.share:>8.1%}{row.alone:>8,}{row.above:>9,}{row.conflict:>10,}"
            f"{len(row.unused):>8}   {row.name}"
        )
    silent = table.silent / max(table.paragraphs, 1)
    yield (
        f"{table.documents:,} texts, {table.paragraphs:,} paragraphs: {table.silent:,} without a hit "
        f"({silent:.1%}), {table.crowded:,} with hits of more themes than they may carry"
    )
    yield from section(
        "together", [f"{p.together:>6,} {p.share:>6.0%}  {p.first} + {p.second}" for p in table.overlaps[:top]]
    )
    unused = [
        f"{row.code}: {' '.join(row.unused[:top])}{' …' * (len(row.unused) > top)}"
        for row in table.themes
        if row.unused
    ]
    yield from section("never hit", unused)
    yield from section("no keyword", excerpts(table))
    if trained is not None:
        yield from learnt(table, trained, out, top=top)
    for row in table.themes:
        if not row.voted:
            yield f"no paragraph for {row.code}: add words that the texts use, or take the theme out"


def section(name: str, rows: list[str]) -> Iterator[str]:
    """The rows under a name; nothing if there are none."""
    if rows:
        yield f"{name}:"
        yield from (f"  {row}" for row in rows)


def excerpts(table: Coverage) -> list[str]:
    """The silent paragraphs of the sample, each on a line."""
    from govtext.writing import one_line
    from govtext.writing.width import cut

    width = max(look_of_stdout().width - 2, 20)
    return [cut(f"{one_line(row.document)}: {one_line(row.text)}", width) for row in table.silent_sample]


def learnt(table: Coverage, trained: Trained, out: Path | None, *, top: int) -> Iterator[str]:
    """Which keywords the model doubts, and what it reached."""
    known = [use for use in table.keywords if use.trust is not None and use.passages >= FEWEST_HITS]
    doubtful = sorted((use.trust or 0.0, use.theme, use.word, use.passages) for use in known)
    rows = [f"{trust:>6.2f} {n:>6,}  {theme}: {word}" for trust, theme, word, n in doubtful[:top] if trust < DOUBTFUL]
    yield from section("least trusted (trust, hits)", rows)
    yield f"{'theme':28}{'support':>8}{'precision':>11}{'recall':>8}{'F1':>7}   (held out, against labels made from keywords)"
    for row in trained.themes:
        yield f"{row.code:28}{row.support:>8,}{row.precision:>11.3f}{row.recall:>8.3f}{row.f1:>7.3f}   {row.name}"
    yield f"{out}: {len(trained.content):,} bytes, SHA-256 {trained.model.sha256}"


def as_object(table: Coverage, trained: Trained | None, out: Path | None) -> dict[str, Any]:
    """The plain dict of the table, and of the model if there is one."""
    from dataclasses import asdict

    said = asdict(table)
    for name in ("themes", "overlaps", "keywords"):
        said[name] = [_rounded(row) for row in said[name]]
    if trained is not None:
        rows = [asdict(row) for row in trained.themes]
        said["model"] = {
            "file": None if out is None else out.as_posix(),
            "sha256": trained.model.sha256,
            "against": "labels made from keywords",
            "themes": rows,
        }
    return said


def _rounded(row: dict[str, Any]) -> dict[str, Any]:
    from govtext.writing.jsonl import DECIMALS

    return {key: round(value, DECIMALS) if isinstance(value, float) else value for key, value in row.items()}
