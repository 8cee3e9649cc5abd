"""The outbreak workbench of an investigation: its case definition, pasted rows and decisions, kept with its subject.

subject = {"outcome": …, "where": […], "definition": {field: text}, "pasted": {"columns": […], "rows": [[…]],
"decided": {"0": "another" or the pseudonym of a person of the record}}}
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from untoward.errors import Fault, InputError
from untoward.registry.models import Clinic, Investigation, Step, User
from untoward.registry.writing import Change, Conflict, write, write_all
from untoward.tasks.record.investigations import DECISIONS
from untoward.tasks.record.outbreak_desk_form import DefinitionFields, defined_by, fields_from, first_fields
from untoward.tasks.record.outbreak_desk_pasted import ANOTHER, as_kept, read_rows
from untoward.watch.outcomes import INFECTION

_LONGEST_TITLE, _LONGEST_RATIONALE = 200, 5_000


def start(title: str, rationale: str, clinic: Clinic, by: User, at: datetime | None = None) -> Investigation:
    """Open an investigation by hand, with a definition to begin from. Raises InputError for a draft with faults."""
    title, rationale = title.strip(), rationale.strip()
    faults = []
    if not title or len(title) > _LONGEST_TITLE:
        faults.append(
            Fault(what=_("no title"), field="title", expected=_("a few words that tell it from others"))
        )
    if not rationale or len(rationale) > _LONGEST_RATIONALE:
        expected = _("why, in a sentence others can follow")
        faults.append(Fault(what=_("no rationale"), field="rationale", expected=expected))
    if faults:
        raise InputError(_("The investigation was not opened."), faults)
    now = at or timezone.now()
    subject = {
        "outcome": INFECTION.name,
        "where": [],
        "definition": first_fields(title, INFECTION.name).kept(),
    }
    made = Investigation(clinic=clinic, title=title, subject=subject)
    noticed = DECISIONS["detect"][1]
    first = Step(investigation=made, step="detect", at=now, by=by, decision=noticed, rationale=rationale)
    write_all([Change(thing=made), Change(thing=first)], by=by, at=now)
    return made


def fields_of(investigation: Investigation) -> DefinitionFields:
    """The definition as it was kept last, or one to begin from."""
    kept = investigation.subject.get("definition")
    if isinstance(kept, dict) and kept:
        return fields_from(kept)
    return first_fields(investigation.title, investigation.subject.get("outcome", ""))


def pasted_of(investigation: Investigation) -> Mapping[str, Any]:
    """The pasted rows as they were kept; empty when there are none."""
    kept = investigation.subject.get("pasted")
    return kept if isinstance(kept, dict) else {}


def save_definition(investigation: Investigation, version: int, form: DefinitionFields, by: User) -> None:
    """Keep a definition. Raises InputError for one with faults, Conflict when somebody changed the investigation meanwhile."""
    defined_by(form)
    _write(investigation, version, {"definition": form.kept()}, by, _("case definition"))


def keep_rows(investigation: Investigation, version: int, text: str, order: str, by: User) -> int:
    """Keep pasted rows in the place of earlier ones; how many. Doubtful cells are empty. Raises as `save_definition`."""
    pasted = read_rows(text, order)
    _write(investigation, version, {"pasted": as_kept(pasted)}, by, _("rows pasted from a sheet"))
    return pasted.table.height


def drop_rows(investigation: Investigation, version: int, by: User) -> None:
    """Take the pasted rows out again; the trail keeps that they were there. Raises Conflict."""
    _write(investigation, version, {"pasted": {}}, by, _("pasted rows taken out"))


def decide_rows(investigation: Investigation, version: int, decided: Mapping[str, str], by: User) -> None:
    """Keep who the pasted rows are: "another", the pseudonym of a person of the record, or "" for still open."""
    kept = pasted_of(investigation)
    known = {str(number) for number in range(len(kept.get("rows", [])))}
    merged = {**kept.get("decided", {}), **{row: who for row, who in decided.items() if row in known}}
    merged = {row: who for row, who in merged.items() if who == ANOTHER or who.startswith("P-")}
    _write(investigation, version, {"pasted": {**kept, "decided": merged}}, by, _("who the pasted rows are"))


def _write(
    investigation: Investigation, version: int, changes: Mapping[str, Any], by: User, reason: str
) -> None:
    if investigation.closed_at is not None:
        closed = Fault(what=_("the investigation is closed"), field="version", hint=_("Open it again first."))
        raise InputError(_("Nothing was changed."), [closed])
    if version != investigation.version:
        theirs = investigation.version
        investigation.version = version
        raise Conflict(investigation, theirs)
    investigation.subject = {**investigation.subject, **changes}
    write(investigation, by=by, reason=reason)
