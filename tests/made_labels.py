"""A labelled report that no model made, with every kind of line, and what the writers make of it."""

from __future__ import annotations

from govtext.document import LabelledParagraph, LabelledReport, Source, Stretch, Verdict
from govtext.writing import WRITERS, Entry, Look

NAMES = {"party_building": "党建廉政", "enterprise_service": "企业服务"}
CONTENT = Verdict(None, 0.01, "no rule")
RELATED = Verdict("related", 0.98765432, "ends in a month and day")
TEXT = (
    "区科技局工作总结\n"
    "一、上半年工作\n"
    "1、抓学习。支部在20nn年学习四次,`查出问题九个。\n"
    "走访企业三十家,解决难题十二个,企业反映很好,今后还要继续走下去,每月至少一次,年底向全体干部报告结果。\n"
    "\n"
    "药店工作总结06-26\n"
)


def labelled(
    text: str,
    piece: str,
    kind: str,
    *,
    level: int | None = None,
    heading_end: int | None = None,
    path: tuple[str, ...] = (),
    labels: tuple[str, ...] = (),
    role: str | None = None,
    formulaic: bool = False,
) -> LabelledParagraph:
    """The paragraph of `text` that is `piece`."""
    start = text.index(piece)
    verdict = RELATED if kind == "boilerplate" else CONTENT
    return LabelledParagraph(
        start=start,
        end=start + len(piece) + 1,
        kind=kind,
        level=level,
        marker=None,
        heading_end=heading_end,
        path=path,
        alone=verdict,
        verdict=verdict,
        text=piece.strip(),
        heading=piece if kind == "heading" else text[start:heading_end] if heading_end else None,
        themes={code: 0.9512345 if code in labels else 0.0412345 for code in NAMES},
        labels=labels,
        role=role,
        role_score=0.5 if role else None,
        formulaic=formulaic,
        formulaic_score=0.5 if role else None,
    )


def report(text: str = TEXT) -> LabelledReport:
    """A report with every kind of line, blank ones too, one masked value and one injected mark."""
    lines = text.split("\n")
    first, second = "一、上半年工作", "1、抓学习。"
    run_in_end = text.index(second) + len(second)
    path = (first,)
    paragraphs = (
        labelled(text, lines[0], "title"),
        labelled(text, lines[1], "heading", level=1),
        labelled(
            text, lines[2], "body", level=2, heading_end=run_in_end, path=path, role="done", labels=("party_building",)
        ),
        labelled(
            text, lines[3], "body", path=(first, second), role="plan", labels=("enterprise_service",), formulaic=True
        ),
        labelled(text, lines[5], "boilerplate"),
    )
    mask, mark = text.index("20nn年"), text.index("`")
    stretches = (
        Stretch(mask, mask + 5, "mask", "year without digits"),
        Stretch(mark, mark + 1, "promo", "stray backtick"),
    )
    return LabelledReport(Source(text, "a.txt", "gb18030", 2), paragraphs, stretches, "ab" * 32, NAMES)


def one_paragraph(text: str) -> LabelledReport:
    """A report that is one paragraph of the given text."""
    p = labelled("一", "一", "body", role="done")
    values = {name: getattr(p, name) for name in p.__dataclass_fields__} | {"end": len(text), "text": text}
    return LabelledReport(Source(text), (LabelledParagraph(**values),), (), "0" * 64, NAMES)


def written(form: str, *reports: LabelledReport, look: Look = Look()) -> str:  # noqa: B008 - frozen
    """All that a format writes for the reports."""
    entries = [Entry(f"r{number}", f"r{number}.txt", r) for number, r in enumerate(reports)]
    return "".join(WRITERS[form](entries, look))
