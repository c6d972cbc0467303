"""Many texts as one array of normalised code points, and the n-grams of them that are frequent enough for a vocabulary."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
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


def is_fit(codes: NDArray[Any]) -> NDArray[np.bool_]:
    """Which code points a term may have."""
    fit = np.ones(len(codes), bool)
    for first, last in _UNFIT:
        fit &= (codes < first) | (codes > last)
    return fit


def is_normal(codes: NDArray[Any]) -> NDArray[np.bool_]:
    """Which code points are as normalised text has them."""
    return np.asarray(_NORMAL.take(codes, mode="clip") == np.minimum(codes, 0xFFFF), bool)


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
        return np.concatenate((self.starts[1:], [len(self.codes)])) - self.starts - 1


def heads(values: NDArray[Any]) -> Ints:
    """Where each run of equal values begins."""
    new = np.empty(len(values), bool)  # `np.diff` with `prepend` takes ten times as long on short arrays
    new[:1] = True
    np.not_equal(values[1:], values[:-1], out=new[1:])
    return new.nonzero()[0]


@dataclass(frozen=True, slots=True, eq=False)
class Distinct:
    """Texts of which many may be equal: text i is number `index[i]` of `codes`."""

    codes: Codes
    index: Ints

    def __len__(self) -> int:
        return len(self.index)


def distinct(texts: Sequence[str]) -> Distinct:
    """The texts, equal ones once."""
    numbers: dict[str, int] = {}
    index = np.fromiter((numbers.setdefault(text, len(numbers)) for text in texts), np.int64, len(texts))
    return Distinct(join(list(numbers)), index)


def join(texts: Sequence[str]) -> Codes:
    """The texts as `Codes`: one character in, one code point out, so positions stay valid.

    Full-width ASCII becomes half-width, letters lower case, digits 0, white space a space, radicals and compatibility
    ideographs the plain character.
    """
    if isinstance(texts, str):
        raise TypeError("join wants a sequence of texts, got one str; put it in a list")
    ends = (np.fromiter(map(len, texts), np.int64, len(texts)) + 1).cumsum()
    joined = "\n".join((*texts, "")).encode("utf-32-le", "surrogatepass")
    codes = normal(np.frombuffer(joined, "<i4"))
    codes[ends - 1] = SENTINEL
    return Codes(codes, np.concatenate(([0], ends))[: len(texts)])


def normal(raw: NDArray[np.int32]) -> NDArray[np.int32]:
    """Code points as normalised text has them, one for one."""
    codes = _NORMAL.take(raw, mode="clip")
    beyond = (raw > 0xFFFF).nonzero()[0]
    codes[beyond] = raw[beyond]
    return codes


def normalise(text: str) -> str:
    """The text as the n-grams see it, equally long."""
    return join([text]).codes[:-1].astype("<u4").tobytes().decode("utf-32-le", "surrogatepass")


def count_terms(
    texts: Sequence[str], documents: NDArray[Any], *, lengths: tuple[int, int] = (1, 4), min_documents: int = 2
) -> tuple[list[str], Ints]:
    """All n-grams of the given lengths (from, to) in at least `min_documents` documents, sorted, with the numbers.

    `documents` names the document of each text by number, from 0. N-grams with control characters are left out.
    """
    order = np.argsort(documents, kind="stable")
    joined = join([texts[index] for index in order])
    codes = joined.codes
    unfit = ~is_fit(codes)
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
