"""One compound as one self-contained HTML page."""

from untoward.report.compound_page.page import render_compound_html

__all__ = ["render_compound_html"]
