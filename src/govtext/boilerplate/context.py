"""A line among its neighbours: what the second pass sees, all of it numbers made from the first pass and the shapes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from govtext.boilerplate.lines import SHAPE, Lines, to_lines
from govtext.document import BOILERPLATE_KINDS
from govtext.features.ngrams import Ints, heads
from govtext.segmentation.markers import FAMILIES

Floats = NDArray[np.float64]
CLASSES = ("title", "meta", "heading", "run-in", "body", *BOILERPLATE_KINDS)
N_CONTENT = 5  # the classes before the kinds of boilerplate
ONE_REPORT = np.zeros(1, np.int64)  # where the reports begin in the lines of one
REACH = 3  # neighbours on each side
FLOOR = 0.02  # added to probabilities before the logarithm; with 0.001 one sure neighbour outweighed all else
_TITLE, _HEADING, _RUN_IN, _BODY = 0, 2, 3, 4
_LENGTH = SHAPE.index("log_length")
_FIRST = [SHAPE.index(name) for name in ("log_first_sentence", "text_behind_first", "first_commas", "log_length")]
_END_SHAPES = [SHAPE.index(name) for name in ("ends_stop", "ends_colon", "ends_comma", "text_behind_first")]
_FRONT_SHAPES = [SHAPE.index(name) for name in ("has_sentence_end", "marked")]


def context_features(probabilities: Floats, cues: Floats, lines: Lines, begins: Ints = ONE_REPORT) -> Floats:
    """The second pass's input for all lines of one or more reports, (n_lines, n_features).

    `probabilities`, (n_lines, n_classes), come from the first pass; `cues` are those of the lines; `begins` says which
    lines are the first of a report.
    """
    n = len(probabilities)
    stops = np.concatenate((begins[1:], [n]))
    sizes = stops - begins
    report = np.arange(len(begins)).repeat(sizes)
    place, size = np.arange(n) - begins.take(report), sizes.take(report)
    sums = _Sums.of(probabilities, cues, begins.tolist(), stops.tolist())
    near, edge, near_lengths, near_firsts, previous_end, next_front = _neighbours(probabilities, cues, report)
    title_before = sums.title[np.arange(-1, n - 1)]
    title_before[begins] = 0
    before = sums.passed[np.arange(-1, n - 1)]
    before[begins] = 0
    before /= np.maximum(place, 1)[:, None]
    after = (sums.total.take(report, axis=0) - sums.passed) / np.maximum(size - 1 - place, 1)[:, None]
    mean = (sums.total / sizes[:, None]).take(report, axis=0)
    logs = np.log(np.concatenate([probabilities, near, mean, before, after], axis=1) + FLOOR)
    content_before = sums.content_passed - sums.content
    content_after = sums.content_total.take(report) - sums.content_passed
    counts = np.log1p(np.stack([content_before, content_after, place, size - 1.0 - place, size], axis=1))
    family = _same_family(probabilities, cues, lines, report)
    median = sums.median.take(report)[:, None]
    return np.concatenate(
        [
            logs, edge, counts, title_before[:, None], family, near_lengths, near_firsts, previous_end, next_front,
            median, cues,
        ], axis=1,
    )  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class _Sums:
    """Sums over each report, added up as for one by itself, for whole numbers alone would not mind the order.

    passed, content_passed, title  of each line: sums up to it of the classes and of all content, the likeliest title so far
    content  of each line: the probability of content
    total, content_total, median   of each report: the last sums, and the median length
    """

    passed: Floats
    content_passed: Floats
    title: Floats
    content: Floats
    total: Floats
    content_total: Floats
    median: Floats

    @classmethod
    def of(cls, probabilities: Floats, cues: Floats, begins: Sequence[int], stops: Sequence[int]) -> _Sums:
        """The sums of reports whose lines stand from … to …"""
        content = probabilities[:, _HEADING : _BODY + 1].sum(axis=1)
        passed, content_passed = np.empty(probabilities.shape), np.empty(len(content))
        title, lengths = probabilities[:, _TITLE].copy(), cues[:, _LENGTH].copy()
        content_total, median = np.empty(len(begins)), np.empty(len(begins))
        for report, (begin, stop) in enumerate(zip(begins, stops)):
            own = slice(begin, stop)
            probabilities[own].cumsum(axis=0, out=passed[own])
            content[own].cumsum(out=content_passed[own])
            np.maximum.accumulate(title[own], out=title[own])
            content_total[report] = content[own].sum()
            median[report] = _median(lengths[own])
        return cls(passed, content_passed, title, content, passed[np.array(stops) - 1], content_total, median)


def _neighbours(probabilities: Floats, cues: Floats, report: Ints) -> tuple[Floats, ...]:
    """What the lines around each one are, up to `REACH` lines away: classes, the report's edges, lengths, ends and fronts."""
    n, k = probabilities.shape
    # Reports stand so far apart that no line's neighbours are another one's.
    where = np.arange(n) + REACH * (report + 1)
    n_rows = int(where[-1]) + 1 + REACH

    def padded(columns: Sequence[int]) -> Floats:
        rows = np.zeros((n_rows, len(columns)))
        rows[where] = cues[:, columns]
        return rows

    classes, outside = np.zeros((n_rows, k)), np.ones((n_rows, 1))
    classes[where], outside[where] = probabilities, 0
    firsts = padded(_FIRST)
    lengths = firsts[:, _FIRST.index(_LENGTH)]
    offsets = [o for o in range(-REACH, REACH + 1) if o]
    around = [where + o for o in offsets]
    return (
        np.concatenate([classes.take(rows, axis=0) for rows in around], axis=1),
        np.concatenate([outside.take(rows, axis=0) for rows in around], axis=1),
        np.stack([lengths.take(where + o) for o in (-2, -1, 1, 2)], axis=1),
        np.concatenate([firsts.take(where + o, axis=0) for o in (-1, 1)], axis=1),
        padded(_END_SHAPES).take(where - 1, axis=0),
        padded(_FRONT_SHAPES).take(where + 1, axis=0),
    )


def _median(values: Floats) -> float:
    """The median; NumPy's own imports its masked arrays, 20 ms, at the first call."""
    ordered = np.sort(values)
    return float(ordered[(len(values) - 1) // 2] + ordered[len(values) // 2]) / 2


def n_context_features() -> int:
    """How many numbers the second pass sees of a line."""
    line = to_lines(["-"])
    return int(context_features(np.zeros((1, len(CLASSES))), line.cues, line).shape[1])


def _same_family(probabilities: Floats, cues: Floats, lines: Lines, report: Ints) -> Floats:
    """The other lines of a report with the same marker family: what the first pass calls them, how their first sentences are built.

    Columns: heading, run-in, body; how many, which of them; mean first sentence, text behind, commas, length; this line's
    difference from those means; share of the others that open with the same two characters.
    """
    n, k = len(lines), len(_FIRST)
    group = lines.family + 1 + (len(FAMILIES) + 1) * report
    order = group.argsort(kind="stable")
    group = group.take(order)
    first = heads(group)
    stops = np.concatenate((first[1:], [n]))
    sizes = stops - first
    member = np.arange(len(first)).repeat(sizes)  # which group each line is in, in the order of groups
    values = np.concatenate((probabilities[:, [_HEADING, _RUN_IN, _BODY]], cues[:, _FIRST]), axis=1).T.take(
        order, axis=1
    )
    sums = np.empty((len(values), len(first)))
    for number, (begin, stop) in enumerate(zip(first.tolist(), stops.tolist())):
        sums[:, number] = values[:, begin:stop].sum(axis=1)
    others = np.maximum(sizes - 1, 1).take(member)
    means = (sums.take(member, axis=1) - values) / others
    out = np.empty((6 + 2 * k, n))
    out[:3] = means[:3]
    out[3] = np.log1p(sizes).take(member)
    out[4] = np.log1p(np.arange(n) - first.take(member))
    out[5 : 5 + k] = means[3:]
    out[5 + k : 5 + 2 * k] = values[3:] - means[3:]
    opening = lines.opening.take(order)
    by_opening = np.lexsort((opening, member))
    opening, member = opening.take(by_opening), member.take(by_opening)
    run = np.concatenate(([True], (opening[1:] != opening[:-1]) | (member[1:] != member[:-1]))).nonzero()[0]
    alike = np.concatenate((run[1:], [n])) - run
    out[-1, by_opening] = alike.repeat(alike) - 1
    out[-1] /= others
    rows = np.empty((n, len(out)))
    rows[order] = out.T
    return rows
