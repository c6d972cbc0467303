"""The lines of a report as a corpus counts them: which line, between which neighbours, in which words, amid prose or not."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from govtext.boilerplate.masking import folded, mask
from govtext.features.ngrams import normalise

Span = tuple[int, int]
Records = NDArray[np.void]
# One line of one report: hashes of its masked form, of its neighbours' (0: none), of its words with their figures.
LINE: Final = np.dtype([("line", "<i8"), ("previous", "<u4"), ("next", "<u4"), ("form", "<u4"), ("outside", "u1")])
MOST_LINES = 4096  # different lines of one report that are kept, those with the smallest hashes
SHORTEST_SENTENCE = 20  # masked characters that make a sentence prose; a link's title seldom ends in 。
_SENTENCES = re.compile(r"[。!?;]")


@dataclass(frozen=True, slots=True, eq=False)
class Lines:
    """A report's lines in order: their spans, masked forms and records, row by row; and what its prose is known by.

    `content` is the smallest hash of a masked sentence: copies of a report share it whatever stands around them.
    """

    spans: tuple[Span, ...]
    masked: tuple[str, ...]
    records: Records
    content: int


def hash63(text: str) -> int:
    """A number from 0 to 2⁶³ − 1 for a text, the same in every process."""
    return int.from_bytes(hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "big") >> 1


def text_lines(text: str) -> list[Span]:
    """The spans of the text's lines, without their line ends."""
    spans, start = [], 0
    for line in text.split("\n"):
        spans.append((start, start + len(line)))
        start += len(line) + 1
    return spans


def to_lines(text: str, spans: Sequence[Span]) -> Lines:
    """The lines at `spans`, those of white space left out."""
    plain = normalise(text)
    forms = [mask(plain[start:end]) for start, end in spans]
    kept = [i for i, form in enumerate(forms) if form]
    shapes = tuple(forms[i] for i in kept)
    sentences = [[s for s in _SENTENCES.split(shape)[:-1] if len(s) >= SHORTEST_SENTENCE] for shape in shapes]
    prose = [row for row, found in enumerate(sentences) if found]
    first, last = (prose[0], prose[-1]) if prose else (len(shapes), -1)
    hashes = [hash63(shape) for shape in shapes]
    low = [h & 0xFFFFFFFF for h in hashes]
    records = np.zeros(len(kept), LINE)
    records["line"] = hashes
    records["previous"] = [0, *low[:-1]][: len(low)]
    records["next"] = [*low[1:], 0][: len(low)]
    records["form"] = [hash63(folded(text[slice(*spans[i])])) & 0xFFFFFFFF for i in kept]
    records["outside"] = [row < first or row > last for row in range(len(kept))]
    content = min((hash63(s) for found in sentences for s in found), default=hash63("\n".join(shapes)))
    return Lines(tuple(spans[i] for i in kept), shapes, records, content)


def kept_lines(lines: Lines) -> Records:
    """What a corpus keeps of a report's lines: the first record of each line, sorted by line."""
    records: Any = lines.records
    _, first = np.unique(records["line"], return_index=True)
    kept: Records = records[first[:MOST_LINES]]
    return kept
