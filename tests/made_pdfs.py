"""PDFs built from what stands where, so that no test needs an office program: a writer of 100 lines."""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

WIDTH, HEIGHT = 595, 842  # points, A4
LEFT, TOP = 90.0, 740.0


@dataclass(frozen=True)
class Set:
    """A text set at a place: its left end and baseline in points, its size, and the quarters it is turned by."""

    text: str
    x: float = LEFT
    y: float = TOP
    size: float = 20.0
    quarters: int = 0


@dataclass(frozen=True)
class Sheet:
    """A page: its texts in the order in which they are drawn, pictures as (x, y, width, height), drawn paths."""

    texts: Sequence[Set] = ()
    pictures: Sequence[tuple[float, float, float, float]] = ()
    n_paths: int = 0
    size: tuple[float, float] = (WIDTH, HEIGHT)
    rotate: int = 0


@dataclass(frozen=True)
class Parts:
    """What a file has beside its pages."""

    title: str = ""
    attached: int = 0
    catalogue: bytes = b""
    named: bool = True  # fonts say which characters their codes are
    codes: Mapping[str, int] = field(default_factory=dict)  # characters → codes that are not their own


def assemble(objects: Sequence[bytes], *, trailer: bytes = b"") -> bytes:
    """The file of objects numbered from 1, the first of them the catalogue."""
    out = bytearray(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
    offsets = []
    for number, content in enumerate(objects, 1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%b\nendobj\n" % (number, content)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    out += b"trailer\n<< /Size %d /Root 1 0 R %b >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, trailer, start)
    return bytes(out)


def stream(content: bytes, entries: bytes = b"") -> bytes:
    """A stream object of these bytes as they are."""
    return b"<< /Length %d %b >>\nstream\n%b\nendstream" % (len(content), entries, content)


def deflated(content: bytes, entries: bytes = b"") -> bytes:
    """The same, compressed."""
    return stream(zlib.compress(content, 9), b"/Filter /FlateDecode " + entries)


def make_pdf(sheets: Sequence[Sheet], parts: Parts | None = None) -> bytes:
    """A PDF of these pages; codes are UTF-16, an ideograph is as wide as its size, a letter half as wide."""
    parts = parts or Parts()
    attached = b"".join(b"(a%d) << /Type /Filespec /F (a) /EF << /F 8 0 R >> >> " % i for i in range(parts.attached))
    names = b"/Names << /EmbeddedFiles << /Names [%b] >> >>" % attached if attached else b""
    to_unicode = b"/ToUnicode 6 0 R" if parts.named else b""
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R %b %b >>" % (names, parts.catalogue),
        b"",
        b"<< /Type /Font /Subtype /Type0 /BaseFont /Made /Encoding /Identity-H /DescendantFonts [4 0 R] %b >>" % to_unicode,
        b"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /Made /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity)"
        b" /Supplement 0 >> /FontDescriptor 5 0 R /DW 1000 /W [32 126 500 160 255 500] >>",
        b"<< /Type /FontDescriptor /FontName /Made /Flags 4 /FontBBox [0 -200 1000 800] /ItalicAngle 0 /Ascent 800"
        b" /Descent -200 /CapHeight 700 /StemV 80 >>",
        deflated(_to_unicode(parts.codes)),
        deflated(b"\x00" * 16, b"/Type /XObject /Subtype /Image /Width 4 /Height 4 /ColorSpace /DeviceGray"
                 b" /BitsPerComponent 8"),
        stream(b"attached"),
        b"<< /Title <FEFF%b> >>" % parts.title.encode("utf-16-be").hex().encode(),
    ]  # fmt: skip
    kids = []
    for sheet in sheets:
        objects.append(deflated(_content(sheet, parts.codes)))
        kids.append(len(objects) + 1)
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 %g %g] /Rotate %d /Contents %d 0 R /Resources << /Font << /F 3 0 R >>"
            b" /XObject << /I 7 0 R >> >> >>" % (*sheet.size, sheet.rotate, len(objects))
        )
    objects[1] = b"<< /Type /Pages /Count %d /Kids [%b] >>" % (len(kids), b" ".join(b"%d 0 R" % kid for kid in kids))
    return assemble(objects, trailer=b"/Info 9 0 R" if parts.title else b"")


def lines(
    texts: Sequence[str], *, x: float = LEFT, y: float = TOP, size: float = 20.0, pitch: float = 28.0
) -> list[Set]:
    """The texts one under the other; leading ideographic spaces move a line to the right."""
    found = []
    for number, text in enumerate(texts):
        solid = text.lstrip("\N{IDEOGRAPHIC SPACE}")
        found.append(Set(solid, x + size * (len(text) - len(solid)), y - pitch * number, size))
    return found


def wrapped(paragraph: str, *, width: int, indent: int = 2) -> list[str]:
    """A paragraph in lines of so many ideographs, the first indented."""
    text = "\N{IDEOGRAPHIC SPACE}" * indent + paragraph
    return [text[at : at + width] for at in range(0, len(text), width)]


def _content(sheet: Sheet, codes: Mapping[str, int]) -> bytes:
    turns = {0: (1, 0, 0, 1), 1: (0, -1, 1, 0), 2: (-1, 0, 0, -1), 3: (0, 1, -1, 0)}
    pieces = []
    for one in sheet.texts:
        shown = b"".join(
            codes[c].to_bytes(2, "big") if c in codes else c.encode("utf-16-be", "surrogatepass") for c in one.text
        )
        pieces.append(
            b"BT /F %g Tf %d %d %d %d %g %g Tm <%b> Tj ET"
            % (one.size, *turns[one.quarters], one.x, one.y, shown.hex().encode())
        )
    pieces += [b"q %g 0 0 %g %g %g cm /I Do Q" % (w, h, x, y) for x, y, w, h in sheet.pictures]
    pieces += [b"%d %d m %d %d l S" % (i % 500, i % 700, i % 300, i % 600) for i in range(sheet.n_paths)]
    return b"\n".join(pieces)


def _to_unicode(codes: Mapping[str, int]) -> bytes:
    """Every code is its own character, but those that stand for others."""
    ranges = [b"<%02x00> <%02xff> <%02x00>" % (high, high, high) for high in range(256) if not 0xD8 <= high <= 0xDF]
    others = [
        b"<%04x> <%b>" % (code, character.encode("utf-16-be").hex().encode()) for character, code in codes.items()
    ]
    blocks = [
        b"%d beginbfrange\n%b\nendbfrange" % (len(some), b"\n".join(some))
        for some in (ranges[:100], ranges[100:200], ranges[200:])
    ]
    if others:
        blocks.append(b"%d beginbfchar\n%b\nendbfchar" % (len(others), b"\n".join(others)))
    return (
        b"/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /Made def /CMapType 2 def\n"
        b"1 begincodespacerange <0000> <ffff> endcodespacerange\n" + b"\n".join(blocks) + b"\nendcmap end end"
    )
