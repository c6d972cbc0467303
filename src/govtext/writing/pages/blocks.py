"""The report's text as markup: blocks of paragraphs, each with its role at the left and its themes at the right.

A block is a paragraph with what a wrap cut off it. All text of the report stands in elements of class `t`, in order and code
point for code point, so that the page's script can put the text together again.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from operator import attrgetter

from govtext.document import LabelledParagraph, LabelledReport
from govtext.writing.display import percent
from govtext.writing.labelstudio import DEEPEST, paragraph_kind
from govtext.writing.pages.markup import escaped, kept, tag
from govtext.writing.pages.strings import word

STEPS = (0.7, 0.9)  # probabilities from which a tint is stronger
EXCERPT = 24  # characters of the first line of junk that a folded run shows
FIRST_HEADING = 3  # aria-level: the page's name is 1, the report's title 2


@dataclass(frozen=True, slots=True)
class Block:
    """Paragraphs that are shown as one: `members` have text, `pieces` are these and blank ones between, in order."""

    members: list[int]
    pieces: list[int]
    begins: bool  # False: the rest of a paragraph, shown apart because something stands between


@dataclass(slots=True)
class Notes:
    """What is to be said beside a paragraph, by its number."""

    of: defaultdict[int, list[str]] = field(default_factory=lambda: defaultdict(list))

    @classmethod
    def all(cls, report: LabelledReport) -> Notes:
        """The notes of a report: repairs of the outline, passages of other reports, junk injected."""
        notes = cls()
        starts = [p.start for p in report.paragraphs]
        for r in report.repairs:
            number = tag("b", escaped(r.number)) if r.number is not None else ""
            notes.of[r.paragraph].append(word(f"repair_{r.kind}") + number)
        for c in report.copied:
            where = max(0, bisect_left(starts, c.start + 1) - 1)
            notes.of[where].append(word("copied_from", c.other) + tag("b", escaped(percent(c.similarity))))
        for s in report.stretches:
            if s.kind != "mask":
                where = max(0, bisect_left(starts, s.start + 1) - 1)
                said = word(f"boilerplate_{s.kind}") + tag("i", escaped(s.reason.rpartition(": ")[2]), lang="en")
                if said not in notes.of[where]:
                    notes.of[where].append(said)
        return notes


def to_blocks(report: LabelledReport) -> list[Block]:
    """The blocks in order; blank paragraphs go with the block before them, those at the start with the first."""
    blocks: list[Block] = []
    early: list[int] = []
    for i, p in enumerate(report.paragraphs):
        if not report.text[p.start : p.end].strip():
            (blocks[-1].pieces if blocks else early).append(i)
        elif p.continues and p.boilerplate is None and blocks and can_take(report, blocks[-1]):
            blocks[-1].members.append(i)
            blocks[-1].pieces.append(i)
        else:
            blocks.append(Block([i], [*early, i], not p.continues or p.boilerplate is not None))
            early = []
    return blocks or ([Block([], early, True)] if early else [])


def can_take(report: LabelledReport, block: Block) -> bool:
    """Whether the rest of a paragraph can be shown in this block: nothing of the site stands between."""
    return bool(block.members) and report.paragraphs[block.members[-1]].boilerplate is None


def blocks_markup(report: LabelledReport, blocks: Sequence[Block], places: Mapping[str, int]) -> str:
    """All blocks; lines of junk that follow each other fold together. `places` are the themes' places by code."""
    notes = Notes.all(report)
    level = FIRST_HEADING - 1
    parts: list[str] = []
    for is_junk, run in groupby(blocks, key=lambda block: is_of_site(report, block)):
        inside: list[str] = []
        lines: list[LabelledParagraph] = []
        for block in run:
            if block.members:
                p = report.paragraphs[block.members[0]]
                lines.append(p)
                if paragraph_kind(p) in HEADINGS:
                    level = min(level + 1, FIRST_HEADING - 1 + min(p.level or 1, DEEPEST), 6)
            inside.append(block_markup(report, block, places, notes, level))
        parts.append(folded(lines, inside) if is_junk else "\n".join(inside))
    return "\n".join(parts)


HEADINGS = frozenset(f"h{level}" for level in range(1, DEEPEST + 1))


def is_of_site(report: LabelledReport, block: Block) -> bool:
    """Whether the block is junk."""
    return bool(block.members) and report.paragraphs[block.members[0]].boilerplate is not None


def folded(lines: Sequence[LabelledParagraph], inside: Sequence[str]) -> str:
    """A run of junk under one line that says how much and of what kind."""
    kinds = Counter(p.boilerplate or "page" for p in lines)
    said = " ".join(word(f"boilerplate_{kind}") + f" {n}" for kind, n in kinds.most_common())
    first = "".join(lines[0].text.split())
    excerpt = first[:EXCERPT] + ("…" if len(first) > EXCERPT or len(lines) > 1 else "")
    summary = word("junk_lines", len(lines)) + tag("i", said) + tag("s", escaped(excerpt))
    return tag("details", tag("summary", summary), "\n".join(inside), kind="junk")


def block_markup(report: LabelledReport, block: Block, places: Mapping[str, int], notes: Notes, aria_level: int) -> str:
    """One block: role, text, labels."""
    text = "".join(text_markup(report, i, is_member=i in block.members) for i in block.pieces)
    if not block.members:
        return tag("div", text, hidden=True)
    p = report.paragraphs[block.members[0]]
    kind = paragraph_kind(p)
    themed = p.labels[0] if p.labels else None
    classes = ["b", f"k-{'p' if '+' in kind else kind.partition(':')[0]}"]
    if themed is not None and themed in places:
        classes += [f"t{places[themed]}", f"s{strength(p.themes[themed])}"]
    if not block.begins:
        classes.append("rest")
    said = [*label_markup(report, p, kind, places), *(tag("small", n) for i in block.members for n in notes.of[i])]
    is_heading = kind in HEADINGS or kind == "title"
    level = None if not is_heading else FIRST_HEADING - 1 if kind == "title" else aria_level
    side = tag("span", word(p.role, kind=f"r {p.role}") if p.role else sign(kind), kind="g")
    middle = tag("div", text, kind="x", role="heading" if is_heading else None, aria_level=level)
    return tag("div", side, middle, tag("span", *said, kind="c"), kind=" ".join(classes), id=f"p{block.members[0]}")


def sign(kind: str) -> str:
    """What stands at the left of a block without a role."""
    name = kind.partition(":")[0]
    return (
        word("junk", kind="r") if name == "x" else word(f"kind_{name}", kind="r") if name in {"title", "meta"} else ""
    )


def label_markup(report: LabelledReport, p: LabelledParagraph, kind: str, places: Mapping[str, int]) -> Iterator[str]:
    """What stands at the right: themes with probability, set phrase; of junk its kind and the reason."""
    if kind.startswith("x:"):
        yield word(f"boilerplate_{kind[2:]}", kind="k") + tag("b", escaped(percent(p.verdict.score)))
        yield tag("i", escaped(p.verdict.reason), lang="en")
        return
    for code in p.labels:
        name = escaped(report.theme_names.get(code, code))
        yield tag("span", name, " ", tag("b", escaped(percent(p.themes[code]))), kind=f"k t{places.get(code, 0)}")
    if p.formulaic:
        yield word("formulaic", kind="k f")


def strength(probability: float) -> int:
    """The step of a tint, 1 to 3."""
    return 1 + sum(probability >= step for step in STEPS)


def text_markup(report: LabelledReport, i: int, *, is_member: bool) -> str:
    """The raw text of a paragraph, white space at its ends hidden; headings bold, masks and injected junk marked."""
    p = report.paragraphs[i]
    raw = report.text[p.start : p.end]
    start = p.start + len(raw) - len(raw.lstrip())
    end = start + len(raw.strip())
    if not is_member or start >= end:
        return tag("span", kept(raw), kind="t w")
    cuts = {start, end}
    head = p.heading_end if p.heading_end is not None and start < p.heading_end <= end else start
    first = bisect_left(report.stretches, p.start, key=attrgetter("start"))
    inside = [
        s for s in report.stretches[first : bisect_left(report.stretches, end, key=attrgetter("start"))] if s.end <= end
    ]
    cuts |= {head, *(max(start, edge) for s in inside for edge in (s.start, s.end))}
    edges = sorted(cuts)
    pieces = []
    for a, b in zip(edges, edges[1:]):
        piece = kept(report.text[a:b])
        over = next((s for s in inside if s.start <= a and b <= s.end), None)
        if over is not None and over.kind == "mask":
            piece = tag("mark", piece, title=over.reason)
        elif over is not None:
            piece = tag("s", piece, title=f"{over.kind}: {over.reason}")
        pieces.append(tag("b", piece) if b <= head else piece)
    before, after = kept(report.text[p.start : start]), kept(report.text[end : p.end])
    blanks = [tag("span", blank, kind="w") if blank else "" for blank in (before, after)]
    return tag("span", blanks[0], *pieces, blanks[1], kind="t", data_u=i)
