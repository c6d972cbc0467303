"""A fence around readers: a child process with a limit of time and of memory does the reading.

Every parser of web pages and PDFs that was tried hung, crashed or took all memory on some file; behind the fence that is
one report with a reason.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any, Final

from govtext.errors import MissingExtra, UnreadableReport
from govtext.reading.formats import FORMATS, Extracted
from govtext.source import LineHint

REFUSED: Final = 3  # exit code of a child that says on its standard output why it has no text
MEMORY: Final = 4  # of one that ran out of memory
# -P: a module in the working folder must not be taken for one of the library.
CHILD: Final = ("-P", "-m", "govtext.reading.child")
_PACKAGES = str(Path(__file__).resolve().parents[2])
_OTHER = "save it as plain text (.txt)"


@dataclass(frozen=True, slots=True)
class Fence:
    """The limits of a child process: `seconds` from its start, `megabytes` of address space (only where Linux keeps them)."""

    seconds: float = 60.0
    megabytes: int = 1024

    def extract(self, data: bytes, key: str, *, encoding: str | None = None) -> Extracted:
        """What the reader of the format `key` makes of the bytes, in a process that ends when it breaks a limit.

        Raises:
            UnreadableReport: the reader refused the bytes, or took more than allowed, or died.
            MissingExtra: the format needs a library that is not installed.
        """
        import subprocess  # 3 ms beside what is loaded already, and most reports are plain text

        shown = FORMATS[key].shown
        command = [sys.executable, *CHILD, key, encoding or "", str(self.megabytes)]
        paths = [_PACKAGES, *filter(None, [os.environ.get("PYTHONPATH")])]
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(paths)}
        try:
            done = subprocess.run(
                command,
                input=data,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                timeout=self.seconds,
                env=environment,
            )
        except subprocess.TimeoutExpired as error:
            raise UnreadableReport(
                f"reading it as {shown} took more than {self.seconds:g} seconds; allow more, or {_OTHER}"
            ) from error
        if done.returncode == MEMORY:
            raise UnreadableReport(
                f"reading it as {shown} needs more than {self.megabytes} MB of memory; allow more, or {_OTHER}"
            )
        if done.returncode not in (0, REFUSED):
            raise UnreadableReport(f"the reader of {shown} died of it ({_ending(done.returncode)}); {_OTHER}")
        answer = json.loads(done.stdout)
        if done.returncode == REFUSED:
            kinds = {"UnreadableReport": UnreadableReport, "MissingExtra": MissingExtra}
            raise kinds[answer["kind"]](answer["message"])
        return unpacked(answer)


FENCE: Final = Fence()


def packed(extracted: Extracted) -> dict[str, Any]:
    """What `json` can write of it; hints as columns, which are half as long."""
    plain = asdict(extracted)
    names = [field.name for field in fields(LineHint)]
    plain["hints"] = {name: [getattr(hint, name) for hint in extracted.hints] for name in names}
    return plain


def unpacked(plain: dict[str, Any]) -> Extracted:
    """What `packed` packed."""
    hints = tuple(LineHint(*row) for row in zip(*plain["hints"].values()))
    return Extracted(**{**plain, "hints": hints, "warnings": tuple(plain["warnings"])})


def _ending(code: int) -> str:
    """How a process ended, for a message."""
    if code >= 0:
        return f"exit code {code}"
    try:
        return signal.Signals(-code).name
    except ValueError:
        return f"signal {-code}"
