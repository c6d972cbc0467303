"""Web pages to lines: what is seen and nothing else, for any bytes. Cases in cases/webpage.toml, traps in traps_html.py."""

from __future__ import annotations

import tomllib
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govtext.errors import UnreadableReport
from govtext.reading import read
from govtext.reading.webpage.charset import declared
from govtext.reading.webpage.page import extract
from govtext.source import LineHint
from traps_html import HIDDEN_WORD, TRAPS, WORD

CASES = tomllib.loads((Path(__file__).parent / "cases" / "webpage.toml").read_text(encoding="utf-8"))
SENTENCE = "全年引进高层次人才三十六人，建成省级平台两个，走访企业一百二十家，兑现奖励资金八百万元。"


def lines_of(page: str) -> list[str]:
    return extract(page.encode()).text.split("\n")


@pytest.mark.parametrize("case", CASES["page"], ids=lambda case: case["name"])
def test_a_page_is_the_lines_that_are_seen(case: dict[str, Any]) -> None:
    found = extract(case["html"].encode())
    assert case["lines"] == found.text.split("\n")
    assert len(case["lines"]) == len(found.hints)
    assert case.get("title", "") == found.title


@pytest.mark.parametrize(
    ("page", "expected"),
    [
        ("<p>人才", LineHint("p", 0.0, 3, 4, 1)),
        ("<html><body><p>人才", LineHint("p", 0.0, 3, 4, 1)),
        ("人才", LineHint("body", 0.0, 2, 1, 0)),
        ("<div><div>人才", LineHint("div", 0.0, 4, 5, 4)),
        ("<p><a href=x>人才</a>", LineHint("p", 1.0, 3, 4, 1)),
        ("<p><a href=x>人才</a>平台", LineHint("p", 0.5, 3, 4, 1)),
        ("<p><a name=x>人才</a>", LineHint("p", 0.0, 3, 4, 1)),
        ("<p><A HREF=x>人 才</A> ", LineHint("p", 1.0, 3, 4, 1)),
        ("<table><tr><td><a href=x>甲</a><td>乙乙乙", LineHint("td", 0.25, 5, 5, 4)),
    ],
)
def test_a_hint_says_what_is_around_a_line(page: str, expected: LineHint) -> None:
    assert (expected,) == extract(page.encode()).hints


def test_lines_of_one_block_share_its_number() -> None:
    blocks = [hint.block for hint in extract("<p>人才<br>平台<p>企业".encode()).hints]
    assert blocks[0] == blocks[1] != blocks[2]


def test_the_title_has_a_hint_of_its_own() -> None:
    title, body = extract("<title>总结</title><p>人才".encode()).hints
    assert (title.tag, body.tag) == ("title", "p")
    assert len({title.block, title.container, body.block, body.container}) == 4


def test_a_link_ends_with_its_cell() -> None:
    shares = [hint.link_share for hint in extract("<table><tr><td><a href=x>人才</table>平台".encode()).hints]
    assert shares == [1.0, 0.0]


PAGE = "<html><head>{}</head><body>\n<p>{}</p></body></html>"
GB = '<meta http-equiv="Content-Type" content="text/html; charset=gb2312">'


@pytest.mark.parametrize(
    ("written", "meta", "found"),
    [
        ("utf-8", "", "utf-8"),
        ("utf-8", GB, "utf-8"),
        ("utf-8-sig", GB, "utf-8-sig"),
        ("gb18030", GB, "gb18030"),
        ("gb18030", '<meta charset="utf-8">', "gb18030"),
        ("gb18030", "", "gb18030"),
        ("big5", "<meta charset=big5>", "big5hkscs"),
        ("big5", GB, "big5hkscs"),
        ("utf-16-le", "", "utf-16-le"),
        ("utf-16", GB, "utf-16-le"),
    ],
)
def test_the_bytes_go_before_what_the_page_says(written: str, meta: str, found: str) -> None:
    sentence = (
        SENTENCE * 3 if written != "big5" else "全年引進高層次人才三十六人，建成省級平臺兩個，走訪企業一百二十家。" * 3
    )
    page = extract(PAGE.format(meta, sentence).encode(written))
    assert (found, sentence, 0) == (page.encoding, page.text, page.replaced)


@pytest.mark.parametrize("encoding", ["gb18030", "big5hkscs"])
def test_a_page_of_few_characters_is_believed(encoding: str) -> None:
    name = {"gb18030": "gbk", "big5hkscs": "Big5"}[encoding]
    page = extract(PAGE.format(f"<meta charset='{name}'>", "中文").encode(encoding))
    assert (encoding, "中文") == (page.encoding, page.text)


def test_two_ideographs_that_could_be_letters_are_read_as_the_page_says() -> None:
    data = PAGE.format("<meta charset=gbk>", "一目").encode("gbk")
    assert data.decode("utf-8") != ""
    assert (extract(data).encoding, extract(data).text) == ("gb18030", "一目")


def test_an_encoding_that_is_given_goes_before_all() -> None:
    assert extract(PAGE.format(GB, "é").encode(), encoding="gb18030").encoding == "gb18030"


def test_bytes_that_are_no_character_are_counted() -> None:
    page = extract(PAGE.format("", SENTENCE).encode().replace("，".encode(), b"\xff", 1))
    assert page.replaced == 1
    assert "三十六人\N{REPLACEMENT CHARACTER}建成" in page.text


@pytest.mark.parametrize(
    ("start", "expected"),
    [
        (b"<meta charset=gb2312>", "gb18030"),
        (b"<META content='text/html; charset = GBK' http-equiv=Content-Type>", "gb18030"),
        (b"<?xml version='1.0' encoding='Big5'?>", "big5hkscs"),
        (b"<meta charset=utf-16>", "utf-8"),
        (b"<meta charset=koi8-r>", None),
        (b"<script charset=gbk src=a></script>", None),
        (b" " * 5000 + b"<meta charset=gbk>", None),
    ],
)
def test_what_a_page_says_of_its_encoding(start: bytes, expected: str | None) -> None:
    assert expected == declared(start)


@pytest.mark.parametrize(
    ("page", "warnings"),
    [
        (f"<p>{SENTENCE}</p>", ()),
        (f"<iframe src=a.html></iframe><p>{SENTENCE}</p>", ()),
        ("<title>总结</title><frameset><frame src='main.html'><frame src=b.html>", ("in a frame: main.html",)),
        ("<div id=app></div><script src=a.js></script>", ("scripts fill this page",)),
        (f"<p>{SENTENCE}</p><!-- <p>{SENTENCE}", ("partial: a comment",)),
        (f"<p>{SENTENCE}</p><script>a()", ("partial: a script",)),
        (f"<p>{SENTENCE}</p><template>{SENTENCE}", ("partial: a template",)),
        (f"<p>{SENTENCE}</p><div class=", ("partial: a tag",)),
        ("<p></p>", ()),
    ],
)
def test_what_could_not_be_read_is_told(page: str, warnings: tuple[str, ...]) -> None:
    found = extract(page.encode()).warnings
    assert len(warnings) == len(found)
    assert all(wanted in warning for wanted, warning in zip(warnings, found))


def test_a_page_without_text_is_refused_with_the_reason() -> None:
    with pytest.raises(UnreadableReport, match=r"a\.html: is empty \(scripts fill this page; save it from a browser"):
        read(b"<html><script src=a.js></script></html>", name="a.html", fence=None)


def test_bytes_that_are_no_text_are_refused() -> None:
    with pytest.raises(UnreadableReport, match="is no text"):
        extract(bytes(range(256)) * 20)


def test_a_page_saved_as_doc_is_a_page() -> None:
    source = read(f"<html xmlns:o='office'><p class=MsoNormal>{SENTENCE}<o:p></o:p></p></html>".encode(), fence=None)
    assert (source.format, source.text, len(source.hints)) == ("webpage", SENTENCE, 1)


@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    try:
        found = extract(data)
    except UnreadableReport:
        return
    assert "\r" not in found.text
    assert len(found.hints) == (len(found.text.split("\n")) if found.text else 0)


PIECES = """
    < > </ <p> </p> <div> </div> <td> <tr> <table> </table> <li> <ol> </ol> <br> <a_href=x> </a> <pre> </pre> <title> </title>
    <select> </select> <template> </template> <script> </script> <!-- --> <% %> <? ?> <b_hidden> </b>
    <p_style='display:none'> " ' = & &amp; &#1 ]]> <![CDATA[ a 人
"""
MARKUP = st.sampled_from([piece.replace("_", " ") for piece in PIECES.split()] + list("\u3000\r\n\0 "))


@given(st.lists(MARKUP, max_size=40).map("".join))
def test_any_markup_is_read_with_a_hint_a_line(page: str) -> None:
    found = extract(page.encode())
    assert len(found.hints) == (len(found.text.split("\n")) if found.text else 0)
    assert not found.text or found.text.strip("\n") != ""


INLINE = st.sampled_from(["span", "b", "font", "em", "a"])
BLOCK = st.sampled_from(["div", "p", "ul", "table", "blockquote", "h2", "section", "center"])
TEXT = st.text(st.sampled_from("人才平台a1 　<&>\"'="), min_size=1, max_size=8)


def written(name: str, inside: str, attribute: str) -> str:
    return f"<{name} title={attribute}>{inside}</{name}>"


def escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


TREES = st.recursive(
    TEXT.map(escaped),
    lambda inner: st.builds(
        written,
        INLINE | BLOCK,
        st.lists(inner, max_size=3).map("".join),
        st.sampled_from(["x", "'<b>'", '"a>b"', '"="']),
    ),
    max_leaves=12,
)


class Parsed(HTMLParser):
    """The text of a page as the standard library reads it."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.pieces: list[str] = []
        self.feed(page)
        self.close()

    def handle_data(self, data: str) -> None:
        self.pieces.append(data)


def ink(text: str) -> str:
    return "".join(text.split())


@given(TREES)
def test_no_character_of_a_page_is_lost(page: str) -> None:
    assert ink("".join(Parsed(page).pieces)) == ink(extract(page.encode()).text)


@given(TREES, st.sampled_from(["script", "style", "template", "textarea", "svg", "noscript"]), TREES)
def test_text_that_is_not_shown_never_appears(before: str, name: str, after: str) -> None:
    page = f"<div>{before}</div><{name}>题外{after}</{name}><div>{after}</div>"
    assert ink("".join(Parsed(before + after).pieces)) == ink(extract(page.encode()).text)


@pytest.mark.parametrize("name", TRAPS)
def test_a_trap_keeps_its_text_or_says_that_it_is_partial(name: str) -> None:
    trap = TRAPS[name]
    page, words = trap.build(trap.small)
    found = extract(page)
    assert HIDDEN_WORD not in found.text
    kept = found.text.count(WORD)
    assert kept <= words
    assert kept >= 0.99 * words or any(warning.startswith("partial") for warning in found.warnings)
