"""Pages for people: a report that can be read, filtered and corrected in a browser, and an index of many."""

from __future__ import annotations

from govtext.writing.pages.folder import site_files, write_site
from govtext.writing.pages.index import index_page
from govtext.writing.pages.report import pages, to_html

__all__ = ["index_page", "pages", "site_files", "to_html", "write_site"]
