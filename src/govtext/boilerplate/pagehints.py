"""What a web page's markup says of its lines, as a shift of the log odds that each is boilerplate.

The line model knows reports and not the menus of news sites; the model of whole pages knows where a page's main text is,
and nothing of tables, headings and long documents. Each speaks for its own: the log odds are added up.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from govtext.errors import BadModel
from govtext.scoring.modelfile import Array
from govtext.scoring.network import network_schema
from govtext.source import LineHint

PAGE_TITLE: Final = "the title of the page, which its site shows apart"
Floats = NDArray[np.float64]
PREFIX: Final = "page"
# Numbers that both passes see of a line with hints; a test holds them against what govtext.boilerplate.maintext computes,
# which is imported when a page comes and not before.
N_FIRST, N_SECOND = 143, 198
# Chosen on 26 scraped pages whose main text was marked by hand (corpus/pages.jsonl): lines right by F1 0.83 without, 0.94 with.
WEIGHT: Final = 0.7  # of the page model's log odds
LEANING: Final = 1.0  # towards content: main text is rarer on the pages that the page model learnt from than on these
LINKED: Final = 6.0  # added where most of a line is links
LINKED_FROM: Final = 0.5  # share of a line's characters
SUREST: Final = 14.0  # log odds of the page model; surer than that is as sure

ARRAYS: Final[Mapping[str, Array]] = {
    name: Array(array.dtype, array.dims, optional=True)
    for part, n in (("first", N_FIRST), ("second", N_SECOND))
    for name, array in network_schema(f"{PREFIX}.{part}", n, 1).items()
}


@dataclass(frozen=True, slots=True, eq=False)
class PageModel:
    """The model of whole pages as a model file stores it; what computes with it is imported when a page comes."""

    arrays: Mapping[str, NDArray[Any]]

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]], file: str) -> PageModel | None:
        """The model in a file's arrays, None if there is none.

        Raises:
            BadModel: some of its arrays are there and others are not.
        """
        own = {name: arrays[name] for name in ARRAYS if name in arrays}
        if not own:
            return None
        if missing := sorted(set(ARRAYS) - set(own)):
            raise BadModel(f"{file}: array {missing[0]!r} of the model of web pages is missing; train the model again")
        return cls(own)

    def shift(self, lines: Sequence[str], hints: Sequence[LineHint]) -> Floats:
        """What is added to the log odds of boilerplate of each line of one page, in order; above 0 for boilerplate.

        Infinite for the page's title element: it names page and site, and the report has a title of its own.
        """
        from govtext.boilerplate.maintext import MainTextModel

        model = MainTextModel.from_arrays(PREFIX, self.arrays)
        main = np.clip(model.probabilities(lines, hints), 1e-12, 1 - 1e-12)
        odds = np.clip(np.log(main / (1 - main)), -SUREST, SUREST)
        linked = np.array([hint.link_share > LINKED_FROM for hint in hints])
        shift = LINKED * linked - WEIGHT * odds - LEANING
        return np.where([hint.tag == "title" for hint in hints], np.inf, shift)


def with_shift(probabilities: Floats, shift: Floats, *, first: int) -> Floats:
    """The probabilities of classes, (n, n_classes), where the log odds of those from column `first` on are shifted, (n,)."""
    # The largest of both factors is 1, so that nothing overflows.
    junk, content = np.exp(np.minimum(shift, 0)), np.exp(-np.maximum(shift, 0))
    shifted = probabilities.copy()
    shifted[:, first:] *= junk[:, None]
    shifted[:, :first] *= content[:, None]
    total = shifted.sum(axis=1, keepdims=True)
    return np.asarray(np.where(total > 0, shifted / np.maximum(total, 1e-300), probabilities), np.float64)
