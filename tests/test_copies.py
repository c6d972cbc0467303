"""Passages that stand in another report too: what is one, what is none, and the signatures they are found by."""

import subprocess
import sys

import numpy as np
import pytest

from govtext.boilerplate import copies
from govtext.boilerplate.copies import PassageIndex, to_passages
from govtext.boilerplate.occurrences import text_lines
from govtext.boilerplate.repetition import RepetitionModel
from pages_of_a_site import Doc, page, sentence

pytest.importorskip("datasketch", reason="repeated passages need datasketch: pip install 'govtext[repetition]'")

SIGNATURE = [244, 103, 7, 31, 10, 205, 9, 65]  # datasketch 2.0.0, numpy 2.4


def copied(model: RepetitionModel, doc: Doc) -> list[tuple[str, str]]:
    return [(doc[1][c.start : c.end], c.other) for c in model.copied(doc)]


def test_sentences_that_follow_each_other_in_both_are_one_passage() -> None:
    shared = sentence(1) + sentence(2)
    one, other = ("one", f"甲\n{shared}\n{sentence(3)}"), ("other", f"乙\n{sentence(4)}{sentence(1)}\n{sentence(2)}")
    model = RepetitionModel().fit([one, other])
    (found,) = model.copied(one)
    assert ("other", shared, 1.0) == (found.other, one[1][found.start : found.end], found.similarity)
    assert f"{sentence(1)}\n{sentence(2)}" == other[1][found.other_start : found.other_end]


def test_a_copied_passage_may_be_altered_a_little_but_not_much() -> None:
    plain = "全年共走访企业一百二十家，帮助解决融资难题三十六个，协调用地指标八百亩，推动十二个项目落地投产。"
    altered = plain.replace("协调", "统筹")
    washed = (
        plain.replace("走访", "拜访")
        .replace("难题", "困难")
        .replace("用地", "土地")
        .replace("推动", "促成")
        .replace("共", "总")
    )
    model = RepetitionModel().fit([("plain", plain)])
    (found,) = model.copied(("altered", altered))
    assert copies.SIMILAR_FROM <= found.similarity < 1
    assert model.copied(("washed", washed)) == ()


@pytest.mark.parametrize(
    ("length", "n_found"), [(copies.SHORTEST - 1, 0), (copies.SHORTEST, 1), (copies.SHORTEST + 1, 1)]
)
def test_a_short_sentence_is_no_copy(length: int, n_found: int) -> None:
    text = (sentence(7) * 2).replace("。", "")[: length - 1] + "。"
    model = RepetitionModel().fit([("there", text)])
    assert n_found == len(model.copied(("here", text)))


def test_a_report_is_no_copy_of_itself_or_of_another_state_of_itself() -> None:
    model = RepetitionModel().fit([page(0), page(1)])
    assert model.copied(page(0)) == ()
    assert model.copied((page(0)[0], page(0)[1] + "\n完")) == ()
    mirrored = page(0)[1].replace("\n", "\n甲\n")
    assert [(f"{sentence(0)}\n甲\n{sentence(100)}", "0.txt")] == copied(model, ("mirror", mirrored))


def test_furniture_is_not_copied() -> None:
    notice = "本网站刊登的所有稿件仅供网友学习参考之用，未经许可请勿转载，转载时请务必注明出处与原作者"
    docs = [page(n, back=notice) for n in range(8)]
    assert copied(RepetitionModel().fit(docs), docs[0]) == []
    assert [notice] == [text for text, _ in copied(RepetitionModel().fit(docs[:2]), docs[0])]


def test_without_datasketch_the_extra_is_named() -> None:
    code = (
        "import sys; sys.modules['datasketch'] = None\n"
        "from govtext.boilerplate.repetition import RepetitionModel\n"
        "try: RepetitionModel().fit([('a', '全年共走访企业一百二十家，帮助解决融资难题三十六个，协调用地指标八百亩。')])\n"
        "except ImportError as error: print(error)"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, encoding="utf-8", check=True)
    assert "pip install 'govtext[repetition]'" in run.stdout


def test_importing_the_model_does_not_import_datasketch() -> None:
    code = "import sys, govtext.boilerplate.repetition; print('datasketch' in sys.modules, 'scipy' in sys.modules)"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.split() == ["False", "False"]


def test_signatures_are_the_same_in_every_process_and_version() -> None:
    passages = to_passages(sentence(3), text_lines(sentence(3)))
    assert passages["signature"][0, :8].tolist() == SIGNATURE


def test_equal_sentences_meet_and_others_do_not() -> None:
    text = "\n".join(sentence(n) for n in range(30))
    passages = to_passages(text, text_lines(text))
    index = PassageIndex(passages, np.arange(30))
    assert [{n: 1.0} for n in range(30)] == index.similar(passages, skip=frozenset())
    assert [{}] + [{n: 1.0} for n in range(1, 30)] == index.similar(passages, skip=frozenset({0}))
