"""How Chinese a character is: its log-probability, by class, in the reading that an encoding gives."""

from __future__ import annotations

from functools import cache

# Log-probability of a character by its class. Set by hand from the shares of the classes in corpus/authored (frequent
# ideographs 0.6 of all characters, the others of level 1 0.2, ASCII 0.1 ...) divided by the size of the class.
ASCII_VALUE = -6.5
_FREQUENT, _LEVEL_1, _SIGN, _TRADITIONAL_IN_GB18030 = -6.3, -10.0, -10.0, -3.0
_FULL_WIDTH_LETTER, _IDEOGRAPH, _LETTER, _RARE, _ODD = -13.0, -15.0, -17.0, -19.0, -25.0
# The 400 ideographs most frequent in corpus/authored, then those of their Traditional forms that differ.
_FREQUENT_SIMPLIFIED = (
    "的一年业家人个工三成到企不上元技有科了新万项发全区中作在建开会产出专公两部党下市员对办名报实高二来大件进里分是用次学月和十务机局省行小政以资增把动入点为收改四地由户合设亿"
    "结组费子理同关目题长总研五每支厂单过评要后生位期条场级主县经术电化管查事定重天文创保提农金回平国计展打时与请利度心能补立多通本方制民第问权半得推加前处面比做投老委外教门标间明"
    "体审内现法当自所台看百口先六没村力头给率线规干等导育案商信日我交起水共领完批数少清接去记服车园情书程转从放好于活任值引院社班网税占室手备账讲整量派还验议均七申职队集联城检各料"
    "带按取品校持着号底们基责路落织达告算试签安证款其助就表周乡调划再强站难果退代道首师复意八走材示抓风才认份统已解减特最课排种识步财写可住配并选核优造只流今张培类千房也页争送型之让"
    "向九亩列系帮质众约团知构协预性编续府谈受效季拿镇价治奖准范纪群指话招厅逐器被考物额贷说求免更低况习环贴板字"
)
_FREQUENT_TRADITIONAL = (
    "業個萬項發區開會產專兩黨員對辦報實來進裡學務機資動點為戶設億結組費關題長總廠單過評後條場級縣經術電創農國計時與請補問權處門標間體審內現當臺沒頭給線規幹導領數記車園書轉從於網"
    "稅佔備賬講還驗議職隊聯檢帶著號們責織達試籤證鄉調劃強難師復風認統減課種識財寫並選優張類頁爭讓畝幫質眾約團構協預編續談鎮價獎準範紀話廳額貸說況習環貼"
)
_FREQUENT_SIGNS = "，。、；：（）《》“”「」·—…\N{IDEOGRAPHIC SPACE}"

# (first code point, last, value), the first range that holds wins; what no range holds is odd: controls, private use,
# lone surrogates, noncharacters.
_RANGES: tuple[tuple[int, int, float], ...] = (
    (0x20, 0x7E, ASCII_VALUE),
    (0x09, 0x0A, ASCII_VALUE),
    (0x0D, 0x0D, ASCII_VALUE),
    (0xA0, 0x052F, _LETTER),
    (0x2010, 0x203B, _SIGN),
    (0x20AC, 0x2116, _SIGN),
    (0x2160, 0x217F, _SIGN),
    (0x2460, 0x249B, _SIGN),
    (0x3001, 0x301F, _SIGN),
    (0xFF21, 0xFF3A, _FULL_WIDTH_LETTER),
    (0xFF41, 0xFF5A, _FULL_WIDTH_LETTER),
    (0xFF01, 0xFF5E, _SIGN),
    (0x4E00, 0x9FFF, _IDEOGRAPH),
    (0x1D00, 0x33FF, _LETTER),
    (0x0530, 0xD7FF, _RARE),
    (0xF900, 0xFDCF, _RARE),
    (0xFE00, 0xFFEF, _RARE),
    (0x1F000, 0x1FAFF, _LETTER),
    (0x10000, 0x323AF, _RARE),
)


class CharacterValues(dict[str, float]):
    """Log-probability by character, filled on demand."""

    def __missing__(self, char: str) -> float:
        point = ord(char)
        value = next((value for first, last, value in _RANGES if first <= point <= last), _ODD)
        self[char] = value
        return value


@cache
def character_values(encoding: str) -> CharacterValues:
    """The value of each character in a text read as `encoding`.

    Level 1 of GB2312 (3,755 ideographs) and of Big5 (5,401) come from the codecs, the frequent ones from the lists.
    What is only Traditional counts less in GB18030: rare there, but common in Big5 read as GB18030.
    """
    trails = [*range(0x40, 0x7F), *range(0xA1, 0xFF)]
    big5 = bytes(byte for lead in range(0xA4, 0xC7) for trail in trails for byte in (lead, trail))
    gb2312 = bytes(byte for lead in range(0xB0, 0xD8) for trail in range(0xA1, 0xFF) for byte in (lead, trail))
    discount = _TRADITIONAL_IN_GB18030 if encoding == "gb18030" else 0.0
    values = CharacterValues()
    # The rows behind level 1 of Big5 (C6A1 to C6FE) are kana, below U+4E00.
    values.update((char, _LEVEL_1 + discount) for char in big5.decode("big5", "ignore") if char >= "\u4e00")
    values.update((char, _FREQUENT + discount) for char in _FREQUENT_TRADITIONAL)
    values.update((char, _LEVEL_1) for char in gb2312.decode("gb2312", "ignore"))
    values.update((char, _FREQUENT) for char in _FREQUENT_SIMPLIFIED + _FREQUENT_SIGNS)
    return values
