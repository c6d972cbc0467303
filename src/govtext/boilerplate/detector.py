"""What each line of a report is: a pass on the line alone, a pass with its neighbours, and a verdict from each.

One model tells title, meta, heading, paragraph with run-in heading, body and the six kinds of boilerplate apart:
whether a bare line is a heading or a menu entry is one question, not two.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from govtext.boilerplate.context import CLASSES, N_CONTENT, Floats, context_features
from govtext.boilerplate.lines import Line, cue_matrix
from govtext.boilerplate.rules import line_rules
from govtext.document import BOILERPLATE_KINDS, Verdict
from govtext.features.ngrams import Vocabulary
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
_PLAIN = tuple(CLASSES.index(name) for name in ("body", "title", "meta"))


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

    def first_pass(self, lines: Sequence[Line]) -> tuple[Floats, Floats]:
        """Probabilities from each line by itself, (n_lines, n_classes), and the cues."""
        cues = cue_matrix(lines)
        texts = {"head": [line.head for line in lines], "tail": [line.tail for line in lines]}
        return _possible(softmax(self.alone.scores(texts, cues)), lines), cues

    def second_pass(self, alone: Floats, cues: Floats, lines: Sequence[Line]) -> Floats:
        """Probabilities with the neighbours, (n_lines, n_classes)."""
        features = context_features(alone, cues, lines)
        scores = np.einsum("nk,ko->no", features, self.context) + self.context_intercept
        return _possible(softmax(scores), lines)

    def read(self, lines: Sequence[Line]) -> list[Line]:
        """The lines as they are judged: one that is content but for the junk inside it without the junk.

        A form that parts two sections is none behind a line that goes on.
        """
        read = [
            replace(line, form=None) if line.form and line.form.parts and not _ended(before) else line
            for before, line in zip((None, *lines), lines)
        ]
        with_rest = [i for i, line in enumerate(lines) if line.rest]
        if with_rest:
            whole = self.first_pass([lines[i] for i in with_rest])[0]
            rests = [line.rest for line in lines if line.rest]
            alone = self.first_pass(rests)[0]
            for i, rest, before, after in zip(with_rest, rests, _junk(whole), _junk(alone)):
                if before >= WITH_FROM and after < REST_UP_TO and not any(rest.hits) and rest.form is None:
                    read[i] = rest
        return read

    def classify(self, lines: Sequence[Line]) -> list[LineKind]:
        """What each line of one report is, in order."""
        if not lines:
            return []
        lines = self.read(lines)
        alone, cues = self.first_pass(lines)
        together = self.second_pass(alone, cues, lines)
        kinds = []
        for line, by_itself, among in zip(lines, alone, together):
            first = _verdict(line, by_itself, None)
            verdict = _settled(line, first, _verdict(line, among, first))
            name = verdict.kind or CLASSES[int(among[:N_CONTENT].argmax())]
            headed = float(among[_HEADING] + among[_RUN_IN])
            share = headed / max(float(among[:N_CONTENT].sum()), 1e-12)
            if_heading = "run-in" if among[_RUN_IN] > among[_HEADING] else "heading"
            if_none = CLASSES[max(_PLAIN, key=lambda k: float(among[k]))]
            kinds.append(LineKind(name, first, verdict, share, if_heading, if_none))
        return kinds


def _ended(line: Line | None) -> bool:
    """Whether a sentence ends with the line, or there is none."""
    return line is None or line.text.endswith(("。", "!", "?", ";"))


def _junk(probabilities: Floats) -> list[float]:
    """The probability of all boilerplate kinds together, of each line."""
    together: list[float] = probabilities[:, N_CONTENT:].sum(axis=1).tolist()
    return together


def _possible(probabilities: Floats, lines: Sequence[Line]) -> Floats:
    """The same, where a line without a place for a heading's end cannot be a paragraph with one."""
    nowhere = np.array([line.run_in == 0 for line in lines])
    probabilities[nowhere, _BODY] += probabilities[nowhere, _RUN_IN]
    probabilities[nowhere, _RUN_IN] = 0
    return probabilities


def _verdict(line: Line, probabilities: Floats, alone: Verdict | None) -> Verdict:
    score = sum(probabilities[N_CONTENT:].tolist())
    kind = BOILERPLATE_KINDS[int(probabilities[N_CONTENT:].argmax())] if score >= JUNK_FROM else None
    fired = [rule for rule, hit in zip(line_rules(), line.hits, strict=True) if hit] if any(line.hits) else []
    if kind is None:
        return Verdict(None, score, f"content, though: {fired[0].reason}" if fired else "nothing of a site's line")
    for rule in fired:
        if rule.kind == kind:
            return Verdict(kind, score, rule.reason)
    if alone is None or alone.kind == kind:
        return Verdict(kind, score, f"words and shape of {kind} lines")
    return Verdict(kind, score, f"stands among {kind} lines")


def _settled(line: Line, alone: Verdict, verdict: Verdict) -> Verdict:
    """The verdict, but where the line itself is certain and its neighbours have no say.

    Of the forms neither pass is told: the second moved 79 other lines of 3.3 million scraped characters, some headings.
    """
    if line.form:
        return Verdict(line.form.kind, 1.0, line.form.reason)
    if verdict.kind and alone.score < SENTENCE_UP_TO and line.text.endswith("。") and not any(line.hits):
        return Verdict(None, alone.score, SENTENCE)
    return verdict
