"""`govtext model`: what a model file says of itself, and whether it is whole and the one that was meant."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from govtext.cli.write import put
from govtext.labelling import Model, load
from govtext.modelarrays import SCHEMA
from govtext.scoring.modelfile import format_version
from govtext.writing.jsonl import to_line
from govtext.writing.target import one_line
from govtext.writing.width import cut, padded

SUBJECT = 11  # columns
CODE = 28  # columns of a theme's code, and of its name
LONGEST = 400  # columns of a line; a header may have a megabyte
PER_THEME = ("support", "precision", "recall", "F1")  # of a row of the header's figures


@click.group(
    epilog="""
    \b
    Examples:
      govtext model show
      govtext model verify mine.safetensors
    """
)
def model() -> None:
    """Show what a model file holds, or check it."""


@model.command(
    short_help="Show what a model file says of itself.",
    epilog="""
    \b
    Examples:
      govtext model show
      govtext model show mine.safetensors
      govtext model show mine.safetensors --json | jq .sha256

    The bundled model is shown if no FILE is named. Figures are those of documents that the model had not seen when it was
    measured; the card beside a model (.md) and its page (.html) say more.
    """,
)
@click.argument("file", required=False, type=click.Path(path_type=Path), metavar="[FILE]")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def show(file: Path | None, as_json: bool) -> None:
    """Show format, themes, thresholds, figures, training data and SHA-256 of a model."""
    shown = Shown.of(file)
    put(None, [to_line(shown.plain()) + "\n"] if as_json else (f"{line}\n" for line in shown.lines()))


@model.command(
    short_help="Check that a model file is whole, and the one meant.",
    epilog="""
    \b
    Examples:
      govtext model verify mine.safetensors
      govtext model verify mine.safetensors --sha256 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08

    All is checked that is checked when a report is labelled: form, arrays, sizes, values, the SHA-256 of the content
    inside the file. That finds damage; against a file that was exchanged only --sha256 helps, with the number that
    govtext train has printed and that reached you on another road.
    Exit codes: 0 all well, 2 not a model, damaged, or another SHA-256.
    """,
)
@click.argument("file", type=click.Path(path_type=Path), metavar="FILE")
@click.option("--sha256", metavar="HEX", help="The SHA-256 that the file must have.")
def verify(file: Path, sha256: str | None) -> None:
    """Check that a model file is whole, says nothing that no model may say, and is the one meant."""
    shown = Shown.of(file, sha256=sha256)
    meant = "is the one asked for" if sha256 else f"is {shown.model.sha256}; compare it with what govtext train printed"
    click.echo(f"{one_line(str(file))}: whole, {len(shown.model.taxonomy.themes)} themes; its SHA-256 {meant}")


@dataclass(frozen=True, slots=True)
class Shown:
    """A model with the file it stands in, as `show` and `verify` tell of it."""

    file: str
    version: int
    model: Model

    @classmethod
    def of(cls, file: Path | None, *, sha256: str | None = None) -> Shown:
        """The model of a file, all checked; that of govtext for None.

        Raises:
            BadModel: as `govtext.load`.
        """
        loaded = load(file, sha256=sha256)
        # The bundled model is trained again with each version of the format.
        return cls(str(file or "bundled"), SCHEMA.versions[-1] if file is None else format_version(file), loaded)

    def plain(self) -> dict[str, Any]:
        """Everything that the header says, and the SHA-256 of the file."""
        own = {"file": self.file, "format": SCHEMA.format, "format_version": self.version, "sha256": self.model.sha256}
        return {**own, **self.model.header}

    def lines(self) -> Iterator[str]:
        """The same in short; text of the file on one line each, whatever it holds."""
        header = self.model.header
        training, figures = header["training"], header["figures"]
        yield _line("model", self.file)
        yield _line("format", f"{SCHEMA.format} {self.version}")
        yield _line("SHA-256", self.model.sha256)
        yield _line("trained on", _told({k: v for k, v in training.items() if not isinstance(v, dict | list)}))
        yield _line("data", ", ".join(map(str, _listed(training.get("sources")))))
        yield _line("with", _told(header["versions"]))
        yield _line("seed", str(header["seed"]))
        ranges = figures.get("intervals")
        for name, value in figures.items():
            if isinstance(value, float | int):
                yield _line("figure", f"{name} {value:.3f}{_range(ranges, name)}")
        yield _line("themes", f"{len(header['themes'])}, at most {header['most']} a paragraph")
        yield from self._themes(figures.get("themes"))

    def _themes(self, figures: Any) -> Iterator[str]:
        measured = figures if isinstance(figures, Mapping) else {}
        head = "".join(f"{name:>11}" for name in ("threshold", *PER_THEME))
        yield f"{padded('code', CODE)}{padded('name', CODE)}{head}"
        for row in self.model.header["themes"]:
            cells = f"{row['threshold']:>11.3f}" + "".join(map(_cell, _listed(measured.get(row["code"]))))
            yield f"{padded(row['code'], CODE)}{padded(cut(one_line(row['name']), CODE - 2), CODE)}{cells}".rstrip()
        yield f"{padded('(formulaic)', 2 * CODE)}{self.model.header['formulaic_threshold']:>11.3f}"


def _line(subject: str, text: str) -> str:
    return f"{padded(subject, SUBJECT)} {cut(one_line(text), LONGEST) or '(not said)'}"


def _told(table: Mapping[str, Any]) -> str:
    return ", ".join(f"{name} {value}" for name, value in table.items())


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _cell(value: Any) -> str:
    return f"{value:>11.3f}" if isinstance(value, float) else f"{one_line(str(value))[:10]:>11}"


def _range(ranges: Any, name: str) -> str:
    """The 95 % interval of a figure, if the header has one."""
    found = _listed(ranges.get(name)) if isinstance(ranges, Mapping) else []
    if len(found) != 2 or not all(isinstance(value, float) for value in found):
        return ""
    return f"   {found[0]:.3f} to {found[1]:.3f}, 95 % of documents drawn anew"
