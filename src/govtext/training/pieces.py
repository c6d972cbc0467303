"""Labelled documents as the lines that the line model learns from: as labelled, as cut by models, as cut when flattened."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from govtext.boilerplate.context import CLASSES
from govtext.boilerplate.lines import Lines, concatenated, pieces_of
from govtext.features.ngrams import Ints
from govtext.segmentation.flat import Flat
from govtext.segmentation.lines import Stream, piece_spans, to_stream
from govtext.segmentation.wraps import wrap_breaks
from govtext.training.corpus import LabelledDocument, Unit
from govtext.training.variants import flattened

FLAT_TURN = 99  # another flattening than the boundary models have seen

Cuts = Callable[[Stream], Ints]
_Piece = tuple[int, int, int]  # start, end, class


def unit_class(unit: Unit) -> str:
    """The line model's class of a labelled unit."""
    if unit.is_heading:
        return "run-in" if unit.has_body else "heading"
    return {"p": "body"}.get(unit.kind, unit.kind.removeprefix("x:"))


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """Lines to learn from: the document each is from (copies count anew), its class, the fold it is held out of."""

    lines: Lines
    document: Ints
    target: Ints
    fold: Ints


def _gold_pieces(document: LabelledDocument) -> list[_Piece]:
    units = [u for u in document.units if document.text[u.start : u.end].strip()]
    return [(u.start, u.end, CLASSES.index(unit_class(u))) for u in units]


def cut_pieces(document: LabelledDocument, cuts: Cuts) -> list[_Piece]:
    """The pieces that a model's cuts make of a document, each with the class of the unit it shares most with.

    What is left of a unit behind a false cut counts as body, unless the unit is boilerplate.
    """
    units = [u for u in document.units if document.text[u.start : u.end].strip()]
    stream = to_stream(document.text)
    pieces: list[_Piece] = []
    for start, end in piece_spans(stream, cuts(stream)):
        text = document.text[start:end]
        first, last = start + len(text) - len(text.lstrip()), start + len(text.rstrip())
        shared = [min(u.end, last) - max(u.start, first) for u in units]
        if not shared or max(shared) <= 0:
            continue
        unit = units[int(np.argmax(shared))]
        name = unit_class(unit)
        if name == "run-in" and (unit.heading_end or 0) <= first:
            name = "body"
        pieces.append((start, end, CLASSES.index(name)))
    return pieces


def lines_of(documents: Sequence[LabelledDocument], cuts: Sequence[Cuts], seed: int) -> Rows:
    """All lines of the documents as labelled, as cut where that differs, and as cut when flattened.

    `cuts` holds those of one model a fold (document number modulo their number), fitted without that fold: the pieces they
    make, with all their mistakes, are learnt from beside the labelled units.
    """
    fold = np.arange(len(documents)) % len(cuts)
    pieces = [_gold_pieces(document) for document in documents]
    cut = [cut_pieces(document, cuts[k]) for document, k in zip(documents, fold.tolist())]
    different = [i for i, (a, b) in enumerate(zip(pieces, cut)) if len(a) != len(b)]
    flat = [flattened(document, seed, FLAT_TURN) for document in documents]
    pieces += [cut[i] for i in different]
    pieces += [cut_pieces(document, cuts[k]) for document, k in zip(flat, fold.tolist())]
    return _rows(
        pieces, [*documents, *(documents[i] for i in different), *flat], np.concatenate([fold, fold[different], fold])
    )


def _rows(pieces: Sequence[Sequence[_Piece]], documents: Sequence[LabelledDocument], fold: Ints) -> Rows:
    lines: list[Lines] = []
    owner: list[int] = []
    target: list[int] = []
    for k, (document, found) in enumerate(zip(documents, pieces, strict=True)):
        broken = ["\n" in document.text[a[0] : b[0]].rstrip(" \t\u3000") for a, b in zip(found, found[1:])]
        flat = Flat.of(document.text, wraps=wrap_breaks(document.text))
        edges = flat.at(np.array([(start, end) for start, end, _ in found], np.int64).reshape(-1, 2))
        before = np.array([False, *(not b for b in broken)], bool)[: len(found)]
        behind = np.array([*(not b for b in broken), False], bool)[: len(found)]
        lines.append(pieces_of(flat, edges[:, 0], edges[:, 1], before, behind))
        owner += [k] * len(found)
        target += [kind for _, _, kind in found]
    return Rows(concatenated(lines), np.array(owner), np.array(target), fold[owner])
