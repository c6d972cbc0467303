"""What holds paragraphs in a Word document while it is read: body, tables, text boxes and notes, one inside the other."""

from __future__ import annotations

from govtext.reading.word.lines import Box, Line, Paragraph, Row, row_lines

_CELL_LEVELS = 3  # table, row, cell


class Boxes:
    """The boxes that are open, and the notes that are whole; opened and closed as their elements are."""

    def __init__(self) -> None:
        self.notes: dict[str, list[Line]] = {}
        self.in_row_properties = False
        self._open = [Box(0, 1)]
        self._anchors: list[Paragraph | None] = []  # of the text boxes that are open
        self._tables: list[int] = []
        self._rows: list[Row] = []
        self._note = ""
        self._number = 0

    def next_number(self) -> int:
        """The number of a new block."""
        self._number += 1
        return self._number

    @property
    def top(self) -> Box:
        """The innermost box that is open."""
        return self._open[-1]

    @property
    def in_deleted_row(self) -> bool:
        """Whether the innermost row that is open was deleted."""
        return bool(self._rows) and self._rows[-1].gone

    def lines(self) -> list[Line]:
        """All lines but those of notes, of what the end of a damaged part left open too."""
        self._close(self._open[0])
        lines = [line for box in self._open for line in box.lines]
        return lines + [line for row in self._rows for cell in row.cells for line in cell]

    def delete_row(self) -> bool:
        """Whether the properties of a row were being read, which is now deleted."""
        if self.in_row_properties and self._rows:
            self._rows[-1].gone = True
            return True
        return False

    def merge_cell(self) -> None:
        """Nothing; the cell is the rest of another."""
        self.top.merged = self.top.is_cell

    def delete_cell(self) -> None:
        """Nothing; the cell was deleted."""
        self.top.deleted = self.top.is_cell

    def open_table(self) -> None:
        """Nothing; rows that follow are of a new table."""
        self._tables.append(self.next_number())

    def close_table(self) -> None:
        """Nothing; the table is whole."""
        self._tables.pop()

    def open_row(self) -> None:
        """Nothing; cells that follow are of a new row."""
        self._rows.append(Row(self.next_number()))

    def close_row(self) -> None:
        """Nothing; the row's lines go to the box around it."""
        row = self._rows.pop()
        if not row.gone:
            depth = self.top.depth + _CELL_LEVELS - 1
            self.top.lines += row_lines(row.cells, block=row.number, container=self._table, depth=depth)

    def open_cell(self) -> None:
        """Nothing; paragraphs that follow are of a new cell."""
        self._open.append(Box(self._table, self.top.depth + _CELL_LEVELS, is_cell=True))

    def close_cell(self) -> None:
        """Nothing; the cell's lines go to its row, or where there is none to the box around it."""
        box = self._close(self._open.pop())
        lines = [] if box.merged or box.deleted else box.lines
        if self._rows and not box.deleted:
            self._rows[-1].cells.append(lines)
        else:
            self.top.lines += lines

    def open_text_box(self, anchor: Paragraph | None) -> None:
        """Nothing; paragraphs that follow are of a text box, which stands behind its anchor."""
        self._anchors.append(anchor)
        self._open.append(Box(self.next_number(), self.top.depth + 1))

    def close_text_box(self) -> None:
        """Nothing; the lines of the text box that are not blank go where they stand."""
        box, anchor = self._close(self._open.pop()), self._anchors.pop()
        lines = [line for line in box.lines if line.text.strip()]
        if anchor is None:
            self.top.lines += lines
        else:
            anchor.anchor(lines)

    def open_note(self, name: str) -> None:
        """Nothing; paragraphs that follow are of a note."""
        self._note = name
        self._open.append(Box(self.next_number(), 2))

    def close_note(self) -> None:
        """Nothing; the note is whole."""
        box = self._close(self._open.pop())
        self.notes.setdefault(self._note, [line for line in box.lines if line.text.strip()])

    @property
    def _table(self) -> int:
        return self._tables[-1] if self._tables else 0

    def _close(self, box: Box) -> Box:
        """The box; a paragraph in it that was to go on in the next ends all the same."""
        if box.carried is not None:
            tag = "td" if box.is_cell else "p"
            left = box.carried.to_lines(tag, box.depth, self.next_number(), box.number)
            box.lines += [line for line in left if line.text]
            box.carried = None
        return box
