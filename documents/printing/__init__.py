"""Papers: from a frozen snapshot to HTML to PDF bytes. Pure: no database, no network, no clock.

The same snapshot, paper, language and page size give the same bytes, today and in another process.
"""

from documents.printing.papers import TEMPLATE_VERSION, default_page_size, file_name, paper_of
from documents.printing.render import render_html, render_pdf

__all__ = ["TEMPLATE_VERSION", "default_page_size", "file_name", "paper_of", "render_html", "render_pdf"]
