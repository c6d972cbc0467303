"""Reports as printed pages: flat OpenDocument text in the layouts that offices use, for LibreOffice to make PDFs of."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from xml.sax.saxutils import escape

from govtext.segmentation.markers import marker_at

LONGEST_HEADING = 40  # characters
_DATE = re.compile(
    "[0-9〇○一二三四五六七八九十]{2,4}年[0-9一二三四五六七八九十]{1,3}月[0-9一二三四五六七八九十]{1,3}日"
)
_NUMBER = '<text:page-number text:select-page="current">1</text:page-number>'
_COUNT = "<text:page-count>1</text:page-count>"
_SPACES = re.compile(" {2,200}")


@dataclass(frozen=True)
class Layout:
    """Points of type, of indent and from line to line; what stands at the head (TITLE is the report's) and foot of each page."""

    size: float
    indent: float
    pitch: float
    foot: str = ""
    head: str = ""


# As GB/T 9704-2012 has it (16 points, 28 a line, numbers between dashes); as Word is set up; as text is printed.
LAYOUTS = {
    "official": Layout(16, 32, 28, foot=f"— {_NUMBER} —"),
    "running head": Layout(12, 24, 20, foot=f"第{_NUMBER}页 共{_COUNT}页", head="TITLE"),
    "flush": Layout(10.5, 0, 15, foot=_NUMBER),
}

_NAMES = " ".join(
    f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for short, name in (
        ("office", "office"),
        ("style", "style"),
        ("text", "text"),
        ("fo", "xsl-fo-compatible"),
    )
)
_STYLE = (
    '<style:style style:name="{name}" style:family="paragraph"><style:paragraph-properties {paragraph}/>'
    "<style:text-properties {letters}/></style:style>"
)
_PAGE = (
    '<style:page-layout style:name="L"><style:page-layout-properties fo:page-width="210mm" fo:page-height="297mm"'
    ' fo:margin-top="30mm" fo:margin-bottom="25mm" fo:margin-left="28mm" fo:margin-right="26mm"/>'
    '<style:header-style><style:header-footer-properties fo:min-height="10mm" fo:margin-bottom="5mm"/></style:header-style>'
    '<style:footer-style><style:header-footer-properties fo:min-height="10mm" fo:margin-top="5mm"/></style:footer-style>'
    "</style:page-layout>"
)


def write_pages(texts: Sequence[str], folder: Path, layout: str) -> list[Path]:
    """Files for LibreOffice, one a text."""
    paths = [folder / f"{number}.fodt" for number in range(len(texts))]
    for path, text in zip(paths, texts):
        path.write_text(_document(text.split("\n"), LAYOUTS[layout]), encoding="utf-8")
    return paths


def _document(lines: Sequence[str], layout: Layout) -> str:
    body = f'fo:text-indent="{layout.indent}pt" fo:line-height="{layout.pitch}pt"'
    styles = (
        # LibreOffice 7.4 loses some stops that it lets hang over the margin: neither PDFium nor pypdf finds them in the file.
        ("P", f'{body} fo:text-align="justify" style:punctuation-wrap="simple"', ""),
        ("H", body, 'fo:font-weight="bold" style:font-weight-asian="bold"'),
        ("T", 'fo:text-align="center" fo:margin-bottom="20pt"', 'fo:font-size="22pt" style:font-size-asian="22pt"'),
        ("R", 'fo:text-align="end"', ""),
        ("F", 'fo:text-align="center"', ""),
    )
    shown = "".join(
        _STYLE.format(name=name, paragraph=paragraph, letters=letters) for name, paragraph, letters in styles
    )
    fonts = (
        '<style:default-style style:family="paragraph"><style:text-properties fo:font-family="WenQuanYi Zen Hei"'
        f' style:font-family-asian="WenQuanYi Zen Hei" fo:font-size="{layout.size}pt" style:font-size-asian="{layout.size}pt"'
        ' fo:language="zh" fo:country="CN" style:language-asian="zh" style:country-asian="CN"/></style:default-style>'
    )
    title = next((line.strip() for line in lines if line.strip()), "")
    edges = "".join(
        f'<style:{edge}><text:p text:style-name="F">{content.replace("TITLE", escape(title[:40]))}</text:p></style:{edge}>'
        for edge, content in (("header", layout.head), ("footer", layout.foot))
        if content
    )
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document {_NAMES} office:version="1.3"'
        f' office:mimetype="application/vnd.oasis.opendocument.text"><office:styles>{fonts}{shown}</office:styles>'
        f"<office:automatic-styles>{_PAGE}</office:automatic-styles><office:master-styles>"
        f'<style:master-page style:name="Standard" style:page-layout-name="L">{edges}</style:master-page>'
        f"</office:master-styles><office:body><office:text>{_paragraphs(lines, layout)}</office:text></office:body>"
        "</office:document>"
    )


def _paragraphs(lines: Sequence[str], layout: Layout) -> str:
    made = []
    for number, line in enumerate(lines):
        # The indent of a typed text is its spaces.
        shown = line.strip() if layout.indent else line
        spaced = _SPACES.sub(lambda match: f' <text:s text:c="{len(match[0]) - 1}"/>', escape(shown))
        made.append(f'<text:p text:style-name="{_style(number, shown)}">{spaced}</text:p>')
    return "".join(made)


def _style(number: int, line: str) -> str:
    """Title, heading, date or body."""
    if not number and len(line) <= LONGEST_HEADING:
        return "T"
    if _DATE.fullmatch(line.strip()):
        return "R"
    return "H" if marker_at(line) is not None and len(line) <= LONGEST_HEADING else "P"
