"""The page of a report and the index of many, without a browser: nothing breaks out, nothing is loaded, offsets are right."""

from __future__ import annotations

import json
import re
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import replace
from hashlib import sha256
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from zlib import crc32

import pytest
from click.testing import CliRunner

import govtext
from govtext.cli import main
from govtext.document import LabelledParagraph, LabelledReport, Repair, Source, Stretch, Verdict
from govtext.errors import GovtextError
from govtext.writing import Entry, Look
from govtext.writing.pages import index_page, pages, site_files, to_html
from govtext.writing.pages.colours import BASE, SHADES, theme_colours
from govtext.writing.pages.facts import in_order
from govtext.writing.pages.markup import kept, stood_in
from govtext.writing.pages.strings import STRINGS
from govtext.writing.pages.tally import Tally

ROOT = Path(__file__).resolve().parents[1]
EXAMPLE = ROOT / "examples" / "kaifaqu-2009.txt"
PLAIN = Verdict(None, 0.01, "")
ATTACK = "<!--<script </script><script>alert(1)</script>\"'><img src=x onerror=alert(1)>"
CONTRAST = 4.5  # WCAG 2.2, 1.4.3


class Parsed(HTMLParser):
    """The tags of a page, its scripts and styles, and the text of each element of class `t`."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.raw: dict[str, list[str]] = {"script": [], "style": [], "title": []}
        self.text = ""
        self.policy = ""
        self._depth, self._within = 0, ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.tags.append((tag, found))
        if tag in self.raw:
            self._within = tag
            self.raw[tag].append("")
        if found.get("http-equiv") == "Content-Security-Policy":
            self.policy = found["content"] or ""
        if tag != "meta" and (self._depth or "t" in (found.get("class") or "").split()):
            self._depth += 1

    def handle_endtag(self, tag: str) -> None:
        self._within = ""
        self._depth = max(0, self._depth - 1)

    def handle_data(self, data: str) -> None:
        if self._within:
            self.raw[self._within][-1] += data
        if self._depth:
            self.text += data

    @property
    def facts(self) -> Any:
        """What the script reads."""
        return json.loads(self.raw["script"][0])


def paragraph(start: int, text: str, *, kind: str = "body", **fields: Any) -> LabelledParagraph:
    """A paragraph of plain body text, or what `fields` make of it."""
    content = kind in {"body", "heading"}
    usual: dict[str, Any] = {
        "level": 1 if kind == "heading" else None,
        "marker": None,
        "heading_end": None,
        "path": (),
        "alone": PLAIN,
        "verdict": PLAIN,
        "text": text.strip(),
        "heading": text.strip() if kind == "heading" else None,
        "themes": {"one": 0.9, "two": 0.2} if content else {},
        "labels": ("one",) if content else (),
        "role": "done" if content else None,
        "role_score": 0.8 if content else None,
        "formulaic": False,
        "formulaic_score": 0.1 if content else None,
    }
    return LabelledParagraph(start, start + len(text), kind, **{**usual, **fields})


def report_of(*lines: tuple[str, dict[str, Any]], **fields: Any) -> LabelledReport:
    """A report whose paragraphs are these lines."""
    text, paragraphs = "", []
    for line, said in lines:
        paragraphs.append(paragraph(len(text), line, **said))
        text += line
    names = {"one": "党建", "two": "人才"}
    usual = {"stretches": (), "model_sha256": "ab" * 32, "theme_names": names}
    return LabelledReport(Source(text, "made.txt"), tuple(paragraphs), **{**usual, **fields})


@pytest.fixture(scope="module")
def labelled() -> LabelledReport:
    return govtext.classify(EXAMPLE)


@pytest.fixture(scope="module")
def page(labelled: LabelledReport) -> str:
    return labelled.to_html()


def test_text_of_the_page_is_the_text_of_the_report(labelled: LabelledReport, page: str) -> None:
    parsed = Parsed(page)
    assert parsed.text == labelled.text
    assert (parsed.facts["length"], parsed.facts["crc32"]) == (len(labelled.text), crc32(labelled.text.encode()))


def test_markup_in_titles_headings_labels_and_names_stays_text() -> None:
    report = report_of(
        (ATTACK + "\n", {"kind": "title"}),
        (f"一、{ATTACK}\n", {"kind": "heading"}),
        (f"正文{ATTACK}\n", {"verdict": Verdict("promo", 0.9, ATTACK), "role": None, "labels": ()}),
        theme_names={"one": ATTACK, "two": "二"},
    )
    page = to_html(replace(report, source=Source(report.text, ATTACK, warnings=(ATTACK,))), id=ATTACK)
    parsed = Parsed(page)
    assert [tag for tag, _ in parsed.tags if tag in {"script", "img"}] == ["script", "script"]
    assert not [name for _, attributes in parsed.tags for name in attributes if name.startswith("on")]
    assert parsed.text == report.text
    assert "<" not in parsed.raw["script"][0]
    assert parsed.facts["themes"][0][1] == ATTACK
    assert parsed.facts["id"] == ATTACK


def test_policy_names_the_hashes_of_the_one_style_and_the_one_script(page: str) -> None:
    parsed = Parsed(page)
    for kind, content in (("style", parsed.raw["style"][0]), ("script", parsed.raw["script"][1])):
        digest = b64encode(sha256(content.encode()).digest()).decode()
        assert f"{kind}-src 'sha256-{digest}'" in parsed.policy
    assert parsed.policy.startswith("default-src 'none'; ")
    assert "unsafe" not in parsed.policy


@pytest.mark.parametrize("made", ["report", "index"])
def test_page_has_no_address_and_no_inline_style(made: str, page: str) -> None:
    tallies = [Tally("a b.html", "一", None, 2020, "", 3, 0, {"one": 2})]
    shown = page if made == "report" else index_page(tallies, {"one": "党建"})
    links = [
        attributes[name]
        for _, attributes in Parsed(shown).tags
        for name in ("href", "src", "action", "srcset")
        if name in attributes
    ]
    assert links
    assert all(link and link.startswith(("#", "./")) for link in links)
    assert not re.search(r"https?:|//[a-z]|@import|url\(", re.sub(r"(?m)//.*$", "", shown))
    assert not [attributes for _, attributes in Parsed(shown).tags if "style" in attributes]


@pytest.mark.parametrize(
    ("text", "hidden"),
    [
        ("一\x00二", [(1, "\x00")]),
        ("一\r二", [(1, "\r")]),
        ("一\N{RIGHT-TO-LEFT OVERRIDE}\N{ZERO WIDTH SPACE}二", [(1, "\N{RIGHT-TO-LEFT OVERRIDE}\N{ZERO WIDTH SPACE}")]),
        ("一\N{WORD JOINER}二", []),
        ("一\N{LINE SEPARATOR}\N{IDEOGRAPHIC SPACE}\t\n二", []),
        ("𠮷\x85野", [(1, "\x85")]),
        ("一\ud800二", []),
    ],
)
def test_what_a_browser_would_change_is_stood_in_for_and_told_apart(text: str, hidden: list[tuple[int, str]]) -> None:
    assert stood_in(text) == hidden
    shown = kept(text)
    assert len(shown) == len(text)
    for start, run in hidden:
        shown = shown[:start] + run + shown[start + len(run) :]
    assert shown == text.replace("\ud800", "\N{REPLACEMENT CHARACTER}")


def test_offsets_of_units_count_code_points() -> None:
    report = report_of(("𠮷野一。\n", {"kind": "heading"}), ("  𠮷二三\n", {}))
    found = Parsed(to_html(report)).facts["units"]
    assert {i: report.text[row[0] : row[1]] for i, row in found.items()} == {"0": "𠮷野一。", "1": "𠮷二三"}
    assert found["0"][2:5] == ["h1", 1, [0]]


def test_wrapped_lines_stand_in_one_block_and_rest_behind_junk_in_its_own() -> None:
    junk: dict[str, Any] = {"kind": "boilerplate", "verdict": Verdict("page", 0.99, "page number")}
    lines = [
        ("一半\n", {}),
        ("\n", {}),
        ("另一半\n", {"continues": True}),
        ("3\n", junk),
        ("余下\n", {"continues": True}),
    ]
    parsed = Parsed(to_html(report_of(*lines)))
    assert parsed.facts["blocks"] == [[0, 2], [3], [4]]
    assert parsed.text == "".join(text for text, _ in lines)
    classes = {a["id"]: a["class"] for _, a in parsed.tags if "id" in a and "class" in a}
    assert "rest" in (classes["p4"] or "").split()
    assert "rest" not in (classes["p0"] or "").split()


def test_overlapping_stretches_are_left_out_of_what_is_exported() -> None:
    stretches = (
        Stretch(4, 6, "mask", ""),
        Stretch(0, 3, "promo", ""),
        Stretch(2, 5, "page", ""),
        Stretch(6, 6, "mask", ""),
    )
    assert [(s.start, s.end) for s in in_order(stretches)] == [(0, 3), (4, 6)]


def test_masks_injected_junk_and_repairs_are_marked() -> None:
    report = report_of(
        ("一、甲XX市乙第1页丙\n", {"kind": "heading"}),
        stretches=(Stretch(3, 6, "mask", "masked: name"), Stretch(7, 10, "page", "page: number")),
        repairs=(Repair(0, "skipped", 3),),
    )
    page = to_html(report)
    assert '<mark title="masked: name">XX市</mark>' in page
    assert '<s title="page: page: number">第1页</s>' in page
    assert 'data-s="repair_skipped"' in page
    assert Parsed(page).text == report.text


def test_heading_levels_read_aloud_never_skip_one() -> None:
    lines: list[tuple[str, dict[str, Any]]] = [("题\n", {"kind": "title"})]
    lines += [(f"{k}、标题\n", {"kind": "heading", "level": level}) for k, level in enumerate((3, 5, 1, 4))]
    parsed = Parsed(to_html(report_of(*lines)))
    levels = [int(a["aria-level"] or 0) for _, a in parsed.tags if "aria-level" in a]
    assert levels == [2, 3, 4, 3, 4]


def test_reasons_are_of_decided_themes_and_inside_the_text(labelled: LabelledReport, page: str) -> None:
    facts = Parsed(page).facts
    assert facts["why"]
    for i, themes in facts["why"].items():
        decided = {facts["themes"][int(k)][0] for k in themes}
        assert decided == set(labelled.paragraphs[int(i)].labels) or len(decided) == 1
        for numbers in themes.values():
            assert all(0 <= start < start + n <= len(labelled.text) for start, n in zip(numbers[1::3], numbers[2::3]))
    assert Parsed(labelled.to_html(reasons=False)).facts["why"] == {}


def test_report_without_a_model_has_a_page_without_reasons(labelled: LabelledReport) -> None:
    assert Parsed(to_html(replace(labelled, explainer=None))).facts["why"] == {}


def long_text(n_paragraphs: int) -> str:
    """Text of so many paragraphs, headings among them, from the example with other figures in each part."""
    lines = [line for line in EXAMPLE.read_text(encoding="utf-8").split("\n") if line.strip()][2:28]
    repeated = [
        line.replace("上半年", f"{2000 + k}年") for k in range(1 + n_paragraphs // len(lines)) for line in lines
    ]
    return "\n".join(repeated[:n_paragraphs]) + "\n"


def test_page_of_400_paragraphs_weighs_at_most_300_kb_over_its_text() -> None:
    report = govtext.classify(long_text(400))
    assert len(report.paragraphs) >= 400
    assert len(to_html(report).encode()) - len(report.text.encode()) <= 300_000


@pytest.mark.parametrize("text", ["\n\n", " \n", "\N{IDEOGRAPHIC SPACE}"])
def test_report_of_blanks_has_a_page(text: str) -> None:
    assert Parsed(to_html(report_of((text, {})))).text == text


def luminance(colour: str) -> float:
    """Relative luminance (WCAG 2.2)."""
    channels = [int(colour[k : k + 2], 16) / 255 for k in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Contrast ratio (WCAG 2.2), 1 to 21."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def pairs() -> Iterator[tuple[str, str, str]]:
    """Every text and the ground it can stand on, of forty themes, in light and dark."""
    inks = ("ink", "muted", "bad", "accent", "overview", "done", "problem", "plan", "other")
    for look in (0, 1):
        base = {name: pair[look] for name, pair in BASE.items()}
        for ink in inks:
            yield from ((f"{ink} on {ground}", base[ink], base[ground]) for ground in ("paper", "ground", "wash"))
        yield from ((f"ink on {ground}", base["ink"], base[ground]) for ground in ("mask", "found", "here"))
        yield "paper on accent", base["paper"], base["accent"]
        for place in range(40):
            theme = {name: pair[look] for name, pair in theme_colours(place).items()}
            yield f"chip {place}", theme["on"], theme["chip"]
            grounds = [name for name in SHADES if name.startswith(("tint", "word"))]
            yield from ((f"ink on {name} {place}", base["ink"], theme[name]) for name in grounds)
            for ink in inks[1:]:
                yield from ((f"{ink} on tint{k} {place}", base[ink], theme[f"tint{k}"]) for k in (1, 2, 3))


def test_every_text_stands_out_from_its_ground() -> None:
    assert [name for name, one, other in pairs() if contrast(one, other) < CONTRAST] == []


def test_strings_are_sorted_and_said_in_both_languages() -> None:
    assert list(STRINGS) == sorted(STRINGS)
    assert all(len(pair) == 2 and all(pair) for pair in STRINGS.values())
    assert [key for key, (zh, en) in STRINGS.items() if ("{n}" in zh) != ("{n}" in en)] == []


def test_every_string_that_markup_and_scripts_name_is_there() -> None:
    data = ROOT / "src" / "govtext" / "data"
    source = "".join(path.read_text(encoding="utf-8") for path in sorted(data.glob("*.js")))
    named = set(re.findall(r'\b(?:say|told|button)\("(\w+)"', source)) | set(re.findall(r'"(key_\w+)"', source))
    assert named - {"kind_", "boilerplate_", "junk_"} <= set(STRINGS)
    tags = Parsed(to_html(govtext.classify(EXAMPLE))).tags
    assert {a["data-s"] for _, a in tags if "data-s" in a} <= set(STRINGS)


def test_second_report_for_one_page_is_refused(labelled: LabelledReport) -> None:
    entries = [Entry("a", "a.txt", labelled), Entry("b", "b.txt", labelled)]
    with pytest.raises(GovtextError, match=r"b\.txt: a second report for one page; name a folder"):
        list(pages(entries, Look()))


def test_no_page_takes_the_place_of_the_index_or_leaves_the_folder() -> None:
    found = site_files(["index", "../up", "con", "a"], Path("x"))
    assert len({path.name.lower() for path in found.values()} - {"index.html"}) == 4
    assert {path.parent for path in found.values()} == {Path("x")}


def test_folder_gets_a_page_a_report_and_an_index(tmp_path: Path) -> None:
    reports = tmp_path / "reports"
    reports.mkdir()
    text = EXAMPLE.read_text(encoding="utf-8")
    (reports / "index.txt").write_text(text, encoding="utf-8")
    (reports / "b&c.txt").write_text(text.replace("临湖", "凤岭"), encoding="utf-8")
    out = tmp_path / "pages"
    run = CliRunner().invoke(main, ["classify", str(reports), "-f", "html", "-o", str(out)])
    assert run.exit_code == 0, run.output
    assert sorted(path.name for path in out.iterdir()) == ["b&c.html", "index-2.html", "index.html"]
    parsed = Parsed((out / "index.html").read_text(encoding="utf-8"))
    links = sorted(a["href"] or "" for tag, a in parsed.tags if tag == "a" and (a["href"] or "").startswith("./"))
    assert links == ["./b%26c.html", "./index-2.html"]


def test_suffix_html_makes_a_page(tmp_path: Path) -> None:
    out = tmp_path / "report.html"
    assert CliRunner().invoke(main, ["classify", str(EXAMPLE), "-o", str(out)]).exit_code == 0
    assert Parsed(out.read_text(encoding="utf-8")).facts["id"] == "kaifaqu-2009"


def test_page_that_is_a_report_to_read_is_not_overwritten(tmp_path: Path) -> None:
    report = tmp_path / "a.html"
    report.write_text("<p>一、上半年工作总结，走访企业三十家，解决难题二十个。</p>", encoding="utf-8")
    run = CliRunner().invoke(main, ["classify", str(report), "-f", "html", "-o", str(tmp_path)])
    assert run.exit_code == 2
    assert "would overwrite a report that is to be read" in run.stderr
    assert report.read_text(encoding="utf-8").startswith("<p>")
