"""Documents as scraping may leave them: flattened, hard-wrapped, their widths swapped, their numbers damaged.

Each variant keeps the labels: units move with their text. Models learn from documents flattened at random;
benchmarks/variants.py measures on the others.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np

from govtext.segmentation.markers import NUMERALS, marker_at
from govtext.training.corpus import LabelledDocument, Unit

WIDTH_SHIFT = 0xFEE0  # from an ASCII character to its full-width form
DAMAGED = 0.05  # share of heading numbers
WRAP_WIDTH = 38  # characters
LINE_BREAKS_LEFT = (0.0, 0.0, 0.3, 0.6)  # share, drawn for each document
REPLACED = 0.8  # share of paragraphs in mixed documents
BREAKS_BEFORE_JUNK = 0.5  # a site's lines keep theirs more often
_WIDE_DIGITS = {ord("0") + i: ord("0") + WIDTH_SHIFT + i for i in range(10)}
_DIGITS = "0-9０-９"


def visible(document: LabelledDocument) -> list[Unit]:
    """The units that hold more than white space."""
    return [u for u in document.units if document.text[u.start : u.end].strip()]


def flattened(document: LabelledDocument, seed: int | None = None, turn: int = 0) -> LabelledDocument:
    """The document's units glued together, without its stretches.

    With a seed some line breaks stay, by a generator seeded with it, the turn and the document's own text.
    """
    rng = random.Random(f"{seed}:{turn}:{document.digest}")
    left = rng.choice(LINE_BREAKS_LEFT)
    text, units = "", []
    for unit in visible(document):
        if text and seed is not None and rng.random() < (BREAKS_BEFORE_JUNK if unit.is_boilerplate else left):
            text += "\n"
        units.append(_moved(unit, len(text) - unit.start))
        text += document.text[unit.start : unit.end]
    return replace(document, text=text, units=tuple(units), stretches=())


def mixed(document: LabelledDocument, bodies: Sequence[str], turn: int = 0) -> LabelledDocument:
    """The document flattened, most of its paragraphs replaced by others drawn from `bodies`.

    What ends like a heading and what begins like a sentence is to be learnt apart from which two stood together.
    """
    rng = random.Random(f"{turn}:{document.digest}")
    text, units = "", []
    for unit in visible(document):
        own = document.text[unit.start : unit.end]
        if unit.kind == "p" and bodies and rng.random() < REPLACED:
            own = rng.choice(bodies)
        units.append(replace(_moved(unit, len(text) - unit.start), end=len(text) + len(own)))
        text += own
    return replace(document, text=text, units=tuple(units), stretches=())


def wrapped(document: LabelledDocument, width: int = WRAP_WIDTH) -> LabelledDocument:
    """The document with every line broken after `width` characters; the halves of a unit are units, as in the codebook.

    A line break inside a word, before a stop, in a heading: as converters do it. Without its stretches.
    """
    breaks: list[int] = []
    begin = 0
    for line in document.text.split("\n"):
        length = len(line.rstrip())
        breaks += range(begin + width, begin + length, width)
        begin += len(line) + 1
    text = "\n".join(document.text[a:b] for a, b in zip([0, *breaks], [*breaks, len(document.text)]))
    units = [piece for unit in document.units for piece in _halves(unit, breaks)]
    before = np.searchsorted(breaks, [(u.start, u.end, u.heading_end or 0) for u in units], side="right")
    # An end lies before the break that stands there.
    before[:, 1:] = np.searchsorted(breaks, [(u.end, u.heading_end or 0) for u in units], side="left")
    moved = [
        replace(
            u,
            start=u.start + int(a),
            end=u.end + int(b),
            heading_end=None if u.heading_end is None else u.heading_end + int(c),
        )
        for u, (a, b, c) in zip(units, before)
    ]
    return replace(document, text=text, units=tuple(moved), stretches=())


def widths_swapped(document: LabelledDocument) -> LabelledDocument:
    """The document with ASCII characters full-width, and full-width ones ASCII."""
    pairs = {code: code + WIDTH_SHIFT for code in range(0x21, 0x7F)}
    table = pairs | {wide: narrow for narrow, wide in pairs.items()}
    return replace(document, text=document.text.translate(table))


def numbers_damaged(document: LabelledDocument, seed: int, share: float = DAMAGED) -> LabelledDocument:
    """The document with a share of its numbers of headings replaced by others, by a generator seeded with its text.

    Numbers that open a plain paragraph count as well: they are in the same lists, and are misread as often.
    """
    rng = random.Random(f"{seed}:{document.digest}")
    edits = []
    for unit in visible(document):
        marker = marker_at(document.text, unit.start) if unit.is_heading or unit.kind == "p" else None
        if marker is None or marker.number is None or rng.random() >= share:
            continue
        written = document.text[marker.start : marker.end]
        other = _damaged(written, marker.number, rng)
        if other != written:
            edits.append((marker.start, marker.end, other))
    return _edited(document, edits)


def _damaged(written: str, number: int, rng: random.Random) -> str:
    """The marker with another number, one off or any of the first ten; the same where it is written otherwise (一百零二)."""
    wrong = rng.choice([number + 1, max(number - 1, 1), rng.randint(1, 10)])
    if wrong == number:
        wrong = number + 2
    for form in _FORMS:
        old, new = form(number), form(wrong)
        # The last one, as in 1.2; not a part of a longer one, as 5 in 15.
        before, found, behind = written.rpartition(old) if old and new else ("", "", written)
        if found and not re.search(f"[{NUMERALS}百零{_DIGITS}]$", before):
            return before + new + behind
    return written


def _circled(number: int) -> str:
    """The number in a circle, of 1–20; else nothing."""
    return chr(0x245F + number) if 1 <= number <= 20 else ""


def _wide(number: int) -> str:
    """The number in full-width digits."""
    return str(number).translate(_WIDE_DIGITS)


def _numeral(number: int) -> str:
    """The Chinese numeral of 1–99; else nothing."""
    if not 1 <= number <= 99:
        return ""
    tens, ones = divmod(number, 10)
    ten = "" if not tens else ("" if tens == 1 else NUMERALS[tens - 1]) + "十"
    return ten + (NUMERALS[ones - 1] if ones else "")


_FORMS = (_numeral, str, _wide, _circled)


def _edited(document: LabelledDocument, edits: Iterable[tuple[int, int, str]]) -> LabelledDocument:
    """The document with spans replaced, in order and none across a unit's edge; everything behind moves along."""
    text, position = "", 0
    moves: list[tuple[int, int]] = []
    for start, end, new in edits:
        text += document.text[position:start] + new
        position = end
        moves.append((end, len(text) - end))
    text += document.text[position:]
    ends = np.array([end for end, _ in moves], np.int64)
    shifts = np.array([0, *(shift for _, shift in moves)], np.int64)

    def at(offset: int) -> int:
        return offset + int(shifts[np.searchsorted(ends, offset, side="right")])

    units = tuple(
        replace(u, start=at(u.start), end=at(u.end), heading_end=None if u.heading_end is None else at(u.heading_end))
        for u in document.units
    )
    stretches = tuple((at(a), at(b), kind) for a, b, kind in document.stretches)
    return replace(document, text=text, units=units, stretches=stretches)


def _moved(unit: Unit, shift: int) -> Unit:
    heading_end = None if unit.heading_end is None else unit.heading_end + shift
    return replace(unit, start=unit.start + shift, end=unit.end + shift, heading_end=heading_end)


def _halves(unit: Unit, breaks: list[int]) -> list[Unit]:
    """The unit cut at the breaks inside it: what stands before its heading's end is heading, what stands behind is body."""
    inside = breaks[
        int(np.searchsorted(breaks, unit.start, side="right")) : int(np.searchsorted(breaks, unit.end, side="left"))
    ]
    if not inside:
        return [unit]
    pieces = []
    for start, end in zip([unit.start, *inside], [*inside, unit.end]):
        kind, heading_end = unit.kind, unit.heading_end
        if heading_end is not None:
            if heading_end <= start:
                kind, heading_end = "p", None
            elif heading_end >= end:
                kind, heading_end = unit.kind.removesuffix("+p"), None
        pieces.append(replace(unit, start=start, end=end, kind=kind, heading_end=heading_end))
    return pieces
