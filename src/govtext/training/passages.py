"""Labelled documents as passages with their labels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from govtext.document import ROLES, Paragraph, Verdict
from govtext.features.ngrams import Ints
from govtext.features.passages import Passage, to_passages
from govtext.taxonomy import Taxonomy
from govtext.training.corpus import LabelledDocument

_CONTENT, _JUNK = Verdict(None, 0.0, "labelled"), Verdict("page", 1.0, "labelled")


@dataclass(frozen=True, slots=True, eq=False)
class LabelledPassages:
    """All passages of a corpus with their labels, documents one behind the other.

    document   number of the document, (n,)
    themes     which themes each has, (n, n_themes)
    role       index into `ROLES`, -1 where no role is labelled, (n,)
    formulaic  (n,)
    """

    passages: list[Passage]
    document: Ints
    themes: NDArray[np.bool_]
    role: Ints
    formulaic: NDArray[np.bool_]

    @property
    def is_body(self) -> NDArray[np.bool_]:
        """Body passages, (n,)."""
        return np.array([not p.is_heading for p in self.passages], bool)


def labelled_paragraphs(document: LabelledDocument) -> list[Paragraph]:
    """The units as the paragraphs of a report that was read without a mistake."""
    paragraphs = []
    above: dict[int, str] = {}
    for unit in document.units:
        level = int(unit.kind[1]) if unit.is_heading else None
        if level is not None:
            above = {depth: heading for depth, heading in above.items() if depth < level}
        path = (document.heading,) if document.heading else tuple(above[depth] for depth in sorted(above))
        kind = "body" if unit.has_body else "heading" if unit.is_heading else unit.kind
        if unit.is_boilerplate or unit.kind == "blank":
            kind = "boilerplate"
        verdict = _JUNK if kind == "boilerplate" else _CONTENT
        paragraphs.append(Paragraph(unit.start, unit.end, kind, level, None, unit.heading_end, path, verdict, verdict))
        if level is not None:
            above[level] = document.text[unit.start : unit.heading_end or unit.end].strip()
    return paragraphs


def labelled_passages(documents: Sequence[LabelledDocument], taxonomy: Taxonomy) -> LabelledPassages:
    """The passages of all documents, in order."""
    passages: list[Passage] = []
    owner: list[int] = []
    themes: list[list[bool]] = []
    role: list[int] = []
    formulaic: list[bool] = []
    for k, document in enumerate(documents):
        found = to_passages(document.text, labelled_paragraphs(document))
        passages += found
        for passage in found:
            # The lines of a wrapped paragraph should carry the same labels; where they do not, the longest decides.
            unit = max((document.units[i] for i in passage.paragraphs), key=lambda u: u.end - u.start)
            owner.append(k)
            themes.append([code in unit.themes for code in taxonomy.codes])
            role.append(ROLES.index(unit.role) if unit.role is not None else -1)
            formulaic.append(unit.formulaic)
    return LabelledPassages(
        passages,
        np.array(owner, np.int64),
        np.array(themes, bool).reshape(len(passages), len(taxonomy.codes)),
        np.array(role, np.int64),
        np.array(formulaic, bool),
    )
