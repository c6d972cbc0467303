"""Why a report's paragraphs have their themes: worked out at the first question, from the text, once for the report.

What this needs is imported when asked: few ask, and labelling must not wait for it.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from govtext.document import LabelledParagraph
from govtext.features.passages import Passage, to_passages
from govtext.layout import Layout, Structure, to_layout
from govtext.reasons import ThemeReasons
from govtext.scoring.judge import Judge
from govtext.taxonomy import Taxonomy

if TYPE_CHECKING:
    from govtext.features.words import Words
    from govtext.scoring.reasons import Explanation


class Explainable(Protocol):
    """What of a model explains."""

    @property
    def structure(self) -> Structure:
        """What finds a report's form."""

    @property
    def judge(self) -> Judge:
        """What judges its passages."""

    @property
    def taxonomy(self) -> Taxonomy:
        """The themes."""


class Explaining:
    """Gives the reasons for the paragraphs of one text; what they share is computed at the first question, once.

    A pickle of it is None: a report that travels does not take its model along.
    """

    def __init__(
        self,
        model: Explainable,
        text: str,
        paragraphs: tuple[LabelledParagraph, ...],
        shift: NDArray[np.float64] | None = None,
    ) -> None:
        self.model, self._text, self._paragraphs, self._shift = model, text, paragraphs, shift

    def __call__(self, i: int) -> Mapping[str, ThemeReasons]:
        """As `Model.explain`."""
        from govtext.features.origins import passage_origins
        from govtext.scoring.reasons import GROUPS, USUAL

        if not 0 <= i < len(self._paragraphs):
            raise IndexError(f"paragraph {i}: the report has {len(self._paragraphs)}, counted from 0")
        if self._row_of.get(i) is None:
            return MappingProxyType({})
        row, p, model = self._row_of[i], self._paragraphs[i], self.model
        passage = self._passages[row]
        origins = passage_origins(self._text, self._layout.paragraphs, self._above, passage)
        shares = self._explanation.shares(row, self._text, origins, _words())
        offsets = shares.offsets.tolist()
        reasons = {}
        for k, code in sorted(enumerate(model.taxonomy.codes), key=lambda item: -p.themes[item[1]]):
            inputs = [(USUAL, shares.usual), *zip(GROUPS, shares.inputs[k].tolist())]
            reasons[code] = ThemeReasons(
                code=code,
                probability=p.themes[code],
                threshold=float(model.judge.thresholds[k]),
                decided=code in p.labels,
                own=float(shares.own[k]),
                intercept=float(shares.intercept[k]),
                elsewhere=float(shares.elsewhere[k]),
                characters=tuple(pair for pair in zip(offsets, shares.characters[:, k].tolist()) if pair[1]),
                words=shares.spoken(k),
                score=float(shares.score[k]),
                inputs=tuple(sorted(inputs, key=lambda item: -abs(item[1]))),
            )
        return MappingProxyType(reasons)

    @cached_property
    def _layout(self) -> Layout:
        # Anew from the text: what was marked in the report since is not what the passages were made of.
        return to_layout(self._text, self.model.structure, self._shift)

    @cached_property
    def _passages(self) -> list[Passage]:
        return to_passages(self._text, self._layout.paragraphs)

    @cached_property
    def _row_of(self) -> Mapping[int, int]:
        return {index: row for row, passage in enumerate(self._passages) for index in passage.paragraphs}

    @cached_property
    def _above(self) -> list[tuple[tuple[int, int], ...]]:
        from govtext.features.origins import heading_spans

        return heading_spans(self._layout.paragraphs, self._layout.parts)

    @cached_property
    def _explanation(self) -> Explanation:
        from govtext.scoring.reasons import Explanation

        return Explanation(self.model.judge, self._passages)

    def __reduce__(self) -> tuple[type[None], tuple[()]]:
        return type(None), ()


@cache
def _words() -> Words:
    from govtext.features.words import Words

    return Words()
