"""Passages: the parts of a report that get themes, with the headings they stand under.

A body paragraph is a passage of the text behind its run-in heading; a heading alone on its line is one of its own words.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from govtext.document import Paragraph
from govtext.features.ngrams import SENTINEL, Codes, Ints

PATH_JOINT = " / "
OPENING = 40  # characters: the sentence that says what a paragraph is mainly about
SHORTEST_SENTENCE = 8  # characters; a shorter one joins the next
_STOP = np.zeros(0x10000, bool)
_STOP[[ord(c) for c in "。;!?"]] = True
LONGEST_TITLE = 80  # characters of the titles that stand for the document


@dataclass(frozen=True, slots=True)
class Passage:
    """What the theme model sees of a paragraph.

    paragraphs  indices in the report: one, or several where a paragraph was cut by hard line wraps
    text        its own words, white space folded
    headings    headings above, outermost first, its own run-in heading last
    title       the document's titles, joined
    is_heading  a heading alone on its line
    run_in      whether the last of `headings` is its own
    since       body passages since the last heading
    """

    paragraphs: tuple[int, ...]
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
    """The texts of each block, one a passage; passages of one section share one path."""
    paths = {passage.headings: passage.path for passage in passages}
    return {block: [paths[p.headings] if block == "path" else getattr(p, block) for p in passages] for block in BLOCKS}


def sentence_starts(joined: Codes) -> Ints:
    """Where the sentences of texts begin, ascending: each text, and behind stops, so that none is shorter than
    `SHORTEST_SENTENCE` but a text that is one by itself.
    """
    codes = joined.codes
    stops = _STOP.take(codes, mode="clip")
    behind = (stops[:-1] & ~stops[1:] & (codes[1:] != SENTINEL)).nonzero()[0] + 1
    text = joined.starts.searchsorted(behind, side="right") - 1
    starts, ends = joined.starts.tolist(), (joined.starts + joined.lengths).tolist()
    cuts: list[int] = []
    owner, start = -1, 0
    for place, own in zip(behind.tolist(), text.tolist()):
        if own != owner:
            owner, start = own, starts[own]
        # What is left behind the last cut must be a sentence, too.
        if place - start >= SHORTEST_SENTENCE and ends[own] - place >= SHORTEST_SENTENCE:
            cuts.append(place)
            start = place
    return np.sort(np.concatenate([joined.starts, np.array(cuts, np.int64)]))


# A line that ends otherwise goes on in the next one; one that begins like this does not go on from another.
_ENDS = frozenset('。.;；:：!！?？…”’"）)》】')
_BEGINS_ANEW = re.compile(
    "[一二三四五六七八九十]{1,3}[是、]|第[一二三四五六七八九十百]{1,5}|[（(][一二三四五六七八九十0-9０-９]{1,3}[)）]"
    "|[0-9０-９]{1,2}[.、．](?![0-9])|[①-⑳]"
)


def to_passages(text: str, paragraphs: Sequence[Paragraph]) -> list[Passage]:
    """The passages of a report in order: its body paragraphs and headings, not its titles, meta lines and boilerplate.

    Lines that a hard wrap or a page mark cut out of one paragraph are one passage.
    """
    titles = [" ".join(text[p.start : p.end].split()) for p in paragraphs if p.kind == "title"]
    title = " ".join(titles)[:LONGEST_TITLE]
    passages: list[Passage] = []
    # Of the last passage, put together once: a report of thousands of wrapped lines would be copied at each of them.
    members: list[int] = []
    pieces: list[str] = []
    folded: dict[tuple[str, ...], tuple[str, ...]] = {}
    since = 0
    closed = _closed(text, paragraphs)
    for index, paragraph in enumerate(paragraphs):
        if paragraph.kind not in ("heading", "body"):
            continue
        if paragraph.path not in folded:
            folded[paragraph.path] = tuple(" ".join(heading.split()) for heading in paragraph.path)
        headings = folded[paragraph.path]
        run_in = paragraph.heading_end is not None
        begin = paragraph.start
        if paragraph.heading_end is not None:
            begin = paragraph.heading_end
            headings = (*headings, " ".join(text[paragraph.start : begin].split()))
        is_heading = paragraph.kind == "heading"
        words = " ".join(text[begin : paragraph.end].split())
        # At most one line of junk may stand between.
        near = bool(members) and index - members[-1] <= 2 and not is_heading and not run_in
        if near and (paragraph.continues or (closed[index] and _goes_on(passages[-1], headings, pieces, words))):
            members.append(index)
            pieces.append(words)
            continue
        _put_together(passages, members, pieces)
        members, pieces = [index], [words]
        since = 0 if is_heading or run_in else since
        passages.append(Passage((index,), words, headings, title, is_heading, run_in, since))
        since += not is_heading
    _put_together(passages, members, pieces)
    return passages


def _put_together(passages: list[Passage], members: Sequence[int], pieces: Sequence[str]) -> None:
    """Gives the last passage its text and paragraphs, if it has more than its first line."""
    if len(members) > 1:
        passages[-1] = replace(passages[-1], paragraphs=tuple(members), text="".join(pieces))


def _closed(text: str, paragraphs: Sequence[Paragraph]) -> list[bool]:
    """Whether a stop ends the run of body lines that each paragraph stands in: a list of lines without stops has none."""
    closed = [False] * len(paragraphs)
    behind = False
    for index in range(len(paragraphs) - 1, -1, -1):
        paragraph = paragraphs[index]
        if paragraph.kind == "body":
            behind = behind or text[paragraph.start : paragraph.end].rstrip()[-1:] in _ENDS
        elif paragraph.kind != "boilerplate":
            behind = False
        closed[index] = behind
    return closed


def _goes_on(last: Passage, headings: tuple[str, ...], pieces: Sequence[str], words: str) -> bool:
    """Whether a body line is the rest of the last passage, which is made of `pieces` so far: no stop, no new item."""
    end = next((piece[-1] for piece in reversed(pieces) if piece), "")
    # An opening may be broken at its semicolons; below a heading such lines are as often items with themes of their own.
    stopped = end in _ENDS and (headings or end not in "；;")
    return not last.is_heading and last.headings == headings and not stopped and not _BEGINS_ANEW.match(words)
