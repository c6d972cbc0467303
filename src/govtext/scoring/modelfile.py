"""The model file: one `.safetensors` file of arrays with a JSON header, written the same byte for byte, read strictly.

Reading decodes JSON and numbers and nothing else: the format has no place for code, names of code, patterns or paths.
What a file may hold is the caller's `Schema`; anything else in it is refused with a sentence of its own.
"""

from __future__ import annotations

import hashlib
import math
import os
import re
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from govtext.errors import BadModel, GovtextError
from govtext.features.vocabulary import PARTS, Vocabulary
from govtext.scoring.container import MOST_BYTES, Span, canonical, lay_out, pack, parse, spans, unpack
from govtext.scoring.ranges import check_range, check_size

MOST_NODES: Final = 2_000_000
METADATA_KEY: Final = "govtext"
SHA256: Final = re.compile("[0-9a-fA-F]{64}")
OWN_KEYS: Final = ("format", "format_version", "content_sha256")


@dataclass(frozen=True, slots=True)
class Array:
    """What an array must be: `dtype` as NumPy names it, `dims` as names (equal names, equal sizes) or fixed sizes."""

    dtype: str
    dims: tuple[str | int, ...]
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Schema:
    """What a model file may hold: its format and versions, its arrays, and the types of its header's fields by name."""

    format: str
    versions: tuple[int, ...]
    arrays: Mapping[str, Array]
    header: Mapping[str, type | tuple[type, ...]]


def save(path: Path, arrays: Mapping[str, NDArray[Any]], header: Mapping[str, Any], *, schema: Schema) -> str:
    """The SHA-256 of the file written; the old file stays until the new one is whole.

    Raises:
        BadModel: `arrays` or `header` is not what `schema` and this module would read back.
    """
    content = encode(arrays, header, schema=schema)
    load(content, schema=schema)
    return write(path, content)


def write(path: Path, content: bytes) -> str:
    """The SHA-256 of the content, now in the file; the old file stays until the new one is whole.

    Raises:
        BadModel: the folder is missing or cannot be written to.
    """
    from govtext.writing.target import Replacement  # reading must not wait for what only writing needs

    try:
        with Replacement(path) as file:
            file.write_bytes(content)
    except GovtextError as error:
        raise BadModel(str(error)) from error
    return hashlib.sha256(content).hexdigest()


def encode(arrays: Mapping[str, NDArray[Any]], header: Mapping[str, Any], *, schema: Schema) -> bytes:
    """The bytes of a model file: the same for equal arrays and header, whatever their order."""
    if own := sorted(set(header) & set(OWN_KEYS)):
        raise BadModel(f"header field {own[0]!r} is set by the model file itself; leave it out")
    entries, data = lay_out(arrays)
    fields = {**header, "format": schema.format, "format_version": schema.versions[-1]}
    try:
        fields["content_sha256"] = _content_hash(entries, fields, data)
        return pack(entries, {METADATA_KEY: canonical(fields)}, data)
    except (TypeError, ValueError) as error:
        raise BadModel(f"the header cannot be written as JSON ({error}); use text, numbers, lists and dicts") from error


def load(
    source: Path | bytes, *, schema: Schema, name: str | None = None, sha256: str | None = None
) -> tuple[dict[str, NDArray[Any]], dict[str, Any], str]:
    """Arrays (read-only), header without the file's own fields, and SHA-256 of a model file or its bytes.

    `name` is what messages call a model given as bytes; with `sha256` nothing of a file with another one is looked at.

    Raises:
        BadModel: names the file and what is wrong with it.
    """
    name = name or (str(source) if isinstance(source, Path) else "model")
    content = _read(source) if isinstance(source, Path) else source
    found = hashlib.sha256(content).hexdigest()
    check_sha256(found, sha256, name)
    entries, data = unpack(content, name)
    metadata = entries.pop("__metadata__", None)
    if not isinstance(metadata, dict) or set(metadata) != {METADATA_KEY} or not isinstance(metadata[METADATA_KEY], str):
        raise BadModel(f"{name}: a safetensors file, but not of govtext (its metadata has no single {METADATA_KEY!r})")
    fields = parse(metadata[METADATA_KEY], f"{name}: the header in the metadata")
    _check_version(fields, schema, name)
    places = spans(entries, len(data), name)
    if fields.pop("content_sha256", None) != _content_hash(entries, fields, data):
        raise BadModel(f"{name}: damaged (the SHA-256 of the content is not the one stored); copy the file again")
    del fields["format"], fields["format_version"]
    _check_fields(fields, schema, name)
    return _arrays(places, data, schema, name), fields, found


def format_version(path: Path) -> int:
    """The version that a file which `load` has taken says it is of."""
    entries, _ = unpack(_read(path), str(path))
    return int(parse(entries["__metadata__"][METADATA_KEY], str(path))["format_version"])


def check_sha256(found: str, wanted: str | None, name: str) -> None:
    """Nothing; None wants nothing.

    Raises:
        BadModel: `wanted` is no SHA-256, or not the one found.
    """
    if wanted is None:
        return
    if not SHA256.fullmatch(wanted.strip()):
        raise BadModel(f"SHA-256 {wanted[:70]!r}; wanted the 64 hexadecimal digits that govtext train prints")
    if wanted.strip().lower() != found:
        raise BadModel(
            f"{name}: its SHA-256 is {found}; wanted {wanted.strip().lower()}: get the right file, do not use this"
        )


def _content_hash(entries: Mapping[str, Any], fields: Mapping[str, Any], data: bytes | memoryview) -> str:
    digest = hashlib.sha256(canonical([entries, fields]).encode())
    digest.update(data)
    return digest.hexdigest()


def _read(path: Path) -> bytes:
    """All bytes of a regular file."""
    # Without blocking: opening a FIFO would wait for ever.
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
    try:
        kind = path.lstat().st_mode
        if stat.S_ISLNK(kind):
            raise BadModel(f"{path}: a symbolic link; name the file that it points to")
        if not stat.S_ISREG(kind):
            raise BadModel(f"{path}: not a regular file; name a model file written by govtext train")
        with open(os.open(path, flags), "rb") as file:
            status = os.fstat(file.fileno())
            if not stat.S_ISREG(status.st_mode):
                raise BadModel(f"{path}: not a regular file; name a model file written by govtext train")
            if status.st_size > MOST_BYTES:
                raise BadModel(f"{path}: {status.st_size:,} bytes; a model has at most {MOST_BYTES:,}")
            return file.read(status.st_size)  # asked for more, Python lays out room for all of that
    except FileNotFoundError as error:
        raise BadModel(
            f"{path}: no such file; train a model with govtext train, or leave the model out for the bundled one"
        ) from error
    except (OSError, ValueError) as error:  # ValueError: a NUL in the name
        if isinstance(error, BadModel):
            raise
        raise BadModel(f"{path}: cannot be read ({error})") from error


def _check_version(fields: Mapping[str, Any], schema: Schema, name: str) -> None:
    if fields.get("format") != schema.format:
        raise BadModel(f"{name}: format {fields.get('format')!r}; wanted {schema.format!r}")
    version = fields.get("format_version")
    if type(version) is not int or version not in schema.versions:
        wanted = " or ".join(map(str, schema.versions))
        raise BadModel(
            f"{name}: format version {version!r}; this govtext reads {wanted}: update govtext, or train the model again"
        )


def _check_fields(fields: Mapping[str, Any], schema: Schema, name: str) -> None:
    if unknown := sorted(set(fields) - set(schema.header)):
        raise BadModel(f"{name}: unknown header field {unknown[0]!r}; wanted {', '.join(sorted(schema.header))}")
    if missing := sorted(set(schema.header) - set(fields)):
        raise BadModel(f"{name}: header field {missing[0]!r} is missing; train the model again")
    for key, wanted in schema.header.items():
        # bool is an int to isinstance, and is none here
        if not isinstance(fields[key], wanted) or (isinstance(fields[key], bool) and wanted is not bool):
            raise BadModel(f"{name}: header field {key!r} is a {type(fields[key]).__name__}; wanted {_name(wanted)}")


def _name(wanted: type | tuple[type, ...]) -> str:
    return " or ".join(kind.__name__ for kind in (wanted if isinstance(wanted, tuple) else (wanted,)))


def _arrays(places: Mapping[str, Span], data: memoryview, schema: Schema, name: str) -> dict[str, NDArray[Any]]:
    """The arrays, of the names, types and dimensions that the schema wants."""
    if unknown := sorted(set(places) - set(schema.arrays)):
        raise BadModel(f"{name}: unknown array {unknown[0]!r}; wanted {', '.join(sorted(schema.arrays))}")
    if missing := sorted(key for key, want in schema.arrays.items() if key not in places and not want.optional):
        raise BadModel(f"{name}: array {missing[0]!r} is missing; train the model again")
    sizes: dict[str, int] = {}
    arrays = {}
    for key, want in schema.arrays.items():
        if key not in places:
            continue
        span, dtype = places[key], np.dtype(want.dtype)
        if span.dtype != dtype.newbyteorder("<"):
            raise BadModel(f"{name}: array {key!r} is {span.dtype.name}; wanted {dtype.name}")
        if len(span.shape) != len(want.dims):
            raise BadModel(f"{name}: array {key!r} has {len(span.shape)} dimensions; wanted {len(want.dims)}")
        for size, dim in zip(span.shape, want.dims, strict=True):
            wanted = dim if isinstance(dim, int) else sizes.setdefault(dim, size)
            if size != wanted:
                raise BadModel(f"{name}: array {key!r} has {size} in dimension {dim!r}; wanted {wanted}")
            check_size(key, dim, size, name)
        n_items = math.prod(span.shape)
        stretch = data[span.start : span.start + n_items * dtype.itemsize]
        array: NDArray[Any] = np.frombuffer(stretch, span.dtype).reshape(span.shape).astype(dtype, copy=False)
        check_range(key, array, name)
        arrays[key] = array
    return arrays


def vocabulary_schema(name: str) -> dict[str, Array]:
    """The arrays of a vocabulary: its nodes, and how they were hashed."""
    return {
        f"{name}.depths": Array("uint8", (f"{name}.nodes",)),
        f"{name}.letters": Array("uint32", (f"{name}.nodes",)),
        f"{name}.moves": Array("uint32", (f"{name}.buckets",)),
        f"{name}.hash": Array("uint32", (2,)),
    }


def vocabulary_arrays(name: str, vocabulary: Vocabulary) -> dict[str, NDArray[Any]]:
    """The arrays of a vocabulary by name."""
    return {f"{name}.{part}": array for part, array in vocabulary.arrays().items()}


def vocabulary_from(name: str, arrays: Mapping[str, NDArray[Any]], *, file: str = "model") -> Vocabulary:
    """The vocabulary that `vocabulary_arrays` stored.

    Raises:
        BadModel: more than two million nodes, or nodes that no vocabulary has.
    """
    if (n := len(arrays[f"{name}.depths"])) > MOST_NODES:
        raise BadModel(f"{file}: {n:,} nodes of terms; at most {MOST_NODES:,} are allowed")
    try:
        return Vocabulary.from_arrays({part: arrays[f"{name}.{part}"] for part in PARTS})
    except ValueError as error:
        raise BadModel(f"{file}: {name} has {error}; train the model again") from error
