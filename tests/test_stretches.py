"""Masked values and injected junk: every rule with its hit and near miss, and what holds for any text."""

import itertools
import re
import tomllib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govtext.boilerplate.stretches import PATTERNS, StretchRule, find_stretches, rule_hits, stretch_rules
from govtext.document import BOILERPLATE_KINDS, Stretch

_parser: Any = import_module("re._parser")  # the parsed form of a pattern is public nowhere else
CASES = tomllib.loads((Path(__file__).parent / "cases" / "stretches.toml").read_text(encoding="utf-8"))["case"]
RULES = {rule.name: rule for rule in stretch_rules()}
LONGEST_REPEAT = 160
LONGEST_NESTED_REPEAT = 600  # characters that repeats inside repeats can take together


def everywhere(rule: StretchRule, text: str) -> list[tuple[int, int]]:
    """What the rule claims when every place of the text is tried."""
    return rule_hits(rule, text, range(len(text) + 1))


def with_needles(rule: StretchRule, text: str) -> list[tuple[int, int]]:
    """What the rule claims when only the places of its needles are tried."""
    places = {m.start() for needle in rule.needles for m in re.finditer(f"(?={re.escape(needle)})", text)}
    return rule_hits(rule, text, sorted(places))


def named(text: str, stretches: tuple[Stretch, ...]) -> list[str]:
    return [f"{s.reason.split(':')[0]}: {text[s.start : s.end]}" for s in stretches]


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['rule']}-{'hit' if case['hit'] else 'near miss'}")
def test_stretches_of_a_case(case: dict[str, Any]) -> None:
    text = case["text"]
    assert case["found"] == named(text, find_stretches(text))
    assert case["hit"] == bool(with_needles(RULES[case["rule"]], text))
    assert case["source"]


def test_every_rule_has_a_hit_and_a_near_miss() -> None:
    rows = Counter((case["rule"], case["hit"]) for case in CASES)
    assert {(name, hit) for name in RULES for hit in (True, False)} == set(rows)


def test_rules_have_unique_names_known_kinds_and_a_reason() -> None:
    assert len(stretch_rules()) == len(RULES)
    assert {rule.kind for rule in stretch_rules()} <= {"mask", "keep", *BOILERPLATE_KINDS}
    assert all(rule.reason and rule.needles and rule.pattern.groups <= 1 for rule in stretch_rules())


@pytest.mark.parametrize("rule", stretch_rules(), ids=lambda rule: rule.name)
def test_needles_and_reach_lose_no_match(rule: StretchRule) -> None:
    for case in CASES:
        assert everywhere(rule, case["text"]) == with_needles(rule, case["text"])


def compiled(rules: Sequence[StretchRule]) -> set[str]:
    """The names of the rules of which some pattern was compiled."""
    return {rule.name for rule in rules if set(PATTERNS) & set(vars(rule))}


def test_patterns_are_compiled_where_a_needle_is_met(monkeypatch: pytest.MonkeyPatch) -> None:
    fresh = tuple(replace(rule) for rule in stretch_rules())
    monkeypatch.setattr("govtext.boilerplate.stretches.stretch_rules", lambda: fresh)
    find_stretches("全市新增高新技术企业十二家。")
    assert compiled(fresh) == set()
    text = "共有**家企业"
    assert len(find_stretches(text)) == 1
    assert "stars" in compiled(fresh)
    assert compiled(fresh) <= {rule.name for rule in fresh if any(needle in text for needle in rule.needles)}


@pytest.mark.parametrize("rule", stretch_rules(), ids=lambda rule: rule.name)
def test_every_pattern_of_a_rule_is_the_one_of_its_source(rule: StretchRule) -> None:
    found = {name: getattr(rule, name) for name in PATTERNS}
    assert dict(rule.sources) == {name: pattern.pattern for name, pattern in found.items() if pattern is not None}


def repeats(parsed: Any, inside: int = 1) -> Iterator[tuple[int, int]]:
    """The upper bound of every repeat in a parsed pattern, and that bound times those of the repeats around it."""
    for operator, argument in parsed:
        times = inside
        if operator in (_parser.MAX_REPEAT, _parser.MIN_REPEAT, _parser.POSSESSIVE_REPEAT):
            yield argument[1], inside * argument[1]
            times = inside * argument[1]
        for part in argument if isinstance(argument, tuple | list) else (argument,):
            for inner in part if isinstance(part, list) else (part,):
                if isinstance(inner, _parser.SubPattern):
                    yield from repeats(inner, times)


@pytest.mark.parametrize("rule", stretch_rules(), ids=lambda rule: rule.name)
def test_every_repeat_is_bounded(rule: StretchRule) -> None:
    for pattern in (rule.pattern, rule.before, rule.not_before, rule.after, rule.not_after):
        for most, nested in repeats(_parser.parse(pattern.pattern)) if pattern else ():
            assert most <= LONGEST_REPEAT
            assert nested <= LONGEST_NESTED_REPEAT


def test_an_unbounded_repeat_would_be_seen() -> None:
    assert max(most for most, _ in repeats(_parser.parse("a(?:b|c(?=d*))"))) > LONGEST_REPEAT
    assert list(repeats(_parser.parse("(?:x[ab]{1,9}){2,4}"))) == [(4, 4), (9, 36)]


class CountingPattern:
    """A pattern that counts how often it is tried."""

    def __init__(self, pattern: re.Pattern[str]) -> None:
        self.pattern, self.tries = pattern, 0

    def match(self, text: str, start: int) -> re.Match[str] | None:
        self.tries += 1
        return self.pattern.match(text, start)


@pytest.mark.parametrize("bad", ["*", "X", "_", "×", "页", "(", "版权所有", "www.a.", ".com", "会员", "未读", "*X月"])
def test_no_place_is_tried_twice(bad: str) -> None:
    text = (bad * 2000)[:2000]
    for rule in stretch_rules():
        counting = CountingPattern(rule.pattern)
        bare = StretchRule(rule.name, rule.kind, rule.needles, rule.reason, {}, rule.reach)
        vars(bare)["pattern"] = counting
        rule_hits(bare, text, range(len(text)))
        assert counting.tries
        assert counting.tries <= len(text)


def test_nothing_is_looked_for_in_skipped_spans() -> None:
    text = "上一篇：XX市总结\nXX市科技局\n版权所有，第1页 共2页"
    assert named(text, find_stretches(text, skip=[(0, 10), (16, len(text))])) == ["letters_x: XX"]
    assert find_stretches(text, skip=[(0, 12), (-5, 99)]) == ()


def test_a_stretch_that_reaches_into_a_skipped_span_is_dropped() -> None:
    text = "净增企业www.gwzj8.example十八家"
    assert named(text, find_stretches(text)) == ["inserted_site: www.gwzj8.example"]
    assert find_stretches(text, skip=[(10, 12)]) == ()


@pytest.mark.parametrize(
    "line",
    ["第1页 共4页", "  www.gwzj8.example  ", "更多范文请访问www.fw.example", "PAGE 3", "©2014 gw520.cn"],
)
def test_junk_that_fills_its_line_is_no_stretch(line: str) -> None:
    assert find_stretches(f"一、主要工作\n{line}\n二、存在问题") == ()


def test_a_mask_may_stand_alone_on_a_line() -> None:
    text = "关于\nXX\n工作的报告"
    assert named(text, find_stretches(text)) == ["letters_x: XX"]


def test_the_kind_and_the_reason_come_from_the_rule() -> None:
    (found,) = find_stretches("共有**家企业")
    assert Stretch(2, 4, "mask", "stars: value masked with asterisks") == found


def test_spans_count_code_points() -> None:
    text = "\U00020000\ud800本市**家"
    (found,) = find_stretches(text)
    assert text[found.start : found.end] == "**"


def test_the_empty_text_and_clean_text_have_no_stretches() -> None:
    assert find_stretches("") == ()
    assert find_stretches("全市新增高新技术企业十二家，技术合同成交额增长三成。") == ()


FRAGMENTS = st.sampled_from(
    [
        *("市", "家", "年", "月", "日", "，", "。", "\n", " ", "20", "1", "、", "第", "页", "共", "亿元", "增长", "%"),
        *("*", "**", "_", "×", "X", "xx", "nn", "`", "n", "|", "-", "—", "(", "）", "&nbsp;", "<br>", "\\n", '/"'),
        *(
            "版权所有",
            "范文网",
            "更多资料请访问",
            "www.a-b.example",
            "关注公众号领取全文",
            "PAGE",
            ".doc_第2页",
            "(yè)",
        ),
    ]
)
TEXTS = st.one_of(st.text(), st.lists(FRAGMENTS, max_size=40).map("".join))


@given(TEXTS)
def test_stretches_are_sorted_and_apart(text: str) -> None:
    found = find_stretches(text)
    assert all(0 <= s.start <= s.end <= len(text) for s in found)
    assert all(a.end <= b.start for a, b in itertools.pairwise(found))
    assert all(s.kind == "mask" for s in found if s.start == s.end)


@given(TEXTS, st.integers(0, 60), st.integers(0, 60))
def test_no_stretch_touches_a_skipped_span(text: str, start: int, length: int) -> None:
    for s in find_stretches(text, skip=[(start, start + length)]):
        assert s.end <= start or s.start >= min(start + length, len(text)) or not length
