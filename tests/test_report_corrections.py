"""Corrections on the page of a report, in a real browser: change, undo, export, train again."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import govtext
from browser_pages import (  # noqa: F401  (fixtures, asked for by name)
    SMALL,
    Open,
    browser,
    documents,
    example,
    exported,
    needs_chromium,
    opened,
    rows,
    small,
    taxonomy,
)
from govtext.training.corpus import LabelledDocument, read_corpus
from govtext.training.fit import train
from govtext.writing.pages import to_html

pytestmark = needs_chromium


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
