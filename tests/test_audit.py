"""Labels that out-of-fold scores doubt: which, how much, and where they stand."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pytest
from click.testing import CliRunner

from govtext.cli import audit as verb
from govtext.cli import main
from govtext.document import ROLES
from govtext.errors import BadCorpus
from govtext.taxonomy import Taxonomy, Theme
from govtext.training import audit, themes
from govtext.training.audit import Doubt, doubts, read_with_files
from govtext.training.corpus import LabelledDocument, Unit
from govtext.training.passages import labelled_passages
from govtext.training.themes import Fitted

TAXONOMY = Taxonomy((Theme("patents", "专利"), Theme("talent", "人才")))
LINES = ("一、工作", "授权专利120件。", "引进博士12名。", "召开会议。")


def document(name: str = "a") -> LabelledDocument:
    """A heading and three paragraphs: patents, talent, formulaic."""
    text, units = "", []
    labels: tuple[tuple[str, tuple[str, ...], bool], ...] = (
        ("h1", (), False), ("p", ("patents",), False), ("p", ("talent",), False), ("p", (), True)
    )  # fmt: skip
    for line, (kind, codes, formulaic) in zip(LINES, labels):
        units.append(Unit(len(text), len(text) + len(line), kind, "done", codes, formulaic, None))
        text += line + "\n"
    return LabelledDocument(name, text + name, tuple(units))


def fitted(documents: list[LabelledDocument], **changed: Any) -> Fitted:
    """What a model says that agrees with all labels, but for what is changed: (row, column) → probability."""
    rows = labelled_passages(documents, TAXONOMY)
    probabilities = np.where(rows.themes, 0.9, 0.1)
    roles = np.where(np.arange(len(ROLES)) == rows.role[:, None], 5.0, 0.0)
    formulaic = np.where(rows.formulaic, 0.8, 0.2)
    for (row, column), p in changed.get("themes", {}).items():
        probabilities[row, column] = p
    for row, role in changed.get("roles", {}).items():
        roles[row] = np.where(np.arange(len(ROLES)) == ROLES.index(role), 8.0, 0.0)
    for row, p in changed.get("formulaic", {}).items():
        formulaic[row] = p
    said = {"themes": probabilities, "decided": probabilities >= 0.5, "roles": roles}
    return cast(Fitted, SimpleNamespace(passages=rows, formulaic=formulaic, formulaic_decided=formulaic >= 0.5, **said))


def short(found: list[Doubt]) -> list[tuple[str, str, float, int]]:
    """Kind, label, doubt, unit."""
    return [(d.kind, d.label, round(d.doubt, 3), d.unit) for d in found]


def test_agreement_is_no_doubt() -> None:
    assert doubts([document()], fitted([document()]), TAXONOMY) == []


def test_most_doubted_label_comes_first() -> None:
    said = fitted([document()], themes={(1, 0): 0.05, (1, 1): 0.7, (2, 0): 0.99}, roles={3: "plan"}, formulaic={3: 0.1})
    found = doubts([document()], said, TAXONOMY)
    assert short(found) == [
        ("role", "plan", 1.0, 4),
        ("missing", "patents", 0.99, 3),
        ("needless", "patents", 0.95, 2),
        ("formulaic", "-", 0.9, 4),
        ("missing", "talent", 0.7, 2),
    ]
    assert (found[1].given, found[1].said, found[1].text) == ("done talent", "done patents,talent", "引进博士12名。")
    assert (found[0].given, found[0].said) == ("done F", "plan -")


def test_place_points_into_the_document() -> None:
    both = [document("a"), document("b")]
    (found,) = doubts(both, fitted(both, themes={(6, 0): 0.9}), TAXONOMY, files={both[1].digest: "b.tsv"})
    assert (found.file, found.document, found.unit) == ("b.tsv", "b", 3)
    assert both[1].text[found.start : found.end] == "引进博士12名。"


@pytest.mark.parametrize(("doubt_from", "n"), [(0.69, 1), (0.7, 1), (0.71, 0)])
def test_small_doubts_are_left_out(doubt_from: float, n: int) -> None:
    said = fitted([document()], themes={(1, 1): 0.7})
    assert len(doubts([document()], said, TAXONOMY, doubt_from=doubt_from)) == n


def test_kinds_can_be_chosen() -> None:
    said = fitted([document()], themes={(1, 0): 0.05}, roles={3: "plan"})
    assert [d.kind for d in doubts([document()], said, TAXONOMY, kinds=["needless"])] == ["needless"]


def test_headings_are_not_judged() -> None:
    assert doubts([document()], fitted([document()], themes={(0, 0): 0.99}, roles={0: "plan"}), TAXONOMY) == []


def test_fit_of_other_documents_is_refused() -> None:
    with pytest.raises(BadCorpus, match="2 documents, fitted on 1; fit on these"):
        doubts([document("a"), document("b")], fitted([document()]), TAXONOMY)


THEMES = (
    'most_per_paragraph = 2\n[[theme]]\ncode = "patents"\nname = "专利"\n[[theme]]\ncode = "talent"\nname = "人才"\n'
)


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """Six documents of three paragraphs in one folder."""
    folder = tmp_path / "corpus"
    folder.mkdir()
    for k, place in enumerate("东西南北中上"):
        rows = ["h1\tdone\t-\t一、工作", f"p\tdone\tpatents\t{place}授权专利。", f"p\tdone\ttalent\t{place}引进博士。"]
        (folder / f"d{k}.tsv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    (tmp_path / "themes.toml").write_text(THEMES, encoding="utf-8")
    return folder


def test_documents_are_read_with_their_files(corpus: Path) -> None:
    documents, files = read_with_files([corpus], TAXONOMY)
    assert [files[d.digest] for d in documents] == [f"{corpus.as_posix()}/{d.id}.tsv" for d in documents]
    with pytest.raises(BadCorpus, match="1 labelled documents; wanted at least 5, to judge each by others"):
        read_with_files([corpus / "d1.tsv"], TAXONOMY)


@pytest.mark.parametrize("form", ["--json", "--csv", None])
def test_command_line_writes_each_form(corpus: Path, monkeypatch: pytest.MonkeyPatch, form: str | None) -> None:
    monkeypatch.setattr(themes, "fit_judge", lambda documents, *_, **__: fitted(documents, themes={(1, 1): 0.875}))
    arguments = ["audit", str(corpus), "--themes", str(corpus.parent / "themes.toml")]
    done = CliRunner().invoke(main, [*arguments, *([form] if form else [])], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    assert "1 doubts, 1 shown" in done.stderr
    if form == "--json":
        row = json.loads(done.stdout)
        assert (row["kind"], row["doubt"], row["unit"], row["said"]) == ("missing", 0.875, 2, "done patents,talent")
        assert Path(row["file"]).stem == row["document"]
    elif form == "--csv":
        (row,) = csv.DictReader(io.StringIO(done.stdout.removeprefix("\N{ZERO WIDTH NO-BREAK SPACE}")))
        assert tuple(row) == verb.FIELDS
        assert row["label"] == "talent"
    else:
        assert "0.875  missing   talent" in done.stdout
        assert "labelled done patents; model done patents,talent" in done.stdout


def test_command_line_offers_the_kinds_there_are() -> None:
    assert verb.KINDS == audit.KINDS
    assert set(verb.FIELDS) == set(Doubt.__dataclass_fields__)
