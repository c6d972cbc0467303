"""Many files at once: `govtext.batch.classify_files` in one process beside a loop over files, and beside the naive loop.

Groups are blocks of reports, because a batch starts a worker process, which a single report would pay for alone. The worker
counts with what it costs to start; what the batch writes, JSON lines with journal, counts, too.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from govtext.labelling import Model
from interleaved import Contender, figures, interleaved
from peers import Naive, on_lines
from reports import Report, touched
from speed_tables import BATCH, LOOP, NAIVE

BLOCK = 150  # reports, about: few enough to take turns, enough for a worker to be worth its start
Block = Sequence[tuple[Path, Report]]


def batch_contender() -> Contender[Block] | None:
    """The batch, None where this govtext has none."""
    try:
        from govtext.batch import classify_files
    except ImportError:
        return None

    def work(block: Block) -> None:
        with tempfile.TemporaryDirectory() as folder:
            result = classify_files([path for path, _ in block], Path(folder) / "out.jsonl", jobs=1)
        if result.failed:
            # A batch that leaves reports out would look fast.
            raise SystemExit(f"{BATCH}: {result.failed} of {len(block)} reports failed; look at them by govtext batch")

    return Contender(BATCH, work, NAIVE, _characters)


def batch_figures(
    reports: Sequence[Report], model: Model, naive: Naive, *, rounds: int, tell: Callable[[str], None]
) -> dict[str, Any]:
    """The figures of each way, and how large the blocks were."""

    def one_by_one(block: Block) -> None:
        for path, _ in block:
            touched(model.classify(path))

    def naively(block: Block) -> None:
        for _, report in block:
            on_lines(naive.themes, report)

    contenders: list[Contender[Block]] = [
        Contender(NAIVE, naively, None, _characters),
        Contender(LOOP, one_by_one, NAIVE, _characters),
    ]
    if (batch := batch_contender()) is not None:
        contenders.append(batch)
    with tempfile.TemporaryDirectory() as folder:
        rows = [(Path(folder) / f"{k:04}.txt", report) for k, report in enumerate(reports)]
        for path, report in rows:
            path.write_bytes(report.data)
        # Counted off, so that long and short families are in each block.
        n_blocks = max(len(rows) // BLOCK, 1)
        blocks = [rows[k::n_blocks] for k in range(n_blocks)]
        timings = interleaved(contenders, blocks, rounds=rounds, warm=False, tell=partial(_told, tell))
    found: dict[str, Any] = {"reports": len(rows), "blocks": n_blocks, "contenders": figures(timings)}
    if batch is None:
        found["contenders"][BATCH] = None
    return found


def _told(tell: Callable[[str], None], line: str) -> None:
    tell(f"batch, {line}")


def _characters(block: Block) -> int:
    return sum(len(report.text) for _, report in block)
