"""What was found in a plain copy, said of the text as it came: spans moved, words as they stand there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

from govtext.document import Element, Elements, LabelledParagraph, LabelledReport, Part, Source, Stretch
from govtext.explaining import Explainable, Explaining
from govtext.features.variants import PlainCopy
from govtext.reasons import Spoken, ThemeReasons

WASHED = 2  # readings behind characters; one alone explains a rare character
PINYIN = "pinyin: a reading that a washing program put behind a character"


def restored(report: LabelledReport, source: Source, copy: PlainCopy) -> LabelledReport:
    """The report on the plain copy of a source's text, as one on the source.

    What the copy left out belongs to the character before it, at the top to the first paragraph, so the spans tile the text
    as those of the copy do.
    """
    way = _Way(report.text, source.text, copy.where.tolist())
    return replace(
        report,
        source=source,
        paragraphs=way.paragraphs(report.paragraphs),
        stretches=way.stretches(report.stretches, copy.pinyin),
        parts=tuple(way.part(part, report.paragraphs) for part in report.parts),
        explainer=RestoredExplainer(report.explainer, way) if isinstance(report.explainer, Explaining) else None,
    )


@dataclass(frozen=True, slots=True)
class RestoredExplainer:
    """Gives the reasons that another gives for the copy, with offsets into the text as it came."""

    inner: Explaining
    way: _Way

    @property
    def model(self) -> Explainable:
        """The model that labelled the report."""
        return self.inner.model

    def __call__(self, i: int) -> Mapping[str, ThemeReasons]:
        """As `Model.explain`."""
        return {code: self._restored(reasons) for code, reasons in self.inner(i).items()}

    def _restored(self, reasons: ThemeReasons) -> ThemeReasons:
        where = self.way.where
        return replace(
            reasons,
            characters=tuple((where[offset], share) for offset, share in reasons.characters),
            words=tuple(self._word(word) for word in reasons.words),
        )

    def _word(self, word: Spoken) -> Spoken:
        return replace(word, start=self.way.where[word.start], end=self.way.edge(word.end))

    def __reduce__(self) -> tuple[type[None], tuple[()]]:
        # As that of the one inside: a report that travels does not take its model along.
        return type(None), ()


@dataclass(frozen=True, slots=True)
class _Way:
    """The way back: the copy, the text, and where each character of the copy, and its end, lies in the text."""

    copy: str
    text: str
    where: list[int]

    def edge(self, offset: int) -> int:
        """Where a span begins or ends; what the copy left out goes to the character before it."""
        return self.where[offset] if offset else 0

    def words(self, start: int, end: int) -> str:
        """The text of a span of the copy, without white space around it."""
        return self.text[self.edge(start) : self.edge(end)].strip()

    def within(self, found: str, start: int, end: int) -> str:
        """The text of what stands in a span of the copy, white space apart; the copy's own where it does not."""
        plain = [(c, i) for i, c in enumerate(self.copy[start:end], start) if not c.isspace()]
        wanted = "".join(found.split())
        at = "".join(c for c, _ in plain).find(wanted)
        if at < 0 or not wanted:
            return found
        spans = [self.text[self.where[i] : self.where[i + 1]] for _, i in plain[at : at + len(wanted)]]
        return "".join("".join(spans).split())

    def paragraphs(self, paragraphs: tuple[LabelledParagraph, ...]) -> tuple[LabelledParagraph, ...]:
        """The paragraphs with spans, words, markers and paths of the text."""
        headings: dict[str, str] = {}  # of the copy → of the text, the last one that reads so
        read, written = "", ""  # the heading that a wrap may go on with
        moved = []
        for p in paragraphs:
            end = None if p.heading_end is None else self.edge(p.heading_end)
            stop = p.end if p.heading_end is None else p.heading_end
            heading = None if p.heading is None else self.words(p.start, stop)
            path = tuple(headings.get("".join(above.split()), above) for above in p.path)
            marker = None if p.marker is None else self.within(p.marker, p.start, stop)
            moved.append(
                replace(
                    p,
                    start=self.edge(p.start),
                    end=self.edge(p.end),
                    heading_end=end,
                    text=self.words(p.start, p.end),
                    heading=heading,
                    marker=marker,
                    path=path,
                )
            )
            if p.heading is not None and heading is not None:
                read, written = (read, written) if p.continues else ("", "")
                read, written = read + "".join(p.heading.split()), written + heading
                headings[read] = written
        return tuple(moved)

    def stretches(self, stretches: tuple[Stretch, ...], pinyin: tuple[tuple[int, int], ...]) -> tuple[Stretch, ...]:
        """The stretches of the text, and the pinyin that stands in none of them where a text has it more than once."""
        moved = [replace(s, start=self.where[s.start], end=self.edge(s.end)) for s in stretches]
        if len(pinyin) >= WASHED:
            inside = {i for s in moved for i in range(s.start, s.end)}
            moved += [Stretch(start, end, "page", PINYIN) for start, end in pinyin if start not in inside]
        return tuple(sorted(moved, key=lambda s: s.start))

    def part(self, part: Part, paragraphs: tuple[LabelledParagraph, ...]) -> Part:
        """The part with title and elements of the text."""
        title = part.title
        if title is not None and part.first < part.stop:
            title = self.within(title, paragraphs[part.first].start, paragraphs[part.stop - 1].end)
        moved: dict[str, Any] = {}
        for field in fields(Elements):
            value = getattr(part.elements, field.name)
            if isinstance(value, Element):
                moved[field.name] = self.element(value)
            elif isinstance(value, tuple):
                moved[field.name] = tuple(map(self.element, value))
        return replace(part, title=title, elements=replace(part.elements, **moved))

    def element(self, element: Element[Any]) -> Element[Any]:
        """The element of the text; what it says is read off the copy, but a `str` is as the text has it."""
        start, end = self.where[element.start], self.edge(element.end)
        value = element.value
        if isinstance(value, str):
            value = self.within(value, element.start, element.end)
        return Element(start, end, self.text[start:end], value)
