"""The page of a report in a real browser: read, filter, search; without a script; for everybody. axe-core comes with a package."""

from __future__ import annotations

import re
from typing import Any

import pytest

import govtext
from browser_pages import EXAMPLE, Open, browser, example, long_report, needs_chromium, opened, visible  # noqa: F401  (fixtures, asked for by name)
from govtext.writing.pages import index_page, to_html
from govtext.writing.pages.tally import Tally

pytestmark = needs_chromium


def test_all_paragraphs_of_a_long_report_are_there(opened: Open, long_report: govtext.LabelledReport) -> None:
    page = opened(to_html(long_report))
    text = page.evaluate("[...document.querySelectorAll('.t')].map((piece) => piece.textContent).join('')")
    assert text == long_report.text
    assert page.locator("#outline a").count() == len(long_report.outline())


def test_filters_show_what_passes_under_its_headings(opened: Open, example: str) -> None:
    page = opened(example)
    page.locator("#filters button", has_text="知识产权").click()
    assert "off" not in (page.locator("#p11").get_attribute("class") or "")
    assert "above" in (page.locator("#p8").get_attribute("class") or "")
    assert "off" in (page.locator("#p6").get_attribute("class") or "")
    page.get_by_role("button", name="清除筛选").click()
    shown = visible(page)
    page.locator("#filters select").select_option("show")
    assert visible(page) > shown
    page.locator("#filters select").select_option("only")
    assert page.locator(".b:not(.off):not(.k-x)").count() == 0
    page.locator("#filters select").select_option("fold")
    page.locator("#filters input[type=range]").fill("60")
    assert 0 < page.locator(".b:not(.off)").count() < page.locator(".b").count()


def test_search_counts_and_goes_round(opened: Open, example: str) -> None:
    page = opened(example)
    page.keyboard.press("/")
    page.keyboard.type("４２名")
    assert page.locator(".find output").inner_text() == "1 处"
    page.locator(".find input").fill("党课")
    page.keyboard.press("Enter")
    n_hits = EXAMPLE.read_text(encoding="utf-8").count("党课")
    assert page.locator(".find output").inner_text() == f"1 / {n_hits}"
    page.keyboard.press("Shift+Enter")
    assert page.locator(".find output").inner_text() == f"{n_hits} / {n_hits}"


def test_keys_walk_and_words_that_decided_are_told(opened: Open, example: str) -> None:
    page = opened(example)
    page.keyboard.press("j")
    first = page.evaluate("document.activeElement.id")
    page.keyboard.press("j")
    page.keyboard.press("k")
    assert page.evaluate("document.activeElement.id") == first
    page.locator("#p10").click()
    assert re.search(r"高企认定 \d+%.*高新技术企业 \+\d", page.locator("#why").inner_text(), re.S)
    marked = "[...CSS.highlights.values()].flatMap((marks) => [...marks]).map((range) => range.toString())"
    assert "高新技术企业" in page.evaluate(marked)
    page.keyboard.press("?")
    assert page.locator("dialog").is_visible()


def test_words_are_marked_where_they_stand_behind_characters_of_two_units(opened: Open) -> None:
    report = govtext.classify(
        "一、主要工作\n𠮷𠮷𠮷局组织高新技术企业申报认定，新认定高新技术企业十六家，专利申请三百件。\n"
    )
    page = opened(to_html(report))
    page.locator("#p1").click()
    marked = page.evaluate(
        "[...CSS.highlights.values()].flatMap((marks) => [...marks]).map((range) => range.toString())"
    )
    (code,) = report.paragraphs[1].labels
    told = {report.text[w.start : w.end] for w in report.explain(1)[code].speaking(12)}
    assert marked
    assert set(marked) <= told


@pytest.mark.parametrize(("locale", "said"), [("zh-CN", "目录"), ("en-US", "Outline")])
def test_language_is_the_browsers_and_can_be_switched(opened: Open, example: str, locale: str, said: str) -> None:
    page = opened(example, locale=locale)
    assert page.locator("#side [data-s=outline]").inner_text() == said
    page.keyboard.press("l")
    assert page.locator("#side [data-s=outline]").inner_text() == ({"目录", "Outline"} - {said}).pop()


def test_without_javascript_all_text_labels_and_links_are_there(opened: Open, example: str) -> None:
    page = opened(example, java_script_enabled=False)
    assert "凤岭革命纪念馆" in page.locator("#text").inner_text()
    assert page.locator("#p6 .r").inner_text() == "已做"
    assert "党建廉政" in page.locator("#p6 .c").inner_text()
    assert page.locator("button, input, select").count() == 0
    page.locator("#outline a").first.click()
    assert page.url.endswith("#p2")


def violations(page: Any) -> list[tuple[str, str]]:
    """What axe finds: rule and the first element."""
    found = axe().run(page, options={"resultTypes": ["violations"]})
    return [(v["id"], v["nodes"][0]["html"]) for v in found.response["violations"]]


def axe() -> Any:
    """The runner of axe-core."""
    return pytest.importorskip(
        "axe_playwright_python.sync_playwright", reason="axe-playwright-python is not installed"
    ).Axe()


LOOKS = [(scheme, locale) for scheme in ("light", "dark") for locale in ("zh-CN", "en-US")]


@pytest.mark.parametrize(("scheme", "locale"), LOOKS)
def test_axe_finds_nothing_on_a_page_at_work(opened: Open, example: str, scheme: str, locale: str) -> None:
    page = opened(example, locale=locale, color_scheme=scheme, bypass_csp=True, reduced_motion="reduce")
    page.locator("#filters select").select_option("show")
    page.locator("#p6 .c .k").click()
    page.locator(".editor input").nth(3).check()
    assert violations(page) == []
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    assert violations(page) == []


TALLIES = [
    Tally("a.html", "甲局2019年总结", "甲局", 2019, "2019-12-30", 20, 3, {"one": 9, "two": 2}),
    Tally("b.html", "乙局2020年总结", None, 2020, "", 9, 1, {"two": 5}),
    Tally("c.html", "丙局总结", "丙局", None, "", 0, 0, {}),
]


@pytest.mark.parametrize(("scheme", "locale"), LOOKS)
def test_axe_finds_nothing_on_the_index(opened: Open, scheme: str, locale: str) -> None:
    content = index_page(TALLIES, {"one": "党建", "two": "人才"})
    assert violations(opened(content, locale=locale, color_scheme=scheme, bypass_csp=True)) == []


def test_index_sorts_and_narrows(opened: Open) -> None:
    page = opened(index_page(TALLIES, {"one": "党建", "two": "人才"}))
    titles = "[...document.querySelectorAll('#by-list tbody tr:not([hidden]) a')].map((link) => link.textContent[0]).join('')"
    head = page.locator("#by-list thead button", has_text="段落")
    head.click()
    assert page.evaluate(titles) == "甲乙丙"
    head.click()
    assert page.evaluate(titles) == "丙乙甲"
    page.locator(".row input").fill("2020")
    assert page.evaluate(titles) == "乙"
