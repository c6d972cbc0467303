"""Main text of whole web pages, line by line, beside the extractors people use: F1 of the main-text lines.

Reads daniel_zh beside the repository (Chinese news pages, lines labelled main text or not). Our models see the lines
alone, or the lines with what the HTML says of them; the peers see the HTML, and what they give back is put on the lines by
the rule the labels were made with. The peers need `pip install govtext[bench]`; one that is missing is left out.
Prints a table and writes benchmarks/mainlines.json.
"""

from __future__ import annotations

import argparse
import importlib
import json
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

from govtext.boilerplate.maintext import MAIN_FROM
from govtext.reading.webpage.page import extract
from govtext.source import LineHint
from govtext.training.maintext import LabelledPage, fit_main_text, site_folds

ROOT = Path(__file__).resolve().parents[1]
DATA = ROOT.parent / "shared" / "bench" / "daniel_zh"
FIGURES = Path(__file__).with_suffix(".json")
FOLDS = 5
SHORT = 6  # characters; a shorter line must be a paragraph of the extracted text
SAME = 0.8  # share of a line's four-character strings that stand in the extracted text

Bools = np.ndarray[Any, np.dtype[np.bool_]]


def lines_of(content: bytes) -> list[tuple[str, LineHint]]:
    """The lines of a page with their hints, as govtext reads it."""
    page = extract(content, encoding="utf-8")
    return list(zip(page.text.split("\n"), page.hints))


def read_pages() -> tuple[list[LabelledPage], list[dict[str, Any]], dict[str, int]]:
    """The pages as read, labelled by the rule that made the labels; what pages.jsonl says of each with the HTML; counts.

    The given lines come from another reader, which made a line of each cell, and gave what is hidden too. Of those that
    are main text, `not_read` are no part of a page as read: they are misses of ours, see `fold_figures`.
    """
    given: dict[str, list[dict[str, Any]]] = {}
    for part in ("train", "dev", "test"):
        for row in _rows(f"lines_{part}.jsonl"):
            given.setdefault(row["doc"], []).append(row)
    pages, about = [], []
    counts = dict.fromkeys(("pages", "lines_read", "main_read", "lines_given", "main_given", "main_not_read"), 0)
    for page in _rows("pages.jsonl"):
        page["html"] = (DATA / "html" / f"{page['id']}.html").read_bytes()
        found = lines_of(page["html"])
        lines = [line for line, _ in found]
        is_main = kept_lines(lines, page["gold"]).tolist()
        main = [row["text"] for row in given[page["id"]] if row["label"] == 1]
        page["not_read"] = missing(main, lines)
        pages.append(LabelledPage(page["site"], lines, is_main, [hint for _, hint in found]))
        about.append(page)
        sizes = (1, len(lines), sum(is_main), len(given[page["id"]]), len(main), page["not_read"])
        counts = {name: counts[name] + size for name, size in zip(counts, sizes)}
    return pages, about, counts


def missing(wanted: Sequence[str], lines: Sequence[str]) -> int:
    """How many of the lines wanted stand in none of the lines, each taken once where it is all of a line."""
    whole = Counter("".join(line.split()) for line in lines)
    text = "\n".join(whole)
    n = 0
    for line in ("".join(one.split()) for one in wanted):
        if whole[line] > 0:
            whole[line] -= 1
        elif line in whole or line not in text:
            n += 1
    return n


def _rows(name: str) -> Iterator[dict[str, Any]]:
    with (DATA / name).open(encoding="utf-8") as file:
        yield from map(json.loads, file)


def kept_lines(lines: Sequence[str], extracted: str) -> Bools:
    """Which lines stand in the extracted text, by the rule of the labels."""
    whole = "".join(extracted.split())
    paragraphs = {"".join(paragraph.split()) for paragraph in extracted.split("\n")}
    strings = {whole[i : i + 4] for i in range(len(whole) - 3)}
    kept = []
    for line in lines:
        text = "".join(line.split())
        own = [text[i : i + 4] for i in range(len(text) - 3)]
        if len(text) < SHORT:
            kept.append(text in paragraphs)
        else:
            kept.append(text in whole or sum(s in strings for s in own) >= SAME * len(own))
    return np.array(kept, bool)


# Each peer with the settings that were best on the train and dev pages, and with the title where it reports one.


def _justext(module: Any) -> Callable[[bytes], str]:
    # No stop words, for it splits words at spaces, and lengths by three, for a Chinese character says as much as three
    # letters: F1 47 with its own lengths, 83 with these.
    options = {"stopwords_low": 0, "stopwords_high": 0, "length_low": 23, "length_high": 66}

    def extract(content: bytes) -> str:
        paragraphs = module.justext(content, frozenset(), encoding="utf-8", **options)
        return "\n".join(p.text for p in paragraphs if not p.is_boilerplate)

    return extract


def _trafilatura(module: Any) -> Callable[[bytes], str]:
    # Without favor_precision 60: it falls back to most of the page where it finds no paragraphs.
    def extract(content: bytes) -> str:
        page = content.decode("utf-8")
        about = module.extract_metadata(page)
        text = module.extract(page, include_comments=False, favor_precision=True) or ""
        return f"{(about.title if about else None) or ''}\n{text}"

    return extract


def _readability(module: Any) -> Callable[[bytes], str]:
    def extract(content: bytes) -> str:
        document = module.Document(content.decode("utf-8"))
        return "\n".join([document.short_title(), *(line for line, _ in lines_of(document.summary().encode()))])

    return extract


def _resiliparse(module: Any) -> Callable[[bytes], str]:
    return lambda content: module.extract_plain_text(content.decode("utf-8"), main_content=True)


PEERS: dict[str, tuple[str, Callable[[Any], Callable[[bytes], str]]]] = {
    "justext": ("justext", _justext),
    "trafilatura": ("trafilatura", _trafilatura),
    "readability-lxml": ("readability", _readability),
    "resiliparse": ("resiliparse.extract.html2text", _resiliparse),
}


def main_f1(gold: Sequence[Bools], kept: Sequence[Bools], *, not_read: int = 0) -> float:
    """F1 of the main-text lines over all pages together, per cent; so many more lines are main text, and were not read."""
    actual, said = np.concatenate(list(gold)), np.concatenate(list(kept))
    return round(200 * int((actual & said).sum()) / max(int(actual.sum() + said.sum()) + not_read, 1), 2)


def peer_figures(
    pages: Sequence[LabelledPage], about: Sequence[dict[str, Any]], parts: Sequence[str]
) -> dict[str, Any]:
    """F1 of each peer that is installed, by part, and the pages on which it failed."""
    figures: dict[str, Any] = {}
    for name, (module, make) in PEERS.items():
        try:
            extract = make(importlib.import_module(module))
        except ImportError as error:
            print(f"{name}: left out ({error})", file=sys.stderr)
            continue
        kept, failed = [], 0
        for page, row in zip(pages, about):
            try:
                text = extract(row["html"])
            except Exception as error:  # whatever a peer raises on a page is its answer
                failed += 1
                text = ""
                print(f"{name}: {row['id'][:40]}: {error!r}"[:150], file=sys.stderr)
            kept.append(kept_lines(page.lines, text))
        figures[name] = {**by_part(pages, about, kept, parts), "failed_pages": failed, "version": version(name)}
    return figures


def by_part(
    pages: Sequence[LabelledPage], about: Sequence[dict[str, Any]], kept: Sequence[Bools], parts: Sequence[str]
) -> dict[str, float]:
    """F1 on the pages of each part, and on all of them."""
    gold = [np.array(page.is_main, bool) for page in pages]
    figures = {}
    for part in parts:
        chosen = [i for i, row in enumerate(about) if row["split"] == part]
        figures[part] = main_f1([gold[i] for i in chosen], [kept[i] for i in chosen])
    return {**figures, "all": main_f1(gold, kept)}


def fold_figures(pages: Sequence[LabelledPage], about: Sequence[dict[str, Any]], *, hinted: bool) -> dict[str, Any]:
    """F1 of each fold by site, of a model fitted on the other folds, and of all folds together."""
    fold = site_folds([page.site for page in pages], folds=FOLDS)
    gold, kept, figures = [], [], []
    for k in range(FOLDS):
        model = fit_main_text([page for page, f in zip(pages, fold) if f != k], hinted=hinted)
        held_out = [page for page, f in zip(pages, fold) if f == k]
        gold.append([np.array(page.is_main, bool) for page in held_out])
        kept.append([model.probabilities(page.lines, page.hints) >= MAIN_FROM for page in held_out])
        figures.append(main_f1(gold[-1], kept[-1]))
    both = [g for part in gold for g in part], [k for part in kept for k in part]
    not_read = sum(row["not_read"] for row in about)
    with_misses = main_f1(*both, not_read=not_read)
    return {"folds": figures, "folds_together": main_f1(*both), "with_lines_not_read_as_misses": with_misses}


def test_figures(pages: Sequence[LabelledPage], about: Sequence[dict[str, Any]], *, hinted: bool) -> dict[str, float]:
    """F1 on the test sites of a model fitted on the others, and what a page costs."""
    model = fit_main_text([page for page, row in zip(pages, about) if row["split"] != "test"], hinted=hinted)
    held_out = [page for page, row in zip(pages, about) if row["split"] == "test"]
    start = time.perf_counter()
    kept = [model.probabilities(page.lines, page.hints) >= MAIN_FROM for page in held_out]
    cost = (time.perf_counter() - start) / len(held_out)
    return {"test": main_f1([np.array(p.is_main, bool) for p in held_out], kept), "ms_a_page": round(1000 * cost, 1)}


def main() -> None:
    """Run everything; without the test sites while something is being chosen."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--no-test", action="store_true", help="leave the test sites alone: folds on the others, no file"
    )
    arguments = parser.parse_args()
    pages, about, counts = read_pages()
    figures: dict[str, Any] = {**counts}
    if arguments.no_test:
        chosen = [i for i, row in enumerate(about) if row["split"] != "test"]
        pages, about = [pages[i] for i in chosen], [about[i] for i in chosen]
    parts = ["dev"] if arguments.no_test else ["dev", "test"]
    gold_rule = [kept_lines(page.lines, row["gold"]) for page, row in zip(pages, about)]
    figures["rule_on_the_gold_text"] = by_part(pages, about, gold_rule, parts)
    for name, hinted in (("lines", False), ("lines with hints", True)):
        ours = fold_figures(pages, about, hinted=hinted)
        if not arguments.no_test:
            ours |= test_figures(pages, about, hinted=hinted)
        figures[name] = ours
        print(f"{name:20} {ours}")
    figures["peers"] = peer_figures(pages, about, parts)
    for name, row in figures["peers"].items():
        print(f"{name:20} {row}")
    print({key: value for key, value in figures.items() if key not in ("lines", "lines with hints", "peers")})
    if not arguments.no_test:
        figures |= {"date": date.today().isoformat(), "command": "python benchmarks/mainlines.py"}
        FIGURES.write_text(json.dumps(figures, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
