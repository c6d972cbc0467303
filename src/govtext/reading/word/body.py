"""The main part of a Word document as lines in reading order.

What is decided here, where the format leaves it open: tracked changes count as accepted; hidden text and placeholders of
forms are left out; a text box stands behind the paragraph that anchors it; notes are kept apart (govtext.reading.word.document puts
them last, as Word does when it saves plain text); of alternatives for old and new programs the first that has text is taken.
Rules of elements: ISO/IEC 29500-1, 17.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from typing import Final

from govtext.reading.word.boxes import Boxes
from govtext.reading.word.lines import Line, Paragraph
from govtext.reading.word.markup import SKIP, Attributes, Budget, Markup, named
from govtext.reading.word.numbering import Numbering, is_on, whole
from govtext.reading.word.styles import HEADINGS, Styles
from govtext.reading.word.symbols import symbol

# Properties as they were before a tracked change, tab stops (w:tab elements too), readings over ruby text, sections.
_CHANGED: Final = ("pPr", "rPr", "tblPr", "tblPrEx", "trPr", "tcPr", "sectPr", "numbering")
_LEFT_OUT: Final = ("w:tabs", "w:rt", "w:sectPr", *(f"w:{name}Change" for name in _CHANGED))
# What holds text or may, but none that is read here.
_UNREAD: Final = {
    "a:blip": "picture",
    "v:imagedata": "picture",
    "c:chart": "chart",
    "dgm:relIds": "diagram",
    "w:object": "embedded object",
    "w:altChunk": "inserted document",
    "w:subDoc": "inserted document",
}
_NO_NOTES: Final = ("separator", "continuationSeparator", "continuationNotice")
_PAGE_BREAKS: Final = ("page", "column")
_BLANKS = str.maketrans("\r\n", "  ")


class Body:
    """Lines of a part: `read` it, then `lines` has them; what it holds and is not text is counted."""

    def __init__(self, styles: Styles, numbering: Numbering) -> None:
        self.references: list[str] = []  # to notes, as "footnote 2"
        self.unread: Counter[str] = Counter()
        self.hidden = 0  # characters
        self.root = ""
        self._styles, self._numbering = styles, numbering
        self._markup: Markup
        self._boxes = Boxes()
        self._paragraphs: list[Paragraph] = []
        self._alternatives: list[int] = []
        self._forms: list[bool] = []  # for each content control that is open, whether it shows its placeholder
        self._in_properties = self._keeps_blanks = False  # properties of a paragraph
        self._written = 0  # pieces of text, and things that hold none

    def read(self, pieces: Iterable[bytes], budget: Budget) -> str:
        """What is wrong in its XML; lines before that are there all the same."""
        self._markup = Markup(named(self._starts()), named(self._ends()), budget)
        wrong = self._markup.read(pieces)
        self.root = self._markup.root
        return wrong

    @property
    def lines(self) -> list[Line]:
        """All lines; those of what the end of a damaged part left open too."""
        lines = self._boxes.lines()
        for paragraph in self._paragraphs:
            lines += [line for line in paragraph.to_lines("p", 1, self._boxes.next_number(), 0) if line.text]
        return lines

    @property
    def notes(self) -> dict[str, list[Line]]:
        """Lines of the notes in the part."""
        return self._boxes.notes

    def _starts(self) -> dict[str, Callable[[Attributes], object]]:
        table: dict[str, Callable[[Attributes], object]] = {
            "w:p": self._open_paragraph,
            "w:pPr": self._open_properties,
            "w:pStyle": self._set_style,
            "w:outlineLvl": lambda a: self._set("outline", whole(a.get("val", ""), HEADINGS)),
            "w:numId": lambda a: self._set("number", a.get("val", "")),
            "w:ilvl": lambda a: self._set("level", whole(a.get("val", ""), 0)),
            "w:r": self._open_run,
            "w:rStyle": self._set_run_style,
            "w:vanish": self._hide,
            "w:del": self._delete,
            "w:moveFrom": self._delete,
            "w:t": self._listen,
            "m:t": self._listen,
            "w:instrText": self._listen,
            "w:tab": lambda _: self._add("\t"),
            "w:ptab": lambda _: self._add("\t"),
            "w:cr": lambda _: self._add("\n"),
            "w:br": self._break,
            "w:noBreakHyphen": lambda _: self._add("-"),
            "m:den": lambda _: self._add("/"),
            "w:sym": self._add_symbol,
            "w:fldChar": self._turn_field,
            "w:fldSimple": self._open_simple_field,
            "w:hyperlink": lambda _: self._link(1),
            "w:tbl": lambda _: self._boxes.open_table(),
            "w:tr": lambda _: self._boxes.open_row(),
            "w:trPr": lambda _: setattr(self._boxes, "in_row_properties", True),
            "w:tc": lambda _: self._boxes.open_cell(),
            "w:vMerge": self._merge,
            "w:hMerge": self._merge,
            "w:cellDel": lambda _: self._boxes.delete_cell(),
            "w:txbxContent": lambda _: self._boxes.open_text_box(self._anchor),
            "v:textpath": self._add_aside,
            "mc:AlternateContent": lambda _: self._alternatives.append(self._written),
            "mc:Choice": self._choose,
            "mc:Fallback": self._choose,
            "w:sdt": lambda _: self._forms.append(False),
            "w:showingPlcHdr": self._show_placeholder,
            "w:sdtContent": lambda _: SKIP if self._forms and self._forms[-1] else None,
            "w:footnoteReference": lambda a: self.references.append(f"footnote {a.get('id', '')}"),
            "w:endnoteReference": lambda a: self.references.append(f"endnote {a.get('id', '')}"),
            "w:footnote": lambda a: self._open_note("footnote", a),
            "w:endnote": lambda a: self._open_note("endnote", a),
        }
        skipped: dict[str, Callable[[Attributes], object]] = {name: lambda _: SKIP for name in _LEFT_OUT}
        counted = {name: self._counter(what) for name, what in _UNREAD.items()}
        return table | skipped | counted

    def _ends(self) -> dict[str, Callable[[], object]]:
        return {
            "w:p": self._close_paragraph,
            "w:pPr": self._close_properties,
            "w:t": lambda: self._add(self._heard()),
            "m:t": lambda: self._add(self._heard()),
            "w:instrText": lambda: self._instruct(self._markup.heard()),
            "w:fldSimple": lambda: self._turn_field({"fldCharType": "end"}),
            "w:hyperlink": lambda: self._link(-1),
            "w:tbl": self._boxes.close_table,
            "w:tr": self._boxes.close_row,
            "w:trPr": lambda: setattr(self._boxes, "in_row_properties", False),
            "w:tc": self._boxes.close_cell,
            "w:txbxContent": self._boxes.close_text_box,
            "mc:AlternateContent": self._alternatives.pop,
            "w:sdt": self._forms.pop,
            "w:footnote": self._boxes.close_note,
            "w:endnote": self._boxes.close_note,
        }

    # --- paragraphs and their properties ---

    def _open_paragraph(self, _: Attributes) -> None:
        paragraph = Paragraph(self._styles.effect(""))
        box = self._boxes.top
        if box.carried is not None:
            paragraph.go_on_from(box.carried)
            box.carried = None
        self._paragraphs.append(paragraph)

    def _open_properties(self, _: Attributes) -> None:
        self._in_properties = True

    def _set(self, name: str, value: object) -> None:
        if self._in_properties and self._paragraphs:
            setattr(self._paragraphs[-1], name, value)

    def _set_style(self, attributes: Attributes) -> None:
        name = attributes.get("val", "")
        self._set("style", name)
        self._set("effect", self._styles.effect(name))

    def _close_properties(self) -> None:
        self._in_properties = False
        if self._paragraphs:
            self._count(self._paragraphs[-1])

    def _count(self, paragraph: Paragraph) -> None:
        """Nothing; the paragraph has its number. Where it is deleted, Word does not count it."""
        deleted = paragraph.gone or self._boxes.in_deleted_row
        if paragraph.counted or deleted:
            return
        paragraph.counted = True
        effect = paragraph.effect
        number, level = paragraph.number, paragraph.level
        if number is None and effect.number is not None:
            number = effect.number
            of_style = self._numbering.level_of(number, effect.owner) if level is None else level
            level = effect.level if of_style is None else of_style
        if number not in (None, "", "0"):
            paragraph.marker = self._numbering.marker(str(number), level or 0)

    def _close_paragraph(self) -> None:
        paragraph, box = self._paragraphs.pop(), self._boxes.top
        if paragraph.gone:
            box.carried = paragraph
            return
        self._count(paragraph)
        outline = paragraph.effect.outline if paragraph.outline is None else paragraph.outline
        if outline is not None and outline < HEADINGS:
            tag = f"h{outline + 1}"
        elif box.is_cell:
            tag = "td"
        else:
            tag = "title" if paragraph.effect.title else "p"
        box.lines += paragraph.to_lines(tag, box.depth, self._boxes.next_number(), box.number)

    # --- runs and what stands in them ---

    def _open_run(self, _: Attributes) -> None:
        if self._paragraphs:
            self._paragraphs[-1].hidden = self._paragraphs[-1].effect.hidden

    def _set_run_style(self, attributes: Attributes) -> None:
        if self._paragraphs and not self._in_properties:
            self._paragraphs[-1].hidden |= self._styles.is_hidden(attributes.get("val", ""))

    def _hide(self, attributes: Attributes) -> None:
        if self._paragraphs:
            name = "gone" if self._in_properties else "hidden"
            setattr(self._paragraphs[-1], name, is_on(attributes))

    def _delete(self, _: Attributes) -> object:
        if self._in_properties and self._paragraphs:
            self._paragraphs[-1].gone = True
        elif not self._boxes.delete_row():
            return SKIP
        return None

    def _listen(self, attributes: Attributes) -> None:
        self._keeps_blanks = attributes.get("space") == "preserve"
        self._markup.listen()

    def _heard(self) -> str:
        """What Word shows of the characters: line ends are blanks, and those at both ends go unless they are to be kept."""
        text = self._markup.heard()
        text = text if self._keeps_blanks else text.strip(" \t\r\n")
        return text.translate(_BLANKS) if "\n" in text or "\r" in text else text

    def _add(self, text: str) -> None:
        if not self._paragraphs or not text:
            return
        paragraph = self._paragraphs[-1]
        if paragraph.hidden:
            self.hidden += len(text)
        else:
            paragraph.add(text)
            self._written += 1

    def _instruct(self, text: str) -> None:
        if self._paragraphs:
            self._paragraphs[-1].instruct(text)

    def _break(self, attributes: Attributes) -> None:
        if attributes.get("type") not in _PAGE_BREAKS:
            self._add("\n")
        elif self._paragraphs and self._paragraphs[-1].pieces:
            self._paragraphs[-1].breaks = True

    def _add_symbol(self, attributes: Attributes) -> None:
        found = symbol(attributes.get("font", ""), attributes.get("char", ""))
        self.unread["symbol"] += found is None
        self._add(found or "")

    def _turn_field(self, attributes: Attributes) -> None:
        if self._paragraphs:
            paragraph = self._paragraphs[-1]
            turns = {"begin": paragraph.begin_field, "separate": paragraph.begin_result, "end": paragraph.end_field}
            turns.get(attributes.get("fldCharType", ""), lambda: None)()

    def _open_simple_field(self, attributes: Attributes) -> None:
        self._turn_field({"fldCharType": "begin"})
        self._instruct(attributes.get("instr", ""))
        self._turn_field({"fldCharType": "separate"})

    def _link(self, change: int) -> None:
        if self._paragraphs:
            self._paragraphs[-1].links += change

    def _counter(self, what: str) -> Callable[[Attributes], object]:
        def count(_: Attributes) -> object:
            self.unread[what] += 1
            self._written += 1
            return SKIP

        return count

    # --- tables, boxes, alternatives ---

    @property
    def _anchor(self) -> Paragraph | None:
        return self._paragraphs[-1] if self._paragraphs else None

    def _merge(self, attributes: Attributes) -> None:
        if attributes.get("val", "continue") == "continue":
            self._boxes.merge_cell()

    def _add_aside(self, attributes: Attributes) -> None:
        """Nothing; the letters of a shape stand behind its anchor."""
        text = " ".join(attributes.get("string", "").split())
        if self._anchor is not None and text:
            self._written += 1
            line = Line(text, 0.0, "p", self._boxes.top.depth, self._boxes.next_number(), 0)
            self._anchor.anchor([line])

    def _choose(self, _: Attributes) -> object:
        return SKIP if self._alternatives and self._written > self._alternatives[-1] else None

    def _show_placeholder(self, attributes: Attributes) -> None:
        if self._forms:
            self._forms[-1] = is_on(attributes)

    def _open_note(self, kind: str, attributes: Attributes) -> object:
        if attributes.get("type") in _NO_NOTES:
            return SKIP
        self._boxes.open_note(f"{kind} {attributes.get('id', '')}")
        return None
