"""The formats that reports come in: which there are, which a file is, and what each one's reader gives."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import PurePath
from typing import Final

from govtext.errors import UnreadableReport
from govtext.source import LineHint


@dataclass(frozen=True, slots=True)
class Extracted:
    """A text and what its format says beside it; the fields mean what those of `Source` do."""

    text: str
    encoding: str | None = None
    replaced: int = 0
    title: str = ""
    hints: tuple[LineHint, ...] = ()
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Format:
    """A format: what messages call it, the module of this room whose `extract(data, encoding=…)` reads it, and with what.

    `fenced`: its files are read in a process with limits, because a file can make its parser hang or take all memory.
    """

    shown: str
    module: str
    fenced: bool = True

    @property
    def extract(self) -> Callable[..., Extracted]:
        """The reader, imported now: `extract(data: bytes, *, encoding: str | None) -> Extracted`.

        It raises UnreadableReport with what is wrong and the next step; the name of the file is put before it.
        """
        found: Callable[..., Extracted] = import_module(f"govtext.reading.{self.module}").extract
        return found


FORMATS: Final[Mapping[str, Format]] = {
    "text": Format("plain text", "plain", fenced=False),
    "webpage": Format("a web page", "webpage"),
    "word": Format("a Word document (.docx)", "word"),
    "pdf": Format("a PDF file", "pdf"),
}

# By suffix, lower case → the key of its format; a new format is one row here, one above, and one file.
READERS: Final[Mapping[str, str]] = {
    ".txt": "text",
    ".md": "text",
    ".html": "webpage",
    ".htm": "webpage",
    ".shtml": "webpage",
    ".xhtml": "webpage",
    ".docx": "word",
    ".pdf": "pdf",
    # Old names for whatever an office program or a site wrote: often a web page, sometimes text; what is older is refused.
    ".doc": "text",
    ".wps": "text",
}

LOOKED_AT: Final = 1024  # bytes at the start that tell a format
_BEFORE = bytes(range(0x21)) + b"\xef\xbb\xbf\xff\xfe"  # white space and byte order marks
_PAGE = re.compile(rb"<(?:!doctype\s{1,9}html|\?xml|html|head|body)[\s>]", re.I)

_SAVE = "save the document as .docx or plain text (.txt)"
_CONVERT = "convert it with: soffice --headless --convert-to docx FILE, or save it as .docx in Word or WPS"
_OCR = "recognise its text (OCR) first and save it as .txt"

# (first bytes, what they are, next step)
BINARY_KINDS: Final[tuple[tuple[bytes, str, str], ...]] = (
    (b"\xd0\xcf\x11\xe0", "an old or an encrypted Office file (.doc, .wps, .xls)", _CONVERT),
    (b"{\\rtf", "a rich text file", _CONVERT),
    (b"\x1f\x8b", "a gzip archive", "unpack it first"),
    (b"BZh91AY&SY", "a bzip2 archive", "unpack it first"),
    (b"\xfd7zXZ\x00", "an xz archive", "unpack it first"),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive", "unpack it first"),
    (b"Rar!\x1a\x07", "a RAR archive", "unpack it first"),
    (b"\x89PNG", "a PNG image", _OCR),
    (b"\xff\xd8\xff", "a JPEG image", _OCR),
    (b"GIF87a", "a GIF image", _OCR),
    (b"GIF89a", "a GIF image", _OCR),
    (b"II*\x00", "a TIFF image", _OCR),
    (b"MM\x00*", "a TIFF image", _OCR),
    (b"\x7fELF", "a program", "name a report"),
    (b"MZ\x90\x00", "a program", "name a report"),
    (b"SQLite format 3\x00", "a database", "export its texts as .txt"),
)
# First bytes → the format that they say, whatever the name says.
MAGIC: Final[Mapping[bytes, str]] = {b"%PDF-": "pdf", b"PK\x03\x04": "word", b"PK\x05\x06": "word"}


def format_of(start: bytes, suffix: str | None) -> str:
    """The key of the format: by the first bytes where they are plain, else by the suffix; None is bytes without a name.

    Raises:
        UnreadableReport: the first bytes are those of what holds no text, or the suffix is unknown.
    """
    for magic, kind, step in BINARY_KINDS:
        if start.startswith(magic):
            raise UnreadableReport(f"is {kind}, a text was wanted; {step}")
    for magic, found in MAGIC.items():
        if start.startswith(magic):
            return found
    by_name = "text" if suffix is None else READERS.get(suffix.lower())
    if by_name is None:
        what = f"{suffix} files are not known" if suffix else "the name has no suffix"
        raise UnreadableReport(f"{what}; {_SAVE}")
    # A .docx that is none is for its reader to refuse; whatever is kept as .txt or .doc may be a page.
    return "webpage" if by_name == "text" and _PAGE.match(start[:LOOKED_AT].lstrip(_BEFORE)) else by_name


def is_known(name: str) -> bool:
    """Whether files of that name are read, by its suffix."""
    return PurePath(name).suffix.lower() in READERS


def known_suffixes() -> str:
    """The suffixes, for messages."""
    return ", ".join(sorted(READERS))
