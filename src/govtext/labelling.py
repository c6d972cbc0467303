"""The whole road: a report goes in, a labelled report comes out.

>>> from govtext.labelling import classify
>>> report = classify("关于科技工作的总结\\n一、服务企业\\n走访企业120家，帮助36家解决融资难题。\\n")
>>> report.paragraphs[2].labels
('enterprise_service',)
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from pathlib import Path
from types import MappingProxyType
from typing import IO, TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from govtext.boilerplate.stretches import stretches_in
from govtext.document import ROLES, LabelledParagraph, LabelledReport, Paragraph, Source, Stretch
from govtext.elements.find import find_elements
from govtext.errors import BadConfig, BadModel, BadTaxonomy
from govtext.explaining import Explaining
from govtext.features.passages import BLOCKS, Passage, to_passages
from govtext.features.variants import plain_copy
from govtext.layout import Layout, Structure, line_reasons, to_layouts
from govtext.modelarrays import decode_model
from govtext.reading.fence import FENCE, Fence
from govtext.reading.sources import read
from govtext.reasons import Term, ThemeReasons
from govtext.restoring import RestoredExplainer, restored
from govtext.scoring.judge import Judge
from govtext.scoring.modelfile import check_sha256
from govtext.scoring.risk import Decisions, decide_within
from govtext.scoring.thresholds import decide
from govtext.taxonomy import Taxonomy

if TYPE_CHECKING:  # what explains is imported when asked: few ask, and labelling must not wait for it
    from govtext.boilerplate.explain import LineReasons

BUNDLED = "govtext.safetensors"
AT_ONCE = 60_000  # characters that are read together; from 40,000 on more of them were no faster
# Of a passage: themes, labels, role, its probability, whether it is formulaic, the probability of that.
_Said = tuple[Mapping[str, float], tuple[str, ...], str | None, float | None, bool, float | None]
_NOTHING: _Said = (MappingProxyType({}), (), None, None, False, None)
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
        fence: Fence | None = FENCE,
    ) -> LabelledReport:
        """The labelled report. A `str` is the text itself; a path, bytes or an open file is read, see `govtext.read`.

        Raises:
            UnreadableReport: empty, binary, of an unknown suffix, or a `str` that names a file.
        """
        if not isinstance(source, Source):
            source = read(source, name=name, encoding=encoding, fence=fence)
        elif name is not None:
            source = replace(source, name=name)
        return self.classify_many([source])[0]

    def classify_many(self, sources: Sequence[Source]) -> list[LabelledReport]:
        """The labelled reports, in order: as `classify` labels each, bit for bit, and faster where they are short.

        A text with traditional characters, pinyin or invisible marks is read as its plain copy, see
        `govtext.features.variants`; what is said is said of the text as it came.
        """
        copies = [plain_copy(source.text) for source in sources]
        plain = [s if copy is None else replace(s, text=copy.text) for s, copy in zip(sources, copies)]
        reports = (report for lot in _lots(plain) for report in self._classified(lot))
        return [
            report if copy is None else restored(report, source, copy)
            for report, source, copy in zip(reports, sources, copies)
        ]

    def reasons(self, report: LabelledReport) -> dict[int, LineReasons]:
        """Why the lines of a report that this model labelled are what they are, by where their paragraphs start."""
        copy = plain_copy(report.text)
        text = report.text if copy is None else copy.text
        reasons = line_reasons(text, self.structure, self.structure.shift(replace(report.source, text=text)))
        if copy is None:
            return reasons
        where = copy.where.tolist()
        return {where[start] if start else 0: why for start, why in reasons.items()}

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
        if isinstance(report.explainer, Explaining | RestoredExplainer) and report.explainer.model is self:
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
        from govtext.scoring.reasons import top_terms

        blocks = [found for found in self.judge.blocks if block in (None, found.name)]
        return top_terms(blocks, codes.index(theme), max(0, n))

    def _classified(self, sources: Sequence[Source]) -> list[LabelledReport]:
        """The labelled reports of a lot."""
        shifts = [self.structure.shift(source) for source in sources]
        layouts = to_layouts([source.text for source in sources], self.structure, shifts)
        passages = [to_passages(source.text, layout.paragraphs) for source, layout in zip(sources, layouts)]
        sizes = np.fromiter(map(len, passages), np.int64, len(passages))
        said = self._said([p for own in passages for p in own], np.arange(len(passages)).repeat(sizes))
        # Related links keep their masks: a title in a list is masked like any other, and no junk stands inside it.
        skips = [
            [(p.start, p.end) for p in layout.paragraphs if p.verdict.kind not in (None, "related")]
            for layout in layouts
        ]
        stretches = stretches_in([source.text for source in sources], skips=skips)
        return [
            self._report(source, layout, own, found, said[end - len(own) : end], shift)
            for source, layout, own, found, end, shift in zip(
                sources, layouts, passages, stretches, sizes.cumsum().tolist(), shifts
            )
        ]

    def _said(self, passages: Sequence[Passage], document: NDArray[np.int64]) -> list[_Said]:
        """What the judge says of each passage; `document` numbers their reports."""
        if not passages:
            return []
        # Reports without passages have no number among the others.
        judged = self.judge.judge(passages, np.concatenate(([0], document[1:] != document[:-1])).cumsum())
        codes, thresholds = self.taxonomy.codes, self.judge.thresholds
        decided = decide(judged.themes, thresholds[:-1], codes=codes, most=self.taxonomy.most)
        best = judged.roles.argmax(axis=1)
        roles = zip(best.tolist(), judged.roles[np.arange(len(best)), best].tolist())
        formulaic = zip((judged.formulaic >= thresholds[-1]).tolist(), judged.formulaic.tolist())
        return [
            (MappingProxyType(dict(zip(codes, scores))), labels, ROLES[role], role_score, *rest)
            for scores, labels, (role, role_score), rest in zip(judged.themes.tolist(), decided, roles, formulaic)
        ]

    def _report(
        self,
        source: Source,
        layout: Layout,
        passages: Sequence[Passage],
        stretches: tuple[Stretch, ...],
        said: Sequence[_Said],
        shift: NDArray[np.float64] | None,
    ) -> LabelledReport:
        """The report with that layout, of whose passages that is said."""
        text, paragraphs = source.text, layout.paragraphs
        parts = tuple(
            replace(part, elements=find_elements(text, paragraphs[part.first : part.stop], layout.plain))
            for part in layout.parts
        )
        labelled = _labelled(text, paragraphs, passages, said)
        of_model = (self.sha256, self.taxonomy.names)
        explainer = Explaining(self, text, labelled, shift)
        return LabelledReport(
            source, labelled, stretches, *of_model, parts, repairs=layout.repairs, explainer=explainer
        )


def _lots(sources: Sequence[Source]) -> Iterator[Sequence[Source]]:
    """The reports in order, so many at once that together they have some `AT_ONCE` characters."""
    first, size = 0, 0
    for i, source in enumerate(sources):
        if size and size + len(source.text) > AT_ONCE:
            yield sources[first:i]
            first, size = i, 0
        size += len(source.text) + 1
    if first < len(sources):
        yield sources[first:]


def _labelled(
    text: str, paragraphs: Sequence[Paragraph], passages: Sequence[Passage], said: Sequence[_Said]
) -> tuple[LabelledParagraph, ...]:
    """The paragraphs with what is said of the passages that they are, or are parts of."""
    row_of = {index: row for row, passage in enumerate(passages) for index in passage.paragraphs}
    labelled = []
    for index, p in enumerate(paragraphs):
        row = row_of.get(index)
        themes, labels, role, role_score, formulaic, formulaic_score = _NOTHING if row is None else said[row]
        if p.kind != "body":
            formulaic, formulaic_score = False, None
        words = text[p.start : p.end].strip()
        heading = text[p.start : p.heading_end].strip() if p.heading_end is not None else None
        if p.kind == "heading":
            heading = words
        # The rest of a paragraph that something cut: by a wrap, or read as one passage with what stands before.
        rest = p.continues or (row is not None and passages[row].paragraphs[0] != index)
        structure = (p.start, p.end, p.kind, p.level, p.marker, p.heading_end, p.path, p.alone, p.verdict)
        found = (words, heading, themes, labels, role, role_score, formulaic, formulaic_score)
        labelled.append(LabelledParagraph(*structure, *found, continues=rest))
    return tuple(labelled)


def load(path: str | os.PathLike[str] | None = None, *, sha256: str | None = None) -> Model:
    """The model in a file, the bundled one by default; with `sha256` only if that is the file's.

    Raises:
        BadModel: the file is missing, damaged, no model of govtext, or of a version that this govtext does not read.
    """
    if path is None:
        check_sha256(_bundled().sha256, sha256, "the bundled model")
        return _bundled()
    return _model(Path(path), str(path), sha256)


def classify(
    source: str | bytes | os.PathLike[str] | IO[str] | IO[bytes] | Source,
    *,
    name: str | None = None,
    encoding: str | None = None,
    fence: Fence | None = FENCE,
) -> LabelledReport:
    """The report labelled by the bundled model; see `Model.classify`."""
    return _bundled().classify(source, name=name, encoding=encoding, fence=fence)


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


def _model(source: Path | bytes, name: str, sha256: str | None = None) -> Model:
    return Model(*decode_model(source, name, sha256=sha256))
