"""An id for each of many inputs, none twice, without keeping their names in memory."""

from __future__ import annotations

import hashlib
from array import array
from collections.abc import Iterable
from pathlib import PurePath
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

STDIN = "-"
Forms = tuple[str, str, str]  # what an input may be called, shortest first; the last is its own as good as always
N_FORMS = 3


def hash64(text: str) -> int:
    """A number from 0 to 2⁶⁴ − 1 for a text, the same in every process."""
    return int.from_bytes(hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "big")


def forms_of(file: str) -> Forms:
    """The file's name without suffix, its path without suffix, its path.

    >>> forms_of("2009/report.txt")
    ('report', '2009/report', '2009/report.txt')
    """
    return stem(file), without_suffix(file), file


def record_forms(file: str, number: int, identity: str | None) -> Forms:
    """What a record of a file may be called: its own id and nothing else, or the file's forms with its number.

    >>> record_forms("a/pages.jsonl", 7, None)
    ('pages:7', 'a/pages:7', 'a/pages.jsonl:7')
    """
    if identity is not None:
        return identity, identity, identity
    return f"{stem(file)}:{number}", f"{without_suffix(file)}:{number}", f"{file}:{number}"


def stem(file: str) -> str:
    """The file's name without folder and suffix."""
    return "stdin" if file == STDIN else PurePath(file).stem


def without_suffix(file: str) -> str:
    """The path without suffix."""
    return file.removesuffix(PurePath(file).suffix)


def identities(files: Iterable[str]) -> list[str]:
    """An id for each file, none twice: its name without suffix, and only where that is taken more of its path.

    >>> identities(["a/report.txt", "notes.txt", "-"])
    ['report', 'notes', 'stdin']
    >>> identities(["a/report.txt", "b/report.txt", "c/x.txt", "c/x.md"])
    ['a/report', 'b/report', 'c/x.txt', 'c/x.md']
    """
    forms = [forms_of(file) for file in files]
    chosen = Identities()
    for row in forms:
        chosen.add(row)
    chosen.settle()
    return [chosen.of(position, row) for position, row in enumerate(forms)]


class Identities:
    """The ids of a run: all forms are added, `settle` chooses among them, `of` gives each input its id.

    Each input takes the shortest of its forms that no other goes by; where even the last is taken, `#2`, `#3` … stand
    behind it. Forms are kept as hashes, 24 bytes an input until `settle`, one byte afterwards.
    """

    def __init__(self) -> None:
        self._hashes = array("Q")
        self._level = b""
        self._again: frozenset[int] = frozenset()  # positions whose id an earlier input has
        self._taken: set[int] = set()

    def add(self, forms: Forms) -> None:
        """The forms of the next input."""
        self._hashes.extend(map(hash64, forms))

    def settle(self, kept: NDArray[np.bool_] | None = None) -> None:
        """Choose the ids; inputs that are not `kept` get none, and take none from others."""
        import numpy as np

        hashes = np.array(self._hashes, np.uint64).reshape(-1, N_FORMS)
        self._hashes = array("Q")
        rows = np.arange(len(hashes)) if kept is None else np.flatnonzero(kept)
        level = np.zeros(len(hashes), np.uint8)
        while True:
            ids = hashes[rows, level[rows]]
            _, first, inverse, counts = np.unique(ids, return_index=True, return_inverse=True, return_counts=True)
            twice = rows[(counts[inverse] > 1) & (level[rows] + 1 < N_FORMS)]
            if not len(twice):
                break
            level[twice] += 1
        self._level = level.tobytes()
        self._again = frozenset(np.delete(rows, first).tolist())
        self._taken = set(ids.tolist()) if self._again else set()

    def of(self, position: int, forms: Forms) -> str:
        """The id of the input that was added as number `position`, from 0; asked for in order, once each."""
        identity = candidate = forms[self._level[position]]
        if position in self._again:
            number = 2
            while hash64(candidate := f"{identity}#{number}") in self._taken:
                number += 1
            self._taken.add(hash64(candidate))
        return candidate
