"""The reports that one page holds: where each begins, and its title.

A page may hold several reports, numbered (篇一, 第二篇：) or told apart by nothing but a new title. What looks the same and
is not: a title repeated as caption or running head, a subtitle, a title broken over lines, a heading of one long plan
(第一篇 指导方针). Needs the kinds and texts of paragraphs, not their levels, so levels can be found part by part.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple, Protocol

from govtext.document import Part
from govtext.elements.dates import read_day, to_plain
from govtext.elements.offices import is_masked_office, is_office
from govtext.elements.titles import (
    LONGEST_TITLE,
    MARK,
    NOISE,
    SHORTEST_TITLE,
    STOPS,
    is_title_like,
    mark_of,
    numbered_behind,
    title_key,
    title_value,
)
from govtext.segmentation.markers import marker_at

LONGEST_LINE = 400  # characters of a paragraph, white space included, that may be a title at all
LEAST_CONTENT = 60  # characters of body between two titles that make two reports; captions stand closer
SIGNED_CONTENT = 20
TITLE_LINES = 4  # the most lines that a title is broken over
FAR = 40  # how many lines behind a title its content may begin
MOST_SEEN = 40  # titles of one report that a new one is held against
NEAR = 4  # how many lines before and behind a title may speak for it
ENOUGH = 4  # points; see _points

PLACED = re.compile(r"[省市县区州旗厅局委部]|中共|政府|国务院")
_DATED = re.compile(r"关于|《|19[0-9]{2}|20[0-9a-zA-Z*_]{2}|二0|一九|年度|“")
_NAMED = re.compile(f"{PLACED.pattern}|{_DATED.pattern}")
# What a title says before what it is about; with a stop in it, the line is a sentence.
_OPENS = re.compile(r"\A[^，。；：]{0,40}(?:关于|印发|转发|批转|对)[^，。；：]{0,50}\Z")
_DELIVERED = re.compile(r"(?:会议|大会)上|通过）?\Z")
_ANNEX = re.compile(r"附件?\s{0,3}[一二三四五六七八九十0-9]{0,2}\s{0,3}[：.、]?")
_PASSED_ON = re.compile("印发|转发|发布|颁布|批转|下发")


class Placed(Protocol):
    """What of a paragraph tells the reports of a page apart: where it stands, its kind, where a run-in heading ends."""

    @property
    def start(self) -> int:
        """Where it begins in the text."""

    @property
    def end(self) -> int:
        """Where it ends."""

    @property
    def kind(self) -> str:
        """One of `PARAGRAPH_KINDS`."""

    @property
    def heading_end(self) -> int | None:
        """Where a run-in heading ends."""


class _Piece(NamedTuple):
    """What the title hunt needs of a paragraph: its number, kind, plain text (cut at `LONGEST_TITLE`), true length."""

    number: int
    kind: str
    plain: str
    length: int


def find_parts(text: str, paragraphs: Sequence[Placed], plain: str | None = None) -> tuple[Part, ...]:
    """The reports of a page in order; their paragraphs tile the page, and a page with one report is one part.

    `plain` is the plain copy of the text, if known.

    What stands before the first report (menus, a collection's own title, an editor's words) belongs to the first part.
    """
    if not paragraphs:
        return ()
    plain = to_plain(text) if plain is None else plain
    pieces = _pieces(plain, paragraphs)
    places = _starts(pieces)
    starts = [pieces[_first_line(pieces, k)].number for k in places]
    opening = pieces[places[0]].plain if places else ""
    numbered = mark_of(opening) is not None or numbered_behind(opening) is not None
    bounds = [0, *starts[1:]] if starts else [0]
    parts = []
    for number, (first, stop) in enumerate(zip(bounds, [*bounds[1:], len(paragraphs)])):
        # Before the first report a collection's own title may stand.
        begin = starts[number] if number or numbered else first
        lines = find_title(plain, paragraphs, begin, stop)
        title = title_value(text[paragraphs[lines[0]].start : paragraphs[lines[1] - 1].end]) if lines else None
        parts.append(Part(first, stop, title))
    return tuple(parts)


def find_title(plain: str, paragraphs: Sequence[Placed], first: int, stop: int) -> tuple[int, int] | None:
    """The paragraphs (half-open) that make the title of a part, None if it has none; broken titles are joined.

    `plain` is the plain copy of the text.
    """
    pieces = _pieces(plain, paragraphs, first, stop, FAR + TITLE_LINES)
    head = _head(pieces)
    titles = [k for k in head if pieces[k].kind == "title" and pieces[k].length <= LONGEST_LINE]
    titles = [k for k in titles if is_title_like(pieces[k].plain) or not _is_furniture(pieces[k].plain)]
    marked = [k for k in head if _mark(pieces[k])][-1:]
    # A line that is no title of itself may begin one that is broken over lines, or stand above its subtitle.
    opened = [k for k in head if _OPENS.search(pieces[k].plain) and marker_at(pieces[k].plain) is None]
    named = [k for k in head if _NAMED.search(pieces[k].plain) and is_title_like(pieces[k].plain)]
    for k in marked or [*titles, *opened, *(k for k in named if marker_at(pieces[k].plain) is None)]:
        for first in [*(o for o in opened if k - TITLE_LINES < o < k), k]:
            count = _title_lines(pieces, first)
            if first + count > k:
                return pieces[first].number, pieces[first + count - 1].number + 1
    return (pieces[titles[0]].number, pieces[titles[0]].number + 1) if titles else None


def _title_lines(pieces: Sequence[_Piece], k: int) -> int:
    """How many lines from `k` on make a title together, 0 if none do."""
    joined = ""
    for count, piece in enumerate(pieces[k : k + TITLE_LINES], 1):
        whole = PLACED.search(piece.plain) and _DATED.search(piece.plain) and is_title_like(piece.plain)
        continues = joined.endswith(("关于", "的", "和", "、")) or piece.plain.startswith("-") or MARK.fullmatch(joined)
        if (count > 1 and whole and not continues) or piece.kind not in ("title", "meta", "heading"):
            return 0
        joined += piece.plain
        if is_title_like(joined):
            return count
    return 0


def _pieces(
    plain: str, paragraphs: Sequence[Placed], first: int = 0, stop: int | None = None, most: int | None = None
) -> list[_Piece]:
    """The paragraphs that hold content, in order, at most so many; boilerplate and white space are left out."""
    pieces: list[_Piece] = []
    for index in range(first, len(paragraphs) if stop is None else stop):
        p = paragraphs[index]
        if p.kind == "boilerplate":
            continue
        words = plain[p.start : p.heading_end or p.end].strip()
        if words:
            pieces.append(_Piece(index, p.kind, words[: LONGEST_TITLE + 1], p.end - p.start))
            if len(pieces) == most:
                break
    return pieces


def _starts(pieces: Sequence[_Piece]) -> list[int]:
    """The places among `pieces` where a report begins, after the page's first title."""
    marked = _marked(pieces)
    starts: list[int] = []
    seen: set[str] = set()
    content = 0
    ones = 0
    signed = -NEAR
    for k, piece in enumerate(pieces):
        if k in marked:
            if starts and content < LEAST_CONTENT:
                starts[-1] = k  # a collection's own title, or a table of contents, was taken for a report
            else:
                starts.append(k)
            seen, content, ones = {title_key(piece.plain)}, 0, 0
        elif is_title_like(piece.plain) and marker_at(piece.plain) is None:
            key = title_key(piece.plain)
            # A notice names the plan that it passes on, which then stands behind its signature under that very name.
            passed_on = bool(starts) and k - signed <= NEAR and _PASSED_ON.search(pieces[starts[-1]].plain) is not None
            # What was signed was whole, however short: 现印发给你们，请遵照执行。
            enough = content >= (SIGNED_CONTENT if k - signed <= NEAR else LEAST_CONTENT)
            fresh = enough and not marked and (passed_on or _is_new(key, seen))
            # 附件：… with a name above the signature lists what is enclosed; below it, it heads the annex.
            listed = _ANNEX.match(piece.plain) and any(_signs(p) for p in pieces[k + 1 : k + 1 + NEAR])
            fresh = fresh and not listed and _has_content(pieces, k + 1)
            if not starts or (fresh and _points(pieces, k, pieces[starts[-1]], ones, k - signed) >= ENOUGH):
                if not starts and content >= LEAST_CONTENT:
                    content += piece.length
                    continue
                starts.append(k)
                seen, content, ones = {key}, 0, 0
            elif len(seen) < MOST_SEEN:
                seen.add(key)
        elif piece.kind in ("body", "heading"):
            content += piece.length
            if piece.plain.startswith("一"):
                marker = marker_at(piece.plain)
                ones += marker is not None and marker.family == "chinese" and marker.number == 1
        elif _signs(piece):
            signed = k
    return starts


def _signs(piece: _Piece) -> bool:
    """Whether a line is an office, masked or not, or bears a day, as those that sign do."""
    named = is_office(piece.plain) or is_masked_office(piece.plain)
    return piece.kind == "meta" and (named or read_day(piece.plain) is not None)


def _is_new(key: str, seen: set[str]) -> bool:
    """Whether a title is none of those of the report so far, in whole or in part."""
    return not any(key in other or other in key for other in seen)


def _has_content(pieces: Sequence[_Piece], k: int) -> bool:
    """Whether content stands behind a title, before the next title: links at the foot of a page have none."""
    content = 0
    for piece in pieces[k : k + FAR]:
        if piece.kind in ("body", "heading"):
            content += piece.length
        if content >= LEAST_CONTENT:
            return True
        if piece.kind == "title" and content:
            return False
    return False


def _first_line(pieces: Sequence[_Piece], k: int) -> int:
    """Where the title begins whose last line or subtitle stands at `k`."""
    first = k
    while k - first < TITLE_LINES and first and pieces[first - 1].kind == "title":
        before = pieces[first - 1].plain
        if is_title_like(before) or _is_furniture(before):
            break
        first -= 1
    return first


def _points(pieces: Sequence[_Piece], k: int, before: _Piece, ones: int, since_signed: int) -> int:
    """How much speaks for a new report at `k`: its kind, a name in it, and what stands before and behind."""
    piece = pieces[k]
    behind = pieces[k + 1 : k + 1 + NEAR]
    points = 2 * (piece.kind == "title")
    # An office or place with a year or a subject: 青石县科技局2019年工作总结. A bare 2019年工作计划 is a heading more often.
    named = bool(PLACED.search(piece.plain)) + bool(_DATED.search(piece.plain))
    points += named if named else -1
    # Numbers that start anew at 一、 behind it, before any other number.
    markers = [m for m in (marker_at(p.plain) for p in pieces[k + 1 : k + 12]) if m and m.family == "chinese"]
    if ones and markers and markers[0].number == 1:
        points += 2
    elif not markers and piece.kind == "title":
        points += 1
    if since_signed <= NEAR:
        points += 2
    if any(p.kind == "meta" and p.plain[-1] == "：" for p in behind):
        points += 1
    if any(p.kind in ("meta", "title") and _DELIVERED.search(p.plain) for p in behind):
        points += 2
    if _ANNEX.match(piece.plain) or any(_ANNEX.fullmatch(p.plain) for p in pieces[max(0, k - 2) : k]):
        points += 2
    if _PASSED_ON.search(before.plain) and _core(piece.plain) in title_key(before.plain):
        points += 1
    return points


def _marked(pieces: Sequence[_Piece]) -> set[int]:
    """Which pieces are numbered titles of reports; 第一篇 heads a report only where most of its kind name a document."""
    found: dict[str, list[tuple[int, bool]]] = {}
    for k, piece in enumerate(pieces):
        mark = mark_of(piece.plain)
        if not mark:
            if piece.kind == "title" and numbered_behind(piece.plain):
                found.setdefault("behind", []).append((k, True))
            continue
        rest = piece.plain[mark.end() :]
        # A mark alone on its line numbers the title behind it.
        behind = pieces[k + 1].plain if k + 1 < len(pieces) else ""
        good = is_title_like(rest) or (not rest and is_title_like(behind))
        kind = mark.lastgroup or ""
        if kind == "bare":
            good = good and piece.kind == "title"
        if kind == "numbered" and len(rest) <= LONGEST_TITLE // 2 and rest[-1:] not in STOPS:
            good = good or piece.kind == "title" or not rest
        found.setdefault(kind, []).append((k, good))
    marked = {kind: {k for k, good in hits if good} for kind, hits in found.items()}
    most = {kind: 2 * len(good) > len(found[kind]) for kind, good in marked.items()}
    # （一） numbers headings far more often than reports, and one number behind a title is a chapter's: it takes two.
    return {
        k
        for kind, good in marked.items()
        for k in good
        if most[kind] and (kind not in ("bare", "behind") or len(good) > 1)
    }


def _mark(piece: _Piece) -> re.Match[str] | None:
    mark = mark_of(piece.plain)
    return mark if mark and (mark.lastgroup != "bare" or piece.kind == "title") else None


def _head(pieces: Sequence[_Piece]) -> list[int]:
    """The places before the content of a part begins."""
    content, head = 0, []
    for k, piece in enumerate(pieces[:FAR]):
        if piece.kind in ("body", "heading") and not is_title_like(piece.plain) and not _mark(piece):
            content += piece.length
        if content >= 2 * LEAST_CONTENT:
            break
        head.append(k)
    return head


def _core(plain: str) -> str:
    """A title without its annex label and years in brackets."""
    label = _ANNEX.match(plain)
    return NOISE.sub("", re.sub(r"（[^（）]{1,40}）", "", plain[label.end() :] if label else plain))


def _is_furniture(plain: str) -> bool:
    """Whether a line that was taken for a title is an office, a day, a person, or the caption of a photograph."""
    return bool(re.search(r"摄\Z|记者|会议上|总理|[省市县区州]长[\s　]|true|[：；。]\Z", plain)) or (
        is_office(plain) or plain.lstrip()[:1] in "（-" or len(plain) < SHORTEST_TITLE
    )
