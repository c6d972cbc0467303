"""PDFs made to hang, crash or fill the memory of their reader, built by code: each a function of its size.

`TRAPS` names them with a size that hurts and one for the tests; most are the classes of TRUST, section 4, and of the
advisories for PDF readers.
"""

from __future__ import annotations

import random
import zlib
from typing import Final

from made_pdfs import Parts, Sheet, assemble, deflated, lines, make_pdf, stream
from traps_pdf_pages import CATALOGUE, FONT, PAGE, PAGES, PAGES_THAT_HURT, WORDS, Trap, one_page, squeezed


def flate_bomb(size: int) -> bytes:
    return one_page(stream(squeezed(size, b"(aaaa) Tj "), b"/Filter /FlateDecode"))


def silent_bomb(size: int) -> bytes:
    return one_page(stream(squeezed(size, b"\0"), b"/Filter /FlateDecode"))


def double_flate(size: int) -> bytes:
    return one_page(stream(zlib.compress(squeezed(size, b" "), 9), b"/Filter [/FlateDecode /FlateDecode]"))


def many_filters(size: int) -> bytes:
    content = WORDS
    for _ in range(min(size, 40)):
        content = zlib.compress(content)
    return one_page(stream(content, b"/Filter [%b]" % (b"/FlateDecode " * size)))


def run_length_bomb(size: int) -> bytes:
    return one_page(stream(b"\x81 " * size + b"\x80", b"/Filter /RunLengthDecode"))


def lzw_junk(size: int) -> bytes:
    return one_page(stream(random.Random(0).randbytes(size), b"/Filter /LZWDecode"))


def predictor(size: int) -> bytes:
    parms = b"/Filter /FlateDecode /DecodeParms << /Predictor 15 /Columns %d /Colors 32 /BitsPerComponent 16 >>" % size
    return one_page(stream(zlib.compress(WORDS * 9), parms))


def form_in_itself(size: int) -> bytes:
    form = stream(
        b"/X Do " * size, b"/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /X 5 0 R >> >>"
    )
    return one_page(stream(b"/X Do"), b"/XObject << /X 5 0 R >>", form)


def doubling_forms(size: int) -> bytes:
    forms = [
        stream(
            b"/X Do /X Do" if level + 1 < size else WORDS,
            b"/Type /XObject /Subtype /Form /BBox [0 0 999 999] /Resources << %b /XObject << /X %d 0 R >> >>"
            % (FONT, level + 6),
        )
        for level in range(size)
    ]
    return one_page(stream(b"/X Do"), b"/XObject << /X 5 0 R >>", *forms)


def many_saves(size: int) -> bytes:
    return one_page(stream(squeezed(2 * size, b"q "), b"/Filter /FlateDecode"))


def many_restores(size: int) -> bytes:
    return one_page(stream(squeezed(2 * size, b"Q ") + b"", b"/Filter /FlateDecode"))


def deep_array(size: int) -> bytes:
    return one_page(stream(WORDS), FONT + b" /Deep " + b"[" * size + b"]" * size)


def deep_dictionary(size: int) -> bytes:
    return one_page(stream(WORDS), FONT + b" /Deep " + b"<< /A " * size + b"1" + b" >>" * size)


def deep_in_content(size: int) -> bytes:
    return one_page(deflated(b"[" * size + b"]" * size + b" TJ"))


def open_brackets(size: int) -> bytes:
    return one_page(deflated(b"(" * size))


def marked_content(size: int) -> bytes:
    return one_page(deflated(b"/P << /MCID 0 >> BDC " * size))


def cyclic_kids(_: int) -> bytes:
    return assemble(
        [CATALOGUE, b"<< /Type /Pages /Kids [3 0 R] /Count 9 >>", b"<< /Type /Pages /Kids [2 0 R] /Count 9 >>"]
    )


def deep_kids(size: int) -> bytes:
    levels = [b"<< /Type /Pages /Kids [%d 0 R] /Count 1 >>" % (number + 3) for number in range(size)]
    return assemble([CATALOGUE, *levels, PAGE % FONT])


def cyclic_parents(_: int) -> bytes:
    page = b"<< /Type /Page /Parent 3 0 R /Contents 4 0 R >>"
    return assemble([CATALOGUE, PAGES, page, stream(WORDS)])


def cyclic_contents(size: int) -> bytes:
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /Contents [%b] >>" % (b"4 0 R " * size)
    return assemble([CATALOGUE, PAGES, page, b"[4 0 R 4 0 R]"])


def prev_loop(_: int) -> bytes:
    data = one_page(stream(WORDS))
    at = data.rindex(b"xref\n0 ")
    return data.replace(b"/Root 1 0 R", b"/Root 1 0 R /Prev %d" % at, 1)


def prev_chain(size: int) -> bytes:
    data = one_page(stream(WORDS))
    for _ in range(size):
        start = len(data)
        before = data[data.rindex(b"startxref\n") + 10 :].split(b"\n", 1)[0]
        data += b"xref\n0 0\ntrailer\n<< /Size 5 /Root 1 0 R /Prev %b >>\nstartxref\n%d\n%%%%EOF\n" % (before, start)
    return data


def many_pages(size: int) -> bytes:
    kids = b" ".join(b"3 0 R" for _ in range(size))
    return assemble([CATALOGUE, b"<< /Type /Pages /Kids [%b] /Count %d >>" % (kids, size), PAGE % FONT, stream(WORDS)])


def counted_pages(size: int) -> bytes:
    return assemble([CATALOGUE, b"<< /Type /Pages /Kids [3 0 R] /Count %d >>" % size, PAGE % FONT, stream(WORDS)])


def said_objects(size: int) -> bytes:
    return one_page(stream(WORDS)).replace(b"/Size 5", b"/Size %d" % size)


def said_entries(size: int) -> bytes:
    return one_page(stream(WORDS)).replace(b"xref\n0 5", b"xref\n0 %d" % size, 1)


def junk(size: int) -> bytes:
    return b"%PDF-1.7\n" + random.Random(1).randbytes(size)


def only_a_head(_: int) -> bytes:
    return b"%PDF-1.7"


def cut(size: int) -> bytes:
    data = make_pdf([Sheet(lines(["一、人才工作", "引进人才36人。"] * 9))])
    return data[: len(data) * size // 100]


def wrong_table(_: int) -> bytes:
    return one_page(stream(WORDS)).replace(b"0000000", b"0009999")


def nul_bytes(size: int) -> bytes:
    return make_pdf([Sheet(lines(["一、人才工作"]))]).replace(b" 0 obj", b" 0 obj" + b"\0" * size)


def javascript(_: int) -> bytes:
    action = b"<< /Type /Catalog /Pages 2 0 R /OpenAction << /S /JavaScript /JS (while \\(1\\) {}) >> >>"
    return one_page(stream(WORDS), catalogue=action)


def launch(_: int) -> bytes:
    return one_page(
        stream(WORDS), catalogue=b"<< /Type /Catalog /Pages 2 0 R /OpenAction << /S /Launch /F (/bin/sh) >> >>"
    )


def attached(size: int) -> bytes:
    return make_pdf([Sheet(lines(["一、人才工作"]))], Parts(attached=size))


def xfa(size: int) -> bytes:
    entities = b'<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa">' + b"".join(
        b'<!ENTITY %c "%b">' % (97 + i, b"&%c;" % (96 + i) * 10) for i in range(1, size)
    )
    form = stream(entities + b"]><a>&%c;</a>" % (96 + size))
    catalogue = b"<< /Type /Catalog /Pages 2 0 R /AcroForm << /Fields [] /XFA 5 0 R >> >>"
    return one_page(stream(WORDS), FONT, form, catalogue=catalogue)


def object_stream_in_itself(_: int) -> bytes:
    return one_page(stream(WORDS), FONT, deflated(b"5 0 << >>", b"/Type /ObjStm /N 1 /First 4 /Extends 5 0 R"))


def object_stream_of_many(size: int) -> bytes:
    return one_page(stream(WORDS), FONT, deflated(b"5 0 ", b"/Type /ObjStm /N %d /First %d" % (size, size)))


def length_of_itself(_: int) -> bytes:
    return one_page(b"<< /Length 4 0 R >>\nstream\n" + WORDS + b"\nendstream")


def lying_length(size: int) -> bytes:
    return one_page(b"<< /Length %d >>\nstream\n%b\nendstream" % (size, WORDS))


def long_name(size: int) -> bytes:
    return one_page(stream(WORDS), FONT + b" /" + b"a" * size + b" 1")


def locked(_: int) -> bytes:
    """A standard handler whose keys fit no password."""
    keys = b"/Encrypt << /Filter /Standard /V 2 /R 3 /Length 128 /P -4 /O <%b> /U <%b> >> /ID [<00> <00>]" % (
        b"5a" * 32,
        b"a5" * 32,
    )
    return assemble([CATALOGUE, PAGES, PAGE % FONT, stream(WORDS)], trailer=keys)


def unknown_lock(_: int) -> bytes:
    return assemble(
        [CATALOGUE, PAGES, PAGE % FONT, stream(WORDS)], trailer=b"/Encrypt << /Filter /Secret /V 9 >> /ID [<00> <00>]"
    )


def a_page_named_so(_: int) -> bytes:
    return b"%PDF-1.7\n<html><body><p>a report</p></body></html>"


def two_files(_: int) -> bytes:
    return one_page(stream(WORDS)) * 2


def optional_content(size: int) -> bytes:
    groups = b" ".join(b"<< /Type /OCMD /OCGs [5 0 R] /VE [/Not [/Not 5 0 R]] >>" for _ in range(size))
    return one_page(
        deflated(b"/OC /A BDC " * size + WORDS), FONT + b" /Properties << /A 5 0 R >>", b"[" + groups + b"]"
    )


TRAPS: Final[dict[str, Trap]] = {
    "flate bomb": Trap(flate_bomb, 500_000_000, 2_000_000),
    "silent bomb": Trap(silent_bomb, 2_000_000_000, 2_000_000),
    "double flate": Trap(double_flate, 2_000_000_000, 2_000_000),
    "many filters": Trap(many_filters, 100_000, 100),
    "run length bomb": Trap(run_length_bomb, 5_000_000, 1000),
    "LZW junk": Trap(lzw_junk, 2_000_000, 1000),
    "predictor": Trap(predictor, 2**31 - 1, 2**31 - 1),
    "form in itself": Trap(form_in_itself, 2, 1),
    "form in itself many times": Trap(form_in_itself, 1000, 2),
    "doubling forms": Trap(doubling_forms, 25, 5),
    "chain of forms": Trap(doubling_forms, 60, 6),
    "many saves": Trap(many_saves, 3_000_000, 1000),
    "many restores": Trap(many_restores, 30_000_000, 1000),
    "deep array": Trap(deep_array, 200_000, 2000),
    "deep dictionary": Trap(deep_dictionary, 200_000, 2000),
    "deep array on a page": Trap(deep_in_content, 3_000_000, 2000),
    "open brackets": Trap(open_brackets, 10_000_000, 2000),
    "marked content": Trap(marked_content, 2_000_000, 500),
    "optional content": Trap(optional_content, 100_000, 50),
    "cyclic kids": Trap(cyclic_kids, 1, 1),
    "deep kids": Trap(deep_kids, 100_000, 100),
    "cyclic parents": Trap(cyclic_parents, 1, 1),
    "cyclic contents": Trap(cyclic_contents, 200_000, 100),
    "loop of tables": Trap(prev_loop, 1, 1),
    "chain of tables": Trap(prev_chain, 20_000, 20),
    "60,000 pages": Trap(many_pages, 60_000, 4000),
    "2,900 pages": Trap(many_pages, 2900, 20),
    "2^31 - 1 pages": Trap(counted_pages, 2**31 - 1, 2**31 - 1),
    "2,000 pages said": Trap(counted_pages, 2000, 20),
    "fewer pages than none": Trap(counted_pages, -5, -5),
    "2^31 - 1 objects": Trap(said_objects, 2**31 - 1, 2**31 - 1),
    "2^31 - 1 entries": Trap(said_entries, 2**31 - 1, 2**31 - 1),
    "junk": Trap(junk, 50_000_000, 20_000),
    "only a head": Trap(only_a_head, 1, 1),
    "cut in the middle": Trap(cut, 50, 50),
    "cut at the end": Trap(cut, 99, 99),
    "wrong table": Trap(wrong_table, 1, 1),
    "NUL bytes": Trap(nul_bytes, 1_000_000, 100),
    "JavaScript": Trap(javascript, 1, 1),
    "launch": Trap(launch, 1, 1),
    "attached files": Trap(attached, 100_000, 20),
    "XFA entities": Trap(xfa, 20, 5),
    "object stream in itself": Trap(object_stream_in_itself, 1, 1),
    "object stream of many": Trap(object_stream_of_many, 2**31 - 1, 2**31 - 1),
    "length of itself": Trap(length_of_itself, 1, 1),
    "lying length": Trap(lying_length, 2**31 - 1, 2**31 - 1),
    "long name": Trap(long_name, 20_000_000, 1000),
    "locked": Trap(locked, 1, 1),
    "unknown lock": Trap(unknown_lock, 1, 1),
    "a page named so": Trap(a_page_named_so, 1, 1),
    "two files": Trap(two_files, 1, 1),
    **PAGES_THAT_HURT,
}
