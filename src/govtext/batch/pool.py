"""Worker processes that may hang or die: each costs the input it was at, and nothing else."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import sys
import time
from collections import deque
from collections.abc import Iterable, Iterator
from multiprocessing.connection import wait
from types import ModuleType

from govtext.batch.inputs import Task
from govtext.batch.worker import Answer, Hello, Job, work
from govtext.errors import GovtextError

HANDED = 8  # tasks that a worker is given at once, at most; it answers them one by one
WINDOW = 16  # tasks a worker from the oldest without an answer to the newest, at most; what waits is held in memory
POLL = 0.1  # seconds between two looks at the clock
LONGEST_STEP = 1.0  # seconds that count at most between two looks: a run that is stopped, and goes on, hangs nobody
START = 120.0  # seconds a worker may take to begin
MOST_STILLBORN = 3  # workers in a row that end before they begin
# The matrices are small: more threads than one only get in each other's way.
THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")

Numbered = tuple[int, Task]


class Worker:
    """One process, what it has been given and has not answered yet, and for how long it has been at the first of it."""

    def __init__(self, job: Job) -> None:
        context = multiprocessing.get_context("spawn")
        self.connection, theirs = context.Pipe()
        self.process = context.Process(target=work, args=(theirs,), daemon=True)
        self.given: deque[Numbered] = deque()
        self.has_begun = False
        self.seconds = 0.0
        try:
            with _quietly():
                self.process.start()
        except OSError as error:
            raise GovtextError(f"no process can be started ({error.strerror}); ask for fewer with --jobs") from error
        theirs.close()  # or its end would never be seen
        self._send(job)

    def give(self, tasks: list[Numbered]) -> None:
        """Hand out tasks, to a worker that has none left: it is waiting for them, so that neither side blocks the other."""
        self.given.extend(tasks)
        self.seconds = 0.0
        self._send([task for _, task in tasks])

    def heard(self) -> Iterator[Hello | Answer | None]:
        """What it has sent, and None at last if it has ended."""
        ended = not self.process.is_alive()  # before its messages are read, or the last ones could be missed
        try:
            while self.connection.poll():
                yield self.connection.recv()
                self.seconds = 0.0
        except (EOFError, OSError):
            ended = True
        if ended:
            yield None

    def end(self) -> str:
        """What happened to {}: signal or exit code; it is killed now if it has not ended."""
        self.process.kill()
        self.process.join()
        code = self.process.exitcode or 0
        self.connection.close()
        self.process.close()
        return f"killed {{}} (signal {-code})" if code < 0 else f"ended {{}} (exit code {code})"

    def _send(self, message: object) -> None:
        with contextlib.suppress(OSError):  # it has ended, which is seen at the next look
            self.connection.send(message)


class Pool:
    """Up to `jobs` workers that do a job; a task may take `timeout` seconds."""

    def __init__(self, job: Job, *, jobs: int, timeout: float) -> None:
        self.job, self.jobs, self.timeout = job, jobs, timeout
        self.workers: list[Worker] = []
        self._queue: deque[Numbered] = deque()  # to hand out
        self._answers: dict[int, tuple[Task, Answer]] = {}  # that wait for an earlier one
        self._stillborn = 0
        self._clock = time.monotonic()

    def answers(self, tasks: Iterable[Task]) -> Iterator[tuple[Task, Answer]]:
        """The tasks in their order, each with its answer.

        Raises:
            GovtextError: no worker can begin.
            KeyboardInterrupt: a worker was asked to stop.
        """
        coming = enumerate(tasks)
        first = taken = 0  # numbers: of the oldest task without an answer, of the next task to take
        try:
            while True:
                while taken < first + WINDOW * self.jobs and (task := next(coming, None)):
                    self._queue.append(task)
                    taken += 1
                if first == taken:
                    return
                self._hand_out()
                self._look()
                while first in self._answers:
                    yield self._answers.pop(first)
                    first += 1
        finally:
            for worker in self.workers:
                worker.end()
            self.workers.clear()

    def _hand_out(self) -> None:
        while self._queue and len(self.workers) < self.jobs:
            self.workers.append(Worker(self.job))
        for worker in self.workers:
            if self._queue and worker.has_begun and not worker.given:
                share = max(1, min(HANDED, len(self._queue) // self.jobs))
                worker.give([self._queue.popleft() for _ in range(share)])

    def _look(self) -> None:
        """Wait a moment for answers, and see to workers that have ended or hang."""
        wait([end for worker in self.workers for end in (worker.connection, worker.process.sentinel)], POLL)
        before, self._clock = self._clock, time.monotonic()
        step = min(self._clock - before, LONGEST_STEP)
        for worker in list(self.workers):
            worker.seconds += step
            for message in worker.heard():
                self._take(worker, message)
        for worker in list(self.workers):
            if worker.given and worker.seconds > self.timeout:
                self._bury(worker, f"took longer than {self.timeout:g} s")
            elif not worker.has_begun and worker.seconds > START:
                self._bury(worker)

    def _take(self, worker: Worker, message: Hello | Answer | None) -> None:
        if message is None:
            self._bury(worker)
        elif isinstance(message, Hello):
            if message.refusal is not None:
                raise GovtextError(message.refusal)
            worker.has_begun = True
            self._stillborn = 0
        elif message.interrupted:
            raise KeyboardInterrupt
        else:
            number, task = worker.given.popleft()
            self._answers[number] = task, message

    def _bury(self, worker: Worker, reason: str | None = None) -> None:
        """Take a worker out; what it was at has failed, what it would have come to is handed out again."""
        self.workers.remove(worker)
        how = worker.end()
        if worker.given:
            number, task = worker.given.popleft()
            self._answers[number] = task, Answer(reason=reason or how.format("the process that read it"))
            self._queue.extendleft(reversed(worker.given))
        elif not worker.has_begun:
            self._stillborn += 1
            if self._stillborn == MOST_STILLBORN:
                said = how.format(f"{MOST_STILLBORN} worker processes in a row before they could begin")
                raise GovtextError(f"something {said}; look at what they said above, or allow more with --memory")


@contextlib.contextmanager
def _quietly() -> Iterator[None]:
    """A worker that is started inside runs matrices on one thread, leaves Ctrl-C to the parent, and runs no script again."""
    added = [name for name in THREADS if name not in os.environ]
    os.environ.update(dict.fromkeys(added, "1"))
    # A spawned process runs the parent's script as a module, where a script that calls us without
    # `if __name__ == "__main__"` would begin another batch. Nothing that is sent to a worker is defined there.
    script, sys.modules["__main__"] = sys.modules["__main__"], ModuleType("__main__")
    # A new process inherits which signals are held back, and never lets this one through.
    held = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT}) if hasattr(signal, "pthread_sigmask") else None
    try:
        yield
    finally:
        sys.modules["__main__"] = script
        for name in added:
            del os.environ[name]
        if held is not None:  # last: a Ctrl-C that was held back is raised here
            signal.pthread_sigmask(signal.SIG_SETMASK, held)
