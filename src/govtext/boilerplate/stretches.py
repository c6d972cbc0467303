"""Masked values and injected junk inside a text, found by the rules of data/stretches.toml.

A site that turns a report into a template masks its values (`20nn年`, `XX市`, `**家`); a converter or a site puts junk
into its sentences (`第1页 共4页`, an address, a copyright notice). Each is a `Stretch` of the original text.
Rules, their order and what they mean stand in the data file; this file only runs them.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files
from typing import Any

import numpy as np

from govtext.document import Stretch
from govtext.features.needles import Needles

WINDOW = 40  # characters on each side that a rule's conditions may look at
PATTERNS = ("pattern", "before", "not_before", "after", "not_after")
PART = re.compile(r"\{([a-z_]{1,20})\}")
NESTED_PARTS = 4  # how deep one part may name another


@dataclass(frozen=True)
class StretchRule:
    """One row of data/stretches.toml, its parts put in; the head of that file says what each entry means.

    `sources` are its patterns by name; each is compiled at its first use.
    """

    name: str
    kind: str
    needles: tuple[str, ...]
    reason: str
    sources: Mapping[str, str]
    reach: int = 0
    series: int = 0

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """What a stretch is."""
        return re.compile(self.sources["pattern"])

    @cached_property
    def before(self) -> re.Pattern[str] | None:
        """What must stand before it."""
        return self._compiled("before")

    @cached_property
    def not_before(self) -> re.Pattern[str] | None:
        """What must not stand before it."""
        return self._compiled("not_before")

    @cached_property
    def after(self) -> re.Pattern[str] | None:
        """What must stand behind it."""
        return self._compiled("after")

    @cached_property
    def not_after(self) -> re.Pattern[str] | None:
        """What must not stand behind it."""
        return self._compiled("not_after")

    def _compiled(self, name: str) -> re.Pattern[str] | None:
        return re.compile(self.sources[name]) if name in self.sources else None


@cache
def stretch_rules() -> tuple[StretchRule, ...]:
    """The bundled rules in order of priority."""
    table = tomllib.loads((files("govtext") / "data" / "stretches.toml").read_text(encoding="utf-8"))
    return tuple(_compile(row, table["parts"]) for row in table["rule"])


def find_stretches(text: str, *, skip: Sequence[tuple[int, int]] = ()) -> tuple[Stretch, ...]:
    """The masked values (`mask`) and injected junk (a boilerplate kind) of `text`, in order, none overlapping.

    Nothing is reported that touches a span of `skip`: junk paragraphs are judged as a whole, not searched.
    Junk that fills its line is a boilerplate line, not a stretch, and is left to the verdict on lines;
    a mask may stand alone on a line. The span of a mask is empty where a figure was deleted without a trace.
    """
    return stretches_in([text], skips=[skip])[0]


def stretches_in(
    texts: Sequence[str], *, skips: Sequence[Sequence[tuple[int, int]]] | None = None
) -> list[tuple[Stretch, ...]]:
    """The stretches of each text, as `find_stretches` gives them; `skips` holds the spans to skip of each."""
    skips = [()] * len(texts) if skips is None else skips
    return [_found(text, places, skip) for text, places, skip in zip(texts, _places(texts), skips, strict=True)]


def _found(text: str, places: Mapping[int, Sequence[int]], skip: Sequence[tuple[int, int]]) -> tuple[Stretch, ...]:
    """The stretches of a text, given where the needles of each rule stand."""
    if not places:
        return ()
    rules, claims = stretch_rules(), _Claims(len(text), skip)
    found: list[Stretch] = []
    for number, own in sorted(places.items()):
        rule = rules[number]
        for start, end in rule_hits(rule, text, sorted(own)):
            # Claimed even if it fills its line, so that no later rule takes a part of it.
            if claims.take(start, end) and (
                rule.kind == "mask" or (rule.kind != "keep" and not _fills_line(text, start, end))
            ):
                found.append(Stretch(start, end, rule.kind, f"{rule.name}: {rule.reason}"))
    return tuple(sorted(found, key=lambda s: (s.start, s.end)))


def rule_hits(rule: StretchRule, text: str, places: Sequence[int]) -> list[tuple[int, int]]:
    """The spans that the rule alone would claim in `text`, given the sorted places of its needles.

    Starts are tried from left to right, each at most once, so the time is linear in the text.
    """
    spans = []
    match, reach, tried = rule.pattern.match, rule.reach, 0
    for place in places:
        for start in range(max(place - reach, tried), place + 1):
            tried = start + 1
            hit = match(text, start)
            if hit and _fits(rule, text, start, hit.end()):
                spans.append(hit.span(hit.re.groups))
                tried = max(tried, hit.end())
                break
    return _series(text, spans, rule.series) if rule.series else spans


class _Claims:
    """Which characters are spoken for; `take` claims a span unless one of them is."""

    def __init__(self, length: int, skip: Sequence[tuple[int, int]]) -> None:
        self.taken = bytearray(length)
        for start, end in skip:
            self._mark(max(start, 0), min(end, length))

    def take(self, start: int, end: int) -> bool:
        """Whether [start, end) was free; if so it is claimed now. An empty span is free unless inside a claim."""
        around = (start, end) if start < end else (max(start - 1, 0), start + 1)
        taken = self.taken.count(1, *around)
        if taken and (start < end or taken == around[1] - around[0]):
            return False
        self._mark(start, end)
        return True

    def _mark(self, start: int, end: int) -> None:
        if start < end:
            self.taken[start:end] = b"\1" * (end - start)


def _places(texts: Sequence[str]) -> list[dict[int, list[int]]]:
    """Of each text the number of each rule with a needle in it, and the places of its needles.

    Some 15 places in 1,000 characters are left to look at.
    """
    prefixes, needles = _needles()
    found: list[dict[int, list[int]]] = [{} for _ in texts]
    codes = np.frombuffer("\n".join((*texts, "")).encode("utf-32-le", "surrogatepass"), "<u4")
    sizes = np.fromiter(map(len, texts), np.int64, len(texts)) + 1
    begins = sizes.cumsum() - sizes
    for prefix, places in prefixes.places(codes).items():
        owners = begins.searchsorted(places, side="right") - 1
        for owner, place in zip(owners.tolist(), (places - begins.take(owners)).tolist()):
            text = texts[owner]
            for needle, numbers in needles[prefix]:
                if text.startswith(needle, place):
                    for number in numbers:
                        found[owner].setdefault(number, []).append(place)
    return found


@cache
def _needles() -> tuple[Needles, list[list[tuple[str, list[int]]]]]:
    """The first two characters of the needles, and for each such prefix its needles with the numbers of their rules."""
    numbers: dict[str, list[int]] = {}
    for number, rule in enumerate(stretch_rules()):
        for needle in rule.needles:
            numbers.setdefault(needle, []).append(number)
    by_prefix: dict[str, list[tuple[str, list[int]]]] = {}
    for needle, wanted in numbers.items():
        by_prefix.setdefault(needle[:2], []).append((needle, wanted))
    return Needles.of([[prefix] for prefix in by_prefix]), list(by_prefix.values())


def _fits(rule: StretchRule, text: str, start: int, end: int) -> bool:
    """Whether the rule's conditions hold on both sides of [start, end)."""
    if rule.before or rule.not_before:
        left = text[max(0, start - WINDOW) : start]
        if rule.before and not rule.before.search(left):
            return False
        if rule.not_before and rule.not_before.search(left):
            return False
    if rule.after or rule.not_after:
        right = text[end : end + WINDOW]
        if rule.after and not rule.after.match(right):
            return False
        if rule.not_after and rule.not_after.match(right):
            return False
    return True


def _series(text: str, spans: list[tuple[int, int]], least: int) -> list[tuple[int, int]]:
    """The spans whose numbers run 1, 2, 3 … through the text, if there are at least `least` of them."""
    run: list[tuple[int, int]] = []
    for start, end in spans:
        number = int(re.sub(r"[^0-9]", "", text[start:end]))
        if number == len(run) + 1:
            run.append((start, end))
    return run if len(run) >= least else []


def _fills_line(text: str, start: int, end: int) -> bool:
    """Whether [start, end) has nothing but white space beside it on its line."""
    # Walked, not sliced: a report may be one line, and a slice for each hit would be quadratic.
    while start and text[start - 1] != "\n" and text[start - 1].isspace():
        start -= 1
    while end < len(text) and text[end] != "\n" and text[end].isspace():
        end += 1
    return (not start or text[start - 1] == "\n") and (end == len(text) or text[end] == "\n")


def _compile(row: dict[str, Any], parts: dict[str, str]) -> StretchRule:
    """The rule of one TOML table."""
    sources = {key: _expand(row[key], parts) for key in PATTERNS if key in row}
    sources |= {key: f"(?:{source})\\Z" for key, source in sources.items() if key.endswith("before")}
    rest = {key: value for key, value in row.items() if key not in PATTERNS}
    return StretchRule(**rest | {"needles": tuple(row["needles"])}, sources=sources)


def _expand(pattern: str, parts: dict[str, str]) -> str:
    """The pattern with every {part} replaced by that entry of [parts]."""
    for _ in range(NESTED_PARTS):
        pattern = PART.sub(lambda m: f"(?:{parts[m[1]]})", pattern)
    return pattern
