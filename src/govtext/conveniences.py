"""What a report hands on to rooms above its own: frames of its paragraphs, a page of it.

A report lies far below the rooms that know pandas or HTML. Each method imports its room when it is called, so that nothing of
them is loaded with a report; tests/test_floors.py keeps the list of what may be reached this way.
"""

from __future__ import annotations

from typing import Any


class Conveniences:
    """The methods of a labelled report that lead up the floors."""

    __slots__ = ()

    def to_html(self, *, reasons: bool = True, id: str | None = None) -> str:
        """The report as one page that stands alone, to read and correct in a browser; see `govtext.writing.pages`."""
        from govtext.writing.pages import to_html

        report: Any = self
        return to_html(report, reasons=reasons, id=id)

    def to_pandas(self) -> Any:
        """The paragraphs as a `pandas.DataFrame`; of many reports at once see `govtext.frames.to_pandas`.

        Raises:
            MissingExtra: pandas is not installed.
        """
        from govtext.frames import to_pandas

        report: Any = self
        return to_pandas(report)

    def to_polars(self) -> Any:
        """The paragraphs as a `polars.DataFrame`; of many reports at once see `govtext.frames.to_polars`.

        Raises:
            MissingExtra: polars is not installed.
        """
        from govtext.frames import to_polars

        report: Any = self
        return to_polars(report)

    def to_arrow(self) -> Any:
        """The paragraphs as a `pyarrow.Table`; of many reports at once see `govtext.frames.to_arrow`.

        Raises:
            MissingExtra: pyarrow is not installed.
        """
        from govtext.frames import to_arrow

        report: Any = self
        return to_arrow(report)
