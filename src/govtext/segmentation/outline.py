"""Levels and paths: how deep each heading of one document stands, found from the document itself.

A family of markers (or of headings without numbers) has one depth in a document. The order of families is read from
how they follow each other: a family that opens at 1 behind another lies below it, one that goes on with its own next number
lies above what stood between. Where a document gives no evidence, the order of GB/T 9704-2012 decides (一、 （一） 1. （1）).
A family lies one level below the deepest that was ever open above it: 1、 in one section and （1） in the next are both 2.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

from govtext.segmentation.markers import marker_at
from govtext.segmentation.sequence import LIKELY, Candidate, Choice, best_reading

BARE, BARE_RUN_IN, BARE_OUTER = "bare", "bare-run-in", "bare-outer"
# Forms that have no family of their own in a line of text: 第一章 below 第一篇, and 1 above 1.1.
CHAPTER, DECIMAL_1 = "chapter", "decimal-1"
# What GB/T 9704-2012 and chapters of regulations suggest, outermost first.
USUAL_ORDER = (
    "part",
    CHAPTER,
    "section",
    BARE_OUTER,
    "chinese",
    "article",
    "chinese-bracket",
    BARE,
    "ordinal",
    DECIMAL_1,
    "digit",
    "decimal-2",
    "digit-bracket",
    "decimal-3",
    "circled",
    BARE_RUN_IN,
    "item",
    "dash",
)
USUAL_WEIGHT = 0.4  # below one observation of nesting: a document's own habit wins
DEEPEST = 5
FAR = 60  # headings looked ahead for the next of a family
# What the odds of a heading with nothing below it are multiplied by: of 440 labelled ones without a number, or of a whole
# sentence, there is none.
EMPTY = 0.1

_BARE_NUMBER = re.compile(r"\s{0,40}([0-9０-９]{1,2})\s{1,4}(?=[\u4e00-\u9fff])")
# What announces a section of a report rather than a matter in it; only looked for where headings carry no numbers.
_SECTION = re.compile(
    "回顾|做法|成效|成绩|问题|不足|困难|短板|打算|计划|下一步|下步|安排|思路|体会|任务|重点工作|主要工作|目标|情况|经验|启示|建议"
)


@dataclass(frozen=True, slots=True)
class Heading:
    """What the outline needs of a heading: its text, whether it is run-in, whether another heading follows at once.

    `probability`, 0–1: that it is a heading at all; `last`: nothing follows in the document.
    """

    text: str
    run_in: bool = False
    followed: bool = False
    probability: float = 1.0
    last: bool = False

    @property
    def is_sentence(self) -> bool:
        """Whether it stands alone on its line and ends in a full stop."""
        return not self.run_in and self.text.endswith("。")


@dataclass(frozen=True, slots=True)
class _Numbered:
    family: str
    number: int | None


def read_outline(headings: Sequence[Heading]) -> list[Choice]:
    """The best reading of a document's possible headings, one choice each, in order; levels are 1 (outermost) to `DEEPEST`.

    The depth of each family comes from the likely headings; which of all are headings, and how they count, is one search.
    """
    likely = [h for h in headings if h.probability > LIKELY]
    if not likely:
        return [Choice(None)] * len(headings)
    numbered = _numbered(likely)
    families = _merged_families(numbered)
    depth = _depths(families, numbered, _family_order(families, numbered))
    decimal = any(found.family.startswith("decimal") for found in numbered)
    # A family that only ever goes on with another's count goes on with it once more: 二、 3、 4、 五、
    counted_with = {found.family: family for found, family in zip(numbered, families)}
    known = iter(zip(families, numbered))
    candidates = []
    for heading in headings:
        if heading.probability > LIKELY:
            family, found = next(known)
        else:
            found = _found(heading, decimal)
            family = found.family
            if family not in depth and found.number != 1:
                family = counted_with.get(family, family)
        # A family that no likely heading has does not begin with an unlikely one.
        probability = heading.probability if family in depth else 0.0
        level = min(depth.get(family, DEEPEST), DEEPEST)
        candidates.append(Candidate(found.family, found.number, level, probability))
    return best_reading(_with_something_below(candidates, headings))


def _with_something_below(candidates: Sequence[Candidate], headings: Sequence[Heading]) -> list[Candidate]:
    """The candidates, where one without a number, or a whole sentence, is unlikely if nothing stands below it."""
    weighed = []
    for i, (candidate, heading) in enumerate(zip(candidates, headings)):
        behind = candidates[i + 1] if heading.followed and i + 1 < len(candidates) else None
        empty = heading.last if behind is None else behind.probability > LIKELY and behind.level <= candidate.level
        if empty and (candidate.family == BARE or heading.is_sentence):
            p = candidate.probability
            candidate = replace(candidate, probability=p * EMPTY / (p * EMPTY + 1 - p))
        weighed.append(candidate)
    return weighed


def _found(heading: Heading, decimal: bool) -> _Numbered:
    """Family and number of a heading; a number alone is a marker where decimal ones (1.1) stand beside it."""
    marker = marker_at(heading.text)
    if marker:
        written = heading.text[marker.start : marker.end]
        return _Numbered(CHAPTER if marker.family == "part" and "章" in written else marker.family, marker.number)
    bare = _BARE_NUMBER.match(heading.text) if decimal else None
    if bare:
        return _Numbered(DECIMAL_1, int(bare[1]))
    return _Numbered(BARE_RUN_IN if heading.run_in else BARE, None)


def _numbered(headings: Sequence[Heading]) -> list[_Numbered]:
    """Family and number of each heading; headings without numbers fall into two tiers where nothing numbered is outermost."""
    found = [_found(heading, decimal=False) for heading in headings]
    if any(f.family.startswith("decimal") for f in found):
        found = [_found(heading, decimal=True) for heading in headings]
    bare = [f.family in (BARE, BARE_RUN_IN) for f in found]
    if any(f.family in ("part", CHAPTER, "chinese") for f in found):
        return found
    # Two tiers show where one bare heading stands directly over another.
    if not any(h.followed and a and b for h, a, b in zip(headings, bare, bare[1:])):
        return found
    return [
        _Numbered(BARE_OUTER, None) if f.family == BARE and (h.followed or _SECTION.search(h.text)) else f
        for h, f in zip(headings, found)
    ]


def _merged_families(headings: Sequence[_Numbered]) -> list[str]:
    """The family of each heading, where one that only continues another's count takes the other's: (3) 4. 5、 (6)."""
    families: list[str] = []
    last: dict[str, int] = {}
    seen: list[str] = []  # families in the order of their first headings: an outer one before an inner one
    previous: tuple[str, int | None] | None = None
    for i, heading in enumerate(headings):
        family, number = heading.family, heading.number
        if (
            previous is not None
            and number is not None
            and number > 1
            and family != previous[0]
            and not family.startswith("decimal")  # 3.4 names its own place
            and not (family in seen and seen.index(family) < seen.index(previous[0]))  # 一、 （一） （二） 三、
            and previous[1] == number - 1
            and last.get(family) != number - 1
            and not _comes_later(headings[i + 1 : i + 1 + FAR], previous[0], number)
        ):
            family = previous[0]
        families.append(family)
        if family not in seen:
            seen.append(family)
        if number is not None:
            last[family] = number
        previous = (family, number)
    return families


def _comes_later(headings: Sequence[_Numbered], family: str, number: int) -> bool:
    """Whether the family itself goes on with this number: in 一、 （二） （三） 二、 the brackets are a count of their own."""
    for heading in headings:
        if heading.family == family and heading.number is not None:
            return heading.number == number
    return False


def _depths(families: Sequence[str], headings: Sequence[_Numbered], order: Sequence[str]) -> dict[str, int]:
    """The level of each family: below the deepest that stood open above it, or below all before it in order.

    The latter where none did, or where it ever began with another number than 1: what came before is not known then.
    """
    rank = {family: i for i, family in enumerate(order)}
    above: defaultdict[str, set[str]] = defaultdict(set)
    stack: list[str] = []
    for family, heading in zip(families, headings):
        while stack and rank[stack[-1]] > rank[family]:
            stack.pop()
        if stack and stack[-1] == family:
            continue
        before = order[: rank[family]]
        # A decimal number names its own place: where none stands above (1), it was not found.
        above[family].update(stack[-1:] if heading.number in (1, None) else before)
        above[family].update(outer for outer in before if outer.startswith("decimal"))
        stack.append(family)
    depth: dict[str, int] = {}
    for family in order:
        depth[family] = 1 + max((depth[outer] for outer in above[family] or depth), default=0)
    return depth


def _family_order(families: Sequence[str], headings: Sequence[_Numbered]) -> list[str]:
    """The families that occur, outermost first."""
    present = sorted(set(families), key=USUAL_ORDER.index)
    above: defaultdict[tuple[str, str], float] = defaultdict(float)
    for i, outer in enumerate(present):
        for inner in present[i + 1 :]:
            above[outer, inner] += USUAL_WEIGHT
    last: dict[str, int | None] = {}
    opened: dict[str, int | None] = {}  # the number each family began with since the family behind it was last seen
    for i, (family, heading) in enumerate(zip(families, headings)):
        if i and family != (before := families[i - 1]):
            if heading.number == 1 or (heading.number is None and family not in last and last[before] is not None):
                above[before, family] += 1
            # Numbers that run on through the whole document (（三） 二、 （四）) prove nothing: the family between must begin at 1.
            elif heading.number is not None and last.get(family) == heading.number - 1 and opened.get(before) == 1:
                above[family, before] += 1
            opened[family] = heading.number
        last[family] = heading.number
    wins = Counter(dict.fromkeys(present, 0))
    for first in present:
        for second in present:
            if first != second and above[first, second] > above[second, first]:
                wins[first] += 1
    return sorted(present, key=lambda family: (-wins[family], USUAL_ORDER.index(family)))
