"""One line by itself: its text as the line model reads it, its shape as numbers, and where a run-in heading would end."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from govtext.boilerplate.rules import LineRule, form_of, line_rules, rule_hits
from govtext.boilerplate.stretches import find_stretches
from govtext.features.ngrams import normalise
from govtext.segmentation.markers import FAMILIES, marker_at

# Private-use characters stand for the two ends of a line, so that an n-gram can say "begins with" or "ends in".
BEGIN, END = "\ue000", "\ue001"
HEAD, TAIL = 40, 15  # characters: what tells a line's kind stands at its ends (longer heads gained nothing on folds)
FARTHEST_RUN_IN = 60  # characters behind the marker; of 1,405 labelled run-in headings none is longer than 36
_STOPS = "。！？!?"
_SENTENCE_END = re.compile(r"[。:?!]|\.(?!\d)")
_SITE_MARKS = re.compile(r"[|>/\[\]【】《》:©*_-]")
_FULL_DATE = re.compile(r"0000[-年./]0{1,2}[-月./]0{1,2}日?$")
_SHORT_DATE = re.compile(r"\D00-00$")
_CHINESE_DATE = re.compile("[二][〇○o0零一二三四五六七八九]{3}年")

SHAPE = (
    "log_length", "up_to_4", "up_to_12", "up_to_25", "up_to_40", "over_60", "over_120", "log_commas", "log_stops",
    "has_semicolon", "digit_share", "log_site_marks", "site_mark_share", "space_share", "indented", "ends_stop",
    "ends_colon", "ends_comma", "ends_digit", "ends_bracket", "begins_bracket", "digit_near_end", "short_date_end",
    "full_date_end", "chinese_date", "has_sentence_end", "log_first_sentence", "text_behind_first", "first_is_all",
    "log_behind_first", "first_commas", "marked", "marker_alone", "cut_before", "cut_behind",
)  # fmt: skip


_ONE_HOT = {family: tuple(float(family == name) for name in FAMILIES) for family in (None, *FAMILIES)}


@dataclass(frozen=True, slots=True)
class Line:
    """A piece of a report as the line model sees it.

    text     normalised, white space folded
    family   marker family, None without marker
    opening  the first two characters behind the marker: sections of one hand often open alike
    run_in   characters from the piece's start to where a run-in heading would end, 0 if it has no place
    shape    numbers in the order of `SHAPE`
    hits     which rules fire, in the order of the rules file
    form     what the line is for certain, whatever stands around it
    rest     the line without the junk that a site or converter put inside it; None where there is none or nothing else
    """

    text: str
    family: str | None
    opening: str
    run_in: int
    shape: tuple[float, ...]
    hits: tuple[bool, ...]
    form: LineRule | None = None
    rest: Line | None = None

    @property
    def head(self) -> str:
        """The beginning, with its mark."""
        return BEGIN + self.text[:HEAD]

    @property
    def tail(self) -> str:
        """The end, with its mark."""
        return self.text[-TAIL:] + END

    @property
    def cues(self) -> list[float]:
        """Shape, marker family one-hot, rule hits: the plain numbers of the line model."""
        return [*self.shape, *_ONE_HOT[self.family], *map(float, self.hits)]


def n_cues() -> int:
    """How many plain numbers a line has."""
    return len(SHAPE) + len(FAMILIES) + len(line_rules())


def to_line(piece: str, plain: str | None = None, *, cut_before: bool = False, cut_behind: bool = False) -> Line:
    """The line model's view of a piece; `cut_…` say that it shares its line with another piece."""
    plain = normalise(piece) if plain is None else plain
    text = " ".join(plain.split())
    n = len(text)
    begin = len(piece) - len(piece.lstrip())
    marker = marker_at(piece, begin)
    body = marker.end if marker else begin
    stop = _SENTENCE_END.search(plain, body + 1, body + FARTHEST_RUN_IN)
    run_in = stop.end() if stop else 0
    behind = len(plain.rstrip()) - run_in if run_in else 0
    last, first = text[-1:], text[:1]
    marks = len(_SITE_MARKS.findall(text))
    shape = (
        math.log1p(n), n <= 4, n <= 12, n <= 25, n <= 40, n > 60, n > 120,
        math.log1p(text.count(",")), math.log1p(text.count("。") + text.count(".")), ";" in text,
        text.count("0") / max(n, 1), math.log1p(marks), marks / max(n, 1), text.count(" ") / max(n, 1), begin > 0,
        last in ("。", "."), last == ":", last in (";", ","), last == "0", last in (")", "】", "]"),
        first in ("(", "【", "[", "《"), "0" in text[-5:], _SHORT_DATE.search(text) is not None,
        _FULL_DATE.search(text) is not None, _CHINESE_DATE.search(text[:40]) is not None,
        run_in > 0, math.log1p(run_in - body) if run_in else 0.0, behind > 10, run_in > 0 and behind <= 0,
        math.log1p(max(behind, 0)), plain.count(",", body, run_in) if run_in else 0,
        marker is not None, marker is not None and body >= len(plain.rstrip()),
        cut_before, cut_behind,
    )  # fmt: skip
    family = marker.family if marker else None
    hits, form = rule_hits(text), form_of(text)
    rest = _rest(piece, run_in) if any(hits) and form is None else None
    return Line(text, family, plain[body : body + 2], run_in, tuple(map(float, shape)), hits, form, rest)


def _rest(piece: str, run_in: int) -> Line | None:
    """The line without the junk in it, where that is a sentence or the junk a field code; `run_in` is the whole line's.

    A running head goes with its page number and a copyright line with its sign, whatever is left without them.
    """
    kept, position, coded = "", 0, False
    for stretch in find_stretches(piece):
        if stretch.kind != "mask":
            kept += piece[position : stretch.start]
            position = stretch.end
            coded |= stretch.reason.startswith("field_code")
    kept = (kept + piece[position:]).strip()
    if not position or not kept or not (coded or kept[-1] in _STOPS):
        return None
    return replace(to_line(kept), run_in=run_in, rest=None)


def cue_matrix(lines: Sequence[Line]) -> NDArray[np.float64]:
    """Plain numbers of the lines, (n_lines, n_cues)."""
    return np.array([line.cues for line in lines], np.float64).reshape(len(lines), n_cues())
