"""Label Studio and doccano: every label comes back, and what does not fit is refused in one sentence."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

import govtext
from govtext.cli import main
from govtext.document import BOILERPLATE_KINDS, ROLES
from govtext.errors import BadCorpus
from govtext.taxonomy import Taxonomy, Theme
from govtext.training.corpus import LabelledDocument, Unit, read_corpus
from govtext.training.exchange import doccano
from govtext.training.exchange.labelstudio import from_tasks, read_tasks, tasks
from govtext.training.exchange.rows import json_rows
from govtext.writing import WRITERS, Entry, Look
from govtext.writing.labelstudio import label_config, label_studio

# Codes that are words of the forms themselves.
TAXONOMY = Taxonomy(
    (Theme("patents", "专利"), Theme("p", "专利"), Theme("title", "人才"), Theme("f", '科普 <"&>')), most=3
)
CONTENT = ("h1", "h3", "p", "h2+p", "h5+p")
Json = dict[str, Any]
characters = st.text(
    st.sampled_from("专利一二。 \t\N{IDEOGRAPHIC SPACE}a\N{PILE OF POO}\N{COMBINING ACUTE ACCENT}\\n⟦"), max_size=6
)


@st.composite
def units(draw: st.DrawFn, start: int) -> tuple[str, Unit]:
    """The text of a unit that begins at `start`, and the unit."""
    kind = draw(st.sampled_from(("title", "meta", "blank", "x:nav", *CONTENT)))
    text = draw(characters) if kind == "blank" else draw(characters) + "字" + draw(characters)
    heading_end = start + draw(st.integers(text.index("字") + 1, len(text))) if kind.endswith("+p") else None
    if kind not in CONTENT:
        return text, Unit(start, start + len(text), kind, None, (), draw(st.booleans()), heading_end)
    themes = tuple(draw(st.permutations(TAXONOMY.codes))[: draw(st.integers(0, 3))])
    role = draw(st.sampled_from(ROLES))
    return text, Unit(start, start + len(text), kind, role, themes, draw(st.booleans()), heading_end)


@st.composite
def documents(draw: st.DrawFn) -> LabelledDocument:
    """A whole document that the codebook allows."""
    text, found = "", []
    for _ in range(draw(st.integers(1, 5))):
        text += draw(st.sampled_from(("\n", "", "\n\n"))) if text else ""
        piece, unit = draw(units(len(text)))
        text += piece
        found.append(unit)
    if not text.strip():
        text += "\n字"
        found.append(Unit(len(text) - 1, len(text), "p", "done", (), False, None))
    cuts = sorted(draw(st.lists(st.integers(0, len(text)), max_size=4)))
    kinds = st.sampled_from(("mask", *BOILERPLATE_KINDS))
    stretches = tuple((a, b, draw(kinds)) for a, b in zip(cuts[::2], cuts[1::2]))
    header = draw(st.dictionaries(st.sampled_from(("genre", "year", "path")), characters))
    return LabelledDocument(draw(characters), text, tuple(found), stretches, header)


@st.composite
def single(draw: st.DrawFn) -> LabelledDocument:
    """A labelled paragraph that stands alone."""
    text = draw(characters) + "字" + draw(characters)
    themes = tuple(draw(st.permutations(TAXONOMY.codes))[: draw(st.integers(0, 3))])
    role = draw(st.sampled_from((None, *ROLES)))
    unit = Unit(0, len(text), "p", role, themes, draw(st.booleans()), None)
    header = draw(st.dictionaries(st.sampled_from(("why", "path")), characters))
    return LabelledDocument(draw(characters), text, (unit,), (), header, draw(characters), whole=False)


def through_tasks(found: list[LabelledDocument], change: Callable[[list[Json]], object] = lambda _: None) -> Any:
    """The documents after a journey through Label Studio, where `change` happens to the tasks."""
    there = json.loads(json.dumps(list(tasks(found))))
    change(there)
    return from_tasks(there, TAXONOMY, name="tasks.json").documents


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file to write to, the same for all examples."""
    return tmp_path_factory.mktemp("exchange") / "labels.jsonl"


@settings(max_examples=60)
@given(st.lists(documents() | single(), min_size=1, max_size=3))
def test_label_studio_gives_back_what_it_got(found: list[LabelledDocument]) -> None:
    assert through_tasks(found) == tuple(found)


@settings(max_examples=40)
@given(found=st.lists(documents() | single(), min_size=1, max_size=3))
def test_doccano_gives_back_spans_although_it_sorts_them(found: list[LabelledDocument], file: Path) -> None:
    rows = [json.loads(line) for line in doccano.span_lines(found)]
    kept = [document for document, row in zip(found, rows) if row["label"]]
    for number, row in enumerate(rows):
        row.update(id=number, label=sorted(row["label"]), Comments=[])
    file.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    back = doccano.read_lines(file, TAXONOMY)
    assert back.documents == tuple(kept)
    assert back.unlabelled == len(found) - len(kept)


@settings(max_examples=40)
@given(found=st.lists(single(), min_size=1, max_size=3))
def test_doccano_gives_back_classes_although_it_sorts_them(found: list[LabelledDocument], file: Path) -> None:
    rows = [json.loads(line) for line in doccano.class_lines(found)]
    file.write_text("".join(json.dumps({**r, "label": sorted(r["label"])}) + "\n" for r in rows), encoding="utf-8")
    assert doccano.read_lines(file, TAXONOMY).documents == tuple(found)


@settings(max_examples=40)
@given(found=st.lists(documents() | single(), min_size=1, max_size=3))
def test_rows_are_read_as_the_same_corpus(found: list[LabelledDocument], file: Path) -> None:
    file.write_text("".join(json_rows(found)), encoding="utf-8")
    expected = {d.digest: (d.id, dict(d.header)) for d in reversed(found)}
    assert expected == {d.digest: (d.id, dict(d.header)) for d in read_corpus([file], TAXONOMY)}


TEXT = "一、专利\n授权专利120件。\n\n培训人才\N{PILE OF POO}300人。"
WHOLE = LabelledDocument(
    "a",
    TEXT,
    (
        Unit(0, 4, "h1", "done", ("patents",), False, None),
        Unit(5, 14, "p", "done", ("title", "patents"), True, None),
        Unit(15, 15, "blank", None, (), False, None),
        Unit(16, len(TEXT), "p", "plan", ("title",), False, None),
    ),
)


def test_order_of_themes_survives_a_tool_that_has_its_own() -> None:
    def sort(there: list[Json]) -> None:
        for item in there[0]["annotations"][0]["result"]:
            if item["from_name"] == "themes":
                item["value"]["choices"].sort()
        random.Random(0).shuffle(there[0]["annotations"][0]["result"])

    assert through_tasks([WHOLE], sort) == (WHOLE,)


def test_blank_line_under_a_redrawn_region_is_gone() -> None:
    def redraw(there: list[Json]) -> None:
        result = there[0]["annotations"][0]["result"]
        result[:] = [item for item in result if item["id"] != "u3"]
        for item in result:
            if item["id"] == "u1":
                item["value"].update(end=len(TEXT), text=TEXT[5:].replace("\n", "\\n"))

    (found,) = through_tasks([WHOLE], redraw)
    assert [(u.start, u.end, u.kind) for u in found.units] == [(0, 4, "h1"), (5, len(TEXT), "p")]


def test_offsets_of_old_versions_are_put_right() -> None:
    def widen(there: list[Json]) -> None:
        for item in there[0]["annotations"][0]["result"]:
            if item["id"] == "u3":
                item["value"]["end"] += 1  # the emoji is two units of UTF-16

    assert through_tasks([WHOLE], widen) == (WHOLE,)


def test_theme_names_stand_for_codes_where_they_are_one() -> None:
    there = json.loads(
        json.dumps(list(tasks([WHOLE]))).replace('"title"]', '"人才"]'.encode("ascii", "backslashreplace").decode())
    )
    assert from_tasks(there, TAXONOMY, name="x").documents == (WHOLE,)


def item(there: list[Json], region: str, tag: str) -> Json:
    """The result of one tag on one region of the first task."""
    result: list[Json] = there[0]["annotations"][0]["result"]
    return next(i for i in result if (i["id"], i["from_name"]) == (region, tag))


def put(region: str, tag: str, **value: Any) -> Callable[[list[Json]], object]:
    """Changes the value of one result."""
    return lambda there: item(there, region, tag)["value"].update(value)


def cut_text(there: list[Json]) -> None:
    there[0]["data"]["text"] = TEXT[:-3]


def second_annotation(there: list[Json]) -> None:
    there[0]["annotations"] *= 2


def no_kind(there: list[Json]) -> None:
    there[0]["annotations"][0]["result"].remove(item(there, "u1", "kind"))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (put("u1", "themes", choices=["patent"]), "task 1, region u1, field 'themes': unknown theme 'patent'; the themes are"),
        (put("u1", "themes", choices=["专利"]), "task 1, region u1, field 'themes': unknown theme '专利'"),
        (put("u1", "role", choices=["did"]), "task 1, region u1, field 'role': unknown role 'did'; wanted one of overview"),
        (put("u1", "role", choices=["done", "plan"]), "task 1, region u1, field 'role': done, plan; wanted one"),
        (put("u1", "formulaic", choices=["x"]), "task 1, region u1, field 'formulaic': unknown choice 'x'; wanted F"),
        (put("u1", "kind", labels=["q"]), "task 1, region u1, field 'kind': unknown label 'q'; wanted title, meta"),
        (put("u1", "kind", labels=["p", "h1"]), "task 1, region u1, field 'kind': p, h1; wanted one"),
        (put("u3", "kind", end=99), "task 1, region u3, fields 'start' and 'end': 16–99; wanted a span within the text, 0–26"),
        (put("u3", "kind", start=-1), "fields 'start' and 'end': -1–26; wanted a span within the text"),
        (put("u3", "kind", start=True), "fields 'start' and 'end': True, 26; wanted whole numbers"),
        (put("u3", "role", start=None), "fields 'start' and 'end': None, 26; wanted whole numbers, and every choice with a region"),
        (put("u3", "kind", start=17), "field 'text': '培训人才.*', but the text has '训人才.*' at 17–26; restore"),
        (put("u3", "kind", labels=["h1+p"]), r"region u3: h1\+p with 0 run-in headings that begin where it begins; wanted one"),
        (put("u0", "kind", labels=["run-in"]), "region u0: run-in with a theme or role; give them to the region of the whole"),
        (put("u0", "kind", labels=["meta"]), "meta with a role or theme; only headings and paragraphs take them"),
        (cut_text, "task 1, field 'text': 23 characters that are not the 26 exported; spans would point elsewhere"),
        (second_annotation, "task 1, field 'annotations': 2 of them; mark one as ground truth"),
        (no_kind, "task 1, region u1, field 'kind': choices without a label; give the region a kind"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_refused(change: Callable[[list[Json]], object], said: str) -> None:
    with pytest.raises(BadCorpus, match=said):
        through_tasks([replace(WHOLE, id="b"), WHOLE][1:], change)


@pytest.mark.parametrize(
    ("found", "said"),
    [
        ({}, "no list of tasks"),
        ([1], "no list of tasks"),
        ([{"id": 7, "text": "a"}], r"task 7, field 'data': no text; .* \(not JSON-MIN\)"),
        ([{"data": {"text": "a"}, "annotations": 3}], "task 1, field 'annotations': wanted a list"),
        ([{"data": {"text": "a"}, "annotations": [{}]}], "task 1, field 'result': wanted a list"),
        ([{"data": {"text": "a", "govtext": "{"}, "annotations": [{"result": []}]}], "field 'govtext': damaged"),
    ],
)
def test_what_is_no_export_is_refused(found: Any, said: str) -> None:
    with pytest.raises(BadCorpus, match=said):
        from_tasks(found, TAXONOMY, name="x.json")


def test_regions_that_overlap_are_named() -> None:
    with pytest.raises(BadCorpus, match="task 1, regions u1 and u3: p 5–17 overlaps p 16–26; draw one of them shorter"):
        through_tasks(
            [WHOLE],
            lambda there: [
                i["value"].update(end=17, text=None) for i in there[0]["annotations"][0]["result"] if i["id"] == "u1"
            ],
        )


def test_ground_truth_and_cancelled_annotations_decide() -> None:
    def more(there: list[Json]) -> None:
        good = there[0]["annotations"][0]
        there[0]["annotations"] = [
            {"result": [], "was_cancelled": True},
            {"result": []},
            {**good, "ground_truth": True},
        ]

    assert through_tasks([WHOLE], more) == (WHOLE,)


def test_tasks_without_annotation_are_counted() -> None:
    there = list(tasks([WHOLE], model="m", scores=[0.5]))
    assert there[0]["predictions"][0]["score"] == 0.5
    assert from_tasks(there, TAXONOMY, name="x") == from_tasks(
        [{"data": {"text": "a"}, "annotations": []}], TAXONOMY, name="x"
    )


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("nothing", "labels.jsonl:1: not a JSON object"),
        ("[]", "labels.jsonl:1: not a JSON object"),
        ('{"id": 4, "label": []}', "labels.jsonl:1, task 4, field 'text': no string"),
        ('{"text": "专利", "label": {"a": 1}}', "field 'label': dict; wanted a list"),
        (
            '{"id": 4, "text": "专利", "label": [[0, 2]]}',
            r"task 4, field 'label': \[0, 2\]; wanted \[start, end, label\]",
        ),
        ('{"text": "专利", "label": [["0", 2, "p"]]}', "span '0'–2; wanted whole numbers"),
        ('{"text": "专利", "label": [[0, 2, "x"]]}', "field 'label', span 0–2: unknown label 'x'; wanted kind:…"),
        ('{"text": "专利", "label": [[0, 2, "patents"]]}', "span 0–2: patents without a kind; add kind:p"),
        ('{"text": "专利", "label": [[0, 3, "kind:p"]]}', "0–3; wanted a span within the text, 0–2"),
        ('{"text": "专利", "label": [[0, 2, "kind:p"], [0, 2, "kind:h1"]]}', "kind:p, kind:h1; wanted one"),
        ('{"text": "专利", "label": [[0, 2, "kind:p"]]}', "p with role None; wanted one of"),
        ('{"text": "专利", "label": ["-", "patents"]}', "a theme and '-', which stands for none"),
        ('{"text": "专利", "label": ["unknown"]}', "unknown label 'unknown'"),
    ],
)
def test_doccano_lines_that_do_not_fit_are_refused(file: Path, line: str, said: str) -> None:
    file.write_text(line + "\n", encoding="utf-8")
    with pytest.raises(BadCorpus, match=said):
        doccano.read_lines(file, TAXONOMY)


def test_doccano_lines_of_others_are_read(file: Path) -> None:
    rows = [
        {"id": 1, "text": "授权专利。", "label": ["patents", "role:done"]},
        {"id": 2, "data": "授权专利。", "labels": [[0, 5, "kind:p"], [0, 5, "role:done"], [0, 5, "patents"]]},
        {"id": 3, "text": "授权专利。", "entities": [{"start_offset": 0, "end_offset": 5, "label": "kind:title"}]},
        {"id": 4, "text": "授权专利。", "label": []},
    ]
    file.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    found = doccano.read_lines(file, TAXONOMY)
    assert [(d.whole, d.units[0].themes, d.units[0].kind) for d in found.documents] == [
        (False, ("patents",), "p"), (True, ("patents",), "p"), (True, (), "title")
    ]  # fmt: skip
    assert found.unlabelled == 1


def test_paragraphs_keep_their_headings_and_their_source() -> None:
    found = doccano.paragraphs(WHOLE)
    assert [(p.text, p.heading, p.header["path"]) for p in found] == [
        ("授权专利120件。", "一、专利", "a"),
        ("培训人才\N{PILE OF POO}300人。", "一、专利", "a"),
    ]


def test_interface_has_every_label() -> None:
    tree = ElementTree.fromstring(label_config(TAXONOMY.names))
    choices = {tag.get("name"): [c.get("alias") or c.get("value") for c in tag] for tag in tree.iter("Choices")}
    assert choices == {"themes": list(TAXONOMY.codes), "role": list(ROLES), "formulaic": ["F"]}
    labels = [tag.get("value") for tag in tree.iter("Label")]
    assert len(labels) == len(set(labels))
    assert {"p", "h1", "h5+p", "x:nav", "run-in", "stretch:mask", "title", "meta"} <= set(labels)
    assert [c.get("value") for c in tree.iter("Choice")][:2] == ["专利 (patents)", "专利 (p)"]


def test_report_becomes_predictions_that_can_be_confirmed() -> None:
    text = "关于科技工作的总结\n一、服务企业\n\n全年走访企业120家，帮助36家解决融资难题。\n责任编辑：王五\n"
    report = govtext.classify(text)
    (task,) = json.loads("".join(label_studio([Entry("a", "a.txt", report)], Look())))
    result = task["predictions"][0]["result"]
    assert all(text[i["value"]["start"] : i["value"]["end"]] == i["value"]["text"] for i in result)
    task["annotations"] = [{"result": result}]
    (document,) = from_tasks([task], govtext.load().taxonomy, name="x").documents
    assert [u.kind for u in document.units] == ["title", "h1", "p", "x:byline"]
    assert document.units[2].themes == report.paragraphs[2].labels == ("enterprise_service",)


def test_command_line_goes_there_and_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("c.jsonl").write_text(
        "".join(json_rows([replace(WHOLE, units=tuple(replace(u, themes=()) for u in WHOLE.units))])), encoding="utf-8"
    )

    def run(*arguments: str, code: int = 0) -> str:
        done = CliRunner().invoke(main, [*arguments], catch_exceptions=False)
        assert done.exit_code == code, done.output
        return done.output

    assert "t.config.xml: the labelling interface" in run("export", "c.jsonl", "-o", "t.json")
    assert "1 labelled, 0 not yet" in run("import", "t.json", "-o", "back.jsonl")
    assert Path("back.jsonl").read_text(encoding="utf-8") == Path("c.jsonl").read_text(encoding="utf-8")
    run("export", "c.jsonl", "-f", "doccano", "-o", "s.jsonl")
    run("import", "s.jsonl", "-o", "back.jsonl")
    assert Path("back.jsonl").read_text(encoding="utf-8") == Path("c.jsonl").read_text(encoding="utf-8")
    assert "2 headings, titles and other lines left out" in run(
        "export", "c.jsonl", "-f", "doccano-paragraphs", "-o", "p.jsonl"
    )
    Path("t.json").write_text(Path("t.json").read_text(encoding="utf-8").replace('"done"', '"did"'), encoding="utf-8")
    assert re.match(
        "govtext: t.json, task 1, region u0, field 'role': unknown role 'did'",
        run("import", "t.json", "-o", "back.jsonl", code=2),
    )
    assert Path("back.jsonl").read_text(encoding="utf-8") == Path("c.jsonl").read_text(encoding="utf-8")
    assert "would overwrite what is to be read" in run("import", "s.jsonl", "-o", "s.jsonl", code=2)
    with pytest.raises(BadCorpus, match=r"none.json: no JSON \(.*\); export the project from Label Studio as JSON"):
        read_tasks(Path("none.json"), TAXONOMY)


def test_tasks_are_one_of_the_forms_that_classify_writes() -> None:
    assert WRITERS["labelstudio"] is label_studio
