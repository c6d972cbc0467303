"""Runs to blocks: lines one under the other between the same sides, which are body text, a column, or a cell of a table."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Final

from govtext.reading.pdf.pages import Run

# In sizes of the type.
CLOSE: Final = 1.5  # from line to line inside a cell
LEVEL: Final = 0.1  # by which two runs overlap in height to stand beside each other
LONG_STACK: Final = 8  # lines beside others: columns of text; fewer are the cells of a table
MARGIN_SHARE: Final = 0.1  # of lines that share a margin
FEWEST_LINES: Final = 5  # that show a margin
WIDEST: Final = 2.0  # times the left margin: the right one
WIDEST_SHARE: Final = 0.25  # of the width of the paper: the right margin
SAME: Final = 0.5  # how far the ends of full lines are apart
NEIGHBOURS: Final = 24  # runs looked at for one on the same line


@dataclass(slots=True)
class Block:
    """Runs of one page, one under the other, and the margins that they are set between; `kind` is body, column or cell."""

    page: int
    runs: list[Run]
    kind: str
    left: float
    right: float

    def holds(self, run: Run) -> bool:
        """Whether the run stands under the last one."""
        last = self.runs[-1]
        return run.base < last.base and not run.beside(last) and run.left < self.right and run.right > self.left


def to_blocks(pages: Sequence[Sequence[Run]], sides: Sequence[tuple[float, float]]) -> list[Block]:
    """The blocks of the pages' runs, in reading order; `sides` are the left and right edges of the paper, in points."""
    blocks = [block for number, runs in enumerate(pages, 1) for block in _stacks(number, runs)]
    _set_margins([block for block in blocks if block.kind == "body"], sides)
    return blocks


def _stacks(page: int, runs: Sequence[Run]) -> Iterator[Block]:
    """The runs of a page in stacks; one that stands beside others is a cell, or a column if it is long."""
    stack: Block | None = None
    beside = False
    for run, mate in zip(runs, _mates(runs)):
        mated = mate is not None
        if stack is not None and stack.holds(run) and (mated == beside or (beside and _within(stack, run))):
            stack.runs.append(run)
            stack.left, stack.right = min(stack.left, run.left), max(stack.right, run.right)
            continue
        if stack is not None:
            yield _named(stack, beside=beside)
        stack, beside = Block(page, [run], "body", run.left, run.right), mated
    if stack is not None:
        yield _named(stack, beside=beside)


def _within(stack: Block, run: Run) -> bool:
    """Whether a run goes on a column whose neighbour has ended."""
    return len(stack.runs) >= LONG_STACK and run.left > stack.left - run.size and run.right < stack.right + run.size


def _named(stack: Block, *, beside: bool) -> Block:
    if beside:
        stack.kind = "column" if len(stack.runs) >= LONG_STACK else "cell"
    return stack


def _mates(runs: Sequence[Run]) -> list[Run | None]:
    """For each run one that stands beside it, or beside the line above or below it in the same cell; None without one."""
    order = sorted(range(len(runs)), key=lambda i: -runs[i].top)
    found: list[Run | None] = [None] * len(runs)
    for at, i in enumerate(order):
        for j in order[at + 1 : at + 1 + NEIGHBOURS]:
            one, other = runs[i], runs[j]
            if other.top <= one.bottom:
                break
            level = min(one.top, other.top) - max(one.bottom, other.bottom)
            if level > LEVEL * min(one.size, other.size) and _apart(one, other):
                found[i], found[j] = found[i] or other, found[j] or one
    # The lines of a tall cell that nothing stands beside.
    for steps in (range(1, len(runs)), range(len(runs) - 2, -1, -1)):
        for i in steps:
            near = i - 1 if steps.step > 0 else i + 1
            mate, distance = found[near], abs(runs[i].base - runs[near].base)
            if found[i] is None and mate and 0 < distance < CLOSE * runs[i].size and _apart(runs[i], mate):
                found[i] = None if _apart(runs[i], runs[near]) else mate
    return found


def _apart(one: Run, other: Run) -> bool:
    return one.right <= other.left or other.right <= one.left


def _set_margins(body: Sequence[Block], sides: Sequence[tuple[float, float]]) -> None:
    """Nothing; the blocks get the margins of all pages of their size, odd or even, which few lines may not show."""
    lines: dict[tuple[float, float, int], list[Run]] = {}
    for block in body:
        lines.setdefault((*sides[block.page - 1], block.page % 2), []).extend(block.runs)
    margins = {key: _margins(runs, *key[:2]) for key, runs in lines.items()}
    for block in body:
        left, right = sides[block.page - 1]
        here, there = (left, right, block.page % 2), (left, right, 1 - block.page % 2)
        few = len(lines[here]) < FEWEST_LINES <= len(lines.get(there, ()))
        block.left, block.right = margins[there if few else here]


def _margins(runs: Sequence[Run], left: float, right: float) -> tuple[float, float]:
    """Where full lines begin and end, between the edges of the paper.

    A stop at the end of a line hangs over the margin, or is set in half its room. Where few lines show the right margin, it is
    taken for no wider than usual.
    """
    begin = _margin([run.left for run in runs], runs)
    inside = [run for run in runs if run.text[-1].isalnum()] or runs
    end = -_margin([-run.right for run in inside], inside)
    if sum(abs(run.right - end) < SAME * run.size for run in inside) < FEWEST_LINES:
        end = max(end, right - min(WIDEST * (begin - left), WIDEST_SHARE * (right - left)))
    return begin, end


def _margin(edges: Sequence[float], runs: Sequence[Run]) -> float:
    """The outermost edge that enough lines share."""
    size = median([run.size for run in runs])
    ordered = sorted(edges)
    wanted = max(2, int(MARGIN_SHARE * len(ordered)))
    for at, edge in enumerate(ordered):
        if at + wanted <= len(ordered) and ordered[at + wanted - 1] < edge + size:
            return edge
    return ordered[0]
