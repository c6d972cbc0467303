"""Many reports at once: files to one file, with worker processes and a journal; frames to frames.

Names are loaded on first use: importing this imports neither NumPy nor any frame library.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from govtext.batch.frames import classify_frame
    from govtext.batch.run import BatchResult, Interrupted, Progress, classify_files

TIMEOUT = 60.0  # seconds for one report; of 463 scraped documents none takes one
MEMORY = 4096  # megabytes of address space for one worker; it begins with 300 to 500
_HOMES = {
    "govtext.batch.frames": ("classify_frame",),
    "govtext.batch.run": ("BatchResult", "Interrupted", "Progress", "classify_files"),
}
_HOME = {name: module for module, names in _HOMES.items() for name in names}
__all__ = ["BatchResult", "Interrupted", "Progress", "classify_files", "classify_frame"]


def __getattr__(name: str) -> Any:
    """A public name, loaded now."""
    if name not in _HOME:
        raise AttributeError(f"module 'govtext.batch' has no attribute {name!r}")
    value = getattr(import_module(_HOME[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """The public names."""
    return sorted(__all__)
