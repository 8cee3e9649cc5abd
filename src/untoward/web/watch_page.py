"""What the watch pages share: which look a person may see, its links, and line lists as they may be shown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

import polars as pl
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from untoward.registry.models import Clinic, Investigation, Membership
from untoward.registry.roles import Action, may
from untoward.report.numbers import p_value
from untoward.report.rates_words import exposure_words, short_ratio
from untoward.tasks.record import investigations as work
from untoward.tasks.record.watch_lines import Wanted, deidentified, wanted_lines
from untoward.tasks.record.watching_record import ALL, Look, at_work, latest, running
from untoward.web.listing import Request
from untoward.web.settings import UNTOWARD

TABS = (
    ("watch", _("Overview")),
    ("watch-rates", _("Rates")),
    ("watch-curve", _("Epidemic curve")),
    ("watch-clusters", _("Clusters")),
    ("watch-sequential", _("Sequential")),
    ("watch-signals", _("Signals")),
    ("watch-trace", _("Trace")),
    ("watch-lines", _("Line lists")),
    ("investigations", _("Investigations")),
)
COLUMN_TITLES: Mapping[str, Any] = {
    "patient": _("Person"),
    "reaction": _("Reaction"),
    "session": _("Session"),
    "what": _("What"),
    "session_date": _("Session on"),
    "onset": _("Began"),
    "days": _("Days to onset"),
    "known": _("First known"),
    "resolved": _("Over on"),
    "how_it_ended": _("How it ended"),
    "outbreak": _("Known outbreak"),
    "clinic": _("Clinic"),
    "practitioner": _("Practitioner"),
    "technique": _("Technique"),
    "sites": _("Sites"),
    "compounds": _("Compounds"),
    "lots": _("Lots"),
    "vials": _("Vials"),
    "age": _("Age"),
    "sex": _("Sex"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """What is looked at: one clinic, or all together."""

    name: str
    title: str


def scopes_of(request: Request) -> list[Scope]:
    """The clinic worked at; and all at work together for those who may see the watch of each of them."""
    scopes = [Scope(name=str(request.clinic.uid), title=request.clinic.name)]
    mine = Membership.objects.filter(user=request.user, ended_at=None).values_list("clinic_id", "role")
    watched = {clinic for clinic, role in mine if may(role, Action.SEE_WATCH)}
    together = {clinic.pk for clinic in at_work()}
    if len(together) > 1 and together <= watched:
        scopes.append(Scope(name=ALL, title=str(_("All clinics together"))))
    return scopes


def context_of(request: Request) -> dict[str, Any]:
    """The look asked for and what every tab shows of it. `scope` in the address is "all" or nothing."""
    scopes = scopes_of(request)
    wanted = request.GET.get("scope") or request.POST.get("scope")
    scope = scopes[-1] if wanted == ALL and scopes[-1].name == ALL else scopes[0]
    name = request.resolver_match.url_name
    return {
        "scopes": scopes,
        "scope": scope,
        "everywhere": ALL if scope.name == ALL else "",
        "tabs": [(tab, title, address(tab, scope=scope)) for tab, title in TABS],
        "here": name,
        "look": latest(scope.name),
        "running": running(scope.name),
    }


def address(name: str, *, scope: Scope | None = None, **query: object) -> str:
    """The address of a watch page. What is empty stays out of it; nothing of a patient ever comes in."""
    given = {key: value for key, value in query.items() if value not in (None, "", ())}
    if scope is not None and scope.name == ALL:
        given["scope"] = ALL
    return f"{reverse(name)}?{urlencode(given, doseq=True)}" if given else reverse(name)


def identified(request: Request) -> bool:
    """Whether this person may see who the lines are about."""
    return may(request.membership.role, Action.SEE_PATIENTS)


def shown_lines(request: Request, look: Look, wanted: Wanted, scope: Scope) -> pl.DataFrame:
    """The lines asked for, as this person may see them."""
    frame = wanted_lines(look.lines, wanted)
    return frame if identified(request) else without_identities(frame, scope)


def without_identities(frame: pl.DataFrame, scope: Scope) -> pl.DataFrame:
    """Lines without identities; with weeks for days when any clinic in them wants that."""
    return deidentified(frame, UNTOWARD.secret_key(), to_the_week=in_weeks(scope))


def in_weeks(scope: Scope) -> bool:
    """Whether any clinic of the scope wants days given as weeks to those who see no identities."""
    clinics = Clinic.objects.all() if scope.name == ALL else Clinic.objects.filter(uid=scope.name)
    return clinics.filter(dates_to_the_week=True).exists()


def wanted_of(request: HttpRequest, look: Look) -> Wanted:
    """The lines that the address asks for; what it says that makes no sense is left out."""
    given = request.GET
    number = given.get("cluster", "")
    cluster = next((one for one in look.summary["clusters"] if str(one["number"]) == number), None)
    if cluster is None and given.get("stream"):
        streams = look.summary.get("sequential", {}).get("states", [])
        cluster = next((one for one in streams if str(one["number"]) == given["stream"]), None)
    return Wanted(
        kind="sessions" if given.get("kind") == "sessions" else "cases",
        outcome=cluster["outcome"] if cluster else given.get("outcome", ""),
        axis=given.get("axis", ""),
        value=given.get("value", ""),
        start=day_of(given.get("start")),
        end=day_of(given.get("end")),
        by="known" if given.get("by") == "known" else "onset",
        since=day_of(given.get("since")),
        before=day_of(given.get("before")),
        reactions=tuple(cluster["reactions"]) if cluster else None,
    )


def day_of(text: str | None) -> date | None:
    """The day of an ISO date; None for anything else."""
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        return None


def rate_rows(table: pl.DataFrame, scope: Scope) -> list[dict[str, Any]]:
    """Rates as a page shows them, each count with a link to its lines."""
    return [
        {
            "value": row["value"],
            "reason": row["reason"],
            "position": row["position"],
            "above": not row["reason"] and row["position"] in {"above 99.8 %", "above 95 %"},
            "ill": row["ill"],
            "sessions": row["sessions"],
            "expected": f"{row['expected']:.2g}" if row["expected"] < 100 else f"{row['expected']:,.0f}",
            "ratio": short_ratio(row["oe"], row["oe_low"], row["oe_high"]),
            "share": _per_hundred(row),
            "cases_at": _lines(row, scope, "cases"),
            "sessions_at": _lines(row, scope, "sessions"),
        }
        for row in table.iter_rows(named=True)
    ]


def _lines(row: Mapping[str, Any], scope: Scope, kind: str) -> str:
    said = {"kind": "" if kind == "cases" else kind, "outcome": row["outcome"]}
    return address("watch-lines", scope=scope, **said, axis=row["axis"], value=row["value"])


def _per_hundred(row: Mapping[str, Any]) -> str:
    """Persons with a case of 100 persons exposed, with exact limits."""
    if row["per_person"] is None:
        return "–"
    return f"{100 * row['per_person']:.2g} % ({100 * row['per_person_low']:.2g}–{100 * row['per_person_high']:.2g})"


def findings_of(look: Look, scope: Scope, mine: Iterable[Investigation]) -> list[dict[str, Any]]:
    """What stands out: clusters, then signals that no cluster already names, each with what is known of it."""
    clusters = [one for one in look.summary["clusters"] if one["stands_out"]]
    known = list(mine)
    told = {(one["outcome"], place["axis"], place["value"]) for one in clusters for place in one["where"]}
    rows = [_cluster_row(one, scope, known) for one in clusters]
    rows += [
        _signal_row(one, scope, known)
        for one in look.summary["signals"]
        if (one["outcome"], one["axis"], one["value"]) not in told
    ]
    return rows


def _cluster_row(one: Mapping[str, Any], scope: Scope, known: list[Investigation]) -> dict[str, Any]:
    return {
        "kind": _("Cluster"),
        "title": one["title"],
        "outcome": one["outcome"],
        "where": one["where"],
        "observed": one["observed"],
        "expected": f"{one['expected']:.2g}",
        "chance": f"p {p_value(one['p'])}",
        "outbreaks": one["known_outbreaks"],
        "work": work.covering(known, one["outcome"], one["where"]),
        "lines_at": address("watch-lines", scope=scope, cluster=one["number"]),
        "more_at": f"{address('watch-clusters', scope=scope)}#cluster-{one['number']}",
        "open_at": new_investigation(one["outcome"], one["where"]),
    }


def _signal_row(one: Mapping[str, Any], scope: Scope, known: list[Investigation]) -> dict[str, Any]:
    where = [{"axis": one["axis"], "value": one["value"]}]
    return {
        "kind": _("Signal"),
        "title": exposure_words(one["axis"], one["value"]),
        "outcome": one["outcome"],
        "where": where,
        "observed": one["ill"],
        "expected": f"{one['expected']:.2g}",
        "chance": f"{short_ratio(one['oe'], one['oe_low'], one['oe_high'])}; p {p_value(one['excess_p'])}",
        "outbreaks": one["known_outbreaks"],
        "work": work.covering(known, one["outcome"], where),
        "lines_at": _lines(one, scope, "cases"),
        "more_at": address("watch-rates", scope=scope, outcome=one["outcome"], axis=one["axis"]),
        "open_at": new_investigation(one["outcome"], where),
    }


def new_investigation(outcome: str, where: Iterable[Mapping[str, str]]) -> str:
    """The address that opens an investigation of these places."""
    places = list(where)
    return address(
        "investigation-new",
        outcome=outcome,
        axis=[place["axis"] for place in places],
        value=[place["value"] for place in places],
    )
