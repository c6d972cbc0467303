"""What a user writes today to label the lines of a report: jieba, TF-IDF, linear SVC. Run in fresh processes by starts.py.

    python naive_script.py MODEL REPORT…    MODEL is what peers.py has saved with joblib

It is timed as a whole, so it imports what such a script imports, where it imports it.
"""

from __future__ import annotations

import logging
import sys
from pathlib import Path

import jieba
import joblib

jieba.setLogLevel(logging.ERROR)


def words(text: str) -> list[str]:
    """The words of a line; a function of a module, so that the saved vectorizer can name it."""
    found: list[str] = jieba.lcut(text)
    return found


def lines_of(text: str) -> list[str]:
    """The lines that are not blank."""
    return [line.strip() for line in text.splitlines() if line.strip()]


def main() -> None:
    """Label, print."""
    saved = joblib.load(sys.argv[1])
    for name in sys.argv[2:]:
        lines = lines_of(Path(name).read_text(encoding="utf-8"))
        said = saved["classifier"].predict(saved["vectorizer"].transform(lines))
        for line, row in zip(lines, said):
            print(",".join(code for code, has in zip(saved["codes"], row) if has), line, sep="\t")


if __name__ == "__main__":
    main()
