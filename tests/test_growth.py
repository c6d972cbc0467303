"""Why the time is linear in the text: bounded patterns, rules that are only searched where they can hit, nothing copied twice.

How long it takes is measured apart, by benchmarks/growth.py; a clock has no place in tests.
"""

from __future__ import annotations

import ast
import dataclasses
import importlib
import pkgutil
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import govtext
from govtext.boilerplate.lines import to_lines
from govtext.boilerplate.rules import line_rules
from govtext.boilerplate.stretches import stretch_rules
from govtext.document import Paragraph, Verdict
from govtext.features import passages
from govtext.scoring.neighbours import MISSING, Neighbours
from govtext.scoring.network import ROWS, Network

# The parsed form of a pattern is public nowhere else.
_parser: Any = importlib.import_module("re._parser")
PACKAGE = Path(govtext.__file__).parent
BOUND = 2000  # of one repeat: what the longest sentence takes that is compared with other reports
MANY = 8  # times; a repeat taken more often may hold none that varies
# Where a repeat has no bound, and why the time is linear all the same.
UNBOUNDED: Mapping[tuple[str, str], str] = {
    ("govtext.reading.encoding", "_PLAINLY_UTF_8_ASCII"): "possessive and tried at the beginning only, so the text is "
    "walked once",
    ("govtext.training.corpus", "_STRETCH"): "reads one cell of a labelled file of ours, no report",
}
# The same of patterns written where they are used.
UNBOUNDED_IN_CALLS: Mapping[str | bytes, str] = {
    rb"[\x00-\x2f]+|[^\x00-\x2f]+": "two classes that leave no byte out: the matches tile the line",
}
Repeats = Callable[[str], tuple[int, int]]


def modules() -> Iterator[Any]:
    for found in pkgutil.walk_packages([str(PACKAGE)], "govtext."):
        if not found.name.endswith("__main__"):
            yield importlib.import_module(found.name)


def patterns_in(value: Any) -> Iterator[re.Pattern[Any]]:
    """The patterns that a module's name stands for, those in tables included."""
    if isinstance(value, re.Pattern):
        yield value
    elif isinstance(value, Mapping):
        for one in value.values():
            yield from patterns_in(one)
    elif isinstance(value, tuple | list):
        for one in value:
            yield from patterns_in(one)


@pytest.fixture(scope="module")
def named() -> dict[tuple[str, str], list[Any]]:
    """Module and name of each pattern that a module compiles when it is imported, and the patterns."""
    found = {}
    for module in modules():
        for name, value in vars(module).items():
            if patterns := [pattern.pattern for pattern in patterns_in(value)]:
                found[module.__name__, name] = patterns
    return found


def written_patterns() -> Iterator[Any]:
    """Each literal pattern given to a function of `re`."""
    for path in sorted(PACKAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args:
                owner, first = node.func.value, node.args[0]
                if isinstance(owner, ast.Name) and owner.id == "re" and isinstance(first, ast.Constant):
                    yield first.value


def rule_patterns() -> Iterator[tuple[str, str]]:
    """Name and pattern of each rule of the data files, conditions included."""
    for rule in line_rules():
        yield rule.name, rule.pattern.pattern
    for stretch in stretch_rules():
        for part in ("pattern", "before", "not_before", "after", "not_after"):
            if pattern := getattr(stretch, part):
                yield f"{stretch.name}.{part}", pattern.pattern


def test_every_repeat_has_a_bound_or_a_reason(named: dict[tuple[str, str], list[Any]], repeats: Repeats) -> None:
    unbounded = {name for name, found in named.items() if any(repeats(one)[0] > BOUND for one in found)}
    assert set(UNBOUNDED) == unbounded


def test_every_repeat_written_in_a_call_has_a_bound_or_a_reason(
    named: dict[tuple[str, str], list[Any]], repeats: Repeats
) -> None:
    known = {one for name in UNBOUNDED for one in named[name]}
    unbounded = {one for one in written_patterns() if one not in known and repeats(one)[0] > BOUND}
    assert set(UNBOUNDED_IN_CALLS) == unbounded


def test_every_repeat_of_a_rule_has_a_bound(repeats: Repeats) -> None:
    assert [name for name, pattern in rule_patterns() if repeats(pattern)[0] > BOUND] == []


def test_an_unbounded_repeat_is_seen_wherever_it_stands(repeats: Repeats) -> None:
    assert repeats("a(?:b|c(?=d*))")[0] > BOUND
    assert [one.pattern for one in patterns_in({"a": (re.compile("b+"), 1)})] == ["b+"]


def varying(parsed: Any) -> int:
    """How many repeats of a parsed pattern can take more or fewer characters when what follows fails."""
    n = 0
    for operator, argument in parsed:
        if operator in (_parser.MAX_REPEAT, _parser.MIN_REPEAT):
            n += (argument[0] != argument[1]) + varying(argument[2])
        elif operator is _parser.BRANCH:
            n += max(map(varying, argument[1]))
        elif operator is _parser.SUBPATTERN:
            n += varying(argument[-1])
    return n


def repeated_choices(parsed: Any) -> Iterator[tuple[int, int]]:
    """Of each repeat of a parsed pattern: how often at most, and how many repeats inside it vary."""
    for operator, argument in parsed:
        if operator in (_parser.MAX_REPEAT, _parser.MIN_REPEAT):
            yield argument[1], varying(argument[2])
        for part in argument if isinstance(argument, tuple | list) else (argument,):
            for inner in part if isinstance(part, list) else (part,):
                if isinstance(inner, _parser.SubPattern):
                    yield from repeated_choices(inner)


def multiplies(pattern: Any) -> bool:
    """Whether ways to match multiply in a pattern: bounds alone do not help, (?:a{1,3}b{0,3}){3,20} tries 9 to the 20th."""
    return any(
        (most > 2 and inside > 1) or (most > MANY and inside)
        for most, inside in repeated_choices(_parser.parse(pattern))
    )


def test_choices_do_not_multiply_in_repeats(named: dict[tuple[str, str], list[Any]]) -> None:
    found = [*(one for patterns in named.values() for one in patterns), *(pattern for _, pattern in rule_patterns())]
    assert [pattern for pattern in [*found, *written_patterns()] if multiplies(pattern)] == []


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        (r"(?:[^|]{2,12}\s{0,3}\|){3,20}", True),
        (r"(?>[^|]{2,12}\s{0,3}\|){3,20}", False),
        (r"(?:[a-z]{1,9}\.){1,9}", True),
        (r"(?:[a-z]{1,9}\.){1,8}", False),
        (r"(?:[a-z]{9}\.){1,90}", False),
        (r"(?=(?:a{1,2}b{1,2}){3})", True),
    ],
)
def test_choices_that_multiply_are_seen(pattern: str, expected: bool) -> None:
    assert expected == multiplies(pattern)


@pytest.mark.parametrize(("behind", "is_menu"), [("", True), ("。", False)])
def test_a_long_menu_is_told_at_once(behind: str, is_menu: bool) -> None:
    line = " | ".join(["首页", "政务公开", "办事服务"] * 6) + behind
    (hits,) = to_lines([line]).hits.tolist()
    assert is_menu == dict(zip((rule.name for rule in line_rules()), hits, strict=True))["menu"]


CONTENT = Verdict(None, 0.0, "")


def body(start: int, end: int) -> Paragraph:
    return Paragraph(start, end, "body", None, None, None, (), CONTENT, CONTENT)


def test_a_paragraph_of_many_lines_is_put_together_once(monkeypatch: pytest.MonkeyPatch) -> None:
    line, copies = "走访企业并解决难题\n", 0
    replace = dataclasses.replace

    def counted(*args: Any, **changes: Any) -> Any:
        nonlocal copies
        copies += 1
        return replace(*args, **changes)

    monkeypatch.setattr(passages, "replace", counted)
    wrapped = [body(i * len(line), (i + 1) * len(line)) for i in range(500)]
    (one,) = passages.to_passages(line * 499 + "走访企业并解决难。\n", wrapped)
    assert (tuple(range(500)), line.strip() * 499 + "走访企业并解决难。", 1) == (one.paragraphs, one.text, copies)


@pytest.mark.parametrize("n", [0, 1, ROWS - 1, ROWS, ROWS + 1, 2 * ROWS + 1])
def test_rows_of_a_network_are_scored_the_same_in_any_number(n: int) -> None:
    random = np.random.default_rng(0)
    shapes = [(5,), (5,), (5, 7), (7,), (7, 2), (2,)]
    network = Network(*(random.uniform(0.1, 1, shape) for shape in shapes))
    inputs = random.normal(size=(n, 5))
    alone = [network.scores(inputs[i : i + 1])[0] for i in range(0, n, 97)]
    assert network.scores(inputs).shape == (n, 2)
    assert np.array_equal(np.reshape(alone, (-1, 2)), network.scores(inputs)[::97])


@pytest.mark.parametrize("share_of_headings", [0.0, 0.3, 1.0])
def test_what_the_others_say_is_their_mean_and_best(share_of_headings: float) -> None:
    random = np.random.default_rng(1)
    n = 60
    group, is_body = random.integers(0, 9, n), random.random(n) >= share_of_headings
    scores = random.normal(size=(n, 3)).round(1)  # rounded, so that two say the same
    nobody = np.full(n, -1)
    around = Neighbours(nobody, nobody, nobody, nobody, nobody, group, np.zeros(n, np.int64), is_body)
    found = around.gather(scores)
    for i in range(n):
        others = scores[(group == group[i]) & is_body & (np.arange(n) != i)]
        assert np.allclose(others.mean(axis=0) if len(others) else MISSING, found["section"][i])
        rest = scores[is_body & (np.arange(n) != i)]
        assert np.array_equal(rest.max(axis=0) if len(rest) else np.full(3, MISSING), found["document_best"][i])
