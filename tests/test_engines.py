"""Dask and Spark label row for row as one process does; these tests want `make engines`, and are skipped without."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from govtext import modelarrays
from govtext.batch import classify_frame, on_dask, on_spark, shipping
from govtext.batch.frame_kinds import arrow_schema
from govtext.batch.frames import frame_types
from govtext.boilerplate.repetition import RepetitionModel
from govtext.errors import BadInput, BadModel, MissingExtra
from govtext.labelling import load

pandas = pytest.importorskip("pandas", reason="pandas is not installed")
pyarrow = pytest.importorskip("pyarrow", reason="pyarrow is not installed")

ROOT = Path(__file__).resolve().parents[1]
GUIDE = ROOT / "docs" / "how-to" / "engines.md"
BUNDLED = ROOT / "models" / "govtext.safetensors"
SHORT = "一、服务企业\n走访企业{}家，解决融资难题36个。\n"
TEXTS = [(ROOT / "examples" / "kaifaqu-2009.txt").read_text(encoding="utf-8"), None, *map(SHORT.format, range(4)), " "]
SCHEMA = arrow_schema(frame_types(load().taxonomy.codes))


def java_for_spark() -> str | None:
    """Why Spark cannot run here, None if it can."""
    if find_spec("pyspark") is None:
        return "pyspark is not installed"
    java = Path(os.environ["JAVA_HOME"], "bin", "java") if "JAVA_HOME" in os.environ else shutil.which("java")
    if java is None or not Path(java).exists():
        return "there is no Java for Spark"
    said = subprocess.run([java, "-version"], capture_output=True, text=True, check=True).stderr
    found = re.search(r'version "(?:1\.)?(\d+)', said)
    wanted = 17 if int(version("pyspark").partition(".")[0]) >= 4 else 8
    if found is None or int(found[1]) < wanted:
        return f"Spark wants Java {wanted} or newer; here is {said.splitlines()[0]}"
    return None


NO_DASK = [name for name in ("dask", "distributed") if find_spec(name) is None]
NO_SPARK = java_for_spark()
on_a_dask = pytest.mark.skipif(bool(NO_DASK), reason=f"{' and '.join(NO_DASK)} not installed")
# Of PySpark 4.3 for pandas 3; our batches never become pandas frames.
pytestmark = pytest.mark.filterwarnings("ignore:PySpark does not yet fully support pandas:FutureWarning")
on_a_spark = pytest.mark.skipif(NO_SPARK is not None, reason=NO_SPARK or "")


@pytest.fixture(scope="module")
def reports() -> Any:
    """A pandas frame of reports, two of them none, with a column that is not asked for."""
    return pandas.DataFrame({"page.id": [f"r{n}" for n in range(len(TEXTS))], "text": TEXTS, "year": 2009})


@pytest.fixture(scope="module")
def source(reports: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The reports in three Parquet files."""
    folder = tmp_path_factory.mktemp("source")
    for k in range(3):
        reports[3 * k : 3 * k + 3].to_parquet(folder / f"{k}.parquet")
    return folder


@pytest.fixture(scope="module")
def expected(reports: Any) -> list[dict[str, Any]]:
    """The rows that one process makes of the reports."""
    rows: list[dict[str, Any]] = classify_frame(pyarrow.Table.from_pandas(reports), id="page.id").to_pylist()
    assert len({row["id"] for row in rows}) == len(TEXTS)
    return rows


def written(out: Path) -> Any:
    """The table in a folder of Parquet files, in order of report and paragraph, as Dask and Spark name their parts."""
    import pyarrow.parquet as parquet

    tables = [parquet.read_table(path) for path in sorted(out.glob("part*"))]
    # Without what pandas or Spark noted beside the types.
    assert [SCHEMA] * len(tables) == [plain(table.schema) for table in tables]
    table = pyarrow.concat_tables([table.cast(SCHEMA) for table in tables])
    return table.sort_by([("id", "ascending"), ("paragraph", "ascending")])


def plain(schema: Any) -> Any:
    """The names and types of a schema, items of lists by the name that pyarrow gives them."""
    lists = pyarrow.list_(pyarrow.string())
    return pyarrow.schema([(f.name, lists if pyarrow.types.is_list(f.type) else f.type) for f in schema])


# Dask ----------------------------------------------------------------------------------------------------------------


@on_a_dask
@pytest.mark.parametrize("model", [None, BUNDLED], ids=["bundled", "file"])
def test_dask_labels_parquet_as_one_process_does(
    source: Path, expected: list[dict[str, Any]], tmp_path: Path, model: Path | None
) -> None:
    on_dask.classify_parquet(source, tmp_path / "out", id="page.id", model=model)
    assert expected == written(tmp_path / "out").to_pylist()


@on_a_dask
def test_dask_loads_a_model_once_a_process(reports: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    import dask.dataframe

    monkeypatch.setattr(shipping, "_loaded", {})
    names: list[str] = []

    def decode_model(source: Path | bytes, name: str) -> Any:
        names.append(name)
        return modelarrays.decode_model(source, name)

    monkeypatch.setattr(shipping, "decode_model", decode_model)
    split = dask.dataframe.from_pandas(reports, npartitions=4)
    labelled = on_dask.classify_dask(split, id="page.id", model=BUNDLED.read_bytes()).compute(scheduler="threads")
    pandas.testing.assert_frame_equal(classify_frame(reports, id="page.id"), labelled.reset_index(drop=True))
    assert names == ["the model's bytes"]


@on_a_dask
def test_dask_says_columns_and_types_before_it_computes(reports: Any) -> None:
    import dask.dataframe

    lazy = on_dask.classify_dask(dask.dataframe.from_pandas(reports, npartitions=2), id="page.id")
    assert classify_frame(reports, id="page.id").dtypes.to_dict() == lazy.dtypes.to_dict()


@on_a_dask
def test_dask_takes_the_index_for_ids_only_where_it_is_one(reports: Any, source: Path) -> None:
    import dask.dataframe

    split = dask.dataframe.from_pandas(reports, npartitions=3)
    labelled = on_dask.classify_dask(split).compute(scheduler="threads")
    assert [str(n) for n in range(len(TEXTS))] == list(dict.fromkeys(labelled["id"]))
    with pytest.raises(BadInput, match=r"^no column 'id' among page\.id, text, year, and row numbers begin again"):
        on_dask.classify_dask(dask.dataframe.read_parquet(source))


@on_a_dask
def test_dask_refuses_a_folder_that_is_not_empty(source: Path) -> None:
    before = sorted(source.iterdir())
    with pytest.raises(BadInput, match="there is something already; name a folder that is new or empty"):
        on_dask.classify_parquet(source, source, id="page.id")
    assert before == sorted(source.iterdir())


@pytest.fixture(scope="module")
def cluster() -> Iterator[str]:
    """The address of a Dask scheduler with two workers, each a process; some ten seconds."""
    from distributed import LocalCluster

    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address="127.0.0.1:0") as here:
        yield here.scheduler_address


@on_a_dask
def test_dask_workers_in_processes_label_as_one_process_does(
    cluster: str, source: Path, expected: list[dict[str, Any]], tmp_path: Path
) -> None:
    from distributed import Client

    with Client(cluster) as client:
        model = BUNDLED.read_bytes()
        on_dask.classify_parquet(source, tmp_path / "out", id="page.id", model=model, client=client)
        # A model counts in each process that labelled; neither may have more than the one.
        kept = client.run(models_kept)
    assert expected == written(tmp_path / "out").to_pylist()
    assert {1} == set(kept.values()) - {0}


def models_kept() -> int:
    """How many models this process keeps."""
    return len(shipping._loaded)


@on_a_dask
@pytest.mark.parametrize("title", ["Dask", "joblib"])
def test_recipes_for_dask_run(
    title: str, cluster: str, reports: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    names = run_recipe(title, reports, places={"tcp://scheduler:8786": cluster})
    if title == "Dask":
        assert {f"r{n}" for n in range(len(TEXTS))} == set(written(Path("labels-dask"))["id"].to_pylist())
    else:
        pandas.testing.assert_frame_equal(
            classify_frame(reports.rename(columns={"page.id": "id"})), names["paragraphs"]
        )


def run_recipe(title: str, reports: Any, *, places: dict[str, str]) -> dict[str, Any]:
    """The names that the code below a title of docs/how-to/engines.md leaves, run where the reports are as it wants them."""
    reports = reports.rename(columns={"page.id": "id"})
    reports.to_parquet("reports.parquet")
    Path("reports").mkdir()
    reports.to_parquet("reports/0.parquet")
    (section,) = re.findall(
        rf"^## {title}\n(.*?)(?=^## |\Z)", GUIDE.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE
    )
    names: dict[str, Any] = {}
    for code in re.findall(r"```python\n(.*?)```", section, re.DOTALL):
        for place, here in places.items():
            code = code.replace(f'"{place}"', f'"{here}"')
        exec(compile(code, title, "exec"), names)
    return names


# Spark ---------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def spark() -> Iterator[Any]:
    """A Spark of two threads, each with a Python worker; some ten seconds."""
    import warnings

    from pyspark.sql import SparkSession

    settings = {
        "spark.ui.enabled": "false",
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.sql.debug.maxToStringFields": "100",
    }
    builder = SparkSession.builder.master("local[2]").appName("govtext")
    for name, value in settings.items():
        builder = builder.config(name, value)
    with warnings.catch_warnings(), pytest.MonkeyPatch.context() as patch:
        warnings.simplefilter("ignore")  # what it says of the machine's own address and of pandas
        patch.setenv("PYSPARK_PYTHON", sys.executable)  # or workers are the first python3 of PATH
        session = builder.getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    yield session
    session.stop()


@on_a_spark
@pytest.mark.parametrize("model", [None, BUNDLED], ids=["bundled", "file"])
def test_spark_labels_parquet_as_one_process_does(
    spark: Any, source: Path, expected: list[dict[str, Any]], tmp_path: Path, model: Path | None
) -> None:
    on_spark.classify_parquet(spark, str(source), str(tmp_path / "out"), id="page.id", model=model)
    assert expected == written(tmp_path / "out").to_pylist()


@on_a_spark
def test_spark_says_columns_and_types_before_it_computes(spark: Any, source: Path) -> None:
    labelled = on_spark.classify_spark(spark.read.parquet(str(source)).limit(0), id="page.id")
    assert frame_types(load().taxonomy.codes) == {
        name: {"int": "int32", "float": "float32", "boolean": "bool", "array<string>": "list<string>"}.get(kind, kind)
        for name, kind in labelled.dtypes
    }
    assert labelled.collect() == []


@on_a_spark
def test_spark_loads_a_model_once_a_worker(spark: Any, source: Path) -> None:
    labelled = on_spark.classify_spark(spark.read.parquet(str(source)), id="page.id", model=BUNDLED.read_bytes())
    labelled.count()
    labelled.count()

    def kept(_: Any) -> Iterator[Any]:
        from govtext.batch import shipping as theirs  # the worker's

        yield pyarrow.RecordBatch.from_pydict({"kept": [len(theirs._loaded)]})

    # In the same workers: Spark keeps them for the next query.
    assert {1} == {row.kept for row in spark.range(2, numPartitions=2).mapInArrow(kept, "kept long").collect()}


@on_a_spark
def test_recipe_for_spark_runs(spark: Any, reports: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # Spark takes a bare name for one below the folder that it was started in.
    monkeypatch.chdir(tmp_path)
    places = {name: str(tmp_path / name) for name in ("reports/", "labels-spark/")}
    assert spark is run_recipe("Spark", reports, places=places)["spark"]
    assert {f"r{n}" for n in range(len(TEXTS))} == set(written(Path("labels-spark"))["id"].to_pylist())


@on_a_spark
def test_spark_wants_a_column_for_ids(spark: Any, source: Path) -> None:
    with pytest.raises(BadInput, match=r"^no column 'id' among page\.id, text, year, and rows of a Spark frame have"):
        on_spark.classify_spark(spark.read.parquet(str(source)))


@on_a_spark
def test_spark_refuses_a_folder_that_is_there(spark: Any, source: Path) -> None:
    from pyspark.errors import AnalysisException

    with pytest.raises(AnalysisException, match="already exists"):
        on_spark.classify_parquet(spark, str(source), str(source), id="page.id")


# Both ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["dask", "pyspark.sql.functions"])
def test_engine_that_is_not_installed_is_said(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, name, None)
    package = name.partition(".")[0].removeprefix("py")
    classify = {"dask": on_dask.classify_dask, "spark": on_spark.classify_spark}[package]
    with pytest.raises(MissingExtra, match=rf"pip install 'govtext\[{package}\]'"):
        classify(None)


@on_a_dask
@pytest.mark.parametrize(
    ("options", "error", "said"),
    [
        ({"text": "body"}, BadInput, r"^no column 'body' among page\.id, text, year"),
        ({"id": "page.id", "model": b""}, BadModel, "the model's bytes: "),
        ({"id": "page.id", "model": load()}, BadModel, "pass the path or the bytes"),
    ],
)
def test_what_cannot_work_is_said_before_anything_is_sent(
    reports: Any, options: dict[str, Any], error: type[Exception], said: str
) -> None:
    import dask.dataframe

    with pytest.raises(error, match=said):
        on_dask.classify_dask(dask.dataframe.from_pandas(reports, npartitions=2), **options)


@on_a_dask
def test_repetition_model_goes_with_the_model(reports: Any) -> None:
    pytest.importorskip("datasketch", reason="datasketch is not installed")
    import dask.dataframe

    said = "本月共走访企业{0}家，解决融资难题，推动项目落地见效{0}个，群众满意。"
    pages = pandas.DataFrame(
        {
            "text": [f"{n}月份工作情况\n{said.format(n)}\n让我们一起建设美丽的清泉县" for n in "一二三四五"],
            "id": list("abcde"),
        }
    )
    site = RepetitionModel().fit(zip(pages["id"], pages["text"], strict=True))
    split = dask.dataframe.from_pandas(pages, npartitions=2)
    labelled = on_dask.classify_dask(split, repetition=site).compute(scheduler="threads").reset_index(drop=True)
    pandas.testing.assert_frame_equal(classify_frame(pages, repetition=site), labelled)
    assert labelled["text"][labelled["boilerplate"].notna()].tolist() == ["让我们一起建设美丽的清泉县"] * 5
