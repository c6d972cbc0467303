"""Recipes: what can be chosen about a theme model, as a literal table, and how a configuration changes single fields."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from types import MappingProxyType
from typing import Any

from govtext.errors import BadConfig
from govtext.features.passages import BLOCKS
from govtext.features.vocabulary import LONGEST
from govtext.training.corpus import LabelledDocument

LOSS_NAMES = ("svm", "ridge", "logistic")
AUTO = "auto"  # the recipe that the corpus chooses
Scales = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Recipe:
    """How a theme model is fitted.

    lone             passages are by themselves: no second stage, no roles, label names are texts that carry their label
    blocks           how much each block of text counts for themes; role_blocks and formulaic_blocks likewise
    lengths          characters of n-grams, from and to
    words            whether longer words that jieba finds are terms, too
    least_documents  documents an n-gram must be in, by block: so many in a large corpus, in a small one fewer, one more for
                     each hundred, but at least 2 (what stands in one document only, a name or a number, must not be found
                     in the model file); one number for just so many; None by the number of rows, from 1
    idf_power        of idf; above 1 rare terms count more
    saturated        a term that stands c times in a text counts 1 + ln c, not c
    naive_bayes      share (0–1) to which terms are scaled by their log-count ratio (NB-SVM)
    loss             of the linear scores: svm, ridge, logistic
    C                how little weights are held back, for themes; role_c and formulaic_c likewise
    names            how much a label's name counts, as one more text that has it
    smoothing        how much the company of n-grams in unlabelled texts counts
    embedding        how much a sentence embedding counts; above 0 needs the extra `embed`
    context          whether a second stage reads the passages around
    calibrated       whether probabilities are fitted on scores out of fold, or scores taken for log-odds as they are
    """

    lone: bool
    blocks: Scales
    role_blocks: Scales
    formulaic_blocks: Scales
    lengths: tuple[int, int] = (1, 4)
    words: bool = True
    least_documents: Mapping[str, int] | int | None = None
    idf_power: float = 1.0
    saturated: bool = False
    naive_bayes: float = 0.0
    loss: str = "svm"
    C: float = 1.0
    role_c: float = 0.5
    formulaic_c: float = 1.0
    names: float = 0.0
    smoothing: float = 0.5
    embedding: float = 0.0
    context: bool = True
    calibrated: bool = True

    def __post_init__(self) -> None:
        if self.loss not in LOSS_NAMES:
            raise BadConfig(f"loss = {self.loss!r}; wanted one of {', '.join(LOSS_NAMES)}")
        if not 1 <= self.lengths[0] <= self.lengths[1] <= LONGEST:
            raise BadConfig(f"lengths = {self.lengths!r}; wanted two whole numbers from 1 to {LONGEST}, such as (1, 3)")
        for name in ("blocks", "role_blocks", "formulaic_blocks"):
            if unknown := sorted(set(getattr(self, name)) - set(BLOCKS)):
                raise BadConfig(f"{name} has {unknown[0]!r}; wanted some of {', '.join(BLOCKS)} with a weight each")

    def scales(self, kind: str) -> dict[str, float]:
        """How much each of `BLOCKS` counts for an output: "theme", "role" or "formulaic"."""
        table = {"theme": self.blocks, "role": self.role_blocks, "formulaic": self.formulaic_blocks}[kind]
        return {block: float(table.get(block, 0.0)) for block in BLOCKS}

    def held_back(self, kind: str) -> float:
        """C of an output."""
        return {"theme": self.C, "role": self.role_c, "formulaic": self.formulaic_c}[kind]

    def fewest_documents(self, block: str, n_documents: int) -> int:
        """Documents that an n-gram of a block must be in, in a corpus of so many."""
        if isinstance(self.least_documents, int):
            return self.least_documents
        most = FEWEST_DOCUMENTS if self.least_documents is None else self.least_documents.get(block, FEWEST_DOCUMENTS)
        return min(most, max(FEWEST_DOCUMENTS, 1 + n_documents // 100))


FEWEST_DOCUMENTS = 2
# Blocks: picked on folds by document; path 0.3–0.6 is flat for themes.
RECIPES: Mapping[str, Recipe] = MappingProxyType(
    {
        # Whole reports; what the bundled model is trained by.
        "documents": Recipe(
            lone=False,
            blocks={"text": 1.0, "path": 0.4, "title": 0.2, "opening": 0.4},
            role_blocks={"text": 1.0, "path": 1.0, "title": 0.3, "opening": 0.7},
            formulaic_blocks={"text": 1.0, "path": 0.3, "title": 0.2, "opening": 0.7},
            # Four characters and long words add terms and no F1; C = 1 is no better: rows of benchmarks/ablation.py.
            lengths=(1, 3),
            words=False,
            least_documents={"text": 7, "path": 3, "title": 3, "opening": 7},
            C=0.5,
        ),
        # Single passages, few of each label; benchmarks/fewclue.py.
        "lone": Recipe(
            lone=True,
            blocks={"text": 1.0, "path": 0.4, "title": 0.2, "opening": 0.3},
            role_blocks={},
            formulaic_blocks={},
            lengths=(1, 2),
            words=False,
            least_documents=2,
            idf_power=1.5,
            saturated=True,
            C=0.5,
            names=1.0,
            context=False,
        ),
    }
)
# Fields that one recipe alone reads.
ONLY: Mapping[str, str] = {
    **dict.fromkeys(("names", "smoothing", "embedding"), "lone"),
    **dict.fromkeys(("role_blocks", "formulaic_blocks", "role_c", "formulaic_c", "context", "calibrated"), "documents"),
}
CHOICES = tuple(field.name for field in fields(Recipe) if field.name != "lone")


def recipe_for(documents: Sequence[LabelledDocument]) -> str:
    """The name of the recipe that "auto" means: "lone" where all are single passages and nobody labelled roles."""
    said = any(unit.role is not None or unit.formulaic for document in documents for unit in document.units)
    return "documents" if said or any(document.whole for document in documents) else "lone"


def to_recipe(name: str, changes: Mapping[str, Any]) -> Recipe:
    """A recipe of the table with some fields changed; of "auto", one that shows whether their values are good.

    Raises:
        BadConfig: no such recipe or field, or a value that it cannot have.
    """
    if name == AUTO:  # any recipe will do to look at values
        return replace(RECIPES["lone"], **{key: checked(key, value) for key, value in changes.items()})
    if name not in RECIPES:
        raise BadConfig(f"recipe = {name!r}; wanted {', '.join(RECIPES)} or {AUTO}")
    for key in changes:
        if (reader := ONLY.get(key, name)) != name:
            raise BadConfig(f'{key} is read by recipe = "{reader}" alone; leave it out, or name that recipe')
    return replace(RECIPES[name], **{key: checked(key, value) for key, value in changes.items()})


def checked(key: str, value: Any) -> Any:
    """The value of a field as a recipe holds it.

    Raises:
        BadConfig: no such field, or a value of the wrong kind or out of range.
    """
    if key not in CHOICES:
        raise BadConfig(f"unknown key {key!r}; a recipe has {', '.join(CHOICES)}")
    kind = _KINDS[key]
    if not _IS[kind](value):
        raise BadConfig(f"{key} = {value!r}; wanted {kind}")
    if kind == LENGTHS:
        return tuple(value)
    return float(value) if kind in (ABOVE, FROM, SHARE) else value


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value < float("inf")


def _is_whole(value: Any) -> bool:
    return type(value) is int and value >= 1


def _is_table(value: Any, good: Any) -> bool:
    return isinstance(value, Mapping) and bool(value) and all(map(good, value.values()))


ABOVE, FROM, SHARE = "a number above 0", "a number from 0", "a number from 0 to 1"
TRUTH, TEXT, LENGTHS = "true or false", f"one of {', '.join(LOSS_NAMES)}", "two whole numbers, such as [1, 3]"
TABLE, LEAST = "a table of blocks with a number each", "a whole number from 1, or a table of blocks with one each"
_IS: Mapping[str, Any] = {
    ABOVE: lambda value: _is_number(value) and value > 0,
    FROM: _is_number,
    SHARE: lambda value: _is_number(value) and value <= 1,
    TRUTH: lambda value: isinstance(value, bool),
    TEXT: lambda value: isinstance(value, str),
    LENGTHS: lambda value: isinstance(value, list | tuple) and len(value) == 2 and all(map(_is_whole, value)),
    TABLE: lambda value: _is_table(value, _is_number),
    LEAST: lambda value: _is_whole(value) or _is_table(value, _is_whole),
}
_KINDS: Mapping[str, str] = {
    **dict.fromkeys(("blocks", "role_blocks", "formulaic_blocks"), TABLE),
    **dict.fromkeys(("words", "saturated", "context", "calibrated"), TRUTH),
    **dict.fromkeys(("C", "role_c", "formulaic_c", "idf_power"), ABOVE),
    **dict.fromkeys(("names", "smoothing", "embedding"), FROM),
    "naive_bayes": SHARE,
    "loss": TEXT,
    "lengths": LENGTHS,
    "least_documents": LEAST,
}
