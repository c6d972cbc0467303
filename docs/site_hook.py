"""What MkDocs asks of us while it builds the site: links that leave docs/ lead to copies inside the site, and pages that are in
both languages lead to each other.

The pages are written to be read in the repository, too: there `../../models/govtext.md` is a file. In the site such a file
stands under `project/`, with all that it links to, so the site is closed and needs no network.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Any

from mkdocs.structure.files import File, Files

DOCS = Path(__file__).resolve().parent
ROOT = DOCS.parent
OUTSIDE = "project"
LINK = re.compile(r"(?<=\]\()(?!https?:|mailto:|#)([^)#\s]+)")


def targets(source: Path) -> Iterator[tuple[str, Path]]:
    """The relative links of a page, each with the file or folder that it names."""
    for link in LINK.findall(source.read_text(encoding="utf-8")):
        yield link, Path(os.path.normpath(source.parent / link))


def outside(pages: list[Path]) -> dict[str, Path]:
    """The files outside docs/ that the pages link to, and those that these link to, by their path from the root."""
    found: dict[str, Path] = {}
    while pages:
        for _, path in targets(pages.pop()):
            key = path.relative_to(ROOT).as_posix()
            if path.is_file() and not path.is_relative_to(DOCS) and key not in found:
                found[key] = path
                if path.suffix == ".md":
                    pages.append(path)
    return found


def source_of(uri: str) -> Path:
    """The file in the repository that a page of the site was made from."""
    path = PurePosixPath(uri)
    return ROOT / path.relative_to(OUTSIDE) if path.parts[0] == OUTSIDE else DOCS / path


def on_files(files: Files, config: Any) -> Files:
    """The files of docs/, and those outside that they need."""
    pages = [Path(file.abs_src_path) for file in files.documentation_pages() if file.abs_src_path]
    for key, path in outside(pages).items():
        files.append(File.generated(config, f"{OUTSIDE}/{key}", abs_src_path=str(path)))
    return files


def on_page_markdown(markdown: str, page: Any, **_: Any) -> str:
    """The page with its links as the site has them; a folder of the repository is no page, so its link is dropped."""
    source = Path(page.file.abs_src_path)
    here = PurePosixPath(page.file.src_uri).parent

    def moved(match: re.Match[str]) -> str:
        path = Path(os.path.normpath(source.parent / match[1]))
        if path.is_dir():
            return ""
        inside = path.is_relative_to(DOCS)
        uri = path.relative_to(DOCS).as_posix() if inside else f"{OUTSIDE}/{path.relative_to(ROOT).as_posix()}"
        return os.path.relpath(uri, here)

    return switch(source) + re.sub(r"\[([^\]]*)\]\(\)", r"\1", LINK.sub(moved, markdown))


def switch(source: Path) -> str:
    """A line with a link to the page in the other language, if there is one."""
    chinese = source.name.endswith(".zh.md")
    other = source.with_name(source.name.replace(".zh.md", ".md") if chinese else f"{source.stem}.zh.md")
    return f"[{'English' if chinese else '中文'}]({other.name}){{ .language }}\n\n" if other.is_file() else ""
