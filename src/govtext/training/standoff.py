"""Labels of texts that stay where they are: stand-off annotation, JSON lines of spans, joined with the texts when they are read.

What may not be published with the labels, or is too large to be copied beside them, is named by file, span and hash: one
object a line, {"id", "file", "start", "end", "sha256", "units": [...], optional "stretches", "heading", header fields}. `start`
and `end` are code points of the file as `govtext` reads it, `sha256` is that of the text between them in UTF-8, and the spans of
units count from `start`. An object with "themes" in place of "units" is a single paragraph. `"whole": false` says that the units
teach themes and roles, but no structure: their limits were drawn by a machine, or lines around them are left out.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from govtext.document import Source
from govtext.errors import BadCorpus
from govtext.reading import read
from govtext.taxonomy import Taxonomy
from govtext.training.corpus import LabelledDocument, from_paragraph, from_units


def read_standoff(labels: Path, folder: Path, taxonomy: Taxonomy) -> list[LabelledDocument]:
    """The documents whose labels stand in `labels` and whose files are in `folder`, in the order of the lines.

    Raises:
        BadCorpus: a line is not as said above, its file is missing, or the text there is not the one that was labelled.
    """

    @cache
    def source(name: str) -> Source:
        return read(folder / name)

    documents = []
    for number, line in enumerate(labels.read_text("utf-8").splitlines(), 1):
        where = f"{labels.name}:{number}"
        try:
            row = json.loads(line)
            text = _text(where, row, folder, source)
            make = from_units if "units" in row else from_paragraph
            document = make(where, {**row, "text": text}, taxonomy)
            documents.append(replace(document, whole=document.whole and row.get("whole") is not False))
        except (KeyError, TypeError, ValueError) as error:
            if isinstance(error, BadCorpus):
                raise
            raise BadCorpus(
                f"{where}: not a line of stand-off labels ({error!r}); wanted an object with file, start, end, sha256 and units"
            ) from error
    return documents


def _text(where: str, row: Mapping[str, Any], folder: Path, source: Any) -> str:
    name = str(row["file"])
    if Path(name).is_absolute() or ".." in Path(name).parts:
        raise BadCorpus(f"{where}: file {name!r} leads out of the folder; wanted a path inside it")
    if not (folder / name).is_file():
        raise BadCorpus(f"{where}: {name!r} is not in {folder}; name the folder that holds the labelled files")
    text = source(name).text[row["start"] : row["end"]]
    if digest(text) != row["sha256"]:
        raise BadCorpus(
            f"{where}: the text of {name!r} from {row['start']} to {row['end']} is not the one that was labelled; "
            "use the files as they were, or take this line out"
        )
    return str(text)


def digest(text: str) -> str:
    """SHA-256 of a text in UTF-8, by which a stretch is known again."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
