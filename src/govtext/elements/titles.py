"""What the title of a report looks like, the marks that number it, and what makes two titles the same."""

from __future__ import annotations

import re
from functools import lru_cache

from govtext.elements.dates import to_plain
from govtext.elements.offices import words

LONGEST_TITLE = 90  # characters; the longest of 480 titles in corpus/authored has 73
SHORTEST_TITLE = 5
ENDINGS = 5  # how many brackets, subtitles and page numbers may stand behind the kind of document

_NUMBER = "(?:[一二三四五六七八九]?十[一二三四五六七八九]?|[一二三四五六七八九]|[0-9]{1,2})"
MARK = re.compile(
    rf"\s{{0,40}}[〔（]?(?:(?P<ordinal>第{_NUMBER}[篇份](?!章))|(?P<numbered>(?:篇|范文|例文|样本|版本){_NUMBER})|(?P<bare>（{_NUMBER}）))"
    r"[〕）]?[：、，.\s]{0,6}"
)
_MARK_FIRSTS = frozenset("〔（第篇范例样版")
# The same behind the title, as collections number them: 企业服务工作总结 篇2
_BEHIND = re.compile(rf"[\s（(]{{0,3}}(?:篇{_NUMBER}|第{_NUMBER}篇)[）)]?\s{{0,3}}\Z")
_NUMBERED_END = frozenset("篇）)一二三四五六七八九十0123456789")
_EXAMPLE = re.compile("(?:范文|例文|模板|样本)\\Z")
_ENDING = re.compile(r"(?:（[^（）]{1,60}）|〔[^〔〕]{1,30}〕|-{2,4}[^-].{0,60}|[〈《》〉PAGENUM0-9\s])\Z", re.S)
STOPS = "。；，、：！？"
_STOPPED = frozenset(STOPS)
NOISE = re.compile(r"[\s，、。：；（）〔〕《》〈〉“”\"·-]")


def is_title_like(plain: str) -> bool:
    """Whether a line (plain, see `to_plain`) has the shape of a title: short, and ending in a kind of document."""
    # Most lines are sentences, which a look at their end or length tells; of what is printed a space alone is white.
    too_long = len(plain) > LONGEST_TITLE and plain.isprintable() and " " not in plain
    return plain[-1:] not in _STOPPED and not too_long and _is_title(plain)


@lru_cache(maxsize=1024)  # a page's short lines are asked about five times on their way
def _is_title(plain: str) -> bool:
    bare = "".join(plain.split())
    if not SHORTEST_TITLE <= len(bare) <= LONGEST_TITLE or bare[-1] in STOPS:
        return False
    for _ in range(ENDINGS):
        if len(bare) >= SHORTEST_TITLE - 1 and bare.endswith(words("genres")):
            return True
        bare = _ENDING.sub("", bare)
    return False


def numbered_behind(plain: str) -> str | None:
    """The title that a line numbers behind it, None for any other line."""
    if plain.rstrip()[-1:] not in _NUMBERED_END:
        return None
    mark = _BEHIND.search(plain[: LONGEST_TITLE + 1])
    name = plain[: mark.start()] if mark else ""
    return name if is_title_like(_EXAMPLE.sub("", name)) else None


def mark_of(plain: str) -> re.Match[str] | None:
    """The mark that numbers a report at the front of a plain line, None of any other line."""
    return MARK.match(plain) if plain[:1] in _MARK_FIRSTS or plain[:1].isspace() else None


def title_value(raw: str) -> str:
    """A title without white space and without the mark that numbers its report."""
    mark = mark_of(to_plain(raw))
    behind = _BEHIND.search(raw) if numbered_behind(to_plain(raw)) else None
    rest = re.sub(r"\s{1,400}", "", raw[mark.end() if mark else 0 : behind.start() if behind else None])
    return rest or re.sub(r"\s{1,400}", "", raw)


def title_key(plain: str) -> str:
    """What makes two titles the same: letters alone, without the mark and what stands in brackets behind."""
    mark = mark_of(plain)
    return NOISE.sub("", plain[mark.end() :] if mark else plain)
