"""The best reading of a document's numbered pieces: which are headings, at which level, and which numbers are wrong.

Every piece that may be a heading comes with a probability and with the level that its family of markers has in this document.
A reading decides on each in turn and costs: what the probability says against it, and what the count says (a number left out,
given twice, mistyped, a family changed on the way). A beam keeps the cheapest readings; what the winner paid for is a repair.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from operator import itemgetter
from typing import Any, NamedTuple

WORST = 4.0  # how much more than the cheapest a reading that is kept may have cost
BEAM = 12  # readings kept; 6 to 40 gave the same on folds
# Families whose numbers run through all sections; for all families it cost 0.1 points of heading F1 on two folds.
THROUGHOUT = ("article",)
LIKELY = 0.5  # probability of a heading that such a count goes by
SURE = 0.02  # a probability nearer to 0 or 1 than this is not argued with
# What a step of the count costs, in natural logarithms of odds; chosen on folds.
COSTS = {
    "skipped": 0.6,  # 一、 三、
    "doubled": 1.1,  # 二、 二、
    "mistyped": 1.3,  # 二、 九、 四、
    "restarted": 1.1,  # 三、 一、 with nothing above that is new
    "switched": 0.8,  # （三） 4、 （五）
    "late": 1.2,  # a section that begins at 二
}
EXCERPT = (
    0.4  # of that cost, for the first heading of all: an excerpt begins at 三、 or （三）; 3. may be a figure there
)
REPAIRS = tuple(COSTS)
GOES_ON = 0.5  # what a number that goes on from the last one of its family takes off; 0.25 and 1.2 were worse on folds


@dataclass(frozen=True, slots=True)
class Candidate:
    """A piece that may be a heading: its marker's family and number, the family's level, the probability (0–1) that it is one."""

    family: str
    number: int | None
    level: int
    probability: float


@dataclass(frozen=True, slots=True)
class Choice:
    """What the best reading makes of a candidate: its level (None: no heading), what was amiss, the number it must have had."""

    level: int | None
    amiss: str | None = None
    number: int | None = None


class _Open(NamedTuple):
    """The last heading read at a level; `written` is the family it stood in, `family` the one it was counted with."""

    level: int
    family: str
    number: int | None
    written: str


_Stack = tuple[_Open, ...]
_Made = tuple[int | None, str | None, int | None]  # level, what was amiss, number: as in `Choice`
_Step = tuple[float, _Stack, _Made]
_Odds = tuple[float | None, float | None]
_NONE: _Made = (None, None, None)
# A reading, cheapest to say: cost, the headings open, what it made of the last candidate, the reading before that.
_Reading = tuple[float, _Stack, _Made | None, Any]


def best_reading(candidates: Sequence[Candidate]) -> list[Choice]:
    """One choice a candidate, in order; levels begin at 1 and leave none out."""
    choices = _cheapest(candidates)
    # All headings of a level may have been read out of it: 二、 （二） as one family of which a number is wrong.
    depth = {level: i for i, level in enumerate(sorted({c.level for c in choices if c.level is not None}), 1)}
    return [c if c.level is None else replace(c, level=depth[c.level]) for c in choices]


def _cheapest(candidates: Sequence[Candidate]) -> list[Choice]:
    plain = _plainly(candidates)
    return _searched(candidates) if plain is None else plain


def _plainly(candidates: Sequence[Candidate]) -> list[Choice] | None:
    """The reading that takes the cheapest step each time, if no step of any reading could cost less; None if one might."""
    stack: _Stack = ()
    choices = []
    for candidate, runs_on in zip(candidates, _runs_on(candidates)):
        cost, stack, made = min(_steps(candidate, stack, runs_on), key=itemgetter(0))
        if cost > _least(candidate):
            return None
        choices.append(Choice(*made))
    return choices


def _least(candidate: Candidate) -> float:
    """What a candidate costs at least, whatever stands above it."""
    p = candidate.probability
    heading = GOES_ON if candidate.number is not None and candidate.number > 1 else 0.0
    no_heading = -math.log1p(-p) if p < 1 - SURE else math.inf
    return min(no_heading, -math.log(p) - heading if p > SURE else math.inf) + 1e-12


def _searched(candidates: Sequence[Candidate]) -> list[Choice]:
    beam: list[_Reading] = [(0.0, (), None, None)]
    for candidate, runs_on in zip(candidates, _runs_on(candidates)):
        grown: dict[_Stack, _Reading] = {}
        odds = _odds(candidate)
        for reading in beam:
            before = reading[0]
            for cost, stack, made in _steps(candidate, reading[1], runs_on, odds):
                total = before + cost
                known = grown.get(stack)
                if known is None or total < known[0]:
                    grown[stack] = (total, stack, made, reading)
        beam = sorted(grown.values(), key=itemgetter(0))[:BEAM]
        while beam[-1][0] > beam[0][0] + WORST:
            beam.pop()
    choices: list[Choice] = []
    last = beam[0]
    while last[2] is not None:
        choices.append(Choice(*last[2]))
        last = last[3]
    return choices[::-1]


def _runs_on(candidates: Sequence[Candidate]) -> list[bool]:
    """Whether each goes on from the last likely one of a family that counts throughout: 第二条 第二节 第三条."""
    last: dict[str, int] = {}
    found = []
    for c in candidates:
        counted = c.family in THROUGHOUT and c.number is not None
        found.append(counted and last.get(c.family) == (c.number or 0) - 1)
        if counted and c.probability > LIKELY:
            last[c.family] = c.number or 0
    return found


def _odds(candidate: Candidate) -> _Odds:
    """What the probability says against no heading, and against a heading; None where it is beyond argument."""
    p = candidate.probability
    return -math.log1p(-p) if p < 1 - SURE else None, -math.log(p) if p > SURE else None


def _steps(candidate: Candidate, stack: _Stack, runs_on: bool, odds: _Odds | None = None) -> list[_Step]:
    """What can be made of a candidate behind the headings of `stack`: cost, the headings then, the choice."""
    family, number, level = candidate.family, candidate.number, candidate.level
    no_heading, cost = odds or _odds(candidate)
    steps: list[_Step] = [] if no_heading is None else [(no_heading, stack, _NONE)]
    if cost is None:
        return steps
    above, beside = stack, None
    for i, o in enumerate(stack):  # levels ascend
        if o.level >= level:
            above = stack[:i]
            beside = o if o.level == level else None
            break
    for amiss, counted in _counts(candidate, beside, runs_on):
        kept = beside.family if amiss == "switched" and beside else family
        # At its own level another family was already seen to go on with the count.
        price = COSTS[amiss] if amiss and amiss != "switched" else 0.0
        if amiss == "late" and not stack and not family.startswith(("digit", "decimal")):
            price *= EXCERPT
        if beside is not None and beside.number is not None and counted == beside.number + 1 == number:
            price -= GOES_ON * (family == beside.written)
        steps.append((cost + price, (*above, _Open(level, kept, counted, family)), (level, amiss, counted)))
    # Another family's count goes on: （三） 4、 （五）. A decimal number names its own place.
    if number is not None and number > 1 and not family.startswith("decimal"):
        for i, o in enumerate(stack):
            if o.number == number - 1 and o.level != level and o.family != family:
                # 3、 4、 between 二、 and 五、 changes the family once.
                price = -GOES_ON if family == o.written else COSTS["switched"]
                opened = (*stack[:i], _Open(o.level, o.family, number, family))
                steps.append((cost + price, opened, (o.level, "switched", number)))
    return steps


def _counts(candidate: Candidate, beside: _Open | None, runs_on: bool) -> list[tuple[str | None, int | None]]:
    """How the candidate's number can be read at its own level: what is amiss, and the number it counts as."""
    number = candidate.number
    if number is None or (beside is not None and beside.number is None):
        return [(None, number)]
    if beside is None:
        if number == 1 or runs_on:
            return [(None, number)]
        return [("late", number), ("mistyped", 1)]
    expected = (beside.number or 0) + 1
    if number == expected:
        return [(None if beside.family == candidate.family else "switched", number)]
    if beside.family != candidate.family and number == 1:
        return [(None, 1)]
    readings: list[tuple[str | None, int | None]] = [("mistyped", expected)]
    if number > expected:
        readings.append(("skipped", number))
    elif number == beside.number:
        readings.append(("doubled", number))
    elif number == 1:
        readings.append(("restarted", 1))
    return readings
