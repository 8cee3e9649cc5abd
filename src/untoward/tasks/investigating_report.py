"""The printed report of an investigation, and the page of a trace."""

from __future__ import annotations

import untoward
from untoward.model.review import OutcomeScreen
from untoward.report.investigation import (
    InvestigationContent,
    TraceContent,
    render_investigation,
    render_trace,
)
from untoward.tasks.investigating import CasesAnswer
from untoward.tasks.investigating_tracing import TraceAnswer, illness_of
from untoward.tasks.knowledge import evidence
from untoward.tasks.missing import missing_data
from untoward.watch.workbench.attack import partly_recorded, screen_persons
from untoward.watch.workbench.curve import curve_by_level
from untoward.watch.workbench.trace import STARTS, trace


def trace_page(answer: TraceAnswer) -> str:
    """The trace as an HTML page."""
    return render_trace(
        TraceContent(
            found=answer.found,
            ill_by=answer.ill_by,
            case=answer.case,
            as_of=_iso(answer.loaded.as_of),
            version=untoward.__version__,
            inputs=answer.loaded.inputs,
        )
    )


def report_page(answer: CasesAnswer, title: str | None = None) -> str:
    """The investigation as an HTML page."""
    return render_investigation(investigation_content(answer, title))


def investigation_content(answer: CasesAnswer, title: str | None = None) -> InvestigationContent:
    """What stands in the report; the exposure that stands out most, of those that can be traced, is traced."""
    base, classified, loaded = evidence(), answer.classified, answer.loaded
    screen = screen_persons(classified, {key: compound.label for key, compound in base.compounds.items()})
    definition = answer.defined
    return InvestigationContent(
        title=title or classified.definition.name,
        classified=classified,
        listed=answer.listed,
        conditions=tuple((one.label, one.met, one.not_met, one.cannot_be_told) for one in answer.conditions),
        open_levels=answer.open_levels,
        waiting=answer.waiting,
        curve=curve_by_level(classified),
        screen=screen,
        partly=partly_recorded(classified),
        traced=_traced(answer, screen),
        missing=missing_data(loaded.registry),
        ledger=loaded.reading.ledger,
        as_of=_iso(loaded.as_of),
        as_of_given=loaded.as_of_given,
        version=untoward.__version__,
        evidence_version=base.version,
        names_taken=definition.reading.taken,
        inputs={**loaded.inputs, definition.name: definition.sha256},
    )


def _traced(answer: CasesAnswer, screen: OutcomeScreen) -> TraceContent | None:
    best = next((one for one in screen.results if one.axis in STARTS and one.table.a), None)
    if best is None:
        return None
    definition = answer.classified.definition
    return TraceContent(
        found=trace(answer.loaded.registry, best.axis, (best.value,), illness_of(answer.classified)),
        ill_by=f"{definition.name} ({', '.join(definition.counts_as_ill)})",
        case=None,
        as_of=_iso(answer.loaded.as_of),
        version=untoward.__version__,
    )


def _iso(day: object) -> str | None:
    return None if day is None else str(day)
