"""The boundary models as named arrays of a model file, and back."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from govtext.features.vocabulary import Vocabulary
from govtext.scoring.modelfile import Array
from govtext.scoring.network import Network, network_schema
from govtext.scoring.scorer import dequantize, quantize
from govtext.scoring.storage import Arrays
from govtext.segmentation.boundaries import N_ROLES, BoundaryModel, BoundaryWeights, LinearBoundaries
from govtext.segmentation.candidates import N_NUMBERS
from govtext.segmentation.places import CUT_CROSSES, ENDING_CROSSES, n_categories

PARTS = {"cut": CUT_CROSSES, "ending": ENDING_CROSSES}
JUDGE = "boundaries.judge"
ARRAYS: dict[str, Array] = {
    "boundaries.threshold": Array("float64", (1,)),
    **network_schema(JUDGE, N_NUMBERS, 1),
}
for _part, _crosses in PARTS.items():
    ARRAYS |= {
        f"boundaries.{_part}.weights": Array("int8", ("boundaries.terms", N_ROLES)),
        f"boundaries.{_part}.steps": Array("float32", (N_ROLES,)),
        f"boundaries.{_part}.categories": Array("int8", (n_categories(_crosses), 1)),
        f"boundaries.{_part}.category_step": Array("float32", (1,)),
        f"boundaries.{_part}.intercept": Array("float64", (1,)),
    }


def boundary_arrays(model: BoundaryModel) -> dict[str, NDArray[Any]]:
    """The numbers by name, weights as whole numbers and steps; the vocabulary is stored apart."""
    arrays: dict[str, NDArray[Any]] = {
        "boundaries.threshold": np.array([model.threshold]),
        **model.judge.arrays(JUDGE),
    }
    for part in PARTS:
        weights: BoundaryWeights = getattr(model.linear, part)
        numbers, steps = quantize(weights.terms)
        categories, step = quantize(weights.categories[:, None])
        arrays |= {
            f"boundaries.{part}.weights": numbers,
            f"boundaries.{part}.steps": steps,
            f"boundaries.{part}.categories": categories,
            f"boundaries.{part}.category_step": step,
            f"boundaries.{part}.intercept": np.array([weights.intercept]),
        }
    return arrays


def boundaries_from(arrays: Arrays, vocabulary: Vocabulary) -> BoundaryModel:
    """The models that `boundary_arrays` stored."""
    cut, ending = (_weights(f"boundaries.{part}", arrays) for part in PARTS)
    linear = LinearBoundaries(vocabulary, cut, ending)
    return BoundaryModel(linear, Network.from_arrays(JUDGE, arrays), float(arrays["boundaries.threshold"][0]))


def _weights(prefix: str, arrays: Arrays) -> BoundaryWeights:
    terms = dequantize(arrays[f"{prefix}.weights"], arrays[f"{prefix}.steps"])
    categories = dequantize(arrays[f"{prefix}.categories"], arrays[f"{prefix}.category_step"])
    return BoundaryWeights(
        terms.astype(np.float32), categories[:, 0].astype(np.float32), float(arrays[f"{prefix}.intercept"][0])
    )
