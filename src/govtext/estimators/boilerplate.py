"""`BoilerplateDetector`: which lines are the site's and which the report's, in scikit-learn's clothes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.utils import check_random_state
from sklearn.utils.validation import check_is_fitted

from govtext.errors import BadConfig, BadCorpus, BadModel
from govtext.estimators.inputs import Label, most_alike, read_groups, read_labels, read_rows
from govtext.estimators.linemodel import SAID, LineView, fit_lines, from_plain, plain, read_file, view, write_file
from govtext.estimators.parameters import is_whole
from govtext.estimators.passages import row_weights
from govtext.features.ngrams import Ints, join
from govtext.scoring.scorer import Scorer, dequantize
from govtext.scoring.scorer import rows as occurrences
from govtext.scoring.thresholds import softmax
from govtext.training.duplicates import near_duplicate_groups
from govtext.training.folds import grouped_stratified_folds

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class LineExplanation:
    """Why a line has a score for a label: `shares` and `usual` add up to `score`.

    score        before the softmax over labels
    probability  as `predict_proba` gives it
    shares       what each n-gram ("head: …", "tail: …") and each thing the bundled model says of the line adds, strongest first
    usual        the intercept
    """

    label: Label
    score: float
    probability: float
    shares: tuple[tuple[str, float], ...]
    usual: float


class BoilerplateDetector(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """Kinds of lines, learnt from a few labels on top of what the bundled model knows of sites.

    X is a list, array or series of lines, a list of dicts, or a frame with the column `text` and, if there is, `document`:
    the rows of one document, in their order, are each other's neighbours; without it each line is by itself. y is one label
    a line: 0 and 1, True and False, or names such as "content", "nav", "related".

    Parameters
    ----------
    C : float
        How little weights are held back.
    min_documents : int
        Lines an n-gram must stand in. With 1 the model holds what a single line says, a person's name too.
    folds : int
        Of groups, for `oof_score_`; 0 for none.
    random_state : int, RandomState or None
        Of the folds; the model itself does not depend on it.

    Attributes
    ----------
    classes_ : ndarray
        The labels, in the order of columns.
    oof_score_ : float
        Accuracy on lines whose group was held out, NaN without folds. The bundled model may know them.
    feature_names_in_ : ndarray
        Columns of the frame that were read, if X was one.
    """

    def __init__(self, *, C: float = 1.0, min_documents: int = 1, folds: int = 5, random_state: Any = 0) -> None:
        self.C = C
        self.min_documents = min_documents
        self.folds = folds
        self.random_state = random_state

    def __sklearn_tags__(self) -> Any:
        """Text in, one label out."""
        tags = super().__sklearn_tags__()
        tags.input_tags.two_d_array = False
        tags.input_tags.string = True
        return tags

    def fit(self, X: Any, y: Any, groups: Any = None, sample_weight: Any = None) -> BoilerplateDetector:
        """The detector, fitted; `groups` name each line's document or site, for `oof_score_`.

        Raises:
            BadCorpus: lines, labels or groups that cannot be learnt from; says which row and what to do.
            BadConfig: a parameter out of range.
        """
        self._check()
        rows = read_rows(X)
        labels = read_labels(y, len(rows))
        if labels.form != "single":
            raise BadCorpus("several labels a line; wanted one label each, such as 0 and 1 or the kind of the line")
        named = read_groups(groups, len(rows)) or rows.documents
        weight = row_weights(sample_weight, len(rows))
        seen, target = view(rows), labels.table.argmax(axis=1)
        order = np.array(sorted(range(len(rows)), key=lambda i: (rows.texts[i], target[i], seen.said[i].tolist())))
        seen, target, weight = _taken(seen, order), target[order], weight[order]
        self.scorer_ = self._fitted(seen, target, weight, n_labels=len(labels.names))
        self.classes_ = np.array(list(labels.names))
        group = near_duplicate_groups(
            [[rows.texts[i]] for i in order], sources=[] if named is None else [named[i] for i in order]
        )
        self.oof_score_ = self._out_of_fold(seen, target, weight, labels.table[order], group)
        if rows.columns is not None:
            self.feature_names_in_ = np.array(rows.columns, object)
        elif hasattr(self, "feature_names_in_"):
            del self.feature_names_in_
        return self

    def predict_proba(self, X: Any) -> Floats:
        """The probability of each label, (n, n_labels); rows add up to 1."""
        check_is_fitted(self)
        seen = view(read_rows(X))
        return softmax(self.scorer_.scores(seen.texts, seen.said))

    def predict(self, X: Any) -> NDArray[Any]:
        """The label of each line."""
        best = self.predict_proba(X).argmax(axis=1)
        return np.asarray(self.classes_[best])

    def explain(self, X: Any, label: Label | None = None) -> list[LineExplanation]:
        """For each line, what spoke for and against `label`, by default its most probable one.

        Raises:
            BadConfig: no such label.
        """
        check_is_fitted(self)
        names = self.classes_.tolist()
        if label is not None and label not in names:
            raise BadConfig(f"label {label!r} was not learnt; {most_alike(label, names)}")
        seen = view(read_rows(X))
        scores = self.scorer_.scores(seen.texts, seen.said)
        chances = softmax(scores)
        found = []
        for i, row in enumerate(scores):
            column = int(row.argmax()) if label is None else names.index(label)
            shares = _shares(self.scorer_, seen, i, column)
            usual = float(self.scorer_.intercept[column])
            found.append(LineExplanation(names[column], float(row[column]), float(chances[i, column]), shares, usual))
        return found

    def save(self, path: str | Path) -> str:
        """The SHA-256 of the `.safetensors` file written."""
        check_is_fitted(self)
        params = {"C": float(self.C), "min_documents": int(self.min_documents), "folds": int(self.folds)}
        return write_file(Path(path), self.scorer_, labels=self.classes_.tolist(), params=params)

    @classmethod
    def load(cls, path: str | Path) -> BoilerplateDetector:
        """The fitted detector in a file.

        Raises:
            BadModel: says what is wrong with it.
        """
        scorer, labels, params = read_file(Path(path))
        if unknown := sorted(set(params) - set(cls._get_param_names())):
            raise BadModel(f"{path}: unknown parameter {unknown[0]!r}; save it again with this govtext")
        detector = cls(**params)
        detector.scorer_, detector.classes_ = scorer, np.array(labels)
        return detector

    def __getstate__(self) -> dict[str, Any]:
        """Parameters as they are, what was learnt as plain arrays."""
        state: dict[str, Any] = dict(super().__getstate__())
        if "scorer_" in state:
            state["scorer_"] = plain(state["scorer_"])
        return state

    def __setstate__(self, state: dict[str, Any]) -> None:
        """The inverse."""
        super().__setstate__(state)
        if "scorer_" in state:
            self.scorer_ = from_plain(state["scorer_"])

    def _check(self) -> None:
        if not isinstance(self.C, int | float) or not self.C > 0:
            raise BadConfig(f"C = {self.C!r}; wanted a number above 0, such as 1.0")
        if not is_whole(self.min_documents, 1):
            raise BadConfig(f"min_documents = {self.min_documents!r}; wanted a whole number from 1")
        if not is_whole(self.folds, 0) or self.folds == 1:
            raise BadConfig(f"folds = {self.folds!r}; wanted 0, or a whole number from 2")

    def _fitted(self, seen: LineView, target: Ints, weight: Floats, *, n_labels: int) -> Scorer:
        return fit_lines(seen, target, n_labels=n_labels, C=self.C, min_documents=self.min_documents, weight=weight)

    def _out_of_fold(
        self, seen: LineView, target: Ints, weight: Floats, table: NDArray[np.bool_], group: Ints
    ) -> float:
        n_folds = min(self.folds, int(group.max()) + 1)
        if n_folds < 2:
            return float("nan")
        seed = int(check_random_state(self.random_state).randint(2**20))
        fold = grouped_stratified_folds(table, group, n_folds=n_folds, seed=seed)
        right = np.zeros(len(target), bool)
        for k in range(n_folds):
            inside, out = np.flatnonzero(fold != k), np.flatnonzero(fold == k)
            if len(np.unique(target[inside])) < 2:
                right[out] = target[out] == target[inside[0]]
                continue
            scorer = self._fitted(_taken(seen, inside), target[inside], weight[inside], n_labels=table.shape[1])
            held = _taken(seen, out)
            right[out] = scorer.scores(held.texts, held.said).argmax(axis=1) == target[out]
        return float(np.average(right, weights=weight))


def _taken(seen: LineView, rows: Ints) -> LineView:
    return LineView(seen.lines.take(rows), seen.said[rows])


def _shares(scorer: Scorer, seen: LineView, row: int, column: int) -> tuple[tuple[str, float], ...]:
    """What each n-gram and each thing said adds to the score of a label."""
    found: dict[str, float] = {}
    for block in scorer.blocks:
        _, ids = occurrences(block.vocabulary, join([seen.texts[block.name][row]]))
        weights = dequantize(block.weights.numbers[ids, column], block.steps[column])
        squares = int(block.weights.squares[ids].astype(np.int64).sum())
        norm = np.sqrt(max(squares, 1) * block.square_step)
        for term, weight in zip(ids.tolist(), (weights * block.scale / norm).tolist()):
            name = f"{block.name}: {block.vocabulary.terms[term]}"
            found[name] = found.get(name, 0.0) + weight
    dense: Sequence[float] = (seen.said[row] * np.asarray(scorer.dense)[:, column]).tolist()
    found |= dict(zip(SAID, dense, strict=True))
    return tuple(sorted(((name, share) for name, share in found.items() if share), key=lambda s: (-abs(s[1]), s[0])))
