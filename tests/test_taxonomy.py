"""Themes as data: a good file, each way to get it wrong, and the bundled twelve."""

import tomllib
from pathlib import Path
from typing import Any

import pytest

from govtext.errors import BadTaxonomy, GovtextError
from govtext.taxonomy import (
    LONGEST_TEXT,
    MOST_THEMES,
    Taxonomy,
    Theme,
    bundled_taxonomy,
    check_themes,
    parse_taxonomy,
    read_taxonomy,
)

CASES = tomllib.loads((Path(__file__).parent / "cases" / "taxonomy.toml").read_text(encoding="utf-8"))["bad"]
GOOD = """
most_per_paragraph = 1
[[theme]]
code = "water"
name = "水利"
about = "Rivers, dams, irrigation"
[[theme]]
code = "roads_2"
"""


def test_a_themes_file_gives_its_themes_in_order() -> None:
    found = parse_taxonomy(GOOD, "mine.toml")
    assert Taxonomy((Theme("water", "水利", "Rivers, dams, irrigation"), Theme("roads_2", "roads_2", "")), 1) == found
    assert found.codes == ("water", "roads_2")
    assert found.names == {"water": "水利", "roads_2": "roads_2"}


@pytest.mark.parametrize(("n_themes", "most"), [(3, 3), (5, 3)])
def test_three_themes_a_paragraph_unless_the_file_says_otherwise(n_themes: int, most: int) -> None:
    rows = "".join(f'[[theme]]\ncode = "t{i}"\n' for i in range(n_themes))
    assert most == parse_taxonomy(rows, "mine.toml").most


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_a_bad_themes_file_is_refused_with_the_reason(case: dict[str, Any]) -> None:
    with pytest.raises(BadTaxonomy, match=rf"mine\.toml: .*{case['says']}"):
        parse_taxonomy(case["text"], "mine.toml")
    assert case["source"]


@pytest.mark.parametrize(("length", "fits"), [(39, True), (40, True), (41, False)])
def test_codes_have_at_most_40_characters(length: int, fits: bool) -> None:
    if fits:
        assert check_themes([Theme("a" * length, "水利")], "mine.toml")
        return
    with pytest.raises(BadTaxonomy, match="at most 40 characters"):
        check_themes([Theme("a" * length, "水利")], "mine.toml")


@pytest.mark.parametrize(
    ("length", "fits"), [(LONGEST_TEXT - 1, True), (LONGEST_TEXT, True), (LONGEST_TEXT + 1, False)]
)
def test_names_and_abouts_are_bounded(length: int, fits: bool) -> None:
    for theme in (Theme("water", "水" * length), Theme("water", "水利", "水" * length)):
        if fits:
            assert check_themes([theme], "mine.toml") == (theme,)
            continue
        with pytest.raises(BadTaxonomy, match="theme water: name and about must be text on one line"):
            check_themes([theme], "mine.toml")


@pytest.mark.parametrize(("n_themes", "fits"), [(0, False), (1, True), (MOST_THEMES, True), (MOST_THEMES + 1, False)])
def test_the_number_of_themes_is_bounded(n_themes: int, fits: bool) -> None:
    themes = [Theme(f"t{i}", "水利") for i in range(n_themes)]
    if fits:
        assert len(check_themes(themes, "mine.toml")) == n_themes
        return
    with pytest.raises(BadTaxonomy, match=f"mine.toml: {n_themes} themes; wanted 1 to {MOST_THEMES}"):
        check_themes(themes, "mine.toml")


def test_a_file_is_read(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(GOOD, encoding="utf-8")
    assert parse_taxonomy(GOOD, "mine.toml") == read_taxonomy(path)


def test_a_file_with_a_byte_order_mark_is_read(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(GOOD, encoding="utf-8-sig")
    assert parse_taxonomy(GOOD, "mine.toml") == read_taxonomy(path)


def test_an_error_names_the_file(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text("[[theme", encoding="utf-8")
    with pytest.raises(BadTaxonomy, match=r"^mine\.toml: not valid TOML"):
        read_taxonomy(path)


@pytest.mark.parametrize("content", [None, "水利".encode("gb18030")], ids=["not there", "not UTF-8"])
def test_a_file_that_cannot_be_read_is_refused(content: bytes | None, tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(BadTaxonomy, match=r"mine\.toml: cannot be read as UTF-8 text .* name a themes file in TOML"):
        read_taxonomy(path)


def test_the_errors_are_govtexts_and_value_errors() -> None:
    assert issubclass(BadTaxonomy, GovtextError)
    assert issubclass(BadTaxonomy, ValueError)


def test_the_bundled_taxonomy_has_the_twelve_themes_of_the_codebook() -> None:
    bundled = bundled_taxonomy()
    codebook = (Path(__file__).parents[1] / "corpus" / "CODEBOOK.md").read_text(encoding="utf-8")
    rows = [line.split("|") for line in codebook.splitlines() if line.startswith("| `") and line.count("|") == 5]
    assert [(cells[1].strip(" `"), cells[2].strip()) for cells in rows] == list(bundled.names.items())
    assert (len(bundled.codes), bundled.most) == (12, 3)
    assert all(theme.about for theme in bundled.themes)
