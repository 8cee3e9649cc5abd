"""About: what this is for and what not, and exactly which version of everything answers here."""

from __future__ import annotations

from datetime import datetime

from django import get_version
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

import untoward
from untoward.assess.rules import all_rules, rule_set_version
from untoward.registry.roles import Action
from untoward.tasks.knowledge import evidence
from untoward.tasks.record.watching_record import latest
from untoward.web.listing import PAGES, Request, page

FOR = (
    _("recording what was injected into whom, from which vial and lot, and how it went on;"),
    _("asking patients in time, and showing the clinic what cannot wait, with reasons;"),
    _("finding everybody who received a lot or a vial;"),
    _("seeing early that more fall ill after one exposure than chance explains."),
)
NOT_FOR = (
    _("telling a patient what they have, or that all is well: it makes no diagnosis, a clinician decides;"),
    _("delaying help: whoever may be dying needs the emergency number, with or without this program;"),
    _("choosing a treatment or a dose;"),
    _(
        "finding somebody guilty: an exposure that stands out is an association, and a name at the head of a list a question;"
    ),
    _("standing in for a duty to report, or being the only watch over a product or a clinic."),
)
NOT_MADE_FOR = _(
    "What is published is about adults, mostly healthy women. No rule is proven for children, in pregnancy and breast-feeding, "
    "or for people whose immunity is weakened."
)


@page("about", "about", Action.SEE_EVIDENCE)
@require_GET
def about(request: Request) -> HttpResponse:
    """The whole page."""
    base = evidence()
    look = latest(str(request.clinic.uid))
    made_at: datetime | None = look.made_at if look else None
    rules, records, sources = len(all_rules()), len(base.records), len(base.sources)
    how_many = (
        ngettext("%(n)s rule", "%(n)s rules", rules) % {"n": rules},
        ngettext("%(n)s record", "%(n)s records", records) % {"n": records},
        ngettext("%(n)s source", "%(n)s sources", sources) % {"n": sources},
    )
    context = {
        "uses": FOR,
        "not_uses": NOT_FOR,
        "not_made_for": NOT_MADE_FOR,
        "versions": [
            (_("Program"), f"untoward {untoward.__version__}"),
            (_("Rules"), f"{rule_set_version()} ({how_many[0]})"),
            (_("Evidence"), f"{base.version} ({how_many[1]}, {how_many[2]})"),
            (_("Framework"), f"Django {get_version()}"),
        ],
        "made_at": made_at,
        "emergency": "emergency" in PAGES,
    }
    return render(request, "about/about.html", context)
