"""Outline, themes, roles and boilerplate of Chinese government work reports.

    >>> import govtext
    >>> report = govtext.classify("一、服务企业\\n走访企业120家，解决融资难题36个。\\n二、存在的问题\\n人员偏少，经费不足。\\n")
    >>> [entry.heading for entry in report.outline()]
    ['一、服务企业', '二、存在的问题']

Names are loaded on first use: importing govtext imports neither scikit-learn nor jieba, nor NumPy.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from govtext.lazily import lazily

if TYPE_CHECKING:
    from govtext.boilerplate.repetition import RepetitionModel
    from govtext.document import (
        CopiedPassage,
        Element,
        Elements,
        LabelledParagraph,
        LabelledReport,
        OutlineEntry,
        Paragraph,
        Part,
        Period,
        RecurringLine,
        Source,
        Stretch,
        Verdict,
    )
    from govtext.errors import (
        BadConfig,
        BadCorpus,
        BadInput,
        BadModel,
        BadTaxonomy,
        GovtextError,
        MissingExtra,
        UnreadableReport,
    )
    from govtext.estimators import BoilerplateDetector, ThemeClassifier
    from govtext.labelling import Model, classify, load
    from govtext.reading.sources import read
    from govtext.reasons import Spoken, Term, ThemeReasons
    from govtext.taxonomy import Taxonomy, Theme, bundled_taxonomy, read_taxonomy

__version__ = "0.1.0"

_HOMES = {
    "govtext.boilerplate.repetition": ("RepetitionModel",),
    "govtext.document": (
        "CopiedPassage",
        "Element",
        "Elements",
        "Part",
        "Period",
        "RecurringLine",
        "LabelledParagraph",
        "LabelledReport",
        "OutlineEntry",
        "Paragraph",
        "Source",
        "Stretch",
        "Verdict",
    ),
    "govtext.errors": (
        "BadConfig",
        "BadCorpus",
        "BadInput",
        "BadModel",
        "BadTaxonomy",
        "GovtextError",
        "MissingExtra",
        "UnreadableReport",
    ),
    "govtext.estimators": ("BoilerplateDetector", "ThemeClassifier"),
    "govtext.labelling": ("Model", "classify", "load"),
    "govtext.reading.sources": ("read",),
    "govtext.reasons": ("Spoken", "Term", "ThemeReasons"),
    "govtext.taxonomy": ("Taxonomy", "Theme", "bundled_taxonomy", "read_taxonomy"),
}
__all__ = [
    "BadConfig",
    "BadCorpus",
    "BadInput",
    "BadModel",
    "BadTaxonomy",
    "BoilerplateDetector",
    "CopiedPassage",
    "Element",
    "Elements",
    "GovtextError",
    "LabelledParagraph",
    "LabelledReport",
    "MissingExtra",
    "Model",
    "OutlineEntry",
    "Paragraph",
    "Part",
    "Period",
    "RecurringLine",
    "RepetitionModel",
    "Source",
    "Spoken",
    "Stretch",
    "Taxonomy",
    "Term",
    "Theme",
    "ThemeClassifier",
    "ThemeReasons",
    "UnreadableReport",
    "Verdict",
    "bundled_taxonomy",
    "classify",
    "load",
    "read",
    "read_taxonomy",
]

__getattr__, __dir__ = lazily("govtext", _HOMES, "__version__")
