"""Cues of a passage that are no words: its length, its place, how it begins and ends."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from govtext.features.passages import Passage

CUES = (
    "log_length", "log_digits", "digits_to_length", "place", "log_passages", "depth", "run_in", "since", "alone",
    "first", "last", "ends_colon", "sentences", "enumerated", "comma_share", "quotes", "years", "is_heading",
)  # fmt: skip
_DIGIT = re.compile(r"[0-9０-９]")
_STOP = re.compile("[。;；]")
_COMMA = re.compile("[、,，]")
_QUOTE = re.compile('[“"《]')
_YEAR = re.compile("20[0-9]{2}年|今年|去年|年底")
_ENUMERATED = re.compile(
    "[一二三四五六七八九]是|[（(][一二三四五六七八九十]{1,3}[)）]|[0-9]{1,2}[.、．]|第[一二三四五六七八九十百]{1,5}条"
)


def cue_rows(passages: Sequence[Passage]) -> NDArray[np.float64]:
    """The cues of all passages of one report, (n_passages, n_cues)."""
    n_body = sum(not p.is_heading for p in passages)
    rows = []
    passed = 0
    for passage in passages:
        text = passage.text
        length, digits = math.log1p(len(text)), math.log1p(len(_DIGIT.findall(text)))
        rows.append(
            (
                length, digits, digits - length, (passed + 0.5) / max(n_body, 1), math.log1p(n_body),
                len(passage.headings), passage.run_in, min(passage.since, 6), n_body <= 1,
                passed == 0, passed >= n_body - 1, text.endswith((":", "：")), len(_STOP.findall(text)),
                _ENUMERATED.match(text) is not None, len(_COMMA.findall(text)) / (len(text) + 1) * 20,
                _QUOTE.search(text) is not None, len(_YEAR.findall(text)), passage.is_heading,
            )
        )  # fmt: skip
        passed += not passage.is_heading
    return np.array(rows, np.float64).reshape(len(passages), len(CUES))
