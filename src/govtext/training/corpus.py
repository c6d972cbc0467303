"""Labelled documents: .tsv files of the codebook and JSON lines, checked line by line.

Three forms are read. A `.tsv` is one document (corpus/CODEBOOK.md). A `.jsonl` holds documents as `corpus/build.py` of the
codebook writes them ({"id", "text", "units": [...], "stretches": [...]}), or single labelled paragraphs
({"id", "text", "themes", optional "heading", "role", "formulaic"}).
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from govtext.document import BOILERPLATE_KINDS, ROLES
from govtext.errors import BadCorpus
from govtext.taxonomy import Taxonomy

SUFFIXES = (".tsv", ".jsonl")
_JUNK = "|".join(BOILERPLATE_KINDS)
_KIND = re.compile(rf"title|meta|p|blank|h[1-5](\+p)?|x:({_JUNK})")
_STRETCH = re.compile(rf"⟦(mask|{_JUNK}):(.*?)⟧", re.S)
_MARKS = re.compile("[⟦⟧‖]")


@dataclass(frozen=True, slots=True)
class Unit:
    """One labelled unit; `kind` as in the codebook (title, meta, p, h1 … h5, h1+p …, x:related …, blank)."""

    start: int
    end: int
    kind: str
    role: str | None
    themes: tuple[str, ...]
    formulaic: bool
    heading_end: int | None

    @property
    def is_heading(self) -> bool:
        """A heading, alone or run-in."""
        return self.kind[0] == "h"

    @property
    def has_body(self) -> bool:
        """Body text, with or without a run-in heading."""
        return self.kind == "p" or self.kind.endswith("+p")

    @property
    def is_boilerplate(self) -> bool:
        """A line of the site, not of the document."""
        return self.kind.startswith("x:")


@dataclass(frozen=True, slots=True)
class LabelledDocument:
    """A document with its units in order; `whole` is False for a single paragraph, which teaches no structure."""

    id: str
    text: str
    units: tuple[Unit, ...]
    stretches: tuple[tuple[int, int, str], ...] = ()
    header: Mapping[str, str] = field(default_factory=dict)
    heading: str = ""
    whole: bool = True

    @property
    def digest(self) -> str:
        """SHA-256 of text and labels: what orders documents, whatever files they came in."""
        said = [
            self.text,
            self.heading,
            [(u.start, u.end, u.kind, u.role, u.themes, u.formulaic, u.heading_end) for u in self.units],
            self.stretches,
            self.whole,
        ]
        return hashlib.sha256(json.dumps(said, ensure_ascii=True).encode()).hexdigest()


def read_corpus(paths: Sequence[Path], taxonomy: Taxonomy) -> list[LabelledDocument]:
    """All documents in the files and folders named, ordered by content, equal ones once.

    Raises:
        BadCorpus: names file and line of the first unit that breaks the codebook, or says that nothing was found.
    """
    documents: dict[str, LabelledDocument] = {}
    for path in _files(paths):
        for document in READERS[path.suffix](path, taxonomy):
            documents.setdefault(document.digest, document)
    if not documents:
        raise BadCorpus(f"{', '.join(map(str, paths)) or 'no path'}: no labelled documents; name .tsv or .jsonl files")
    return [documents[key] for key in sorted(documents)]


def read_unlabelled(path: Path) -> list[str]:
    """The passages in a file, one a line, each once.

    Raises:
        BadCorpus: the file cannot be read, or has no passage.
    """
    found = dict.fromkeys(" ".join(line.split()) for line in _text(path).split("\n"))
    if not (passages := [line for line in found if line]):
        raise BadCorpus(f"{path}: no passages; wanted a text file with one a line")
    return passages


def corpus_digest(documents: Iterable[LabelledDocument]) -> str:
    """SHA-256 over all documents, whatever their order."""
    return hashlib.sha256("".join(sorted(d.digest for d in documents)).encode()).hexdigest()


def _files(paths: Sequence[Path]) -> list[Path]:
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            inside = sorted(p for p in path.rglob("*") if p.suffix in SUFFIXES and p.is_file())
            if not inside:
                raise BadCorpus(
                    f"{path}: a folder without .tsv or .jsonl files; name one that holds labelled documents"
                )
            found += inside
        elif not path.exists():
            raise BadCorpus(f"{path}: no such file or folder; name .tsv or .jsonl files with labelled documents")
        elif path.suffix not in SUFFIXES:
            raise BadCorpus(f"{path}: unknown suffix {path.suffix!r}; labelled documents are .tsv or .jsonl")
        else:
            found.append(path)
    return found


def _text(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8-sig").replace("\r\n", "\n")
    except (OSError, UnicodeDecodeError) as error:
        raise BadCorpus(f"{path}: cannot be read as UTF-8 text ({error}); save labelled documents as UTF-8") from error


def _labels(where: str, cell: Sequence[str], taxonomy: Taxonomy) -> tuple[tuple[str, ...], bool]:
    """Theme codes and whether F stands among them."""
    codes = [c for c in cell if c not in ("F", "-", "")]
    if unknown := sorted(set(codes) - set(taxonomy.codes)):
        raise BadCorpus(
            f"{where}: unknown theme {unknown[0]!r}; the themes are {', '.join(taxonomy.codes)}; "
            "themes of your own stand in a file that --themes names"
        )
    if len(codes) > taxonomy.most or len(set(codes)) != len(codes):
        said = ",".join(codes)
        said = f"{said!r}" if len(said) <= 80 else f"{said[:80]!r}… ({len(codes)} of them)"
        raise BadCorpus(f"{where}: themes {said}; wanted at most {taxonomy.most}, none twice")
    return tuple(codes), "F" in cell


def _check_role(where: str, kind: str, role: str | None, themes: Sequence[str]) -> None:
    content = kind[0] == "h" or kind == "p"
    if content and role not in ROLES:
        raise BadCorpus(f"{where}: {kind} with role {role!r}; wanted one of {', '.join(ROLES)}")
    if not content and (role is not None or themes):
        raise BadCorpus(f"{where}: {kind} with a role or theme; only headings and paragraphs take them, write -")


def _read_tsv(path: Path, taxonomy: Taxonomy) -> list[LabelledDocument]:
    header: dict[str, str] = {}
    units: list[Unit] = []
    stretches: list[tuple[int, int, str]] = []
    text = ""
    for number, line in enumerate(_text(path).split("\n"), 1):
        if line.startswith("#") and not units:
            key, _, value = line[1:].partition("\t")
            header[key.strip()] = value.strip()
            continue
        if not line.strip():
            continue
        where = f"{path.name}:{number}"
        cells = line.split("\t")
        if len(cells) != 4:
            raise BadCorpus(f"{where}: {len(cells)} columns; wanted 4, separated by tabs: kind, role, themes, text")
        kind, role, themes, raw = cells
        glued, kind = kind.startswith("~"), kind.lstrip("~").strip()
        if not _KIND.fullmatch(kind):
            raise BadCorpus(f"{where}: unknown kind {kind!r}; wanted title, meta, p, blank, h1…h5, h1+p…h5+p or x:…")
        codes, formulaic = _labels(where, [c.strip() for c in themes.replace(";", ",").split(",")], taxonomy)
        said = None if role.strip() == "-" else role.strip()
        _check_role(where, kind, said, codes)
        if kind != "blank" and not raw.strip():
            raise BadCorpus(f"{where}: {kind} without text; write blank for an empty line")
        if ("‖" in raw) != kind.endswith("+p") or raw.count("‖") > 1:
            raise BadCorpus(f"{where}: one ‖ goes with h1+p … h5+p, and only there; mark where the heading ends")
        if units and not glued:
            text += "\n"
        start = len(text)
        piece, heading_end, marked = _unmark(raw, start)
        if _MARKS.search(piece):
            raise BadCorpus(f"{where}: a stray ⟦, ⟧ or ‖; wanted ⟦kind:text⟧ with a known kind")
        text += piece
        stretches += marked
        units.append(Unit(start, len(text), kind, said, codes, formulaic, heading_end))
    if not units:
        raise BadCorpus(f"{path.name}: no units; wanted lines of kind, role, themes and text separated by tabs")
    return [LabelledDocument(path.stem, text, tuple(units), tuple(stretches), header)]


def _unmark(raw: str, start: int) -> tuple[str, int | None, list[tuple[int, int, str]]]:
    """The raw text of a unit, where its heading ends (offset into the document), and its stretches."""
    text, heading_end, position = "", None, 0
    stretches: list[tuple[int, int, str]] = []
    for match in [*_STRETCH.finditer(raw), None]:
        before = raw[position : match.start() if match else len(raw)]
        head, bar, tail = before.partition("‖")
        text += head
        if bar:
            heading_end = start + len(text)
            text += tail
        if match:
            stretches.append((start + len(text), start + len(text) + len(match[2]), match[1]))
            text += match[2]
            position = match.end()
    return text, heading_end, stretches


def _read_jsonl(path: Path, taxonomy: Taxonomy) -> list[LabelledDocument]:
    documents = []
    for number, line in enumerate(_text(path).split("\n"), 1):
        if not line.strip():
            continue
        where = f"{path.name}:{number}"
        try:
            row = json.loads(line)
        except (ValueError, RecursionError) as error:
            raise BadCorpus(f"{where}: not a JSON object ({error}); wanted one object a line") from error
        if not isinstance(row, dict) or not isinstance(row.get("text"), str) or not row["text"].strip():
            raise BadCorpus(f"{where}: no text; wanted an object with a string under 'text'")
        try:
            document = from_units(where, row, taxonomy) if "units" in row else from_paragraph(where, row, taxonomy)
        except (KeyError, TypeError, ValueError) as error:
            if isinstance(error, BadCorpus):
                raise
            raise BadCorpus(f"{where}: a field is missing or of the wrong type ({error}); see the codebook") from error
        documents.append(document)
    return documents


def from_units(where: str, row: Mapping[str, Any], taxonomy: Taxonomy) -> LabelledDocument:
    """The document of one JSON object with `units`; `where` names its place in errors."""
    text = row["text"]
    units: list[Unit] = []
    for k, raw in enumerate(row["units"], 1):
        here = f"{where}, unit {k}"
        kind, heading_end = str(raw["kind"]), raw.get("heading_end")
        if not _KIND.fullmatch(kind):
            raise BadCorpus(f"{here}: unknown kind {kind!r}; wanted title, meta, p, blank, h1…h5, h1+p…h5+p or x:…")
        start, end = _span(here, raw, units[-1].end if units else 0, len(text))
        if (heading_end is not None) != kind.endswith("+p") or not _in_order(
            (start, start if heading_end is None else heading_end, end)
        ):
            raise BadCorpus(f"{here}: heading_end {heading_end!r} with {kind}; a run-in heading ends within its unit")
        codes, formulaic = _labels(here, list(raw.get("themes") or []), taxonomy)
        role = raw.get("role")
        _check_role(here, kind, role, codes)
        units.append(Unit(start, end, kind, role, codes, bool(raw.get("formulaic")) or formulaic, heading_end))
    if not units:
        raise BadCorpus(f"{where}: no units; wanted at least one")
    stretches: list[tuple[int, int, str]] = []
    for k, raw in enumerate(row.get("stretches") or (), 1):
        here, kind = f"{where}, stretch {k}", str(raw["kind"])
        if kind not in ("mask", *BOILERPLATE_KINDS):
            raise BadCorpus(f"{here}: unknown kind {kind!r}; wanted mask or {', '.join(BOILERPLATE_KINDS)}")
        stretches.append((*_span(here, raw, stretches[-1][1] if stretches else 0, len(text)), kind))
    header = {k: v for k, v in row.items() if isinstance(v, str) and k not in ("id", "text")}
    return LabelledDocument(str(row.get("id", where)), text, tuple(units), tuple(stretches), header)


def _span(here: str, raw: Mapping[str, Any], first: int, last: int) -> tuple[int, int]:
    """Start and end of a unit or stretch, if they are whole numbers between `first` and `last`."""
    start, end = raw["start"], raw["end"]
    if not _in_order((first, start, end, last)):
        raise BadCorpus(f"{here}: span {start!r}–{end!r}; wanted spans in order, within the text, not overlapping")
    return start, end


def _in_order(offsets: Sequence[Any]) -> bool:
    return all(type(offset) is int for offset in offsets) and list(offsets) == sorted(offsets)


def from_paragraph(where: str, row: Mapping[str, Any], taxonomy: Taxonomy) -> LabelledDocument:
    """The document of one JSON object that is a single paragraph; `where` names its place in errors."""
    if not isinstance(row.get("themes"), list):
        raise BadCorpus(f"{where}: no 'themes'; wanted a list of theme codes, [] for none")
    codes, formulaic = _labels(where, row["themes"], taxonomy)
    role = row.get("role")
    if role is not None and role not in ROLES:
        raise BadCorpus(f"{where}: role {role!r}; wanted one of {', '.join(ROLES)}, or leave it out")
    unit = Unit(0, len(row["text"]), "p", role, codes, bool(row.get("formulaic")) or formulaic, None)
    header = {k: v for k, v in row.items() if isinstance(v, str) and k not in ("id", "text", "heading", "role")}
    name = str(row.get("id", where))
    return LabelledDocument(name, row["text"], (unit,), (), header, str(row.get("heading") or ""), whole=False)


# How labelled documents come: suffix → reader.
READERS = {".tsv": _read_tsv, ".jsonl": _read_jsonl}
