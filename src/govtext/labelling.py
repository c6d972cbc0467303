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
from functools import cache
from importlib.resources import files
from pathlib import Path
from types import MappingProxyType
from typing import IO, Any

from govtext.boilerplate.explain import LineReasons
from govtext.boilerplate.stretches import find_stretches
from govtext.document import ROLES, LabelledParagraph, LabelledReport, Paragraph, Source
from govtext.elements.find import find_elements
from govtext.errors import BadModel
from govtext.features.passages import to_passages
from govtext.layout import Structure, line_reasons, to_layout
from govtext.modelarrays import decode_model
from govtext.reading.plain import read
from govtext.scoring.judge import Judge
from govtext.scoring.thresholds import decide
from govtext.taxonomy import Taxonomy

BUNDLED = "govtext.safetensors"


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
        return LabelledReport(
            source, labelled, stretches, self.sha256, self.taxonomy.names, parts, repairs=layout.repairs
        )

    def reasons(self, report: LabelledReport) -> dict[int, LineReasons]:
        """Why the lines of a report that this model labelled are what they are, by where their paragraphs start."""
        return line_reasons(report.text, self.structure)

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
