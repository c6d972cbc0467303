"""Character n-grams of many texts at once: join, match against a vocabulary, count candidates for one.

A `Vocabulary` is a trie over code points whose edges lie in one hash table, so a step down costs a few array operations
for all positions together, and positions that left the trie are dropped at each depth: 12 ns a character for terms of
up to 4 characters.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from govtext.features.edges import CHILD_BITS, LARGEST_CHILD, LARGEST_KEY, Edges
from govtext.features.edges import Ints as Ints

# The rules below are part of every model: another table is another number, and old models keep theirs.
NORMALISATION: Final = 1
LONGEST: Final = 12  # characters of a term
SENTINEL: Final = 0x110000  # stands behind each joined text; no character of any text, so no match crosses it

# First and last code point, what is added. Fixed here and not `str.lower`, which changes with Python's Unicode version.
_SHIFTS: Final = (
    (0xFF01, 0xFF5E, -0xFEE0),  # full-width ASCII, before lower case and digits
    (0x41, 0x5A, 32),
    (0xC0, 0xD6, 32),
    (0xD8, 0xDE, 32),
    (0x391, 0x3A1, 32),
    (0x3A3, 0x3AB, 32),
    (0x400, 0x40F, 80),
    (0x410, 0x42F, 32),
)
_SPACES: Final = (*range(0x09, 0x0E), *range(0x1C, 0x20), 0x85, 0xA0, 0x1680, *range(0x2000, 0x200B), 0x2028, 0x2029,
                  0x202F, 0x205F, 0x3000)  # fmt: skip
# Radicals and compatibility ideographs that stand for one ordinary character (common in text out of PDF files).
_VARIANTS: Final = ((0x2E9F, 0x2E9F), (0x2EF3, 0x2EF3), (0x2F00, 0x2FD5), (0xF900, 0xFA6D), (0xFA70, 0xFAD9))


def _normal_table() -> NDArray[np.int32]:
    table = np.arange(0x10000, dtype=np.int32)
    for first, last in _VARIANTS:
        for code in range(first, last + 1):
            plain = unicodedata.normalize("NFKC", chr(code))
            table[code] = ord(plain) if len(plain) == 1 and ord(plain) < 0x10000 else code
    for first, last, shift in _SHIFTS:
        table[(table >= first) & (table <= last)] += shift
    table[(table > ord("0")) & (table <= ord("9"))] = ord("0")
    table[list(_SPACES)] = ord(" ")
    return table


_NORMAL: Final = _normal_table()
# Characters no term may have: control characters, and lone surrogates, which UTF-8 cannot store.
_UNFIT: Final = ((0x00, 0x1F), (0x7F, 0x9F), (0xD800, 0xDFFF), (SENTINEL, SENTINEL))


@dataclass(frozen=True, slots=True, eq=False)
class Codes:
    """Many texts as one array: normalised `codes`, each text followed by one `SENTINEL`, and where each one starts."""

    codes: NDArray[np.int32]
    starts: Ints

    def __len__(self) -> int:
        return len(self.starts)

    @property
    def lengths(self) -> Ints:
        """Characters of each text."""
        return np.diff(self.starts, append=len(self.codes)) - 1


def join(texts: Sequence[str]) -> Codes:
    """The texts as `Codes`: one character in, one code point out, so positions stay valid.

    Full-width ASCII becomes half-width, letters lower case, digits 0, white space a space, radicals and compatibility
    ideographs the plain character.
    """
    if isinstance(texts, str):
        raise TypeError("join wants a sequence of texts, got one str; put it in a list")
    ends = np.cumsum(np.fromiter(map(len, texts), np.int64, len(texts)) + 1)
    joined = "\n".join((*texts, "")).encode("utf-32-le", "surrogatepass")
    raw = np.frombuffer(joined, "<i4")
    codes = _NORMAL.take(raw, mode="clip")
    beyond = np.flatnonzero(raw > 0xFFFF)
    codes[beyond] = raw[beyond]
    codes[ends - 1] = SENTINEL
    return Codes(codes, np.concatenate(([0], ends))[: len(texts)])


def normalise(text: str) -> str:
    """The text as the n-grams see it, equally long."""
    return join([text]).codes[:-1].astype("<u4").tobytes().decode("utf-32-le", "surrogatepass")


@dataclass(frozen=True, slots=True, eq=False)
class Vocabulary:
    """Sorted terms and the trie that finds them; the id of a term is its index."""

    terms: Sequence[str]
    longest: int
    _character: Ints  # by code point, clipped: 0 for all that no term has, else 1 … n_characters - 1
    _n_characters: int
    _first: Ints  # by character: the node of that one character, -1 if no term starts with it
    _edges: Edges
    _inner: tuple[bool, ...]  # by depth: are there nodes that are no term

    def __len__(self) -> int:
        return len(self.terms)

    @classmethod
    def build(cls, terms: Sequence[str]) -> Vocabulary:
        """The vocabulary of sorted, distinct, normalised terms of 1 to 12 characters.

        Raises:
            ValueError: names the first term that breaks this, or says that there are too many.
        """
        grid, lengths = _grid(terms)
        n_terms, longest = grid.shape
        used = np.zeros(max(int(grid.max(initial=0)), 1) + 1, bool)
        used[grid] = True
        used[0] = False  # the padding
        character = np.cumsum(used, dtype=np.int64) * used
        # Codes in the grid are one higher than code points; the last entry catches all code points beyond.
        table = np.append(character[1:], 0)
        n_characters = int(character.max()) + 1
        letters = character[grid]
        common = _common_prefix(grid)
        node = np.zeros(n_terms, np.int64)  # of each term's prefix, at the depth reached
        first = np.full(n_characters, -1, np.int64)
        n_nodes, keys, children, inner = n_terms, [], [], []
        for depth in range(longest):
            reaching = lengths > depth
            fresh = np.flatnonzero(reaching & (common <= depth))
            terminal = lengths[fresh] == depth + 1
            numbers = fresh.copy()
            numbers[~terminal] = n_nodes + np.arange(np.count_nonzero(~terminal))
            n_nodes += int(np.count_nonzero(~terminal))
            inner.append(not terminal.all())
            if depth:
                keys.append(node[fresh] * n_characters + letters[fresh, depth])
                children.append(numbers)
            else:
                first[letters[fresh, 0]] = numbers
            spread = np.zeros(n_terms, np.int64)
            spread[fresh] = 1
            node = numbers.take(np.cumsum(spread) - 1, mode="clip")  # rows that end above hold a stale node, never read
        if n_nodes > LARGEST_CHILD or n_nodes * n_characters > LARGEST_KEY:
            raise ValueError(f"{n_terms} terms of {n_characters - 1} characters are too many; take fewer terms")
        empty = np.zeros(0, np.int64)
        edges = Edges.build(np.concatenate([empty, *keys]), np.concatenate([empty, *children]))
        return cls(terms, longest, table, n_characters, first, edges, tuple(inner))

    def matches(self, codes: NDArray[Any], stop: int | None = None) -> Iterator[tuple[Ints, Ints]]:
        """For each length that occurs: where its terms start, ascending, and their ids.

        `stop` bounds the starts; a term may reach beyond it.
        """
        letters = np.zeros(len(codes) + self.longest, np.int64)
        self._character.take(codes, mode="clip", out=letters[: len(codes)])
        nodes = self._first.take(letters[: len(codes) if stop is None else stop])
        positions = np.flatnonzero(nodes >= 0)
        nodes = nodes.take(positions)
        for depth, inner in enumerate(self._inner, 1):
            if inner:
                terms = np.flatnonzero(nodes < len(self.terms))
                yield positions.take(terms), nodes.take(terms)
            else:
                yield positions, nodes
            if depth == self.longest or not len(positions):
                return
            keys = nodes * self._n_characters + letters[depth:].take(positions)
            records = self._edges.records.take(self._edges.slots(keys))
            alive = np.flatnonzero(records >> CHILD_BITS == keys)
            positions, nodes = positions.take(alive), records.take(alive) & LARGEST_CHILD


def _grid(terms: Sequence[str]) -> tuple[Ints, Ints]:
    """Code points + 1 of the terms, (n_terms, longest), 0 behind the end, and their lengths; raises for a bad term."""
    lengths = np.fromiter(map(len, terms), np.int64, len(terms))
    for index in np.flatnonzero((lengths < 1) | (lengths > LONGEST))[:1]:
        raise ValueError(f"term {terms[index]!r} has {lengths[index]} characters; wanted 1 to {LONGEST}")
    raw = np.frombuffer("".join(terms).encode("utf-32-le", "surrogatepass"), "<i4")
    bad = _NORMAL.take(raw, mode="clip") != np.minimum(raw, 0xFFFF)
    for first, last in _UNFIT:
        bad |= (raw >= first) & (raw <= last)
    for place in np.flatnonzero(bad)[:1]:
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


def count_terms(
    texts: Sequence[str], documents: NDArray[Any], *, lengths: tuple[int, int] = (1, 4), min_documents: int = 2
) -> tuple[list[str], Ints]:
    """All n-grams of the given lengths (from, to) in at least `min_documents` documents, sorted, with the numbers.

    `documents` names the document of each text by number, from 0. N-grams with control characters are left out.
    """
    order = np.argsort(documents, kind="stable")
    joined = join([texts[index] for index in order])
    codes = joined.codes
    unfit = np.zeros(len(codes), bool)
    for first, last in _UNFIT:
        unfit |= (codes >= first) & (codes <= last)
    document = np.repeat(np.asarray(documents)[order], joined.lengths + 1)
    shown = np.where(unfit, ord("\n"), codes).astype("<u4").tobytes().decode("utf-32-le")
    positions = np.flatnonzero(~unfit)
    numbers = np.full(len(codes) + 1, -1, np.int64)  # of the n-gram that starts here, at the length reached
    keys: Ints = codes[positions].astype(np.int64)
    terms: list[str] = []
    counts = [np.zeros(0, np.int64)]
    for length in range(1, lengths[1] + 1):
        by_key = np.argsort(keys, kind="stable")
        sorted_keys, sorted_documents = keys[by_key], document[positions[by_key]]
        new_key = np.diff(sorted_keys, prepend=-1) != 0
        new_document = new_key | (np.diff(sorted_documents, prepend=-1) != 0)
        heads = np.flatnonzero(new_key)
        if not len(heads):
            break
        n_documents = np.add.reduceat(new_document, heads, dtype=np.int64)
        kept = n_documents >= min_documents
        if length >= lengths[0]:
            terms += [shown[at : at + length] for at in positions[by_key[heads[kept]]].tolist()]
            counts.append(n_documents[kept])
        rank = np.where(kept, np.cumsum(kept) - 1, -1)[np.cumsum(new_key) - 1]
        numbers[:] = -1
        numbers[positions[by_key]] = rank
        # An n-gram is no more frequent than its two halves of one character less, so those name it and bound it.
        positions = np.flatnonzero((numbers[:-1] >= 0) & (numbers[1:] >= 0))
        keys = numbers[positions] * np.count_nonzero(kept) + numbers[positions + 1]
    sorting = sorted(range(len(terms)), key=terms.__getitem__)
    return [terms[index] for index in sorting], np.concatenate(counts)[sorting]
