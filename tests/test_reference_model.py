"""The fast code says what plain scikit-learn says from the same arrays: themes, roles, formulaic; scores of lines and cuts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array

import govtext
from govtext.boilerplate.lines import to_lines
from govtext.features.ngrams import join
from govtext.features.passages import Passage, to_passages
from govtext.features.vocabulary import Vocabulary
from govtext.labelling import Model
from govtext.layout import to_layout
from govtext.modelarrays import SCHEMA, decode_model
from govtext.scoring.judge import ARRAYS, AT_ONCE
from govtext.scoring.modelfile import encode, load
from govtext.scoring.network import ROWS
from govtext.scoring.scorer import CHUNK, STRETCH, Block, rows, saturated_sums, saturation, sums
from govtext.segmentation.lines import to_stream
from govtext.segmentation.places import CARDINALITY, CUT_CROSSES, Places
from govtext.segmentation.places import crossed as fast_crossed
from govtext.taxonomy import bundled_taxonomy
from govtext.training.corpus import LabelledDocument, read_corpus
from govtext.training.matrices import occurrences
from govtext.training.variants import flattened, widths_swapped, wrapped
from reference_lines import crossed, line_scores, spoken
from reference_model import BLOCKS, Arrays, Difference, ReferenceModel, compared, counter_of, terms_of

ROOT = Path(__file__).resolve().parents[1]
EXAMPLE = (ROOT / "examples" / "kaifaqu-2009.txt").read_text(encoding="utf-8")
AUTHORED = sorted((ROOT / "corpus" / "authored").glob("*.tsv"))[::50]
NEAR = 1e-5  # of probabilities and scores
VARIANTS = {"flattened": flattened, "widths swapped": widths_swapped, "wrapped": wrapped}


@pytest.fixture(scope="module")
def stored() -> tuple[Arrays, Mapping[str, Any]]:
    arrays, header, sha256 = load(ROOT / "models" / "govtext.safetensors", schema=SCHEMA)
    assert govtext.load().sha256 == sha256
    return arrays, header


@pytest.fixture(scope="module")
def reference(stored: tuple[Arrays, Mapping[str, Any]]) -> ReferenceModel:
    return ReferenceModel.of(*stored)


@pytest.fixture(scope="module")
def model() -> Model:
    return govtext.load()


def document(path: Path) -> LabelledDocument:
    (found,) = read_corpus([path], bundled_taxonomy())
    return found


def passages_of(text: str, model: Model) -> list[Passage]:
    return to_passages(text, to_layout(text, model.structure).paragraphs)


def check(model: Model, reference: ReferenceModel, passages: list[Passage]) -> None:
    """The model judges passages as the reference does."""
    difference = Difference.of(reference.judge(passages), model.judge.judge(passages))
    assert difference.score <= NEAR, difference


def check_report(model: Model, reference: ReferenceModel, text: str) -> None:
    """The model labels a text as the reference does."""
    difference = compared(model, reference, text)
    assert difference.paragraphs > 0
    assert difference.labels == 0, difference
    assert difference.score <= NEAR, difference


def test_the_example_is_labelled_as_by_the_reference(model: Model, reference: ReferenceModel) -> None:
    check_report(model, reference, EXAMPLE)


@pytest.mark.parametrize("path", AUTHORED, ids=lambda path: path.stem)
def test_reports_are_labelled_as_by_the_reference(model: Model, reference: ReferenceModel, path: Path) -> None:
    check_report(model, reference, document(path).text)


@pytest.mark.parametrize("way", VARIANTS)
def test_damaged_reports_are_labelled_as_by_the_reference(model: Model, reference: ReferenceModel, way: str) -> None:
    check_report(model, reference, VARIANTS[way](document(AUTHORED[0])).text)


SENTENCE = "走访企业120家，帮助36家解决融资难题。"


def passage(text: str = SENTENCE, *headings: str, **fields: Any) -> Passage:
    """A body passage under the headings, or what a test makes of it."""
    given: dict[str, Any] = {"title": "县局2019年工作总结", "is_heading": False, "run_in": False, "since": 0, **fields}
    return Passage((0,), text, headings, **given)


def heading(text: str, *headings: str) -> Passage:
    return passage(text, *headings, is_heading=True)


LONG = "抓好高新技术企业培育，落实研发费用加计扣除政策；开展科普活动3场。"
ENDLESS = "高新技术企业培育、科普活动，" * 400  # without a stop, so that it is one sentence
MADE = {
    "one sentence": [passage()],
    "no character": [passage(""), passage("", title="")],
    "one character": [passage("企"), passage("\U00020000"), passage("1")],
    "above the BMP": [passage("\U00020000企业\U0010ffff。" * 5), passage("科普\U0001f680活动，引进博士\U0002a6d6名。")],
    "half characters": [passage("企业\ud800科普\udfff。" * 6, "一、\ud800")],
    "spaces": [passage("科技  企业   认定\n\u3000专利\t\t\x1c授权。"), passage(" "), passage("  科普")],
    "compatibility ideographs": [passage("2019\uf98e企业\u2f27作，今\uf98e，\uf98e底。" * 3), passage("2019年，去年底，年")],
    "stops": [passage("企业。；！？科普活动。。短。" + SENTENCE * 2), passage("。" * 40), passage(SENTENCE * 2 + "完。")],
    "equal passages": [passage()] * (AT_ONCE + 3),
    "many passages": [passage(f"{LONG[i % 30 :]}{SENTENCE}", f"{i // 9}、") for i in range(ROWS + 9)],
    "as long as a stretch": [passage(ENDLESS[:n]) for n in (STRETCH - 1, STRETCH, STRETCH + 1, 9 * STRETCH)],
    "very long": [passage(LONG * (CHUNK // len(LONG) + 9)), passage(ENDLESS), passage()],
    "headings alone": [heading("一、科普工作"), heading("（一）活动", "一、科普工作"), heading("二、人才")],
    "sections": [
        passage(),
        heading("一、科普工作"),
        passage(LONG, "一、科普工作"),
        passage("引进博士3名。", "一、科普工作", "（一）引才。", run_in=True),
        passage("培训两百人次：", "一、科普工作", "（一）引才。", run_in=True, since=9),
        heading("二、下一步打算"),
        heading("（一）活动", "二、下一步打算"),
        passage("（一）举办“科普周”、讲座。", "二、下一步打算", "（一）活动", since=1),
        heading("一、科普工作"),
        passage(LONG, "一、科普工作"),
        passage("一是申报专利《办法》。", "三、哪里也没有"),
    ],
}  # fmt: skip


@pytest.mark.parametrize("name", MADE)
def test_made_passages_are_judged_as_by_the_reference(model: Model, reference: ReferenceModel, name: str) -> None:
    check(model, reference, MADE[name])


HEADINGS = st.sampled_from([(), ("一、科普",), ("二、企业",), ("一、科普", "（一）活动"), ("（一）活动",)])
PARTS = [
    *("。", "；", "，", "？", "2019年", "去年", "一是", "科普", "高新技术企业", SENTENCE, LONG, "\U00020000", " ", "“"),
]
PASSAGES = st.builds(
    Passage,
    st.just((0,)),
    st.one_of(st.text(max_size=30), st.lists(st.sampled_from(PARTS), max_size=9).map("".join)),
    HEADINGS,
    st.sampled_from(["", "县科技局总结"]),
    is_heading=st.booleans(),
    run_in=st.booleans(),
    since=st.integers(0, 9),
)


@given(passages=st.lists(PASSAGES, min_size=1, max_size=12))
@settings(max_examples=15)
def test_any_passages_are_judged_as_by_the_reference(
    model: Model, reference: ReferenceModel, passages: list[Passage]
) -> None:
    check(model, reference, passages)


@pytest.mark.parametrize("flags", [[f"themes.{block}.saturated" for block in BLOCKS], ["themes.calibration.together"]])
def test_other_forms_of_a_model_are_computed_as_by_the_reference(
    stored: tuple[Arrays, Mapping[str, Any]], model: Model, flags: list[str]
) -> None:
    arrays = {**stored[0], **{flag: np.ones(1, np.uint8) for flag in flags}}
    _, judge, _, header, _ = decode_model(encode(arrays, stored[1], schema=SCHEMA), "made")
    passages = passages_of(EXAMPLE, model)
    difference = Difference.of(ReferenceModel.of(arrays, header).judge(passages), judge.judge(passages))
    assert difference.score <= NEAR
    assert np.abs(judge.judge(passages).themes - model.judge.judge(passages).themes).max() > NEAR


def test_a_model_with_embeddings_is_refused(stored: tuple[Arrays, Mapping[str, Any]]) -> None:
    with pytest.raises(ValueError, match="n-grams only"):
        ReferenceModel.of({**stored[0], "themes.embedding": np.zeros((384, 18))}, stored[1])


USED = sorted(name for name, array in ARRAYS.items() if not name.startswith("risk.") and not array.optional)


@pytest.mark.parametrize("name", USED)
def test_another_number_in_any_array_would_be_seen(model: Model, reference: ReferenceModel, name: str) -> None:
    other = replace(reference, arrays={**reference.arrays, name: reference.arrays[name][::-1] * 3})
    difference = compared(model, other, EXAMPLE)
    assert difference.labels > 0 or difference.score > NEAR


# The walk's sums against SciPy's product of counts and weights: whole numbers, so there is nothing to round.


def texts_of(block: str, model: Model) -> list[str]:
    """What a block reads of some reports."""
    found = [p for path in AUTHORED[:4] for p in passages_of(document(path).text, model)]
    return [getattr(p, block) for p in found] + ["", LONG * 300, "\U00020000"]


def check_sparse(block: Block, texts: list[str]) -> None:
    """Counts times weights, in SciPy, are what the walk sums up, occurrence by occurrence or saturated."""
    joined, numbers = join(texts), block.weights.numbers.astype(np.int64)
    squares = block.weights.squares.astype(np.int64)
    counts = occurrences(block.vocabulary, texts)
    summed, length = sums(block.vocabulary, joined, block.weights)
    assert np.array_equal(summed, counts @ numbers)
    assert np.array_equal(length, counts @ squares)
    indptr, ids = rows(block.vocabulary, joined)
    each = csr_array((np.ones(len(ids), np.int64), ids, indptr), shape=counts.shape)
    assert np.array_equal(summed, each @ numbers)
    counts.data = saturation(counts.data)
    summed, length = saturated_sums(block.vocabulary, joined, block.weights)
    assert np.array_equal(summed, counts @ numbers)
    assert np.array_equal(length, counts.power(2) @ squares)


@pytest.mark.parametrize("name", BLOCKS)
def test_sparse_products_are_the_sums_of_the_walk(model: Model, name: str) -> None:
    check_sparse(model.judge.blocks[BLOCKS.index(name)], texts_of(name, model))


@given(texts=st.lists(st.one_of(st.text(max_size=30), st.sampled_from([SENTENCE, LONG, SENTENCE * 30])), max_size=8))
@settings(max_examples=25)
def test_sparse_products_of_any_texts_are_the_sums_of_the_walk(model: Model, texts: list[str]) -> None:
    check_sparse(model.judge.blocks[0], texts)


@pytest.mark.parametrize("name", BLOCKS)
def test_terms_are_found_as_by_scikit_learn(stored: tuple[Arrays, Mapping[str, Any]], model: Model, name: str) -> None:
    vocabulary: Vocabulary = model.judge.blocks[BLOCKS.index(name)].vocabulary
    assert terms_of(f"themes.{name}", stored[0]) == vocabulary.terms
    texts = texts_of(name, model)
    found = counter_of(f"themes.{name}", stored[0]).transform(texts)
    assert (found != occurrences(vocabulary, texts)).nnz == 0


@pytest.mark.parametrize("path", AUTHORED[:3], ids=lambda path: path.stem)
def test_lines_by_themselves_score_as_by_the_reference(
    stored: tuple[Arrays, Mapping[str, Any]], model: Model, path: Path
) -> None:
    pieces = document(path).text.splitlines()
    lines = to_lines(pieces)
    scores = model.structure.lines.alone.scores(lines.ends(), lines.cues)
    np.testing.assert_allclose(line_scores(stored[0], pieces), scores, rtol=0, atol=NEAR)


@pytest.mark.parametrize("path", AUTHORED[:3], ids=lambda path: path.stem)
def test_places_of_cuts_score_as_by_the_reference(
    stored: tuple[Arrays, Mapping[str, Any]], model: Model, path: Path
) -> None:
    text = document(path).text
    stream, linear = to_stream(text), model.structure.boundaries.linear
    assert len(stream.wraps) == 0
    for part, said in zip(("cut", "ending"), linear.spoken(stream), strict=True):
        np.testing.assert_allclose(spoken(stored[0], part, text), said, rtol=0, atol=NEAR)
    columns = Places.of(stream).columns
    wanted = crossed(stored[0], "cut", columns, crosses=CUT_CROSSES, sizes=CARDINALITY)
    np.testing.assert_allclose(wanted, fast_crossed(linear.cut.categories, CUT_CROSSES, columns), rtol=0, atol=NEAR)
