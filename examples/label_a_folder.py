"""A folder of reports, text and web pages mixed: what was done and what is planned, by theme, and lines for later."""

from __future__ import annotations

import sys
import tempfile
from collections import Counter
from pathlib import Path

import govtext
from govtext.batch import classify_files

HERE = Path(__file__).resolve().parent / "county"


def main(folder: Path) -> None:
    """Count roles by theme, then write the same folder as JSON lines in a batch."""
    model = govtext.load()
    counted: Counter[tuple[str, str]] = Counter()
    for path in sorted(HERE.iterdir()):
        report = model.classify(path)
        print(f"{path.name}: {report.issuer}, {report.date}, {len(report.outline())} headings")
        for paragraph in report.paragraphs:
            counted.update((report.theme_names[code], paragraph.role or "-") for code in paragraph.labels)
    for name in dict.fromkeys(name for (name, _), _ in counted.most_common()):
        print(f"{name}: done {counted[name, 'done']}, planned {counted[name, 'plan']}")

    # The same in processes of their own: a report that hangs or kills its process costs no other.
    done = classify_files([HERE], folder / "labels.jsonl", jobs=2)
    print(done)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        main(Path(sys.argv[1]))
    else:
        with tempfile.TemporaryDirectory() as name:
            main(Path(name))
