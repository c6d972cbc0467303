"""Bytes to `Source`: the text of a report, its format and encoding, and what of it could not be read."""

from govtext.reading.encoding import Decoded, decode
from govtext.reading.fence import Fence
from govtext.reading.folders import find_reports
from govtext.reading.formats import FORMATS, READERS
from govtext.reading.sources import read

__all__ = ["FORMATS", "READERS", "Decoded", "Fence", "decode", "find_reports", "read"]
