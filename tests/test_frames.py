"""Frames with one report a row, to frames with one row a paragraph: pandas, polars, pyarrow."""

from __future__ import annotations

import io
import pickle
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

import govtext
from govtext import labelling, modelarrays
from govtext.batch import classify_frame, frames, shipping
from govtext.batch.frame_kinds import kind_of
from govtext.batch.frames import frame_types
from govtext.batch.shipping import to_model, to_shipment
from govtext.boilerplate.repetition import RepetitionModel
from govtext.errors import BadInput, BadModel
from govtext.labelling import Model
from govtext.writing import Entry
from govtext.writing.columns import paragraph_columns

pandas = pytest.importorskip("pandas", reason="pandas is not installed")
polars = pytest.importorskip("polars", reason="polars is not installed")
pyarrow = pytest.importorskip("pyarrow", reason="pyarrow is not installed")

ROOT = Path(__file__).resolve().parents[1]
BUNDLED = ROOT / "models" / "govtext.safetensors"
SHORT = "一、服务企业\n走访企业120家，解决融资难题36个。\n"
TEXTS = [
    (ROOT / "examples" / "kaifaqu-2009.txt").read_text(encoding="utf-8"),
    SHORT,
    "  ",
    "二、抓好党建\n开展主题党日12次。",
]
CODES = govtext.load().taxonomy.codes
TYPES = frame_types(CODES)
PANDAS_TYPES = {"string": "string", "int32": "Int32", "float32": "Float32", "bool": "boolean", "list<string>": "object"}
Frame = Callable[[dict[str, list[Any]]], Any]


def rows_of(frame: Any) -> list[dict[str, Any]]:
    """The rows as dicts, None where nothing is."""
    columns = [kind_of(frame).values(frame, name) for name in TYPES]
    return [dict(zip(TYPES, row, strict=True)) for row in zip(*columns, strict=True)]


def rows_of_classify(id: str, text: str) -> list[dict[str, Any]]:
    """The rows that `govtext.classify` leads to."""
    columns = paragraph_columns([Entry(id, "", govtext.classify(text))], CODES)
    columns["file"] = [None] * len(columns["id"])
    rows = [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]
    return [{**row, "error": None} for row in rows]


def as_stored(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The rows with scores as precise as a column of float32 keeps them."""
    stored = pyarrow.array
    return [
        {
            name: stored([value], pyarrow.float32())[0].as_py() if TYPES[name] == "float32" else value
            for name, value in row.items()
        }
        for row in rows
    ]


@pytest.fixture(params=["pandas", "polars", "pyarrow"])
def frame(request: pytest.FixtureRequest) -> Frame:
    """Makes a frame of each kind of columns."""
    makers: dict[str, Frame] = {"pandas": pandas.DataFrame, "polars": polars.DataFrame, "pyarrow": pyarrow.table}
    return makers[request.param]


def test_labels_are_those_of_classify_row_for_row(frame: Frame) -> None:
    reports = frame({"id": ["a", "b", "c", "d"], "text": TEXTS, "year": [2009, 2010, 2011, 2012]})
    labelled = classify_frame(reports)
    assert type(labelled) is type(reports)
    got = rows_of(labelled)
    expected = [row for id, text in zip("abd", (TEXTS[0], TEXTS[1], TEXTS[3])) for row in rows_of_classify(id, text)]
    assert as_stored(expected) == [row for row in got if row["error"] is None]
    (refused,) = (row for row in got if row["error"] is not None)
    assert {name: value for name, value in refused.items() if value is not None} == {
        "id": "c",
        "error": "holds nothing but white space; a report with text was wanted",
    }
    assert list(dict.fromkeys(row["id"] for row in got)) == ["a", "b", "c", "d"]


@pytest.mark.parametrize("texts", [[], [None, None], [SHORT], [SHORT, None]])
def test_columns_and_types_are_the_same_whatever_the_frame_holds(frame: Frame, texts: list[Any]) -> None:
    reports = frame({"text": texts})
    labelled = classify_frame(reports)
    assert list(TYPES) == list(kind_of(labelled).names(labelled))
    if isinstance(labelled, pandas.DataFrame):
        assert [PANDAS_TYPES[kind] for kind in TYPES.values()] == [str(dtype) for dtype in labelled.dtypes]
        assert [*range(len(labelled))] == labelled.index.tolist()
    else:
        assert labelled.schema == classify_frame(frame({"text": [SHORT]})).schema


@pytest.mark.parametrize(
    ("text", "error"),
    [
        (None, "the text is missing; wanted a report's text in each row"),
        (float("nan"), "the text is missing; wanted a report's text in each row"),
        ("", "is empty; a report with text was wanted"),
        ("\t", "holds nothing but white space; a report with text was wanted"),
        (5, "the text is a int (5); wanted a report's text in each row"),
        (["一"], "the text is a list (['一']); wanted a report's text in each row"),
        (b"\x89PNG\r\n", "is a PNG image, a text was wanted; recognise its text"),
    ],
)
def test_row_that_is_no_report_is_one_row_that_says_why(text: object, error: str) -> None:
    reports = pandas.DataFrame({"text": pandas.Series([text, SHORT], dtype="object"), "id": [7, 8]})
    first, *others = rows_of(classify_frame(reports))
    assert first.pop("error").startswith(error)
    assert {"id": "7", **{name: None for name in TYPES if name not in ("id", "error")}} == first
    assert as_stored(rows_of_classify("8", SHORT)) == others


def test_path_in_a_row_is_not_followed() -> None:
    reports = pandas.DataFrame({"text": pandas.Series([ROOT / "examples" / "kaifaqu-2009.txt"], dtype="object")})
    (row,) = rows_of(classify_frame(reports))
    assert row["error"].startswith("the text is a PosixPath")


def test_text_that_reads_like_the_name_of_a_file_is_a_text(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    (row,) = rows_of(classify_frame(pandas.DataFrame({"text": ["README.md"]})))
    assert (row["text"], row["error"]) == ("README.md", None)


def test_bytes_are_read_as_of_a_file() -> None:
    reports = pyarrow.table({"text": pyarrow.array([SHORT.encode("gb18030")], pyarrow.binary())})
    assert as_stored(rows_of_classify("0", SHORT)) == rows_of(classify_frame(reports))


def test_half_surrogates_become_replacement_characters() -> None:
    reports = pandas.DataFrame({"text": pandas.Series(["一\ud800"], dtype="object"), "id": ["\udc00"]}, dtype="object")
    (row,) = rows_of(classify_frame(reports))
    assert (row["text"], row["id"]) == ("一\N{REPLACEMENT CHARACTER}", "\N{REPLACEMENT CHARACTER}")


@pytest.mark.parametrize("name", ["id", "网址"])
def test_ids_are_text_whatever_they_were(frame: Frame, name: str) -> None:
    reports = frame({"text": [SHORT, None, None], name: [5, None, 12]})
    labelled = classify_frame(reports, id=None if name == "id" else name)
    assert [*dict.fromkeys(row["id"] for row in rows_of(labelled))] == ["5", None, "12"]


def test_rows_without_ids_go_by_their_position(frame: Frame) -> None:
    labelled = classify_frame(frame({"text": [None, SHORT], "url": ["a", "b"]}))
    assert [row["id"] for row in rows_of(labelled)] == ["0", "1", "1"]


def test_rows_of_pandas_without_ids_go_by_their_index() -> None:
    labelled = classify_frame(pandas.DataFrame({"text": [None, None]}, index=["甲", "乙"]))
    assert [row["id"] for row in rows_of(labelled)] == ["甲", "乙"]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({}, r"no column 'text' among body, url; pass text= one that is there once"),
        ({"text": "body", "id": "name"}, r"no column 'name' among body, url; pass id= one that is there once"),
    ],
)
def test_column_that_is_not_there_is_said_with_those_that_are(frame: Frame, options: dict[str, str], said: str) -> None:
    with pytest.raises(BadInput, match=f"^{said}$"):
        classify_frame(frame({"body": [SHORT], "url": ["a"]}), **options)


def test_column_that_is_there_twice_is_refused() -> None:
    reports = pandas.DataFrame([[SHORT, SHORT]], columns=["text", "text"])
    with pytest.raises(BadInput, match=r"^2 columns 'text' among text, text; "):
        classify_frame(reports)


@pytest.mark.parametrize(
    "reports", [[SHORT], {"text": [SHORT]}, polars.LazyFrame({"text": [SHORT]}), pandas.Series([SHORT])]
)
def test_what_is_no_frame_is_refused(reports: object) -> None:
    name = type(reports).__name__
    with pytest.raises(BadInput, match=rf"{name} is no frame of reports; wanted pandas\.DataFrame, polars\.DataFrame"):
        classify_frame(reports)


def test_pandas_frame_survives_parquet() -> None:
    labelled = classify_frame(pandas.DataFrame({"text": [SHORT, None]}))
    file = io.BytesIO()
    labelled.to_parquet(file)
    back = pandas.read_parquet(file)
    assert labelled.dtypes.tolist() == back.dtypes.tolist()
    # Lists come back as arrays.
    for name in ("path", "themes"):
        back[name] = pandas.Series([None if v is None else list(v) for v in back[name]], dtype="object")
    pandas.testing.assert_frame_equal(labelled, back)


def test_pieces_are_joined_in_order(frame: Frame, monkeypatch: pytest.MonkeyPatch) -> None:
    reports = frame({"text": [SHORT, None] * 3})
    whole = rows_of(classify_frame(reports))
    monkeypatch.setattr(frames, "AT_ONCE", 2)
    assert whole == rows_of(classify_frame(reports))


def test_fault_of_ours_costs_its_row_only(monkeypatch: pytest.MonkeyPatch) -> None:
    classify = Model.classify

    def faulty(self: Model, source: Any, **options: Any) -> Any:
        if getattr(source, "text", source) == "坏":
            raise ZeroDivisionError("by zero")
        return classify(self, source, **options)

    monkeypatch.setattr(Model, "classify", faulty)
    first, *others = rows_of(classify_frame(pandas.DataFrame({"text": ["坏", SHORT]})))
    assert "ZeroDivisionError: by zero" in first["error"]
    assert as_stored(rows_of_classify("1", SHORT)) == others


@pytest.fixture
def decoded(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the models that are decoded or read from now on; none is kept from before."""
    monkeypatch.setattr(shipping, "_loaded", {})
    names: list[str] = []

    def decode_model(source: Path | bytes, name: str) -> Any:
        names.append(name)
        return modelarrays.decode_model(source, name)

    def load_model(path: Path | None = None) -> Model:
        names.append(str(path))
        return labelling.load(path)

    monkeypatch.setattr(shipping, "decode_model", decode_model)
    monkeypatch.setattr(shipping, "load", load_model)
    return names


@dataclass(frozen=True, slots=True)
class Given:
    """A way to give a model, and what is decoded of it."""

    model: Any
    decoded: list[str]


@pytest.mark.parametrize(
    "given",
    [
        Given(BUNDLED, [str(BUNDLED)]),
        Given(str(BUNDLED), [str(BUNDLED)]),
        Given(BUNDLED.read_bytes(), ["the model's bytes"]),
        Given(govtext.load(BUNDLED), []),
    ],
    ids=["path", "str", "bytes", "Model"],
)
def test_model_is_decoded_once_however_it_is_given(given: Given, decoded: list[str]) -> None:
    reports = pandas.DataFrame({"text": [SHORT]})
    labelled = [rows_of(classify_frame(reports, model=given.model)) for _ in range(2)]
    assert [as_stored(rows_of_classify("0", SHORT))] * 2 == labelled
    assert given.decoded == decoded


def test_threads_decode_a_model_once(decoded: list[str]) -> None:
    content = BUNDLED.read_bytes()
    threads = [threading.Thread(target=to_model, args=(content,)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert decoded == ["the model's bytes"]


def test_model_file_that_changes_is_read_again(tmp_path: Path, decoded: list[str]) -> None:
    path = tmp_path / "model.safetensors"
    for _ in range(2):
        path.unlink(missing_ok=True)
        path.write_bytes(BUNDLED.read_bytes())
        to_model(path)
        to_model(path)
    assert [str(path)] * 2 == decoded


def test_process_keeps_few_models(monkeypatch: pytest.MonkeyPatch, decoded: list[str]) -> None:
    monkeypatch.setattr(shipping, "MOST_LOADED", 1)
    for model in (BUNDLED, BUNDLED.read_bytes(), BUNDLED):
        to_model(model)
    assert [str(BUNDLED), "the model's bytes", str(BUNDLED)] == decoded
    assert len(shipping._loaded) == 1


@pytest.mark.parametrize(
    ("model", "said"),
    [
        (b"\x80\x04", "the model's bytes: .*pickle"),
        ("no/such.safetensors", r"no/such\.safetensors: no such file; train a model"),
    ],
)
def test_model_that_cannot_be_loaded_is_refused_before_any_row(model: Any, said: str) -> None:
    with pytest.raises(BadModel, match=said):
        classify_frame(pandas.DataFrame({"text": [SHORT]}), model=model)


def test_worker_with_another_bundled_model_is_refused() -> None:
    shipment = to_shipment(None, None)
    assert shipment.content is None
    assert shipment.model() is govtext.load()
    with pytest.raises(BadModel, match=r"^the bundled model of this worker is .* install the same govtext"):
        replace(shipment, sha256="0" * 64).model()


def test_loaded_model_is_not_shipped() -> None:
    with pytest.raises(BadModel, match="pass the path or the bytes"):
        to_shipment(govtext.load(), None)  # type: ignore[arg-type]


def test_repetition_flags_the_lines_of_the_site(tmp_path: Path) -> None:
    pytest.importorskip("datasketch", reason="datasketch is not installed")
    said = "本月共走访企业{0}家，解决融资难题，推动项目落地见效{0}个，群众满意。"
    pages = [f"{n}月份工作情况\n{said.format(n)}\n让我们一起建设美丽的清泉县" for n in "一二三四五"]
    path = tmp_path / "site.repetition"
    site = RepetitionModel().fit((f"{n}", page) for n, page in enumerate(pages))
    site.save(path)
    reports = pandas.DataFrame({"text": pages})
    alone, marked = rows_of(classify_frame(reports)), rows_of(classify_frame(reports, repetition=path))
    shipped = pickle.loads(pickle.dumps(to_shipment(BUNDLED, site)))
    assert marked == rows_of(classify_frame(reports, model=shipped.model(), repetition=shipped.repetition))
    changed = [now["text"] for was, now in zip(alone, marked, strict=True) if was != now]
    assert changed == ["让我们一起建设美丽的清泉县"] * 5
