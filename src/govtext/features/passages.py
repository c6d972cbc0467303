"""Passages: the parts of a report that get themes, with the headings they stand under.

A body paragraph is a passage of the text behind its run-in heading; a heading alone on its line is one of its own words.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from govtext.document import Paragraph

PATH_JOINT = " / "
OPENING = 40  # characters: the sentence that says what a paragraph is mainly about
LONGEST_TITLE = 80  # characters of the titles that stand for the document


@dataclass(frozen=True, slots=True)
class Passage:
    """What the theme model sees of a paragraph.

    paragraph   its index in the report
    text        its own words, white space folded
    headings    headings above, outermost first, its own run-in heading last
    title       the document's titles, joined
    is_heading  a heading alone on its line
    run_in      whether the last of `headings` is its own
    since       body passages since the last heading
    """

    paragraph: int
    text: str
    headings: tuple[str, ...]
    title: str
    is_heading: bool
    run_in: bool
    since: int

    @property
    def path(self) -> str:
        """The headings above as one text."""
        return PATH_JOINT.join(self.headings)

    @property
    def opening(self) -> str:
        """How the passage begins."""
        return self.text[:OPENING]

    @property
    def section(self) -> tuple[str, ...]:
        """The headings it shares with its section."""
        return self.headings[:-1] if self.run_in else self.headings


# The blocks of text that n-grams are counted in: block → what of a passage.
BLOCKS = ("text", "path", "title", "opening")


def block_texts(passages: Sequence[Passage]) -> dict[str, list[str]]:
    """The texts of each block, one a passage."""
    return {block: [getattr(passage, block) for passage in passages] for block in BLOCKS}


def to_passages(text: str, paragraphs: Sequence[Paragraph]) -> list[Passage]:
    """The passages of a report in order: its body paragraphs and headings, not its titles, meta lines and boilerplate."""
    titles = [" ".join(text[p.start : p.end].split()) for p in paragraphs if p.kind == "title"]
    title = " ".join(titles)[:LONGEST_TITLE]
    passages: list[Passage] = []
    since = 0
    for index, paragraph in enumerate(paragraphs):
        if paragraph.kind not in ("heading", "body"):
            continue
        headings = tuple(" ".join(heading.split()) for heading in paragraph.path)
        run_in = paragraph.heading_end is not None
        begin = paragraph.start
        if paragraph.heading_end is not None:
            begin = paragraph.heading_end
            headings = (*headings, " ".join(text[paragraph.start : begin].split()))
        is_heading = paragraph.kind == "heading"
        since = 0 if is_heading or run_in else since
        words = " ".join(text[begin : paragraph.end].split())
        passages.append(Passage(index, words, headings, title, is_heading, run_in, since))
        since += not is_heading
    return passages
