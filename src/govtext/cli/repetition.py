"""`govtext repetition`: many reports in, a file of what recurs in them out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

import click

from govtext.boilerplate.marks import kind_of, load_repetition
from govtext.boilerplate.masking import masked
from govtext.boilerplate.repetition import RepetitionModel
from govtext.cli import BAD_INPUT
from govtext.cli.console import Console, look_of_stdout
from govtext.cli.fencing import fence, reading_options
from govtext.cli.inputs import STDIN, Input, gather
from govtext.cli.run import content_of, each, encoding_option, refuse_to_overwrite, write_to_stdout
from govtext.document import RecurringLine, Source
from govtext.errors import BadConfig, BadModel
from govtext.reading.sources import read
from govtext.writing import Look, one_line
from govtext.writing.display import JUNK_SIGN, counted, style
from govtext.writing.jsonl import rounded, to_line
from govtext.writing.width import cut, padded

Found = list[tuple[str, RecurringLine]]
# Heading of a column → its width; the reason has what is left.
COLUMNS: Mapping[str, int] = MappingProxyType({"others": 7, "verdict": 9, "line": 36, "why": 0})


@click.command(
    epilog="""
    \b
    Examples:
      govtext repetition pages/ -o site.repetition
      govtext repetition new/ --add site.repetition -o site.repetition       go on with more reports
      govtext repetition --add a.repetition --add b.repetition -o both.repetition
      govtext clean pages/ --repetition site.repetition -o reports/

    INPUT is a file, a folder (with all folders in it) or - for stdin. Name folders as you will for classify and clean:
    passages are said to be copied from the files so named. FILE holds hashes, no text, and at most 128 MB of them;
    beyond that it is a sample of the reports, the same in whatever order they come.

    The table shows lines that stand in at least three other reports: those of the site (×), which --repetition takes
    for boilerplate, and those that stay, with the reason; `others` counts the other reports. Only lines of INPUT
    can be shown. If a report cannot be read, the others are still learnt, and the exit code is 2.
    """
)
@click.argument("inputs", nargs=-1, metavar="[INPUT…]")
@click.option(
    "-o",
    "--out",
    required=True,
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Write what was learnt here, whole or not at all.",
)
@click.option(
    "--add",
    multiple=True,
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Go on from this file; several are put together.",
)
@encoding_option
@reading_options
@click.option(
    "--top",
    type=click.IntRange(0),
    default=10,
    show_default=True,
    help="Show so many lines of the site, and so many that stay.",
)
@click.option("--json", "as_json", is_flag=True, help="Say it in one JSON object.")
def repetition(
    inputs: tuple[str, ...], out: Path, add: tuple[Path, ...], encoding: str | None, top: int, as_json: bool
) -> None:
    """Learn which lines and passages recur over many reports, and show the lines."""
    if not inputs and not add:
        raise click.UsageError("name reports to learn from (INPUT…), or files to put together (--add)")
    check_target(out)
    console = Console()
    items = gather(inputs, complain=console.complain)
    refuse_to_overwrite(items, out)
    console.total = len(items)
    learnt = put_together(add)
    reports = Reports(items, encoding=encoding, console=console)
    learnt.partial_fit(reports.first_time())
    if inputs and not reports.good:
        raise click.exceptions.Exit(BAD_INPUT)
    sha256 = learnt.save(out)
    found = recurring_lines(learnt, reports.again())
    site = [row for row in found if row[1].is_furniture]
    stay = [row for row in found if not row[1].is_furniture]
    shown = [*site[:top], *stay[:top]]
    if as_json:
        said = {"file": out.as_posix(), "sha256": sha256, "reports": learnt.n_reports, "whole": learnt.is_whole}
        counts = {"lines_of_the_site": len(site), "lines_that_stay": len(stay)}
        write_to_stdout([to_line({**said, **counts, "lines": [line_object(*row) for row in shown]}) + "\n"])
    else:
        size = counted(learnt.n_reports, "report") or "no report"
        size += "" if learnt.is_whole else " (a sample: the file is full)"
        kinds = f"; recurring lines: {len(site):,} of the site, {len(stay):,} of the reports" if inputs else ""
        more = counted(len(found) - len(shown), "more line")
        rest = [f"{more}; --top {max(len(site), len(stay))} shows all"] if more else []
        lines = [*table(shown, look_of_stdout()), *rest, f"{out}: {size}{kinds}; SHA-256 {sha256}"]
        write_to_stdout(f"{line}\n" for line in lines)
    if console.failures:
        raise click.exceptions.Exit(BAD_INPUT)


class Reports:
    """The reports behind the inputs, read one at a time, and once more those in `good`; stdin is kept."""

    def __init__(self, items: list[Input], *, encoding: str | None, console: Console) -> None:
        self.items = items
        self.good: list[Input] = []
        self._encoding = encoding
        self._console = console
        self._stdin: Source | None = None

    def first_time(self) -> Iterator[Source]:
        """Each report that can be read."""
        for item, source in each(self.items, self._read, console=self._console):
            self.good.append(item)
            yield source

    def again(self) -> Iterator[Source]:
        """The same reports."""
        for _, source in each(self.good, self._read, console=self._console):
            yield source

    def _read(self, item: Input) -> Source:
        if item.path is None and self._stdin is not None:
            return self._stdin
        content, name = content_of(item)
        source = read(content, name=name, encoding=self._encoding, fence=fence())
        if item.path is None:
            self._stdin = source
        return source


def check_target(out: Path) -> None:
    """Nothing; before an hour of reading, not after it.

    Raises:
        BadModel: the file could not be written.
    """
    if str(out) == STDIN:
        raise BadModel("-: what is learnt is no text for stdout; name a file to write to")
    if out.exists() and not out.is_file():
        raise BadModel(f"{out}: is {'a folder' if out.is_dir() else 'no regular file'}; name a file to write to")
    if not out.resolve().parent.is_dir():
        raise BadModel(f"{out}: its folder does not exist; make it first, or name another file")


def put_together(files: Iterable[Path]) -> RepetitionModel:
    """The model of all reports in the files; an empty one of none.

    Raises:
        BadModel: a file is missing, damaged, no repetition model, or of another size than the first.
    """
    whole: RepetitionModel | None = None
    for path in files:
        model = load_repetition(path)
        try:
            whole = model if whole is None else whole.merge(model)
        except BadConfig as error:
            raise BadModel(f"{path}: does not go with the files before it: {error}") from error
    return whole or RepetitionModel()


def recurring_lines(model: RepetitionModel, reports: Iterable[Source]) -> Found:
    """The recurring lines of the reports with their text, those of the site first, then by the number of reports.

    Lines that differ in figures, dates or places are one; the one that says most is shown, whatever the order of reports.
    """
    forms: dict[str, str] = {}
    best: dict[str, tuple[str, RecurringLine]] = {}
    for report in reports:
        for line in model.recurring(report):
            text = report.text[line.start : line.end].strip()
            form = forms.get(text) or forms.setdefault(text, masked(text))
            if form not in best or rank(text, line) < rank(*best[form]):
                best[form] = text, line
    return sorted(best.values(), key=lambda row: rank(*row))


def rank(text: str, line: RecurringLine) -> tuple[bool, int, float, str]:
    """What the lines are sorted by."""
    return not line.is_furniture, -line.n_reports, -line.beside, text


def table(found: Found, look: Look) -> Iterator[str]:
    """The lines in columns: in how many other reports, what is done with them, the line, why."""
    if not found:
        return
    others, verdict, line, _ = COLUMNS.values()
    used = sum(COLUMNS.values()) + 2 * (len(COLUMNS) - 1)
    yield "  ".join(padded(name, width) for name, width in COLUMNS.items())
    for text, seen in found:
        sign = f"{JUNK_SIGN} {kind_of(text)}" if seen.is_furniture else "stays"
        why = cut(one_line(reason(seen)), max(look.width - used, len("numbered as a heading")))
        excerpt = padded(cut(one_line(text), line), line)
        row = f"{seen.n_reports:>{others},}  {padded(sign, verdict)}  {excerpt}  {why}"
        yield style(row, "dim", look) if seen.is_furniture else row


def reason(line: RecurringLine) -> str:
    """Why a line is the site's or stays, without the count that stands in front."""
    return line.reason.partition(", ")[2]


def line_object(text: str, line: RecurringLine) -> dict[str, Any]:
    """The plain dict of a recurring line; shares as in `RecurringLine`, rounded."""
    said = {"line": text, "other_reports": line.n_reports, "forms": line.n_forms}
    shares = rounded({"beside": line.beside, "outside": line.outside})
    verdict = {"boilerplate": kind_of(text) if line.is_furniture else None, "reason": reason(line)}
    return {**said, **shares, **verdict}
