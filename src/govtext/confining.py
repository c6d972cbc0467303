"""Limits that a process sets itself before it touches what strangers made: workers of a batch, the reader behind the fence."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
from pathlib import Path

MEGABYTE = 1 << 20
PR_SET_PDEATHSIG = 1  # linux/prctl.h
FIRST_TO_GO = "1000"  # for Linux when memory runs out: take this process, not the one that keeps the results


def limit_memory(megabytes: int | None, *, for_good: bool = False) -> None:
    """Nothing; asking for more raises MemoryError from here on, where the system knows such limits (not on Windows, macOS).

    What counts is address space, code and libraries included. None sets no limit.
    `for_good`: this process cannot lift it again.
    """
    with contextlib.suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text(FIRST_TO_GO)
    if megabytes is None or not sys.platform.startswith("linux"):
        return
    import resource

    _limit(resource.RLIMIT_AS, megabytes * MEGABYTE, for_good=for_good)


def forbid_files() -> None:
    """Nothing; on Linux this process cannot put a byte into a file any more, nor leave its memory in one when it dies."""
    if not sys.platform.startswith("linux"):
        return
    import resource

    _limit(resource.RLIMIT_FSIZE, 0, for_good=True)
    _limit(resource.RLIMIT_CORE, 0, for_good=True)


def die_with_parent() -> None:
    """Nothing; on Linux a killed parent takes this process along, even one that hangs. Elsewhere it ends with its work."""
    if not sys.platform.startswith("linux"):
        return
    import ctypes

    parent = os.getppid()
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:  # it had died before
        raise SystemExit(1)


def _limit(what: int, most: int, *, for_good: bool) -> None:
    import resource

    hard = resource.getrlimit(what)[1]
    bound = most if hard == resource.RLIM_INFINITY else min(most, hard)
    resource.setrlimit(what, (bound, bound if for_good else hard))
