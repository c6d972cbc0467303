"""The edges of a trie as one perfect hash table: a key has one place to look at, and the record there says whose it is.

Against a double array, which needs one gather less, it fills in a bounded number of steps whatever the terms are, so
that no model file can make loading slow, and it builds in vectorised steps (100,000 edges in 20 ms).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]

# A record is key << 24 | child; keys stay below 2**38, so that a record is positive and -1 stands for an empty place.
CHILD_BITS: Final = 24
LARGEST_CHILD: Final = (1 << CHILD_BITS) - 1
LARGEST_KEY: Final = (1 << 38) - 1
MOST_ATTEMPTS: Final = 16  # multipliers; the first has always done
MOST_BITS: Final = 28  # of a place in the table
MOST_TRIALS: Final = 4096  # at moving the buckets of one size; 100,000 terms take 15


@dataclass(frozen=True, slots=True, eq=False)
class Edges:
    """A perfect hash table from keys to children.

    The top bits of key · multiplier name a bucket, the next ones a slot, and what the bucket holds is XORed to the
    slot ("hash and displace": the few keys of a bucket are moved together until all of them fall on free slots).
    """

    attempt: int  # which multiplier
    bucket_bits: int
    slot_bits: int
    moves: Ints
    records: Ints
    _steps: Ints = field(init=False, repr=False)  # what a bucket's name and slots are XORed to: the name goes, too

    def __post_init__(self) -> None:
        object.__setattr__(self, "_steps", self.moves ^ np.arange(len(self.moves)) << self.slot_bits)

    def slots(self, keys: Ints) -> Ints:
        """The one place of each key in `records`."""
        hashed = (keys * _multiplier(self.attempt)).view(np.uint64)
        slots: Ints = (hashed >> np.uint64(64 - self.bucket_bits - self.slot_bits)).view(np.int64)
        slots ^= self._steps.take((hashed >> np.uint64(64 - self.bucket_bits)).view(np.int64))
        return slots

    @classmethod
    def build(
        cls, keys: Ints, children: Ints, moves: NDArray[Any] | None = None, *, attempt: int = 0, slot_bits: int = 0
    ) -> Edges:
        """The table for distinct keys; the same keys always give the same table.

        `moves` and what follows are those of a table that was built before: then nothing is searched for.

        Raises:
            ValueError: no table can be laid out, or the moves are not those of these keys.
        """
        if moves is not None:
            return cls._known(keys, children, moves, attempt, slot_bits)
        bucket_bits = max(len(keys).bit_length() - 1, 1)
        slot_bits = max((len(keys) * 3 // 2).bit_length(), 1)
        for attempt in range(MOST_ATTEMPTS):
            found = _displace(keys * _multiplier(attempt), bucket_bits, slot_bits)
            if found is not None:
                return cls._known(keys, children, found, attempt, slot_bits)
            slot_bits += attempt % 8 == 7
        raise ValueError("the terms cannot be laid out in a table; take fewer terms")

    @classmethod
    def _known(cls, keys: Ints, children: Ints, moves: NDArray[Any], attempt: int, slot_bits: int) -> Edges:
        bucket_bits = max(len(moves).bit_length() - 1, 0)
        if not (len(moves) == 1 << bucket_bits and attempt < MOST_ATTEMPTS and 0 < slot_bits < MOST_BITS):
            raise ValueError(f"a table of {len(moves)} moves, attempt {attempt}, {slot_bits} bits, which none has")
        if len(keys) > 1 << slot_bits or 1 << slot_bits > 16 * (len(keys) + 64):
            raise ValueError(f"a table of 2**{slot_bits} places for {len(keys)} edges; wanted as many or some more")
        if (moves >= 1 << slot_bits).any():
            raise ValueError(f"a table of 2**{slot_bits} places with a move beyond it")
        table = cls(attempt, bucket_bits, slot_bits, moves.astype(np.int64), np.full(1 << slot_bits, -1, np.int64))
        slots = table.slots(keys)
        table.records[slots] = keys << CHILD_BITS | children
        if (table.records[slots] >> CHILD_BITS != keys).any():
            raise ValueError("two edges in one place of the table")
        return table


def _multiplier(attempt: int) -> Ints:
    """An odd multiple of the golden ratio's share of 2**64, without dimensions: products wrap round without a warning."""
    return np.array((2 * attempt + 1) * 0x9E3779B97F4A7C15 % (1 << 64), np.uint64).view(np.int64)


def _displace(hashed: Ints, bucket_bits: int, slot_bits: int) -> Ints | None:
    """What each bucket adds (XOR) to the slots of its keys so that all slots differ, None if that cannot be had."""
    joint = np.sort((hashed >> (64 - bucket_bits - slot_bits)) & ((1 << (bucket_bits + slot_bits)) - 1))
    if (joint[1:] == joint[:-1]).any():
        return None
    buckets, slots = joint >> slot_bits, joint & ((1 << slot_bits) - 1)
    first = np.flatnonzero(np.diff(buckets, prepend=-1))
    sizes = np.diff(first, append=len(buckets))
    moves = np.zeros(1 << bucket_bits, np.int64)
    taken = np.zeros(1 << slot_bits, bool)
    owner = np.empty(1 << slot_bits, np.int64)
    for size in range(int(sizes.max(initial=0)), 1, -1):
        rows = first[sizes == size]
        wanted = slots[rows[:, None] + np.arange(size)]
        for trial in range(MOST_TRIALS):
            if not len(rows):
                break
            move = trial * 0x9E3779B1 & ((1 << slot_bits) - 1)
            places = wanted ^ move
            numbers = np.arange(len(rows))[:, None]
            owner[places] = numbers  # of two buckets on one slot the last one has it
            fits = ((owner[places] == numbers) & ~taken[places]).all(axis=1)
            moves[buckets[rows[fits]]] = move
            taken[places[fits]] = True
            rows, wanted = rows[~fits], wanted[~fits]
        if len(rows):
            return None
    single = first[sizes == 1]
    moves[buckets[single]] = slots[single] ^ np.flatnonzero(~taken)[: len(single)]
    return moves
