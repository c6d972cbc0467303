"""Every version of the model format that was ever written: still read with the same answers, or refused with its sentence.

A new version: take the next number in `SCHEMA.versions` (govtext/modelarrays.py), the older ones staying there as long as they are
read; run `python tests/golden_models.py`, which writes `golden/models/vN.safetensors` and `vN.jsonl`; add N to `READ` here.
A version that is given up goes from `SCHEMA.versions` and from `READ` to `REFUSED`; its files stay and must be refused.

Answers that change for an old file are a fault, unless the change is in what no file holds, such as a rule for lines: then
it is in the changelog, and the answers are written anew (delete vN.jsonl, `python tests/golden_models.py --answers N`).
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

import govtext
from golden_models import FOLDER, N_TEXTS, answers
from govtext.errors import BadModel
from govtext.labelling import Model
from govtext.modelarrays import SCHEMA, decode_model
from govtext.scoring.modelfile import encode, load

# Version → SHA-256 of its golden model, which is never written again.
READ = {2: "679a3f54ab8a6bbbc15d58c4671e125fd6f3d3d9e35f2775903e48b7f54fddae"}
# Versions that no file is left of, or that are no longer read.
REFUSED = (1,)
CLOSE = 1e-9  # of a probability: sums come in another order on another processor


def test_every_version_that_is_read_has_its_model_and_no_other() -> None:
    assert set(SCHEMA.versions) == set(READ)
    assert {path.name for path in FOLDER.iterdir()} == {f"v{n}.{end}" for n in READ for end in ("safetensors", "jsonl")}


@pytest.mark.parametrize("version", READ)
def test_a_golden_model_is_the_file_that_was_written(version: int) -> None:
    content = (FOLDER / f"v{version}.safetensors").read_bytes()
    assert hashlib.sha256(content).hexdigest() == READ[version]


@pytest.fixture(scope="module", params=READ)
def golden(request: pytest.FixtureRequest) -> tuple[Model, list[dict[str, Any]]]:
    """A golden model and what was kept of its answers."""
    path = FOLDER / f"v{request.param}.safetensors"
    lines = path.with_suffix(".jsonl").read_text(encoding="utf-8").splitlines()
    return govtext.load(path), [json.loads(line) for line in lines]


def test_a_golden_model_says_of_200_texts_what_it_said(golden: tuple[Model, list[dict[str, Any]]]) -> None:
    model, kept = golden
    assert len(kept) == len({line["text"] for line in kept}) == N_TEXTS
    other, farthest = [], 0.0
    for number, line in enumerate(kept):
        now = answers(model.classify(line["text"]))
        scores, before = ([s for p in found for s in p.pop("scores")] for found in (now, line["paragraphs"]))
        if now != line["paragraphs"] or len(scores) != len(before):
            other.append(number)
        else:
            farthest = max(farthest, *np.abs(np.subtract(scores, before)).tolist())
    assert (other, farthest <= CLOSE) == ([], True)


def test_the_texts_of_a_golden_model_have_every_kind_and_theme(golden: tuple[Model, list[dict[str, Any]]]) -> None:
    model, kept = golden
    paragraphs = [p for line in kept for p in line["paragraphs"]]
    assert {p["kind"][0] for p in paragraphs} == {"title", "meta", "heading", "body", "boilerplate"}
    assert {code for p in paragraphs for code in p["labels"]} == set(model.taxonomy.codes)
    assert {p["role"] for p in paragraphs} >= {"done", "problem", "plan", None}


@pytest.mark.parametrize("version", [*REFUSED, max(READ) + 1])
def test_a_version_that_is_not_read_is_refused_with_one_sentence(version: int) -> None:
    arrays, header, _ = load(FOLDER / f"v{max(READ)}.safetensors", schema=SCHEMA)
    content = encode(arrays, header, schema=replace(SCHEMA, versions=(version,)))
    wanted = " or ".join(map(str, SCHEMA.versions))
    says = f"m: format version {version}; this govtext reads {wanted}: update govtext, or train the model again"
    with pytest.raises(BadModel, match=f"^{says}$"):
        decode_model(content, "m")
