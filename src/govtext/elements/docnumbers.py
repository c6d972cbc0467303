"""Document numbers: 国发〔2021〕3号 and the forms that converters and typists make of it.

>>> read_number("科发高字[2009] 12号").value
'科发高字〔2009〕12号'
"""

from __future__ import annotations

import re

from govtext.document import Element
from govtext.elements.dates import to_plain

LONGEST_LINE = 180  # characters of a title with its number behind it
_NUMBER = re.compile(
    r"(?P<office>[\u4e00-\u9fff]{2,16}(?:（[\u4e00-\u9fff]{1,6}）)?)\s{0,3}[〔（《]?\s{0,2}(?P<year>(?:19|20)[0-9]{2})\s{0,2}[〕）》]?"
    r"\s{0,3}(?:第\s{0,2})?(?P<no>[0-9]{1,5})\s{0,3}号(?![楼令码文公])"
)
# The last words of a title into which its number runs: …的通知国发〔2021〕3号.
_TITLE_ENDS = (
    "通知", "意见", "决定", "方案", "报告", "办法", "批复", "规划", "计划", "总结", "措施", "条例", "要点", "函", "字号", "文号",
)  # fmt: skip
_AROUND = "（） \N{IDEOGRAPHIC SPACE}\t\N{NO-BREAK SPACE}"


def read_number(text: str, start: int = 0, *, run_in: bool = False) -> Element[str] | None:
    """The document number that fills the text, or with `run_in` the one that stands last in it; None if there is none.

    A number in a sentence is that of another document, so it must fill its line. A masked one is None.
    """
    if len(text) > LONGEST_LINE or "号" not in text:
        return None
    plain = to_plain(text)
    match = None
    for found in _NUMBER.finditer(plain):
        match = found
    if match is None or ((plain[: match.start()] + plain[match.end() :]).strip(_AROUND) and not run_in):
        return None
    office, begin = match["office"], match.start()
    for word in _TITLE_ENDS:
        cut = office.rfind(word) + len(word)
        if len(word) <= cut < len(office):
            office, begin = office[cut:], begin + cut
    if len(office) < 2 or office[-1] in "年第共月日":
        return None
    value = f"{office}〔{match['year']}〕{int(match['no'])}号"
    return Element(start + begin, start + match.end(), text[begin : match.end()], value)
