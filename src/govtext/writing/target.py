"""Where text goes: UTF-8 always, a file that is the old one or the new one, a name that stays in its folder."""

from __future__ import annotations

import contextlib
import os
import re
import secrets
import unicodedata
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

from govtext.errors import GovtextError

SURROGATE = re.compile("[\ud800-\udfff]")
LONGEST_NAME = 200  # bytes; file systems stop at 255, a suffix and a number must still fit
NOT_IN_NAMES = re.compile(r'[\\/:*?"<>|]')
# Devices on Windows, whatever follows a dot; it takes the small ¹²³ for digits.
RESERVED = re.compile(r"(?:con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[0-9¹²³])[ ]{0,200}(?:\.|$)", re.IGNORECASE)


def without_surrogates(text: str) -> str:
    """The text with half surrogate pairs as U+FFFD: same length, and UTF-8 can hold it."""
    return SURROGATE.sub("\N{REPLACEMENT CHARACTER}", text)


def to_utf8(text: str) -> bytes:
    """The text in UTF-8, for any text."""
    return without_surrogates(text).encode("utf-8")


def one_line(text: str) -> str:
    """The text on one line that cannot drive a terminal: runs of white space as one, controls as U+FFFD."""
    return " ".join("".join(map(visible, text)).split())


def visible(character: str) -> str:
    """The character as it may stand on a terminal."""
    category = unicodedata.category(character)
    if category == "Cf":  # bidi overrides, zero-width marks
        return ""
    return "\N{REPLACEMENT CHARACTER}" if category in {"Cc", "Cs"} and not character.isspace() else character


class Replacement:
    """A file written beside `path` that takes its place at the end of a `with` block, whole, or not at all.

    A link is followed; what is no plain file (a pipe, /dev/stdout) is written to directly. Without `follow`, for names that
    nobody chose, a link or a pipe gives its place up, and nothing outside the folder is touched.

    Raises:
        GovtextError: the folder is not there, `path` is a folder or no name at all, or the disk is full.
    """

    def __init__(self, path: Path, *, follow: bool = True) -> None:
        if "\0" in str(path):
            raise GovtextError(f"{str(path)!r}: no file has such a name; name another one")
        self.path = path
        self._kept = True
        self._file: BinaryIO | None = None
        self._target = Path(os.path.realpath(path)) if follow else Path(os.path.realpath(path.parent)) / path.name
        self._direct = follow and path.exists() and not path.is_file()
        if self._target.is_dir() and (follow or not self._target.is_symlink()):
            raise GovtextError(f"{path}: is a folder; name a file to write to")
        if not self._target.parent.is_dir():
            raise GovtextError(f"{path}: the folder {self._target.parent} does not exist; make it first")
        # The name carries no part of the target's, which may already be as long as the file system allows.
        self._beside = self._target.with_name(f".govtext-{secrets.token_hex(8)}.tmp")

    def __enter__(self) -> Self:
        try:
            self._file = self._target.open("wb") if self._direct else self._beside.open("xb")
        except OSError as error:
            raise self._failed(error) from error
        return self

    def write(self, text: str) -> None:
        """Add text, as UTF-8."""
        self.write_bytes(to_utf8(text))

    def write_bytes(self, content: bytes) -> None:
        """Add bytes."""
        if self._file is None:
            raise ValueError("write inside the with block")
        try:
            self._file.write(content)
        except OSError as error:
            raise self._failed(error) from error

    def discard(self) -> None:
        """Leave the old file as it is."""
        self._kept = False

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        file, self._file = self._file, None
        if file is None:
            return
        try:
            if self._direct:
                file.close()
            elif kind is None and self._kept:
                self._replace(file)
        except OSError as failure:
            raise self._failed(failure) from failure
        finally:
            with contextlib.suppress(OSError):  # a full disk speaks up again at close
                file.close()
            if not self._direct:
                self._beside.unlink(missing_ok=True)

    def _replace(self, file: BinaryIO) -> None:
        file.flush()
        os.fsync(file.fileno())
        file.close()
        if self._target.is_file() and not self._target.is_symlink():
            self._beside.chmod(self._target.stat().st_mode & 0o7777)
        self._beside.replace(self._target)
        # The new file is there; that a folder cannot be read or synced (FUSE, SMB) is no failure of ours to tell.
        with contextlib.suppress(OSError):
            sync_folder(self._target.parent)

    def _failed(self, error: OSError) -> GovtextError:
        reason = error.strerror or str(error)
        return GovtextError(f"{self.path}: cannot be written ({reason}); what was there is left as it was")


def sync_folder(folder: Path) -> None:
    """Nothing; the folder's names are on the disk, where folders can be synced."""
    if not hasattr(os, "O_DIRECTORY"):
        return
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def file_names(ids: Iterable[str], suffix: str) -> list[str]:
    """A file name for each id: no folder in it, no device, no option, not too long, nothing that nobody sees.

    None comes twice, even where neither case nor the way an accent is written counts.
    """
    taken: set[str] = set()
    names = []
    for identity in ids:
        stem = NOT_IN_NAMES.sub("_", "".join(map(seen_in_names, without_surrogates(identity)))).strip(" .") or "_"
        stem = f"_{stem}" if RESERVED.match(stem) or stem[0] in "-~" else stem
        stem = stem.encode("utf-8")[:LONGEST_NAME].decode("utf-8", "ignore")
        name, number = stem + suffix, 1
        while as_on_disk(name) in taken:
            number += 1
            name = f"{stem}-{number}{suffix}"
        taken.add(as_on_disk(name))
        names.append(name)
    return names


def seen_in_names(character: str) -> str:
    """The character, or _ for a control, a line end or a mark that is not seen."""
    return "_" if unicodedata.category(character) in {"Cc", "Cf", "Zl", "Zp"} else character


def as_on_disk(name: str) -> str:
    """The same for all names that some file system takes for one."""
    return unicodedata.normalize("NFD", unicodedata.normalize("NFD", name).casefold())
