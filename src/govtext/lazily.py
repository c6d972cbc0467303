"""Packages whose names are loaded on first use, so that importing one loads nothing that it may never need."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from typing import Any


def lazily(
    package: str, homes: Mapping[str, Sequence[str]], *others: str
) -> tuple[Callable[[str], Any], Callable[[], list[str]]]:
    """`__getattr__` and `__dir__` of a package: `homes` are the modules of its names, `others` are there already."""
    home = {name: module for module, names in homes.items() for name in names}

    def attribute(name: str) -> Any:
        """A public name, loaded now."""
        if name not in home:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        value = getattr(import_module(home[name]), name)
        setattr(sys.modules[package], name, value)
        return value

    def names() -> list[str]:
        """The public names."""
        return sorted({*home, *others})

    return attribute, names
