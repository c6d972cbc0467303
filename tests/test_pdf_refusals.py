"""PDFs that hold no text, are locked, damaged or made to harm: each ends in a sentence, or in what could be read."""

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from govtext.errors import GovtextError, MissingExtra, UnreadableReport
from govtext.reading import Fence, read
from govtext.reading.pdf import pdfium
from govtext.reading.pdf.document import extract
from locked_pdf import locked_pdf
from made_pdfs import Parts, Set, Sheet, assemble, lines, make_pdf, stream
from traps_pdf import TRAPS

TEXT = "引进人才三十六人建成工作站两家。"
PICTURE = (0.0, 0.0, 595.0, 842.0)


def ends_well(data: bytes) -> bool:
    """Whether the reader gives a text with a hint a line, or refuses with a next step; anything else is raised."""
    try:
        found = extract(data)
    except UnreadableReport as error:
        return "; " in str(error)
    return len(found.hints) in (0, len(found.text.split("\n")))


@pytest.mark.parametrize(
    "sheet",
    [
        pytest.param(Sheet(pictures=[PICTURE]), id="a picture"),
        pytest.param(Sheet([Set("扫描", y=9)], pictures=[PICTURE]), id="a picture with a stamp"),
        pytest.param(Sheet(n_paths=300), id="letters turned into outlines"),
    ],
)
def test_a_scanned_file_is_refused_with_what_to_do(sheet: Sheet) -> None:
    with pytest.raises(
        UnreadableReport, match=r"^is scanned: 2 pages of pictures and no text; recognise its text \(OCR\)"
    ):
        extract(make_pdf([sheet, sheet]))


def test_scanned_pages_among_others_are_named() -> None:
    scan = Sheet(pictures=[PICTURE])
    found = extract(make_pdf([Sheet(lines([TEXT])), scan, Sheet(lines([TEXT])), scan, scan]))
    assert found.text == f"{TEXT}\n{TEXT}"
    assert found.warnings == ("pages 2, 4–5: pictures whose text was not read",)


@pytest.mark.parametrize(
    "sheet",
    [
        pytest.param(Sheet([*lines([TEXT * 2])], pictures=[PICTURE]), id="a text over a picture"),
        pytest.param(Sheet([*lines([TEXT])], pictures=[(90, 90, 90, 90)]), id="a small picture"),
        pytest.param(Sheet([*lines([TEXT])], n_paths=300), id="a drawing"),
    ],
)
def test_a_page_with_text_and_pictures_is_no_scan(sheet: Sheet) -> None:
    assert extract(make_pdf([sheet])).warnings == ()


def test_an_empty_page_gives_no_text() -> None:
    assert extract(make_pdf([Sheet()])).text == ""
    with pytest.raises(UnreadableReport, match="the bytes: is empty; a report with text was wanted"):
        read(make_pdf([Sheet()]), fence=None)


def test_a_file_without_pages_is_refused() -> None:
    with pytest.raises(UnreadableReport, match="is a PDF without pages; a report with text was wanted"):
        extract(make_pdf([]))


def test_a_password_is_asked_for_in_one_sentence() -> None:
    with pytest.raises(
        UnreadableReport, match="is locked with a password; open it with its password and save a copy without"
    ):
        extract(locked_pdf("a report", b"secret"))


def test_a_file_locked_with_an_empty_password_is_read() -> None:
    assert extract(locked_pdf("a report", b"")).text == "a report"


def test_fonts_that_name_no_characters_are_refused() -> None:
    with pytest.raises(
        UnreadableReport, match=r"^does not say which characters its letters are: 16 of 16 have no meaning"
    ):
        extract(make_pdf([Sheet(lines([TEXT]))], Parts(named=False)))


@pytest.mark.parametrize(("n_odd", "refused"), [(3, False), (4, False), (5, True)])
def test_a_fifth_of_odd_characters_is_too_much(n_odd: int, *, refused: bool) -> None:
    data = make_pdf([Sheet(lines([TEXT + "\ue123" * n_odd]))])
    if refused:
        with pytest.raises(UnreadableReport, match=f"{n_odd} of {16 + n_odd} have no meaning outside their font"):
            extract(data)
    else:
        assert f"{n_odd} characters without a meaning" in extract(data).warnings[0]


def alone(font: bytes, texts: list[bytes]) -> bytes:
    """A page with each text drawn for itself."""
    drawn = b"".join(b"BT /F 12 Tf 100 %d Td %b Tj ET\n" % (700 - 20 * i, text) for i, text in enumerate(texts))
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F %b >> >> >>"
    tree = [b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>"]
    return assemble([*tree, page % font, stream(drawn)])


# Of an order of characters that no font here has, so that it is as on a machine without a Chinese font.
FONTLESS = (
    b"<< /Type /Font /Subtype /Type0 /BaseFont /A /Encoding /Identity-H /DescendantFonts [<< /Type /Font"
    b" /Subtype /CIDFontType2 /BaseFont /A /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >>"
    b" /DW 1000 >>] >>"
)


def test_letters_that_are_lost_for_want_of_a_font_are_refused() -> None:
    with pytest.raises(
        UnreadableReport, match=r"holds no fonts, and 9 characters could not be read without; install a Chinese"
    ):
        extract(alone(FONTLESS, [b"<4e00>"] * 9))


@pytest.mark.parametrize(
    ("limit", "most", "message"),
    [
        ("MOST_PAGES", 2, r"has 3 pages, more than 2; split it"),
        ("MOST_ON_PAGE", 15, r"has more characters than can be read, 16 on page 1 alone; at most 15 a page"),
        ("MOST_CHARACTERS", 40, r"has more characters than can be read, 16 on page 3 alone; .* 40 in all, split it"),
    ],
)
def test_more_than_any_report_has_is_refused(
    limit: str, most: int, message: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = make_pdf([Sheet(lines([TEXT]))] * 3)
    assert extract(data).text == "\n".join([TEXT] * 3)
    monkeypatch.setattr(pdfium, limit, most)
    with pytest.raises(UnreadableReport, match=message):
        extract(data)


def test_without_the_library_its_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdfium, "pdfium", None)
    with pytest.raises(MissingExtra, match=r"PDF files need pypdfium2: pip install 'govtext\[pdf\]'"):
        extract(make_pdf([Sheet(lines([TEXT]))]))


def test_attached_files_are_counted() -> None:
    assert extract(make_pdf([Sheet(lines([TEXT]))], Parts(attached=3))).warnings == ("3 attached files not read",)


def test_a_damaged_page_is_named() -> None:
    data = make_pdf([Sheet(lines([TEXT])), Sheet(lines([TEXT]))])
    found = extract(data.replace(b"/Count 2", b"/Count 3"))
    assert found.warnings == ("page 3: damaged, not read",)


@given(st.binary(max_size=400), st.sampled_from([b"", b"1.7\n1 0 obj\n<<", b"1.4\ntrailer\n<< /Root 1 0 R >>\n"]))
@settings(max_examples=150)
def test_any_bytes_give_a_text_or_a_refusal(data: bytes, start: bytes) -> None:
    assert ends_well(b"%PDF-" + start + data)


@given(st.integers(0, 3000), st.integers(0, 255), st.integers(0, 3000))
@settings(max_examples=50)
def test_a_changed_byte_or_a_cut_gives_a_text_or_a_refusal(at: int, byte: int, end: int) -> None:
    data = bytearray(make_pdf([Sheet(lines([TEXT, TEXT]))]))
    data[at % len(data)] = byte
    assert ends_well(bytes(data))
    assert ends_well(bytes(data[: end % len(data)]))


@pytest.fixture(scope="module")
def ended() -> Callable[[str], str]:
    """How reading a trap at its small size ends, behind a fence: its text, or why there is none."""

    def of(name: str) -> str:
        trap = TRAPS[name]
        try:
            return read(trap.build(trap.small), fence=Fence(20.0, 200)).text
        except GovtextError as error:
            return str(error)

    return of


@pytest.mark.parametrize("name", TRAPS)
def test_a_trap_ends_in_a_text_or_one_sentence(name: str, ended: Callable[[str], str]) -> None:
    how = ended(name)
    assert "took more than" not in how
    assert how.startswith(("the bytes: ", "a report", "ab ab", "a", "b", "一"))


def test_there_are_traps_enough() -> None:
    assert len(TRAPS) >= 40


@pytest.mark.parametrize(
    ("name", "how"),
    [
        ("JavaScript", "a report"),
        ("deep array", "a report"),
        (
            "form in itself many times",
            "the bytes: the reader of a PDF file died of it (SIGABRT); save it as plain text (.txt)",
        ),
        ("60,000 pages", "the bytes: has 4,000 pages, more than 3,000; split it"),
        ("cyclic kids", "the bytes: is damaged: of 9 pages not one can be read; save it again as PDF"),
        (
            "unknown lock",
            "the bytes: is encrypted in a way that is not known; open it with its password and save a copy without one",
        ),
    ],
)
def test_a_trap_is_refused_for_what_it_is(name: str, how: str, ended: Callable[[str], str]) -> None:
    assert ended(name) == how
