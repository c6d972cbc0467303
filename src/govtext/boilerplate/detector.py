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

from govtext.boilerplate.context import CLASSES, N_CONTENT, ONE_REPORT, Floats, context_features
from govtext.boilerplate.lines import Lines, concatenated, to_lines
from govtext.boilerplate.pagehints import PAGE_TITLE, with_shift
from govtext.boilerplate.rules import LineRule, forms_of, line_rules
from govtext.boilerplate.stretches import stretches_in
from govtext.document import BOILERPLATE_KINDS, Stretch, Verdict
from govtext.features.ngrams import Ints
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
INSIDE = "in the main text of its page"
OUTSIDE = "outside the main text of its page"
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

    def second_pass(self, alone: Floats, cues: Floats, lines: Lines, begins: Ints = ONE_REPORT) -> Floats:
        """Probabilities with the neighbours, (n_lines, n_classes); `begins` says which lines are the first of a report."""
        scores = product(context_features(alone, cues, lines, begins), self.context) + self.context_intercept
        return _possible(softmax(scores), lines)

    def read(self, lines: Lines, pieces: Sequence[str]) -> Judged:
        """The lines, made of `pieces`, as they are judged: one that is content but for the junk inside it without the junk."""
        return self._read(lines, pieces, self.first_pass(lines)[0], ONE_REPORT)[0]

    def _read(
        self, lines: Lines, pieces: Sequence[str], probabilities: Floats, begins: Ints
    ) -> tuple[Judged, list[int]]:
        """The same, and which lines are read without their junk; `probabilities` are those of the first pass."""
        texts = lines.texts()
        forms = forms_of(texts)
        hit: Ints = np.unique(np.nonzero(lines.hits)[0])
        ruled = [i for i in hit.tolist() if forms[i] is None]
        kept = without_junk([pieces[i] for i in ruled])
        rests = {i: rest for i, rest in zip(ruled, kept) if rest is not None}
        # A form that parts two sections is none behind a line that goes on.
        firsts = set(begins.tolist())
        read = [
            None if f and f.parts and i not in firsts and not _ended(texts[i - 1]) else f for i, f in enumerate(forms)
        ]
        likely = [i for i, junk in zip(rests, _junk(probabilities[list(rests)])) if junk >= WITH_FROM] if rests else []
        if not likely:
            return Judged(lines, read), []
        alone = to_lines([rests[i] for i in likely])
        after = _junk(self.first_pass(alone)[0])
        still = [form is not None for form in forms_of(alone.texts())]
        still = [certain or bool(hits.any()) for certain, hits in zip(still, alone.hits)]
        order, clean = np.arange(len(lines)), []
        for k, i in enumerate(likely):
            if after[k] < REST_UP_TO and not still[k]:
                order[i] = len(lines) + k
                clean.append(i)
        # Where a heading would end stays as in the whole line.
        alone = replace(alone, run_in=lines.run_in[likely])
        return Judged(concatenated([lines, alone]).take(order), read), clean

    def classify(
        self, lines: Lines, pieces: Sequence[str], begins: Ints = ONE_REPORT, shift: Floats | None = None
    ) -> list[LineKind]:
        """What each line of a report is, in order, or of many: `begins` says which are the first; they were made of `pieces`.

        `shift` is added to the log odds of boilerplate of each, for what is known of it beside its words; 0 for nothing.
        """
        if not len(lines):
            return []
        alone, cues = self.first_pass(lines)
        (lines, forms), clean = self._read(lines, pieces, alone, begins)
        if clean:
            alone[clean], cues[clean] = self.first_pass(lines.take(clean))
        together = self.second_pass(alone, cues, lines, begins)
        firsts = _verdicts(lines, alone, None)
        unshifted = _junk(together)
        if shift is not None:
            together = with_shift(together, shift, first=N_CONTENT)
        verdicts = _settled(lines, forms, firsts, _verdicts(lines, together, firsts), shift)
        if shift is not None:
            verdicts = _told_by_page(verdicts, unshifted, shift)
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


def without_junk(pieces: Sequence[str]) -> list[str | None]:
    """The lines without the junk that a site or converter put inside, where a sentence is left or the junk is a field code.

    A running head goes with its page number and a copyright line with its sign, whatever is left without them.
    """
    return [_without(piece, found) for piece, found in zip(pieces, stretches_in(pieces))]


def _without(piece: str, stretches: Sequence[Stretch]) -> str | None:
    kept, position, coded = "", 0, False
    for stretch in stretches:
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


def _told_by_page(verdicts: Sequence[Verdict], unshifted: Sequence[float], shift: Floats) -> list[Verdict]:
    """The verdicts, with another reason where what is known of the page decided; `unshifted` are the scores without it."""
    told = []
    for verdict, before, by in zip(verdicts, unshifted, shift.tolist()):
        if by == np.inf:
            verdict = Verdict("page", 1.0, PAGE_TITLE)
        elif verdict.score != 1.0 and (verdict.kind is None) == (before >= JUNK_FROM) and verdict.reason != SENTENCE:
            verdict = replace(verdict, reason=INSIDE if verdict.kind is None else OUTSIDE)
        told.append(verdict)
    return told


def _settled(
    lines: Lines,
    forms: Sequence[LineRule | None],
    firsts: Sequence[Verdict],
    verdicts: Sequence[Verdict],
    shift: Floats | None = None,
) -> list[Verdict]:
    """The verdicts, but where a line itself is certain and its neighbours have no say.

    A sentence that the page has outside its main text is what a reader wrote below it, so it is not certain.
    Of the forms neither pass is told: the second moved 79 other lines of 3.3 million scraped characters, some headings.
    """
    settled = list(verdicts)
    for i, (form, first, verdict) in enumerate(zip(forms, firsts, verdicts, strict=True)):
        if form:
            settled[i] = Verdict(form.kind, 1.0, form.reason)
        elif shift is not None and shift[i] > 0:
            continue
        elif verdict.kind and first.score < SENTENCE_UP_TO and lines.text(i).endswith("。") and not lines.hits[i].any():
            settled[i] = Verdict(None, first.score, SENTENCE)
    return settled
