"""A dozen reports and what the bundled model says of them, kept line by line.

After a change that is meant to change answers: GOVTEXT_UPDATE_GOLDEN=1 python -m pytest tests/test_golden.py, then read the diff.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

import govtext
from govtext.taxonomy import bundled_taxonomy
from govtext.training.corpus import read_corpus

ROOT = Path(__file__).resolve().parents[1]
GOLDEN = ROOT / "tests" / "golden"
# One of each kind that matters: plain, flattened, hard-wrapped, masked, washed, two reports on a page, a policy, a speech.
AUTHORED = ("A000", "A033", "A056", "A116", "A138", "A202", "A209", "B004", "B050", "B073", "B100")
EXAMPLES = ("kaifaqu-2009.txt",)


def text_of(name: str) -> str:
    if name in EXAMPLES:
        return (ROOT / "examples" / name).read_text(encoding="utf-8")
    (document,) = read_corpus([ROOT / "corpus" / "authored" / f"{name}.tsv"], bundled_taxonomy())
    return document.text


def rendered(report: govtext.LabelledReport) -> str:
    """One line a paragraph: what was decided, and enough of the text to know it by."""
    lines = []
    for p in report.paragraphs:
        end = "" if p.heading_end is None else f" ‖{p.heading_end - p.start}"
        decided = ",".join([*p.labels, *(["F"] if p.formulaic else [])]) or "-"
        kind = p.kind + (f":{p.boilerplate}" if p.boilerplate else "") + (f" {p.level}" if p.level else "")
        lines.append(f"{p.start}–{p.end}\t{kind}{end}\t{p.role or '-'}\t{decided}\t{' '.join(p.text.split())[:24]}")
    lines += [f"{s.start}–{s.end}\t{s.kind}\t{report.text[s.start : s.end]}" for s in report.stretches]
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize("name", [*AUTHORED, *EXAMPLES])
def test_report_is_read_as_before(name: str) -> None:
    path = GOLDEN / f"{Path(name).stem}.txt"
    actual = rendered(govtext.classify(text_of(name)))
    if os.environ.get("GOVTEXT_UPDATE_GOLDEN"):
        path.write_text(actual, encoding="utf-8")
    assert path.read_text(encoding="utf-8") == actual
