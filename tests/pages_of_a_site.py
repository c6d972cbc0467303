"""Reports of a made-up site, for the tests of what recurs and what was copied."""

import random

Doc = tuple[str, str]
SUBJECTS = ["粮食", "水利", "道路", "学校", "医院", "市场", "码头", "林场", "渔业", "茶园"]
VERBS = ["巡查", "修缮", "扩建", "登记", "回访", "评估", "整治", "改造", "检修", "统计"]


def sentence(seed: int) -> str:
    """A sentence of over 30 characters, another one for each seed."""
    dice = random.Random(seed)
    parts = [f"{dice.choice(VERBS)}{dice.choice(SUBJECTS)}{dice.randrange(1000)}处" for _ in range(6)]
    return f"当月{'、'.join(parts)}。"


def page(number: int, **lines: str) -> Doc:
    """A report of a site: head, title, two paragraphs, foot; `lines` adds front, before, behind or back."""
    body = [
        "青禾资料网",
        lines.get("front", ""),
        f"{SUBJECTS[number]}{VERBS[number]}情况",
        sentence(number),
        lines.get("before", ""),
        sentence(100 + number),
        lines.get("behind", ""),
        "打印本页",
        lines.get("back", ""),
    ]
    return f"{number}.txt", "\n".join(line for line in body if line)
