"""Line breaks that only wrap a line: put in at a fixed width by whoever made the page, often in mid-word.

A wrapped text has many lines that are exactly as long as a line can be, and most of them stop in mid-sentence. Width is
counted in characters or in columns (an ASCII character takes half the room of a Chinese one), whichever fits better.
Where nothing is wrapped at a width, a single break can still be told: behind a comma, or before what begins no sentence.
"""

from __future__ import annotations

import re
from collections import Counter
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from govtext.features.ngrams import normal
from govtext.segmentation.markers import marker_at

Ints = NDArray[np.int64]
Codes = NDArray[np.int32]
Bools = NDArray[np.bool_]
NARROWEST = 15  # characters of a full line; below, equal lines are a list
FEWEST = 2  # full lines that stop in mid-sentence
WIDTHS = 3  # the widest that are tried
LONGER = 0.1  # longer lines for each full one: a title, a line of links
OPEN = 0.5  # share of full lines that must stop in mid-sentence
EXACT = 0.6  # share of full lines that are of the width or one character below
AMONG = 0.4  # share of a text's lines that are full and stop in mid-sentence; two equal lines of six are a list
ENOUGH = 3  # such lines, whatever their share
FARTHEST = 16  # characters behind a break among which a marker is looked for
_NEWLINE, _SPACE, _ZERO = map(ord, "\n 0")


def _table(characters: str) -> Bools:
    table = np.zeros(0x10000, bool)
    table[[ord(c) for c in characters]] = True
    return table


_STOP, _COMMA, _NO_BEGINNING = _table("。!?！？;；:：.．"), _table("，、"), _table("，、。；%％")
# A share with a stop behind it begins no sentence: 研发投入强度为↵3.2%，比上年…
_BARE_SHARE = re.compile(r"[0-9０-９]{1,4}(?:[.．][0-9０-９]{1,4})?[%％][，,。；;、]")
_LAST_NARROW = 0x2E7F  # the last code point that is set in half the room


def wrap_breaks(text: str) -> Ints:
    """Offsets of the line breaks of `text` that only wrap a line, ascending; text stands behind them, not indented."""
    raw = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), "<i4")
    return wraps_among(text, raw, normal(raw), np.zeros(1, np.int64))


def wraps_among(text: str, raw: Codes, codes: Codes, begins: Ints) -> Ints:
    """The same for many texts in one, between which there is a line: `begins` are their offsets.

    `raw` and `codes` are the code points of `text`, as they are and normalised.
    """
    breaks: Ints = (raw == _NEWLINE).nonzero()[0]
    if not len(breaks):
        return breaks
    starts, ends = np.concatenate(([0], breaks + 1)), np.concatenate((breaks, [len(codes)]))
    # White space is what the stream takes for it, or a line of form feeds is text here and nothing there.
    solid = codes != _SPACE
    # The last solid character of each line; a line without one ends where it begins.
    inked = solid.nonzero()[0]
    last = np.concatenate(([-1], inked)).take(inked.searchsorted(ends))
    filled = last >= starts
    length = np.where(filled, last + 1 - starts, 0)
    wide = np.zeros(len(codes) + 1, np.int32)
    (raw > _LAST_NARROW).cumsum(out=wide[1:])
    columns = length + wide.take(np.where(filled, last + 1, starts)) - wide.take(starts)
    ends_raw = raw.take(np.maximum(last, 0))
    stopped = _STOP.take(ends_raw, mode="clip")
    # What follows at once, and begins at the margin, can be the rest.
    following = breaks + 1
    followed = filled.copy()
    followed[:-1] &= solid.take(following, mode="clip") & (following < len(codes))
    followed[-1] = False
    full = np.zeros(len(starts), bool)
    rows = starts.searchsorted(begins).tolist()
    for first, stop in zip(rows, [*rows[1:], len(starts)]):
        own = slice(first, stop)
        can = followed[own] & (length[own] >= NARROWEST)
        if np.count_nonzero(can & ~stopped[own]) < FEWEST:
            continue
        both = [_full(measure[own], can, stopped[own], filled[own]) for measure in (length, columns)]
        full[own] = max(both, key=np.count_nonzero)
    long, open_line = length[:-1] >= NARROWEST, followed[:-1] & ~stopped[:-1]
    sure = open_line & _no_beginnings(text, following, raw, codes, long)
    comma = (open_line & long & _COMMA.take(ends_raw[:-1], mode="clip")).nonzero()[0]
    for i, at in zip(comma.tolist(), following[comma].tolist()):
        # Behind it a new item may begin.
        sure[i] |= marker_at(text[at : at + FARTHEST]) is None
    wraps: Ints = breaks[full[:-1] | sure]
    return wraps


def _no_beginnings(text: str, following: Ints, raw: Codes, codes: Codes, long: Bools) -> Bools:
    """Before which lines (where each begins) something stood: they begin with a comma, or, behind any line, a bare share."""
    found = _NO_BEGINNING.take(raw.take(following, mode="clip"), mode="clip") & (following < len(raw)) & long
    for i in (codes.take(following, mode="clip") == _ZERO).nonzero()[0].tolist():
        found[i] |= _BARE_SHARE.match(text, int(following[i])) is not None
    return found


def _full(measure: Ints, can: Bools, stopped: Bools, filled: Bools) -> Bools:
    """Which of the lines that can are full by this measure and go on; none, if the text does not look wrapped."""
    nothing = np.zeros(len(measure), bool)
    counts = Counter(measure[can].tolist())
    # The widest size that several lines reach: what is longer must be rare.
    near = (size for size in sorted(counts, reverse=True) if counts[size] + counts[size - 1] >= FEWEST)
    for size in islice(near, WIDTHS):
        full = can & (measure <= size) & (measure >= size - 2)
        n_full, n_open = np.count_nonzero(full), np.count_nonzero(full & ~stopped)
        exact = np.count_nonzero(full & (measure >= size - 1))
        longer = np.count_nonzero(filled & (measure > size))
        enough = n_open >= min(ENOUGH, AMONG * np.count_nonzero(filled)) or _is_paragraph(full, stopped)
        if enough and n_open >= max(FEWEST, OPEN * n_full) and exact >= EXACT * n_full and longer <= LONGER * n_full:
            chosen: Bools = full
            return chosen
    return nothing


def _is_paragraph(full: Bools, stopped: Bools) -> bool:
    """Whether full lines follow one another, and every run of them is closed by a line with a stop."""
    ends = (full[:-1] & ~full[1:]).nonzero()[0] + 1
    return bool((full[:-1] & full[1:]).any() and stopped[ends].all())
