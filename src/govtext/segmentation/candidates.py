"""The second look at a cut: what the linear scores say of a place, of the places around it, and of the whole document.

A document has habits: its headings of one family do or do not close with punctuation, are about equally long, stand on lines
of their own or are glued. One place alone cannot tell; numbers made from the linear scores of all places can.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from govtext.features.ngrams import SENTINEL, heads
from govtext.segmentation.lines import Ints, Stream
from govtext.segmentation.places import (
    CLOSING,
    COLON,
    COMMA,
    DIGIT,
    FULL_STOP,
    HAN,
    LOW,
    NO_FAMILY,
    OTHER,
    POINT,
    SEMICOLON,
    STOPS_SENTENCE,
    Bools,
    EndingRows,
    Places,
)

Doubles = NDArray[np.float64]
STRONG = 0.5  # linear score of a cut from which a line counts as one of several units
LINE_START = 6.0  # what a line's start counts as, on the scale of linear scores
SHORT = 30  # characters to the stop within which a sentence could be a heading
RINGS = ((1, 2), (3, 8), (9, 20), (21, 45))  # distances around a place that the best scores are taken from
# What little is known of a family that has no other member in the document: ends open, its log length, reach, short, own line.
PRIOR = np.array([0.3, 0.7, 3.0, 0.3, 0.5])
N_NUMBERS = 82  # of each candidate
# What lengths and counts are taken for at most: a network knows nothing beyond the labelled documents, and a periodic text
# would be cut everywhere from some length on.
MOST_CHARACTERS = 5000  # of a document, a line; the longest labelled document has 5,400
MOST_BETWEEN = 500  # characters between two places
MOST_LINES, MOST_MARKS, MOST_SIBLINGS = 150, 100, 30
_STEP = np.zeros(0x10000, np.int64)
_STEP[[ord(c) for c in "“‘(《【〔"]] = 1
_STEP[[ord(c) for c in "”’)》】〕"]] = -1


@dataclass(frozen=True, slots=True, eq=False)
class Segments:
    """Stretches from one possible start of a heading to the next, and how each reads as heading and body without a stop between.

    starts, owner  where each begins; the segment of each place
    score, share   of each place: the linear score of a heading's end there, its logarithmic share against all others and none
    some, best     of each segment: log odds that a heading ends in it; the best score
    length, reach  of each segment: characters from the marker to the best place, to the first stop
    """

    starts: Ints
    owner: Ints
    score: Doubles
    share: Doubles
    some: Doubles
    best: Doubles
    length: Ints
    reach: Ints

    @classmethod
    def of_rows(cls, places: Places, starts: Ints, found: EndingRows, scores: Doubles) -> Segments:
        """Segments at `starts` from the scores of their rows."""
        n, k = len(places.stream), len(starts)
        score, share = np.full(n, LOW), np.full(n, LOW)
        best, total, where = np.full(k, LOW), np.zeros(k), np.zeros(k, np.int64)
        score[found.rows] = scores
        first = heads(found.piece)
        if len(first):
            best[found.piece[first]] = np.maximum.reduceat(scores, first)
            total[found.piece[first]] = np.add.reduceat(np.exp(np.clip(scores, -30, 30)), first)
        share[found.rows] = np.maximum(scores - np.log1p(total)[found.piece], LOW)
        winning = scores >= best[found.piece]
        where[found.piece[winning]] = found.rows[winning]
        length = np.where(where > 0, where - places.marker_end[starts], 0)
        some = np.log(total + 1e-6)
        owner = np.repeat(np.arange(k), np.append(starts[1:], n) - starts)
        return cls(starts, owner, score, share, some, best, length, found.reach)


def candidates(places: Places, cut: Doubles, segments: Callable[[Ints, Bools], Segments]) -> tuple[Ints, Doubles]:
    """The likely places, ascending, and their numbers, (n_candidates, n_features).

    `cut` holds the linear score of each place; `segments` makes the segments at given starts.
    """
    stream = places.stream
    n, inside = len(stream), stream.inside
    line_start = np.zeros(n, bool)
    line_start[stream.line_starts] = True
    before, after = places.columns["before"], places.columns["after"]
    stopped = STOPS_SENTENCE.take(before) | ((before == POINT) & (after != DIGIT))
    hard = line_start | (inside & (stopped | places.marked | (stream.gap > 0)))
    cut_line = np.zeros(int(stream.line[-1]) + 1, bool)
    cut_line[stream.line[inside & (cut > STRONG)]] = True
    first = segments(np.flatnonzero(hard), cut_line)
    both = hard | (inside & (cut > 0))
    second = segments(np.flatnonzero(both), cut_line) if np.count_nonzero(both) > np.count_nonzero(hard) else first
    opens = np.full(n, LOW)
    opens[first.starts] = first.some
    likely = (cut > -4) | ((opens > 0) & (cut > -7))
    for tried in (first, second):
        likely |= (tried.share > -3.5) & (tried.score > -4)
    at = np.flatnonzero(inside & likely)
    start_cut = np.where(line_start, LINE_START, cut)
    numbers = np.empty((len(at), N_NUMBERS))
    filled = 0

    def fill(block: Doubles) -> None:
        nonlocal filled
        numbers[:, filled : filled + block.shape[1]] = block
        filled += block.shape[1]

    # One after another into one array: a line of 10 MB full of markers has a million places.
    fill(_place_numbers(places, at, cut, start_cut, first, second, hard, line_start, np.clip(opens, -6, 6)))
    fill(_line_numbers(places, at, cut, second.starts[second.owner[at]], line_start))
    fill(_sibling_numbers(places, at, first, start_cut, line_start))
    fill(ring_maxima(cut, at))
    fill(ring_maxima(second.share, at))
    fill(np.broadcast_to(_document_numbers(stream, first, cut, start_cut), (len(at), 10)))
    return at, numbers


def ring_maxima(values: Doubles, at: Ints) -> Doubles:
    """The best of the values at each of the distances `RINGS`, before and behind each place, (n_places, 8)."""
    farthest = RINGS[-1][1]
    padded = np.concatenate([np.full(farthest, LOW), values, np.full(farthest, LOW)])
    maxima = np.empty((len(at), 2 * len(RINGS)))
    for column, (low, high) in enumerate(RINGS):
        best = _best_of(padded, high - low + 1)
        maxima[:, column] = best.take(at + (farthest - high))
        maxima[:, len(RINGS) + column] = best.take(at + (farthest + low))
    return maxima


def _best_of(values: Doubles, size: int) -> Doubles:
    """The best of each value and those behind it, `size` in all, by windows of doubled size."""
    reach = 1
    while 2 * reach <= size:
        values = np.maximum(values[:-reach], values[reach:])
        reach *= 2
    rest = size - reach
    return np.maximum(values[:-rest], values[rest:]) if rest else values


def open_brackets(stream: Stream) -> Ints:
    """How many quotes and brackets stand open before each place of its line, 0 to 2."""
    step = _STEP.take(stream.codes, mode="clip")
    depth = np.cumsum(step) - step
    return np.clip(depth - depth[stream.line_starts][stream.line], 0, 2)


def _place_numbers(
    places: Places, at: Ints, cut: Doubles, start_cut: Doubles, first: Segments, second: Segments, hard: Bools,
    line_start: Bools, opens: Doubles,
) -> Doubles:  # fmt: skip
    """The scores of each place, how it stands to the start before it, and what stands on its two sides."""
    own = first.owner[at]
    is_start = first.starts[own] == at
    before_it = np.maximum(own - is_start, 0)  # a start ends the segment before
    previous, start = first.starts[before_it], second.starts[second.owner[at]]
    behind_marker = np.maximum(at - places.marker_end[start], 0)
    left = np.maximum(first.reach[before_it] - (at - places.marker_end[previous]), 0)
    b, a, gap = places.columns["before"][at], places.columns["after"][at], places.stream.gap[at]
    return np.column_stack(
        [
            cut[at], second.score[at], second.share[at], first.score[at], first.share[at], opens[at],
            np.where(is_start, first.best[own], -6), np.where(is_start, np.log1p(first.length[own]), 0),
            np.where(is_start, _log(first.reach[own], MOST_BETWEEN), 0), start_cut[start], start_cut[previous],
            np.clip(first.some[before_it], -6, 6), _log(first.reach[before_it], MOST_BETWEEN), _log(at - start, MOST_BETWEEN),
            _log(behind_marker, MOST_BETWEEN), _log(at - previous, MOST_BETWEEN), _log(left, MOST_BETWEEN),
            places.family[start] != NO_FAMILY,
            line_start[start], line_start[previous], places.family[at] != NO_FAMILY, places.marked[at], hard[at],
            gap > 0, gap > 1, b == FULL_STOP, b == COMMA, b == HAN, b == CLOSING, b == DIGIT, b == OTHER,
            (b == COLON) | (b == SEMICOLON), b == POINT, a == HAN, a == DIGIT, a == OTHER, a == COMMA,
        ]
    )  # fmt: skip


def _line_numbers(places: Places, at: Ints, cut: Doubles, start: Ints, line_start: Bools) -> Doubles:
    """Where in its line each place stands, how many strong cuts the line has, how far the next ones are."""
    stream = places.stream
    n, line = len(stream), stream.line[at]
    strong = stream.inside & (cut > 0)
    lengths = (np.append(stream.line_starts[1:], n) - stream.line_starts)[line] - 1
    position = at - stream.line_starts[line]
    per_line = np.bincount(stream.line[strong], minlength=int(stream.line[-1]) + 1)[line]
    marks = np.bincount(stream.line[places.marked], minlength=int(stream.line[-1]) + 1)[line]
    stops = np.cumsum((places.columns["before"] == FULL_STOP) & stream.inside)
    commas = places.commas
    last = np.maximum.accumulate(np.where(strong | line_start, np.arange(n), 0))[np.maximum(at - 1, 0)]
    coming = np.append(np.flatnonzero(strong | (stream.codes == SENTINEL)), n)
    following = coming[np.searchsorted(coming, at, side="right")]
    return np.column_stack(
        [
            open_brackets(stream)[at], _log(lengths, MOST_CHARACTERS), _log(position, MOST_CHARACTERS),
            _log(lengths - position, MOST_CHARACTERS), position / np.maximum(lengths, 1), per_line > 0,
            _log(per_line, MOST_MARKS), _log(marks, MOST_MARKS),
            np.minimum(stops[at] - stops[last], 6), _log(at - last, MOST_BETWEEN), _log(following - at, MOST_BETWEEN),
            np.minimum(commas[at - 1] - commas[np.maximum(start - 1, 0)], 4),
        ]
    )  # fmt: skip


def _habits(places: Places, segments: Segments, line_start: Bools) -> Doubles:
    """How each segment reads: a heading ends in it without a stop, its log length then, log reach, short, on its own line."""
    odds = 1 / (1 + np.exp(-segments.some))
    sizes = odds * np.log1p(segments.length)
    return np.column_stack(
        [odds, sizes, _log(segments.reach, MOST_BETWEEN), segments.reach <= SHORT, line_start[segments.starts]]
    )


def _sibling_numbers(places: Places, at: Ints, first: Segments, start_cut: Doubles, line_start: Bools) -> Doubles:
    """What the document's other likely units with the same marker family are like, and whether this place fits them."""
    habits = _habits(places, first, line_start)
    unit = start_cut[first.starts] > 0
    family = places.family[first.starts]
    counts = np.bincount(family[unit], minlength=NO_FAMILY + 1)
    sums = np.stack([np.bincount(family[unit], h[unit], NO_FAMILY + 1) for h in habits.T], axis=1)
    own = first.owner[at]
    others = counts[family[own]] - unit[own]
    means = (sums[family[own]] - habits[own] * unit[own][:, None] + PRIOR) / (others + 1.0)[:, None]
    means[:, 1] /= np.maximum(means[:, 0], 0.05)
    start = first.starts[own]
    size = np.log1p(np.maximum(at - places.marker_end[start], 0)) * (start != at)
    return np.column_stack([means[:, 1] - size, _log(others, MOST_SIBLINGS), means])


def _document_numbers(stream: Stream, first: Segments, cut: Doubles, start_cut: Doubles) -> Doubles:
    """How long and how flat the document is, how many strong cuts it has, how its likely units read."""
    n, n_lines = len(stream), len(stream.line_starts)
    longest = (np.append(stream.line_starts[1:], n) - stream.line_starts).max() - 1
    n_strong = int(np.count_nonzero(stream.inside & (cut > 0)))
    unit = start_cut[first.starts] > 0
    odds = 1 / (1 + np.exp(-first.some[unit]))
    strong, lines = min(n_strong, MOST_MARKS), min(n_lines, MOST_LINES)
    return np.array(
        [
            _log(n, MOST_CHARACTERS), _log(n_lines, MOST_LINES), _log(n / n_lines, MOST_CHARACTERS),
            _log(longest, MOST_CHARACTERS), longest / n, _log(n_strong, MOST_MARKS), np.log((strong + 1) / (lines + 1)),
            1000 * n_strong / n, odds.mean(), (first.reach[unit] <= SHORT).mean(),
        ]
    )  # fmt: skip


def _log(values: Any, most: int) -> Any:
    """Logarithms of lengths or counts, from `most` on all the same."""
    return np.log1p(np.minimum(values, most))
