"""Write the bundled model's card from its header and models/quality.json: run by `make model` and `make quality`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import govtext

HERE = Path(__file__).resolve().parent
MODEL, QUALITY, CARD = HERE / "govtext.safetensors", HERE / "quality.json", HERE / "govtext.md"
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
        parts = list(quality["figures"])
        lines += [
            f"{quality['documents']} documents, {quality['folds']} folds by document, {quality['date']}, `{quality['command']}`.",
            "Each document went in as a raw file and through the whole road of a model that had not seen it.",
            "",
            "| | " + " | ".join(parts) + " |",
            "|---" * (len(parts) + 1) + "|",
        ]
        for key, name in FIGURES.items():
            values = [quality["figures"][part].get(key) for part in parts]
            lines.append(f"| {name} | " + " | ".join("–" if v is None else f"{v:.3f}" for v in values) + " |")
        per_theme = quality["figures"]["all"]["per_theme_f1"]
        names = {theme["code"]: theme["name"] for theme in header["themes"]}
        lines += ["", "F1 by theme (all): " + ", ".join(f"{names[c]} {f1:.2f}" for c, f1 in per_theme.items()) + "."]
    lines += [
        "",
        "## Limits",
        "",
        "- Made for reports of science and technology bureaus, development zones and their like, and for the reports,",
        "  policies and news around them. Region-wide reports and regulations are labelled less well (column real).",
        "- Two people who label by the codebook agree on themes to micro-F1 0.93 on excerpts of all kinds, 0.98 on whole",
        "  bureau pages.",
        "- A probability is that of a theme given what the model has seen; on other kinds of text it is too sure.",
        "- Simplified Chinese. Traditional characters are read, but most n-grams of the model are simplified.",
        "",
    ]
    return "\n".join(lines)


def main() -> None:
    """Write the card."""
    model = govtext.load(MODEL)
    quality = json.loads(QUALITY.read_text(encoding="utf-8")) if QUALITY.is_file() else None
    CARD.write_text(card(dict(model.header), model.sha256, MODEL.stat().st_size, quality), encoding="utf-8")


if __name__ == "__main__":
    main()
