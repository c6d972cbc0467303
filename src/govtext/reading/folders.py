"""The reports in folders: `find_reports` for all, `reports_below` one after the other."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from govtext.errors import UnreadableReport
from govtext.reading.formats import is_known, known_suffixes


def find_reports(paths: Sequence[str | os.PathLike[str]]) -> list[Path]:
    """The files that `paths` stand for: files as given, folders replaced by the reports below them, in order of name.

    In a folder, only files with a suffix of `READERS` count; hidden files and folders and links to folders are skipped.
    Each file comes once.

    Raises:
        UnreadableReport: a path does not exist, or a folder has no report in it.
    """
    found: dict[Path, None] = {}
    for path in map(Path, paths):
        if not path.is_dir():
            status(path)
            found[path] = None
            continue
        below = list(reports_below(path, refuse=_refuse_folder))
        if not below:
            raise no_reports(path)
        found.update(dict.fromkeys(below))
    return list(found)


def reports_below(folder: Path, *, refuse: Callable[[OSError], None]) -> Iterator[Path]:
    """The reports below a folder in order of name, each as it is asked for: one folder's names are held at a time.

    Which files count is said at `find_reports`. A folder that cannot be read is handed to `refuse` and left out.
    """
    levels = [(folder, _names_in(folder, refuse))]
    while levels:
        parent, names = levels[-1]
        if not names:
            levels.pop()
            continue
        name, is_folder = names.pop()
        if is_folder:
            levels.append((parent / name, _names_in(parent / name, refuse)))
        else:
            yield parent / name


def no_reports(folder: Path) -> UnreadableReport:
    """The error for a folder without reports."""
    return UnreadableReport(
        f"{printable(folder)}: there is no file in this folder that ends in {known_suffixes()}; name one that holds reports"
    )


def unreadable_folder(error: OSError) -> UnreadableReport:
    """The error for a folder that cannot be read."""
    return UnreadableReport(
        f"{printable(Path(error.filename))}: the folder cannot be read ({error.strerror}); check its rights"
    )


def status(path: Path) -> os.stat_result:
    """What the system says of a path.

    Raises:
        UnreadableReport: there is no such path, or it cannot be reached.
    """
    try:
        return path.stat()
    except FileNotFoundError as error:
        raise UnreadableReport(f"{printable(path)}: no such file or folder; check the spelling") from error
    except (OSError, ValueError) as error:  # ValueError: a NUL in the name
        reason = error.strerror if isinstance(error, OSError) else error
        raise UnreadableReport(f"{printable(path)}: cannot be reached ({reason}); check path and rights") from error


def regular_file(path: Path) -> None:
    """Nothing, where the path is one of a file with content.

    Raises:
        UnreadableReport: it is missing, a folder, or what has no end, such as a pipe.
    """
    mode = status(path).st_mode
    if stat.S_ISDIR(mode):
        raise UnreadableReport(f"{printable(path)}: is a folder, not a report; name a file in it")
    if not stat.S_ISREG(mode):
        raise UnreadableReport(f"{printable(path)}: is no regular file; pipe its text to standard input instead")


def printable(path: str | os.PathLike[str]) -> str:
    """The path so that it can be printed and written: bytes of a GBK file name, lone surrogates here, become "?"."""
    return str(path).encode("utf-8", "replace").decode("utf-8")


def _names_in(folder: Path, refuse: Callable[[OSError], None]) -> list[tuple[str, bool]]:
    """The names in a folder that count, the first one last, each with whether it is a folder."""
    try:
        with os.scandir(folder) as entries:
            found = ((entry, entry.is_dir(follow_symlinks=False)) for entry in entries if entry.name[0] != ".")
            return sorted(((e.name, is_folder) for e, is_folder in found if is_folder or _is_report(e)), reverse=True)
    except OSError as error:
        refuse(error)
        return []


def _is_report(entry: os.DirEntry[str]) -> bool:
    # isfile follows a link, and says no to one that leads nowhere or in a circle.
    return is_known(entry.name) and os.path.isfile(entry)


def _refuse_folder(error: OSError) -> None:
    raise unreadable_folder(error) from error
