"""The learning curve: a law that is known is found again, and a flat curve promises nothing."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner
from numpy.typing import NDArray

from govtext.cli import curve as verb
from govtext.cli import main
from govtext.errors import BadConfig, BadCorpus
from govtext.taxonomy import Taxonomy, Theme
from govtext.training import curve
from govtext.training.corpus import LabelledDocument, Unit
from govtext.training.curve import Curve, Learn, Need, learning_curve
from govtext.training.exchange.rows import json_rows
from govtext.training.fit import document_groups
from govtext.training.passages import LabelledPassages

TAXONOMY = Taxonomy((Theme("patents", "专利"), Theme("talent", "人才")))
PARAGRAPHS = 8


def document(k: int) -> LabelledDocument:
    """A document of paragraphs that carry one theme each, like no other document."""
    text, units = "", []
    for j in range(PARAGRAPHS):
        line = f"{chr(0x4E00 + k)}局{chr(0x5E00 + j)}项。"
        units.append(Unit(len(text), len(text) + len(line), "p", "done", (TAXONOMY.codes[j % 2],), False, None))
        text += line + "\n"
    return LabelledDocument(str(k), text, tuple(units))


DOCUMENTS = [document(k) for k in range(100)]


def learner(error: float, exponent: float) -> Learn:
    """Learns so that 1 - F1 is error · documents ** -exponent: so many passages get nothing at all."""

    def learn(documents: Sequence[LabelledDocument]) -> curve.Decide:
        wanted = error * len(documents) ** -exponent

        def decide(held: LabelledPassages) -> NDArray[np.bool_]:
            wrong = np.zeros(len(held.themes), bool)
            # A needless theme beside the right one costs one in 2 hits + needless: solved for the share of passages.
            wrong[np.linspace(0, len(wrong) - 1, round(len(wrong) * 2 * wanted / (1 - wanted))).astype(int)] = True
            return held.themes | wrong[:, None]

        return decide

    return learn


def made(learn: Learn, **chosen: Any) -> Curve:
    """The curve of the hundred documents."""
    return learning_curve(DOCUMENTS, TAXONOMY, learn=learn, **chosen)


def test_law_is_found_again_with_what_a_gain_takes() -> None:
    found = made(learner(0.6, 0.4), gains=[0.02])
    assert found.exponent.value == pytest.approx(0.4, abs=0.03)
    assert found.exponent.low <= 0.4 <= found.exponent.high
    error = 0.6 * 100**-0.4
    exact = (0.6 / (error - 0.02)) ** (1 / 0.4) - 100
    (need,) = found.needs
    assert need.documents == pytest.approx(exact, rel=0.15)
    assert (need.low or 0) <= (need.documents or 0) <= (need.high or 0)
    assert found.forecast == pytest.approx(1 - error, abs=0.01)


def test_flat_curve_promises_nothing() -> None:
    found = made(learner(0.2, 0.0))
    assert [(need.documents, need.high) for need in found.needs] == [(None, None), (None, None)]


def test_gain_beyond_a_perfect_score_is_not_promised() -> None:
    assert made(learner(0.9, 0.5), gains=[0.5]).needs == (Need(0.5, None, None, None),)


def test_points_grow_and_hold_each_other() -> None:
    learnt: list[set[str]] = []
    base = learner(0.6, 0.4)

    def learn(documents: Sequence[LabelledDocument]) -> curve.Decide:
        learnt.append({d.id for d in documents})
        return base(documents)

    found = made(learn)
    assert [p.documents for p in found.points] == [10, 20, 40, 60, 80]
    assert [p.passages for p in found.points] == [80, 160, 320, 480, 640]
    assert all(small < large for small, large in zip(learnt, learnt[1:]))
    assert all(p.f1.low <= p.f1.value <= p.f1.high for p in found.points)


def test_copies_are_never_learnt_from_and_measured_on() -> None:
    text = "我局走访企业一百二十家，帮助三十六家解决融资难题，培训技术骨干两百人次，得到群众好评。"
    copies = [
        LabelledDocument(f"c{k}", f"{text}{k}", (Unit(0, len(text), "p", "done", ("talent",), False, None),))
        for k in range(4)
    ]
    assert len(set(document_groups([*DOCUMENTS[:2], *copies]))) == 3
    base = learner(0.6, 0.4)

    def learn(documents: Sequence[LabelledDocument]) -> curve.Decide:
        inside = sum(d.id.startswith("c") for d in documents)

        def decide(held: LabelledPassages) -> NDArray[np.bool_]:
            outside = sum(text[:10] in p.text for p in held.passages)
            assert (inside, outside) in {(0, 0), (4, 0), (0, 4)}
            return base(documents)(held)

        return decide

    learning_curve([*DOCUMENTS, *copies], TAXONOMY, learn=learn, repeats=5)


def test_repeats_hold_out_other_documents_and_say_how_far_they_are() -> None:
    said: list[tuple[int, int]] = []
    found = made(learner(0.6, 0.4), repeats=5, progress=lambda done, total: said.append((done, total)))
    assert found.held_out == 100
    assert said == [(k, 25) for k in range(1, 26)]


def test_order_of_the_documents_changes_nothing() -> None:
    found = learning_curve(DOCUMENTS[::-1], TAXONOMY, learn=learner(0.6, 0.4))
    assert made(learner(0.6, 0.4)) == found


@pytest.mark.parametrize(
    ("chosen", "said"),
    [
        ({"repeats": 6}, "repeats = 6; wanted 1 to 5"),
        ({"repeats": 0}, "repeats = 0; wanted 1 to 5"),
        ({"gains": [1.0]}, r"gains \(1.0,\); wanted gains in F1 within 0–1"),
    ],
)
def test_choices_out_of_range_are_refused(chosen: dict[str, Any], said: str) -> None:
    with pytest.raises(BadConfig, match=said):
        made(learner(0.6, 0.4), **chosen)


def test_few_documents_have_no_curve() -> None:
    with pytest.raises(BadCorpus, match="49 documents that are no copies of each other; a curve needs 50"):
        learning_curve(DOCUMENTS[:49], TAXONOMY, learn=learner(0.6, 0.4))


@pytest.mark.parametrize(
    ("need", "said"),
    [
        (Need(0.01, 120, 80, 200), "+0.01 needs about 120 more documents (80 to 200)"),
        (Need(0.01, 1200, 80, None), "+0.01 needs about 1,200 more documents (80 or more, no upper end)"),
        (Need(0.02, None, None, None), "+0.02 is not to be had from more documents of this kind, by this curve"),
    ],
)
def test_need_in_words(need: Need, said: str) -> None:
    assert said == verb.needed(need)


def test_command_line_shows_table_and_object(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    base = learner(0.6, 0.4)
    monkeypatch.setattr(curve, "_learn_themes", lambda documents, **_: base(documents))
    (tmp_path / "c.jsonl").write_text("".join(json_rows(DOCUMENTS)), encoding="utf-8")
    rows = [f'[[theme]]\ncode = "{t.code}"\nname = "{t.name}"\n' for t in TAXONOMY.themes]
    (tmp_path / "t.toml").write_text("\n".join(["most_per_paragraph = 2", *rows]), encoding="utf-8")
    arguments = ["curve", str(tmp_path / "c.jsonl"), "--themes", str(tmp_path / "t.toml")]
    done = CliRunner().invoke(main, arguments, catch_exceptions=False)
    table = done.stdout.splitlines()
    assert table[1].split()[:2] == ["10", "80"]
    assert table[5].count("█") > table[1].count("█")
    assert "+0.01 needs about" in table[-2]
    assert "5/5 models learnt" in done.stderr
    said = json.loads(CliRunner().invoke(main, [*arguments, "--json"], catch_exceptions=False).stdout)
    assert [p["documents"] for p in said["points"]] == [10, 20, 40, 60, 80]
    assert said["needs"][0]["gain"] == 0.01
