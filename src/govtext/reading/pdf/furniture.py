"""What stands on pages for the sake of the paper: running heads and page numbers, found by what repeats at one height.

They are left out of the text, because inside a paragraph that goes on over the page they would cut it in two.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Final

from govtext.reading.pdf.pages import Run
from govtext.reading.pdf.pdfium import Page

DEEPEST: Final = 3  # lines from the edge: a head of two lines and a rule, or a foot with an address
FEWEST_PAGES: Final = 3  # that repeat a line; of two pages both
CLOSE: Final = 0.4  # share of the pages from the first to the last of them; on every second page at least
MOST: Final = 0.6  # share of them whose numbers are the same or go up
SAME_HEIGHT: Final = 3.0  # points
APART: Final = 1.2  # times the usual gap between lines: what is nearer to the text belongs to it (the head of a table)
APART_TYPE: Final = 1.5  # sizes of type: the same where empty lines stand between all lines
EDGE: Final = 0.2  # share of the page's height, from its top and its bottom
SEQUENCE: Final = 2  # pages whose numbers go up with the pages
LONGEST: Final = 120  # characters of a running head

_NUMBER = re.compile("[0-9０-９]{1,6}")
_CAPTIONS = ("附", "表", "图")  # 附件1 stands at the head of a page and is no running head
_SPACE = re.compile(r"\s")
# — 3 —   - 3 -   ·3·   第3页   第 3 页 共 9 页   3/9   Page 3 of 9
_MARKED = re.compile(
    r"[-—–―·~〜*]{1,3}([0-9０-９]{1,4})[-—–―·~〜*]{1,3}"
    r"|第([0-9０-９]{1,4})页[，,/／、]?(?:共[0-9０-９]{1,4}页)?"
    r"|(?i:page)([0-9]{1,4})(?:(?i:of)[0-9]{1,4})?"
)
_BARE = re.compile("([0-9０-９]{1,4})(?:[/／][0-9０-９]{1,4})?")


@dataclass(frozen=True, slots=True)
class _Edge:
    """A line near the edge of a page: its runs, its text without space, figures as #, its height, and the gap behind it."""

    page: int
    runs: tuple[int, ...]
    text: str
    key: str
    base: float
    gap: float


def find_furniture(pages: Sequence[Page], runs: Sequence[Sequence[Run]]) -> tuple[list[set[int]], int]:
    """The numbers of the runs of each page that are furniture, and how many lines they make."""
    found: list[set[int]] = [set() for _ in pages]
    n_lines = 0
    usual = _usual_gap(runs)
    size = median([run.size for page in runs for run in page] or [0.0])
    for upper in (True, False):
        edges = [list(_edges(index, page, runs[index], upper=upper)) for index, page in enumerate(pages)]
        repeated = _repeated(edges, len(pages))
        chosen = _set_apart([_leading(lines, repeated) for lines in edges], min(APART * usual, APART_TYPE * size))
        numbers = _numbers(edges)
        for index, lines in enumerate(chosen):
            outer = edges[index][len(lines) : len(lines) + 1]
            for line in [*lines, *(line for line in outer if (index, line.runs) in numbers)]:
                found[index].update(line.runs)
                n_lines += 1
    if all(len(numbers) == len(page) for numbers, page in zip(found, runs)):
        # Pages of nothing but one line each: that line is what they say.
        return [set() for _ in pages], 0
    return found, n_lines


def _edges(index: int, page: Page, runs: Sequence[Run], *, upper: bool) -> Iterator[_Edge]:
    """The lines of a page from its upper or lower edge inwards, as many as can be furniture."""
    sign = -1 if upper else 1
    # The last of these has no place to measure the gap behind it; one more is looked at for that.
    order = sorted(range(len(runs)), key=lambda i: (sign * runs[i].base, runs[i].left))
    lines: list[list[int]] = []
    for i in order:
        if lines and runs[lines[-1][0]].beside(runs[i]):
            lines[-1].append(i)
        elif len(lines) > DEEPEST:
            break
        else:
            lines.append([i])
    height = max(1.0, page.top - page.bottom)
    for number, line in enumerate(lines[:DEEPEST]):
        base = runs[line[0]].base
        depth = (page.top - base if upper else base - page.bottom) / height
        text = _SPACE.sub("", "".join(runs[i].text for i in sorted(line, key=lambda i: runs[i].left)))
        if depth > EDGE or len(text) > LONGEST:
            return
        gap = float("inf")
        if number + 1 < len(lines):
            inner = lines[number + 1]
            if upper:
                gap = min(runs[i].bottom for i in line) - max(runs[i].top for i in inner)
            else:
                gap = min(runs[i].bottom for i in inner) - max(runs[i].top for i in line)
        yield _Edge(index, tuple(line), text, _NUMBER.sub("#", text), base, gap)


def _usual_gap(runs: Sequence[Sequence[Run]]) -> float:
    """Between the type of one line and the next, in points: the lower quartile, as empty lines may be many."""
    gaps = [
        above.bottom - below.top
        for page in runs
        for above, below in zip(page, page[1:])
        if above.base > below.base and not above.beside(below)
    ]
    return max(0.0, sorted(gaps)[len(gaps) // 4]) if gaps else 0.0


def _repeated(edges: Sequence[Sequence[_Edge]], n_pages: int) -> set[tuple[str, int]]:
    """Texts and heights (in steps) of lines that enough pages have, one near the other."""
    places: dict[tuple[str, int], dict[int, _Edge]] = defaultdict(dict)
    for lines in edges:
        for line in lines:
            step = int(line.base // SAME_HEIGHT)
            # Two lines that near each other can fall on both sides of a step.
            for near in (step - 1, step, step + 1):
                places[line.key, near][line.page] = line
    wanted = min(FEWEST_PAGES, max(2, n_pages))
    return {
        place
        for place, seen in places.items()
        if len(seen) >= max(wanted, CLOSE * (max(seen) - min(seen) + 1))
        and not place[0].startswith(_CAPTIONS)
        and _counts_pages(list(seen.values()), bare=place[0] == "#")
    }


def _counts_pages(lines: Sequence[_Edge], *, bare: bool) -> bool:
    """Whether each number in the lines is the same on most pages, or goes up with them, as a number alone must."""
    for numbers in zip(*(_NUMBER.findall(line.text) for line in lines)):
        same = Counter(int(number) for number in numbers)
        rising = Counter(int(number) - line.page for number, line in zip(numbers, lines))
        kinds = (rising,) if bare else (same, rising)
        if max(kind.most_common(1)[0][1] for kind in kinds) < MOST * len(lines):
            return False
    return True


def _leading(lines: Sequence[_Edge], repeated: set[tuple[str, int]]) -> list[_Edge]:
    """The lines from the edge on that are repeated, up to the first that is not."""
    kept: list[_Edge] = []
    for line in lines:
        if (line.key, int(line.base // SAME_HEIGHT)) not in repeated:
            break
        kept.append(line)
    return kept


def _set_apart(leading: Sequence[Sequence[_Edge]], gap: float) -> list[list[_Edge]]:
    """Of each page as many of these lines as stand apart from what follows; the same number wherever there are so many."""
    for depth in range(DEEPEST, 0, -1):
        chosen = [list(lines[:depth]) for lines in leading]
        if (gaps := [lines[-1].gap for lines in chosen if lines]) and median(gaps) >= gap:
            return chosen
    return [[] for _ in leading]


def _numbers(edges: Sequence[Sequence[_Edge]]) -> set[tuple[int, tuple[int, ...]]]:
    """The lines that are page numbers: by their dashes or words, or because they count the pages."""
    found = set()
    bare: dict[int, list[_Edge]] = defaultdict(list)
    for lines in edges:
        for line in lines:
            if _MARKED.fullmatch(line.text):
                found.add((line.page, line.runs))
            elif match := _BARE.fullmatch(line.text):
                bare[int(match[1]) - line.page].append(line)
    for counted in bare.values():
        heights = Counter(int(line.base // SAME_HEIGHT) for line in counted)
        if len({line.page for line in counted}) >= SEQUENCE and heights.most_common(1)[0][1] >= SEQUENCE:
            found |= {(line.page, line.runs) for line in counted}
    return found
