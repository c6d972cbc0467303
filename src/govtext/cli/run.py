"""The run behind `classify`, `outline` and `clean`: read, label, write, and keep going past a bad file."""

from __future__ import annotations

import errno
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, TypeVar

import click

from govtext.cli import BAD_INPUT
from govtext.cli.console import Console, is_colourful, look_of_file, look_of_stdout
from govtext.cli.fencing import fence, reading_options
from govtext.cli.inputs import STDIN, Input, gather
from govtext.document import LabelledReport
from govtext.errors import GovtextError
from govtext.labelling import load as load  # taken from here by cli/batch.py, too: one place for both roads
from govtext.writing import Entry, Explain, Look, Replacement, Writer, one_line, to_utf8

T = TypeVar("T")


def check_encoding(ctx: click.Context, parameter: click.Parameter, name: str | None) -> str | None:
    """The name, if Python knows a text encoding by it."""
    try:
        if name is not None:
            "a".encode(name)  # base64 and the like are codecs, but not of text
    except (LookupError, UnicodeError) as error:
        raise click.BadParameter(f"{name!r} is no text encoding; try utf-8, gb18030, big5 or utf-16") from error
    return name


encoding_option = click.option(
    "--encoding",
    callback=check_encoding,
    metavar="NAME",
    help="Read the inputs in this encoding; found by itself by default.",
)
repetition_option = click.option(
    "--repetition",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Flag lines of the site and copied passages by this file of govtext repetition.",
)
model_option = click.option(
    "-m",
    "--model",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Label with this model; the bundled one by default.",
)
sha256_option = click.option(
    "--model-sha256",
    metavar="HEX",
    help="Label only if the model file has this SHA-256, as govtext train has printed it.",
)
inputs_argument = click.argument("inputs", nargs=-1, required=True, metavar="INPUT…")
OPTIONS: tuple[Callable[[Any], Any], ...] = (
    model_option,
    sha256_option,
    click.option(
        "-o",
        "--out",
        type=click.Path(path_type=Path),
        metavar="FILE",
        help="Write here, whole or not at all; to stdout by default.",
    ),
    encoding_option,
)


def report_options(command: Callable[..., None]) -> Callable[..., None]:
    """The command with what most verbs on reports share: INPUT… and `OPTIONS`."""
    return inputs_argument(labelling_options(command))


def labelling_options(command: Callable[..., None]) -> Callable[..., None]:
    """The command with --model, --model-sha256, --out, --encoding and how files are read."""
    command = reading_options(command)
    for option in reversed(OPTIONS):
        command = option(command)
    return command


class Run:
    """One call of a verb: the inputs it has found, the model it labels them with, what it marks in them.

    `entries()` reads and labels as it is asked; a report that cannot be read is one line on stderr, the others go on.
    """

    def __init__(
        self,
        inputs: tuple[str, ...],
        *,
        model: Path | None,
        model_sha256: str | None,
        out: Path | None,
        encoding: str | None,
        repetition: Path | None = None,
    ) -> None:
        self.out = None if out is None or str(out) == STDIN else out
        self.encoding = encoding
        self.console = Console(quiet=self.out is None and sys.stdout.isatty())
        self.inputs = gather(inputs, complain=self.console.complain)
        self.console.total = len(self.inputs)
        self.labelled = 0
        if not self.inputs:
            raise click.exceptions.Exit(BAD_INPUT)
        if self.out is not None:
            refuse_to_overwrite(self.inputs, self.out)
        self._marked = _marking(repetition)
        self.model = load(model, sha256=model_sha256)

    def entries(self) -> Iterator[Entry]:
        """The labelled reports, in the order of the inputs."""
        for item, report in each(self.inputs, self._labelled, console=self.console):
            self.labelled += 1
            yield Entry(item.id, item.file, self._marked(report))

    def _labelled(self, item: Input) -> LabelledReport:
        source, name = content_of(item)
        report = self.model.classify(source, name=name, encoding=self.encoding, fence=fence())
        for warning in report.source.warnings:
            self.console.say(f"govtext: {name}: {one_line(warning)}")
        return report

    def explained(self, entries: Iterable[Entry], explain: Explain) -> Iterator[Entry]:
        """The same entries; what `explain` says of each goes to stderr, and no verdict changes."""
        look = Look(colour=is_colourful(sys.stderr))
        for entry in entries:
            yield entry
            # After the entry has been written: on a terminal the reasons stand under its text.
            reasons = {start: why.in_words() for start, why in self.model.reasons(entry.report).items()}
            for line in explain(entry, look, reasons):
                self.console.say(line)

    def write(self, writer: Writer) -> None:
        """Write all reports to --out or stdout."""
        if self.out is None:
            write_to_stdout(writer(self.entries(), look_of_stdout()))
            return
        with Replacement(self.out) as file:
            for piece in writer(self.entries(), look_of_file()):
                file.write(piece)
            if not self.labelled:
                file.discard()

    def end(self) -> None:
        """Leave with the exit code that the run has earned."""
        if self.console.failures:
            raise click.exceptions.Exit(BAD_INPUT)


def _marking(repetition: Path | None) -> Callable[[LabelledReport], LabelledReport]:
    """What marks a report by a file of govtext repetition; without one it stays as it is."""
    if repetition is None:
        return lambda report: report
    from govtext.boilerplate.marks import load_repetition, marked  # 60 ms that other runs need not wait for

    model = load_repetition(repetition)
    return lambda report: marked(report, model)


def each(inputs: Iterable[Input], take: Callable[[Input], T], *, console: Console) -> Iterator[tuple[Input, T]]:
    """Each input with what `take` makes of it, as it is asked for; one that cannot be read is complained of and left out."""
    for number, item in enumerate(inputs, 1):
        console.progress(number, item.file)
        try:
            taken = take(item)
        except (GovtextError, OSError) as error:
            if isinstance(error, OSError) and error.filename != str(item.path):
                raise  # not the report's fault
            console.complain(item.id if item.path is None else item.file, error)
            continue
        yield item, taken
    console.clear()


def content_of(item: Input) -> tuple[Path | bytes, str]:
    """What to read of an input, a path or the bytes of stdin, and the name it goes by."""
    if item.path is not None:
        return item.path, item.file
    if sys.stdin.isatty():
        click.echo("govtext: reading from the terminal, Ctrl-D ends the text", err=True)
    return sys.stdin.buffer.read(), "stdin"


def refuse_to_overwrite(inputs: Iterable[Input], out: Path) -> None:
    """Nothing.

    Raises:
        GovtextError: `out` is one of the reports to read.
    """
    if not out.exists():
        return
    for item in inputs:
        if item.path is not None and item.path.exists() and out.samefile(item.path):
            raise GovtextError(f"{out}: would overwrite a report that is to be read; name another file")


def write_to_stdout(pieces: Iterable[str]) -> None:
    """Nothing; each piece leaves as it comes, so that a reader at the other end of a pipe need not wait."""
    stream = sys.stdout.buffer
    for piece in pieces:
        try:
            stream.write(to_utf8(piece))
            stream.flush()
        except OSError as error:
            if error.errno in {errno.EPIPE, errno.EINVAL}:  # Windows says EINVAL
                raise BrokenPipeError from error
            raise GovtextError(f"stdout: cannot be written ({error.strerror}); write to a file with -o") from error
