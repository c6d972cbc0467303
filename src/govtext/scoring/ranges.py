"""What numbers a model may hold, by the names of its arrays: what training never gives is refused, not computed with.

A model of the right form can still be made to answer nothing but one label, to overflow, or to ask for gigabytes when a
report comes; the type of an array says nothing against that.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from govtext.errors import BadModel

FARTHEST: Final = 1e6  # of any number with a point; the bundled model's farthest is 28
SMALLEST: Final = 1e-40  # of what is divided by; `quantize_squares` gives 1.5e-35 at least

# The least and the largest number of arrays that end so.
RANGES: Final[Mapping[str, tuple[float, float]]] = {
    ".weights": (-127, 127),  # `quantize` gives no -128
    ".categories": (-127, 127),
    ".steps": (0, FARTHEST),
    ".category_step": (0, FARTHEST),
    ".squares": (1, 65535),
    ".square_step": (SMALLEST, FARTHEST),
    ".scale": (0, FARTHEST),
    ".saturated": (1, 1),  # the array is there where it holds
    ".together": (1, 1),
    ".deviation": (SMALLEST, FARTHEST),
    ".slope": (SMALLEST, FARTHEST),  # else the order of scores would turn round
    ".risks": (0, 1),
    ".review": (0, 1),
    ".thresholds": (0, 2),  # 2 is `risk.NEVER`
}
# The most of what a dimension of that ending counts.
SIZES: Final[Mapping[str, int]] = {
    ".units": 4096,  # hidden units; labelling takes a row of them a passage, the bundled model has 160
    ".outputs": 256,  # themes, roles and formulaic; a taxonomy has 200 themes at most
}


def check_range(key: str, array: NDArray[Any], name: str) -> None:
    """Nothing.

    Raises:
        BadModel: the array `key` of the file `name` has a number that no training gives.
    """
    if not array.size:
        return
    is_real = array.dtype.kind == "f"
    if is_real and not np.isfinite(array).all():
        raise BadModel(f"{name}: array {key!r} has a value that is no finite number; train the model again")
    low, high = RANGES.get(f".{key.rpartition('.')[2]}" if "." in key else "", _anything(is_real))
    for value in (array.min(), array.max()):
        if not low <= value <= high:
            raise BadModel(f"{name}: array {key!r} has the value {value.item()!r}; wanted {low:g} to {high:g}")


def check_size(key: str, dim: str | int, size: int, name: str) -> None:
    """Nothing.

    Raises:
        BadModel: the dimension `dim` of the array `key` is larger than any training makes it.
    """
    most = SIZES.get(f".{dim.rpartition('.')[2]}" if isinstance(dim, str) and "." in dim else "", size)
    if size > most:
        raise BadModel(f"{name}: array {key!r} has {size:,} in dimension {dim!r}; at most {most:,} are allowed")


def _anything(is_real: bool) -> tuple[float, float]:
    return (-FARTHEST, FARTHEST) if is_real else (-np.inf, np.inf)
