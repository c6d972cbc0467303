"""A report as a stream of characters without white space: what cuts are looked for in, and the pieces they make."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from govtext.features.ngrams import SENTINEL, join
from govtext.segmentation.flat import Flat
from govtext.segmentation.wraps import wrap_breaks

Ints = NDArray[np.int64]
_SPACE, _NEWLINE = ord(" "), ord("\n")


@dataclass(frozen=True, slots=True, eq=False)
class Stream:
    """The text's characters without white space, one `SENTINEL` behind each line that has any.

    Line breaks that only wrap end no line: a stream is read as before it was wrapped.

    codes   normalised code points, (n,)
    where   offset of each in the text (for a sentinel: where its line ends), (n,)
    gap     white space skipped before each within its line, wraps not counted, (n,)
    line    number of the line each belongs to, lines without characters not counted, (n,)
    flat    the text as the line model reads it
    """

    text: str
    codes: NDArray[np.int32]
    where: Ints
    gap: Ints
    line: Ints
    flat: Flat

    @property
    def wraps(self) -> Ints:
        """Offsets of the line breaks that only wrap."""
        return self.flat.wraps

    def __len__(self) -> int:
        return len(self.codes)

    @property
    def inside(self) -> NDArray[np.bool_]:
        """Where a line could be cut: a character with another one of its line before it, (n,)."""
        inside: NDArray[np.bool_] = self.codes != SENTINEL
        inside[1:] &= self.codes[:-1] != SENTINEL
        inside[:1] = False
        return inside

    @property
    def line_starts(self) -> Ints:
        """Index of the first character of each line."""
        if not len(self.codes):
            return np.zeros(0, np.int64)
        return np.concatenate(([0], np.flatnonzero(self.codes[:-1] == SENTINEL) + 1))

    def index_of(self, offsets: Sequence[int] | Ints) -> Ints:
        """The index of the first character at or behind each offset of the text."""
        return np.searchsorted(self.where, np.asarray(offsets, np.int64))


def to_stream(text: str) -> Stream:
    """The stream of a text; empty for a text of white space alone."""
    codes = join([text]).codes[:-1]
    raw = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), "<i4")
    newline = raw == _NEWLINE
    solid = codes != _SPACE
    wraps = wrap_breaks(text)
    newline[wraps] = False
    solid[wraps] = False
    # A newline is kept as a sentinel where the line before it has a character.
    number = np.cumsum(newline) - newline
    filled = np.zeros(int(number[-1]) + 1 if len(number) else 1, bool)
    filled[number[solid]] = True
    keep = solid | (newline & filled[number] if len(number) else newline)
    where = np.flatnonzero(keep)
    kept = np.where(newline, SENTINEL, codes)[where].astype(np.int32)
    if len(kept) and kept[-1] != SENTINEL:
        kept, where = np.append(kept, np.int32(SENTINEL)), np.append(where, len(text))
    sentinel = kept == SENTINEL
    gap = where - np.concatenate(([-1], where[:-1])) - 1
    first = np.concatenate(([True], sentinel[:-1])) if len(kept) else np.zeros(0, bool)
    starts = np.concatenate(([0], np.flatnonzero(newline) + 1))
    begins = where[first]
    gap[first] = begins - starts[np.searchsorted(starts, begins, side="right") - 1]
    if len(wraps):
        # Text stands at both sides of a wrap, so it is the one white space before what follows, or the last of some.
        gap[np.searchsorted(where, wraps)] = 0
    return Stream(text, kept, where, gap, np.cumsum(sentinel) - sentinel, Flat.of(text, codes, wraps))


def piece_spans(stream: Stream, cuts: Ints) -> list[tuple[int, int]]:
    """Spans that tile the text: a piece begins at a line's first character or at a cut (indices into the stream).

    White space before a piece on its line belongs to it, blank lines to the piece before them (at the top: to the first).
    """
    if not len(stream):
        return [(0, len(stream.text))] if stream.text else []
    starts = np.union1d(stream.line_starts, cuts)
    offsets = stream.where[starts] - stream.gap[starts]
    offsets[0] = 0
    ends = np.append(offsets[1:], len(stream.text))
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
