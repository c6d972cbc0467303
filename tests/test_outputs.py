"""What is written obeys nothing that stands in a report, a name or a label: pages, spreadsheets, JSON lines.

In full, `make hostile`: benchmarks/hostile_outputs.py.
"""

from __future__ import annotations

import csv
import io
import json
import random
import re
from dataclasses import replace
from typing import Any, NoReturn
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govtext.document import LabelledParagraph, LabelledReport, Source
from govtext.evaluation.page import page
from govtext.evaluation.record import Record
from govtext.writing import Entry, Look, defuse, json_lines, undo
from govtext.writing.labelstudio import array, label_config, label_studio
from made_labels import NAMES, labelled, one_paragraph, written
from made_records import made_record
from output_payloads import FORMULAS, PAYLOADS, Skeleton, harmless, odd_texts

# Pages: the same record with a payload in each place, and with a text of the same width that is nothing but text.

RECORD = made_record()


def said_everywhere(payload: str) -> Record:
    """The record with a text in every place that takes one: title, date, codes and names of themes, files, versions."""
    themes = tuple(replace(theme, name=payload, code=payload) for theme in RECORD.themes)
    return replace(
        RECORD,
        name=payload,
        date=payload,
        themes=themes,
        versions={payload: payload},
        data=replace(RECORD.data, sources=(payload,)),
    )


def test_there_are_five_hundred_payloads_and_none_twice() -> None:
    assert len(set(PAYLOADS)) == len(PAYLOADS) == 500


@pytest.mark.parametrize("payload", PAYLOADS[::41])
def test_a_payload_in_every_place_adds_nothing_to_the_page(payload: str) -> None:
    assert Skeleton.of(page(said_everywhere(payload))) == Skeleton.of(page(said_everywhere(harmless(payload))))


def test_no_payload_in_a_list_adds_anything_to_the_page() -> None:
    def listed(texts: list[str]) -> str:
        data = replace(RECORD.data, sources=tuple(texts))
        versions = {f"{number} {text}": text for number, text in enumerate(texts)}
        return page(replace(RECORD, data=data, versions=versions))

    hostile = listed(list(PAYLOADS))
    assert Skeleton.of(hostile) == Skeleton.of(listed([harmless(payload) for payload in PAYLOADS]))
    assert not re.search(
        r"""\s(?:src|href|srcset|action|data|style|on[a-z]+)\s*=\s*["']?(?!["'])""", tags_only(hostile)
    )


def tags_only(text: str) -> str:
    """The tags of a page."""
    return " ".join(re.findall(r"<[^<>]*>", text))


def test_a_page_that_lets_a_payload_through_would_be_seen() -> None:
    good = page(said_everywhere("x"))
    for broken in ("<b>", "<!-- x -->", "<p class=y>", "</p>", "<?x?>"):
        assert Skeleton.of(good.replace("<h1>", f"<h1>{broken}", 1)) != Skeleton.of(good)


def test_no_payload_adds_anything_to_the_interface_of_label_studio() -> None:
    shown = [payload for payload in PAYLOADS if payload.isprintable()]
    names = {f"theme_{number}": payload for number, payload in enumerate(shown)}
    found = ElementTree.fromstring(label_config(names))
    plain = ElementTree.fromstring(label_config({code: code for code in names}))
    assert [node.tag for node in found.iter()] == [node.tag for node in plain.iter()]
    said = {node.get("alias"): node.get("value") for node in found.iter("Choice") if node.get("alias")}
    assert said == names


# Spreadsheets.

TRIGGERS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1", "＋1", "－1", "＠1", "﹦1", "\t1", "\n1"]
LEADS = ["", " ", "\N{IDEOGRAPHIC SPACE}", '"', "'", ' "', "' ", "\N{ZERO WIDTH SPACE}", "\ufeff", "\x00"]


def table(text: str) -> list[dict[str, str]]:
    """The rows of a CSV text, by column."""
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline="")))


@pytest.mark.parametrize("cell", [*FORMULAS, *(lead + trigger for lead in LEADS for trigger in TRIGGERS)])
def test_formula_in_any_width_and_behind_any_space_is_defused_and_comes_back(cell: str) -> None:
    (row,) = table(written("csv", one_paragraph(cell)))
    assert row["text"] == "'" + cell
    assert undo(row["text"]) == cell


def test_there_are_fifty_four_formulas_beside() -> None:
    assert len(set(FORMULAS)) == len(FORMULAS) == 54


@pytest.mark.parametrize("text", ["一、党建", "1-6月", "'tis", "“=”", "", " ", "1+1=2", "（＝）"])
def test_text_that_is_no_formula_is_left_alone(text: str) -> None:
    assert (defuse(text), undo(text)) == (text, text)


@given(st.text(st.sampled_from("'\" =＝-一a\t\n\u200b")) | st.text())
def test_defusing_is_undone_exactly(text: str) -> None:
    assert undo(defuse(text)) == text


# JSON lines.


def strict(line: str) -> Any:
    """The value of a line, read as strictly as any parser does: no NaN, no key twice."""

    def refuse(constant: str) -> NoReturn:
        raise AssertionError(constant)

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        assert len(dict(pairs)) == len(pairs)
        return dict(pairs)

    return json.loads(line, parse_constant=refuse, object_pairs_hook=once)


@given(st.text(st.characters(), min_size=1))
def test_json_line_is_one_line_and_strict_for_any_text(text: str) -> None:
    line = written("jsonl", one_paragraph(text))
    assert line.encode("utf-8").decode("utf-8").splitlines(keepends=True) == [line]
    assert strict(line)["paragraphs"][0]["text"] == re.sub("[\ud800-\udfff]", "\ufffd", text)


def test_as_many_lines_as_records_whatever_they_hold() -> None:
    texts = list(odd_texts(random.Random(4), 200))
    entries = [Entry(f"{number} {text}", text, one_paragraph(text)) for number, text in enumerate(texts)]
    lines = "".join(json_lines(entries, Look())).splitlines()
    values = [strict(line) for line in lines]
    assert len(values) == len({value["id"] for value in values}) == len(texts)
    assert [value["file"] for value in values] == [re.sub("[\ud800-\udfff]", "\ufffd", text) for text in texts]


def test_tasks_of_label_studio_are_a_line_each_whatever_they_hold() -> None:
    texts = list(odd_texts(random.Random(5), 50))
    lines = "".join(label_studio([Entry("a", "a", one_paragraph(text)) for text in texts], Look())).splitlines()
    assert len(lines) == len(texts) + 2
    assert len(strict("\n".join(lines))) == len(texts)
    assert list(array([])) == ["[]\n"]


def test_a_score_that_is_no_number_is_never_written() -> None:
    p = labelled("一", "一", "body")
    bad = {name: getattr(p, name) for name in p.__dataclass_fields__} | {"role_score": float("nan")}
    r = LabelledReport(Source("一"), (LabelledParagraph(**bad),), (), "0" * 64, NAMES)
    with pytest.raises(ValueError, match="not JSON compliant"):
        written("jsonl", r)
