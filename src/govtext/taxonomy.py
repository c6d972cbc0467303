"""Themes as data: `Theme`, `Taxonomy`, read from a themes.toml."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

from govtext.errors import BadTaxonomy

CODE = re.compile(r"[a-z][a-z0-9_]{0,39}")
MOST_THEMES = 200
LONGEST_TEXT = 300  # characters of a name or an about
KEYWORD_LENGTHS = (2, 40)  # characters; one Han character alone stands inside other words more often than not
MOST_KEYWORDS = 2000  # entries of one list
FARTHEST_NEAR = 200  # characters
THEME_KEYS = ("code", "name", "about", "include", "exclude", "near")


@dataclass(frozen=True, slots=True)
class Near:
    """Two words that speak for a theme together, in either order: in one sentence, or at most `within` characters apart."""

    first: str
    second: str
    within: int | None = None

    def __str__(self) -> str:
        return f"{self.first} … {self.second}"


@dataclass(frozen=True, slots=True)
class Theme:
    """One theme: `code` as in labels, `name` as people read it, `about` in a sentence.

    The keywords are for `govtext keywords` alone, and no model keeps them: `include` speak for the theme, `exclude` cover
    those inside them or speak against it, `near` are pairs.
    """

    code: str
    name: str
    about: str = ""
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    near: tuple[Near, ...] = ()


@dataclass(frozen=True, slots=True)
class Taxonomy:
    """The themes in their order; `most` is how many a paragraph may carry."""

    themes: tuple[Theme, ...]
    most: int = 3

    @property
    def codes(self) -> tuple[str, ...]:
        """Theme codes in order."""
        return tuple(t.code for t in self.themes)

    @property
    def names(self) -> dict[str, str]:
        """Code → name."""
        return {t.code: t.name for t in self.themes}


def bundled_taxonomy() -> Taxonomy:
    """The twelve themes of the bundled model."""
    text = (files("govtext") / "data" / "themes.toml").read_text(encoding="utf-8")
    return parse_taxonomy(text, "themes.toml")


def read_taxonomy(path: Path) -> Taxonomy:
    """The taxonomy in a TOML file.

    Raises:
        BadTaxonomy: the file is not there, not TOML, or breaks a rule of `parse_taxonomy`.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise BadTaxonomy(f"{path}: cannot be read as UTF-8 text ({error}); name a themes file in TOML") from error
    return parse_taxonomy(text, path.name)


def parse_taxonomy(text: str, name: str) -> Taxonomy:
    """The taxonomy in TOML text: `[[theme]]` tables with `code`, `name`, `about`, keywords, and `most_per_paragraph`.

    Raises:
        BadTaxonomy: names the entry and what was wanted.
    """
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BadTaxonomy(f"{name}: not valid TOML ({error}); see govtext's own themes.toml for the form") from error
    if unknown := sorted(set(table) - {"theme", "most_per_paragraph"}):
        raise BadTaxonomy(f"{name}: unknown key {unknown[0]!r}; wanted [[theme]] tables and most_per_paragraph")
    rows = table.get("theme")
    if not isinstance(rows, list) or not rows or not all(isinstance(row, dict) for row in rows):
        raise BadTaxonomy(f"{name}: no [[theme]] tables; write one for each theme with code and name")
    themes = []
    for number, row in enumerate(rows, 1):
        if unknown := sorted(set(row) - set(THEME_KEYS)):
            raise BadTaxonomy(f"{name}: theme {number}: unknown key {unknown[0]!r}; wanted {', '.join(THEME_KEYS)}")
        themes.append(
            Theme(
                *(row.get("code", ""), row.get("name", row.get("code", "")), row.get("about", "")),
                *_keywords(row, f"{name}: theme {row.get('code', number)}"),
            )
        )
    checked = check_themes(themes, name)
    most = table.get("most_per_paragraph", min(3, len(checked)))
    if not isinstance(most, int) or isinstance(most, bool) or not 1 <= most <= len(checked):
        raise BadTaxonomy(f"{name}: most_per_paragraph = {most!r}; wanted a whole number from 1 to {len(checked)}")
    return Taxonomy(checked, most)


def check_themes(themes: Sequence[Theme], name: str) -> tuple[Theme, ...]:
    """The themes, if each has a code of its own and text on one line; `name` is what messages call their file.

    Raises:
        BadTaxonomy: names the theme and what was wanted.
    """
    if not 1 <= len(themes) <= MOST_THEMES:
        raise BadTaxonomy(f"{name}: {len(themes)} themes; wanted 1 to {MOST_THEMES}")
    for number, theme in enumerate(themes, 1):
        if not isinstance(theme.code, str) or not CODE.fullmatch(theme.code):
            raise BadTaxonomy(
                f"{name}: theme {number}: code {theme.code!r}; "
                "wanted lower-case letters, digits and _, first a letter, at most 40 characters"
            )
        for text in (theme.name, theme.about):
            if not isinstance(text, str) or len(text) > LONGEST_TEXT or (text and not text.isprintable()):
                raise BadTaxonomy(f"{name}: theme {theme.code}: name and about must be text on one line")
        if not theme.name.strip():
            raise BadTaxonomy(f"{name}: theme {theme.code}: an empty name; leave it out to use the code")
    codes = [theme.code for theme in themes]
    if twice := sorted({code for code in codes if codes.count(code) > 1}):
        raise BadTaxonomy(f"{name}: theme {twice[0]!r} stands twice; give each theme one table")
    return tuple(themes)


def _keywords(row: Mapping[str, Any], where: str) -> tuple[tuple[str, ...], tuple[str, ...], tuple[Near, ...]]:
    """What a theme's table includes, excludes and takes as near."""
    include, exclude = (
        tuple(_keyword(word, where, key) for word in _listed(row, key, where)) for key in ("include", "exclude")
    )
    near = tuple(_near(pair, where) for pair in _listed(row, "near", where))
    for key, entries in (("include", include), ("exclude", exclude), ("near", tuple(map(str, near)))):
        if twice := sorted({entry for entry in entries if entries.count(entry) > 1}):
            raise BadTaxonomy(f"{where}: {twice[0]!r} stands twice in {key}; take one away")
    if both := sorted(set(include) & set(exclude)):
        raise BadTaxonomy(f"{where}: {both[0]!r} is in include and in exclude; take it out of one")
    return include, exclude, near


def _listed(row: Mapping[str, Any], key: str, where: str) -> list[Any]:
    if key not in row:
        return []
    entries = row[key]
    if not isinstance(entries, list) or not 1 <= len(entries) <= MOST_KEYWORDS:
        said = "an empty list" if entries == [] else f"{entries!r:.40}"
        raise BadTaxonomy(f"{where}: {key} is {said}; write 1 to {MOST_KEYWORDS} entries in brackets, or leave it out")
    return entries


def _keyword(word: Any, where: str, key: str) -> str:
    shortest, longest = KEYWORD_LENGTHS
    if not isinstance(word, str) or not word.isprintable() or word != word.strip():
        raise BadTaxonomy(f"{where}: {key}: {word!r:.60}; wanted a word in quotes, without space around it")
    if not shortest <= len(word) <= longest:
        advice = "one character stands inside too many words, write a longer one" if word else "take it away"
        advice = advice if len(word) < shortest else "write its telling part"
        raise BadTaxonomy(
            f"{where}: {key}: {word!r} has {len(word)} characters; wanted {shortest} to {longest}; {advice}"
        )
    return word


def _near(pair: Any, where: str) -> Near:
    if not isinstance(pair, list) or len(pair) not in (2, 3):
        raise BadTaxonomy(f'{where}: near: {pair!r:.60}; wanted ["word", "word"] or ["word", "word", characters]')
    first, second = (_keyword(word, where, "near") for word in pair[:2])
    if len(pair) == 2:
        return Near(first, second)
    if type(pair[2]) is not int or not 0 <= pair[2] <= FARTHEST_NEAR:
        raise BadTaxonomy(
            f"{where}: near: {first} … {second}: distance {pair[2]!r:.40}; wanted 0 to {FARTHEST_NEAR} characters, "
            "or no number for one sentence"
        )
    return Near(first, second, pair[2])
