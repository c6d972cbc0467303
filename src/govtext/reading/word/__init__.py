"""Word documents (.docx): a zip with limits, XML as a stream, numbers that Word generates, tables, notes."""

from govtext.reading.word.document import extract

__all__ = ["extract"]
