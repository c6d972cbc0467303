"""Fit the small networks of the second stage, and put several into one."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from govtext.document import ROLES
from govtext.features.ngrams import Ints
from govtext.scoring.network import FARTHEST, Network
from govtext.training.perceptron import fit_perceptron

Floats = NDArray[np.float64]
NEVER = -30.0  # the score of a role that no training passage has


@dataclass(frozen=True, slots=True)
class NetworkRecipe:
    """How a network is trained: units, L2 penalty, passes over the data, step, rows a step, networks averaged."""

    units: int
    alpha: float
    epochs: int
    step: float
    batch: int
    seeds: int


RECIPES = {
    "cut": NetworkRecipe(units=32, alpha=1e-3, epochs=30, step=2e-3, batch=256, seeds=3),
    "recut": NetworkRecipe(units=32, alpha=1e-2, epochs=20, step=2e-3, batch=256, seeds=5),
    "theme": NetworkRecipe(units=32, alpha=0.1, epochs=12, step=2e-3, batch=256, seeds=5),
    "role": NetworkRecipe(units=24, alpha=2.0, epochs=30, step=1e-3, batch=64, seeds=3),
    # Boosted trees gave 0.924 and 0.938 (with hints) where this one gave 0.927 and 0.939: folds by site of 351 pages.
    "main": NetworkRecipe(units=32, alpha=1.0, epochs=5, step=2e-3, batch=256, seeds=6),
}


def fit_network(inputs: Floats, target: Ints, weight: Floats, *, kind: str, seed: int) -> Network:
    """The mean of the recipe's networks, as one wider network; one output for two classes, else one a class.

    Classes that do not occur in `target` get a score far below the others.
    """
    recipe = RECIPES[kind]
    mean, deviation = inputs.mean(axis=0), inputs.std(axis=0)
    deviation = np.where(deviation > 1e-6, deviation, 1.0)
    standard = np.clip((inputs - mean) / deviation, -FARTHEST, FARTHEST)
    classes, number = np.unique(target, return_inverse=True)
    fitted = [
        fit_perceptron(
            standard,
            number,
            weight,
            units=recipe.units,
            alpha=recipe.alpha,
            epochs=recipe.epochs,
            step=recipe.step,
            batch=recipe.batch,
            seed=seed * 1000 + turn,
        )
        for turn in range(recipe.seeds)
    ]
    joined = np.vstack([one.output / recipe.seeds for one in fitted])
    offset = np.mean([one.output_offset for one in fitted], axis=0)
    if kind == "role":
        joined, offset = _all_roles(joined, offset, classes)
    hidden = np.hstack([one.hidden for one in fitted])
    return Network(mean, deviation, hidden, np.concatenate([one.hidden_offset for one in fitted]), joined, offset)


def _all_roles(output: Floats, offset: Floats, classes: Ints) -> tuple[Floats, Floats]:
    """The same with a column for every role; the training keeps only those that occur, and one column for two."""
    if len(classes) == 2:
        output, offset = np.hstack([np.zeros_like(output), output]), np.append(0.0, offset)
    full, far = np.zeros((len(output), len(ROLES))), np.full(len(ROLES), NEVER)
    full[:, classes], far[classes] = output, offset
    return full, far
