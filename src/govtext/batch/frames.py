"""A frame with one report a row → the same kind of frame with one row a paragraph."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from govtext.batch.failures import reason_of
from govtext.batch.frame_kinds import Columns, check_columns, kind_of
from govtext.batch.shipping import AnyModel, AnyRepetition, to_model, to_repetition
from govtext.boilerplate.marks import marked
from govtext.boilerplate.repetition import RepetitionModel
from govtext.document import Source
from govtext.errors import BadInput
from govtext.labelling import Model
from govtext.reading.sources import read
from govtext.writing.columns import clean, column_types, paragraph_columns
from govtext.writing.entry import Entry

ERROR = "error"  # the last column: why a row could not be labelled
# Reports whose rows are packed together: as Python objects a row takes 1.1 kB, in an Arrow table 0.4 kB.
AT_ONCE = 256


def classify_frame(
    frame: Any,
    *,
    text: str = "text",
    id: str | None = None,
    model: AnyModel = None,
    repetition: AnyRepetition = None,
) -> Any:
    """The paragraphs of the reports in a pandas or polars frame or a pyarrow table, as a frame of the same kind.

    One row a paragraph, reports in the order of their rows; columns as `frame_types` has them, whatever the frame holds.
    `text` is the column of the reports: texts, or bytes to be read. `id` names them: the column "id" by default, without
    it their index in pandas, and their position elsewhere. `file` is empty.

    A row that cannot be labelled gives one row, all empty but `id` and `error`, which says why in a sentence.

    Raises:
        BadInput: no frame, or without the column; says which columns there are.
        BadModel: the model cannot be loaded.

    >>> import pandas
    >>> reports = pandas.DataFrame({"id": ["a", "b"], "text": ["一、服务企业\\n走访企业120家，解决融资难题36个。\\n", " "]})
    >>> classify_frame(reports)[["id", "kind", "error"]].to_numpy(na_value=None).tolist()  # doctest: +NORMALIZE_WHITESPACE
    [['a', 'heading', None], ['a', 'body', None],
     ['b', None, 'holds nothing but white space; a report with text was wanted']]
    """
    kind = kind_of(frame)
    by = check_columns(kind.names(frame), text=text, id=id)
    labeller = Labeller(to_model(model), to_repetition(repetition))
    ids = kind.index(frame) if by is None else kind.values(frame, by)
    pieces = labeller.pieces(kind.values(frame, text), ids)
    built = [kind.build(piece, labeller.types) for piece in pieces]
    return kind.join(built or [kind.build(labeller.columns(), labeller.types)])


def frame_types(codes: Sequence[str]) -> dict[str, str]:
    """The type of each column, in order: those of `govtext.writing.columns.column_types`, then `error`."""
    return {**column_types(codes), ERROR: "string"}


class Labeller:
    """What labels rows: a model, and a repetition model or None."""

    def __init__(self, model: Model, repetition: RepetitionModel | None = None) -> None:
        self.model = model
        self.repetition = repetition
        self.types: Mapping[str, str] = frame_types(model.taxonomy.codes)

    def columns(self) -> dict[str, list[Any]]:
        """The columns without a row."""
        return {name: [] for name in self.types}

    def pieces(self, texts: Iterable[Any], ids: Iterable[Any]) -> Iterator[Columns]:
        """The columns of up to `AT_ONCE` reports at a time, none if there is no report."""
        rows = zip(texts, ids, strict=True)
        while some := list(islice(rows, AT_ONCE)):
            piece = self.columns()
            for text, id in some:
                for name, values in self.row(text, as_text(id)).items():
                    piece[name] += values
            yield piece

    def row(self, text: Any, id: str | None) -> Columns:
        """The columns of one report."""
        name = id or "the text"
        try:
            report = self.model.classify(to_source(text, name))
            if self.repetition is not None:
                report = marked(report, self.repetition)
            columns = paragraph_columns([Entry(id or "", "", report)], self.model.taxonomy.codes)
        except Exception as error:  # a fault of ours too: one report in a million must not cost a cluster its night
            return self.refused(id, reason_of(error, file=name))
        n_rows = len(columns["id"])
        return {**columns, "id": [clean(id)] * n_rows, "file": [None] * n_rows, ERROR: [None] * n_rows}

    def refused(self, id: str | None, why: str) -> Columns:
        """The one row of a report that could not be labelled."""
        return {**{name: [None] for name in self.types}, "id": [clean(id)], ERROR: [why]}


def to_source(text: Any, name: str) -> Source:
    """The report in a row: its text, or the text in its bytes.

    Raises:
        BadInput: there is none; a path is not followed, for the table of a stranger could name any file.
        UnreadableReport: as `govtext.read`.
    """
    if isinstance(text, str):
        # As an open file: alone, a text that reads like the name of a file here would be refused.
        return read(io.StringIO(text, newline=""), name=name)
    if isinstance(text, bytes):
        return read(text, name=name)
    if text is None:
        raise BadInput("the text is missing; wanted a report's text in each row")
    raise BadInput(f"the text is a {type(text).__name__} ({text!r:.40}); wanted a report's text in each row")


def as_text(id: Any) -> str | None:
    """The id as text, None for none; whole numbers without a point, for a column with a gap in it makes 5 to 5.0.

    >>> as_text(5.0), as_text("05"), as_text(None)
    ('5', '05', None)
    """
    if isinstance(id, float) and id.is_integer():
        return str(int(id))
    return None if id is None else str(id)
