"""What a report, its name or its labels may hold that an output must not obey: markup, formulas, odd characters, file names.

Used by tests/test_outputs.py and tests/test_targets.py and, in full, by benchmarks/hostile_outputs.py.
"""

from __future__ import annotations

import os
import random
from collections.abc import Iterator
from html.parser import HTMLParser
from itertools import product

# What a payload tries to leave before it begins, and what it then is: 20 × 25.
_LEAVES = (
    *(
        "",
        "'",
        '"',
        ">",
        '">',
        "'>",
        "</title>",
        "</style>",
        "</text></svg>",
        "</td></tr></table>",
        "</h1>",
        "</li></ul>",
    ),
    *("-->", "]]>", "\x00", "\x1b]8;;", "\N{LINE SEPARATOR}", "\N{RIGHT-TO-LEFT OVERRIDE}", "党建\ud800", "&lt;/p&gt;"),
)
_CORES = (
    *(
        "<script>alert(1)</script>",
        "<script src=//x.example/a.js>",
        "<ScRiPt >1</sCrIpT>",
        "<img src=x onerror=alert(1)>",
    ),
    *(
        "<svg onload=alert(1)>",
        "<svg><script>1</script></svg>",
        "<math><mi xlink:href=javascript:1>",
        "<a href=javascript:1>x",
    ),
    *("<iframe srcdoc='<script>1</script>'>", "<style>@import url(//x.example)</style>", "<base href=//x.example/>"),
    *("<meta http-equiv=refresh content=0;url=//x.example>", "<form action=//x.example><button>", "<object data=x>"),
    *("<link rel=stylesheet href=//x.example>", "<!--", "<![CDATA[", "<?php 1 ?>", "<!DOCTYPE x [<!ENTITY y 'z'>]>&y;"),
    *(
        " onmouseover=alert(1) x=",
        " style=position:fixed ",
        "&#60;script&#62;",
        "&lt;img src=x&gt;",
        "{{7*7}}${7*7}<%=7%>",
    ),
    "\N{FULLWIDTH LESS-THAN SIGN}script\N{FULLWIDTH GREATER-THAN SIGN}",
)
PAYLOADS = tuple(leave + core for leave, core in product(_LEAVES, _CORES))

# Formulas: nine triggers, bare, behind a space, or in full width where there is such a form; each quoted and not.
_TRIGGERS = ("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "=cmd|' /C calc'!A0", "-2+3+cmd|'x'!A1")
_WIDE = str.maketrans({c: chr(ord(c) + 0xFEE0) for c in "=+-@"})
FORMULAS = tuple(
    quote + form
    for trigger in _TRIGGERS
    for form in (trigger, f" {trigger}", trigger.translate(_WIDE))
    for quote in ("", '"')
)

# File names from ids: what climbs, what is a device, what is too long, what nobody sees.
NAMES = (
    *(
        "../x",
        "../../x",
        "..",
        ".",
        "",
        " ",
        "...",
        "/etc/passwd",
        "//server/share",
        "a/../../b",
        "a/b",
        "./a",
        "~/x",
        "~root",
    ),
    *(
        "..\\x",
        "C:\\x",
        "C:x",
        "\\\\?\\C:\\x",
        "a\\..\\..\\b",
        "NUL",
        "con",
        "con.txt",
        "COM1",
        "lpt9.log",
        "COM\xb9",
        "CONIN$",
    ),
    *("a\x00b", "a\nb", "a\tb", "\x1b[31mx", "x:y", "x|y", "a?b*c", "-rf", "--out=x", ".bashrc", "x.", "x "),
    *("报" * 300, "a" * 255, "e\N{COMBINING ACUTE ACCENT}" * 90, "a\ud800", os.fsdecode("报告".encode("gb18030"))),
    *("\N{RIGHT-TO-LEFT OVERRIDE}txt.exe", "a\N{ZERO WIDTH SPACE}b", "a\N{LINE SEPARATOR}b", "aux.tar.gz", "prn "),
)


class Skeleton(HTMLParser):
    """All of a page but its text: tags with their attributes, comments, declarations, in order."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[object] = []

    @classmethod
    def of(cls, page: str) -> list[object]:
        """The parts of a page."""
        parser = cls()
        parser.feed(page)
        parser.close()
        return parser.parts

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep it with its attributes."""
        self.parts.append((tag, tuple(attrs)))

    def handle_endtag(self, tag: str) -> None:
        """Keep it."""
        self.parts.append(f"/{tag}")

    def handle_comment(self, data: str) -> None:
        """Keep it: our pages have none."""
        self.parts.append(("comment", data))

    def handle_decl(self, decl: str) -> None:
        """Keep it: there is one."""
        self.parts.append(("declaration", decl))

    def handle_pi(self, data: str) -> None:
        """Keep it: our pages have none."""
        self.parts.append(("instruction", data))

    def unknown_decl(self, data: str) -> None:
        """Keep it: our pages have none."""
        self.parts.append(("unknown", data))


def harmless(payload: str) -> str:
    """A text as wide as the payload, on which nothing could be built: what a page is compared with."""
    return "".join("x" if c.isascii() and c.isprintable() and not c.isalnum() and c != " " else c for c in payload)


_ODD = "\x00\x07\x0b\x0c\x1c\x1d\x1e\x85\x7f\x9b\u200b\u2028\u2029\u202e\ufeff\ufffe\ud800\udfff\r\n\t\"'\\/<{}[]党𠀀"


def odd_texts(draw: random.Random, count: int) -> Iterator[str]:
    """Texts of characters that break lines, terminals or parsers, among plain ones."""
    for _ in range(count):
        yield "".join(draw.choice(_ODD if draw.random() < 0.5 else "工作1 a,") for _ in range(draw.randint(1, 40)))
