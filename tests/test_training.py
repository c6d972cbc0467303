"""Training from labelled documents: the same bytes, the right refusals, what it says it learnt."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

import govtext
from govtext.cli import main
from govtext.errors import BadConfig, BadCorpus
from govtext.training.corpus import LabelledDocument, read_corpus
from govtext.training.fit import TrainingConfig, read_config, train

OWN = Path(__file__).resolve().parents[1] / "examples" / "own-themes"


@pytest.fixture(scope="module")
def taxonomy() -> govtext.Taxonomy:
    return govtext.read_taxonomy(OWN / "themes.toml")


@pytest.fixture(scope="module")
def documents(taxonomy: govtext.Taxonomy) -> list[LabelledDocument]:
    return read_corpus([OWN / "labelled.jsonl"], taxonomy)


@pytest.fixture(scope="module")
def content(documents: list[LabelledDocument], taxonomy: govtext.Taxonomy) -> bytes:
    return train(documents, taxonomy).content


def test_same_bytes_whatever_the_order_of_documents(
    documents: list[LabelledDocument], taxonomy: govtext.Taxonomy, content: bytes
) -> None:
    assert train(documents[::-1], taxonomy).content == content


def test_same_bytes_whatever_the_number_of_jobs(
    documents: list[LabelledDocument], taxonomy: govtext.Taxonomy, content: bytes
) -> None:
    assert train(documents, taxonomy, jobs=2).content == content


def test_other_seed_is_another_model(
    documents: list[LabelledDocument], taxonomy: govtext.Taxonomy, content: bytes
) -> None:
    assert train(documents, taxonomy, config=TrainingConfig(seed=1)).content != content


def test_trained_model_knows_its_own_themes(
    documents: list[LabelledDocument], taxonomy: govtext.Taxonomy, tmp_path: Path
) -> None:
    trained = train(documents, taxonomy, sources=["own"])
    path = tmp_path / "own.safetensors"
    assert trained.save(path) == trained.model.sha256
    report = govtext.load(path).classify(OWN / "report.txt")
    told = [p.labels[:1] for p in report.paragraphs if p.heading_end is not None]
    assert told == [("transport",), ("education",), ("health",)]
    assert report.theme_names["health"] == "医疗卫生"
    assert [row.support for row in trained.themes] == [9, 9, 9]


def test_theme_without_example_is_named(documents: list[LabelledDocument], taxonomy: govtext.Taxonomy) -> None:
    extra = govtext.Taxonomy((*taxonomy.themes, govtext.Theme("sport", "体育")), 2)
    with pytest.raises(BadCorpus, match="theme 'sport' has no example"):
        train(documents, extra)


def test_too_few_documents_are_refused(documents: list[LabelledDocument], taxonomy: govtext.Taxonomy) -> None:
    with pytest.raises(BadCorpus, match="4 labelled documents; wanted at least 5"):
        train(documents[:4], taxonomy)


def test_structure_cannot_be_trained_on_single_paragraphs(
    documents: list[LabelledDocument], taxonomy: govtext.Taxonomy
) -> None:
    with pytest.raises(BadCorpus, match="needs whole pages"):
        train(documents, taxonomy, config=TrainingConfig(structure="train"))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("sed = 1", "unknown key 'sed'; wanted seed, structure"),
        ("seed = -1", "seed = -1; wanted a whole number"),
        ("seed = true", "seed = True; wanted a whole number"),
        ('structure = "mine"', "structure = 'mine'; wanted"),
        ("seed 1", "cannot be read as TOML"),
    ],
)
def test_bad_config_is_said(tmp_path: Path, text: str, says: str) -> None:
    path = tmp_path / "config.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BadConfig, match=says):
        read_config(path)


def test_command_trains_and_says_what_it_learnt(tmp_path: Path) -> None:
    out = tmp_path / "m.safetensors"
    config = tmp_path / "c.toml"
    config.write_text("seed = 3\n", encoding="utf-8")
    arguments = ["train", str(OWN / "labelled.jsonl"), "-o", str(out), "--themes", str(OWN / "themes.toml")]
    done = CliRunner().invoke(main, [*arguments, "--config", str(config)])
    assert done.exit_code == 0, done.output
    assert "transport" in done.output
    assert "precision" in done.output
    assert govtext.load(out).header["seed"] == 3


def test_command_names_file_and_line_of_a_bad_label(tmp_path: Path) -> None:
    rows = [json.loads(line) for line in (OWN / "labelled.jsonl").read_text(encoding="utf-8").splitlines()]
    rows[2]["themes"] = ["sport"]
    path = tmp_path / "bad.jsonl"
    path.write_text("\n".join(json.dumps(r, ensure_ascii=False) for r in rows), encoding="utf-8")
    done = CliRunner().invoke(
        main, ["train", str(path), "-o", str(tmp_path / "m"), "--themes", str(OWN / "themes.toml")]
    )
    assert done.exit_code == 2
    assert "bad.jsonl:3: unknown theme 'sport'" in done.output
    assert not (tmp_path / "m").exists()


def test_weights_change_the_model(
    documents: list[LabelledDocument], taxonomy: govtext.Taxonomy, content: bytes
) -> None:
    weights = [1.0 + (i % 2) for i in range(len(documents))]
    assert train(documents, taxonomy, weights=weights).content != content


def test_single_paragraph_with_a_heading_is_a_document_of_one_passage(taxonomy: govtext.Taxonomy) -> None:
    (document, *_) = read_corpus([OWN / "labelled.jsonl"], taxonomy)
    from govtext.training.passages import labelled_passages

    rows = labelled_passages([replace(document, heading="一、交通")], taxonomy)
    assert [p.headings for p in rows.passages] == [("一、交通",)]
