"""Passages that stand in another report too: sentences by MinHash of their five-character shingles, runs of them joined.

The sentence is the unit, not the paragraph, because a copy often lost its line breaks; sentences that follow each other in
both reports are one passage.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from govtext.boilerplate.masking import folded
from govtext.boilerplate.occurrences import Records, Span
from govtext.document import CopiedPassage
from govtext.errors import MissingExtra

N_HASHES: Final = (
    64  # numbers of a signature; one byte of each is kept, and the similarity is off by 0.06 at most times
)
N_BANDS: Final = 16  # of four numbers: pairs of similarity 0.7 meet in 99 of 100 cases, of 0.3 in 12
SHINGLE = 5  # characters
SHORTEST = 30  # folded characters of a sentence that can be a copy
LONGEST = 2000  # characters of a sentence that are looked at
MOST_PASSAGES = 4096  # of one report, those with the smallest signatures
SIMILAR_FROM = 0.7  # estimated Jaccard similarity of two sentences
AT_ONCE = 1024  # signatures made together
MOST_CANDIDATES = 32  # sentences compared for one band of one sentence
_CHANCE = 1 / 256  # two different numbers with the same byte
PASSAGE: Final = np.dtype([("start", "<u4"), ("end", "<u4"), ("signature", "u1", (N_HASHES,))])
# Seed and scheme are named, so that another datasketch gives the same numbers or none.
SEED, SCHEME = 1, "affine32"
_SENTENCE = re.compile(r"[^。！？!?；;\n]{1,2000}[。！？!?；;]{0,3}")


def to_passages(text: str, spans: Sequence[Span]) -> Records:
    """The sentences within `spans` that are long enough, with their signatures, in order.

    Raises:
        MissingExtra: datasketch is not installed.
    """
    found: list[Span] = []
    shingles: list[list[int]] = []
    for first, last in spans:
        for match in _SENTENCE.finditer(text, first, last):
            sentence = folded(match[0])[:LONGEST]
            if len(sentence) >= SHORTEST:
                blank = len(match[0]) - len(match[0].lstrip())
                found.append((match.start() + blank, match.end()))
                shingles.append(_shingles(sentence))
    records = np.zeros(len(found), PASSAGE)
    if found:
        records["start"], records["end"] = np.array(found).T
        records["signature"] = _signatures(shingles)
    return records


def kept_passages(passages: Records) -> Records:
    """What a corpus keeps of a report's passages: at most `MOST_PASSAGES`, in order."""
    if len(passages) <= MOST_PASSAGES:
        return passages
    smallest = np.lexsort([passages["start"], *passages["signature"].T[:8]])[:MOST_PASSAGES]
    kept: Records = passages[np.sort(smallest)]
    return kept


def _shingles(sentence: str) -> list[int]:
    """32-bit hashes of the runs of `SHINGLE` characters, each once."""
    codes = np.frombuffer(sentence.encode("utf-32-le", "surrogatepass"), "<u4").astype(np.uint64)
    n = len(codes) - SHINGLE + 1
    mixed = np.zeros(n, np.uint64)
    for k in range(SHINGLE):
        mixed = (mixed ^ codes[k : k + n]) * np.uint64(0x9E3779B97F4A7C15)  # the golden ratio's odd number
        mixed ^= mixed >> np.uint64(29)
    hashes: list[int] = np.unique(mixed >> np.uint64(32)).tolist()
    return hashes


def _signatures(shingles: Sequence[Sequence[int]]) -> NDArray[np.uint8]:
    """One byte of each of the `N_HASHES` smallest numbers, (n, N_HASHES)."""
    try:
        from datasketch import MinHash  # an extra, and half a second
    except ImportError as error:
        raise MissingExtra(
            "datasketch is not installed, and repeated passages need it; pip install 'govtext[repetition]'"
        ) from error
    signatures = np.zeros((len(shingles), N_HASHES), np.uint8)
    for first in range(0, len(shingles), AT_ONCE):
        some = shingles[first : first + AT_ONCE]
        hashes = MinHash.bulk(some, num_perm=N_HASHES, seed=SEED, hashfunc=_as_is, scheme=SCHEME)
        signatures[first : first + AT_ONCE] = [h.hashvalues & 0xFF for h in hashes]
    return signatures


def _as_is(number: int) -> int:
    return number


class PassageIndex:
    """The passages of many reports, findable by any of their bands.

    `owners` says of each passage which report it belongs to (a row of the corpus, ascending).
    """

    def __init__(self, passages: Records, owners: NDArray[np.int64]) -> None:
        self.passages, self.owners = passages, owners
        self._bands = [_band(passages["signature"], b) for b in range(N_BANDS)]
        self._orders = [np.argsort(band, kind="stable").astype(np.int32) for band in self._bands]
        self._bands = [band[order] for band, order in zip(self._bands, self._orders, strict=True)]

    def similar(self, passages: Records, *, skip: frozenset[int]) -> list[dict[int, float]]:
        """For each passage the passages like it, row → similarity; those of the reports in `skip` left out."""
        found: list[set[int]] = [set() for _ in passages]
        for b, (band, order) in enumerate(zip(self._bands, self._orders, strict=True)):
            wanted = _band(passages["signature"], b)
            lows = np.searchsorted(band, wanted, "left")
            highs = np.minimum(np.searchsorted(band, wanted, "right"), lows + MOST_CANDIDATES + len(skip))
            for rows, low, high in zip(found, lows.tolist(), highs.tolist(), strict=True):
                if low < high:
                    rows.update(order[low:high].tolist())
        return [self._like(p["signature"], sorted(rows), skip) for p, rows in zip(passages, found, strict=True)]

    def _like(self, signature: Any, rows: list[int], skip: frozenset[int]) -> dict[int, float]:
        rows = [row for row in rows if int(self.owners[row]) not in skip]
        if not rows:
            return {}
        same = (self.passages["signature"][rows] == signature).mean(axis=1)
        near = np.maximum((same - _CHANCE) / (1 - _CHANCE), 0.0)
        return {row: float(value) for row, value in zip(rows, near) if value >= SIMILAR_FROM}


def _band(signatures: NDArray[np.uint8], number: int) -> NDArray[np.uint32]:
    width = N_HASHES // N_BANDS
    part = np.ascontiguousarray(signatures[:, number * width : (number + 1) * width])
    band: NDArray[np.uint32] = part.view("<u4").reshape(len(part))
    return band


def copied_passages(
    passages: Records, index: PassageIndex, names: Sequence[str], *, skip: frozenset[int]
) -> tuple[CopiedPassage, ...]:
    """The runs of passages that follow each other in another report too, in order, none overlapping.

    A passage that stands in several reports is given to the one that the most was copied from; `names` are the reports'.
    """
    similar = index.similar(passages, skip=skip)
    lengths = (passages["end"] - passages["start"]).tolist()
    shared: dict[int, int] = {}
    for length, rows in zip(lengths, similar, strict=True):
        for owner in {int(index.owners[row]) for row in rows}:
            shared[owner] = shared.get(owner, 0) + length
    runs: list[list[tuple[int, int]]] = []
    for here, rows in enumerate(similar):
        if not rows:
            continue
        last = runs[-1][-1] if runs else (-2, -2)
        there = last[1] + 1
        if last[0] == here - 1 and there in rows and index.owners[there] == index.owners[last[1]]:
            runs[-1].append((here, there))
        else:
            owners = {row: int(index.owners[row]) for row in rows}
            runs.append([(here, min(rows, key=lambda row: (-shared[owners[row]], owners[row], -rows[row], row)))])
    return tuple(_joined(run, passages, similar, index, names) for run in runs)


def _joined(
    run: list[tuple[int, int]],
    passages: Records,
    similar: list[dict[int, float]],
    index: PassageIndex,
    names: Sequence[str],
) -> CopiedPassage:
    (first, there), (last, end) = run[0], run[-1]
    weights = [int(passages["end"][here] - passages["start"][here]) for here, _ in run]
    similarity = sum(w * similar[here][row] for w, (here, row) in zip(weights, run, strict=True)) / sum(weights)
    return CopiedPassage(
        int(passages["start"][first]),
        int(passages["end"][last]),
        names[int(index.owners[there])],
        int(index.passages["start"][there]),
        int(index.passages["end"][end]),
        similarity,
    )
