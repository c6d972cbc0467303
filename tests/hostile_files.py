"""Files that people or attackers pass off as a model, by name: made here, with payloads that only make an empty file.

Used by tests/test_hostile_models.py and, in larger numbers, by benchmarks/hostile_models.py.
"""

from __future__ import annotations

import bz2
import gzip
import io
import json
import lzma
import marshal
import pickle
import random
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import joblib
import numpy as np

MARKER = "code-was-run"  # the file that every payload makes; its name is a path in the folder of the trial


class Calls:
    """Pickles as a call of a function; what unpickles it, calls it."""

    def __init__(self, function: str, *arguments: Any) -> None:
        self.function, self.arguments = function, arguments

    def __reduce__(self) -> tuple[Any, ...]:
        module, _, name = self.function.rpartition(".")
        return getattr(__import__(module, fromlist=[name]), name), self.arguments


def payloads(marker: Path) -> dict[str, Calls]:
    """What a file could try, by name; each makes the file `marker` if it is run."""
    return {
        "os.system": Calls("os.system", f"touch {marker}"),
        "subprocess.Popen": Calls("subprocess.Popen", ["touch", str(marker)]),
        "builtins.exec": Calls("builtins.exec", f"open({str(marker)!r}, 'w')"),
        "builtins.eval": Calls("builtins.eval", f"open({str(marker)!r}, 'w')"),
        "io.open": Calls("io.open", str(marker), "w"),
        "numpy.savetxt": Calls("numpy.savetxt", str(marker), [0]),
        "logging.FileHandler": Calls("logging.FileHandler", str(marker)),
    }


def pickles(marker: Path) -> Iterator[tuple[str, bytes]]:
    """Pickles of every protocol, and what joblib makes of them."""
    calls = payloads(marker)
    for what, call in calls.items():
        for protocol in (0, 2, 4, 5):
            yield f"pickle protocol {protocol}, {what}", pickle.dumps(call, protocol)
    call = calls["os.system"]
    for protocol in (1, 3):
        yield f"pickle protocol {protocol}, os.system", pickle.dumps({"model": call}, protocol)
    for how in (0, 3, ("zlib", 9), ("gzip", 3), ("bz2", 3), ("lzma", 3), ("xz", 3)):
        file = io.BytesIO()
        joblib.dump({"model": call, "weights": np.ones(3)}, file, compress=how)
        yield f"joblib {how}", file.getvalue()
    plain = pickle.dumps(call)
    ways: dict[str, Callable[[bytes], bytes]] = {
        "gzip": gzip.compress,
        "bz2": bz2.compress,
        "xz": lzma.compress,
        "zlib": zlib.compress,
        "old joblib": lambda b: b"ZF0x" + b"%19d" % len(b) + zlib.compress(b),
        "behind a comment": lambda b: b"# a model\n" + b,
        "behind a length": lambda b: len(b).to_bytes(8, "little") + b,
        "behind a brace": lambda b: b"\x80\x04]\x94(K\x01{" + b,
        "as a header": lambda b: len(b).to_bytes(8, "little") + b"{" + b,
    }
    yield from ((f"pickle, {way}", change(plain)) for way, change in ways.items())


def zipped(**members: bytes) -> bytes:
    """A zip file."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return file.getvalue()


def arrays_of_numpy(marker: Path) -> Iterator[tuple[str, bytes]]:
    """NumPy's files, with and without objects in them."""
    objects = np.array([payloads(marker)["os.system"]], object)
    for name, array in (("numbers", np.ones(3)), ("objects", objects), ("structured", np.zeros(2, "i4,f8"))):
        file = io.BytesIO()
        np.save(file, array, allow_pickle=True)
        yield f"npy of {name}", file.getvalue()
        file = io.BytesIO()
        np.savez_compressed(file, a=array)  # objects are pickled
        yield f"npz of {name}", file.getvalue()


def skops_like(marker: Path) -> Iterator[tuple[str, bytes]]:
    """Zip files with a schema.json as skops writes them, one a kind of node that was tried on it."""
    touch = {"__class__": "str", "__module__": "builtins", "__loader__": "JsonNode", "content": f'"touch {marker}"'}
    nodes = {
        "constructor": {"__class__": "Popen", "__module__": "subprocess", "__loader__": "ObjectNode"},
        "type": {"__class__": "type", "__module__": "builtins", "__loader__": "TypeNode"},
        "function": {"__class__": "system", "__module__": "os", "__loader__": "FunctionNode"},
        "object": {"__class__": "Thread", "__module__": "threading", "__loader__": "ObjectNode"},
        "partial": {"__class__": "partial", "__module__": "functools", "__loader__": "PartialNode"},
        "methodcaller": {"__class__": "methodcaller", "__module__": "operator", "__loader__": "OperatorFuncNode"},
        "CVE-2025-54412": {"__class__": "call", "__module__": "operator", "__loader__": "OperatorFuncNode"},
        "CVE-2025-54413": {"__class__": "Path", "__module__": "pathlib", "__loader__": "MethodNode", "func": "touch"},
        "file read": {"__class__": "TfidfVectorizer", "__module__": "sklearn", "__loader__": "ObjectNode"},
        "unknown loader": {"__class__": "x", "__module__": "x", "__loader__": "Nowhere"},
    }
    for name, node in nodes.items():
        schema = json.dumps({**node, "content": touch, "protocol": 2, "_skops_version": "0.16.0"})
        yield f"skops, {name}", zipped(**{"schema.json": schema.encode()})
    yield "skops, 200,000 levels", zipped(**{"schema.json": b"[" * 200_000 + b"]" * 200_000})
    yield "skops, a pickle", zipped(**{"schema.json": b"{}", "model.pkl": pickle.dumps(payloads(marker)["os.system"])})
    yield "zip of zeros", zipped(a=bytes(20_000_000))
    yield "zip that climbs out", zipped(**{f"../../../../{marker}": b"", "/etc/cron.d/x": b""})
    yield "zip of nothing", zipped()
    yield (
        "PyTorch",
        zipped(**{"archive/data.pkl": pickle.dumps(payloads(marker)["os.system"]), "archive/version": b"3"}),
    )
    yield "Word", zipped(**{"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<w:document/>"})


def others(marker: Path) -> Iterator[tuple[str, bytes]]:
    """Files of other programs, text, and code."""
    tar = io.BytesIO()
    with tarfile.open(fileobj=tar, mode="w") as archive:
        archive.addfile(tarfile.TarInfo("../x"))
    xml = f'<?xml version="1.0"?><!DOCTYPE p [<!ENTITY x SYSTEM "file://{marker}">]><PMML>&x;</PMML>'
    yield from {
        "tar that climbs out": tar.getvalue(),
        "compiled Python": b"\xa7\r\r\n"
        + bytes(12)
        + marshal.dumps(compile(f"open({str(marker)!r}, 'w')", "x", "exec")),
        "Python": f"open({str(marker)!r}, 'w')\n".encode(),
        "shell": f"#!/bin/sh\ntouch {marker}\n".encode(),
        "YAML that calls": f"!!python/object/apply:os.system ['touch {marker}']\n".encode(),
        "XML with an entity": xml.encode(),
        "web page": b"<!DOCTYPE html><script>1</script>",
        "JSON": b'{"format": "govtext-model", "format_version": 2}',
        "ELF": b"\x7fELF\x02\x01\x01" + bytes(60),
        "Windows program": b"MZ" + bytes(60),
        "HDF5": b"\x89HDF\r\n\x1a\n" + bytes(60),
        "ONNX": b"\x08\x07\x12\x07pytorch" + bytes(60),
        "GGUF": b"GGUF\x03\x00\x00\x00" + bytes(60),
        "TensorFlow Lite": b"\x1c\x00\x00\x00TFL3" + bytes(60),
        "PDF": b"%PDF-1.7\n" + bytes(60),
        "a report": "关于科技工作的总结\n一、服务企业\n".encode(),
        "a report in UTF-16": "关于科技工作的总结\n".encode("utf-16"),
        "zeros": bytes(4096),
        "ones": b"\xff" * 4096,
        "nothing": b"",
        "one byte": b"\x80",
        "a pointer of Git LFS": b"version https://git-lfs.github.com/spec/v1\noid sha256:0\n",
    }.items()


def headed(entries: Any, data: bytes = b"", *, says: int | None = None) -> bytes:
    """A safetensors file of a header as it stands: a dict, or its bytes."""
    text = entries if isinstance(entries, bytes) else json.dumps(entries).encode()
    return (len(text) if says is None else says).to_bytes(8, "little") + text + data


def containers(good: bytes, marker: Path) -> Iterator[tuple[str, bytes]]:
    """Safetensors files, most made of a good model: headers that lie, arrays that lie wrong, a pickle inside or behind."""
    size = int.from_bytes(good[:8], "little")
    header, data = json.loads(good[8 : 8 + size]), good[8 + size :]
    first = min(header, key=lambda name: (name == "__metadata__", str(header[name].get("data_offsets"))))
    load = pickle.dumps(payloads(marker)["os.system"])

    def entry(**changes: Any) -> bytes:
        return headed({**header, first: {**header[first], **changes}}, data)

    def metadata(value: Any) -> bytes:
        return headed({**header, "__metadata__": value}, data)

    yield from {
        "header longer than the file": headed(header, says=2**20 - 1),
        "header of 2^63": headed(header, says=2**63),
        "header of 2^64 - 1": headed(header, says=2**64 - 1),
        "header of nothing": headed(b"", says=0) + data,
        "header not UTF-8": headed(b'{"\xff"}'),
        "header of 200,000 levels": headed(b'{"a":' + b"[" * 200_000 + b"]" * 200_000 + b"}"),
        "key twice": headed(b'{"a":{},"a":{}}'),
        "NaN": headed(b'{"a":NaN}'),
        "a number of 900,000 digits": headed(b'{"a":' + b"9" * 900_000 + b"}"),
        "array over the next one": entry(data_offsets=[0, 10**9]),
        "array before the start": entry(data_offsets=[-8, 0]),
        "array of objects": entry(dtype="O"),
        "structured array": entry(dtype=[["a", "<i4"], ["b", "|O"]]),
        "array of 2^62": entry(shape=[2**31, 2**31]),
        "negative shape": entry(shape=[-1]),
        "a path in an array": entry(path="/etc/passwd"),
        "metadata of PyTorch": metadata({"format": "pt"}),
        "metadata a list": metadata(["os.system"]),
        "metadata a pickle": metadata({"govtext": load.decode("latin-1")}),
        "metadata with a class": metadata({"govtext": json.dumps({"__reduce__": ["os.system", f"touch {marker}"]})}),
        "a pickle behind": good + load,
        "a pickle before": load + good,
        "a zip behind": good + zipped(x=load),
        "a pickle for numbers": headed(header, load + data[len(load) :]),
        "two models": good + good,
        "no data": headed(header),
    }.items()


def hostile(good: bytes, marker: Path) -> dict[str, bytes]:
    """All of them, by name; `good` is a model."""
    found: dict[str, bytes] = {}
    for name, content in [
        *pickles(marker),
        *arrays_of_numpy(marker),
        *skops_like(marker),
        *others(marker),
        *containers(good, marker),
    ]:
        if name in found:
            raise ValueError(f"{name} is there twice")
        found[name] = content
    return found


def damaged(good: bytes, draw: random.Random, *, flips: int, cuts: int, noise: int) -> Iterator[tuple[str, bytes]]:
    """The model with one bit changed, cut short at a random byte; and files of random bytes."""
    for number in range(flips):
        content = bytearray(good)
        # Half of them in the header, which is a small part of the file.
        reach = len(good) if number % 2 else 8 + int.from_bytes(good[:8], "little")
        content[draw.randrange(reach)] ^= 1 << draw.randrange(8)
        yield f"flip {number}", bytes(content)
    for number in range(cuts):
        yield f"cut {number}", good[: draw.randrange(len(good))]
    for number in range(noise):
        content = bytearray(draw.randbytes(draw.randrange(9, 4000)))
        if number % 2:  # as far as a header goes
            content[:9] = (draw.randrange(1, len(content))).to_bytes(8, "little") + b"{"
        yield f"noise {number}", bytes(content)
