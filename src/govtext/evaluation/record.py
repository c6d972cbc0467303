"""What a training run knows of its model: figures on documents that were held out, and what data and split they come from.

Numbers and the names of themes alone; nothing of the corpus's text. Card and page are written from it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from govtext.evaluation.calibration import CalibrationFigures
from govtext.evaluation.intervals import Interval
from govtext.evaluation.selective import CoveragePoint

Table = tuple[tuple[float, ...], ...]
# Where documents come from, as far as their headers say: English, Chinese.
ORIGINS: Mapping[str, tuple[str, str]] = {
    "real": ("collected from a source", "采自真实来源"),
    "authored": ("written for a corpus", "为语料自写"),
    "unsaid": ("not said", "未注明"),
}


@dataclass(frozen=True, slots=True)
class ThemeRecord:
    """One theme: passages and groups of documents that carry it, the model's threshold, figures, calibration."""

    code: str
    name: str
    support: int
    groups: int
    threshold: float
    precision: Interval
    recall: Interval
    f1: Interval
    calibration: CalibrationFigures


@dataclass(frozen=True, slots=True)
class RiskRecord:
    """A promised risk: the model's thresholds for it, and what thresholds of the other folds did on each fold (shares, 0–1).

    promise                   key of `scoring.risk.PROMISES`
    accept_from, none_from    confidence, above 1 where nothing is ever accepted
    accept, none, review      the statuses
    accept_error, none_error  wrong ones among them
    passage_error             wrong without review among all passages of a document, mean over documents
    """

    promise: str
    risk: float
    accept_from: float
    none_from: float
    accept: float
    none: float
    review: float
    accept_error: float
    none_error: float
    passage_error: float

    @property
    def never(self) -> bool:
        """Whether everything goes to review."""
        return self.accept_from > 1 and self.none_from > 1


@dataclass(frozen=True, slots=True)
class OriginRecord:
    """Documents of one of `ORIGINS`, their body passages, and the themes' micro-F1 on them (None: too few to tell)."""

    origin: str
    documents: int
    passages: int
    micro_f1: Interval | None


@dataclass(frozen=True, slots=True)
class DataRecord:
    """The training data: how much, its hash, the names of files or folders it came from."""

    documents: int
    groups: int
    passages: int
    body: int
    sha256: str
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FoldRecord:
    """What one fold held out."""

    documents: int
    groups: int
    body: int


@dataclass(frozen=True, slots=True)
class FormulaicRecord:
    """Passages labelled formulaic, and how well they are found (0–1)."""

    support: int
    precision: float
    recall: float
    f1: float


class CurvePoint(Protocol):
    """A point of the learning curve, as `training.curve` finds it: training documents, the themes' micro-F1 with them."""

    @property
    def documents(self) -> int: ...  # noqa: D102
    @property
    def f1(self) -> Interval: ...  # noqa: D102


@dataclass(frozen=True, slots=True)
class Record:
    """Everything that card and page say.

    overall        figure's name (`micro_f1`, `macro_recall`, …) → value and interval over groups of documents
    exact_set      share of body passages that got exactly their themes
    confusion      of themes, rows true, columns given, the last row and column for none (`label_confusion`)
    roles          their names; `role_confusion` likewise without none; all 0 where no role is labelled
    curve          the learning curve, empty where none was measured
    from_keywords  the labels were made from keywords, not by people
    date, name     as given; the date may be empty, since nothing here reads a clock; the name is that of the model's file
    """

    sha256: str
    seed: int
    themes: tuple[ThemeRecord, ...]
    overall: Mapping[str, Interval]
    exact_set: float
    confusion: Table
    roles: tuple[str, ...]
    role_confusion: Table
    formulaic: FormulaicRecord
    coverage: tuple[CoveragePoint, ...]
    risks: tuple[RiskRecord, ...]
    data: DataRecord
    folds: tuple[FoldRecord, ...]
    origins: tuple[OriginRecord, ...]
    versions: Mapping[str, str]
    curve: tuple[CurvePoint, ...] = ()
    from_keywords: bool = False
    date: str = ""
    name: str = "model.safetensors"

    @property
    def n_roles(self) -> float:
        """Body passages with a role."""
        return sum(map(sum, self.role_confusion))

    @property
    def role_accuracy(self) -> float:
        """Share of the passages with a role that got it; 0 where none has one."""
        return sum(row[k] for k, row in enumerate(self.role_confusion)) / max(self.n_roles, 1)

    @property
    def tells_origins(self) -> bool:
        """Whether the header of some document says where it comes from."""
        return any(row.origin != "unsaid" for row in self.origins)

    @property
    def mixed_up(self) -> list[tuple[int, int, float]]:
        """Pairs of themes (true, given instead, how often), the most frequent first; missed and needless ones left out."""
        n = len(self.themes)
        found = [(i, j, self.confusion[i][j]) for i in range(n) for j in range(n) if i != j]
        return sorted((pair for pair in found if pair[2] > 0), key=lambda pair: -pair[2])
