"""One report as a page that stands alone: to read, to filter, to correct, and to take the corrections out of."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from hashlib import sha256
from itertools import groupby

from govtext.document import LabelledReport, Period
from govtext.errors import GovtextError
from govtext.writing.entry import Entry, Look
from govtext.writing.pages.blocks import Block, blocks_markup, to_blocks
from govtext.writing.pages.colours import colour_sheet
from govtext.writing.pages.facts import facts
from govtext.writing.pages.markup import data_text, document, escaped, json_block, script_of, tag
from govtext.writing.pages.strings import said, word
from govtext.writing.target import to_utf8

MOST_THEMES = 3  # of a paragraph, as the bundled taxonomy has it; of a report that does not know its model
SCRIPTS = ("page.js", "report.text.js", "report.marks.js", "report.read.js", "report.edit.js", "report.keys.js")
BAR = (1000, 14)  # width and height of the strip of themes, units of its own
SHOWN_SHA = 12  # characters


def to_html(
    report: LabelledReport,
    *,
    reasons: bool = True,
    id: str | None = None,
    most_themes: int | None = None,
) -> str:
    """The page, complete: no other file, no address, nothing loaded.

    `id` names the report in what is exported, by default the source's name, else a digest of the text. `reasons` puts the words
    that decided in, where the report knows its model. A paragraph takes at most `most_themes` on the page, by default as many as
    the model's taxonomy allows: training refuses more.
    """
    identity = id or report.source.name or sha256(to_utf8(report.text)).hexdigest()[:16]
    places = theme_places(report)
    blocks = to_blocks(report)
    most = most_themes or most_of(report)
    told = facts(report, blocks, places, identity=identity, most_themes=most, reasons=reasons)
    body = "\n".join(
        [
            tag("a", said("skip"), kind="skip", href="#text", data_s="skip"),
            tag("nav", outline_markup(report, places), id="side", aria_label=said("outline"), data_l="outline"),
            tag(
                "main",
                head(report, blocks, places),
                tag("div", blocks_markup(report, blocks, places), id="text", tabindex="-1"),
            ),
            json_block("facts", told),
        ]
    )
    title = report.title or identity
    style = colour_sheet(len(places)) + data_text("report.css")
    return document(title=title, style=style, script=script_of(SCRIPTS), body=body)


def pages(entries: Iterable[Entry], look: Look) -> Iterator[str]:
    """The page of the one report.

    Raises:
        GovtextError: there is a second one; many reports want a folder.
    """
    for number, entry in enumerate(entries):
        if number:
            raise GovtextError(f"{entry.file}: a second report for one page; name a folder with -o for a page each")
        yield to_html(entry.report, id=entry.id)


def most_of(report: LabelledReport) -> int:
    """How many themes a paragraph may have, as the model says that labelled the report."""
    taxonomy = getattr(getattr(report.explainer, "model", None), "taxonomy", None)
    most = getattr(taxonomy, "most", None)
    return most if isinstance(most, int) and most > 0 else MOST_THEMES


def theme_places(report: LabelledReport) -> dict[str, int]:
    """Theme code → its place: those of the taxonomy in order, then any other that a paragraph has."""
    codes = [*report.theme_names, *(code for p in report.paragraphs for code in (*p.labels, *p.themes))]
    return {code: k for k, code in enumerate(dict.fromkeys(codes))}


def outline_markup(report: LabelledReport, places: Mapping[str, int]) -> str:
    """The headings as links, deeper ones set in, with a dot for each theme."""
    rows = []
    for entry in report.outline():
        dots = "".join(tag("i", kind=f"d t{places[code]}") for code in entry.labels if code in places)
        link = tag("a", tag("span", escaped(entry.heading)), dots, href=f"#p{entry.paragraph}")
        rows.append(tag("li", link, kind=f"l{min(entry.level, 6)}"))
    rows = rows or [word("no_headings", name="li")]
    return tag("details", tag("summary", word("outline")), tag("ol", *rows, id="outline"), open=True)


def head(report: LabelledReport, blocks: Sequence[Block], places: Mapping[str, int]) -> str:
    """Title, what the report says of itself, where it was read from, counts, its themes and where they stand."""
    source = report.source
    rows = [
        ("issuer", report.issuer),
        ("date", report.date),
        ("period", span_of(report.period)),
        ("source", source.name),
        ("model", report.model_sha256[:SHOWN_SHA]),
    ]
    terms = "".join(
        tag("div", word(key, name="dt"), tag("dd", escaped(value))) for key, value in rows if value not in (None, "")
    )
    warnings = "".join(tag("li", word("warning"), " ", tag("span", escaped(w), lang="en")) for w in source.warnings)
    return tag(
        "header",
        tag(
            "h1",
            escaped(report.title) if report.title else said("page_name"),
            data_s=None if report.title else "page_name",
        ),
        tag("dl", terms),
        tag("p", *(tag("span", item) for item in counts(report)), kind="counts"),
        tag("ul", warnings, kind="warnings") if warnings else "",
        tag("p", *legend(report, places), kind="legend"),
        strip(report, blocks, places),
    )


def span_of(period: Period | None) -> str | None:
    """The period as two days."""
    return None if period is None else f"{period.start} – {period.end}"


def counts(report: LabelledReport) -> Iterator[str]:
    """What is in the report, each kind that is there."""
    present = [p for p in report.paragraphs if p.text]
    masks = sum(s.kind == "mask" for s in report.stretches)
    numbers = {
        "count_headings": len(report.outline()),
        "count_paragraphs": sum(p.kind == "body" and not p.continues for p in present),
        "count_formulaic": sum(p.formulaic for p in present),
        "count_junk": sum(p.boilerplate is not None for p in present),
        "count_masks": masks,
        "count_injected": len(report.stretches) - masks,
        "count_copied": len(report.copied),
        "count_damaged": report.source.replaced,
    }
    yield from (word(key, n) for key, n in numbers.items() if n)


def legend(report: LabelledReport, places: Mapping[str, int]) -> Iterator[str]:
    """The themes of the report with how many paragraphs have them, most first."""
    bodies = Counter(code for p in report.paragraphs if p.kind == "body" and not p.continues for code in p.labels)
    for code, n in bodies.most_common():
        name = escaped(report.theme_names.get(code, code))
        yield tag("span", tag("i", kind=f"d t{places[code]}"), name, " ", tag("b", str(n)))


def strip(report: LabelledReport, blocks: Sequence[Block], places: Mapping[str, int]) -> str:
    """The themes along the report as one bar, each paragraph as long as its text, in the colour of its first theme."""
    width, height = BAR
    spans = []
    for block in blocks:
        paragraphs = [report.paragraphs[i] for i in block.members]
        if paragraphs and paragraphs[0].role is not None:
            codes = paragraphs[0].labels
            spans.append((places[codes[0]] if codes else None, sum(len(p.text) for p in paragraphs)))
    total = sum(length for _, length in spans)
    if not total:
        return ""
    rects, position = [], 0.0
    for place, run in groupby(spans, key=lambda item: item[0]):
        share = width * sum(length for _, length in run) / total
        kind = "t-none" if place is None else f"t{place}"
        rects.append(f'<rect class="{kind}" x="{position:.1f}" width="{share:.1f}" height="{height}"/>')
        position += share
    title = f'<title data-s="bar_title">{said("bar_title")}</title>'
    return (
        f'<svg class="strip" viewBox="0 0 {width} {height}" preserveAspectRatio="none" role="img">'
        f"{title}{''.join(rects)}</svg>"
    )
