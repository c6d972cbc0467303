"""What the passages around one say: scores gathered from neighbours, headings, section and document."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from govtext.features.ngrams import heads
from govtext.features.passages import Passage

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
MISSING = -1.0  # the score of what is not there: below nearly all scores of passages
AROUND = ("before", "behind", "before_2", "behind_2", "heading", "section", "document", "document_best")


@dataclass(frozen=True, slots=True, eq=False)
class Neighbours:
    """Indices of the passages around each passage of one or more reports, -1 where there is none, (n,) each.

    before, behind      body passages next to it, and the next but one
    heading             the innermost heading above that stands alone on its line
    section, document   number of the section and document it belongs to
    body                whether it is a body passage
    """

    before: Ints
    behind: Ints
    before_2: Ints
    behind_2: Ints
    heading: Ints
    section: Ints
    document: Ints
    body: NDArray[np.bool_]

    @classmethod
    def of(cls, passages: Sequence[Passage], document: Ints) -> Neighbours:
        """The neighbours of passages in order; `document` numbers each one's report."""
        n = len(passages)
        body = np.array([not p.is_heading for p in passages], bool)
        place = np.arange(n)
        bodies = np.flatnonzero(body)
        rank = np.searchsorted(bodies, place)  # body passages before each

        def nth(index: Ints) -> Ints:
            inside = (index >= 0) & (index < len(bodies))
            found = np.full(n, -1, np.int64)
            found[inside] = bodies[index[inside]]
            found[(found >= 0) & (document[found] != document)] = -1
            return found

        heading = np.full(n, -1, np.int64)
        section = np.zeros(n, np.int64)
        numbers: dict[tuple[str, ...], int] = {}
        seen: dict[str, int] = {}
        last: tuple[tuple[str, ...], int, int] | None = None  # section, its number, its heading
        n_sections = 0
        for i, (passage, own) in enumerate(zip(passages, document.tolist())):
            if i and own != document[i - 1]:
                n_sections += len(numbers)
                numbers, seen, last = {}, {}, None
            above = passage.section
            if last is None or above != last[0] or passage.is_heading:
                known = [seen[h] for h in above if h in seen]
                number = numbers.setdefault((*above, passage.text) if passage.is_heading else above, len(numbers))
                last = (above, n_sections + number, known[-1] if known else -1)
            _, section[i], heading[i] = last
            if passage.is_heading:
                seen[passage.text], last = i, None
        step = body.astype(np.int64)
        return cls(
            nth(rank - 1), nth(rank + step), nth(rank - 2), nth(rank + step + 1), heading, section, document, body
        )

    def gather(self, scores: Floats) -> dict[str, Floats]:
        """For each of `AROUND` what is said there, (n, n_outputs); a passage's own score is never in it."""
        found = {
            name: _taken(scores, getattr(self, name))
            for name in ("before", "behind", "before_2", "behind_2", "heading")
        }
        found["section"], _ = self._others(scores, self.section)
        found["document"], found["document_best"] = self._others(scores, self.document)
        return found

    def missing(self) -> Floats:
        """Whether there is nothing before, in the section, in the document, above, (n, 4)."""
        alone = [self._count(group) == 0 for group in (self.section, self.document)]
        return np.stack([self.before < 0, *alone, self.heading < 0], axis=1).astype(np.float64)

    def _count(self, group: Ints) -> Ints:
        """How many other body passages are in each one's group."""
        return (
            np.bincount(group, weights=self.body, minlength=int(group.max(initial=0)) + 1).astype(np.int64)[group]
            - self.body
        )

    def _others(self, scores: Floats, group: Ints) -> tuple[Floats, Floats]:
        """Mean and best over the other body passages of each one's group."""
        n_groups = int(group.max(initial=0)) + 1
        bodies = np.flatnonzero(self.body)
        bodies = bodies[np.argsort(group[bodies], kind="stable")]
        of, said = group[bodies], scores[bodies]
        total = np.zeros((n_groups, scores.shape[1]))
        # The best of each group, and the best of all but the first one that has it.
        best = np.full((2, n_groups, scores.shape[1]), -np.inf)
        first = heads(of)
        if len(first):
            some = of[first]
            total[some] = np.add.reduceat(said, first)
            best[0, some] = np.maximum.reduceat(said, first)
            place = np.arange(len(said))[:, None]
            holder = np.minimum.reduceat(np.where(said >= best[0, of], place, len(said)), first)
            others_said = np.where(
                place == np.repeat(holder, np.append(first[1:], len(of)) - first, axis=0), -np.inf, said
            )
            best[1, some] = np.maximum.reduceat(others_said, first)
        own = self.body[:, None]
        others = self._count(group)[:, None]
        mean = (total[group] - np.where(own, scores, 0.0)) / np.maximum(others, 1)
        top = np.where(own & (scores >= best[0][group]), best[1][group], best[0][group])
        return np.where(others > 0, mean, MISSING), np.where(others > 0, top, MISSING)


def _taken(scores: Floats, index: Ints) -> Floats:
    return np.where((index >= 0)[:, None], scores[np.maximum(index, 0)], MISSING)
