"""A Word document (.docx) as text: what a reader of its pages sees, line by line.

Paragraphs are lines, table rows are lines with tabs between their cells, and the numbers that Word generates stand before
their paragraphs as text. Footnotes and endnotes follow at the end. Headers and footers are left out.
The standard library reads it, in pieces: a zip with limits (package), XML without a document type (markup).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from govtext.errors import UnreadableReport
from govtext.reading.formats import Extracted
from govtext.reading.word.body import Body
from govtext.reading.word.lines import Line
from govtext.reading.word.markup import Budget, Markup, named
from govtext.reading.word.numbering import Numbering, read_numbering
from govtext.reading.word.package import Package
from govtext.reading.word.styles import Styles, read_styles
from govtext.source import LineHint

LONGEST_TITLE: Final = 200  # characters
MOST_FURNITURE: Final = 30  # headers and footers looked at; a document of ten sections has up to 60, most of them alike
_DOCX = "convert it with: soffice --headless --convert-to docx FILE"
_HTML = "convert it with: soffice --headless --convert-to html FILE"
_PDF = "convert it with: soffice --headless --convert-to pdf FILE"
# (part, how it begins, what the package is, next step); the first that is there. Parts are named in lower case.
_KINDS: Final[tuple[tuple[str, bytes, str, str], ...]] = (
    ("xl/workbook.xml", b"", "an Excel workbook (.xlsx)", _HTML),
    ("xl/workbook.bin", b"", "an Excel workbook (.xlsb)", _HTML),
    ("ppt/presentation.xml", b"", "a PowerPoint presentation (.pptx)", _PDF),
    ("visio/document.xml", b"", "a Visio drawing (.vsdx)", _PDF),
    ("mimetype", b"application/vnd.oasis.opendocument.text", "an OpenDocument text (.odt)", _DOCX),
    ("mimetype", b"application/vnd.oasis.opendocument.spreadsheet", "an OpenDocument spreadsheet (.ods)", _HTML),
    ("mimetype", b"application/vnd.oasis.opendocument", "an OpenDocument file", _PDF),
    ("mimetype", b"application/epub+zip", "an e-book (.epub)", "unpack it and name its .xhtml files"),
    ("ofd.xml", b"", "an OFD document (.ofd)", "open it in WPS or an OFD reader and save it as .docx or PDF"),
    ("fixeddocseq.fdseq", b"", "an XPS document", "save it as .docx or PDF"),
    ("index/document.iwa", b"", "a Pages document", "save it as .docx in Pages"),
)
_MAIN = "word/document.xml"
_ROOTS = frozenset(named({"w:document": None}))
# Characters that headers and footers have around a page's number.
_NUMBERING_OF_PAGES = frozenset("0123456789第页頁共/·-–—－~ \t|pagePAGEof")


def extract(data: bytes, *, encoding: str | None = None) -> Extracted:
    """The text of a Word document, its title, and a hint for each line; it says itself how it is encoded.

    Raises:
        UnreadableReport: it is no Word document, damaged, encrypted, or breaks a limit.
    """
    if not data.startswith(b"PK"):
        raise UnreadableReport(f"is no Word document: {_beginning(data)}")
    package, budget = Package(data), Budget()
    main = _main_part(package)
    parts = _relations(package, _relations_of(main), budget)
    warnings = []
    styles, wrong = read_styles(_part(package, main, parts, "styles"), budget)
    warnings += [f"styles could not be read to their end ({wrong}), headings may be missing"] if wrong else []
    numbering, wrong = read_numbering(_part(package, main, parts, "numbering"), budget)
    warnings += [f"numbering could not be read to its end ({wrong}), numbers may be missing"] if wrong else []
    numbering.style_lists = styles.lists
    body = Body(styles, numbering)
    wrong = body.read(package.pieces(main), budget)
    if not wrong and body.root not in _ROOTS:
        raise UnreadableReport(f"has no Word document in {main[:60]}; save it again as .docx in Word or WPS")
    lines = body.lines
    if wrong:
        if not any(line.text.strip() for line in lines):
            raise UnreadableReport(f"has damaged XML ({wrong}) and no text before that; save it again in Word or WPS")
        warnings.append(f"the document is damaged ({wrong}): text behind that is lost")
    if main in package.doubled:
        warnings.append(f"the package holds {main[:60]} twice, the last was read")
    for note in _notes(package, main, parts, body, styles, numbering, budget):
        lines += note
    warnings += _unread(body)
    left_out = _furniture(package, parts, lines, styles, budget)
    warnings += [f"page headers and footers are left out: {left_out}"] if left_out else []
    text = "\n".join(line.text for line in lines)
    hints = tuple([LineHint(tag, share, depth, block, around) for _, share, tag, depth, block, around in lines])
    return Extracted(text, title=_title(package, budget), hints=hints, warnings=tuple(warnings))


def _beginning(data: bytes) -> str:
    start = data[:64].lstrip(b"\xef\xbb\xbf \t\r\n")
    if start.startswith(b"<"):
        return "it begins like a web page or XML; name it .html if it is one, or save it as .docx"
    if start.startswith(b"\xd0\xcf\x11\xe0"):
        return "it is an old Office file or encrypted; save it without a password as .docx"
    return f"it begins with {data[:8]!r}, a .docx with b'PK'; save it as .docx or as plain text (.txt)"


def _main_part(package: Package) -> str:
    """The name of the part that holds the document.

    Raises:
        UnreadableReport: there is none; says what the package is instead.
    """
    found = _relations(package, "_rels/.rels", Budget()).get("officedocument", [])
    for name in [*found[:1], _MAIN]:
        if name in package and name.endswith(".xml") and not name.startswith(("xl/", "ppt/", "visio/")):
            return name
    for part, start, kind, step in _KINDS:
        if part in package and package.start(part, len(start)) == start:
            raise UnreadableReport(f"is {kind}, a Word document was wanted; {step}")
    raise UnreadableReport("is a zip archive without a Word document in it; unpack it and name the reports")


def _relations_of(part: str) -> str:
    folder, _, name = part.rpartition("/")
    return f"{folder}/_rels/{name}.rels".lstrip("/")


def _relations(package: Package, name: str, budget: Budget) -> dict[str, list[str]]:
    """Kind of relationship (last word of its type, lower case) → the parts it leads to; none where that is damaged."""
    found: dict[str, list[str]] = {}
    folder = name.partition("_rels/")[0].strip("/")

    def add(attributes: dict[str, str]) -> None:
        if attributes.get("TargetMode") != "External":
            kind = attributes.get("Type", "").rpartition("/")[2].lower()
            found.setdefault(kind, []).append(_resolved(folder, attributes.get("Target", "")[:300]))

    Markup(named({"pr:Relationship": add}), {}, budget).read(package.pieces(name))
    return found


def _resolved(folder: str, target: str) -> str:
    """The name of a part from the folder that a target counts from."""
    path = [] if target.startswith("/") else folder.split("/")
    for step in target.lower().split("/"):
        if step == "..":
            del path[-1:]
        elif step not in ("", "."):
            path.append(step)
    return "/".join(filter(None, path))


def _part(package: Package, main: str, parts: dict[str, list[str]], kind: str) -> Iterator[bytes]:
    """The bytes of the part of that kind; of one beside the document where nothing leads to it."""
    folder = main.rpartition("/")[0]
    name = next(iter(parts.get(kind, [])), f"{folder}/{kind}.xml")
    return package.pieces(name)


def _notes(
    package: Package,
    main: str,
    parts: dict[str, list[str]],
    body: Body,
    styles: Styles,
    numbering: Numbering,
    budget: Budget,
) -> Iterator[list[Line]]:
    """The lines of each note that the text refers to, in that order."""
    if not body.references:
        return
    found: dict[str, list[Line]] = {}
    for kind in ("footnotes", "endnotes"):
        notes = Body(styles, numbering)
        notes.read(_part(package, main, parts, kind), budget)
        found |= notes.notes
    for name in body.references:
        yield found.pop(name, [])


def _unread(body: Body) -> list[str]:
    """Sentences about what the document holds and no line has."""
    said = []
    for what, n in sorted((+body.unread).items()):
        verb, plural = ("holds", "") if n == 1 else ("hold", "s")
        said.append(f"{n} {what}{plural} {verb} no text that can be read")
    if body.hidden:
        said.append(f"{body.hidden:,} hidden characters are left out")
    return said


def _furniture(
    package: Package, parts: dict[str, list[str]], lines: Iterable[Line], styles: Styles, budget: Budget
) -> str:
    """How the headers and footers begin that say what the text does not; page numbers say nothing."""
    names = dict.fromkeys(parts.get("header", []) + parts.get("footer", []))
    said: list[str] = []
    if names:
        known = "".join("".join(line.text.split()) for line in lines)
        for name in list(names)[:MOST_FURNITURE]:
            body = Body(styles, Numbering())
            try:
                body.read(package.pieces(name), budget)
            except UnreadableReport:
                continue
            for line in body.lines:
                text = "".join(line.text.split())[:LONGEST_TITLE]
                if set(text) - _NUMBERING_OF_PAGES and text not in known and text not in said:
                    said.append(text)
    return ", ".join(f"“{text[:20]}”" for text in said[:3])


def _title(package: Package, budget: Budget) -> str:
    """The title among the properties of the document, on one line; "" where it is damaged or has none."""
    heard: list[str] = []
    markup: Markup = Markup(
        named({"dc:title": lambda _: markup.listen()}),
        named({"dc:title": lambda: heard.append(markup.heard())}),
        budget,
    )
    name = next(iter(_relations(package, "_rels/.rels", budget).get("core-properties", [])), "docprops/core.xml")
    try:
        markup.read(package.pieces(name))
    except UnreadableReport:
        return ""
    return " ".join("".join(heard[:1]).split())[:LONGEST_TITLE]
