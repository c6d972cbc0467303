"""Where the characters of passages stand in the report: what was folded and joined, back on the original text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from govtext.document import Paragraph, Part
from govtext.features.passages import PATH_JOINT, Passage

Ints = NDArray[np.int64]
Span = tuple[int, int]
NOWHERE = -1  # what stands in no text: a joint between headings, a space between titles that were one line


@dataclass(frozen=True, slots=True, eq=False)
class Origins:
    """Offsets into the report's text for each character of a passage's text, of each heading above, and of its title."""

    text: Ints
    headings: tuple[Ints, ...]
    title: Ints

    @property
    def path(self) -> Ints:
        """The same for `Passage.path`, the joints nowhere."""
        joint = np.full(len(PATH_JOINT), NOWHERE)
        pieces = [piece for heading in self.headings for piece in (joint, heading)]
        return np.concatenate([np.zeros(0, np.int64), *pieces[1:]])


def passage_origins(
    text: str, paragraphs: Sequence[Paragraph], above: Sequence[tuple[Span, ...]], passage: Passage
) -> Origins:
    """The origins of a passage that `to_passages` made of these paragraphs; `above` as `heading_spans` gives it."""
    members = [paragraphs[k] for k in passage.paragraphs]
    first = members[0]
    headings = list(above[passage.paragraphs[0]])
    begin = first.start
    if first.heading_end is not None:
        begin = first.heading_end
        headings.append((first.start, begin))
    body = [(begin, first.end), *((p.start, p.end) for p in members[1:])]
    titles = [(p.start, p.end) for p in paragraphs if p.kind == "title"]
    if len(headings) != len(passage.headings):
        headings = [(0, 0)] * len(passage.headings)  # places() then finds nothing there
    return Origins(
        places(passage.text, text, body),
        tuple(places(heading, text, [span]) for heading, span in zip(passage.headings, headings)),
        places(passage.title, text, titles),
    )


def places(folded: str, text: str, spans: Sequence[Span]) -> Ints:
    """Where each character of `folded` stands: the text of the spans, or its beginning, with white space folded or left out.

    A space is where white space begins. All are `NOWHERE` if the characters are not those of the spans.
    """
    found = [k for start, end in spans for k in range(start, end) if not text[k].isspace()]
    inked = [j for j, character in enumerate(folded) if not character.isspace()]
    where = np.full(len(folded), NOWHERE)
    if len(found) < len(inked) or any(text[k] != folded[j] for k, j in zip(found, inked)):
        return where
    where[inked] = found[: len(inked)]
    for j, character in enumerate(folded):
        behind = int(where[j - 1]) + 1 if j else 0
        if character.isspace() and behind and behind < len(text) and text[behind].isspace():
            where[j] = behind
    return where


def heading_spans(paragraphs: Sequence[Paragraph], parts: Sequence[Part]) -> list[tuple[Span, ...]]:
    """For each paragraph where the headings of its `path` stand, outermost first.

    A heading that a wrap cut is one span; each part of a page begins without headings.
    """
    rows: list[tuple[Span, ...]] = [()] * len(paragraphs)
    for part in parts:
        above: dict[int, Span] = {}
        for i in range(part.first, part.stop):
            p = paragraphs[i]
            end = p.end if p.heading_end is None else p.heading_end
            if p.continues and i > part.first:
                rows[i] = rows[i - 1]
                if p.level is not None and p.level in above:
                    above[p.level] = (above[p.level][0], end)
                continue
            if p.level is not None:
                above = {depth: span for depth, span in above.items() if depth < p.level}
            rows[i] = tuple(above[depth] for depth in sorted(above))
            if p.level is not None:
                above[p.level] = (p.start, end)
    return rows
