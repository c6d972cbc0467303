"""Contenders timed side by side: each group of inputs goes through all of them in turn, in an order that rotates.

A machine that others share runs at half its speed a minute later, and then all that is measured after each other is wrong.
What is measured within the same second is not: so only ratios inside one run are told, each with two spreads. The interval
is a bootstrap over groups, and says how far the ratio hangs on which inputs were taken; the rounds say how far it hangs
on the moment. Times are processor time, that of child processes included once they have ended.
"""

from __future__ import annotations

import resource
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
T = TypeVar("T")
DRAWS = 2000  # of the bootstrap
INTERVAL = (2.5, 97.5)  # per cent
TENTHS = (10, 50, 90)  # per cent of the groups


@dataclass(frozen=True, slots=True)
class Contender(Generic[T]):
    """A way to do the work: its name, what it does with one group, and the name of the one it is held against, if any.

    `characters` counts what it reads of a group, for its speed.
    """

    name: str
    work: Callable[[T], object]
    against: str | None = None
    characters: Callable[[T], int] | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Timings(Generic[T]):
    """Seconds of processor time by contender, (n_rounds, n_groups) each, in the order of `groups`."""

    contenders: Sequence[Contender[T]]
    groups: Sequence[T]
    seconds: Mapping[str, Floats]


def processor_seconds() -> float:
    """Processor time so far, of this process and of its children that have ended."""
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime


def interleaved(
    contenders: Sequence[Contender[T]],
    groups: Sequence[T],
    *,
    rounds: int,
    warm: bool = True,
    clock: Callable[[], float] = processor_seconds,
    tell: Callable[[str], None] = lambda line: None,
) -> Timings[T]:
    """The time of each contender on each group, round after round.

    `warm` does one group before anything counts, so that no contender pays for what is loaded on first use.

    Raises:
        ValueError: there is nothing to measure, or two contenders have one name.
    """
    if not contenders or not groups or rounds < 1:
        raise ValueError(f"{len(contenders)} contenders, {len(groups)} groups, {rounds} rounds; wanted one of each")
    if len({c.name for c in contenders}) < len(contenders):
        raise ValueError("two contenders of one name; give each its own")
    seconds = {c.name: np.zeros((rounds, len(groups))) for c in contenders}
    if warm:
        for contender in contenders:
            contender.work(groups[0])
    for k in range(rounds):
        for i, group in enumerate(groups):
            first = (i + k) % len(contenders)
            for contender in [*contenders[first:], *contenders[:first]]:
                started = clock()
                contender.work(group)
                seconds[contender.name][k, i] = clock() - started
        tell(f"round {k + 1} of {rounds}")
    return Timings(contenders, groups, seconds)


def figures(timings: Timings[Any], *, seed: int = 0) -> dict[str, dict[str, Any]]:
    """What is told of each contender, by name.

    seconds       of all groups together: median over rounds, the least and the most beside it
    Mchar_per_s   million characters a second, by the median
    against       the contender it is held against, None for the first of its kind
    ratio         how many times as fast as that one: by the medians of each group over the rounds, summed
    rounds        the ratio of each round alone: least, median, most
    interval      of the ratio, 95 %, by drawing groups anew; where there are several
    each          the ratio of single groups: of all but a tenth it is above the first, of half above the second, of a tenth
                  above the third; likewise
    """
    found: dict[str, dict[str, Any]] = {}
    for contender in timings.contenders:
        own = timings.seconds[contender.name]
        total = own.sum(axis=1).tolist()
        row: dict[str, Any] = {"seconds": _three(total, 4), "against": contender.against}
        if contender.characters is not None:
            read = sum(map(contender.characters, timings.groups))
            row |= {"characters": read, "Mchar_per_s": round(read / max(statistics.median(total), 1e-9) / 1e6, 4)}
        if contender.against is not None:
            row |= ratios(timings.seconds[contender.against], own, seed=seed)
        found[contender.name] = row
    return found


def ratios(other: Floats, own: Floats, *, seed: int = 0) -> dict[str, Any]:
    """How many times as fast `own` is as `other`, (n_rounds, n_groups) both; the fields are those of `figures`."""
    a, b = np.median(other, axis=0), np.maximum(np.median(own, axis=0), 1e-9)
    by_round = other.sum(axis=1) / np.maximum(own.sum(axis=1), 1e-9)
    found = {"ratio": round(float(a.sum() / b.sum()), 3), "rounds": _three(by_round.tolist(), 3)}
    if len(a) == 1:
        return found
    drawn = np.random.default_rng(seed).integers(0, len(a), (DRAWS, len(a)))
    spread = np.percentile(a[drawn].sum(axis=1) / b[drawn].sum(axis=1), INTERVAL)
    return found | {
        "interval": [round(float(end), 3) for end in spread],
        "each": [round(float(end), 3) for end in np.percentile(a / b, TENTHS)],
    }


def _three(values: Sequence[float], digits: int) -> list[float]:
    """Least, median, most."""
    return [round(value, digits) for value in (min(values), statistics.median(values), max(values))]
