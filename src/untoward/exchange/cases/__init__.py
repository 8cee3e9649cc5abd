"""Cases as JSON: one document, a list, or JSON Lines."""

from untoward.exchange.cases.read import CaseNames, case_from, cases_from_text, read_cases
from untoward.exchange.cases.write import assessment_document

__all__ = ["CaseNames", "assessment_document", "case_from", "cases_from_text", "read_cases"]
