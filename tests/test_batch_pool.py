"""Worker processes: one that hangs, dies or runs out of memory costs its report, and no other."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from batch_runs import objects
from faulty import FAULTS, Faulty, Refusing
from govtext.batch import pool as pooling
from govtext.batch.inputs import Task
from govtext.batch.pool import Pool
from govtext.batch.run import BatchResult, classify_files
from govtext.batch.worker import Answer, Bench, Hello, Job, work
from govtext.confining import limit_memory
from govtext.errors import GovtextError

LINUX = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="limits and signals of Linux")
GOOD = "一、人才\n引进五人。\n"


def tasks(*texts: str) -> list[Task]:
    """Records with these texts."""
    return [Task(str(number), f"p.jsonl:{number}", text=text) for number, text in enumerate(texts)]


def reasons(*texts: str, jobs: int = 1, timeout: float = 30.0, model: Faulty | None = None) -> list[str | None]:
    """Why each text failed, None for those that did not."""
    pool = Pool(Job(model or Faulty(), "jsonl", memory=4096), jobs=jobs, timeout=timeout)
    answers = list(pool.answers(tasks(*texts)))
    assert [task.id for task, _ in answers] == [str(number) for number in range(len(texts))]
    assert pool.workers == []
    return [answer.reason for _, answer in answers]


@LINUX
def test_faulty_reports_are_named_with_why_and_the_others_are_labelled(tmp_path: Path) -> None:
    folder = tmp_path / "r"
    folder.mkdir()
    for number in range(30):
        (folder / f"{number:02}.txt").write_text(GOOD, encoding="utf-8")
    for number, fault in ((2, "[[hang]]"), (3, "[[kill]]"), (4, "[[kill]]"), (9, "[[exhaust]]"), (12, "[[fail]]")):
        (folder / f"{number:02}.txt").write_text(fault, encoding="utf-8")
    (folder / "20.txt").write_text("", encoding="utf-8")
    (folder / "21.txt").unlink()
    (folder / "21.txt").mkdir()
    out = tmp_path / "o.jsonl"
    assert BatchResult(23, 6) == classify_files([folder], out, model=Faulty(), jobs=2, timeout=2, memory=4096)
    failed = {value["id"]: value["reason"] for value in objects(Path(f"{out}.failed.jsonl"))}
    assert failed == {
        "02": "took longer than 2 s",
        "03": "killed the process that read it (signal 9)",
        "04": "killed the process that read it (signal 9)",
        "09": "needs more than 4096 MB of memory",
        "12": "labelling it failed (ValueError: made to fail)",
        "20": "is empty; a report with text was wanted",
    }
    labelled = [f"{number:02}" for number in range(30) if number != 21 and f"{number:02}" not in failed]
    assert [value["id"] for value in objects(out)] == labelled


@LINUX
def test_report_that_ends_its_process_is_named_with_the_exit_code() -> None:
    ended = "ended the process that read it (exit code 3)"
    assert [None, ended, None] == reasons(GOOD, "[[end]]", GOOD)


def test_starting_workers_leaves_this_process_as_it_was() -> None:
    before = sys.modules["__main__"], dict(os.environ)
    assert reasons(GOOD) == [None]
    assert (sys.modules["__main__"], dict(os.environ)) == before


def test_labeller_that_asks_for_the_end_gets_it() -> None:
    with pytest.raises(KeyboardInterrupt):
        reasons(GOOD, "[[stop]]", GOOD)


def test_model_that_no_worker_can_unpack_ends_the_run_with_one_sentence() -> None:
    wanted = r"something ended 3 worker processes in a row before they could begin \(exit code 4\)"
    with pytest.raises(GovtextError, match=wanted):
        reasons(GOOD, model=Refusing())


def test_worker_that_cannot_begin_says_why() -> None:
    pool = Pool(Job(Faulty(), "jsonl", repetition=Path("none.repetition")), jobs=1, timeout=1.0)
    with pytest.raises(GovtextError, match=r"none\.repetition: no such file; make one with"):
        list(pool.answers(tasks(GOOD)))


# --- without processes --------------------------------------------------------------------------------------------


class Doll:
    """A worker that answers so many tasks, then hangs or dies; it has something to say at every second look."""

    made: list[Doll]
    lives: Iterator[tuple[int, bool]]

    def __init__(self, job: Job) -> None:
        self.bench = Bench(job)
        self.answers, self.dies = next(self.lives)
        self.given: list[tuple[int, Task]] = []
        self.has_begun = False
        self.seconds = 0.0
        self.connection = self.process = self
        self.sentinel = 0
        self.lots: list[int] = []
        self.looks = 0
        self.made.append(self)

    def give(self, lot: list[tuple[int, Task]]) -> None:
        self.lots.append(len(lot))
        self.given = Given(lot)

    def heard(self) -> Iterator[Hello | Answer | None]:
        self.looks += 1
        if self.looks % 2:
            return
        if not self.has_begun and self.answers:
            yield Hello()
        for _, task in list(self.given)[: self.answers]:
            self.answers -= 1
            self.seconds = 0.0
            yield self.bench.answer(task)
        if not self.answers:
            if self.dies:
                yield None
            else:
                self.seconds += 100

    def end(self) -> str:
        return "killed {} (signal 11)"


class Given(list[tuple[int, Task]]):
    """A list that gives its first away."""

    def popleft(self) -> tuple[int, Task]:
        return self.pop(0)


Play = Callable[..., tuple[list[str | None], list[Doll]]]


@pytest.fixture
def play(monkeypatch: pytest.MonkeyPatch) -> Play:
    """Answers to so many good tasks by dolls with these lives (answers before the end, death or not)."""

    def of(count: int, *lives: tuple[int, bool], jobs: int = 1) -> tuple[list[str | None], list[Doll]]:
        monkeypatch.setattr(Doll, "made", [], raising=False)
        monkeypatch.setattr(Doll, "lives", iter(lives), raising=False)
        monkeypatch.setattr(pooling, "Worker", Doll)
        monkeypatch.setattr(pooling, "wait", lambda objects, timeout: [])
        pool = Pool(Job(Faulty(), "jsonl"), jobs=jobs, timeout=60.0)
        found = [(task.id, answer.reason) for task, answer in pool.answers(tasks(*[GOOD] * count))]
        assert [number for number, _ in found] == [str(number) for number in range(count)]
        return [reason for _, reason in found], Doll.made

    return of


KILLED = "killed the process that read it (signal 11)"
HUNG = "took longer than 60 s"


@pytest.mark.parametrize(
    ("lives", "found"),
    [
        (((9, True),), [None] * 8),
        (((3, True), (9, True)), [None] * 3 + [KILLED] + [None] * 4),
        (((3, False), (9, True)), [None] * 3 + [HUNG] + [None] * 4),
        (((1, True), (1, False), (2, True), (9, True)), [None, KILLED, None, HUNG, None, None, KILLED, None]),
        (((0, True), (0, True), (9, True)), [None] * 8),  # two that never begin
        (((0, False), (9, True)), [None] * 8),  # one that hangs before it begins
    ],
)
def test_guilty_report_is_the_first_without_an_answer(
    play: Play, lives: tuple[tuple[int, bool], ...], found: list[str | None]
) -> None:
    assert found == play(8, *lives)[0]


def test_third_worker_in_a_row_that_never_begins_ends_the_run(play: Play) -> None:
    with pytest.raises(GovtextError, match=r"something killed 3 worker processes in a row .*--memory"):
        play(4, (0, True), (0, True), (0, True))


def test_worker_that_begins_ends_the_row(play: Play) -> None:
    found, dolls = play(4, (0, True), (0, True), (1, True), (0, True), (0, True), (9, True))
    assert found == [None, KILLED, None, None]
    assert len(dolls) == 6


def test_system_without_room_for_processes_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(process: object) -> None:
        raise OSError(11, "Resource temporarily unavailable")

    monkeypatch.setattr("multiprocessing.context.SpawnProcess.start", full)
    wanted = r"no process can be started \(Resource temporarily unavailable\); ask for fewer with --jobs"
    with pytest.raises(GovtextError, match=wanted):
        reasons(GOOD)


def test_lots_are_small_where_there_is_little_to_share(play: Play) -> None:
    _, dolls = play(6, (99, False), (99, False), jobs=2)
    assert [doll.lots for doll in dolls] == [[3, 1], [1, 1]]


def test_run_that_was_stopped_for_an_hour_hangs_nobody(play: Play, monkeypatch: pytest.MonkeyPatch) -> None:
    hours = iter(range(0, 3600 * 100, 3600))
    monkeypatch.setattr("govtext.batch.pool.time.monotonic", lambda: float(next(hours)))
    assert play(8, (99, False))[0] == [None] * 8


# --- one worker, here ---------------------------------------------------------------------------------------------


class Line:
    """The worker's end of a pipe: what comes, and what was sent."""

    def __init__(self, *coming: object) -> None:
        self.coming = list(coming)
        self.sent: list[object] = []

    def recv(self) -> object:
        if not self.coming:
            raise EOFError
        return self.coming.pop(0)

    def send(self, message: object) -> None:
        self.sent.append(message)


@pytest.fixture
def worked(monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[object]]:
    """What a worker sends for what comes; limits and signals of this process stay."""
    for name in ("limit_memory", "die_with_parent"):
        monkeypatch.setattr(f"govtext.batch.worker.{name}", lambda *arguments: None)
    monkeypatch.setattr("govtext.batch.worker.signal.signal", lambda *arguments: None)

    def of(*coming: object) -> list[object]:
        line = Line(*coming)
        work(line)  # type: ignore[arg-type]
        return line.sent

    return of


def test_worker_says_hello_and_answers_until_the_other_end_is_closed(worked: Callable[..., list[object]]) -> None:
    hello, *answers = worked(Job(Faulty(), "csv"), tasks(GOOD, "[[fail]]"), tasks("[[stop]]"))
    assert hello == Hello()
    first, second, third = answers
    assert isinstance(first, Answer)
    assert first.header.startswith(b'\xef\xbb\xbf"id"')
    assert first.body.count(b"\r\n") == 2
    assert second == Answer(reason="labelling it failed (ValueError: made to fail)")
    assert third == Answer(interrupted=True)


def test_too_little_memory_to_begin_is_said(
    worked: Callable[..., list[object]], monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(job: Job) -> Bench:
        raise MemoryError

    monkeypatch.setattr("govtext.batch.worker.Bench", full)
    refusal = "a worker needs more than 10 MB of memory to begin; allow more with --memory"
    assert [Hello(refusal)] == worked(Job(Faulty(), "jsonl", memory=10))
    refusal = "a worker needs more memory than there is to begin; allow more with --memory"
    assert [Hello(refusal)] == worked(Job(Faulty(), "jsonl"))


@LINUX
def test_limit_is_on_address_space_and_never_above_the_systems(monkeypatch: pytest.MonkeyPatch) -> None:
    import resource

    limits: list[tuple[int, tuple[int, int]]] = []
    monkeypatch.setattr(resource, "setrlimit", lambda kind, pair: limits.append((kind, pair)))
    monkeypatch.setattr("govtext.batch.worker.Path.write_text", lambda path, text: None)
    for hard in (resource.RLIM_INFINITY, 1 << 20, 1 << 40):
        monkeypatch.setattr(resource, "getrlimit", lambda kind, hard=hard: (-1, hard))
        limit_memory(2)
    limit_memory(None)
    assert limits == [
        (resource.RLIMIT_AS, (2 << 20, resource.RLIM_INFINITY)),
        (resource.RLIMIT_AS, (1 << 20, 1 << 20)),
        (resource.RLIMIT_AS, (2 << 20, 1 << 40)),
    ]


def test_every_fault_is_tried_here() -> None:
    tried = Path(__file__).read_text(encoding="utf-8")
    assert [fault for fault in FAULTS if f'"{fault}"' not in tried] == []
