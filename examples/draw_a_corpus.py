"""Pictures of a folder of reports: themes by year and by issuer, done against planned, one report over its length.

Needs matplotlib: pip install 'govtext[plots]'
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import govtext
from govtext import plots

HERE = Path(__file__).resolve().parent / "county"


def main(folder: Path) -> None:
    """Label once, draw four times."""
    model = govtext.load()
    reports = [model.classify(path) for path in sorted(HERE.iterdir())]
    pictures = {
        "years": plots.plot_years(reports),
        "issuers": plots.plot_issuers(reports),
        "roles": plots.plot_roles(reports),
        "length": plots.plot_length(reports[-1]),
    }
    for name, axes in pictures.items():
        plots.save(axes, folder / f"{name}.png")
        print(f"{name}.png: {axes.get_title(loc='left') or axes.get_title()}")


if __name__ == "__main__":
    if len(sys.argv) > 1:
        main(Path(sys.argv[1]))
    else:
        with tempfile.TemporaryDirectory() as name:
            main(Path(name))
