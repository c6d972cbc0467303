"""The inputs of a run: found one after the other, counted, named, and given out again without holding them in memory."""

from __future__ import annotations

import hashlib
import json
import os
from array import array
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from govtext.batch.failures import reason_of
from govtext.batch.identities import Forms, Identities, forms_of, hash64, record_forms
from govtext.batch.records import RECORDS, records_or_problems
from govtext.errors import GovtextError, MissingExtra, UnreadableReport
from govtext.reading.folders import find_reports, no_reports, reports_below, unreadable_folder

OVERWRITE = "{}: would overwrite a report that is to be read; name another file"


@dataclass(frozen=True, slots=True)
class Task:
    """One input: `path` of a file to read, or the `text` of a record, or the `problem` that there is neither.

    `id` is unique in a run, and None for what is no report: a path that does not exist, a folder with nothing in it.
    """

    id: str | None
    file: str
    path: str | None = None
    text: str | None = None
    problem: str | None = None


def shown(path: Path) -> str:
    r"""The path with forward slashes; bytes that are no UTF-8 as `\xNN`, so that it can be printed anywhere."""
    return os.fsencode(path.as_posix()).decode("utf-8", "backslashreplace")


def is_records(path: str | os.PathLike[str]) -> bool:
    """Whether the path names a file of records by its suffix, and no folder."""
    return Path(path).suffix.lower() in RECORDS and not os.path.isdir(path)


@dataclass(frozen=True, slots=True)
class Found:
    """One line of the spool: a file, a file of `n` records as it was at `stamp`, or a problem."""

    kind: str  # "file", "records" or "problem"
    path: str
    n: int = 1
    stamp: tuple[int, int] = (0, 0)  # size, time of the last change
    problem: str = ""

    def line(self) -> bytes:
        """The line, with its end; escapes hold any name."""
        return json.dumps([self.kind, self.path, self.n, self.stamp, self.problem]).encode() + b"\n"

    @classmethod
    def of(cls, line: bytes) -> Found:
        """What a line says."""
        kind, path, n, stamp, problem = json.loads(line)
        return cls(kind, path, n, tuple(stamp), problem)


class Listing:
    """The inputs of a run in their order, each once: files, folders with all reports below them, files of records.

    They are looked up once and noted in `spool`, an empty file open for reading and writing, so that what comes or goes
    later changes no id; in memory stay 32 bytes an input while they are found, and two while they are given out.
    `total` counts inputs, problems too; `fingerprint` stands for the list and for what the files of records are, not for
    what stands in the reports.

    Raises:
        MissingExtra: a Parquet file is among them and pyarrow is not installed.
        GovtextError: `avoid`, the file to write, is one of them.
    """

    def __init__(self, inputs: Iterable[str | os.PathLike[str]], *, spool: IO[bytes], avoid: Path) -> None:
        self._spool = spool
        self._identities = Identities()
        self._places = array("Q")
        self._n_problems = 0
        digest = hashlib.blake2b(digest_size=16)
        for given in map(Path, inputs):
            if avoid.exists() and given.exists() and avoid.samefile(given):
                raise GovtextError(OVERWRITE.format(avoid))
            for found in self._found(given):
                digest.update(line := found.line())
                self._spool.write(line)
        self._settle(avoid)
        self.fingerprint = digest.hexdigest()

    def tasks(self, *, skip: int = 0) -> Iterator[Task]:
        """The inputs, without the first `skip`; to be asked for once."""
        self._spool.seek(0)
        for number, task in enumerate(self._tasks()):
            if number >= skip:
                yield task

    def _tasks(self) -> Iterator[Task]:
        position = 0
        for found in map(Found.of, self._spool):
            file = shown(Path(found.path))
            if found.kind == "problem":
                yield Task(None, file, problem=found.problem)
            elif found.kind == "file":
                if self._kept[position]:
                    yield Task(self._identities.of(position, forms_of(file)), file, found.path)
                position += 1
            else:
                yield from self._record_tasks(found, file, position)
                position += found.n

    def _record_tasks(self, found: Found, file: str, position: int) -> Iterator[Task]:
        if not self._kept[position]:  # named twice: all of them or none
            return
        path = Path(found.path)
        changed = None if stamp_of(path) == found.stamp else "changed while it was read; start the run again"
        for here, record in enumerate(records_or_problems(path, found.n), position):
            identity = self._identities.of(here, record_forms(file, record.number, record.id))
            problem = changed or record.problem
            yield Task(identity, f"{file}:{record.number}", text=None if problem else record.text, problem=problem)

    def _found(self, given: Path) -> Iterator[Found]:
        """What an argument stands for, each report's forms and place noted."""
        try:
            if given.is_dir():
                yield from self._below(given)
            elif is_records(given):
                find_reports([given])  # says what is wrong if it is not there
                yield from self._records(given)
            else:
                find_reports([given])
                yield self._file(given)
        except MissingExtra:
            raise
        except (GovtextError, OSError) as error:
            yield self._problem(given, error)

    def _below(self, folder: Path) -> Iterator[Found]:
        refused: list[OSError] = []
        empty = True
        for path in reports_below(folder, refuse=refused.append):
            empty = False
            yield from self._refused(refused)
            yield self._file(path)
        empty = empty and not refused
        yield from self._refused(refused)
        if empty:
            raise no_reports(folder)

    def _refused(self, errors: list[OSError]) -> Iterator[Found]:
        while errors:
            error = errors.pop(0)
            yield self._problem(Path(error.filename), unreadable_folder(error))

    def _file(self, path: Path) -> Found:
        self._add(forms_of(shown(path)), os.path.abspath(path))
        return Found("file", str(path))

    def _records(self, path: Path) -> Iterator[Found]:
        stamp, rows = stamp_of(path), RECORDS[path.suffix.lower()](path, with_text=False)
        file, place, n = shown(path), os.path.abspath(path), 0
        problem: GovtextError | None = UnreadableReport("is empty; a file with one report a record was wanted")
        try:
            for record in rows:
                self._add(record_forms(file, record.number, record.id), f"{place}:{record.number}")
                n, problem = n + 1, None
        except MissingExtra:
            raise
        except GovtextError as error:
            problem = error
        if n:
            yield Found("records", str(path), n, stamp)
        if problem is not None:
            raise problem

    def _problem(self, path: Path, error: Exception) -> Found:
        self._n_problems += 1
        return Found("problem", str(path), problem=reason_of(error, file=shown(path), path=str(path)))

    def _add(self, forms: Forms, place: str) -> None:
        self._identities.add(forms)
        self._places.append(hash64(place))

    def _settle(self, avoid: Path) -> None:
        import numpy as np

        places = np.array(self._places, np.uint64)
        self._places = array("Q")
        if hash64(os.path.abspath(avoid)) in places:
            raise GovtextError(OVERWRITE.format(avoid))
        kept = np.zeros(len(places), bool)
        kept[np.unique(places, return_index=True)[1]] = True
        self._identities.settle(kept)
        self._kept = kept.tobytes()
        self.total = int(kept.sum()) + self._n_problems


def stamp_of(path: Path) -> tuple[int, int]:
    """Size and time of the last change; zeros for a file that is gone."""
    try:
        status: Any = path.stat()
    except OSError:
        return 0, 0
    return status.st_size, status.st_mtime_ns


def are_many(inputs: Iterable[str | os.PathLike[str]]) -> bool:
    """Whether there is more than one report, or a file of records; looks no further than it must."""
    seen: set[str] = set()
    for given in map(Path, inputs):
        if is_records(given):
            return True
        below = reports_below(given, refuse=lambda error: None) if given.is_dir() else iter([given])
        for path in below:
            seen.add(os.path.abspath(path))
            if len(seen) > 1:
                return True
    return False
