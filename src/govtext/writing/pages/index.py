"""The first page of a folder of reports: its themes, its years, its issuers, and each report with a link to its page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from urllib.parse import quote

from govtext.writing.pages.colours import colour_sheet
from govtext.writing.pages.markup import data_text, document, escaped, json_block, script_of, tag
from govtext.writing.pages.strings import STRINGS, said, spoken, word
from govtext.writing.pages.tally import Sum, Tally, by, total

BAR = (260, 12)  # width and height, pixels
MOST_ISSUERS = 60  # rows; the list below has all
NAMED = 3  # themes said in words
NUMBERS = frozenset(("reports", "paragraphs", "share", "junk_all"))  # heads of columns that hold numbers
WANTED = ("dot", "chip", "on")  # of `colours.SHADES`
Names = Mapping[str, str]
Places = Mapping[str, int]


def index_page(tallies: Sequence[Tally], names: Names) -> str:
    """The page; `names` are the themes by code, in the order of their colours."""
    places = {code: k for k, code in enumerate(dict.fromkeys([*names, *(c for t in tallies for c in t.themes)]))}
    whole = total(tallies)
    body = "\n".join(
        [
            tag("a", said("skip"), kind="skip", href="#reports", data_s="skip"),
            tag(
                "main",
                head(whole, tallies),
                tag(
                    "div",
                    section("themes", theme_table(whole, names, places)),
                    section("years", group_table(by(tallies, "year"), "year", names, places, by_name=True)),
                    section("issuers", group_table(by(tallies, "issuer"), "issuer", names, places, by_name=False)),
                    kind="tables",
                ),
                section("reports", report_table(tallies, names, places), identity="reports"),
            ),
            json_block("facts", {"strings": spoken(STRINGS)}),
        ]
    )
    style = colour_sheet(len(places), shades=WANTED) + data_text("index.css")
    return document(title=said("corpus"), style=style, script=script_of(("page.js", "index.js")), body=body)


def head(whole: Sum, tallies: Iterable[Tally]) -> str:
    """The name of the page and what is in the folder."""
    years = sorted({t.year for t in tallies if t.year is not None})
    tiles: list[tuple[str, object]] = [
        ("reports", f"{whole.reports:,}"),
        ("paragraphs", f"{whole.paragraphs:,}"),
        ("junk_all", f"{whole.junk:,}"),
    ]
    if years:
        tiles.append(("year", years[0] if len(years) == 1 else f"{years[0]}–{years[-1]}"))
    shown = "".join(tag("div", tag("b", escaped(value)), word(key), kind="tile") for key, value in tiles)
    return tag("header", word("corpus", name="h1"), tag("div", shown, kind="tiles"), id="head")


def section(key: str, table: str, *, identity: str | None = None) -> str:
    """A table under its name."""
    return tag(
        "section",
        word(key, name="h2"),
        tag("div", table, kind="wide", tabindex="0", role="group", aria_label=said(key), data_l=key),
        id=identity,
    )


def theme_table(whole: Sum, names: Names, places: Places) -> str:
    """Each theme that occurs: paragraphs that have it and their share, most first."""
    most = max(whole.themes.values(), default=1)
    rows = []
    for code, n in whole.themes.most_common():
        share = n / whole.paragraphs if whole.paragraphs else 0.0
        name = tag("th", tag("i", kind=f"d t{places[code]}"), escaped(names.get(code, code)), scope="row")
        rows.append(
            [
                name,
                number(n),
                tag("td", f"{100 * share:.1f}%", kind="n", data_v=f"{share:.5f}"),
                drawn([(places[code], n)], most),
            ]
        )
    return table_of("theme", ["theme", "paragraphs", "share", ""], rows)


def group_table(groups: Mapping[Any, Sum], key: str, names: Names, places: Places, *, by_name: bool) -> str:
    """A row for each year or issuer, with its themes as one bar; those that are not known come last."""
    if by_name:
        ordered = sorted(groups, key=lambda name: (name is None, str(name)))
    else:
        ordered = sorted(groups, key=lambda name: (name is None, -groups[name].reports, str(name)))[:MOST_ISSUERS]
    rows = [
        [
            tag("th", word("unknown") if name is None else escaped(name), scope="row"),
            number(groups[name].reports),
            number(groups[name].paragraphs),
            themes_bar(groups[name].themes, names, places),
        ]
        for name in ordered
    ]
    return table_of(key, [key, "reports", "paragraphs", "themes"], rows)


def report_table(tallies: Iterable[Tally], names: Names, places: Places) -> str:
    """A row for each report: link, issuer, year, date, paragraphs, junk, themes."""
    rows = []
    for t in tallies:
        ranked = sorted(t.themes.items(), key=lambda item: (-item[1], places[item[0]]))
        chips = "".join(
            tag("span", escaped(names.get(code, code)), " ", tag("b", str(n)), kind=f"k t{places[code]}")
            for code, n in ranked[:NAMED]
        )
        link = tag("a", escaped(t.title), href="./" + quote(t.page))
        rows.append(
            [
                tag("th", link, scope="row"),
                tag("td", escaped(t.issuer or "")),
                tag("td", "" if t.year is None else str(t.year), kind="n"),
                tag("td", escaped(t.date), kind="n"),
                number(t.paragraphs),
                number(t.junk),
                tag("td", themes_svg(t.themes, names, places), tag("div", chips, kind="chips")),
            ]
        )
    return table_of("list", ["report", "issuer", "year", "date", "paragraphs", "junk_all", "themes"], rows)


def table_of(identity: str, heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table; its script makes the heads sort."""
    first = "".join(
        tag("th", escaped(said(key)), kind="n" if key in NUMBERS else None, scope="col", data_s=key)
        if key
        else tag("td")
        for key in heads
    )
    inside = "\n".join(tag("tr", *row) for row in rows)
    return tag("table", tag("thead", tag("tr", first)), tag("tbody", inside), id=f"by-{identity}")


def number(n: int) -> str:
    """A cell that sorts by its number."""
    return tag("td", f"{n:,}", kind="n", data_v=n)


def themes_bar(themes: Mapping[str, int], names: Names, places: Places) -> str:
    """A cell with the themes as one bar."""
    return tag("td", themes_svg(themes, names, places))


def themes_svg(themes: Mapping[str, int], names: Names, places: Places) -> str:
    """The themes as one bar of full width, in the order of the taxonomy."""
    ordered = sorted(themes.items(), key=lambda item: places[item[0]])
    told = "，".join(f"{names.get(code, code)} {n}" for code, n in sorted(ordered, key=lambda item: -item[1]))
    return svg([(places[code], n) for code, n in ordered], sum(themes.values()), told)


def drawn(parts: Sequence[tuple[int, int]], most: int) -> str:
    """A cell with a bar as long as its share of `most`; the number stands beside it."""
    return tag("td", svg(parts, most, ""))


def svg(parts: Sequence[tuple[int, int]], most: int, told: str) -> str:
    """A bar; `told` is what a screen reader says of it, nothing where the row says it already."""
    width, height = BAR
    position, rects = 0.0, []
    for place, n in parts:
        share = width * n / max(1, most)
        rects.append(f'<rect class="t{place}" x="{position:.1f}" width="{share:.1f}" height="{height}"/>')
        position += share
    way = f'role="img" aria-label="{escaped(told)}"' if told else 'aria-hidden="true"'
    title = f"<title>{escaped(told)}</title>" if told else ""
    return f'<svg viewBox="0 0 {width} {height}" preserveAspectRatio="none" {way}>{title}{"".join(rects)}</svg>'
