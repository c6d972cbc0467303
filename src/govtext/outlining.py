"""Pieces told apart → paragraphs: which are headings and at which level, what stands above each, what a wrap cut off."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from govtext.boilerplate.detector import LineKind
from govtext.document import Paragraph, Repair
from govtext.elements.dates import to_plain
from govtext.segmentation.lines import Ints, offset_in_text, unwrapped
from govtext.segmentation.markers import marker_at
from govtext.segmentation.outline import Heading, read_outline
from govtext.segmentation.sequence import SURE, Choice

# What the line model calls it → what a reader calls it.
_KINDS = {"title": "title", "meta": "meta", "heading": "heading", "run-in": "body", "body": "body"}
_HEADED = ("heading", "run-in")
FARTHEST = 40  # characters of a piece that say whether it is a heading numbered 1 above 1.1
LONGEST_MARK = 8  # characters of a marker alone on its line
_BARE_NUMBER = re.compile(r"([0-9]{1,2}) (?=[\u4e00-\u9fff]{2,20}\Z)")


class Draft(NamedTuple):
    """A paragraph before it is known which headings stand above it."""

    start: int
    end: int
    kind: str
    heading_end: int | None


@dataclass(frozen=True, slots=True, eq=False)
class Pieces:
    """The pieces of a text and what the line model says of each."""

    text: str
    spans: Sequence[tuple[int, int]]
    texts: Sequence[str]
    run_ins: Sequence[int]
    kinds: Sequence[LineKind]
    wraps: Ints

    def drafts(self) -> list[Draft]:
        """The pieces as paragraphs without outline."""
        drafts = []
        for i, ((start, end), kind) in enumerate(zip(self.spans, self.kinds)):
            if kind.verdict.kind is not None:
                drafts.append(Draft(start, end, "boilerplate", None))
            else:
                drafts.append(
                    Draft(start, end, _KINDS[kind.name], self._heading_end(i) if kind.name == "run-in" else None)
                )
        return drafts

    def _paragraph(self, i: int, name: str, level: int | None, marker: str | None, path: tuple[str, ...]) -> Paragraph:
        start, end = self.spans[i]
        kind = self.kinds[i]
        junk = kind.verdict.kind is not None
        named = "boilerplate" if junk else _KINDS[name]
        heading_end = self._heading_end(i) if name == "run-in" and not junk else None
        return Paragraph(start, end, named, level, marker, heading_end, path, kind.alone, kind.verdict)

    def _heading_end(self, i: int) -> int:
        start = self.spans[i][0]
        return offset_in_text(start, self.run_ins[i], self.wraps) if len(self.wraps) else start + self.run_ins[i]

    def _heading(self, i: int, name: str) -> str:
        """The words of the heading that piece `i` is or begins with."""
        start, end = self.spans[i]
        line_end = self._heading_end(i) if name == "run-in" else end
        if not len(self.wraps):
            return self.text[start:line_end].strip()
        return unwrapped(self.text, [(start, line_end)], self.wraps)[0].strip()

    def _named(self, i: int) -> str:
        """What a piece is if it is a heading; one with nothing behind the place where a run-in one would end stands alone."""
        whole = self.run_ins[i] >= len(self.text[slice(*self.spans[i])].rstrip())
        return "heading" if whole else self.kinds[i].if_heading

    def _plain(self, i: int) -> str:
        """The beginning of a piece, half-width."""
        return to_plain(self.text[slice(*self.spans[i])][:FARTHEST].strip())

    def _is_mark(self, i: int) -> bool:
        """Whether a piece is a marker and nothing else."""
        plain = self.texts[i]
        marker = marker_at(plain) if len(plain) <= LONGEST_MARK else None
        return marker is not None and marker.end == len(plain)

    def _chance(self, i: int, behind: int | None) -> float:
        """The probability that a piece is a heading; 1 总则 is one if 1.1 stands directly below it."""
        numbered = behind is not None and self.texts[i].startswith("0")  # every digit is 0 there
        number = _BARE_NUMBER.match(self._plain(i)) if numbered else None
        if number and behind is not None and self._plain(behind).startswith(f"{number[1]}.1"):
            return max(self.kinds[i].heading, self.kinds[behind].heading)
        return self.kinds[i].heading

    def with_outline(self, first: int, stop: int) -> tuple[list[Paragraph], list[Repair]]:
        """The paragraphs of the pieces `first` to `stop` with levels and paths, and the repairs by number of piece."""
        content = [i for i in range(first, stop) if self.kinds[i].verdict.kind is None and self.texts[i]]
        after = dict(zip(content, content[1:]))
        alone = {i for i in content if self._is_mark(i)}
        marks = {
            i: j
            for i in alone
            if (j := after.get(i)) is not None
            and j not in alone
            and marker_at(self._heading(j, self._named(j))) is None
            # A whole sentence below a number alone goes on from a figure: 达到 3. 5%，比上年提高。
            and not self.texts[j].endswith("。")
        }
        chances = {i: self._chance(i, after.get(i)) for i in content}
        chances |= {i: chances[j] for i, j in marks.items()}
        numbered = {j: i for i, j in marks.items() if chances[i] > SURE}
        candidates = [i for i in content if i not in numbered and (chances[i] > SURE or self.kinds[i].name in _HEADED)]
        named = {i: self._named(i) for i in candidates}
        titles = {i: self._heading(i, named[i]) for i in candidates}
        headings = [
            Heading(
                titles[i] + (self._heading(j, self._named(j)) if (j := marks.get(i)) is not None else ""),
                run_in=named[i] == "run-in",
                followed=named[i] == "heading" and i in after and self.kinds[after[i]].name in _HEADED,
                probability=chances[i],
                last=i not in after or (after[i] in alone and after[i] not in marks),
            )
            for i in candidates
        ]
        choices = dict(zip(candidates, read_outline(headings)))
        for j, i in numbered.items():
            choices[j] = Choice(choices[i].level)
            named[j] = self._named(j)
            titles[j] = self._heading(j, named[j])
        paragraphs = []
        path: tuple[str, ...] = ()
        above: dict[int, str] = {}
        for i in range(first, stop):
            name, choice = self.kinds[i].name, choices.get(i)
            level = choice.level if choice is not None else None
            marker = None
            if level is not None:
                name = named[i]
                above = {depth: heading for depth, heading in above.items() if depth < level}
                path = tuple(above[depth] for depth in sorted(above))
                found = marker_at(titles[i])
                marker = titles[i][found.start : found.end] if found else None
            elif choice is not None and name in _HEADED:
                name = self.kinds[i].if_none
            junk = self.kinds[i].verdict.kind is not None
            paragraphs.append(self._paragraph(i, name, level, marker, () if junk else path))
            if level is not None:
                above[level] = titles[i]
                path = tuple(above[depth] for depth in sorted(above))
        repairs = [
            Repair(i - first, choice.amiss, choice.number) for i, choice in choices.items() if choice.amiss is not None
        ]
        return paragraphs, repairs


def split_at_wraps(
    paragraphs: Sequence[Paragraph], wraps: Ints, repairs: Sequence[Repair], first: int
) -> tuple[list[Paragraph], list[Repair]]:
    """The paragraphs cut at the wraps inside them, and the repairs with the number that their paragraph has then."""
    if not len(wraps):
        return list(paragraphs), [replace(r, paragraph=first + r.paragraph) for r in repairs]
    rows: list[Paragraph] = []
    where: list[int] = []
    breaks = wraps.tolist()
    for p in paragraphs:
        where.append(first + len(rows))
        inside = breaks[bisect_left(breaks, p.start) : bisect_left(breaks, p.end - 1)]
        edges = [p.start, *(b + 1 for b in inside), p.end]
        for start, end in zip(edges, edges[1:]):
            rows.append(_half(p, start, end) if inside else p)
    return rows, [replace(r, paragraph=where[r.paragraph]) for r in repairs]


def _half(p: Paragraph, start: int, end: int) -> Paragraph:
    """One line of a wrapped paragraph: heading as far as the run-in heading reaches, body behind it."""
    half = replace(p, start=start, end=end, continues=start > p.start)
    if p.heading_end is None:
        return half
    if p.heading_end <= start:
        return replace(half, level=None, marker=None, heading_end=None)
    return replace(half, kind="heading", heading_end=None) if p.heading_end >= end else half
