"""The theme model: what a passage's words say, then what the passages around it make of that.

First stage: one linear score for each theme, role and for being formulaic, from n-grams of the passage, the headings above, the
title and the passage's opening. Second stage: one small network, the same for all themes, looks at a theme's score beside
its rivals, its parts, and the same theme's scores around the passage; another one decides the role.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from govtext.document import ROLES
from govtext.features.cues import CUES, cue_rows
from govtext.features.embeddings import DIMENSIONS, embed
from govtext.features.passages import BLOCKS, Passage, block_texts
from govtext.features.vocabulary import Vocabulary
from govtext.scoring.calibration import Calibration
from govtext.scoring.dense import product
from govtext.scoring.modelfile import Array
from govtext.scoring.neighbours import AROUND, Neighbours
from govtext.scoring.network import Network, network_schema
from govtext.scoring.risk import PROMISES, RiskTable
from govtext.scoring.scorer import Block
from govtext.scoring.sentences import PROFILE, sentence_profile, sentence_scores
from govtext.scoring.storage import Arrays, block_arrays, block_from, block_schema
from govtext.scoring.thresholds import sigmoid, softmax

Floats = NDArray[np.float64]


AT_ONCE = 32  # passages: with 12 themes and 160 hidden units their rows stay in the processor's cache
_MAXIMA = ("document", "section", "heading", "before", "behind")
N_ABSENT = 4  # flags of `Neighbours.missing`
N_THEME_INPUTS = 4 + len(BLOCKS) + len(PROFILE) + len(AROUND) + len(CUES) + N_ABSENT + 1 + len(ROLES) + 1 + len(_MAXIMA)
N_ROLE_INPUTS = (2 + len(BLOCKS) + len(AROUND)) * len(ROLES) + N_ABSENT + 1 + len(BLOCKS) + 4 + len(CUES) + 1


@dataclass(frozen=True, slots=True, eq=False)
class FirstStage:
    """Scores by words: `total` (n, n_outputs), `parts` (n_blocks, n, n_outputs), `profile` (n_profile, n, n_themes).

    Outputs are the themes, then the roles, then formulaic.
    """

    total: Floats
    parts: Floats
    profile: Floats
    n_themes: int

    @property
    def themes(self) -> Floats:
        """Theme scores, (n, n_themes)."""
        return self.total[:, : self.n_themes]

    @property
    def roles(self) -> Floats:
        """Role scores, (n, n_roles)."""
        return self.total[:, self.n_themes : self.n_themes + len(ROLES)]

    @property
    def formulaic(self) -> Floats:
        """Formulaic score, (n, 1)."""
        return self.total[:, -1:]


@dataclass(frozen=True, slots=True, eq=False)
class Judgement:
    """What the theme model says of passages: probabilities (n, n_themes), (n, n_roles), (n,)."""

    themes: Floats
    roles: Floats
    formulaic: Floats


def first_stage(
    blocks: Sequence[Block], intercept: Floats, passages: Sequence[Passage], embedding: Floats | None = None
) -> FirstStage:
    """The linear scores of passages; `embedding` holds the weights of their texts' embeddings, (DIMENSIONS, n_outputs)."""
    texts = block_texts(passages)
    n_themes = len(intercept) - len(ROLES) - 1
    own, in_sentences, counts = sentence_scores(blocks[BLOCKS.index("text")], texts["text"])
    parts = np.stack([own if block.name == "text" else block.scores(texts[block.name]) for block in blocks])
    profile = sentence_profile(in_sentences[:, :n_themes], counts)
    total = parts.sum(axis=0) + intercept
    if embedding is not None:
        total += product(embed([passage.text for passage in passages]), embedding)
    return FirstStage(total, parts, profile, n_themes)


def theme_inputs(first: FirstStage, around: Neighbours, cues: Floats) -> Floats:
    """The theme network's input: one row for each passage and theme, (n · n_themes, n_inputs)."""
    parts = _theme_input_parts(first, around, cues, around.gather(first.themes)) if len(cues) else ()
    own, shared = zip(*parts) if len(cues) else ((), ())
    rows = [
        np.concatenate([o, np.broadcast_to(s[:, None], (*o.shape[:2], s.shape[1]))], axis=2)
        for o, s in zip(own, shared)
    ]
    return np.concatenate([np.zeros((0, N_THEME_INPUTS)), *(part.reshape(-1, N_THEME_INPUTS) for part in rows)])


def _theme_input_parts(
    first: FirstStage, around: Neighbours, cues: Floats, gathered: Mapping[str, Floats]
) -> Iterator[tuple[Floats, Floats]]:
    """The same, `AT_ONCE` passages after another: a line of 10 MB has 44,000 passages, half a million rows.

    A theme's own inputs, (n, n_themes, n_own), and those that the themes of a passage share, (n, n_shared); `gathered` is
    what is said around, its first columns of the themes.
    """
    scores = first.themes
    n, m = scores.shape
    order = np.sort(scores, axis=1)
    rival = np.where(scores >= order[:, -1:], order[:, -2:-1] if m > 1 else order - 2.0, order[:, -1:])
    rank = np.minimum(np.argsort(np.argsort(-scores, axis=1, kind="stable"), axis=1, kind="stable"), 4)
    gathered = {name: said[:, :m] for name, said in gathered.items()}
    own = [
        scores,
        rival,
        rank / 2,
        np.maximum(scores, 0),
        *first.parts[:, :, :m],
        *first.profile,
        *(gathered[k] for k in AROUND),
    ]
    # A paragraph of 300,000 characters scores above 236, where the exponential has no number any more.
    together = np.log1p(np.exp(np.minimum(3 * scores, 700)))
    shared = [
        cues, around.missing(), first.formulaic, first.roles, together.sum(axis=1, keepdims=True),
        *(gathered[k].max(axis=1, keepdims=True) for k in _MAXIMA),
    ]  # fmt: skip
    common = np.hstack(shared)
    for low in range(0, n, AT_ONCE):
        part = slice(low, low + AT_ONCE)
        yield np.stack([column[part] for column in own], axis=2), common[part]


def role_inputs(
    first: FirstStage, around: Neighbours, cues: Floats, gathered: Mapping[str, Floats] | None = None
) -> Floats:
    """The role network's input, (n, n_inputs); `gathered` is what is said around of all outputs, if known."""
    m = first.n_themes
    gathered = around.gather(first.total) if gathered is None else gathered
    roles = {name: said[:, m : m + len(ROLES)] for name, said in gathered.items()}
    formulaic = {name: said[:, -1:] for name, said in gathered.items()}
    return np.hstack(
        [
            first.roles, np.maximum(first.roles, 0), *first.parts[:, :, m : m + len(ROLES)],
            *(roles[k] for k in AROUND), around.missing(), first.formulaic, *first.parts[:, :, -1:],
            *(formulaic[k] for k in ("before", "behind", "document", "section")), cues,
            first.themes.max(axis=1, keepdims=True),
        ]
    )  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class Judge:
    """The theme model with its decisions.

    blocks      first-stage weights, one block a kind of text
    intercept   (n_themes + n_roles + 1,)
    themes      network over `theme_inputs`, one output
    roles       network over `role_inputs`, n_roles outputs
    formulaic   slope and offset of the formulaic probability
    thresholds  probability from which each theme is decided, then that of formulaic, (n_themes + 1,)
    calibration from the theme network's scores to probabilities
    risks       which decisions can stand without review, a table for each of `PROMISES`
    embedding   weights of a passage's sentence embedding, (DIMENSIONS, n_outputs), None in a model without
    """

    blocks: tuple[Block, ...]
    intercept: Floats
    themes: Network
    roles: Network
    formulaic: Floats
    thresholds: Floats
    calibration: Calibration
    risks: tuple[RiskTable, ...]
    embedding: Floats | None = None

    def judge(self, passages: Sequence[Passage], document: NDArray[np.int64] | None = None) -> Judgement:
        """What passages are about; `document` numbers each one's report, from 0 on, by default one's.

        Many reports at once give the same numbers, bit for bit, in half the time.
        """
        document = np.zeros(len(passages), np.int64) if document is None else document
        first = first_stage(self.blocks, self.intercept, passages, self.embedding)
        around = Neighbours.of(passages, document)
        cues = cue_rows(passages, document)
        gathered = around.gather(first.total)
        parts = [self.themes.shared_scores(*inputs) for inputs in _theme_input_parts(first, around, cues, gathered)]
        scores = np.concatenate(parts)[:, :, 0]
        roles = softmax(self.roles.scores(role_inputs(first, around, cues, gathered)))
        formulaic = sigmoid(first.formulaic[:, 0] * self.formulaic[0] + self.formulaic[1])
        return Judgement(self.calibration.probabilities(scores), roles, formulaic)

    def arrays(self) -> dict[str, NDArray[Any]]:
        """All numbers by name, as `ARRAYS` wants them; vocabularies and thresholds are stored apart."""
        arrays: dict[str, NDArray[Any]] = {
            "themes.intercept": self.intercept,
            "themes.formulaic": self.formulaic,
            "themes.thresholds": self.thresholds,
            **self.themes.arrays("themes.network"),
            **self.roles.arrays("roles.network"),
            **self.calibration.arrays("themes.calibration"),
        }
        for table in self.risks:
            arrays |= table.arrays(f"risk.{table.promise}")
        for block in self.blocks:
            arrays |= block_arrays(f"themes.{block.name}", block)
        if self.embedding is not None:
            arrays["themes.embedding"] = np.asarray(self.embedding, np.float32)
        return arrays

    @classmethod
    def from_arrays(
        cls, arrays: Arrays, vocabularies: Mapping[str, Vocabulary], thresholds: Sequence[float], *, held_out: int
    ) -> Judge:
        """The judge that `arrays` stored; `vocabularies` holds that of each block, the others stand in the header."""
        # What is refused is refused before the blocks are laid out, which takes more than the file has.
        risks = tuple(RiskTable.from_arrays(f"risk.{p}", arrays, promise=p, n_documents=held_out) for p in PROMISES)
        blocks = tuple(block_from(f"themes.{name}", name, arrays, vocabularies[name]) for name in BLOCKS)
        return cls(
            blocks,
            arrays["themes.intercept"],
            Network.from_arrays("themes.network", arrays),
            Network.from_arrays("roles.network", arrays),
            arrays["themes.formulaic"],
            arrays["themes.thresholds"],
            Calibration.from_arrays("themes.calibration", arrays),
            risks,
            np.asarray(arrays["themes.embedding"], np.float64) if "themes.embedding" in arrays else None,
        )


ARRAYS: dict[str, Array] = {
    "themes.intercept": Array("float64", ("themes.outputs",)),
    "themes.formulaic": Array("float64", (2,)),
    "themes.thresholds": Array("float64", ("themes.decisions",)),
    "themes.calibration.slope": Array("float64", ("themes.themes",)),
    "themes.calibration.offset": Array("float64", ("themes.themes",)),
    "themes.calibration.together": Array("uint8", (1,), optional=True),
    "themes.embedding": Array("float32", (DIMENSIONS, "themes.outputs"), optional=True),
    **network_schema("themes.network", N_THEME_INPUTS, 1),
    **network_schema("roles.network", N_ROLE_INPUTS, len(ROLES)),
}
for _block in BLOCKS:
    ARRAYS |= block_schema(f"themes.{_block}", vocabulary=f"themes.{_block}.terms", outputs="themes.outputs")
for _promise in PROMISES:
    ARRAYS |= {
        f"risk.{_promise}.risks": Array("float64", (f"risk.{_promise}",)),
        f"risk.{_promise}.thresholds": Array("float64", (f"risk.{_promise}", 2)),
        f"risk.{_promise}.review": Array("float64", (f"risk.{_promise}",)),
    }
