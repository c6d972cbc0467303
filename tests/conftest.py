"""What several rooms' tests share."""

from collections.abc import Callable, Iterator
from importlib import import_module
from typing import Any

import pytest
from hypothesis import settings

from govtext.document import Paragraph, Verdict

# A clock has no place in tests; the same examples everywhere.
settings.register_profile("govtext", deadline=None, derandomize=True)
settings.load_profile("govtext")

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


PAGE_KINDS = {"T": "title", "M": "meta", "H": "heading", "B": "body", "X": "boilerplate"}
PLAIN = Verdict(None, 0.0, "")
BODY = (
    "我局紧扣中心任务，抓班子、带队伍、促落实，走访企业一百二十家"
    "，帮助三十六家解决融资难题，培训技术骨干两百人次，各项工作取得了新的进展，得到群众好评。"
)
Page = Callable[[list[str]], tuple[str, list[Paragraph]]]


@pytest.fixture(scope="session")
def page() -> Page:
    """Makes text and paragraphs of lines that begin with a letter for their kind; `B` alone is a body of some length."""

    def of(lines: list[str]) -> tuple[str, list[Paragraph]]:
        text, paragraphs = "", []
        for line in lines:
            start = len(text)
            text += (line[2:] or BODY) + "\n"
            paragraphs.append(Paragraph(start, len(text), PAGE_KINDS[line[0]], None, None, None, (), PLAIN, PLAIN))
        return text, paragraphs

    return of
