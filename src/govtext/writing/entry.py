"""What a writer is given: the report under the name it goes by, and how wide and colourful the page may be."""

from __future__ import annotations

from dataclasses import dataclass

from govtext.document import LabelledReport


@dataclass(frozen=True, slots=True)
class Entry:
    """One report on its way out: `id` is unique in a run, `file` is what the user named."""

    id: str
    file: str
    report: LabelledReport


@dataclass(frozen=True, slots=True)
class Look:
    """How text for people is laid out; formats for machines pay no attention to it."""

    width: int = 100  # terminal columns
    colour: bool = False
