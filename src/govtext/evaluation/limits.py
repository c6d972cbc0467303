"""What a model's figures say against it, in words: each sentence follows from numbers of the record."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from govtext.evaluation.record import Record, ThemeRecord

FEW_EXAMPLES = 50  # passages of a theme
FEW_GROUPS = 50  # independent documents; of 30, a rare theme's 95 % interval held the truth in 66 % of samples
LARGE_ERROR = 0.03  # calibration error, debiased
WIDE = 0.15  # interval of a theme's F1, from end to end
USUAL_RISK = 0.05
LOW_RECALL = 0.8
OFTEN = 0.03  # of a theme's passages that get another theme instead
FEWEST_MISTAKES = 3
MOST_PAIRS = 3
MOST_NAMED = 8  # themes of a sentence


@dataclass(frozen=True, slots=True)
class Limit:
    """One limit, said twice."""

    english: str
    chinese: str


def limits(record: Record) -> tuple[Limit, ...]:
    """What to know before the model is used, the gravest first."""
    return tuple(limit for rule in RULES for limit in rule(record))


def _listed(rows: Sequence[tuple[str, str]]) -> tuple[str, str]:
    """Names with a figure each, in the manner of both languages; at most `MOST_NAMED`."""
    english = ", ".join(f"{name} ({figure})" for name, figure in rows[:MOST_NAMED])
    chinese = "、".join(f"{name}（{figure}）" for name, figure in rows[:MOST_NAMED])
    if more := len(rows) - MOST_NAMED if len(rows) > MOST_NAMED else 0:
        return f"{english} and {more} more", f"{chinese}等 {len(rows)} 个"
    return english, chinese


def _from_keywords(record: Record) -> Iterator[Limit]:
    if record.from_keywords:
        yield Limit(
            "Labels were made from keywords: every figure says how well the model agrees with them, not with a person. "
            "Label a hundred paragraphs by hand before you rely on it.",
            "标注由关键词生成：各项数字只说明模型与关键词的一致程度，不等于与人工标注的一致程度。正式使用前请先人工标注一百段。",
        )


def _few_groups(record: Record) -> Iterator[Limit]:
    if record.data.groups < FEW_GROUPS:
        yield Limit(
            f"Only {record.data.groups} documents that are no copies of each other: intervals are narrower than they should "
            "be, most of all those of rare themes.",
            f"互不重复的文档只有 {record.data.groups} 份：区间偏窄，少见主题尤其如此。",
        )


def _few_examples(record: Record) -> Iterator[Limit]:
    few = sorted((t for t in record.themes if t.support < FEW_EXAMPLES), key=lambda t: t.support)
    if few:
        english, chinese = _listed([(t.name, str(t.support)) for t in few])
        yield Limit(
            f"Fewer than {FEW_EXAMPLES} examples: {english}. Their figures and probabilities may be far off.",
            f"样本不足 {FEW_EXAMPLES} 段：{chinese}。这些主题的数字和概率可能偏差较大。",
        )


def _badly_calibrated(record: Record) -> Iterator[Limit]:
    bad = [t for t in record.themes if t.support >= FEW_EXAMPLES and t.calibration.debiased > LARGE_ERROR]
    if bad:
        bad.sort(key=lambda t: -t.calibration.debiased)
        english, chinese = _listed([(t.name, f"{t.calibration.debiased:.3f}") for t in bad])
        yield Limit(
            f"Calibration error above {LARGE_ERROR}: {english}. Do not read their probabilities as they stand.",
            f"校准误差大于 {LARGE_ERROR}：{chinese}。不要直接按字面理解这些主题的概率。",
        )


def _uncertain(record: Record) -> Iterator[Limit]:
    def width(theme: ThemeRecord) -> float:
        return theme.f1.high - theme.f1.low

    wide = sorted((t for t in record.themes if t.support >= FEW_EXAMPLES and width(t) > WIDE), key=lambda t: -width(t))
    if wide:
        english, chinese = _listed([(t.name, f"{t.f1.low:.2f}–{t.f1.high:.2f}") for t in wide])
        yield Limit(
            f"F1 known only roughly (95 % interval): {english}. More documents would tell.",
            f"F1 只知道大概（95% 区间）：{chinese}。增加文档才能确定。",
        )


def _missed(record: Record) -> Iterator[Limit]:
    low = sorted((t for t in record.themes if t.recall.value < LOW_RECALL), key=lambda t: t.recall.value)
    if low:
        english, chinese = _listed([(t.name, f"{t.recall.value:.2f}") for t in low])
        yield Limit(
            f"Found in less than {LOW_RECALL:.0%} of the passages that have it: {english}.",
            f"召回率低于 {LOW_RECALL:.0%}：{chinese}。",
        )


def _mixed_up(record: Record) -> Iterator[Limit]:
    for i, j, n in record.mixed_up[:MOST_PAIRS]:
        one, other = record.themes[i], record.themes[j]
        if n / one.support >= OFTEN and n >= FEWEST_MISTAKES:
            yield Limit(
                f"Mixed up: {other.name} given instead of {one.name} in {n:.0f} of {one.support} passages.",
                f"容易混淆：应为「{one.name}」而给了「{other.name}」，{one.support} 段中有 {n:.0f} 段。",
            )


def _risk(record: Record) -> Iterator[Limit]:
    for row in record.risks:
        if row.promise != "accepted" or row.risk != USUAL_RISK:
            continue
        if row.never:
            yield Limit(
                f"At risk {row.risk:g} every passage goes to review: these documents cannot vouch for less.",
                f"风险 {row.risk:g} 时全部段落都要人工复核：现有文档不足以作出保证。",
            )
        elif max(row.accept_error, row.none_error) > row.risk:
            yield Limit(
                f"At risk {row.risk:g} the held-out folds erred more than promised: {row.accept_error:.3f} of accepted "
                f"passages, {row.none_error:.3f} of those said to have no theme.",
                f"风险 {row.risk:g} 时留出部分的错误超出承诺：接受的段落 {row.accept_error:.3f}，"
                f"判为无主题的段落 {row.none_error:.3f}。",
            )


def _origins(record: Record) -> Iterator[Limit]:
    by = {row.origin: row for row in record.origins}
    real, authored = by.get("real"), by.get("authored")
    if real and authored and real.micro_f1 and authored.micro_f1:
        yield Limit(
            f"On real texts micro-F1 is {real.micro_f1.value:.3f} ({real.micro_f1.low:.3f}–{real.micro_f1.high:.3f}, "
            f"{real.documents} documents), on authored ones {authored.micro_f1.value:.3f}; what you bring is real.",
            f"真实文本上 micro-F1 为 {real.micro_f1.value:.3f}（{real.micro_f1.low:.3f}–{real.micro_f1.high:.3f}，"
            f"{real.documents} 份），自写文本上为 {authored.micro_f1.value:.3f}；实际使用的是真实文本。",
        )
    elif authored and not real:
        yield Limit(
            "No document is marked as collected from a source: on real texts the figures will be lower.",
            "没有文档注明采自真实来源：在真实文本上，数字会更低。",
        )


def _unlabelled(record: Record) -> Iterator[Limit]:
    if not record.n_roles:
        yield Limit(
            "No passage has a role: what the model says of roles means nothing.",
            "没有标注作用：模型给出的作用没有意义。",
        )
    if not record.formulaic.support:
        yield Limit("No passage is labelled formulaic: the model never says so.", "没有标注套话：模型不会判为套话。")


def _always(record: Record) -> Iterator[Limit]:
    yield Limit(
        "Measured on paragraphs cut as they were labelled; on raw files mistakes of outline and boilerplate come on top. "
        "Texts of another kind or region than the training documents are labelled less well.",
        "按标注好的段落测量；用于原始文件时，还要加上分段和去除网页杂质的错误。与训练文档类型、地区不同的文本，效果会差一些。",
    )


# A limit is one row; the gravest come first.
RULES: tuple[Callable[[Record], Iterator[Limit]], ...] = (
    _from_keywords,
    _few_groups,
    _few_examples,
    _badly_calibrated,
    _risk,
    _uncertain,
    _origins,
    _missed,
    _mixed_up,
    _unlabelled,
    _always,
)
