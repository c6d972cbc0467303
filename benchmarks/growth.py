"""How the time of the whole road grows with the text, on texts made to be slow: `make growth`.

Every text is built from a unit that some pattern or table of the package could run long on, repeated to 10, 20 and 40
thousand characters, and goes in as bytes through `classify` with the bundled model. A doubling may take at most `MOST`
times as long. Then one line of 10 MB, as prose and as markers, each in a process of its own: its time and its peak
memory. Times are processor time, so that what else the machine does counts little. Prints tables, writes growth.json,
ends with 1 if a ratio is too large.
"""

from __future__ import annotations

import argparse
import json
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date
from functools import partial
from importlib.util import find_spec
from pathlib import Path

from govtext.boilerplate.copies import to_passages
from govtext.boilerplate.occurrences import text_lines, to_lines
from govtext.labelling import Model, load

FIGURES = Path(__file__).with_suffix(".json")
SIZES = (10_000, 20_000, 40_000)  # characters
MOST = 2.5  # times as long for twice the text
JUDGED_FROM = 0.02  # seconds; shorter times are shown, and noise
RUNS = 3
AGAIN = 2  # runs more, where a ratio looks too large
ONE_LINE = 10_000_000  # bytes

PROSE = (
    "全年走访企业120家，解决融资、用工、用地等难题36个，兑现奖补资金850万元，"
    "新认定高新技术企业14家，技术合同成交额达到2.6亿元，同比增长12.5%，群众满意度稳步提高。"
)
SOUP = "一、（一）1.（1）①二是第三，第二章十、1.1.2—2）第三条一是…；http://a.cn/**年第1页 共4页【（《“X市×家_"

# What is repeated, by what it is aimed at. The bad strings that everybody's patterns fall over come first.
UNITS: dict[str, tuple[str, ...]] = {
    "numerals and spaces": (
        "一", " ", "\t", "\u3000", "\u00a0", " x", "一 ", "\u3000一",
    ),
    "markers": (
        "一、", "、", "第", "第一", "第十一", "第一章", "第一部分", "十", "十一", "百", "零", "（", "(", "）",
        ")", "（一）", "（一", "(1)", "1.", "1", "1.1", "1.1.", "1.1.1", "1、", "11", "．", "①", "②③", "—",
        "--", "- ", "一是", "一是…；", "第一，", "是", "-01", "01-1821.", "三、四季度", "3、4月份", "2.5亿元",
        "一、（一）1.（1）①", "一、二、三、", "一、a\n", "1.\n", "（一）甲。乙",
    ),
    "stops and brackets": (
        "。", ".", "；", "：", "？", "…", "，", "“", "”", "《", "》", "【", "】", "[", "]", "〔", "((((",
        "【《（“", "”）》】",
    ),
    "lines": (
        "\n", "a\n", "一\n", "一、\n", "（一）\n", "1\n", "。\n", " \n", "\u3000\n", "一、总体情况\n",
        "总体情况\n", "- 1 -\n", "首页 | 列表\n", "\x0c", "\u0085", "\u2028", "一、总体情况\n全年工作平稳，\n",
        "各位代表：\n", "2023-01-05\n", "关于工作的总结\n一、情况\n",
    ),
    "masks": (
        "*", "**", "***", "* ", "*年", "**年", "20**年", "20xx年", "x", "X", "×", "××", "_", "__", "_______",
        "X市", "×家", "nn", "**年**月**日", "20xx年x月x日", "x.x", "1x", "1*", "*_", "n", "nn年", "○○", "○○家",
        " 家", "达到家", "增长%", "201年", "**甲", "_甲", "*****\n", "-*",
    ),
    "page marks": (
        "第1页", "第1页 共4页", "第 1 ", "共4页", "页 1", "页", "- 3 -", "-3-", "-", "— ", "PAGE", "NUMPAGE",
        "PAGE \\* MERGEFORMAT", "\\*", "\\n", ".doc", ".doc_第2页", "&amp;", "&", "<p>", "<", "<span ", "<a ",
        "`", "`a", "|", "甲|", "首页|", "首页 | ", "，n甲", "甲1、", "甲1、甲2、甲3、", "/\"", "\"", "(shi)",
        "业(yè)", "(yè", "HYPERLINK \"", "TOC \\o \"1-3\"", "甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉|",
    ),
    "addresses": (
        "http://", "http://a.cn", "http://www.", "www.", "www.a.com", "a.", "a.com", "a-", "a.a.a.cn", "@",
        "a@", "a@b", ".cn", ".com", "范文网.com", "范文网www.", "范文", "第一范文", "文库文档", "版权所有",
        "范文网版权所有", "未经许可不得转载", "转载", "请转载注明", "来源：", "来源：范文网", "本文来自",
        "更多", "更多范文请", "更多资料请访问", "请访问", "请登录", "关注", "关注公众号", "公众号", "领取",
        "点击", "点击下载", "下载", "下载本文", "会员", "VIP", "开通会员", "预览", "阅读全文", "仅显示", "隐藏",
        "（会员", "（点击下载", "©", "Copyright", "ICP", "电话", "电话1", "QQ", "微信",
    ),
    "site lines": (
        "上一篇", "相关阅读", "当前位置>", "甲>", ">", "甲乙 | ", "甲乙|丙丁|", "字体：大 中 小", "大 中 小 ",
        "发布时间：", "名 称", "2023-01-05 甲", "[01-05]", "甲乙丙丁[01-05]", "更多资料", "请", "声明",
        "如有侵权", "不代表", "本站整理", "★", "登录 | 注册", "索 引 号", "page ", " page", "pages \\",
        "来源 :",
    ),
    "prose": (
        PROSE, SOUP, "经济发展", "经济发展。", "一是抓服务；二是抓项目；", "。一、抓服务（一）抓培育。",
        "甲。" * 20 + "\n", "ａＢ９", "龍", "😀", "a", "é",
    ),
}  # fmt: skip


# What the patterns of boilerplate/masking.py and copies.py could run long on.
REPEATED = ("，", "一", "0年", "。", "各", "\n", "x", "甲市", "1、", "(此件")


def repeated(unit: str, n: int) -> str:
    """The unit over and over, `n` characters, with one word behind so that there is a text at all."""
    return (unit * (n // len(unit) + 1))[: n - 2] + "总结"


def nested(n: int) -> str:
    """Brackets that open half way, then close."""
    return "（" * (n // 2) + "）" * (n - n // 2)


def growing_lines(n: int) -> str:
    """Lines each one character longer than the one before."""
    text, length = "", 1
    while len(text) < n:
        text += "一" * length + "\n"
        length += 1
    return text[:n]


def different_headings(n: int) -> str:
    """Headings none of which occurs twice, each with a paragraph."""
    return "".join(f"一、{chr(0x4E00 + i % 5000)}{chr(0x5000 + i % 4999)}\n全年工作。\n" for i in range(n // 12 + 1))[
        :n
    ]


def wrapped(n: int) -> str:
    """One paragraph broken into lines in mid-sentence, so that all of them belong together."""
    return ("全年走访企业一百二十家并解决融资难题\n" * (n // 19 + 1))[:n]


def alternating_lines(n: int) -> str:
    """A heading of each family in turn, each on its line."""
    return ("一、甲\n（一）乙\n1.丙\n（1）丁\n①戊\n第一章己\n第一，庚\n" * (n // 36 + 1))[:n]


def deep_numbers(n: int) -> str:
    """Numbers that only rise: 1.甲 2.甲 3.甲 …, each on its line."""
    return "".join(f"{i}.甲\n" for i in range(1, n // 6 + 2))[:n]


BUILT: dict[str, Callable[[int], str]] = {
    "one line of body, then the rest of it": wrapped,
    "brackets open half way, then close": nested,
    "lines each longer than the last": growing_lines,
    "headings all different": different_headings,
    "a heading of each family in turn": alternating_lines,
    "numbers that only rise": deep_numbers,
    "a heading, then one long line": lambda n: "一、总体情况\n" + repeated("经济发展", n - 7),
    "a long line without stop, then short ones": lambda n: repeated("经济发展", n // 2) + "\n" + "甲\n" * (n // 4),
}


@dataclass(frozen=True, slots=True)
class Growth:
    """Seconds on the text of one unit and paragraphs found in it, one number for each of `SIZES`."""

    aim: str
    unit: str
    seconds: tuple[float, ...]
    paragraphs: tuple[int, ...]

    @property
    def ratios(self) -> tuple[float | None, ...]:
        """Of each doubling; None where the time is too short to judge."""
        pairs = zip(self.seconds, self.seconds[1:])
        return tuple(b / a if b >= JUDGED_FROM else None for a, b in pairs)

    @property
    def too_fast(self) -> bool:
        """Whether the time grows faster than is allowed."""
        return any(ratio is not None and ratio > MOST for ratio in self.ratios)

    @property
    def cut_finer(self) -> bool:
        """Whether wherever the time grows too fast the paragraphs do, too: the longer text is cut where the shorter is not.

        A text of one unit has one score everywhere, which lies above or below the threshold for all of it.
        """
        doublings = zip(self.ratios, self.paragraphs, self.paragraphs[1:])
        return all(n > MOST * before for ratio, before, n in doublings if ratio is not None and ratio > MOST)


def classified(model: Model, text: str) -> int:
    """The paragraphs of the text, read and classified."""
    return len(model.classify(text.encode()).paragraphs)


def recurring(text: str) -> int:
    """The lines of the text as a repetition model takes them in, with the signatures of their sentences."""
    lines = to_lines(text, text_lines(text))
    to_passages(text, lines.spans)
    return len(lines.spans)


def timed(work: Callable[[str], int], text: str, *, runs: int) -> tuple[float, int]:
    """Median processor time of the work on the text, and what it counts."""
    times, n_found = [], 0
    for _ in range(runs):
        started = time.process_time()
        n_found = work(text)
        times.append(time.process_time() - started)
    return statistics.median(times), n_found


def measured(work: Callable[[str], int], aim: str, unit: str, build: Callable[[int], str]) -> Growth:
    """The growth on one text; measured again with more runs where it looks too fast."""
    texts = [build(n) for n in SIZES]
    for runs in (RUNS, RUNS + AGAIN):
        found = [timed(work, text, runs=runs) for text in texts]
        growth = Growth(aim, unit, tuple(s for s, _ in found), tuple(n for _, n in found))
        if not growth.too_fast:
            break
    return growth


def one_line(kind: str) -> dict[str, float | int | str]:
    """Time, speed and peak memory of one line of 10 MB, in this process."""
    unit = {"prose": PROSE, "markers": SOUP}[kind]
    data = (unit * (ONE_LINE // len(unit.encode()) + 1)).encode()[:ONE_LINE].decode(errors="ignore").encode()
    model = load()
    model.classify(PROSE)
    started = time.process_time()
    report = model.classify(data)
    taken = time.process_time() - started
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return {
        "text": kind,
        "characters": len(report.text),
        "seconds": round(taken, 2),
        "Mchar_per_second": round(len(report.text) / taken / 1e6, 3),
        "megabytes_peak": round(peak / 1024),
        "paragraphs": len(report.paragraphs),
        "stretches": len(report.stretches),
    }


def one_line_apart(kind: str) -> dict[str, float | int | str]:
    """`one_line` in a process of its own, because peak memory never falls."""
    command = [sys.executable, __file__, "--one-line", kind]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    found: dict[str, float | int | str] = json.loads(done.stdout)
    return found


def shown(unit: str) -> str:
    """The unit on one short line, invisible characters escaped."""
    text = "".join(c if c.isprintable() and c != "\u3000" else c.encode("unicode_escape").decode() for c in unit)
    return text if len(text) <= 24 else text[:22] + "…"


def row(growth: Growth) -> str:
    """One line of the table."""
    ms = "".join(f"{1000 * s:9.1f}" for s in growth.seconds)
    ratios = "".join("       –" if r is None else f"{r:8.2f}" for r in growth.ratios)
    paragraphs = "".join(f"{n:8}" for n in growth.paragraphs)
    said = ("TOO FAST, cut finer" if growth.cut_finer else "TOO FAST") if growth.too_fast else ""
    return f"{ms}{ratios}{paragraphs}  {said:20}{growth.aim}: {shown(growth.unit)}"


def main() -> None:
    """Measure, print, write, judge."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--one-line", choices=("prose", "markers"), help="only this line of 10 MB, as JSON")
    parser.add_argument("--only", help="only units that contain this, nothing written")
    arguments = parser.parse_args()
    if arguments.one_line:
        print(json.dumps(one_line(arguments.one_line)))
        return
    model = load()
    model.classify(SOUP * 20)
    road = partial(classified, model)
    texts: list[tuple[Callable[[str], int], str, str, Callable[[int], str]]] = [
        (road, aim, unit, partial(repeated, unit)) for aim, units in UNITS.items() for unit in units
    ]
    texts += [(road, "built", name, build) for name, build in BUILT.items()]
    if find_spec("datasketch"):
        texts += [(recurring, "repetition", unit, partial(repeated, unit)) for unit in REPEATED]
    if arguments.only:
        texts = [one for one in texts if arguments.only in one[2]]
    print("".join(f"{n // 1000:>4}k ms " for n in SIZES) + "   ratio   ratio  paragraphs")
    found = []
    for work, aim, unit, build in texts:
        found.append(measured(work, aim, unit, build))
        print(row(found[-1]), flush=True)
    bad = [growth for growth in found if growth.too_fast]
    slowest = max(found, key=lambda growth: growth.seconds[-1])
    finer = sum(growth.cut_finer for growth in bad)
    print(
        f"{len(found)} texts, {len(bad)} grow too fast, {finer} of them cut finer; slowest: {slowest.aim}: {shown(slowest.unit)}"
    )
    if not arguments.only:
        lines = [one_line_apart(kind) for kind in ("prose", "markers")]
        for line in lines:
            print(", ".join(f"{key} {value}" for key, value in line.items()))
        result = {
            "date": date.today().isoformat(),
            "command": "make growth",
            "sizes": SIZES,
            "texts": [
                asdict(growth) | {"ratios": growth.ratios, "cut_finer": growth.too_fast and growth.cut_finer}
                for growth in found
            ],
            "one_line": lines,
        }
        FIGURES.write_text(json.dumps(result, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    if bad:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
