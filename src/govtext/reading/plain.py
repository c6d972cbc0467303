"""A report from a file, bytes, an open file or a text: `read`, and the files of a folder: `find_reports`."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path, PurePath
from typing import IO, Any

from govtext.document import Source
from govtext.errors import UnreadableReport
from govtext.reading.encoding import ENCODINGS, Decoded, canonical_name, decode

# By suffix, lower case: bytes and the canonical encoding asked for (None: find it) -> text. A new format is one row.
READERS: Mapping[str, Callable[[bytes, str | None], Decoded]] = {
    ".txt": lambda data, encoding: decode(data, encoding=encoding),
    ".md": lambda data, encoding: decode(data, encoding=encoding),
}

LARGEST_REPORT = 100_000_000  # bytes; the largest of 463 scraped documents has under a million
LONGEST_PATH = 1024  # characters; a longer str is never taken for the name of a file
_PIECE = 1 << 24  # bytes or characters asked of an open file at a time
_ODD_SHARE = 0.1  # of characters; 463 scraped documents have up to 0.078 (mojibake), 5,000 random bytes 0.11 and more
_ODD_MINIMUM = 4  # characters; a short text with a stray control is still a text
_ODD_SAMPLE = 1 << 16  # bytes at the start

# (first bytes, what they are, next step)
BINARY_KINDS: tuple[tuple[bytes, str, str], ...] = (
    (b"%PDF-", "a PDF file", "extract its text first (pdftotext, or copy and paste) and save it as .txt"),
    (b"PK\x03\x04", "a zip archive (.docx, .wps, .zip ...)", "unpack it, or save the document as plain text (.txt)"),
    (b"\xd0\xcf\x11\xe0", "an old Office file (.doc, .xls, .wps)", "save the document as plain text (.txt)"),
    (b"{\\rtf", "a rich text file", "save the document as plain text (.txt)"),
    (b"\x1f\x8b", "a gzip archive", "unpack it first"),
    (b"BZh91AY&SY", "a bzip2 archive", "unpack it first"),
    (b"\xfd7zXZ\x00", "an xz archive", "unpack it first"),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive", "unpack it first"),
    (b"Rar!\x1a\x07", "a RAR archive", "unpack it first"),
    (b"\x89PNG", "a PNG image", "recognise its text (OCR) first and save it as .txt"),
    (b"\xff\xd8\xff", "a JPEG image", "recognise its text (OCR) first and save it as .txt"),
    (b"GIF87a", "a GIF image", "recognise its text (OCR) first and save it as .txt"),
    (b"GIF89a", "a GIF image", "recognise its text (OCR) first and save it as .txt"),
    (b"II*\x00", "a TIFF image", "recognise its text (OCR) first and save it as .txt"),
    (b"MM\x00*", "a TIFF image", "recognise its text (OCR) first and save it as .txt"),
    (b"\x7fELF", "a program", "name a report"),
    (b"MZ\x90\x00", "a program", "name a report"),
    (b"SQLite format 3\x00", "a database", "export its texts as .txt"),
)
# What no text has: controls other than tab, line feed, form feed and return; private use; noncharacters; U+FFFD.
_ODD = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ue000-\uf8ff\ufffd-\uffff]")


def read(
    source: str | bytes | os.PathLike[str] | IO[str] | IO[bytes],
    *,
    encoding: str | None = None,
    name: str | None = None,
) -> Source:
    r"""The report as a `Source`: line ends `\n`, all other characters as they came.

    A `str` is the text itself; bytes, a path or an open file are read. `encoding` (any spelling of a supported name)
    takes the place of the search. `name` becomes `Source.name`, by default the file's own name without its folders.

    Raises:
        UnreadableReport: there is no such file, it is no text, has no characters but white space, or is too large.
    """
    wanted = _wanted_encoding(encoding)
    if isinstance(source, os.PathLike):
        return _read_path(Path(source), wanted, name)
    if isinstance(source, str):
        _refuse_file_name(source)
        return _to_source(source, name or "the text", name or "")
    if isinstance(source, bytes | bytearray | memoryview):
        return _from_bytes(bytes(source), READERS[".txt"], wanted, name or "the bytes", name or "")
    if not hasattr(source, "read"):
        kind = type(source).__name__
        raise UnreadableReport(f"a {kind} is no report; pass the text as str, a pathlib.Path, bytes or an open file")
    own = getattr(source, "name", "")
    name = name or (_printable(Path(own).name) if isinstance(own, str) else "")
    data = _read_all(source, name or "the open file")
    if isinstance(data, str):
        return _to_source(data, name or "the open file", name)
    return _from_bytes(data, READERS[".txt"], wanted, name or "the open file", name)


def find_reports(paths: Sequence[str | os.PathLike[str]]) -> list[Path]:
    """The files that `paths` stand for: files as given, folders replaced by the reports below them, in order of name.

    In a folder, only files with a suffix of `READERS` count; hidden files and folders and links to folders are skipped.
    Each file comes once.

    Raises:
        UnreadableReport: a path does not exist, or a folder has no report in it.
    """
    found: dict[Path, None] = {}
    for path in map(Path, paths):
        if not path.is_dir():
            _status(path)
            found[path] = None
            continue
        below = list(reports_below(path, refuse=_refuse_folder))
        if not below:
            raise no_reports(path)
        found.update(dict.fromkeys(below))
    return list(found)


def reports_below(folder: Path, *, refuse: Callable[[OSError], None]) -> Iterator[Path]:
    """The reports below a folder in order of name, each as it is asked for: one folder's names are held at a time.

    Which files count is said at `find_reports`. A folder that cannot be read is handed to `refuse` and left out.
    """
    levels = [(folder, _names_in(folder, refuse))]
    while levels:
        parent, names = levels[-1]
        if not names:
            levels.pop()
            continue
        name, is_folder = names.pop()
        if is_folder:
            levels.append((parent / name, _names_in(parent / name, refuse)))
        else:
            yield parent / name


def no_reports(folder: Path) -> UnreadableReport:
    """The error for a folder without reports."""
    return UnreadableReport(
        f"{_printable(folder)}: there is no {_known_suffixes()} file in this folder; name one that holds reports"
    )


def _names_in(folder: Path, refuse: Callable[[OSError], None]) -> list[tuple[str, bool]]:
    """The names in a folder that count, the first one last, each with whether it is a folder."""
    try:
        with os.scandir(folder) as entries:
            found = ((entry, entry.is_dir(follow_symlinks=False)) for entry in entries if entry.name[0] != ".")
            return sorted(((e.name, is_folder) for e, is_folder in found if is_folder or _is_report(e)), reverse=True)
    except OSError as error:
        refuse(error)
        return []


def _is_report(entry: os.DirEntry[str]) -> bool:
    # isfile follows a link, and says no to one that leads nowhere or in a circle.
    return PurePath(entry.name).suffix.lower() in READERS and os.path.isfile(entry)


def _refuse_folder(error: OSError) -> None:
    raise unreadable_folder(error) from error


def unreadable_folder(error: OSError) -> UnreadableReport:
    """The error for a folder that cannot be read."""
    return UnreadableReport(
        f"{_printable(Path(error.filename))}: the folder cannot be read ({error.strerror}); check its rights"
    )


def _read_path(path: Path, encoding: str | None, name: str | None) -> Source:
    label = _printable(path)
    mode = _status(path).st_mode
    if stat.S_ISDIR(mode):
        raise UnreadableReport(f"{label}: is a folder, not a report; name a file in it")
    if not stat.S_ISREG(mode):
        raise UnreadableReport(f"{label}: is no regular file; pipe its text to standard input instead")
    try:
        with path.open("rb") as file:
            start = file.read(64)
            reader = READERS.get(path.suffix.lower())
            if reader is None:
                _refuse_binary(start, label)
                suffix = f"{path.suffix} files are not known" if path.suffix else "the name has no suffix"
                raise UnreadableReport(f"{label}: {suffix}; save the text as {_known_suffixes()}")
            data = start + file.read(LARGEST_REPORT + 1 - len(start))
    except OSError as error:
        raise UnreadableReport(f"{label}: cannot be read ({error.strerror}); check the file and its rights") from error
    return _from_bytes(data, reader, encoding, label, name if name is not None else _printable(path.name))


def _status(path: Path) -> os.stat_result:
    try:
        return path.stat()
    except FileNotFoundError as error:
        raise UnreadableReport(f"{_printable(path)}: no such file or folder; check the spelling") from error
    except (OSError, ValueError) as error:  # ValueError: a NUL in the name
        reason = error.strerror if isinstance(error, OSError) else error
        raise UnreadableReport(f"{_printable(path)}: cannot be reached ({reason}); check path and rights") from error


def _from_bytes(
    data: bytes, reader: Callable[[bytes, str | None], Decoded], encoding: str | None, label: str, name: str
) -> Source:
    if len(data) > LARGEST_REPORT:
        raise _too_large(label)
    _refuse_binary(data, label)
    # The start first: 100 MB of no text cost half a minute to decode.
    decoded = reader(data[:_ODD_SAMPLE], encoding)
    odd = len(_ODD.findall(decoded.text))
    if odd >= _ODD_MINIMUM and odd > _ODD_SHARE * len(decoded.text):
        step = "name a text file" if encoding is None else "leave encoding out to have it found"
        raise UnreadableReport(
            f"{label}: is no text: read as {decoded.encoding}, {odd:,} of {len(decoded.text):,} characters are "
            f"controls, private or damaged; {step}"
        )
    if len(data) > _ODD_SAMPLE:
        decoded = reader(data, encoding)
    return _to_source(decoded.text, label, name, decoded)


def _to_source(text: str, label: str, name: str, decoded: Decoded | None = None) -> Source:
    if not text or text.isspace():
        wrong = "is empty" if not text else "holds nothing but white space"
        raise UnreadableReport(f"{label}: {wrong}; a report with text was wanted")
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if decoded is None:
        return Source(text, name)
    return Source(text, name, decoded.encoding, decoded.replaced)


def _read_all(file: IO[str] | IO[bytes], label: str) -> str | bytes:
    """All that an open file still has; a raw pipe gives less than asked for, so it is asked until it is dry."""
    pieces: list[Any] = []
    size = 0
    try:
        while piece := file.read(_PIECE):
            pieces.append(piece)
            size += len(piece)
            if size > LARGEST_REPORT:
                raise _too_large(label)
    except UnicodeDecodeError as error:
        raise UnreadableReport(
            f'{label}: opened as text, but is not {error.encoding}; open it with mode "rb" to have its encoding found'
        ) from error
    except OSError as error:
        raise UnreadableReport(f"{label}: cannot be read ({error.strerror}); check what it is connected to") from error
    return type(pieces[0])().join(pieces) if pieces else b""


def _wanted_encoding(encoding: str | None) -> str | None:
    if encoding is None:
        return None
    wanted = canonical_name(encoding)
    if wanted is None:
        known = ", ".join(ENCODINGS)
        raise UnreadableReport(f"encoding {encoding!r} is not known; pass one of {known}, or none to have it found")
    return wanted


def _too_large(label: str) -> UnreadableReport:
    return UnreadableReport(f"{label}: larger than {LARGEST_REPORT:,} bytes, the most one report may have; split it")


def _refuse_file_name(text: str) -> None:
    if len(text) <= LONGEST_PATH and "\n" not in text and os.path.isfile(text):
        raise UnreadableReport(
            f"{text!r} names a file, but a str is taken as the text itself; pass pathlib.Path({text!r}) to read it"
        )


def _refuse_binary(data: bytes, label: str) -> None:
    for magic, kind, step in BINARY_KINDS:
        if data.startswith(magic):
            raise UnreadableReport(f"{label}: is {kind}, a text was wanted; {step}")


def _known_suffixes() -> str:
    return " or ".join(sorted(READERS))


def _printable(path: str | os.PathLike[str]) -> str:
    """The path so that it can be printed and written: bytes of a GBK file name, lone surrogates here, become "?"."""
    return str(path).encode("utf-8", "replace").decode("utf-8")
