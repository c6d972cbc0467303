"""Our training of small networks takes scikit-learn's steps with scikit-learn's random numbers."""

import warnings

import numpy as np
import pytest
from sklearn.exceptions import ConvergenceWarning
from sklearn.neural_network import MLPClassifier

from govtext.training.perceptron import fit_perceptron

EPOCHS = 9  # from its eleventh pass on scikit-learn may stop


@pytest.mark.parametrize(("n_rows", "n_classes", "batch"), [(700, 2, 64), (300, 5, 256), (90, 3, 90), (64, 2, 7)])
def test_same_network_as_scikit_learn(n_rows: int, n_classes: int, batch: int) -> None:
    random = np.random.default_rng(n_rows)
    inputs, target = random.normal(size=(n_rows, 11)), random.integers(0, n_classes, n_rows)
    weight = random.uniform(0.3, 2.0, n_rows)
    reference = MLPClassifier(
        (13,), alpha=0.1, max_iter=EPOCHS, learning_rate_init=2e-3, batch_size=batch, random_state=4
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        reference.fit(inputs, target, sample_weight=weight)
    ours = fit_perceptron(inputs, target, weight, units=13, alpha=0.1, epochs=EPOCHS, step=2e-3, batch=batch, seed=4)
    assert ours.hidden == pytest.approx(reference.coefs_[0], abs=1e-12)
    assert ours.hidden_offset == pytest.approx(reference.intercepts_[0], abs=1e-12)
    assert ours.output == pytest.approx(reference.coefs_[1], abs=1e-12)
    assert ours.output_offset == pytest.approx(reference.intercepts_[1], abs=1e-12)


def test_one_class_is_said_surer_and_surer() -> None:
    inputs = np.random.default_rng(0).normal(size=(80, 3))
    fitted = [
        fit_perceptron(
            inputs, np.zeros(80, int), np.ones(80), units=4, alpha=0.0, epochs=n, step=0.01, batch=20, seed=0
        )
        for n in (1, 60)
    ]
    scores = [np.maximum(inputs @ p.hidden + p.hidden_offset, 0) @ p.output + p.output_offset for p in fitted]
    assert scores[1].max() < scores[0].mean()
