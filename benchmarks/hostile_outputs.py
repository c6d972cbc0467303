"""What outputs do with what stands in reports, and when the disk is full or a run is killed: `make hostile`.

Pages: 500 payloads in each place of the evaluation page that takes a text; parsed, a page must have no other tag or attribute
than one with harmless text. Cells: formulas in a CSV, read back. Lines: records with odd characters through a batch, read
strictly. Names: file names that come from reports, through `govtext clean` into a folder. Full: verbs that write onto a
file system with room for part of the new file (a tmpfs of some kilobytes; without the right to mount one, the kernel's
limit of a file's size). Kills, interrupts: programs that are stopped while they write. A file must be the old one or the
new one. Prints what it finds, writes hostile_outputs.json, ends with 1 if a goal is missed.
"""

from __future__ import annotations

import argparse
import csv
import io
import json
import os
import random
import re
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests"))  # what is hostile is made there

from faulty import Faulty  # noqa: E402
from govtext.batch import classify_files  # noqa: E402
from govtext.evaluation.page import POLICY, page  # noqa: E402
from govtext.evaluation.svg import escaped  # noqa: E402
from govtext.writing import Replacement, file_names, undo  # noqa: E402
from made_labels import one_paragraph, written  # noqa: E402
from made_records import made_record  # noqa: E402
from output_payloads import FORMULAS, NAMES, PAYLOADS, Skeleton, harmless, odd_texts  # noqa: E402

FIGURES = Path(__file__).with_suffix(".json")
EXAMPLE = ROOT / "examples" / "kaifaqu-2009.txt"
CHILD = ROOT / "tests" / "writing_child.py"
GOVTEXT = [sys.executable, "-m", "govtext"]
PLACES = ("name", "date", "theme", "code", "sources", "versions")
VERBS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("o.jsonl", ("classify", "-f", "jsonl")),
    ("o.csv", ("classify", "-f", "csv")),
    ("o.txt", ("classify", "-f", "text")),
    ("o.outline", ("outline",)),
    ("o.clean", ("clean",)),
    ("o.json", ("export", "--predict")),
)
ODD_EVERY = 50  # records
TINY = 512  # kilobytes of the file system
SIZE = 400_000  # bytes that the child writes


def pages(work: Path) -> dict[str, Any]:
    """Payloads that changed a page, by place; whether the policy stands in all, and what of an address."""
    record = made_record()

    def shown(place: str, text: str) -> str:
        themes: dict[str, Any] = {"theme": {"name": text}, "code": {"code": text}}
        if place in themes:
            return page(replace(record, themes=tuple(replace(t, **themes[place]) for t in record.themes)))
        others: dict[str, Any] = {
            "sources": {"data": replace(record.data, sources=(text,))},
            "versions": {"versions": {text: text}},
        }
        return page(replace(record, **others.get(place, {place: text})))

    changed: dict[str, list[str]] = {}
    without, addresses = 0, set()
    for place in PLACES:
        for payload in PAYLOADS:
            text = shown(place, payload)
            if Skeleton.of(text) != Skeleton.of(shown(place, harmless(payload))):
                changed.setdefault(place, []).append(payload)
            without += f'content="{escaped(POLICY)}"' not in text
            addresses |= set(re.findall(r"""=["']?((?:https?:)?//[^\s"'>]*)""", "".join(re.findall("<[^<>]*>", text))))
    return {
        "payloads": len(PAYLOADS),
        "places": list(PLACES),
        "changed": changed,
        "without the policy": without,
        "addresses": sorted(addresses - {"http://www.w3.org/2000/svg"}),
    }


def cells(work: Path) -> dict[str, Any]:
    """Formulas that stay live in a CSV, and those that do not come back."""
    live, lost = [], []
    for formula in FORMULAS:
        (row,) = csv.DictReader(io.StringIO(written("csv", one_paragraph(formula)).removeprefix("\ufeff"), newline=""))
        live += [formula] if not row["text"].startswith("'") else []
        lost += [formula] if undo(row["text"]) != formula else []
    return {"formulas": len(FORMULAS), "live": live, "lost": lost}


def lines(work: Path, count: int, draw: random.Random) -> dict[str, Any]:
    """Records, one in fifty odd, through a batch: lines that come out, how many are strict JSON, ids that come twice."""
    odd = dict(zip(range(0, count, ODD_EVERY), odd_texts(draw, count)))
    source, out = work / "in.jsonl", work / "out.jsonl"
    with source.open("w", encoding="ascii") as file:
        for number in range(count):
            text = f"一、人才\n引进{number}人。{odd.get(number, '')}\n"
            name = f"{number} {odd.get(number, '')}"
            file.write(json.dumps({"id": name, "text": text}) + "\n")
    classify_files([source], out, model=Faulty(), jobs=1)
    failed = Path(f"{out}.failed.jsonl")
    found = out.read_text(encoding="utf-8").splitlines()
    found += failed.read_text(encoding="utf-8").splitlines() if failed.exists() else []
    values, loose = [], 0
    for line in found:
        try:
            values.append(json.loads(line, parse_constant=refuse))
        except ValueError:
            loose += 1
    ids = len({value["id"] for value in values})
    return {"records": count, "odd": len(odd), "lines": len(found), "not strict": loose, "ids": ids}


def refuse(constant: str) -> None:
    """Nothing is no number."""
    raise ValueError(constant)


def names(work: Path) -> dict[str, Any]:
    """Reports of hostile names through `govtext clean` into a folder, then onto links: what was written outside.

    Names that no file can have come from records; those go the way of `clean` without the command.
    """
    for folder in ("in", "out"):
        (work / folder).mkdir()
    (work / "secret").write_text("kept", encoding="utf-8")
    reports = [work / "in" / f"{name}.txt" for name in NAMES if can_be_named(f"{name}.txt")]
    for report in reports:
        report.write_bytes(EXAMPLE.read_bytes()[:900])
    command = [*GOVTEXT, "clean", "in", "-o", "out"]
    subprocess.run(command, capture_output=True, check=True, cwd=work)
    by_command = list((work / "out").iterdir())
    for path in by_command:
        path.unlink()
        path.symlink_to("../secret")
    subprocess.run(command, capture_output=True, check=True, cwd=work)
    followed = [path.name for path in by_command if path.is_symlink()]
    for name in file_names(NAMES, ".md"):
        with Replacement(work / "out" / name, follow=False) as file:
            file.write("x")
    inside = list((work / "out").iterdir())
    known = {work / "in", work / "out", work / "secret", *reports, *inside}
    outside = [str(path) for path in work.rglob("*") if path not in known]
    outside += [] if (work / "secret").read_text(encoding="utf-8") == "kept" else ["secret"]
    counts = {"names": len(NAMES), "reports": len(reports), "files inside": len(inside)}
    return {**counts, "links followed": followed, "outside": outside}


def can_be_named(name: str) -> bool:
    """Whether a file can be called so, and `clean` finds it."""
    with suppress(UnicodeEncodeError, ValueError):
        return not set(name) & {"/", "\0"} and len(os.fsencode(name)) <= 255 and name[0] != "."
    return False


@contextmanager
def tiny(work: Path) -> Iterator[Path | None]:
    """A file system of `TINY` kilobytes, or None without the right to mount one."""
    folder = work / "tiny"
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", f"size={TINY}k", "tmpfs", str(folder)]
    try:
        mounted = subprocess.run(command, capture_output=True, check=False).returncode == 0
    except OSError:
        mounted = False
    try:
        yield folder if mounted else None
    finally:
        if mounted:
            subprocess.run(["umount", str(folder)], check=True)


def full(work: Path, points: int) -> dict[str, Any]:
    """Verbs whose disk fills up at some point of the new file: files that are neither the old one nor the new one."""
    bad, refused = [], 0
    with tiny(work) as folder:
        for number in range(points):
            name, verb = VERBS[number % len(VERBS)]
            whole = work / f"whole-{name}"
            if not whole.exists():
                subprocess.run([*GOVTEXT, *verb, str(EXAMPLE), "-o", str(whole)], check=True, capture_output=True)
            size = whole.stat().st_size
            room = size * number // points
            out = (folder or work) / name
            out.write_text("old", encoding="utf-8")
            limit = None
            if folder is not None:
                free = os.statvfs(folder)
                (folder / "ballast").write_bytes(bytes(max(0, free.f_bavail * free.f_frsize - room)))
            else:
                limit = partial(small_files, room)
            run = subprocess.run(
                [*GOVTEXT, *verb, str(EXAMPLE), "-o", str(out)],
                capture_output=True,
                check=False,
                preexec_fn=limit,
                text=True,
            )
            refused += run.returncode == 2
            now = out.read_bytes()
            left = [path.name for path in out.parent.glob(".govtext-*")]
            sentence = len(run.stderr.splitlines()) == (run.returncode == 2)
            if now not in (b"old", whole.read_bytes()) or left or not sentence:
                bad.append([name, room, len(now), left, run.stderr[-300:]])
            for path in (out, out.parent / "ballast", out.with_suffix(".config.xml")):
                path.unlink(missing_ok=True)
    return {"how": "tmpfs" if folder else "limit of a file's size", "points": points, "refused": refused, "bad": bad}


def small_files(room: int) -> None:
    """No file of this process may have more bytes."""
    import resource

    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (room, room))


def stopped(work: Path, count: int, draw: random.Random, *, how: signal.Signals) -> dict[str, Any]:
    """Programs stopped while they write: files that are neither version, and half files left under names of their own."""
    folder = work / how.name
    folder.mkdir()
    out, whole = folder / "out", {letter * SIZE for letter in "AB"}
    third, left = 0, 0
    for _ in range(count):
        command = [sys.executable, str(CHILD), str(out), str(SIZE)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
            assert process.stdout is not None
            process.stdout.readline()
            with suppress(subprocess.TimeoutExpired):
                process.wait(draw.uniform(0, 0.03))
            process.send_signal(how)
        third += out.read_text(encoding="utf-8") not in whole
        for path in folder.glob(".govtext-*"):
            path.unlink()
            left += 1
    return {"stopped": count, "neither version": third, "half files beside": left}


def main() -> int:
    """0 if all goals are met."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--records", type=int, default=10_000)
    parser.add_argument("--points", type=int, default=20, help="places at which the disk is full")
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--interrupts", type=int, default=50)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--only", nargs="*", help="these steps; the file of figures stays as it is")
    asked = parser.parse_args()
    draw = random.Random(asked.seed)
    figures: dict[str, Any] = {
        "date": date.today().isoformat(),
        "command": " ".join(["python", os.path.relpath(__file__, ROOT), *sys.argv[1:]]),
    }
    steps: dict[str, Callable[[Path], dict[str, Any]]] = {
        "pages": pages,
        "cells": cells,
        "lines": partial(lines, count=asked.records, draw=draw),
        "names": names,
        "full": partial(full, points=asked.points),
        "kills": partial(stopped, count=asked.kills, draw=draw, how=signal.SIGKILL),
        "interrupts": partial(stopped, count=asked.interrupts, draw=draw, how=signal.SIGINT),
    }
    for what, step in steps.items():
        if asked.only and what not in asked.only:
            continue
        with tempfile.TemporaryDirectory() as name:
            figures[what] = step(Path(name))
        print(what, json.dumps(figures[what], ensure_ascii=True), flush=True)
    if asked.only:
        return 0
    FIGURES.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    rows = figures["lines"]
    bad = [figures["pages"][key] for key in ("changed", "without the policy", "addresses")]
    bad += [figures["cells"]["live"], figures["cells"]["lost"], figures["names"]["outside"], figures["full"]["bad"]]
    bad += [
        figures["names"]["links followed"],
        rows["not strict"],
        rows["lines"] != rows["records"],
        rows["ids"] != rows["records"],
    ]
    bad += [figures[what]["neither version"] for what in ("kills", "interrupts")]
    return int(any(bad))


if __name__ == "__main__":
    raise SystemExit(main())
