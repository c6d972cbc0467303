"""What the pictures say beside names of themes, in Chinese and English."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from govtext.errors import BadInput

WORDS: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "zh": {
            "characters": "字数",
            "done": "已做",
            "issuers": "各单位主题占比（按字数）",
            "junk": "网页杂项",
            "no issuer": "另有 {n} 篇单位不明",
            "no year": "另有 {n} 篇年份不明",
            "length": "全文主题分布",
            "no theme": "无主题",
            "other": "其他",
            "overview": "概述",
            "pairs": "主题共现（段落数；颜色为该行主题中的占比）",
            "paragraphs": "段落数",
            "plan": "计划",
            "problem": "问题",
            "reports": "{n} 篇",
            "further": "另有 {n} 个单位未列出",
            "roles": "各主题：已做与计划",
            "share": "占比",
            "year and reports": "年份；篇数",
            "years": "各年主题占比（按字数）",
        },
        "en": {
            "characters": "characters",
            "done": "done",
            "issuers": "Themes by issuer (share of characters)",
            "junk": "site's lines",
            "no issuer": "{n} reports without an issuer left out",
            "no year": "{n} reports without a year left out",
            "length": "Themes over the length of the report",
            "no theme": "no theme",
            "other": "other",
            "overview": "overview",
            "pairs": "Themes together (paragraphs; colour: share of the row's theme)",
            "paragraphs": "paragraphs",
            "plan": "plan",
            "problem": "problem",
            "reports": "n={n}",
            "further": "{n} more issuers left out",
            "roles": "Done against planned, by theme",
            "share": "share",
            "year and reports": "year; reports",
            "years": "Themes by year (share of characters)",
        },
    }
)


def words(lang: str) -> Mapping[str, str]:
    """The words of a language.

    Raises:
        BadInput: there is none of that name.
    """
    if lang not in WORDS:
        raise BadInput(f"lang {lang!r}; wanted one of {', '.join(WORDS)}")
    return WORDS[lang]
