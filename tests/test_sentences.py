"""Passages cut into sentences, and a theme's course through them."""

import numpy as np
import pytest

from govtext.features.ngrams import Vocabulary
from govtext.features.passages import Passage
from govtext.scoring.neighbours import MISSING
from govtext.scoring.scorer import Block
from govtext.scoring.sentences import PROFILE, sentence_profile


def passage(text: str) -> Passage:
    return Passage((0,), text, (), "", False, False, 0)


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
    assert sentences == passage(text).sentences
    assert "".join(passage(text).sentences) == text


def test_profile_follows_a_theme_through_the_sentences() -> None:
    vocabulary = Vocabulary.build(["专", "人"])
    block = Block.build("text", vocabulary, np.array([[1.0, 0.0], [0.0, 1.0]]), np.ones(2))
    told = sentence_profile(block, [passage("专专专专专专专专。人人人人人人人人。"), passage("人人人人人人人人。")], 2)
    row = dict(zip(PROFILE, told[:, 0, 0], strict=True))
    strongest = 8 / np.sqrt(8)
    assert row["best"] == pytest.approx(strongest, rel=0.01)
    assert row["first"] == pytest.approx(strongest, rel=0.01)
    assert row["last"] == row["second"] == pytest.approx(0.0, abs=0.01)
    assert row["share_leading"] == 0.5
    assert row["log_sentences"] == pytest.approx(np.log(3))
    assert told[PROFILE.index("second"), 1].tolist() == [MISSING, MISSING]
