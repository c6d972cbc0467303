"""A small network with one hidden layer of rectified units, as plain arrays."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from govtext.scoring.dense import product
from govtext.scoring.modelfile import Array
from govtext.scoring.storage import Arrays

Floats = NDArray[np.float64]
_PARTS = ("mean", "deviation", "hidden", "hidden_offset", "output", "output_offset")
ROWS = 128  # computed at once: what lies between input and output stays in the processor's cache, and memory bounded
FARTHEST = 8.0  # standard deviations; what lies beyond is as good as there


@dataclass(frozen=True, slots=True, eq=False)
class Network:
    """Scores of standardised inputs: relu((x - mean) / deviation @ hidden + hidden_offset) @ output + output_offset.

    mean, deviation (n_inputs,); hidden (n_inputs, n_hidden); output (n_hidden, n_outputs).
    """

    mean: NDArray[Any]
    deviation: NDArray[Any]
    hidden: NDArray[Any]
    hidden_offset: NDArray[Any]
    output: NDArray[Any]
    output_offset: NDArray[Any]

    def scores(self, inputs: NDArray[Any]) -> Floats:
        """The scores, (n, n_outputs), of inputs (n, n_inputs)."""
        scores = np.empty((len(inputs), len(self.output_offset)))
        for low in range(0, len(inputs), ROWS):
            rows = slice(low, low + ROWS)
            scores[rows] = self._outputs(self._weighted(inputs[rows], 0))
        return scores

    def shared_scores(self, own: NDArray[Any], shared: NDArray[Any]) -> Floats:
        """The scores, (n, m, n_outputs), where m rows of inputs each share their last columns.

        `own` is (n, m, n_own), `shared` (n, n_inputs - n_own).
        """
        n, m, k = own.shape
        units, outputs = self.output.shape
        inner = self._weighted(own.reshape(n * m, k), 0).reshape(n, m, units) + self._weighted(shared, k)[:, None]
        return self._outputs(inner.reshape(n * m, units)).reshape(n, m, outputs)

    def _weighted(self, inputs: NDArray[Any], first: int) -> Floats:
        """What inputs, the columns from `first` on, add to the hidden units."""
        columns = slice(first, first + inputs.shape[1])
        standard = (inputs - self.mean[columns]) / self.deviation[columns]
        np.minimum(np.maximum(standard, -FARTHEST, out=standard), FARTHEST, out=standard)
        return product(standard, self.hidden[columns])

    def _outputs(self, inner: Floats) -> Floats:
        inner += self.hidden_offset
        scores: Floats = product(np.maximum(inner, 0.0, out=inner), self.output) + self.output_offset
        return scores

    def arrays(self, prefix: str) -> dict[str, NDArray[Any]]:
        """The numbers by name, as `network_schema` wants them."""
        return {f"{prefix}.{part}": np.asarray(getattr(self, part), np.float32) for part in _PARTS}

    @classmethod
    def from_arrays(cls, prefix: str, arrays: Arrays) -> Network:
        """The network that `arrays` stored."""
        return cls(*(np.asarray(arrays[f"{prefix}.{part}"], np.float64) for part in _PARTS))


def network_schema(prefix: str, inputs: int, outputs: int) -> dict[str, Array]:
    """The arrays of a network whose names begin with `prefix`, with so many inputs and outputs."""
    hidden = f"{prefix}.units"
    dims: dict[str, tuple[str | int, ...]] = {
        "mean": (inputs,),
        "deviation": (inputs,),
        "hidden": (inputs, hidden),
        "hidden_offset": (hidden,),
        "output": (hidden, outputs),
        "output_offset": (outputs,),
    }
    return {f"{prefix}.{part}": Array("float32", dims[part]) for part in _PARTS}
