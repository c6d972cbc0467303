"""Ways in which a text is written so that it reads the same and its code points differ; `tests` and `benchmarks` use them.

Each takes a text and random numbers and gives the text as such a page would have it.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Mapping
from functools import cache
from importlib.resources import files

Change = Callable[[str, random.Random], str]
SHARE = 0.1  # of characters that a change of some takes
_IDEOGRAPH = re.compile("[\u4e00-\u9fff]")
# Some characters with their reading; those behind which a washed page puts it.
READINGS = {
    "业": "yè", "发": "fā", "工": "gōng", "科": "kē", "企": "qǐ", "新": "xīn", "技": "jì", "展": "zhǎn", "的": "de", "高": "gāo",
    "区": "qū", "市": "shì", "大": "dà", "学": "xué", "人": "rén", "才": "cái", "金": "jīn", "政": "zhèng", "文": "wén",
}  # fmt: skip


@cache
def traditional() -> dict[int, str]:
    """Simplified characters → a traditional form, the first one of the library's own table."""
    text = (files("govtext") / "data" / "traditional.txt").read_text(encoding="utf-8")
    pairs = "".join(row for row in text.split("\n\n")[0].split("\n") if not row.startswith("#"))
    return {ord(pairs[i + 1]): pairs[i] for i in range(len(pairs) - 2, -1, -2)}


@cache
def radicals() -> dict[int, str]:
    """Ordinary characters → the radical of the block of Kangxi that looks like it."""
    import unicodedata

    return {ord(unicodedata.normalize("NFKC", chr(code))): chr(code) for code in range(0x2F00, 0x2FD6)}


@cache
def compatible() -> dict[int, str]:
    """Ordinary characters → a compatibility ideograph."""
    import unicodedata

    found = {unicodedata.normalize("NFKC", chr(code)): chr(code) for code in range(0xF900, 0xFA6E)}
    return {ord(plain): odd for plain, odd in found.items() if len(plain) == 1 and plain != odd}


def translated(table: Callable[[], dict[int, str]], share: float = 1.0) -> Change:
    """Characters of the table replaced, all or a share of them."""

    def change(text: str, rng: random.Random) -> str:
        found = table()
        return "".join(found.get(ord(c), c) if share == 1 or rng.random() < share else c for c in text)

    return change


def behind(what: str, share: float = SHARE) -> Change:
    """`what` behind some of the ideographs."""

    def change(text: str, rng: random.Random) -> str:
        return "".join(c + what if _IDEOGRAPH.match(c) and rng.random() < share else c for c in text)

    return change


def around(first: str, last: str) -> Change:
    """Each line between two characters."""
    return lambda text, _: "\n".join(first + line + last if line else line for line in text.split("\n"))


def annotated(text: str, rng: random.Random) -> str:
    """The reading in brackets behind half of the characters that have one in `READINGS`."""
    return "".join(f"{c}({READINGS[c]})" if c in READINGS and rng.random() < 0.5 else c for c in text)


def wide(characters: str) -> Change:
    """These ASCII characters in full width."""
    return lambda text, _: text.translate({ord(c): chr(ord(c) + 0xFEE0) for c in characters})


def _washed(text: str, rng: random.Random) -> str:
    return annotated(translated(traditional, SHARE)(text, rng), rng)


# What a washing program puts for common words.
SYNONYMS = {"技术": "技巧", "知识产权": "常识产权", "项目": "工程", "计划": "方案", "建设": "扶植", "创新": "立异"}


def reworded(text: str, rng: random.Random) -> str:
    """Half of the words that `SYNONYMS` has replaced."""
    pattern = re.compile("|".join(SYNONYMS))
    return pattern.sub(lambda match: SYNONYMS[match[0]] if rng.random() < 0.5 else match[0], text)


FAMILIES: Mapping[str, Change] = {
    "full-width digits": wide("0123456789"),
    "full-width letters": wide("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"),
    "full-width signs": wide("%+-.()/"),
    "half-width brackets": lambda text, _: text.replace("（", "(").replace("）", ")"),
    "half-width commas": lambda text, _: text.replace("，", ",").replace("；", ";").replace("：", ":"),
    "Kangxi radicals": translated(radicals),
    "some Kangxi radicals": translated(radicals, SHARE),
    "compatibility ideographs": translated(compatible),
    "traditional characters": translated(traditional),
    "some traditional characters": translated(traditional, SHARE),
    "pinyin behind characters": annotated,
    "traditional characters and pinyin": _washed,
    "zero-width spaces": behind("\u200b"),
    "zero-width joiners": behind("\u200d"),
    "word joiners": behind("\u2060"),
    "byte order marks": behind("\ufeff"),
    "soft hyphens": behind("\xad"),
    "marks of direction": behind("\u200e\u200f"),
    "overrides of direction": around("\u202d", "\u202c"),
    "isolates of direction": around("\u2067", "\u2069"),
    "variation selectors": behind("\ufe00"),
    "selectors of plane 14": behind("\U000e0101"),
    "tags of plane 14": behind("\U000e0020"),
    "combining dots": behind("\u0323"),
    "combining circles": behind("\u20dd", 0.02),
    "bells": behind("\x07"),
    "zero bytes": behind("\x00"),
    "controls above ASCII": behind("\x9d"),
    "marks of annotation": behind("\ufffb"),
    "no-break spaces in front": lambda text, _: "\n".join(
        "\xa0\xa0" + line if line else line for line in text.split("\n")
    ),
    "all at once": lambda text, rng: behind("\u200b")(behind("\ufe00")(_washed(text, rng), rng), rng),
}
