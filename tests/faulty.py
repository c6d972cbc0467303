"""A labeller that does what a text tells it to: hang, kill its process, run out of memory, fail, stop the run.

It can be sent to worker processes; imports are few, because each worker has them to do.
"""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from govtext.document import LabelledParagraph, LabelledReport, Source, Verdict
from govtext.reading.fence import Fence
from govtext.reading.sources import read

CONTENT = Verdict(None, 0.1234567, "looks like text")
THEMES = {"talent": "人才", "finance": "=财政"}  # one that a spreadsheet would take for a formula


def hang() -> None:
    time.sleep(600)


def kill() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def end() -> None:
    os._exit(3)


def exhaust() -> None:
    np.empty(1 << 40, np.uint8)


def fail() -> None:
    raise ValueError("made to\nfail")


def stop() -> None:
    raise KeyboardInterrupt


FAULTS: Mapping[str, Callable[[], None]] = {
    "[[hang]]": hang,
    "[[kill]]": kill,
    "[[end]]": end,
    "[[exhaust]]": exhaust,
    "[[fail]]": fail,
    "[[stop]]": stop,
}
KILL_PARENT = "[[kill parent unless "  # and a path, which is made before


class Faulty:
    """A model whose paragraphs are lines; `inner` labels instead, where no fault is asked for."""

    sha256 = "f" * 64

    def __init__(self, inner: Any = None) -> None:
        self.inner = inner

    def classify(
        self,
        source: Path | Source,
        *,
        name: str | None = None,
        encoding: str | None = None,
        fence: Fence | None = None,
    ) -> LabelledReport:
        """The labelled report, if the text asks for nothing else."""
        if not isinstance(source, Source):
            source = read(source, name=name, encoding=encoding, fence=fence)
        for mark, fault in FAULTS.items():
            if mark in source.text:
                fault()
        if KILL_PARENT in source.text:
            flag = Path(source.text.partition(KILL_PARENT)[2].partition("]]")[0])
            if not flag.exists():
                flag.write_text(str(os.getpid()))
                os.kill(os.getppid(), signal.SIGKILL)
                hang()
        if self.inner is not None:
            labelled: LabelledReport = self.inner.classify(source)
            return labelled
        paragraphs, start = [], 0
        for line in source.text.splitlines(keepends=True):
            paragraphs.append(paragraph(line, start))
            start += len(line)
        return LabelledReport(source, tuple(paragraphs), (), self.sha256, THEMES)


class Refusing(Faulty):
    """A model that no worker can unpack."""

    def __reduce__(self) -> tuple[Callable[..., object], tuple[object, ...]]:
        return os._exit, (4,)


def paragraph(line: str, start: int) -> LabelledParagraph:
    """What is said of a line: 一、 makes a heading."""
    is_heading = line.startswith("一、")
    return LabelledParagraph(
        start=start,
        end=start + len(line),
        kind="heading" if is_heading else "body",
        level=1 if is_heading else None,
        marker="一、" if is_heading else None,
        heading_end=None,
        path=() if is_heading else ("一、人才", "=（一）"),
        alone=CONTENT,
        verdict=CONTENT,
        text=line.strip(),
        heading=line.strip() if is_heading else None,
        themes={} if is_heading else {"talent": 0.98765432, "finance": 0.0},
        labels=() if is_heading else ("talent",),
        role=None if is_heading else "done",
        role_score=None if is_heading else 0.7654321,
        formulaic=not is_heading,
        formulaic_score=None if is_heading else 0.5,
    )
