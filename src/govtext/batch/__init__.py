"""Many reports at once: files to one file, with worker processes and a journal; frames to frames.

Names are loaded on first use: importing this imports neither NumPy nor any frame library.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from govtext.lazily import lazily

if TYPE_CHECKING:
    from govtext.batch.frames import classify_frame
    from govtext.batch.run import BatchResult, Interrupted, Progress, classify_files

TIMEOUT = 60.0  # seconds for one report; of 463 scraped documents none takes one
MEMORY = 4096  # megabytes of address space for one worker; it begins with 300 to 500
_HOMES = {
    "govtext.batch.frames": ("classify_frame",),
    "govtext.batch.run": ("BatchResult", "Interrupted", "Progress", "classify_files"),
}
__all__ = ["BatchResult", "Interrupted", "Progress", "classify_files", "classify_frame"]

__getattr__, __dir__ = lazily("govtext.batch", _HOMES)
