"""One run: inputs to one file, with workers that label, a journal that remembers, and an order that does not change."""

from __future__ import annotations

import contextlib
import hashlib
import os
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from govtext import __version__
from govtext.batch import MEMORY, TIMEOUT
from govtext.batch.failures import Failure
from govtext.batch.files import Files
from govtext.batch.inputs import Listing
from govtext.batch.journal import Journal
from govtext.batch.pool import Pool
from govtext.batch.sinks import SINKS, form_of
from govtext.batch.worker import Job, Labeller
from govtext.errors import BadConfig, BadModel, GovtextError
from govtext.labelling import load

BETWEEN_MARKS = 16  # inputs; what a killed run has to do again, at most, beside what its workers were at


@dataclass(frozen=True, slots=True)
class BatchResult:
    """How a run has ended: reports labelled and inputs failed, with those before it was resumed.

    `was_done`: an earlier run had come to its end; nothing was done, and only `failed` is known.
    """

    labelled: int
    failed: int
    was_done: bool = False


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run is: inputs done of all, those done before it was resumed, and why the last one failed, if it did."""

    done: int
    total: int
    resumed: int
    failure: Failure | None = None


class Interrupted(KeyboardInterrupt):
    """A run was stopped by Ctrl-C; `done` of `total` inputs are kept, for `resume=True` to go on with."""

    def __init__(self, done: int, total: int) -> None:
        super().__init__(f"stopped after {done} of {total} reports")
        self.done, self.total = done, total


def classify_files(
    inputs: Iterable[str | os.PathLike[str]],
    out: str | os.PathLike[str],
    *,
    model: Labeller | str | os.PathLike[str] | None = None,
    jobs: int = 1,
    resume: bool = False,
    timeout: float = TIMEOUT,
    memory: int | None = MEMORY,
    encoding: str | None = None,
    repetition: str | os.PathLike[str] | None = None,
    progress: Callable[[Progress], None] | None = None,
) -> BatchResult:
    """How many reports are labelled in `out`, and how many inputs failed, which stand in `OUT.failed.jsonl` with why.

    `inputs` are files, folders with all reports below them, and files of records: JSON lines or Parquet with `text` and
    maybe `id`. `out` is written as it ends: .jsonl, .csv or .parquet, the same bytes for any number of `jobs` (processes).
    An input that takes longer than `timeout` seconds, needs more than `memory` megabytes (None: no limit; Linux only) or
    kills its process costs itself and no other. While the run goes on, files stand beside `out`; killed at any moment, it
    goes on with `resume=True`. `progress` is called after each input, in order.

    Raises:
        GovtextError: nothing can be written there, an option is out of range, the run to resume was another one, or one
            was stopped that has to be resumed first.
        Interrupted: Ctrl-C; a KeyboardInterrupt.
    """
    out = Path(out)
    _check(jobs=jobs, timeout=timeout, memory=memory)
    form = form_of(out)
    sink = SINKS[form]
    sink.check()
    files = Files.of(out, converts=sink.convert is not None)
    if resume and files.out.exists() and not files.journal.exists():
        return BatchResult(0, _count_lines(files.failed), was_done=True)
    with Journal(files) as journal:
        if journal.has_progress and not resume:
            raise GovtextError(
                f"{out}: a run was stopped after {journal.mark.done:,} reports; go on with --resume, or delete "
                f"{files.journal.name} to begin anew"
            )
        labeller = load(model) if model is None or isinstance(model, str | os.PathLike) else model
        job = Job(labeller, form, encoding, None if repetition is None else Path(repetition), memory)
        with contextlib.ExitStack() as stack:
            with journal.told():
                spool = stack.enter_context(tempfile.TemporaryFile(dir=files.out.parent))
                listing = Listing(inputs, spool=spool, avoid=files.out)
            header = _header(job, timeout, listing)
            if not journal.has_progress:
                journal.begin(header)
            elif journal.resume(header):
                return BatchResult(journal.mark.labelled, journal.mark.failed)
            pool = Pool(job, jobs=max(1, min(jobs, listing.total - journal.mark.done)), timeout=timeout)
            try:
                _label(pool, listing, journal, progress)
            except KeyboardInterrupt as error:
                raise Interrupted(journal.mark.done, listing.total) from error
        journal.finish(sink.convert)
        return BatchResult(journal.mark.labelled, journal.mark.failed)


def _label(pool: Pool, listing: Listing, journal: Journal, progress: Callable[[Progress], None] | None) -> None:
    """Nothing; all inputs that were not done are done now."""
    resumed = done = journal.mark.done
    labelled, failed = journal.mark.labelled, journal.mark.failed
    for task, answer in pool.answers(listing.tasks(skip=done)):
        failure = None
        if answer.reason is None:
            journal.add(answer.body if labelled else answer.header + answer.body)
            labelled += 1
        else:
            failure = Failure(task.id, task.file, answer.reason)
            journal.add(failure.line(), failed=True)
            failed += 1
        done += 1
        if done % BETWEEN_MARKS == 0 or done == listing.total:
            journal.commit(done=done, labelled=labelled, failed=failed)
        if progress is not None:
            progress(Progress(done, listing.total, resumed, failure))


def _header(job: Job, timeout: float, listing: Listing) -> dict[str, Any]:
    """What makes a run this one and no other: all that its bytes depend on."""
    return {
        "govtext": __version__,
        "model": getattr(job.model, "sha256", type(job.model).__qualname__),
        "form": job.form,
        "encoding": job.encoding,
        "repetition": None if job.repetition is None else _sha256(job.repetition),
        "timeout": timeout,
        "memory": job.memory,
        "number_of_inputs": listing.total,
        "list_of_inputs": listing.fingerprint,
    }


def _check(*, jobs: int, timeout: float, memory: int | None) -> None:
    if jobs < 1:
        raise BadConfig(f"jobs={jobs!r}; wanted 1 or more processes")
    if not timeout > 0:
        raise BadConfig(f"timeout={timeout!r}; wanted a number of seconds above 0")
    if memory is not None and memory < 1:
        raise BadConfig(f"memory={memory!r}; wanted a number of megabytes above 0, or None for no limit")


def _sha256(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise BadModel(f"{path}: cannot be read ({error.strerror}); name a file of govtext repetition") from error


def _count_lines(path: Path) -> int:
    if not path.exists():
        return 0
    with path.open("rb") as file:
        return sum(1 for _ in file)
