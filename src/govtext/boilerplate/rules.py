"""What lines of a site look like: the rules of data/line_rules.toml, run over many lines at once.

A rule is a cue that the line model weighs among others. A form is the whole line and certain: no model is asked.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files
from typing import Any

import numpy as np
from numpy.typing import NDArray

from govtext.document import BOILERPLATE_KINDS
from govtext.features.needles import Needles

Ints = NDArray[np.int64]

_NOWHERE = np.array([np.iinfo(np.int64).max])  # behind all places
LONGEST_LINE = 400  # characters looked at; site lines are short, and paragraphs need no pattern at their end
LONGEST_FORM = 160  # characters; the longest of 278 labelled lines with a form has 87


@dataclass(frozen=True)
class LineRule:
    """One rule: searched in the normalised line, it speaks for `kind` and gives `reason`; a form must match all of it.

    Every match holds one of `needles`, strings of one or two characters. `parts`: a form only where a sentence has ended.
    """

    name: str
    kind: str
    needles: tuple[str, ...]
    source: str
    reason: str
    parts: bool = False

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """The pattern, compiled when a line first holds a needle: all 56 take longer than to label a report."""
        return re.compile(self.source)


@cache
def _table() -> Mapping[str, Any]:
    return tomllib.loads((files("govtext") / "data" / "line_rules.toml").read_text(encoding="utf-8"))


@cache
def line_rules() -> tuple[LineRule, ...]:
    """The bundled rules, in the order of the file: the cues of the line model."""
    return _read("rule")


@cache
def line_forms() -> tuple[LineRule, ...]:
    """The bundled forms, in order of priority."""
    return _read("form")


def _read(key: str) -> tuple[LineRule, ...]:
    rules = tuple(
        LineRule(r["name"], r["kind"], tuple(r["needles"]), r["pattern"], r["reason"], r.get("parts", False))
        for r in _table()[key]
    )
    if bad := [rule.name for rule in rules if rule.kind not in BOILERPLATE_KINDS]:
        raise ValueError(f"line_rules.toml: {bad[0]} has an unknown kind")
    if bad := [rule.name for rule in rules if not all(1 <= len(needle) <= 2 for needle in rule.needles)]:
        raise ValueError(f"line_rules.toml: {bad[0]} has a needle that is not one or two characters long")
    return rules


def rule_places(codes: NDArray[np.int32]) -> dict[int, Ints]:
    """By number of each rule with a needle in a text (normalised): where they begin, ascending."""
    return _rule_needles().places(codes)


def rule_hits(places: Mapping[int, Ints], text: str, first: Ints, stop: Ints) -> NDArray[np.bool_]:
    """Which rules fire on each line, (n_lines, n_rules): those of `text` (normalised, stripped) from `first` to `stop`.

    `places` is what `rule_places` gives for the text.
    """
    rules = line_rules()
    hits = np.zeros((len(first), len(rules)), bool)
    ends = np.minimum(stop, first + LONGEST_LINE)
    found: list[tuple[int, int]] = []
    for number, held in _holding(places, first, ends):
        search = rules[number].pattern.search
        known: dict[str, bool] = {}
        for i, begin, end in zip(held.tolist(), first.take(held).tolist(), ends.take(held).tolist()):
            line = text[begin:end]
            if (hit := known.get(line)) is None:
                hit = known[line] = search(line) is not None
            if hit:
                found.append((i, number))
    if found:
        hits[tuple(zip(*found))] = True
    return hits


def forms_of(lines: Sequence[str]) -> list[LineRule | None]:
    """The first form that each line (normalised, stripped) has from its beginning to its end."""
    codes = np.frombuffer("\n".join((*lines, "")).encode("utf-32-le", "surrogatepass"), "<i4")
    lengths = np.fromiter(map(len, lines), np.int64, len(lines))
    first = (lengths + 1).cumsum() - lengths - 1
    found: list[LineRule | None] = [None] * len(lines)
    ends = np.where(lengths <= LONGEST_FORM, first + lengths, first)
    forms = line_forms()
    for number, held in _holding(_form_needles().places(codes), first, ends):
        for i in held.tolist():
            if found[i] is None and forms[number].pattern.fullmatch(lines[i]):
                found[i] = forms[number]
    return found


def _holding(places: Mapping[int, Ints], first: Ints, ends: Ints) -> Iterator[tuple[int, Ints]]:
    """For each number, ascending, the lines with one of its places between first and end, where there are such lines."""
    for number, own in sorted(places.items()):
        next_one = np.concatenate((own, _NOWHERE)).take(own.searchsorted(first))
        held = (next_one < ends).nonzero()[0]
        if len(held):
            yield number, held


@cache
def _rule_needles() -> Needles:
    return Needles.of([rule.needles for rule in line_rules()])


@cache
def _form_needles() -> Needles:
    return Needles.of([form.needles for form in line_forms()])
