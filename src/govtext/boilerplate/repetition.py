"""What recurs over a corpus: lines of a site told from headings that every report has, and passages copied between reports.

A heading stands between another body in every report; a site's line stands beside the same neighbour, outside the prose.
Copies of one report are counted as one, by a sentence that they share, so that its headings and body do not look like a site's.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Final

import numpy as np

from govtext.boilerplate.copies import PassageIndex, copied_passages, kept_passages, to_passages
from govtext.boilerplate.masking import PLACE, is_own
from govtext.boilerplate.occurrences import Lines, Span, hash63, kept_lines, text_lines, to_lines
from govtext.boilerplate.sample import LONGEST_NAME, KeptReport, Sample, load_sample, save_sample, together
from govtext.document import CopiedPassage, LabelledReport, RecurringLine, Source
from govtext.segmentation.markers import marker_at

Report = LabelledReport | Source | tuple[str, str]
MOST_BYTES: Final = 128 << 20  # of the sample, by default: some 37,000 reports of 3,000 characters
FEWEST = 3  # other reports, of other content, that a line stands in before it says anything
BESIDE_FROM = 0.3  # share of them where it has the same neighbour
OUTSIDE_FROM = 0.5  # share of them where it stands before or behind all prose


class RepetitionModel:
    """Lines and passages that recur over a corpus of reports.

    Reports come as `LabelledReport`, `Source` or (id, text); those without labels are taken line by line. The same id and text
    count once. At most `most_bytes` are kept, and up to three times as much again while questions are answered; beyond that
    the model is a sample of the reports, chosen by their hashes, so the order of reports, calls and merges changes nothing.

        >>> said = "本月共走访企业{0}家，解决融资难题，推动项目落地见效{0}个，群众满意。"
        >>> pages = [(f"{n}.txt", f"{n}月份工作情况\\n{said.format(n)}\\n相关文章\\n下一篇") for n in "一二三四五"]
        >>> model = RepetitionModel().fit(pages)
        >>> [pages[0][1][line.start : line.end] for line in model.recurring(pages[0]) if line.is_furniture]
        ['相关文章', '下一篇']
    """

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self._sample = Sample(most_bytes)
        self._index: _Index | None = None

    @property
    def n_reports(self) -> int:
        """Reports in the sample."""
        return len(self._sample.reports)

    @property
    def is_whole(self) -> bool:
        """Whether every report that was fitted is in the sample."""
        return self._sample.is_whole

    def fit(self, reports: Iterable[Report]) -> RepetitionModel:
        """The model, now of these reports alone.

        Raises:
            MissingExtra: datasketch is not installed.
        """
        self._sample = Sample(self._sample.most_bytes)
        return self.partial_fit(reports)

    def partial_fit(self, reports: Iterable[Report]) -> RepetitionModel:
        """The model, now of these reports too."""
        self._index = None
        for report in reports:
            name, text, spans = _parts(report)
            key = _key(name, text)
            if self._sample.wants(key):
                lines = to_lines(text, spans)
                passages = kept_passages(to_passages(text, lines.spans))
                self._sample.add(KeptReport(key, lines.content, _kept_name(name), kept_lines(lines), passages))
        return self

    def merge(self, other: RepetitionModel) -> RepetitionModel:
        """The model, now of the other's reports too; the other stays as it is.

        Raises:
            BadConfig: the two have different `most_bytes`.
        """
        self._index = None
        self._sample.merge(other._sample)
        return self

    def save(self, path: str | os.PathLike[str]) -> str:
        """The SHA-256 of the file written: the same reports make the same bytes."""
        return save_sample(self._sample, Path(path))

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> RepetitionModel:
        """The model in a file.

        Raises:
            BadModel: the file is missing, damaged, or no repetition model.
        """
        sample = load_sample(Path(path))
        model = cls(sample.most_bytes)
        model._sample = sample
        return model

    def recurring(self, report: Report) -> tuple[RecurringLine, ...]:
        """The report's lines that stand in at least `FEWEST` other reports, in order."""
        _, text, spans = _parts(report)
        return self._lookup().recurring(to_lines(text, spans))

    def copied(self, report: Report) -> tuple[CopiedPassage, ...]:
        """The report's passages that stand in another report too, in order; furniture is none.

        Reports of the same id, and the report itself, are no other reports.
        """
        name, text, spans = _parts(report)
        index = self._lookup()
        lines = to_lines(text, spans)
        furniture = {(line.start, line.end) for line in index.recurring(lines) if line.is_furniture}
        passages = to_passages(text, [span for span in lines.spans if span not in furniture])
        return copied_passages(passages, index.passages, index.names, skip=index.own(name, _key(name, text)))

    def mark(self, report: LabelledReport) -> LabelledReport:
        """The report with its `copied` passages filled in; no label changes."""
        return replace(report, copied=self.copied(report))

    def _lookup(self) -> _Index:
        if self._index is None:
            self._index = _Index(self._sample.ordered())
        return self._index


class _Index:
    """The sample arranged for questions."""

    def __init__(self, reports: list[KeptReport]) -> None:
        lines, owners, passages, passage_owners = together(reports)
        order = np.argsort(lines["line"], kind="stable")
        self.lines, self.owners = lines[order], owners[order]
        self.contents = np.array([r.content for r in reports], np.int64)
        self.names = [r.name.decode() for r in reports]
        self.keys = [r.key for r in reports]
        self.passages = PassageIndex(passages, passage_owners)

    def own(self, name: str, key: int) -> frozenset[int]:
        """The rows of the report itself and of others with its name."""
        kept = _kept_name(name).decode()
        return frozenset(
            row for row in range(len(self.keys)) if self.keys[row] == key or (kept and self.names[row] == kept)
        )

    def recurring(self, lines: Lines) -> tuple[RecurringLine, ...]:
        lows = np.searchsorted(self.lines["line"], lines.records["line"], "left")
        highs = np.searchsorted(self.lines["line"], lines.records["line"], "right")
        found = []
        known: dict[tuple[int, int, int], RecurringLine | None] = {}
        for row in np.flatnonzero(highs - lows >= FEWEST).tolist():
            here = lines.records[row]
            # A line that comes a thousand times is looked up once for each pair of neighbours.
            place = (int(here["line"]), int(here["previous"]), int(here["next"]))
            if place not in known:
                known[place] = self._judge(lines, row, slice(int(lows[row]), int(highs[row])))
            line = known[place]
            if line is not None:
                start, end = lines.spans[row]
                said = (line.n_reports, line.n_forms, line.beside, line.outside, line.is_furniture, line.reason)
                found.append(RecurringLine(start, end, *said))
        return tuple(found)

    def _judge(self, lines: Lines, row: int, rows: slice) -> RecurringLine | None:
        contents = self.contents[self.owners[rows]]
        _, first = np.unique(contents, return_index=True)
        first = first[contents[first] != lines.content]
        others, here = self.lines[rows][first], lines.records[row]
        if len(others) < FEWEST:
            return None
        n_forms = len(np.unique(others["form"]))
        # The page's edge is a neighbour only to a line that is everywhere the same: titles stand there too.
        sides = [side for side in ("previous", "next") if here[side] or n_forms == 1]
        beside = max((float((others[side] == here[side]).mean()) for side in sides), default=0.0)
        outside = float(others["outside"].mean())
        following = lines.masked[row + 1] if row + 1 < len(lines.masked) else ""
        furniture, reason = _verdict(lines.masked[row], following, n_forms, beside, outside)
        reason = f"in {len(others)} other reports, {reason}"
        return RecurringLine(*lines.spans[row], len(others), n_forms, beside, outside, furniture, reason)


def _verdict(line: str, following: str, n_forms: int, beside: float, outside: float) -> tuple[bool, str]:
    """Whether a line that recurs is a site's, and why."""
    if is_own(line):
        return False, "with the form of a date, a number, an addressee or a title"
    if is_own(following) and following.endswith(("日", "日)")):
        return False, "signing above a date"
    if PLACE in line and n_forms > 1:
        return False, "each time with another place"
    if marker_at(line) is not None:
        return False, "numbered as a heading"
    if beside < BESIDE_FROM:
        return False, "beside another line in most"
    if outside < OUTSIDE_FROM:
        return False, "amid the prose"
    return True, "beside the same line, outside the prose"


def _parts(report: Report) -> tuple[str, str, list[Span]]:
    """Id, text and the spans of its lines; paragraphs where a model has found them."""
    if isinstance(report, LabelledReport):
        return report.source.name, report.text, [(p.start, p.end) for p in report.paragraphs]
    name, text = (report.name, report.text) if isinstance(report, Source) else report
    return name, text, text_lines(text)


def _key(name: str, text: str) -> int:
    return hash63(f"{len(name)}:{name}{text}")


def _kept_name(name: str) -> bytes:
    """The name in UTF-8, cut where it is too long; half characters and control characters as ?."""
    clean = "".join(c if c.isprintable() else "?" for c in name).encode("utf-8", "replace")
    return clean[:LONGEST_NAME].decode("utf-8", "ignore").encode()


__all__ = ["CopiedPassage", "RecurringLine", "RepetitionModel"]
