"""A report that could not be labelled: what it is called, and the one sentence why."""

from __future__ import annotations

from typing import NamedTuple

from govtext.errors import GovtextError
from govtext.writing.jsonl import to_line
from govtext.writing.target import one_line, to_utf8


class Failure(NamedTuple):
    """One input that gave no labels: `id` (None if it never got one), `file` as the user would name it, and why."""

    id: str | None
    file: str
    reason: str

    def line(self) -> bytes:
        """The line of the failure in OUT.failed.jsonl."""
        return to_utf8(to_line(self._asdict()) + "\n")


def reason_of(error: BaseException, *, file: str, path: str | None = None) -> str:
    """Why an input failed, on one line and without its name in front.

    >>> reason_of(GovtextError("a.txt: is empty; a report with text was wanted"), file="a.txt")
    'is empty; a report with text was wanted'
    """
    if isinstance(error, GovtextError):
        said = str(error)
    elif isinstance(error, OSError):
        said = error.strerror or str(error)
    else:
        said = f"labelling it failed ({type(error).__name__}: {error})"
    said = one_line(said)
    # Errors name the file as they saw it, which differs where the name is no UTF-8.
    for name in (file, path and path.encode("utf-8", "replace").decode()):
        if name and said.startswith(label := f"{one_line(name)}: "):
            return said.removeprefix(label)
    return said
