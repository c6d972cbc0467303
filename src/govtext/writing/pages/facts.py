"""What the page's script needs beside the markup: units with their labels, probabilities, and the words that decided.

Units are those that `govtext train` takes (corpus/CODEBOOK.md), spans in code points; what is not needed is not told, for it
would be the better part of the page.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from zlib import crc32

from govtext.document import BOILERPLATE_KINDS, ROLES, LabelledParagraph, LabelledReport, Stretch
from govtext.reasons import ThemeReasons
from govtext.writing.labelstudio import RUN_IN, report_regions
from govtext.writing.pages.blocks import Block
from govtext.writing.pages.markup import stood_in
from govtext.writing.pages.strings import STRINGS, spoken
from govtext.writing.target import to_utf8

POSSIBLE = 0.02  # probability from which a theme is listed when all are asked for
MOST_WORDS, MOST_AGAINST = 6, 2
LEAST_SAID = 0.05  # logits; of less a reader learns nothing
Places = Mapping[str, int]


def facts(
    report: LabelledReport,
    blocks: Sequence[Block],
    places: Places,
    *,
    identity: str,
    most_themes: int,
    reasons: bool,
) -> dict[str, Any]:
    """The plain dict that the script reads; themes and roles stand as numbers, probabilities in thousandths."""
    content = to_utf8(report.text)
    most = max([most_themes, *(len(p.labels) for p in report.paragraphs)])
    return {
        "id": identity,
        "source": report.source.name,
        "model": report.model_sha256,
        "length": len(report.text),
        "crc32": crc32(content),
        "hidden": stood_in(report.text),
        "themes": [[code, report.theme_names.get(code, code)] for code in places],
        "roles": ROLES,
        "junk": BOILERPLATE_KINDS,
        "most": most,
        "units": units(report, places),
        "stretches": [[s.start, s.end, s.kind] for s in in_order(report.stretches)],
        "blocks": [[block.members[0], *block.members[1:]] for block in blocks if block.members],
        "likely": likely(report, blocks, places),
        "sure": {
            str(block.members[0]): sureness(report.paragraphs[block.members[0]]) for block in blocks if block.members
        },
        "why": why(report, blocks, places) if reasons and report.explainer is not None else {},
        "strings": spoken(STRINGS),
    }


def units(report: LabelledReport, places: Places) -> dict[str, list[Any]]:
    """Paragraph → start, end, kind, role, themes, set phrase, end of a run-in heading."""
    found: dict[str, list[Any]] = {}
    for region in report_regions(report):
        if region.kind == RUN_IN:
            found[region.name[1:]][6] = region.end
        elif region.name[0] == "u":
            role = None if region.role is None else ROLES.index(region.role)
            themes = [places[code] for code in region.themes if code in places]
            found[region.name[1:]] = [
                *(region.start, region.end, region.kind, role, themes, int(region.formulaic)),
                None,
            ]
    return found


def in_order(stretches: Iterable[Stretch]) -> list[Stretch]:
    """The stretches by their place, without any that overlaps one before it: training takes none."""
    kept: list[Stretch] = []
    for s in sorted(stretches, key=lambda s: (s.start, s.end)):
        if s.start < s.end and (not kept or kept[-1].end <= s.start):
            kept.append(s)
    return kept


def likely(report: LabelledReport, blocks: Iterable[Block], places: Places) -> dict[str, list[int]]:
    """First paragraph of a block → theme, thousandths, theme, thousandths …, most probable first."""
    found = {}
    for i in (block.members[0] for block in blocks if block.members):
        p = report.paragraphs[i]
        ranked = sorted(((chance, places[code]) for code, chance in p.themes.items() if code in places), reverse=True)
        if listed := [number for chance, k in ranked if chance >= POSSIBLE for number in (k, thousandths(chance))]:
            found[str(i)] = listed
    return found


def thousandths(probability: float) -> int:
    """The probability in thousandths; below one only what is certain."""
    return 1000 if probability >= 1 else min(999, round(1000 * probability))


def sureness(p: LabelledParagraph) -> int:
    """The least probability of what was decided for the paragraph, in percent: themes given and not given, role, junk."""
    junk = p.verdict.score if p.boilerplate is not None else 1 - p.verdict.score
    decided = [junk, *(max(chance, 1 - chance) for chance in p.themes.values())]
    if p.role_score is not None and p.boilerplate is None:
        decided.append(p.role_score)
    return int(100 * min(decided))


def why(report: LabelledReport, blocks: Iterable[Block], places: Places) -> dict[str, dict[str, list[int]]]:
    """First paragraph of a block → theme → what its context added, then start, length and share of each word.

    Shares are hundredths of a logit. Told of the decided themes, else of the most probable one.
    """
    found: dict[str, dict[str, list[int]]] = {}
    for i in (block.members[0] for block in blocks if block.members):
        p = report.paragraphs[i]
        if not p.themes or p.role is None:
            continue
        told = report.explain(i)
        wanted = p.labels or (max(p.themes, key=p.themes.__getitem__),)
        rows = {
            str(places[code]): shares(report.text, told[code]) for code in wanted if code in told and code in places
        }
        if rows:
            found[str(i)] = rows
    return found


def shares(text: str, reasons: ThemeReasons) -> list[int]:
    """What the context added, then the words that add most and those that take most; marks and blanks say nothing."""
    words = [*reasons.speaking(2 * MOST_WORDS), *reasons.against(2 * MOST_AGAINST)]
    telling = [w for w in words if abs(w.share) >= LEAST_SAID and any(map(str.isalnum, text[w.start : w.end]))]
    chosen = [w for w in telling if w.share > 0][:MOST_WORDS] + [w for w in telling if w.share < 0][:MOST_AGAINST]
    numbers = [round(100 * reasons.around)]
    for w in chosen:
        numbers += [w.start, w.end - w.start, round(100 * w.share)]
    return numbers
