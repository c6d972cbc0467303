"""PDFs to paragraphs: wrapped lines, indents, columns, tables, running heads, mended characters, titles."""

import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from govtext.reading import FORMATS, Fence, read
from govtext.reading.formats import Extracted
from govtext.reading.pdf import glyphs
from govtext.reading.pdf.document import extract
from govtext.reading.pdf.pages import to_runs
from govtext.reading.pdf.pdfium import Glyph, Page
from made_pdfs import Parts, Set, Sheet, lines, make_pdf, wrapped

CASES = tomllib.loads((Path(__file__).parent / "cases" / "pdf.toml").read_text(encoding="utf-8"))
LINE = "今年以来全局上下围绕目标抓落实谋发展完成"
WIDE = "引进人才三十六人建成工作站两家完成全年任"
SHORT = "引进人才三十六人。"


def said(*sheets: Sheet, **parts: Any) -> Extracted:
    return extract(make_pdf(sheets, Parts(**parts)))


def paragraphs(*sheets: Sheet) -> list[str]:
    return said(*sheets).text.split("\n")


@pytest.mark.parametrize("case", CASES["lines"], ids=lambda case: case["name"])
def test_lines_are_the_paragraphs_they_were_broken_from(case: dict[str, Any]) -> None:
    assert case["text"] == paragraphs(Sheet(lines(case["printed"])))


@given(
    st.lists(
        st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), min_size=1, max_size=90).map(
            lambda t: t + "。"
        ),
        min_size=3,
        max_size=6,
    )
)
@settings(max_examples=30)
def test_indented_paragraphs_come_back_as_they_were(texts: list[str]) -> None:
    printed = [line for text in [WIDE * 3 + "。", *texts] for line in wrapped(text, width=24)]
    # Without a font PDFium leaves out a single ideograph, and takes a line drawn twice for one that is to look bold.
    assume(all(line.strip() != after.strip() and len(line.strip()) > 1 for line, after in zip(printed, ["", *printed])))
    sheets = [Sheet(lines(printed[at : at + 20])) for at in range(0, len(printed), 20)]
    assert [WIDE * 3 + "。", *texts] == paragraphs(*sheets)


@pytest.mark.parametrize("case", CASES["page_number"], ids=lambda case: case["printed"])
def test_what_stands_at_the_foot_of_every_page_is_left_out(case: dict[str, Any]) -> None:
    sheets = [
        Sheet([*lines([f"第{name}项工作。"]), Set(case["printed"].replace("#", str(number)), x=280, y=50, size=12)])
        for number, name in enumerate("甲乙丙", 1)
    ]
    found = said(*sheets)
    assert [f"第{name}项工作。" for name in "甲乙丙"] == found.text.split("\n")
    assert found.warnings == ("3 lines of running heads and page numbers left out",)


def test_a_paragraph_goes_on_over_the_page_and_its_furniture() -> None:
    body = wrapped(WIDE * 6 + "。", width=24)
    head, feet = Set("甲市科技局工作报告", x=200, y=800, size=10), [Set(f"— {n} —", x=280, y=50) for n in (1, 2, 3)]
    sheets = [Sheet([*lines(body[2 * n : 2 * n + 2]), feet[n], head]) for n in range(3)]
    assert said(*sheets).text == WIDE * 6 + "。"


def test_a_running_head_of_two_lines_is_left_out() -> None:
    head = [Set("甲市科技局", x=200, y=810, size=10), Set("工作报告", x=200, y=797, size=10)]
    found = said(*[Sheet([*head, *lines([name + SHORT])]) for name in "甲乙丙"])
    assert found.text.split("\n") == ["甲" + SHORT, "乙" + SHORT, "丙" + SHORT]


@pytest.mark.parametrize(
    "sheets",
    [
        pytest.param(
            [[SHORT, "甲项"], [SHORT, "乙项"], [SHORT, "丙项"]], id="the head of a table, as near as its rows"
        ),
        pytest.param([["甲项", WIDE], ["甲项", LINE], ["乙项", LINE]], id="two pages of three"),
    ],
)
def test_what_repeats_but_is_no_furniture_stays(sheets: list[list[str]]) -> None:
    found = said(*[Sheet([*lines(texts), *lines(["结束"], y=400)]) for texts in sheets])
    assert "".join("".join(texts) + "结束" for texts in sheets) == found.text.replace("\n", "")
    assert found.warnings == ()


@pytest.mark.parametrize("case", CASES["stays"], ids=lambda case: case["why"])
def test_what_stands_at_the_foot_and_is_no_page_number_stays(case: dict[str, Any]) -> None:
    texts = [f"第{name}项工作。" for name in "甲乙丙"]
    found = said(*[Sheet([*lines([text]), Set(printed, x=280, y=50)]) for text, printed in zip(texts, case["printed"])])
    assert found.text.split("\n") == [line for pair in zip(texts, case["printed"]) for line in pair]


def test_a_head_that_few_pages_have_far_apart_stays() -> None:
    texts = [f"第{name}项工作。" for name in "甲乙丙丁戊己庚辛壬癸"]
    heads = {0: "通知", 4: "通知", 9: "通知"}
    sheets = [Sheet([*lines([text]), *lines([heads.get(n, text)], y=800)]) for n, text in enumerate(texts)]
    assert said(*sheets).text.count("通知") == 3


def test_pages_of_one_and_the_same_line_keep_it() -> None:
    assert said(*[Sheet(lines(["表格"]))] * 4).text.split("\n")[0] == "表格"


def test_the_number_of_a_single_page_is_left_out_only_between_dashes() -> None:
    assert said(Sheet([*lines([SHORT]), Set("— 1 —", x=280, y=50)])).text == SHORT
    assert f"{SHORT}\n1" == said(Sheet([*lines([SHORT]), Set("1", x=280, y=50)])).text


COLUMN, OTHER = [LINE[:11], LINE[3:14], LINE[:5] + "。"] * 4, [WIDE[:11], WIDE[4:15], WIDE[:4] + "。"] * 4
IN_COLUMNS = ["".join(COLUMN[:3])] * 4 + ["".join(OTHER[:3])] * 4


def test_columns_are_read_one_behind_the_other() -> None:
    assert paragraphs(Sheet([*lines(COLUMN, x=60), *lines(OTHER, x=325)])) == IN_COLUMNS


def test_columns_drawn_in_no_order_are_read_by_place() -> None:
    both = [*lines(COLUMN, x=60), *lines(OTHER, x=325)]
    mixed = both[::-1][::2] + both[::2]
    assert paragraphs(Sheet(sorted(mixed, key=lambda one: (one.y, one.x)))) == IN_COLUMNS


def test_a_title_over_columns_drawn_in_no_order_comes_first() -> None:
    both = [*lines(COLUMN, x=60), *lines(OTHER, x=325), Set(LINE, x=120, y=780)]
    assert [LINE, *IN_COLUMNS] == paragraphs(Sheet(sorted(both, key=lambda one: (one.y, one.x))))


def test_cells_side_by_side_are_a_row_with_tabs() -> None:
    row = [Set("序号", x=90), Set("任务", x=160), Set("进展", x=400)]
    tall = [
        Set("1", x=90, y=692),
        Set("引进高层次人才建成工作", x=160, y=700),
        Set("站两家", x=160, y=684),
        Set("完成", x=400, y=692),
    ]
    found = said(Sheet([*lines([LINE], y=780), *row, *tall, *lines([WIDE], y=640)]))
    assert found.text.split("\n") == [LINE, "序号\t任务\t进展", "1\t引进高层次人才建成工作站两家\t完成", WIDE]
    assert [hint.tag for hint in found.hints] == ["p", "td", "td", "p"]


def test_a_word_with_an_ideograph_a_cell_is_a_word() -> None:
    assert said(Sheet([Set("总a", x=90), Set("结a", x=200)])).text.replace("a", "").replace("\t", "") == "总结"
    page = Page(1, glyphs=[Glyph("总", 90, 106, 700, 16), Glyph("结", 200, 216, 700, 16)])
    assert [run.text for run in to_runs(page)] == ["总", "结"]


def test_a_letter_drawn_twice_to_look_bold_is_there_once() -> None:
    twice = [
        Glyph(c, 90 + 16 * n + shift, 106 + 16 * n + shift, 700, 16) for n, c in enumerate("总结") for shift in (0, 0.4)
    ]
    assert [run.text for run in to_runs(Page(1, glyphs=twice))] == ["总结"]


def test_letters_that_really_are_doubled_stay() -> None:
    glyphs_ = [Glyph(c, 90 + 16 * n, 106 + 16 * n, 700, 16) for n, c in enumerate("星星点点")]
    assert [run.text for run in to_runs(Page(1, glyphs=glyphs_))] == ["星星点点"]


@pytest.mark.parametrize("case", CASES["mended"], ids=lambda case: case["text"])
def test_radicals_and_private_codes_are_mended_and_counted(case: dict[str, str]) -> None:
    found = said(Sheet(lines([case["printed"]])))
    assert case["text"] == found.text
    assert "that stood for others mended" in found.warnings[0]


def test_every_mended_character_becomes_one_plain_one() -> None:
    assert all(len(plain) == 1 for plain in [*glyphs.RADICALS.values(), *glyphs.PRIVATE.values()])
    assert not any("\u2e80" <= plain <= "\u2fdf" for plain in glyphs.RADICALS.values())
    assert set(range(0x2F00, 0x2FD6)) <= set(glyphs.RADICALS)


def test_an_unknown_private_code_stays_and_is_counted() -> None:
    found = said(Sheet(lines([LINE + "\ue123"])))
    assert found.text == LINE + "\ue123"
    assert found.warnings == ("1 character without a meaning outside the font",)


def test_larger_type_is_a_title_then_headings() -> None:
    title = [Set("甲市科技局2020年", x=210, y=780, size=22), Set("工作总结", x=253, y=750, size=22)]
    heading = Set("一、人才工作", y=600, size=20)
    found = said(
        Sheet([*title, *lines(wrapped(WIDE * 3, width=24), y=700, size=16), heading, *lines([LINE], y=560, size=16)])
    )
    assert found.text.split("\n") == ["甲市科技局2020年工作总结", WIDE * 3, "一、人才工作", LINE]
    assert [hint.tag for hint in found.hints] == ["title", "p", "h1", "p"]


@pytest.mark.parametrize(
    ("title", "shown"),
    [
        ("甲市工作报告", "甲市工作报告"),
        ("Microsoft Word - 甲市工作报告.docx", "甲市工作报告"),
        ("untitled", ""),
        ("(anonymous)", ""),
        ("题" * 400, ""),
    ],
)
def test_the_title_of_the_file_is_kept_apart(title: str, shown: str) -> None:
    assert shown == said(Sheet(lines([LINE])), title=title).title


@pytest.mark.parametrize("quarters", [0, 1, 2, 3])
def test_a_page_is_read_as_most_of_its_text_stands(quarters: int) -> None:
    step = {0: (0, -28), 1: (-28, 0), 2: (0, 28), 3: (28, 0)}[quarters]
    texts = ["a今年", "b引进人才", "c完成全部任务三项"]
    placed = [Set(text, 300 + n * step[0], 300 + n * step[1], quarters=quarters) for n, text in enumerate(texts)]
    aslant = Set("草a稿", 100, 100, quarters=(quarters + 1) % 4)
    assert [*texts, "草a稿"] == paragraphs(Sheet([*placed, aslant]))


def test_a_watermark_on_every_page_is_left_out() -> None:
    sheets = [Sheet([*lines([name + SHORT]), Set("内a部", 100, 100, quarters=1)]) for name in "甲乙"]
    assert paragraphs(*sheets) == ["甲" + SHORT, "乙" + SHORT]


def test_the_format_is_read_behind_the_fence() -> None:
    assert FORMATS["pdf"].fenced
    found = read(make_pdf([Sheet(lines([LINE]))]), fence=Fence(20))
    assert (found.text, found.format, found.encoding) == (LINE, "pdf", None)
    assert [hint.block for hint in found.hints] == [0]


def drawn(*pieces: tuple[float, str], size: float = 20.0) -> list[str]:
    """Texts of the runs of pieces on one line, each with its left end, in the order in which they are drawn."""
    glyphs_ = []
    for left, text in pieces:
        for character in text:
            right = left + size * (0.5 if character.isascii() else 1.0)
            glyphs_.append(Glyph(character, left, right, 700, size))
            left = right
    return [run.text for run in to_runs(Page(1, glyphs=glyphs_))]


@pytest.mark.parametrize(
    ("pieces", "texts"),
    [
        pytest.param([(90, "落实"), (150, "办法"), (130, "“"), (190, "”")], ["落实“办法”"], id="quotes drawn last"),
        pytest.param([(90, "落实办法"), (90, "草稿"), (300, "等")], ["落实办法", "草稿", "等"], id="text over text"),
        pytest.param(
            [(90, "案例"), (150, "某公司")], ["案例\N{IDEOGRAPHIC SPACE}某公司"], id="a gap as wide as an ideograph"
        ),
        pytest.param([(90, "案例"), (155, "某公司")], ["案例", "某公司"], id="a wider gap"),
        pytest.param([(90, "案例"), (140, "某公司")], ["案例 某公司"], id="half a gap"),
        pytest.param([(90, "案例"), (135, "12")], ["案例12"], id="a quarter before figures"),
        pytest.param([(90, "the"), (126, "bureau")], ["the bureau"], id="words"),
        pytest.param([(90 + 29 * n, c) for n, c in enumerate("落实办法")], ["落实办法"], id="a stretched line"),
        pytest.param([(90, "落实"), (130, " 办法")], ["落实 办法"], id="a typed space"),
    ],
)
def test_gaps_between_letters_are_what_they_stand_for(pieces: list[tuple[float, str]], texts: list[str]) -> None:
    assert drawn(*pieces) == texts
