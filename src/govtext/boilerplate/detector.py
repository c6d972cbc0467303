"""What each line of a report is: a pass on the line alone, a pass with its neighbours, and a verdict from each.

One model tells title, meta, heading, paragraph with run-in heading, body and the six kinds of boilerplate apart:
whether a bare line is a heading or a menu entry is one question, not two.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from govtext.boilerplate.context import CLASSES, N_CONTENT, Floats, context_features
from govtext.boilerplate.lines import Lines, concatenated, to_lines
from govtext.boilerplate.rules import LineRule, forms_of, line_rules
from govtext.boilerplate.stretches import find_stretches
from govtext.document import BOILERPLATE_KINDS, Verdict
from govtext.features.vocabulary import Vocabulary
from govtext.scoring.dense import product
from govtext.scoring.modelfile import Array
from govtext.scoring.scorer import Scorer
from govtext.scoring.storage import Arrays, scorer_arrays, scorer_from, scorer_schema
from govtext.scoring.thresholds import softmax

BLOCKS = ("head", "tail")
JUNK_FROM = 0.5  # probability of all boilerplate kinds together
SENTENCE_UP_TO = 0.01  # the same, of a sentence by itself: below, no neighbours make it a site's line
SENTENCE = "a sentence of no site, whatever stands around it"
WITH_FROM = 0.2  # the same, of a line with junk inside it by itself, from which it is looked at without
REST_UP_TO = 0.1  # and then: below, the line is what it is without
_HEADING, _RUN_IN, _BODY = (CLASSES.index(name) for name in ("heading", "run-in", "body"))
_PLAIN = [CLASSES.index(name) for name in ("body", "title", "meta")]
_STOPS = "。！？!?"  # what ends a sentence from which junk was taken
_ENDED = "。!?;"  # what ends a sentence


ARRAYS = {
    **scorer_schema("lines", BLOCKS, vocabulary="lines.terms", outputs="lines.classes", dense="lines.cues"),
    "lines.context": Array("float64", ("lines.features", "lines.classes")),
    "lines.context_intercept": Array("float64", ("lines.classes",)),
}


@dataclass(frozen=True, slots=True)
class LineKind:
    """What a line is: its class (one of `CLASSES`) and the verdicts without and with its neighbours.

    `heading` is the probability (0–1) of a heading, alone or run-in, among the classes of content; `if_heading` and `if_none`
    are the likeliest classes if it is one and if it is none.
    """

    name: str
    alone: Verdict
    verdict: Verdict
    heading: float
    if_heading: str
    if_none: str


@dataclass(frozen=True, slots=True, eq=False)
class LineModel:
    """The two passes: `alone` scores text and cues, `context` (n_features, n_classes) what `context_features` gives."""

    alone: Scorer
    context: Floats
    context_intercept: Floats

    @classmethod
    def from_arrays(cls, arrays: Arrays, vocabulary: Vocabulary) -> LineModel:
        """The model whose arrays `LineModel.arrays` gave."""
        alone = scorer_from("lines", BLOCKS, arrays, vocabulary)
        return cls(alone, arrays["lines.context"], arrays["lines.context_intercept"])

    def arrays(self) -> dict[str, NDArray[Any]]:
        """All numbers by name, as `ARRAYS` wants them; the vocabulary is stored apart."""
        both = {"lines.context": self.context, "lines.context_intercept": self.context_intercept}
        return {**scorer_arrays("lines", self.alone), **both}

    def first_pass(self, lines: Lines) -> tuple[Floats, Floats]:
        """Probabilities from each line by itself, (n_lines, n_classes), and the cues."""
        cues = lines.cues
        return _possible(softmax(self.alone.scores(lines.ends(), cues)), lines), cues

    def second_pass(self, alone: Floats, cues: Floats, lines: Lines) -> Floats:
        """Probabilities with the neighbours, (n_lines, n_classes)."""
        scores = product(context_features(alone, cues, lines), self.context) + self.context_intercept
        return _possible(softmax(scores), lines)

    def read(self, lines: Lines, pieces: Sequence[str]) -> Judged:
        """The lines, made of `pieces`, as they are judged: one that is content but for the junk inside it without the junk."""
        texts = lines.texts()
        forms = forms_of(texts)
        rests = {
            i: kept
            for i in np.flatnonzero(lines.hits.any(axis=1)).tolist()
            if forms[i] is None and (kept := without_junk(pieces[i])) is not None
        }
        # A form that parts two sections is none behind a line that goes on.
        read = [None if f and f.parts and i and not _ended(texts[i - 1]) else f for i, f in enumerate(forms)]
        if not rests:
            return Judged(lines, read)
        with_rest = np.array(list(rests))
        alone = to_lines(list(rests.values()))
        both = zip(_junk(self.first_pass(lines.take(with_rest))[0]), _junk(self.first_pass(alone)[0]))
        certain = [form is not None for form in forms_of(alone.texts())]
        ruled = np.asarray(alone.hits.any(axis=1), bool)
        order = np.arange(len(lines))
        for k, (i, (before, after)) in enumerate(zip(with_rest.tolist(), both)):
            if before >= WITH_FROM and after < REST_UP_TO and not ruled[k] and not certain[k]:
                order[i] = len(lines) + k
        # Where a heading would end stays as in the whole line.
        alone = replace(alone, run_in=lines.run_in[with_rest])
        return Judged(concatenated([lines, alone]).take(order), read)

    def classify(self, lines: Lines, pieces: Sequence[str]) -> list[LineKind]:
        """What each line of one report is, in order; the lines were made of `pieces`."""
        if not len(lines):
            return []
        lines, forms = self.read(lines, pieces)
        alone, cues = self.first_pass(lines)
        together = self.second_pass(alone, cues, lines)
        firsts = _verdicts(lines, alone, None)
        verdicts = _settled(lines, forms, firsts, _verdicts(lines, together, firsts))
        content = together[:, :N_CONTENT]
        headed = together[:, _HEADING] + together[:, _RUN_IN]
        share = headed / np.maximum(content.sum(axis=1), 1e-12)
        if_heading = np.where(together[:, _RUN_IN] > together[:, _HEADING], _RUN_IN, _HEADING)
        if_none = np.array(_PLAIN)[together[:, _PLAIN].argmax(axis=1)]
        columns = (content.argmax(axis=1), share, if_heading, if_none)
        return [
            LineKind(verdict.kind or CLASSES[best], first, verdict, headed, CLASSES[heading], CLASSES[none])
            for first, verdict, best, headed, heading, none in zip(firsts, verdicts, *(c.tolist() for c in columns))
        ]


class Judged(NamedTuple):
    """Lines as they are judged, and the form of each that is certain whatever stands around it."""

    lines: Lines
    forms: list[LineRule | None]


def without_junk(piece: str) -> str | None:
    """The line without the junk that a site or converter put inside it, where a sentence is left or the junk is a field code.

    A running head goes with its page number and a copyright line with its sign, whatever is left without them.
    """
    kept, position, coded = "", 0, False
    for stretch in find_stretches(piece):
        if stretch.kind != "mask":
            kept += piece[position : stretch.start]
            position = stretch.end
            coded |= stretch.reason.startswith("field_code")
    kept = (kept + piece[position:]).strip()
    return kept if position and kept and (coded or kept[-1] in _STOPS) else None


def _ended(text: str) -> bool:
    """Whether a sentence ends with the line."""
    return text[-1:] in _ENDED and text != ""


def _junk(probabilities: Floats) -> list[float]:
    """The probability of all boilerplate kinds together, of each line."""
    together: list[float] = probabilities[:, N_CONTENT:].sum(axis=1).tolist()
    return together


def _possible(probabilities: Floats, lines: Lines) -> Floats:
    """The same, where a line without a place for a heading's end cannot be a paragraph with one."""
    nowhere = lines.run_in == 0
    probabilities[nowhere, _BODY] += probabilities[nowhere, _RUN_IN]
    probabilities[nowhere, _RUN_IN] = 0
    return probabilities


def _verdicts(lines: Lines, probabilities: Floats, alone: Sequence[Verdict] | None) -> list[Verdict]:
    """A verdict from the probabilities of each line; `alone` are those without the neighbours."""
    rules = line_rules()
    fired: dict[int, list[LineRule]] = {}
    for i, number in zip(*(axis.tolist() for axis in np.nonzero(lines.hits))):
        fired.setdefault(i, []).append(rules[number])
    kinds = probabilities[:, N_CONTENT:].argmax(axis=1).tolist()
    found = []
    for i, (score, best) in enumerate(zip(_junk(probabilities), kinds)):
        kind = BOILERPLATE_KINDS[best] if score >= JUNK_FROM else None
        found.append(Verdict(kind, score, _reason(kind, fired.get(i, ()), alone[i].kind if alone else kind)))
    return found


def _reason(kind: str | None, fired: Sequence[LineRule], alone: str | None) -> str:
    """Why a line is of a kind of boilerplate, or of none; `alone` is what it is without its neighbours."""
    if kind is None:
        return f"content, though: {fired[0].reason}" if fired else "nothing of a site's line"
    for rule in fired:
        if rule.kind == kind:
            return rule.reason
    return f"words and shape of {kind} lines" if alone == kind else f"stands among {kind} lines"


def _settled(
    lines: Lines, forms: Sequence[LineRule | None], firsts: Sequence[Verdict], verdicts: Sequence[Verdict]
) -> list[Verdict]:
    """The verdicts, but where a line itself is certain and its neighbours have no say.

    Of the forms neither pass is told: the second moved 79 other lines of 3.3 million scraped characters, some headings.
    """
    settled = list(verdicts)
    for i, (form, first, verdict) in enumerate(zip(forms, firsts, verdicts, strict=True)):
        if form:
            settled[i] = Verdict(form.kind, 1.0, form.reason)
        elif verdict.kind and first.score < SENTENCE_UP_TO and lines.text(i).endswith("。") and not lines.hits[i].any():
            settled[i] = Verdict(None, first.score, SENTENCE)
    return settled
