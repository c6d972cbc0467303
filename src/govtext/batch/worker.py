"""What a worker process does: label one input after the other and send the bytes of each, or the reason why there are none."""

from __future__ import annotations

import contextlib
import io
import signal
from collections.abc import Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import NamedTuple, Protocol

from govtext.batch.failures import reason_of
from govtext.batch.inputs import Task
from govtext.batch.sinks import SINKS
from govtext.boilerplate.marks import load_repetition, marked
from govtext.confining import die_with_parent, limit_memory
from govtext.document import LabelledReport, Source
from govtext.errors import GovtextError
from govtext.reading.sources import read
from govtext.writing import Entry


class Labeller(Protocol):
    """What labels reports: a `Model`, or whatever has its `classify` and can be sent to another process."""

    def classify(self, source: Source) -> LabelledReport:
        """The labelled report."""


@dataclass(frozen=True, slots=True)
class Job:
    """What a worker must know: what labels, the form to write, and the most megabytes it may take (None: no limit)."""

    model: Labeller
    form: str
    encoding: str | None = None
    repetition: Path | None = None
    memory: int | None = None


class Hello(NamedTuple):
    """The first thing a worker sends: why it cannot begin, None if it can."""

    refusal: str | None = None


class Answer(NamedTuple):
    """What has become of a task: the bytes of its report and those before all reports, or the reason why there are none.

    `interrupted`: the labeller itself asked for the run to stop.
    """

    body: bytes = b""
    header: bytes = b""
    reason: str | None = None
    interrupted: bool = False


def work(connection: Connection) -> None:
    """Nothing; a job comes, then lists of tasks, which are answered one by one until the other end is closed."""
    # Ctrl-C reaches the whole group; the parent decides what becomes of its workers.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    die_with_parent()
    # The parent has gone, or needs no more.
    with contextlib.suppress(EOFError, BrokenPipeError, ConnectionResetError):
        job: Job = connection.recv()
        try:
            # Before the limit: a library that does not fit would look like one that is not installed.
            SINKS[job.form].check()
            # The bundled model needs 300 MB to begin, 500 to write Parquet.
            limit_memory(job.memory)
            bench = Bench(job)
        except GovtextError as error:
            connection.send(Hello(str(error)))
            return
        except MemoryError:
            connection.send(Hello(f"a worker {too_much(job.memory)} to begin; allow more with --memory"))
            return
        connection.send(Hello())
        while True:
            tasks: Sequence[Task] = connection.recv()
            for task in tasks:
                connection.send(bench.answer(task))


class Bench:
    """A worker's tools: the model, the repetition file, the form; `answer` uses them on one task."""

    def __init__(self, job: Job) -> None:
        self.job = job
        self.sink = SINKS[job.form]
        self.repetition = None if job.repetition is None else load_repetition(job.repetition)

    def answer(self, task: Task) -> Answer:
        """The bytes for one input; whatever goes wrong with it is a reason, not an error."""
        if task.problem is not None:
            return Answer(reason=task.problem)
        try:
            header, body = self.sink.encode(Entry(task.id or "", task.file, self.label(task)))
            return Answer(body, header)
        except KeyboardInterrupt:
            return Answer(interrupted=True)
        except MemoryError:
            return Answer(reason=too_much(self.job.memory))
        except Exception as error:
            # Not only ours: one report that nobody foresaw must not cost the other ten thousand.
            return Answer(reason=reason_of(error, file=task.file, path=task.path))

    def label(self, task: Task) -> LabelledReport:
        """The labelled report, marked where a repetition file is given."""
        if task.path is not None:
            # Without a fence: this process has limits of its own, and ends with what breaks them.
            source = read(Path(task.path), name=task.file, encoding=self.job.encoding, fence=None)
        else:
            # As an open file: a text alone that reads like the name of a file would be refused.
            source = read(io.StringIO(task.text or "", newline=""), name=task.file)
        report = self.job.model.classify(source)
        return report if self.repetition is None else marked(report, self.repetition)


def too_much(memory: int | None) -> str:
    """The sentence for a report that does not fit."""
    return "needs more memory than there is" if memory is None else f"needs more than {memory} MB of memory"
