"""The page of a report in a real browser: read, filter, search, correct, export, train again; without a script; for everybody.

Playwright drives a Chromium that the system has (Debian's package of that name); axe-core comes with axe-playwright-python.
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import govtext
from govtext.training.corpus import LabelledDocument, read_corpus
from govtext.training.fit import train
from govtext.writing.pages import index_page, to_html
from govtext.writing.pages.tally import Tally

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed (extra browser)")
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="there is no chromium; install the system's package")

ROOT = Path(__file__).resolve().parents[1]
EXAMPLE = ROOT / "examples" / "kaifaqu-2009.txt"
OWN = ROOT / "examples" / "own-themes"
N_PARAGRAPHS = 400
SMALL = (
    "𠮷野县卫生局二〇二〇年工作总结\n一、主要工作\n"
    "全县新建村卫生室12所，为2300名老人做了免费体检，家庭医生签约率达到百分之六十。\n"
    "修通农村公路45公里，新开公交线路3条，方便了群众出行。\n"
    "二、下一步打算\n继续办好中小学校，新建教学楼两栋，招聘教师60名。\n"
    "上一篇：某某局工作总结\n版权所有 某某网\n"
)

Open = Callable[..., Any]


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with playwright.sync_playwright() as driver:
        # The sandbox of Chromium refuses to run as root, which is who runs tests in a container.
        started = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield started
        started.close()


@pytest.fixture
def opened(browser: Any, tmp_path: Path) -> Iterator[Open]:
    """Opens a page from disk; at the end, nothing must have been said on its console, nor asked of the network."""
    contexts, said = [], []

    def of(content: str, **options: Any) -> Any:
        file = tmp_path / "page.html"
        file.write_text(content, encoding="utf-8")
        context = browser.new_context(**{"locale": "zh-CN", "viewport": {"width": 1280, "height": 900}, **options})
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.on(
            "request", lambda request: None if request.url.startswith(("file:", "blob:")) else said.append(request.url)
        )
        page.goto(file.as_uri())
        return page

    yield of
    for context in contexts:
        context.close()
    assert said == []


@pytest.fixture(scope="module")
def taxonomy() -> govtext.Taxonomy:
    return govtext.read_taxonomy(OWN / "themes.toml")


@pytest.fixture(scope="module")
def documents(taxonomy: govtext.Taxonomy) -> list[LabelledDocument]:
    return read_corpus([OWN / "labelled.jsonl"], taxonomy)


@pytest.fixture(scope="module")
def small(documents: list[LabelledDocument], taxonomy: govtext.Taxonomy) -> govtext.LabelledReport:
    return train(documents, taxonomy).model.classify(SMALL)


@pytest.fixture(scope="module")
def example() -> str:
    return to_html(govtext.classify(EXAMPLE))


@pytest.fixture(scope="module")
def long_report() -> govtext.LabelledReport:
    lines = [line for line in EXAMPLE.read_text(encoding="utf-8").split("\n") if line.strip()][2:28]
    repeated = [
        line.replace("上半年", f"{2000 + k}年") for k in range(1 + N_PARAGRAPHS // len(lines)) for line in lines
    ]
    return govtext.classify("\n".join(repeated[:N_PARAGRAPHS]) + "\n")


def exported(page: Any, folder: Path) -> Path:
    """The file that the page gives away."""
    page.get_by_role("button", name="导出").click()
    with page.expect_download() as download:
        page.locator("[data-name=download]").click()
    file: Path = folder / download.value.suggested_filename
    download.value.save_as(file)
    page.keyboard.press("Escape")
    return file


def rows(file: Path) -> Any:
    """The one object in an exported file."""
    (line,) = file.read_text(encoding="utf-8").splitlines()
    return json.loads(line)


def visible(page: Any) -> int:
    """How many blocks are shown."""
    return int(page.evaluate("[...document.querySelectorAll('.b')].filter((block) => block.checkVisibility()).length"))


def test_all_paragraphs_of_a_long_report_are_there(opened: Open, long_report: govtext.LabelledReport) -> None:
    page = opened(to_html(long_report))
    text = page.evaluate("[...document.querySelectorAll('.t')].map((piece) => piece.textContent).join('')")
    assert text == long_report.text
    assert page.locator("#outline a").count() == len(long_report.outline())


def test_export_without_changes_is_what_the_model_said(
    opened: Open, small: govtext.LabelledReport, taxonomy: govtext.Taxonomy, tmp_path: Path
) -> None:
    file = exported(opened(to_html(small, id="a/b")), tmp_path)
    (document,) = read_corpus([file], taxonomy)
    assert (document.id, document.text) == ("a/b", SMALL)
    assert [SMALL[u.start : u.end] for u in document.units] == [p.text for p in small.paragraphs]
    assert [u.themes for u in document.units] == [p.labels for p in small.paragraphs]


def test_correction_survives_export_and_retraining(
    opened: Open,
    small: govtext.LabelledReport,
    documents: list[LabelledDocument],
    taxonomy: govtext.Taxonomy,
    tmp_path: Path,
) -> None:
    page = opened(to_html(small))
    page.locator("#p3 .c").click(force=True, position={"x": 3, "y": 3})
    wanted = {"health": False, "transport": True, "education": True}
    for code, name in small.theme_names.items():
        box = page.locator(".editor label", has_text=name).locator("input")
        if box.is_checked() and not wanted[code]:
            box.uncheck()
    for code in ("transport", "education"):
        page.locator(".editor label", has_text=small.theme_names[code]).locator("input").check()
    page.locator(".editor label", has_text="计划").locator("input").check()
    page.locator(".editor [data-name=kind]").select_option("x:promo")
    page.locator(".editor [data-name=kind]").select_option("h2")
    page.locator(".editor label", has_text="已核对").locator("input").check()
    file = exported(page, tmp_path)
    unit = next(u for u in rows(file)["units"] if SMALL[u["start"] : u["end"]].startswith("修通"))
    assert (unit["kind"], unit["changed"], unit["checked"]) == ("h2", True, True)
    (corrected,) = read_corpus([file], taxonomy)
    found = next(u for u in corrected.units if corrected.text[u.start : u.end].startswith("修通"))
    assert found.kind == "h2"
    trained = train([*documents, corrected], taxonomy)
    assert trained.content != train(documents, taxonomy).content


def test_themes_and_role_are_changed_by_clicks_and_undone_by_key(opened: Open, example: str, tmp_path: Path) -> None:
    page = opened(example)
    before = rows(exported(page, tmp_path))["units"]
    page.locator("#p6 .c .k").click()
    page.locator(".editor label", has_text="人才").locator("input").check()
    page.locator(".editor label", has_text="问题").locator("input").check()
    after = rows(exported(page, tmp_path))["units"]
    changed = [(a, b) for a, b in zip(before, after, strict=True) if a != b]
    assert [(b["themes"], b["role"]) for _, b in changed] == [(["party_building", "talent"], "problem")]
    assert page.locator("#changes").inner_text() == "改动 1"
    page.locator("[data-name=close]").click()
    page.keyboard.press("u")
    page.keyboard.press("u")
    assert rows(exported(page, tmp_path))["units"] == before
    assert page.locator("#changes").inner_text() == "改动 0"


def test_junk_verdict_and_headings_are_changed_and_the_outline_follows(
    opened: Open, example: str, tmp_path: Path
) -> None:
    page = opened(example)
    n_headings = page.locator("#outline a").count()
    page.locator("#p3").click()
    page.keyboard.press("x")
    assert "k-x" in (page.locator("#p3").get_attribute("class") or "").split()
    page.locator("#p2").click()
    page.keyboard.press("e")
    page.locator(".editor [data-name=kind]").select_option("p")
    assert page.locator("#outline a").count() == n_headings - 1
    page.locator("#p5").dblclick()
    page.locator(".editor [data-name=kind]").select_option("h5")
    units = rows(exported(page, tmp_path))["units"]
    assert [u["kind"] for u in units[2:6]] == ["p", "x:page", "h2", "h5+p"]
    assert (units[3]["role"], units[3]["themes"], units[5]["heading_end"]) == (None, [], 203)


def test_junk_that_becomes_content_takes_the_role_before_it(opened: Open, example: str, tmp_path: Path) -> None:
    page = opened(example)
    page.locator("#filters select").select_option("show")
    page.locator("#p21").click()
    page.keyboard.press("x")
    unit = rows(exported(page, tmp_path))["units"][21]
    assert (unit["kind"], unit["role"], unit["themes"]) == ("p", "plan", [])


def test_rest_of_a_run_in_paragraph_stays_body_whatever_the_level(opened: Open, tmp_path: Path) -> None:
    lines = "一、主要工作\n1、走访企业。全局干部上门走访企业三十家，收集融资、用工难题二十个，\n"
    report = govtext.classify(lines + "会同银行办结十六个。\n")
    first, rest = (
        report.paragraphs[1],
        replace(report.paragraphs[2], continues=True, heading=None, heading_end=None, kind="body"),
    )
    head = replace(first, kind="body", level=2, heading_end=first.start + 7)
    page = opened(to_html(replace(report, paragraphs=(report.paragraphs[0], head, rest))))
    page.locator("#p1").dblclick()
    page.locator(".editor [data-name=kind]").select_option("h4")
    assert [u["kind"] for u in rows(exported(page, tmp_path))["units"]] == ["h1", "h4+p", "p"]


def test_paragraph_that_no_longer_passes_stays_until_it_is_left(opened: Open, example: str) -> None:
    page = opened(example)
    page.locator("#filters button", has_text="知识产权").click()
    page.locator("#p11 .c .k").click()
    page.locator(".editor [data-part=themes] input:checked").click()
    assert page.locator("#p11").is_visible()
    page.locator("[data-name=close]").click()
    assert not page.locator("#p11").is_visible()


def test_changes_are_kept_until_the_page_is_opened_again(opened: Open, example: str) -> None:
    page = opened(example)
    page.locator("#p3").click()
    page.keyboard.press("x")
    page.reload()
    assert page.locator("#changes").inner_text() == "改动 1"
    assert "k-x" in (page.locator("#p3").get_attribute("class") or "").split()


def test_a_paragraph_takes_no_more_themes_than_the_taxonomy_allows(opened: Open, small: govtext.LabelledReport) -> None:
    page = opened(to_html(small, most_themes=1))
    page.locator("#p3").click()
    page.keyboard.press("t")
    boxes = page.locator(".editor [data-part=themes] input")
    for k in range(boxes.count()):
        if boxes.nth(k).is_enabled() and not boxes.nth(k).is_checked():
            boxes.nth(k).check()
    assert page.locator(".editor [data-part=themes] input:checked").count() == 1


def test_text_that_a_translator_changed_before_the_script_ran_is_not_exported(opened: Open, example: str) -> None:
    page = opened(example.replace("凤岭革命纪念馆", "a memorial"))
    page.get_by_role("button", name="导出").click()
    assert page.locator("[data-name=download]").is_disabled()
    assert page.locator("dialog textarea").input_value() == ""


def test_characters_that_no_page_can_hold_come_back_in_the_export(opened: Open, tmp_path: Path) -> None:
    text = "一、主要工作\x00\n\N{RIGHT-TO-LEFT OVERRIDE}走访企业𠮷三十家\r次，解决\x85难题，帮助企业融资两千万元。\n"
    assert rows(exported(opened(to_html(govtext.classify(text))), tmp_path))["text"] == govtext.classify(text).text


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
