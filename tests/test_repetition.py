"""Repetition across reports: what recurs, what was copied, and the same answer in any order."""

import dataclasses
import random
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from govtext.boilerplate import copies, masking, occurrences, repetition, sample
from govtext.boilerplate.masking import is_own, masked
from govtext.boilerplate.repetition import FEWEST, RepetitionModel
from govtext.boilerplate.sample import Sample
from govtext.document import Source
from govtext.errors import BadConfig, BadModel
from pages_of_a_site import SUBJECTS, Doc, page, sentence

pytest.importorskip("datasketch", reason="repeated passages need datasketch: pip install 'govtext[repetition]'")

CASES: dict[str, list[dict[str, Any]]] = tomllib.loads(
    (Path(__file__).parent / "cases" / "repetition.toml").read_text(encoding="utf-8")
)
ROOM = sample.ROOM[0]


def furniture(model: RepetitionModel, doc: Doc) -> list[str]:
    return [doc[1][line.start : line.end] for line in model.recurring(doc) if line.is_furniture]


@pytest.fixture
def saved(tmp_path: Path) -> Callable[[RepetitionModel], bytes]:
    def of(model: RepetitionModel) -> bytes:
        model.save(tmp_path / "model")
        return (tmp_path / "model").read_bytes()

    return of


@pytest.mark.parametrize("case", CASES["mask"], ids=lambda c: c["one"])
def test_lines_that_mask_to_one_form(case: dict[str, Any]) -> None:
    assert case["same"] == (masked(case["one"]) == masked(case["other"]))


@pytest.mark.parametrize("case", CASES["own"], ids=lambda c: c["line"])
def test_lines_with_the_form_of_the_documents_own(case: dict[str, Any]) -> None:
    assert case["own"] == is_own(masked(case["line"]))


@pytest.mark.parametrize("case", CASES["recurring"], ids=lambda c: c["line"])
def test_a_line_in_eight_reports_is_the_sites_or_not(case: dict[str, Any]) -> None:
    docs = [page(n, **{case["where"]: case["line"]}) for n in range(8)]
    model = RepetitionModel().fit(docs)
    assert [case["line"]] * case["furniture"] == [x for x in furniture(model, docs[0]) if x == case["line"]]
    assert case["line"] in [docs[0][1][x.start : x.end] for x in model.recurring(docs[0])]


@pytest.mark.parametrize(("n_others", "found"), [(FEWEST - 1, []), (FEWEST, ["青禾资料网", "打印本页", "上一篇"])])
def test_a_line_must_stand_in_enough_other_reports(n_others: int, found: list[str]) -> None:
    docs = [page(n, back="上一篇") for n in range(n_others + 1)]
    assert found == furniture(RepetitionModel().fit(docs), docs[0])
    assert found == furniture(RepetitionModel().fit(docs[1:]), docs[0])


def test_a_line_on_the_site_of_few_others_beside_it_is_not_the_sites() -> None:
    # The same neighbour in 2 and in 3 of 9 other reports: below and above BESIDE_FROM.
    for together, verdict in ((2, False), (3, True)):
        others = [
            ("青禾资料网" if n < together else f"{SUBJECTS[n]}频道") + f"\n站内导航\n{sentence(n)}" for n in range(9)
        ]
        model = RepetitionModel().fit((str(n), text) for n, text in enumerate(others))
        here = f"青禾资料网\n站内导航\n{sentence(50)}"
        line = next(x for x in model.recurring(("here", here)) if here[x.start : x.end] == "站内导航")
        assert verdict is line.is_furniture
        assert together / 9 == pytest.approx(line.beside)


def test_a_name_of_another_place_each_time_is_not_the_sites() -> None:
    docs = [page(n, front=f"{'青柳松榆杨桐槐梅'[n]}禾市人民政府") for n in range(8)]
    assert "青禾市人民政府" not in furniture(RepetitionModel().fit(docs), docs[0])
    docs = [page(n, front="青禾市人民政府") for n in range(8)]
    assert "青禾市人民政府" in furniture(RepetitionModel().fit(docs), docs[0])


def test_the_pages_edge_is_a_neighbour_only_to_a_line_that_is_everywhere_the_same() -> None:
    for first, found in (("{n}月份科技工作情况", []), ("青禾科技工作情况", ["青禾科技工作情况"])):
        docs = [(str(n), f"{first.format(n=n)}\n{sentence(n)}") for n in range(8)]
        assert found == furniture(RepetitionModel().fit(docs), docs[0])


def test_a_signature_above_a_date_is_not_the_sites() -> None:
    docs = [page(n, behind=f"青禾县科技局\n2023年{n + 1}月6日") for n in range(8)]
    assert furniture(RepetitionModel().fit(docs), docs[0]) == ["青禾资料网", "打印本页"]
    docs = [page(n, behind="青禾县科技局\n版权所有") for n in range(8)]
    assert furniture(RepetitionModel().fit(docs), docs[0]) == ["青禾资料网", "青禾县科技局", "版权所有", "打印本页"]


def test_copies_of_one_report_count_as_one() -> None:
    copies_of_one = [(f"copy {n}", f"{page(0)[1]}\n第{n}次转载") for n in range(9)]
    assert RepetitionModel().fit(copies_of_one).recurring(page(1)) == ()


def test_recurring_lines_say_how_often_and_why() -> None:
    docs = [page(n, back=f"访问量：{n}") for n in range(6)]
    line = RepetitionModel().fit(docs).recurring(docs[0])[-1]
    assert (line.n_reports, line.n_forms, line.beside, line.outside, line.is_furniture) == (5, 5, 1.0, 1.0, True)
    assert line.reason == "in 5 other reports, beside the same line, outside the prose"


def test_sources_and_pairs_count_alike(saved: Callable[[RepetitionModel], bytes]) -> None:
    pairs = [page(n) for n in range(3)]
    assert saved(RepetitionModel().fit(pairs)) == saved(
        RepetitionModel().fit(Source(text, name) for name, text in pairs)
    )


def test_labelled_reports_are_taken_by_their_paragraphs() -> None:
    from govtext.labelling import classify

    flat = classify(Source("一、走访企业\n走访企业120家。二、存在问题\n人员偏少，经费不足。", "flat"))
    model = RepetitionModel().fit([flat])
    kept = next(iter(model._sample.reports.values()))
    assert len(kept.lines) == sum(bool(p.text) for p in flat.paragraphs)


TEXTS = st.lists(
    st.sampled_from(["", " ", "上一篇", "\ud800", "一、甲", "2020年1月1日", *map(sentence, range(6))]), max_size=8
)
DOCS = st.lists(st.tuples(st.sampled_from("abcde"), TEXTS.map("\n".join)), max_size=12)


@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(docs=DOCS, data=st.data())
def test_order_calls_merges_and_repeats_change_no_byte(
    docs: list[Doc], data: st.DataObject, saved: Callable[[RepetitionModel], bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    # Room for a few of the reports only.
    monkeypatch.setattr(sample, "ROOM", (0, ROOM))
    room = data.draw(st.sampled_from([0, 400, 1500, ROOM]))
    shuffled = data.draw(st.permutations(docs + docs[:3]))
    cut, end = sorted(data.draw(st.tuples(*[st.integers(0, len(shuffled))] * 2)))
    divided = RepetitionModel(room).fit(shuffled[:cut])
    divided.merge(RepetitionModel(room).partial_fit(shuffled[cut:end]).merge(RepetitionModel(room).fit(shuffled[end:])))
    whole = RepetitionModel(room).fit(docs)
    assert saved(whole) == saved(divided)
    assert [(whole.recurring(d), whole.copied(d)) for d in docs] == [
        (divided.recurring(d), divided.copied(d)) for d in docs
    ]
    assert sum(r.n_bytes for r in whole._sample.reports.values()) <= room


def test_a_full_sample_keeps_whole_reports_and_says_that_it_is_none_of_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sample, "ROOM", (0, ROOM))
    docs = [page(n) for n in range(10)]
    each = [r.n_bytes for r in RepetitionModel(ROOM).fit(docs)._sample.ordered()]
    for room, n_kept in ((sum(each[:4]) - 1, 3), (sum(each[:4]), 4), (sum(each), 10)):
        model = RepetitionModel(room).fit(docs)
        assert n_kept == model.n_reports
        assert (n_kept == 10) is model.is_whole


def test_a_model_is_the_same_after_save_and_load(tmp_path: Path, saved: Callable[[RepetitionModel], bytes]) -> None:
    docs = [page(n) for n in range(6)]
    model = RepetitionModel(3_000_000).fit(docs)
    sha256 = model.save(tmp_path / "a.repetition")
    loaded = RepetitionModel.load(tmp_path / "a.repetition")
    assert saved(model) == saved(loaded)
    assert sha256 == loaded.save(tmp_path / "b.repetition")
    assert model.recurring(docs[0]) == loaded.recurring(docs[0]) != ()
    assert saved(model.partial_fit([page(7)])) == saved(loaded.partial_fit([page(7)]))


def test_a_loaded_full_sample_stays_full(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sample, "ROOM", (0, ROOM))
    model = RepetitionModel(1500).fit(page(n) for n in range(10))
    model.save(tmp_path / "m")
    loaded = RepetitionModel.load(tmp_path / "m")
    assert model._sample.limit == loaded._sample.limit
    assert not loaded.is_whole


def test_a_damaged_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "m"
    RepetitionModel().fit(page(n) for n in range(2)).save(path)
    content = path.read_bytes()
    dice = random.Random(1)
    for _ in range(60):
        place = dice.randrange(len(content))
        path.write_bytes(content[:place] + bytes([content[place] ^ 1 << dice.randrange(8)]) + content[place + 1 :])
        with pytest.raises(BadModel, match=r"m: "):
            RepetitionModel.load(path)
    for size in (0, 8, 100, len(content) - 1):
        path.write_bytes(content[:size])
        with pytest.raises(BadModel, match=r"cut short|empty|not a safetensors|damaged|govtext"):
            RepetitionModel.load(path)


def test_a_themes_model_is_no_repetition_model() -> None:
    bundled = Path(__file__).parents[1] / "models" / "govtext.safetensors"
    with pytest.raises(BadModel, match="format 'govtext-model'; wanted 'govtext-repetition'"):
        RepetitionModel.load(bundled)


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"reports.n_lines": np.array([1, 1], np.uint32)}, "counts that are not those of its tables"),
        ({"reports.key": np.array([2, 1], np.int64)}, "numbers out of order or beyond its limit"),
        ({"reports.key": np.array([-5, 1], np.int64)}, "numbers out of order or beyond its limit"),
        ({"limit": np.array([5], np.int64)}, "numbers out of order or beyond its limit"),
        ({"reports.content": np.array([-1, 1], np.int64)}, "negative hashes"),
        ({"lines.outside": 2}, "a flag that is neither 0 nor 1"),
        ({"lines.line": 7}, "lines out of order"),
        ({"passages.end": 0}, "an empty passage"),
        ({"reports.names": np.frombuffer(b"\xff" * 10, np.uint8)}, "a name that is not UTF-8"),
    ],
)
def test_a_file_that_says_what_no_sample_may_say_is_refused(
    tmp_path: Path, change: dict[str, Any], problem: str
) -> None:
    from govtext.scoring import modelfile

    RepetitionModel().fit(page(n) for n in range(2)).save(tmp_path / "m")
    arrays, header, _ = modelfile.load(tmp_path / "m", schema=sample.SCHEMA)
    for name, value in change.items():
        arrays[name] = np.full_like(arrays[name], value) if isinstance(value, int) else value
    modelfile.save(tmp_path / "m", arrays, header, schema=sample.SCHEMA)
    with pytest.raises(BadModel, match=problem):
        RepetitionModel.load(tmp_path / "m")


@pytest.mark.parametrize("room", [0, ROOM - 1, sample.ROOM[1] + 1, True, 2e6])
def test_a_room_out_of_range_is_refused(room: Any) -> None:
    with pytest.raises(BadConfig, match=r"most_bytes=.*; wanted a whole number from 1,048,576"):
        RepetitionModel(room)


def test_models_of_different_room_do_not_merge() -> None:
    with pytest.raises(BadConfig, match="merge models of the same most_bytes"):
        RepetitionModel(2_000_000).merge(RepetitionModel(3_000_000))


def test_an_empty_corpus_answers(saved: Callable[[RepetitionModel], bytes]) -> None:
    model = RepetitionModel().fit([])
    assert (model.n_reports, model.recurring(page(0)), model.copied(page(0))) == (0, (), ())
    assert saved(model) == saved(RepetitionModel().fit([]))


def test_patterns_are_bounded(repeats: Callable[[str], tuple[int, int]]) -> None:
    patterns = [masking._NUMBERS, masking._OWN, masking._places(), occurrences._SENTENCES, copies._SENTENCE]
    for pattern in patterns:
        most, nested = repeats(pattern.pattern)
        assert most <= 2000
        assert nested <= 2000


def test_types_are_frozen() -> None:
    for kind in (repetition.RecurringLine, copies.CopiedPassage):
        assert dataclasses.is_dataclass(kind)
        with pytest.raises(dataclasses.FrozenInstanceError, match="cannot assign to field 'start'"):
            setattr(object.__new__(kind), "start", 0)  # noqa: B010
    assert isinstance(RepetitionModel()._sample, Sample)
