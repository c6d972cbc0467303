"""The tags of a web page one after another, each with the text before it; no tree is built, so nothing can be too deep.

The rules are those of the HTML standard's tokeniser (html.spec.whatwg.org, 13.2.5) as far as text hangs on them: where a
tag, a comment, a script ends. The time is linear in the page: every place is looked at a bounded number of times, whatever
stands there.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from typing import Final

NONE: Final = sys.maxsize  # where something stands that stands nowhere
UNCLOSED: Final = "!unclosed"  # the name of what swallows the rest of the page, which stands in place of attributes

# Their text is none of the page's: it runs to the end tag, whatever else stands in it. noscript and noframes are for those
# who run no scripts and show no frames.
RAW: Final = frozenset(("script", "style", "iframe", "noembed", "noframes", "noscript", "textarea", "xmp", "title"))
SHOWN: Final = frozenset(("title", "xmp"))  # of these the text is handed on
# Browsers hide the rest of a page where one of these is never closed; here it is passed over.
_LENIENT: Final = RAW - {"script", "style"}
WHITE: Final = " \t\n\f\r"

# Quotes mean something behind `=` only. The bounds hold for all tags but hostile ones and those with a picture written into
# an attribute, which `_Odd` takes. Possessive, so that a tag that does not end is given up at once.
_VALUE = r"""=\s{0,20}+(?:"[^"]{0,1000}+"|'[^']{0,1000}+'|[^\s>"'][^\s>]{0,1000}+)?+"""
_TAG = re.compile(
    r"<(?:(/?[a-zA-Z][^\s/>]{0,19}+)((?:[^>=]{0,500}+" + _VALUE + r"){0,40}+[^>=]{0,500}+)>|(?=[a-zA-Z/!?%]))"
)
_NAME = re.compile(r"/?[a-zA-Z][^\s/>]{0,19}")
_ATTRIBUTE = re.compile(
    r"""([^\s"'>/=]{1,40})(?:\s{0,9}=\s{0,9}(?:"([^"]{0,2000})"|'([^']{0,2000})'|([^\s"'>][^\s>]{0,2000}))?)?"""
)
LOOKED_AT: Final = 4000  # characters of a tag
_SERVER_CODE = 10_000  # characters of <% … %> or <? … ?>, left by a template that was saved as it is


def tags(page: str) -> Iterator[tuple[str, str, str]]:
    """Text, the name of the tag behind it in lower case (`/p` for an end tag), and what stands in the tag beside the name.

    What is no tag for a reader, such as a comment, has a name that begins with `!`; behind the last text there is none.
    Of the elements of `RAW` only the tags are given, of those of `SHOWN` their text too.
    """
    odd = _Odd(page)
    text, at = 0, 0  # where the text begins, and where the search goes on
    while True:
        for match in _TAG.finditer(page, at):
            start, end = match.span()
            name, inside = match.groups()
            if name is not None:
                name = name.lower()
                yield page[text:start], name, inside
                text = end
                if name not in RAW:
                    continue
                at = end
                break
            # From behind what the pattern does not take, the search begins anew.
            name, inside, end = odd.tag(start)
            at = max(end, start + 1)
            if name:
                name = name.lower()
                yield page[text:start], name, inside
                text = end
            break
        else:
            yield page[text:], "", ""
            return
        if name == UNCLOSED:
            return
        if name in RAW:
            end = odd.raw_end(name, at)
            if end == NONE and name not in _LENIENT and not inside.endswith("/"):
                yield "", UNCLOSED, name
                return
            if name == "title" and end == NONE:
                end = _first(page, "<", at)
                yield page[at:end], "/title", ""
            elif name in SHOWN and end != NONE:
                yield page[at:end], "!", ""
            text = at = at if end == NONE else end


def attributes(inside: str) -> dict[str, str]:
    """What stands in a tag beside its name: values by names in lower case, the first of each name, as browsers take them.

    Values are as written; no more than the first `LOOKED_AT` characters are looked at.
    """
    found: dict[str, str] = {}
    for match in _ATTRIBUTE.finditer(inside[:LOOKED_AT]):
        found.setdefault(match[1].lower(), match[2] or match[3] or match[4] or "")
    return found


def _first(page: str, wanted: str, start: int) -> int:
    found = page.find(wanted, start)
    return len(page) if found < 0 else found


class _Ahead:
    """Where a string stands next; asked for places in order, it looks at each place of the page once."""

    def __init__(self, page: str, wanted: str) -> None:
        self.page, self.wanted, self.next = page, wanted, -1

    def __call__(self, start: int) -> int:
        if self.next < start:
            found = self.page.find(self.wanted, start)
            self.next = NONE if found < 0 else found
        return self.next


class _Odd:
    """What the pattern of a usual tag does not take: comments, declarations, tags of many attributes, raw text."""

    def __init__(self, page: str) -> None:
        self.page = page
        self.close, self.equals = _Ahead(page, ">"), _Ahead(page, "=")
        self.quotes = {'"': _Ahead(page, '"'), "'": _Ahead(page, "'")}
        self.comment, self.loose_comment = _Ahead(page, "-->"), _Ahead(page, "--!>")
        self.code = {"%": _Ahead(page, "%>"), "?": _Ahead(page, "?>")}
        self.quoted = True  # until quotes have led a tag to the end of the page; from then on they mean nothing
        self.never_closed: set[str] = set()

    def tag(self, start: int) -> tuple[str, str, int]:
        """Name, what else stands in it, and its end; no name where `<` is text."""
        page = self.page
        head = page[start + 1]
        if page.startswith("<!--", start):
            return self._comment(start)
        if head in self.code:
            end = self.code[head](start + 2)
            if end - start <= _SERVER_CODE:
                return "!", "", end + 2
            if head == "%":
                return "", "", 0
        name = _NAME.match(page, start + 1)
        if name is None:
            # Declarations, instructions, and end tags without a name: the standard's bogus comments.
            end = self.close(start + 2)
            return ("!", "", end + 1) if end != NONE else (UNCLOSED, "tag", len(page))
        end = self._tag_end(name.end())
        return (name[0], page[name.end() : end], end + 1) if end != NONE else (UNCLOSED, "tag", len(page))

    def _comment(self, start: int) -> tuple[str, str, int]:
        for empty in ("<!-->", "<!--->"):
            if self.page.startswith(empty, start):
                return "!", "", start + len(empty)
        end, loose = self.comment(start + 4), self.loose_comment(start + 4)
        if end == loose:
            return UNCLOSED, "comment", len(self.page)
        return "!", "", min(end + 3, loose + 4)

    def _tag_end(self, at: int) -> int:
        """Where the `>` of a tag stands, its name ending at `at`; those in quotes are passed over."""
        page, begin = self.page, at
        while self.quoted:
            close, equals = self.close(at), self.equals(at)
            if close == NONE:
                self.quoted, self.close = False, _Ahead(page, ">")
                break
            if close < equals:
                return close
            at = equals + 1
            while page[at : at + 1] in WHITE and at < len(page):
                at += 1
            quote = self.quotes.get(page[at : at + 1])
            if quote is not None:
                end = quote(at + 1)
                at = at + 1 if end == NONE else end + 1
        return self.close(begin)

    def raw_end(self, name: str, at: int) -> int:
        """Where the end tag of an element of raw text begins."""
        if name in self.never_closed:
            return NONE
        end = self._end_tag(name, at)
        if end == NONE:
            self.never_closed.add(name)
        elif name == "script":
            # A script that writes a script, both in a comment, goes on behind the end tag of the inner one (13.2.5.28).
            opened = self.page.rfind("<!--", at, end)
            if opened >= 0 and self.page.rfind("-->", opened, end) < 0 and "<script" in self.page[opened:end].lower():
                outer = self._end_tag(name, end + 2)
                end = end if outer == NONE else outer
        return end

    def _end_tag(self, name: str, at: int) -> int:
        page = self.page
        while (at := page.find("</", at)) >= 0:
            end = at + 2 + len(name)
            if page[at + 2 : end].lower() == name and page[end : end + 1] in " \t\n\f\r/>":
                return at
            at += 2
        return NONE
