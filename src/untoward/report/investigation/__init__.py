"""The investigation of an outbreak as a page to print, and the trace-back graph."""

from untoward.report.investigation.content import InvestigationContent, TraceContent
from untoward.report.investigation.page import render_investigation, render_trace

__all__ = ["InvestigationContent", "TraceContent", "render_investigation", "render_trace"]
