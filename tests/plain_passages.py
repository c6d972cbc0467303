"""One passage read by itself, without columns: what govtext's sentences, cues and neighbours are held against.

Each number comes from its definition, text by text and place by place: slow, and short enough to be believed.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from govtext.features.ngrams import normalise
from govtext.features.passages import Passage

Floats = NDArray[np.float64]

AROUND = ("before", "behind", "before_2", "behind_2", "heading", "section", "document", "document_best")
MISSING = -1.0  # the score of what is not there
SHORTEST_SENTENCE = 8  # characters
ENUMERATED = re.compile(
    "[一二三四五六七八九]是|[（(][一二三四五六七八九十]{1,3}[)）]|[0-9]{1,2}[.、．]|第[一二三四五六七八九十百]{1,5}条"
)
YEAR = re.compile("20[0-9]{2}|.{0,3}[今去]", re.DOTALL)  # the four characters before 年


def sentences_of(text: str) -> list[str]:
    """The text cut behind its stops, where at least eight characters stand on either side."""
    plain = normalise(text)
    starts = [0]
    for i in range(1, len(text)):
        after_stop = plain[i - 1] in "。;!?" and plain[i] not in "。;!?"
        if after_stop and i - starts[-1] >= SHORTEST_SENTENCE and len(text) - i >= SHORTEST_SENTENCE:
            starts.append(i)
    return [text[a:b] for a, b in zip(starts, [*starts[1:], len(text)])]


def cues_of(passage: Passage, passed: int, n_body: int) -> list[float]:
    """The cues of a passage with so many body passages before it, of so many in all."""
    text, plain = passage.text, normalise(passage.text)
    found = Counter(plain)
    digits = math.log1p(found["0"])
    years = 0
    for i in range(len(text)):
        if plain[i] == "年" and (YEAR.fullmatch(text[max(i - 4, 0) : i]) or text[i + 1 : i + 2] == "底"):
            years += 1
    return [
        math.log1p(len(text)), digits, digits - math.log1p(len(text)), (passed + 0.5) / max(n_body, 1), math.log1p(n_body),
        len(passage.headings), passage.run_in, min(passage.since, 6), n_body <= 1, passed == 0, passed >= n_body - 1,
        text.endswith((":", "：")), found["。"] + found[";"], bool(ENUMERATED.match(text)),
        20 * (found["、"] + found[","]) / (len(text) + 1), bool(found["“"] or found['"'] or found["《"]), years,
        passage.is_heading,
    ]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Around:
    """The places around a passage: of one or no passage each, then of the other body passages of section and document."""

    before: list[int]
    behind: list[int]
    before_2: list[int]
    behind_2: list[int]
    heading: list[int]
    section: list[int]
    document: list[int]

    def gathered(self, scores: Floats) -> dict[str, Floats]:
        """What is said there: the mean, and of the document the best, too."""
        rows = {name: scores[getattr(self, name)] for name in self.__slots__}
        missing = np.full(scores.shape[1], MISSING)
        means = {name: row.mean(axis=0) if len(row) else missing for name, row in rows.items()}
        return {**means, "document_best": rows["document"].max(axis=0) if self.document else missing}

    def missing(self) -> list[float]:
        """Whether there is nothing before, in the section, in the document, above."""
        return [float(not places) for places in (self.before, self.section, self.document, self.heading)]


def arounds_of(passages: Sequence[Passage]) -> Iterator[Around]:
    """What is around each passage of a report."""
    above = [p.headings[:-1] if p.run_in else p.headings for p in passages]
    # A heading stands in the section that it opens.
    sections = [(*headings, p.text) if p.is_heading else headings for headings, p in zip(above, passages, strict=True)]
    bodies = [i for i, p in enumerate(passages) if not p.is_heading]
    members: dict[tuple[str, ...], list[int]] = {}
    for i in bodies:
        members.setdefault(sections[i], []).append(i)
    passed = 0
    alone: dict[str, int] = {}  # headings that stood alone on their line, and where last
    for i, p in enumerate(passages):
        earlier, later = bodies[:passed], bodies[passed + (not p.is_heading) :]
        stood = [alone[heading] for heading in above[i] if heading in alone]
        yield Around(
            before=earlier[-1:],
            behind=later[:1],
            before_2=earlier[-2:-1],
            behind_2=later[1:2],
            heading=stood[-1:],
            section=[j for j in members.get(sections[i], []) if j != i],
            document=earlier + later,
        )
        passed += not p.is_heading
        if p.is_heading:
            alone[p.text] = i
