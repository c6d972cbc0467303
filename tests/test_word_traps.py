"""Word documents that strangers send: traps of traps_word.py, damaged documents, any bytes."""

from __future__ import annotations

import contextlib
import io
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from govtext.errors import UnreadableReport
from govtext.reading.word.document import extract
from govtext.reading.word.markup import MOST_ELEMENTS
from govtext.reading.word.package import MOST_UNPACKED
from made_docx import docx, packed, paragraph
from made_traps_word import BODY, TEXT
from traps_word import TRAPS, Trap


def refusal(data: bytes) -> str:
    with pytest.raises(UnreadableReport, match=r"^[^\n]+; [^\n]+$") as caught:  # one line: what is wrong; next step
        extract(data)
    return str(caught.value)


@pytest.mark.parametrize("trap", TRAPS.values(), ids=list(TRAPS))
def test_a_trap_ends_in_text_or_a_reason(trap: Trap, monkeypatch: pytest.MonkeyPatch) -> None:
    # The limits of size an eighth of what they are, or the traps that break them take seconds to build.
    monkeypatch.setattr("govtext.reading.word.package.MOST_UNPACKED", MOST_UNPACKED // 8)
    monkeypatch.setattr("govtext.reading.word.markup.MOST_ELEMENTS", MOST_ELEMENTS // 8)
    data = trap.make(trap.small)
    if trap.end not in ("text", "partial"):
        assert trap.end in refusal(data)
        return
    found = extract(data)
    assert TEXT in found.text
    assert (trap.end == "partial") == bool(found.warnings)
    assert found.text.count("\n") + 1 == len(found.hints)


def test_there_are_as_many_traps_as_the_goal_asks() -> None:
    assert len(TRAPS) >= 40


@settings(max_examples=200)
@given(st.binary(max_size=300) | st.binary(max_size=300).map(lambda data: b"PK\x03\x04" + data))
def test_any_bytes_are_text_or_refused(data: bytes) -> None:
    refusal(data)


NUMBERED = '<w:pPr><w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr></w:pPr>'
LEVEL = '<w:lvl w:ilvl="0"><w:numFmt w:val="decimal"/><w:lvlText w:val="%1、"/></w:lvl>'
SAMPLE = docx(
    f"<w:p>{NUMBERED}<w:r><w:t>甲</w:t></w:r></w:p><w:tbl><w:tr><w:tc>{BODY}</w:tc><w:tc>{BODY}</w:tc></w:tr></w:tbl>",
    numbering=f'<w:abstractNum w:abstractNumId="0">{LEVEL}</w:abstractNum>'
    '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>',
    styles='<w:style w:styleId="1"><w:name w:val="heading 1"/></w:style>',
)
with zipfile.ZipFile(io.BytesIO(SAMPLE)) as package:
    BARE = packed({name: package.read(name) for name in package.namelist()}, method=zipfile.ZIP_STORED)


@settings(max_examples=200)
@given(st.sampled_from([SAMPLE, BARE]), st.data())
def test_a_damaged_document_is_text_or_refused(whole: bytes, data: st.DataObject) -> None:
    damaged = bytearray(whole)
    for _ in range(data.draw(st.integers(1, 4))):
        damaged[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    with contextlib.suppress(UnreadableReport):
        found = extract(bytes(damaged[: data.draw(st.integers(len(whole) // 2, len(whole)))]))
        assert found.text.count("\n") + 1 == len(found.hints)


MARKS = ("w:p", "w:r", "w:t", "w:pPr", "w:rPr", "w:tbl", "w:tr", "w:tc", "w:tcPr", "w:trPr", "w:del", "w:ins", "w:sdt")
MORE = ("w:sdtContent", "w:txbxContent", "w:footnote", "w:hyperlink", "w:vMerge", "w:vanish", "mc:AlternateContent")
LEAVES = (
    "<w:br w:type='page'/>",
    "<w:tab/>",
    "<w:fldChar w:fldCharType='begin'/>",
    "<w:fldChar w:fldCharType='end'/>",
    "甲",
)
TREES = st.recursive(
    st.sampled_from(LEAVES),
    lambda inner: st.tuples(
        st.sampled_from(MARKS + MORE + ("mc:Choice", "mc:Fallback")), st.lists(inner, max_size=4)
    ).map(lambda made: f"<{made[0]}>{''.join(made[1])}</{made[0]}>"),
    max_leaves=30,
)


@settings(max_examples=200)
@given(TREES)
def test_elements_in_any_order_are_read(tree: str) -> None:
    found = extract(docx(tree + paragraph(TEXT)))
    assert found.text.endswith(TEXT)
    assert found.text.count("\n") + 1 == len(found.hints)
