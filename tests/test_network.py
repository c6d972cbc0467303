"""The small networks of the second stage: the formula, their storage, and how several become one."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from sklearn.neural_network import MLPClassifier

from govtext.document import ROLES
from govtext.scoring.network import FARTHEST, Network, network_schema
from govtext.training.networks import NEVER, RECIPES, fit_network

Floats = NDArray[np.float64]


def network(n_inputs: int = 3, n_hidden: int = 4, n_outputs: int = 2, seed: int = 0) -> Network:
    rng = np.random.default_rng(seed)
    return Network(
        rng.normal(size=n_inputs),
        rng.uniform(0.5, 2, n_inputs),
        rng.normal(size=(n_inputs, n_hidden)),
        rng.normal(size=n_hidden),
        rng.normal(size=(n_hidden, n_outputs)),
        rng.normal(size=n_outputs),
    )


def by_hand(net: Network, row: Floats) -> list[float]:
    """The scores of one row, number by number."""
    standard = [(x - m) / d for x, m, d in zip(row, net.mean, net.deviation)]
    inner = [
        max(sum(x * w for x, w in zip(standard, column)) + b, 0.0) for column, b in zip(net.hidden.T, net.hidden_offset)
    ]
    return [sum(h * w for h, w in zip(inner, column)) + b for column, b in zip(net.output.T, net.output_offset)]


def test_scores_are_those_of_the_formula() -> None:
    net, inputs = network(), np.random.default_rng(1).normal(size=(20, 3))
    np.testing.assert_allclose([by_hand(net, row) for row in inputs], net.scores(inputs))


def test_no_rows_no_scores() -> None:
    assert network().scores(np.zeros((0, 3))).shape == (0, 2)


@pytest.mark.parametrize(("deviations", "as_farthest"), [(7.9, False), (8.0, True), (8.1, True), (1e300, True)])
@pytest.mark.parametrize("sign", [1, -1])
def test_what_lies_far_out_is_as_good_as_eight_deviations(deviations: float, as_farthest: bool, sign: int) -> None:
    assert FARTHEST == 8
    # A column of either sign, so that the rectifier hides neither side.
    net = Network(np.array([2.0]), np.array([0.5]), np.array([[1.0, -1.0]]), np.zeros(2), np.ones((2, 1)), np.zeros(1))
    score = float(net.scores(np.array([[2.0 + sign * deviations * 0.5]]))[0, 0])
    assert as_farthest == (score == FARTHEST)
    assert score == pytest.approx(min(deviations, FARTHEST))


@given(st.integers(1, 60), st.integers(0, 59), st.integers(0, 5))
def test_a_row_scores_the_same_bits_in_any_company(n: int, i: int, seed: int) -> None:
    net, inputs = network(40, 32, 12, seed), np.random.default_rng(seed).normal(size=(60, 40))
    assert (net.scores(inputs[i : i + 1]) == net.scores(inputs)[i]).all()
    assert (net.scores(inputs[:n]) == net.scores(inputs)[:n]).all()


@given(st.integers(1, 40), st.integers(1, 12), st.integers(1, 39))
@settings(max_examples=40)
def test_columns_that_rows_share_are_scored_like_columns_of_their_own(n: int, m: int, n_own: int) -> None:
    net, rng = network(40, 32, 3), np.random.default_rng(n)
    own, shared = rng.normal(size=(n, m, n_own)), rng.normal(size=(n, 40 - n_own))
    whole = np.concatenate([own, np.repeat(shared[:, None], m, axis=1)], axis=2)
    found = net.shared_scores(own, shared)
    assert found.shape == (n, m, 3)
    np.testing.assert_allclose(net.scores(whole.reshape(n * m, 40)).reshape(n, m, 3), found, rtol=0, atol=1e-12)
    half = n // 2
    assert np.array_equal(net.shared_scores(own[half:], shared[half:]), found[half:])


def test_arrays_bring_the_network_back_in_single_precision() -> None:
    net = network()
    arrays = net.arrays("roles.network")
    assert all(array.dtype == np.float32 for array in arrays.values())
    again = Network.from_arrays("roles.network", {**arrays, "other": np.zeros(3)})
    inputs = np.random.default_rng(1).normal(size=(5, 3))
    np.testing.assert_allclose(again.scores(inputs), net.scores(inputs), rtol=1e-5, atol=1e-5)
    assert all((again.arrays("x")[f"x.{key[14:]}"] == array).all() for key, array in arrays.items())
    assert again.scores(inputs).dtype == np.float64


def test_the_schema_names_the_arrays_and_their_sizes() -> None:
    schema = network_schema("themes.network", 3, 2)
    arrays = network(3, 4, 2).arrays("themes.network")
    assert schema.keys() == arrays.keys()
    sizes: dict[str | int, int] = {"themes.network.units": 4}
    for key, want in schema.items():
        assert tuple(sizes[dim] if isinstance(dim, str) else dim for dim in want.dims or ()) == arrays[key].shape
        assert want.dtype == arrays[key].dtype.name


def rows(n: int = 80, n_inputs: int = 5) -> Floats:
    return np.random.default_rng(5).normal(3, 2, size=(n, n_inputs))


def fitted(target: Any, *, kind: str = "role", seed: int = 0, inputs: Floats | None = None) -> Network:
    target = np.asarray(target, np.int64)
    given = rows(len(target)) if inputs is None else inputs
    return fit_network(given, target, np.ones(len(target)), kind=kind, seed=seed)


def test_the_fitted_network_is_the_mean_of_the_recipes_networks() -> None:
    recipe, inputs = RECIPES["theme"], rows()
    target = (inputs[:, 0] > 3).astype(np.int64)
    standard = np.clip((inputs - inputs.mean(axis=0)) / inputs.std(axis=0), -FARTHEST, FARTHEST)
    scores = []
    for turn in range(recipe.seeds):
        # As many passes as the recipe says: that they do not converge is wanted.
        with pytest.warns(UserWarning, match="Maximum iterations"):
            one = MLPClassifier(
                (recipe.units,), alpha=recipe.alpha, max_iter=recipe.epochs, learning_rate_init=recipe.step,
                batch_size=80, random_state=7000 + turn,
            ).fit(standard, target)  # fmt: skip
        inner = np.maximum(standard @ one.coefs_[0] + one.intercepts_[0], 0)
        scores.append(inner @ one.coefs_[1] + one.intercepts_[1])
    net = fitted(target, kind="theme", seed=7, inputs=inputs)
    assert net.hidden.shape == (5, recipe.units * recipe.seeds)
    np.testing.assert_allclose(np.mean(scores, axis=0), net.scores(inputs), atol=1e-9)


def test_it_learns_what_can_be_learnt() -> None:
    inputs = rows(600)
    target = np.where(inputs[:, 0] > 4, 2, np.where(inputs[:, 1] > 4, 1, 0))
    net = fitted(target, inputs=inputs)
    assert (net.scores(inputs).argmax(axis=1) == target).mean() > 0.75  # one class for all: 0.5


def test_same_seed_same_bytes_other_seed_other_bytes() -> None:
    target = np.arange(80) % 5
    one, again, other = (fitted(target, seed=seed).arrays("n") for seed in (1, 1, 2))
    assert all(one[key].tobytes() == again[key].tobytes() for key in one)
    assert one["n.hidden"].tobytes() != other["n.hidden"].tobytes()


@pytest.mark.parametrize("present", [[0, 1, 2, 3, 4], [0, 2, 4], [1, 3], [2]], ids=str)
def test_roles_that_never_occur_lie_far_below_the_others(present: list[int]) -> None:
    scores = fitted(np.resize(present, 80)).scores(rows())
    absent = [i for i in range(len(ROLES)) if i not in present]
    assert scores.shape == (80, len(ROLES))
    assert (scores[:, absent] == NEVER).all()
    assert (scores[:, present] > NEVER + 10).all()


def test_two_roles_differ_by_their_one_score() -> None:
    inputs = rows(600)
    target = np.where(inputs[:, 0] > 3, 3, 1)
    net = fitted(target, inputs=inputs)
    scores = net.scores(inputs)
    assert (scores[:, 1] == 0).all()
    assert (np.where(scores[:, 3] > 0, 3, 1) == target).mean() > 0.9


def test_an_input_that_never_varies_is_left_alone() -> None:
    inputs = rows()
    inputs[:, 2] = 4.0
    net = fitted(np.arange(80) % 5, inputs=inputs)
    assert net.deviation[2] == 1
    assert np.isfinite(net.scores(inputs)).all()
