"""A folder of pages: one a report, and an index of them; each file is the old one or the new one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from govtext.errors import GovtextError
from govtext.writing.entry import Entry
from govtext.writing.pages.index import index_page
from govtext.writing.pages.report import to_html
from govtext.writing.pages.tally import Tally, tally
from govtext.writing.target import Replacement, file_names

INDEX = "index"
SUFFIX = ".html"


def site_files(ids: Sequence[str], folder: Path) -> dict[str, Path]:
    """Id → the file of its page; none has the name of the index, none leaves the folder."""
    names = file_names([INDEX, *ids], SUFFIX)[1:]
    return {identity: folder / name for identity, name in zip(ids, names, strict=True)}


def write_site(
    entries: Iterable[Entry], *, ids: Sequence[str], folder: Path, spare: Callable[[Path], None] = lambda path: None
) -> int:
    """How many reports have their page in the folder, which is made if it is not there; with none nothing is written.

    `ids` are all that may come; `spare` is asked of each file before any is written, and raises for one that must stay.

    Raises:
        GovtextError: the folder cannot be made, or a file in it cannot be written.
    """
    targets = site_files(ids, folder)
    for target in (*targets.values(), folder / f"{INDEX}{SUFFIX}"):
        spare(target)
    tallies: list[Tally] = []
    names: dict[str, str] = {}
    for entry in entries:
        if not tallies:
            make_folder(folder)
        target = targets[entry.id]
        # The report's name is no wish of the user's: a link that stands there is not where to write.
        with Replacement(target, follow=False) as file:
            file.write(to_html(entry.report, id=entry.id))
        tallies.append(tally(entry, target.name))
        names.update(entry.report.theme_names)
    if tallies:
        with Replacement(folder / f"{INDEX}{SUFFIX}", follow=False) as file:
            file.write(index_page(tallies, names))
    return len(tallies)


def make_folder(folder: Path) -> None:
    """Nothing; the folder is there.

    Raises:
        GovtextError: a file has its name, or the folder around it is not there.
    """
    try:
        folder.mkdir(exist_ok=True)
    except OSError as error:
        raise GovtextError(f"{folder}: no folder can be made there ({error.strerror}); name another with -o") from error
