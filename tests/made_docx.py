"""Word documents built part by part, for tests: `docx("<w:p>…</w:p>")` and the parts around it."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from xml.sax.saxutils import escape

_OOXML = "http://schemas.openxmlformats.org"
_OFFICE = f"{_OOXML}/officeDocument/2006/relationships"
WORD = f"{_OOXML}/wordprocessingml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/wordprocessingml/main"
NAMESPACES = " ".join(
    f'xmlns:{prefix}="{uri}"'
    for prefix, uri in {
        "w": WORD,
        "m": f"{_OOXML}/officeDocument/2006/math",
        "a": f"{_OOXML}/drawingml/2006/main",
        "c": f"{_OOXML}/drawingml/2006/chart",
        "mc": f"{_OOXML}/markup-compatibility/2006",
        "v": "urn:schemas-microsoft-com:vml",
        "x": "urn:of-nobody",
    }.items()
)
ROOT_RELATIONS = (
    f'<Relationships xmlns="{_OOXML}/package/2006/relationships">'
    f'<Relationship Id="r1" Type="{_OFFICE}/officeDocument" Target="word/document.xml"/></Relationships>'
)


def relations(**targets: str) -> str:
    """A part of relationships: kind → target."""
    rows = "".join(
        f'<Relationship Id="{kind}" Type="{_OFFICE}/{kind.rstrip("0123456789")}" Target="{target}"/>'
        for kind, target in targets.items()
    )
    return f'<Relationships xmlns="{_OOXML}/package/2006/relationships">{rows}</Relationships>'


def part(root: str, inner: str) -> str:
    """The XML of a part of Word's."""
    return f'<?xml version="1.0" encoding="UTF-8"?><w:{root} {NAMESPACES}>{inner}</w:{root}>'


def document(body: str) -> str:
    """The XML of a main part."""
    return part("document", f"<w:body>{body}</w:body>")


def paragraph(text: str, *, properties: str = "") -> str:
    """A paragraph of one run."""
    told = f"<w:pPr>{properties}</w:pPr>" if properties else ""
    return f'<w:p>{told}<w:r><w:t xml:space="preserve">{escape(text)}</w:t></w:r></w:p>'


def packed(parts: Mapping[str, str | bytes], *, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip of the parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return out.getvalue()


def docx(body: str, **parts: str) -> bytes:
    """A package whose document has that body; `styles`, `numbering`, `footnotes` … are the insides of those parts."""
    return packed(_parts(body, parts))


def stored_docx(body: str, **parts: str) -> bytes:
    """The same, not compressed."""
    return packed(_parts(body, parts), method=zipfile.ZIP_STORED)


def _parts(body: str, parts: Mapping[str, str]) -> dict[str, str]:
    found = {"_rels/.rels": ROOT_RELATIONS, "word/document.xml": document(body)}
    return found | {f"word/{name}.xml": part(name, inner) for name, inner in parts.items()}
