"""The whole road with the bundled model."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import govtext
from govtext.errors import BadConfig, BadModel, UnreadableReport

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared" / "corpus"
REPORT = (ROOT / "examples" / "kaifaqu-2009.txt").read_text(encoding="utf-8")

texts = st.text(
    st.one_of(
        st.characters(),
        st.sampled_from(
            "一二三四五六七八九十（）()、。．.，：；1２3①第部分是\n\n\r\t \u3000|>—-_*`2009年月日XX市科技企业党建"
        ),
    ),
    max_size=300,
)


@given(texts)
@settings(max_examples=150, deadline=None)
def test_no_character_is_lost(text: str) -> None:
    report = govtext.classify(govtext.Source(text))
    assert report.text == text
    assert "".join(report.text[p.start : p.end] for p in report.paragraphs) == report.text
    for p in report.paragraphs:
        assert p.heading_end is None or p.start < p.heading_end <= p.end
        assert (p.kind == "boilerplate") == (p.boilerplate is not None)
        assert (p.level is not None) == (p.heading is not None)
    ends = [0]
    for s in report.stretches:
        assert ends[-1] <= s.start <= s.end <= len(report.text)
        ends.append(s.end)
    json.dumps(report.to_dicts())


def test_every_field_of_the_api_is_there() -> None:
    report = govtext.classify(REPORT)
    assert report.title == "临湖经济开发区科技局上半年工作总结"
    first = next(p for p in report.paragraphs if p.kind == "heading")
    assert (first.level, first.marker, first.heading) == (1, "一、", "一、上半年主要工作")
    run_in = next(p for p in report.paragraphs if p.heading_end is not None)
    assert run_in.heading is not None
    assert run_in.text.startswith(run_in.heading)
    assert run_in.path[0] == "一、上半年主要工作"
    assert set(run_in.themes) == set(govtext.bundled_taxonomy().codes)
    assert run_in.labels[0] == "party_building"
    assert run_in.role == "done"
    assert any(p.formulaic for p in report.paragraphs)
    junk = [p for p in report.paragraphs if p.boilerplate == "related"]
    assert len(junk) >= 10
    assert all(p.verdict.reason and p.alone.reason and p.verdict.score > 0.5 for p in junk)
    assert all(not p.labels and p.role is None for p in junk)
    assert "相关文章" not in report.body()
    assert [s.kind for s in report.stretches].count("mask") == 1


def test_junk_line_full_of_theme_words_is_junk() -> None:
    report = govtext.classify(REPORT)
    line = next(p for p in report.paragraphs if "高新技术企业培育工作汇报" in p.text)
    assert line.boilerplate == "related"


def test_same_text_from_str_bytes_path_and_file_is_labelled_alike(tmp_path: Path) -> None:
    path = tmp_path / "report.txt"
    path.write_bytes(REPORT.encode("gb18030"))
    reports = [
        govtext.classify(REPORT),
        govtext.classify(REPORT.encode()),
        govtext.classify(path),
        govtext.classify(io.BytesIO(REPORT.encode("utf-16"))),
        govtext.classify(io.StringIO(REPORT)),
        govtext.classify(govtext.read(REPORT)),
    ]
    assert all(r.to_dicts() == reports[0].to_dicts() for r in reports)
    assert [r.source.encoding for r in reports] == [None, "utf-8", "gb18030", "utf-16-le", None, None]


def test_str_that_names_a_file_is_an_error_that_says_so(tmp_path: Path) -> None:
    path = tmp_path / "report.txt"
    path.write_text(REPORT, encoding="utf-8")
    with pytest.raises(UnreadableReport, match="Path"):
        govtext.classify(str(path))


def test_missing_model_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(BadModel, match="no such file; train a model"):
        govtext.load(tmp_path / "none.safetensors")


def test_pickle_as_model_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "model.safetensors"
    path.write_bytes(b"\x80\x04\x95\x10\x00\x00\x00\x00\x00\x00\x00\x8c\x02os\x94.")
    with pytest.raises(BadModel, match="pickle"):
        govtext.load(path)


def test_bundled_model_is_small_and_says_what_it_is() -> None:
    model = govtext.load()
    assert (ROOT / "models" / "govtext.safetensors").stat().st_size <= 4_000_000
    # Keywords are for training; a model file holds none.
    own = [replace(theme, include=(), exclude=(), near=()) for theme in govtext.bundled_taxonomy().themes]
    assert list(model.taxonomy.themes) == own
    assert model.header["training"]["documents"] > 300
    assert len(model.sha256) == 64


def test_both_verdicts_are_kept_with_their_own_scores() -> None:
    report = govtext.classify(REPORT)
    assert any(p.alone.score != p.verdict.score for p in report.paragraphs)


def test_a_run_imports_neither_scikit_learn_nor_jieba() -> None:
    code = (
        "import sys, govtext; govtext.classify('一、工作情况\\n走访企业12家。'); "
        "print([m for m in ('sklearn', 'scipy', 'joblib', 'jieba', 'rjieba', 'safetensors') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code], capture_output=True, text=True, check=False, env=dict(os.environ)
    )
    assert (done.returncode, done.stdout.strip(), done.stderr) == (0, "[]", "")


@pytest.mark.skipif(not (SHARED / "sample.tsv").is_file(), reason="the real sample page is not beside the checkout")
def test_sample_page_is_read_right() -> None:
    from govtext.training.corpus import read_corpus

    (gold,) = read_corpus([SHARED / "sample.tsv"], govtext.bundled_taxonomy())
    report = govtext.classify(Path(SHARED / "sample.txt"))
    found = {report.text[p.start : p.end].strip(): p for p in report.paragraphs if p.text}
    for unit in gold.units:
        text = gold.text[unit.start : unit.end].strip()
        if not text:
            continue
        paragraph = found[text]
        assert (paragraph.boilerplate is not None) == unit.is_boilerplate, text[:20]
        assert paragraph.level == (int(unit.kind[1]) if unit.is_heading else None), text[:20]
        if unit.heading_end is not None:
            assert paragraph.heading == gold.text[unit.start : unit.heading_end].strip()
        if unit.themes and unit.has_body:
            assert paragraph.labels[0] == unit.themes[0], text[:20]


def test_decisions_at_a_risk_change_no_theme_and_send_the_rest_to_review() -> None:
    model = govtext.load()
    report = model.classify(REPORT)
    body = [p for p in report.paragraphs if p.kind == "body" and p.role is not None]
    strict, loose = model.decide(report, risk=0.02), model.decide(report, risk=0.2)
    assert len(strict.status) == len(loose.status) == len(body)
    for status, p in zip(loose.status, body):
        assert status in (("accept", "review") if p.labels else ("none", "review"))
    assert strict.reviewed >= loose.reviewed
    stands = [a != "review" for a in strict.status]
    assert all(b != "review" for kept, b in zip(stands, loose.status) if kept)


@pytest.mark.parametrize(
    ("risk", "promise", "said"),
    [(0.0, "accepted", "risk = 0.0; wanted"), (0.05, "all", "promise 'all'; wanted one of accepted, passages")],
)
def test_a_risk_or_promise_that_cannot_be_is_refused(risk: float, promise: str, said: str) -> None:
    model = govtext.load()
    with pytest.raises(BadConfig, match=said):
        model.decide(model.classify(REPORT), risk=risk, promise=promise)
