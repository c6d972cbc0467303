"""What several rooms' tests share."""

from collections.abc import Callable, Iterator
from importlib import import_module
from typing import Any

import pytest

# The parsed form of a pattern is public nowhere else.
_parser: Any = import_module("re._parser")
_REPEATS = (_parser.MAX_REPEAT, _parser.MIN_REPEAT, _parser.POSSESSIVE_REPEAT)
Repeats = Callable[[str], tuple[int, int]]


def _bounds(parsed: Any, inside: int = 1) -> Iterator[tuple[int, int]]:
    for operator, argument in parsed:
        times = inside
        if operator in _REPEATS:
            times = inside * argument[1]
            yield argument[1], times
        for part in argument if isinstance(argument, tuple | list) else (argument,):
            for inner in part if isinstance(part, list) else (part,):
                if isinstance(inner, _parser.SubPattern):
                    yield from _bounds(inner, times)


@pytest.fixture
def repeats() -> Repeats:
    """For a pattern: the largest bound of its repeats, and the largest product of repeats inside repeats."""

    def of(pattern: str) -> tuple[int, int]:
        bounds = [(1, 1), *_bounds(_parser.parse(pattern))]
        return max(most for most, _ in bounds), max(nested for _, nested in bounds)

    return of
