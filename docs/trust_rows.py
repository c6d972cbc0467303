"""The rows of docs/trust.md: what was asked, what was found, and where it is tested; figures are those of benchmarks/*.json."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

BENCHMARKS = Path(__file__).resolve().parent.parent / "benchmarks"
HEAD = ["| | threat | asked | found | test | full count |", "|---|---|---|---|---|---|"]


def _read(name: str) -> Any:
    return json.loads((BENCHMARKS / f"{name}.json").read_text(encoding="utf-8"))


def _model_files() -> str:
    f = _read("hostile_models")["files"]
    made = f["hostile"] + f["bits changed"] + f["cut short"] + f["random"]
    return (
        f"{made:,} files: {f['refused']:,} refused, {len(f['wrong'])} loaded with other values or an error of another kind, "
        f"{len(f['events'])} events of code, sockets or writing"
    )


def _values() -> str:
    v = _read("hostile_models")["values"]
    return f"{v['attacks']} attacks, {len(v['wrong'])} wrong; slowest {v['slowest'][0]} s, at most {v['most memory, times the file'][0]} × the file"


def _canaries() -> str:
    c = _read("hostile_models")["canaries"]
    return f"{c['canaries']} canaries, {len(c['found'])} found in bytes, {c['terms']:,} terms, card and page"


def _word() -> str:
    w = _read("hostile_word")
    return f"{w['traps']} files, {w['wrong']} wrong; slowest {w['slowest, seconds']} s, largest {w['largest, megabytes']} MB"


def _pdf() -> str:
    p = _read("hostile_pdf")
    return (
        f"{p['files']} files, {len(p['goal missed'])} beyond the fence of {p['fence']['seconds']:g} s; "
        f"slowest {p['slowest seconds']} s, largest {p['largest MB']} MB"
    )


def _pages() -> str:
    p = _read("hostile_pages")
    return (
        f"{p['pages']} pages, {len(p['goal missed'])} hung, lost text or showed what is hidden; "
        f"slowest {p['slowest seconds']} s, largest {p['largest MB']} MB"
    )


def _families() -> str:
    rows = _read("unicode_families")["families"]
    own = {name: row for name, row in rows.items() if name not in ("traditional of OpenCC", "words swapped")}
    least = min(row["themes"] for row in own.values())
    said = f"{len(own)} families: themes of at least {least:.3f} of the paragraphs stay, spans give back every text"
    for name in ("traditional of OpenCC", "words swapped"):
        if name in rows:
            said += f"; {name} {rows[name]['themes']:.3f}"
    return said


def _html() -> str:
    p = _read("hostile_outputs")["pages"]
    return f"{p['payloads']} payloads in {len(p['places'])} places: {len(p['changed'])} pages changed, {p['without the policy']} without policy"


def _csv() -> str:
    c = _read("hostile_outputs")["cells"]
    return f"{c['formulas']} formulas: {len(c['live'])} live, {len(c['lost'])} not given back"


def _jsonl() -> str:
    found = _read("hostile_outputs")["lines"]
    return f"{found['records']:,} records, {found['odd']} odd: {found['lines']:,} lines, {found['not strict']} not strict, {found['ids']:,} ids"


def _torn() -> str:
    o = _read("hostile_outputs")
    third = o["kills"]["neither version"] + o["interrupts"]["neither version"] + len(o["full"]["bad"])
    return (
        f"disk full at {o['full']['points']} points, {o['kills']['stopped']} kills, {o['interrupts']['stopped']} interrupts: "
        f"{third} third versions"
    )


def _names() -> str:
    n = _read("hostile_outputs")["names"]
    return f"{n['names']} names: {len(n['outside'])} written outside, {len(n['links followed'])} links followed"


def _resume() -> str:
    b = _read("hostile_batch")
    other = b["kills"]["runs with other bytes"] + b["cuts"]["runs with other bytes"]
    return f"{b['kills']['kills']} kills and {b['cuts']['cuts']} cuts: {other} runs with other bytes"


def _faults() -> str:
    f = _read("hostile_batch")["faults"]
    return (
        f"{f['reports']:,} files, {f['faulty']} faulty: {f['labelled']:,} labelled, "
        f"{f['named with the right reason']} named rightly, {f['lost without fault']} lost"
    )


def _memory() -> str:
    rows = _read("hostile_batch")["memory"]
    return "; ".join(f"{form} {_growth(row)}" for form, row in rows.items())


def _growth(row: Mapping[str, Any]) -> str:
    times = [value for value in row.values() if isinstance(value, float)]
    return " and ".join(f"{value:g}" for value in times) + " × (run and worker)" if times else json.dumps(row)


# Number, threat, what was asked, the figure or its words, the tests of `make test`, the script of `make hostile` or another.
ROWS: tuple[tuple[str, str, str, Callable[[], str] | str, str, str], ...] = (
    ("R1", "a model file runs code", "0 of 80 hostile, 2,000 flips, 500 cuts, 1,000 random", _model_files, "test_hostile_models, test_floors", "hostile_models"),
    ("R2", "values of a model do harm", "40 refused, 1 s, 3 × the file", _values, "test_model_refusals, test_ranges", "hostile_models"),
    ("R3", "other versions, other answers", "same labels on 200 texts, 1e-9", "0 labels differ with NumPy 1.26.4 and 2.4.6 and three kernels of OpenBLAS; Python 3.11 only", "test_golden_models", "golden model of format 2"),
    ("R4", "training data in the model", "50 canaries, 0 found", _canaries, "test_training", "hostile_models"),
    ("R5", "encodings", "100 % from 64 characters, 99.5 % from 16, 98 % from 2", "held by the test at these levels", "test_reading", "test_reading"),
    ("R6", "damaged bytes", "97 % of characters kept in 99 % of texts", "held by the test at this level", "test_reading", "test_reading"),
    ("R7", "Word files that bomb or leak", "40 files, 2 s, 200 MB, 0 hang", _word, "test_word_traps", "hostile_word"),
    ("R8", "PDF files that hang or crash", "40 files within the limit + 2 s, 1 GB", _pdf, "test_pdf_refusals", "hostile_pdf"),
    ("R9", "web pages that hang or lose text", "30 pages, 99 % kept or said", _pages, "test_webpage", "hostile_pages"),
    ("R10", "slow patterns", "time grows ≤ 2.5 × a doubling", "every repeat bounded; 4 of 281 hostile texts above 2.5 in one doubling (2026-11-24)", "test_growth", "growth"),
    ("R11", "other code points, same text", "30 families, 99 % of labels, traditional 95 %", _families, "test_plain_copy", "unicode_families"),
    ("R12", "HTML in HTML", "500 payloads × 6 places, 0", _html, "test_outputs, test_report_page", "hostile_outputs"),
    ("R13", "formulas in CSV", "54, 0 live, undone without loss", _csv, "test_outputs", "hostile_outputs"),
    ("R14", "records of JSON lines", "10,000 records, strict", _jsonl, "test_outputs", "hostile_outputs"),
    ("R15", "torn output", "the old file or the new one", _torn, "test_targets, test_outputs", "hostile_outputs"),
    ("R16", "names that lead elsewhere", "40 names, 0 outside", _names, "test_targets, test_outputs", "hostile_outputs"),
    ("R17", "kill and resume", "200 kills, 500 cuts, same bytes", _resume, "test_batch_resume, test_fuzz", "hostile_batch"),
    ("R18", "one bad file in many", "9,900 right, 100 named", _faults, "test_batch, test_batch_pool", "hostile_batch"),
    ("R19", "memory", "at 10,000 files ≤ 1.05 × that at 500", _memory, "test_batch_pool", "hostile_batch"),
    ("R20", "same input, other bytes", "one hash over jobs, hash seeds, order", "held by the test for jobs, hash seeds and order of documents; on another processor a training comes out otherwise: `python models/recipe.py` gave 36 other arrays than the bundled model has (2026-11-25)", "test_same_training, test_classify_many", "test_same_training"),
    ("R21", "weak tests", "branches 95 %, mutants 85 %, fuzzing", "see below", "test_fuzz", "`make coverage`, `make fuzz`"),
)  # fmt: skip


def table() -> list[str]:
    """The lines of the table."""
    lines = [*HEAD]
    for number, threat, asked, found, test, script in ROWS:
        said = found if isinstance(found, str) else found()
        lines.append(f"| {number} | {threat} | {asked} | {said} | {test} | {script} |")
    return lines
