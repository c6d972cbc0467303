"""Why a line is what it is: the line model's own sums, taken apart.

Both passes are linear, so what speaks for one class against another adds up: the second pass over groups of columns (the line
itself, its neighbours, its document), the first over n-grams and cues. Nothing is decided here; the decision is given.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from govtext.boilerplate.context import CLASSES, FLOOR, N_CONTENT, REACH, Floats, context_features
from govtext.boilerplate.detector import JUNK_FROM, SENTENCE, LineModel
from govtext.boilerplate.lines import BEGIN, END, HEAD, SHAPE, TAIL, Lines
from govtext.boilerplate.rules import LineRule, line_rules
from govtext.features.ngrams import join
from govtext.scoring.scorer import Block, dequantize, rows
from govtext.segmentation.markers import FAMILIES

# What the columns of the second pass belong to: the line by itself, then what stands around it.
OWN = ("alone", "shape", "marker", "rules")
NEIGHBOURS = ("near", "before", "after", "same marker", "document")
USUAL = "usual"  # what the model says of a line of this report like any other
GROUPS = (*OWN, *NEIGHBOURS, USUAL)
# What a reader is told of them.
_NAMES = {
    "alone": "what it is alone",
    "shape": "shape",
    "marker": "marker",
    "rules": "rules",
    "near": "lines beside it",
    "before": "all before it",
    "after": "all after it",
    "same marker": "lines with its marker",
    "document": "the report's mix",
    "usual": "any line of this report",
}
MOST_SAID = 3  # shares or words named in one sentence for the decision, and as many against
LEAST_SAID = 0.5  # logits; of less a reader learns nothing
_N = len(CLASSES)
_CONTENT, _JUNK = frozenset(CLASSES[:N_CONTENT]), frozenset(CLASSES[N_CONTENT:])
_HEADED = frozenset(("heading", "run-in"))
_CUES = (
    *(name.replace("_", " ") for name in SHAPE),
    *(f"{name} marker" for name in FAMILIES),
    *(f"rule {rule.name}" for rule in line_rules()),
)


@dataclass(frozen=True, slots=True)
class LineReasons:
    """What spoke for the class that a line was given.

    decided   its class in the report, one of `CLASSES`; `against` the likeliest that is neither it nor of its kind
              (all boilerplate is of one kind, and so are headings alone and run-in)
    alone     probability (0–1) of that kind from the line by itself, `together` among its neighbours (1 for a form)
    margin    logit of `decided` over `against` among its neighbours; below 0 where something else decided (the count of
              headings, the line itself)
    shares    what each of `GROUPS` adds to `margin`; they sum to it
    own       logit of `decided` over `against` from the line by itself
    words     what each n-gram and cue adds to `own`, strongest first; with `own_usual` they sum to it
    family    marker family, None without marker
    rules     reasons of the rules that fire
    certain   why the line itself decided, whatever stands around it; None where the passes did
    """

    decided: str
    against: str
    alone: float
    together: float
    margin: float
    shares: tuple[tuple[str, float], ...]
    own: float
    own_usual: float
    words: tuple[tuple[str, float], ...]
    family: str | None
    rules: tuple[str, ...]
    certain: str | None = None

    @property
    def neighbours(self) -> float:
        """What all that stands around the line adds to `margin`."""
        return sum(share for name, share in self.shares if name in NEIGHBOURS)

    def in_words(self) -> list[str]:
        """Sentences for a reader: both passes, the shares, the words, a heading's marker, the rules."""
        said = (
            f"{self.decided} rather than {self.against}: {_percent(self.alone)} alone, "
            f"{_percent(self.together)} among its neighbours (they add {self.neighbours:+.1f} of {self.margin:+.1f})"
        )
        if self.certain:
            said += f"; the line itself decided: {self.certain}"
        elif self.decided in _HEADED and self.margin < 0:
            said += "; the outline as a whole decided"
        shares = [(_NAMES[name], share) for name, share in self.shares]
        sentences = [said, *_sentence("shares", shares), *_sentence("words and shape", self.words)]
        if self.family and self.decided in _HEADED:
            sentences.append(f"marker: {self.family}")
        return [*sentences, f"rules: {'; '.join(self.rules)}"] if self.rules else sentences


def explain_lines(model: LineModel, lines: Lines, pieces: Sequence[str], decided: Sequence[str]) -> list[LineReasons]:
    """The reasons for all lines of one report, made of `pieces`, in order; `decided` names the class that each was given."""
    if not len(lines):
        return []
    lines, forms = model.read(lines, pieces)
    alone, cues = model.first_pass(lines)
    features = context_features(alone, cues, lines)
    together = model.second_pass(alone, cues, lines)
    groups = np.array([GROUPS.index(name) for name in column_groups()])
    neutral = _neutral(features)
    rules = line_rules()
    reasons = []
    for i, (form, name) in enumerate(zip(forms, decided, strict=True)):
        kin = _kin(name)
        chosen = max((k for k in range(_N) if CLASSES[k] in kin), key=lambda k: float(together[i, k]))
        if name in _JUNK:
            chosen = CLASSES.index(name)
        other = max((k for k in range(_N) if CLASSES[k] not in kin), key=lambda k: float(together[i, k]))
        weights = model.context[:, chosen] - model.context[:, other]
        shares = np.bincount(groups, (features[i] - neutral) * weights, minlength=len(GROUPS))
        shares[-1] += neutral @ weights + model.context_intercept[chosen] - model.context_intercept[other]
        words, usual = _words(model, lines.text(i), cues[i], chosen, other)
        members = [k for k in range(_N) if CLASSES[k] in kin]
        reasons.append(
            LineReasons(
                decided=CLASSES[chosen],
                against=CLASSES[other],
                alone=float(alone[i, members].sum()),
                together=1.0 if form else float(together[i, members].sum()),
                margin=float(shares.sum()),
                shares=tuple(zip(GROUPS, shares.tolist())),
                own=sum(weight for _, weight in words) + usual,
                own_usual=usual,
                words=words,
                family=FAMILIES[lines.family[i]] if lines.family[i] >= 0 else None,
                rules=tuple(rule.reason for rule, hit in zip(rules, lines.hits[i], strict=True) if hit),
                certain=_certain(form, name, float(together[i, N_CONTENT:].sum())),
            )
        )
    return reasons


def column_groups() -> tuple[str, ...]:
    """The group of each column of `context_features`, in its order."""
    sides = ("near",) * (2 * REACH)
    logs = ("alone", *sides, "document", "before", "after")
    edges = sides
    counts = ("before", "after", "before", "after", "document")
    family = ("same marker",) * (6 + 2 * 4)
    lengths, firsts, ends = ("near",) * 4, ("near",) * 8, ("near",) * 6
    cues = ("shape",) * len(SHAPE) + ("marker",) * len(FAMILIES) + ("rules",) * len(line_rules())
    by_class = tuple(name for name in logs for _ in CLASSES)
    return (*by_class, *edges, *counts, "before", *family, *lengths, *firsts, *ends, "document", *cues)


def _neutral(features: Floats) -> Floats:
    """What the columns hold for a line like any other: no opinion on any class, no marker, no rule, else the report's means.

    Shares are counted from there. From nought, line lengths added 8 to every heading, which the intercept took away again.
    """
    groups = column_groups()
    neutral: Floats = features.mean(axis=0)
    neutral[: _N * (2 * REACH + 4)] = np.log(1 / _N + FLOOR)
    neutral[[name in ("marker", "rules") for name in groups]] = 0.0
    return neutral


def _kin(name: str) -> frozenset[str]:
    """The classes that would have come to the same."""
    if name in _JUNK:
        return _JUNK
    return _HEADED if name in _HEADED else frozenset((name,))


def _certain(form: LineRule | None, name: str, junk: float) -> str | None:
    """What decided in place of the passes, of a line that was given the class `name`."""
    if form:
        return form.reason
    return SENTENCE if junk >= JUNK_FROM and name not in _JUNK else None


def _words(
    model: LineModel, text: str, cues: Floats, chosen: int, other: int
) -> tuple[tuple[tuple[str, float], ...], float]:
    """What n-grams and cues add to the first pass's score of `chosen` over `other`, strongest first, and the intercept's part."""
    scorer = model.alone
    found: Counter[str] = Counter()
    for block, end in zip(scorer.blocks, (BEGIN + text[:HEAD], text[-TAIL:] + END), strict=True):
        ids, weights = _occurrences(block, end)
        for term, weight in zip(ids.tolist(), (weights[:, chosen] - weights[:, other]).tolist()):
            found[_shown(block.vocabulary.terms[term])] += weight
    if scorer.dense is not None:
        dense = np.asarray(scorer.dense, np.float64)
        for cue, weight in zip(_CUES, ((dense[:, chosen] - dense[:, other]) * cues).tolist(), strict=True):
            if weight:
                found[cue] += weight
    usual = float(scorer.intercept[chosen]) - float(scorer.intercept[other])
    return tuple(sorted(found.items(), key=lambda item: (-abs(item[1]), item[0]))), usual


def _occurrences(block: Block, text: str) -> tuple[NDArray[np.int32], Floats]:
    """The terms in a text, each as often as it stands there, and what each adds to the scores, (n_terms, n_outputs)."""
    _, ids = rows(block.vocabulary, join([text]))
    squares = int(block.weights.squares[ids].astype(np.int64).sum())
    norm = np.sqrt(max(squares, 1) * block.square_step)
    weights: Floats = dequantize(block.weights.numbers[ids], block.steps) * (block.scale / norm)
    return ids, weights


def _shown(term: str) -> str:
    """An n-gram between quotation marks, the two ends of a line as ^ and $."""
    return f"“{term.replace(BEGIN, '^').replace(END, '$')}”"


def _sentence(subject: str, weighed: Sequence[tuple[str, float]]) -> list[str]:
    """The strongest for the decision and the strongest against it, with their logits; nothing where none is strong."""
    strong = sorted((item for item in weighed if abs(item[1]) >= LEAST_SAID), key=lambda item: -abs(item[1]))
    speaking = [item for item in strong if item[1] > 0][:MOST_SAID]
    speaking += [item for item in strong if item[1] < 0][:MOST_SAID]
    return [f"{subject}: {', '.join(f'{name} {weight:+.1f}' for name, weight in speaking)}"] if speaking else []


def _percent(probability: float) -> str:
    return f"{min(99, round(100 * probability)) if probability < 1 else 100}%"
