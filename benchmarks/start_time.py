"""From nothing to the first label: fresh processes from start to exit, their wall time, processor time and peak memory.

    python start_time.py '{"runs": 7, "commands": {"name": ["python", "…"], …}}'

Imports the standard library alone and runs as a process of its own: a child's peak memory cannot read below what its parent
held when it was started. The commands take turns, in rotated order, and ratios are taken pair by pair. The first run of
each is not counted: it compiles and fills the disk's cache.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from typing import Any

MEGABYTE = 1024 if sys.platform != "darwin" else 1024 * 1024  # of ru_maxrss, which macOS counts in bytes
KINDS = ("wall", "cpu", "peak")
Run = tuple[float, float, float]  # seconds, seconds, megabytes


def run(command: Sequence[str]) -> Run:
    """Wall time, processor time and peak memory of one process.

    Raises:
        SystemExit: it failed; what fails is fast.
    """
    # Compiled modules may be kept, as an installed package keeps them; some machines forbid it.
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    null = subprocess.DEVNULL
    started = time.perf_counter()
    child = subprocess.Popen(command, stdin=null, stdout=null, stderr=subprocess.PIPE, env=environment)
    said = child.stderr.read() if child.stderr else b""
    _, status, used = os.wait4(child.pid, 0)
    wall = time.perf_counter() - started
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.stderr:
        child.stderr.close()
    if child.returncode:
        raise SystemExit(f"{' '.join(command)[:200]}: exit code {child.returncode}: {said.decode(errors='replace')}")
    return wall, used.ru_utime + used.ru_stime, used.ru_maxrss / MEGABYTE


def runs_of(commands: Mapping[str, Sequence[str]], *, runs: int) -> dict[str, list[Run]]:
    """The runs of each command, in turns."""
    names = list(commands)
    found: dict[str, list[Run]] = {name: [] for name in names}
    for k in range(-1, runs):
        first = max(k, 0) % len(names)
        for name in [*names[first:], *names[:first]]:
            measured = run(commands[name])
            if k >= 0:
                found[name].append(measured)
    return found


def start_figures(found: Mapping[str, Sequence[Run]]) -> dict[str, dict[str, list[float]]]:
    """Least, median and most of each command's wall time and processor time in milliseconds, peak memory in megabytes."""
    return {
        name: {
            "wall_ms": _three([1000 * wall for wall, _, _ in runs]),
            "cpu_ms": _three([1000 * cpu for _, cpu, _ in runs]),
            "peak_MB": _three([peak for _, _, peak in runs]),
        }
        for name, runs in found.items()
    }


def paired(one: Sequence[Run], other: Sequence[Run]) -> dict[str, list[float]]:
    """Least, median and most of `one` divided by `other`, run by run: of wall time, processor time and peak memory."""
    return {
        kind: _three([a[k] / max(b[k], 1e-9) for a, b in zip(one, other, strict=True)], 3)
        for k, kind in enumerate(KINDS)
    }


def above_ms(one: Sequence[Run], other: Sequence[Run]) -> list[float]:
    """Least, median and most of the milliseconds of processor time that `one` takes more than `other`, run by run."""
    return _three([1000 * (a[1] - b[1]) for a, b in zip(one, other, strict=True)])


def _three(values: Sequence[float], digits: int = 2) -> list[float]:
    return [round(value, digits) for value in (min(values), statistics.median(values), max(values))]


def main() -> None:
    """Run, print the runs as JSON."""
    wanted: dict[str, Any] = json.loads(sys.argv[1])
    print(json.dumps(runs_of(wanted["commands"], runs=wanted["runs"])))


if __name__ == "__main__":
    main()
