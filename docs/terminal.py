"""What a terminal shows of a command, as a page that a browser can take a picture of: for docs/screenshots.py."""

from __future__ import annotations

import re
from html import escape

_SEQUENCE = re.compile(r"\x1b\[([0-9;]{0,12})m")
# Codes of Select Graphic Rendition that govtext uses → CSS.
STYLES = {
    "1": "font-weight:bold", "2": "opacity:.6", "3": "font-style:italic", "4": "text-decoration:underline",
    "9": "text-decoration:line-through", "31": "color:#e06c75", "32": "color:#7ec07e", "33": "color:#d7b45a",
    "34": "color:#6aa6e8", "35": "color:#c38be0", "36": "color:#56b6c2", "90": "color:#8a94a3",
}  # fmt: skip
PAGE = """<!doctype html><meta charset="utf-8"><style>
body{{margin:0;background:#12161c;color:#dde3ea}}
pre{{margin:0;padding:18px 22px;font:15px/1.45 "Noto Sans Mono CJK SC","DejaVu Sans Mono",monospace}}
</style><pre>{}</pre>"""


def terminal_page(command: str, output: str) -> str:
    """The page of a terminal in which the command has written that; colours by the codes in the output."""
    shown, open_spans, position = [f"$ {escape(command)}\n"], 0, 0
    for match in _SEQUENCE.finditer(output):
        shown.append(escape(output[position : match.start()]))
        position = match.end()
        codes = [code for code in match[1].split(";") if code not in ("", "0")]
        if codes:
            css = ";".join(STYLES[code] for code in codes if code in STYLES)
            shown.append(f'<span style="{css}">')
            open_spans += 1
        else:
            shown.append("</span>" * open_spans)
            open_spans = 0
    return PAGE.format("".join([*shown, escape(output[position:]), "</span>" * open_spans]))
