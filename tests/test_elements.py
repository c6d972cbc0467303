"""The elements of documents: every row of the cases read whole, days and periods by themselves, spans that hold."""

import re
import tomllib
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conftest import Page
from govtext.document import Element, Elements, Period
from govtext.elements import dates, docnumbers, find, offices
from govtext.elements.dates import LONG, PLAIN, has_masked_year, read_day, read_period, to_plain
from govtext.elements.docnumbers import read_number
from govtext.elements.find import find_elements
from govtext.elements.offices import read_office

CASES = tomllib.loads((Path(__file__).parent / "cases" / "elements.toml").read_text(encoding="utf-8"))["case"]
FIELDS = ("number", "addressee", "issuer", "date", "period")


def shown(element: Element[Any] | None) -> str | None:
    if element is None:
        return None
    if isinstance(element.value, Period):
        return f"{element.value.start}/{element.value.end}"
    return str(element.value)


def all_of(found: Elements) -> list[Element[Any]]:
    named = [found.title, found.number, found.addressee, found.issuer, found.date, found.period, *found.attachments]
    return [element for element in named if element is not None]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["source"])
def test_elements_of_a_case(page: Page, case: dict[str, Any]) -> None:
    text, paragraphs = page(case["lines"])
    found = find_elements(text, paragraphs)
    assert {name: case.get(name) for name in FIELDS} == {name: shown(getattr(found, name)) for name in FIELDS}
    assert case.get("attachments", []) == [attachment.value for attachment in found.attachments]
    for element in all_of(found):
        assert element.text == text[element.start : element.end]


def test_title_is_the_text_as_found_and_its_value_without_gaps_or_number(page: Page) -> None:
    text, paragraphs = page(["T 篇一：政 府 工 作 报 告", "B"])
    assert find_elements(text, paragraphs).title == Element(0, 14, "篇一：政 府 工 作 报 告", "政府工作报告")


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("二〇〇九年七月十日", date(2009, 7, 10)),
        ("二○一○年十月十二日", date(2010, 10, 12)),
        ("２０１０年１月２６日", date(2010, 1, 26)),
        ("2021 年 12 月 21 日", date(2021, 12, 21)),
        ("2009.7.10", date(2009, 7, 10)),
        ("2009-7/10", None),
        ("二〇一X年二月二十一日", None),
        ("20xx年12月1日", None),
        ("12009年7月10日", None),
        ("2009年13月1日", None),
    ],
)
def test_days(text: str, day: date | None) -> None:
    found = read_day(text)
    assert day == (found.value if found else None)


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("2012年三季度", "2012-07-01/2012-09-30"),
        ("2012年第一至三季度", "2012-01-01/2012-09-30"),
        ("2008年2月", "2008-02-01/2008-02-29"),
        ("１９８０、１９８１年", "1980-01-01/1981-12-31"),
        ("2018年和2019年", "2018-01-01/2018-12-31"),
        ("“十五五”", "2026-01-01/2030-12-31"),
        ("第一个五年计划", "1953-01-01/1957-12-31"),
        ("第三个五年计划", "1966-01-01/1970-12-31"),
        ("2016年1月26日", None),
        ("十五家企业", None),
        ("201年总结", None),
        ("2019—2018年", "2018-01-01/2018-12-31"),
        ("20年", None),
    ],
)
def test_periods(text: str, period: str | None) -> None:
    assert period == shown(read_period(text))


@pytest.mark.parametrize(("text", "masked"), [("20nn年", True), ("20__年", True), ("201年", True), ("2019年", False)])
def test_masked_years(text: str, masked: bool) -> None:
    assert masked is has_masked_year(text)


@pytest.mark.parametrize(
    ("text", "value"), [("国发〔2021〕3号", "国发〔2021〕3号"), ("见国发〔2021〕3号文", None), ("国发〔2021〕号", None)]
)
def test_a_number_fills_its_line(text: str, value: str | None) -> None:
    assert value == shown(read_number(text))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("（青石县 科技局）", "青石县科技局"),
        ("XX县科技局", None),
        ("政府", None),
        ("青石县委员会　青石县人民政府", "青石县委员会 青石县人民政府"),
        ("个人中心", None),
        ("走访科技局的同志", None),
    ],
)
def test_an_office_fills_its_line(text: str, value: str | None) -> None:
    assert value == shown(read_office(text))


@given(st.text())
def test_the_plain_copy_is_as_long_as_the_text(text: str) -> None:
    assert len(text) == len(to_plain(text))


@pytest.mark.parametrize("n", [0, LONG - 1, LONG, LONG + 1])
@given(text=st.text(st.one_of(st.characters(), st.sampled_from("２０〇—－［】\ud800\U00020000")), max_size=20))
def test_a_long_text_is_made_plain_like_a_short_one(n: int, text: str) -> None:
    assert text.translate(PLAIN) + "市" * n == to_plain(text + "市" * n)


LINE = st.tuples(
    st.sampled_from("TMHBX"), st.text("青石县局厅2009年二〇月日：。，附件1.各位代表总结xX〔〕号 \u3000", max_size=30)
)


@given(st.lists(LINE, max_size=8))
def test_spans_hold_whatever_the_text(page: Page, lines: list[tuple[str, str]]) -> None:
    text, paragraphs = page([f"{kind} {line}" for kind, line in lines])
    for element in all_of(find_elements(text, paragraphs)):
        assert element.text == text[element.start : element.end]


@pytest.mark.parametrize("module", [dates, docnumbers, find, offices], ids=lambda module: module.__name__)
def test_every_repeat_of_every_pattern_is_bounded(module: Any, repeats: Callable[[str], tuple[int, int]]) -> None:
    patterns = [value for value in vars(module).values() if isinstance(value, re.Pattern)]
    patterns += [f() for f in (offices._office_pattern, offices._title_pattern) if module is offices]
    assert patterns
    assert max(repeats(pattern.pattern)[0] for pattern in patterns) <= 160
