"""Write the bundled model's card, and the table of both READMEs, from its header and models/quality.json.

Run by `make model` and `make quality`.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import govtext

HERE = Path(__file__).resolve().parent
MODEL, QUALITY, CARD = HERE / "govtext.safetensors", HERE / "quality.json", HERE / "govtext.md"
READMES = (HERE.parent / "README.md", HERE.parent / "README.zh.md")
PARTS = ("all", "authored", "real", "added later", "real, none in training")
FEWEST_JUNK_LINES = 20  # below that a figure on them says nothing: the real excerpts hold two
TABLE = re.compile("(?<=<!-- quality -->\n).*?(?=<!-- /quality -->)", re.DOTALL)
SHORT = (
    "theme_micro_f1", "card_themes_macro_f1", "role_accuracy", "formulaic_f1", "heading_f1", "level_accuracy",
    "boilerplate_f1", "boilerplate_kind_accuracy", "mask_f1",
)  # fmt: skip
# In the words of each README: what was measured, and the names of columns and rows.
WORDS: dict[str, dict[str, str]] = {
    "README.md": {
        "said": "{documents} documents (authored reports of this project and excerpts of real ones), {folds} folds by "
        "document, {date}; each went in as a raw file, through a model that had not seen it.\n",
        "all": "all",
        "authored": "authored",
        "real": "real",
        "added later": "authored later",
        "real, none in training": "real, trained without any",
    },
    "README.zh.md": {
        "said": "{documents} 份文档（本项目自写的报告和真实报告节选），按文档分 {folds} 折，{date}；"
        "每份都以原始文件输入没有见过它的模型。\n",
        "all": "全部",
        "authored": "自写",
        "real": "真实",
        "added later": "后加的自写",
        "real, none in training": "真实（训练中没有真实文本）",
        "theme_micro_f1": "主题 micro-F1",
        "card_themes_macro_f1": "党建廉政、企业服务、高企认定 macro-F1",
        "role_accuracy": "作用 准确率",
        "formulaic_f1": "套话 F1",
        "heading_f1": "标题 F1",
        "level_accuracy": "标题级别 准确率",
        "boilerplate_f1": "垃圾行 F1",
        "boilerplate_kind_accuracy": "垃圾行种类 准确率",
        "mask_f1": "被抹去的值 F1",
    },
}
FIGURES = {
    "theme_micro_f1": "themes, micro-F1",
    "theme_macro_f1": "themes, macro-F1",
    "card_themes_macro_f1": "党建廉政, 企业服务, 高企认定: macro-F1",
    "theme_exact_set": "exactly the right set of themes",
    "theme_first_accuracy": "main theme right, where there is one",
    "role_accuracy": "role, accuracy",
    "formulaic_f1": "formulaic (套话), F1",
    "heading_f1": "headings, F1",
    "level_accuracy": "heading levels, accuracy",
    "split_f1": "where units begin, F1",
    "boilerplate_f1": "boilerplate lines, F1",
    "boilerplate_kind_accuracy": "kind of boilerplate, accuracy",
    "mask_f1": "masked values, F1",
    "inline_junk_f1": "junk inside text, F1",
}


def card(header: dict[str, Any], sha256: str, size: int, quality: dict[str, Any] | None) -> str:
    """The card in Markdown."""
    training = header["training"]
    versions = ", ".join(f"{name} {number}" for name, number in sorted(header["versions"].items()))
    lines = [
        "# The bundled model",
        "",
        f"`govtext.safetensors`, {size / 1e6:.1f} MB, SHA-256 `{sha256}`.",
        "Written by `make model`; this card by `models/card.py`.",
        "",
        "What it does: cuts a report into paragraphs, tells titles, headings, body and six kinds of boilerplate apart,",
        "gives each paragraph themes (at most three of twelve), a role, and says whether it is formulaic.",
        "",
        "## Data",
        "",
        f"- {training['documents']} documents and single paragraphs, {training['passages']} passages: "
        f"{'; '.join(training['sources'])}.",
        f"- Hash of texts and labels: `{training['sha256']}`.",
        "- The authored reports stand in `corpus/authored`; the text of the real ones may not be published and is not",
        "  in this repository. Without them `make model` trains on the authored reports alone.",
        f"- Trained with {versions}; seed {header['seed']}.",
        "",
        "## Quality",
        "",
    ]
    if quality is None:
        lines += ["Not measured yet: run `make quality`."]
    else:
        parts = {part: part for part in PARTS if part in quality["figures"]}
        lines += [
            f"{quality['documents']} documents, {quality['folds']} folds by document, {quality['date']}, `{quality['command']}`.",
            "Each document went in as a raw file and through the whole road of a model that had not seen it.",
            "All: the authored reports A… and B… and the real excerpts. A real text and all that is labelled of its file",
            "were held out together.",
            "",
            *table(quality, parts, FIGURES),
        ]
        per_theme = quality["figures"]["all"]["per_theme_f1"]
        names = {theme["code"]: theme["name"] for theme in header["themes"]}
        lines += ["", "F1 by theme (all): " + ", ".join(f"{names[c]} {f1:.2f}" for c, f1 in per_theme.items()) + "."]
    lines += [
        "",
        "## Limits",
        "",
        "- Made for reports of science and technology bureaus, development zones and their like, and for the reports,",
        "  policies and news around them. Region-wide reports and regulations are labelled less well (column real).",
        "- Reports C… to G… of the corpus were written after a look at what the model got wrong; those of D… and E… after",
        "  reading real excerpts (labels and style, no text), so that the column real flatters a little.",
        "- Two people who label by the codebook agree on themes to micro-F1 0.93 on excerpts of all kinds, 0.98 on whole",
        "  bureau pages.",
        "- A probability is that of a theme given what the model has seen; on other kinds of text it is too sure.",
        "- Simplified Chinese. Traditional characters are read, but most n-grams of the model are simplified.",
        "",
    ]
    return "\n".join(lines)


def table(quality: dict[str, Any], parts: dict[str, str], figures: dict[str, str]) -> list[str]:
    """Lines of a Markdown table; `parts` and `figures` map keys to the names shown."""
    lines = ["| | " + " | ".join(parts.values()) + " |", "|---" * (len(parts) + 1) + "|"]
    for key, name in figures.items():
        values = [figure(quality["figures"][part], key) for part in parts]
        lines.append(f"| {name} | " + " | ".join("–" if v is None else f"{v:.3f}" for v in values) + " |")
    return lines


def figure(row: dict[str, Any], key: str) -> float | None:
    """The figure, None where there is nothing to tell it from."""
    if key.startswith("boilerplate") and row["boilerplate_units"] < FEWEST_JUNK_LINES:
        return None
    value: float | None = row.get(key)
    return value


def update_readme(path: Path, quality: dict[str, Any]) -> None:
    """Put the short table between the README's marks."""
    words = WORDS[path.name]
    parts = {part: words[part] for part in PARTS if part in quality["figures"]}
    figures = {key: words.get(key, FIGURES[key]) for key in SHORT}
    shown = "\n".join([words["said"].format(**quality), *table(quality, parts, figures)]) + "\n"
    path.write_text(TABLE.sub(lambda _: shown, path.read_text(encoding="utf-8")), encoding="utf-8")


def main() -> None:
    """Write card and tables."""
    model = govtext.load(MODEL)
    quality = json.loads(QUALITY.read_text(encoding="utf-8")) if QUALITY.is_file() else None
    CARD.write_text(card(dict(model.header), model.sha256, MODEL.stat().st_size, quality), encoding="utf-8")
    if quality is not None:
        for path in READMES:
            update_readme(path, quality)


if __name__ == "__main__":
    main()
