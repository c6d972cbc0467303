"""The lines of a whole web page as numbers: each by itself, its place, the page's headline, and what the HTML says.

No words of any page are among them, only closed lists that stand here: a model fitted on pages of others holds none of
their text. The lists name simplified and traditional characters, the rest is blind to the script.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from govtext.boilerplate.lines import to_lines
from govtext.features.ngrams import normalise
from govtext.source import LineHint as LineHint

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

LOOKED_AT = 200  # characters of a line in which words are looked for
FAR = 60  # lines; what is farther is as good as not there
# A line that reads like prose: so long, and with a full stop or two commas.
PROSE_FROM, PROSE_COMMAS = 25, 2
PROSE_MOST, NO_PROSE = 300, -20.0  # what a line adds to the densest block: at most so much, or this
HEADLINE = (5, 70)  # characters, without white space; below, at most: headlines
COPIED = 0.8  # share of a line's four-character strings that makes it a copy of another
HEADER_MOST = 14  # characters of a line that may be the header of what follows the text

# Characters of sentences and not of menus, both scripts.
FUNCTION_CHARACTERS = frozenset(
    "的了在是和不有这與与为為对對就也而等以到上中及其被将將他她我们們一个個还還但会會着著之说說于於从從使并並更所后後都可能要这這"
)
CUES = {
    "copyright": r"版权|版權|copyright|©|all rights|转载|轉載|声明|聲明|備案|备案|icp",
    "comment": r"评论|評論|留言|跟帖|网友|網友|回复|回覆|发表|發表|討論|讨论",
    "account": r"登录|登入|登錄|注册|註冊|密码|密碼|会员|會員|用户|用戶",
    "share": r"分享|微博|收藏|推荐|推薦|打印|列印|转寄|轉寄|facebook|plurk|twitter|qq|字号|字號|字體|字体",
    "related": r"相关|相關|更多|延伸|热门|熱門|排行|上一|下一|精彩|最新|点击|點擊|點閱|人气|人氣|more",
    "byline": r"编辑|編輯|责编|責編|作者|来源|來源|稿源|撰文|报导|報導|报道|報道|记者|記者|通讯员|通訊員",
    "photo": r"[图圖][/:为為]|摄|攝|组图|組圖|图片|圖片|照片|提供",
    "lead": r"[讯訊](?:[ (]|$)|日电|日電|综合报道|綜合報導|/.{1,8}(?:报导|報導)|[电電][)〕]",
    "speech": r"表示|指出|[说說][,:]|认为|認為|据|據|介绍|介紹|透露|[称稱],",
    "url": r"http|www\.|\.com|\.cn|@",
    "advert": r"广告|廣告|赞助|贊助|购|購|元|热线|熱線|电话|電話",
    "crumb": r"[>»›]|首页|首頁|位置",
}
_CUES = tuple(re.compile(pattern) for pattern in CUES.values())
_HEADER = re.compile(
    "相关|相關|评论|評論|留言|更多|推荐|推薦|热门|熱門|延伸|编辑|編輯|声明|聲明|版权|版權|分享|上一|下一|回應|讨论|討論|标签|標籤|关键词|關鍵字"
)
_CELL, _RUN = re.compile("[ |]"), re.compile("[,。!?;:、 ]")
_BULLETS, _OPENING = "·•・◎●■▪※-〉》>→◆★☆○[【(", '「『“"'
_ENDS, _QUOTES, _BRACKETS = "。!?」”』…;:)", '「」『』“”"《》', "()【】[]〔〕"
TAGS = ("p", "div", "li", "td", "option", "dd", "dt", "h", "title", "form")  # h: h1 to h6


@dataclass(frozen=True, slots=True, eq=False)
class WebPage:
    """The lines of a page, ready for both passes.

    texts     normalised, white space folded
    lengths   characters of each
    mass      characters of the lines that read like prose, 0 for the others
    features  (n_lines, n_features) of the first pass; with hints, wider
    hints     as given
    """

    texts: Sequence[str]
    lengths: Floats
    mass: Floats
    features: Floats
    hints: Sequence[LineHint] | None


def to_page(lines: Sequence[str], hints: Sequence[LineHint] | None = None) -> WebPage:
    """The page that the lines make, in order, the first one its title element.

    Raises:
        ValueError: as many hints as lines are wanted.
    """
    if hints is not None and len(hints) != len(lines):
        raise ValueError(f"{len(hints)} hints for {len(lines)} lines; give one a line, or none at all")
    texts = [" ".join(normalise(line).split()) for line in lines]
    own = np.array([_own(text) for text in texts], np.float64).reshape(len(texts), len(_own("")))
    shape = to_lines(lines).shape
    lengths = np.array([len(text) for text in texts], np.float64)
    stops, commas = own[:, 4], own[:, 5]
    prose = (lengths >= PROSE_FROM) & ((stops > 0) | (commas > math.log(PROSE_COMMAS)))
    mass = np.where(prose, lengths, 0.0)
    parts = [shape, own]
    if lines:
        parts += [_place(lengths, mass), _headline(texts, mass)]
        parts += [_from_html(hints, lengths, mass)] if hints is not None else []
    return WebPage(texts, lengths, mass, np.hstack(parts), hints)


def n_page_features(*, hinted: bool) -> int:
    """How many numbers the first pass sees of a line."""
    hints = [LineHint("p", 0.0, 1, 0, 0)] if hinted else None
    return int(to_page(["-"], hints).features.shape[1])


def signed_log(values: NDArray[np.generic] | float) -> Floats:
    """log(1 + |x|) with the sign of x: for counts and distances."""
    numbers = np.asarray(values, np.float64)
    return np.asarray(np.sign(numbers) * np.log1p(np.abs(numbers)))


def best_block(scores: Floats) -> tuple[int, int]:
    """First and last line of the stretch with the largest sum of scores."""
    sums = np.concatenate(([0.0], np.cumsum(scores)))
    lowest = np.minimum.accumulate(sums[:-1])
    last = int((sums[1:] - lowest).argmax())
    return int(sums[: last + 1].argmin()), last


def block_columns(scores: Floats) -> Floats:
    """Where each line stands to the best block: inside, lines before, behind, from its begin and end, its size, (n, 7)."""
    n = len(scores)
    place = np.arange(n)
    first, last = best_block(scores)
    inside = (place >= first) & (place <= last)
    before, behind = np.maximum(first - place, 0), np.maximum(place - last, 0)
    from_first, from_last = np.where(inside, place - first, -1), np.where(inside, last - place, -1)
    counts = signed_log(np.stack([before, behind, from_first, from_last, np.full(n, last - first + 1)], axis=1))
    return np.hstack([inside[:, None], counts, (place - first)[:, None] / n])


def to_neighbours(hit: NDArray[np.bool_]) -> tuple[Ints, Ints]:
    """Lines to the nearest hit before and behind each line, itself left out, at most `FAR`."""
    place = np.arange(len(hit))
    before = np.maximum.accumulate(np.where(hit, place, -FAR))
    behind = np.minimum.accumulate(np.where(hit, place, len(hit) + FAR)[::-1])[::-1]
    previous, following = np.append(-FAR, before[:-1]), np.append(behind[1:], len(hit) + FAR)
    return np.minimum(place - previous, FAR), np.minimum(following - place, FAR)


def shifted(values: Floats, offset: int) -> Floats:
    """Each line's value `offset` lines further on, 0 outside the page."""
    out = np.zeros_like(values)
    n = len(values)
    if abs(offset) < n:
        out[max(-offset, 0) : n - max(offset, 0)] = values[max(offset, 0) : n + min(offset, 0)]
    return out


def strings(text: str, length: int) -> set[str]:
    """The distinct strings of so many characters; the text itself where it is shorter."""
    return {text[i : i + length] for i in range(len(text) - length + 1)} or {text}


def _own(text: str) -> list[float]:
    n = max(len(text), 1)
    counts = Counter(text)

    def count(characters: Iterable[str]) -> int:
        return sum(counts[c] for c in characters)

    chinese = sum(k for c, k in counts.items() if "\u3400" <= c <= "\u9fff")
    latin = sum(k for c, k in counts.items() if "a" <= c <= "z")
    function = count(FUNCTION_CHARACTERS)
    stops, commas = count("。!?;"), count(",、")
    first, last = text[:1], text[-1:]
    cells = [len(cell) for cell in _CELL.split(text)]
    head = text[:LOOKED_AT]
    return [
        chinese / n, latin / n, function / max(chinese, 1), math.log1p(function), math.log1p(stops), math.log1p(commas),
        (stops + commas) / n, count(_QUOTES) / n, count(_BRACKETS) / n,
        bool(first) and first in _BULLETS, bool(first) and first in _OPENING, first == "0",
        bool(last) and last in _ENDS, last == "…" or text.endswith(".."), bool(last) and last in "」”』",
        bool(last) and last in ")]】", math.log1p(max(cells)), math.log1p(len(cells)),
        math.log1p(max(map(len, _RUN.split(text)))), not chinese,
        *(pattern.search(head) is not None for pattern in _CUES),
    ]  # fmt: skip


def _place(lengths: Floats, mass: Floats) -> Floats:
    """Where each line stands on the page and to its prose."""
    n = len(lengths)
    place = np.arange(n)
    sums = np.cumsum(mass)
    total = sums[-1]
    prose = mass > 0
    before, behind = to_neighbours(prose)
    longest = int(mass.argmax())
    columns = [
        (sums - mass) / max(total, 1), sums / max(total, 1), np.log1p(sums - mass), np.log1p(total - sums),
        signed_log(before), signed_log(behind), signed_log(place - longest), np.log1p(np.abs(place - longest)),
        lengths / max(lengths.max(), 1), np.log1p(place), np.log1p(n - 1 - place), place / n, np.full(n, math.log1p(n)),
        np.full(n, math.log1p(total)), np.full(n, math.log1p(prose.sum())),
    ]  # fmt: skip
    scores = np.where(prose, np.minimum(lengths, PROSE_MOST), NO_PROSE)
    return np.hstack([np.stack(columns, axis=1), block_columns(scores)])


def _share(part: set[str], whole: set[str]) -> float:
    return len(part & whole) / len(part)


def _headline(texts: Sequence[str], mass: Floats) -> Floats:
    """What each line shares with the page's title, its headline and its prose; what has passed since.

    The headline is the line whose strings stand in the title and fill most of it. The title says what the page is
    about: of all groups this one gave most (0.87 → 0.91 on folds by site).
    """
    plain = [text.replace(" ", "") for text in texts]
    sets = [strings(text, 4) for text in plain]
    n, place = len(plain), np.arange(len(plain))
    lengths = np.array([len(text) for text in plain])
    in_title = np.array([_share(own, sets[0]) for own in sets])
    of_title = np.array([_share(sets[0], own) for own in sets])
    fits = (in_title >= COPIED) & (lengths >= HEADLINE[0]) & (lengths < HEADLINE[1]) & (place > 0)
    score = np.where(fits, of_title, 0.0)
    best = int(score.argmax())
    found = bool(score[best] > 0)
    headline = sets[best] if found else set()
    in_headline = np.array([_share(own, headline) for own in sets])
    of_headline = np.array([_share(headline, own) for own in sets]) if found else np.zeros(n)
    prose = mass > 0
    counts = Counter(string for own, is_prose in zip(sets, prose) if is_prose for string in own)
    in_prose = np.array([sum(counts[s] > is_prose for s in own) / len(own) for own, is_prose in zip(sets, prose)])
    longest = int(mass.argmax())
    copies = np.flatnonzero((in_headline >= COPIED) & (lengths >= HEADLINE[0]) & (place > 0) & (place < longest))
    near = int(copies[-1]) if len(copies) else -1
    since = place - near if len(copies) else np.zeros(n)
    headers = np.array([len(t) <= HEADER_MOST and _HEADER.search(t) is not None for t in plain])
    passed = np.cumsum(headers)
    after = np.where(place > longest, passed - headers - passed[longest], 0)
    twice = Counter(plain)
    columns = [
        in_title >= COPIED, (in_title >= COPIED) & (lengths >= 8), in_headline, in_headline >= COPIED, of_headline,
        of_headline >= COPIED, in_prose, in_prose >= COPIED, np.full(n, found), np.full(n, score[best]),
        np.array([twice[t] > 1 for t in plain]) & (in_headline >= COPIED), (place == 0) * score[best],
        (place == 0) & (score[best] >= COPIED), place == near, np.log1p(np.maximum(-since, 0)),
        np.log1p(np.maximum(since, 0)), np.full(n, near < 0), (since > 0) & (place <= longest), (since > 0) & (since <= 3),
        np.log1p(after), after > 0, np.log1p(np.where(place < longest, passed[longest] - passed, 0)), headers,
    ]  # fmt: skip
    return np.stack(columns, axis=1).astype(np.float64)


def sums_by(keys: Ints, values: Floats) -> Floats:
    """For each line the sum of the values over all lines with its key."""
    _, which = np.unique(keys, return_inverse=True)
    return np.asarray(np.bincount(which, values)[which], np.float64)


def _from_html(hints: Sequence[LineHint], lengths: Floats, mass: Floats) -> Floats:
    """Tag, links around, and how much prose the elements around a line hold."""
    tags = [hint.tag for hint in hints]
    one_hot = np.array(
        [[re.fullmatch("h[1-6]", tag) is not None if t == "h" else tag == t for t in TAGS] for tag in tags]
    )
    links = np.array([hint.link_share for hint in hints], np.float64)
    depth = np.array([hint.depth for hint in hints], np.float64)
    blocks = np.array([hint.block for hint in hints], np.int64)
    containers = np.array([hint.container for hint in hints], np.int64)
    unlinked = mass * (1 - links)
    inside = sums_by(containers, unlinked)
    longest = int(mass.argmax())
    columns = [
        links, *(shifted(links, offset) for offset in (1, -1, 2, -2)), np.log1p((1 - links) * lengths),
        np.log1p(inside), inside / max(inside.max(), 1), np.log1p(sums_by(containers, np.ones(len(hints)))),
        inside / np.maximum(sums_by(containers, lengths), 1), inside / max(mass.sum(), 1),
        *(np.append(False, same) for same in (containers[1:] == containers[:-1], blocks[1:] == blocks[:-1])),
        *(np.append(same, False) for same in (containers[1:] == containers[:-1], blocks[1:] == blocks[:-1])),
        depth, depth - shifted(depth, 1), depth - shifted(depth, -1), depth - depth[longest],
        containers == containers[longest], blocks == blocks[longest],
    ]  # fmt: skip
    return np.hstack([one_hot, np.stack(columns, axis=1)]).astype(np.float64)
