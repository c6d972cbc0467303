"""What keywords reach in unlabelled texts: coverage, overlap and conflict, and the paragraphs that none of them hits."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from govtext.training.weak import Pool, WeakLabels


@dataclass(frozen=True, slots=True)
class ThemeCoverage:
    """What the keywords of one theme reach; all but `share` and `unused` are numbers of body paragraphs.

    voted     the theme is voted for
    share     of all body paragraphs, 0–1
    alone     voted for, and no other theme
    above     voted for by a heading only
    conflict  words of include and of exclude both hit
    unused    keywords that hit nothing
    """

    code: str
    name: str
    voted: int
    share: float
    alone: int
    above: int
    conflict: int
    unused: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Overlap:
    """Two themes that are voted for together: in so many body paragraphs, a share of those of the rarer one."""

    first: str
    second: str
    together: int
    share: float


@dataclass(frozen=True, slots=True)
class KeywordUse:
    """One keyword: the passages (headings too) it speaks in, and how far it can be trusted, None where that is unknown."""

    theme: str
    kind: str
    word: str
    passages: int
    trust: float | None


@dataclass(frozen=True, slots=True)
class Silent:
    """A body paragraph without any hit: its document and how its text begins."""

    document: str
    text: str


@dataclass(frozen=True, slots=True)
class Coverage:
    """The table. `crowded` paragraphs have hits of more themes than a paragraph may carry."""

    documents: int
    paragraphs: int
    themes: tuple[ThemeCoverage, ...]
    overlaps: tuple[Overlap, ...]
    keywords: tuple[KeywordUse, ...]
    crowded: int
    silent: int
    silent_sample: tuple[Silent, ...]


BEGINNING = 80  # characters shown of a silent paragraph


def coverage(pool: Pool, *, labels: WeakLabels | None = None, n_silent: int = 5) -> Coverage:
    """What the pool's keywords reach, with trust once there are labels; `n_silent` silent paragraphs, spread evenly."""
    taxonomy, votes = pool.keywords.taxonomy, pool.votes
    body = np.flatnonzero(pool.rows.is_body)
    said, score = votes.said[body], votes.score[body]
    passages = (votes.hits > 0).sum(axis=0).A1.tolist()
    trust = [None] * len(passages) if labels is None else [None if np.isnan(t) else float(t) for t in labels.trust]
    uses = tuple(
        KeywordUse(taxonomy.codes[rule.theme], rule.kind, str(rule.word), n, t)
        for rule, n, t in zip(pool.keywords.rules, passages, trust)
    )
    clash = votes.clash[body].sum(axis=0)
    alone = said & (said.sum(axis=1) == 1)[:, None]
    above = said & ~votes.own[body]
    rows = tuple(
        ThemeCoverage(
            theme.code,
            theme.name,
            voted=int(said[:, k].sum()),
            share=float(said[:, k].sum() / max(len(body), 1)),
            alone=int(alone[:, k].sum()),
            above=int(above[:, k].sum()),
            conflict=int(clash[k]),
            unused=tuple(use.word for use in uses if use.theme == theme.code and not use.passages),
        )
        for k, theme in enumerate(taxonomy.themes)
    )
    silent = body[~(votes.hits[body].sum(axis=1).A1 > 0)]
    chosen = silent[np.unique(np.linspace(0, len(silent) - 1, min(n_silent, len(silent))).astype(np.int64))]
    return Coverage(
        documents=len(pool.documents),
        paragraphs=len(body),
        themes=rows,
        overlaps=tuple(_overlaps(said.astype(np.int64), taxonomy.codes)),
        keywords=uses,
        crowded=int(((score > 0).sum(axis=1) > taxonomy.most).sum()),
        silent=len(silent),
        silent_sample=tuple(
            Silent(pool.documents[pool.rows.document[i]].id, pool.rows.passages[i].text[:BEGINNING]) for i in chosen
        ),
    )


def _overlaps(said: np.ndarray[tuple[int, ...], np.dtype[np.int64]], codes: tuple[str, ...]) -> Iterable[Overlap]:
    """The pairs of themes that occur together, most often first."""
    together = said.T @ said
    pairs = [
        Overlap(codes[a], codes[b], int(together[a, b]), float(together[a, b] / min(together[a, a], together[b, b])))
        for a in range(len(codes))
        for b in range(a + 1, len(codes))
        if together[a, b]
    ]
    return sorted(pairs, key=lambda pair: (-pair.together, pair.first, pair.second))
