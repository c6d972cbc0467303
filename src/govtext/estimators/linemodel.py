"""What `BoilerplateDetector` learns: how its labels follow from what the bundled line model says, and from the lines' own n-grams.

The bundled passes know sites from hundreds of documents; few own labels can move what they say, and need not learn it again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import scipy.sparse as sparse
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from govtext.boilerplate.context import CLASSES, N_CONTENT
from govtext.boilerplate.detector import BLOCKS
from govtext.boilerplate.lines import Lines, to_lines
from govtext.errors import BadModel
from govtext.estimators.inputs import Label, Rows
from govtext.estimators.passages import document_rows
from govtext.features.ngrams import Ints, count_terms
from govtext.features.vocabulary import Vocabulary
from govtext.labelling import load as load_model
from govtext.scoring.modelfile import Schema, vocabulary_arrays, vocabulary_from, vocabulary_schema
from govtext.scoring.modelfile import load as load_arrays
from govtext.scoring.modelfile import save as save_arrays
from govtext.scoring.scorer import Scorer
from govtext.scoring.storage import scorer_arrays, scorer_from, scorer_schema
from govtext.training.lines import end_texts
from govtext.training.matrices import fitted_block, occurrences, smooth_idf, weighted

Floats = NDArray[np.float64]
PREFIX = "detector"
# What the bundled model says of a line: log-probabilities alone and among its neighbours, log-odds of being a site's, and
# whether its form is certain.
SAID = (
    *(f"alone: {name}" for name in CLASSES),
    *(f"together: {name}" for name in CLASSES),
    *("alone: boilerplate", "together: boilerplate", "certain"),
)
FLOOR = 0.02  # added to probabilities before the logarithm, as the second pass does
NGRAMS = (1, 3)
OWN = 2.0  # how much the lines' own n-grams count beside that
SCHEMA = Schema(
    format="govtext-detector",
    versions=(2,),
    arrays={
        **vocabulary_schema(PREFIX),
        **scorer_schema(
            PREFIX, BLOCKS, vocabulary=f"{PREFIX}.n_terms", outputs=f"{PREFIX}.labels", dense=f"{PREFIX}.said"
        ),
    },
    header={"labels": list, "params": dict, "bundled": str},  # the SHA-256 of the model whose words it weighs
)


@dataclass(frozen=True, slots=True, eq=False)
class LineView:
    """Lines as the detector sees them: `said` (n_lines, n_said) holds `SAID`."""

    lines: Lines
    said: Floats

    @property
    def texts(self) -> dict[str, list[str]]:
        """The texts of the blocks."""
        return end_texts(self.lines)


def view(rows: Rows) -> LineView:
    """The lines of rows; what stands around one are the rows of its document, in the order given."""
    bundled = load_model().structure.lines
    lines = to_lines(rows.texts)
    members = [[i] for i in range(len(rows))] if rows.documents is None else document_rows(rows.documents)
    said = np.zeros((len(rows), len(SAID)))
    for found in members:
        read, forms = bundled.read(lines.take(found), [rows.texts[i] for i in found])
        alone, cues = bundled.first_pass(read)
        together = bundled.second_pass(alone, cues, read)
        certain = [[float(form is not None)] for form in forms]
        odds = [_junk_odds(alone), _junk_odds(together)]
        said[found] = np.hstack([np.log(alone + FLOOR), np.log(together + FLOOR), *odds, certain])
    return LineView(lines, said)


def _junk_odds(probabilities: Floats) -> Floats:
    """Log-odds of all kinds of boilerplate together, (n_lines, 1)."""
    junk = probabilities[:, N_CONTENT:].sum(axis=1, keepdims=True)
    return np.asarray(np.log((junk + FLOOR) / (1 - junk + FLOOR)), np.float64)


def fit_lines(seen: LineView, target: Ints, *, n_labels: int, C: float, min_documents: int, weight: Floats) -> Scorer:
    """The scores of labels, numbered in `target`; their softmax are probabilities."""
    texts = seen.texts
    document = np.tile(np.arange(len(seen.lines)), 2)
    terms, _ = count_terms(texts["head"] + texts["tail"], document, lengths=NGRAMS, min_documents=min_documents)
    vocabulary = Vocabulary.build(terms)
    matrices, idfs = [], {}
    for name in BLOCKS:
        counts = occurrences(vocabulary, texts[name])
        idfs[name] = smooth_idf(counts)
        matrices.append(weighted(counts, idfs[name]))
    # Not standardised: few lines do not say how much what the bundled model says varies.
    X = sparse.hstack([*(matrix * OWN for matrix in matrices), sparse.csr_matrix(seen.said)]).tocsr()
    model = LogisticRegression(C=C, max_iter=1000, tol=1e-4).fit(X, target, sample_weight=weight)
    coefficients, intercept = np.zeros((n_labels, X.shape[1])), np.full(n_labels, -30.0)
    if len(model.classes_) == 2:
        halves = model.coef_[0] / 2, model.intercept_[0] / 2
        coefficients[model.classes_] = [-halves[0], halves[0]]
        intercept[model.classes_] = [-halves[1], halves[1]]
    else:
        coefficients[model.classes_], intercept[model.classes_] = model.coef_, model.intercept_
    n = len(vocabulary)
    blocks = tuple(
        fitted_block(name, vocabulary, coefficients[:, k * n : (k + 1) * n], idfs[name], scale=OWN)
        for k, name in enumerate(BLOCKS)
    )
    return Scorer(blocks, intercept, np.ascontiguousarray(coefficients[:, 2 * n :].T))


def plain(scorer: Scorer) -> dict[str, NDArray[Any]]:
    """The scorer as arrays by name."""
    return {**vocabulary_arrays(PREFIX, scorer.blocks[0].vocabulary), **scorer_arrays(PREFIX, scorer)}


def from_plain(arrays: Mapping[str, NDArray[Any]]) -> Scorer:
    """The scorer that `plain` gave."""
    return scorer_from(PREFIX, BLOCKS, arrays, vocabulary_from(PREFIX, arrays))


def write_file(path: Path, scorer: Scorer, *, labels: Sequence[Label], params: Mapping[str, Any]) -> str:
    """The SHA-256 of the file written."""
    header = {"labels": list(labels), "params": dict(params), "bundled": load_model().sha256}
    return save_arrays(path, plain(scorer), header, schema=SCHEMA)


def read_file(path: Path) -> tuple[Scorer, list[Label], dict[str, Any]]:
    """The scorer, the labels and the parameters in a file.

    Raises:
        BadModel: no such file, damaged, or fitted on another bundled model.
    """
    arrays, header, _ = load_arrays(path, schema=SCHEMA)
    labels = header["labels"]
    if header["bundled"] != load_model().sha256:
        raise BadModel(f"{path}: was fitted on another bundled model; fit the detector again with this govtext")
    if len(labels) != len(arrays[f"{PREFIX}.intercept"]) or not all(type(label) in (str, int) for label in labels):
        raise BadModel(f"{path}: {len(labels)} labels that do not fit its arrays; save it again")
    if len(arrays[f"{PREFIX}.dense"]) != len(SAID):
        raise BadModel(f"{path}: weighs other things than this govtext's line model says; fit the detector again")
    if len(vocabulary_from(PREFIX, arrays, file=str(path))) != len(arrays[f"{PREFIX}.head.weights"]):
        raise BadModel(f"{path}: terms and weights do not fit together; save it again")
    return from_plain(arrays), labels, header["params"]
