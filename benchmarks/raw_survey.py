"""What is found in 463 scraped files, and whether all of it adds up: counts by family of documents.

Reads a folder of .txt and .html files whose names begin with their family (family__…), runs the bundled model over each
one and checks that the paragraphs tile the text and the stretches lie in it. Prints tables in Markdown, writes
raw_survey.json. No text of the files is written: counts, file names, and the files that are worth a look.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from html.parser import HTMLParser
from pathlib import Path

from govtext.document import LabelledReport
from govtext.labelling import Model, load
from govtext.reading.encoding import decode
from govtext.segmentation.markers import marker_at

ROOT = Path(__file__).resolve().parents[1]
RAW = ROOT.parent / "shared" / "raw"
FIGURES = Path(__file__).with_suffix(".json")
SHOWN = 6  # files named in each list of strange ones
SHORT = 300  # characters; shares and rates of a shorter file say little
_HIDDEN = ("script", "style", "noscript", "template", "textarea")
_BLOCKS = frozenset(
    ("p", "div", "br", "li", "ul", "ol", "dl", "dt", "dd", "tr", "table", "tbody", "h1", "h2", "h3", "h4", "h5", "h6",
     "section", "article", "header", "footer", "title", "option", "td", "th")
)  # fmt: skip


class _Stripper(HTMLParser):
    """The text of a page, a line for each block: crude, until there is a reader for web pages."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self.hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _HIDDEN:
            self.hidden += 1
        elif tag in _BLOCKS:
            self.pieces.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in _HIDDEN:
            self.hidden = max(self.hidden - 1, 0)
        elif tag in _BLOCKS:
            self.pieces.append("\n")

    def handle_data(self, data: str) -> None:
        if not self.hidden:
            # Line breaks of the source mean nothing; those of the page are the blocks'.
            self.pieces.append(" ".join(data.split("\n")))


def with_plain_line_ends(text: str) -> str:
    r"""The text with line ends `\n`: all that reading a report may change."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def text_of_page(page: str) -> str:
    """The page's text, its blank lines left out."""
    stripper = _Stripper()
    stripper.feed(with_plain_line_ends(page))
    stripper.close()
    lines = "".join(stripper.pieces).split("\n")
    return "\n".join(line for line in lines if line.strip())


@dataclass
class Tally:
    """Counts over the files of one family."""

    files: int = 0
    characters: int = 0
    seconds: float = 0.0
    counts: dict[str, Counter[str]] = field(
        default_factory=lambda: {
            name: Counter() for name in ("level", "marker", "paragraph", "boilerplate", "stretch", "repair")
        }
    )

    def add(self, report: LabelledReport, seconds: float) -> None:
        """Counts one report."""
        self.files += 1
        self.characters += len(report.text)
        self.seconds += seconds
        for p in report.paragraphs:
            self.counts["paragraph"][p.kind] += 1
            if p.boilerplate is not None:
                self.counts["boilerplate"][p.boilerplate] += 1
            if p.heading is not None:
                marker = marker_at(p.heading)
                self.counts["level"][str(p.level) + ("" if p.kind == "heading" else " run-in")] += 1
                self.counts["marker"][marker.family if marker else "none"] += 1
        self.counts["stretch"].update(s.kind for s in report.stretches)
        # Of reports whose outline tells what it repaired.
        self.counts["repair"].update(str(repair.kind) for repair in getattr(report, "repairs", ()))


def faults(report: LabelledReport) -> list[str]:
    """What does not add up in a report: paragraphs that do not tile the text, stretches outside it or overlapping."""
    found = []
    position = 0
    for p in report.paragraphs:
        if p.start != position or p.end <= p.start:
            found.append(f"paragraph {p.start}–{p.end} behind {position}")
        position = p.end
        if p.heading_end is not None and not p.start < p.heading_end <= p.end:
            found.append(f"heading ends at {p.heading_end}, outside {p.start}–{p.end}")
    if position != len(report.text):
        found.append(f"paragraphs end at {position} of {len(report.text)}")
    position = 0
    for s in report.stretches:
        if s.start < position or s.end < s.start or s.end > len(report.text):
            found.append(f"stretch {s.start}–{s.end} behind {position}")
        position = s.end
    return found


def strangeness(report: LabelledReport) -> dict[str, float]:
    """In which ways a report may be strange, each as a number that is high where it is."""
    n = max(len(report.text), 1)
    content = [p for p in report.paragraphs if p.boilerplate is None]
    headings = sum(p.heading is not None for p in report.paragraphs)
    junk = sum(p.end - p.start for p in report.paragraphs if p.boilerplate is not None)
    longest = max((p.end - p.start for p in content), default=0)
    titles = sum(p.kind == "title" for p in report.paragraphs)
    return {
        "junk share": junk / n,
        "headings per 1,000 characters": 1000 * headings / n,
        "characters without any heading": 0 if headings else n,
        "longest paragraph": longest,
        "titles": titles,
        "stretches per 1,000 characters": 1000 * len(report.stretches) / n,
        "longest heading": max((len(p.heading) for p in report.paragraphs if p.heading), default=0),
        "shortest mean paragraph": -n / max(len(report.paragraphs), 1),
    }


def survey(
    model: Model, paths: Iterable[Path]
) -> tuple[dict[str, Tally], dict[str, list[str]], dict[str, dict[str, float]]]:
    """By family the counts, by file the faults, and by file how strange it is."""
    tallies: dict[str, Tally] = {}
    wrong: dict[str, list[str]] = {}
    strange: dict[str, dict[str, float]] = {}
    for path in paths:
        data = path.read_bytes()
        given = decode(data).text
        if path.suffix == ".html":
            given = text_of_page(given)
        source = given if path.suffix == ".html" else data
        try:
            started = time.process_time()
            report = model.classify(source)
            seconds = time.process_time() - started
        except Exception as error:  # any error at all is what the survey is there to find
            wrong[path.name] = [f"{type(error).__name__}: {error}"]
            continue
        if report.text != with_plain_line_ends(given):
            wrong[path.name] = ["the text of the report is not the text given"]
        if found := faults(report):
            wrong.setdefault(path.name, []).extend(found)
        tallies.setdefault(path.name.split("__")[0], Tally()).add(report, seconds)
        if len(report.text) >= SHORT:
            strange[path.name] = strangeness(report)
    return tallies, wrong, strange


def table(tallies: dict[str, Tally], name: str) -> list[str]:
    """One table in Markdown: what was counted by `name`, a row a kind, a column a family, most frequent first."""
    families = sorted(tallies)
    total: Counter[str] = Counter()
    for tally in tallies.values():
        total.update(tally.counts[name])
    lines = [f"| {name} | all | " + " | ".join(families) + " |", "|---" * (len(families) + 2) + "|"]
    for kind, n in total.most_common():
        lines.append(f"| {kind} | {n} | " + " | ".join(str(tallies[f].counts[name][kind]) for f in families) + " |")
    return lines if total else [f"No {name} was counted."]


def heads(tallies: dict[str, Tally]) -> list[str]:
    """The table of what went in and how long it took."""
    lines = ["| family | files | thousand characters | seconds per million characters |", "|---|---|---|---|"]
    for family in sorted(tallies):
        t = tallies[family]
        lines.append(f"| {family} | {t.files} | {t.characters / 1e3:.0f} | {1e6 * t.seconds / t.characters:.2f} |")
    return lines


def strangest(strange: dict[str, dict[str, float]]) -> dict[str, list[tuple[str, float]]]:
    """For each way to be strange the files that are it most."""
    ways: Sequence[str] = list(next(iter(strange.values()), {}))
    ranked = {way: sorted(((scores[way], name) for name, scores in strange.items()), reverse=True) for way in ways}
    return {way: [(name, round(score, 3)) for score, name in rows[:SHOWN]] for way, rows in ranked.items()}


def main() -> None:
    """Survey, print, write; ends with 1 if anything does not add up."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--raw", type=Path, default=RAW, help="folder of scraped files")
    parser.add_argument("--strange", action="store_true", help="list the strangest files, too")
    arguments = parser.parse_args()
    paths = sorted(p for p in arguments.raw.glob("*__*") if p.suffix in (".txt", ".html"))
    if not paths:
        raise SystemExit(f"{arguments.raw}: no scraped files there; name their folder with --raw")
    tallies, wrong, strange = survey(load(), paths)
    print("\n".join(heads(tallies)))
    for name in ("level", "marker", "paragraph", "boilerplate", "stretch", "repair"):
        print("\n" + "\n".join(table(tallies, name)))
    if arguments.strange:
        for way, rows in strangest(strange).items():
            print(f"\n{way}: " + ", ".join(f"{name} {score:g}" for name, score in rows))
    result = {
        "date": date.today().isoformat(),
        "command": "make survey",
        "files": len(paths),
        "faults": wrong,
        "families": {
            family: {
                "files": t.files,
                "characters": t.characters,
                "seconds_per_million_characters": round(1e6 * t.seconds / t.characters, 2),
                "counts": {name: dict(sorted(counts.items())) for name, counts in t.counts.items()},
            }
            for family, t in sorted(tallies.items())
        },
        "strangest": strangest(strange),
    }
    FIGURES.write_text(json.dumps(result, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    print(f"\n{len(paths)} files, {len(wrong)} with faults")
    for name, found in wrong.items():
        print(f"{name}: {found[0]}", file=sys.stderr)
    if wrong:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
