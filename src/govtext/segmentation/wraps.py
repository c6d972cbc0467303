"""Line breaks that only wrap a line: put in at a fixed width by whoever made the page, often in mid-word.

A wrapped text has many lines that are exactly as long as a line can be, and most of them stop in mid-sentence. Width is
counted in characters or in columns (an ASCII character takes half the room of a Chinese one), whichever fits better.
Where nothing is wrapped at a width, a single break can still be told: behind a comma, or before what begins no sentence.
"""

from __future__ import annotations

import re

import numpy as np
from numpy.typing import NDArray

from govtext.features.ngrams import join
from govtext.segmentation.markers import marker_at

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
NARROWEST = 15  # characters of a full line; below, equal lines are a list
FEWEST = 2  # full lines that stop in mid-sentence
LONGER = 0.1  # longer lines for each full one: a title, a line of links
OPEN = 0.5  # share of full lines that must stop in mid-sentence
EXACT = 0.6  # share of full lines that are of the width or one character below
AMONG = 0.4  # share of a text's lines that are full and stop in mid-sentence; two equal lines of six are a list
ENOUGH = 3  # such lines, whatever their share
FARTHEST = 16  # characters behind a break among which a marker is looked for
_NEWLINE, _SPACE = ord("\n"), ord(" ")
_STOPS = np.array([ord(c) for c in "。!?！？;；:：.．"])
_COMMAS = np.array([ord(c) for c in "，、"])
_NO_BEGINNING = ("，", "、", "。", "；", "%", "％")
# A share with a stop behind it begins no sentence: 研发投入强度为↵3.2%，比上年…
_BARE_SHARE = re.compile(r"[0-9０-９]{1,4}(?:[.．][0-9０-９]{1,4})?[%％][，,。；;、]")
_LAST_NARROW = 0x2E7F  # the last code point that is set in half the room


def wrap_breaks(text: str) -> Ints:
    """Offsets of the line breaks of `text` that only wrap a line, ascending; text stands behind them, not indented."""
    nothing = np.zeros(0, np.int64)
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), "<u4")
    breaks = np.flatnonzero(codes == _NEWLINE)
    if not len(breaks):
        return nothing
    starts, ends = np.append(0, breaks + 1), np.append(breaks, len(codes))
    # White space is what the stream takes for it, or a line of form feeds is text here and nothing there.
    solid = join([text]).codes[:-1] != _SPACE
    # The last solid character of each line; a line without one ends where it begins.
    seen = np.maximum.accumulate(np.where(solid, np.arange(len(codes)), -1))
    last = np.where(ends > 0, seen[np.maximum(ends - 1, 0)], -1)
    filled = last >= starts
    length = np.where(filled, last + 1 - starts, 0)
    wide = np.cumsum(np.append(0, codes > _LAST_NARROW))
    columns = length + wide[np.where(filled, last + 1, starts)] - wide[starts]
    stopped = np.isin(codes[np.maximum(last, 0)], _STOPS)
    # What follows at once, and begins at the margin, can be the rest.
    followed = np.append(solid[np.minimum(breaks + 1, len(codes) - 1)] & (breaks + 1 < len(codes)), False) & filled
    by_length, by_columns = (_full(measure, length, followed, stopped, filled) for measure in (length, columns))
    full = by_length if np.count_nonzero(by_length) >= np.count_nonzero(by_columns) else by_columns
    long, open_line = length[:-1] >= NARROWEST, followed[:-1] & ~stopped[:-1]
    sure = open_line & _no_beginnings(text, breaks, long)
    comma = np.flatnonzero(open_line & long & np.isin(codes[np.maximum(last[:-1], 0)], _COMMAS))
    new_item = [marker_at(text[at + 1 : at + 1 + FARTHEST]) is not None for at in breaks[comma].tolist()]
    sure[comma[~np.array(new_item, bool)]] = True
    return breaks[np.flatnonzero(full[:-1] | sure)].astype(np.int64)


def _no_beginnings(text: str, breaks: Ints, long: Bools) -> Bools:
    """Before which breaks' next lines something stood: they begin with a comma, or, behind a line of any length, a bare share."""
    firsts = [text[at + 1 : at + 2] for at in breaks.tolist()]
    found = np.array([first in _NO_BEGINNING for first in firsts], bool) & long
    for i in [i for i, first in enumerate(firsts) if first.isdecimal()]:
        found[i] |= _BARE_SHARE.match(text, int(breaks[i]) + 1) is not None
    return found


def _full(measure: Ints, length: Ints, followed: Bools, stopped: Bools, filled: Bools) -> Bools:
    """Which lines are full by this measure and go on; none, if the text does not look wrapped."""
    nothing = np.zeros(len(measure), bool)
    can = followed & (length >= NARROWEST)
    sizes, counts = np.unique(measure[can], return_counts=True)
    if not len(sizes):
        return nothing
    # The widest size that several lines reach: what is longer must be rare.
    near = counts + np.where(np.isin(sizes - 1, sizes), np.append(0, counts[:-1]), 0)
    for size in sizes[near >= FEWEST][::-1][:3].tolist():
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
    ends = np.flatnonzero(full[:-1] & ~full[1:]) + 1
    return bool((full[:-1] & full[1:]).any() and stopped[ends].all())
