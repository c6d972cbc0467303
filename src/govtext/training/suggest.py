"""Which paragraphs to label next: those a model is least sure of, those unlike each other, or those of rare themes.

Whatever the strategy, no two near-duplicates are suggested, none of what is labelled already, and only so many of one report: a
person who reads five paragraphs of one office learns less than from five offices. The order of the reports changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from types import MappingProxyType
from typing import Any

import numpy as np
import scipy.sparse as sparse
from numpy.typing import NDArray
from sklearn.feature_extraction.text import HashingVectorizer, TfidfTransformer

from govtext.document import LabelledReport
from govtext.errors import BadConfig, BadCorpus
from govtext.features.ngrams import Ints
from govtext.features.passages import PATH_JOINT
from govtext.scoring.risk import set_confidence
from govtext.taxonomy import Taxonomy
from govtext.training.corpus import LabelledDocument, Unit
from govtext.training.duplicates import near_duplicate_groups

Floats = NDArray[np.float64]
SHORTEST = 15  # characters of a paragraph that is worth a person's time
LONGEST_COMPARED = 1000  # characters of a paragraph that `diverse` looks at
N_FEATURES = 1 << 16
LEAST_PROBABLE = 0.1  # of a rare theme; below, a paragraph is no example of it but any paragraph
PER_REPORT = 5


@dataclass(frozen=True, slots=True)
class Candidate:
    """A body paragraph of a report: where it stands, what it stands under, and what the model says of it."""

    report: str
    file: str
    start: int
    end: int
    text: str
    heading: str
    title: str
    themes: Mapping[str, float]
    decided: tuple[str, ...]
    role: str | None
    formulaic: bool

    @property
    def name(self) -> str:
        """An id: the report's, and where the paragraph begins."""
        return f"{self.report}#{self.start}"


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A paragraph to label, why (`reason`), and how probable it is that the model's set of themes is right."""

    candidate: Candidate
    reason: str
    confidence: float


@dataclass(frozen=True, slots=True, eq=False)
class Choice:
    """What a strategy chooses from: candidates in an order that depends on their text alone.

    probabilities  (n, n_themes)
    confidence     in the decided set of themes, (n,)
    group          of near-duplicates, (n,)
    report         number of the report, (n,)
    examples       of each theme that are labelled already, (n_themes,)
    """

    candidates: Sequence[Candidate]
    probabilities: Floats
    confidence: Floats
    group: Ints
    report: Ints
    examples: Ints
    codes: tuple[str, ...]


Pick = tuple[int, str]  # index of a candidate, and why
Take = Callable[[int], bool]  # whether the candidate may be taken, and takes it


def candidates_of(report: LabelledReport, *, name: str, file: str = "") -> list[Candidate]:
    """The body paragraphs of a report, wrapped lines joined."""
    found: list[Candidate] = []
    for p in report.paragraphs:
        if p.kind != "body" or p.role is None:
            continue
        start = p.start if p.heading_end is None else p.heading_end
        text = report.text[start : p.end].strip()
        if p.continues and found:
            last = found.pop()
            start, text = last.start, last.text + text
        path = [*p.path, p.heading] if p.heading_end is not None and p.heading else list(p.path)
        heading = PATH_JOINT.join(" ".join(part.split()) for part in path)
        place = (name, file, start, p.end, text, heading, report.title or "")
        found.append(Candidate(*place, p.themes, p.labels, p.role, p.formulaic))
    return [candidate for candidate in found if len(candidate.text) >= SHORTEST]


def suggest(
    candidates: Iterable[Candidate],
    taxonomy: Taxonomy,
    *,
    n: int,
    strategy: str = "uncertain",
    per_report: int = PER_REPORT,
    labelled: Sequence[LabelledDocument] = (),
    examples: Mapping[str, int] | None = None,
) -> list[Suggestion]:
    """At most `n` paragraphs to label next, the most useful first.

    labelled  documents that have labels: their paragraphs and near-duplicates of them are left out
    examples  of each theme that the model learnt from, if `labelled` is not at hand

    Raises:
        BadConfig: an unknown strategy, or nothing to choose.
        BadCorpus: no candidates.
    """
    if strategy not in STRATEGIES:
        raise BadConfig(f"strategy {strategy!r}; wanted one of {', '.join(STRATEGIES)}")
    if n < 1 or per_report < 1:
        raise BadConfig(f"{n} paragraphs, {per_report} a report; wanted at least one of each")
    choice, taken = _choice(candidates, taxonomy, labelled, examples or {})
    if not choice.candidates:
        raise BadCorpus(f"no body paragraph of {SHORTEST} characters in the reports; name reports with text")
    left = dict.fromkeys(range(int(choice.report.max()) + 1), per_report)
    groups = set(taken)

    def take(i: int) -> bool:
        report, group = int(choice.report[i]), int(choice.group[i])
        if group in groups or not left[report]:
            return False
        groups.add(group)
        left[report] -= 1
        return True

    found: list[Suggestion] = []
    for i, reason in STRATEGIES[strategy](choice, take):
        found.append(Suggestion(choice.candidates[i], reason, float(choice.confidence[i])))
        if len(found) == n:
            break
    return found


def _choice(
    candidates: Iterable[Candidate],
    taxonomy: Taxonomy,
    labelled: Sequence[LabelledDocument],
    examples: Mapping[str, int],
) -> tuple[Choice, set[int]]:
    """The candidates with their figures, and the groups that hold a labelled paragraph."""
    ordered = sorted(candidates, key=lambda c: (sha256(c.text.encode("utf-8", "surrogatepass")).digest(), c.name))
    units = [(document, unit) for document in labelled for unit in document.units if unit.has_body]
    known = [document.text[unit.heading_end or unit.start : unit.end] for document, unit in units]
    group = near_duplicate_groups([[c.text] for c in ordered] + [[text] for text in known])
    codes = taxonomy.codes
    probabilities = np.array([[c.themes[code] for code in codes] for c in ordered]).reshape(len(ordered), len(codes))
    decided = np.array([[code in c.decided for code in codes] for c in ordered], bool).reshape(probabilities.shape)
    counts = [sum(code in unit.themes for _, unit in units) if units else examples.get(code, 0) for code in codes]
    names = {name: number for number, name in enumerate(sorted({(c.file, c.report) for c in ordered}))}
    report = np.array([names[c.file, c.report] for c in ordered], np.int64)
    confidence = set_confidence(probabilities, decided)
    choice = Choice(ordered, probabilities, confidence, group[: len(ordered)], report, np.array(counts), codes)
    return choice, set(group[len(ordered) :].tolist())


def _uncertain(choice: Choice, take: Take) -> Iterator[Pick]:
    """Those whose set of themes is least probably right, first."""
    for i in np.argsort(choice.confidence, kind="stable").tolist():
        if take(i):
            yield i, f"set of themes right with {choice.confidence[i]:.2f}"


def _diverse(choice: Choice, take: Take) -> Iterator[Pick]:
    """Farthest first, weighed by how like the pool each is: the farthest alone are odd lines that nothing else is like."""
    rows = _two_character_rows([c.text for c in choice.candidates])
    # Mean cosine with all of the pool; its root, or long paragraphs win whatever they say.
    likeness = np.sqrt(np.asarray(rows @ rows.mean(axis=0).T).ravel())
    nearest = np.zeros(len(choice.candidates))  # the largest cosine with any that was suggested
    found = True
    begun = False
    while found:
        found = False
        for i in np.argsort(-(likeness * (1 - nearest)).round(9), kind="stable").tolist():
            if take(i):
                yield i, f"at most {nearest[i]:.2f} like any before" if begun else "most like the pool"
                nearest = np.maximum(nearest, (rows @ rows[i].T).toarray().ravel())
                found = begun = True
                break


def _rare(choice: Choice, take: Take) -> Iterator[Pick]:
    """For the theme with the fewest examples, those to come counted by their probability, its most probable paragraph."""
    count = choice.examples.astype(np.float64)
    queues = [iter(np.argsort(-choice.probabilities[:, t], kind="stable").tolist()) for t in range(len(count))]
    while np.isfinite(count).any():
        t = int(count.argmin())
        # The queue ends where the paragraphs are no examples any more.
        i = next((i for i in queues[t] if choice.probabilities[i, t] < LEAST_PROBABLE or take(i)), None)
        if i is None or choice.probabilities[i, t] < LEAST_PROBABLE:
            count[t] = np.inf
            continue
        yield i, f"{choice.codes[t]} {choice.probabilities[i, t]:.2f}, {int(choice.examples[t])} examples"
        count += choice.probabilities[i]


def _two_character_rows(texts: Sequence[str]) -> sparse.csr_matrix:
    """tf-idf of hashed pairs of characters, rows of length 1."""
    hashed = HashingVectorizer(analyzer="char", ngram_range=(2, 2), n_features=N_FEATURES, alternate_sign=False)
    counts = hashed.transform([text[:LONGEST_COMPARED] for text in texts])
    return sparse.csr_matrix(TfidfTransformer().fit_transform(counts))


# How paragraphs are chosen, by name.
STRATEGIES: Mapping[str, Callable[[Choice, Take], Iterator[Pick]]] = MappingProxyType(
    {"uncertain": _uncertain, "diverse": _diverse, "rare": _rare}
)


def to_draft(suggestion: Suggestion) -> dict[str, Any]:
    """A row of the corpus to be filled in: `themes` is null, which training refuses; what the model says stands beside."""
    c = suggestion.candidate
    best = sorted(c.themes.items(), key=lambda item: -item[1])[:3]
    said = [f"{code}={p:.2f}" for code, p in best] + [f"role={c.role}"] + ["F"] * c.formulaic
    to_fill = {"themes": None, "role": None, "formulaic": None}
    return {
        "id": c.name,
        "text": c.text,
        "heading": c.heading,
        **to_fill,
        "model": " ".join(said),
        **_header(suggestion),
    }


def to_guess(suggestion: Suggestion) -> LabelledDocument:
    """The paragraph with the labels that the model gives it, for a tool that shows them as a prediction."""
    c = suggestion.candidate
    unit = Unit(0, len(c.text), "p", c.role, c.decided, c.formulaic, None)
    return LabelledDocument(c.name, c.text, (unit,), (), _header(suggestion), c.heading, whole=False)


def _header(suggestion: Suggestion) -> dict[str, str]:
    """What training and people want to know; by `path`, paragraphs of one report stay on one side of every split."""
    c = suggestion.candidate
    return {"why": suggestion.reason, "title": c.title, "path": c.file or c.report, "place": f"{c.start}-{c.end}"}
