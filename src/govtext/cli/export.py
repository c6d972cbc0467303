"""`govtext export`: labelled documents, or reports with the model's labels, for a labelling tool."""

from __future__ import annotations

from pathlib import Path

import click

from govtext.cli.inputs import STDIN
from govtext.cli.run import Run, model_option, sha256_option
from govtext.cli.write import put, refuse_bad_target, refuse_to_replace, with_config

FORMATS = ("labelstudio", "doccano", "doccano-paragraphs")


@click.command(
    epilog="""
    \b
    Examples:
      govtext export corpus/ -o tasks.json
      govtext export reports/ --predict -o tasks.json          the model's labels, to be put right
      govtext export corpus/ -f doccano -o spans.jsonl
      govtext export corpus/ -f doccano-paragraphs -o paragraphs.jsonl

    CORPUS is labelled documents as for govtext train; with --predict it is reports, labelled by the model first.
    labelstudio: a JSON array of tasks to import, and the labelling interface in a file beside it (.config.xml).
    doccano: a sequence labelling project, which must allow overlapping spans. doccano-paragraphs: a text classification
    project with body paragraphs alone. `govtext import` reads all of them back, every label as it was.
    """
)
@click.argument("corpus", nargs=-1, required=True, metavar="CORPUS…")
@click.option("-f", "--format", "form", type=click.Choice(FORMATS), default="labelstudio", show_default=True)
@click.option("-o", "--out", type=click.Path(path_type=Path), metavar="FILE", help="Write here; to stdout by default.")
@click.option("--themes", type=click.Path(path_type=Path), metavar="FILE", help="The themes (TOML) of the corpus.")
@click.option("--predict", is_flag=True, help="CORPUS is reports: label them, and export that as predictions.")
@model_option
@sha256_option
def export(
    corpus: tuple[str, ...],
    *,
    form: str,
    out: Path | None,
    themes: Path | None,
    predict: bool,
    model: Path | None,
    model_sha256: str | None,
) -> None:
    """Write labels for Label Studio or doccano, none lost."""
    from govtext.taxonomy import bundled_taxonomy, read_taxonomy
    from govtext.training.corpus import read_corpus
    from govtext.training.exchange import doccano, labelstudio
    from govtext.writing.labelstudio import array, label_studio

    out = None if out is None or str(out) == STDIN else out
    if predict:
        if form != "labelstudio":
            raise click.UsageError("--predict is for labelstudio: doccano cannot tell a prediction from a label")
        if themes is not None:
            raise click.UsageError("--themes with --predict: a model brings its themes, choose it with -m")
        run = Run(corpus, model=model, model_sha256=model_sha256, out=out, encoding=None)
        run.write(label_studio)
        with_config(out, run.model.taxonomy)
        run.end()
        return
    if model is not None or model_sha256 is not None:
        raise click.UsageError("-m or --model-sha256 without --predict: a labelled corpus needs no model")
    paths = [Path(path) for path in corpus]
    refuse_bad_target(out)
    refuse_to_replace(out, paths)
    taxonomy = read_taxonomy(themes) if themes else bundled_taxonomy()
    documents = read_corpus(paths, taxonomy)
    if form == "labelstudio":
        put(out, array(labelstudio.tasks(documents)))
        with_config(out, taxonomy)
    elif form == "doccano":
        put(out, doccano.span_lines(documents))
    else:
        alone = [paragraph for document in documents for paragraph in doccano.paragraphs(document)]
        put(out, doccano.class_lines(alone))
        left = sum(len(d.units) for d in documents) - len(alone)
        if left:
            click.echo(
                f"{left:,} headings, titles and other lines left out: this form holds paragraphs alone", err=True
            )
