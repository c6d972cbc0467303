"""Pages made to hurt: letters without a place, fonts and pictures that grow, text that is slow to put in order."""

from __future__ import annotations

import random
import zlib
from collections.abc import Callable
from typing import Final, NamedTuple

from made_pdfs import Parts, Set, Sheet, assemble, deflated, lines, make_pdf, stream

PAGE = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << %b >> >>"
FONT = b"/Font << /F << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >>"
CATALOGUE, PAGES = b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>"
EMBEDDED = (
    b"/Font << /F << /Type /Font /Subtype /TrueType /BaseFont /A"
    b" /FontDescriptor << /Type /FontDescriptor /FontName /A /Flags 4 /FontFile2 5 0 R >> >> >>"
)
WORDS = b"BT /F 12 Tf 100 700 Td (a report) Tj ET\n"


class Trap(NamedTuple):
    """How a file is built from a size, the size that hurts, and the one that is quick."""

    build: Callable[[int], bytes]
    full: int
    small: int


def one_page(content: bytes, resources: bytes = FONT, *more: bytes, catalogue: bytes = CATALOGUE) -> bytes:
    """A file of one page: objects 1 to 3, its content stream as 4, then what is given."""
    return assemble([catalogue, PAGES, PAGE % resources, content, *more])


def squeezed(total: int, piece: bytes) -> bytes:
    """`total` bytes of a repeated piece, compressed without ever being whole."""
    packer = zlib.compressobj(9)
    block = piece * max(1, (1 << 20) // len(piece))
    out = b"".join(packer.compress(block) for _ in range(max(1, total // len(block))))
    return out + packer.flush()


def huge_page(_: int) -> bytes:
    return one_page(stream(WORDS)).replace(b"[0 0 595 842]", b"[-1e38 -1e38 1e38 1e38]")


def no_numbers(_: int) -> bytes:
    return one_page(stream(b"BT /F 1e38 Tf 1e38 1e38 -1e38 nan 1e999 inf Tm (a report) Tj ET"))


def tiny_letters(size: int) -> bytes:
    return one_page(deflated(b"BT /F 0.0001 Tf 1 1 Td (%b) Tj ET" % (b"ab " * size)))


def one_place(size: int) -> bytes:
    """Every letter at the same place."""
    return one_page(deflated(b"BT /F 12 Tf " + b"1 0 0 1 9 9 Tm (a) Tj " * size + b"ET"))


def staircase(size: int) -> bytes:
    """Every letter beside every other, none on one line with the next."""
    return one_page(
        deflated(
            b"BT /F 12 Tf "
            + b"".join(b"1 0 0 1 %d %d Tm (a) Tj " % (i % 590, i * 7 % 800) for i in range(size))
            + b"ET"
        )
    )


def one_row(size: int) -> bytes:
    """Letters on one line with wide gaps, as cells of a table."""
    return one_page(
        deflated(b"BT /F 9 Tf " + b"".join(b"1 0 0 1 %d 9 Tm (a) Tj " % (12 * i) for i in range(size)) + b"ET")
    )


def one_column(size: int) -> bytes:
    """Letters beside others, one under the other."""
    cells = b"".join(b"1 0 0 1 %d %d Tm (a) Tj " % (9 + i % 2 * 99, -5 * i) for i in range(size))
    return one_page(deflated(b"BT /F 9 Tf " + cells + b"ET"))


def wrapping(size: int) -> bytes:
    """One paragraph of very many lines."""
    lines = b"".join(b"1 0 0 1 9 %d Tm (abcd) Tj " % (-10 * i) for i in range(size // 4))
    return one_page(deflated(b"BT /F 9 Tf " + lines + b"ET"))


def askew(size: int) -> bytes:
    return one_page(deflated(b"BT /F 12 Tf " + b"0.7 0.7 -0.7 0.7 9 9 Tm (a) Tj 1 0 0 1 9 9 Tm (b) Tj " * size + b"ET"))


def long_lines(size: int) -> bytes:
    return make_pdf([Sheet([Set("一" * size, x=0, y=9, size=1)])])


def many_pictures(size: int) -> bytes:
    image = stream(
        b"\0", b"/Type /XObject /Subtype /Image /Width 30000 /Height 30000 /ColorSpace /DeviceGray /BitsPerComponent 8"
    )
    return one_page(deflated(b"/I Do " * size), b"/XObject << /I 5 0 R >>", image)


def picture_bomb(size: int) -> bytes:
    image = stream(
        squeezed(size, b"\0"),
        b"/Filter /FlateDecode /Type /XObject /Subtype /Image /Width 60000 /Height 60000 /ColorSpace /DeviceRGB"
        b" /BitsPerComponent 8",
    )
    return one_page(stream(b"600 0 0 900 0 0 cm /I Do"), b"/XObject << /I 5 0 R >>", image)


def font_bomb(size: int) -> bytes:
    return one_page(stream(WORDS), EMBEDDED, stream(squeezed(size, b"\0"), b"/Filter /FlateDecode"))


def junk_font(size: int) -> bytes:
    return one_page(stream(WORDS), EMBEDDED, deflated(b"\0\1\0\0\0\x10" + random.Random(2).randbytes(size)))


def cmap_bomb(size: int) -> bytes:
    font = (
        b"/Font << /F << /Type /Font /Subtype /Type0 /BaseFont /A /Encoding /Identity-H /ToUnicode 5 0 R /DescendantFonts ["
        b"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /A /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) "
        b"/Supplement 0 >> >>] >> >>"
    )
    ranges = b"100 beginbfrange\n" + b"<00000000> <ffffffff> <4e00>\n" * size + b"endbfrange\n"
    return one_page(stream(b"BT /F 12 Tf 9 9 Td <4e004e8c> Tj ET"), font, deflated(ranges))


def cmap_of_itself(_: int) -> bytes:
    font = b"/Font << /F << /Type /Font /Subtype /Type0 /BaseFont /A /Encoding 5 0 R /DescendantFonts [6 0 R] >> >>"
    cmap = stream(b"/A usecmap", b"/Type /CMap /CMapName /A /UseCMap 5 0 R")
    return one_page(
        stream(b"BT /F 12 Tf 9 9 Td <4e00> Tj ET"),
        font,
        cmap,
        b"<< /Type /Font /Subtype /Type0 /DescendantFonts [6 0 R] >>",
    )


def type3_in_itself(_: int) -> bytes:
    font = (
        b"<< /Type /Font /Subtype /Type3 /FontBBox [0 0 9 9] /FontMatrix [1 0 0 1 0 0] /FirstChar 97 /LastChar 97 /Widths [9]"
        b" /Encoding << /Differences [97 /a] >> /CharProcs << /a 6 0 R >> /Resources << /Font << /F 5 0 R >> >> >>"
    )
    glyph = stream(b"9 0 d0 BT /F 9 Tf (aa) Tj ET")
    return one_page(stream(WORDS), b"/Font << /F 5 0 R >>", font, glyph)


def long_title(size: int) -> bytes:
    return make_pdf([Sheet(lines(["一、人才工作"]))], Parts(title="题" * size))


PAGES_THAT_HURT: Final[dict[str, Trap]] = {
    "huge page": Trap(huge_page, 1, 1),
    "no numbers": Trap(no_numbers, 1, 1),
    "tiny letters": Trap(tiny_letters, 60_000, 500),
    "letters in one place": Trap(one_place, 190_000, 500),
    "staircase": Trap(staircase, 60_000, 500),
    "one row": Trap(one_row, 60_000, 500),
    "one column": Trap(one_column, 60_000, 500),
    "one line to wrap": Trap(wrapping, 60_000, 500),
    "too many letters": Trap(one_place, 2_000_000, 200_001),
    "letters askew": Trap(askew, 90_000, 500),
    "one long line": Trap(long_lines, 190_000, 1000),
    "many pictures": Trap(many_pictures, 1_000_000, 100),
    "picture bomb": Trap(picture_bomb, 1_000_000_000, 1_000_000),
    "font bomb": Trap(font_bomb, 1_000_000_000, 1_000_000),
    "junk font": Trap(junk_font, 5_000_000, 5000),
    "table of characters": Trap(cmap_bomb, 300_000, 100),
    "table of characters of itself": Trap(cmap_of_itself, 1, 1),
    "letter made of itself": Trap(type3_in_itself, 1, 1),
    "long title": Trap(long_title, 5_000_000, 1000),
}
