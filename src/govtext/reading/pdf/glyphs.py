"""Characters as PDF fonts name them: radicals that stand for ideographs, private use, and fonts that say nothing.

A font that embeds 工 and ⼯ as one glyph gives either code back, so radicals are common in text out of PDFs, and no search
or model knows them. The blocks hold the same shapes (Unicode, EquivalentUnifiedIdeograph.txt); where a radical has no
ideograph of its shape it stays.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Final

# The first code point of a run of radicals, and what each of them stands for.
_SUPPLEMENT: Final = (
    (0x2E81, "厂乛乚"),
    (0x2E85, "亻冂几"),
    (0x2E89, "刂卜㔾小小兀尣尢"),
    (0x2E92, "巳幺彑彐忄㣺扌攵"),
    (0x2E9B, "旡日月歺母民氵氺灬爫爫丬牛犭王疋目示礻"),
    (0x2EAF, "糹纟罓罒"),
    (0x2EB6, "羊羊羊耂肀聿"),
    (0x2EBE, "艹艹艹虎衤覀西见角角讠贝足车辶辶辶"),
    (0x2ED0, "钅長镸长门"),
    (0x2ED6, "阝雨青韦页风飞食食飠饣首马骨鬼鱼鸟卤麦黄黾斉齐歯齿竜龙龜亀龟"),
)
_KANGXI: Final = range(0x2F00, 0x2FD6)
# Private use: the codes of GBK that Unicode has taken in since (GB 18030-2022, table of changed mappings), and the bullets
# of Symbol and Wingdings as Word writes them.
_PRIVATE: Final = (
    (0xE5E5, "\N{IDEOGRAPHIC SPACE}"),
    (0xE7C7, "\u1e3fǹ"),
    (0xE81E, "\u9fb4"),
    (0xE826, "\u9fb5"),
    (0xE82B, "\u9fb6\u9fb7"),
    (0xE832, "\u9fb8"),
    (0xE843, "\u9fb9"),
    (0xE854, "\u9fba"),
    (0xE864, "\u9fbb"),
    (0xF06C, "●"),
    (0xF06E, "■"),
    (0xF075, "◆❖"),
    (0xF0A7, "▪"),
    (0xF0B7, "•"),
    (0xF0D8, "➢"),
    (0xF0E0, "→"),
    (0xF0FC, "✓"),
    (0xF0FE, "☑"),
)


def _table(runs: tuple[tuple[int, str], ...]) -> dict[int, str]:
    return {first + i: plain for first, run in runs for i, plain in enumerate(run)}


RADICALS: Final = {
    **_table(_SUPPLEMENT),
    **{code: unicodedata.normalize("NFKC", chr(code)) for code in _KANGXI},
}
PRIVATE: Final = _table(_PRIVATE)
_MENDED: Final = {**RADICALS, **PRIVATE}
_TO_MEND = re.compile(f"[{''.join(map(chr, _MENDED))}]")
# What no text has, and a font without a table of its characters gives: controls, private use, lone surrogates,
# noncharacters, U+FFFD.
_ODD = re.compile(
    "[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f\ud800-\udfff\ue000-\uf8ff\ufdd0-\ufdef\ufffd-\uffff\U000f0000-\U0010ffff]"
)


@dataclass(frozen=True, slots=True)
class Mended:
    """A text as long as before, how many characters were mended, and how many are still of no meaning."""

    text: str
    n_mended: int
    n_odd: int


def mend(text: str) -> Mended:
    """The text with plain ideographs for radicals, and characters for the private codes that are known."""
    mended, n_mended = _TO_MEND.subn(lambda match: _MENDED[ord(match[0])], text)
    return Mended(mended, n_mended, len(_ODD.findall(mended)))
