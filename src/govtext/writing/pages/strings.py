"""What the pages say, Chinese and English: one table, sorted by key; `{n}` stands for a number.

A page is written in Chinese; its script puts the other language in where the browser asks for it.
"""

from __future__ import annotations

from collections.abc import Mapping

from govtext.writing.pages.markup import escaped, tag

CHINESE, ENGLISH = 0, 1
STRINGS: Mapping[str, tuple[str, str]] = {
    "all": ("全部", "All"),
    "all_themes": ("各主题概率", "Probabilities of the themes"),
    "apply_hint": ("改动立即生效，可撤销", "Changes count at once and can be undone"),
    "bar_title": ("主题沿全文的分布", "Themes along the report"),
    "boilerplate_byline": ("署名信息", "byline"),
    "boilerplate_legal": ("版权声明", "legal"),
    "boilerplate_nav": ("导航", "navigation"),
    "boilerplate_page": ("页面残留", "page furniture"),
    "boilerplate_promo": ("推广", "promotion"),
    "boilerplate_related": ("相关链接", "related links"),
    "changed": ("已改", "changed"),
    "changes": ("改动 {n}", "Changes {n}"),
    "checked": ("已核对", "Checked"),
    "clear": ("清除筛选", "Clear filters"),
    "close": ("关闭", "Close"),
    "confidence": ("把握不高于", "Confidence at most"),
    "copied_from": ("亦见于 {n}", "also in {n}"),
    "copy": ("复制", "Copy"),
    "copy_done": ("已复制", "Copied"),
    "corpus": ("报告语料", "Corpus of reports"),
    "count_copied": ("雷同段 {n}", "copied passages {n}"),
    "count_damaged": ("损坏字节 {n}", "damaged bytes {n}"),
    "count_formulaic": ("套话 {n}", "set phrases {n}"),
    "count_headings": ("标题 {n}", "headings {n}"),
    "count_injected": ("插入杂质 {n}", "injected junk {n}"),
    "count_junk": ("杂质 {n} 行", "junk lines {n}"),
    "count_masks": ("遮盖值 {n}", "masked values {n}"),
    "count_paragraphs": ("段落 {n}", "paragraphs {n}"),
    "damaged": (
        "本页文字已被浏览器或插件改动，无法导出；请关闭翻译后重新打开。",
        "The browser or an add-on has changed the text of this page, so it cannot be exported; turn translation off and reload.",
    ),
    "date": ("日期", "Date"),
    "done": ("已做", "done"),
    "download": ("下载 .jsonl", "Download .jsonl"),
    "edit": ("更正", "Correct"),
    "edit_title": ("更正第 {n} 段", "Correct paragraph {n}"),
    "export": ("导出", "Export"),
    "export_hint": (
        "一行一篇，可直接用于 govtext train 与 govtext audit。",
        "One line a report, as govtext train and govtext audit take it.",
    ),
    "export_title": ("导出标注", "Export labels"),
    "filter_list": ("按标题、机关查找", "Find by title or issuer"),
    "filters": ("筛选", "Filters"),
    "formulaic": ("套话", "set phrase"),
    "help": ("帮助", "Help"),
    "help_title": ("键盘", "Keyboard"),
    "hits": ("{n} 处", "{n} hits"),
    "issuer": ("发文机关", "Issuer"),
    "issuers": ("按机关", "By issuer"),
    "junk": ("杂质", "Junk"),
    "junk_all": ("杂质行", "Junk lines"),
    "junk_fold": ("折叠", "fold"),
    "junk_hide": ("隐藏", "hide"),
    "junk_lines": ("杂质 {n} 行", "Junk lines: {n}"),
    "junk_only": ("仅杂质", "only junk"),
    "junk_show": ("展开", "show"),
    "key_c": ("标为已核对", "mark as checked"),
    "key_e": ("更正当前段（回车亦可）", "correct the paragraph (or Enter)"),
    "key_jk": ("下一段、上一段", "next, previous paragraph"),
    "key_l": ("中文 / English", "中文 / English"),
    "key_n": ("下一处、上一处命中", "next, previous hit"),
    "key_o": ("到目录", "to the outline"),
    "key_search": ("查找", "search"),
    "key_t": ("更正主题", "correct the themes"),
    "key_u": ("撤销", "undo"),
    "key_x": ("标为杂质 / 恢复", "junk, or not"),
    "kind": ("类型", "Kind"),
    "kind_h": ("标题 {n} 级", "heading {n}"),
    "kind_meta": ("文头文尾", "meta"),
    "kind_p": ("正文", "paragraph"),
    "kind_title": ("题名", "title"),
    "language": ("English", "中文"),
    "look": ("明暗", "Light or dark"),
    "main": ("报告正文", "Report"),
    "model": ("模型", "Model"),
    "next": ("下一处", "Next hit"),
    "no_headings": ("没有标题", "No headings"),
    "none": ("无", "none"),
    "not_kept": ("浏览器不保存改动，离开前请导出", "This browser keeps no changes: export before you leave"),
    "original": ("恢复模型标注", "Back to the model's labels"),
    "other": ("其他", "other"),
    "outline": ("目录", "Outline"),
    "overview": ("概述", "overview"),
    "page_name": ("govtext 报告", "govtext report"),
    "paragraphs": ("段落", "Paragraphs"),
    "period": ("所述时段", "Period"),
    "plan": ("计划", "plan"),
    "previous": ("上一处", "Previous hit"),
    "problem": ("问题", "problem"),
    "repair_doubled": ("编号重复", "number doubled"),
    "repair_late": ("编号不从一起", "count begins late"),
    "repair_mistyped": ("编号疑误", "number mistyped"),
    "repair_restarted": ("编号重起", "count restarts"),
    "repair_skipped": ("编号有缺", "numbers missing"),
    "repair_switched": ("编号换式", "count goes on in another style"),
    "report": ("报告", "Report"),
    "reports": ("报告", "Reports"),
    "role": ("作用", "Role"),
    "roles": ("作用", "Roles"),
    "search": ("查找正文", "Search the text"),
    "share": ("占比", "Share"),
    "shown": ("显示 {n} 段", "{n} paragraphs shown"),
    "skip": ("跳到正文", "Skip to the text"),
    "source": ("来源", "Source"),
    "theme": ("主题", "Theme"),
    "themes": ("主题", "Themes"),
    "themes_full": ("最多 {n} 个主题", "At most {n} themes"),
    "undo": ("撤销", "Undo"),
    "unknown": ("未知", "unknown"),
    "warning": ("注意", "Note"),
    "why": ("依据", "Why"),
    "why_around": ("上下文", "context"),
    "why_none": ("没有突出的词", "no word stands out"),
    "year": ("年份", "Year"),
    "years": ("按年份", "By year"),
}


def said(key: str, n: object = None) -> str:
    """The Chinese string as plain text."""
    return STRINGS[key][CHINESE].replace("{n}", "" if n is None else str(n))


def word(key: str, n: object = None, *, name: str = "span", kind: str | None = None) -> str:
    """The string as an element that the page's script can put into the other language."""
    return tag(name, escaped(said(key, n)), kind=kind, data_s=key, data_n=n)


def spoken(strings: Mapping[str, tuple[str, str]]) -> dict[str, list[str]]:
    """The table as the script takes it."""
    return {key: list(pair) for key, pair in strings.items()}
