"""Hostile Word documents and what must come of each: `TRAPS[name].make(size)` gives the bytes.

Small sizes are for the tests, full ones for benchmarks/hostile_word.py.
"""

from __future__ import annotations

import random
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from made_docx import document, docx, packed
from made_traps_word import (
    BODY,
    TEXT,
    broken,
    cut,
    declared,
    deflated_twice,
    distinct,
    doubled,
    encrypted,
    entities,
    external_entity,
    external_type,
    flipped,
    giant_text,
    huge_number,
    joined,
    list_circle,
    long_attribute,
    long_comment,
    long_marker,
    lying,
    many_attributes,
    many_members,
    many_namespaces,
    nested,
    nothing,
    open_fields,
    other_prefix,
    outside,
    overlapping,
    quadratic,
    repeated,
    sly_bomb,
    strict,
    style_circle,
    tables_in_tables,
    text_boxes,
    utf_16,
    with_document,
    zeros,
)


@dataclass(frozen=True, slots=True)
class Trap:
    """A trap: its bytes by size, what must come of it, the size in the tests and the full one.

    end  "text": all of TEXT comes back; "partial": TEXT with a warning; else a part of the sentence that refuses it
    """

    make: Callable[[int], bytes]
    end: str
    small: int = 1000
    full: int = 1000


DEEP, BOMB, XML = "nested deeper than 256", "more than the 250 : 1", "damaged XML"
TRAPS: Mapping[str, Trap] = {
    "billion laughs": Trap(entities, "declares a document type", 10, 30),
    "quadratic entity": Trap(quadratic, "declares a document type", 1000, 50_000),
    "external entity": Trap(external_entity, "declares a document type"),
    "external document type": Trap(external_type, "declares a document type"),
    "1.8 MB that unpack to 1 GB": Trap(zeros, BOMB, 2_000_000, 1_000_000_000),
    "bomb that says it is small": Trap(sly_bomb, "damaged part", 200_000, 500_000_000),
    "sizes beyond all": Trap(lambda _: lying(docx(BODY), field=24, value=0xFFFFFFF0), BOMB),
    "packed size beyond the file": Trap(lambda _: lying(docx(BODY), field=20, value=0x7FFFFFFF), "text"),
    "part beyond the file": Trap(lambda _: lying(docx(BODY), field=42, value=0x7FFFFFFF), "damaged"),
    "wrong checksum": Trap(lambda _: lying(docx(BODY), field=16, value=1), "damaged part"),
    "entries that overlap": Trap(overlapping, "partial", 50, 5000),
    "too many entries": Trap(many_members, "more than 20,000 parts", 20_001, 200_000),
    "two documents": Trap(doubled, "partial"),
    "encrypted part": Trap(encrypted, "is encrypted"),
    "packed by bzip2": Trap(
        lambda _: packed({"word/document.xml": document(BODY)}, method=zipfile.ZIP_BZIP2), "method 12"
    ),
    "packed by LZMA": Trap(
        lambda _: packed({"word/document.xml": document(BODY)}, method=zipfile.ZIP_LZMA), "method 14"
    ),
    "20,000 elements deep": Trap(nested("w:sdt"), DEEP, 300, 20_000),
    "20,000 unknown elements deep": Trap(nested("x:y"), DEEP, 300, 20_000),
    "left-out elements deep": Trap(nested("w:del"), DEEP, 300, 20_000),
    "tables in tables": Trap(tables_in_tables, "text", 60, 80),
    "tables too deep": Trap(tables_in_tables, DEEP, 100, 5000),
    "a million paragraphs": Trap(repeated("<w:p/>"), "elements of XML", 50_001, 1_000_000),
    "390,000 paragraphs": Trap(repeated("<w:p/>"), "text", 2000, 390_000),
    "95,000 tables": Trap(repeated("<w:tbl><w:tr><w:tc><w:p/></w:tc></w:tr></w:tbl>"), "text", 500, 95_000),
    "elements of a million names": Trap(distinct, "elements of XML", 50_001, 1_000_000),
    "elements of 390,000 names": Trap(distinct, "text", 2000, 390_000),
    "attribute of 45 MB": Trap(long_attribute, "a tag of more than 4 MB", 5_000_000, 45_000_000),
    "500,000 attributes": Trap(many_attributes, "a tag of more than 4 MB", 450_000, 500_000),
    "300,000 attributes": Trap(many_attributes, "text", 2000, 300_000),
    "300,000 namespaces": Trap(many_namespaces, "text", 1000, 300_000),
    "comment of 45 MB": Trap(long_comment, "a tag of more than 4 MB", 5_000_000, 45_000_000),
    "paragraph of 45 MB": Trap(giant_text, "text", 100_000, 45_000_000),
    "more than 48 MB": Trap(giant_text, "unpacks to more than", 7_000_000, 60_000_000),
    "marker of a megabyte": Trap(long_marker, "text", 1000, 60_000),
    "number of two thousand millions": Trap(huge_number, "text"),
    "styles in a circle": Trap(style_circle, "text", 500, 50_000),
    "lists in a circle": Trap(list_circle, "text"),
    "60,000 joined paragraphs": Trap(joined, "text", 1000, 60_000),
    "90,000 text boxes": Trap(text_boxes, "text", 1000, 90_000),
    "190,000 open fields": Trap(open_fields, "text", 1000, 190_000),
    "names that lead outside": Trap(outside, "text"),
    "NUL in the XML": Trap(broken("\0"), "partial"),
    "ampersand in the XML": Trap(broken("&"), "partial"),
    "tag that is not closed": Trap(broken("<w:p><w:r>"), "partial"),
    "entity that nobody declares": Trap(broken("<w:p>&nbsp;</w:p>"), "partial"),
    "prefix that nobody declares": Trap(broken("<zz:p/>"), "partial"),
    "bytes of GBK": Trap(lambda _: with_document(document(BODY).encode("gbk")), XML),
    "encoding GBK": Trap(declared("GBK"), "encoding that is not known"),
    "encoding of nobody": Trap(declared("klingon"), "encoding that is not known"),
    "UTF-16": Trap(utf_16, "text"),
    "strict Open XML": Trap(strict, "text"),
    "other prefixes": Trap(other_prefix, "text"),
    "main part that is a bomb itself": Trap(deflated_twice, XML, 100_000, 500_000_000),
    "empty main part": Trap(lambda _: with_document(b""), "no Word document in"),
    "main part that is a page": Trap(lambda _: with_document("<html><body>x</body></html>"), "no Word document in"),
    "no main part": Trap(nothing("word/styles.xml"), "zip archive without a Word document"),
    "workbook": Trap(nothing("xl/workbook.xml"), "is an Excel workbook"),
    "slides": Trap(nothing("ppt/presentation.xml"), "is a PowerPoint presentation"),
    "OpenDocument": Trap(
        nothing("content.xml", mimetype="application/vnd.oasis.opendocument.text"), "is an OpenDocument text"
    ),
    "OFD": Trap(nothing("OFD.xml"), "is an OFD document"),
    "old Office file": Trap(lambda size: b"\xd0\xcf\x11\xe0" + b"\0" * size, "old Office file"),
    "web page": Trap(lambda _: f"<html>{TEXT}</html>".encode(), "web page"),
    "nothing": Trap(lambda _: b"", "begins with"),
    "PK alone": Trap(lambda _: b"PK", "damaged zip"),
    "cut at a tenth": Trap(cut(0.1), "damaged zip"),
    "cut at half": Trap(cut(0.5), "damaged zip"),
    "last byte cut": Trap(cut(0.9999), "damaged zip"),
    "a byte changed": Trap(flipped, "damaged part"),
    "junk behind the signature": Trap(lambda size: b"PK\x03\x04" + random.Random(1).randbytes(size), "damaged zip"),
}
