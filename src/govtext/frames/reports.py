"""Labelled reports → a pandas or polars frame or a pyarrow table with one row a paragraph.

Reports come one alone, in any iterable, or in a mapping by the ids that they shall have. `govtext.batch.classify_frame` goes the
other way about it: it takes a frame of texts and labels them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from importlib.util import find_spec
from itertools import islice
from typing import Any

from govtext.batch.frame_kinds import KINDS, Kind
from govtext.batch.frames import AT_ONCE
from govtext.batch.identities import identities
from govtext.document import LabelledReport
from govtext.errors import BadInput, MissingExtra
from govtext.writing.columns import column_types, paragraph_columns
from govtext.writing.entry import Entry

Reports = LabelledReport | Iterable[LabelledReport] | Mapping[str, LabelledReport]
_KINDS = {kind.package: kind for kind in KINDS}
_INSTALL = {"pandas": "pandas", "polars": "polars", "pyarrow": "'govtext[parquet]'"}


def to_pandas(reports: Reports) -> Any:
    """The paragraphs of the reports as a `pandas.DataFrame`, one a row; columns as `column_types` has them.

    `id` is the mapping's key; without a mapping what the report's name gives, and its place, from 0, if it has no name.
    `file` is the report's name, empty without one.

    Raises:
        BadInput: something that is no labelled report, or reports with different themes.
        MissingExtra: pandas is not installed.

    >>> import govtext
    >>> report = govtext.classify("一、服务企业\\n走访企业120家，解决融资难题36个。\\n")
    >>> to_pandas({"a": report})[["id", "paragraph", "kind", "role"]].to_numpy(na_value=None).tolist()
    [['a', 0, 'heading', 'done'], ['a', 1, 'body', 'done']]
    """
    return _framed(reports, "pandas")


def to_polars(reports: Reports) -> Any:
    """The same as a `polars.DataFrame`.

    Raises:
        BadInput: as `to_pandas`.
        MissingExtra: polars is not installed.
    """
    return _framed(reports, "polars")


def to_arrow(reports: Reports) -> Any:
    """The same as a `pyarrow.Table`.

    Raises:
        BadInput: as `to_pandas`.
        MissingExtra: pyarrow is not installed.
    """
    return _framed(reports, "pyarrow")


def _framed(reports: Reports, package: str) -> Any:
    kind = _kind(package)
    frames: list[Any] = []
    codes: tuple[str, ...] = ()
    entries = iter(to_entries(reports))
    # A piece at a time, as `classify_frame`: columns of Python objects take three times the memory.
    while some := list(islice(entries, AT_ONCE)):
        codes = codes or tuple(some[0].report.theme_names)
        _check_themes(some, codes)
        frames.append(kind.build(paragraph_columns(some, codes), column_types(codes)))
    return kind.join(frames or [kind.build(paragraph_columns((), ()), column_types(()))])


def _kind(package: str) -> Kind:
    if find_spec(package) is None:
        raise MissingExtra(f"{package} is not installed; a frame of it needs it: pip install {_INSTALL[package]}")
    return _KINDS[package]


def to_entries(reports: Reports) -> Iterator[Entry]:
    """The reports under the ids that they go by.

    Raises:
        BadInput: something among them is no labelled report.
    """
    if isinstance(reports, Mapping):
        for key, report in reports.items():
            yield Entry(str(key), _checked(report).source.name, report)
        return
    every = [reports] if isinstance(reports, LabelledReport) else list(map(_checked, reports))
    names = [report.source.name or str(place) for place, report in enumerate(every)]
    for name, report in zip(identities(names), every, strict=True):
        yield Entry(name, report.source.name, report)


def _checked(report: Any) -> LabelledReport:
    if not isinstance(report, LabelledReport):
        raise BadInput(
            f"a {type(report).__name__} ({report!r:.40}) is no labelled report; label it with govtext.classify"
        )
    return report


def _check_themes(entries: list[Entry], codes: tuple[str, ...]) -> None:
    for entry in entries:
        if tuple(entry.report.theme_names) != codes:
            raise BadInput(
                f"report {entry.id!r} has the themes {', '.join(entry.report.theme_names)}, those before it "
                f"{', '.join(codes)}; make a frame of each model's reports"
            )
