"""How time grows: with the length of a text, with sections, themes, terms and files; each by itself, on a scale of doublings.

growth.py looks for texts that make a pattern run long. This looks at ordinary text, and says with which power the time
grows: the slope of the line through the larger half of the points, in logarithms. What costs the same whatever the size
hides the growth of the smaller half. 1 is proportional, 0 is not at all.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import cycle, islice
from pathlib import Path
from typing import Any

import numpy as np

from govtext.features.passages import Passage
from govtext.features.vocabulary import Vocabulary
from govtext.labelling import Model
from govtext.scoring.calibration import Calibration
from govtext.scoring.judge import Judge
from govtext.scoring.scorer import Block, Weights
from govtext.scoring.thresholds import decide
from interleaved import Contender, interleaved
from reports import Report, touched

LENGTHS = tuple(5_000 * 2**k for k in range(8))  # characters, 5 to 640 thousand
SECTIONS = tuple(2**k for k in range(4, 12))  # a heading and a paragraph each
TIMES = tuple(2**k for k in range(5))  # the bundled themes
SHARES = tuple(2**k for k in range(6))  # parts that the bundled vocabularies are cut into
FILES = tuple(2**k for k in range(2, 9))
PASSAGES = 400  # that are judged by more themes or fewer terms
LONGEST = 2_000  # characters of a file of the curve of files, so that many can be read in little time
Make = Callable[[int], Any]


@dataclass(frozen=True, slots=True)
class Curve:
    """What grows, how large it is made, what makes it, and what is timed on that."""

    what: str
    sizes: Sequence[int]
    make: Make
    work: Callable[[Any], object]


def slope(sizes: Sequence[float], seconds: Sequence[float]) -> float:
    """The power of the size that the seconds grow with, by the larger half of the points."""
    kept = min(max((len(sizes) + 1) // 2, 2), len(sizes))
    x, y = np.log(np.asarray(sizes[-kept:], float)), np.log(np.maximum(seconds[-kept:], 1e-9))
    return float(((x - x.mean()) * (y - y.mean())).sum() / ((x - x.mean()) ** 2).sum())


def repeated_text(texts: Sequence[str], n: int) -> str:
    """The texts behind each other, over and over, `n` characters."""
    pieces: list[str] = []
    length = 0
    for text in cycle(texts):
        if length >= n:
            break
        pieces.append(text + "\n")
        length += len(pieces[-1])
    return "".join(pieces)[:n]


def sections_text(passages: Sequence[Passage], n: int) -> str:
    """A report of `n` sections, each of a numbered heading and one paragraph."""
    body = [p.text for p in passages if not p.is_heading and len(p.text) > 20]
    return "工作总结\n" + "".join(f"{k}. 工作情况\n{text}\n" for k, text in enumerate(islice(cycle(body), n), 1))


def with_themes(judge: Judge, times: int) -> Judge:
    """A judge of so many times as many themes: each stands there as often."""
    n = len(judge.thresholds) - 1
    columns = np.append(np.tile(np.arange(n), times), np.arange(n, len(judge.intercept)))
    blocks = tuple(
        replace(b, weights=Weights(np.ascontiguousarray(b.weights.numbers[:, columns]), b.weights.squares), steps=b.steps[columns])
        for b in judge.blocks
    )  # fmt: skip
    calibration = Calibration(np.tile(judge.calibration.slope, times), np.tile(judge.calibration.offset, times))
    thresholds = np.append(np.tile(judge.thresholds[:-1], times), judge.thresholds[-1:])
    return replace(
        judge, blocks=blocks, intercept=judge.intercept[columns], thresholds=thresholds, calibration=calibration
    )


def with_terms(judge: Judge, parts: int) -> Judge:
    """A judge that knows one in so many of the terms of each block."""

    def fewer(block: Block) -> Block:
        kept = slice(None, None, parts)
        weights = Weights(block.weights.numbers[kept], block.weights.squares[kept])
        return replace(block, vocabulary=Vocabulary.build(list(block.vocabulary.terms)[kept]), weights=weights)

    return replace(judge, blocks=tuple(map(fewer, judge.blocks)))


def judging(passages: Sequence[Passage]) -> Callable[[Judge], object]:
    """What judges the passages and decides their themes, for a judge."""

    def work(judge: Judge) -> object:
        said = judge.judge(passages).themes
        codes = [str(k) for k in range(said.shape[1])]
        return decide(said, judge.thresholds[:-1], codes=codes, most=3)

    return work


def curves(reports: Sequence[Report], model: Model, folder: Path) -> Iterator[Curve]:
    """All curves, on the text of the reports; what is written goes to `folder`."""
    texts = [report.text for report in reports]
    passages = [passage for report in reports for passage in report.passages]
    some = list(islice(cycle(passages), PASSAGES))
    n_themes = len(model.taxonomy.codes)
    n_terms = sum(len(block.vocabulary) for block in model.judge.blocks)
    judge = model.judge

    def classify(text: str) -> None:
        touched(model.classify(text))

    def one_by_one(paths: Sequence[Path]) -> None:
        for path in paths:
            touched(model.classify(path))

    def files(n: int) -> list[Path]:
        paths = []
        for k, text in enumerate(islice(cycle(texts), n)):
            paths.append(folder / f"{n}-{k}.txt")
            paths[-1].write_text(text[:LONGEST] or "\n", encoding="utf-8")
        return paths

    yield Curve("characters of a text", LENGTHS, lambda n: repeated_text(texts, n), classify)
    yield Curve("sections of a text", SECTIONS, lambda n: sections_text(passages, n), classify)
    themes = [n_themes * times for times in TIMES]
    yield Curve("themes of a model", themes, lambda n: with_themes(judge, n // n_themes), judging(some))
    terms = {n_terms // parts: parts for parts in reversed(SHARES)}
    yield Curve("terms of a model", list(terms), lambda n: with_terms(judge, terms[n]), judging(some))
    yield Curve("files, one after another", FILES, files, one_by_one)
    try:
        from govtext.batch import classify_files
    except ImportError:
        return
    yield Curve(
        "files of a batch", FILES, files, lambda paths: classify_files(paths, folder / f"{len(paths)}.jsonl", jobs=1)
    )


def curve_figures(
    reports: Sequence[Report], model: Model, *, rounds: int, tell: Callable[[str], None]
) -> dict[str, Any]:
    """Of each curve its sizes, the median seconds of each, and the slope."""
    found: dict[str, Any] = {}
    with tempfile.TemporaryDirectory() as name:
        for curve in curves(reports, model, Path(name)):
            things = [curve.make(n) for n in curve.sizes]
            timings = interleaved([Contender(curve.what, curve.work)], things, rounds=rounds)
            seconds = np.median(timings.seconds[curve.what], axis=0)
            found[curve.what] = as_figures(curve.sizes, seconds.tolist())
            tell(f"{curve.what}: slope {found[curve.what]['slope']}")
    return found


def as_figures(sizes: Sequence[int], seconds: Sequence[float]) -> Mapping[str, Any]:
    """One curve as it is written down."""
    return {
        "sizes": list(sizes),
        "seconds": [round(each, 5) for each in seconds],
        "slope": round(slope(sizes, seconds), 3),
    }
