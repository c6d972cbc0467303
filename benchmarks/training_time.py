"""What training costs on real paragraphs: govtext's recipes beside the pipeline that a user of scikit-learn writes.

Both sides do the same work on the same paragraphs: scores of folds by document, thresholds picked on those, a final fit. The
labels are those of the bundled model, because thousands of paragraphs labelled by people are not there; how well anything
is learnt is measured elsewhere. govtext calibrates on top, sets thresholds of risk, and by the recipe of documents fits
roles and headings, too.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import precision_recall_curve
from sklearn.model_selection import GroupKFold, cross_val_predict
from sklearn.pipeline import make_pipeline

from govtext.document import LabelledParagraph, LabelledReport
from govtext.features.ngrams import Ints
from govtext.features.passages import PATH_JOINT
from govtext.labelling import Model
from govtext.taxonomy import Taxonomy
from govtext.training.corpus import LabelledDocument, Unit
from govtext.training.passages import labelled_passages
from govtext.training.recipes import to_recipe
from govtext.training.themes import FOLDS, fit_judge
from interleaved import Contender, figures, interleaved
from naive_script import words
from peers import classifier, vectorizer
from reports import to_report
from speed_tables import FIRST, LONE, NAIVE_TRAINING

DEEPEST = 5  # level that a labelled unit can have


@dataclass(frozen=True, slots=True, eq=False)
class Paragraphs:
    """Labelled body paragraphs: texts, themes (n, n_themes), the document of each; as documents, and each by itself."""

    texts: Sequence[str]
    themes: NDArray[np.int64]
    document: Ints
    documents: Sequence[LabelledDocument]
    single: Sequence[LabelledDocument]


def to_document(name: str, report: LabelledReport) -> LabelledDocument:
    """The report as if a person had labelled it like that."""
    return LabelledDocument(name, report.text, tuple(map(_unit, report.paragraphs)))


def _unit(p: LabelledParagraph) -> Unit:
    level = f"h{min(p.level or 1, DEEPEST)}"
    kinds = {
        "heading": level,
        "body": "p" if p.heading_end is None else f"{level}+p",
        "boilerplate": f"x:{p.boilerplate}",
    }
    return Unit(p.start, p.end, kinds.get(p.kind, p.kind), p.role, p.labels, p.formulaic, p.heading_end)


def to_paragraphs(documents: Iterable[LabelledDocument], taxonomy: Taxonomy, *, most: int) -> Paragraphs:
    """The body paragraphs of the first documents that have `most` together."""
    kept: list[LabelledDocument] = []
    n = 0
    for document in documents:
        if n >= most:
            break
        kept.append(document)
        n += int(labelled_passages([document], taxonomy).is_body.sum())
    rows = labelled_passages(kept, taxonomy)
    single, owner = [], []
    texts = []
    for i in np.flatnonzero(rows.is_body).tolist():
        passage = rows.passages[i]
        if not passage.text:
            continue
        themes = tuple(code for code, has in zip(taxonomy.codes, rows.themes[i].tolist()) if has)
        unit = Unit(0, len(passage.text), "p", None, themes, False, None)
        heading = PATH_JOINT.join(passage.headings)
        single.append(LabelledDocument(str(i), passage.text, (unit,), heading=heading, whole=False))
        texts.append(passage.text)
        owner.append(i)
    return Paragraphs(texts, rows.themes[owner].astype(np.int64), rows.document[owner], kept, single)


def naive(rows: Paragraphs) -> Any:
    """The fitted pipeline, with the threshold of each theme that gives the best F1 out of fold."""
    pipeline = make_pipeline(vectorizer(words), classifier())
    folds = GroupKFold(FOLDS)
    scores = cross_val_predict(
        pipeline, rows.texts, rows.themes, groups=rows.document, cv=folds, method="decision_function"
    )
    thresholds = []
    for score, target in zip(scores.T, rows.themes.T):
        precision, recall, at = precision_recall_curve(target, score)
        f1 = 2 * precision * recall / np.maximum(precision + recall, 1e-12)
        thresholds.append(at[min(int(f1.argmax()), len(at) - 1)])
    return pipeline.fit(rows.texts, rows.themes), thresholds


def training_figures(
    paths: Sequence[Path], model: Model, *, paragraphs: int, rounds: int, tell: Callable[[str], None]
) -> dict[str, Any]:
    """The figures of each contender, and on how much they were measured."""
    taxonomy = model.taxonomy
    # By a hash of the name, so that a part of the paragraphs is of all families.
    order = sorted(paths, key=lambda path: hashlib.sha256(path.name.encode()).hexdigest())
    # Each when it is asked for: most are not.
    documents = (to_document(path.name, model.classify(to_report(path, model).text)) for path in order)
    rows = to_paragraphs(documents, taxonomy, most=paragraphs)
    lone, first = to_recipe("lone", {}), to_recipe("documents", {"context": False})
    contenders: list[Contender[Paragraphs]] = [
        Contender(NAIVE_TRAINING, naive, None, _characters),
        Contender(
            LONE, lambda r: fit_judge(r.single, taxonomy, groups=r.document, recipe=lone), NAIVE_TRAINING, _characters
        ),
        Contender(FIRST, lambda r: fit_judge(r.documents, taxonomy, recipe=first), NAIVE_TRAINING, _characters),
    ]
    timings = interleaved(contenders, [rows], rounds=rounds, warm=False, tell=lambda line: tell(f"training, {line}"))
    return {
        "paragraphs": len(rows.texts),
        "documents": len(rows.documents),
        "themes": len(taxonomy.codes),
        "folds": FOLDS,
        "contenders": figures(timings),
    }


def _characters(rows: Paragraphs) -> int:
    return sum(map(len, rows.texts))
