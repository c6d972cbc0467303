"""The encoding of a web page: what its bytes say goes before what the page says of itself, for pages lie."""

from __future__ import annotations

import re
from typing import Final

from govtext.reading.encoding import BYTE_ORDER_MARKS, Decoded, canonical_name, decode

DECLARED_IN: Final = 4096  # bytes at the start; browsers look at 1,024, sites put scripts before the declaration
# Bytes that are not ASCII, from which on the search is surer than a declaration: it is right on all texts of 64 characters.
SURE: Final = 128
SAMPLE: Final = 1 << 16  # bytes that the search is given
_DECLARED = re.compile(
    rb"<meta[^>]{1,400}?charset\s{0,9}=\s{0,9}[\"']?\s{0,9}([\w.:-]{2,24})|<\?xml[^>]{1,200}?encoding\s{0,9}=\s{0,9}[\"']([\w.:-]{2,24})",
    re.IGNORECASE,
)
_TAG = re.compile(rb"<[a-zA-Z/!?][^<>]{0,1000}>")
_HIGH = re.compile(rb"[\x80-\xff]")
_FROM_2000 = re.compile(rb"[\xe2-\xef]")  # lead bytes of UTF-8 from U+2000 up


def decode_page(data: bytes, *, encoding: str | None = None) -> Decoded:
    """The page's text: by `encoding`, a byte order mark, UTF-8 where it is valid, the page's own word, or the search.

    A page of some length that is no UTF-8 is read by the search, whatever it says: Big5 is nearly always valid GB18030.
    """
    if encoding is not None or any(data.startswith(mark) for mark, _ in BYTE_ORDER_MARKS):
        return decode(data, encoding=encoding)
    own = declared(data)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        pass
    else:
        # Two ideographs of GBK can be valid as two letters of UTF-8; then a page that says what it is, is believed.
        plain = text.isascii() or own in (None, "utf-8") or _FROM_2000.search(data) is not None
        if plain and "\0" not in text:
            return Decoded(text, "utf-8", 0)
    if own is not None and len(_HIGH.findall(data)) < SURE:
        decoded = decode(data, encoding=own)
        if not decoded.replaced:
            return decoded
    if b"\0" in data:
        return decode(data)
    # Tags say nothing of the encoding; where all that is not ASCII stands in tags, they must do.
    for sample in (_TAG.sub(b" ", data), data):
        first = _HIGH.search(sample)
        if first is not None:
            return decode(data, encoding=decode(sample[first.start() :][:SAMPLE]).encoding)
    return decode(data)


def declared(data: bytes) -> str | None:
    """The encoding that a page says it has, by its canonical name; None where it says none that is known."""
    found = _DECLARED.search(data[:DECLARED_IN])
    if found is None:
        return None
    # A page whose declaration can be read as ASCII is no UTF-16 (HTML standard, 13.2.3.2).
    name = canonical_name((found[1] or found[2]).decode("ascii", "replace"))
    return "utf-8" if name is not None and name.startswith("utf") else name
