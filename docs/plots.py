"""Makes the pictures docs/pictures/plot-*.png from the labelled reports of corpus/authored: `python docs/plots.py`.

The reports are labelled by the bundled model from their texts alone; their labels in the corpus are not looked at. The same model
and matplotlib give the same bytes.
"""

from __future__ import annotations

from pathlib import Path

from govtext.document import Source
from govtext.labelling import load
from govtext.plots.kinds import KINDS
from govtext.plots.look import rendered
from govtext.plots.reports import of_report
from govtext.taxonomy import bundled_taxonomy
from govtext.training.corpus import read_corpus

ROOT = Path(__file__).resolve().parents[1]
PICTURES = ROOT / "docs" / "pictures"
ONE = ROOT / "examples" / "kaifaqu-2009.txt"  # of which the length is shown
DPI = 90


def main() -> None:
    """Writes the pictures; says of each how large it is."""
    documents = read_corpus([ROOT / "corpus" / "authored"], bundled_taxonomy())
    model = load()
    labelled = model.classify_many([Source(document.text, name=document.id) for document in documents])
    reports = [of_report(report) for report in labelled]
    one = [of_report(model.classify(ONE))]
    PICTURES.mkdir(exist_ok=True)
    for name, kind in KINDS.items():
        content = rendered(kind.picture(one if kind.of_one else reports, "zh"), ".png", dpi=DPI)
        path = PICTURES / f"plot-{name}.png"
        path.write_bytes(content)
        print(f"{path.relative_to(ROOT)}: {len(content):,} bytes")


if __name__ == "__main__":
    main()
