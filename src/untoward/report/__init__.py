"""A review as a page, a document, a table and a terminal summary. Takes the value, gives text back; writes no file."""

from untoward.report.html import render_html
from untoward.report.json_document import render_json
from untoward.report.line_list import line_list_frame
from untoward.report.terminal import render_terminal

__all__ = ["line_list_frame", "render_html", "render_json", "render_terminal"]
