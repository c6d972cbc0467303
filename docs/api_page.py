"""The page docs/reference/api.md out of signatures and docstrings: `make docs`, through generate.py.

Our own and not mkdocstrings: the page is read in the repository, too, and a test can hold it without building the site.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from importlib import import_module
from types import MappingProxyType
from typing import Any

# Module → what is said above its names; what `__all__` has, in the order of the groups below.
MODULES: Mapping[str, str] = MappingProxyType(
    {
        "govtext": "",
        "govtext.batch": "Many reports, into files or frames.",
        "govtext.frames": "Labelled reports as frames and data sets.",
        "govtext.plots": "Pictures; the page [Pictures](plots.md) shows them.",
    }
)
NOT_PROSE = re.compile(r"(?:Raises|Parameters|Attributes|Returns|Source|Examples):?$|    |>>> |\w+ {3,}\S")


def api_lines() -> list[str]:
    """The lines of the page: a part for each module, an entry for each public name."""
    lines: list[str] = []
    for name, said in MODULES.items():
        module = import_module(name)
        lines += ["", f"## {name}", *(["", said] if said else [])]
        for public in module.__all__:
            lines += entry(name, public, getattr(module, public))
    return lines


def entry(module: str, name: str, value: Any) -> Iterator[str]:
    """The part of one name: signature, docstring, and of a class its fields, properties and methods."""
    yield from ("", f"### {module}.{name}", "")
    if inspect.isclass(value):
        yield from class_lines(name, value)
    elif inspect.isfunction(value):
        yield from ("```text", f"{name}{signature(value)}", "```", "", *docstring(value))
    else:
        keys = ", ".join(f"`{key}`" for key in value) if isinstance(value, Mapping) else ""
        yield f"A table with the keys {keys}." if keys else f"`{value!r}`"


def class_lines(name: str, value: type) -> Iterator[str]:
    """What is said of a class; of an error only what it is one of."""
    if issubclass(value, BaseException):
        bases = ", ".join(f"`{base.__name__}`" for base in value.__bases__)
        yield from (*docstring(value), "", f"Inherits from {bases}.")
        return
    if is_dataclass(value):
        yield from (*docstring(value), "")
        shown = [field for field in fields(value) if field.repr and not field.name.startswith("_")]
        yield from ("```text", f"{name}", *(f"    {field.name}: {typed(field.type)}" for field in shown), "```")
    else:
        yield from ("```text", f"{name}{signature(value)}", "```", "", *docstring(value))
    for member, found in members(value):
        first = next(iter(docstring(found)), "")
        is_property = isinstance(found, property)
        called = f"`.{member}`" if is_property else f"`.{member}{signature(found, bound=True)}`"
        yield from ("", f"{called}: {first[:1].lower() + first[1:] if first[:2].istitle() else first}")


def members(value: type) -> Iterator[tuple[str, Any]]:
    """The public properties and methods that we wrote, in their order, those of a base first."""
    seen: dict[str, Any] = {}
    for base in reversed(value.__mro__):
        if base.__module__.startswith("govtext"):
            seen.update(base.__dict__)
    for name, found in seen.items():
        function = found.__func__ if isinstance(found, classmethod | staticmethod) else found
        if not name.startswith("_") and (inspect.isfunction(function) or isinstance(found, property)):
            yield name, function


def signature(value: Any, *, bound: bool = False) -> str:
    """Parameters and what comes back, on one line."""
    try:
        found = inspect.signature(value)
    except ValueError:
        return "(…)"
    parameters = list(found.parameters.values())[1 if bound else 0 :]
    plain = [
        p.replace(annotation=p.empty if p.annotation is p.empty else Plain(typed(p.annotation))) for p in parameters
    ]
    back = found.return_annotation
    return str(found.replace(parameters=plain, return_annotation=back if back is found.empty else Plain(typed(back))))


class Plain:
    """An annotation that shows as it was written, without quotes."""

    def __init__(self, said: str) -> None:
        self.said = said

    def __repr__(self) -> str:
        return self.said


def typed(annotation: Any) -> str:
    """A type as it was written."""
    said = annotation if isinstance(annotation, str) else inspect.formatannotation(annotation)
    return said.strip("'\"")


def docstring(value: Any) -> list[str]:
    """The docstring as Markdown: prose as prose, and from the first section, table or example on one block as it stands."""
    lines = (inspect.getdoc(value) or "").splitlines()
    at = next((k for k, line in enumerate(lines) if NOT_PROSE.match(line)), len(lines))
    prose, rest = lines[:at], lines[at:]
    while prose and not prose[-1]:
        prose.pop()
    return [*prose, *(["", "```text", *rest, "```"] if rest else [])]
