"""Passages cut into sentences, and a theme's course through them."""

import re
from itertools import chain, pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from govtext.features.ngrams import join
from govtext.features.passages import SHORTEST_SENTENCE, sentence_starts
from govtext.features.vocabulary import Vocabulary
from govtext.scoring.neighbours import MISSING
from govtext.scoring.scorer import Block
from govtext.scoring.sentences import PROFILE, sentence_profile, sentence_scores

# Terms of every length, many across the edges of sentences; a passage's text is cut behind its stops.
TERMS = ("。企业", "业", "业。企", "企", "企业", "企业。", "企业企业", "业三十", "家。企", ";企业")
PARTS = ["企业", "业三十家", "。", "；", "！？", "?", "企业企业企业企业企业", "专", " ", "\ud800", "\U00020000"]
PASSAGES = st.lists(st.sampled_from(PARTS), max_size=14).map("".join)


def cut(texts: list[str]) -> list[list[str]]:
    """The sentences of each text."""
    joined = join(texts)
    starts = [*sentence_starts(joined).tolist(), len(joined.codes)]
    found: list[list[str]] = [[] for _ in texts]
    for start, stop in pairwise(starts):
        number = int(np.searchsorted(joined.starts, start, side="right")) - 1
        within = start - int(joined.starts[number])
        found[number].append(texts[number][within : within + stop - start])
    return found


def plainly_cut(text: str) -> list[str]:
    """The sentences of a text, one stop after the other; short ones join the next, what is left joins the last."""
    pieces: list[str] = []
    held = ""
    for piece in re.findall("[^。;；!！?？]{1,999}[。;；!！?？]{0,999}|[。;；!！?？]{1,999}", text):
        held += piece
        if len(held) >= SHORTEST_SENTENCE:
            pieces.append(held)
            held = ""
    if held and pieces:
        pieces[-1] += held
    return pieces or [text]


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("走访企业一百二十家。解决融资难题三十六个。", ["走访企业一百二十家。", "解决融资难题三十六个。"]),
        ("没有停顿的一句话", ["没有停顿的一句话"]),
        ("短。走访企业一百二十家。", ["短。走访企业一百二十家。"]),
        ("走访企业一百二十家。短。", ["走访企业一百二十家。短。"]),
        ("短。", ["短。"]),
        ("", [""]),
    ],
)
def test_text_is_cut_behind_its_stops_and_none_is_lost(text: str, sentences: list[str]) -> None:
    assert [sentences] == cut([text])
    assert "".join(sentences) == text


@given(st.lists(st.one_of(PASSAGES, st.text(max_size=20)), max_size=6))
def test_many_texts_are_cut_as_each(texts: list[str]) -> None:
    assert [plainly_cut(text) for text in texts] == cut(texts)


def test_profile_follows_a_theme_through_the_sentences() -> None:
    vocabulary = Vocabulary.build(["专", "人"])
    block = Block.build("text", vocabulary, np.array([[1.0, 0.0], [0.0, 1.0]]), np.ones(2))
    _, single, counts = sentence_scores(block, ["专专专专专专专专。人人人人人人人人。", "人人人人人人人人。"])
    told = sentence_profile(single, counts)
    row = dict(zip(PROFILE, told[:, 0, 0], strict=True))
    strongest = 8 / np.sqrt(8)
    assert row["best"] == pytest.approx(strongest, rel=0.01)
    assert row["first"] == pytest.approx(strongest, rel=0.01)
    assert row["last"] == row["second"] == pytest.approx(0.0, abs=0.01)
    assert row["share_leading"] == 0.5
    assert row["log_sentences"] == pytest.approx(np.log(3))
    assert told[PROFILE.index("second"), 1].tolist() == [MISSING, MISSING]


@pytest.mark.parametrize("saturated", [False, True])
@pytest.mark.parametrize("longest", [1, 2, 3, 4])
@given(texts=st.lists(PASSAGES, min_size=1, max_size=5))
@settings(max_examples=20)
def test_a_passage_scores_as_its_text_in_one_though_walked_by_sentences(
    texts: list[str], longest: int, saturated: bool
) -> None:
    terms = sorted(term for term in TERMS if len(term) <= longest)
    weights = np.random.default_rng(longest).normal(size=(len(terms), 3))
    block = Block.build("text", Vocabulary.build(terms), weights, np.ones(len(terms)), saturated=saturated)
    own, single, counts = sentence_scores(block, texts)
    sentences = cut(texts)
    assert np.array_equal(block.scores(texts), own)
    assert np.array_equal(block.scores([*chain.from_iterable(sentences)]), single)
    assert list(map(len, sentences)) == counts.tolist()
