"""`govtext explain`: the words for and against each theme of a paragraph."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from pathlib import Path

import click

from govtext.cli.run import Run, report_options
from govtext.errors import GovtextError
from govtext.writing import Entry
from govtext.writing.reasons import Wanted, reasons_lines, reasons_page


@click.command(
    epilog="""
    \b
    Examples:
      govtext explain report.txt                                 each paragraph with themes
      govtext explain report.txt --paragraph 9                   all themes of one paragraph
      govtext explain report.txt --theme talent                  where one theme stands, or nearly
      govtext explain report.txt --paragraph 9 --theme 人才      why this one there, or why not
      govtext explain reports/ --json -o reasons.jsonl           every character's share

    INPUT is a file, a folder (with all folders in it) or - for stdin.

    A score has two stages. The first adds up words: of the paragraph (for, against), of the headings above and
    the title (headings). The second looks at that score beside those of other themes, of the sentences and of the passages
    around (inputs, which add up to the score). All in logits: above 0 for the theme, below 0 against it.

    Paragraphs count from 0, as in report.paragraphs and in the outline of JSON lines; each is printed with its number.
    Explaining changes no label.
    """
)
@report_options
@click.option(
    "--paragraph", type=click.IntRange(min=0), metavar="N", help="Explain all themes of this paragraph, from 0."
)
@click.option("--theme", metavar="CODE", help="Explain this theme alone; its code or its name.")
@click.option(
    "--json", "as_json", is_flag=True, help="Write one JSON object a report, with the shares of all characters."
)
def explain(
    inputs: tuple[str, ...],
    model: Path | None,
    model_sha256: str | None,
    out: Path | None,
    encoding: str | None,
    paragraph: int | None,
    theme: str | None,
    as_json: bool,
) -> None:
    """Say which words spoke for and against each theme."""
    run = Run(inputs, model=model, model_sha256=model_sha256, out=out, encoding=encoding)
    code = None if theme is None else code_of(theme, run.model.taxonomy.names)
    wanted = Wanted(paragraph, code)
    writer = partial(reasons_lines if as_json else reasons_page, wanted=wanted)
    run.write(lambda entries, look: writer(_with_paragraph(run, entries, paragraph), look))
    run.end()


def code_of(theme: str, names: Mapping[str, str]) -> str:
    """The code of a theme that is named by code or name.

    Raises:
        GovtextError: there is no such theme.
    """
    for code, name in names.items():
        if theme in (code, name):
            return code
    known = ", ".join(f"{code} ({name})" for code, name in names.items())
    raise GovtextError(f"--theme {theme!r}: no such theme; the model has {known}")


def _with_paragraph(run: Run, entries: Iterable[Entry], paragraph: int | None) -> Iterator[Entry]:
    """The reports that have such a paragraph; the others are complained of."""
    for entry in entries:
        n = len(entry.report.paragraphs)
        if paragraph is not None and paragraph >= n:
            wrong = GovtextError(f"no paragraph {paragraph}; it has {n}, counted from 0")
            run.console.complain(entry.file, wrong)
            continue
        yield entry
