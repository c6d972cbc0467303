"""What a batch can write: each form is one row of `SINKS`, from a labelled report to the bytes that are appended."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

from govtext.batch.parquet import arrow_bytes, pyarrow_parquet, to_parquet
from govtext.errors import GovtextError
from govtext.writing import Entry, Look, csv_rows, json_lines, to_utf8


class Sink(NamedTuple):
    """How a form is written: `encode` gives what stands before all reports and what one report adds.

    `check` raises what forbids the form here; `convert` makes the file out of all that was appended, where that is not
    the file already.
    """

    encode: Callable[[Entry], tuple[bytes, bytes]]
    check: Callable[[], object]
    convert: Callable[[Path, Path], None] | None


def json_bytes(entry: Entry) -> tuple[bytes, bytes]:
    """Nothing, and the line of a report."""
    return b"", to_utf8("".join(json_lines([entry], Look())))


def csv_bytes(entry: Entry) -> tuple[bytes, bytes]:
    """The header, and the rows of a report."""
    header, *rows = csv_rows([entry], Look())
    return to_utf8(header), to_utf8("".join(rows))


SINKS: Mapping[str, Sink] = MappingProxyType(
    {
        "jsonl": Sink(json_bytes, lambda: None, None),
        "csv": Sink(csv_bytes, lambda: None, None),
        "parquet": Sink(arrow_bytes, pyarrow_parquet, to_parquet),
    }
)


def form_of(out: Path) -> str:
    """The form that a file's suffix asks for.

    Raises:
        GovtextError: no form has this suffix.
    """
    form = out.suffix.lower().removeprefix(".")
    if form not in SINKS:
        raise GovtextError(
            f"{out}: a batch is written as {' or '.join(f'.{name}' for name in SINKS)}; name such a file"
        )
    return form
