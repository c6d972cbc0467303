"""PDF files with a text layer: glyphs to lines, lines to paragraphs, what repeats over pages left out."""

from govtext.reading.pdf.document import extract

__all__ = ["extract"]
