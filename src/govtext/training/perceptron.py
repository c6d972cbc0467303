"""Train a network with one hidden layer of rectified units by Adam (Kingma and Ba 2015) on cross-entropy.

The steps are those of scikit-learn's MLPClassifier, in its order and with its random numbers, so that the same seed gives the
same network; a test holds it. What is left out is what it spends most of its time on where networks are as small as ours:
looking into each batch for data frames, and losses that nobody reads. There is no stopping before the last pass.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from govtext.scoring.thresholds import sigmoid, softmax

Floats = NDArray[np.float64]
FIRST, SECOND, SMALLEST = 0.9, 0.999, 1e-8  # decay of Adam's two means, and what keeps it from dividing by 0
GLOROT: Final = 6.0  # weights begin within ± √(6 / (inputs + outputs))


@dataclass(frozen=True, slots=True, eq=False)
class Perceptron:
    """Weights (n_inputs, units), their offsets (units,), output (units, n_outputs) and its offsets (n_outputs,)."""

    hidden: Floats
    hidden_offset: Floats
    output: Floats
    output_offset: Floats


def fit_perceptron(
    inputs: Floats,
    target: NDArray[Any],
    weight: Floats,
    *,
    units: int,
    alpha: float,
    epochs: int,
    step: float,
    batch: int,
    seed: int,
) -> Perceptron:
    """The network of rows (n, n_inputs), their classes (n,) from 0 and weights (n,); one output for two classes, else one each.

    alpha is the L2 penalty, epochs the passes over the rows, step Adam's, batch the rows of one step.
    """
    n, n_inputs = inputs.shape
    n_classes = int(target.max(initial=0)) + 1
    single = n_classes <= 2
    wanted = target[:, None].astype(np.float64) if single else np.eye(n_classes)[target]
    random = np.random.RandomState(seed)
    shapes = ((n_inputs, units), (units, wanted.shape[1]))
    parts = []
    for shape in shapes:
        bound = np.sqrt(GLOROT / sum(shape))
        parts += [random.uniform(-bound, bound, shape), random.uniform(-bound, bound, shape[1])]
    # All numbers in one array, and each part a view of it: one update for all.
    numbers = np.concatenate([part.ravel() for part in parts])
    slopes, first, second = (np.zeros_like(numbers) for _ in range(3))
    W, b, V, c = _views(numbers, parts)
    dW, db, dV, dc = _views(slopes, parts)
    order = np.arange(n)
    turn = 0
    for _ in range(epochs):
        turned = np.arange(n)
        random.shuffle(turned)
        order = order[turned]
        rows, said, each = inputs[order], wanted[order], weight[order][:, None]
        for low in range(0, n, batch):
            X, y, w = rows[low : low + batch], said[low : low + batch], each[low : low + batch]
            inner = np.maximum(X @ W + b, 0.0)
            score = inner @ V + c
            off = ((sigmoid(score) if single else softmax(score)) - y) * w
            back = off @ V.T
            back *= inner > 0
            total = float(w.sum())
            np.matmul(inner.T, off, out=dV)
            np.matmul(X.T, back, out=dW)
            dV += alpha * V
            dW += alpha * W
            dc[:], db[:] = off.sum(axis=0), back.sum(axis=0)
            slopes /= total
            turn += 1
            first *= FIRST
            first += (1 - FIRST) * slopes
            second *= SECOND
            second += (1 - SECOND) * slopes**2
            rate = step * np.sqrt(1 - SECOND**turn) / (1 - FIRST**turn)
            numbers -= rate * first / (np.sqrt(second) + SMALLEST)
    return Perceptron(W, b, V, c)


def _views(numbers: Floats, parts: list[Floats]) -> list[Floats]:
    ends = np.cumsum([part.size for part in parts])
    return [numbers[end - part.size : end].reshape(part.shape) for end, part in zip(ends, parts, strict=True)]
