"""Cues of a passage that are no words: its length, its place, how it begins and ends."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from govtext.features.ngrams import Codes, join
from govtext.features.passages import Passage

CUES = (
    "log_length", "log_digits", "digits_to_length", "place", "log_passages", "depth", "run_in", "since", "alone",
    "first", "last", "ends_colon", "sentences", "enumerated", "comma_share", "quotes", "years", "is_heading",
)  # fmt: skip
# Characters that are counted, as normalised text has them, by the number of their class.
_COUNTED = ("0", "。;", "、,", '“"《')
_CLASS = np.zeros(0x10000, np.int64)
for _k, _characters in enumerate(_COUNTED, 1):
    _CLASS[[ord(c) for c in _characters]] = _k
_YEAR, _THIS, _LAST, _END, _ZERO, _TWO = map(ord, "年今去底02")
_MARKS = frozenset("一二三四五六七八九（(0123456789０１２３４５６７８９第")
_ENUMERATED = re.compile(
    "[一二三四五六七八九]是|[（(][一二三四五六七八九十]{1,3}[)）]|[0-9]{1,2}[.、．]|第[一二三四五六七八九十百]{1,5}条"
)


def cue_rows(passages: Sequence[Passage], document: NDArray[np.int64] | None = None) -> NDArray[np.float64]:
    """The cues of passages, (n_passages, n_cues); `document` numbers each one's report, from 0 on, by default one's."""
    n = len(passages)
    document = np.zeros(n, np.int64) if document is None else document
    texts = [passage.text for passage in passages]
    joined = join(texts)
    digits, stops, commas, quotes = _counts(joined).T
    heading = np.array([passage.is_heading for passage in passages], bool)
    bodies = np.bincount(document, ~heading)
    n_body = bodies[document]
    passed = (~heading).cumsum() - ~heading - (bodies.cumsum() - bodies)[document]
    lengths, log_digits = np.log1p(joined.lengths), np.log1p(digits)
    columns = [
        lengths, log_digits, log_digits - lengths, (passed + 0.5) / np.maximum(n_body, 1), np.log1p(n_body),
        [len(passage.headings) for passage in passages], [passage.run_in for passage in passages],
        np.minimum([passage.since for passage in passages], 6), n_body <= 1,
        passed == 0, passed >= n_body - 1, [text.endswith((":", "：")) for text in texts], stops,
        [text[:1] in _MARKS and _ENUMERATED.match(text) is not None for text in texts],
        commas / (joined.lengths + 1) * 20, quotes > 0, _years(joined, texts), heading,
    ]  # fmt: skip
    return np.array(columns, np.float64).T.reshape(n, len(CUES))


def _counts(joined: Codes) -> NDArray[np.int64]:
    """How many characters of each class of `_COUNTED` each text has, (n_texts, 4)."""
    kinds = _CLASS.take(joined.codes, mode="clip")
    some = kinds.nonzero()[0]
    owner = joined.starts.searchsorted(some, side="right") - 1
    k = len(_COUNTED)
    return np.bincount(owner * k + kinds[some] - 1, minlength=len(joined) * k).reshape(len(joined), k)


def _years(joined: Codes, texts: Sequence[str]) -> NDArray[np.int64]:
    """How often each text names a year: 2019年, 今年, 去年, 年底; one for each 年."""
    places = (joined.codes == _YEAR).nonzero()[0]
    # Digits are all 0 in normalised text, which is what 20 must be told from.
    raw = np.frombuffer("\n".join((*texts, "")).encode("utf-32-le", "surrogatepass"), "<i4")

    def at(offset: int) -> NDArray[np.int32]:
        codes: NDArray[np.int32] = raw.take(places + offset, mode="clip")
        return codes

    figures = (at(-4) == _TWO) & (at(-3) == _ZERO) & _is_ascii_digit(at(-2)) & _is_ascii_digit(at(-1))
    named = figures & (places >= 4) | (at(-1) == _THIS) | (at(-1) == _LAST) | (at(1) == _END)
    owner = joined.starts.searchsorted(places[named], side="right") - 1
    return np.bincount(owner, minlength=len(joined))


def _is_ascii_digit(codes: NDArray[np.int32]) -> NDArray[np.bool_]:
    return np.asarray((codes >= ord("0")) & (codes <= ord("9")), bool)
