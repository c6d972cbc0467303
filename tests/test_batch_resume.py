"""A run that is killed at any moment goes on to the very bytes of one that was not."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import time
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from batch_runs import Here
from faulty import Faulty
from govtext.batch import run as running
from govtext.batch.files import Files
from govtext.batch.journal import Appended, Journal, read_lines
from govtext.batch.run import BatchResult, Interrupted, classify_files
from govtext.errors import GovtextError

FORMS = ("jsonl", "csv", "parquet")
N_REPORTS = 11
BAD = (0, 7)  # the first: what stands before all reports must not get lost
LEFT_OVER = (".partial", ".converted", ".failed.partial", ".journal")


class Killed(BaseException):
    """Stands for a process that ends here and now: nothing catches it."""


@dataclass
class Runs:
    """Runs over one folder into one file, without processes, with a mark every three inputs."""

    folder: Path
    out: Path

    def run(self, *, resume: bool = False, **options: Any) -> BatchResult:
        return classify_files([self.folder], self.out, model=Faulty(), resume=resume, **options)

    @property
    def failed(self) -> Path:
        return Path(f"{self.out}.failed.jsonl")

    def content(self) -> tuple[bytes, bytes]:
        """What a run has left; nothing but the two files may be there."""
        assert sorted(path.name for path in self.out.parent.iterdir()) == sorted([self.out.name, self.failed.name])
        return self.out.read_bytes(), self.failed.read_bytes()

    def clear(self) -> None:
        for path in self.out.parent.iterdir():
            path.unlink()

    def stop_before(self, number: int) -> None:
        """A run that is killed when it comes to the report of that number."""
        report = self.folder / f"{number:02}.txt"
        text = report.read_text(encoding="utf-8")
        report.write_text("[[stop]]", encoding="utf-8")
        with pytest.raises(Interrupted):
            self.run()
        report.write_text(text, encoding="utf-8")


@pytest.fixture(params=FORMS)
def runs(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Runs:
    if request.param == "parquet":
        pytest.importorskip("pyarrow", reason="Parquet needs pyarrow: pip install 'govtext[parquet]'")
    monkeypatch.setattr(running, "Pool", Here)
    monkeypatch.setattr(running, "BETWEEN_MARKS", 3)
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "in"
    folder.mkdir()
    (tmp_path / "out").mkdir()
    for number in range(N_REPORTS):
        text = " \n" if number in BAD else f"一、人才\n引进{number}人。\n" * (number + 1)
        (folder / f"{number:02}.txt").write_text(text, encoding="utf-8")
    return Runs(folder, tmp_path / "out" / f"o.{request.param}")


only_json = pytest.mark.parametrize("runs", ["jsonl"], indirect=True)


class Power:
    """Counts what is done to files, and ends the process before the step of a given number, or amid it."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.left = -1
        self.patch = monkeypatch
        for owner, name in (
            (Appended, "add"),
            (Appended, "cut"),
            (Path, "replace"),
            (Path, "unlink"),
            (Path, "touch"),
            (Path, "chmod"),
        ):
            self._watch(owner, name)
        # A process that is killed tidies nothing up.
        tidy = Journal.__exit__
        monkeypatch.setattr(
            Journal,
            "__exit__",
            lambda journal, kind, *rest: journal._close() if kind is Killed else tidy(journal, kind, *rest),
        )

    def _watch(self, owner: type, name: str) -> None:
        real: Callable[..., Any] = getattr(owner, name)

        def watched(self_: Any, *arguments: Any, **options: Any) -> Any:
            if self.left == 0:
                if name == "add":  # half of it reaches the file
                    real(self_, arguments[0][: len(arguments[0]) // 2])
                raise Killed
            self.left -= 1
            return real(self_, *arguments, **options)

        self.patch.setattr(owner, name, watched)


def test_run_that_is_killed_at_any_step_goes_on_to_the_same_bytes(runs: Runs, monkeypatch: pytest.MonkeyPatch) -> None:
    runs.run()
    whole = runs.content()
    power = Power(monkeypatch)
    killed = 0
    for step in range(10_000):
        runs.clear()
        power.left = step
        try:
            runs.run()
            break
        except Killed:
            killed += 1
            power.left = -1
        result = runs.run(resume=True)
        assert result.failed == len(BAD)
        assert whole == runs.content(), step
    assert killed > 25


def test_resuming_that_is_killed_at_any_step_loses_nothing_either(runs: Runs, monkeypatch: pytest.MonkeyPatch) -> None:
    runs.run()
    whole = runs.content()
    runs.clear()
    runs.stop_before(9)
    halfway = {path: path.read_bytes() for path in runs.out.parent.iterdir()}
    power = Power(monkeypatch)
    for step in range(10_000):
        runs.clear()
        for path, content in halfway.items():
            path.write_bytes(content)
        power.left = step
        try:
            runs.run(resume=True)
            break
        except Killed:
            power.left = -1
        runs.run(resume=True)
        assert whole == runs.content(), step
    assert step > 8


def test_files_that_were_cut_or_damaged_anywhere_give_the_same_bytes(runs: Runs) -> None:
    runs.run()
    whole = runs.content()
    runs.clear()
    runs.stop_before(10)
    halfway = {path: path.read_bytes() for path in runs.out.parent.iterdir()}
    assert {path.name.removeprefix(runs.out.name) for path in halfway} == {".partial", ".failed.partial", ".journal"}
    draw = random.Random(7)
    for trial in range(60):
        runs.clear()
        for path, content in halfway.items():
            path.write_bytes(content)
        path = draw.choice(sorted(halfway))
        content = halfway[path]
        place = draw.randrange(len(content))
        if trial % 3 == 0:
            path.write_bytes(content[:place])
        elif trial % 3 == 1:  # cut, and grown again
            path.write_bytes(content[:place] + draw.randbytes(len(content) - place))
        else:
            path.write_bytes(content[:place] + bytes([content[place] ^ 1 << draw.randrange(8)]) + content[place + 1 :])
        assert runs.run(resume=True) == BatchResult(N_REPORTS - len(BAD), len(BAD))
        assert whole == runs.content(), (trial, path.name, place)


def test_file_that_is_gone_is_made_again_from_the_start(runs: Runs) -> None:
    runs.run()
    whole = runs.content()
    runs.clear()
    runs.stop_before(10)
    Path(f"{runs.out}.partial").unlink()
    runs.run(resume=True)
    assert whole == runs.content()


def test_end_that_is_not_borne_out_is_none(runs: Runs, monkeypatch: pytest.MonkeyPatch) -> None:
    runs.run()
    whole = runs.content()
    runs.clear()
    Power(monkeypatch)  # nothing is tidied up
    real = Path.replace

    def replace(path: Path, target: Path) -> None:
        raise Killed

    monkeypatch.setattr(Path, "replace", replace)
    with pytest.raises(Killed):
        runs.run()
    monkeypatch.setattr(Path, "replace", real)
    lines = Path(f"{runs.out}.journal").read_bytes().splitlines()
    assert "end" in json.loads(lines[-1])
    staged = Path(f"{runs.out}.converted" if runs.out.suffix == ".parquet" else f"{runs.out}.partial")
    staged.write_bytes(staged.read_bytes()[:-1])
    assert runs.run(resume=True) == BatchResult(N_REPORTS - len(BAD), len(BAD))
    assert whole == runs.content()


@only_json
def test_run_that_goes_on_says_so_and_reads_nothing_again(runs: Runs) -> None:
    runs.stop_before(10)
    (runs.folder / "00.txt").write_text("", encoding="utf-8")  # would fail now
    seen: list[tuple[int, int, int]] = []
    result = runs.run(resume=True, progress=lambda p: seen.append((p.done, p.total, p.resumed)))
    assert result == BatchResult(N_REPORTS - len(BAD), len(BAD))
    assert seen == [(10, 11, 9), (11, 11, 9)]


@only_json
def test_stopped_run_keeps_what_is_marked_and_says_how_much(runs: Runs) -> None:
    (runs.folder / "08.txt").write_text("[[stop]]", encoding="utf-8")
    with pytest.raises(Interrupted, match="stopped after 6 of 11 reports") as stop:
        runs.run()
    assert (stop.value.done, stop.value.total) == (6, 11)
    assert not runs.out.exists()


@only_json
def test_run_that_is_stopped_before_its_first_mark_leaves_nothing(runs: Runs) -> None:
    runs.out.write_text("old", encoding="utf-8")
    runs.stop_before(1)
    assert [path.name for path in runs.out.parent.iterdir()] == [runs.out.name]
    assert runs.out.read_text(encoding="utf-8") == "old"


@only_json
def test_progress_is_never_thrown_away_unasked(runs: Runs) -> None:
    runs.stop_before(8)
    before = {path: path.read_bytes() for path in runs.out.parent.iterdir()}
    with pytest.raises(GovtextError, match=r"a run was stopped after 6 reports; go on with --resume, or delete o\.jso"):
        runs.run()
    assert before == {path: path.read_bytes() for path in runs.out.parent.iterdir()}


@only_json
@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"timeout": 5.0}, r"had timeout 60\.0 instead of 5\.0; repeat it as it was with --resume, or delete"),
        ({"memory": None}, r"had memory 4096 instead of None"),
        ({"encoding": "utf-8"}, r"had encoding None instead of 'utf-8'"),
    ],
)
def test_run_with_other_options_is_another_run(runs: Runs, options: dict[str, Any], said: str) -> None:
    runs.stop_before(8)
    before = {path: path.read_bytes() for path in runs.out.parent.iterdir()}
    with pytest.raises(GovtextError, match=said):
        runs.run(resume=True, **options)
    assert before == {path: path.read_bytes() for path in runs.out.parent.iterdir()}


@only_json
def test_run_over_other_inputs_is_another_run(runs: Runs) -> None:
    runs.stop_before(8)
    (runs.folder / "99.txt").write_text("引进五人。\n", encoding="utf-8")
    with pytest.raises(GovtextError, match=r"number of inputs 11 instead of 12, list of inputs '"):
        runs.run(resume=True)


@only_json
def test_run_of_another_model_is_another_run(runs: Runs, monkeypatch: pytest.MonkeyPatch) -> None:
    runs.stop_before(8)
    monkeypatch.setattr(Faulty, "sha256", "0" * 64)
    with pytest.raises(GovtextError, match=r"had model 'ffff.* instead of '0000"):
        runs.run(resume=True)


@only_json
def test_number_of_processes_may_change(runs: Runs) -> None:
    runs.stop_before(8)
    assert runs.run(resume=True, jobs=3).labelled == 9


@only_json
def test_resuming_what_was_finished_does_nothing_and_counts_the_failures(runs: Runs) -> None:
    runs.run()
    before = runs.content()
    (runs.folder / "00.txt").write_text("引进五人。\n", encoding="utf-8")
    assert runs.run(resume=True) == BatchResult(0, len(BAD), was_done=True)
    assert before == runs.content()
    runs.run()
    assert before != runs.content()


@only_json
def test_resuming_what_never_began_is_a_run(runs: Runs) -> None:
    assert runs.run(resume=True) == BatchResult(N_REPORTS - len(BAD), len(BAD))


@only_json
def test_two_runs_at_once_are_refused(runs: Runs) -> None:
    pytest.importorskip("fcntl", reason="no such locks on this system")
    with Journal(Files.of(runs.out)) as journal:
        journal.begin({})
        with pytest.raises(GovtextError, match=r"another run is writing it; wait for its end"):
            runs.run()
        journal.commit(done=1, labelled=0, failed=0)


@only_json
def test_full_disk_is_one_sentence_and_the_run_goes_on_later(runs: Runs, monkeypatch: pytest.MonkeyPatch) -> None:
    runs.run()
    whole = runs.content()
    runs.clear()
    runs.out.write_text("old", encoding="utf-8")
    real = Appended.add

    def full(file: Appended, content: bytes) -> None:
        if file.content.bytes > 6000:
            real(file, content[:10])
            raise OSError(28, "No space left on device")
        real(file, content)

    monkeypatch.setattr(Appended, "add", full)
    with pytest.raises(GovtextError, match=r"cannot be written \(No space left on device\); what was there .*--resume"):
        runs.run()
    assert runs.out.read_text(encoding="utf-8") == "old"
    monkeypatch.setattr(Appended, "add", real)
    runs.run(resume=True)
    assert whole == runs.content()


@only_json
def test_each_line_of_the_journal_bears_itself_out(runs: Runs) -> None:
    runs.stop_before(8)
    journal = Path(f"{runs.out}.journal")
    lines = journal.read_bytes().splitlines(keepends=True)
    assert [end for _, end in read_lines(journal)] == [sum(map(len, lines[: k + 1])) for k in range(len(lines))]
    header, *marks = (json.loads(line) for line in lines)
    assert header["number_of_inputs"] == N_REPORTS
    assert [(mark["done"], mark["failed"]) for mark in marks] == [(3, 1), (6, 1)]
    size, crc = marks[-1]["out"]
    assert zlib.crc32(Path(f"{runs.out}.partial").read_bytes()[:size]) == crc


def is_gone(process: int) -> bool:
    """Whether a process has ended; one that its parent can no longer ask about may stay as a zombie."""
    for _ in range(500):
        try:
            if Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] == "Z":
                return True
        except OSError:
            return True
        time.sleep(0.01)
    return False


def test_parent_that_is_killed_takes_its_workers_along_and_goes_on(tmp_path: Path) -> None:
    if not sys.platform.startswith("linux"):
        pytest.skip("kill -9 as Linux has it")
    folder, flag = tmp_path / "in", tmp_path / "flag"
    folder.mkdir()
    for number in range(40):
        text = f"[[kill parent unless {flag}]]\n" if number == 35 else ""
        (folder / f"{number:02}.txt").write_text(f"{text}引进{number}人。\n", encoding="utf-8")
    # No `if __name__ == "__main__"`: the workers must not run it again.
    script = tmp_path / "script.py"
    script.write_text(
        "import sys\nfrom faulty import Faulty\nfrom govtext.batch import classify_files\n"
        f"classify_files([{str(folder)!r}], sys.argv[1], model=Faulty(), resume='resume' in sys.argv)\n",
        encoding="utf-8",
    )
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(Path(__file__).parent), *sys.path])}

    def run(*arguments: str) -> int:
        return subprocess.run([sys.executable, str(script), *arguments], env=environment, check=False).returncode

    out = tmp_path / "o.jsonl"
    assert run(str(out)) == -9
    assert is_gone(int(flag.read_text()))
    assert Path(f"{out}.journal").exists()
    assert run(str(out), "resume") == 0
    assert run(str(tmp_path / "whole.jsonl")) == 0
    assert (tmp_path / "whole.jsonl").read_bytes() == out.read_bytes()
    assert not [path for suffix in LEFT_OVER if (path := Path(f"{out}{suffix}")).exists()]
