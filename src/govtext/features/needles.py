"""Where short strings stand in a text: one look at all characters spares most patterns a search.

A pattern that cannot match without one of its needles is run only where one stands. One vectorised pass takes 7 ns a
character; a `str.find` for each of some hundred needles took 200 ns, one alternation of them 25–45 ns.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from govtext.features.ngrams import heads

Ints = NDArray[np.int64]
HIGHEST = 0xFFFF  # code points above are looked up as this one; no needle has any


@dataclass(frozen=True, slots=True, eq=False)
class Needles:
    """Needles of one or two characters, and the numbers of the patterns that each one is for.

    first    by code point: does a needle begin with it
    alone    by code point: the row of `numbers` of the needle that is this one character, -1 for none
    pairs    the needles of two characters as numbers, ascending; `rows` the row of each
    numbers  the patterns' numbers of each needle
    """

    first: NDArray[np.bool_]
    alone: NDArray[np.int16]
    pairs: Ints
    rows: Ints
    numbers: tuple[tuple[int, ...], ...]

    @classmethod
    def of(cls, needles: Sequence[Sequence[str]]) -> Needles:
        """The needles of patterns numbered from 0.

        Raises:
            ValueError: a needle is not one or two characters long.
        """
        numbers: dict[str, list[int]] = {}
        for number, own in enumerate(needles):
            for needle in own:
                if not 1 <= len(needle) <= 2 or max(map(ord, needle)) >= HIGHEST:
                    raise ValueError(f"needle {needle!r}; wanted one or two characters below U+FFFF")
                numbers.setdefault(needle, []).append(number)
        names = sorted(numbers)
        first, alone = np.zeros(HIGHEST + 1, bool), np.full(HIGHEST + 1, -1, np.int16)
        first[[ord(name[0]) for name in names]] = True
        for row, name in enumerate(names):
            if len(name) == 1:
                alone[ord(name)] = row
        two = [(ord(name[0]) << 16 | ord(name[1]), row) for row, name in enumerate(names) if len(name) == 2]
        two.sort()
        pairs = np.array([key for key, _ in two] or [-1], np.int64)
        rows = np.array([row for _, row in two] or [-1], np.int64)
        return cls(first, alone, pairs, rows, tuple(tuple(numbers[name]) for name in names))

    def places(self, codes: NDArray[Any]) -> dict[int, Ints]:
        """By number of each pattern with a needle in the text: where its needles begin, ascending; twice where two do."""
        at = self.first.take(codes, mode="clip").nonzero()[0]
        if not len(at):
            return {}
        letters = np.minimum(codes.take(at), HIGHEST).astype(np.int64)
        behind = np.minimum(codes.take(at + 1, mode="clip"), HIGHEST)
        keys = letters << 16 | behind
        index = np.minimum(self.pairs.searchsorted(keys), len(self.pairs) - 1)
        row = np.where(self.pairs.take(index) == keys, self.rows.take(index), -1)
        if at[-1] + 1 == len(codes):
            row[-1] = -1
        alone = self.alone.take(letters)
        found: dict[int, list[Ints]] = {}
        for rows in (row, alone):
            some = (rows >= 0).nonzero()[0]
            order = some.take(rows.take(some).argsort(kind="stable"))
            rows, places = rows.take(order), at.take(order)
            first = heads(rows)
            begins = first.tolist()
            for head, stop, row in zip(begins, [*begins[1:], len(order)], rows.take(first).tolist()):
                for number in self.numbers[row]:
                    found.setdefault(number, []).append(places[head:stop])
        return {k: parts[0] if len(parts) == 1 else np.sort(np.concatenate(parts)) for k, parts in found.items()}
