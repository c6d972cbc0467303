"""A title that a page says again: what it shows of itself above the report, between its sections, and in a file's name.

By the codebook a title is one only where a report begins; a copy of it is page furniture. Read by the layout, on plain texts
of pieces (`to_plain`).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping

from govtext.elements.parts import PLACED
from govtext.elements.titles import is_title_like, numbered_behind, title_key

SHORTEST_KEY = (
    8  # letters of a title that nothing else on a page is equal to by chance; a section may be called 工作总结
)
LEAST_COPIES = 2  # lines that show one title with the numbers of pages, or with the numbers of reports
_CAPTION = re.compile(r"\A\s{0,9}图\s?[0-9]{0,2}[\s：、.]{1,3}")
_PAGE = re.compile(r"[\s_-]{0,3}(?:第[0-9]{1,3}页|\([0-9]{1,3}/[0-9]{1,3}\)|（[0-9]{1,3}/[0-9]{1,3}）)\Z")
_FILE = re.compile(r"\.(?:docx?|wps|pdf|txt|rtf)\Z", re.IGNORECASE)
# What goes on with the line above: …2015年工作总结↵和2016年工作思路
_GOES_ON = ("和", "暨", "及", "与", "-", "（", "—")


def doubled_at(piece: str) -> int | None:
    """Where the second copy begins in a piece that is one title twice, None elsewhere."""
    text = piece.strip()
    half = len(text) // 2
    first, second = text[:half].rstrip(), text[half:].lstrip()
    if first != second or len(title_key(first)) < SHORTEST_KEY or not is_title_like(first):
        return None
    return piece.rindex(second)


def is_file_name(plain: str) -> bool:
    """Whether a line is a title with the ending of a file."""
    name = _FILE.sub("", plain.strip())
    return name != plain.strip() and is_title_like(name)


def says_again(plain: str, key: str) -> bool:
    """Whether a line is the title of that key again: bare, as the caption of a picture, or with the number of a page."""
    if len(key) < SHORTEST_KEY or key[: SHORTEST_KEY // 2] not in plain.replace(" ", ""):
        return False
    bare = _CAPTION.sub("", plain)
    return key in (title_key(bare), title_key(_PAGE.sub("", bare)))


def is_section(plain: str) -> bool:
    """Whether a line below the title that looks like one, but names nobody, heads a section: 2014年工作总结."""
    return is_title_like(plain) and not plain.startswith(_GOES_ON) and not PLACED.search(plain)


def shown_titles(lines: Mapping[int, str]) -> tuple[set[int], set[int]]:
    """The lines that are copies of a title with the numbers of pages (…总结_第2页), and those that are a title by them.

    A title is what several such copies show, and each of several that bear the numbers of reports (…总结 篇2).
    """
    pages: defaultdict[str, set[int]] = defaultdict(set)
    reports: defaultdict[str, set[int]] = defaultdict(set)
    for i, plain in lines.items():
        bare = plain.strip()
        name = _PAGE.sub("", bare) if bare.endswith(("页", ")", "）")) else bare
        if name != bare and is_title_like(name):
            pages[title_key(name)].add(i)
        numbered = numbered_behind(plain)
        if numbered:
            reports[title_key(numbered)].add(i)
    shown = {key: found for key, found in pages.items() if len(found) >= LEAST_COPIES}
    whole: dict[str, int] = {}
    if shown:
        for i, plain in lines.items():
            whole.setdefault(title_key(plain), i)
    titles = {whole[key] for key in shown if key in whole}
    return _all(shown.values()), titles | _all(found for found in reports.values() if len(found) >= LEAST_COPIES)


def _all(sets: Iterable[set[int]]) -> set[int]:
    return set().union(*sets)
