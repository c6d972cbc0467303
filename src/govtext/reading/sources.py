"""A report from a file, bytes, an open file or a text: `read`."""

from __future__ import annotations

import os
from pathlib import Path
from typing import IO, Any

from govtext.errors import UnreadableReport
from govtext.reading.encoding import ENCODINGS, canonical_name
from govtext.reading.fence import FENCE, Fence
from govtext.reading.folders import printable, regular_file
from govtext.reading.formats import FORMATS, Extracted, format_of
from govtext.source import Source

LARGEST_REPORT = 100_000_000  # bytes; the largest of 463 scraped documents has under a million
LONGEST_PATH = 1024  # characters; a longer str is never taken for the name of a file
_PIECE = 1 << 24  # bytes or characters asked of an open file at a time


def read(
    source: str | bytes | os.PathLike[str] | IO[str] | IO[bytes],
    *,
    encoding: str | None = None,
    name: str | None = None,
    fence: Fence | None = FENCE,
) -> Source:
    r"""The report as a `Source`: line ends `\n`, all other characters as they came.

    A `str` is the text itself; bytes, a path or an open file are read, in the format that their first bytes or the suffix
    say. `encoding` (any spelling of a supported name) takes the place of the search. `name` becomes `Source.name`, by
    default the file's own name without its folders. Formats that can harm their reader are read in a process with the
    limits of `fence`; None reads them here, for files that you trust.

    Raises:
        UnreadableReport: there is no such file, it is no text, has no characters but white space, is too large, or took more
            than the fence allows.
        MissingExtra: the format needs a library that is not installed.
    """
    wanted = _wanted_encoding(encoding)
    if isinstance(source, os.PathLike):
        return _read_path(Path(source), wanted, name, fence)
    if isinstance(source, str):
        _refuse_file_name(source)
        return _to_source(Extracted(source), "text", name or "the text", name or "")
    if isinstance(source, bytes | bytearray | memoryview):
        return _from_bytes(bytes(source), None, wanted, name or "the bytes", name or "", fence)
    if not hasattr(source, "read"):
        kind = type(source).__name__
        raise UnreadableReport(f"a {kind} is no report; pass the text as str, a pathlib.Path, bytes or an open file")
    own = getattr(source, "name", "")
    name = name or (printable(Path(own).name) if isinstance(own, str) else "")
    data = _read_all(source, name or "the open file")
    if isinstance(data, str):
        return _to_source(Extracted(data), "text", name or "the open file", name)
    return _from_bytes(data, None, wanted, name or "the open file", name, fence)


def _read_path(path: Path, encoding: str | None, name: str | None, fence: Fence | None) -> Source:
    label = printable(path)
    regular_file(path)
    try:
        with path.open("rb") as file:
            data = file.read(64)
            try:
                format_of(data, path.suffix)
            except UnreadableReport as error:
                raise UnreadableReport(f"{label}: {error}") from error
            data += file.read(LARGEST_REPORT + 1 - len(data))
    except OSError as error:
        raise UnreadableReport(f"{label}: cannot be read ({error.strerror}); check the file and its rights") from error
    return _from_bytes(data, path.suffix, encoding, label, name if name is not None else printable(path.name), fence)


def _from_bytes(
    data: bytes, suffix: str | None, encoding: str | None, label: str, name: str, fence: Fence | None
) -> Source:
    if len(data) > LARGEST_REPORT:
        raise _too_large(label)
    try:
        key = format_of(data, suffix)
        kind = FORMATS[key]
        if fence is not None and kind.fenced:
            extracted = fence.extract(data, key, encoding=encoding)
        else:
            extracted = kind.extract(data, encoding=encoding)
    except UnreadableReport as error:
        raise UnreadableReport(f"{label}: {error}") from error
    return _to_source(extracted, key, label, name)


def _to_source(extracted: Extracted, key: str, label: str, name: str) -> Source:
    text = extracted.text
    if not text or text.isspace():
        wrong = "is empty" if not text else "holds nothing but white space"
        said = "".join(f" ({warning})" for warning in extracted.warnings)
        raise UnreadableReport(f"{label}: {wrong}{said}; a report with text was wanted")
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    found = extracted
    return Source(text, name, found.encoding, found.replaced, key, found.title, found.hints, found.warnings)


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
