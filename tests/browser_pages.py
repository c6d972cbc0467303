"""A real browser that opens pages of reports: fixtures of test_report_browser and test_report_corrections.

Playwright drives a Chromium that the system has (Debian's package of that name).
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import govtext
from govtext.training.corpus import LabelledDocument, read_corpus
from govtext.training.fit import train
from govtext.writing.pages import to_html

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
needs_chromium = pytest.mark.skipif(CHROMIUM is None, reason="there is no chromium; install the system's package")

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
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed (extra browser)")
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
