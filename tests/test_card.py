"""The model card: what it says, that Markdown shows names as they are, and that nothing of the corpus's text is in it."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from click.testing import CliRunner

import govtext
from govtext.cli import main
from govtext.evaluation.card import card, plain
from govtext.evaluation.intervals import Interval
from govtext.evaluation.record import Record
from govtext.training.corpus import read_corpus
from govtext.training.fit import Trained, train
from made_records import made_record
from stored_words import traces

OWN = Path(__file__).resolve().parents[1] / "examples" / "own-themes"
PERSON, PHONE = "欧阳枫岚", "13800021357"


@dataclass(frozen=True)
class Learnt:
    documents: int
    f1: Interval


@pytest.fixture(scope="module")
def record() -> Record:
    return made_record()


@pytest.fixture(scope="module")
def trained() -> Trained:
    """A model of documents one of which holds a name and a number, in its text and in its header."""
    taxonomy = govtext.read_taxonomy(OWN / "themes.toml")
    first, *others = read_corpus([OWN / "labelled.jsonl"], taxonomy)
    text = f"联系人{PERSON}，电话{PHONE}。{first.text}"
    units = (replace(first.units[0], end=len(text)),)
    canary = replace(
        first, id=PERSON, text=text, units=units, header={"path": PHONE, "source": PERSON, "author": PERSON}
    )
    return train([canary, *others], taxonomy, sources=["labelled.jsonl"])


def test_nothing_of_the_corpus_is_in_card_page_or_record(trained: Trained) -> None:
    for said in (trained.card(), trained.page(), repr(trained.record)):
        assert PERSON not in said
        assert PHONE not in said
    # Nor any run of eight characters of a text: the words of card and page are their own.
    texts = [d.text for d in read_corpus([OWN / "labelled.jsonl"], trained.model.taxonomy)]
    runs = {text[i : i + 8] for text in texts for i in range(len(text) - 7)}
    said = trained.card() + trained.page()
    assert not [run for run in runs if run in said]


def test_nothing_of_one_document_is_in_the_model_file(trained: Trained) -> None:
    assert [traces(trained.content, canary) for canary in (PERSON, PHONE)] == [[], []]


def test_card_and_page_name_the_model_file_they_belong_to(trained: Trained) -> None:
    for said in (trained.card(name="mine.safetensors"), trained.page(name="mine.safetensors")):
        assert trained.model.sha256 in said
        assert "mine.safetensors" in said


def test_same_bytes_and_a_date_only_where_one_was_given(trained: Trained) -> None:
    assert trained.card() == trained.card()
    assert trained.page() == trained.page()
    assert not re.search(r"\b20\d\d-\d\d-\d\d\b", trained.card() + trained.page())
    assert "2026-11-24" in trained.card(date="2026-11-24")
    assert "2026-11-24" in trained.page(date="2026-11-24")


@pytest.mark.parametrize(
    "said",
    ["## 局限 · Limits", "## 各主题的 F1 · F1 by theme", "## 易混主题", "## 概率校准", "## 划分", "| 人才 |", "ab" * 32, "cd" * 32],
)  # fmt: skip
def test_card_says(record: Record, said: str) -> None:
    assert said in card(record)


def test_every_row_of_a_table_has_the_columns_of_its_head(record: Record) -> None:
    width = 0
    for line in card(record).splitlines():
        cells = len(re.findall(r"(?<!\\)\|", line))
        if line.startswith("|"):
            assert cells == (width or cells)
            width = cells
        else:
            width = 0


def test_learning_curve_is_in_the_card_if_there_is_one(record: Record) -> None:
    assert "学习曲线" not in card(record)
    assert "| 100 | 0.800 (0.700–0.900) |" in card(replace(record, curve=(Learnt(100, Interval(0.8, 0.7, 0.9)),)))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("人才", "人才"),
        ("a|b", "a\\|b"),
        ("<img>", "\\<img\\>"),
        ("[a](b)", "\\[a\\](b)"),
        ("a\nb", "a\N{REPLACEMENT CHARACTER}b"),
    ],
)
def test_name_is_shown_as_it_is(text: str, shown: str) -> None:
    assert plain(text) == shown


@pytest.fixture
def ready(trained: Trained, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    monkeypatch.setattr("govtext.training.fit.train", lambda *_, **__: trained)
    return ["train", str(OWN / "labelled.jsonl"), "--themes", str(OWN / "themes.toml"), "-o"]


def test_command_writes_card_and_page_beside_the_model(ready: list[str], trained: Trained, tmp_path: Path) -> None:
    done = CliRunner().invoke(main, [*ready, str(tmp_path / "m.safetensors"), "--date", "2026-11-24"])
    assert done.exit_code == 0, done.output
    assert (tmp_path / "m.md").read_text(encoding="utf-8") == trained.card(name="m.safetensors", date="2026-11-24")
    assert (tmp_path / "m.html").read_text(encoding="utf-8") == trained.page(name="m.safetensors", date="2026-11-24")
    assert "m.md: model card" in done.output
    assert "m.html: evaluation page" in done.output


def test_command_writes_the_model_alone_if_told_so(ready: list[str], tmp_path: Path) -> None:
    done = CliRunner().invoke(main, [*ready, str(tmp_path / "m.md"), "--no-page"])
    assert done.exit_code == 0, done.output
    assert [path.name for path in tmp_path.iterdir()] == ["m.md"]


def test_command_refuses_a_model_named_as_its_card(ready: list[str], tmp_path: Path) -> None:
    done = CliRunner().invoke(main, [*ready, str(tmp_path / "m.md")])
    assert done.exit_code == 2
    assert "name it m.safetensors, or pass --no-page" in done.output
    assert not list(tmp_path.iterdir())
