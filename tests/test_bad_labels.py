"""Labels that cannot be learnt from: one sentence each that says what to do, and no model file."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from govtext.cli import main

Row = Mapping[str, Any]
ROADS = (
    "农村公路全部硬化",
    "桥梁加固工程完工",
    "公交线路优化调整",
    "客运站改造完成",
    "隧道照明更换一新",
    "国道养护里程增加",
)
FARMS = (
    "小麦长势良好",
    "果树种植带动农户",
    "生猪养殖规模扩大",
    "水稻田间管理到位",
    "蔬菜大棚新建百座",
    "粮食播种面积稳定",
)
NUMBERS = "一二三四五六七八九十"


def rows(texts: Sequence[str], *themes: str) -> list[Row]:
    return [{"id": text, "text": text, "themes": list(themes)} for text in texts]


GOOD = [*rows(ROADS, "road"), *rows(FARMS, "farm")]
COPIES = [f"公路{n}公里改建完成，桥梁加固{n}座，隧道照明更换一新，国道养护里程增加" for n in NUMBERS]
STRANGE = [
    *rows([chr(0x4E00 + 40 * k) * 3 for k in range(8)], "road"),
    *rows([chr(0x6E00 + 40 * k) * 3 for k in range(8)], "farm"),
]
N_LONG = 500  # 10,000 go through, too, in a minute and a half
LONG = "\n".join(["公路养护"] * N_LONG)
UNITS = [{"start": 5 * k, "end": 5 * k + 4, "kind": "p", "role": "done", "themes": ["road"]} for k in range(N_LONG)]
REFUSED: Mapping[str, tuple[list[Row], str]] = {
    "misspelt": ([*GOOD, *rows(["公路"], "raod")], "bad.jsonl:13: unknown theme 'raod'; the themes are road, farm"),
    "empty file": ([], "no labelled documents; name .tsv or .jsonl files"),
    "empty text": ([*GOOD, *rows([" "], "road")], "bad.jsonl:13: no text; wanted an object"),
    "one class": (rows(ROADS, "road"), "theme 'farm' has no example in the corpus; label some, or take it out"),
    "no label at all": (rows(ROADS), "theme 'road' has no example in the corpus"),
    "10,000 labels on one paragraph": (
        [*GOOD, *rows(["公路"], *(f"t{k}" for k in range(10_000)))],
        "bad.jsonl:13: unknown theme 't0'; the themes are road, farm",
    ),
    "one label 10,000 times": ([*GOOD, *rows(["公路"], *["road"] * 10_000)], "wanted at most 2, none twice"),
    "copies": (rows(COPIES, "road", "farm"), "all of them share passages with each other; wanted two that do not"),
    "nothing in common": (STRANGE, "no run of characters stands in as many documents as the recipe asks for"),
}


def train(folder: Path, labels: list[Row]) -> tuple[int, str]:
    (folder / "bad.jsonl").write_text("".join(json.dumps(row) + "\n" for row in labels), encoding="utf-8")
    (folder / "t.toml").write_text(
        '[[theme]]\ncode = "road"\nname = "路"\n[[theme]]\ncode = "farm"\nname = "田"\n', encoding="utf-8"
    )
    names = [str(folder / name) for name in ("bad.jsonl", "t.toml", "m.safetensors")]
    done = CliRunner().invoke(main, ["train", names[0], "--themes", names[1], "-o", names[2]])
    return done.exit_code, done.output


@pytest.mark.parametrize("name", REFUSED)
def test_labels_that_teach_nothing_are_refused_in_one_sentence(tmp_path: Path, name: str) -> None:
    labels, says = REFUSED[name]
    code, output = train(tmp_path, labels)
    assert code == 2
    assert says in output.splitlines()[-1]
    assert len(output.splitlines()[-1]) < 400
    assert not (tmp_path / "m.safetensors").exists()


def test_many_labels_in_one_document_are_learnt_beside_the_others(tmp_path: Path) -> None:
    code, output = train(tmp_path, [*GOOD, {"id": "long", "text": LONG, "units": UNITS}])
    assert code == 0, output
    assert (tmp_path / "m.safetensors").exists()
