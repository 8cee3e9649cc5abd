"""The aftercare sheet on paper and in the terminal: passport, large print, consent sheet."""

from __future__ import annotations

from untoward.report.passport.lines import as_lines
from untoward.report.passport.render import consent_pdf, passport_pdf

__all__ = ["as_lines", "consent_pdf", "passport_pdf"]
