"""Recipes: what a configuration may change, which recipe a corpus asks for, and what single passages learn."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import scipy.sparse as sparse
from click.testing import CliRunner

import govtext
from govtext.cli import main
from govtext.errors import BadConfig, BadCorpus
from govtext.estimators.themes import ThemeClassifier
from govtext.training.corpus import LabelledDocument, Unit, read_unlabelled
from govtext.training.fit import Trained, TrainingConfig, read_config, train
from govtext.training.losses import fit_score, naive_bayes_scale
from govtext.training.recipes import CHOICES, ONLY, RECIPES, recipe_for, to_recipe
from govtext.training.themes import fit_judge
from stored_words import spelt, traces

BUNDLED = Path(__file__).resolve().parents[1] / "models" / "govtext.safetensors"
CANARIES = ("欧阳雪锋", "13907316688")
THEMES = govtext.Taxonomy(
    (govtext.Theme("farm", "农业"), govtext.Theme("road", "交通"), govtext.Theme("health", "医疗")), 1
)
SAID = {
    "farm": ("粮食播种面积稳定", "小麦长势良好，农户增收", "水稻田间管理到位", "果树种植带动农户", "生猪养殖规模扩大"),
    "road": ("公路养护里程增加", "桥梁加固工程完工", "公交线路优化调整", "农村公路全部硬化", "客运站改造完成"),
    "health": ("卫生院床位增加", "家庭医生签约率提高", "医保报销更加方便", "疫苗接种工作有序", "县医院门诊楼投用"),
}


def passage(text: str, *themes: str, role: str | None = None) -> LabelledDocument:
    return LabelledDocument(text, text, (Unit(0, len(text), "p", role, themes, False, None),), whole=False)


@pytest.fixture(scope="module")
def documents() -> list[LabelledDocument]:
    rows = [passage(f"{text}，同比有新进展", code) for code, texts in SAID.items() for text in texts]
    return [*rows, passage(f"小麦病虫害防治由{CANARIES[0]}负责，电话{CANARIES[1]}", "farm")]


@pytest.fixture(scope="module")
def trained(documents: list[LabelledDocument]) -> Trained:
    return train(documents, THEMES)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('recipe = "best"', "recipe = 'best'; wanted documents, lone or auto"),
        ("C = 0", "C = 0; wanted a number above 0"),
        ("C = true", "C = True; wanted a number above 0"),
        ('loss = "hinge"', "loss = 'hinge'; wanted one of svm, ridge, logistic"),
        ("lengths = [1]", r"lengths = \[1\]; wanted two whole numbers"),
        ("lengths = [3, 1]", r"lengths = \(3, 1\); wanted two whole numbers from 1"),
        ("least_documents = 0", "least_documents = 0; wanted a whole number from 1"),
        ("naive_bayes = 1.5", "naive_bayes = 1.5; wanted a number from 0 to 1"),
        ('words = "no"', "words = 'no'; wanted true or false"),
        ("blocks = { body = 1.0 }", "blocks has 'body'; wanted some of text, path, title, opening"),
        ('recipe = "documents"\nnames = 1.0', 'names is read by recipe = "lone" alone'),
        ('recipe = "lone"\ncontext = true', 'context is read by recipe = "documents" alone'),
    ],
)
def test_bad_field_is_said(tmp_path: Path, text: str, says: str) -> None:
    path = tmp_path / "config.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BadConfig, match=says):
        read_config(path)


def test_fields_of_a_configuration_change_the_recipe_and_no_other(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text('recipe = "lone"\nC = 2\nlengths = [1, 3]\nnames = 0', encoding="utf-8")
    name, recipe = read_config(path).recipe_of([])
    assert (name, recipe) == ("lone", replace(RECIPES["lone"], C=2.0, lengths=(1, 3), names=0.0))


def test_every_field_can_be_set() -> None:
    for name, recipe in RECIPES.items():
        for key in CHOICES:
            value = getattr(recipe, key)
            if ONLY.get(key, name) == name and value is not None:
                assert to_recipe(name, {key: value}) == recipe


def test_corpus_chooses_its_recipe(documents: list[LabelledDocument]) -> None:
    assert recipe_for(documents) == "lone"
    assert recipe_for([*documents, passage("出台三项措施", "farm", role="measure")]) == "documents"
    assert recipe_for([*documents, replace(documents[0], whole=True)]) == "documents"


def test_one_label_each_is_decided_by_the_best(trained: Trained, documents: list[LabelledDocument]) -> None:
    said = trained.model.judge.judge(_passages("公路桥梁加固", "田间小麦长势", "xyz"))
    assert said.themes.sum(axis=1) == pytest.approx(1.0)
    assert said.themes.argmax(axis=1)[:2].tolist() == [1, 0]
    assert (said.themes.max(axis=1) >= trained.model.judge.thresholds[:-1].max()).all()
    assert trained.model.header["training"]["recipe"] == {"name": "lone"}


def test_two_labels_a_passage_keep_thresholds(documents: list[LabelledDocument]) -> None:
    model = train(documents, replace(THEMES, most=2)).model
    assert not model.judge.calibration.together
    assert model.judge.thresholds[:-1].min() > 0.01


def test_canary_of_one_document_is_not_in_the_file(documents: list[LabelledDocument], trained: Trained) -> None:
    for canary in CANARIES:
        assert any(canary in d.text for d in documents)
        assert traces(trained.content, canary) == []
        assert canary not in trained.card()
    words = spelt(trained.content)
    assert words["themes.text"]
    for name, bundled in spelt(BUNDLED).items():
        if name.startswith("themes."):
            assert not [word for word in words[name] if re.search("[欧阳雪锋1-9]", word)]
        else:  # the structure is the bundled model's
            assert bundled == words[name]


def test_least_documents_of_one_keeps_what_one_document_says(documents: list[LabelledDocument]) -> None:
    name, number = CANARIES
    content = train(documents, THEMES, config=TrainingConfig(changes={"least_documents": 1, "lengths": (1, 4)})).content
    assert f"themes.text: {name}" in traces(content, name)
    # Of a number only how many digits it has.
    assert traces(content, number) == []
    assert "0" * 4 in spelt(content)["themes.text"]


def test_names_of_labels_are_read_as_texts(documents: list[LabelledDocument]) -> None:
    told, untold = (train(documents, THEMES, config=TrainingConfig(changes={"names": n})).model for n in (1.0, 0.0))
    (asked,) = _passages("医疗")
    assert told.judge.judge([asked]).themes[0, 2] > untold.judge.judge([asked]).themes[0, 2]


def test_saved_model_is_read_by_the_estimator(trained: Trained, tmp_path: Path) -> None:
    trained.save(tmp_path / "m.safetensors")
    estimator = ThemeClassifier.load(tmp_path / "m.safetensors")
    texts = ["公路桥梁加固", "田间小麦长势"]
    assert estimator.predict(texts).tolist() == ["road", "farm"]
    judged = np.vstack([trained.model.judge.judge([p]).themes for p in _passages(*texts)])
    assert estimator.predict_proba(texts) == pytest.approx(judged)


def test_same_bytes_whatever_the_order_and_the_unlabelled_order(documents: list[LabelledDocument]) -> None:
    pool = ["公路通车里程", "小麦播种", "医院扩建", "桥梁维护", "公路养护", "小麦收割"]
    first = train(documents, THEMES, unlabelled=pool)
    assert train(documents[::-1], THEMES, unlabelled=pool[::-1]).content == first.content
    assert first.model.header["training"]["unlabelled"] == len(pool)


def test_unlabelled_texts_need_a_recipe_that_reads_them(documents: list[LabelledDocument]) -> None:
    with pytest.raises(BadConfig, match='unlabelled texts are read by recipe = "lone"'):
        train(documents, THEMES, config=TrainingConfig(recipe="documents"), unlabelled=["公路"])


def test_empty_pool_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "pool.txt"
    path.write_text("\n \n", encoding="utf-8")
    with pytest.raises(BadCorpus, match="no passages; wanted a text file with one a line"):
        read_unlabelled(path)


def test_pool_holds_each_passage_once(tmp_path: Path) -> None:
    path = tmp_path / "pool.txt"
    path.write_text("公路 通车\n公路\t通车\n医院\n", encoding="utf-8")
    assert read_unlabelled(path) == ["公路 通车", "医院"]


def test_without_the_second_stage_scores_are_handed_on(documents: list[LabelledDocument]) -> None:
    judge = fit_judge(documents, THEMES, recipe=to_recipe("documents", {"context": False, "calibrated": False})).judge
    passages = _passages("公路桥梁加固")
    from govtext.scoring.judge import first_stage
    from govtext.scoring.thresholds import sigmoid

    first = first_stage(judge.blocks, judge.intercept, passages)
    assert judge.judge(passages).themes == pytest.approx(sigmoid(first.themes), rel=1e-5)


def test_naive_bayes_scale_lifts_telling_terms() -> None:
    X = sparse.csr_matrix([[1.0, 1.0, 0.0], [1.0, 1.0, 0.0], [1.0, 0.0, 1.0], [1.0, 0.0, 1.0]])
    y, weight = np.array([True, True, False, False]), np.ones(4)
    everywhere, *telling = naive_bayes_scale(X, y, weight, 1.0)
    assert everywhere < min(telling)
    assert naive_bayes_scale(X, y, weight, 0.0).tolist() == [1.0, 1.0, 1.0]


@pytest.mark.parametrize("changes", [{}, {"loss": "ridge"}, {"loss": "logistic"}, {"naive_bayes": 0.5}])
def test_every_loss_tells_two_texts_apart(changes: dict[str, Any]) -> None:
    X, y = sparse.csr_matrix(np.eye(4)), np.array([True, True, False, False])
    recipe = to_recipe("lone", changes)
    weights, intercept = fit_score(X, y, np.ones(4), recipe=recipe, kind="theme", seed=0)
    assert ((X @ weights + intercept > 0) == y).all()


def test_command_trains_lone_passages(documents: list[LabelledDocument], tmp_path: Path) -> None:
    import json

    rows = [{"id": d.id, "text": d.text, "themes": list(d.units[0].themes)} for d in documents]
    (tmp_path / "c.jsonl").write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    (tmp_path / "pool.txt").write_text("公路\n小麦\n", encoding="utf-8")
    themes = "".join(f'[[theme]]\ncode = "{t.code}"\nname = "{t.name}"\n' for t in THEMES.themes)
    (tmp_path / "t.toml").write_text("most_per_paragraph = 1\n" + themes, encoding="utf-8")
    command = ["train", str(tmp_path / "c.jsonl"), "-o", str(tmp_path / "m"), "--themes", str(tmp_path / "t.toml")]
    done = CliRunner().invoke(main, [*command, "--unlabelled", str(tmp_path / "pool.txt"), "--no-page"])
    assert done.exit_code == 0, done.output
    assert govtext.load(tmp_path / "m").header["training"]["unlabelled"] == 2


def _passages(*texts: str) -> list[Any]:
    from govtext.features.passages import Passage

    return [Passage((0,), text, (), "", False, False, 0) for text in texts]
