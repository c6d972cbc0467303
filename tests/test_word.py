"""Word documents: what is read of each element, numbers that Word generates, hints, and what strangers send. Cases in word.toml."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from govtext.errors import UnreadableReport
from govtext.reading import read
from govtext.reading.formats import Extracted
from govtext.reading.numerals import numeral
from govtext.reading.word.document import LONGEST_TITLE, extract
from govtext.reading.word.lines import LONG_CELL
from govtext.reading.word.symbols import symbol
from made_docx import ROOT_RELATIONS, document, docx, packed, paragraph, part, relations

CASES: dict[str, Any] = tomllib.loads((Path(__file__).parent / "cases" / "word.toml").read_text(encoding="utf-8"))
PARTS = ("styles", "numbering", "footnotes", "endnotes")
NUMBERS = (1, 10, 11, 20, 21, 101)
# Characters that XML can hold; line ends are the lines' own.
XML_CHARACTERS = st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\ufffe\uffff") | st.just("\t")


def filled(xml: str) -> str:
    """The XML with paragraphs and runs in the place of their short forms."""
    told = r'<w:p><w:pPr><w:numPr><w:ilvl w:val="\2"/><w:numId w:val="\1"/></w:numPr></w:pPr><w:r><w:t>\3</w:t></w:r></w:p>'
    xml = re.sub(r"\{n:(\d+)\.(\d):([^}]*)\}", told, xml)
    xml = re.sub(r"\{p:([^}]*)\}", r"<w:p><w:r><w:t>\1</w:t></w:r></w:p>", xml)
    return re.sub(r"\{r:([^}]*)\}", r"<w:r><w:t>\1</w:t></w:r>", xml)


def extracted(case: dict[str, Any]) -> Extracted:
    return extract(docx(filled(case["body"]), **{name: filled(case[name]) for name in PARTS if name in case}))


def one_list(levels: list[str]) -> str:
    """A numbering part with list 0 of those levels, `format|text|more`, and its instance 1."""
    made = ""
    for number, level in enumerate(levels):
        form, text, *more = level.split("|")
        inner = f'<w:start w:val="1"/><w:numFmt w:val="{form}"/>{"".join(more)}<w:lvlText w:val="{text}"/>'
        made += f'<w:lvl w:ilvl="{number}">{inner}</w:lvl>'
    first = '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
    return f'<w:abstractNum w:abstractNumId="0">{made}</w:abstractNum>{first}'


# --- text ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("case", CASES["body"], ids=lambda case: case["name"])
def test_a_document_reads_as_its_pages_do(case: dict[str, Any]) -> None:
    found = extracted(case)
    assert case["text"] == found.text
    wanted = case.get("warnings", [])
    assert len(wanted) == len(found.warnings)
    assert all(warning.startswith(start) for start, warning in zip(wanted, found.warnings))


@pytest.mark.parametrize("case", CASES["numbered"], ids=lambda case: case["name"])
def test_generated_numbers_stand_before_their_paragraphs(case: dict[str, Any]) -> None:
    lists = one_list(case["levels"]) + case.get("numbers", "")
    assert case["text"] == extracted({**case, "numbering": lists}).text


@pytest.mark.parametrize("form", CASES["numerals"])
def test_numbers_are_written_as_their_format_says(form: str) -> None:
    assert CASES["numerals"][form] == [numeral(number, form) for number in NUMBERS]


@pytest.mark.parametrize(
    ("number", "form", "shown"),
    [
        (4000, "upperRoman", "4000"),
        (10_000, "chineseLegalSimplified", "10000"),
        (781, "lowerLetter", "781"),
        (0, "hex", "0"),
    ],
)
def test_a_number_without_a_sign_is_written_in_figures(number: int, form: str, shown: str) -> None:
    assert shown == numeral(number, form)


@pytest.mark.parametrize(("length", "between"), [(LONG_CELL, " "), (LONG_CELL + 1, "\n")], ids=["at", "above"])
def test_a_cell_of_long_prose_keeps_its_lines(length: int, between: str) -> None:
    long = "长" * (length - 1)
    cells = f"<w:tc>{paragraph(long)}{paragraph('完')}</w:tc><w:tc>{paragraph('短')}</w:tc>"
    assert f"{long}{between}完\t短" == extract(docx(f"<w:tbl><w:tr>{cells}</w:tr></w:tbl>")).text


@pytest.mark.parametrize(
    ("font", "char", "shown"),
    [
        ("Wingdings", "F0FC", "✓"),
        ("wingdings 2", "52", "☑"),
        ("Symbol", "F061", "α"),
        ("Symbol", "F025", "%"),
        ("Wingdings", "F022", None),
        ("Webdings", "F061", None),
        ("Arial", "D800", None),
        ("Arial", "FFFFFFFFFF", None),
        ("Arial", "", None),
    ],
)
def test_a_sign_is_looked_up_in_its_font(font: str, char: str, shown: str | None) -> None:
    assert shown == symbol(font, char)


@settings(max_examples=60)
@given(st.lists(st.text(XML_CHARACTERS, max_size=20), min_size=1, max_size=8))
def test_paragraphs_come_back_exactly(lines: list[str]) -> None:
    found = extract(docx("".join(paragraph(line) for line in lines)))
    assert "\n".join(lines) == found.text
    assert len(lines) == len(found.hints)


# --- hints, title, what is left out -------------------------------------------------------------------------------


@pytest.mark.parametrize("case", CASES["tag"], ids=lambda case: case["name"])
def test_the_style_tells_the_tag(case: dict[str, Any]) -> None:
    named = f'<w:pStyle w:val="{case["style"]}"/>' if "style" in case else ""
    body = paragraph("甲", properties=named + case.get("properties", ""))
    (hint,) = extract(docx(body, styles=case.get("styles", ""))).hints
    assert case["tag"] == hint.tag


def test_every_line_has_a_hint_and_those_of_a_block_share_its_number() -> None:
    table = f"<w:tbl><w:tr><w:tc>{paragraph('甲')}</w:tc><w:tc>{paragraph('乙')}</w:tc></w:tr></w:tbl>"
    broken = "<w:p><w:r><w:t>丙</w:t><w:br/><w:t>丁</w:t></w:r></w:p>"
    found = extract(docx(paragraph("始") + table + broken))
    assert found.text == "始\n甲\t乙\n丙\n丁"
    assert [hint.tag for hint in found.hints] == ["p", "td", "p", "p"]
    assert found.hints[2].block == found.hints[3].block
    assert len({hint.block for hint in found.hints}) == 3
    assert found.hints[1].depth > found.hints[0].depth == found.hints[2].depth
    assert found.hints[1].container != found.hints[0].container == found.hints[2].container


@pytest.mark.parametrize(
    ("linked", "share"),
    [
        ("<w:hyperlink>{r:通知}</w:hyperlink>{r:全文}", 0.5),
        ("<w:fldSimple w:instr=' HYPERLINK x'>{r:通知}</w:fldSimple>", 1.0),
        (
            "<w:r><w:fldChar w:fldCharType='begin'/><w:instrText>HYPERLINK</w:instrText>"
            "<w:fldChar w:fldCharType='separate'/></w:r>{r:通}<w:r><w:fldChar w:fldCharType='end'/></w:r>{r:知书文}",
            0.25,
        ),
        ("<w:fldSimple w:instr='DATE'>{r:通知}</w:fldSimple>", 0.0),
    ],
)
def test_the_hint_tells_the_share_of_links(linked: str, share: float) -> None:
    (hint,) = extract(docx(filled(f"<w:p>{linked}</w:p>"))).hints
    assert share == hint.link_share


@pytest.mark.parametrize(
    ("title", "shown"),
    [("科技局\n 总结", "科技局 总结"), ("", ""), ("长" * (LONGEST_TITLE + 1), "长" * LONGEST_TITLE), ("<", "")],
)
def test_the_title_is_that_of_the_properties(title: str, shown: str) -> None:
    core = f'<p xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>{title}</dc:title></p>'
    found = extract(packed({"word/document.xml": document(paragraph("甲")), "docProps/core.xml": core}))
    assert (shown, "甲") == (found.title, found.text)


@pytest.mark.parametrize(
    ("header", "warned"),
    [("内部资料", ("page headers and footers are left out: “内部资料”",)), ("第 3 页", ()), ("走访企业", ()), ("", ())],
)
def test_a_header_is_told_of_when_the_text_does_not_say_it(header: str, warned: tuple[str, ...]) -> None:
    parts = {
        "word/document.xml": document(paragraph("走访企业120家。")),
        "word/_rels/document.xml.rels": relations(header1="header1.xml", header2="header2.xml", footer="nowhere.xml"),
        "word/header1.xml": part("hdr", paragraph(header)),
        "word/header2.xml": part("hdr", paragraph(header)),
    }
    found = extract(packed(parts))
    assert ("走访企业120家。", warned) == (found.text, found.warnings)


def test_a_damaged_header_or_title_does_no_harm() -> None:
    parts = {
        "word/document.xml": document(paragraph("甲")),
        "word/_rels/document.xml.rels": relations(header="header.xml"),
        "word/header.xml": "<!DOCTYPE x>" + part("hdr", paragraph("内部资料")),
        "docProps/core.xml": "<!DOCTYPE x><x/>",
    }
    found = extract(packed(parts))
    assert (found.text, found.title, found.warnings) == ("甲", "", ())


def test_parts_are_where_their_relationships_lead() -> None:
    moved = ROOT_RELATIONS.replace("word/document.xml", "/Other/Main.xml")
    styles = part("styles", '<w:style w:styleId="1"><w:name w:val="heading 2"/></w:style>')
    parts = {
        "_rels/.rels": moved,
        "other/main.xml": document(paragraph("甲", properties='<w:pStyle w:val="1"/>')),
        "other/_rels/main.xml.rels": relations(styles="../looks/s.xml"),
        "looks/s.xml": styles,
    }
    found = extract(packed(parts))
    assert (found.text, found.hints[0].tag) == ("甲", "h2")


@pytest.mark.parametrize("name", ["styles", "numbering"])
def test_damaged_styles_and_lists_leave_the_text_and_a_warning(name: str) -> None:
    found = extract(packed({"word/document.xml": document(paragraph("甲")), f"word/{name}.xml": "<x"}))
    assert found.text == "甲"
    assert [name] == [warning.split()[0] for warning in found.warnings]


def test_a_document_of_pictures_says_so() -> None:
    data = docx("<w:p><w:r><w:drawing><a:blip/></w:drawing></w:r></w:p>")
    with pytest.raises(UnreadableReport, match=r"scan\.docx: is empty \(1 picture holds no text that can be read\); "):
        read(data, name="scan.docx", fence=None)


def test_read_takes_the_package_for_a_word_document_whatever_its_name() -> None:
    source = read(docx(paragraph("一、工作") + paragraph("走访企业。")), fence=None)
    assert (source.format, source.text, source.encoding) == ("word", "一、工作\n走访企业。", None)
