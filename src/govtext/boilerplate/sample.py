"""A sample of whole reports of bounded size, the same whatever the order they came in, and the file it is kept in.

While there is room every report is kept; then the one with the largest number goes, and no report from that number on is
taken again. So what is left are the reports with the smallest numbers that fit, however they were divided and merged.
"""

from __future__ import annotations

from dataclasses import dataclass
from heapq import heappop, heappush
from itertools import accumulate
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from govtext.boilerplate.copies import N_HASHES, PASSAGE
from govtext.boilerplate.occurrences import LINE, Records
from govtext.errors import BadConfig, BadModel
from govtext.scoring import modelfile
from govtext.scoring.modelfile import Array, Schema

ROOM: Final = (1 << 20, 160 << 20)  # least and most bytes of a sample; a file may have 200 MB
LARGEST_KEY: Final = (1 << 63) - 1
LONGEST_NAME = 400  # bytes of a report's id that are kept
_REPORT_BYTES = 32  # key, content, counts

_LINES, _PASSAGES, _REPORTS = "line_rows", "passage_rows", "report_rows"
SCHEMA: Final = Schema(
    "govtext-repetition",
    (1,),
    {
        "limit": Array("int64", (1,)),
        "reports.key": Array("int64", (_REPORTS,)),
        "reports.content": Array("int64", (_REPORTS,)),
        "reports.n_lines": Array("uint32", (_REPORTS,)),
        "reports.n_passages": Array("uint32", (_REPORTS,)),
        "reports.name_bytes": Array("uint16", (_REPORTS,)),
        "reports.names": Array("uint8", ("bytes",)),
        **{f"lines.{name}": Array(LINE[name].name, (_LINES,)) for name in LINE.names or ()},
        "passages.start": Array("uint32", (_PASSAGES,)),
        "passages.end": Array("uint32", (_PASSAGES,)),
        "passages.signature": Array("uint8", (_PASSAGES, N_HASHES)),
    },
    {"most_bytes": int},
)


@dataclass(frozen=True, slots=True, eq=False)
class KeptReport:
    """What is kept of one report: its number, what its prose is known by, its name, lines and passages."""

    key: int
    content: int
    name: bytes
    lines: Records
    passages: Records

    @property
    def n_bytes(self) -> int:
        """What the report counts against the room of a sample."""
        return _REPORT_BYTES + len(self.name) + self.lines.nbytes + self.passages.nbytes


class Sample:
    """The reports with the smallest numbers that fit into `most_bytes`; `limit` is the smallest number that did not."""

    def __init__(self, most_bytes: int) -> None:
        if type(most_bytes) is not int or not ROOM[0] <= most_bytes <= ROOM[1]:
            raise BadConfig(f"most_bytes={most_bytes!r}; wanted a whole number from {ROOM[0]:,} to {ROOM[1]:,}")
        self.most_bytes = most_bytes
        self.limit = LARGEST_KEY + 1
        self.reports: dict[int, KeptReport] = {}
        self._n_bytes = 0
        self._largest: list[int] = []  # a heap of negative keys

    @property
    def is_whole(self) -> bool:
        """Whether nothing had to go for want of room."""
        return self.limit > LARGEST_KEY

    def wants(self, key: int) -> bool:
        """Whether a report of this number would be new and could be kept."""
        return key < self.limit and key not in self.reports

    def add(self, report: KeptReport) -> None:
        """The report is in, unless it is there already or too large a number; what no longer fits is out."""
        if not self.wants(report.key):
            return
        self.reports[report.key] = report
        self._n_bytes += report.n_bytes
        heappush(self._largest, -report.key)
        while self._n_bytes > self.most_bytes:
            self._drop()

    def merge(self, other: Sample) -> None:
        """The reports of both, as if one sample had been given all."""
        if other.most_bytes != self.most_bytes:
            raise BadConfig(
                f"samples of {self.most_bytes:,} and {other.most_bytes:,} bytes; merge models of the same most_bytes"
            )
        self.limit = min(self.limit, other.limit)
        while self._largest and -self._largest[0] >= self.limit:
            self._drop()
        for report in other.reports.values():
            self.add(report)

    def ordered(self) -> list[KeptReport]:
        """The reports by their numbers."""
        return [self.reports[key] for key in sorted(self.reports)]

    def _drop(self) -> None:
        key = -heappop(self._largest)
        self._n_bytes -= self.reports.pop(key).n_bytes
        self.limit = min(self.limit, key)


def together(reports: list[KeptReport]) -> tuple[Records, NDArray[np.int64], Records, NDArray[np.int64]]:
    """All lines and all passages, each with the row of the report that it belongs to."""
    lines: Any = np.concatenate([np.zeros(0, LINE), *(r.lines for r in reports)])
    passages: Any = np.concatenate([np.zeros(0, PASSAGE), *(r.passages for r in reports)])
    rows = np.arange(len(reports))
    return (
        lines,
        np.repeat(rows, [len(r.lines) for r in reports]),
        passages,
        np.repeat(rows, [len(r.passages) for r in reports]),
    )


def save_sample(sample: Sample, path: Path) -> str:
    """The SHA-256 of the file written; equal samples make equal files."""
    reports = sample.ordered()
    lines, _, passages, _ = together(reports)
    arrays: dict[str, NDArray[Any]] = {
        # One less: the number behind the largest key is no int64.
        "limit": np.array([sample.limit - 1], np.int64),
        "reports.key": np.array([r.key for r in reports], np.int64),
        "reports.content": np.array([r.content for r in reports], np.int64),
        "reports.n_lines": np.array([len(r.lines) for r in reports], np.uint32),
        "reports.n_passages": np.array([len(r.passages) for r in reports], np.uint32),
        "reports.name_bytes": np.array([len(r.name) for r in reports], np.uint16),
        "reports.names": np.frombuffer(b"".join(r.name for r in reports), np.uint8),
        **{f"lines.{name}": lines[name] for name in LINE.names or ()},
        **{f"passages.{name}": passages[name] for name in PASSAGE.names or ()},
    }
    return modelfile.save(path, arrays, {"most_bytes": sample.most_bytes}, schema=SCHEMA)


def load_sample(path: Path) -> Sample:
    """The sample in a file.

    Raises:
        BadModel: the file is missing, damaged, no repetition model, or says something that no sample may say.
    """
    arrays, header, _ = modelfile.load(path, schema=SCHEMA)
    try:
        sample = Sample(header["most_bytes"])
    except BadConfig as error:
        raise BadModel(f"{path}: {error}; fit the repetition model again") from error
    counts = [arrays[f"reports.{name}"].astype(np.int64) for name in ("n_lines", "n_passages", "name_bytes")]
    rows = [len(arrays[name]) for name in ("lines.line", "passages.start", "reports.names")]
    keys = arrays["reports.key"]
    limit = int(arrays["limit"][0]) + 1
    lines = np.zeros(rows[0], LINE)
    passages = np.zeros(rows[1], PASSAGE)
    for table, prefix in ((lines, "lines"), (passages, "passages")):
        for name in table.dtype.names or ():
            table[name] = arrays[f"{prefix}.{name}"]
    owners = np.repeat(np.arange(len(keys)), counts[0]) if int(counts[0].sum()) == rows[0] else None
    faults = {
        "counts that are not those of its tables": [int(c.sum()) for c in counts] != rows,
        "numbers out of order or beyond its limit": bool(
            limit < 0 or (len(keys) and (keys[0] < 0 or keys[-1] >= limit)) or (keys[1:] <= keys[:-1]).any()
        ),
        "lines out of order": owners is not None
        and bool(((np.diff(owners) == 0) & (lines["line"][1:] <= lines["line"][:-1])).any()),
        "negative hashes": bool((lines["line"] < 0).any() or (arrays["reports.content"] < 0).any()),
        "a flag that is neither 0 nor 1": bool((lines["outside"] > 1).any()),
        "an empty passage": bool((passages["end"] <= passages["start"]).any()),
        "a name that is too long": bool((counts[2] > LONGEST_NAME).any()),
    }
    if wrong := [fault for fault, there in faults.items() if there]:
        raise BadModel(f"{path}: a repetition model with {wrong[0]}; fit it again")
    ends = [list(accumulate(c.tolist(), initial=0)) for c in counts]
    names = arrays["reports.names"].tobytes()
    for row, key in enumerate(keys.tolist()):
        here = [slice(end[row], end[row + 1]) for end in ends]
        try:
            names[here[2]].decode()
        except UnicodeDecodeError as error:
            raise BadModel(f"{path}: a name that is not UTF-8 ({error}); fit the repetition model again") from error
        content = int(arrays["reports.content"][row])
        sample.add(KeptReport(key, content, names[here[2]], lines[here[0]], passages[here[1]]))
    if len(sample.reports) < len(keys):
        raise BadModel(f"{path}: a repetition model of more than its {sample.most_bytes:,} bytes; fit it again")
    sample.limit = limit
    return sample
