"""The process behind the fence: bytes on standard input, JSON on standard output; see `govtext.reading.fence`."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import sys

from govtext.errors import MissingExtra, UnreadableReport
from govtext.reading.fence import MEMORY, REFUSED, packed
from govtext.reading.formats import FORMATS

_MEGABYTE = 1 << 20
_PR_SET_PDEATHSIG = 1  # linux/prctl.h


def main(key: str, encoding: str, megabytes: str) -> int:
    """The exit code; the answer is on standard output."""
    try:
        # Before the limits: a library that does not fit would look like one that is not installed.
        extract = FORMATS[key].extract
        _confine(int(megabytes))
        extracted = extract(sys.stdin.buffer.read(), encoding=encoding or None)
        # ASCII: a lone surrogate passes.
        answer, code = json.dumps(packed(extracted)), 0
    except (UnreadableReport, MissingExtra) as error:
        answer, code = json.dumps({"kind": type(error).__name__, "message": str(error)}), REFUSED
    except MemoryError:
        return MEMORY
    sys.stdout.buffer.write(answer.encode("ascii"))
    sys.stdout.buffer.flush()
    return code


def _confine(megabytes: int) -> None:
    """Nothing; from here on this process has no more memory than that, writes no file, and goes with its parent."""
    if not sys.platform.startswith("linux"):
        return
    import ctypes
    import resource

    with contextlib.suppress(OSError):
        # When memory runs out: this process, not the one that keeps the results. Before files are forbidden.
        os.write(os.open("/proc/self/oom_score_adj", os.O_WRONLY), b"1000")
    for limit, most in (
        (resource.RLIMIT_AS, megabytes * _MEGABYTE),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        hard = resource.getrlimit(limit)[1]
        bound = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(limit, (bound, bound))
    parent = os.getppid()
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        raise SystemExit(1)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
