"""One report from Python: its outline, its themes, its junk."""

from __future__ import annotations

from pathlib import Path

import govtext

REPORT = Path(__file__).resolve().parent / "kaifaqu-2009.txt"


def main() -> None:
    """Print what govtext finds."""
    report = govtext.classify(REPORT)
    print(report.title)
    for entry in report.outline():
        print("  " * entry.level + entry.heading, *(report.theme_names[code] for code in entry.labels))
    junk = [p for p in report.paragraphs if p.boilerplate]
    print(f"{len(junk)} lines of junk, the first one {junk[0].boilerplate}: {junk[0].verdict.reason}")
    about = [p for p in report.paragraphs if p.kind == "body" and "hightech_certification" in p.labels]
    print(f"{len(about)} paragraphs about certifying high-tech firms")


if __name__ == "__main__":
    main()
