"""Calibration and thresholds from scores of passages that the models had not seen, and what they decide on each fold."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from govtext.features.ngrams import Ints
from govtext.scoring.calibration import Calibration
from govtext.scoring.thresholds import decided_rows
from govtext.training.calibration import cross_fitted, fit_calibration
from govtext.training.thresholds import best_threshold, theme_thresholds

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class HeldOut:
    """Body passages with labels, weights and folds: what calibration and thresholds are found on, each fold's from the others."""

    target: NDArray[np.bool_]
    weight: Floats
    fold: Ints
    most: int
    calibrated: bool

    def themes(self, scores: Floats) -> tuple[Calibration, Floats, Floats, NDArray[np.bool_]]:
        """Calibration and thresholds of all; probabilities and decisions of each passage by those of the other folds."""
        calibration = Calibration.none(scores.shape[1])
        probabilities = calibration.probabilities(scores)
        if self.calibrated:
            calibration = fit_calibration(scores, self.target, weight=self.weight)
            probabilities = cross_fitted(scores, self.target, self.fold, weight=self.weight)
        decided = np.zeros(self.target.shape, bool)
        for k in np.unique(self.fold):
            inside = self.fold == k
            decided[inside] = decided_rows(
                probabilities[inside], self._thresholds(probabilities, ~inside), most=self.most
            )
        return calibration, probabilities, self._thresholds(probabilities, np.ones(len(decided), bool)), decided

    def _thresholds(self, probabilities: Floats, part: NDArray[np.bool_]) -> Floats:
        return theme_thresholds(probabilities[part], self.target[part], self.weight[part], most=self.most)

    def formulaic(self, scores: Floats, target: NDArray[np.bool_]) -> tuple[Floats, Floats, float, NDArray[np.bool_]]:
        """Slope and offset, probabilities, threshold, decisions; never, where no passage is labelled formulaic."""
        if not target.any() or target.all():
            constant = 12.0 if target.any() else -12.0
            always = np.full(len(target), constant > 0)
            return np.array([0.0, constant]), always.astype(np.float64), 0.5, always
        column = target[:, None]
        calibration = fit_calibration(scores, column, weight=self.weight)
        probabilities = cross_fitted(scores, column, self.fold, weight=self.weight)[:, 0]
        decided = np.zeros(len(target), bool)
        for k in np.unique(self.fold):
            inside = self.fold == k
            threshold = best_threshold(probabilities[~inside], target[~inside], self.weight[~inside])
            decided[inside] = probabilities[inside] >= threshold
        slope = np.array([calibration.slope[0], calibration.offset[0]])
        return slope, probabilities, best_threshold(probabilities, target, self.weight), decided
