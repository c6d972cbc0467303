"""Documents as a scraper may leave them: the same units with most of the line breaks between them gone."""

from __future__ import annotations

import random
from dataclasses import replace

from govtext.training.corpus import LabelledDocument, Unit

LINE_BREAKS_LEFT = (0.0, 0.0, 0.3, 0.6)  # share, drawn for each document
BREAKS_BEFORE_JUNK = 0.5  # a site's lines keep theirs more often


def visible(document: LabelledDocument) -> list[Unit]:
    """The units that hold more than white space."""
    return [u for u in document.units if document.text[u.start : u.end].strip()]


def flattened(document: LabelledDocument, seed: int, turn: int) -> LabelledDocument:
    """The document with most of its line breaks gone, by a generator seeded with its own text; without its stretches."""
    rng = random.Random(f"{seed}:{turn}:{document.digest}")
    breaks = rng.choice(LINE_BREAKS_LEFT)
    text, units = "", []
    for unit in visible(document):
        if text and rng.random() < (BREAKS_BEFORE_JUNK if unit.is_boilerplate else breaks):
            text += "\n"
        shift = len(text) - unit.start
        heading_end = None if unit.heading_end is None else unit.heading_end + shift
        units.append(replace(unit, start=unit.start + shift, end=unit.end + shift, heading_end=heading_end))
        text += document.text[unit.start : unit.end]
    return replace(document, text=text, units=tuple(units), stretches=())
