"""Hostile Word documents, each built by a function of a number that the trap grows with; see traps_word.py."""

from __future__ import annotations

import io
import random
import struct
import warnings
import zipfile
from collections.abc import Callable

from made_docx import ROOT_RELATIONS, STRICT, WORD, document, docx, packed, paragraph, relations, stored_docx

TEXT = "走访企业120家。"
BODY = paragraph(TEXT)


def with_document(xml: str | bytes, **more: str | bytes) -> bytes:
    """A package with that main part."""
    return packed({"_rels/.rels": ROOT_RELATIONS, "word/document.xml": xml, **more})


def entities(levels: int) -> bytes:
    """Billion laughs: each entity ten of the one before."""
    made = ['<!ENTITY e0 "哈">', *(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, levels))]
    return with_document(
        f"<!DOCTYPE d [{''.join(made)}]>" + document(paragraph("x").replace(">x<", f">&e{levels - 1};<"))
    )


def quadratic(size: int) -> bytes:
    """One long entity, named often."""
    inner = f"<w:p><w:r><w:t>{'&e;' * size}</w:t></w:r></w:p>"
    return with_document(f'<!DOCTYPE d [<!ENTITY e "{"哈" * size}">]>' + document(inner))


def lying(data: bytes, *, field: int, value: int) -> bytes:
    """The package with the sizes in its directory changed: field 20 is packed, 24 unpacked, 16 the CRC, 42 the place."""
    out = bytearray(data)
    where = data.rindex(b"PK\x01\x02", 0, data.rindex(b"word/document.xml"))
    struct.pack_into("<I", out, where + field, value)
    return bytes(out)


def zeros(size: int) -> bytes:
    """A main part of so many spaces: 1,000 : 1. Written in pieces, or the trap would catch its maker."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package, package.open("word/document.xml", "w") as main:
        head, _, tail = document(BODY + "\0").partition("\0")
        main.write(head.encode())
        for _ in range(size // 100_000):
            main.write(b" " * 100_000)
        main.write(tail.encode())
    return out.getvalue()


def sly_bomb(size: int) -> bytes:
    """A bomb whose directory says that it is small."""
    return lying(zeros(size), field=24, value=2000)


def overlapping(count: int) -> bytes:
    """Many entries over one and the same bytes (Fifield's quine of 2019)."""
    data = docx(BODY)
    end = data.rindex(b"PK\x05\x06")
    start = struct.unpack_from("<I", data, end + 16)[0]
    directory = data[start:end] * count
    total = directory.count(b"PK\x01\x02")
    tail = struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, total & 0xFFFF, total & 0xFFFF, len(directory), start, 0)
    return data[:start] + directory + tail


def doubled(_: int) -> bytes:
    """Two main parts."""
    out = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(out, "w") as package:
        warnings.simplefilter("ignore")
        package.writestr("word/document.xml", document(paragraph("旧的一份。")))
        package.writestr("word/document.xml", document(BODY))
    return out.getvalue()


def encrypted(_: int) -> bytes:
    """A main part whose flags say that it is encrypted."""
    data = bytearray(docx(BODY))
    for signature, field in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        where = data.rindex(signature, 0, data.rindex(b"word/document.xml") if field == 8 else len(data))
        data[where + field] |= 1
    return bytes(data)


def many_members(count: int) -> bytes:
    """So many empty parts beside the document."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        package.writestr("word/document.xml", document(BODY))
        for n in range(count):
            package.writestr(f"{n}", b"")
    return out.getvalue()


def nested(element: str, *, inner: str = BODY) -> Callable[[int], bytes]:
    """So many of an element, each in the one before."""
    return lambda size: docx(f"<{element}>" * size + inner + f"</{element}>" * size)


def repeated(xml: str) -> Callable[[int], bytes]:
    """So many of that in a row before the text, in a package that is not packed: no ratio gives it away."""

    def make(size: int) -> bytes:
        return stored_docx(xml * size + BODY)

    return make


def distinct(size: int) -> bytes:
    """Elements of so many names."""
    return docx("".join(f"<w:n{n}/>" for n in range(size)) + BODY)


def long_attribute(size: int) -> bytes:
    """An attribute of so many characters, random ones."""
    return docx(f'<w:p x:a="{random.Random(0).randbytes(size // 2).hex()}"/>' + BODY)


def many_attributes(size: int) -> bytes:
    """So many attributes of one paragraph."""
    attributes = " ".join(f'a{n}=""' for n in range(size))
    return docx(f"<w:p {attributes}/>{BODY}")


def many_namespaces(size: int) -> bytes:
    """So many namespaces, each around one element."""
    return docx("".join(f'<y:p xmlns:y="urn:{n}"/>' for n in range(size)) + BODY)


def long_comment(size: int) -> bytes:
    """A comment of so many characters, never closed."""
    return with_document(document(BODY).replace("</w:body>", f"<!--{random.Random(0).randbytes(size // 2).hex()}"))


def long_marker(size: int) -> bytes:
    """A number of so many characters before each of so many paragraphs."""
    level = f'<w:lvl w:ilvl="0"><w:lvlText w:val="{"%1" * size}"/></w:lvl>'
    lists = f'<w:abstractNum w:abstractNumId="0">{level}</w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
    numbered = paragraph("", properties='<w:numPr><w:numId w:val="1"/></w:numPr>')
    return stored_docx(numbered * size + BODY, numbering=lists)


def huge_number(_: int) -> bytes:
    """Roman numerals from two thousand millions on."""
    level = (
        '<w:lvl w:ilvl="0"><w:start w:val="2147483647"/><w:numFmt w:val="upperRoman"/><w:lvlText w:val="%1"/></w:lvl>'
    )
    lists = f'<w:abstractNum w:abstractNumId="0">{level}</w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
    return docx(paragraph(TEXT, properties='<w:numPr><w:numId w:val="1"/></w:numPr>'), numbering=lists)


def style_circle(size: int) -> bytes:
    """So many styles, each based on the next, the last on the first."""
    made = "".join(f'<w:style w:styleId="s{n}"><w:basedOn w:val="s{(n + 1) % size}"/></w:style>' for n in range(size))
    used = "".join(paragraph("", properties=f'<w:pStyle w:val="s{n}"/>') for n in range(size))
    return stored_docx(used + BODY, styles=made)


def list_circle(_: int) -> bytes:
    """A list whose style leads to the list again."""
    style = '<w:style w:type="numbering" w:styleId="L"><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
    lists = (
        '<w:abstractNum w:abstractNumId="0"><w:numStyleLink w:val="L"/></w:abstractNum>'
        '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
    )
    return docx(paragraph(TEXT, properties='<w:numPr><w:numId w:val="1"/></w:numPr>'), styles=style, numbering=lists)


def tables_in_tables(size: int) -> bytes:
    """Tables in cells of two columns, so many deep."""
    begin, end = f"<w:tbl><w:tr><w:tc>{BODY}</w:tc><w:tc>", f"{BODY}</w:tc></w:tr></w:tbl>"
    return docx(begin * size + end * size)


def joined(size: int) -> bytes:
    """So many paragraphs whose marks were deleted."""
    return stored_docx(paragraph("x", properties="<w:rPr><w:del/></w:rPr>") * size + BODY)


def text_boxes(size: int) -> bytes:
    """So many text boxes that one paragraph anchors."""
    return stored_docx(f"<w:p><w:r>{f'<w:txbxContent>{BODY}</w:txbxContent>' * size}</w:r></w:p>{BODY}")


def open_fields(size: int) -> bytes:
    """So many fields that begin and never end, before the text of the same paragraph."""
    field = '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
    return stored_docx(f"<w:p>{field * size}<w:r><w:t>{TEXT}</w:t></w:r></w:p>")


def cut(share: float) -> Callable[[int], bytes]:
    """A document that ends there."""
    return lambda _: docx(BODY * 20)[: int(len(docx(BODY * 20)) * share)]


def flipped(size: int) -> bytes:
    """A document with bytes of its main part changed."""
    data = bytearray(docx(paragraph("企业" * size)))
    where = data.index(b"word/document.xml") + len("word/document.xml") + 20
    data[where] ^= 0xFF
    return bytes(data)


def utf_16(_: int) -> bytes:
    """UTF-16 with its mark."""
    return with_document(document(BODY).replace("UTF-8", "UTF-16").encode("utf-16"))


def other_prefix(_: int) -> bytes:
    """Word's namespace under another prefix, and under none."""
    return with_document(
        f'<q:document xmlns:q="{WORD}"><body xmlns="{WORD}"><p><r><t>{TEXT}</t></r></p></body></q:document>'
    )


def strict(_: int) -> bytes:
    """Strict Open XML."""
    return with_document(document(BODY).replace(WORD, STRICT))


def external_entity(_: int) -> bytes:
    """An entity that is a file of the reader's."""
    return with_document(
        '<!DOCTYPE d [<!ENTITY e SYSTEM "file:///etc/passwd">]>' + document(BODY.replace(TEXT, f"{TEXT}&e;"))
    )


def external_type(_: int) -> bytes:
    """A document type that is a page of the network's."""
    return with_document('<!DOCTYPE d SYSTEM "http://127.0.0.1:9/d.dtd">' + document(BODY))


def outside(_: int) -> bytes:
    """Names that lead out of the folder, and relationships that lead there and to the network."""
    shown = relations(styles="../../../../etc/passwd", numbering="file:///etc/passwd", header="http://127.0.0.1:9/")
    return packed(
        {
            "../../evil.xml": "x",
            "/etc/evil": "x",
            "word/_rels/document.xml.rels": shown,
            "word/document.xml": document(BODY),
        }
    )


def nothing(kind: str, **parts: str) -> Callable[[int], bytes]:
    """A package of another program."""
    return lambda _: packed({"[Content_Types].xml": "<Types/>", kind: "<x/>", **parts})


def broken(xml: str) -> Callable[[int], bytes]:
    """A main part that breaks off or in with that behind its text."""
    return lambda _: with_document(document(BODY).replace("</w:body>", f"{xml}</w:body>"))


def deflated_twice(size: int) -> bytes:
    """A main part that is a package itself, a bomb."""
    return with_document(zeros(size))


def giant_text(size: int) -> bytes:
    """A paragraph of so many characters."""
    return docx(paragraph(random.Random(0).randbytes(size // 2).hex()) + BODY)


def declared(encoding: str) -> Callable[[int], bytes]:
    """XML that says it is in that encoding."""
    return lambda _: with_document(document(BODY).replace("UTF-8", encoding))
