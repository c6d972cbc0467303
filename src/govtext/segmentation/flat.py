"""A text as the line model reads it: breaks that only wrap taken out, normalised, white space folded."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from govtext.features.ngrams import join

Ints = NDArray[np.int64]
T = TypeVar("T")
SPACE = ord(" ")


@dataclass(frozen=True, eq=False)
class Flat:
    """A text without its `wraps` (their offsets in the text as read).

    text    what is left
    codes   normalised code points of it, (n_characters,)
    solid   offsets in it of the characters that are no white space, ascending
    """

    text: str
    codes: NDArray[np.int32]
    solid: Ints
    wraps: Ints
    _known: dict[Callable[[Flat], Any], Any] = field(default_factory=dict, init=False, repr=False)

    def once(self, work: Callable[[Flat], T]) -> T:
        """What `work` makes of this text, worked out at the first question: its pieces are read more than once."""
        if work not in self._known:
            self._known[work] = work(self)
        found: T = self._known[work]
        return found

    @classmethod
    def of(cls, text: str, codes: NDArray[np.int32] | None = None, wraps: Ints | None = None) -> Flat:
        """The flat text; `codes` are those of the text as read, where they are known already."""
        codes = join([text]).codes[:-1] if codes is None else codes
        wraps = np.zeros(0, np.int64) if wraps is None else wraps
        if len(wraps):
            edges = [-1, *wraps.tolist(), len(text)]
            text = "".join(text[a + 1 : b] for a, b in zip(edges, edges[1:]))
            codes = np.delete(codes, wraps)
        return cls(text, codes, (codes != SPACE).nonzero()[0], wraps)

    @cached_property
    def place(self) -> Ints:
        """Where each solid character stands in `folded`, (n_solid,)."""
        apart = np.zeros(len(self.solid), bool)
        np.greater(self.solid[1:] - self.solid[:-1], 1, out=apart[1:])
        place: Ints = np.arange(len(self.solid)) + apart.cumsum()
        return place

    @cached_property
    def folded(self) -> NDArray[np.int32]:
        """The solid characters, one space wherever white space stands between two of them."""
        place = self.place
        folded = np.full(int(place[-1]) + 1 if len(place) else 0, SPACE, np.int32)
        folded[place] = self.codes.take(self.solid)
        return folded

    @cached_property
    def folded_text(self) -> str:
        """`folded` as a string."""
        return self.folded.astype("<u4").tobytes().decode("utf-32-le", "surrogatepass")

    def at(self, offsets: Ints) -> Ints:
        """Offsets in the text as read → in this one."""
        return offsets - self.wraps.searchsorted(offsets) if len(self.wraps) else offsets

    def within(self, begins: Ints, ends: Ints) -> tuple[Ints, Ints, Ints, Ints]:
        """Of each span: its first solid character, behind its last one, and the same two in `folded`; all empty without any."""
        if not len(self.solid):
            nothing = np.zeros(len(begins), np.int64)
            return ends, ends, nothing, nothing
        low = self.solid.searchsorted(begins)
        high = self.solid.searchsorted(ends)
        some = high > low
        first, last = np.minimum(low, len(self.solid) - 1), np.maximum(high - 1, 0)
        start = np.where(some, self.solid.take(first), ends)
        behind = np.where(some, self.solid.take(last) + 1, ends)
        folded_start = self.place.take(first)
        return start, behind, folded_start, np.where(some, self.place.take(last) + 1, folded_start)


def joined(texts: Sequence[str]) -> tuple[Flat, Ints, Ints]:
    """Many texts as one, a line each, and the span of each."""
    lengths = np.fromiter(map(len, texts), np.int64, len(texts))
    ends = (lengths + 1).cumsum() - 1
    return Flat.of("\n".join((*texts, ""))), ends - lengths, ends
