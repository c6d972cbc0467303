"""Bytes to text: a ladder of byte order marks, strict UTF-8, and the candidate that reads most like Chinese.

Canonical names, as `Decoded.encoding` reports them: utf-8, utf-8-sig, utf-16-le, utf-16-be, utf-32-le, utf-32-be,
gb18030 (also for GB2312 and GBK, its subsets) and big5hkscs (also for Big5). A byte order mark is taken off.

A candidate's score is the log-likelihood of its characters: every candidate explains the same bytes, so the sums
compare without any normalising, and a pair of letters weighs against the one ideograph the same bytes could be.
"""

from __future__ import annotations

import codecs
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from govtext.reading.likelihood import ASCII_VALUE, character_values

REPLACEMENT = "\N{REPLACEMENT CHARACTER}"


@dataclass(frozen=True, slots=True)
class Decoded:
    """A text, the canonical name of its encoding, and how many bytes could not be decoded (each stretch a U+FFFD)."""

    text: str
    encoding: str
    replaced: int


@dataclass(frozen=True, slots=True)
class _Reading:
    """A candidate's score, and the mean value and number of its characters that are not ASCII."""

    name: str
    score: float
    mean: float
    n_foreign: int


# Longest first where one mark begins another: UTF-32-LE starts with the mark of UTF-16-LE.
BYTE_ORDER_MARKS: tuple[tuple[bytes, str], ...] = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
    (b"\x84\x31\x95\x33", "gb18030"),
)

# What a user may ask for (any spelling Python knows) -> canonical name. Files that call themselves GB2312 or Big5 hold
# the supersets in practice, so the supersets read them.
ENCODINGS = {
    "utf-8": "utf-8",
    "utf-8-sig": "utf-8-sig",
    "utf-16": "utf-16",
    "utf-16-le": "utf-16-le",
    "utf-16-be": "utf-16-be",
    "utf-32": "utf-32",
    "utf-32-le": "utf-32-le",
    "utf-32-be": "utf-32-be",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "gb18030": "gb18030",
    "big5": "big5hkscs",
    "cp950": "big5hkscs",
    "big5hkscs": "big5hkscs",
}
# What those names that wait for a mark mean without one.
_WITHOUT_MARK = {"utf-8-sig": "utf-8", "utf-16": "utf-16-le", "utf-32": "utf-32-le"}
_DOUBLE_BYTE = ("gb18030", "big5hkscs")

# Added to a score: "caf\u00e9" stays UTF-8, and two ideographs that fit both go to GB18030 rather than Big5.
_PRIOR = {"utf-8": 9.0, "gb18030": 1.0, "utf-16-le": -2.0, "utf-16-be": -2.0}
# Mean value of the characters that are not ASCII, measured on 4 x 1,000 cuts a length: true readings of 8 characters
# lie above -9.6, of 64 above -8.8; wrong ones of 8 below -9.4, of 64 below -11.5; damaged GBK, read plainly, falls to
# -17.
_CONVINCING = -10.0
_ENOUGH = 32  # such characters make a convincing reading final without a look at the others

# Valid UTF-8 still goes to the search when it has no lead byte of a sequence from U+2000 up (two ideographs of GBK can
# look like two letters of UTF-8), or when it is ASCII with controls (ideographs of UTF-16 have high bytes 4E to 9F).
_PLAINLY_UTF_8 = re.compile(rb"[\xe2-\xef]")
_PLAINLY_UTF_8_ASCII = re.compile(rb"\A[^\x01-\x08\x0e-\x1f]*+\Z")

_SLICE_BYTES = 1024  # three of them decide for a long file; all of it is decoded
# Cost of skipping one or two bytes of a damaged stretch, and what is off where the plain decoder stops, as most damage
# is there.
_SKIP_ONE, _SKIP_TWO, _STUMBLE = -25.0, -28.0, 8.0
_RESYNC_BYTES = 1 << 18  # of damaged stretches searched for the best cut (about 0.3 s), then plain replacement


def canonical_name(encoding: str) -> str | None:
    """The canonical name of a supported encoding in any spelling Python knows, None for all others."""
    try:
        return ENCODINGS.get(codecs.lookup(encoding).name)
    except (LookupError, ValueError):
        return None


def decode(data: bytes, *, encoding: str | None = None) -> Decoded:
    """The text of `data` with the encoding found and the number of bytes that no character came from.

    `encoding` (a canonical name) replaces the search; a byte order mark of that encoding is still taken off.
    Line ends and all other characters stay as they are, NUL too.
    """
    family = "" if encoding is None else encoding.removesuffix("-sig")
    for mark, name in BYTE_ORDER_MARKS:
        if data.startswith(mark) and name.startswith(family):
            return _decoded(data[len(mark) :], name)
    if encoding is not None:
        return _decoded(data, _WITHOUT_MARK.get(encoding, encoding))
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        pass
    else:
        if b"\0" not in data and re.search(_PLAINLY_UTF_8_ASCII if text.isascii() else _PLAINLY_UTF_8, data):
            return Decoded(text, "utf-8", 0)
    return _decoded(data, _best_encoding(data))


def _decoded(data: bytes, name: str) -> Decoded:
    if name in _DOUBLE_BYTE:
        text, replaced = _decode_double_byte(data, name)
        return Decoded(text, name, replaced)
    codec = name.removesuffix("-sig")
    try:
        return Decoded(data.decode(codec), name, 0)
    except UnicodeDecodeError:
        # The Unicode codecs are lossless, so the bytes that "ignore" left out are those missing from the way back.
        replaced = len(data) - len(data.decode(codec, "ignore").encode(codec))
    if codec == "utf-8":
        codecs.register_error("govtext.one_mark", _one_mark)
        return Decoded(data.decode(codec, "govtext.one_mark"), name, replaced)
    return Decoded(data.decode(codec, "replace"), name, replaced)


def _one_mark(error: UnicodeError) -> tuple[str, int]:
    """One U+FFFD and where to go on: past the continuation bytes that a damaged lead byte left behind."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    end = error.end
    while end < min(len(error.object), error.start + 4) and 0x80 <= error.object[end] <= 0xBF:
        end += 1
    return REPLACEMENT, end


def _best_encoding(data: bytes) -> str:
    """The candidate with the highest score; a second, slower look resynchronises when no plain reading convinces."""
    best = _Reading("", -1e18, -1e18, 0)
    for resync in (False, True):
        for name, text in _readings(data, resync=resync):
            reading = _weigh(name, text)
            if reading.mean >= _CONVINCING and reading.n_foreign >= _ENOUGH:
                return name
            # Any bytes make some characters of UTF-16; without this, most binary files would pass for text.
            if name.startswith("utf-16") and reading.mean < _CONVINCING:
                continue
            best = max(best, reading, key=lambda one: one.score)
        if best.mean >= _CONVINCING:
            break
    return best.name


def _readings(data: bytes, *, resync: bool) -> Iterator[tuple[str, str]]:
    """Each candidate with the text it makes of a sample."""
    slices = _slices(data)
    for name in _DOUBLE_BYTE:
        whole = b"\n".join(_cut_between_characters(piece, name) for piece in slices) if len(slices) > 1 else data
        yield name, _decode_double_byte(whole, name)[0] if resync else whole.decode(name, "replace")
    yield "utf-8", b"\n".join(slices).decode("utf-8", "replace")
    for name in ("utf-16-le", "utf-16-be"):
        yield name, b"".join(slices).decode(name, "replace")


def _slices(data: bytes) -> list[bytes]:
    """All of a short file; of a long one its start (from where it stops being ASCII), middle and end."""
    if len(data) <= 3 * _SLICE_BYTES:
        return [data]
    high = re.search(rb"[\x80-\xff]", data)
    last = len(data) - _SLICE_BYTES
    first = min(high.start() if high else 0, last)
    # Even offsets and lengths keep the two bytes of a UTF-16 unit together.
    return [data[start & ~1 : (start & ~1) + _SLICE_BYTES] for start in (first, (first + last) // 2, last)]


def _cut_between_characters(piece: bytes, name: str) -> bytes:
    """The piece cut at bytes below 0x30, if such are near its ends: they are part of no longer character.

    Without one near its start, it begins at the byte from which it reads better: one byte off, a line of GB2312 is as
    valid as before, and all wrong.
    """
    safe = [match.start() for match in re.finditer(rb"[\x00-\x2f]", piece)]
    near = len(piece) // 4
    end = safe[-1] if safe and safe[-1] >= len(piece) - near else len(piece)
    if safe and safe[0] < near:
        return piece[safe[0] : end]
    return max((piece[:end], piece[1:end]), key=lambda cut: _weigh(name, cut.decode(name, "replace")).mean)


def _weigh(name: str, text: str) -> _Reading:
    values = character_values(name)
    score, foreign, n_foreign = 0.0, 0.0, 0
    for char, n in Counter(text).items():
        score += n * values[char]
        if values[char] != ASCII_VALUE:
            foreign += n * values[char]
            n_foreign += n
    mean = foreign / n_foreign if n_foreign else ASCII_VALUE
    return _Reading(name, score + _PRIOR.get(name, 0.0), mean, n_foreign)


def _decode_double_byte(data: bytes, codec: str) -> tuple[str, int]:
    """Text and replaced bytes; damage is kept inside its line, and there inside its stretch."""
    try:
        return data.decode(codec), 0
    except UnicodeDecodeError:
        pass
    pieces: list[str] = []
    replaced = 0
    budget = _RESYNC_BYTES
    for line in data.split(b"\n"):
        try:
            pieces.append(line.decode(codec))
        except UnicodeDecodeError:
            # A byte below 0x30 is never part of a longer character, so every stretch between such bytes starts afresh.
            for match in re.finditer(rb"[\x00-\x2f]+|[^\x00-\x2f]+", line):
                text, skipped, spent = _decode_stretch(match.group(), codec, budget)
                pieces.append(text)
                replaced += skipped
                budget -= spent
        pieces.append("\n")
    return "".join(pieces[:-1]), replaced


def _decode_stretch(stretch: bytes, codec: str, budget: int) -> tuple[str, int, int]:
    """Text, replaced bytes and bytes searched of one stretch.

    The likeliest way through the bytes, each either part of a character or skipped: the decoder's own "replace" drops
    one byte and reads all pairs behind it one byte off.
    """
    try:
        return stretch.decode(codec), 0, 0
    except UnicodeDecodeError as error:
        stumble = error.start
        if len(stretch) > budget:
            text = stretch.decode(codec, "replace")
            return text, text.count(REPLACEMENT), 0
    # best[i]: value of the likeliest reading of the first i bytes, its last step in bytes and in text.
    best: list[tuple[float, int, str]] = [(0.0, 0, "")] + [(-1e18, 0, "")] * len(stretch)
    known: dict[bytes, tuple[float, str] | None] = {}
    for i in range(len(stretch)):
        here = best[i][0]
        second = stretch[i + 1] if i + 1 < len(stretch) else 0
        n_bytes = 1 if stretch[i] < 0x80 else 4 if codec == "gb18030" and 0x30 <= second <= 0x39 else 2
        char = stretch[i : i + n_bytes]
        if char not in known:
            known[char] = _value_of(char, codec)
        step = known[char]
        if step is not None and here + step[0] > best[i + n_bytes][0]:
            best[i + n_bytes] = (here + step[0], n_bytes, step[1])
        if i == stumble:
            here += _STUMBLE
        if here + _SKIP_ONE > best[i + 1][0]:
            best[i + 1] = (here + _SKIP_ONE, -1, REPLACEMENT)
        if second and here + _SKIP_TWO > best[i + 2][0]:
            best[i + 2] = (here + _SKIP_TWO, -2, REPLACEMENT)
    pieces, skipped, i = [], 0, len(stretch)
    while i:
        _, n_bytes, text = best[i]
        pieces.append(text)
        skipped += max(0, -n_bytes)
        i -= abs(n_bytes)
    return "".join(reversed(pieces)), skipped, len(stretch)


def _value_of(char: bytes, codec: str) -> tuple[float, str] | None:
    """Value and text of the bytes as one character, None if they are none."""
    try:
        text = char.decode(codec)
    except UnicodeDecodeError:
        return None
    return sum(character_values(codec)[part] for part in text), text
