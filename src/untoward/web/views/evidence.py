"""The evidence: compounds, what may share a syringe, the ledger of claims, and the sources."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from untoward.errors import UserError
from untoward.evidence.records import Claim
from untoward.model.mixture import Person
from untoward.model.names import fold
from untoward.registry.roles import Action
from untoward.report.anchors import web_address
from untoward.tasks.knowledge import evidence
from untoward.tasks.mixing import CheckedMixture, check_names
from untoward.tasks.profiles import profile_of
from untoward.tasks.record.named import named
from untoward.web.compound_sections import compound_style, section_tables, source_anchors
from untoward.web.listing import Request, page, public_page

TABS = (
    ("evidence", _("Compounds")),
    ("evidence-pairs", _("In one syringe?")),
    ("evidence-claims", _("Claims")),
    ("evidence-sources", _("Sources")),
)
VERDICTS: Mapping[str, tuple[str, Any, Any]] = {
    "block": ("✖", _("Block"), _("Not for this person, or not under this law.")),
    "avoid": ("▲", _("Avoid"), _("Known to go wrong.")),
    "caution": ("●", _("Caution"), _("May be used with care; read why.")),
    "no_data": ("?", _("No data"), _("Nothing bad is known, and nobody has shown that it is compatible.")),
    "ok": ("✔", _("Ok"), _("Every pair was tested or is sold together.")),
}
"""Sign, word and meaning of each verdict, worst first."""

STATES: Mapping[str, Any] = {
    "proven": _("proven"),
    "limited": _("limited"),
    "unproven": _("unproven"),
    "contradicted": _("contradicted"),
}
_NAMES_ASKED, _MOST_NAMES = 4, 12
_SOURCES_A_PAGE = 50


@page("evidence", "evidence", Action.SEE_EVIDENCE)
@require_GET
def compounds(request: Request) -> HttpResponse:
    """All compounds, or those that any of their names fits."""
    base = evidence()
    wanted = request.GET.get("q", "").strip()
    found = [
        one
        for one in base.compounds.values()
        if _fits(wanted, (*one.names.values(), *one.synonyms, one.drug_class))
    ]
    found.sort(key=lambda one: fold(named(one)))
    rows = [{"one": one, "records": len(base.about(one.key))} for one in found]
    context = {
        **_frame(request),
        "q": wanted,
        "rows": rows,
        "version": base.version,
        "suggestions": [] if rows or not wanted else base.compound_names.suggest(wanted),
    }
    return render(request, "evidence/compounds.html", context)


@page("evidence/compound/<slug:key>", "evidence-compound", Action.SEE_EVIDENCE)
@require_GET
def compound(request: Request, key: str) -> HttpResponse:
    """What is known of one compound."""
    if key not in evidence().compounds:
        raise Http404
    profile = profile_of(key)
    sources = [
        {"one": source, "anchor": anchor, "link": web_address(source.link)}
        for source, anchor in source_anchors(profile)
    ]
    context = {**_frame(request), "profile": profile, "tables": section_tables(profile), "sources": sources}
    context |= {"name": named(evidence().compounds[key]), "here_language": (get_language() or "en")[:2]}
    return render(request, "evidence/compound.html", context)


@public_page("evidence/compound.css", "evidence-style")
@require_GET
def compound_sheet(_request: HttpRequest) -> HttpResponse:
    """The style of a compound's tables."""
    headers = {"Cache-Control": "public, max-age=86400"}
    return HttpResponse(compound_style(), content_type="text/css; charset=utf-8", headers=headers)


@page("evidence/pairs", "evidence-pairs", Action.SEE_EVIDENCE)
@require_GET
def pairs(request: Request) -> HttpResponse:
    """May these go in one syringe? Two names or more; nothing about a person is asked here."""
    given = [name.strip()[:120] for name in request.GET.getlist("name") if name.strip()][:_MOST_NAMES]
    vehicle, country = request.GET.get("vehicle", "").strip(), request.GET.get("country", "").strip().upper()
    context: dict[str, Any] = {
        **_frame(request),
        "names": [*given, *[""] * max(_NAMES_ASKED - len(given), 1)],
        "vehicle": vehicle,
        "country": country,
        "known": sorted(one.label for one in evidence().compounds.values()),
    }
    if len(given) > 1:
        try:
            checked = check_names(given, person=Person(), vehicle=vehicle or None, country=country or None)
        except UserError as error:
            context["fault"] = error
        else:
            context |= _checked(checked)
    elif request.GET:
        context["fault"] = _("Give two names or more: the question is what they do to each other.")
    return render(request, "evidence/pairs.html", context)


@page("evidence/claims", "evidence-claims", Action.SEE_EVIDENCE)
@require_GET
def claims(request: Request) -> HttpResponse:
    """What is claimed of each compound, and how far that is shown."""
    base = evidence()
    wanted, state = request.GET.get("q", "").strip(), request.GET.get("state", "")
    records = [
        record
        for record in base.of_class(Claim)
        if (not state or record.state == state)
        and _fits(wanted, (base.compounds[record.compound].label, record.claim, record.for_ or ""))
    ]
    rows = [
        {
            "record": record,
            "compound": base.compounds[record.compound],
            "source": base.source_of(record),
            "link": web_address(base.source_of(record).link),
        }
        for record in sorted(records, key=lambda one: (fold(named(base.compounds[one.compound])), one.claim))
    ]
    context = {**_frame(request), "q": wanted, "state": state, "states": STATES.items(), "rows": rows}
    return render(request, "evidence/claims.html", context)


@page("evidence/sources", "evidence-sources", Action.SEE_EVIDENCE)
@require_GET
def sources(request: Request) -> HttpResponse:
    """Every source, with how many records rest on it and whether we opened it."""
    base = evidence()
    wanted = request.GET.get("q", "").strip()
    resting = Counter(record.source for record in base.records.values())
    found = [one for one in base.sources.values() if _fits(wanted, (one.citation, one.key))]
    found.sort(key=lambda one: (-resting[one.key], one.citation))
    paged = Paginator(found, _SOURCES_A_PAGE).get_page(request.GET.get("page"))
    rows = [{"one": one, "records": resting[one.key], "link": web_address(one.link)} for one in paged]
    context = {**_frame(request), "q": wanted, "rows": rows, "paged": paged, "total": len(found)}
    return render(request, "evidence/sources.html", context)


def _frame(request: Request) -> dict[str, Any]:
    return {"tabs": TABS, "here": request.resolver_match.url_name}


def _fits(wanted: str, texts: Iterable[str]) -> bool:
    """Whether every word asked for stands in the texts, whatever its case and accents."""
    said = fold(" ".join(texts))
    return all(word in said for word in fold(wanted).split())


def _checked(checked: CheckedMixture) -> dict[str, Any]:
    """The answer as the page shows it."""
    document = checked.document()
    sign, word, meaning = VERDICTS[document["verdict"]]

    def labelled(keys: Iterable[str]) -> str:
        return " + ".join(checked.label(key) for key in keys)

    findings = [
        {
            **finding,
            "look": VERDICTS.get(finding["verdict"] or ""),
            "of": labelled(finding["subjects"]),
            "sources": [_source(document, key) for key in finding["evidence"]],
        }
        for finding in document["findings"]
    ]
    return {
        "document": document,
        "sign": sign,
        "word": word,
        "meaning": meaning,
        "deciding": [finding for finding in findings if finding["look"]],
        "told": [finding for finding in findings if not finding["look"]],
        "no_data": [labelled(pair) for pair in document["no_data"]],
        "compatible": [
            {"of": labelled(item["pair"]), "sources": [_source(document, key) for key in item["evidence"]]}
            for item in document["compatible"]
        ],
    }


def _source(document: Mapping[str, Any], key: str) -> dict[str, Any]:
    source = document["sources"][key]
    return {**source, "key": key, "link": web_address(source["link"])}
