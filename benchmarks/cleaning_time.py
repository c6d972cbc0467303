"""What cleaning a web page costs, from its bytes: govtext beside the extractors that people use.

The pages are those of mainlines.py, which says how well each does; the settings of the peers are the same, but that nobody
is asked for the title, which costs trafilatura a second parse and cleans nothing. govtext has two ways: the model of whole
pages, which sees lines and what the HTML says of them (fitted here on other pages of the set), and the line model on the
page's text, which is what `govtext clean` runs today. Both begin with reading the page, which has a row of its own.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable
from functools import partial
from typing import Any

from govtext.boilerplate.maintext import MAIN_FROM, MainTextModel
from govtext.labelling import Model
from govtext.layout import to_layout
from govtext.reading.webpage.page import extract
from govtext.training.maintext import fit_main_text
from interleaved import Contender, figures, interleaved

PAGES = 100  # timed, at most, counted off over the set
FITTED = 60  # pages of the set that are not timed, for the model of whole pages
FIRST = "trafilatura"
READ = "govtext reads the page"
WHOLE, LINES = "govtext, model of whole pages", "govtext clean, the page's text"
Page = tuple[bytes, int]  # the HTML, and the characters that its lines have


def _trafilatura(module: Any) -> Callable[[bytes], str]:
    return lambda page: module.extract(page.decode("utf-8"), include_comments=False, favor_precision=True) or ""


# Peers that are called in another way than in mainlines.py.
MADE: dict[str, Callable[[Any], Callable[[bytes], str]]] = {"trafilatura": _trafilatura}


def whole_page(model: MainTextModel, lines_of: Callable[[bytes], Any], page: Page) -> str:
    """The main text of a page by the model of whole pages."""
    found = lines_of(page[0])
    lines = [line for line, _ in found]
    kept = model.probabilities(lines, [hint for _, hint in found]) >= MAIN_FROM
    return "\n".join(line for line, keep in zip(lines, kept) if keep)


def read_alone(page: Page) -> str:
    """The text of a page, in this process."""
    return extract(page[0]).text


def cleaned(model: Model, page: Page) -> str:
    """The text of a page without the lines that are the site's."""
    text = extract(page[0]).text
    return "".join(text[p.start : p.end] for p in to_layout(text, model.structure).paragraphs if p.verdict.kind is None)


def cleaning_figures(model: Model, *, every: int, rounds: int, tell: Callable[[str], None]) -> dict[str, Any]:
    """The figures of each contender; why there are none, where the pages are missing."""
    mainlines = importlib.import_module("mainlines")
    if not mainlines.DATA.is_dir():
        return {"left_out": "no labelled pages beside the checkout"}
    labelled, about, _ = mainlines.read_pages()
    step = max(len(labelled) // PAGES, every)
    timed = range(0, len(labelled), step)
    rest = [i for i in range(len(labelled)) if i not in timed]
    whole = fit_main_text([labelled[i] for i in rest[:: max(len(rest) // FITTED, 1)]], hinted=True)
    pages: list[Page] = [(about[i]["html"], sum(map(len, labelled[i].lines))) for i in timed]
    contenders: list[Contender[Page]] = []
    for name, (module, make) in mainlines.PEERS.items():
        try:
            extract = MADE.get(name, make)(importlib.import_module(module))
        except ImportError as error:
            print(f"{name}: left out ({error})", file=sys.stderr)
            continue
        contenders.append(Contender(name, partial(_extracted, extract), None, _characters))
    ours: tuple[Contender[Page], ...] = (
        Contender(READ, read_alone, None, _characters),
        Contender(WHOLE, partial(whole_page, whole, mainlines.lines_of), None, _characters),
        Contender(LINES, partial(cleaned, model), None, _characters),
    )
    base = FIRST if any(c.name == FIRST for c in contenders) else WHOLE
    all_of_them = [
        Contender(c.name, c.work, None if c.name == base else base, c.characters) for c in (*contenders, *ours)
    ]
    # What gives up on a page is fast on it.
    read = [page for page in pages if all(_is_read(c, page) for c in contenders)]
    timings = interleaved(all_of_them, read, rounds=rounds, tell=lambda line: tell(f"cleaning, {line}"))
    return {"pages": len(read), "pages_that_a_peer_fails_on": len(pages) - len(read), "contenders": figures(timings)}


def _extracted(extract: Callable[[bytes], str], page: Page) -> str:
    return extract(page[0])


def _is_read(contender: Contender[Page], page: Page) -> bool:
    try:
        contender.work(page)
    except Exception as error:  # whatever a peer raises on a page is its answer, as in mainlines.py
        print(f"{contender.name}: {error!r}"[:150], file=sys.stderr)
        return False
    return True


def _characters(page: Page) -> int:
    return page[1]
