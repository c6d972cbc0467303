"""Bytes to `Source`: the text of a report, its encoding, and how many bytes could not be read."""

from govtext.reading.encoding import Decoded, decode
from govtext.reading.plain import READERS, find_reports, read

__all__ = ["READERS", "Decoded", "decode", "find_reports", "read"]
