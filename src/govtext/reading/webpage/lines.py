"""A web page to lines with hints: blocks begin and end lines, most other tags are passed over."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from html import unescape
from typing import Final

from govtext.reading.webpage.blocks import BLOCKS, BODY, HEAD, Blocks
from govtext.reading.webpage.marks import Numbering, Row, numbered
from govtext.reading.webpage.tags import UNCLOSED, WHITE, attributes, tags
from govtext.reading.webpage.unseen import NEVER_HIDDEN, UNSEEN, Hiding, is_hidden, seen
from govtext.source import LineHint

_PRE: Final = frozenset(("pre", "listing", "xmp"))
_LISTS: Final = frozenset(("ol", "ul", "menu", "dir"))
_CELLS: Final = frozenset(("td", "th"))
_LEFT: Final = _PRE | _LISTS | _CELLS | {"tr", "li"}  # blocks at whose end something is done
# What a row of short cells does not hold.
_LAYOUT: Final = frozenset(("table", "h1", "h2", "h3", "h4", "h5", "h6", "ol", "ul", "dl", "form", "pre", "fieldset"))


class PageLines:
    """What `read` finds in a page: its lines, the title first, a hint for each, and what may explain that there are none."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.hints: list[LineHint] = []
        self.title = ""
        self.unclosed = ""  # what the rest of the page has vanished in
        self.frame = ""  # the address of the first frame
        self.n_scripts = 0
        self._pieces: list[str] = []
        self._linked: list[str] = []  # those of them that are in links
        self._in_link = False
        self._blocks = Blocks(_LEFT, self._leave)
        self._open = self._blocks.open
        self._rows: list[Row] = []
        self._lists: list[Numbering] = []
        self._number = ""  # of an item whose first line has not come
        self._pre = 0
        self._hiding: list[Hiding] = []  # one by its attributes, and one inside it that never is shown
        self._hidden: list[tuple[int, int, bool]] = []

    def read(self, page: str) -> None:
        """Takes the page, all of it."""
        act, hiding = _ACTIONS.get, self._hiding
        shouts = "NONE" in page or "HIDDEN" in page
        for text, name, inside in tags(page):
            if text and (self._pieces or self._pre or text.strip(WHITE)):
                self._pieces.append(text)
                if self._in_link:
                    self._linked.append(text)
            action = act(name)
            if hiding:
                self._while_hiding(action, name, inside)
                continue
            if action is not None:
                action(self, name, inside)
            # No more than a first look, for it is taken at every tag.
            if inside and ("one" in inside or "idden" in inside or (shouts and not hiding)):
                self._hide(name, inside)
        self._finish()

    def _finish(self) -> None:
        self._end_line()
        for hiding in reversed(self._hiding):
            # Never closed: browsers would hide the rest of the page, but a template is the only one that means it.
            if hiding.name == "template":
                self.unclosed = hiding.name
                self._hidden.append((hiding.line, len(self.lines), True))
            self._pieces, self._linked = hiding.pieces, hiding.linked
            self._end_line()
        self._blocks.cut(len(BODY))
        self._drop_hidden()
        if self.title:
            self.lines.insert(0, self.title)
            self.hints.insert(0, LineHint("title", 0.0, len(BODY) + 1, HEAD + 1, HEAD))

    # Lines

    def _end_line(self) -> None:
        if not self._pieces:
            return
        text, share = "".join(self._pieces), 0.0
        self._pieces.clear()
        line = text if self._pre else folded(text)
        if self._linked:
            linked = folded("".join(self._linked))
            share = min(_ink(linked) / max(_ink(line), 1), 1.0)
            self._linked.clear()
        if self._pre:
            self._end_preformatted(text, share)
            return
        if not line or line.isspace():
            return
        if self._number:
            line, self._number = numbered(self._number, line, share), ""
        self._append(line, share)

    def _end_preformatted(self, text: str, share: float) -> None:
        shown = unescaped(text.replace("\r\n", "\n")).replace("\r", "\n").rstrip(WHITE).lstrip("\n")
        if shown:
            for line in shown.split("\n"):
                self._append(line.rstrip(WHITE), share)

    def _append(self, line: str, share: float) -> None:
        stack = self._open
        tag, block = stack[-1]
        self.lines.append(line)
        self.hints.append(LineHint(tag, share, len(stack), block, stack[-2][1]))

    # Tags

    def _start(self, name: str, inside: str) -> None:
        if self._pieces:
            self._end_line()
        self._blocks.start(name)

    def _start_special(self, name: str, inside: str) -> None:
        self._start(name, inside)
        if self._rows and name in _LAYOUT:
            self._rows[-1].simple = False
        special = _STARTS.get(name)
        if special is not None:
            special(self, self._open[-1][1], name, inside)

    def _end(self, name: str, inside: str) -> None:
        if self._pieces:
            self._end_line()
        self._blocks.end(name[1:])

    def _break(self, name: str, inside: str) -> None:
        if self._pre and name == "br":
            self._pieces.append("\n")
        else:
            self._end_line()

    def _link(self, name: str, inside: str) -> None:
        self._in_link = "href" in inside or "HREF" in inside

    def _start_unseen(self, name: str, inside: str) -> None:
        self._hide(name, inside)

    def _start_frame(self, name: str, inside: str) -> None:
        self.frame = self.frame or attributes(inside).get("src", "")

    def _start_script(self, name: str, inside: str) -> None:
        self.n_scripts += 1

    def _vanish(self, name: str, inside: str) -> None:
        self.unclosed = inside

    def _end_link(self, name: str, inside: str) -> None:
        self._in_link = False

    def _start_title(self, name: str, inside: str) -> None:
        self._end_line()

    def _end_title(self, name: str, inside: str) -> None:
        """Takes the first title; all others, as those of drawings, are not shown."""
        if not self.title and not self._hiding:
            self.title = folded("".join(self._pieces)).strip()
        self._pieces.clear()
        self._linked.clear()

    def _leave(self, name: str) -> None:
        """Ends a block of `_LEFT`."""
        if name == "tr":
            self._end_row()
        elif name in _LISTS:
            self._lists.pop()
        elif name in _PRE:
            self._pre -= 1
        elif name in _CELLS:
            self._in_link = False
        else:
            self._number = ""  # of an item without a line

    # Blocks that are more than a line

    def _start_row(self, number: int, name: str, inside: str) -> None:
        self._rows.append(Row(number, len(self.lines)))

    def _start_cell(self, number: int, name: str, inside: str) -> None:
        self._in_link = False
        if self._rows and self._open[-2][0] == "tr":
            row = self._rows[-1]
            # Text between the cells of a row stands before its table in a browser.
            row.simple &= bool(row.cells) or len(self.lines) == row.line
            row.cells.append(len(self.lines))

    def _end_row(self) -> None:
        row = self._rows.pop()
        joined = row.joined(self.lines, self.hints, self._open[-1][1])
        if joined is not None:
            del self.lines[row.cells[0] :], self.hints[row.cells[0] :]
            self.lines.append(joined[0])
            self.hints.append(joined[1])

    def _start_list(self, number: int, name: str, inside: str) -> None:
        self._lists.append(Numbering.of(name, inside))

    def _start_item(self, number: int, name: str, inside: str) -> None:
        self._number = self._lists[-1].item(inside) if self._lists else ""

    def _start_pre(self, number: int, name: str, inside: str) -> None:
        self._pre += 1

    # What is not shown

    def _hide(self, name: str, inside: str) -> None:
        if name in UNSEEN:
            if self._hiding and self._hiding[-1].forced:
                return
        elif self._hiding or name in NEVER_HIDDEN or name.startswith(("/", "!")) or not is_hidden(inside):
            return
        before = self._pieces, self._linked
        self._pieces, self._linked = [], []
        if self._rows:
            self._rows[-1].simple = False
        self._hiding.append(Hiding(name, self._open, line=len(self.lines), before=before))

    def _while_hiding(self, action: _Action | None, name: str, inside: str) -> None:
        n = len(self._hiding)
        if action is not None:
            action(self, name, inside)
        if len(self._hiding) > n:
            return
        while self._hiding and self._hiding[-1].ends(name, self._open):
            hiding = self._hiding.pop()
            self._end_line()
            if hiding.forced:
                self._blocks.cut(hiding.depth)  # options need no end tags
            self._hidden.append((hiding.line, len(self.lines), hiding.forced))
            self._pieces, self._linked = hiding.pieces, hiding.linked

    def _drop_hidden(self) -> None:
        if self._hidden:
            is_seen = seen(self.lines, self._hidden)
            self.lines = [line for line, stays in zip(self.lines, is_seen) if stays]
            self.hints = [hint for hint, stays in zip(self.hints, is_seen) if stays]


def folded(text: str) -> str:
    """The text with its references decoded, and white space of HTML folded into single spaces."""
    text = unescaped(text).strip(WHITE)
    if not text.isprintable():
        for white in WHITE[1:]:
            text = text.replace(white, " ")
    return " ".join(filter(None, text.split(" "))) if "  " in text else text


def unescaped(text: str) -> str:
    """The text with its character references decoded, those that mean nothing left as they are."""
    if "&" not in text:
        return text
    try:
        return unescape(text)
    except ValueError:
        # A number of thousands of digits, which Python does not convert.
        return unescape(text.replace("&#", "&amp;#"))


def _ink(text: str) -> int:
    return len(text) - text.count(" ")


_Action = Callable[[PageLines, str, str], None]
_Start = Callable[[PageLines, int, str, str], None]
# Blocks that are more than a line.
_STARTS: Final[Mapping[str, _Start]] = {
    "tr": PageLines._start_row,
    **dict.fromkeys(_CELLS, PageLines._start_cell),
    **dict.fromkeys(_LISTS, PageLines._start_list),
    "li": PageLines._start_item,
    **dict.fromkeys(_PRE, PageLines._start_pre),
}
# What is done at a tag; all others are passed over.
_ACTIONS: Final[Mapping[str, _Action]] = {
    **dict.fromkeys(BLOCKS, PageLines._start),
    **dict.fromkeys(_LAYOUT | _STARTS.keys(), PageLines._start_special),
    **dict.fromkeys((f"/{name}" for name in BLOCKS), PageLines._end),
    **dict.fromkeys(("br", "/br", "hr", "body", "/body", "/head", "/html"), PageLines._break),
    **dict.fromkeys(("frame", "iframe"), PageLines._start_frame),
    "script": PageLines._start_script,
    UNCLOSED: PageLines._vanish,
    **dict.fromkeys(UNSEEN, PageLines._start_unseen),
    "a": PageLines._link,
    "/a": PageLines._end_link,
    "title": PageLines._start_title,
    "/title": PageLines._end_title,
}
