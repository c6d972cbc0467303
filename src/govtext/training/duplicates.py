"""Which documents copy from each other: near-duplicate passages by their five-character shingles, documents joined over them.

Reports of offices copy each other and their own last year; a copy that is trained on and measured on flatters every figure.
MinHash finds candidates (Broder 1997), the exact Jaccard similarity of the shingles decides. Numbers count as equal whatever
their digits: the same paragraph with this year's figures is a copy.
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import blake2b

import numpy as np
import scipy.sparse as sparse
from numpy.typing import NDArray
from scipy.sparse.csgraph import connected_components

from govtext.features.ngrams import Ints, join

SHINGLE = 5  # characters
SHORTEST = 30  # characters of a passage that can be a copy, white space and further digits of a number left out
LONGEST = 5000  # characters of a passage that are looked at
# Jaccard similarity of the shingles. At 0.5 the 801 labelled documents have 8 groups of several, the largest of six (at 0.3 of
# 17; by containment in the shorter passage of 33); pairs at 0.3–0.5 share ritual sentences and were written apart. Of 242 raw
# documents the largest group has 38: the communiqués of one committee.
SIMILAR_FROM = 0.5
N_BANDS, BAND = 32, 3  # pairs of similarity 0.5 meet in 98.6 of 100 cases, of 0.7 in all
MOST_COMPARED = 16  # distinct passages that one passage meets in one band: time stays linear whatever a corpus repeats
AT_ONCE = 1 << 20  # shingles hashed together
_SEED = 20260101
_SPACE, _DIGIT = 0x20, 0x30


def near_duplicate_groups(
    documents: Sequence[Sequence[str]],
    *,
    sources: Sequence[str | None] = (),
    shortest: int = SHORTEST,
    similar_from: float = SIMILAR_FROM,
) -> Ints:
    """The group of each document, (n_documents,), each given as its passages: documents that share a near-duplicate are in one.

    sources       the file or site that each document was cut out of, None if unknown; those of one source are one group
    shortest      characters from which a passage counts; shorter ones are ritual or headings and join nothing
    similar_from  Jaccard similarity of two passages' shingles from which they are near-duplicates, 0–1

    Documents whose whole text is equal are one group too, however short. Being near goes on: a copy of a copy is in the group.
    Numbers follow the content of the documents, so a document's number is the same whatever the order of all.
    """
    folded = [_folded(passages) for passages in documents]
    rank = _content_ranks(folded)
    owner = np.repeat(np.arange(len(documents)), [len(passages) for passages in folded])
    texts = [passage for passages in folded for passage in passages]
    long_enough = np.array([len(text) >= max(shortest, SHINGLE) for text in texts], bool)
    kept = np.flatnonzero(long_enough)
    distinct, number = np.unique(np.array([texts[i] for i in kept], object), return_inverse=True)
    left, right = _near_pairs(distinct.tolist(), similar_from)
    n = len(documents)
    known = {source: k for k, source in enumerate(sorted({source for source in sources if source is not None}))}
    named = [k for k, source in enumerate(sources) if source is not None]
    source = np.array([known[str(sources[k])] for k in named], np.int64)
    # Nodes: documents, then distinct contents of whole documents, then distinct passages, then sources.
    first_passage, first_source = 2 * n, 2 * n + len(distinct)
    ends = np.concatenate([np.arange(n), owner[kept], first_passage + left, np.array(named, np.int64)])
    others = np.concatenate([n + rank, first_passage + number, first_passage + right, first_source + source])
    size = first_source + len(known)
    graph = sparse.coo_matrix((np.ones(len(ends), np.int8), (ends, others)), shape=(size, size))
    component = connected_components(graph, directed=False)[1][:n]
    return _by_smallest(component, rank)


def _folded(passages: Sequence[str]) -> list[str]:
    """The passages normalised, without white space, each number one 0; empty ones left out."""
    if not passages:
        return []
    joined = join([passage[:LONGEST] for passage in passages])
    codes = joined.codes
    kept = codes != _SPACE
    kept[1:] &= (codes[1:] != _DIGIT) | (codes[:-1] != _DIGIT)
    passage = np.repeat(np.arange(len(joined)), joined.lengths + 1)
    ends = np.cumsum(np.bincount(passage[kept], minlength=len(joined)))
    shown = codes[kept].astype("<u4")
    shown[ends - 1] = 0x0A  # the sentinel is no character
    text = shown.tobytes().decode("utf-32-le", "surrogatepass")
    pieces = [text[a : b - 1] for a, b in zip([0, *ends.tolist()], ends.tolist())]
    return [piece for piece in pieces if piece]


def _content_ranks(folded: Sequence[Sequence[str]]) -> Ints:
    """The rank of each document among all by a hash of its text; equal documents share it."""
    digests = [
        blake2b("\n".join(passages).encode("utf-8", "surrogatepass"), digest_size=16).hexdigest() for passages in folded
    ]
    return np.unique(np.array(digests, "U32"), return_inverse=True)[1].astype(np.int64)


def _by_smallest(component: NDArray[np.int32], rank: Ints) -> Ints:
    """The components numbered from 0 in the order of their smallest rank."""
    smallest = np.full(int(component.max(initial=-1)) + 1, len(rank), np.int64)
    np.minimum.at(smallest, component, rank)
    order = np.argsort(np.argsort(smallest, kind="stable"), kind="stable")
    return np.asarray(order[component], np.int64)


def _near_pairs(texts: Sequence[str], similar_from: float) -> tuple[Ints, Ints]:
    """Pairs of distinct sorted texts whose shingles have at least that Jaccard similarity."""
    passage, shingle = _shingles(texts)
    n = len(texts)
    if not len(passage):
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    signatures = _signatures(passage, shingle, n)
    found = [np.zeros(0, np.int64)]
    has_shingles = np.flatnonzero(np.bincount(passage, minlength=n))
    for b in range(N_BANDS):
        band = np.ascontiguousarray(signatures[has_shingles, b * BAND : (b + 1) * BAND])
        key = np.unique(band, axis=0, return_inverse=True)[1].ravel()
        order = np.argsort(key, kind="stable")
        for step in range(1, MOST_COMPARED + 1):
            same = key[order[step:]] == key[order[:-step]]
            if not same.any():
                break
            first, second = has_shingles[order[:-step][same]], has_shingles[order[step:][same]]
            found.append(np.minimum(first, second) * n + np.maximum(first, second))
    pairs = np.unique(np.concatenate(found))
    left, right = pairs // n, pairs % n
    near = _jaccard(passage, shingle, left, right, n) >= similar_from
    return left[near], right[near]


def _shingles(texts: Sequence[str]) -> tuple[Ints, NDArray[np.uint64]]:
    """Each passage's distinct shingles as hashes, passages ascending, hashes ascending within one."""
    codes = np.frombuffer("\n".join((*texts, "")).encode("utf-32-le", "surrogatepass"), "<u4").astype(np.uint64)
    lengths = np.fromiter(map(len, texts), np.int64, len(texts))
    n = max(len(codes) - SHINGLE + 1, 0)
    mixed = np.zeros(n, np.uint64)
    for k in range(SHINGLE):
        mixed = (mixed ^ codes[k : k + n]) * np.uint64(0x9E3779B97F4A7C15)  # the golden ratio's odd number
        mixed ^= mixed >> np.uint64(29)
    passage = np.repeat(np.arange(len(texts)), lengths + 1)[:n]
    ends = np.cumsum(lengths + 1)
    within = np.arange(n) + SHINGLE < ends[passage]
    passage, mixed = passage[within], mixed[within] >> np.uint64(32)
    pairs = np.unique(passage.astype(np.uint64) << np.uint64(32) | mixed)
    return (pairs >> np.uint64(32)).astype(np.int64), pairs & np.uint64(0xFFFFFFFF)


def _signatures(passage: Ints, shingle: NDArray[np.uint64], n: int) -> NDArray[np.uint32]:
    """MinHash numbers of each passage, (n, N_BANDS · BAND): the least of its shingles under so many mixings."""
    random = np.random.default_rng(_SEED)
    factor = random.integers(1, 1 << 31, N_BANDS * BAND, dtype=np.uint64) * 2 + np.uint64(1)
    added = random.integers(0, 1 << 63, N_BANDS * BAND, dtype=np.uint64)
    signatures = np.full((n, N_BANDS * BAND), 0xFFFFFFFF, np.uint32)
    heads = np.flatnonzero(np.diff(passage, prepend=-1))
    for k in range(N_BANDS * BAND):
        mixed = ((shingle * factor[k] + added[k]) >> np.uint64(16)).astype(np.uint32)
        signatures[passage[heads], k] = np.minimum.reduceat(mixed, heads)
    return signatures


def _jaccard(passage: Ints, shingle: NDArray[np.uint64], left: Ints, right: Ints, n: int) -> NDArray[np.float64]:
    """The similarity of each pair: shared shingles by those of either."""
    size = np.bincount(passage, minlength=n)
    start = np.cumsum(size) - size
    keys = passage.astype(np.uint64) << np.uint64(32) | shingle
    shared = np.zeros(len(left), np.int64)
    heads = np.concatenate([[0], np.cumsum(size[left])])
    low = 0
    while low < len(left):
        high = max(int(np.searchsorted(heads, heads[low] + AT_ONCE, side="right")) - 1, low + 1)
        counts = size[left[low:high]]
        pair = np.repeat(np.arange(low, high), counts)
        place = start[left[pair]] + np.arange(len(pair)) - np.repeat(heads[low:high] - heads[low], counts)
        wanted = right[pair].astype(np.uint64) << np.uint64(32) | shingle[place]
        at = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
        shared += np.bincount(pair[keys[at] == wanted], minlength=len(left))
        low = high
    return np.asarray(shared / np.maximum(size[left] + size[right] - shared, 1), np.float64)
