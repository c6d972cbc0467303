"""X, y and groups as people hold them → rows and a table of labels; whatever cannot be meant is refused with its row.

Frames of pandas and polars are read by what they offer (`columns`, `to_list`), so neither is imported.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from govtext.errors import BadCorpus
from govtext.taxonomy import MOST_THEMES

Label = str | int
# Columns that a frame or dict may have; the first must be there.
COLUMNS = ("text", "headings", "title", "document")
_LISTS = (list, tuple, set, frozenset)


@dataclass(frozen=True, slots=True)
class Rows:
    """Paragraphs: their texts, the headings above each, the title and the name of the document each stands in.

    `documents` is None where rows are by themselves; `columns` are those of the frame, None for plain texts.
    """

    texts: list[str]
    headings: list[tuple[str, ...]]
    titles: list[str]
    documents: list[str] | None
    columns: tuple[str, ...] | None

    def __len__(self) -> int:
        return len(self.texts)


@dataclass(frozen=True, slots=True, eq=False)
class Labels:
    """Which labels each row has: `table` (n, n_labels), columns in the order of `names`.

    `form` is how they were given, and how predictions are given back: "single", "indicator" or "lists".
    """

    form: str
    names: tuple[Label, ...]
    table: NDArray[np.bool_]


def read_rows(X: Any) -> Rows:
    """The rows of a list, array or series of texts, of a list of dicts, or of a frame with a column `text`.

    Raises:
        BadCorpus: a bare str, no row, or a row without text; names the row, counted from 0.
    """
    if isinstance(X, str | bytes):
        raise BadCorpus("X is one str; wanted a list of paragraphs, so put it in a list: [text]")
    if _is_frame(X):
        return _from_columns({str(name): _values(X[name]) for name in X.columns})
    values = _values(X)
    if values and isinstance(values[0], dict):
        return _from_dicts(values)
    if values and isinstance(values[0], list | tuple) and len(values[0]) == 1:  # a column of a two-dimensional array
        values = [row[0] if isinstance(row, list | tuple) and len(row) == 1 else row for row in values]
    texts = _texts(values, "text")
    return Rows(texts, [()] * len(texts), [""] * len(texts), None, None)


def read_groups(groups: Any, n_rows: int) -> list[str] | None:
    """A name for each row, or None if there are no groups.

    Raises:
        BadCorpus: another number than rows, or a row without a name.
    """
    if groups is None:
        return None
    values = _values(groups)
    if len(values) != n_rows:
        raise BadCorpus(f"{len(values)} groups for {n_rows} rows; name the document of each row")
    if missing := [i for i, value in enumerate(values) if _is_missing(value)]:
        raise BadCorpus(f"groups, row {missing[0]}: {values[missing[0]]!r}; wanted the name of the row's document")
    return [str(value) for value in values]


def read_labels(y: Any, n_rows: int, *, themes: Sequence[Label] | None = None, all_occur: bool = True) -> Labels:
    """The labels of the rows: one a row, lists of them, or an indicator of 0 and 1 (array, sparse matrix or frame).

    `themes` are all labels there may be, in the order wanted; without them it is those that occur, sorted. With `all_occur`
    each must be on some row, and on another not.

    Raises:
        BadCorpus: says which row or label is wrong, and what to do.
    """
    if y is None or isinstance(y, str | bytes):
        raise BadCorpus(f"y is {y!r}; wanted the labels of {n_rows} rows: one each, a list each, or an indicator")
    names: Sequence[Label] | None = themes
    if _is_frame(y) and len(y.columns) == 1:
        y = y[y.columns[0]]
    if _is_frame(y):
        names = [str(name) for name in y.columns]
        form, rows = "indicator", [list(row) for row in zip(*(_values(y[name]) for name in y.columns))]
    else:
        rows = _values(y)
        form = _form(rows, y)
    if len(rows) != n_rows or not rows:
        raise BadCorpus(f"labels of {len(rows)} rows for {n_rows} rows of text; wanted as many, and some")
    found = _indicator(rows, names) if form == "indicator" else _named(rows, form, names)
    if all_occur:
        _check_support(found)
    return found


def most_alike(label: Label, known: Sequence[Label]) -> str:
    """What an unknown label was probably meant to be, as the end of a sentence."""
    near = difflib.get_close_matches(str(label), [str(name) for name in known], 1, 0.5)
    shown = ", ".join(map(str, known[:12])) + (", …" if len(known) > 12 else "")
    return f"did you mean {near[0]!r}?" if near else f"the labels are {shown}"


def _is_frame(X: Any) -> bool:
    return hasattr(X, "columns") and hasattr(X, "shape") and len(X.shape) == 2


def _values(X: Any) -> list[Any]:
    """The elements of any one-dimensional thing, and the rows of a two-dimensional one as lists."""
    if hasattr(X, "toarray"):
        X = X.toarray()
    for method in ("to_list", "tolist"):  # a series, an array
        if hasattr(X, method):
            values = getattr(X, method)()
            return values if isinstance(values, list) else [values]
    if not isinstance(X, Iterable):
        raise BadCorpus(f"a {type(X).__name__}; wanted a list, an array, a series or a frame")
    return list(X)


def _is_missing(value: Any) -> bool:
    """None, NaN, NaT, pandas.NA: None, or what is not equal to itself."""
    if value is None:
        return True
    try:
        return bool(value != value)
    except (TypeError, ValueError):
        return not isinstance(value, (*_LISTS, np.ndarray))


def _texts(values: Sequence[Any], column: str) -> list[str]:
    if not values:
        raise BadCorpus("X has no rows; wanted at least one paragraph")
    for row, value in enumerate(values):
        if not isinstance(value, str):
            shown = f"{value!r:.40}" if value is None or isinstance(value, float) else f"a {type(value).__name__}"
            raise BadCorpus(f"X, row {row}: {column} is {shown}; wanted a str, so fill it with '' or leave the row out")
    return [str(value) for value in values]


def _from_dicts(values: Sequence[Any]) -> Rows:
    for row, value in enumerate(values):
        if not isinstance(value, dict):
            raise BadCorpus(f"X, row {row}: a {type(value).__name__} among dicts; wanted a dict with 'text'")
    named = list(dict.fromkeys(str(name) for value in values for name in value))
    missing = [(row, name) for row, value in enumerate(values) for name in named if name not in value]
    if missing and "text" in named:
        row, name = missing[0]
        raise BadCorpus(f"X, row {row}: no {name!r}, which other rows have; give it to all rows or to none")
    return _from_columns({name: [value[name] for value in values] for name in named} if not missing else {})


def _from_columns(columns: dict[str, list[Any]]) -> Rows:
    if len(columns) == 1:
        columns = {"text": next(iter(columns.values()))} if "text" not in columns else columns
    if "text" not in columns:
        raise BadCorpus(f"X has no column 'text'; wanted {', '.join(COLUMNS)} (all but the first optional)")
    texts = _texts(columns["text"], "text")
    titles = _texts(columns["title"], "title") if "title" in columns else [""] * len(texts)
    headings: list[tuple[str, ...]] = [()] * len(texts)
    if "headings" in columns:
        headings = [_headings(row, value) for row, value in enumerate(columns["headings"])]
    documents = read_groups(columns["document"], len(texts)) if "document" in columns else None
    return Rows(texts, headings, titles, documents, tuple(name for name in COLUMNS if name in columns))


def _headings(row: int, value: Any) -> tuple[str, ...]:
    """The headings above a paragraph, outermost first; one str is one heading."""
    if isinstance(value, str):
        return (value,) if value.strip() else ()
    if isinstance(value, np.ndarray):
        value = value.tolist()
    if not isinstance(value, list | tuple) or not all(isinstance(heading, str) for heading in value):
        raise BadCorpus(f"X, row {row}: headings are {value!r:.40}; wanted a str or a list of them, [] for none")
    return tuple(heading for heading in value if heading.strip())


def _form(rows: Sequence[Any], y: Any) -> str:
    nested = [row for row in rows if isinstance(row, (*_LISTS, np.ndarray))]
    if not nested:
        return "single"
    if len({len(row) for row in nested}) == 1 and len(nested) == len(rows):
        flat = [value for row in nested for value in row]
        if getattr(y, "ndim", 1) == 2 and flat and not any(isinstance(value, str) for value in flat):
            return "indicator"
        if flat and all(not isinstance(value, str) and value in (0, 1) for value in flat) and len(nested[0]) > 1:
            return "indicator"
    return "lists"


def _indicator(rows: Sequence[Any], names: Sequence[Label] | None) -> Labels:
    n_columns = len(rows[0])
    if n_columns > MOST_THEMES:
        raise BadCorpus(
            f"an indicator of {n_columns:,} columns; at most {MOST_THEMES} labels are allowed, so join some"
        )
    if names is not None and len(names) != n_columns:
        raise BadCorpus(f"an indicator of {n_columns} columns for {len(names)} themes; wanted a column each")
    for row, values in enumerate(rows):
        for value in values:
            if _is_missing(value) or value not in (0, 1):
                raise BadCorpus(f"y, row {row}: {value!r:.40} in the indicator; wanted 0 or 1, or leave the row out")
    return Labels("indicator", tuple(range(n_columns) if names is None else names), np.array(rows, np.int64) > 0)


def _named(rows: Sequence[Any], form: str, themes: Sequence[Label] | None) -> Labels:
    said: list[list[Label]] = []
    for row, value in enumerate(rows):
        if form == "single":
            said.append([_label(row, value)])
            continue
        if not isinstance(value, (*_LISTS, np.ndarray)):
            raise BadCorpus(f"y, row {row}: {value!r:.40} among lists of labels; wanted a list, [] for no label")
        if len(value) > MOST_THEMES:
            raise BadCorpus(
                f"y, row {row}: {len(value):,} labels on one row; at most {MOST_THEMES} are allowed, so give each "
                f"paragraph a row of its own"
            )
        said.append([_label(row, one) for one in value])
    occurring = {label for labels in said for label in labels}
    if len({type(label) for label in occurring}) > 1:
        raise BadCorpus("labels that are str and labels that are numbers; wanted one kind, so write all as str")
    names = sorted(occurring) if themes is None else list(themes)
    if len(names) > MOST_THEMES:
        raise BadCorpus(
            f"{len(names):,} different labels; at most {MOST_THEMES} are allowed, so join or leave out some"
        )
    place = {name: k for k, name in enumerate(names)}
    table = np.zeros((len(said), len(names)), bool)
    for row, labels in enumerate(said):
        for label in labels:
            if label not in place:
                raise BadCorpus(f"y, row {row}: {label!r} is none of the themes; {most_alike(label, names)}")
            table[row, place[label]] = True
    return Labels(form, tuple(names), table)


def _label(row: int, value: Any) -> Label:
    value = value.item() if isinstance(value, np.generic) else value
    if isinstance(value, str) and value.strip():
        return value
    if isinstance(value, int) or (isinstance(value, float) and value.is_integer()):
        return int(value)
    raise BadCorpus(f"y, row {row}: label {value!r:.40}; wanted a name or a whole number, or leave the row out")


def _check_support(labels: Labels) -> None:
    if not labels.names:
        raise BadCorpus("y has no label on any row; label some rows, at least one with and one without each label")
    for name, n_rows in zip(labels.names, labels.table.sum(axis=0).tolist()):
        if not n_rows:
            raise BadCorpus(f"label {name!r} is on no row; label some rows with it, or take it out of the themes")
        if n_rows == len(labels.table):
            raise BadCorpus(
                f"label {name!r} is on every row; add rows without it, at least some of two kinds are needed"
            )
