"""Calls about the outbreak workbench: a case definition with its counts, the line list with pasted rows, the analysis."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.text import slugify
from ninja import Body, Query

from untoward.registry.models import Investigation
from untoward.registry.roles import Action
from untoward.tasks.investigating import CasesAnswer
from untoward.tasks.investigating_files import safe_csv
from untoward.tasks.record import outbreak_desk as desk
from untoward.tasks.record.investigations import owners
from untoward.tasks.record.outbreak_desk_counting import (
    analyse,
    combined,
    count_cases,
    report_content,
    report_html,
)
from untoward.tasks.record.outbreak_desk_form import defined_by, definition_text
from untoward.tasks.record.outbreak_desk_pasted import read_rows, without_pasted_keys
from untoward.tasks.record.tracing_source import to_the_week
from untoward.web.api.access import Asker, Call
from untoward.web.api.calls.trace import held_of
from untoward.web.api.listing import operation
from untoward.web.api.looking import following, identified, secret_from
from untoward.web.api.shapes import outbreaks as shapes
from untoward.web.api.shapes.base import Page, Paging, VersionIn
from untoward.web.api.shapes.outbreak_analysis import AnalysisIn, AnalysisOut, analysis_out
from untoward.web.api.shapes.watch import InvestigationOut, investigation_out
from untoward.web.outbreak_page import coarse, pasted_rows
from untoward.web.settings import UNTOWARD

_AT = "/investigations/{uuid:uid}/outbreak"


@operation("POST", "/outbreaks", "outbreak-new", Action.INVESTIGATE, answers=InvestigationOut, status=201)
def new(request: Call, given: Body[shapes.OutbreakIn]) -> InvestigationOut:
    """Begin an outbreak investigation that no cluster or signal began, with a definition to begin from."""
    asker = request.asker
    made = desk.start(given.title, given.rationale, asker.clinic, asker.user)
    return investigation_out(made, owners(asker.clinic))


@operation("GET", _AT, "outbreak", Action.INVESTIGATE, answers=shapes.DefinitionOut)
def definition(request: Call, uid: UUID) -> shapes.DefinitionOut:
    """The case definition as it was kept last, or one to begin from."""
    return shapes.definition_out(_mine(request.asker, uid))


@operation("PUT", _AT, "outbreak-define", Action.INVESTIGATE, answers=shapes.DefinitionOut)
def define(request: Call, uid: UUID, given: Body[shapes.DefinitionKeptIn]) -> shapes.DefinitionOut:
    """Keep a case definition; 409 when somebody changed the investigation since the version you read."""
    found = _mine(request.asker, uid)
    desk.save_definition(found, given.version, shapes.fields_in(given.definition), request.asker.user)
    return shapes.definition_out(found)


@operation("POST", f"{_AT}/count", "outbreak-count", Action.INVESTIGATE, answers=shapes.CountsOut)
def count(request: Call, uid: UUID, given: Body[shapes.DefinitionIn]) -> shapes.CountsOut:
    """Count a definition in the record of your clinic. Nothing is kept."""
    asker = request.asker
    _mine(asker, uid)
    defined = defined_by(shapes.fields_in(given))
    held = held_of(str(asker.clinic.uid), [asker.clinic])
    return shapes.counts_out(count_cases(held, defined, secret_from(asker)), held.as_of)


@operation("GET", f"{_AT}/definition.json", "outbreak-definition", Action.INVESTIGATE, media="text/plain")
def definition_file(request: Call, uid: UUID) -> HttpResponse:
    """The kept definition as a file for the command line."""
    found = _mine(request.asker, uid)
    return _file(definition_text(desk.fields_of(found)), "text/plain", f"{_slug(found)}.json")


@operation("GET", f"{_AT}/lines", "outbreak-lines", Action.INVESTIGATE, answers=shapes.OutbreakLinesOut)
def lines(request: Call, uid: UUID, page: Query[Paging]) -> shapes.OutbreakLinesOut:
    """Every case of the kept definition, and everybody of whom it cannot be told; no identities unless you see patients."""
    asker = request.asker
    listed, weeks = _answer(asker, _mine(asker, uid), secret_from(asker)).listed, _weeks(asker)
    shown = (to_the_week(listed) if weeks else listed).slice(page.offset, page.limit)
    return shapes.OutbreakLinesOut(
        identified=identified(asker),
        weeks=weeks,
        items=[shapes.line_out(row) for row in shown.iter_rows(named=True)],
        total=listed.height,
        next=following(page.offset, page.limit, listed.height),
    )


@operation("GET", f"{_AT}/rows", "outbreak-rows", Action.INVESTIGATE, answers=Page[shapes.PastedRowOut])
def rows(request: Call, uid: UUID, page: Query[Paging]) -> Page[shapes.PastedRowOut]:
    """The pasted rows, each with who of the record it may be."""
    asker = request.asker
    found = _mine(asker, uid)
    answer = _answer(asker, found, secret_from(asker))
    shown = pasted_rows(
        answer, desk.pasted_of(found), identified=identified(asker), weeks=asker.clinic.dates_to_the_week
    )
    part = shown[page.offset : page.offset + page.limit]
    return Page[shapes.PastedRowOut](
        items=[shapes.pasted_row_out(row, cells, names) for row, cells, names in part],
        total=len(shown),
        next=following(page.offset, page.limit, len(shown)),
    )


@operation("POST", f"{_AT}/rows/check", "outbreak-rows-check", Action.INVESTIGATE, answers=shapes.SheetOut)
def check_rows(request: Call, uid: UUID, given: Body[shapes.SheetIn]) -> shapes.SheetOut:
    """Read rows of a sheet and say what they are taken for, and which cells are doubtful. Nothing is kept."""
    _mine(request.asker, uid)
    return shapes.sheet_read_out(read_rows(given.text, given.dates))


@operation("PUT", f"{_AT}/rows", "outbreak-rows-keep", Action.INVESTIGATE, answers=shapes.DefinitionOut)
def keep_rows(request: Call, uid: UUID, given: Body[shapes.SheetKeptIn]) -> shapes.DefinitionOut:
    """Keep rows of a sheet in the place of earlier ones; doubtful cells stay empty."""
    found = _mine(request.asker, uid)
    desk.keep_rows(found, given.version, given.text, given.dates, request.asker.user)
    return shapes.definition_out(found)


@operation("POST", f"{_AT}/rows/drop", "outbreak-rows-drop", Action.INVESTIGATE, answers=shapes.DefinitionOut)
def drop_rows(request: Call, uid: UUID, given: Body[VersionIn]) -> shapes.DefinitionOut:
    """Take the pasted rows out again; the trail keeps that they were there."""
    found = _mine(request.asker, uid)
    desk.drop_rows(found, given.version, request.asker.user)
    return shapes.definition_out(found)


@operation(
    "PUT", f"{_AT}/rows/decisions", "outbreak-rows-decide", Action.INVESTIGATE, answers=shapes.DefinitionOut
)
def decide_rows(request: Call, uid: UUID, given: Body[shapes.DecidedIn]) -> shapes.DefinitionOut:
    """Keep who the pasted rows are; only those that are another person are added to the analysis."""
    found = _mine(request.asker, uid)
    said = {str(one.row): one.who for one in given.decided}
    desk.decide_rows(found, given.version, said, request.asker.user)
    return shapes.definition_out(found)


@operation("GET", f"{_AT}/analysis", "outbreak-analysis", Action.INVESTIGATE, answers=AnalysisOut)
def analysis(request: Call, uid: UUID, asked: Query[AnalysisIn]) -> AnalysisOut:
    """Attack rates, two-by-two tables, strata, incubation and curve of the kept definition."""
    asker = request.asker
    found = _mine(asker, uid)
    answer, weeks = _answer(asker, found, secret_from(asker)), _weeks(asker)
    worked_out = analyse(answer, desk.pasted_of(found), asked.stratum, asked.incubation)
    return analysis_out(worked_out, report_content(answer, found.title, weeks=weeks), weeks=weeks)


@operation("GET", f"{_AT}/report.html", "outbreak-report", Action.EXPORT, media="text/html")
def report(request: Call, uid: UUID) -> HttpResponse:
    """The report as one page; without identities unless you may export those."""
    asker = request.asker
    found, secret = _mine(asker, uid), _secret_of_files(asker)
    weeks = bool(secret) and asker.clinic.dates_to_the_week
    html = report_html(_answer(asker, found, secret), found.title, weeks=weeks)
    return _file(html, "text/html", f"{_slug(found)}.html")


@operation("GET", f"{_AT}/line-list.csv", "outbreak-csv", Action.EXPORT, media="text/csv")
def lines_csv(request: Call, uid: UUID) -> HttpResponse:
    """Everybody, ill or not, with the pasted rows; without identities unless you may export those."""
    asker = request.asker
    found, secret = _mine(asker, uid), _secret_of_files(asker)
    kept = desk.pasted_of(found)
    frame = combined(_answer(asker, found, secret), without_pasted_keys(kept, secret) if secret else kept)
    if secret:
        frame = coarse(frame, weeks=asker.clinic.dates_to_the_week)
    return _file(safe_csv(frame), "text/csv", "line-list.csv")


def _mine(asker: Asker, uid: UUID) -> Investigation:
    found: Investigation = get_object_or_404(
        Investigation.objects.select_related("clinic", "owner"), uid=uid, clinic=asker.clinic
    )
    return found


def _weeks(asker: Asker) -> bool:
    return not identified(asker) and asker.clinic.dates_to_the_week


def _secret_of_files(asker: Asker) -> str:
    return "" if asker.may(Action.EXPORT_ALL) else UNTOWARD.secret_key()


def _answer(asker: Asker, found: Investigation, secret: str) -> CasesAnswer:
    """Everybody of the clinic by the kept definition. Raises InputError where that cannot be counted."""
    held = held_of(str(asker.clinic.uid), [asker.clinic])
    return count_cases(held, defined_by(desk.fields_of(found)), secret)


def _slug(found: Investigation) -> str:
    return slugify(found.title)[:60] or "outbreak"


def _file(text: str, media: str, name: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(text, content_type=f"{media}; charset=utf-8", headers=headers)
