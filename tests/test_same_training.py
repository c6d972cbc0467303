"""Training twice gives one file, whatever the workers, the order of documents and the hash seed; copies never leak."""

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from govtext.taxonomy import bundled_taxonomy
from govtext.training.corpus import LabelledDocument, read_corpus
from govtext.training.fit import document_groups
from govtext.training.recipes import RECIPES
from govtext.training.themes import fit_judge

CORPUS = Path(__file__).parents[1] / "corpus" / "authored"
NAMES = ("A061", "A063", "A065", "B072", "B076", "B078")  # short ones
THEMES = bundled_taxonomy()
PROGRAM = """
import hashlib, sys
from pathlib import Path
from govtext.taxonomy import Taxonomy, bundled_taxonomy
from govtext.training.corpus import read_corpus
from govtext.training.fit import TrainingConfig, train
jobs, recipe, *paths = sys.argv[1:]
documents = [d for path in paths for d in read_corpus([Path(path)], bundled_taxonomy())]
seen = {t for d in documents for u in d.units for t in u.themes}
themes = Taxonomy(tuple(t for t in bundled_taxonomy().themes if t.code in seen))
content = train(documents, themes, config=TrainingConfig(recipe=recipe), jobs=int(jobs)).content
print(hashlib.sha256(content).hexdigest())
"""


def trained_in_a_process(jobs: int, recipe: str, paths: list[Path], hash_seed: str) -> str:
    command = [sys.executable, "-c", PROGRAM, str(jobs), recipe, *map(str, paths)]
    environment = {**os.environ, "PYTHONHASHSEED": hash_seed}
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=environment)
    return done.stdout.strip()


@pytest.mark.parametrize("recipe", ["documents", "lone"])
def test_one_file_for_one_corpus(recipe: str) -> None:
    paths = [CORPUS / f"{name}.tsv" for name in NAMES]
    once = trained_in_a_process(1, recipe, paths, "0")
    assert len(once) == 64
    assert trained_in_a_process(2, recipe, paths[::-1], "4711") == once


@pytest.mark.parametrize("recipe", ["documents", "lone"])
def test_copies_of_a_document_are_on_one_side_of_every_split(recipe: str) -> None:
    documents = [d for name in NAMES for d in read_corpus([CORPUS / f"{name}.tsv"], THEMES)]
    copies = [replace(d, id=f"{d.id}-copy", text=d.text.replace("20", "21")) for d in documents[:3]]
    everything: list[LabelledDocument] = [*documents, *copies]
    fitted = fit_judge(everything, THEMES, groups=document_groups(everything), recipe=RECIPES[recipe])
    for k in range(3):
        rows = [np.flatnonzero(fitted.passages.document == i) for i in (k, len(documents) + k)]
        assert len({int(f) for row in rows for f in fitted.fold[row]}) == 1
        assert len({int(g) for row in rows for g in fitted.group[row]}) == 1
