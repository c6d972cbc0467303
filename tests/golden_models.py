"""One small model for each version of the format, kept for ever, with what it said of 200 texts when it was written.

When the format takes its next number (govtext/modelarrays.py), run `python tests/golden_models.py` once: it trains the model of
the new version on the reports below and writes `golden/models/vN.safetensors` and `vN.jsonl`. No file of an older version
is ever written again: a version that is still read must answer as it did, one that is not is refused with its sentence
(see `test_golden_models.py`, where both are listed).
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from govtext.document import LabelledParagraph, LabelledReport

FOLDER = Path(__file__).parent / "golden" / "models"
N_TEXTS = 200
N_REPORTS = 16
SHORTEST, LONGEST = 2, 7  # lines of a text
DECIMALS = 12  # of a probability; what is compared is 1e-9
THEMES = (("roads", "道路交通"), ("schools", "学校教育"), ("clinics", "医疗卫生"))

WHO = ("县交通局", "镇政府", "区教体局", "市卫健委", "街道办", "开发区")
WHEN = ("上半年", "今年以来", "三季度", "全年", "截至十月底")
DONE = {
    "roads": (
        "新修农村公路{}公里，改造危桥{}座",
        "整治道路隐患{}处，增设公交站点{}个",
        "开通客运班线{}条，养护国道{}公里",
    ),
    "schools": (
        "新建幼儿园{}所，培训教师{}人次",
        "改造中小学校舍{}处，招聘教师{}名",
        "开展课后服务的学校{}所，资助学生{}人",
    ),
    "clinics": (
        "建成村卫生室{}个，培训乡村医生{}名",
        "组织义诊{}场，为老人体检{}人",
        "县医院新增床位{}张，引进医生{}名",
    ),
}
PROBLEM = {
    "roads": "部分农村公路等级低，公交车次少",
    "schools": "部分学校教师不足，校舍老旧",
    "clinics": "村卫生室医生少，药品不全",
}
PLAN = {
    "roads": "再修公路{}公里，把公交通到每个村",
    "schools": "再建学校{}所，补足教师{}名",
    "clinics": "再建卫生室{}个，让医生下到村里",
}
NONE = ("干部认真学习，转变作风，狠抓落实", "严格值班制度，按时报送材料")
JUNK = (
    ("x:nav", "当前位置：首页 > 政务公开 > 工作总结"),
    ("x:byline", "来源：{} 发布时间：2019-11-0{} 浏览次数：{}"),
    ("x:related", "上一篇：关于做好防汛工作的通知"),
    ("x:promo", "扫一扫在手机打开当前页"),
    ("x:legal", "版权所有：{}办公室 技术支持：{}"),
    ("x:page", "第{}页 共{}页"),
)
NUMERALS = "一二三四五六"
Row = tuple[str, str, str, str]


def number(draw: random.Random) -> int:
    """A number as reports have them."""
    return draw.randint(2, 480)


def filled(sentence: str, draw: random.Random) -> str:
    """The sentence with numbers for its places."""
    return sentence.format(*(number(draw) for _ in range(sentence.count("{}"))))


def rows(draw: random.Random) -> Iterator[Row]:
    """One report as the rows of a corpus file: kind, role, themes, text; passages are too short to count as copies."""
    who = draw.choice(WHO)
    for kind, text in JUNK[:2]:
        if draw.random() < 0.8:
            yield kind, "-", "-", filled(text, draw)
    yield "title", "-", "-", f"{who}{draw.choice(WHEN)}工作总结"
    yield "meta", "-", "-", "县政府办公室："
    topics = draw.sample([code for code, _ in THEMES], draw.randint(1, len(THEMES)))
    yield "p", "overview", "-", f"{who}{draw.choice(NONE)}。"
    names = dict(THEMES)
    for place, code in enumerate(topics):
        yield "h1", "done", code, f"{NUMERALS[place]}、抓好{names[code]}工作"
        for sentence in draw.sample(DONE[code], draw.randint(1, 2)):
            head = f"{place + 1}.抓{draw.choice(('建设', '管理'))}。‖" if draw.random() < 0.3 else ""
            text = f"{head}{draw.choice(WHEN)}{filled(sentence, draw)}。"
            yield "h2+p" if head else "p", "done", code, text
    worst = draw.choice(topics)
    yield "h1", "problem", "-", f"{NUMERALS[len(topics)]}、存在的问题"
    yield "p", "problem", worst, f"{PROBLEM[worst]}，差距不小。"
    yield "h1", "plan", "-", f"{NUMERALS[len(topics) + 1]}、下一步打算"
    yield "p", "plan", worst, f"{filled(PLAN[worst], draw)}。"
    for kind, text in JUNK[2:]:
        if draw.random() < 0.7:
            yield kind, "-", "-", filled(text, draw)


def texts() -> list[str]:
    """Some lines each out of two hundred reports, which differ from those of training in numbers and order."""
    draw = random.Random(200)
    found: dict[str, None] = {}
    while len(found) < N_TEXTS:
        lines = [text.replace("‖", "") for *_, text in rows(draw)]
        first = draw.randrange(len(lines) - SHORTEST)
        found["\n".join(lines[first : first + draw.randint(SHORTEST, LONGEST)]) + "\n"] = None
    return list(found)


def scores_of(p: LabelledParagraph) -> list[float]:
    """Every probability of a paragraph."""
    return [p.verdict.score, *p.themes.values(), *(s for s in (p.role_score, p.formulaic_score) if s is not None)]


def answers(report: LabelledReport) -> list[dict[str, Any]]:
    """What is kept of a report: of each paragraph what was decided, and every probability."""
    return [
        {
            "span": [p.start, p.end],
            "kind": [p.kind, p.level, p.boilerplate],
            "labels": list(p.labels),
            "role": p.role,
            "formulaic": p.formulaic,
            "scores": [round(s, DECIMALS) for s in scores_of(p)],
        }
        for p in report.paragraphs
    ]


def trained() -> bytes:
    """The model file of this version, with networks of a few units: what they say matters less than that they say it again."""
    from govtext.taxonomy import Taxonomy, Theme
    from govtext.training import networks
    from govtext.training.corpus import read_corpus
    from govtext.training.fit import TrainingConfig, train

    networks.RECIPES.update({k: replace(recipe, units=3, seeds=1) for k, recipe in networks.RECIPES.items()})
    taxonomy = Taxonomy(tuple(Theme(*theme) for theme in THEMES), 2)
    draw = random.Random(1)
    with tempfile.TemporaryDirectory() as name:
        for place in range(N_REPORTS):
            path = Path(name) / f"G{place:03}.tsv"
            path.write_text("".join("\t".join(row) + "\n" for row in rows(draw)), encoding="utf-8")
        documents = read_corpus([Path(name)], taxonomy)
    return train(documents, taxonomy, config=TrainingConfig(structure="train"), sources=["golden_models.py"]).content


def write_answers(path: Path) -> None:
    """What the model in the file says of the texts, beside it; there must be no such file."""
    from govtext.labelling import load

    model = load(path)
    lines = [{"text": text, "paragraphs": answers(model.classify(text))} for text in texts()]
    with path.with_suffix(".jsonl").open("x", encoding="utf-8") as file:
        file.writelines(json.dumps(line, ensure_ascii=False, separators=(",", ":")) + "\n" for line in lines)


def main() -> int:
    """0 if the files of this version have been written; old ones are never replaced."""
    from govtext.modelarrays import SCHEMA

    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument(
        "--answers", type=int, metavar="N", help="write the answers of version N alone; delete the old ones first"
    )
    asked = parser.parse_args()
    path = FOLDER / f"v{asked.answers or SCHEMA.versions[-1]}.safetensors"
    if asked.answers is None:
        if path.exists():
            parser.error(f"{path} is there and stays: a version keeps its model for ever")
        path.write_bytes(trained())
    write_answers(path)
    print(f"{path}: {path.stat().st_size:,} bytes, SHA-256 {hashlib.sha256(path.read_bytes()).hexdigest()}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
