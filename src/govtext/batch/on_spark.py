"""Reports in a Spark data frame or in Parquet files, labelled by the Python workers of a Spark cluster."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from govtext.batch.frame_kinds import Types, arrow_table, check_columns
from govtext.batch.frames import Labeller, frame_types
from govtext.batch.shipping import AnyRepetition, Shipment, to_shipment
from govtext.errors import BadInput, MissingExtra


def classify_spark(
    reports: Any,
    *,
    text: str = "text",
    id: str | None = None,
    model: str | os.PathLike[str] | bytes | None = None,
    repetition: AnyRepetition = None,
) -> Any:
    """A Spark data frame of the paragraphs, not computed yet; columns and rows are those of `classify_frame`.

    `id` is needed (the column "id" by default): rows of a Spark frame have no number that lasts. The model is broadcast
    once and decoded once in each Python worker.

    Raises:
        BadInput: without the column for the texts or the ids.
        BadModel: the model cannot be loaded here.
        MissingExtra: PySpark or pyarrow is not installed.
    """
    try:
        import pyarrow  # noqa: F401  rows go to Python and back by it
        from pyspark.sql.functions import col
    except ImportError as error:
        raise MissingExtra(
            "PySpark or pyarrow is not installed, and this runs on both; pip install 'govtext[spark]'"
        ) from error
    by = check_columns(reports.columns, text=text, id=id)
    if by is None:
        raise BadInput(
            f"no column 'id' among {', '.join(reports.columns)}, and rows of a Spark frame have no number that lasts; "
            f"pass id= a column that names the reports"
        )
    shipment = to_shipment(model, repetition)
    columns = [col(quoted(name)).alias(alias) for name, alias in ((text, "text"), (by, "id"))]
    return reports.select(*columns).mapInArrow(
        label_batches(broadcast(reports, shipment)), spark_schema(shipment.codes)
    )


def classify_parquet(
    spark: Any,
    source: str | list[str],
    out: str,
    *,
    text: str = "text",
    id: str | None = None,
    model: str | os.PathLike[str] | bytes | None = None,
    repetition: AnyRepetition = None,
) -> None:
    """Nothing; the paragraphs of the reports in Parquet files are written to Parquet files in the folder `out`.

    Places are as Spark has them (a folder, hdfs://…, s3a://…), a list of sources too. Spark refuses an `out` that is there.

    Raises:
        BadInput: without the column for the texts or the ids.
        BadModel: the model cannot be loaded here.
        MissingExtra: PySpark or pyarrow is not installed.
    """
    sources = [source] if isinstance(source, str) else source
    reports = spark.read.parquet(*sources)
    labelled = classify_spark(reports, text=text, id=id, model=model, repetition=repetition)
    labelled.write.mode("errorifexists").parquet(out)


def broadcast(reports: Any, shipment: Shipment) -> Callable[[], Shipment]:
    """What gives the shipment on a worker, to which it goes once."""
    # None with Spark Connect, which has no broadcasts and sends the function itself, and what it holds, once a query.
    context = getattr(reports.sparkSession, "sparkContext", None)
    if context is None:
        return lambda: shipment
    sent = context.broadcast(shipment)
    return lambda: sent.value


def label_batches(shipment: Callable[[], Shipment]) -> Callable[[Iterable[Any]], Iterator[Any]]:
    """What Spark calls with Arrow batches of text and id; gives batches of paragraphs, some hundred reports at a time."""

    def label(batches: Iterable[Any]) -> Iterator[Any]:
        sent = shipment()
        labeller = Labeller(sent.model(), sent.repetition)
        for batch in batches:
            texts, ids = (column.to_pylist() for column in batch.columns)
            for piece in labeller.pieces(texts, ids):
                yield from arrow_table(piece, labeller.types).to_batches()

    return label


def spark_schema(codes: tuple[str, ...]) -> Any:
    """The columns of the paragraphs as a Spark schema, all nullable."""
    from pyspark.sql import types

    kinds = {
        "string": types.StringType(),
        "int32": types.IntegerType(),
        "float32": types.FloatType(),
        "bool": types.BooleanType(),
        "list<string>": types.ArrayType(types.StringType()),
    }
    ours: Types = frame_types(codes)
    return types.StructType([types.StructField(name, kinds[kind]) for name, kind in ours.items()])


def quoted(name: str) -> str:
    """The name of a column as Spark takes it whole, points and all.

    >>> quoted("a.b")
    '`a.b`'
    """
    return "`" + name.replace("`", "``") + "`"
