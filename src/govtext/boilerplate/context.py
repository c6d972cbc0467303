"""A line among its neighbours: what the second pass sees, all of it numbers made from the first pass and the shapes."""

from __future__ import annotations

from collections import Counter

import numpy as np
from numpy.typing import NDArray

from govtext.boilerplate.lines import SHAPE, Lines, to_lines
from govtext.document import BOILERPLATE_KINDS

Floats = NDArray[np.float64]
CLASSES = ("title", "meta", "heading", "run-in", "body", *BOILERPLATE_KINDS)
N_CONTENT = 5  # the classes before the kinds of boilerplate
REACH = 3  # neighbours on each side
FLOOR = 0.02  # added to probabilities before the logarithm; with 0.001 one sure neighbour outweighed all else
_TITLE, _HEADING, _RUN_IN, _BODY = 0, 2, 3, 4
_LENGTH = SHAPE.index("log_length")
_FIRST = [SHAPE.index(name) for name in ("log_first_sentence", "text_behind_first", "first_commas", "log_length")]
_END_SHAPES = [SHAPE.index(name) for name in ("ends_stop", "ends_colon", "ends_comma", "text_behind_first")]
_FRONT_SHAPES = [SHAPE.index(name) for name in ("has_sentence_end", "marked")]


def context_features(probabilities: Floats, cues: Floats, lines: Lines) -> Floats:
    """The second pass's input for all lines of one document, (n_lines, n_features).

    `probabilities`, (n_lines, n_classes), come from the first pass; `cues` are those of the lines.
    """
    n, k = probabilities.shape
    lengths = cues[:, _LENGTH]
    padded = np.zeros((n + 2 * REACH, k))
    padded[REACH : REACH + n] = probabilities
    outside = np.ones((n + 2 * REACH, 1))
    outside[REACH : REACH + n] = 0
    offsets = [o for o in range(-REACH, REACH + 1) if o]
    near = np.hstack([padded[REACH + o : REACH + o + n] for o in offsets])
    edge = np.hstack([outside[REACH + o : REACH + o + n] for o in offsets])
    place = np.arange(n)
    passed = np.vstack([np.zeros(k), np.cumsum(probabilities, axis=0)])
    before = passed[:-1] / np.maximum(place, 1)[:, None]
    after = (passed[-1] - passed[1:]) / np.maximum(n - 1 - place, 1)[:, None]
    content = probabilities[:, _HEADING : _BODY + 1].sum(axis=1)
    content_before = np.cumsum(content) - content
    content_after = content.sum() - np.cumsum(content)
    title_before = np.concatenate(([0.0], np.maximum.accumulate(probabilities[:, _TITLE])[:-1]))
    around = np.zeros(n + 4)
    around[2:-2] = lengths
    near_lengths = np.stack([around[2 + o : 2 + o + n] for o in (-2, -1, 1, 2)], axis=1)
    firsts = np.zeros((n + 2, len(_FIRST)))
    firsts[1:-1] = cues[:, _FIRST]
    near_firsts = np.hstack([firsts[:-2], firsts[2:]])
    previous_end = np.vstack([np.zeros((1, len(_END_SHAPES))), cues[:-1, _END_SHAPES]])
    next_front = np.vstack([cues[1:, _FRONT_SHAPES], np.zeros((1, len(_FRONT_SHAPES)))])
    logs = np.log(
        np.hstack([probabilities, near, probabilities.mean(axis=0) + np.zeros((n, 1)), before, after]) + FLOOR
    )
    counts = np.log1p(np.stack([content_before, content_after, place, n - 1.0 - place, np.full(n, n)], axis=1))
    return np.hstack(
        [
            logs, edge, counts, title_before[:, None], _same_family(probabilities, cues, lines), near_lengths, near_firsts,
            previous_end, next_front, np.full((n, 1), _median(lengths)), cues,
        ]
    )  # fmt: skip


def _median(values: Floats) -> float:
    """The median; NumPy's own imports its masked arrays, 20 ms, at the first call."""
    ordered = np.sort(values)
    return float(ordered[(len(values) - 1) // 2] + ordered[len(values) // 2]) / 2


def n_context_features() -> int:
    """How many numbers the second pass sees of a line."""
    line = to_lines(["-"])
    return int(context_features(np.zeros((1, len(CLASSES))), line.cues, line).shape[1])


def _same_family(probabilities: Floats, cues: Floats, lines: Lines) -> Floats:
    """The other lines with the same marker family: what the first pass calls them, how their first sentences are built.

    Columns: heading, run-in, body; how many, which of them; mean first sentence, text behind, commas, length; this line's
    difference from those means; share of the others that open with the same two characters.
    """
    k = len(_FIRST)
    out = np.zeros((len(lines), 6 + 2 * k))
    for family in sorted(set(lines.family.tolist())):
        rows = np.flatnonzero(lines.family == family)
        others = max(len(rows) - 1, 1)
        total = probabilities[rows][:, [_HEADING, _RUN_IN, _BODY]]
        out[rows, :3] = (total.sum(axis=0) - total) / others
        out[rows, 3] = np.log1p(len(rows))
        out[rows, 4] = np.log1p(np.arange(len(rows)))
        built = cues[rows][:, _FIRST]
        out[rows, 5 : 5 + k] = (built.sum(axis=0) - built) / others
        out[rows, 5 + k : 5 + 2 * k] = built - out[rows, 5 : 5 + k]
        alike = Counter(openings := lines.opening[rows].tolist())
        out[rows, -1] = [(alike[opening] - 1) / others for opening in openings]
    return out
