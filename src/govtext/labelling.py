"""The whole road: a report goes in, a labelled report comes out.

>>> from govtext.labelling import classify
>>> report = classify("关于科技工作的总结\\n一、服务企业\\n走访企业120家，帮助36家解决融资难题。\\n")
>>> report.paragraphs[2].labels
('enterprise_service',)
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache, cached_property
from importlib.resources import files
from pathlib import Path
from types import MappingProxyType
from typing import IO, Any

import numpy as np

from govtext.boilerplate.explain import LineReasons
from govtext.boilerplate.stretches import find_stretches
from govtext.document import ROLES, LabelledParagraph, LabelledReport, Paragraph, Source
from govtext.elements.find import find_elements
from govtext.errors import BadConfig, BadModel, BadTaxonomy
from govtext.features.origins import heading_spans, passage_origins
from govtext.features.passages import BLOCKS, Passage, to_passages
from govtext.features.words import Words
from govtext.layout import Layout, Structure, line_reasons, to_layout
from govtext.modelarrays import decode_model
from govtext.reading.plain import read
from govtext.reasons import Term, ThemeReasons
from govtext.scoring.judge import Judge
from govtext.scoring.reasons import GROUPS, USUAL, Explanation, top_terms
from govtext.scoring.risk import Decisions, decide_within
from govtext.scoring.thresholds import decide
from govtext.taxonomy import Taxonomy

BUNDLED = "govtext.safetensors"
_OTHER = "the report was labelled by model {}, this is {}; {} with the model that labelled it"


@dataclass(frozen=True, slots=True, eq=False)
class Model:
    """A trained model: what finds a report's form (`structure`), what judges its passages (`judge`), and the themes.

    `header` is the model file's header: figures, sources, thresholds, versions; `sha256` names the file.
    """

    structure: Structure
    judge: Judge
    taxonomy: Taxonomy
    header: Mapping[str, Any]
    sha256: str

    def classify(
        self,
        source: str | bytes | os.PathLike[str] | IO[str] | IO[bytes] | Source,
        *,
        name: str | None = None,
        encoding: str | None = None,
    ) -> LabelledReport:
        """The labelled report. A `str` is the text itself; a path, bytes or an open file is read.

        Raises:
            UnreadableReport: empty, binary, of an unknown suffix, or a `str` that names a file.
        """
        if not isinstance(source, Source):
            source = read(source, name=name, encoding=encoding)
        elif name is not None:
            source = replace(source, name=name)
        layout = to_layout(source.text, self.structure)
        paragraphs = layout.paragraphs
        # Related links keep their masks: a title in a list is masked like any other, and no junk stands inside it.
        skip = [(p.start, p.end) for p in paragraphs if p.verdict.kind not in (None, "related")]
        stretches = find_stretches(source.text, skip=skip)
        parts = tuple(
            replace(part, elements=find_elements(source.text, paragraphs[part.first : part.stop]))
            for part in layout.parts
        )
        labelled = self._labelled(source.text, paragraphs)
        said = (source, labelled, stretches, self.sha256, self.taxonomy.names, parts)
        return LabelledReport(*said, repairs=layout.repairs, explainer=Explaining(self, source.text, labelled))

    def reasons(self, report: LabelledReport) -> dict[int, LineReasons]:
        """Why the lines of a report that this model labelled are what they are, by where their paragraphs start."""
        return line_reasons(report.text, self.structure)

    def decide(self, report: LabelledReport, *, risk: float, promise: str = "accepted") -> Decisions:
        """Which paragraphs' themes can stand without a person looking, and which go to review.

        `status` is "accept", "none" or "review" for each body paragraph, in order; no theme changes.
        `risk` is what `promise`, a key of `govtext.scoring.risk.PROMISES`, keeps the share of wrong sets of themes to.

        Raises:
            BadConfig: the risk is not within 0–1, or there is no such promise.

        >>> import govtext
        >>> model = govtext.load()
        >>> report = model.classify("关于科技工作的总结\n一、服务企业\n走访企业120家，帮助36家解决融资难题。\n")
        >>> len(model.decide(report, risk=0.05).status)
        1
        """
        if report.model_sha256 != self.sha256:
            raise BadModel(_OTHER.format(report.model_sha256[:12], self.sha256[:12], "decide"))
        tables = {table.promise: table for table in self.judge.risks}
        if promise not in tables:
            raise BadConfig(f"promise {promise!r}; wanted one of {', '.join(tables)}")
        rows = [p for p in report.paragraphs if p.kind == "body" and p.role is not None]
        codes = self.taxonomy.codes
        probabilities = np.array([[p.themes[code] for code in codes] for p in rows]).reshape(len(rows), len(codes))
        decided = np.array([[code in p.labels for code in codes] for p in rows], bool).reshape(probabilities.shape)
        return decide_within(probabilities, decided, tables[promise], risk=risk)

    def explain(self, report: LabelledReport, i: int) -> Mapping[str, ThemeReasons]:
        """What spoke for and against each theme in paragraph `i` of a report, by code, most probable first.

        Empty for titles, meta lines and boilerplate, which get no themes. Lines that a wrap cut out of one paragraph have the
        reasons of the whole. Boilerplate that was marked later, by a `RepetitionModel`, keeps the reasons it had.

        Raises:
            BadModel: another model labelled the report.
            IndexError: there is no such paragraph.
        """
        if report.model_sha256 != self.sha256:
            raise BadModel(_OTHER.format(report.model_sha256[:12], self.sha256[:12], "explain"))
        if isinstance(report.explainer, Explaining) and report.explainer.model is self:
            return report.explainer(i)
        return self.classify(report.source).explain(i)

    def top_terms(self, theme: str, n: int = 20, *, block: str | None = None) -> tuple[Term, ...]:
        """The `n` n-grams that weigh most for a theme (its code), then the `n` that weigh most against it, by weight downwards.

        Of all blocks (text, path of headings, title, opening) or of one; weights compare within a block only.

        Raises:
            BadTaxonomy: the model has no such theme.
            ValueError: there is no such block.
        """
        codes = self.taxonomy.codes
        if theme not in codes:
            raise BadTaxonomy(f"no theme {theme!r} in this model; it has {', '.join(codes)}")
        if block not in (None, *BLOCKS):
            raise ValueError(f"no block {block!r}; wanted {', '.join(BLOCKS)}")
        blocks = [found for found in self.judge.blocks if block in (None, found.name)]
        return top_terms(blocks, codes.index(theme), max(0, n))

    def _labelled(self, text: str, paragraphs: tuple[Paragraph, ...]) -> tuple[LabelledParagraph, ...]:
        passages = to_passages(text, paragraphs)
        judged = self.judge.judge(passages) if passages else None
        row_of = {index: row for row, passage in enumerate(passages) for index in passage.paragraphs}
        codes = self.taxonomy.codes
        thresholds = self.judge.thresholds
        decided = decide(judged.themes, thresholds[:-1], codes=codes, most=self.taxonomy.most) if judged else []
        nothing: Mapping[str, float] = MappingProxyType({})
        labelled = []
        for index, p in enumerate(paragraphs):
            row = row_of.get(index)
            themes = nothing
            labels: tuple[str, ...] = ()
            role: str | None = None
            role_score: float | None = None
            formulaic, formulaic_score = False, None
            if row is not None and judged is not None:
                themes = MappingProxyType(dict(zip(codes, judged.themes[row].tolist())))
                labels = decided[row]
                best = int(judged.roles[row].argmax())
                role, role_score = ROLES[best], float(judged.roles[row, best])
                if p.kind == "body":
                    formulaic_score = float(judged.formulaic[row])
                    formulaic = formulaic_score >= float(thresholds[-1])
            heading = text[p.start : p.heading_end].strip() if p.heading_end is not None else None
            if p.kind == "heading":
                heading = text[p.start : p.end].strip()
            structure = (p.start, p.end, p.kind, p.level, p.marker, p.heading_end, p.path, p.alone, p.verdict)
            said = (heading, themes, labels, role, role_score, formulaic, formulaic_score)
            # The rest of a paragraph that something cut: by a wrap, or read as one passage with what stands before.
            rest = p.continues or (row is not None and passages[row].paragraphs[0] != index)
            labelled.append(LabelledParagraph(*structure, text[p.start : p.end].strip(), *said, continues=rest))
        return tuple(labelled)


class Explaining:
    """Gives the reasons for the paragraphs of one text; what they share is computed at the first question, once.

    A pickle of it is None: a report that travels does not take its model along.
    """

    def __init__(self, model: Model, text: str, paragraphs: tuple[LabelledParagraph, ...]) -> None:
        self.model, self._text, self._paragraphs = model, text, paragraphs

    def __call__(self, i: int) -> Mapping[str, ThemeReasons]:
        """As `Model.explain`."""
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
        return to_layout(self._text, self.model.structure)

    @cached_property
    def _passages(self) -> list[Passage]:
        return to_passages(self._text, self._layout.paragraphs)

    @cached_property
    def _row_of(self) -> Mapping[int, int]:
        return {index: row for row, passage in enumerate(self._passages) for index in passage.paragraphs}

    @cached_property
    def _above(self) -> list[tuple[tuple[int, int], ...]]:
        return heading_spans(self._layout.paragraphs, self._layout.parts)

    @cached_property
    def _explanation(self) -> Explanation:
        return Explanation(self.model.judge, self._passages)

    def __reduce__(self) -> tuple[type[None], tuple[()]]:
        return type(None), ()


def load(path: str | os.PathLike[str] | None = None) -> Model:
    """The model in a file, the bundled one by default.

    Raises:
        BadModel: the file is missing, damaged, no model of govtext, or of a version that this govtext does not read.
    """
    if path is None:
        return _bundled()
    return _model(Path(path), str(path))


def classify(
    source: str | bytes | os.PathLike[str] | IO[str] | IO[bytes] | Source,
    *,
    name: str | None = None,
    encoding: str | None = None,
) -> LabelledReport:
    """The report labelled by the bundled model; see `Model.classify`."""
    return _bundled().classify(source, name=name, encoding=encoding)


@cache
def _words() -> Words:
    return Words()


@cache
def _bundled() -> Model:
    # In a checkout the one copy stands in models/; an editable install may have left an older one beside the package.
    checkout = Path(__file__).resolve().parents[2] / "models" / BUNDLED
    if checkout.is_file() and (checkout.parents[1] / "pyproject.toml").is_file():
        return _model(checkout, "the bundled model")
    try:
        content = (files("govtext") / "data" / BUNDLED).read_bytes()
    except FileNotFoundError as error:
        raise BadModel("the bundled model is missing from this installation; install govtext again") from error
    return _model(content, "the bundled model")


def _model(source: Path | bytes, name: str) -> Model:
    structure, judge, taxonomy, header, sha256 = decode_model(source, name)
    return Model(structure, judge, taxonomy, header, sha256)
