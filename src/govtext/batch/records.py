"""Files that hold many reports, one a record: JSON lines and Parquet, read a piece at a time."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from itertools import count
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

from govtext.batch.parquet import pyarrow_parquet
from govtext.errors import GovtextError, UnreadableReport
from govtext.reading.sources import LARGEST_REPORT

LONGEST_LINE = 2 * LARGEST_REPORT  # bytes; a character of three bytes is written as \uXXXX, six
ROWS = 64  # of a Parquet file, read at a time
BOM = b"\xef\xbb\xbf"


class Record(NamedTuple):
    """One record: its number from 1 (of its line or row), its own id if it has one, its text or the problem with it."""

    number: int
    id: str | None
    text: str | None
    problem: str | None = None


def json_records(path: Path, *, with_text: bool = True) -> Iterator[Record]:
    """The objects of a file of JSON lines; blank lines are none. A bad line is a record with a problem.

    Raises:
        UnreadableReport: the file cannot be read.
    """
    try:
        with path.open("rb") as file:
            for number in count(1):
                line = file.readline(LONGEST_LINE + 1)
                if not line:
                    return
                if len(line) > LONGEST_LINE:
                    while line and not line.endswith(b"\n"):
                        line = file.readline(LONGEST_LINE)
                    yield Record(number, None, None, f"has over {LONGEST_LINE:,} bytes; write the report to a file")
                    continue
                line = line.removeprefix(BOM) if number == 1 else line
                if line.strip():
                    yield json_record(number, line, with_text=with_text)
    except OSError as error:
        raise UnreadableReport(f"cannot be read ({error.strerror}); check the file and its rights") from error


def json_record(number: int, line: bytes, *, with_text: bool = True) -> Record:
    """The record that a line holds.

    >>> json_record(1, b'{"id": 7, "text": "..."}')
    Record(number=1, id='7', text='...', problem=None)
    >>> json_record(2, b'{"body": "..."}').problem
    'has no "text"; it has "body"'
    """
    try:
        value: Any = json.loads(line.decode("utf-8"))
    except UnicodeDecodeError as error:
        return Record(number, None, None, f"is no UTF-8 at byte {error.start}; save the file as UTF-8")
    except (ValueError, RecursionError) as error:
        return Record(number, None, None, f"is no JSON ({error}); write one object a line")
    if not isinstance(value, dict):
        return Record(number, None, None, f'is of type {type(value).__name__}; an object with "text" was wanted')
    return to_record(number, value, with_text=with_text)


def to_record(number: int, fields: Mapping[str, Any], *, with_text: bool = True) -> Record:
    """The record of the fields `text` and `id`, checked."""
    identity, text = fields.get("id"), fields.get("text")
    if isinstance(identity, bool) or not isinstance(identity, str | int | None):
        return Record(
            number, None, None, f'"id" is of type {type(identity).__name__}; text or a whole number was wanted'
        )
    own = str(identity) if identity not in (None, "") else None
    if not with_text:
        return Record(number, own, None)
    if "text" not in fields:
        others = ", ".join(f'"{name}"' for name in fields) or "nothing"
        return Record(number, own, None, f'has no "text"; it has {others}')
    if not isinstance(text, str):
        what = "null" if text is None else f"of type {type(text).__name__}"
        return Record(number, own, None, f'"text" is {what}; the text of a report was wanted')
    return Record(number, own, text)


def parquet_records(path: Path, *, with_text: bool = True) -> Iterator[Record]:
    """The rows of a Parquet file by its columns `text` and, if there, `id`.

    Raises:
        UnreadableReport: the file cannot be read, is no Parquet file, or has no text in a column of that name.
        MissingExtra: pyarrow is not installed.
    """
    parquet = pyarrow_parquet()
    import pyarrow as pa

    try:
        with parquet.ParquetFile(path) as file:
            schema = file.schema_arrow
            if "text" not in schema.names:
                raise UnreadableReport(f'has no column "text"; it has {", ".join(schema.names)}')
            kind = schema.field("text").type
            if not (pa.types.is_string(kind) or pa.types.is_large_string(kind)):
                raise UnreadableReport(f'its column "text" holds {kind}; strings were wanted')
            wanted = [name for name in ("id", "text") if name in schema.names and (with_text or name == "id")]
            if not wanted:
                yield from (Record(number + 1, None, None) for number in range(file.metadata.num_rows))
                return
            number = 0
            for batch in file.iter_batches(batch_size=ROWS, columns=wanted):
                for fields in batch.to_pylist():
                    number += 1
                    yield to_record(number, fields, with_text=with_text)
    except (OSError, pa.ArrowException) as error:
        raise UnreadableReport(f"cannot be read as Parquet ({error}); check the file and its rights") from error


# By suffix, lower case: a path → its records; `with_text=False` reads no more than the ids need.
RECORDS: Mapping[str, Callable[..., Iterator[Record]]] = MappingProxyType(
    {".jsonl": json_records, ".parquet": parquet_records}
)


def records_or_problems(path: Path, numbers: int) -> Iterator[Record]:
    """As many records as were counted before, whatever has become of the file since: what is gone is a problem."""
    found, problem = 0, "is gone: the file changed while it was read"
    try:
        for record in RECORDS[path.suffix.lower()](path):
            if found == numbers:
                return
            yield record
            found += 1
    except GovtextError as error:
        problem = str(error)
    yield from (Record(number, None, None, problem) for number in range(found + 1, numbers + 1))
