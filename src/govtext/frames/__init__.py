"""Labelled reports as frames and data sets, labelled documents out of data sets: pandas, polars, pyarrow, Hugging Face.

Columns are those of `govtext classify -o x.parquet` (docs/reference/columns.md). Names are loaded on first use.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from govtext.frames.huggingface import documents_from_dataset, documents_to_dataset, to_dataset
    from govtext.frames.reports import Reports, to_arrow, to_pandas, to_polars

_HOMES = {
    "govtext.frames.huggingface": ("documents_from_dataset", "documents_to_dataset", "to_dataset"),
    "govtext.frames.reports": ("Reports", "to_arrow", "to_pandas", "to_polars"),
}
_HOME = {name: module for module, names in _HOMES.items() for name in names}
__all__ = [
    "Reports",
    "documents_from_dataset",
    "documents_to_dataset",
    "to_arrow",
    "to_dataset",
    "to_pandas",
    "to_polars",
]


def __getattr__(name: str) -> Any:
    """A public name, loaded now."""
    if name not in _HOME:
        raise AttributeError(f"module 'govtext.frames' has no attribute {name!r}")
    value = getattr(import_module(_HOME[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """The public names."""
    return sorted(__all__)
