"""What every template knows: the clinic, what may be done here, the pages of the menu."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.utils import timezone

from untoward.registry.models import Clinic
from untoward.registry.roles import Action, may
from untoward.tasks.record.clock import written_after
from untoward.web.listing import PAGES
from untoward.web.settings import UNTOWARD
from untoward.web.views.style import sheet_version

MENU = (
    ("worklist", "Worklist", Action.SEE_CASES),
    ("session-new", "New session", Action.RECORD),
    ("check-ins", "Check-ins", Action.SEE_CASES),
    ("patients", "Patients", Action.SEE_PATIENTS),
    ("stock", "Stock", Action.SEE_STOCK),
    ("watch", "Watch", Action.SEE_WATCH),
    ("evidence", "Evidence", Action.SEE_EVIDENCE),
    ("practitioners", "People", Action.KEEP_PEOPLE),
    ("settings", "Settings", Action.KEEP_SETTINGS),
    ("audit", "Audit", Action.SEE_AUDIT),
    ("about", "About", Action.SEE_EVIDENCE),
)
"""Name of the page, its title, and what one must be allowed to do to see it in the menu."""

PARTS = {
    "case": "worklist", "session": "patients", "passport": "patients", "consents": "patients", "photos": "patients",
    "lot": "stock", "vial": "stock", "products": "stock", "recipes": "stock", "recalls": "stock",
    "investigations": "watch", "outbreaks": "watch", "people": "practitioners", "consent-texts": "settings",
}  # fmt: skip
"""Which page of the menu a page belongs to, by how its address begins, where that is not the menu's own word."""


def _here(request: Any) -> str:
    """The page of the menu that this page belongs to."""
    if request.resolver_match is not None and request.resolver_match.url_name == "session-new":
        return "session-new"
    first = request.path.split("/")[1]
    return PARTS.get(first, first)


def _clinics(request: Any) -> list[Clinic]:
    """The clinics this person works at, when there is a choice."""
    mine = Clinic.objects.filter(memberships__user=request.user, memberships__ended_at=None)
    found = list(mine.order_by("name").only("uid", "name"))
    return found if len(found) > 1 else []


def everywhere(request: Any) -> dict[str, Any]:
    """The menu this person sees, and where they are."""
    membership = getattr(request, "membership", None)
    role = membership.role if membership else None
    return {
        "menu": [(name, title) for name, title, action in MENU if name in PAGES and may(role, action)],
        "menu_here": _here(request),
        "my_clinics": partial(_clinics, request) if membership else (),
        "membership": membership,
        "clinic": getattr(request, "clinic", None),
        "clock_behind": partial(written_after, timezone.now()) if membership else None,
        "demo": UNTOWARD.demo,
        "style_version": sheet_version(),
        "may": {action.name.lower(): may(role, action) for action in Action},
    }
