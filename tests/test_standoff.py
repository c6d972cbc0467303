"""Stand-off labels: joined with texts that stay where they are, and refused where the text is another one."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from govtext.errors import BadCorpus
from govtext.taxonomy import bundled_taxonomy
from govtext.training.corpus import LabelledDocument
from govtext.training.standoff import digest, read_standoff

THEMES = bundled_taxonomy()
TEXT = "县科技局工作总结\n一、平台建设\n新建重点实验室2家。\n"
HEADING = {"start": 0, "end": 6, "kind": "h1", "role": "done", "themes": ["innovation_platform"]}
BODY = {"start": 7, "end": 17, "kind": "p", "role": "done", "themes": ["innovation_platform"]}
ROW: dict[str, Any] = {"id": "S1", "file": "a/report.txt", "start": 9, "end": 26, "units": [HEADING, BODY]}
ROW["sha256"] = digest(TEXT[9:26])
Joined = Callable[..., list[LabelledDocument]]


@pytest.fixture
def joined(tmp_path: Path) -> Joined:
    def join(*rows: Any, text: bytes = TEXT.encode()) -> list[LabelledDocument]:
        (tmp_path / "raw" / "a").mkdir(parents=True)
        (tmp_path / "raw" / "a" / "report.txt").write_bytes(text)
        labels = tmp_path / "labels.jsonl"
        labels.write_text("".join(f"{r if isinstance(r, str) else json.dumps(r)}\n" for r in rows), encoding="utf-8")
        return read_standoff(labels, tmp_path / "raw", THEMES)

    return join


def test_spans_count_from_the_start_of_the_stretch(joined: Joined) -> None:
    (document,) = joined({**ROW, "path": "somewhere/report.csv"})
    assert [document.text[u.start : u.end] for u in document.units] == ["一、平台建设", "新建重点实验室2家。"]
    assert document.whole
    assert document.header["path"] == "somewhere/report.csv"


def test_the_file_may_be_in_another_encoding(joined: Joined) -> None:
    (document,) = joined(ROW, text=TEXT.encode("gb18030"))
    assert document.text == TEXT[9:26]


def test_units_that_teach_no_structure_say_so(joined: Joined) -> None:
    single = {key: value for key, value in ROW.items() if key != "units"} | {"themes": ["talent"], "role": "done"}
    whole, part, paragraph = joined(ROW, {**ROW, "whole": False}, single)
    assert [whole.whole, part.whole, paragraph.whole] == [True, False, False]
    assert paragraph.units[0].themes == ("talent",)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"file": "b/report.txt"}, "labels.jsonl:1: 'b/report.txt' is not in .*; name the folder"),
        ({"file": "../labels.jsonl"}, "leads out of the folder; wanted a path inside it"),
        ({"file": "/etc/hostname"}, "leads out of the folder"),
        ({"start": 8}, "from 8 to 26 is not the one that was labelled; use the files as they were"),
        ({"sha256": None}, "not the one that was labelled"),
        ({"end": "26"}, "not a line of stand-off labels"),
        ({"units": [{**BODY, "themes": ["industri"]}]}, "labels.jsonl:1, unit 1: unknown theme 'industri'"),
    ],
)
def test_what_does_not_fit_is_said_with_its_line(joined: Joined, change: dict[str, Any], says: str) -> None:
    with pytest.raises(BadCorpus, match=says):
        joined({**ROW, **change})


def test_a_changed_text_is_refused(joined: Joined) -> None:
    with pytest.raises(BadCorpus, match="not the one that was labelled"):
        joined(ROW, text=TEXT.replace("2家", "3家").encode())


def test_a_line_that_is_no_object_is_refused(joined: Joined) -> None:
    with pytest.raises(BadCorpus, match=r"labels\.jsonl:2: not a line of stand-off labels"):
        joined(ROW, "[1, 2]")
