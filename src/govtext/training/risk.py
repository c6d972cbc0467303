"""From held-out documents to thresholds that keep a promised risk, for two promises.

A passage's decision is wrong if its set of themes is not exactly the labelled one. The unit that is exchangeable is the document:
passages of one report share its errors, so nothing is counted by passages alone.

`passages`  Of all passages of a report, the expected share that is decided without review and wrong is at most the risk:
            conformal risk control (Angelopoulos, Bates, Fisch, Lei, Schuster 2022). The loss of a document falls as the threshold
            rises and lies within 0–1, so the least threshold with n/(n+1) · mean loss + 1/(n+1) ≤ risk keeps the promise
            in expectation over the n documents and the next one, whatever the model, for any n.
`accepted`  Of the passages accepted, the share that is wrong is at most the risk; so too of those said to have no theme. That
            share does not fall with the threshold, so thresholds are tested (Learn then Test; Angelopoulos, Bates, Candès,
            Jordan, Lei 2021): from two fixed strict ones downwards until a test fails. Both shares hold with probability
            1 - `DOUBT` over the held-out documents. The test is Student's, of wrong - risk · accepted by document, with one
            document more whose decisions are all wrong; so it is approximate, and simulated in `tests/test_risk.py`. Exact
            bounds for losses in 0–1 (betting, Waudby-Smith & Ramdas 2024) let 400 documents accept nothing at risk 0.05.

On the bundled recipe's scores out of fold, thresholds of 400 documents, other 401 measured, mean of 30 halvings: risk 0.05
`accepted` 54 % of passages without review, errors 0.035 of accept and 0.030 of none; `passages` 70 %, 0.051 of all passages.

Both take the scores of documents that neither model, calibration nor thresholds had seen. Scores out of fold are those of models
of a part of the documents; that the model of all is no worse is an assumption, and the usual one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import stdtr

from govtext.errors import BadConfig, BadCorpus
from govtext.features.ngrams import Ints
from govtext.scoring.risk import NEVER, PROMISES, RiskTable, accepted, set_confidence

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
RISKS = (0.01, 0.02, 0.03, 0.05, 0.07, 0.1, 0.15, 0.2)
DOUBT = 0.1  # probability that the held-out documents misled, for the promise "accepted"
# Where the tests begin, as 1 - threshold by risk, and how many thresholds lie between the strictest and none at all. They
# must not be chosen on the same documents.
STARTS = (0.25, 1.0)
N_THRESHOLDS = 60


@dataclass(frozen=True, slots=True)
class MeasuredRisk:
    """What a table's thresholds did on other documents: shares of the passages, 0–1.

    accept, none, review      the statuses
    accept_error, none_error  wrong ones among them
    passage_error             wrong without review among all passages of a document, mean over documents
    """

    accept: float
    none: float
    review: float
    accept_error: float
    none_error: float
    passage_error: float


def fit_risk(
    probabilities: ArrayLike,
    decided: ArrayLike,
    target: ArrayLike,
    documents: ArrayLike,
    *,
    promise: str = "accepted",
    risks: Sequence[float] = RISKS,
) -> RiskTable:
    """Thresholds for each risk, from held-out passages: probabilities, themes decided and true, (n, n_themes), documents, (n,).

    `documents` may name groups of near-duplicates instead: what is counted must be independent of each other.
    A risk that these documents cannot vouch for gets the threshold `NEVER`.

    Raises:
        BadConfig: an unknown promise, or risks that are not ascending within 0–1.
        BadCorpus: shapes that do not fit together, or no passage.
    """
    if promise not in PROMISES:
        raise BadConfig(f"promise {promise!r}; wanted one of {', '.join(PROMISES)}")
    levels = np.asarray(risks, np.float64)
    if not len(levels) or not ((levels > 0) & (levels < 1)).all() or not (np.diff(levels) > 0).all():
        raise BadConfig(f"risks {list(risks)}; wanted ascending shares between 0 and 1, such as 0.01, 0.05, 0.1")
    said, confidence, wrong, document = _checked(probabilities, decided, target, documents)
    has_theme = np.asarray(said.any(axis=1), bool)
    thresholds = np.array([_FINDERS[promise](confidence, wrong, has_theme, document, risk) for risk in levels.tolist()])
    review = np.array([1 - accepted(confidence, said, *row).mean() for row in thresholds.tolist()])
    return RiskTable(promise, levels, thresholds, review, int(document.max()) + 1)


def measured_risk(
    table: RiskTable,
    probabilities: ArrayLike,
    decided: ArrayLike,
    target: ArrayLike,
    documents: ArrayLike,
    *,
    risk: float,
) -> MeasuredRisk:
    """What the table's thresholds for a risk do on documents that it was not made of."""
    said, confidence, wrong, document = _checked(probabilities, decided, target, documents)
    limits = table.limits(risk)
    stands = accepted(confidence, said, limits.accept_from, limits.none_from)
    has_theme = np.asarray(said.any(axis=1), bool)
    accept, none = stands & has_theme, stands & ~has_theme
    by_document = np.bincount(document, stands & wrong) / np.bincount(document)
    return MeasuredRisk(
        float(accept.mean()),
        float(none.mean()),
        float(1 - stands.mean()),
        float(wrong[accept].mean()) if accept.any() else 0.0,
        float(wrong[none].mean()) if none.any() else 0.0,
        float(by_document.mean()),
    )


def _checked(
    probabilities: ArrayLike, decided: ArrayLike, target: ArrayLike, documents: ArrayLike
) -> tuple[Bools, Floats, Bools, Ints]:
    p, said, true = np.asarray(probabilities, np.float64), np.asarray(decided, bool), np.asarray(target, bool)
    names = np.asarray(documents)
    if p.ndim != 2 or said.shape != p.shape or true.shape != p.shape or names.shape != p.shape[:1] or not len(p):
        raise BadCorpus(
            f"probabilities {p.shape}, decisions {said.shape}, labels {true.shape}, documents {names.shape}; "
            f"wanted (n, n_themes) three times and (n,), and some rows"
        )
    if not ((p >= 0) & (p <= 1)).all():
        raise BadCorpus("probabilities outside 0–1 or NaN; calibrate scores first")
    document = np.unique(names, return_inverse=True)[1].astype(np.int64)
    return said, set_confidence(p, said), np.asarray((said != true).any(axis=1), bool), document


def _controlled(confidence: Floats, wrong: Bools, has_theme: Bools, document: Ints, risk: float) -> tuple[float, float]:
    """Conformal risk control: the least threshold, one for both."""
    size = np.bincount(document)
    n = len(size)
    order = np.argsort(-confidence, kind="stable")
    # Mean loss when everything down to a passage is accepted.
    loss = np.cumsum((wrong / size[document])[order]) / n
    kept = n / (n + 1) * loss + 1 / (n + 1) <= risk + 1e-12
    if kept.all():
        return 0.0, 0.0
    if 1 / (n + 1) > risk:
        return NEVER, NEVER
    # Above the first passage that would break the promise: the loss must be continuous from the right.
    least = float(np.nextafter(confidence[order][int(np.argmin(kept))], NEVER))
    return least, least


def _tested(confidence: Floats, wrong: Bools, has_theme: Bools, document: Ints, risk: float) -> tuple[float, float]:
    """Learn then Test: the least threshold of those that were not refuted, for themes and for none."""
    found = []
    for inside in (has_theme, ~has_theme):
        grid = _grid(risk)
        p_values = _p_values(confidence[inside], wrong[inside], document[inside], grid, risk)
        least = NEVER
        for start in STARTS:
            k = int(np.searchsorted(-grid, -(1 - start * risk)))
            while k < len(grid) and p_values[k] <= DOUBT / 2 / len(STARTS):
                least = min(least, float(grid[k]))
                k += 1
        found.append(least)
    return found[0], found[1]


def _grid(risk: float) -> Floats:
    """Thresholds from strict to none at all; each start is one of them."""
    steps = np.geomspace(min(STARTS) * risk, 1.0, N_THRESHOLDS)
    return np.asarray(1 - np.union1d(steps, [start * risk for start in STARTS]), np.float64)


def _p_values(confidence: Floats, wrong: Bools, document: Ints, thresholds: Floats, risk: float) -> Floats:
    """For each threshold how probable such documents are, if of all passages accepted more than `risk` were wrong."""
    present, row = np.unique(document, return_inverse=True)
    n = len(present)
    p_values = np.ones(len(thresholds))
    for k, threshold in enumerate(thresholds.tolist()):
        inside = confidence >= threshold
        taken = np.bincount(row[inside], minlength=n).astype(np.float64)
        n_taken = int((taken > 0).sum())
        if not n_taken:
            continue
        excess = np.bincount(row[inside], wrong[inside], minlength=n) - risk * taken
        excess = np.append(excess, (1 - risk) * taken.mean())
        error = excess.std(ddof=1) / np.sqrt(n + 1)
        # Even without one mistake so many documents prove no more than this.
        p_values[k] = max(float(stdtr(n, excess.mean() / error)), (1 - risk) ** n_taken) if error > 0 else 1.0
    return p_values


_FINDERS: Mapping[str, Callable[[Floats, Bools, Bools, Ints, float], tuple[float, float]]] = {
    "accepted": _tested,
    "passages": _controlled,
}
