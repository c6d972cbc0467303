"""The kinds of frame that labels come in and go out as: pandas, polars, pyarrow; a kind is one row of `KINDS`.

None of the three is imported before a frame of it has come.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from govtext.errors import BadInput

GUIDE = "docs/how-to/engines.md"
Columns = Mapping[str, list[Any]]
Types = Mapping[str, str]

# By the names of `COLUMN_TYPES`. pandas: nullable ones that a Parquet file gives back as they were. Lists stay objects: what
# pandas 3.1 writes of list<string>[pyarrow] its own read_parquet refuses (data type not understood).
PANDAS_TYPES: Types = MappingProxyType(
    {"string": "string", "int32": "Int32", "float32": "Float32", "bool": "boolean", "list<string>": "object"}
)


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of frame: its class, and how columns come out of it and go into it.

    `names` gives the columns, `values` those of one column (None where nothing is), `index` the names of the rows, `build` a
    frame of typed columns, `join` one frame of several.
    """

    package: str
    cls: str
    names: Callable[[Any], list[Any]]
    values: Callable[[Any, str], list[Any]]
    index: Callable[[Any], Sequence[Any]]
    build: Callable[[Columns, Types], Any]
    join: Callable[[list[Any]], Any]


def _pandas_values(frame: Any, name: str) -> list[Any]:
    series = frame[name]
    return [None if missing else value for value, missing in zip(series.tolist(), series.isna().tolist(), strict=True)]


def _pandas_build(columns: Columns, types: Types) -> Any:
    import pandas

    # Each list as one object: as an array of its own, pandas would make a table of lists of equal length.
    return pandas.DataFrame({name: pandas.Series(columns[name], dtype=PANDAS_TYPES[types[name]]) for name in types})


def _pandas_join(frames: list[Any]) -> Any:
    import pandas

    return pandas.concat(frames, ignore_index=True)


def _polars_build(columns: Columns, types: Types) -> Any:
    import polars

    kinds: dict[str, Any] = {
        "string": polars.String,
        "int32": polars.Int32,
        "float32": polars.Float32,
        "bool": polars.Boolean,
        "list<string>": polars.List(polars.String),
    }
    return polars.DataFrame(dict(columns), schema={name: kinds[types[name]] for name in types})


def _polars_join(frames: list[Any]) -> Any:
    import polars

    return polars.concat(frames, rechunk=True)


def arrow_schema(types: Types) -> Any:
    """The columns as a `pyarrow.Schema`, all nullable."""
    import pyarrow

    kinds = {
        "string": pyarrow.string(),
        "int32": pyarrow.int32(),
        "float32": pyarrow.float32(),
        "bool": pyarrow.bool_(),
        "list<string>": pyarrow.list_(pyarrow.string()),
    }
    return pyarrow.schema([(name, kinds[kind]) for name, kind in types.items()])


def arrow_table(columns: Columns, types: Types) -> Any:
    """The columns as a `pyarrow.Table`."""
    import pyarrow

    return pyarrow.table(dict(columns), schema=arrow_schema(types))


def _arrow_join(tables: list[Any]) -> Any:
    import pyarrow

    return pyarrow.concat_tables(tables)


KINDS: tuple[Kind, ...] = (
    Kind(
        package="pandas",
        cls="DataFrame",
        names=lambda frame: list(frame.columns),
        values=_pandas_values,
        index=lambda frame: frame.index.tolist(),
        build=_pandas_build,
        join=_pandas_join,
    ),
    Kind(
        package="polars",
        cls="DataFrame",
        names=lambda frame: list(frame.columns),
        values=lambda frame, name: frame[name].to_list(),
        index=lambda frame: range(frame.height),
        build=_polars_build,
        join=_polars_join,
    ),
    Kind(
        package="pyarrow",
        cls="Table",
        names=lambda table: list(table.column_names),
        values=lambda table, name: table[name].to_pylist(),
        index=lambda table: range(table.num_rows),
        build=arrow_table,
        join=_arrow_join,
    ),
)
PANDAS = KINDS[0]


def kind_of(frame: Any) -> Kind:
    """The kind that a frame is of.

    Raises:
        BadInput: none of them.
    """
    for kind in KINDS:
        # A frame of a package that nobody has imported cannot have come.
        if (package := sys.modules.get(kind.package)) is not None and isinstance(frame, getattr(package, kind.cls)):
            return kind
    wanted = ", ".join(f"{kind.package}.{kind.cls}" for kind in KINDS)
    there = f"{type(frame).__module__.partition('.')[0]}.{type(frame).__qualname__}"
    raise BadInput(
        f"a {there} is no frame of reports; wanted {wanted}; collect a lazy one first; for Dask and Spark see {GUIDE}"
    )


def check_columns(names: Sequence[Any], *, text: str, id: str | None) -> str | None:
    """The column that names the reports: `id`, else "id" if there is one, else None.

    Raises:
        BadInput: a column asked for is not there, or there more than once; says which there are.
    """
    there = ", ".join(map(str, names)) or "none"
    for option, name in (("text", text), ("id", id)):
        if name is not None and (count := list(names).count(name)) != 1:
            wrong = "no column" if not count else f"{count} columns"
            raise BadInput(f"{wrong} {name!r} among {there}; pass {option}= one that is there once")
    return "id" if id is None and list(names).count("id") == 1 else id
