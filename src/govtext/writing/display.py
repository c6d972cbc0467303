"""A report as people read it: a tree of headings with roles on the left and themes on the right."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from operator import attrgetter

from govtext.document import LabelledParagraph, LabelledReport
from govtext.writing.entry import Entry, Look
from govtext.writing.target import one_line
from govtext.writing.width import columns, cut

GUTTER = 11  # columns: "× related" or "overview" and a gap
STEP = 2  # columns a level goes in
DEEPEST = 6  # levels; deeper ones stay there, or a narrow terminal has no room for text
EXCERPT = 80  # columns: about forty Han characters of a paragraph
NARROWEST = 50  # columns
LABELS = (22, 52)  # columns of the right-hand side, least and most
LABELS_SHARE = 0.4  # of the page

JUNK_SIGN = "×"
STRETCH_SIGN = "~"
COPY_SIGN = "="
FORMULAIC = "套话"

# ANSI codes; dim is for what a reader may skip.
STYLES: Mapping[str, str] = {
    "title": "1",
    "heading": "1",
    "theme": "36",
    "formulaic": "33",
    "dim": "2",
    "overview": "34",
    "done": "32",
    "problem": "31",
    "plan": "35",
    "other": "2",
}


def page(entries: Iterable[Entry], look: Look) -> Iterator[str]:
    """One page a report: title, summary, tree with roles, themes and formulaic marks, junk dimmed in its place."""
    for number, entry in enumerate(entries):
        lines = [*head(entry, look), "", *paint_lines(page_lines(entry.report), look, gutter=GUTTER)]
        yield ("\n" if number else "") + "\n".join(lines) + "\n"


def outline(entries: Iterable[Entry], look: Look) -> Iterator[str]:
    """The headings of each report with their themes, nothing else."""
    for number, entry in enumerate(entries):
        tree = paint_lines(outline_lines(entry.report), look, gutter=0) or [style("(no headings)", "dim", look)]
        title = [style(cut(name(entry), look.width), "title", look), style(one_line(entry.file), "dim", look)]
        yield ("\n" if number else "") + "\n".join([*title, "", *tree]) + "\n"


@dataclass(frozen=True, slots=True)
class Line:
    """One line before it is laid out: left sign, depth, text, what stands on the right, and their styles."""

    sign: str
    depth: int
    text: str
    labels: str
    look: str | None = None
    sign_look: str | None = None
    labels_look: str = "theme"


def page_lines(report: LabelledReport) -> Iterator[Line]:
    """The lines of the whole tree, the first title left out (the page opens with it)."""
    title_seen = False
    for number, p in enumerate(report.paragraphs):
        text = one_line(p.text)
        if not text:
            continue
        if p.kind == "title" and not title_seen:
            title_seen = True
        elif p.boilerplate is not None:
            reason = f"{percent(p.verdict.score)} {one_line(p.verdict.reason)}"
            yield Line(f"{JUNK_SIGN} {p.boilerplate}", 0, text, reason, "dim", "dim", "dim")
        elif p.kind == "heading":
            yield Line("", depth_of(p), text, said(report, p), "heading")
        elif p.kind in {"title", "meta"}:
            yield Line(p.kind, 0, text, "", "title" if p.kind == "title" else "dim", "dim")
        else:
            yield from body_lines(report, p)
        yield from stretch_lines(report, number)
        yield from copy_lines(report, number)


def body_lines(report: LabelledReport, p: LabelledParagraph) -> Iterator[Line]:
    """A paragraph of body text, under its run-in heading if it has one."""
    start, depth = p.start, len(p.path)
    if p.heading_end is not None:
        start = p.heading_end
        yield Line("", depth_of(p), one_line(report.text[p.start : start]), "", "heading")
        depth = depth_of(p) + 1
    rest = one_line(report.text[start : p.end])
    yield Line(p.role or "", depth, rest, said(report, p), None, p.role)


def stretch_lines(report: LabelledReport, number: int) -> Iterator[Line]:
    """What is masked or injected inside a paragraph, equal ones once."""
    p = report.paragraphs[number]
    inside = [s for s in report.stretches if p.start <= s.start < p.end]
    found = Counter((s.kind, one_line(report.text[s.start : s.end]), one_line(s.reason)) for s in inside)
    depth = (depth_of(p) if p.heading_end is not None else len(p.path)) + 1
    for (kind, text, reason), times in found.items():
        count = f" ×{times}" if times > 1 else ""
        yield Line(f"{STRETCH_SIGN} {kind}", depth, f"“{text}”{count}", reason, "dim", "dim", "dim")


def copy_lines(report: LabelledReport, number: int) -> Iterator[Line]:
    """What of a paragraph, and maybe of those behind it, stands in other reports too."""
    p = report.paragraphs[number]
    first, stop = (bisect_left(report.copied, place, key=attrgetter("start")) for place in (p.start, p.end))
    for c in report.copied[first:stop]:
        text, other = one_line(report.text[c.start : c.end]), f"{percent(c.similarity)} as in {one_line(c.other)}"
        yield Line(f"{COPY_SIGN} copied", len(p.path) + 1, f"“{text}”", other, "dim", "dim", "dim")


def outline_lines(report: LabelledReport) -> Iterator[Line]:
    """The lines of the headings alone."""
    for p in report.paragraphs:
        if p.heading is not None:
            end = p.end if p.heading_end is None else p.heading_end
            yield Line("", depth_of(p), one_line(report.text[p.start : end]), said(report, p), "heading")


def depth_of(p: LabelledParagraph) -> int:
    """How far in a heading stands, from 0."""
    return max(0, (p.level or 1) - 1)


def said(report: LabelledReport, p: LabelledParagraph) -> str:
    """The decided themes by name with their probability, and whether the paragraph is formulaic."""
    themes = [f"{report.theme_names.get(code, code)} {percent(p.themes[code])}" for code in p.labels]
    return "  ".join([*themes, FORMULAIC] if p.formulaic else themes)


def percent(probability: float) -> str:
    """The probability as people say it; below one only what is certain."""
    return f"{min(99, round(100 * probability)) if probability < 1 else 100}%"


def name(entry: Entry) -> str:
    """The report's title, or its file's name if it has none."""
    return one_line(entry.report.title or "") or one_line(entry.id)


def head(entry: Entry, look: Look) -> list[str]:
    """The title, where it was read from, what is in it."""
    report = entry.report
    source = report.source
    kinds = Counter(p.kind for p in report.paragraphs if p.text)
    junk = sum(p.boilerplate is not None and bool(p.text) for p in report.paragraphs)
    run_in = sum(p.heading_end is not None for p in report.paragraphs)
    masks = sum(s.kind == "mask" for s in report.stretches)
    counts = [
        counted(kinds["heading"] + run_in, "heading"),
        counted(kinds["body"], "paragraph"),
        counted(sum(p.formulaic for p in report.paragraphs), f"formulaic ({FORMULAIC})", ""),
        counted(junk, "line of junk", "lines of junk"),
        counted(masks, "masked value"),
        counted(len(report.copied), "copied passage"),
        counted(len(report.stretches) - masks, "piece of junk inside the text", "pieces of junk inside the text"),
    ]
    read = [
        one_line(entry.file),
        source.encoding or "",
        counted(source.replaced, "damaged byte replaced", "damaged bytes replaced"),
    ]
    themes = Counter(code for p in report.paragraphs if p.kind == "body" for code in p.labels)
    by_theme = [f"{report.theme_names.get(code, code)} {count}" for code, count in themes.most_common()]
    return [
        style(cut(name(entry), look.width), "title", look),
        *(style(line, "dim", look) for line in wrapped([*read, *counts], look.width)),
        *(style(line, "theme", look) for line in wrapped(by_theme, look.width)),
    ]


def counted(number: int, one: str, many: str | None = None) -> str:
    """The number with its noun; nothing for none."""
    if not number:
        return ""
    return f"{number} {one if number == 1 else (many or one) if many is not None else one + 's'}"


def wrapped(pieces: Iterable[str], width: int) -> list[str]:
    """The pieces that hold something, joined by dots, on as many lines as they need."""
    lines: list[str] = []
    for piece in filter(None, pieces):
        joined = f"{lines[-1]} · {piece}" if lines else piece
        if lines and columns(joined) <= width:
            lines[-1] = joined
        else:
            lines.append(cut(piece, width))
    return lines


def paint_lines(lines: Iterable[Line], look: Look, *, gutter: int) -> list[str]:
    """The lines laid out in columns: sign, text by depth, labels."""
    rows = list(lines)
    width = max(look.width, NARROWEST)
    longest = max((columns(row.labels) for row in rows if row.labels_look == "theme"), default=0)
    right = min(max(longest, LABELS[0]), LABELS[1], int(width * LABELS_SHARE))
    middle = min(width - gutter - right - 2, EXCERPT + STEP * DEEPEST)
    painted = []
    for row in rows:
        indent = STEP * min(row.depth, DEEPEST)
        sign = style(row.sign, row.sign_look, look) + " " * max(0, gutter - columns(row.sign))
        text = cut(row.text, min(EXCERPT, middle - indent))
        labels = style(cut(row.labels, width - gutter - middle - 2), row.labels_look, look)
        gap = " " * (middle - indent - columns(text) + 2) if row.labels else ""
        painted.append((sign + " " * indent + style(text, row.look, look) + gap + labels).rstrip())
    return painted


def style(text: str, kind: str | None, look: Look) -> str:
    """The text in the colour of its kind, if the page has colours."""
    if not look.colour or not text or kind is None:
        return text
    return f"\x1b[{STYLES[kind]}m{text}\x1b[0m"
