"""The command line `govtext`: one file a verb, each loaded only when it is called."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from importlib import import_module
from types import MappingProxyType
from typing import Any, NamedTuple

import click

from govtext.errors import GovtextError

BAD_INPUT = 2
INTERRUPTED = 130  # 128 + SIGINT, as shells report it
PIPE_CLOSED = 141  # 128 + SIGPIPE, likewise


class Verb(NamedTuple):
    """Where a verb's command is (`module:name`), and what `govtext --help` says of it."""

    target: str
    summary: str


VERBS: Mapping[str, Verb] = MappingProxyType(
    {
        "classify": Verb("govtext.cli.classify:classify", "Label reports: outline, themes, roles, junk."),
        "outline": Verb("govtext.cli.outline:outline", "Show the headings of reports with their themes."),
        "explain": Verb("govtext.cli.explain:explain", "Say which words spoke for and against each theme."),
        "clean": Verb("govtext.cli.clean:clean", "Write reports without their junk."),
        "repetition": Verb("govtext.cli.repetition:repetition", "Learn what recurs over many reports of a site."),
        "keywords": Verb("govtext.cli.keywords:keywords", "From keywords of themes to a model, with a table."),
        "train": Verb("govtext.cli.train:train", "Train a model on labelled reports."),
        "suggest": Verb("govtext.cli.suggest:suggest", "Say which paragraphs to label next."),
        "audit": Verb("govtext.cli.audit:audit", "Show labels that a model doubts."),
        "curve": Verb("govtext.cli.curve:curve", "Show what more labels would bring."),
        "export": Verb("govtext.cli.export:export", "Write labels for Label Studio or doccano."),
        "model": Verb("govtext.cli.model:model", "Show what a model file holds, or check it."),
        "import": Verb("govtext.cli.import_:import_", "Read labels from Label Studio or doccano."),
        "plot": Verb("govtext.cli.plot:plot", "Draw reports: over their length, by year, issuer, role."),
        "doctor": Verb("govtext.cli.doctor:doctor", "Show versions, model, extras, and what is wrong."),
        "completion": Verb("govtext.cli.completion:completion", "Print the completion script of a shell."),
    }
)


class Verbs(click.Group):
    """A group that imports a verb when it is called: `classify` never loads scikit-learn, `--help` loads nothing."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The verbs in the order of `VERBS`."""
        return list(VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The verb's command, imported now; None if there is no such verb."""
        if cmd_name not in VERBS:
            return None
        module, name = VERBS[cmd_name].target.split(":")
        command = getattr(import_module(module), name)
        if not isinstance(command, click.Command):
            raise TypeError(f"{VERBS[cmd_name].target} is no click command")
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list of verbs, from the table."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, verb.summary) for name, verb in VERBS.items()])

    def invoke(self, ctx: click.Context) -> Any:
        """What the verb gives back; errors end as one line on stderr and an exit code."""
        try:
            return super().invoke(ctx)
        except GovtextError as error:
            from govtext.writing.target import one_line  # a name in the message must not drive the terminal

            click.echo(f"govtext: {one_line(str(error))}", err=True)
            ctx.exit(BAD_INPUT)
        except BrokenPipeError:
            # Python flushes stdout once more on its way out, and would complain that nobody reads.
            with open(os.devnull, "wb") as nowhere:
                try_to_point_stdout_at(nowhere.fileno())
            ctx.exit(PIPE_CLOSED)
        except KeyboardInterrupt:
            ctx.exit(INTERRUPTED)


def try_to_point_stdout_at(descriptor: int) -> None:
    """Nothing; stdout goes to the descriptor if stdout is a real file."""
    try:
        os.dup2(descriptor, sys.stdout.fileno())
    except (OSError, ValueError):
        return


def show_version(ctx: click.Context, parameter: click.Parameter, wanted: bool) -> None:
    """Nothing; prints the installed version and ends, if wanted."""
    if not wanted or ctx.resilient_parsing:
        return
    from importlib.metadata import PackageNotFoundError, version  # 50 ms that labelling need not wait for

    try:
        click.echo(f"govtext {version('govtext')}")
    except PackageNotFoundError:
        click.echo("govtext (not installed)")
    ctx.exit()


@click.group(
    cls=Verbs,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="""
    \b
    Examples:
      govtext classify report.txt
      govtext classify reports/ -o labels.jsonl
      govtext repetition pages/ -o site.repetition
      govtext train corpus/ -o my-model.safetensors

    Exit codes: 0 all well, 2 bad usage or an input that could not be read, 130 interrupted.
    """,
)
@click.option(
    "--version",
    is_flag=True,
    expose_value=False,
    is_eager=True,
    callback=show_version,
    help="Show the version and exit.",
)
def main() -> None:
    """Outline, themes, roles and junk of Chinese government work reports."""
