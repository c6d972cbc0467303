"""Reports in a Dask data frame or in Parquet files, labelled by the workers of a Dask cluster."""

from __future__ import annotations

import os
from contextlib import nullcontext
from typing import Any

from govtext.batch.frame_kinds import PANDAS, arrow_schema, check_columns
from govtext.batch.frames import classify_frame, frame_types
from govtext.batch.shipping import AnyRepetition, Shipment, to_shipment
from govtext.errors import BadInput, MissingExtra

SCORE = "score_"
MISSING = "dask is not installed with its data frames, and this runs on it; pip install 'govtext[dask]'"


def classify_dask(
    reports: Any,
    *,
    text: str = "text",
    id: str | None = None,
    model: str | os.PathLike[str] | bytes | None = None,
    repetition: AnyRepetition = None,
    client: Any = None,
) -> Any:
    """A Dask data frame of the paragraphs, not computed yet: each partition is what `classify_frame` makes of it.

    `id` is needed (the column "id" by default) where the index is no name: with unknown divisions it begins again in each
    partition. The model leaves here once and is decoded once a process; with a `distributed.Client` it is on all workers
    before they begin.

    Raises:
        BadInput: without the column for the texts or the ids.
        BadModel: the model cannot be loaded here.
        MissingExtra: Dask is not installed.
    """
    try:
        from dask import delayed
    except ImportError as error:
        raise MissingExtra(MISSING) from error
    names = list(reports.columns)
    by = check_columns(names, text=text, id=id)
    if by is None and not reports.known_divisions:
        raise BadInput(
            f"no column 'id' among {', '.join(map(str, names))}, and row numbers begin again in each partition; "
            f"pass id= a column that names the reports"
        )
    shipment = to_shipment(model, repetition)
    types = frame_types(shipment.codes)
    sent = shipment if client is None else client.scatter(shipment, broadcast=True)
    # One task of its own, which all others depend on: it would be in each of them as an argument.
    return reports[list(dict.fromkeys([text, by or text]))].map_partitions(
        label_partition,
        delayed(sent, traverse=False),
        text=text,
        id=by,
        meta=PANDAS.build({name: [] for name in types}, types),
        clear_divisions=True,
    )


def label_partition(frame: Any, shipment: Shipment, *, text: str, id: str | None) -> Any:
    """The paragraphs of one partition."""
    return classify_frame(frame, text=text, id=id, model=shipment.model(), repetition=shipment.repetition)


def classify_parquet(
    source: Any,
    out: str | os.PathLike[str],
    *,
    text: str = "text",
    id: str | None = None,
    model: str | os.PathLike[str] | bytes | None = None,
    repetition: AnyRepetition = None,
    client: Any = None,
) -> None:
    """Nothing; the paragraphs of the reports in Parquet files are written to Parquet files in the folder `out`.

    `source` is what `dask.dataframe.read_parquet` takes: a file, a folder, a pattern or a list, here or in a store
    (s3://…); files below come as partitions in order of name. `client` labels; without one, what Dask uses by default.

    Raises:
        BadInput: without the column for the texts or the ids; or `out` has files in it, which would mix with the new ones.
        BadModel: the model cannot be loaded here.
        MissingExtra: Dask is not installed.
    """
    try:
        import dask.dataframe
        import pyarrow  # noqa: F401  Dask reads and writes Parquet by it
        from fsspec.core import url_to_fs
    except ImportError as error:
        raise MissingExtra(MISSING) from error
    store, folder = url_to_fs(os.fspath(out))
    if store.exists(folder) and (not store.isdir(folder) or store.ls(folder)):
        raise BadInput(f"{out}: there is something already; name a folder that is new or empty")
    with nullcontext() if client is None else client.as_current():
        reports = dask.dataframe.read_parquet(source)
        labelled = classify_dask(reports, text=text, id=id, model=model, repetition=repetition, client=client)
        codes = [name.removeprefix(SCORE) for name in labelled.columns if name.startswith(SCORE)]
        # Said, not guessed from the first rows: a column of lists may be empty in all of them.
        labelled.to_parquet(os.fspath(out), write_index=False, schema=arrow_schema(frame_types(codes)))
