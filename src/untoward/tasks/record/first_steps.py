"""What a new clinic has to do before its first session, and how far it is."""

from __future__ import annotations

from dataclasses import dataclass

from untoward.registry.models import Clinic, Practitioner, Session, Vial


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstSteps:
    """Whether somebody who injects is on record, and anything to inject."""

    practitioner: bool
    vial: bool


def first_steps(clinic: Clinic) -> FirstSteps | None:
    """How far a clinic without a session is; None once it has one."""
    if Session.objects.filter(clinic=clinic).exists():
        return None
    return FirstSteps(
        practitioner=Practitioner.objects.filter(clinic=clinic, active=True).exists(),
        vial=Vial.objects.filter(clinic=clinic).exists(),
    )
