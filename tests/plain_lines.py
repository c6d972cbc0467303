"""One line read by itself, without columns or needles: what `govtext.boilerplate.lines` and `rules` are held against.

Every rule is searched in every line, and all is counted in a copy of the line: slow, and short enough to be believed.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

from govtext.boilerplate.lines import BEGIN, END, FARTHEST_RUN_IN, HEAD, TAIL
from govtext.boilerplate.rules import LONGEST_FORM, LONGEST_LINE, line_forms, line_rules
from govtext.features.ngrams import normalise
from govtext.segmentation.markers import marker_at

# In normalised text every digit is 0; those of other scripts are letters like others.
SENTENCE_END = re.compile(r"[。:?!]|\.(?!0)")
SITE_MARKS = re.compile(r"[|>/\[\]【】《》:©*_-]")
FULL_DATE = re.compile(r"0000[-年./]0{1,2}[-月./]0{1,2}日?\Z")
SHORT_DATE = re.compile(r"[^0]00-00\Z")
CHINESE_DATE = re.compile("二[〇○o0零一二三四五六七八九]{3}年")
DATED = 40  # characters in which a date in Chinese numerals counts


@dataclass(frozen=True, slots=True)
class Line:
    """A piece of a report as the line model sees it.

    text     normalised, white space folded
    family   marker family, None without marker
    opening  the first two characters behind the marker
    run_in   characters from the piece's start to where a run-in heading would end, 0 if it has no place
    shape    numbers in the order of `SHAPE`
    hits     which rules fire, in the order of the rules file
    """

    text: str
    family: str | None
    opening: str
    run_in: int
    shape: tuple[float, ...]
    hits: tuple[bool, ...]

    @property
    def head(self) -> str:
        """The beginning, with its mark."""
        return BEGIN + self.text[:HEAD]

    @property
    def tail(self) -> str:
        """The end, with its mark."""
        return self.text[-TAIL:] + END


def to_line(piece: str, *, cut_before: bool = False, cut_behind: bool = False) -> Line:
    """The line model's view of a piece; `cut_…` say that it shares its line with another piece."""
    plain = normalise(piece)
    text = " ".join(plain.split())
    n, end = len(text), len(plain.rstrip())
    begin = len(piece) - len(piece.lstrip())
    marker = marker_at(piece, begin)
    body = marker.end if marker else begin
    stop = SENTENCE_END.search(plain, body + 1)
    run_in = stop.end() if stop and stop.start() < body + FARTHEST_RUN_IN else 0
    behind = end - run_in if run_in else 0
    last, first = text[-1:], text[:1]
    marks = len(SITE_MARKS.findall(text))
    shape = (
        math.log1p(n), n <= 4, n <= 12, n <= 25, n <= 40, n > 60, n > 120,
        math.log1p(text.count(",")), math.log1p(text.count("。") + text.count(".")), ";" in text,
        text.count("0") / max(n, 1), math.log1p(marks), marks / max(n, 1), text.count(" ") / max(n, 1), begin > 0,
        last in ("。", "."), last == ":", last in (";", ","), last == "0", last in (")", "】", "]"),
        first in ("(", "【", "[", "《"), "0" in text[-5:], SHORT_DATE.search(text) is not None,
        FULL_DATE.search(text) is not None, CHINESE_DATE.search(text[:DATED]) is not None,
        run_in > 0, math.log1p(run_in - body) if run_in else 0.0, behind > 10, run_in > 0 and behind <= 0,
        math.log1p(max(behind, 0)), plain.count(",", body, run_in) if run_in else 0,
        marker is not None, marker is not None and body >= end,
        cut_before, cut_behind,
    )  # fmt: skip
    hits = tuple(rule.pattern.search(text[:LONGEST_LINE]) is not None for rule in line_rules())
    return Line(text, marker.family if marker else None, plain[body : body + 2], run_in, tuple(map(float, shape)), hits)


def form_name(piece: str) -> str | None:
    """The name of the first form that a piece is from its beginning to its end."""
    text = " ".join(normalise(piece).split())
    forms = line_forms() if len(text) <= LONGEST_FORM else ()
    return next((form.name for form in forms if form.pattern.fullmatch(text)), None)
