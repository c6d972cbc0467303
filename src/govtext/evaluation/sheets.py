"""The tables of card and page: which rows, in which words; how they look is the card's and the page's own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from govtext.evaluation.intervals import Interval
from govtext.evaluation.pictures import amount
from govtext.evaluation.record import ORIGINS, Record

Said = tuple[str, str]  # English, Chinese
MOST_MIXED = 12  # pairs of themes
OVERALL: tuple[tuple[str, Said], ...] = (
    ("micro_f1", ("themes, micro-F1", "主题 micro-F1")),
    ("macro_f1", ("themes, macro-F1", "主题 macro-F1")),
    ("micro_precision", ("themes, precision", "主题 精确率")),
    ("micro_recall", ("themes, recall", "主题 召回率")),
)
# Key of `scoring.risk.PROMISES` → what it means in a table.
PROMISED: dict[str, Said] = {
    "accepted": ("of what is accepted", "占接受的"),
    "passages": ("of all passages", "占全部段落"),
}


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table: its name, what is to be known of it, names of columns, cells as text; the first `n_names` columns hold names."""

    title: Said
    note: Said
    head: tuple[Said, ...]
    rows: tuple[tuple[str, ...], ...]
    n_names: int = 1


def with_interval(figure: Interval) -> str:
    """A figure and its interval."""
    return f"{figure.value:.3f} ({figure.low:.3f}–{figure.high:.3f})"


def overall(record: Record) -> Sheet:
    """The figures of all themes together, of roles and formulaic passages."""
    formulaic = record.formulaic
    rows = [(" · ".join(reversed(said)), with_interval(record.overall[name])) for name, said in OVERALL]
    rows.append(("主题全对 · exactly the right set of themes", f"{record.exact_set:.3f}"))
    rows.append(("作用 准确率 · role, accuracy", f"{record.role_accuracy:.3f}" if record.n_roles else "–"))
    rows.append(("套话 F1 · formulaic, F1", f"{formulaic.f1:.3f}" if formulaic.support else "–"))
    return Sheet(
        ("All together", "总体"),
        (
            "Body passages, each judged by a model, calibration and thresholds that had not seen its document or a near-copy "
            "of it; in brackets 95 % intervals, bootstrap over groups of documents.",
            "正文段落；判断每一段的模型、校准和阈值都没有见过它所在的文档及其近似副本；括号内为按文档组自助抽样的 95% 区间。",
        ),
        (("figure", "指标"), ("value", "数值")),
        tuple(rows),
    )


def by_theme(record: Record) -> Sheet:
    """Support, precision, recall and F1 of each theme."""
    return Sheet(
        ("F1 by theme", "各主题的 F1"),
        (
            "n: passages that carry the theme; docs: groups of documents they stand in; threshold: probability from which the "
            "model gives the theme.",
            "n：带该主题的段落；文档：它们所在的文档组；阈值：概率达到多少才给出该主题。",
        ),
        (
            ("theme", "主题"),
            ("n", "段落"),
            ("docs", "文档"),
            ("precision", "精确率"),
            ("recall", "召回率"),
            ("F1", "F1"),
            ("threshold", "阈值"),
        ),
        tuple(
            (
                t.name,
                f"{t.support:,}",
                f"{t.groups:,}",
                *map(with_interval, (t.precision, t.recall, t.f1)),
                f"{t.threshold:.2f}",
            )
            for t in record.themes
        ),
    )


def mixed_up(record: Record) -> Sheet:
    """The pairs of themes most often taken for each other, with what is missed and needless."""
    n = len(record.themes)
    rows = [
        (record.themes[i].name, record.themes[j].name, amount(count), f"{count / max(record.themes[i].support, 1):.1%}")
        for i, j, count in record.mixed_up[:MOST_MIXED]
    ]
    missed, needless = sum(row[n] for row in record.confusion[:n]), sum(record.confusion[n][:n])
    return Sheet(
        ("What is taken for what", "易混主题"),
        (
            f"A missed theme and a needless one of the same passage make a pair, in parts where there are several. Beside "
            f"these, {amount(missed)} themes were missed and {amount(needless)} given with nothing instead.",
            f"同一段里漏掉的主题与多给的主题配成一对，多个时按份分摊。此外有 {amount(missed)} 个主题漏给、"
            f"{amount(needless)} 个主题多给，没有配对。",
        ),
        (("true", "应为"), ("given", "给出"), ("times", "次数"), ("of the true", "占应为")),
        tuple(rows),
        n_names=2,
    )


def calibration(record: Record) -> Sheet:
    """Whether each theme's probability means what it says."""
    return Sheet(
        ("Calibration", "概率校准"),
        (
            "Error: mean distance of the probability said and the share that is true, less what chance adds; likely: the same "
            "among passages given 5 % or more; Brier: mean squared distance, the smaller the better.",
            "误差：给出的概率与真实比例的平均差距，已扣除偶然部分；5% 以上：只看概率不低于 5% 的段落；Brier：均方差，越小越好。",
        ),
        (
            ("theme", "主题"),
            ("error", "误差"),
            ("likely", "5% 以上"),
            ("Brier", "Brier"),
            ("of guessing the share", "只猜比例时"),
        ),
        tuple(
            (
                t.name,
                f"{t.calibration.debiased:.4f}",
                f"{t.calibration.likely:.4f}",
                f"{t.calibration.brier:.4f}",
                f"{t.calibration.uncertainty:.4f}",
            )
            for t in record.themes
        ),
    )


def risks(record: Record) -> Sheet:
    """What can stand without review at each risk, and how much of it is wrong."""
    return Sheet(
        ("What can stand without review", "哪些可以不复核"),
        (
            "Thresholds of the other folds, measured on each fold: accepted with themes, accepted as having none, sent to "
            "review; then the share wrong among them, by the promise.",
            "用其余各折求得的阈值，在留出的一折上测量：接受主题、接受为无主题、送复核；其后是按承诺口径算出的错误率。",
        ),
        (
            ("promise", "承诺"),
            ("risk", "风险"),
            ("accept", "接受"),
            ("none", "无主题"),
            ("review", "复核"),
            ("wrong: accept", "错误：接受"),
            ("wrong: none", "错误：无主题"),
            ("wrong: all passages", "错误：全部段落"),
        ),
        tuple(
            (
                " · ".join(reversed(PROMISED.get(r.promise, (r.promise, r.promise)))),
                f"{r.risk:g}",
                *(f"{share:.1%}" for share in (r.accept, r.none, r.review)),
                *(
                    f"{share:.3f}" if any_ else "–"
                    for share, any_ in ((r.accept_error, r.accept), (r.none_error, r.none))
                ),
                f"{r.passage_error:.3f}",
            )
            for r in record.risks
        ),
    )


def curve(record: Record) -> Sheet:
    """Micro-F1 by how many documents the model learnt from."""
    return Sheet(
        ("Learning curve", "学习曲线"),
        (
            "Micro-F1 on held-out documents, by how many documents the model learnt from; 95 % intervals.",
            "按训练文档数量，留出文档上的 micro-F1；带 95% 区间。",
        ),
        (("documents", "文档"), ("micro-F1", "micro-F1")),
        tuple((f"{p.documents:,}", with_interval(p.f1)) for p in sorted(record.curve, key=lambda p: p.documents)),
    )


def origins(record: Record) -> Sheet:
    """Documents by where they come from."""
    return Sheet(
        ("By origin", "按来源"),
        ("As the headers of the documents say.", "依据文档头部的说明。"),
        (("origin", "来源"), ("documents", "文档"), ("passages", "段落"), ("micro-F1", "micro-F1")),
        tuple(
            (
                " · ".join(reversed(ORIGINS[row.origin])),
                f"{row.documents:,}",
                f"{row.passages:,}",
                with_interval(row.micro_f1) if row.micro_f1 else "–",
            )
            for row in record.origins
        ),
    )


def folds(record: Record) -> Sheet:
    """What each fold held out."""
    return Sheet(
        ("Split", "划分"),
        (
            "Documents that share a passage or a file are one group, and a group is never split; themes are spread evenly.",
            "共有段落或同一文件的文档为一组，一组不拆开；各主题在各折中分布均匀。",
        ),
        (("fold", "折"), ("documents", "文档"), ("groups", "组"), ("body passages", "正文段落")),
        tuple((str(k), f"{f.documents:,}", f"{f.groups:,}", f"{f.body:,}") for k, f in enumerate(record.folds, 1)),
    )


def data(record: Record) -> Iterator[tuple[Said, str]]:
    """What the model was made of, a line each: name, value."""
    yield ("model file", "模型文件"), record.name
    yield ("SHA-256 of the model", "模型 SHA-256"), record.sha256
    if record.date:
        yield ("date", "日期"), record.date
    yield ("sources", "来源"), "; ".join(record.data.sources) or "–"
    yield ("SHA-256 of texts and labels", "数据 SHA-256"), record.data.sha256
    yield ("documents", "文档"), f"{record.data.documents:,}"
    yield ("groups of near-copies", "近似文档组"), f"{record.data.groups:,}"
    yield ("passages, of them body", "段落，其中正文"), f"{record.data.passages:,}, {record.data.body:,}"
    yield ("seed", "随机种子"), str(record.seed)
    yield ("made with", "所用版本"), ", ".join(f"{name} {number}" for name, number in sorted(record.versions.items()))
