"""Plain text: decoded, and refused where it is none."""

from __future__ import annotations

import re

from govtext.errors import UnreadableReport
from govtext.reading.encoding import decode
from govtext.reading.formats import Extracted

_ODD_SHARE = 0.1  # of characters; 463 scraped documents have up to 0.078 (mojibake), 5,000 random bytes 0.11 and more
_ODD_MINIMUM = 4  # characters; a short text with a stray control is still a text
_ODD_SAMPLE = 1 << 16  # bytes at the start
# What no text has: controls other than tab, line feed, form feed and return; private use; noncharacters; U+FFFD.
_ODD = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ue000-\uf8ff\ufffd-\uffff]")


def extract(data: bytes, *, encoding: str | None = None) -> Extracted:
    """The text in the bytes; `encoding` is a canonical name, or None to have it found.

    Raises:
        UnreadableReport: the bytes are no text.
    """
    # The start first: 100 MB of no text cost half a minute to decode.
    decoded = decode(data[:_ODD_SAMPLE], encoding=encoding)
    odd = len(_ODD.findall(decoded.text))
    if odd >= _ODD_MINIMUM and odd > _ODD_SHARE * len(decoded.text):
        step = "name a text file" if encoding is None else "leave encoding out to have it found"
        raise UnreadableReport(
            f"is no text: read as {decoded.encoding}, {odd:,} of {len(decoded.text):,} characters are "
            f"controls, private or damaged; {step}"
        )
    if len(data) > _ODD_SAMPLE:
        decoded = decode(data, encoding=encoding)
    return Extracted(decoded.text, decoded.encoding, decoded.replaced)
