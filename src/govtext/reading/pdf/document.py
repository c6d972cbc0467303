"""A PDF with a text layer: its paragraphs in reading order, without what stands there for the sake of the paper.

Left out and counted in a warning: running heads and page numbers. Mended and counted: radicals and private codes for plain
characters. Named: pages that are pictures, characters that no font explains, attached files. A file of pictures is refused.

Recognising text is left to others: rapidocr-onnxruntime 1.4.4, the one found with its models in the wheel, had 98.5 % of the
characters of six clean pages at 200 dpi right, but took 4 to 14 seconds and 1.06 GB for a page, more than a reader may have
(2026-11-24, two slow cores).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import Final

from govtext.errors import UnreadableReport
from govtext.reading.formats import Extracted
from govtext.reading.pdf.furniture import find_furniture
from govtext.reading.pdf.glyphs import Mended, mend
from govtext.reading.pdf.pages import Run, to_runs
from govtext.reading.pdf.paragraphs import TITLE, Paragraph, to_paragraphs
from govtext.reading.pdf.pdfium import Page, opened
from govtext.source import LineHint

ODD_SHARE: Final = 0.2  # of characters; a report whose fonts name them has under 0.001
FEWEST_ODD: Final = 4  # a short text with a stray sign is still a text
HEADING: Final = 1.15  # times the size of most text; Chinese type grows by a sixth and more (16, 18, 22)
LONGEST_HEADING: Final = 80  # characters
MOST_NAMED: Final = 6  # stretches of pages in a warning

_OCR: Final = "recognise its text (OCR) first, or get the document it was made from"
_FONT: Final = "install a Chinese font (fonts-wqy-zenhei, fonts-noto-cjk) and read it again"
# What programs write where nobody gave a title.
_NO_TITLE = re.compile(r"\(?(?:untitled|anonymous|无标题|未命名|unspecified)\)?", re.I)
_FILE_NAME = re.compile(r"(?:Microsoft Word - |幻灯片 )?(.{0,300}?)(?:\.(?:docx?|wps|pdf|rtf|odt|ceb|indd))?", re.I)


def extract(data: bytes, *, encoding: str | None = None) -> Extracted:
    """The text of the PDF in the bytes; `encoding` means nothing here.

    Raises:
        UnreadableReport: the bytes are no PDF, are locked or damaged, hold pictures of text or characters of no meaning, or
            more than any report.
        MissingExtra: pypdfium2 is not installed.
    """
    pages: list[Page] = []
    runs: list[list[Run]] = []
    with opened(data) as pdf:
        title, n_attached = _title(pdf.title), pdf.n_attached
        for page in pdf.pages():
            runs.append(to_runs(page))
            page.glyphs = page.glyphs[:1]  # all that is asked of them from here on is whether there are any
            pages.append(page)
    if not pages:
        raise UnreadableReport("is a PDF without pages; a report with text was wanted")
    furniture, n_furniture = find_furniture(pages, runs)
    kept = [[run for i, run in enumerate(page) if i not in furniture[at]] for at, page in enumerate(runs)]
    paragraphs = to_paragraphs(kept, [(page.left, page.right) for page in pages])
    paragraphs += _aslant(pages)
    mended = [mend(paragraph.text) for paragraph in paragraphs]
    _refuse(pages, mended)
    warnings = _warnings(pages, mended, n_furniture, n_attached)
    return Extracted("\n".join(one.text for one in mended), title=title, hints=_hints(paragraphs), warnings=warnings)


def _title(said: str) -> str:
    """The title that the file says it has, without the name of the program and the suffix; "" where it says none."""
    title = " ".join(said.split())
    named = _FILE_NAME.fullmatch(title)
    title = named[1] if named else title
    return "" if _NO_TITLE.fullmatch(title) else title


def _aslant(pages: Sequence[Page]) -> list[Paragraph]:
    """Text that is not level, each stretch a paragraph at the end; what several pages repeat is a watermark, and left out."""
    seen = Counter(text.strip() for page in pages for text in set(page.aslant))
    return [
        Paragraph(" ".join(text.split()), 0.0, page.number)
        for page in pages
        for text in page.aslant
        if text.strip() and seen[text.strip()] == 1
    ]


def _refuse(pages: Sequence[Page], mended: Sequence[Mended]) -> None:
    """Nothing; a file without text that means anything is refused."""
    n_text = sum(len(one.text) for one in mended)
    if all(page.scanned or not page.glyphs for page in pages) and any(page.scanned for page in pages):
        raise UnreadableReport(f"is scanned: {_counted(len(pages), 'page')} of pictures and no text; {_OCR}")
    lost = sum(page.lost for page in pages)
    if lost > max(FEWEST_ODD, ODD_SHARE * (n_text + lost)):
        raise UnreadableReport(f"holds no fonts, and {_counted(lost, 'character')} could not be read without; {_FONT}")
    if all(page.damaged for page in pages):
        raise UnreadableReport(
            f"is damaged: of {_counted(len(pages), 'page')} not one can be read; save it again as PDF"
        )
    odd = sum(one.n_odd for one in mended)
    unknown = sum(page.unknown for page in pages)
    # Characters without a code have none to count, or one that looks like a letter.
    odd = max(odd, unknown)
    total = n_text + max(0, unknown - n_text)
    if odd >= FEWEST_ODD and odd > ODD_SHARE * total:
        raise UnreadableReport(
            f"does not say which characters its letters are: {odd:,} of {total:,} have no meaning outside their font; {_OCR}"
        )


def _warnings(pages: Sequence[Page], mended: Sequence[Mended], n_furniture: int, n_attached: int) -> tuple[str, ...]:
    odd = max(sum(one.n_odd for one in mended), sum(page.unknown for page in pages))
    scanned = [page.number for page in pages if page.scanned]
    damaged = [page.number for page in pages if page.damaged]
    lost = sum(page.lost for page in pages)
    n_mended = sum(one.n_mended for one in mended)
    said = (
        (len(scanned), f"{_named(scanned)}: pictures whose text was not read"),
        (len(damaged), f"{_named(damaged)}: damaged, not read"),
        (odd, f"{_counted(odd, 'character')} without a meaning outside the font"),
        (lost, f"{_counted(lost, 'character')} not read for want of a font; {_FONT}"),
        (n_furniture, f"{_counted(n_furniture, 'line')} of running heads and page numbers left out"),
        (n_mended, f"{_counted(n_mended, 'character')} that stood for others mended (radicals, private codes)"),
        (n_attached, f"{_counted(n_attached, 'attached file')} not read"),
    )
    return tuple(sentence for count, sentence in said if count)


def _counted(count: int, what: str) -> str:
    return f"{count:,} {what}{'' if count == 1 else 's'}"


def _named(numbers: Sequence[int]) -> str:
    """The pages, as stretches: pages 3, 5–7."""
    stretches: list[list[int]] = []
    for number in numbers:
        if stretches and number == stretches[-1][1] + 1:
            stretches[-1][1] = number
        else:
            stretches.append([number, number])
    shown = [str(first) if first == last else f"{first}–{last}" for first, last in stretches[:MOST_NAMED]]
    more = sum(last - first + 1 for first, last in stretches[MOST_NAMED:])
    return f"page{'' if len(numbers) == 1 else 's'} {', '.join(shown)}{f' and {more:,} more' if more else ''}"


def _hints(paragraphs: Sequence[Paragraph]) -> tuple[LineHint, ...]:
    """One for each: what is set in clearly larger type than most of the text is a title, if it comes first, or a heading."""
    sizes = Counter[float]()
    for one in paragraphs:
        sizes[round(2 * one.size) / 2] += len(one.text)
    body = sizes.most_common(1)[0][0] if sizes else 0.0
    tags: list[str] = []
    for one in paragraphs:
        large = one.size / body if body and len(one.text) <= LONGEST_HEADING else 0.0
        if one.is_row:
            tags.append("td")
        elif large >= TITLE and one.page == 1 and "title" not in tags and "h1" not in tags:
            tags.append("title")
        else:
            tags.append("h1" if large >= HEADING else "p")
    return tuple(LineHint(tag, 0.0, 1, number, 0) for number, tag in enumerate(tags))
