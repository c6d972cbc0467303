"""Labelled reports as frames and data sets; labelled documents through a data set and back."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from dataclasses import replace
from importlib.machinery import ModuleSpec
from pathlib import Path
from typing import Any

import pytest

import govtext
from govtext import frames
from govtext.batch.frame_kinds import kind_of
from govtext.document import LabelledReport, Source
from govtext.errors import BadCorpus, BadInput, MissingExtra
from govtext.frames import reports as homes
from govtext.taxonomy import bundled_taxonomy
from govtext.training.corpus import LabelledDocument, read_corpus
from govtext.writing import Entry
from govtext.writing.columns import column_types, paragraph_columns

pytest.importorskip("pandas", reason="pandas is not installed")
pytest.importorskip("polars", reason="polars is not installed")
pyarrow = pytest.importorskip("pyarrow", reason="pyarrow is not installed")

ROOT = Path(__file__).resolve().parents[1]
TEXTS = ("一、服务企业\n走访企业120家，解决融资难题36个。\n", "二、抓好党建\n开展主题党日12次。")
TAXONOMY = bundled_taxonomy()
Maker = Callable[[Any], Any]
MAKERS: dict[str, Maker] = {"pandas": frames.to_pandas, "polars": frames.to_polars, "pyarrow": frames.to_arrow}


@pytest.fixture(scope="module")
def reports() -> list[LabelledReport]:
    return [govtext.classify(Source(text, name=f"{k}/report.txt")) for k, text in enumerate(TEXTS)]


@pytest.fixture(params=list(MAKERS))
def maker(request: pytest.FixtureRequest) -> Maker:
    return MAKERS[request.param]


def columns_of(frame: Any) -> dict[str, list[Any]]:
    kind = kind_of(frame)
    return {name: kind.values(frame, name) for name in kind.names(frame)}


def stored(columns: dict[str, list[Any]]) -> dict[str, list[Any]]:
    """The columns with scores as precise as float32 keeps them."""
    types = column_types(TAXONOMY.codes)
    single = pyarrow.float32()
    return {n: pyarrow.array(v, single).to_pylist() if types[n] == "float32" else v for n, v in columns.items()}


def test_columns_are_those_of_a_parquet_file(maker: Maker, reports: list[LabelledReport]) -> None:
    entries = [Entry(id, report.source.name, report) for id, report in zip("ab", reports, strict=True)]
    assert columns_of(maker(dict(zip("ab", reports, strict=True)))) == stored(
        paragraph_columns(entries, TAXONOMY.codes)
    )


def test_reports_in_a_list_are_named_by_their_files(maker: Maker, reports: list[LabelledReport]) -> None:
    columns = columns_of(maker(reports))
    assert list(dict.fromkeys(columns["id"])) == ["0/report", "1/report"]
    assert list(dict.fromkeys(columns["file"])) == ["0/report.txt", "1/report.txt"]


def test_reports_without_a_name_are_named_by_their_place(maker: Maker) -> None:
    nameless = [govtext.classify(text) for text in TEXTS]
    assert list(dict.fromkeys(columns_of(maker(iter(nameless)))["id"])) == ["0", "1"]


def test_one_report_is_a_frame_of_its_own(maker: Maker, reports: list[LabelledReport]) -> None:
    assert columns_of(maker(reports[0])) == columns_of(maker([reports[0]])) | {"id": ["report", "report"]}


def test_more_reports_than_a_piece_holds_keep_their_order(maker: Maker, reports: list[LabelledReport]) -> None:
    several = {str(k): reports[k % 2] for k in range(7)}
    whole = columns_of(maker(several))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(homes, "AT_ONCE", 3)
        assert columns_of(maker(several)) == whole


def test_no_report_is_a_frame_without_rows(maker: Maker) -> None:
    assert columns_of(maker([])) == {name: [] for name in column_types(())}


def test_methods_of_a_report_give_the_same_frames(reports: list[LabelledReport]) -> None:
    report = reports[0]
    frames_of = {"pandas": report.to_pandas(), "polars": report.to_polars(), "pyarrow": report.to_arrow()}
    assert {name: columns_of(frame) for name, frame in frames_of.items()} == {
        name: columns_of(make(report)) for name, make in MAKERS.items()
    }


@pytest.mark.parametrize("wrong", [["a text"], {"a": None}, [Path("report.txt")]])
def test_what_is_no_labelled_report_is_named(wrong: Any) -> None:
    with pytest.raises(BadInput, match=r"is no labelled report; label it with govtext\.classify"):
        frames.to_arrow(wrong)


def test_reports_of_two_models_make_no_frame(reports: list[LabelledReport]) -> None:
    other = replace(reports[1], theme_names={"roads": "道路"})
    with pytest.raises(BadInput, match=r"report 'b' has the themes roads, those before it party_building"):
        frames.to_arrow({"a": reports[0], "b": other})


def test_a_missing_package_is_named_with_what_brings_it(
    monkeypatch: pytest.MonkeyPatch, reports: list[LabelledReport]
) -> None:
    def found(name: str) -> ModuleSpec | None:
        return None

    monkeypatch.setattr(homes, "find_spec", found)
    with pytest.raises(MissingExtra, match=r"polars is not installed.*pip install polars"):
        frames.to_polars(reports)
    with pytest.raises(MissingExtra, match=r"pip install 'govtext\[parquet\]'"):
        frames.to_arrow(reports)


needs_datasets = pytest.mark.skipif(
    importlib.util.find_spec("datasets") is None, reason="the package datasets is not installed (extra datasets)"
)


def documents() -> list[LabelledDocument]:
    """Whole documents with stretches, run-in headings and headers, and single paragraphs with and without a role."""
    rows = [
        {
            "id": "p1",
            "text": "走访企业120家。",
            "themes": ["enterprise_service"],
            "heading": "服务企业",
            "role": "done",
        },
        {"id": "p2", "text": "各项工作都有新的进展。", "themes": [], "formulaic": True, "source": "invented"},
    ]
    found = frames.documents_from_dataset(rows, TAXONOMY)
    whole = read_corpus(
        [ROOT / "corpus" / "authored" / "A174.tsv", ROOT / "corpus" / "authored" / "B105.tsv"], TAXONOMY
    )
    return [*whole, *found]


@needs_datasets
def test_documents_come_back_from_a_dataset_as_they_were() -> None:
    made = documents()
    assert any(unit.heading_end is not None for document in made for unit in document.units)
    dataset = frames.documents_to_dataset(made)
    assert made == frames.documents_from_dataset(dataset, TAXONOMY)


@needs_datasets
def test_a_dataset_of_reports_has_the_columns_of_the_table(reports: list[LabelledReport]) -> None:
    dataset = frames.to_dataset(reports)
    assert dataset.column_names == list(column_types(TAXONOMY.codes))
    assert dataset[1]["themes"] == list(reports[0].paragraphs[1].labels)


@needs_datasets
@pytest.mark.parametrize("several", [False, True])
def test_class_labels_are_read_by_their_names(several: bool) -> None:
    import datasets

    label = datasets.ClassLabel(names=["talent", "industry"])
    features = datasets.Features({"sentence": datasets.Value("string"), "label": [label] if several else label})
    rows = [
        {"sentence": "引进博士3名。", "label": [0] if several else 0},
        {"sentence": "新开工项目5个。", "label": [1] if several else 1},
    ]
    dataset = datasets.Dataset.from_list(rows, features=features)
    found = frames.documents_from_dataset(dataset, TAXONOMY, text="sentence", themes="label")
    assert [document.units[0].themes for document in found] == [("talent",), ("industry",)]
    assert [document.id for document in found] == ["dataset, row 0", "dataset, row 1"]


class Labelled(list[dict[str, Any]]):
    """Rows with the features of a data set, where that package is not installed."""

    def __init__(self, rows: list[dict[str, Any]], names: list[str]) -> None:
        super().__init__(rows)
        self.features = {"themes": type("ClassLabel", (), {"names": names})()}


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ({"body": "走访企业。"}, r"row 0: no text in column 'text' among body; pass text="),
        ({"text": " ", "themes": []}, r"row 0: no text"),
        ({"text": "走访企业。"}, r"row 0: no themes in column 'themes'; wanted codes"),
        ({"text": "走访企业。", "themes": ["roads"]}, r"row 0: unknown theme 'roads'"),
        ({"text": "走访企业。", "themes": 2}, r"row 0: a field is missing or of the wrong type \(class 2 of 2\)"),
        ({"text": "走访企业。", "themes": -1}, r"row 0: a field is missing or of the wrong type \(class -1 of 2\)"),
        ({"text": "走访企业。", "units": [{"start": 0}]}, r"row 0: a field is missing or of the wrong type \('kind'\)"),
    ],
)
def test_a_bad_row_is_named_by_its_number(row: dict[str, Any], says: str) -> None:
    with pytest.raises(BadCorpus, match=says):
        frames.documents_from_dataset(Labelled([row], ["talent", "industry"]), TAXONOMY)
