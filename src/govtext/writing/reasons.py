"""Why paragraphs have their themes: a page for people, one JSON object a report for machines."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from govtext.document import LabelledReport
from govtext.reasons import PLACES, Spoken, ThemeReasons
from govtext.writing.display import name, percent, style
from govtext.writing.entry import Entry, Look
from govtext.writing.jsonl import to_line
from govtext.writing.target import one_line
from govtext.writing.width import cut, padded

DECIMALS = 9  # of a share; those of a long paragraph still sum to its score to six
MOST_SAID = 6  # words or inputs named on a line
LEAST_SAID = 0.05  # logits; of less a reader learns nothing
POSSIBLE = 0.1  # probability from which a paragraph is listed under a theme that it has not
SUBJECT = 10  # columns of what a line of reasons begins with
# As `display.STYLES` colours them: green for what speaks for a theme, red against it.
FOR, AGAINST = "done", "problem"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be explained: one paragraph or all, one theme (its code) or the decided ones, of one paragraph all."""

    paragraph: int | None = None
    theme: str | None = None

    def reasons(self, report: LabelledReport) -> Iterator[tuple[int, list[ThemeReasons]]]:
        """Number and reasons of each paragraph that has something to tell; lines that a wrap cut are told once."""
        if self.paragraph is not None:
            found = report.explain(self.paragraph)
            yield self.paragraph, [why for why in found.values() if self.theme in (None, why.code)]
            return
        last: list[ThemeReasons] = []
        for i, p in enumerate(report.paragraphs):
            if not any(self._tells(code, chance, code in p.labels) for code, chance in p.themes.items()):
                continue
            reasons = [why for why in report.explain(i).values() if self._tells(why.code, why.probability, why.decided)]
            if not (p.continues and reasons == last):
                yield i, reasons
            last = reasons

    def _tells(self, code: str, probability: float, decided: bool) -> bool:
        return decided if self.theme is None else self.theme == code and (decided or probability >= POSSIBLE)


def reasons_page(entries: Iterable[Entry], look: Look, wanted: Wanted) -> Iterator[str]:
    """For each report its paragraphs with the words for and against each theme, and what the second stage added."""
    for number, entry in enumerate(entries):
        lines = [style(cut(name(entry), look.width), "title", look), style(one_line(entry.file), "dim", look)]
        told = [
            line for i, reasons in wanted.reasons(entry.report) for line in _paragraph(entry, i, reasons, look, wanted)
        ]
        yield ("\n" if number else "") + "\n".join([*lines, *(told or ["", style("(nothing)", "dim", look)])]) + "\n"


def reasons_lines(entries: Iterable[Entry], look: Look, wanted: Wanted) -> Iterator[str]:
    """One line for each report, with its line end."""
    for entry in entries:
        paragraphs = [
            {
                "paragraph": i,
                "start": entry.report.paragraphs[i].start,
                "end": entry.report.paragraphs[i].end,
                "themes": [_object(entry.report, why) for why in reasons],
            }
            for i, reasons in wanted.reasons(entry.report)
        ]
        model = entry.report.model_sha256
        yield to_line({"id": entry.id, "file": entry.file, "model": model, "paragraphs": paragraphs}) + "\n"


def _object(report: LabelledReport, why: ThemeReasons) -> dict[str, Any]:
    """The plain dict of one theme's reasons; `own` = intercept + elsewhere + characters, `score` = own + around = inputs."""
    return {
        "code": why.code,
        "name": report.theme_names.get(why.code, why.code),
        "probability": round(why.probability, DECIMALS),
        "threshold": round(why.threshold, DECIMALS),
        "decided": why.decided,
        "own": round(why.own, DECIMALS),
        "intercept": round(why.intercept, DECIMALS),
        "elsewhere": round(why.elsewhere, DECIMALS),
        "characters": [[offset, round(share, DECIMALS)] for offset, share in why.characters],
        "words": [
            {
                "start": word.start,
                "end": word.end,
                "text": report.text[word.start : word.end],
                "place": word.place,
                "share": round(word.share, DECIMALS),
            }
            for word in why.words
        ],
        "score": round(why.score, DECIMALS),
        "around": round(why.around, DECIMALS),
        "inputs": {group: round(share, DECIMALS) for group, share in why.inputs},
    }


def _paragraph(entry: Entry, i: int, reasons: Sequence[ThemeReasons], look: Look, wanted: Wanted) -> Iterator[str]:
    """The lines of one paragraph: its number and beginning, then each theme."""
    report, p = entry.report, entry.report.paragraphs[i]
    yield ""
    yield style(cut(f"#{i}  {p.role or p.kind}  {one_line(p.text)}", look.width), "heading", look)
    if not reasons:
        yield style(f"    no themes: {p.boilerplate or p.kind}", "dim", look)
    for why in reasons:
        yield from _theme(report, why, look)
        if look.colour and wanted.paragraph is not None and why.decided:
            yield "    " + _painted(report, p.start, p.end, why, look)


def _theme(report: LabelledReport, why: ThemeReasons, look: Look) -> Iterator[str]:
    """The lines of one theme: probability and score, words for and against, headings, what the second stage looked at."""
    theme = one_line(report.theme_names.get(why.code, why.code))
    verdict = "from" if why.decided else "not decided, that needs"
    yield (
        f"  {style(theme, 'theme', look)} {percent(why.probability)} ({verdict} {percent(why.threshold)})  "
        f"score {why.score:+.1f}: words {why.own:+.1f}, second stage {why.around:+.1f}"
    )
    own, above = _summed(report, why.words, ("text",)), _summed(report, why.words, ("heading", "title"))
    lines = (
        ("for", [item for item in own if item[1] > 0]),
        ("against", [item for item in own if item[1] < 0]),
        ("headings", above),
        ("inputs", why.inputs),
    )
    for subject, weighed in lines:
        strong = [(word, share) for word, share in weighed if abs(share) >= LEAST_SAID][:MOST_SAID]
        if strong:
            said = (style(f"{word} {share:+.2f}", FOR if share > 0 else AGAINST, look) for word, share in strong)
            yield "    " + style(padded(subject, SUBJECT), "dim", look) + " · ".join(said)


def _summed(report: LabelledReport, words: Iterable[Spoken], places: Sequence[str]) -> list[tuple[str, float]]:
    """Equal words of these places taken together, with how often they stand there, strongest first."""
    shares: dict[str, float] = defaultdict(float)
    times: Counter[str] = Counter()
    for word in words:
        if word.place in places:
            text = "".join(one_line(report.text[word.start : word.end]).split())
            shares[text] += word.share
            times[text] += 1
    named = [(f"{text} ×{times[text]}" if times[text] > 1 else text, share) for text, share in shares.items() if text]
    return sorted(named, key=lambda item: (-abs(item[1]), item[0]))


def _painted(report: LabelledReport, start: int, end: int, why: ThemeReasons, look: Look) -> str:
    """The paragraph on one line, each strong word in the colour of what it says."""
    pieces: list[str] = []
    position = start
    for word in why.words:
        if word.place not in PLACES[:2] or abs(word.share) < LEAST_SAID or not position <= word.start < word.end <= end:
            continue
        pieces += [_plain(report.text[position : word.start])]
        pieces += [style(_plain(report.text[word.start : word.end]), FOR if word.share > 0 else AGAINST, look)]
        position = word.end
    return "".join([*pieces, _plain(report.text[position:end])]).strip()


def _plain(text: str) -> str:
    """The text as `one_line` shows it, a space where it begins or ends with white space."""
    shown = one_line(text)
    if not shown:
        return " " if text else ""
    return " " * text[0].isspace() + shown + " " * text[-1].isspace()
