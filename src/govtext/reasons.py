"""Why a paragraph has its themes, as plain frozen types: what `LabelledReport.explain` gives back.

All shares are in logits, above 0 for the theme and below 0 against it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

PLACES = ("text", "heading", "title")


@dataclass(frozen=True, slots=True)
class Spoken:
    """A word at `start`–`end` of the report's text and what it adds; `place` is one of `PLACES`.

    A paragraph's own run-in heading is a heading like those above.
    """

    start: int
    end: int
    share: float
    place: str


@dataclass(frozen=True, slots=True)
class ThemeReasons:
    """What spoke for and against one theme in one paragraph.

    probability  as the report has it, `threshold` the one from which the theme is decided, `decided` whether it is
    own          score by words alone, first stage; sum of `intercept`, `elsewhere` and either `characters` or `words`
    characters   what each character adds: offset into the report's text and share, ascending; those that add nothing left out
    words        the same by word of jieba: what of a word stands apart in the text is told apart
    elsewhere    what fell to no character: to the joints between headings
    score        log-odds by the second stage, which sees the scores of the passages around; sum of `inputs`
    inputs       what each group of the second stage's inputs adds, strongest first; "usual" is the mean over all passages
    """

    code: str
    probability: float
    threshold: float
    decided: bool
    own: float
    intercept: float
    elsewhere: float
    characters: tuple[tuple[int, float], ...]
    words: tuple[Spoken, ...]
    score: float
    inputs: tuple[tuple[str, float], ...]

    @property
    def around(self) -> float:
        """What the second stage made of it: score after minus score before."""
        return self.score - self.own

    def speaking(self, n: int = 5, *, places: tuple[str, ...] = PLACES) -> tuple[Spoken, ...]:
        """The `n` words that add most to the theme, strongest first."""
        return self._strongest(n, 1.0, places)

    def against(self, n: int = 5, *, places: tuple[str, ...] = PLACES) -> tuple[Spoken, ...]:
        """The `n` words that take most from the theme, strongest first."""
        return self._strongest(n, -1.0, places)

    def _strongest(self, n: int, sign: float, places: tuple[str, ...]) -> tuple[Spoken, ...]:
        found = [word for word in self.words if word.share * sign > 0 and word.place in places]
        return tuple(sorted(found, key=lambda word: (-abs(word.share), word.start))[:n])


Explainer = Callable[[int], Mapping[str, ThemeReasons]]


def explained(explainer: Explainer | None, i: int) -> Mapping[str, ThemeReasons]:
    """What `explainer` says of paragraph `i`.

    Raises:
        ValueError: the report has none, because no model labelled it in this process.
    """
    if explainer is None:
        raise ValueError("this report does not know its model; ask Model.explain(report, i)")
    return explainer(i)


@dataclass(frozen=True, slots=True)
class Term:
    """An n-gram of a model: its text (normalised, digits as 0), the block it is counted in, what it weighs for a theme."""

    text: str
    block: str
    weight: float
