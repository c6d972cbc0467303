"""The safetensors container, read strictly: arrays that fill the data exactly, and JSON that says only one thing.

The format: eight bytes with the length of a JSON header, the header (type, shape and bytes of each array, and one
table of strings), the numbers. What other readers let pass, such as a key twice, is refused here.
"""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, NoReturn

import numpy as np
from numpy.typing import NDArray

from govtext.errors import BadModel

MOST_BYTES: Final = 200_000_000
MOST_HEADER_BYTES: Final = 1_000_000
MOST_DEPTH: Final = 8
LARGEST_INTEGER: Final = 1 << 31

DTYPES: Final[Mapping[str, str]] = {
    "U8": "<u1",
    "I8": "<i1",
    "U16": "<u2",
    "I16": "<i2",
    "U32": "<u4",
    "I32": "<i4",
    "I64": "<i8",
    "F32": "<f4",
    "F64": "<f8",
}

# What people try to load instead, by first bytes; the longest match counts.
FOREIGN: Final[Mapping[bytes, str]] = {
    b"\x80\x02": "a pickle",
    b"\x80\x03": "a pickle",
    b"\x80\x04": "a pickle (or a joblib file, which is one)",
    b"\x80\x05": "a pickle (or a joblib file, which is one)",
    b"cos\n": "a pickle",
    b"(dp": "a pickle",
    b"(lp": "a pickle",
    b"ccopy_reg\n": "a pickle",
    b"\x78\x01": "zlib-compressed data, as joblib writes pickles",
    b"\x78\x5e": "zlib-compressed data, as joblib writes pickles",
    b"\x78\x9c": "zlib-compressed data, as joblib writes pickles",
    b"\x78\xda": "zlib-compressed data, as joblib writes pickles",
    b"ZF0x": "compressed data of an old joblib",
    b"\x1f\x8b": "a gzip file",
    b"BZh": "a bzip2 file",
    b"\xfd7zXZ\x00": "an xz file",
    b"\x5d\x00\x00": "an LZMA file",
    b"\x04\x22\x4d\x18": "an LZ4 file",
    b"\x28\xb5\x2f\xfd": "a Zstandard file",
    b"PK\x03\x04": "a zip file (such as .npz, .skops, .docx or a PyTorch model)",
    b"PK\x05\x06": "an empty zip file",
    b"\x93NUMPY": "a NumPy .npy file",
    b"\x89HDF\r\n": "an HDF5 file",
    b"GGUF": "a GGUF file",
    b"TFL3": "a TensorFlow Lite file",
    b"\x08\x03\x12": "an ONNX file",
    b"\x08\x04\x12": "an ONNX file",
    b"\x08\x05\x12": "an ONNX file",
    b"\x08\x06\x12": "an ONNX file",
    b"\x08\x07\x12": "an ONNX file",
    b"\x08\x08\x12": "an ONNX file",
    b"\x08\x09\x12": "an ONNX file",
    b"\x08\x0a\x12": "an ONNX file",
    b"\x08\x0b\x12": "an ONNX file",
    b"\x08\x0c\x12": "an ONNX file",
    b"\x7fELF": "a program",
    b"MZ": "a program",
    b"%PDF": "a PDF file",
    b"version https://git-lfs": "a Git LFS pointer, not the file itself (run git lfs pull)",
    b"<": "a web page or XML",
    b"{": "JSON text",
}


@dataclass(frozen=True, slots=True)
class Span:
    """Where an array lies in the data."""

    dtype: np.dtype[Any]
    shape: tuple[int, ...]
    start: int


def canonical(value: Any) -> str:
    """The one JSON text of a value: sorted keys, no spaces, no NaN."""
    return json.dumps(value, ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":"))


def lay_out(arrays: Mapping[str, NDArray[Any]]) -> tuple[dict[str, Any], bytes]:
    """The header's entries and the data for the arrays, the same for the same arrays in whatever order.

    Raises:
        BadModel: an array has a type the format has not.
    """
    names = {np.dtype(ours): name for name, ours in DTYPES.items()}
    entries: dict[str, Any] = {}
    blobs = []
    offset = 0
    # Wide numbers first, so that all of them lie aligned.
    for name in sorted(arrays, key=lambda name: (-arrays[name].dtype.itemsize, name)):
        array = arrays[name]
        dtype = array.dtype.newbyteorder("<")
        if dtype not in names:
            raise BadModel(f"array {name!r} is of type {array.dtype}; wanted one of {', '.join(DTYPES)}")
        blob = np.ascontiguousarray(array, dtype).tobytes()
        end = offset + len(blob)
        entries[name] = {"dtype": names[dtype], "shape": list(array.shape), "data_offsets": [offset, end]}
        blobs.append(blob)
        offset = end
    return entries, b"".join(blobs)


def pack(entries: Mapping[str, Any], metadata: Mapping[str, str], data: bytes) -> bytes:
    """The file: length, header, data; the header is padded so that the data lie aligned."""
    text = canonical({**entries, "__metadata__": metadata}).encode()
    text += b" " * (-len(text) % 8)
    return len(text).to_bytes(8, "little") + text + data


def unpack(content: bytes, name: str) -> tuple[dict[str, Any], memoryview]:
    """The entries of the safetensors header, and the data behind it."""
    if len(content) > MOST_BYTES:
        raise BadModel(f"{name}: {len(content):,} bytes; a model has at most {MOST_BYTES:,}")
    size = int.from_bytes(content[:8], "little")
    if content[8:9] != b"{":
        for first in sorted(FOREIGN, key=len, reverse=True):
            if content.startswith(first):
                raise BadModel(f"{name}: {FOREIGN[first]}; wanted a model written by govtext train, which runs no code")
        what = "not a safetensors file" if content else "an empty file"
        raise BadModel(f"{name}: {what}; wanted a model written by govtext train")
    if size > MOST_HEADER_BYTES:
        raise BadModel(f"{name}: the header says it has {size:,} bytes; at most {MOST_HEADER_BYTES:,} are allowed")
    if 8 + size > len(content):
        raise BadModel(f"{name}: cut short (header of {size} bytes in a file of {len(content)}); copy the file again")
    try:
        text = content[8 : 8 + size].decode()
    except UnicodeDecodeError as error:
        raise BadModel(f"{name}: the header is not UTF-8 ({error}); copy the file again") from error
    return parse(text, f"{name}: the header"), memoryview(content)[8 + size :]


def parse(text: str, what: str) -> dict[str, Any]:
    """The JSON object in the text, without what JSON leaves open: double keys, NaN, huge numbers."""

    def refuse(problem: str) -> NoReturn:
        raise BadModel(f"{what} has {problem}; a model has none")

    def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        table = dict(pairs)
        if len(table) < len(pairs):
            refuse(f"the key {Counter(key for key, _ in pairs).most_common(1)[0][0]!r} twice")
        return table

    def integer(digits: str) -> int:
        if len(digits) > 11 or abs(int(digits)) > LARGEST_INTEGER:
            refuse(f"the number {digits[:20]} beyond {LARGEST_INTEGER}")
        return int(digits)

    def real(digits: str) -> float:
        if len(digits) > 40 or not math.isfinite(float(digits)):
            refuse(f"the number {digits[:20]} that is too long or too large")
        return float(digits)

    def constant(word: str) -> NoReturn:
        refuse(f"the number {word}")

    try:
        value = json.loads(text, object_pairs_hook=unique, parse_int=integer, parse_float=real, parse_constant=constant)
    except RecursionError as error:
        raise BadModel(f"{what} has more than {MOST_DEPTH} levels of lists and tables; a model has none") from error
    except BadModel:
        raise
    except ValueError as error:
        raise BadModel(f"{what} is not valid JSON ({error}); copy the file again") from error
    if not isinstance(value, dict):
        raise BadModel(f"{what} is no JSON object; wanted a model written by govtext train")
    if _depth(value) > MOST_DEPTH:
        refuse(f"more than {MOST_DEPTH} levels of lists and tables")
    try:
        canonical(value).encode()
    except UnicodeEncodeError:
        refuse("half a character (a lone surrogate)")
    return value


def _depth(value: Any) -> int:
    """Levels of lists and tables, counted up to one too many."""
    level = [value]
    for depth in range(MOST_DEPTH + 1):
        level = [inner for inner in level if isinstance(inner, dict | list)]
        if not level:
            return depth
        level = [child for inner in level for child in (inner.values() if isinstance(inner, dict) else inner)]
    return MOST_DEPTH + 1


def spans(entries: Mapping[str, Any], n_bytes: int, name: str) -> dict[str, Span]:
    """Where each array lies; together they fill the data, without gap or overlap."""
    found: dict[str, Span] = {}
    ranges: list[tuple[int, int, str]] = []
    for key, entry in entries.items():
        if not isinstance(entry, dict) or set(entry) != {"dtype", "shape", "data_offsets"}:
            raise BadModel(f"{name}: array {key!r} is not described by exactly dtype, shape and data_offsets")
        dtype, shape, offsets = entry["dtype"], entry["shape"], entry["data_offsets"]
        if not isinstance(dtype, str) or dtype not in DTYPES:
            raise BadModel(f"{name}: array {key!r} is of type {dtype!r}; wanted one of {', '.join(DTYPES)}")
        if not _sizes(shape) or len(shape) > MOST_DEPTH:
            raise BadModel(f"{name}: array {key!r} has the shape {str(shape)[:60]}; wanted whole numbers from 0")
        if not _sizes(offsets) or len(offsets) != 2:
            raise BadModel(f"{name}: array {key!r} has the offsets {str(offsets)[:60]}; wanted two whole numbers")
        kind = np.dtype(DTYPES[dtype])
        if offsets[1] - offsets[0] != math.prod(shape) * kind.itemsize:
            raise BadModel(f"{name}: array {key!r} has {offsets[1] - offsets[0]} bytes, which is not its shape {shape}")
        found[key] = Span(kind, tuple(shape), offsets[0])
        ranges.append((offsets[0], offsets[1], key))
    end = 0
    for start, stop, key in sorted(ranges):
        if start != end:
            fault = "inside the array before" if start < end else "behind a gap"
            raise BadModel(f"{name}: array {key!r} starts at byte {start}, {fault}; wanted byte {end}")
        end = stop
    if end > n_bytes:
        raise BadModel(f"{name}: cut short (arrays of {end} bytes, {n_bytes} are there); copy the file again")
    if end < n_bytes:
        raise BadModel(f"{name}: {n_bytes - end} extra bytes behind the last array; copy the file again")
    return found


def _sizes(value: Any) -> bool:
    return isinstance(value, list) and all(type(size) is int and size >= 0 for size in value)
