"""Pictures: what the Axes hold is what was counted, fonts have every character, the same input gives the same bytes."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytest.importorskip("matplotlib", reason="matplotlib is not installed (extra plots)")

import matplotlib
from matplotlib.figure import Figure
from matplotlib.text import Text

import govtext
from govtext import plots
from govtext.document import ROLES, LabelledReport, Source
from govtext.errors import BadInput, GovtextError
from govtext.plots import counts, fonts, look
from govtext.plots.reports import Piece, Plotted, of_report, to_plotted
from govtext.plots.words import WORDS
from govtext.taxonomy import bundled_taxonomy
from govtext.writing import Entry
from govtext.writing.jsonl import to_line, to_object

NAMES = {"talent": "人才", "industry": "产业发展", "roads": "道路"}
REPORT = (
    "临湖市科技局2012年工作总结\n一、人才工作\n引进博士3名，培养青年科技人才20人，选派科技特派员到村。\n"
    "二、下步打算\n计划新认定高新技术企业12家，走访企业120家，解决融资难题。\n临湖市科技局\n2012年12月3日\n"
)


def piece(labels: str = "", *, role: str | None = "done", at: int = 0, n: int = 10, **changed: Any) -> Piece:
    """A body paragraph with these themes, `n` characters from `at` on."""
    fields = {"kind": "body", "level": None, "heading": None, "continues": False, "is_junk": False} | changed
    return Piece(at, at + n, characters=n, labels=tuple(labels.split()), role=role, **fields)


def plotted(*pieces: Piece, year: int | None = 2012, issuer: str | None = "某市科技局", id: str = "a") -> Plotted:
    return Plotted(id, None, issuer, year, NAMES, pieces)


CORPUS = [
    plotted(
        piece("talent", n=30, kind="heading", role=None, level=1, heading="一、人才"),
        piece("talent industry", n=40),
        piece("talent", role="plan", n=20),
        piece("talent", role="plan", n=10, continues=True),
        piece("", n=500),
        piece("industry", n=700, is_junk=True),
        piece("industry", n=900, kind="title"),
    ),
    plotted(piece("industry", role="problem", n=100), year=2015, issuer="某县科技局", id="b"),
    plotted(piece("industry talent", role="overview", n=60), year=None, issuer=None, id="c"),
]


@pytest.fixture(scope="module")
def labelled() -> LabelledReport:
    return govtext.classify(Source(REPORT, name="x/2012.txt"))


def axes() -> Any:
    return Figure(figsize=(9, 6)).add_subplot()


def strings(ax: Any) -> set[str]:
    return {text.get_text() for text in ax.findobj(Text)}


def test_characters_of_several_themes_are_shared_equally() -> None:
    assert counts.characters_by_theme(CORPUS[0].pieces) == {"talent": 80.0, "industry": 20.0}


def test_years_are_bars_of_shares_that_add_up() -> None:
    ax = plots.plot_years(CORPUS, ax=axes())
    talent, industry = ax.containers
    assert [bar.get_height() for bar in talent] == [0.8, 0.0]
    assert [bar.get_height() for bar in industry] == pytest.approx([0.2, 1.0])
    assert [bar.get_y() for bar in industry] == [0.8, 0.0]
    assert [label.get_text() for label in ax.get_xticklabels()] == ["2012\n1", "2015\n1"]
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["产业发展", "人才"]
    assert "另有 1 篇年份不明" in strings(ax)


def test_years_that_no_report_has_are_one_gap() -> None:
    reports = [plotted(piece("talent"), year=year) for year in (2001, 2002, 2019, 2020)]
    ax = plots.plot_years(reports, ax=axes())
    assert [bar.get_x() + bar.get_width() / 2 for bar in ax.containers[0]] == pytest.approx([0.0, 1.0, 2.5, 3.5])
    assert "…" in strings(ax)


def test_issuers_stand_with_most_reports_first(monkeypatch: pytest.MonkeyPatch) -> None:
    reports = [*CORPUS, plotted(piece("talent", n=100), issuer="某县科技局", id="d")]
    ax = plots.plot_issuers(reports, ax=axes())
    assert ax.images[0].get_array().tolist() == [[0.5, 0.5], [0.8, 0.2]]
    assert [label.get_text() for label in ax.get_yticklabels()] == ["某县科技局  2 篇", "某市科技局  1 篇"]
    monkeypatch.setattr("govtext.plots.corpus.MOST_ISSUERS", 1)
    assert "另有 1 篇单位不明 另有 1 个单位未列出" in {
        " ".join(text.split()) for text in strings(plots.plot_issuers(reports, ax=axes()))
    }


def test_roles_count_each_paragraph_once_a_theme() -> None:
    codes, table = counts.roles_by_theme(CORPUS)
    found = {code: dict(zip(ROLES, row, strict=True)) for code, row in zip(codes, table.tolist(), strict=True)}
    assert found["talent"] == {"overview": 1, "done": 1, "problem": 0, "plan": 1, "other": 0}
    assert found["industry"] == {"overview": 1, "done": 1, "problem": 1, "plan": 0, "other": 0}
    ax = plots.plot_roles(CORPUS, ax=axes())
    bars = {container.get_label(): [bar.get_width() for bar in container] for container in ax.containers}
    assert bars == {"已做": [-1, -1], "概述": [-1, -1], "其他": [0, 0], "计划": [1, 0], "问题": [0, 1]}
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["其他", "概述", "已做", "计划", "问题"]
    assert [tick.get_text() for tick in ax.get_xticklabels()] == ["2", "1", "0", "1", "2"]


def test_pairs_are_counted_both_ways_with_all_on_the_diagonal() -> None:
    ax = plots.plot_pairs(CORPUS, ax=axes())
    assert counts.pairs(CORPUS)[1].tolist() == [[3, 2], [2, 3]]
    share: Any = ax.images[0].get_array()
    assert share.mask.tolist() == [[True, False], [False, True]]
    assert share[0, 1] == pytest.approx(2 / 3)
    assert Counter(text.get_text() for text in ax.texts) == {"3": 2, "2": 2}


def test_length_has_a_lane_a_theme_and_a_bar_a_paragraph() -> None:
    report = plotted(
        piece("talent", at=0, n=10, kind="heading", level=1, heading="一、人才"),
        piece("talent industry", at=10, n=30),
        piece("", at=40, n=20),
        piece("", at=60, n=40, is_junk=True),
    )
    ax = plots.plot_length(report, ax=axes())
    lanes = {bars.get_label(): [path.get_extents() for path in bars.get_paths()] for bars in ax.collections}
    spans = {name: [(box.x0, box.x1) for box in boxes] for name, boxes in lanes.items()}
    assert spans == {
        "talent": [(0, 10), (10, 40)],
        "industry": [(10, 40)],
        "no theme": [(40, 60)],
        "site's lines": [(60, 100)],
    }
    assert [label.get_text() for label in ax.get_yticklabels()] == ["人才", "产业发展", "无主题", "网页杂项"]
    assert {"一、人才", "62%", "38%"} <= strings(ax)
    assert ax.get_xlim() == (0, 100)


def test_length_of_a_report_without_a_character_is_drawn() -> None:
    ax = plots.plot_length(plotted(piece("talent", n=0)), ax=axes())
    assert {"人才", "0%"} <= strings(ax)


def test_report_and_its_line_of_labels_make_one_picture(labelled: LabelledReport, tmp_path: Path) -> None:
    path = tmp_path / "labels.jsonl"
    path.write_text(to_line(to_object(Entry("2012", "x/2012.txt", labelled))) + "\n\n", encoding="utf-8")
    (read,) = plots.read_labels(path)
    assert read == of_report(labelled, id="2012")
    assert (read.year, read.issuer) == (2012, "临湖市科技局")
    assert read.names == bundled_taxonomy().names


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ('{"id": "a", "text": "走访企业。"}', r"line 1: no paragraphs; label the reports first: govtext classify"),
        ('{"paragraphs": [{"kind": "body"}]}', r"line 1: no labels of govtext classify \(KeyError"),
        ('{"paragraphs": 7}', r"line 1: no labels of govtext classify"),
        ("[1]", r"line 1: no paragraphs"),
        ("not json", r"line 1: no labels of govtext classify"),
        ("7", r"line 1: no labels of govtext classify"),
    ],
)
def test_line_that_holds_no_labels_is_named(line: str, says: str, tmp_path: Path) -> None:
    path = tmp_path / "labels.jsonl"
    path.write_text(line + "\n", encoding="utf-8")
    with pytest.raises(BadInput, match=says):
        list(plots.read_labels(path))


def test_missing_file_of_labels_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"none\.jsonl: cannot be read"):
        list(plots.read_labels(tmp_path / "none.jsonl"))


PLOTS = {
    "length": plots.plot_length,
    "years": plots.plot_years,
    "issuers": plots.plot_issuers,
    "roles": plots.plot_roles,
    "pairs": plots.plot_pairs,
}


@pytest.mark.parametrize("kind", list(PLOTS))
@pytest.mark.parametrize("lang", list(WORDS))
def test_every_kind_draws_into_the_axes_given_and_changes_no_setting(kind: str, lang: str) -> None:
    before = dict(matplotlib.rcParams)
    ax = axes()
    given: Any = CORPUS[0] if kind == "length" else CORPUS
    assert PLOTS[kind](given, ax=ax, lang=lang) is ax
    ax.figure.canvas.draw()  # later, outside our settings: a missing glyph would be a warning, and warnings are errors
    assert WORDS[lang][kind] in strings(ax)
    assert dict(matplotlib.rcParams) == before


def test_without_axes_a_figure_is_made_as_pyplot_makes_it() -> None:
    from matplotlib import pyplot

    ax = plots.plot_pairs(CORPUS)
    assert pyplot.gcf() is ax.figure
    pyplot.close(ax.figure)


@pytest.mark.parametrize(
    ("kind", "given", "says"),
    [
        ("years", [], r"no reports to draw"),
        ("years", [CORPUS[2]], r"1 reports, 0 of them with a year or issuer that can be read"),
        ("issuers", [plotted(piece(""))], r"no theme in those; plot length"),
        ("roles", [plotted(piece(""))], r"no paragraph with a theme; nothing to draw"),
        ("pairs", [plotted(piece("talent", is_junk=True))], r"no paragraph with a theme; nothing to draw"),
        ("pairs", ["a text"], r"a str \('a text'\) is no labelled report"),
        ("length", CORPUS, r"3 reports \(a, b, c\); this picture is of one"),
    ],
)
def test_nothing_to_draw_is_said(kind: str, given: Any, says: str) -> None:
    with pytest.raises(BadInput, match=says):
        PLOTS[kind](given, ax=axes())


def test_unknown_language_is_named() -> None:
    with pytest.raises(BadInput, match=r"lang 'fr'; wanted one of zh, en"):
        plots.plot_pairs(CORPUS, lang="fr")


def test_both_languages_say_the_same_things() -> None:
    assert WORDS["zh"].keys() == WORDS["en"].keys()


def test_colour_of_a_theme_is_the_same_in_all_pictures() -> None:
    bars = plots.plot_years(CORPUS, ax=axes()).containers[1][0].get_facecolor()
    lane = plots.plot_length(CORPUS[1], ax=axes()).collections[0].get_facecolor()[0]
    assert tuple(lane) == tuple(bars)


def test_themes_of_the_bundled_model_have_a_colour_each() -> None:
    found = look.colours(bundled_taxonomy().names)
    assert len(set(found.values())) == len(bundled_taxonomy().themes)


@pytest.mark.parametrize("suffix", [".png", ".svg"])
def test_same_input_gives_the_same_bytes(suffix: str, labelled: LabelledReport) -> None:
    def content() -> bytes:
        return look.rendered(plots.KINDS["length"].picture(to_plotted(labelled), "zh"), suffix, dpi=40)

    first = content()
    assert first == content()
    assert b"dc:date" not in first


def test_saved_file_is_what_is_rendered_whatever_the_settings_are(tmp_path: Path) -> None:
    first, second = tmp_path / "a.svg", tmp_path / "b.svg"
    ax = plots.plot_roles(CORPUS, ax=axes())
    plots.save(ax, first)
    with matplotlib.rc_context({"svg.hashsalt": "other", "svg.fonttype": "none", "savefig.facecolor": "red"}):
        plots.save(ax.figure, second)
    assert first.read_bytes() == second.read_bytes()
    assert b"<text" not in first.read_bytes()


def test_a_picture_has_a_suffix_that_can_be_written(tmp_path: Path) -> None:
    ax = plots.plot_roles(CORPUS, ax=axes())
    with pytest.raises(BadInput, match=r"a\.gif: a picture is a \.png or \.svg file"):
        plots.save(ax, tmp_path / "a.gif")
    with pytest.raises(GovtextError, match=r"does not exist; make it first"):
        plots.save(ax, tmp_path / "none" / "a.png")


def test_own_font_has_the_common_characters_and_those_of_themes_and_places() -> None:
    _, has = fonts.own_family()
    level_1 = bytes(b for row in range(0xB0, 0xD8) for column in range(0xA1, 0xFF) for b in (row, column))
    wanted = level_1.decode("gb2312", "ignore")
    assert len(wanted) == 3755
    for name in ("themes.toml", "places.toml"):
        wanted += (Path(govtext.__file__).parent / "data" / name).read_text(encoding="utf-8")
    wanted += "".join(word for said in WORDS.values() for word in said.values())
    wanted += "".join(chr(point) for point in range(0x20, 0x7F)) + "，。、；：？！“”‘’（）《》〈〉【】〔〕—…·％①⑩Ⅰ□"
    assert "".join(sorted({c for c in wanted if c.isprintable()} - set(map(chr, has)))) == ""


def test_what_no_font_has_is_drawn_as_a_box(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fonts, "system_fonts", lambda: ())
    fonts._is_somewhere.cache_clear()
    report = Plotted("a", "某局\u202e㐂总结 $x$ \U0001f600", None, 2012, {"talent": "人㐂才"}, CORPUS[0].pieces[:1])
    ax = plots.plot_length(report, ax=axes())
    ax.figure.canvas.draw()
    assert {"某局□总结 $x$ □", "人□才"} <= strings(ax)
    fonts._is_somewhere.cache_clear()


@pytest.mark.parametrize("text", ["", "\ud800", "\x1b[2J", "\ue000", "a\nb\u2028c", "\x00"])
def test_any_text_can_be_drawn(text: str) -> None:
    ax = axes()
    with look.styled():
        ax.set_title(fonts.drawable(text))
        look.with_fonts(ax)
    ax.figure.canvas.draw()
    assert set(fonts.drawable(text)) <= set("□[2Jabc ")


def test_rare_characters_come_from_a_font_of_the_system(monkeypatch: pytest.MonkeyPatch) -> None:
    own, has = fonts.own_family()
    monkeypatch.setattr(fonts, "system_fonts", lambda: (("None of It", "a"), ("Part", "b"), ("Rest", "c")))
    monkeypatch.setattr(fonts, "charmap", lambda path: {"a": has, "b": {ord("㐂")}, "c": {ord("龘")}}[path])
    assert fonts.families_for(["某局㐂龘"]) == (own, "Part", "Rest")
    assert fonts.families_for(["某局"]) == (own,)


def test_system_fonts_are_found_and_can_be_read() -> None:
    assert all(isinstance(fonts.charmap(path), frozenset) for _, path in fonts.system_fonts()[:3])
    assert fonts.charmap("no such font") == frozenset()


def test_writing_on_a_colour_can_be_read() -> None:
    from govtext.plots.corpus import _on

    assert (_on("#0d3f6e"), _on("#f4f8fc")) == ("white", look.INK)


def test_shares_of_a_group_without_themes_are_zeros() -> None:
    grouped = counts.themes_by([CORPUS[0], plotted(piece(""), year=2013)], lambda report: report.year)
    assert np.isfinite(grouped.shares).all()
    assert grouped.shares[1].tolist() == [0.0, 0.0]


def test_json_of_labels_needs_no_themes() -> None:
    said: dict[str, Any] = {"id": 7, "title": None, "parts": [], "paragraphs": []}
    from govtext.plots.reports import _of_line

    assert _of_line("here", json.dumps(said)) == Plotted("7", None, None, None, {}, ())
