"""What the pictures show, counted; no matplotlib here.

By characters: headings and paragraphs count with their length, one of several themes with an equal part for each, so that shares
add up to one. By paragraphs: body paragraphs count once for each of their themes; the rest of one that a wrap cut counts with it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any, Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from govtext.document import ROLES
from govtext.errors import BadInput
from govtext.plots.reports import Piece, Plotted

Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Grouped(Generic[Key]):
    """Characters of each theme (columns, by `codes`) in each group of reports (rows, by `groups`).

    `reports` counts the reports of each group, `left` those that no group is known of.
    """

    groups: tuple[Key, ...]
    reports: tuple[int, ...]
    codes: tuple[str, ...]
    characters: NDArray[np.float64]
    left: int

    @property
    def shares(self) -> NDArray[np.float64]:
        """The share of each theme in what has a theme, by group; zeros where nothing has."""
        totals = self.characters.sum(axis=1, keepdims=True)
        shares: NDArray[np.float64] = np.divide(
            self.characters, totals, out=np.zeros_like(self.characters), where=totals > 0
        )
        return shares


def theme_names(reports: Iterable[Plotted]) -> dict[str, str]:
    """The themes of all reports, code → name, in their order."""
    found: dict[str, str] = {}
    for report in reports:
        found |= {code: name for code, name in report.names.items() if code not in found}
    return found


def characters_by_theme(pieces: Iterable[Piece]) -> dict[str, float]:
    """The characters of each theme.

    >>> from govtext.plots.reports import Piece
    >>> two = Piece(0, 9, "body", None, None, False, False, 8, ("talent", "industry"), "done")
    >>> characters_by_theme([two])
    {'talent': 4.0, 'industry': 4.0}
    """
    found: dict[str, float] = {}
    for piece in pieces:
        for code in piece.labels if piece.is_content else ():
            found[code] = found.get(code, 0.0) + piece.characters / len(piece.labels)
    return found


def themes_by(reports: Sequence[Plotted], key: Callable[[Plotted], Key | None]) -> Grouped[Key]:
    """Characters by theme in the groups that `key` puts the reports in, in order of the key; None puts one in none.

    Only themes that some report has.

    Raises:
        BadInput: no report with a group has a theme.
    """
    sums: dict[Key, dict[str, float]] = {}
    n: Counter[Key] = Counter()
    for report in reports:
        group = key(report)
        if group is not None:
            n[group] += 1
            sums.setdefault(group, {})
            for code, characters in characters_by_theme(report.pieces).items():
                sums[group][code] = sums[group].get(code, 0.0) + characters
    groups: list[Any] = list(sums)
    groups.sort()
    codes = [code for code in theme_names(reports) if any(code in sums[group] for group in groups)]
    if not codes:
        raise BadInput(
            f"{len(reports)} reports, {sum(n.values())} of them with a year or issuer that can be read, "
            "and no theme in those; plot length needs neither"
        )
    table = np.array([[sums[group].get(code, 0.0) for code in codes] for group in groups])
    return Grouped(tuple(groups), tuple(n[g] for g in groups), tuple(codes), table, len(reports) - sum(n.values()))


def largest(grouped: Grouped[str], most: int) -> tuple[Grouped[str], int]:
    """The groups with most reports, at most so many, largest first; and how many groups are left out."""
    order = sorted(range(len(grouped.groups)), key=lambda k: (-grouped.reports[k], grouped.groups[k]))[:most]
    kept = Grouped(
        tuple(grouped.groups[k] for k in order),
        tuple(grouped.reports[k] for k in order),
        grouped.codes,
        grouped.characters[order],
        grouped.left,
    )
    return kept, len(grouped.groups) - len(order)


def roles_by_theme(reports: Sequence[Plotted]) -> tuple[tuple[str, ...], NDArray[np.int64]]:
    """Theme codes, and the paragraphs of each (rows) by role (columns, as `ROLES`).

    Raises:
        BadInput: no paragraph has a theme.
    """
    counts: Counter[tuple[str, str]] = Counter()
    for piece in _paragraphs(reports):
        counts.update((code, piece.role) for code in piece.labels if piece.role is not None)
    codes = _present(reports, {code for code, _ in counts})
    return codes, np.array([[counts[code, role] for role in ROLES] for code in codes])


def pairs(reports: Sequence[Plotted]) -> tuple[tuple[str, ...], NDArray[np.int64]]:
    """Theme codes, and the paragraphs that carry both themes of a pair; on the diagonal those that carry the theme at all.

    Raises:
        BadInput: no paragraph has a theme.
    """
    counts: Counter[tuple[str, str]] = Counter()
    for piece in _paragraphs(reports):
        counts.update((code, code) for code in piece.labels)
        for one, other in combinations(piece.labels, 2):
            counts.update([(one, other), (other, one)])
    codes = _present(reports, {code for code, _ in counts})
    return codes, np.array([[counts[one, other] for other in codes] for one in codes])


def _paragraphs(reports: Iterable[Plotted]) -> Iterator[Piece]:
    for report in reports:
        yield from (p for p in report.pieces if p.is_content and p.kind == "body" and not p.continues)


def _present(reports: Sequence[Plotted], codes: set[str]) -> tuple[str, ...]:
    """The themes among `codes`, in their order.

    Raises:
        BadInput: there is none.
    """
    if not codes:
        raise BadInput(f"{len(reports)} reports, and no paragraph with a theme; nothing to draw")
    return tuple(code for code in theme_names(reports) if code in codes)
