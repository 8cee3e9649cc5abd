"""What every template knows: the clinic, what may be done here, the pages of the menu."""

from __future__ import annotations

from typing import Any

from untoward.registry.roles import Action, may
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


def everywhere(request: Any) -> dict[str, Any]:
    """The menu this person sees, and where they are."""
    membership = getattr(request, "membership", None)
    role = membership.role if membership else None
    return {
        "menu": [(name, title) for name, title, action in MENU if name in PAGES and may(role, action)],
        "membership": membership,
        "clinic": getattr(request, "clinic", None),
        "demo": UNTOWARD.demo,
        "style_version": sheet_version(),
        "may": {action.name.lower(): may(role, action) for action in Action},
    }
