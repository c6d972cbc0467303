"""What the pictures take of matplotlib, or a sentence that says how to get it."""

from __future__ import annotations

from govtext.errors import MissingExtra

try:
    import matplotlib
    from matplotlib import font_manager
    from matplotlib.colors import LinearSegmentedColormap
    from matplotlib.figure import Figure
    from matplotlib.ft2font import FT2Font
    from matplotlib.text import Text
except ImportError as error:
    raise MissingExtra(f"pictures need matplotlib ({error}): pip install 'govtext[plots]'") from error

__all__ = ["FT2Font", "Figure", "LinearSegmentedColormap", "Text", "font_manager", "matplotlib"]
