"""A zip package with limits: its parts are read in pieces, nothing is written, and a bomb is refused before it opens."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator
from typing import Final

from govtext.errors import UnreadableReport

MOST_MEMBERS: Final = 20_000  # each takes 507 bytes before any is read, so 10 MB
# Bytes of all parts read together. LibreOffice writes 9 bytes a character (30 reports of corpus/authored, 2026-11-24), so
# these are five million characters; one paragraph of 45 MB took 178 MB of memory.
MOST_UNPACKED: Final = 48 << 20
# Deflate reaches 1,032 : 1 on one repeated byte. The same 30 reports are packed 2 to 9 : 1, a table of 10,000 empty cells by
# python-docx 146 : 1.
MOST_RATIO: Final = 250
RATIO_FROM: Final = 1 << 20  # unpacked bytes; below that no ratio does harm
PIECE: Final = 1 << 18  # bytes at a time

_CENTRAL = b"PK\x01\x02"  # before each entry of the directory at the end
_ENCRYPTED = 0x1 | 0x40  # bits of an entry's flags (APPNOTE 4.4.4)
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_SAVE_AGAIN = "save the document again, or as plain text (.txt)"
# All that zipfile raises on damaged bytes, by its source and by fuzzing.
_DAMAGE = (
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    zlib.error,
    EOFError,
    NotImplementedError,
    RuntimeError,
    OSError,
    ValueError,
    OverflowError,
    IndexError,
)


class Package:
    """The parts of a zip by their names; what is read of them all counts against one budget."""

    def __init__(self, data: bytes) -> None:
        # Before zipfile makes an object of each entry; signatures inside stored parts count too, which errs to the safe side.
        if data.count(_CENTRAL) > MOST_MEMBERS:
            raise UnreadableReport(f"is a package of more than {MOST_MEMBERS:,} parts; {_SAVE_AGAIN}")
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
            entries = self._zip.infolist()
        except _DAMAGE as error:
            raise UnreadableReport(
                f"is a damaged zip package ({_said(error)}); fetch it again or {_SAVE_AGAIN}"
            ) from error
        self._left = MOST_UNPACKED
        self.doubled: set[str] = set()
        self._entries: dict[str, zipfile.ZipInfo] = {}
        for entry in entries:
            # Parts are named without regard to case (ECMA-376 part 2, 6.2.2.3); some programs write backslashes.
            key = _key(entry.filename)
            if key in self._entries:
                self.doubled.add(key)
            self._entries[key] = entry

    def __contains__(self, name: str) -> bool:
        return _key(name) in self._entries

    def pieces(self, name: str) -> Iterator[bytes]:
        """The bytes of a part, piece by piece; none where there is no such part.

        Raises:
            UnreadableReport: the part is encrypted, damaged, packed in a way that Word does not, or unpacks to too much.
        """
        entry = self._entries.get(_key(name))
        if entry is None:
            return
        shown = _key(name)[:60]
        if entry.flag_bits & _ENCRYPTED:
            raise UnreadableReport("is encrypted; open it with its password and save it without")
        if entry.compress_type not in _METHODS:
            raise UnreadableReport(
                f"has {shown} packed by method {entry.compress_type}, which Word does not; {_SAVE_AGAIN}"
            )
        self._refuse_bomb(entry, shown)
        try:
            with self._zip.open(entry) as part:
                while piece := part.read(PIECE):
                    self._left -= len(piece)
                    yield piece
        except _DAMAGE as error:
            raise UnreadableReport(
                f"has a damaged part, {shown} ({_said(error)}); fetch it again or {_SAVE_AGAIN}"
            ) from error

    def start(self, name: str, size: int) -> bytes:
        """The first bytes of a part."""
        return next(self.pieces(name), b"")[:size]

    def _refuse_bomb(self, entry: zipfile.ZipInfo, shown: str) -> None:
        """Nothing; the sizes are what the directory says, and zipfile reads no more than it says there."""
        ratio = entry.file_size / max(entry.compress_size, 1)
        if entry.file_size > RATIO_FROM and ratio > MOST_RATIO:
            raise UnreadableReport(
                f"has {shown} packed {ratio:,.0f} : 1, more than the {MOST_RATIO} : 1 that no report reaches; {_SAVE_AGAIN}"
            )
        if entry.file_size > self._left:
            limit = MOST_UNPACKED >> 20
            raise UnreadableReport(f"unpacks to more than {limit} MB at {shown}; split it, or {_SAVE_AGAIN}")


def _key(name: str) -> str:
    return name.replace("\\", "/").lstrip("/").lower()


def _said(error: Exception) -> str:
    """What the library said, on one line."""
    return " ".join(str(error).split())[:80] or type(error).__name__
