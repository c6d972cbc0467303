"""Rehearses a release against an index of our own on this machine: `python packaging/rehearse.py`.

Builds wheel and sdist, puts them with all that they need into a folder that is served as a package index on 127.0.0.1, installs
from there alone into a bare environment, by wheel and by sdist, and labels an example. Nothing is uploaded anywhere.
"""

from __future__ import annotations

import functools
import http.server
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import threading
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
BUILDER = "hatchling>=1.27"  # as [build-system] of pyproject.toml has it
IN_WHEEL = ("govtext/data/govtext.safetensors", "govtext/data/themes.toml", "govtext/py.typed")
IN_SDIST = ("models/govtext.safetensors", "tests/test_docs.py", "README.md", "LICENSE", "pyproject.toml")


def main() -> None:
    """Builds, serves, installs, labels; says each step, and ends with 1 at the first that fails."""
    with tempfile.TemporaryDirectory(prefix="govtext-release-") as name:
        folder = Path(name)
        wheel, sdist = built(folder)
        index = stocked(folder, wheel, sdist)
        with served(folder) as url:
            for way, options in (("wheel", []), ("sdist", ["--no-binary", "govtext"])):
                environment = folder / f"venv-{way}"
                run(sys.executable, "-m", "venv", environment)
                python = environment / "bin" / "python"
                chosen = ["--no-cache-dir", "--index-url", url, *options, "govtext"]
                run(python, "-m", "pip", "install", "-q", *chosen, cwd=folder, alone=True)
                shutil.copy(ROOT / "examples" / "kaifaqu-2009.txt", folder)
                told = run(environment / "bin" / "govtext", "outline", "kaifaqu-2009.txt", cwd=folder)
                print(f"installed by {way} from {index.name}/: outline of {len(told.splitlines())} lines")
                print(run(environment / "bin" / "govtext", "--version", cwd=folder).strip())


def built(folder: Path) -> tuple[Path, Path]:
    """Wheel and sdist, built from the tree; what must be inside is inside."""
    tools = folder / "venv-build"
    run(sys.executable, "-m", "venv", tools)
    run(tools / "bin" / "python", "-m", "pip", "install", "-q", BUILDER)
    run(tools / "bin" / "python", "-m", "hatchling", "build", "-d", folder / "dist", cwd=ROOT)
    (wheel,), (sdist,) = ((folder / "dist").glob(pattern) for pattern in ("*.whl", "*.tar.gz"))
    with zipfile.ZipFile(wheel) as held:
        lacking = set(IN_WHEEL) - set(held.namelist())
    with tarfile.open(sdist) as packed:
        lacking |= set(IN_SDIST) - {member.partition("/")[2] for member in packed.getnames()}
    if lacking:
        sys.exit(f"not in the distributions: {', '.join(sorted(lacking))}")
    for path in (wheel, sdist):
        print(f"{path.name}: {path.stat().st_size:,} bytes")
    return wheel, sdist


def stocked(folder: Path, wheel: Path, sdist: Path) -> Path:
    """The index: a folder a project, as PEP 503 names it, with the files in it."""
    needed = folder / "needed"
    # `wheel` and not `download`: jieba is on its index as source alone, and building it would want setuptools from ours.
    run(sys.executable, "-m", "pip", "wheel", "-q", "-w", needed, wheel, BUILDER)
    index = folder / "simple"
    for path in (*needed.iterdir(), sdist):
        project = re.sub(r"[-_.]+", "-", re.split(r"-\d", path.name)[0]).lower()
        (index / project).mkdir(parents=True, exist_ok=True)
        shutil.copy(path, index / project)
    print(f"index of {sum(1 for _ in index.iterdir())} projects")
    return index


class Quiet(http.server.SimpleHTTPRequestHandler):
    """Files and listings of a folder, without a line for each request."""

    def log_message(self, format: str, *args: object) -> None:
        """Nothing is said."""


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """The address of the index while it is served; listings of folders are pages that pip reads."""
    handler = functools.partial(Quiet, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/simple/"
        finally:
            server.shutdown()


def run(*words: str | Path, cwd: Path | None = None, alone: bool = False) -> str:
    """What a command prints, if it ends well; `alone` keeps pip from other indexes that this machine is set up with."""
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    if alone:
        environment = {key: value for key, value in environment.items() if not key.startswith("PIP_")}
        environment["PIP_CONFIG_FILE"] = os.devnull
    done = subprocess.run(
        list(map(str, words)),
        cwd=cwd,
        env=environment,
        check=False,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    if done.returncode:
        sys.exit(f"{' '.join(map(str, words))}\nended with {done.returncode}:\n{done.stdout}")
    return done.stdout


if __name__ == "__main__":
    main()
