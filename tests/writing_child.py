"""Writes a file again and again until it is killed or the disk is full: whole As, whole Bs, in turn.

    python writing_child.py PATH BYTES [LIMIT]

Says "ready" once the file has been written and before it is written again. With LIMIT the kernel refuses each file more
bytes than that, as a full disk does, and the first refusal ends the program with 2.
"""

from __future__ import annotations

import signal
import sys
from itertools import cycle
from pathlib import Path

from govtext.errors import GovtextError
from govtext.writing.target import Replacement

PIECES = 8  # a file is written in


def write(path: Path, letter: str, size: int) -> None:
    """One version of the file."""
    with Replacement(path) as file:
        for _ in range(PIECES):
            file.write(letter * (size // PIECES))


def main() -> int:
    """2 when the disk was full."""
    path, size, *limit = sys.argv[1:]
    if limit:
        import resource  # not on Windows

        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (int(limit[0]), int(limit[0])))
    else:
        write(Path(path), "A", int(size))
    print("ready", flush=True)
    for letter in cycle("BA"):
        try:
            write(Path(path), letter, int(size))
        except GovtextError as error:
            print(error, flush=True)
            return 2
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
