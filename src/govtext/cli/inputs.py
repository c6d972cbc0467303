"""From what the user named to the reports to read, each under an id of its own."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from govtext.batch.identities import STDIN, identities
from govtext.batch.inputs import shown
from govtext.errors import GovtextError
from govtext.reading.folders import find_reports

__all__ = ["STDIN", "Input", "gather", "identities"]


@dataclass(frozen=True, slots=True)
class Input:
    """One report to read: its `id`, the `file` as the user would name it, its path (None for stdin)."""

    id: str
    file: str
    path: Path | None


def gather(arguments: Sequence[str], *, complain: Callable[[str, Exception], None]) -> list[Input]:
    """The reports behind the arguments in their order, folders opened, each once; what fails is complained of."""
    found: dict[str, Path | None] = {}
    for argument in arguments:
        if argument == STDIN:
            found.setdefault(STDIN, None)
            continue
        try:
            for path in find_reports([Path(argument)]):
                found.setdefault(os.path.abspath(path), path)
        except (GovtextError, OSError) as error:
            complain(argument, error)
    files = [STDIN if path is None else shown(path) for path in found.values()]
    return [Input(*row) for row in zip(identities(files), files, found.values(), strict=True)]
