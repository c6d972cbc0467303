"""Terms and the trie that finds them in many texts at once.

A `Vocabulary` is a trie over code points whose edges lie in one hash table, so a step down costs a few array operations
for all positions together, and positions that left the trie are dropped at each depth: 12 ns a character for terms of
up to 4 characters. A model file holds its nodes, in the order of sorted terms, and how the table was hashed, so that
nothing is searched for when it is loaded.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from govtext.features.edges import CHILD_BITS, LARGEST_CHILD, LARGEST_KEY, Edges
from govtext.features.ngrams import Ints, is_fit, is_normal

LONGEST: Final = 12  # characters of a term
NO_TERM: Final = 0x80  # added to the depth of a node where no term ends
PARTS: Final = ("depths", "letters", "moves", "hash")


@dataclass(frozen=True, eq=False)
class Nodes:
    """The nodes of a trie in the order of their strings: of each its depth, from 1, its last character, whether a term ends."""

    depths: Ints
    letters: NDArray[np.uint32]
    terminal: NDArray[np.bool_]

    @classmethod
    def of(cls, terms: Sequence[str]) -> Nodes:
        """The nodes of sorted, distinct, normalised terms.

        Raises:
            ValueError: names the first term that breaks this.
        """
        grid, lengths = _grid(terms)
        common = _common_prefix(grid)
        fresh = [np.flatnonzero((lengths > depth) & (common <= depth)) for depth in range(grid.shape[1])]
        row = np.concatenate([np.zeros(0, np.int64), *fresh])
        depth = np.repeat(np.arange(len(fresh)), [len(rows) for rows in fresh])
        order = np.lexsort((depth, row))
        row, depth = row[order], depth[order]
        letters = (grid[row, depth] - 1).astype(np.uint32) if len(row) else np.zeros(0, np.uint32)
        return cls(depth + 1, letters, lengths[row] == depth + 1)

    def check(self) -> None:
        """Nothing.

        Raises:
            ValueError: these are no nodes of sorted, distinct, normalised terms of 1 to `LONGEST` characters.
        """
        depths = self.depths
        if not len(depths) == len(self.letters) == len(self.terminal):
            raise ValueError(f"nodes with {len(depths)} depths and {len(self.letters)} letters; wanted one each")
        if len(depths) and (depths[0] != 1 or (depths < 1).any() or (depths > LONGEST).any()):
            raise ValueError(f"nodes of depth {depths.min()} to {depths.max()}; wanted 1 to {LONGEST}, the first one 1")
        if (depths[1:] > depths[:-1] + 1).any():
            raise ValueError("a node without the one above it")
        if not (self.terminal | (np.append(depths[1:], 0) > depths)).all():
            raise ValueError("a node that no term goes through")
        # Of letters beyond all text no table is made.
        used = None if (self.letters > 0x10FFFF).any() else self.used.nonzero()[0]
        if used is None or not (is_fit(used) & is_normal(used)).all():
            raise ValueError("nodes with a character that no normalised text has")

    @cached_property
    def used(self) -> NDArray[np.bool_]:
        """By code point, whether a node has it; the last entry is for all beyond."""
        used = np.zeros(int(self.letters.max(initial=0)) + 2, bool)
        used[self.letters] = True
        return used


@dataclass(frozen=True, eq=False)
class Vocabulary:
    """Sorted terms and the trie that finds them; the id of a term is its index."""

    nodes: Nodes
    n_terms: int
    longest: int
    _character: NDArray[np.int32]  # by code point, clipped: 0 for all that no term has, else 1 … n_characters - 1
    _n_characters: int
    _first: Ints  # by character: the node of that one character, -1 if no term starts with it
    _edges: Edges
    _inner: tuple[bool, ...]  # by depth: are there nodes that are no term

    def __len__(self) -> int:
        return self.n_terms

    @cached_property
    def terms(self) -> Sequence[str]:
        """All terms, by id."""
        found, path = [], [""] * (LONGEST + 1)
        letters = self.nodes.letters.astype("<u4").tobytes().decode("utf-32-le")
        for depth, letter, ends in zip(self.nodes.depths.tolist(), letters, self.nodes.terminal.tolist()):
            path[depth] = path[depth - 1] + letter
            if ends:
                found.append(path[depth])
        return found

    @classmethod
    def build(cls, terms: Sequence[str]) -> Vocabulary:
        """The vocabulary of sorted, distinct, normalised terms of 1 to 12 characters.

        Raises:
            ValueError: names the first term that breaks this, or says that there are too many.
        """
        return cls._of(Nodes.of(terms))

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]]) -> Vocabulary:
        """The vocabulary whose arrays `Vocabulary.arrays` gave.

        Raises:
            ValueError: says what is wrong with them.
        """
        depths = arrays["depths"].astype(np.int64)
        nodes = Nodes(depths & ~NO_TERM, arrays["letters"], depths < NO_TERM)
        nodes.check()
        attempt, slot_bits = arrays["hash"].tolist()
        return cls._of(nodes, moves=arrays["moves"], attempt=attempt, slot_bits=slot_bits)

    def arrays(self) -> dict[str, NDArray[Any]]:
        """The nodes and how they were hashed, by `PARTS`."""
        depths = np.where(self.nodes.terminal, self.nodes.depths, self.nodes.depths + NO_TERM)
        return {
            "depths": depths.astype(np.uint8),
            "letters": np.asarray(self.nodes.letters, np.uint32),
            "moves": self._edges.moves.astype(np.uint32),
            "hash": np.array([self._edges.attempt, self._edges.slot_bits], np.uint32),
        }

    @classmethod
    def _of(
        cls, nodes: Nodes, *, moves: NDArray[Any] | None = None, attempt: int = 0, slot_bits: int = 0
    ) -> Vocabulary:
        """The vocabulary; `moves` and what follows are those of its hash table, where they are known."""
        n_terms, n_nodes = int(np.count_nonzero(nodes.terminal)), len(nodes.depths)
        longest = int(nodes.depths.max(initial=1))
        used = nodes.used.nonzero()[0]
        n_characters = len(used) + 1
        character = np.zeros(len(nodes.used), np.int32)
        character[used] = np.arange(1, n_characters)
        if n_nodes > LARGEST_CHILD or n_nodes * n_characters > LARGEST_KEY:
            raise ValueError(f"{n_terms} terms of {n_characters - 1} characters are too many; take fewer terms")
        number = np.cumsum(nodes.terminal) - 1
        number = np.where(nodes.terminal, number, n_terms + np.arange(n_nodes) - number - 1)
        letters = character.take(nodes.letters).astype(np.int64)
        first = np.full(n_characters, -1, np.int64)
        keys, children, inner = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)], []
        above = np.zeros(0, np.int64)
        for depth in range(1, longest + 1):
            here = np.flatnonzero(nodes.depths == depth)
            inner.append(not nodes.terminal[here].all())
            if depth == 1:
                beside = letters[here]
                first[beside] = number[here]
            else:
                parent = above[np.searchsorted(above, here) - 1]
                beside = number[parent] * n_characters + letters[here]
                keys.append(beside)
                children.append(number[here])
                beside = parent * n_characters + letters[here]
            if (beside[1:] <= beside[:-1]).any():
                raise ValueError("nodes that are not sorted and distinct")
            above = here
        edges = Edges.build(np.concatenate(keys), np.concatenate(children), moves, attempt=attempt, slot_bits=slot_bits)
        return cls(nodes, n_terms, longest, character, n_characters, first, edges, tuple(inner))

    def matches(self, codes: NDArray[Any], stop: int | None = None) -> Iterator[tuple[Ints, Ints]]:
        """For each length that occurs: where its terms start, ascending, and their ids.

        `stop` bounds the starts; a term may reach beyond it.
        """
        letters = np.zeros(len(codes) + self.longest, np.int32)
        self._character.take(codes, mode="clip", out=letters[: len(codes)])
        nodes = self._first.take(letters[: len(codes) if stop is None else stop])
        positions = (nodes >= 0).nonzero()[0]
        nodes = nodes.take(positions)
        for depth, inner in enumerate(self._inner, 1):
            if inner:
                terms = (nodes < self.n_terms).nonzero()[0]
                yield positions.take(terms), nodes.take(terms)
            else:
                yield positions, nodes
            if depth == self.longest or not len(positions):
                return
            keys = nodes * self._n_characters + letters[depth:].take(positions)
            records = self._edges.records.take(self._edges.slots(keys))
            alive = (records >> CHILD_BITS == keys).nonzero()[0]
            positions, nodes = positions.take(alive), records.take(alive) & LARGEST_CHILD


def _grid(terms: Sequence[str]) -> tuple[Ints, Ints]:
    """Code points + 1 of the terms, (n_terms, longest), 0 behind the end, and their lengths; raises for a bad term."""
    lengths = np.fromiter(map(len, terms), np.int64, len(terms))
    for index in np.flatnonzero((lengths < 1) | (lengths > LONGEST))[:1]:
        raise ValueError(f"term {terms[index]!r} has {lengths[index]} characters; wanted 1 to {LONGEST}")
    raw = np.frombuffer("".join(terms).encode("utf-32-le", "surrogatepass"), "<i4")
    for place in np.flatnonzero(~(is_normal(raw) & is_fit(raw)))[:1]:
        index = int(np.searchsorted(np.cumsum(lengths), place, side="right"))
        raise ValueError(f"term {terms[index]!r} is not normalised text; build it with normalise()")
    inside = np.arange(lengths.max(initial=1)) < lengths[:, None]
    grid = np.zeros(inside.shape, np.int64)
    grid[inside] = raw + 1
    return grid, lengths


def _common_prefix(grid: Ints) -> Ints:
    """How many characters each term shares with the one before, -1 for the first; raises unless sorted and distinct."""
    differ = grid[1:] != grid[:-1]
    common = differ.argmax(axis=1)
    rows = np.arange(len(common))
    for index in np.flatnonzero(grid[1:][rows, common] <= grid[:-1][rows, common])[:1]:
        raise ValueError(f"terms are not sorted and distinct at index {index + 1}; pass sorted(set(terms))")
    return np.concatenate(([-1], common))[: len(grid)]
