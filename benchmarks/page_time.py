"""Weight and loading time of the page of a long report, in a real Chromium.

    python benchmarks/page_time.py [--paragraphs 400] [--runs 9]

Prints the size of page and text, the seconds that making the page takes, and from opening it: until the text is there
(DOMContentLoaded), until the script is through (load), until all is drawn (two frames later). Needs playwright and a chromium.
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import Any

from playwright.sync_api import sync_playwright

import govtext
from govtext.writing.pages import to_html

EXAMPLE = Path(__file__).resolve().parents[1] / "examples" / "kaifaqu-2009.txt"
# Milliseconds since the page was asked for.
TIMES = """() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => {
  const [entry] = performance.getEntriesByType("navigation");
  resolve([entry.domInteractive, entry.loadEventEnd, performance.now()]);
})))"""


def long_text(n_paragraphs: int) -> str:
    """The example's paragraphs again and again, with another year in each round."""
    lines = [line for line in EXAMPLE.read_text(encoding="utf-8").split("\n") if line.strip()][2:28]
    repeated = [
        line.replace("上半年", f"{2000 + k}年") for k in range(1 + n_paragraphs // len(lines)) for line in lines
    ]
    return "\n".join(repeated[:n_paragraphs]) + "\n"


def times(browser: Any, address: str) -> list[float]:
    """Seconds of one opening in a browser that knows nothing of the page."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.goto(address)
    found = [milliseconds / 1000 for milliseconds in page.evaluate(TIMES)]
    context.close()
    return found


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--paragraphs", type=int, default=400)
    parser.add_argument("--runs", type=int, default=9)
    options = parser.parse_args()
    report = govtext.classify(long_text(options.paragraphs))
    for reasons in (False, True):
        began = time.perf_counter()
        content = to_html(report, reasons=reasons)
        told = "with" if reasons else "without"
        print(f"made {told} reasons in {time.perf_counter() - began:.2f} s, {len(content.encode()):,} bytes")
    print(f"{len(report.paragraphs)} paragraphs, text of {len(report.text.encode()):,} bytes")
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as driver:
        file = Path(folder) / "page.html"
        file.write_text(content, encoding="utf-8")
        browser = driver.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        runs = [times(browser, file.as_uri()) for _ in range(options.runs)]
        browser.close()
    for name, values in zip(("text there", "script through", "drawn"), zip(*runs)):
        print(f"{name}: median {median(values):.2f} s, worst {max(values):.2f} s of {options.runs}")


if __name__ == "__main__":
    main()
