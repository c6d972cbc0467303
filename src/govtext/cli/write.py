"""Where the verbs on corpora write: a file that is the old one or the new one whole, or stdout."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from govtext.cli.run import write_to_stdout
from govtext.errors import GovtextError
from govtext.writing import Replacement

if TYPE_CHECKING:
    from govtext.taxonomy import Taxonomy

CONFIG_SUFFIX = ".config.xml"


def put(out: Path | None, pieces: Iterable[str]) -> None:
    """Nothing; the pieces are in the file, or have gone to stdout."""
    if out is None:
        write_to_stdout(pieces)
        return
    with Replacement(out) as file:
        for piece in pieces:
            file.write(piece)


def refuse_bad_target(out: Path | None) -> None:
    """Nothing.

    Raises:
        GovtextError: nothing can be written there; said before the work, not behind it.
    """
    if out is not None:
        Replacement(out)


def refuse_to_replace(out: Path | None, read: Iterable[Path]) -> None:
    """Nothing.

    Raises:
        GovtextError: `out` is one of the files that are read, or lies in one of the folders.
    """
    if out is None or not out.exists():
        return
    target = out.resolve()
    for path in read:
        if path.resolve() == target or (path.is_dir() and target.is_relative_to(path.resolve())):
            raise GovtextError(f"{out}: would overwrite what is to be read; name another file")


def with_config(out: Path | None, taxonomy: Taxonomy) -> None:
    """Nothing; the interface for Label Studio stands beside the tasks, and stderr says so."""
    if out is None:
        return
    from govtext.writing.labelstudio import label_config

    config = out.with_suffix(CONFIG_SUFFIX)
    put(config, [label_config(taxonomy.names)])
    click.echo(f"{config}: the labelling interface; paste it into Settings, Labeling Interface, Code", err=True)
