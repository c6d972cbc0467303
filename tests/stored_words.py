"""What a model file spells: its vocabularies hold no text but a trie's nodes, so its bytes alone do not show a name."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

from govtext.modelarrays import SCHEMA, VOCABULARIES
from govtext.scoring.modelfile import load


def spelt(source: Path | bytes) -> dict[str, list[str]]:
    """The string of every node, those where no term ends included, by vocabulary."""
    arrays, _, _ = load(source, schema=SCHEMA)
    words: dict[str, list[str]] = {}
    for name in VOCABULARIES:
        path, found = "", words.setdefault(name, [])
        for depth, letter in zip(arrays[f"{name}.depths"].tolist(), arrays[f"{name}.letters"].tolist(), strict=True):
            path = path[: depth % 128 - 1] + chr(letter)
            found.append(path)
    return words


def traces(source: Path | bytes, text: str) -> list[str]:
    """Where a model file has the text: "bytes", and what its vocabularies spell with two neighbouring characters of it."""
    content = source.read_bytes() if isinstance(source, Path) else source
    pairs = {a + b for a, b in pairwise(text)} - {"00"}  # which is left of any number
    found = ["bytes"] if text.encode() in content else []
    for name, words in spelt(source).items():
        found += [f"{name}: {word}" for word in words if any(pair in word for pair in pairs)]
    return found
