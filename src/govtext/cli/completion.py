"""`govtext completion`: the script that lets a shell complete verbs, options and file names."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from types import MappingProxyType

import click
from click.shell_completion import get_completion_class

from govtext.cli.console import is_terminal
from govtext.cli.write import put

PROGRAM = "govtext"
VARIABLE = "_GOVTEXT_COMPLETE"  # by which the script asks the program
# Shell → where its script goes, as `completion` says on a terminal.
PLACES: Mapping[str, str] = MappingProxyType(
    {
        "bash": "~/.local/share/bash-completion/completions/govtext",
        "zsh": "a file _govtext in a folder of $fpath",
        "fish": "~/.config/fish/completions/govtext.fish",
    }
)


@click.command(
    epilog="""
    \b
    Examples:
      govtext completion bash > ~/.local/share/bash-completion/completions/govtext
      govtext completion zsh > ~/.zfunc/_govtext
      govtext completion fish > ~/.config/fish/completions/govtext.fish
      eval "$(govtext completion bash)"              for this shell alone

    For zsh, ~/.zfunc must be in $fpath before compinit runs: fpath+=~/.zfunc
    """
)
@click.argument("shell", type=click.Choice(list(PLACES)), metavar="SHELL")
def completion(shell: str) -> None:
    """Print the completion script for bash, zsh or fish."""
    from govtext.cli import main

    found = get_completion_class(shell)
    if found is None:
        raise click.UsageError(f"this click completes nothing in {shell}; update it: pip install --upgrade click")
    script = found(main, {}, PROGRAM, VARIABLE)
    # As `source` without its look at the version of the bash on this machine, which may not be the one that reads it.
    put(None, [script.source_template % script.source_vars() + "\n"])
    if is_terminal(sys.stdout):
        click.echo(f'put it into {PLACES[shell]}; or try it now: eval "$(govtext completion {shell})"', err=True)
