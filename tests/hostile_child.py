"""Loads hostile files in a process of its own and prints, as JSON, what came of each and what else happened meanwhile.

    python hostile_child.py GOOD FOLDER SEED FLIPS CUTS NOISE

FOLDER holds hostile files; damaged copies of the model GOOD are made here. An audit hook sees what Python does while a file
is loaded: all but the little that loading does itself is told, be it running, importing, writing, or asking the network.
"""

from __future__ import annotations

import json
import random
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from govtext.errors import BadModel
from govtext.modelarrays import decode_model, encode_model
from hostile_files import damaged

# What messages do: they look at numbers. Files that are read are told apart below; everything else is told.
QUIET = {"object.__getattr__"}


class Watch:
    """The events of the moments in which it is `on`, but that the file `path` is read."""

    def __init__(self) -> None:
        self.on = False
        self.path = ""
        self.events: list[str] = []
        sys.addaudithook(self._hook)  # cannot be taken away again, so it looks only while asked to

    def _hook(self, event: str, arguments: tuple[Any, ...]) -> None:
        if self.on and event not in QUIET and not is_reading(event, arguments, self.path):
            self.events.append(f"{event} {arguments!r:.120}")


def is_reading(event: str, arguments: tuple[Any, ...], path: str) -> bool:
    """Whether the file is opened to be read, by its name or, once it is open, by its number."""
    if event != "open":
        return False
    name, mode, flags = arguments
    return (
        (isinstance(name, int) or str(name) == path)
        and not flags & 0b11
        and (mode is None or not set(mode) & set("wax+"))
    )  # O_WRONLY and O_RDWR


def outcome(source: Path | bytes, good: bytes, watch: Watch) -> str:
    """ "refused", "same", or what went wrong."""
    watch.on, watch.path = True, str(source) if isinstance(source, Path) else ""
    try:
        found = decode_model(source, "m")
    except BadModel as error:
        watch.on = False
        return "refused" if "\n" not in str(error) and len(str(error)) < 1000 else f"refused at length: {error!r:.200}"
    except BaseException as error:  # all that is no refusal is what this looks for
        return f"{type(error).__name__}: {error!s:.200}"
    finally:
        watch.on = False
    structure, judge, _, header, _ = found
    return "same" if encode_model(structure, judge, header) == good else "loaded with other values"


def main() -> None:
    """Prints {"refused": n, "same": n, "wrong": {name: what}, "events": [...], "slowest": [seconds, name]}."""
    path, folder, seed, *counts = sys.argv[1:]
    flips, cuts, noise = map(int, counts)
    good = Path(path).read_bytes()
    decode_model(Path(path), "m")  # what is imported late is there now
    watch = Watch()

    def files() -> Iterator[tuple[str, Path | bytes]]:
        yield from ((file.name, file) for file in sorted(Path(folder).iterdir()))
        yield from damaged(good, random.Random(int(seed)), flips=flips, cuts=cuts, noise=noise)

    said: dict[str, Any] = {"refused": 0, "same": 0, "wrong": {}, "events": [], "slowest": [0.0, ""]}
    for name, source in files():
        began = time.perf_counter()
        what = outcome(source, good, watch)
        said["slowest"] = max(said["slowest"], [round(time.perf_counter() - began, 4), name])
        if what in ("refused", "same"):
            said[what] += 1
        else:
            said["wrong"][name] = what
        said["events"] += [f"{name}: {event}" for event in watch.events]
        watch.events.clear()
    print(json.dumps(said))


if __name__ == "__main__":
    main()
