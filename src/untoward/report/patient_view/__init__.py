"""What an assessment says to the person it is about: how soon to be seen, why, what to do, what to watch for.

Plain words in four languages. A page never names an illness, never a rule, never a medicine dose; it says what is
not known, by when to act, and that coming back sooner is right (evidence records `safety-netting` and
`practice-safety-netting-tailored`).
"""

from __future__ import annotations

from untoward.report.patient_view.compose import patient_view
from untoward.report.patient_view.document import patient_document
from untoward.report.patient_view.lines import Section, sections_of
from untoward.report.patient_view.view import Deadline, PatientView, Said, WatchFor

__all__ = [
    "Deadline",
    "PatientView",
    "Said",
    "Section",
    "WatchFor",
    "patient_document",
    "patient_view",
    "sections_of",
]
