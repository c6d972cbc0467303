"""From what the user named to the reports to read, each under an id of its own."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath

from govtext.errors import GovtextError
from govtext.reading.plain import find_reports

STDIN = "-"


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


def shown(path: Path) -> str:
    r"""The path with forward slashes; bytes that are no UTF-8 as `\xNN`, so that it can be printed anywhere."""
    return os.fsencode(path.as_posix()).decode("utf-8", "backslashreplace")


def identities(files: Iterable[str]) -> list[str]:
    """An id for each file, none twice: its name without suffix, and only where that is taken more of its path.

    >>> identities(["a/report.txt", "notes.txt", "-"])
    ['report', 'notes', 'stdin']
    >>> identities(["a/report.txt", "b/report.txt", "c/x.txt", "c/x.md"])
    ['a/report', 'b/report', 'c/x.txt', 'c/x.md']
    """
    forms = [(stem(file), without_suffix(file), file) for file in files]
    level = [0] * len(forms)
    while True:
        ids = [form[depth] for form, depth in zip(forms, level, strict=True)]
        counts = Counter(ids)
        twice = [i for i, identity in enumerate(ids) if counts[identity] > 1 and level[i] + 1 < len(forms[i])]
        if not twice:
            break
        for i in twice:
            level[i] += 1
    return numbered(ids)


def numbered(ids: Iterable[str]) -> list[str]:
    """The ids, those that come again with `#2`, `#3` … behind them."""
    taken: set[str] = set()
    unique = []
    for identity in ids:
        candidate, number = identity, 1
        while candidate in taken:
            number += 1
            candidate = f"{identity}#{number}"
        taken.add(candidate)
        unique.append(candidate)
    return unique


def stem(file: str) -> str:
    """The file's name without folder and suffix."""
    return "stdin" if file == STDIN else PurePath(file).stem


def without_suffix(file: str) -> str:
    """The path without suffix."""
    return file.removesuffix(PurePath(file).suffix)
