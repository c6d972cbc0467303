"""Text → words, by jieba or its faster twin rjieba: the one place that knows them.

Each `Words` has a tokenizer of its own, so neither the caller's jieba nor other code's words change what comes back.
The dictionary is read from the installed package each time (0.6 s, on first use): jieba's own cache would be one file
in a folder that all users of the machine can write.
"""

from __future__ import annotations

import importlib.util
import re
import threading
import warnings
from collections.abc import Callable, Iterable, Mapping, Sequence
from importlib.resources import files
from itertools import accumulate, pairwise
from pathlib import Path
from typing import Any, Final

from govtext.errors import BadConfig

Cutter = Callable[[str], Iterable[str]]

# Of a word of ours in jieba's dictionary of 60 million occurrences; enough for each to win over its parts, and given
# in numbers because the two backends would guess differently.
FREQUENCY: Final = 3000

_SURROGATE: Final = re.compile("[\ud800-\udfff]")

# What importing jieba 0.42.1 may warn of: its own escape sequences when first compiled, and setuptools' pkg_resources.
_KNOWN_WARNINGS: Final[Sequence[tuple[str, type[Warning]]]] = (
    (r".*invalid escape sequence", SyntaxWarning),
    (r".*invalid escape sequence", DeprecationWarning),
    (r".*pkg_resources", DeprecationWarning),
    (r".*pkg_resources", UserWarning),
)


def bundled_words() -> tuple[str, ...]:
    """The government words that come with govtext, in the order of data/words.txt."""
    text = (files("govtext") / "data" / "words.txt").read_text(encoding="utf-8")
    return tuple(line for line in text.splitlines() if line and not line.startswith("#"))


class Words:
    """Cuts text into words, without guessing unknown ones (no hidden Markov model), with `words` known in addition.

    `backend` is "jieba", "rjieba" (several times faster, equal words) or "auto", rjieba where it is installed.
    Safe to share between threads; a pickle holds the configuration only.

    Raises:
        BadConfig: the backend is unknown or, on first use, not installed.
    """

    def __init__(self, backend: str = "auto", words: Sequence[str] | None = None) -> None:
        if backend not in ("auto", *BACKENDS):
            raise BadConfig(f"words backend {backend!r}; wanted auto, {', '.join(BACKENDS)}")
        self.backend = backend
        self.words = None if words is None else tuple(words)
        self._cutter: Cutter | None = None
        self._lock = threading.Lock()

    def cut(self, text: str) -> list[tuple[int, int]]:
        """The words as half-open spans that tile the text; white space and punctuation are words too."""
        # rjieba takes no lone surrogates; one character for one keeps the spans.
        pieces = self._ready()(_SURROGATE.sub("\N{REPLACEMENT CHARACTER}", text))
        return list(pairwise(accumulate(map(len, pieces), initial=0)))

    def _ready(self) -> Cutter:
        if self._cutter is None:
            with self._lock:
                if self._cutter is None:
                    name = self.backend
                    if name == "auto":
                        name = "rjieba" if importlib.util.find_spec("rjieba") else "jieba"
                    words = bundled_words() if self.words is None else self.words
                    self._cutter = BACKENDS[name](words)
        return self._cutter

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.backend, self.words)


def _with_jieba(words: Sequence[str]) -> Cutter:
    with warnings.catch_warnings():
        for message, category in _KNOWN_WARNINGS:
            warnings.filterwarnings("ignore", message, category)
        import jieba
    tokenizer = jieba.Tokenizer()
    # Filled here instead of by tokenizer.initialize(), which logs, and reads and writes the shared cache.
    with (Path(jieba.__file__).parent / "dict.txt").open("rb") as dictionary:
        tokenizer.FREQ, tokenizer.total = tokenizer.gen_pfdict(dictionary)
    tokenizer.initialized = True
    for word in words:
        if not tokenizer.FREQ.get(word):
            tokenizer.add_word(word, FREQUENCY)
    return lambda text: tokenizer.cut(text, HMM=False)


def _with_rjieba(words: Sequence[str]) -> Cutter:
    try:
        from rjieba import Jieba
    except ImportError as error:
        raise BadConfig(
            "words backend 'rjieba' is not installed; pip install 'govtext[rjieba]', or take jieba"
        ) from error
    tokenizer = Jieba()
    for word in words:
        if not tokenizer.has_word(word):
            tokenizer.add_word(word, FREQUENCY, "")
    return lambda text: tokenizer.cut(text, hmm=False)


BACKENDS: Final[Mapping[str, Callable[[Sequence[str]], Cutter]]] = {"jieba": _with_jieba, "rjieba": _with_rjieba}
