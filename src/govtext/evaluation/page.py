"""One HTML page of a training run's figures: nothing is loaded or run, all text is escaped, Chinese fonts are the reader's."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable, Iterator
from hashlib import sha256

import numpy as np

from govtext.evaluation.confusion import folded
from govtext.evaluation.limits import limits
from govtext.evaluation.pictures import (
    confusion_map,
    coverage_plot,
    interval_plot,
    learning_curve,
    reliability_diagram,
)
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
from govtext.evaluation.svg import STYLE as PICTURE_STYLE
from govtext.evaluation.svg import element, escaped

MOST_DRAWN = 24  # themes of the confusion map; the others are summed in one row
ROLE_NAMES = {"overview": "概述", "done": "已做", "problem": "问题", "plan": "计划", "other": "其他"}
OTHERS = "其余 others"
NOTHING = ("未漏 none missed", "未给 none given")  # last row, last column
SIDES = ("应为 true ↓", "给出 given →")
LIGHT = "--ink:#1c2430;--muted:#657083;--line:#dde2e9;--paper:#fff;--ground:#f4f6f9;--good:#1f6fb2;--bad:#c4541a"
DARK = "--ink:#e4e8ee;--muted:#9aa6b5;--line:#37404d;--paper:#171c24;--ground:#0f1319;--good:#63a9ea;--bad:#ef8f55"
STYLE = f"""\
:root{{color-scheme:light dark;{LIGHT}}}
@media screen and (prefers-color-scheme:dark){{:root{{{DARK}}}}}
*{{box-sizing:border-box}}
body{{margin:0;background:var(--ground);color:var(--ink);line-height:1.6;font-size:15px;
font-family:system-ui,-apple-system,"Segoe UI","PingFang SC","Hiragino Sans GB","Microsoft YaHei","Noto Sans CJK SC",
"Source Han Sans SC","WenQuanYi Zen Hei",sans-serif}}
main{{max-width:1000px;margin:0 auto;padding:28px 20px 60px}}
h1{{font-size:24px;margin:0;overflow-wrap:anywhere}}
h2{{font-size:18px;margin:0 0 4px}}
[lang=en]{{color:var(--muted);font-weight:400}}
h2 [lang=en]{{font-size:15px;margin-left:6px}}
p{{margin:4px 0}}
section{{background:var(--paper);border:1px solid var(--line);border-radius:8px;padding:18px 20px;margin-top:18px}}
.tiles{{display:grid;grid-template-columns:repeat(auto-fit,minmax(150px,1fr));gap:12px;margin-top:16px}}
.tile{{background:var(--paper);border:1px solid var(--line);border-radius:8px;padding:12px 14px}}
.tile b{{display:block;font-size:26px;line-height:1.25;font-variant-numeric:tabular-nums}}
.tile span{{display:block;font-size:13px}}
.tile .range{{color:var(--muted);font-variant-numeric:tabular-nums}}
.limits{{border-left:4px solid var(--bad)}}
.limits li{{margin:8px 0}}
.limits ul{{margin:6px 0 0;padding-left:20px}}
.wide{{overflow-x:auto;margin-top:12px}}
.wide svg{{display:block}}
.many{{display:grid;grid-template-columns:repeat(auto-fill,minmax(200px,1fr));gap:14px 10px;margin-top:12px}}
.many svg{{display:block;max-width:100%;height:auto}}
table{{border-collapse:collapse;width:100%;font-size:13.5px}}
th,td{{padding:5px 10px;border-bottom:1px solid var(--line);text-align:left;vertical-align:top}}
th{{font-weight:600;white-space:nowrap}}
th [lang=en]{{display:block;font-size:12px}}
td.n,th.n{{text-align:right;font-variant-numeric:tabular-nums}}
td.n{{white-space:nowrap}}
td:first-child{{min-width:7em}}
dl{{display:grid;grid-template-columns:max-content 1fr;gap:4px 18px;margin:8px 0 0;font-size:13.5px}}
dt [lang=en]{{margin-left:6px}}
dd{{margin:0;overflow-wrap:anywhere}}
{PICTURE_STYLE}@media print{{
body{{background:#fff;font-size:11pt}}
main{{max-width:none;padding:0}}
section{{border:0;padding:0;margin-top:22px}}
.limits{{padding-left:12px;border-left:4px solid var(--bad)}}
.wide{{overflow:visible}}
.wide svg{{max-width:100%;height:auto}}
section p{{break-after:avoid;break-inside:avoid}}
table{{font-size:9pt}}
th,td{{padding:3px 6px}}
svg,tr,.tile,li{{break-inside:avoid}}
h2{{break-after:avoid}}
*{{print-color-adjust:exact;-webkit-print-color-adjust:exact}}
}}
"""
SHEET = f"\n{STYLE}"  # as it stands between the tags
SHEET_HASH = b64encode(sha256(SHEET.encode()).digest()).decode()
# No script, no picture from elsewhere, no other style than this one, no form, no other base for links.
POLICY = f"default-src 'none'; style-src 'sha256-{SHEET_HASH}'; base-uri 'none'; form-action 'none'"


def page(record: Record) -> str:
    """The page, XML that browsers read as HTML; the same bytes for the same record."""
    sections = [
        _limits(record),
        _section(by_theme(record), _f1(record)),
        _section(mixed_up(record), _confusion(record)),
        _section(calibration(record), _reliability(record)),
        _section(risks(record), _coverage(record)),
        _roles(record) if record.n_roles else "",
        _section(curve(record), _curve(record)) if record.curve else "",
        _section(origins(record)) if record.tells_origins else "",
        _section(folds(record)),
        _data(record),
    ]
    head = (
        f'<meta charset="utf-8"/>\n<meta http-equiv="Content-Security-Policy" content="{escaped(POLICY)}"/>\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1"/>\n'
        f"<title>{escaped(record.name)} · 评估 Evaluation</title>\n<style>{SHEET}</style>"
    )
    body = "\n".join([_top(record), *filter(None, sections)])
    return f'<!DOCTYPE html>\n<html lang="zh-Hans">\n<head>\n{head}\n</head>\n<body><main>\n{body}\n</main></body>\n</html>\n'


def _both(said: Said) -> str:
    english, chinese = map(escaped, said)
    return english if english == chinese else f'{chinese} <span lang="en">{english}</span>'


def _paragraphs(said: Said) -> str:
    return f'<p>{escaped(said[1])}</p><p lang="en">{escaped(said[0])}</p>'


def _top(record: Record) -> str:
    shown = [("micro_f1", "主题 micro-F1"), ("macro_f1", "主题 macro-F1")]
    tiles = [
        _tile(f"{record.overall[key].value:.3f}", name, f"{record.overall[key].low:.3f}–{record.overall[key].high:.3f}")
        for key, name in shown
    ]
    tiles.append(_tile(f"{record.exact_set:.3f}", "主题全对", "exact set of themes"))
    if record.n_roles:
        tiles.append(_tile(f"{record.role_accuracy:.3f}", "作用 准确率", "role, accuracy"))
    if record.formulaic.support:
        tiles.append(_tile(f"{record.formulaic.f1:.3f}", "套话 F1", "formulaic"))
    tiles.append(_tile(f"{record.data.body:,}", "正文段落", f"{record.data.documents:,} docs 文档"))
    date = f" · {escaped(record.date)}" if record.date else ""
    title = f'<h1>{escaped(record.name)}</h1>\n<p>模型评估 <span lang="en">Evaluation of a model</span>{date}</p>'
    return f'{title}\n{_paragraphs(overall(record).note)}\n<div class="tiles">{"".join(tiles)}</div>'


def _tile(value: str, name: str, below: str) -> str:
    return (
        f'<div class="tile"><b>{escaped(value)}</b><span>{escaped(name)}</span>'
        f'<span class="range">{escaped(below)}</span></div>'
    )


def _limits(record: Record) -> str:
    rows = "".join(
        f'<li>{escaped(limit.chinese)}<br/><span lang="en">{escaped(limit.english)}</span></li>'
        for limit in limits(record)
    )
    return f'<section class="limits"><h2>{_both(("Limits", "局限"))}</h2><ul>{rows}</ul></section>'


def _section(sheet: Sheet, picture: str = "") -> str:
    table = f'<div class="wide">{_table(sheet)}</div>' if sheet.rows else ""
    return f"<section><h2>{_both(sheet.title)}</h2>{_paragraphs(sheet.note)}\n{picture}{table}</section>"


def _table(sheet: Sheet) -> str:
    def cells(tag: str, row: Iterable[str]) -> str:
        return "".join(
            f"<{tag}>{cell}</{tag}>" if k < sheet.n_names else f'<{tag} class="n">{cell}</{tag}>'
            for k, cell in enumerate(row)
        )

    head = cells("th", map(_both, sheet.head))
    rows = "\n".join(f"<tr>{cells('td', map(escaped, row))}</tr>" for row in sheet.rows)
    return f"<table><thead><tr>{head}</tr></thead>\n<tbody>\n{rows}\n</tbody></table>"


def _drawn(picture: str) -> str:
    return f'<div class="wide">{picture}</div>\n'


def _f1(record: Record) -> str:
    rows = [(t.name, t.f1, t.support) for t in record.themes]
    title = "各主题的 F1 及 95% 区间 F1 by theme with 95 % intervals"
    return _drawn(interval_plot(rows, overall=record.overall["micro_f1"].value, title=title))


def _confusion(record: Record) -> str:
    kept, counts = folded(np.array(record.confusion), most=MOST_DRAWN)
    names = [record.themes[k].name for k in kept] + [OTHERS] * (len(kept) < len(record.themes))
    table = tuple(tuple(row) for row in counts.tolist())
    title = "主题混淆：行为应有的主题，列为给出的主题 Confusion of themes: rows true, columns given"
    return _drawn(confusion_map([*names, NOTHING[0]], [*names, NOTHING[1]], table, sides=SIDES, title=title))


def _reliability(record: Record) -> str:
    def drawn() -> Iterator[str]:
        for t in record.themes:
            told = f"n {t.support:,} · 误差 error {t.calibration.debiased:.3f}"
            title = f"{t.name}：给出的概率与真实比例 probability said and share true"
            yield reliability_diagram(t.name, told, t.calibration.bins, title=title)

    axes = _paragraphs(
        (
            "Across: probability said. Up: share true. A dot is a bin of passages, its line the 95 % interval.",
            "横轴：给出的概率；纵轴：真实比例。一点为一组段落，竖线为 95% 区间。",
        )
    )
    return f'{axes}<div class="many">{"".join(drawn())}</div>\n'


def _coverage(record: Record) -> str:
    marks = [
        (f"{r.risk:g}", r.accept + r.none, (r.accept * r.accept_error + r.none * r.none_error) / (r.accept + r.none))
        for r in record.risks
        if r.promise == "accepted" and r.accept + r.none > 0
    ]
    axes = ("不复核的段落 share that stands without review", "其中错误 share of it that is wrong")
    said = _paragraphs(
        (
            "The curve accepts the surest passages first; rings are the risks promised, at what they did on held-out folds.",
            "曲线：先接受把握最大的段落；圆圈：各承诺风险在留出部分上的实际位置。",
        )
    )
    return said + _drawn(coverage_plot(record.coverage, marks, axes=axes, title="错误率与覆盖率 risk and coverage"))


def _roles(record: Record) -> str:
    names = [f"{ROLE_NAMES.get(role, role)} {role}" for role in record.roles]
    title = "作用混淆 Confusion of roles"
    note = _paragraphs(
        ("Rows: the role labelled; columns: the role given.", "行为标注的作用，列为给出的作用。"),
    )
    drawn = _drawn(confusion_map(names, names, record.role_confusion, sides=SIDES, title=title))
    return f"<section><h2>{_both(('Roles', '作用'))}</h2>{note}\n{drawn}</section>"


def _curve(record: Record) -> str:
    axes = ("训练文档 training documents", "主题 micro-F1")
    return _drawn(learning_curve(record.curve, axes=axes, title="学习曲线 learning curve"))


def _data(record: Record) -> str:
    rows = "".join(element("dt", _both(name)) + element("dd", escaped(value)) for name, value in data(record))
    return f"<section><h2>{_both(('Data', '数据'))}</h2><dl>{rows}</dl></section>"
