"""A report as a stream of characters without white space: what cuts are looked for in, and the pieces they make."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from govtext.features.ngrams import SENTINEL, normal
from govtext.segmentation.flat import Flat
from govtext.segmentation.wraps import wraps_among

Ints = NDArray[np.int64]
_SPACE, _NEWLINE = ord(" "), ord("\n")
# Stands between texts: as far from each other as two lines, so that no pattern and no n-gram sees the other one.
BETWEEN = "\n\n"


@dataclass(frozen=True, slots=True, eq=False)
class Stream:
    """The text's characters without white space, one `SENTINEL` behind each line that has any.

    Line breaks that only wrap end no line: a stream is read as before it was wrapped.

    codes   normalised code points, (n,)
    where   offset of each in the text (for a sentinel: where its line ends), (n,)
    gap     white space skipped before each within its line, wraps not counted, (n,)
    line    number of the line each belongs to, lines without characters not counted, (n,)
    flat    the text as the line model reads it
    inside  where a line could be cut: a character with another one of its line before it, (n,)
    line_starts  index of the first character of each line
    spans   offsets of the texts that stand behind one another here, (n_texts, 2), mostly of one
    begins  index of the first character of each text
    """

    text: str
    codes: NDArray[np.int32]
    where: Ints
    gap: Ints
    line: Ints
    flat: Flat
    inside: NDArray[np.bool_]
    line_starts: Ints
    spans: Ints
    begins: Ints

    @property
    def wraps(self) -> Ints:
        """Offsets of the line breaks that only wrap."""
        return self.flat.wraps

    def __len__(self) -> int:
        return len(self.codes)

    def owner(self, places: Ints) -> Ints:
        """The number of the text that each place (an index into the stream) is in."""
        if len(self.begins) == 1:
            return np.zeros(len(places), np.int64)
        return self.begins.searchsorted(places, side="right") - 1

    def index_of(self, offsets: Sequence[int] | Ints) -> Ints:
        """The index of the first character at or behind each offset of the text."""
        return np.searchsorted(self.where, np.asarray(offsets, np.int64))


def to_stream(text: str) -> Stream:
    """The stream of a text; empty for a text of white space alone."""
    return to_streams([text])


def to_streams(texts: Sequence[str]) -> Stream:
    """The stream of many texts in one; of more than one each must hold more than white space."""
    text = BETWEEN.join(texts)
    sizes = np.fromiter(map(len, texts), np.int64, len(texts))
    begins = (sizes + len(BETWEEN)).cumsum() - sizes - len(BETWEEN)
    raw = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), "<i4")
    codes = normal(raw)
    newline = raw == _NEWLINE
    solid = codes != _SPACE
    wraps = wraps_among(text, raw, codes, begins)
    newline[wraps] = False
    solid[wraps] = False
    breaks = newline.nonzero()[0]
    starts = np.concatenate(([0], breaks + 1))
    inked = solid.nonzero()[0]
    # A newline is kept as a sentinel where the line before it has a character.
    before = inked.searchsorted(breaks)
    filled = before > np.concatenate(([0], before[:-1])) if len(before) else before > 0
    keep = solid
    keep[breaks] = filled
    where = keep.nonzero()[0]
    kept = codes.take(where)
    kept[where.searchsorted(breaks[filled])] = SENTINEL
    if len(kept) and kept[-1] != SENTINEL:
        kept, where = np.concatenate((kept, [SENTINEL]), dtype=np.int32), np.concatenate((where, [len(text)]))
    inside = kept != SENTINEL
    ends = (~inside).nonzero()[0]
    firsts = np.concatenate(([0], ends[:-1] + 1)) if len(ends) else ends
    inside[firsts] = False
    gap = np.empty(len(where), np.int64)
    np.subtract(where[1:], where[:-1] + 1, out=gap[1:])
    at = where.take(firsts)
    gap[firsts] = at - starts.take(starts.searchsorted(at, side="right") - 1)
    if len(wraps):
        # Text stands at both sides of a wrap, so it is the one white space before what follows, or the last of some.
        gap[where.searchsorted(wraps)] = 0
    line = np.repeat(np.arange(len(ends)), ends + 1 - firsts)
    flat = Flat.of(text, codes, wraps)
    spans = np.stack([begins, begins + sizes], axis=1)
    return Stream(text, kept, where, gap, line, flat, inside, firsts, spans, where.searchsorted(begins))


def piece_spans(stream: Stream, cuts: Ints) -> list[tuple[int, int]]:
    """Spans that tile each text: a piece begins at a line's first character or at a cut (indices into the stream).

    White space before a piece on its line belongs to it, blank lines to the piece before them (at the top: to the first).
    """
    if not len(stream):
        return [(0, len(stream.text))] if stream.text else []
    begun = np.zeros(len(stream), bool)
    begun[stream.line_starts] = begun[cuts] = True
    starts = begun.nonzero()[0]
    offsets = stream.where.take(starts) - stream.gap.take(starts)
    firsts = starts.searchsorted(stream.begins)
    offsets[firsts] = stream.spans[:, 0]
    ends = np.empty_like(offsets)
    ends[:-1] = offsets[1:]
    ends[firsts - 1] = np.roll(stream.spans[:, 1], 1)  # the last piece of each text stands before the first of the next
    return list(zip(offsets.tolist(), ends.tolist()))


def unwrapped(text: str, spans: Sequence[tuple[int, int]], wraps: Ints) -> list[str]:
    """The text of each span without the wraps inside it; one at its end stays, as the end of a line."""
    if not len(wraps):
        return [text[start:end] for start, end in spans]
    pieces = []
    for start, end in spans:
        inside = wraps[np.searchsorted(wraps, start) : np.searchsorted(wraps, end - 1)].tolist()
        pieces.append("".join(text[a:b] for a, b in zip([start, *(w + 1 for w in inside)], [*inside, end])))
    return pieces


def offset_in_text(start: int, position: int, wraps: Ints) -> int:
    """Where in the text a position of an unwrapped piece lies that begins at `start`."""
    first = int(np.searchsorted(wraps, start))
    # Text stands between two wraps, so no more of them than characters are passed.
    for wrap in wraps[first : first + position + 1].tolist():
        if wrap >= start + position:
            break
        position += 1
    return start + position
