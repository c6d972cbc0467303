"""The file that a run writes, what stands beside it meanwhile, and how the one takes the place of the other."""

from __future__ import annotations

import os
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from govtext.errors import GovtextError
from govtext.writing.target import sync_folder

PIECE = 1 << 20  # bytes read at a time


class Content(NamedTuple):
    """What a file holds, for short: its bytes and their CRC-32."""

    bytes: int
    crc: int


NOTHING = Content(0, 0)


class End(NamedTuple):
    """What a run has come to: the file with the labels and the one with the failures, None where there is none."""

    out: Content | None
    failed: Content | None


@dataclass(frozen=True, slots=True)
class Files:
    """The files of a run by their roles; a link is followed, so that all stand in one folder and can be renamed.

    `name` is the file as the user wrote it; `converts`: what is appended to while the run goes on is not the file itself.
    """

    name: Path
    out: Path
    converts: bool = False

    @classmethod
    def of(cls, name: Path, *, converts: bool = False) -> Files:
        """The files of a run that writes `name`.

        Raises:
            GovtextError: nothing can be written there.
        """
        out = Path(os.path.realpath(name))
        if out.is_dir():
            raise GovtextError(f"{name}: is a folder; name a file to write to")
        if out.exists() and not out.is_file():
            raise GovtextError(f"{name}: is no plain file, so that a run could not go on with it; name another one")
        if not out.parent.is_dir():
            raise GovtextError(f"{name}: the folder {out.parent} does not exist; make it first")
        return cls(name, out, converts)

    @property
    def partial(self) -> Path:
        """The labels so far."""
        return self._beside(".partial")

    @property
    def staged(self) -> Path:
        """What takes the place of `out` at the end."""
        return self._beside(".converted") if self.converts else self.partial

    @property
    def failed(self) -> Path:
        """The inputs that failed."""
        return self._beside(".failed.jsonl")

    @property
    def failed_partial(self) -> Path:
        """The inputs that have failed so far."""
        return self._beside(".failed.partial")

    @property
    def journal(self) -> Path:
        """How far the run has come."""
        return self._beside(".journal")

    def can_settle(self, end: End) -> bool:
        """Whether all that the end speaks of is there, in its place or about to take it."""
        return all(content_of(to) == wanted or content_of(staged) == wanted for staged, to, wanted in self._moves(end))

    def settle(self, end: End) -> None:
        """Put all in its place and take the rest away, the journal last: killed anywhere, it can be done again."""
        for staged, to, wanted in self._moves(end):
            if content_of(to) != wanted:
                if to.exists():
                    staged.chmod(to.stat().st_mode & 0o7777)
                staged.replace(to)
        if end.failed is None:
            self.failed.unlink(missing_ok=True)
        sync_folder(self.out.parent)
        self.clear()

    def clear(self) -> None:
        """Take away what only a run that goes on needs."""
        for path in (self.staged, self.partial, self.failed_partial, self.journal):
            path.unlink(missing_ok=True)

    def _moves(self, end: End) -> Iterator[tuple[Path, Path, Content]]:
        if end.out is not None:
            yield self.staged, self.out, end.out
        if end.failed is not None:
            yield self.failed_partial, self.failed, end.failed

    def _beside(self, suffix: str) -> Path:
        return self.out.with_name(self.out.name + suffix)


class Running:
    """A file that is read once from its start, to know the CRC-32 of all that stands before a place."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("rb") if path.exists() else None
        self._content = NOTHING

    def upto(self, size: int) -> Content | None:
        """The content of the first `size` bytes, None if there are fewer; sizes only grow from call to call."""
        size_now, crc = self._content
        while self._file is not None and size_now < size:
            piece = self._file.read(min(PIECE, size - size_now))
            if not piece:
                break
            size_now, crc = size_now + len(piece), zlib.crc32(piece, crc)
        self._content = Content(size_now, crc)
        return self._content if size_now == size else None

    def close(self) -> None:
        """Nothing more is asked."""
        if self._file is not None:
            self._file.close()


def content_of(path: Path) -> Content | None:
    """What a file holds, None if it is not there."""
    if not path.exists():
        return None
    running = Running(path)
    try:
        return running.upto(path.stat().st_size)
    finally:
        running.close()


def sync(path: Path) -> None:
    """Nothing; the file has reached the disk."""
    with path.open("rb+") as file:
        os.fsync(file.fileno())
