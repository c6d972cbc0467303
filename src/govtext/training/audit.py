"""Labels that a model doubts which has not seen their document: the first to look at again.

A model that learnt from a label defends it, so only out-of-fold probabilities count. What is listed is where the decision
differs from the label; the measure of doubt is the probability, by the model, that the label is wrong. Doubts are no errors:
a corpus with hard cases has many, and a label that is wrong in the same way everywhere has none.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from govtext.document import ROLES
from govtext.errors import BadCorpus
from govtext.scoring.thresholds import softmax
from govtext.taxonomy import Taxonomy
from govtext.training.corpus import SUFFIXES, LabelledDocument, read_corpus
from govtext.training.fit import MIN_DOCUMENTS
from govtext.training.themes import Fitted

KINDS = ("missing", "needless", "role", "formulaic")
FROM = 0.5
LONGEST_EXCERPT = 60  # characters


@dataclass(frozen=True, slots=True)
class Doubt:
    """One doubted label.

    kind      missing: the theme `label` may be lacking; needless: it may be too many; role, formulaic: may be another
    doubt     probability, by a model that had not seen the document, that the label is wrong
    document  id of the document; `file` it was read from; `unit` counted from 1, its span in the document's text
    given     what the unit is labelled; `said` what the model says, both as people write it in the corpus
    """

    kind: str
    label: str
    doubt: float
    file: str
    document: str
    unit: int
    start: int
    end: int
    given: str
    said: str
    text: str


def read_with_files(paths: Sequence[Path], taxonomy: Taxonomy) -> tuple[list[LabelledDocument], dict[str, str]]:
    """The documents as `read_corpus` gives them, and the file that each digest was first read from.

    Raises:
        BadCorpus: as `read_corpus`, or too few documents to hold any out.
    """
    documents = read_corpus(paths, taxonomy)
    if len(documents) < MIN_DOCUMENTS:
        raise BadCorpus(
            f"{len(documents)} labelled documents; wanted at least {MIN_DOCUMENTS}, to judge each by others"
        )
    files: dict[str, str] = {}
    for path in paths:
        inside = sorted(p for p in path.rglob("*") if p.suffix in SUFFIXES and p.is_file()) if path.is_dir() else [path]
        for file in inside:
            for document in read_corpus([file], taxonomy):
                files.setdefault(document.digest, file.as_posix())
    return documents, files


def doubts(
    documents: Sequence[LabelledDocument],
    fitted: Fitted,
    taxonomy: Taxonomy,
    *,
    files: Mapping[str, str] | None = None,
    doubt_from: float = FROM,
    kinds: Sequence[str] = KINDS,
) -> list[Doubt]:
    """The doubted labels of body paragraphs, most doubted first; `fitted` is of the same documents in the same order.

    Raises:
        BadCorpus: `fitted` is of other documents.
    """
    rows = fitted.passages
    if int(rows.document.max(initial=-1)) + 1 != len(documents):
        raise BadCorpus(f"{len(documents)} documents, fitted on {int(rows.document.max(initial=-1)) + 1}; fit on these")
    found: list[Doubt] = []
    roles = softmax(fitted.roles)
    for i in np.flatnonzero(rows.is_body).tolist():
        document = documents[int(rows.document[i])]
        doubted = [d for d in _of_row(fitted, roles, i, taxonomy) if d[0] in kinds and d[2] >= doubt_from]
        if not doubted:
            continue
        members = rows.passages[i].paragraphs
        # Whose labels the passage has: see `labelled_passages`.
        number = max(members, key=lambda k: document.units[k].end - document.units[k].start)
        unit = document.units[number]
        said = _shown(taxonomy, fitted.decided[i], ROLES[int(roles[i].argmax())], bool(fitted.formulaic_decided[i]))
        # An order by probability, the main theme first where labels are written.
        given = ",".join([*unit.themes, *(["F"] if unit.formulaic else [])]) or "-"
        text = " ".join(document.text[unit.heading_end or unit.start : unit.end].split())[:LONGEST_EXCERPT]
        file = (files or {}).get(document.digest, "")
        place = (file, document.id, number + 1, unit.start, unit.end)
        found += [
            Doubt(kind, label, p, *place, f"{unit.role or '-'} {given}", said, text) for kind, label, p in doubted
        ]
    return sorted(found, key=lambda d: (-d.doubt, d.file, d.document, d.unit, d.kind, d.label))


def _of_row(fitted: Fitted, roles: NDArray[np.float64], i: int, taxonomy: Taxonomy) -> Iterator[tuple[str, str, float]]:
    """Kind, label and doubt of each label of a passage that the decision differs from."""
    rows = fitted.passages
    for t, code in enumerate(taxonomy.codes):
        given, said, p = bool(rows.themes[i, t]), bool(fitted.decided[i, t]), float(fitted.themes[i, t])
        if given != said:
            yield ("needless", code, 1 - p) if given else ("missing", code, p)
    role, best = int(rows.role[i]), int(roles[i].argmax())
    if role >= 0 and best != role:
        yield "role", ROLES[best], 1 - float(roles[i, role])
    if bool(rows.formulaic[i]) != bool(fitted.formulaic_decided[i]):
        p = float(fitted.formulaic[i])
        yield "formulaic", "-" if rows.formulaic[i] else "F", 1 - p if rows.formulaic[i] else p


def _shown(taxonomy: Taxonomy, decided: NDArray[np.bool_], role: str, formulaic: bool) -> str:
    codes = [code for code, yes in zip(taxonomy.codes, decided.tolist()) if yes]
    return f"{role} {','.join([*codes, *(['F'] if formulaic else [])]) or '-'}"
