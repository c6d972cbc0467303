"""The second look at a cut: what the linear scores say of a place, of the places around it, and of the whole document.

A document has habits: its headings of one family do or do not close with punctuation, are about equally long, stand on lines
of their own or are glued. One place alone cannot tell; numbers made from the linear scores of all places can.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
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
    until_next,
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
_STEP = np.zeros(0x10000, np.int8)
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
            some_rows = found.piece.take(first)
            best[some_rows] = np.maximum.reduceat(scores, first)
            total[some_rows] = np.add.reduceat(np.exp(np.minimum(np.maximum(scores, -30), 30)), first)
        share[found.rows] = np.maximum(scores - np.log1p(total).take(found.piece), LOW)
        winning = (scores >= best.take(found.piece)).nonzero()[0]
        where[found.piece.take(winning)] = found.rows.take(winning)
        length = np.where(where > 0, where - places.marker_end.take(starts), 0)
        some = np.log(total + 1e-6)
        owner = np.arange(k).repeat(until_next(starts, n))
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
    cut_line = np.zeros(len(stream.line_starts), bool)
    cut_line[stream.line[inside & (cut > STRONG)]] = True
    strong = inside & (cut > 0)
    first = segments(hard.nonzero()[0], cut_line)
    both = hard | strong
    second = segments(both.nonzero()[0], cut_line) if np.count_nonzero(both) > len(first.starts) else first
    opens = np.full(n, LOW)
    opens[first.starts] = first.some
    likely = (cut > -4) | ((opens > 0) & (cut > -7))
    for tried in (first, second) if second is not first else (first,):
        likely |= (tried.share > -3.5) & (tried.score > -4)
    at = (inside & likely).nonzero()[0]
    start_cut = np.where(line_start, LINE_START, cut)
    # A row for each number: a line of 10 MB full of markers has a million places, and columns would be made twice.
    numbers = np.empty((N_NUMBERS, len(at)))
    seen = _Seen(places, at, cut, start_cut, first, second, hard, line_start, strong)
    filled = 0
    for rows in (_place_numbers, _line_numbers, _sibling_numbers, _rings, _document_numbers):
        for row in rows(seen):
            numbers[filled] = row
            filled += 1
    return at, numbers.T


@dataclass(frozen=True, slots=True, eq=False)
class _Seen:
    """What the numbers of the places `at` are made from: scores and kinds of all places of a stream."""

    places: Places
    at: Ints
    cut: Doubles
    start_cut: Doubles
    first: Segments
    second: Segments
    hard: Bools
    line_start: Bools
    strong: Bools


def _rings(seen: _Seen) -> Iterator[Doubles]:
    """The best scores of cuts, then of heading ends, around each place."""
    for values in (seen.cut, seen.second.share):
        yield from ring_maxima(values, seen.at, seen.places.stream).T


def ring_maxima(values: Doubles, at: Ints, stream: Stream) -> Doubles:
    """The best of the values at each of the distances `RINGS` in one text, before and behind each place, (n_places, 8)."""
    farthest = RINGS[-1][1]
    # Texts stand as far apart as any ring reaches, and before the first and behind the last there is as much room.
    apart = np.full(len(values) + farthest * (len(stream.begins) + 1), LOW)
    ends = [*stream.begins[1:].tolist(), len(values)]
    for number, (begin, end) in enumerate(zip(stream.begins.tolist(), ends), 1):
        apart[begin + farthest * number : end + farthest * number] = values[begin:end]
    middle = at + farthest * (stream.owner(at) + 1)
    windows = {1: apart}  # by size: the best of each value and those behind it
    maxima = np.empty((2 * len(RINGS), len(at)))
    for row, (low, high) in enumerate(RINGS):
        best, reach = _best_of(windows, high - low + 1)
        maxima[row] = np.maximum(best.take(middle - high), best.take(middle - low + 1 - reach))
        maxima[row + len(RINGS)] = np.maximum(best.take(middle + low), best.take(middle + high + 1 - reach))
    return maxima.T


def _best_of(windows: dict[int, Doubles], size: int) -> tuple[Doubles, int]:
    """The largest windows of doubled size that are no larger than `size`, two of which cover it, and their size."""
    reach = 1
    while 2 * reach <= size:
        if 2 * reach not in windows:
            values = windows[reach]
            windows[2 * reach] = np.maximum(values[:-reach], values[reach:])
        reach *= 2
    return windows[reach], reach


def open_brackets(stream: Stream, places: Ints) -> Ints:
    """How many quotes and brackets stand open before each of the places in its line, 0 to 2."""
    step = _STEP.take(stream.codes, mode="clip")
    passed = step.cumsum(dtype=np.int32)  # up to a place, itself counted
    first = stream.line_starts.take(stream.line.take(places))
    opened: Ints = passed.take(places) - step.take(places) - passed.take(first) + step.take(first)
    return np.minimum(np.maximum(opened, 0), 2)


def _place_numbers(seen: _Seen) -> Iterator[Any]:
    """The scores of each place, how it stands to the start before it, and what stands on its two sides."""
    places, at, first, second, cut = seen.places, seen.at, seen.first, seen.second, seen.cut
    own = first.owner.take(at)
    is_start = first.starts.take(own) == at
    before_it = np.maximum(own - is_start, 0)  # a start ends the segment before
    previous, start = first.starts.take(before_it), second.starts.take(second.owner.take(at))
    behind_marker = np.maximum(at - places.marker_end.take(start), 0)
    reach = first.reach.take(before_it)
    left = np.maximum(reach - (at - places.marker_end.take(previous)), 0)
    b, a, gap = places.columns["before"].take(at), places.columns["after"].take(at), places.stream.gap.take(at)
    yield from (cut.take(at), second.score.take(at), second.share.take(at), first.score.take(at), first.share.take(at))
    clipped = np.minimum(np.maximum(first.some, -6), 6)
    yield np.where(is_start, clipped.take(own), -6)
    yield np.where(is_start, first.best.take(own), -6)
    yield np.where(is_start, np.log1p(first.length.take(own)), 0)
    yield np.where(is_start, _log(first.reach.take(own), MOST_BETWEEN), 0)
    yield from (seen.start_cut.take(start), seen.start_cut.take(previous), clipped.take(before_it))
    for distance in (reach, at - start, behind_marker, at - previous, left):
        yield _log(distance, MOST_BETWEEN)
    yield from (places.family.take(start) != NO_FAMILY, seen.line_start.take(start), seen.line_start.take(previous))
    yield from (places.family.take(at) != NO_FAMILY, places.marked.take(at), seen.hard.take(at), gap > 0, gap > 1)
    yield from (b == FULL_STOP, b == COMMA, b == HAN, b == CLOSING, b == DIGIT, b == OTHER)
    yield from ((b == COLON) | (b == SEMICOLON), b == POINT, a == HAN, a == DIGIT, a == OTHER, a == COMMA)


def _line_numbers(seen: _Seen) -> Iterator[Any]:
    """Where in its line each place stands, how many strong cuts the line has, how far the next ones are."""
    places, at, strong = seen.places, seen.at, seen.strong
    stream = places.stream
    n, line, starts = len(stream), stream.line.take(at), stream.line_starts
    lengths = until_next(starts, n).take(line) - 1
    position = at - starts.take(line)
    per_line = np.bincount(stream.line[strong], minlength=len(starts)).take(line)
    marks = np.bincount(stream.line[places.marked], minlength=len(starts)).take(line)
    stops = ((places.columns["before"] == FULL_STOP) & stream.inside).cumsum(dtype=np.int32)
    before = (strong | seen.line_start).nonzero()[0]
    last = before.take(before.searchsorted(at) - 1)
    coming = np.concatenate(((strong | (stream.codes == SENTINEL)).nonzero()[0], [n]))
    following = coming.take(coming.searchsorted(at, side="right"))
    start = seen.second.starts.take(seen.second.owner.take(at))
    yield open_brackets(stream, at)
    for value in (lengths, position, lengths - position):
        yield _log(value, MOST_CHARACTERS)
    yield from (position / np.maximum(lengths, 1), per_line > 0, _log(per_line, MOST_MARKS), _log(marks, MOST_MARKS))
    yield np.minimum(stops.take(at) - stops.take(last), 6)
    yield from (_log(at - last, MOST_BETWEEN), _log(following - at, MOST_BETWEEN))
    yield np.minimum(places.commas.take(at - 1) - places.commas_before(start), 4)


def _habits(segments: Segments, line_start: Bools) -> tuple[Any, ...]:
    """How each segment reads: a heading ends in it without a stop, its log length then, log reach, short, on its own line."""
    odds = 1 / (1 + np.exp(-segments.some))
    sizes = odds * np.log1p(segments.length)
    reach = _log(segments.reach, MOST_BETWEEN)
    return odds, sizes, reach, segments.reach <= SHORT, line_start.take(segments.starts)


def _sibling_numbers(seen: _Seen) -> Iterator[Any]:
    """What the text's other likely units with the same marker family are like, and whether this place fits them."""
    places, at, first = seen.places, seen.at, seen.first
    own = first.owner.take(at)
    unit = seen.start_cut.take(first.starts) > 0
    n_families = NO_FAMILY + 1
    family = places.family.take(first.starts) + n_families * places.stream.owner(first.starts)
    units, groups = unit.nonzero()[0], n_families * len(places.stream.begins)
    of_units = family.take(units)
    counts = np.bincount(of_units, minlength=groups)
    family, unit = family.take(own), unit.take(own)
    others = counts.take(family) - unit
    means = []
    for habit, prior in zip(_habits(first, seen.line_start), PRIOR.tolist()):
        sums = np.bincount(of_units, habit.take(units), groups)
        means.append((sums.take(family) - habit.take(own) * unit + prior) / (others + 1.0))
    means[1] /= np.maximum(means[0], 0.05)
    start = first.starts.take(own)
    size = np.log1p(np.maximum(at - places.marker_end.take(start), 0)) * (start != at)
    yield from (means[1] - size, _log(others, MOST_SIBLINGS), *means)


def _document_numbers(seen: _Seen) -> Iterator[Doubles]:
    """How long and how flat the text is, how many strong cuts it has, how its likely units read."""
    stream, first, k = seen.places.stream, seen.first, len(seen.places.stream.begins)
    n = until_next(stream.begins, len(stream))
    lines = until_next(stream.line_starts, len(stream))
    line_owners = stream.owner(stream.line_starts)
    n_lines = np.bincount(line_owners, minlength=k)
    longest = np.maximum.reduceat(lines, heads(line_owners)) - 1
    n_strong = np.bincount(stream.owner(seen.strong.nonzero()[0]), minlength=k)
    units = (seen.start_cut.take(first.starts) > 0).nonzero()[0]
    owners = stream.owner(first.starts.take(units))
    odds = np.split(1 / (1 + np.exp(-first.some.take(units))), heads(owners)[1:])
    short = np.bincount(owners, first.reach.take(units) <= SHORT) / np.bincount(owners)
    few = (np.minimum(n_strong, MOST_MARKS) + 1) / (np.minimum(n_lines, MOST_LINES) + 1)
    document = stream.owner(seen.at)
    for numbers in (
        _log(n, MOST_CHARACTERS), _log(n_lines, MOST_LINES), _log(n / n_lines, MOST_CHARACTERS),
        _log(longest, MOST_CHARACTERS), longest / n, _log(n_strong, MOST_MARKS), np.log(few),
        1000 * n_strong / n, np.array([each.mean() for each in odds]), short,
    ):  # fmt: skip
        yield numbers.take(document)


def _log(values: Any, most: int) -> Any:
    """Logarithms of lengths or counts, from `most` on all the same."""
    return np.log1p(np.minimum(values, most))
