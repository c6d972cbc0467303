"""Web pages: tokens, blocks, lines and what the markup says of each; nothing builds a tree."""

from govtext.reading.webpage.page import extract

__all__ = ["extract"]
