"""What the user sees beside the output: complaints, progress, and how wide and colourful the terminal is."""

from __future__ import annotations

import os
import shutil
import sys
from typing import IO, Any

import click

from govtext.writing import Look, one_line

MANY = 20  # reports; fewer are done before a progress line could be read
PAGE = 100  # columns of a page that goes to a file
BETWEEN_LINES = 0.2  # seconds; more than that nobody reads
CLEAR_LINE = "\r\x1b[K"


class Console:
    """Complaints and progress of one run, on stderr; `failures` counts the complaints."""

    def __init__(self, *, total: int = 0, quiet: bool = False) -> None:
        self.failures = 0
        self.total = total
        self._quiet = quiet
        self._line_open = False
        self._shown_at = 0.0  # seconds

    def complain(self, file: str, error: Exception) -> None:
        """One line for what went wrong with a file."""
        self.failures += 1
        said = (error.strerror or str(error)) if isinstance(error, OSError) else str(error)
        file = os.fsencode(file).decode("utf-8", "backslashreplace")
        named = said.startswith((f"{file}:", f"{os.path.basename(file)}:"))
        self.say(f"govtext: {one_line(said if named else f'{file}: {said}')}")

    def say(self, line: str) -> None:
        """One line on stderr."""
        self.clear()
        click.echo(line, err=True, color=is_colourful(sys.stderr))

    def progress(self, done: int, file: str) -> None:
        """How far the run is, if there are many reports, someone looks at stderr and the output is elsewhere."""
        self._show(f"{done}/{self.total} {one_line(file)[: PAGE // 2]}")

    def pace(self, done: int, *, resumed: int, seconds: float) -> None:
        """How far a batch is that began `seconds` ago after `resumed` reports, how fast, and how long it will take."""
        if seconds - self._shown_at >= BETWEEN_LINES:
            self._shown_at = seconds
            self._show(pace_line(done, self.total, resumed=resumed, seconds=seconds))

    def _show(self, line: str) -> None:
        if self._quiet or self.total < MANY or not is_terminal(sys.stderr):
            return
        self.clear()
        click.echo(line, err=True, nl=False)
        self._line_open = True

    def clear(self) -> None:
        """Take the progress line away."""
        if self._line_open:
            click.echo(CLEAR_LINE, err=True, nl=False, color=True)
            self._line_open = False


def pace_line(done: int, total: int, *, resumed: int, seconds: float) -> str:
    """How far a batch is, on one line.

    >>> pace_line(1204, 10_000, resumed=4, seconds=60)
    '1,204/10,000 reports, 20.0 a second, 7 min left'
    """
    rate = (done - resumed) / max(seconds, 0.001)
    return f"{done:,}/{total:,} reports, {rate:.1f} a second, {span((total - done) / rate)} left" if rate else ""


def span(seconds: float) -> str:
    """A time as people say it.

    >>> span(42), span(440), span(9000)
    ('42 s', '7 min', '2 h 30 min')
    """
    minutes = round(seconds / 60)
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{minutes} min" if minutes < 90 else f"{minutes // 60} h {minutes % 60} min"


def is_terminal(stream: IO[Any]) -> bool:
    """Whether a person sees what is written there."""
    return stream.isatty()


def is_colourful(stream: IO[Any]) -> bool:
    """Whether colours are welcome: a terminal that has them, and no NO_COLOR (no-color.org) in the environment."""
    return is_terminal(stream) and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def look_of_stdout() -> Look:
    """The width and colours of the terminal; a fixed width and none where output is not one. COLUMNS wins over both."""
    width = shutil.get_terminal_size((PAGE, 24)).columns
    return Look(width=width, colour=is_colourful(sys.stdout))


def look_of_file() -> Look:
    """The width of a page that goes to a file, no colours."""
    columns = os.environ.get("COLUMNS", "")
    return Look(width=int(columns) if columns.isascii() and columns.isdigit() and int(columns) else PAGE)
