"""Installs the wheel into bare environments, one for each extra, and uses it there: `python packaging/extras.py none all`.

    none    the package and what it needs, nothing else
    all     every extra of the table together
    each    none, and each extra alone
    NAME    that extra alone

The wheel is built first, from the tree as it is. Each environment lies in a temporary folder, far from the checkout, with the
examples beside it; what an extra is for is done there as a user would do it. Spark is left to tests/test_engines.py: it wants
Java, and is a download of 450 MB.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
import tomllib
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

ROOT = Path(__file__).resolve().parents[1]
NONE, ALL, EACH = "none", "all", "each"
NOT_HERE = ("spark", "engines", "dev", "docs", "bench", "fewclue", "browser")  # Spark, and what only the checkout needs
MODEL = "govtext/data/govtext.safetensors"
TRAIN = "govtext train examples/two-themes/labelled.jsonl --themes examples/two-themes/themes.toml"
# A PDF with a text layer, as small as one can be; its table of places is left out, and readers mend that.
PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 200]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>endobj\n"
    b"4 0 obj<</Length 52>>stream\nBT /F 12 Tf 20 150 Td (Report of the bureau, 2024) Tj ET\nendstream endobj\n"
    b"5 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>endobj\ntrailer<</Root 1 0 R>>\n"
)
EMBEDDED = 'recipe = "lone"\nembedding = 1.0\n'
WORDS = 'recipe = "lone"\nwords = true\n'
DATASET = (
    "import govtext; from govtext import frames; "
    "assert len(frames.to_dataset({'a': govtext.classify('一、服务企业\\n走访企业120家。\\n')})) == 2"
)
DASK = (
    "import dask.dataframe, pandas; from govtext.batch.on_dask import classify_dask; "
    "rows = pandas.DataFrame({'id': ['a'], 'text': ['一、服务企业\\n走访企业120家。\\n']}); "
    "frame = classify_dask(dask.dataframe.from_pandas(rows, npartitions=1)); "
    "assert len(frame.compute(scheduler='sync')) == 2"
)
# Extra → commands that must end well in its environment; `python -c` takes what follows as one piece.
CHECKS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        NONE: (
            "govtext --version",
            "govtext doctor",
            "govtext model show",
            "govtext classify -f text examples/kaifaqu-2009.txt",
            "govtext classify examples/county -o labels.jsonl --jobs 2",
            "govtext classify examples/county -f html -o pages",
            f"{TRAIN} -o mine.safetensors",
            "govtext classify examples/two-themes/report.txt -m mine.safetensors -f csv",
        ),
        "parquet": ("govtext classify examples/county -o labels.parquet",),
        "pdf": ("govtext classify -f text small.pdf",),
        "plots": ("govtext plot years examples/county -o years.png",),
        "repetition": ("govtext repetition examples/county -o site.repetition",),
        "embed": (f"{TRAIN} -o embedded.safetensors --config embedded.toml",),
        "rjieba": (f"{TRAIN} -o words.safetensors --config words.toml",),
        "datasets": (f"python -c {DATASET}",),
        "dask": (f"python -c {DASK}",),
    }
)
# Sentences that must be said where an extra is missing: not a traceback, and what to install.
MISSING: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "parquet": ("govtext classify examples/county -o labels.parquet", "govtext[parquet]"),
        "pdf": ("govtext classify -f text small.pdf", "govtext[pdf]"),
        "plots": ("govtext plot years examples/county -o years.png", "govtext[plots]"),
        "repetition": ("govtext repetition examples/county -o site.repetition", "govtext[repetition]"),
        "embed": (f"{TRAIN} -o embedded.safetensors --config embedded.toml", "govtext[embed]"),
    }
)


def main() -> None:
    """Builds, installs, uses; ends with 1 at the first command that does not end well."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    known = [NONE, ALL, EACH, *(name for name in CHECKS if name != NONE)]
    parser.add_argument("what", nargs="*", metavar="EXTRA", help=f"some of {', '.join(known)} (default {NONE} {ALL})")
    # Not `choices`: Python 3.11 holds a default list as a whole against them.
    wanted = parser.parse_args().what or [NONE, ALL]
    if unknown := sorted(set(wanted) - set(known)):
        parser.error(f"no extra {unknown[0]!r}; wanted some of {', '.join(known)}")
    declared = set(extras()) - set(NOT_HERE)
    if declared != set(CHECKS) - {NONE}:
        sys.exit(f"pyproject.toml and CHECKS differ: {', '.join(sorted(declared ^ (set(CHECKS) - {NONE})))}")
    names = [name for asked in wanted for name in (CHECKS if asked == EACH else (asked,))]
    with tempfile.TemporaryDirectory(prefix="govtext-extras-") as folder:
        wheel = built(Path(folder))
        for name in dict.fromkeys(names):
            began = time.monotonic()
            count = tried(name, wheel, Path(folder) / name)
            print(f"{name}: {count} commands, {time.monotonic() - began:.0f} s", flush=True)


def extras() -> Mapping[str, Sequence[str]]:
    """The extras that pyproject.toml declares."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    found: Mapping[str, Sequence[str]] = project["optional-dependencies"]
    return found


def built(folder: Path) -> Path:
    """The wheel, built now; the model must be inside, and nothing of the checkout beside the package."""
    run([sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", str(folder), str(ROOT)])
    (wheel,) = folder.glob("govtext-*.whl")
    names = zipfile.ZipFile(wheel).namelist()
    if MODEL not in names:
        sys.exit(f"{wheel.name}: {MODEL} is not inside")
    if strays := [name for name in names if not name.startswith(("govtext/", "govtext-"))]:
        sys.exit(f"{wheel.name}: {strays[0]} is not of the package")
    print(f"{wheel.name}: {wheel.stat().st_size:,} bytes, {len(names)} files", flush=True)
    return wheel


def tried(name: str, wheel: Path, folder: Path) -> int:
    """How many commands ended as they should in a new environment with the extras of that name."""
    folder.mkdir()
    run([sys.executable, "-m", "venv", str(folder / "venv")])
    chosen = [extra for extra in CHECKS if extra != NONE and name in (extra, ALL)]
    target = f"{wheel}[{','.join(chosen)}]" if chosen else str(wheel)
    python = folder / "venv" / "bin" / "python"
    run([str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", target])
    shutil.copytree(ROOT / "examples", folder / "examples")
    (folder / "small.pdf").write_bytes(PDF)
    (folder / "embedded.toml").write_text(EMBEDDED, encoding="utf-8")
    (folder / "words.toml").write_text(WORDS, encoding="utf-8")
    commands = [command for key in (NONE, *chosen) for command in CHECKS[key]]
    for command in commands:
        run(to_words(command, python.parent), cwd=folder)
    lacking = {key: said for key, said in MISSING.items() if name == NONE}
    for command, said in lacking.values():
        done = run(to_words(command, python.parent), cwd=folder, code=2)
        if said not in done or "Traceback" in done:
            sys.exit(f"{command}\nwanted a sentence with {said}, printed:\n{done}")
    return len(commands) + len(lacking)


def to_words(command: str, programs: Path) -> list[str]:
    """A command of the tables as the words to start it with, its program that of the environment."""
    program, *rest = command.split(" ", 2) if command.startswith("python -c ") else command.split(" ")
    return [str(programs / program), *rest]


def run(words: Sequence[str], *, cwd: Path | None = None, code: int = 0) -> str:
    """What a command prints, if it ends with that code; nothing of this environment reaches it."""
    ours = ("PYTHONPATH", "VIRTUAL_ENV", "PYTHONHOME")
    environment = {key: value for key, value in os.environ.items() if key not in ours}
    done = subprocess.run(
        words, cwd=cwd, env=environment, check=False, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    if done.returncode != code:
        sys.exit(f"{' '.join(words)}\nended with {done.returncode}, wanted {code}:\n{done.stdout}")
    return done.stdout


if __name__ == "__main__":
    main()
