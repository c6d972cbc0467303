"""Links of README, CONTRIBUTING and docs/ lead somewhere, offline; the site lists every page; the page of Python is the code's."""

from __future__ import annotations

import re
import runpy
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs"
TOP = (
    "README.md",
    "README.zh.md",
    "CONTRIBUTING.md",
    "CHANGELOG.md",
    "SECURITY.md",
    "corpus/CODEBOOK.md",
    "models/govtext.md",
)
PAGES = sorted([*DOCS.rglob("*.md"), *(ROOT / name for name in TOP if (ROOT / name).is_file())])
NAMES = [page.relative_to(ROOT).as_posix() for page in PAGES]
CODE = re.compile(r"^```.*?^```$|`[^`\n]+`", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#{1,6} (.+)$", re.MULTILINE)
IN_MENU = re.compile(r"^ +- .*: ([\w./-]+\.md)$", re.MULTILINE)
IMAGE = (".png", ".svg")


@cache
def anchors(page: Path) -> frozenset[str]:
    """The anchors of a page's headings, as GitHub and the site make them."""
    text = re.sub(r"^```.*?^```$", "", page.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    plain = (re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-") for heading in HEADING.findall(text))
    return frozenset(plain)


def links(page: Path) -> list[str]:
    return LINK.findall(CODE.sub("", page.read_text(encoding="utf-8")))


def fault(page: Path, link: str) -> str | None:
    """What is wrong with a link, None if nothing is; one that leaves the project only has to be https."""
    if re.match(r"[a-z]+:", link):
        return None if link.startswith("https://") else "wanted https"
    name, _, anchor = link.partition("#")
    path = (page.parent / name).resolve() if name else page
    if not path.exists():
        return "no such file"
    if not path.is_relative_to(ROOT):
        return "leaves the project"
    if anchor and anchor not in anchors(path):
        return "no such heading"
    if (
        path.is_relative_to(DOCS)
        and path.name.endswith(".zh.md")
        and page.is_relative_to(DOCS)
        and ".zh." not in page.name
    ):
        return "an English page of the site leads to a Chinese one; the reader switches at the top"
    return None


@pytest.mark.parametrize("page", PAGES, ids=NAMES)
def test_links_lead_somewhere(page: Path) -> None:
    assert {link: said for link in links(page) if (said := fault(page, link))} == {}


FAULTS = [
    ("nothing.md", "no such file"),
    ("index.md#nothing", "no such heading"),
    ("../../other", "no such file"),
    ("http://example.org/", "wanted https"),
    ("https://example.org/", None),
    ("index.md#who-it-is-for", None),
    ("index.zh.md", "an English page of the site leads to a Chinese one; the reader switches at the top"),
]


@pytest.mark.parametrize(("link", "said"), FAULTS)
def test_a_wrong_link_is_found(link: str, said: str | None) -> None:
    assert fault(DOCS / "index.md", link) == said


def test_menu_of_the_site_has_every_page_once() -> None:
    listed = IN_MENU.findall((ROOT / "mkdocs.yml").read_text(encoding="utf-8"))
    pages = [page.relative_to(DOCS).as_posix() for page in DOCS.rglob("*.md")]
    assert sorted(listed) == sorted(pages)


def test_every_chinese_page_has_an_english_one() -> None:
    for page in DOCS.rglob("*.zh.md"):
        assert page.with_name(page.name.replace(".zh.md", ".md")).is_file(), page.name


def test_start_tutorial_and_howtos_are_in_chinese_too() -> None:
    wanted = ["index", *(f"tutorial/{page.stem}" for page in (DOCS / "tutorial").glob("*.md") if "." not in page.stem)]
    wanted += [f"how-to/{name}" for name in ("format", "rule", "theme", "recipe", "output", "engines")]
    assert [name for name in wanted if not (DOCS / f"{name}.zh.md").is_file()] == []


def test_pictures_that_pages_show_are_there_and_small_enough_to_load() -> None:
    shown = {
        (p.parent / link).resolve() for p in PAGES for link in links(p) if link.endswith(IMAGE) and ":" not in link
    }
    assert shown
    assert {path.name for path in shown if path.stat().st_size > 1_000_000} == set()


def test_page_of_python_is_that_of_the_code() -> None:
    page = (DOCS / "reference" / "api.md").read_text(encoding="utf-8")
    assert page == runpy.run_path(str(DOCS / "generate.py"))["filled"](page), (
        "docs/reference/api.md has drifted; run make docs"
    )


def test_page_of_python_has_every_public_name() -> None:
    import govtext

    page = (DOCS / "reference" / "api.md").read_text(encoding="utf-8")
    assert re.findall(r"^### govtext\.(\w+)$", page, re.MULTILINE) == govtext.__all__
