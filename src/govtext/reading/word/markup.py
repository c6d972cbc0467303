"""XML as a stream of elements with limits: no DOCTYPE, no entities, a depth, a number of elements, a length of a tag."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final
from xml.parsers import expat

from govtext.errors import UnreadableReport

DEEPEST: Final = 256  # levels; a text box in a table in a text box has 30
# Of a package. LibreOffice writes 0.4 of them a character (30 reports of corpus/authored, 2026-11-24), so these are a
# million characters; runs of five characters with all their properties, a quarter of that.
MOST_ELEMENTS: Final = 400_000
# Expat before 2.6 scans an unfinished tag again for each piece (CVE-2023-52425), and a tag of 5 MB of attributes took 104 MB.
# Word keeps old drawings in attributes of some hundred kilobytes.
LONGEST_TAG: Final = 4 << 20  # bytes

_SAVE_AGAIN = "save the document again in Word or WPS, or as plain text (.txt)"
# Prefix as the specification writes it → the namespaces it stands for: transitional, then strict (ISO/IEC 29500-1, annex A).
NAMESPACES: Final[Mapping[str, tuple[str, ...]]] = {
    "w": (
        "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
        "http://purl.oclc.org/ooxml/wordprocessingml/main",
    ),
    "m": (
        "http://schemas.openxmlformats.org/officeDocument/2006/math",
        "http://purl.oclc.org/ooxml/officeDocument/math",
    ),
    "a": ("http://schemas.openxmlformats.org/drawingml/2006/main", "http://purl.oclc.org/ooxml/drawingml/main"),
    "c": ("http://schemas.openxmlformats.org/drawingml/2006/chart", "http://purl.oclc.org/ooxml/drawingml/chart"),
    "dgm": ("http://schemas.openxmlformats.org/drawingml/2006/diagram", "http://purl.oclc.org/ooxml/drawingml/diagram"),
    "mc": ("http://schemas.openxmlformats.org/markup-compatibility/2006",),
    "v": ("urn:schemas-microsoft-com:vml",),
    "pr": ("http://schemas.openxmlformats.org/package/2006/relationships",),
    "dc": ("http://purl.org/dc/elements/1.1/",),
}
Attributes = Mapping[str, str]
Start = Callable[[Attributes], object]
SKIP: Final = object()  # what a start returns to have the element left out with all that is in it


def named(table: Mapping[str, Any]) -> dict[str, Any]:
    """The table with the names expat gives in place of `w:p` and the like."""
    return {
        f"{uri} {local}": value
        for name, value in table.items()
        for prefix, _, local in [name.partition(":")]
        for uri in NAMESPACES[prefix]
    }


_NONE: Attributes = {}


class Budget:
    """How many elements a package may still have."""

    def __init__(self) -> None:
        self.left = MOST_ELEMENTS


class Markup:
    """One part read: `starts` and `ends` are called for the elements in their tables, named by `named`.

    `text` collects characters between `listen` and `heard`. What a start is given are the attributes by local name.
    """

    def __init__(
        self, starts: Mapping[str, Start], ends: Mapping[str, Callable[[], object]], budget: Budget | None = None
    ) -> None:
        self._starts, self._ends = starts, ends
        self._budget = budget or Budget()
        self._depth = self._skipped = self._seen = 0
        self._heard: list[str] = []
        self.root = ""  # name of the outermost element, as expat gives it
        # No table of names of its own: a million different names would stay in it.
        self._parser: Any = expat.ParserCreate(None, " ", None)
        self._parser.ordered_attributes = True
        self._parser.buffer_text = True
        self._parser.buffer_size = 1 << 16
        self._parser.StartElementHandler = self._start_root
        self._parser.EndElementHandler = self._end
        self._parser.StartDoctypeDeclHandler = _refuse_doctype
        self._parser.EntityDeclHandler = _refuse_doctype

    def read(self, pieces: Iterable[bytes]) -> str:
        """Nothing when the part was read to its end or is not there, else what is wrong in it; what was before was handed on.

        Raises:
            UnreadableReport: a limit is broken, or the part declares a document type or an encoding that no one knows.
        """
        fed = 0
        try:
            for piece in pieces:
                self._parser.Parse(piece, False)
                fed += len(piece)
                self._count()
                if fed - self._parser.CurrentByteIndex > LONGEST_TAG:
                    raise UnreadableReport(f"has a tag of more than {LONGEST_TAG >> 20} MB; {_SAVE_AGAIN}")
            if fed:
                self._parser.Parse(b"", True)
        except expat.ExpatError as error:
            return f"{expat.ErrorString(error.code)} at line {error.lineno}"
        except (LookupError, ValueError) as error:
            if isinstance(error, UnreadableReport):
                raise
            raise UnreadableReport(f"is XML in an encoding that is not known ({error}); {_SAVE_AGAIN}") from error
        finally:
            # They hold the parser, which holds them: a million elements would wait for the collector.
            self._parser.StartElementHandler = self._parser.EndElementHandler = None
            self._parser.CharacterDataHandler = None
        return ""

    def listen(self) -> None:
        """From here on characters are collected."""
        self._heard = []
        self._parser.CharacterDataHandler = self._heard.append

    def heard(self) -> str:
        """The characters since `listen`; the next are not collected."""
        self._parser.CharacterDataHandler = None
        text, self._heard = "".join(self._heard), []
        return text

    def _count(self) -> None:
        """Nothing; once a piece, which has at most 65,000 elements."""
        self._budget.left -= self._seen
        self._seen = 0
        if self._budget.left < 0:
            raise UnreadableReport(f"has more than {MOST_ELEMENTS:,} elements of XML; split it, or {_SAVE_AGAIN}")

    def _start_root(self, name: str, attributes: Sequence[str]) -> None:
        self.root = name
        self._parser.StartElementHandler = self._start
        self._start(name, attributes)

    def _start(self, name: str, attributes: Sequence[str]) -> None:
        self._depth += 1
        self._seen += 1
        if self._depth > DEEPEST:
            raise UnreadableReport(f"is XML nested deeper than {DEEPEST} levels, as no document is; {_SAVE_AGAIN}")
        if self._skipped:
            return
        start = self._starts.get(name)
        if start is not None:
            local = _NONE
            if attributes:
                held = iter(attributes)
                local = {key.rpartition(" ")[2]: value for key, value in zip(held, held)}
            if start(local) is SKIP:
                self._skipped = self._depth

    def _end(self, name: str) -> None:
        if not self._skipped:
            end = self._ends.get(name)
            if end is not None:
                end()
        elif self._skipped == self._depth:
            self._skipped = 0
        self._depth -= 1


def _refuse_doctype(*_: object) -> None:
    raise UnreadableReport(f"declares a document type or entities in its XML, as no document does; {_SAVE_AGAIN}")
