"""The figures that were measured belong to this model, and no floor is broken."""

from __future__ import annotations

import json
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

import govtext
from govtext.training.corpus import read_corpus

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "benchmarks"))
import quality  # noqa: E402  (benchmarks/quality.py, run by make quality)

FLOORS: dict[str, dict[str, float]] = tomllib.loads((ROOT / "models" / "floors.toml").read_text(encoding="utf-8"))
MEASURED: dict[str, Any] = json.loads((ROOT / "models" / "quality.json").read_text(encoding="utf-8"))
CASES = [(part, name) for part, row in FLOORS.items() if part != "seen" for name in row]
EVERY = 13  # authored documents between two that the bundled model is tried on


@pytest.mark.parametrize(("part", "name"), CASES)
def test_held_out_figure_keeps_its_floor(part: str, name: str) -> None:
    assert MEASURED["figures"][part][name] >= FLOORS[part][name]


def test_figures_were_measured_on_the_data_of_the_bundled_model() -> None:
    assert govtext.load().header["training"]["sha256"] == MEASURED["data_sha256"]


def test_card_is_of_this_model() -> None:
    assert govtext.load().sha256 in (ROOT / "models" / "govtext.md").read_text(encoding="utf-8")


@pytest.mark.skipif(not quality.SCORE.is_file(), reason="the yardstick corpus/score.py is not beside the checkout")
def test_bundled_model_reads_what_it_was_trained_on(tmp_path: Path) -> None:
    paths = sorted((ROOT / "corpus" / "authored").glob("*.tsv"))[::EVERY]
    documents = read_corpus(paths, govtext.bundled_taxonomy())
    figures = quality.score(documents, quality.predicted_lines(govtext.load(), documents, tmp_path), tmp_path)
    assert {name: figures[name] for name, floor in FLOORS["seen"].items() if figures[name] < floor} == {}
