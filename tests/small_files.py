"""A schema of a few small arrays and a file that fits it: what the tests of the model file change and break."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from govtext.scoring.modelfile import Array, Schema, encode

SCHEMA = Schema(
    "govtext-test",
    (1, 2),
    {
        "terms": Array("uint8", ("bytes",)),
        "numbers": Array("int8", ("terms", "outputs")),
        "steps": Array("float32", ("outputs",)),
        "squares": Array("uint16", (2,)),
        "dense": Array("float32", ("features", "outputs"), optional=True),
    },
    {"themes": list, "step": float, "seed": (int, type(None))},
)
TEXT = np.frombuffer("党\n党建".encode(), np.uint8)


def arrays(**changes: NDArray[Any] | None) -> dict[str, NDArray[Any]]:
    """The arrays of the good file, some exchanged or (None) left out."""
    table: dict[str, NDArray[Any] | None] = {
        "terms": TEXT,
        "numbers": np.array([[1, -2], [3, -127]], np.int8),
        "steps": np.array([0.5, 0.25], np.float32),
        "squares": np.array([1, 65535], np.uint16),
        **changes,
    }
    return {name: array for name, array in table.items() if array is not None}


def header(**changes: Any) -> dict[str, Any]:
    """The header of the good file, some fields exchanged."""
    return {"themes": ["党建", "企业"], "step": 0.125, "seed": 7, **changes}


GOOD = encode(arrays(), header(), schema=SCHEMA)


def same(loaded: tuple[dict[str, NDArray[Any]], dict[str, Any], str]) -> bool:
    """Whether that is what the good file holds."""
    found, fields, _ = loaded
    return fields == header() and all((found[name] == array).all() for name, array in arrays().items())


def loose(found: dict[str, NDArray[Any]], fields: dict[str, Any]) -> bytes:
    """A file whose hash is right, with whatever arrays and fields."""
    schema = Schema("govtext-test", (2,), {}, {})
    return encode(found, fields, schema=schema)


def framed(text: bytes, *, says: int | None = None) -> bytes:
    """The text as the header of a file, behind its length, or what it `says` is its length."""
    return (len(text) if says is None else says).to_bytes(8, "little") + text
