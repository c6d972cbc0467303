"""Fuzz one target with atheris: `python fuzz/run.py read --seconds 600`, or all of them one after the other.

What it finds is written to fuzz/corpus/TARGET as crash-…; commit the file with the mending, so that it stays found.
New inputs that reach new code go to a folder of their own (--keep), not to the corpus.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent


def main() -> int:
    """0 if nothing was found."""
    sys.path.insert(0, str(HERE))
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("target", choices=("read", "segment", "model", "resume", "all"))
    parser.add_argument("--seconds", type=int, default=60, help="for each target (default 60)")
    parser.add_argument("--keep", type=Path, help="a folder for inputs that reach new code")
    arguments = parser.parse_args()
    if arguments.target == "all":
        command = [sys.executable, __file__, "--seconds", str(arguments.seconds)]
        return max(subprocess.run([*command, name]).returncode for name in ("read", "segment", "model", "resume"))
    try:
        import atheris
    except ImportError:
        print("atheris is not installed: pip install atheris", file=sys.stderr)
        return 2
    with atheris.instrument_imports(include=["govtext"]):
        from targets import LONGEST, MORE, TARGETS, USUAL_LONGEST
    corpus = HERE / "corpus" / arguments.target
    with tempfile.TemporaryDirectory() as found:
        options = [
            str(arguments.keep or found),
            str(corpus),
            *([str(MORE[arguments.target])] if arguments.target in MORE else []),
            f"-max_total_time={arguments.seconds}",
            f"-max_len={LONGEST.get(arguments.target, USUAL_LONGEST)}",
            "-timeout=20",
            "-rss_limit_mb=4096",
            f"-artifact_prefix={corpus}/",
        ]
        atheris.Setup([sys.argv[0], *options], TARGETS[arguments.target])
        atheris.Fuzz()
    return 0


if __name__ == "__main__":
    sys.exit(main())
