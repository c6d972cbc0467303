"""Scores → probabilities that mean what they say, one line a label: two numbers, NumPy alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from govtext.scoring.storage import Arrays
from govtext.scoring.thresholds import sigmoid, softmax

Floats = NDArray[np.float64]
FARTHEST = 1e6  # of a score; beyond it every probability is 0 or 1


@dataclass(frozen=True, slots=True, eq=False)
class Calibration:
    """Platt's map of each label: probability = sigmoid(slope · score + offset); slopes are positive, so order is kept.

    slope, offset   (n_labels,)
    together        each row has one label: probability = softmax of the same, and adds up to 1
    """

    slope: Floats
    offset: Floats
    together: bool = False

    def __len__(self) -> int:
        return len(self.slope)

    @classmethod
    def none(cls, n_labels: int, *, together: bool = False) -> Calibration:
        """Takes scores for log-odds as they are."""
        return cls(np.ones(n_labels), np.zeros(n_labels), together)

    def probabilities(self, scores: NDArray[Any]) -> Floats:
        """The probability of each label, (n, n_labels), from its score."""
        logits = np.clip(np.asarray(scores, np.float64), -FARTHEST, FARTHEST) * self.slope + self.offset
        return softmax(logits) if self.together else sigmoid(logits)

    def arrays(self, prefix: str) -> dict[str, NDArray[Any]]:
        """The arrays by the names a model file keeps them under."""
        together = {f"{prefix}.together": np.ones(1, np.uint8)} if self.together else {}
        return {f"{prefix}.slope": self.slope, f"{prefix}.offset": self.offset, **together}

    @classmethod
    def from_arrays(cls, prefix: str, arrays: Arrays) -> Calibration:
        """The calibration that `arrays` stored."""
        return cls(arrays[f"{prefix}.slope"], arrays[f"{prefix}.offset"], f"{prefix}.together" in arrays)
