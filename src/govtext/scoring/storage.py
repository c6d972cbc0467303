"""Scorers as named arrays of a model file, and back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from govtext.features.vocabulary import Vocabulary
from govtext.scoring.modelfile import Array
from govtext.scoring.scorer import Block, Scorer, Weights

Arrays = Mapping[str, NDArray[Any]]


def block_schema(prefix: str, *, vocabulary: str, outputs: str) -> dict[str, Array]:
    """The arrays of a block whose names begin with `prefix`; `vocabulary` and `outputs` name dimensions."""
    return {
        f"{prefix}.weights": Array("int8", (vocabulary, outputs)),
        f"{prefix}.steps": Array("float32", (outputs,)),
        f"{prefix}.squares": Array("uint16", (vocabulary,)),
        f"{prefix}.square_step": Array("float64", (1,)),
        f"{prefix}.scale": Array("float64", (1,)),
        f"{prefix}.saturated": Array("uint8", (1,), optional=True),  # there, where it holds
    }


def block_arrays(prefix: str, block: Block) -> dict[str, NDArray[Any]]:
    """The arrays of a block; its vocabulary is stored apart."""
    return {
        f"{prefix}.weights": block.weights.numbers,
        f"{prefix}.steps": block.steps,
        f"{prefix}.squares": block.weights.squares,
        f"{prefix}.square_step": np.array([block.square_step]),
        f"{prefix}.scale": np.array([block.scale]),
        **({f"{prefix}.saturated": np.ones(1, np.uint8)} if block.saturated else {}),
    }


def block_from(prefix: str, name: str, arrays: Arrays, vocabulary: Vocabulary) -> Block:
    """The block that `block_arrays` stored."""
    return Block(
        name,
        vocabulary,
        Weights(arrays[f"{prefix}.weights"], arrays[f"{prefix}.squares"]),
        arrays[f"{prefix}.steps"],
        float(arrays[f"{prefix}.square_step"][0]),
        float(arrays[f"{prefix}.scale"][0]),
        f"{prefix}.saturated" in arrays,
    )


def scorer_schema(prefix: str, blocks: Sequence[str], *, vocabulary: str, outputs: str, dense: str) -> dict[str, Array]:
    """The arrays of a scorer with a dense part; `vocabulary`, `outputs` and `dense` name dimensions."""
    schema = {
        f"{prefix}.intercept": Array("float64", (outputs,)),
        f"{prefix}.dense": Array("float64", (dense, outputs)),
    }
    for block in blocks:
        schema |= block_schema(f"{prefix}.{block}", vocabulary=vocabulary, outputs=outputs)
    return schema


def scorer_arrays(prefix: str, scorer: Scorer) -> dict[str, NDArray[Any]]:
    """The arrays of a scorer; its blocks share one vocabulary, which is stored apart."""
    arrays: dict[str, NDArray[Any]] = {
        f"{prefix}.intercept": np.asarray(scorer.intercept, np.float64),
        f"{prefix}.dense": np.asarray(scorer.dense, np.float64),
    }
    for block in scorer.blocks:
        arrays |= block_arrays(f"{prefix}.{block.name}", block)
    return arrays


def scorer_from(prefix: str, blocks: Sequence[str], arrays: Arrays, vocabulary: Vocabulary) -> Scorer:
    """The scorer that `scorer_arrays` stored."""
    built = tuple(block_from(f"{prefix}.{name}", name, arrays, vocabulary) for name in blocks)
    return Scorer(built, arrays[f"{prefix}.intercept"], arrays[f"{prefix}.dense"])
