"""jieba and rjieba behind one door."""

import json
import logging
import os
import pickle
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govtext.errors import BadConfig
from govtext.features.words import BACKENDS, Words, bundled_words

TEXT = "全县认定高新技术企业12家，选派科技特派员36名。\n　　持续优化营商环境，深化“放管服”改革"
OURS = ("高新技术企业", "科技特派员", "营商环境", "放管服")


@pytest.fixture(scope="module")
def backends() -> dict[str, Words]:
    return {name: Words(name) for name in BACKENDS}


def words_of(words: Words, text: str) -> list[str]:
    return [text[start:end] for start, end in words.cut(text)]


@pytest.mark.parametrize("name", BACKENDS)
def test_government_words_stay_whole(backends: dict[str, Words], name: str) -> None:
    assert not set(OURS) - set(words_of(backends[name], TEXT))
    assert [word for word in bundled_words() if [(0, len(word))] != backends[name].cut(word)] == []


@pytest.mark.parametrize("name", BACKENDS)
def test_a_word_not_told_is_cut_in_parts(name: str) -> None:
    assert words_of(Words(name, []), "高新技术企业") == ["高新技术", "企业"]


def test_bundled_words_are_sorted_out() -> None:
    words = bundled_words()
    assert 60 <= len(words) <= 150
    assert len(words) == len(set(words))
    assert all(word == word.strip() and 2 <= len(word) <= 12 for word in words)


@given(text=st.text() | st.text(alphabet=TEXT + "aZ09%.-+#&_ \r\n\t\x1c\x85龥龦㐀𠀀😀é\ud800"))
def test_backends_cut_alike_and_words_tile_the_text(backends: dict[str, Words], text: str) -> None:
    spans = backends["jieba"].cut(text)
    assert spans == backends["rjieba"].cut(text)
    assert text == "".join(text[start:end] for start, end in spans)
    assert all(start < end for start, end in spans)


def test_pickle_holds_the_configuration_only(backends: dict[str, Words]) -> None:
    content = pickle.dumps(backends["rjieba"])
    assert len(content) < 200
    assert backends["rjieba"].cut(TEXT) == pickle.loads(content).cut(TEXT)


def test_threads_share_one_tokenizer() -> None:
    words = Words("rjieba")
    results: list[list[tuple[int, int]]] = []
    threads = [threading.Thread(target=lambda: results.append(words.cut(TEXT))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [words.cut(TEXT)] * 8 == results


def test_the_callers_jieba_neither_changes_ours_nor_is_changed(
    backends: dict[str, Words], caplog: pytest.LogCaptureFixture
) -> None:
    import jieba

    before = backends["jieba"].cut(TEXT)
    jieba.dt.FREQ = {"高": 1, "优化营商": 10**9}
    assert before == backends["jieba"].cut(TEXT)
    assert "放管服" not in jieba.dt.FREQ
    assert not jieba.dt.initialized
    assert logging.getLogger("jieba").level == logging.DEBUG
    assert not caplog.records


def test_unknown_backend_is_named() -> None:
    with pytest.raises(BadConfig, match="words backend 'pkuseg'; wanted auto, jieba, rjieba"):
        Words("pkuseg")


def test_missing_rjieba_is_an_error_only_if_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "rjieba", None)
    with pytest.raises(BadConfig, match="'rjieba' is not installed; pip install"):
        Words("rjieba").cut(TEXT)


def test_auto_takes_jieba_where_rjieba_is_missing(monkeypatch: pytest.MonkeyPatch, backends: dict[str, Words]) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    monkeypatch.setitem(BACKENDS, "jieba", lambda words: str.split)
    assert Words().cut("党 建") == [(0, 1), (1, 2)]


def test_import_is_silent_under_errors_and_leaves_a_poisoned_cache_alone(tmp_path: Path) -> None:
    cache = tmp_path / "jieba.cache"
    cache.write_bytes(b"poison")
    code = (
        "import json, sys; from govtext.features.words import Words; w = Words('jieba');"
        "assert not [m for m in ('jieba', 'rjieba', 'numpy') if m in sys.modules];"
        "print(json.dumps(w.cut(sys.argv[1])))"
    )
    # No bytecode: jieba is compiled, and warns of its escape sequences, as on a fresh machine.
    environment = {**os.environ, "TMPDIR": str(tmp_path), "PYTHONPYCACHEPREFIX": str(tmp_path / "bytecode")}
    command = [sys.executable, "-W", "error", "-c", code, "高新技术企业"]
    result = subprocess.run(command, capture_output=True, env=environment, text=True, timeout=60, check=False)
    assert result.stderr == ""
    assert json.loads(result.stdout) == [[0, 6]]
    assert cache.read_bytes() == b"poison"
    assert {path.name for path in tmp_path.iterdir()} <= {"bytecode", "jieba.cache"}
