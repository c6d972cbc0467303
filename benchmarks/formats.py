"""Whether a report says the same in every format: reports of corpus/authored rendered, read again, and labelled.

Each rendering makes files of the same thirty texts. Of each file: the share of the text's characters that come back in
order, white space left out; and of what `classify` finds in the .txt, the share that it finds in the file too: the themes
of body paragraphs that hold text, and headings with their level, both matched in order by their text. Renderings whose
program is not installed are left out with a note. Prints a table and writes formats.json; ends with 1 below the floors.

A new format is one function here, `(texts, folder) → files in the order of the texts`, and one row in RENDERINGS.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Hashable, Mapping, Sequence
from datetime import date
from difflib import SequenceMatcher
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from govtext import bundled_taxonomy, classify, read
from govtext.document import LabelledReport
from govtext.segmentation.markers import MARKERS, Marker, marker_at
from govtext.training.corpus import read_corpus
from page_layouts import LAYOUTS  # beside this file
from pdf_pages import write_pages  # beside this file

ROOT = Path(__file__).resolve().parents[1]
FIGURES = Path(__file__).with_suffix(".json")
REPORTS = 30
FLOORS: Mapping[str, float] = {"characters": 0.99, "themes": 0.98, "headings": 0.95}
LONGEST_HEADING = 40  # characters
Render = Callable[[Sequence[str], Path], list[Path]]

# Families whose numbers Word can generate → its format; the others stay typed.
GENERATED: Mapping[str, str] = {
    "part": "chineseCountingThousand",
    "section": "chineseCountingThousand",
    "chinese": "chineseCountingThousand",
    "chinese-bracket": "chineseCountingThousand",
    "digit": "decimal",
    "digit-bracket": "decimal",
    "circled": "decimalEnclosedCircle",
}
NUMBER = re.compile("[一二三四五六七八九十]{1,3}|[0-9]{1,2}|[①-⑳]")


# --- renderings ---------------------------------------------------------------------------------------------------


def plain_word(texts: Sequence[str], folder: Path) -> list[Path]:
    """Paragraphs and nothing else, by python-docx."""
    return [
        saved(text, folder / f"{n}.docx", lambda document, line: document.add_paragraph(line))
        for n, text in enumerate(texts)
    ]


def styled_word(texts: Sequence[str], folder: Path) -> list[Path]:
    """Headings in Word's heading styles, by the family of their marker, and the first line as title."""

    def add(document: Any, line: str) -> None:
        marker = marker_at(line)
        if marker is not None and len(line) <= LONGEST_HEADING:
            document.add_heading(line.strip(), 1 + min([name for name, _ in MARKERS].index(marker.family), 8))
        elif not len(document.paragraphs):
            document.add_heading(line, 0)
        else:
            document.add_paragraph(line)

    return [saved(text, folder / f"{n}.docx", add) for n, text in enumerate(texts)]


def numbered_word(texts: Sequence[str], folder: Path) -> list[Path]:
    """Markers that begin a line not typed but generated: one list a report, one level a form of marker."""
    return [saved(text, folder / f"{n}.docx", Numbered().add) for n, text in enumerate(texts)]


class Numbered:
    """Adds lines to a document; what its lists have counted decides which lines need a start of their own."""

    def __init__(self) -> None:
        self.levels: list[tuple[str, str]] = []  # text of each level's marker, format of its number
        self.counts: list[int] = []
        self.instance = 1
        self.abstract: Any = None

    def add(self, document: Any, line: str) -> None:
        """Nothing; the line is a paragraph of the document, numbered if its marker can be."""
        marker = marker_at(line)
        form = self.form(line, marker) if marker is not None else None
        if marker is None or form is None:
            document.add_paragraph(line)
            return
        level = self.level(document, *form)
        if self.counts[level] + 1 != marker.number:
            self.instance = self.new_instance(document, level, marker.number or 1)
        self.counts = [*self.counts[:level], marker.number or 1, *[0] * (len(self.counts) - level - 1)]
        paragraph = document.add_paragraph(line[marker.end :].lstrip())
        found = paragraph._p.get_or_add_pPr().get_or_add_numPr()
        found.get_or_add_ilvl().val, found.get_or_add_numId().val = level, self.instance

    def form(self, line: str, marker: Marker) -> tuple[str, str] | None:
        """The marker with %1 for its number, and the format of that; None where it cannot be generated."""
        written = line[marker.start : marker.end]
        generated = GENERATED.get(marker.family)
        if generated is None or len(NUMBER.findall(written)) != 1 or not marker.number:
            return None
        form = (NUMBER.sub("%1", written), generated)
        return form if len(self.levels) < 9 or form in self.levels else None

    def level(self, document: Any, text: str, generated: str) -> int:
        """The level of that form, new if it is."""
        if (text, generated) not in self.levels:
            if self.abstract is None:
                self.abstract = element(numbering(document), "abstractNum", abstractNumId="77", first=True)
                self.instance = self.new_instance(document, None, 1)
            self.levels.append((text, generated))
            self.counts.append(0)
            level = element(self.abstract, "lvl", ilvl=str(len(self.levels) - 1))
            element(level, "start", val="1")
            element(level, "numFmt", val=generated)
            element(level, "suff", val="nothing")
            element(level, "lvlText", val=text.replace("%1", f"%{len(self.levels)}"))
        return self.levels.index((text, generated))

    def new_instance(self, document: Any, level: int | None, start: int) -> int:
        """The number of a new instance of the list, which starts that level there."""
        self.instance += 100
        found = element(numbering(document), "num", numId=str(self.instance))
        element(found, "abstractNumId", val="77")
        if level is not None:
            element(element(found, "lvlOverride", ilvl=str(level)), "startOverride", val=str(start))
        return self.instance


def numbering(document: Any) -> Any:
    """The root of a document's lists."""
    return document.part.numbering_part.element


def element(parent: Any, name: str, *, first: bool = False, **attributes: str) -> Any:
    """A new element of Word's in the parent."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    made = OxmlElement(f"w:{name}")
    for key, value in attributes.items():
        made.set(qn(f"w:{key}"), value)
    if first:
        parent.insert(0, made)
    else:
        parent.append(made)
    return made


def saved(text: str, path: Path, add: Callable[[Any, str], object]) -> Path:
    """The path; there the document stands, made line by line."""
    import docx

    document = docx.Document()
    for line in text.split("\n"):
        add(document, line)
    document.save(str(path))
    return path


def as_text(texts: Sequence[str], folder: Path) -> list[Path]:
    """Plain text files."""
    paths = [folder / f"{n}.txt" for n in range(len(texts))]
    for path, text in zip(paths, texts):
        path.write_text(text, encoding="utf-8")
    return paths


def office(paths: Sequence[Path], folder: Path, kind: str, *, filter_in: str = "") -> list[Path]:
    """The files converted by LibreOffice, which has a profile of its own in the folder."""
    profile = (folder / "profile").resolve().as_uri()
    command = ["soffice", "--headless", f"-env:UserInstallation={profile}"]
    command += [f"--infilter={filter_in}"] if filter_in else []
    command += ["--convert-to", kind, "--outdir", str(folder), *map(str, paths)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=600)
    return [folder / f"{path.stem}.{kind.partition(':')[0]}" for path in paths]


def office_word(texts: Sequence[str], folder: Path) -> list[Path]:
    """Plain text that LibreOffice made a .docx of."""
    return office(as_text(texts, folder), folder, "docx:MS Word 2007 XML", filter_in="Text (encoded):UTF8,LF,,,")


def office_numbered_word(texts: Sequence[str], folder: Path) -> list[Path]:
    """Generated numbers that LibreOffice has read, kept as .odt and written again."""
    open_documents = office(numbered_word(texts, fresh(folder / "in")), fresh(folder / "odt"), "odt")
    return office(open_documents, folder, "docx:MS Word 2007 XML")


def office_pdf(layout: str) -> Render:
    """Pages of that layout, printed by LibreOffice."""

    def render(texts: Sequence[str], folder: Path) -> list[Path]:
        return office(write_pages(texts, fresh(folder / "in"), layout), folder, "pdf")

    return render


def word_pdf(texts: Sequence[str], folder: Path) -> list[Path]:
    """Word documents with heading styles, printed by LibreOffice; a report that is one line is no title."""
    made = fresh(folder / "in")
    styled = [text if len(text.partition("\n")[0]) <= 2 * LONGEST_HEADING else "\n" + text for text in texts]
    return office(styled_word(styled, made), folder, "pdf")


def web_page(layout: str) -> Render:
    """Pages of that layout, with menus and links around the text."""

    def render(texts: Sequence[str], folder: Path) -> list[Path]:
        make, encoding = LAYOUTS[layout]
        paths = [folder / f"{n}.html" for n in range(len(texts))]
        for path, text in zip(paths, texts):
            lines = [line for line in text.split("\n") if line.strip()]
            # A page is called by its report's title, not by a section.
            title = lines[0][:LONGEST_HEADING] if marker_at(lines[0]) is None else "工作总结"
            path.write_bytes(make(title, lines).encode(encoding))
        return paths

    return render


def fresh(folder: Path) -> Path:
    """The folder, made."""
    folder.mkdir(parents=True)
    return folder


# Name → how it is made, and the program or library that must be there.
RENDERINGS: Mapping[str, tuple[Render, str]] = {
    ".txt": (as_text, ""),
    ".html, official site": (web_page("official"), ""),
    ".html, template site": (web_page("template site"), ""),
    ".html, content system": (web_page("content system"), ""),
    ".docx, paragraphs (python-docx)": (plain_word, "docx"),
    ".docx, heading styles (python-docx)": (styled_word, "docx"),
    ".docx, generated numbers (python-docx)": (numbered_word, "docx"),
    ".docx from text (LibreOffice)": (office_word, "soffice"),
    ".docx, generated numbers through .odt (LibreOffice)": (office_numbered_word, "soffice docx"),
    ".pdf, official layout (LibreOffice)": (office_pdf("official"), "soffice pypdfium2"),
    ".pdf, running head (LibreOffice)": (office_pdf("running head"), "soffice pypdfium2"),
    ".pdf, flush paragraphs (LibreOffice)": (office_pdf("flush"), "soffice pypdfium2"),
    ".pdf of .docx, heading styles (LibreOffice)": (word_pdf, "soffice docx pypdfium2"),
}


# --- measures -----------------------------------------------------------------------------------------------------


def solid(text: str) -> str:
    """The text without white space."""
    return "".join(text.split())


def recovered(text: str, found: str) -> tuple[int, int]:
    """How many characters of the text come back in order, and how many it has: lines first, then inside what differs."""
    ours, theirs = ([solid(line) for line in one.split("\n") if line.strip()] for one in (text, found))
    same = 0
    for kind, a, b, c, d in SequenceMatcher(None, ours, theirs, autojunk=False).get_opcodes():
        left, right = "".join(ours[a:b]), "".join(theirs[c:d])
        if kind == "equal" or left == right:
            same += len(left)
        else:
            blocks = SequenceMatcher(None, left, right, autojunk=False).get_matching_blocks()
            same += sum(block.size for block in blocks)
    return same, len(solid(text))


def agreeing(ours: Sequence[tuple[str, Hashable]], theirs: Sequence[tuple[str, Hashable]]) -> tuple[int, int]:
    """How many of ours, matched in order by their text, say the same in theirs, and how many there are."""
    matcher = SequenceMatcher(None, [text for text, _ in ours], [text for text, _ in theirs], autojunk=False)
    pairs = ((a + n, b + n) for a, b, size in matcher.get_matching_blocks() for n in range(size))
    return sum(ours[a][1] == theirs[b][1] for a, b in pairs), len(ours)


def themes(report: LabelledReport) -> list[tuple[str, Hashable]]:
    """Text and themes of each body paragraph."""
    return [(solid(p.text), frozenset(p.labels)) for p in report.paragraphs if p.kind == "body"]


def headings(report: LabelledReport) -> list[tuple[str, Hashable]]:
    """Text and level of each heading."""
    return [(solid(entry.heading), entry.level) for entry in report.outline()]


def measured(texts: Sequence[str], reports: Sequence[LabelledReport], paths: Sequence[Path]) -> dict[str, float]:
    """The three shares over all files of a rendering."""
    counts: dict[str, list[tuple[int, int]]] = {name: [] for name in FLOORS}
    for text, report, path in zip(texts, reports, paths, strict=True):
        source = read(path, fence=None)
        other = classify(source)
        counts["characters"].append(recovered(text, source.text))
        counts["themes"].append(agreeing(themes(report), themes(other)))
        counts["headings"].append(agreeing(headings(report), headings(other)))
    return {name: round(sum(a for a, _ in found) / sum(b for _, b in found), 5) for name, found in counts.items()}


def is_there(needed: str) -> bool:
    """Whether all programs and libraries that a rendering needs are installed."""
    return all(shutil.which(name) or find_spec(name) for name in needed.split())


def main() -> int:
    """0 if every rendering reaches the floors."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--reports", type=int, default=REPORTS)
    parser.add_argument("--only", default="", help="renderings whose name has this")
    asked = parser.parse_args()
    documents = read_corpus([ROOT / "corpus" / "authored"], bundled_taxonomy())
    whole = [document.text for document in documents if document.whole]
    texts = whole[:: max(len(whole) // asked.reports, 1)][: asked.reports]
    reports = [classify(text) for text in texts]
    figures: dict[str, Any] = {
        "date": date.today().isoformat(),
        "command": " ".join(["python", os.path.relpath(__file__, ROOT), *sys.argv[1:]]),
        "reports": len(texts),
        "renderings": {},
    }
    for name, (render, needed) in RENDERINGS.items():
        if asked.only not in name:
            continue
        if not is_there(needed):
            print(f"{name}: left out, {needed} is not installed")
            continue
        with tempfile.TemporaryDirectory() as folder:
            shares = measured(texts, reports, render(texts, Path(folder)))
        figures["renderings"][name] = shares
        print(name, json.dumps(shares), flush=True)
    if not asked.only:
        FIGURES.write_text(json.dumps(figures, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    low = [shares for shares in figures["renderings"].values() if any(shares[key] < FLOORS[key] for key in FLOORS)]
    return int(bool(low))


if __name__ == "__main__":
    raise SystemExit(main())
