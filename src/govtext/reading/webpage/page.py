"""Web pages: the text that a reader sees, a line for each block, and what the markup says of each line.

The page's title is the first line. White space is folded as browsers do it, so full-width and no-break spaces stay. Rows of
short cells become a line with tabs; cells that hold more stay lines. Options of a select are left out with all that is not
shown: of the 3,440 in the pages of daniel_zh, 46 are labelled main text, and 45 of these only repeat a line.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from govtext.reading.formats import Extracted
from govtext.reading.plain import extract as plain_text
from govtext.reading.webpage.charset import decode_page
from govtext.reading.webpage.lines import PageLines

SCANT: Final = 20  # characters beside the title: less is no report, and what fills the page instead is told
LONGEST_ADDRESS: Final = 200  # characters of a frame's address that are told
_CDATA: Final = ("<![CDATA[", "]]>")


def extract(data: bytes, *, encoding: str | None = None) -> Extracted:
    """The page's visible text, its title and hints; `encoding` is a canonical name, or None to have it found.

    Raises:
        UnreadableReport: the bytes are no text.
    """
    decoded = decode_page(data, encoding=encoding)
    if decoded.replaced or b"\0" in data:
        plain_text(data, encoding=decoded.encoding)  # refuses what is no text at all
    page = decoded.text.replace("\0", "")
    if _CDATA[0] in page:
        # Of pages written as XML: what it holds is text, or markup that was to be text.
        page = page.replace(_CDATA[0], "").replace(_CDATA[1], "")
    found = PageLines()
    found.read(page)
    text = "\n".join(found.lines)
    hints = tuple(found.hints)
    return Extracted(text, decoded.encoding, decoded.replaced, found.title, hints, tuple(_warnings(found, text)))


def _warnings(found: PageLines, text: str) -> Iterator[str]:
    if found.unclosed:
        yield f"partial: a {found.unclosed} is never closed, and what stands behind its beginning is left out"
    if len(text) - len(found.title) < SCANT:
        if found.frame:
            yield f"the text is in a frame: {found.frame[:LONGEST_ADDRESS]}; save that page"
        elif found.n_scripts:
            yield "scripts fill this page; save it from a browser that shows it"
