"""Where no needle stands no rule or form can hit: decided for each pattern, not tried on samples.

Needles have one or two characters. So a text holds none if no character and no two neighbours are one, and of the texts
that a part of a pattern matches only their first and last characters matter to what stands before and behind it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from govtext.boilerplate.lines import to_lines
from govtext.boilerplate.rules import LONGEST_LINE, LineRule, forms_of, line_forms, line_rules
from govtext.features.ngrams import normalise

# The parsed form of a pattern is public nowhere else.
_parser: Any = import_module("re._parser")
REPEATS = (_parser.MAX_REPEAT, _parser.MIN_REPEAT, _parser.POSSESSIVE_REPEAT)
CATEGORIES: dict[Any, Callable[[str], bool]] = {
    _parser.CATEGORY_SPACE: str.isspace,
    _parser.CATEGORY_NOT_SPACE: lambda c: not c.isspace(),
    _parser.CATEGORY_DIGIT: str.isdecimal,
    _parser.CATEGORY_NOT_DIGIT: lambda c: not c.isdecimal(),
    _parser.CATEGORY_WORD: lambda c: c.isalnum() or c == "_",
}
Bools = NDArray[np.bool_]


@cache
def characters(category: Any = None) -> frozenset[str]:
    """What a normalised line can hold, of a category: no white space but the space, no full-width forms, no capitals."""
    if category is not None:
        return frozenset(filter(CATEGORIES[category], characters()))
    basic = "".join(map(chr, range(0x20, 0xD800)))
    return frozenset(c for c, plain in zip(basic, normalise(basic), strict=True) if c == plain)


def taken(operator: Any, argument: Any) -> frozenset[str]:
    """The characters that a part of a pattern takes which matches one."""
    if operator is _parser.LITERAL:
        return frozenset(chr(argument))
    if operator is _parser.NOT_LITERAL:
        return characters() - {chr(argument)}
    if operator is _parser.RANGE:
        return frozenset(map(chr, range(argument[0], argument[1] + 1)))
    if operator is _parser.CATEGORY:
        return characters(argument)
    if operator is _parser.IN:
        negated = argument[0][0] is _parser.NEGATE
        found = frozenset[str]().union(*(taken(*part) for part in argument[negated:]))
        return characters() - found if negated else found
    assert operator is _parser.ANY, operator
    return characters()


@dataclass(frozen=True)
class Kept:
    """The texts without needle that a part of a pattern matches: is the empty one among them; by first and last character."""

    empty: bool
    ends: Bools

    def __or__(self, other: Kept) -> Kept:
        return Kept(self.empty or other.empty, self.ends | other.ends)

    @property
    def none(self) -> bool:
        """Whether there is no such text: every match holds a needle."""
        return not (self.empty or self.ends.any())


class Search:
    """The search for a match without needle; a character that is in no needle is as good as any other such."""

    def __init__(self, needles: Sequence[str]) -> None:
        self.letters = sorted({c for needle in needles for c in needle})
        n = len(self.letters) + 1  # the last one stands for all others
        self.apart = np.ones((n, n), bool)  # may one stand behind the other
        self.alone = np.ones(n, bool)
        for needle in needles:
            places = [self.letters.index(c) for c in needle]
            if len(needle) == 1:
                self.alone[places] = False
            else:
                self.apart[places[0], places[1]] = False
        self.nothing = Kept(True, np.zeros((n, n), bool))
        self.never = Kept(False, np.zeros((n, n), bool))

    def joined(self, left: Kept, right: Kept) -> Kept:
        """The texts of which each is one of the left and one of the right together."""
        ends = (left.ends.astype(np.float32) @ self.apart @ right.ends) > 0  # of truth values no product is fast
        ends |= left.ends & right.empty
        ends |= right.ends & left.empty
        return Kept(left.empty and right.empty, ends)

    def one(self, operator: Any, argument: Any) -> Kept:
        """The texts of a part that matches one character."""
        found = taken(operator, argument)
        some = [letter in found for letter in self.letters]
        other = not found.issubset(self.letters)
        return Kept(False, np.diag(np.array([*some, other]) & self.alone))

    def repeated(self, least: int, most: int, part: Kept) -> Kept:
        """The texts of a part so many times over."""
        found, so_far = self.never, self.nothing
        for times in range(most + 1):
            found = found | so_far if times >= least else found
            so_far = self.joined(so_far, part)
        return found

    def kept(self, parsed: Any) -> Kept:
        """The texts of a parsed pattern, and some more: of what must or must not stand around it only what it holds counts."""
        found = self.nothing
        for operator, argument in parsed:
            found = self.joined(found, self._part(operator, argument))
        return found

    def _part(self, operator: Any, argument: Any) -> Kept:
        if operator is _parser.BRANCH:
            found = self.never
            for branch in argument[1]:
                found = found | self.kept(branch)
            return found
        if operator is _parser.SUBPATTERN:
            return self.kept(argument[-1])
        if operator is _parser.ATOMIC_GROUP:
            return self.kept(argument)
        if operator in REPEATS:
            return self.repeated(argument[0], argument[1], self.kept(argument[2]))
        if operator is _parser.ASSERT:
            # What stands ahead is on the line as well: where it cannot do without a needle the line has one.
            return self.never if self.kept(argument[1]).none else self.nothing
        if operator in (_parser.ASSERT_NOT, _parser.AT):
            return self.nothing
        return self.one(operator, argument)


def must_hold(pattern: str, needles: Sequence[str]) -> bool:
    """Whether every line in which a pattern is found holds one of the needles."""
    return Search(needles).kept(_parser.parse(pattern)).none


@pytest.mark.parametrize("rule", line_rules(), ids=lambda rule: rule.name)
def test_every_match_of_a_line_rule_holds_one_of_its_needles(rule: LineRule) -> None:
    assert must_hold(rule.pattern.pattern, rule.needles)


@pytest.mark.parametrize("form", line_forms(), ids=lambda form: form.name)
def test_every_line_of_a_form_holds_one_of_its_needles(form: LineRule) -> None:
    assert must_hold(form.pattern.pattern, form.needles)


@pytest.mark.parametrize(
    ("pattern", "needles", "held"),
    [
        ("上一篇", ["上一"], True),
        ("上一篇", ["一上"], False),
        ("上一篇", ["上篇"], False),
        ("(?:上一|下一)篇?", ["上一", "下一"], True),
        ("(?:上一|下一)篇?", ["上一"], False),
        ("(?:上一)?篇", ["上一"], False),
        ("上|下一", ["上一", "下一"], False),
        # Needles that no single part shows: across a class, a choice, a repeat.
        ("[上下前后]一[篇页]", ["上一", "下一", "前一", "后一"], True),
        ("[上下前后]一[篇页]", ["上一", "下一", "前一"], False),
        ("[甲乙]", ["甲", "乙"], True),
        ("[甲乙丙]", ["甲", "乙"], False),
        ("[^丙]", ["甲", "乙"], False),
        ("上.一", ["上一"], False),
        (r"上\s{0,2}一", ["上一", "上 "], True),
        (r"上\s{0,2}一", ["上一"], False),
        (r"上\s{1,2}一", ["  ", " 一"], True),
        ("(?:上|下)(?:一|二)", ["上一", "下一", "上二", "下二"], True),
        ("(?:上|下)(?:一|二)", ["上一", "下一", "上二"], False),
        ("(?:上下){1,3}", ["上下"], True),
        ("(?:上下?){2}", ["上下"], False),
        ("(?:上下?){2}", ["上下", "上上"], True),
        ("上{0,1}下", ["上下"], False),
        ("上{2,9}", ["上上"], True),
        ("上{1,9}", ["上上"], False),
        ("[a-c]x", ["ax", "bx", "cx"], True),
        ("[a-d]x", ["ax", "bx", "cx"], False),
        ("[0年]", ["0", "年"], True),
        (r"\d年", ["0年"], False),  # digits of other scripts stay what they are
        ("(?>上(?=一)|下)一", ["上一", "下一"], True),
        # What stands ahead counts, what stands behind or must not stand there does not.
        ("(?=.{0,9}上一).{3}", ["上一"], True),
        ("(?=.{0,9}上一?).{3}", ["上一"], False),
        ("(?!上一).{3}", ["上一"], False),
        ("^上$", ["上一"], False),
    ],
)  # fmt: skip
def test_a_pattern_that_could_do_without_its_needles_is_seen(pattern: str, needles: list[str], held: bool) -> None:
    assert held == must_hold(pattern, needles)


@pytest.mark.parametrize("where", [0, 1, LONGEST_LINE - 4, LONGEST_LINE - 3])
def test_a_needle_is_found_anywhere_in_a_line(where: int) -> None:
    line = ("政" * where + "copyright")[: where + 4]
    searched = [rule.pattern.search(line[:LONGEST_LINE]) is not None for rule in line_rules()]
    assert searched == to_lines([line]).hits[0].tolist()


def test_a_needle_counts_for_its_own_line_alone() -> None:
    lines = ["上", "一篇：要点", "上一篇：要点", "分", "享到"]
    read = to_lines(lines)
    names = [{rule.name for rule, hit in zip(line_rules(), hits) if hit} for hits in read.hits.tolist()]
    assert ["neighbour_page" in found for found in names] == [False, False, True, False, False]
    assert [form.name if form else None for form in forms_of(read.texts())] == [None, None, "neighbour", None, None]
