"""Labelled reports as frames and data sets, labelled documents out of data sets: pandas, polars, pyarrow, Hugging Face.

Columns are those of `govtext classify -o x.parquet` (docs/reference/columns.md). Names are loaded on first use.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from govtext.lazily import lazily

if TYPE_CHECKING:
    from govtext.frames.huggingface import documents_from_dataset, documents_to_dataset, to_dataset
    from govtext.frames.reports import Reports, to_arrow, to_pandas, to_polars

_HOMES = {
    "govtext.frames.huggingface": ("documents_from_dataset", "documents_to_dataset", "to_dataset"),
    "govtext.frames.reports": ("Reports", "to_arrow", "to_pandas", "to_polars"),
}
__all__ = [
    "Reports",
    "documents_from_dataset",
    "documents_to_dataset",
    "to_arrow",
    "to_dataset",
    "to_pandas",
    "to_polars",
]

__getattr__, __dir__ = lazily("govtext.frames", _HOMES)
