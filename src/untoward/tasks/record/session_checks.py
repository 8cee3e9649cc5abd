"""What is looked at before a session is saved: the mixture and the person, the practitioner, every vial, the day.

A block can only be passed with a reason; `sessions.save` sees to that. Nothing here writes.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from hashlib import sha256
from typing import Literal
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.translation import gettext as _

from untoward.registry.models import Credential
from untoward.tasks.record.drafts import ASEPSIS, ComponentDraft, SessionDraft

Kind = Literal["block", "warning", "info"]
BLOCK: Kind = "block"
WARNING: Kind = "warning"
INFO: Kind = "info"
_ORDER = {BLOCK: 0, WARNING: 1, INFO: 2}
CLOCKS_DIFFER = timedelta(minutes=5)
"""How far ahead of our clock a session may lie before it counts as one of the future."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One thing that was found.

    `subject` is what it is about (a compound, a vial), `sources` keys of evidence records, `facts` what decided it, for people
    who want to see. `basis` is what else makes it this finding and no other (the words of the evidence).
    """

    code: str
    kind: Kind
    statement: str
    subject: str = ""
    sources: tuple[str, ...] = ()
    facts: Mapping[str, str] = field(default_factory=dict)
    basis: str = ""

    @property
    def key(self) -> str:
        """Names this finding among all others; the reason for going against a block is kept under it.

        It changes with what decided it: a reason for going above a limit with 400 mg is none for 4,000 mg.
        """
        decided = json.dumps([self.subject, sorted(self.facts.items()), self.sources, self.basis])
        return f"{self.code}:{sha256(decided.encode()).hexdigest()[:10]}"


def check(draft: SessionDraft) -> list[Check]:
    """Everything that speaks against the session, or that nobody knows, the worst first."""
    from untoward.tasks.record.session_mixture import mixture_checks
    from untoward.tasks.record.session_vials import vial_checks

    found = [
        *_day(draft),
        *vial_checks(draft),
        *mixture_checks(draft),
        *_person(draft),
        *_practitioner(draft),
        *_consent(draft),
        *_volumes(draft),
        *_asepsis(draft),
    ]
    once = {one.key: one for one in sorted(found, key=lambda one: -_ORDER[one.kind])}
    return sorted(once.values(), key=lambda one: _ORDER[one.kind])


def blocks(checks: Iterable[Check]) -> list[Check]:
    """Those that need a reason."""
    return [one for one in checks if one.kind == BLOCK]


def day_of(draft: SessionDraft) -> str:
    """The day of the session at the clinic, as YYYY-MM-DD."""
    return draft.at.astimezone(ZoneInfo(draft.clinic.time_zone)).date().isoformat()


def _day(draft: SessionDraft) -> Iterator[Check]:
    if draft.at > timezone.now() + CLOCKS_DIFFER:
        when = f"{draft.at.astimezone(ZoneInfo(draft.clinic.time_zone)):%Y-%m-%d %H:%M}"
        yield Check(
            code="future",
            kind=BLOCK,
            statement=_("The session lies in the future (%(when)s).") % {"when": when},
            facts={"at": when},
        )


def _person(draft: SessionDraft) -> Iterator[Check]:
    patient = draft.patient
    unasked = {
        "allergies": _("Nobody has asked this patient about allergies: they are unknown, not absent."),
        "history": _("Nobody has asked about illnesses: they are unknown, not absent."),
        "medicines": _("Nobody has asked about medicines: they are unknown, not absent."),
    }
    for name, statement in unasked.items():
        if getattr(patient, name) is None:
            yield Check(code=f"{name}-unknown", kind=WARNING, statement=statement)
    if patient.pregnant is None and patient.sex != "male":
        yield Check(
            code="pregnancy-unknown",
            kind=WARNING,
            statement=_("Nobody has asked about pregnancy: it is unknown."),
        )


def _practitioner(draft: SessionDraft) -> Iterator[Check]:
    person, day = draft.practitioner, day_of(draft)
    if not person.active:
        statement = _("%(name)s no longer works here.") % {"name": person.name}
        yield Check(code="not-active", kind=BLOCK, statement=statement)
    credentials = list(person.credentials.all())
    if not credentials:
        statement = _("No licence or certificate of %(name)s is on record.") % {"name": person.name}
        yield Check(code="credential-none", kind=WARNING, statement=statement)
        return
    fitting = [one for one in credentials if draft.technique in one.allows]
    words = {"name": person.name, "technique": draft.technique}
    if not fitting:
        statement = _("No credential of %(name)s allows %(technique)s.") % words
        yield Check(
            code="credential-not-allowed", kind=BLOCK, statement=statement, facts=_allowed(credentials)
        )
    elif all(one.expires is not None and one.expires.isoformat() < day for one in fitting):
        last = max(one.expires for one in fitting).isoformat()
        statement = _("What allows %(name)s to do %(technique)s expired on %(day)s.") % {**words, "day": last}
        yield Check(code="credential-expired", kind=BLOCK, statement=statement, facts={"expired": last})


def _allowed(credentials: Iterable[Credential]) -> dict[str, str]:
    allows = sorted({technique for one in credentials for technique in one.allows})
    return {"allowed": ", ".join(allows) or "–"}


def _consent(draft: SessionDraft) -> Iterator[Check]:
    consent = draft.consent
    if consent is None:
        yield Check(
            code="consent-none", kind=WARNING, statement=_("No consent is recorded for this session.")
        )
    elif consent.withdrawn_at is not None and consent.withdrawn_at <= draft.at:
        yield Check(code="consent-withdrawn", kind=BLOCK, statement=_("The patient withdrew this consent."))
    elif consent.given_at > draft.at + CLOCKS_DIFFER:
        yield Check(
            code="consent-later",
            kind=WARNING,
            statement=_("The consent was given after the session, not before."),
        )


def _volumes(draft: SessionDraft) -> Iterator[Check]:
    for mix in sorted({one.mix for one in draft.components}):
        drawn = _sum([one.volume_ml for one in draft.components if one.mix == mix])
        given = _sum([one.volume_ml for one in draft.points if one.mix == mix])
        if drawn is None or not given:
            continue
        words = {"mix": mix, "given": f"{given:g}", "drawn": f"{drawn:g}"}
        if given > drawn * 1.0001:
            statement = _(
                "The points of mix %(mix)s add up to %(given)s ml, but only %(drawn)s ml were drawn up."
            )
            yield Check(code="more-than-drawn", kind=WARNING, subject=mix, statement=statement % words)
        elif given < drawn * 0.9999:
            statement = _("The points of mix %(mix)s add up to %(given)s of the %(drawn)s ml drawn up.")
            yield Check(code="less-than-drawn", kind=INFO, subject=mix, statement=statement % words)


def _sum(values: list[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return round(sum(known), 6) if known and len(known) == len(values) else None


def _asepsis(draft: SessionDraft) -> Iterator[Check]:
    for item, label in ASEPSIS.items():
        if draft.asepsis.get(item) is False:
            statement = _("Not done: %(item)s.") % {"item": _(label)}
            yield Check(code="asepsis-not-done", kind=WARNING, subject=item, statement=statement)
    unknown = [_(label) for item, label in ASEPSIS.items() if draft.asepsis.get(item) is None]
    if unknown:
        statement = _("Not recorded, so unknown: %(items)s.") % {"items": "; ".join(unknown)}
        yield Check(code="asepsis-unknown", kind=INFO, statement=statement)


def name_of(component: ComponentDraft) -> str:
    """The vial, else the lot, else the product, as people call it."""
    if component.vial is not None:
        return str(component.vial.label)
    if component.lot is not None:
        return f"{component.product.name} {component.lot.number}"
    return str(component.product.name)
