"""How far a run has come, so that one that was killed at any moment can go on with what it had.

The journal is a file of JSON lines beside OUT: a header that says which run it is; a mark each time some inputs are done, with
how much of OUT.partial and OUT.failed.partial is theirs; the end. Each is written after what it speaks of.
"""

from __future__ import annotations

import contextlib
import json
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from govtext.batch.files import NOTHING, Content, End, Files, Running, content_of, sync
from govtext.errors import GovtextError

FORMAT = 1  # of the journal


@dataclass(frozen=True, slots=True)
class Mark:
    """A place to go on from: inputs done so far, how many of them labelled and failed, and the content of both files."""

    done: int = 0
    labelled: int = 0
    failed: int = 0
    out: Content = NOTHING
    failures: Content = NOTHING


class Journal:
    """The files of a run that goes on; `mark` is the last place to go on from.

    To be used in a `with` block, with `begin` or `resume` first. An error leaves the files to the next run, if there is
    anything in them.

    Raises:
        GovtextError: another run is at it, or it cannot be written.
    """

    def __init__(self, files: Files) -> None:
        self.files = files
        self.mark = Mark()
        self.end: End | None = None
        self._header: dict[str, Any] = {}
        self._opened: list[Appended] = []
        with self.told():
            self._lines = self._open(files.journal)
        if not self._lines.lock():
            self._close()
            raise GovtextError(f"{files.name}: another run is writing it; wait for its end, or name another file")
        for value, _ in read_lines(files.journal):
            self._note(value)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._close()
        if error is not None and not self.has_progress:
            self.files.clear()

    @property
    def has_progress(self) -> bool:
        """Whether there is anything to go on with."""
        return self.mark.done > 0 or self.end is not None

    def begin(self, header: Mapping[str, Any]) -> None:
        """Start from nothing."""
        self.mark, self.end = Mark(), None
        with self.told():
            self._lines.cut(0)
            self._lines.add(to_line({"govtext_batch": FORMAT, **header}))
            self._open_both()

    def resume(self, header: Mapping[str, Any]) -> bool:
        """Whether all inputs were done before and the run only had to be brought to its end, which it is now.

        Else the files are cut back to the last mark that both bear out.

        Raises:
            GovtextError: it was another run; says what differs.
        """
        self._compare(json.loads(json.dumps({"govtext_batch": FORMAT, **header})))
        with self.told():
            if self.end is not None and self.files.can_settle(self.end):
                self.files.settle(self.end)
                return True
            self.end = None
            self._lines.cut(self._verify())
            self._open_both()
        return False

    def add(self, content: bytes, *, failed: bool = False) -> None:
        """Append to one of the files; `commit` makes it count."""
        with self.told():
            (self._failures if failed else self._out).add(content)

    def commit(self, *, done: int, labelled: int, failed: int) -> None:
        """Note that so many inputs are done: all that was added is theirs."""
        mark = Mark(done, labelled, failed, self._out.content, self._failures.content)
        with self.told():
            self._lines.add(to_line(asdict(mark)))
        self.mark = mark

    def finish(self, convert: Callable[[Path, Path], None] | None) -> None:
        """Put OUT and OUT.failed.jsonl in their places and take the rest away; an OUT without a report is none."""
        files, mark = self.files, self.mark
        with self.told():
            out = mark.out if mark.labelled else None
            if out is not None and convert is not None:
                convert(files.partial, files.staged)
                out = content_of(files.staged)
            for path in [files.failed_partial, *([files.staged] if out else [])]:
                sync(path)
            self.end = End(out, mark.failures if mark.failed else None)
            self._lines.add(to_line({"end": self.end}))
            sync(files.journal)
            self._close()  # Windows renames no open file
            files.settle(self.end)

    def _note(self, value: Mapping[str, Any]) -> None:
        if "end" in value:
            self.end = End(*(content and Content(*content) for content in value["end"]))
        elif "done" in value:
            self.mark = to_mark(value)
        else:
            self._header = dict(value)

    def _compare(self, wanted: Mapping[str, Any]) -> None:
        had = [
            f"{key.replace('_', ' ')} {self._header.get(key)!r} instead of {wanted[key]!r}"
            for key in wanted
            if self._header.get(key) != wanted[key]
        ]
        if had:
            raise GovtextError(
                f"{self.files.name}: the run that was stopped had {', '.join(had)}; repeat it as it was with --resume, "
                f"or delete {self.files.journal.name} to begin anew"
            )

    def _verify(self) -> int:
        """Where the line of the last mark ends that both files bear out; `mark` is that mark."""
        self.mark, kept = Mark(), 0
        out, failures = Running(self.files.partial), Running(self.files.failed_partial)
        with contextlib.closing(out), contextlib.closing(failures):
            for value, end in read_lines(self.files.journal):
                if "done" in value:
                    mark = to_mark(value)
                    if out.upto(mark.out.bytes) != mark.out or failures.upto(mark.failures.bytes) != mark.failures:
                        break
                    self.mark = mark
                elif "end" in value:
                    break
                kept = end
        return kept

    def _open_both(self) -> None:
        self._out, self._failures = self._open(self.files.partial), self._open(self.files.failed_partial)
        self._out.cut(self.mark.out.bytes, self.mark.out.crc)
        self._failures.cut(self.mark.failures.bytes, self.mark.failures.crc)

    def _open(self, path: Path) -> Appended:
        self._opened.append(opened := Appended(path))
        return opened

    def _close(self) -> None:
        for file in self._opened:
            file.close()
        self._opened.clear()

    @contextlib.contextmanager
    def told(self) -> Iterator[None]:
        """What the disk refuses inside is said in one sentence."""
        try:
            yield
        except OSError as error:
            raise GovtextError(
                f"{self.files.name}: cannot be written ({error.strerror or error}); what was there is left as it was"
                + ("; make it possible, and go on with --resume" if self.has_progress else "")
            ) from error


class Appended:
    """A file that grows at its end; `content` is what it holds up to there."""

    def __init__(self, path: Path) -> None:
        path.touch()
        self._file = path.open("r+b", buffering=0)
        self.content = NOTHING

    def cut(self, size: int, crc: int = 0) -> None:
        """Forget all behind the first `size` bytes, which have this CRC-32."""
        self._file.truncate(size)
        self._file.seek(size)
        self.content = Content(size, crc)

    def add(self, content: bytes) -> None:
        """Write at the end, all of it."""
        rest = memoryview(content)
        while rest:
            rest = rest[self._file.write(rest) :]
        self.content = Content(self.content.bytes + len(content), zlib.crc32(content, self.content.crc))

    def lock(self) -> bool:
        """Whether no other process has it locked; a lock ends with its process. Always so where there are no such locks."""
        try:
            import fcntl
        except ImportError:
            return True
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def close(self) -> None:
        """Give it back."""
        self._file.close()


def to_mark(value: Mapping[str, Any]) -> Mark:
    """The mark that a line of the journal holds."""
    return Mark(**{**value, "out": Content(*value["out"]), "failures": Content(*value["failures"])})


def to_line(value: Mapping[str, Any]) -> bytes:
    """The line for a value, with a CRC-32 of its own."""
    return json.dumps({**value, "check": zlib.crc32(json.dumps(value).encode())}).encode() + b"\n"


def read_lines(path: Path) -> Iterator[tuple[dict[str, Any], int]]:
    """The values of the whole lines at the start of a journal, each with where its line ends."""
    end = 0
    with path.open("rb") as file:
        for line in file:
            end += len(line)
            try:
                value = json.loads(line)
                check = value.pop("check")
            except (ValueError, KeyError, TypeError, AttributeError):
                return
            if not line.endswith(b"\n") or check != zlib.crc32(json.dumps(value).encode()):
                return
            yield value, end
