"""`ThemeClassifier`: the theme trainer for rows of text, in scikit-learn's clothes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.utils import check_random_state
from sklearn.utils.validation import check_is_fitted

from govtext.errors import BadConfig, BadCorpus
from govtext.estimators.decisions import ThemeDecisions, best_first, share_right
from govtext.estimators.explain import Explanation, explain_row
from govtext.estimators.inputs import Label, Rows, most_alike, read_groups, read_labels, read_rows
from govtext.estimators.parameters import most_labels, shown_names, to_recipe, told_names, with_context
from govtext.estimators.passages import document_rows, learning_order, numbered, row_passages, row_weights
from govtext.estimators.storage import PARAMS, as_plain, from_plain, read_file, taxonomy_of, write_file
from govtext.scoring.risk import decide_within, set_confidence
from govtext.training.duplicates import near_duplicate_groups
from govtext.training.folds import grouped_stratified_folds
from govtext.training.thememodel import fit_theme_model
from govtext.training.vocabulary import long_words

Floats = NDArray[np.float64]
LARGEST_SEED = 2**20  # the second stage takes a thousand numbers for each


class ThemeClassifier(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """Themes of paragraphs: calibrated probabilities, thresholds, decisions within a risk, explanations.

    X is a list, array or series of texts, a list of dicts, or a frame with the columns `text` and, if there are, `headings`,
    `title`, `document`. y is one label a row, a list of labels a row, or an indicator; predictions come in the same form.

    Parameters
    ----------
    themes : sequence of labels, mapping of label to name, or Taxonomy, optional
        All labels there may be; another one in y is refused. Names are taken as one more text of their label.
    most : int, optional
        Labels a row may get; by default the most that a row of y has.
    loss : {"svm", "ridge", "logistic"}
        Of the linear scores.
    C : float
        How little weights are held back.
    lengths : (int, int)
        Characters of the n-grams, from and to. Up to 2, 3 and 4 gave 0.811, 0.816 and 0.807 (micro-F1 on others' rows) from 40
        authored reports, 0.888, 0.892 and 0.891 from 300; for a few short texts of many labels take (1, 2).
    min_documents : int, optional
        Documents an n-gram must stand in; by default 1, 2 where rows share documents, and more for many. With 1 the model
        holds what a single row says, a person's name too: take 2 where that must not be (3 points of accuracy on few titles).
    blocks : mapping, optional
        How much text, path (headings), title and opening count.
    names : float
        How much a label's name counts, as one more text that has it; 0 for not at all.
    words : bool
        Whether jieba looks for words of five characters and more, too; gained nothing from 40 to 300 reports.
    context : {"auto"} or bool
        Whether a second stage reads the rows around, in the order given; "auto" if X has a column `document` with 15 or more.
    folds : int
        Of groups, for calibration, thresholds and risks.
    promise : {"accepted", "passages"}
        What a risk in `decide` promises.
    random_state : int, RandomState or None
        The same rows and number give the same model, whatever their order.
    n_jobs : int, optional
        Folds fitted at once; the answers are the same.

    Attributes
    ----------
    classes_ : ndarray
        The labels, in the order of columns.
    thresholds_ : ndarray
        Probability from which each label is decided; unused with one label a row.
    oof_score_ : float
        Accuracy, or micro-F1, of the rows by models that had not seen their group.
    feature_names_in_ : ndarray
        Columns of the frame that were read, if X was one.
    """

    def __init__(
        self,
        *,
        themes: Any = None,
        most: int | None = None,
        loss: str = "svm",
        C: float = 1.0,
        lengths: tuple[int, int] = (1, 3),
        min_documents: int | None = None,
        blocks: Mapping[str, float] | None = None,
        names: float = 1.0,
        words: bool = False,
        context: bool | str = "auto",
        folds: int = 5,
        promise: str = "accepted",
        random_state: Any = 0,
        n_jobs: int | None = None,
    ) -> None:
        self.themes = themes
        self.most = most
        self.loss = loss
        self.C = C
        self.lengths = lengths
        self.min_documents = min_documents
        self.blocks = blocks
        self.names = names
        self.words = words
        self.context = context
        self.folds = folds
        self.promise = promise
        self.random_state = random_state
        self.n_jobs = n_jobs

    def __sklearn_tags__(self) -> Any:
        """Text in, one label or several out."""
        tags = super().__sklearn_tags__()
        tags.input_tags.two_d_array = False
        tags.input_tags.string = True
        tags.classifier_tags.multi_label = True
        return tags

    def fit(
        self, X: Any, y: Any, groups: Any = None, sample_weight: Any = None, unlabelled: Any = None
    ) -> ThemeClassifier:
        """The classifier, fitted; `groups` name each row's document, so that none is on both sides of an inner fold.

        Near-duplicate rows are kept together, too. `unlabelled` are rows of the same kind as X without labels, or None.

        Raises:
            BadCorpus: rows, labels or groups that cannot be learnt from; says which row and what to do.
            BadConfig: a parameter out of range.
        """
        recipe, told = to_recipe(self), told_names(self.themes)
        rows = read_rows(X)
        labels = read_labels(y, len(rows), themes=None if told is None else list(told))
        most = most_labels(self.most, labels)
        named = read_groups(groups, len(rows)) or rows.documents
        weight = row_weights(sample_weight, len(rows))
        context = with_context(self.context, rows)
        seed = int(check_random_state(self.random_state).randint(LARGEST_SEED))
        order = learning_order(rows, labels, together=context)
        passages = row_passages(rows)
        passages = [passages[i] for i in order]
        table = labels.table[order]
        group = near_duplicate_groups(
            [[rows.texts[i]] for i in order], sources=[] if named is None else [named[i] for i in order]
        )
        n_folds = min(self.folds, int(group.max()) + 1)
        if n_folds < 2:
            raise BadCorpus(
                f"all {len(rows)} rows are of one document or copies of one text, so none can be held out to find "
                f"thresholds; add rows of other documents, or pass groups= that tell documents apart"
            )
        spare = [] if unlabelled is None else sorted(row_passages(read_rows(unlabelled)), key=lambda p: p.text)
        documents = rows.documents if context else None
        self.model_, seen = fit_theme_model(
            passages,
            table,
            document=np.arange(len(order)) if documents is None else numbered([documents[i] for i in order]),
            owner=np.arange(len(order)) if named is None else numbered([named[i] for i in order]),
            fold=grouped_stratified_folds(table, group, n_folds=n_folds, seed=seed),
            groups=group,
            weight=weight[order],
            words=long_words([p.text for p in passages]) if self.words else [],
            names=list(shown_names(labels.names, told).values()),
            unlabelled=spare,
            recipe=recipe,
            form=labels.form,
            most=most,
            context=context,
            promise=self.promise,
            seed=seed,
            jobs=self.n_jobs,
        )
        self._take(labels.names)
        self.oof_score_ = share_right(table, self.model_.decided(seen), single=labels.form == "single")
        if rows.columns is not None:
            self.feature_names_in_ = np.array(rows.columns, object)
        elif hasattr(self, "feature_names_in_"):
            del self.feature_names_in_
        return self

    def predict_proba(self, X: Any) -> Floats:
        """The probability of each label, (n, n_labels); with one label a row, rows add up to 1."""
        check_is_fitted(self)
        _, logits = self._logits(X)
        return self.model_.probabilities(logits)

    def predict(self, X: Any) -> NDArray[Any]:
        """The labels in the form that y had: one each, an indicator, or tuples, best first."""
        probabilities = self.predict_proba(X)
        decided = self.model_.decided(probabilities)
        if self.model_.form == "single":
            return np.asarray(self.classes_[decided.argmax(axis=1)])
        if self.model_.form == "indicator":
            return decided.astype(np.int64)
        found = np.empty(len(decided), object)
        # One by one: NumPy would take tuples of one length for a matrix.
        for row, labels in enumerate(best_first(probabilities, decided, self.classes_.tolist())):
            found[row] = labels
        return found

    def decide(self, X: Any, risk: float | None = None) -> ThemeDecisions:
        """The labels of each row, and with a `risk` (0–1) whether they stand or a person should look.

        Raises:
            BadConfig: the risk is not within 0–1.
        """
        probabilities = self.predict_proba(X)
        decided = self.model_.decided(probabilities)
        labels = tuple(best_first(probabilities, decided, self.classes_.tolist()))
        if risk is None:
            status = tuple("accept" if row else "none" for row in labels)
            return ThemeDecisions(labels, status, set_confidence(probabilities, decided), None)
        if self.model_.risk is None:
            raise BadConfig("this model was trained without a table of risks; fit a ThemeClassifier, or leave risk out")
        found = decide_within(probabilities, decided, self.model_.risk, risk=risk)
        return ThemeDecisions(labels, found.status, found.confidence, found.limits)

    def explain(self, X: Any, label: Label | None = None) -> list[Explanation]:
        """For each row, which characters spoke for and against `label`, by default its most probable one.

        Raises:
            BadConfig: no such label.
        """
        check_is_fitted(self)
        names = self.classes_.tolist()
        if label is not None and label not in names:
            raise BadConfig(f"label {label!r} was not learnt; {most_alike(label, names)}")
        rows, logits = self._logits(X)
        probabilities = self.model_.probabilities(logits)
        columns = logits.argmax(axis=1).tolist() if label is None else [names.index(label)] * len(rows)
        return [
            explain_row(
                self.model_,
                passage,
                text=rows.texts[i],
                headings=rows.headings[i],
                title=rows.titles[i],
                label=names[column],
                column=column,
                score=float(logits[i, column]),
                probability=float(probabilities[i, column]),
            )
            for i, (passage, column) in enumerate(zip(row_passages(rows), columns))
        ]

    def score(self, X: Any, y: Any, sample_weight: Any = None) -> float:
        """Accuracy with one label a row, else micro-F1 over rows and labels."""
        check_is_fitted(self)
        decided = self.model_.decided(self.predict_proba(X))
        labels = read_labels(y, len(decided), themes=self.classes_.tolist(), all_occur=False)
        weight = row_weights(sample_weight, len(decided))
        return share_right(labels.table, decided, single=self.model_.form == "single", weight=weight)

    def save(self, path: str | Path) -> str:
        """The SHA-256 of the model file written: `govtext.load`, `govtext classify -m` and `ThemeClassifier.load` read it."""
        check_is_fitted(self)
        names = self.classes_.tolist()
        shown = shown_names(names, told_names(self.themes))
        taxonomy = taxonomy_of(names, shown, self.model_.most)
        return write_file(Path(path), self.model_, taxonomy, names=names, params=self._plain_params())

    @classmethod
    def load(cls, path: str | Path) -> ThemeClassifier:
        """The fitted classifier in a model file, also in one that `govtext train` wrote.

        Raises:
            BadModel: says what is wrong with the file.
        """
        model, names, params, taxonomy = read_file(Path(path))
        estimator = cls(themes=dict(zip(names, taxonomy.names.values())), **params)
        estimator.model_ = model
        estimator._take(names)
        return estimator

    def __getstate__(self) -> dict[str, Any]:
        """Parameters as they are, what was learnt as plain arrays."""
        state: dict[str, Any] = dict(super().__getstate__())
        if "model_" in state:
            state["model_"] = as_plain(state["model_"])
        return state

    def __setstate__(self, state: dict[str, Any]) -> None:
        """The inverse."""
        super().__setstate__(state)
        if "model_" in state:
            self.model_ = from_plain(state["model_"])

    def _take(self, names: Sequence[Label]) -> None:
        """The attributes that follow from the model."""
        self.classes_ = np.array(list(names))
        self.thresholds_ = self.model_.judge.thresholds[:-1]

    def _logits(self, X: Any) -> tuple[Rows, Floats]:
        rows = read_rows(X)
        passages = row_passages(rows)
        if rows.documents is None or not self.model_.context:
            return rows, self.model_.logits(passages, np.arange(len(rows)))
        order = [i for members in document_rows(rows.documents) for i in members]
        document = numbered([rows.documents[i] for i in order])
        logits = np.empty((len(rows), len(self.classes_)))
        logits[order] = self.model_.logits([passages[i] for i in order], document)
        return rows, logits

    def _plain_params(self) -> dict[str, Any]:
        """The parameters that a file can hold; `themes` stand in it as themes."""
        said = {name: getattr(self, name) for name in PARAMS}
        params = {name: value.item() if isinstance(value, np.generic) else value for name, value in said.items()}
        blocks = None if self.blocks is None else {name: float(scale) for name, scale in self.blocks.items()}
        seed = params["random_state"] if type(params["random_state"]) is int else 0
        return {**params, "lengths": [int(length) for length in self.lengths], "blocks": blocks, "random_state": seed}
