"""The model card in Markdown, from the record of a training run."""

from __future__ import annotations

import re

from govtext.evaluation.limits import limits
from govtext.evaluation.record import Record
from govtext.evaluation.sheets import (
    Said,
    Sheet,
    by_theme,
    calibration,
    curve,
    data,
    folds,
    mixed_up,
    origins,
    overall,
    risks,
)

_SPECIAL = re.compile(r"([\\`*_\[\]<>|#&!~$])")


def card(record: Record) -> str:
    """The card; the same bytes for the same record."""
    lines = [
        f"# {plain(record.name)}",
        "",
        "模型卡 · Model card. Written by the training run from its own figures.",
        "",
    ]
    lines += ["## 局限 · Limits", ""]
    for limit in limits(record):
        lines += [f"- {plain(limit.chinese)}", f"  {plain(limit.english)}"]
    for sheet in (overall(record), by_theme(record)):
        lines += _table(sheet)
    if record.mixed_up:
        lines += _table(mixed_up(record))
    for sheet in (calibration(record), risks(record), folds(record)):
        lines += _table(sheet)
    if record.curve:
        lines += _table(curve(record))
    if record.tells_origins:
        lines += _table(origins(record))
    lines += ["", "## 数据 · Data", ""]
    lines += [f"- {_both(name)}: {plain(value)}" for name, value in data(record)]
    return "\n".join([*lines, ""])


def plain(text: str) -> str:
    """Text that Markdown shows as it is: one line, no markup."""
    shown = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text)
    return _SPECIAL.sub(r"\\\1", shown)


def _both(said: Said) -> str:
    english, chinese = map(plain, said)
    return english if english == chinese else f"{chinese} · {english}"


def _table(sheet: Sheet) -> list[str]:
    aligned = ["---" if k < sheet.n_names else "---:" for k in range(len(sheet.head))]
    return [
        "",
        f"## {_both(sheet.title)}",
        "",
        plain(sheet.note[1]),
        plain(sheet.note[0]),
        "",
        f"| {' | '.join(_both(name) for name in sheet.head)} |",
        f"|{'|'.join(aligned)}|",
        *(f"| {' | '.join(map(plain, row))} |" for row in sheet.rows),
    ]
