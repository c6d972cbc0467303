"""Keywords of themes, found in raw characters: no text is cut into words, and the longest match wins.

A keyword inside a longer keyword or excluded word of its theme is covered by it and does not count: 印度 does not speak inside
印度尼西亚. Width, case and white space are folded as the features fold them; digits count (5G is not 4G).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from govtext.features.ngrams import SENTINEL, Codes, Ints, join, normalise
from govtext.features.vocabulary import LONGEST, Vocabulary
from govtext.taxonomy import Near, Taxonomy

STOPS: Final = tuple(map(ord, "。!?;…\n"))  # of a sentence, as the features see them
KINDS = ("include", "exclude", "near")


@dataclass(frozen=True, slots=True)
class Rule:
    """One keyword of a theme: the theme's index, its kind, and the word or pair as written."""

    theme: int
    kind: str
    word: str | Near


@dataclass(frozen=True, slots=True, eq=False)
class Hits:
    """Where rules hit: index of the text, index of the rule, span in the text; ordered by text, start, rule.

    The span of a pair runs from its first word to its second.
    """

    text: Ints
    rule: Ints
    start: Ints
    end: Ints

    def __len__(self) -> int:
        return len(self.text)


@dataclass(frozen=True, slots=True, eq=False)
class Keywords:
    """The keywords of a taxonomy, ready to be found; `rules` in the order of themes and of their lists."""

    taxonomy: Taxonomy
    rules: tuple[Rule, ...]
    _words: tuple[str, ...]  # distinct, folded
    _vocabulary: Vocabulary  # of their beginnings, digits folded too
    _of_key: tuple[Ints, ...]  # by term of the vocabulary: the words that begin with it

    @classmethod
    def of(cls, taxonomy: Taxonomy) -> Keywords:
        """The keywords of all themes."""
        rules = tuple(
            Rule(index, kind, word)
            for index, theme in enumerate(taxonomy.themes)
            for kind in KINDS
            for word in getattr(theme, kind)
        )
        words = sorted({part for rule in rules for part in _parts(rule)})
        beginnings = [normalise(word[:LONGEST]) for word in words]
        keys = sorted(set(beginnings))
        of_key: dict[str, list[int]] = {key: [] for key in keys}
        for index, beginning in enumerate(beginnings):
            of_key[beginning].append(index)
        return cls(
            taxonomy,
            rules,
            tuple(words),
            Vocabulary.build(keys),
            tuple(np.array(of_key[key], np.int64) for key in keys),
        )

    def hits(self, texts: Sequence[str]) -> Hits:
        """All hits in the texts that no longer word covers; time linear in the characters."""
        codes = join(texts)
        word, start, end = self._matches(codes, texts)
        sentence = np.cumsum(np.isin(codes.codes, (*STOPS, SENTINEL)), dtype=np.int64)
        number = {word: index for index, word in enumerate(self._words)}
        rows: list[tuple[Ints, Ints, Ints]] = []
        of_theme: dict[int, list[int]] = {}
        for index, rule in enumerate(self.rules):
            of_theme.setdefault(rule.theme, []).append(index)
        for indices in of_theme.values():
            listed = np.full(len(self._words), -1, np.int64)  # by word: its rule of include or exclude
            for index in indices:
                if self.rules[index].kind != "near":
                    listed[number[_parts(self.rules[index])[0]]] = index
            chosen = np.flatnonzero(listed[word] >= 0)
            chosen = chosen[~_covered(start[chosen], end[chosen])]
            rows.append((listed[word[chosen]], start[chosen], end[chosen]))
            excluded = np.array([self.rules[i].kind == "exclude" for i in listed[word[chosen]].tolist()], bool)
            walls = start[chosen[excluded]], end[chosen[excluded]]
            for index in indices:
                pair = self.rules[index].word
                if isinstance(pair, Near):
                    first, second = (np.flatnonzero(word == number[part]) for part in _parts(self.rules[index]))
                    first, second = (part[~_inside(start[part], end[part], walls)] for part in (first, second))
                    spans = _pairs((start[first], end[first]), (start[second], end[second]), sentence, pair.within)
                    rows.append((np.full(len(spans[0]), index, np.int64), *spans))
        said, start, end = _joined(rows)
        text = np.searchsorted(codes.starts, start, side="right").astype(np.int64) - 1
        order = np.lexsort((said, start, text))
        text, said, start, end = text[order], said[order], start[order], end[order]
        return Hits(text, said, start - codes.starts[text], end - codes.starts[text])

    def covers_own(self, rule: Rule) -> bool:
        """Whether an excluded word holds a keyword of its theme: then it only covers that, else it speaks against the theme."""
        theme = self.taxonomy.themes[rule.theme]
        held = [*theme.include, *(word for pair in theme.near for word in (pair.first, pair.second))]
        return any(fold(word) in part for word in held for part in _parts(rule))

    def _matches(self, codes: Codes, texts: Sequence[str]) -> tuple[Ints, Ints, Ints]:
        """Every place of every word, covered or not: word, start, end."""
        exact = np.append(_with_digits(codes, texts), np.full(max(map(len, self._words), default=0), SENTINEL))
        letters = [np.frombuffer(word.encode("utf-32-le", "surrogatepass"), "<i4") for word in self._words]
        found: list[tuple[Ints, Ints, Ints]] = []
        for starts, keys in self._vocabulary.matches(codes.codes):
            by_key = np.argsort(keys, kind="stable")
            edges = np.searchsorted(keys[by_key], np.arange(len(self._of_key) + 1))
            for key in np.unique(keys).tolist():
                places = starts[by_key[edges[key] : edges[key + 1]]]
                for word in self._of_key[key].tolist():
                    at = places
                    said = letters[word]
                    if len(said) > LONGEST or any(ord("0") <= letter <= ord("9") for letter in said.tolist()):
                        for offset, letter in enumerate(said.tolist()):
                            at = at[exact[at + offset] == letter]
                    found.append((np.full(len(at), word, np.int64), at, at + len(said)))
        word, start, end = _joined(found)
        order = np.lexsort((-end, start))
        return word[order], start[order], end[order]


def _joined(rows: Sequence[tuple[Ints, Ints, Ints]]) -> tuple[Ints, Ints, Ints]:
    empty = np.zeros(0, np.int64)
    first, second, third = (np.concatenate([empty, *(row[k] for row in rows)]) for k in range(3))
    return first, second, third


def _parts(rule: Rule) -> tuple[str, ...]:
    """The words of a rule, folded as texts are."""
    words = (rule.word.first, rule.word.second) if isinstance(rule.word, Near) else (rule.word,)
    return tuple(fold(word) for word in words)


def fold(word: str) -> str:
    """The word as texts are compared: half width, lower case, digits kept."""
    codes = _with_digits(join([word]), [word])
    return codes[:-1].astype("<u4").tobytes().decode("utf-32-le", "surrogatepass")


def _with_digits(codes: Codes, texts: Sequence[str]) -> NDArray[np.int32]:
    """The normalised codes with the digits that stood there."""
    raw = np.frombuffer("\n".join((*texts, "")).encode("utf-32-le", "surrogatepass"), "<i4")
    exact = codes.codes.copy()
    digit = exact == ord("0")
    exact[digit] = np.where(raw[digit] >= 0xFF10, raw[digit] - 0xFEE0, raw[digit])
    return exact


def _covered(start: Ints, end: Ints) -> NDArray[np.bool_]:
    """Which spans lie in an earlier one; spans are distinct and come by start, the longest first."""
    farthest = np.maximum.accumulate(np.append(0, end))[: len(end)]
    return np.asarray(end <= farthest)


def _inside(start: Ints, end: Ints, walls: tuple[Ints, Ints]) -> NDArray[np.bool_]:
    """Which spans lie in one of the walls, which come by start and lie in no other, so by end too."""
    if not len(walls[0]):
        return np.zeros(len(start), bool)
    before = np.searchsorted(walls[0], start, side="right") - 1
    return np.asarray((before >= 0) & (walls[1][before] >= end))


def _pairs(
    first: tuple[Ints, Ints], second: tuple[Ints, Ints], sentence: Ints, within: int | None
) -> tuple[Ints, Ints]:
    """Spans from each first word to the nearest second one behind or before it that is near enough; each first word once."""
    none = len(sentence) - 1
    if not len(first[0]) or not len(second[0]):
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    behind = np.searchsorted(second[0], first[1])
    before = np.searchsorted(second[1], first[0], side="right") - 1
    spans = []
    for index, is_behind in ((behind, True), (before, False)):
        known = (index >= 0) & (index < len(second[0]))
        other = np.clip(index, 0, len(second[0]) - 1)
        begin = np.where(is_behind, first[0], second[0][other])
        stop = np.where(is_behind, second[1][other], first[1])
        gap = np.where(is_behind, second[0][other] - first[1], first[0] - second[1][other])
        one_sentence = sentence[np.minimum(begin, none)] == sentence[np.clip(stop - 1, 0, none)]
        spans.append((known & (one_sentence if within is None else gap <= within), begin, stop, gap))
    (ahead, *forward, near_gap), (back, *backward, far_gap) = spans
    use_back = back & (~ahead | (far_gap < near_gap))
    chosen = ahead | back
    return np.where(use_back, backward[0], forward[0])[chosen], np.where(use_back, backward[1], forward[1])[chosen]
