"""Pictures of the report page and the index for the documents: docs/pictures/report-*.png.

    python docs/screenshots.py

From reports written for this project, in a real Chromium; needs playwright, a chromium with Chinese fonts (Debian: chromium,
fonts-noto-cjk), Pillow, and pypdfium2 for the printed page.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import sync_playwright

import govtext
from govtext.taxonomy import bundled_taxonomy
from govtext.training.corpus import read_corpus
from govtext.writing import Entry, Look
from govtext.writing import page as page_lines
from govtext.writing.pages import to_html, write_site
from terminal import terminal_page  # beside this file

ROOT = Path(__file__).resolve().parents[1]
PICTURES = ROOT / "docs" / "pictures"
EXAMPLE = ROOT / "examples" / "kaifaqu-2009.txt"
MOST_BYTES = 200_000
N_REPORTS = 40  # of the authored corpus, on the index
WIDE = {"width": 1280, "height": 820}
PHONE = {"width": 390, "height": 780}


def as_it_is(page: Any) -> None:
    """Nothing is done."""


def pointing(page: Any) -> None:
    """The pointer on a paragraph, whose words are marked."""
    page.locator("#p8").scroll_into_view_if_needed()
    page.mouse.wheel(0, 420)
    page.wait_for_timeout(200)
    page.locator("#p10 .x").hover()


def filtering(page: Any) -> None:
    """Two themes chosen, a word searched."""
    page.locator("#filters button", has_text="高企认定").click()
    page.locator("#filters button", has_text="知识产权").click()
    page.locator(".find input").fill("企业")
    page.keyboard.press("Enter")
    page.wait_for_timeout(200)


def correcting(page: Any) -> None:
    """The panel open, a theme added."""
    page.locator("#p10 .c .k").click()
    page.locator(".editor label", has_text="企业服务").locator("input").check()
    page.locator("#p10").scroll_into_view_if_needed()
    page.wait_for_timeout(200)


def reading(page: Any) -> None:
    """Down to the text."""
    page.locator("#p4").evaluate("(block) => block.scrollIntoView()")
    page.wait_for_timeout(200)


# Name → page, what the browser is, what is done before the picture is taken.
Shot = tuple[str, Mapping[str, Any], Callable[[Any], None]]
SHOTS: Mapping[str, Shot] = {
    "light": ("report", {}, as_it_is),
    "dark": ("report", {"color_scheme": "dark", "locale": "en-US"}, pointing),
    "filter": ("report", {}, filtering),
    "correction": ("report", {}, correcting),
    "phone": ("report", {"viewport": PHONE}, reading),
    "index": ("index", {}, as_it_is),
    "terminal": ("terminal", {"viewport": {"width": 960, "height": 820}}, as_it_is),
    "index-dark": ("index", {"color_scheme": "dark", "locale": "en-US"}, as_it_is),
}


def make_pages(folder: Path) -> dict[str, Path]:
    """The pages to be taken, by name."""
    report = folder / "report.html"
    report.write_text(to_html(govtext.classify(EXAMPLE)), encoding="utf-8")
    documents = sorted(read_corpus([ROOT / "corpus" / "authored"], bundled_taxonomy()), key=lambda d: d.id)[:N_REPORTS]
    entries = (Entry(d.id, f"{d.id}.txt", govtext.classify(d.text)) for d in documents)
    write_site(entries, ids=[d.id for d in documents], folder=folder / "site")
    terminal = folder / "terminal.html"
    shown = "".join(page_lines([Entry("kaifaqu-2009", "kaifaqu-2009.txt", govtext.classify(EXAMPLE))], Look(96, True)))
    terminal.write_text(terminal_page(f"govtext classify {EXAMPLE.relative_to(ROOT)}", shown), encoding="utf-8")
    return {"report": report, "index": folder / "site" / "index.html", "terminal": terminal}


def printed(browser: Any, address: str, file: Path) -> None:
    """Nothing; the first printed page is a picture."""
    import pypdfium2  # type: ignore[import-untyped,unused-ignore]

    page = browser.new_context(locale="zh-CN", color_scheme="dark").new_page()
    page.goto(address)
    document = pypdfium2.PdfDocument(page.pdf(format="A4"))
    document[0].render(scale=1.3).to_pil().save(file, optimize=True)


def lighten(file: Path) -> None:
    """Nothing; the picture has 256 colours and a third of the bytes."""
    Image.open(file).convert("RGB").quantize(256, kmeans=5, dither=Image.Dither.NONE).save(file, optimize=True)


def main() -> None:
    """Take all pictures."""
    PICTURES.mkdir(exist_ok=True)
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as driver:
        pages = make_pages(Path(folder))
        browser = driver.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        for name, (which, options, act) in SHOTS.items():
            usual = {"viewport": WIDE, "locale": "zh-CN", "reduced_motion": "reduce"}
            context = browser.new_context(**{**usual, **options})
            page = context.new_page()
            page.goto(pages[which].as_uri())
            act(page)
            page.screenshot(path=PICTURES / f"report-{name}.png")
            context.close()
        printed(browser, pages["report"].as_uri(), PICTURES / "report-print.png")
        browser.close()
    for file in sorted(PICTURES.glob("report-*.png")):
        lighten(file)
        size = file.stat().st_size
        print(f"{file.relative_to(ROOT)}: {size:,} bytes{'' if size <= MOST_BYTES else ', too many'}")


if __name__ == "__main__":
    main()
