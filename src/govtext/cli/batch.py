"""`govtext classify` over many reports: worker processes, and a file that a stopped run goes on with."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

import click

from govtext.batch import MEMORY, TIMEOUT
from govtext.cli import BAD_INPUT, INTERRUPTED
from govtext.cli import run as runs
from govtext.cli.console import Console
from govtext.cli.inputs import STDIN
from govtext.errors import GovtextError

# The rooms of a batch are imported where one begins: a single report must not wait for worker processes.


def needs_input(ctx: click.Context, parameter: click.Parameter, inputs: tuple[str, ...]) -> tuple[str, ...]:
    """The inputs; without --list there must be some."""
    if not inputs and not ctx.params.get("list_file"):
        raise click.MissingParameter(ctx=ctx, param=parameter)
    return inputs


OPTIONS: tuple[Callable[[Any], Any], ...] = (
    click.argument("inputs", nargs=-1, callback=needs_input, metavar="INPUT…"),
    click.option(
        "--jobs",
        type=click.IntRange(1),
        metavar="N",
        help="Processes to label with; 1 by default. The output is the same.",
    ),
    click.option("--resume", is_flag=True, help="Go on with a run that was stopped or killed."),
    click.option(
        "--timeout",
        type=click.FloatRange(0, min_open=True),
        metavar="SECONDS",
        help=f"Give a report up that takes longer; {TIMEOUT:g} by default.",
    ),
    click.option(
        "--memory",
        type=click.IntRange(0),
        metavar="MB",
        help=f"Address space of a process (Linux), 0 for no limit; {MEMORY} by default. A report that needs more fails.",
    ),
    click.option(
        "--list",
        "list_file",
        is_eager=True,  # INPUT asks whether it is there
        metavar="FILE",
        help="Read the names of further inputs from this file, one a line; - is stdin.",
    ),
)


def batch_options(command: Callable[..., None]) -> Callable[..., None]:
    """The command with INPUT… and what only many reports need."""
    for option in reversed(OPTIONS):
        command = option(command)
    return command


@dataclass(frozen=True, slots=True)
class Batch:
    """One call of `classify` as its options have it; `is_wanted` says whether it is a batch, `run` runs it."""

    inputs: tuple[str, ...]
    out: Path | None
    form: str | None
    jobs: int | None
    resume: bool
    timeout: float | None
    memory: int | None
    list_file: str | None

    def is_wanted(self) -> bool:
        """Whether this is for worker processes: more than one report into a file, or anything asked that needs them.

        Raises:
            GovtextError: such a thing is asked, and the output is no file that a run can go on with.
        """
        asked = self._asked()
        if not self._fits():
            if asked:
                raise GovtextError(f"{asked}: the output must be a file; name a .jsonl, .csv or .parquet with -o")
            return False
        asked = asked or ("Parquet" if self._is_parquet() else "")
        if STDIN in self.inputs:
            if asked:
                raise GovtextError(f"-: {asked} needs inputs that can be read again; save the text to a file")
            return False
        from govtext.batch.inputs import are_many

        return bool(asked) or are_many(self.inputs)

    def run(
        self, *, model: Path | None, model_sha256: str | None, encoding: str | None, repetition: Path | None
    ) -> None:
        """Label all reports, and leave with the exit code that the run has earned."""
        from govtext.batch.run import Interrupted, Progress, classify_files

        if self.out is None:
            raise ValueError("a batch needs a file to write to; ask is_wanted first")
        console = Console()
        began = time.monotonic()

        def show(progress: Progress) -> None:
            console.total = progress.total
            if (failure := progress.failure) is not None:
                console.complain(failure.file, GovtextError(failure.reason))
            console.pace(progress.done, resumed=progress.resumed, seconds=time.monotonic() - began)

        try:
            result = classify_files(
                chain(self.inputs, listed(self.list_file) if self.list_file else ()),
                self.out,
                model=runs.load(model, sha256=model_sha256),
                jobs=self.jobs or 1,
                resume=self.resume,
                timeout=self.timeout or TIMEOUT,
                memory=MEMORY if self.memory is None else self.memory or None,
                encoding=encoding,
                repetition=repetition,
                progress=show,
            )
        except Interrupted as stop:
            hint = "go on with --resume" if stop.done else "nothing is kept of so few"
            console.say(f"govtext: stopped after {stop.done:,} of {stop.total:,} reports; {hint}")
            raise click.exceptions.Exit(INTERRUPTED) from stop
        console.clear()
        if result.was_done:
            console.say(f"govtext: {self.out}: was finished before, nothing to do; without --resume it is made anew")
        if result.failed:
            console.say(f"govtext: {result.failed:,} failed; {self.out}.failed.jsonl says which and why")
            raise click.exceptions.Exit(BAD_INPUT)

    def _fits(self) -> bool:
        """Whether the output is a plain file of a form that a run can go on with."""
        if self.out is None or (self.out.exists() and not self.out.is_file()):
            return False
        from govtext.batch.sinks import SINKS

        suffix = self.out.suffix.lower().removeprefix(".")
        return suffix in SINKS and self.form in (None, suffix)

    def _is_parquet(self) -> bool:
        return self.out is not None and self.out.suffix.lower() == ".parquet"

    def _asked(self) -> str:
        """What of the call only a batch can do, by its name."""
        from govtext.batch.inputs import is_records

        given = {
            "--list": self.list_file is not None,
            "--resume": self.resume,
            "--jobs": self.jobs is not None,
            "--timeout": self.timeout is not None,
            "--memory": self.memory is not None,
        }
        records = (name for name in self.inputs if name != STDIN and is_records(name))
        return next(chain((name for name, is_given in given.items() if is_given), records), "")


def listed(file: str) -> Iterator[str]:
    """The names in a list, one a line, as they are asked for.

    Raises:
        GovtextError: the list cannot be read.
    """
    try:
        with sys.stdin.buffer if file == STDIN else open(file, "rb") as lines:
            for line in lines:
                if name := os.fsdecode(line.rstrip(b"\r\n")):
                    yield name
    except OSError as error:
        raise GovtextError(f"{file}: cannot be read ({error.strerror}); --list wants one name a line") from error
