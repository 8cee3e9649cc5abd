"""What the page of the form shows: choices, the map with its points, the patient, and what was found."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from untoward.errors import Fault
from untoward.registry.models import Clinic, Lot, Patient, Practitioner, Product, Recipe, Session, Vial
from untoward.tasks.knowledge import evidence
from untoward.tasks.record.drafts import ASEPSIS, DEPTHS, SHORTEST_REASON, TECHNIQUES
from untoward.tasks.record.patients import LANGUAGES, SEXES
from untoward.tasks.record.session_checks import Check
from untoward.tasks.record.session_sources import open_vials
from untoward.tasks.record.sessions import last_session
from untoward.web.body import VIEWS, View, spot_of, zone_label
from untoward.web.posted import fault_words
from untoward.web.session_form.acts import Acts
from untoward.web.session_form.draft import chosen_patient, one_of
from untoward.web.session_form.typed import ComponentRow, PointRow, Typed

_LOTS_SHOWN = 30
KIND_WORDS = {"block": gettext_lazy("Stop"), "warning": gettext_lazy("Mind"), "info": gettext_lazy("Note")}
_ID_OF = {"components": "f-scan", "points": "f-places"}
_NAMES = {
    "find": gettext_lazy("Patient"),
    "practitioner": gettext_lazy("Practitioner"),
    "at": gettext_lazy("When"),
    "technique": gettext_lazy("Technique"),
    "scan": gettext_lazy("Vial, lot or product"),
    "components": gettext_lazy("What was injected"),
    "points": gettext_lazy("Where"),
    "places": gettext_lazy("Where"),
    "reason": gettext_lazy("Why it is corrected"),
    "spot": gettext_lazy("Zone"),
}


@dataclass(frozen=True, kw_only=True)
class Mark:
    """A point as it is drawn, in units of its view."""

    x: float
    y: float
    title: str
    ghost: bool = False


@dataclass(frozen=True, kw_only=True)
class Drawn:
    """A view with the points in it."""

    view: View
    marks: Sequence[Mark]
    count: int


def shown_form(
    acts: Acts, faults: Sequence[Fault], checks: Sequence[Check], *, clinic: Clinic, session: Session | None
) -> dict[str, Any]:
    """Everything that the template of the form needs."""
    form = acts.form
    patient = chosen_patient(form, clinic)
    last = last_session(patient, besides=session) if patient else None
    return {
        "form": form,
        "session": session,
        "patient": patient,
        "last": last,
        "candidates": acts.candidates,
        "done": acts.done,
        "faults": [shown_fault(one) for one in faults],
        "fault_fields": {one.field for one in faults},
        "checks": [shown_check(one, form) for one in checks],
        "practitioners": practitioners(clinic, form.practitioner),
        "techniques": techniques(clinic, form.technique),
        "depths": {key: _(words) for key, words in DEPTHS.items()},
        "recipes": Recipe.objects.filter(clinic=clinic, active=True).order_by("name"),
        "products": _products(clinic),
        "component_rows": component_rows(form.components, clinic),
        "point_rows": [(row, zone_label(row.view, row.zone)) for row in form.points],
        "views": drawn_views(form.points, last),
        "asepsis": [(item, _(label), form.asepsis.get(item, "")) for item, label in ASEPSIS.items()],
        "consents": patient.consents.filter(withdrawn_at=None).select_related("text").order_by("-given_at")
        if patient
        else (),
        "sexes": {key: _(words) for key, words in SEXES.items()},
        "languages": LANGUAGES,
        "shortest_reason": SHORTEST_REASON,
        "total": total_of(form.points),
        "units": ("mg", "ug", "iu", "unit", "ml"),
    }


def shown_fault(fault: Fault) -> dict[str, str]:
    """A fault with the id of the field it is about."""
    name = str(_NAMES.get(fault.field, fault.field.replace("person_", "").replace("_", " ")))
    text = fault_words(fault)
    return {
        "id": _ID_OF.get(fault.field, f"f-{fault.field}"),
        "text": f"{name}: {text}",
        "field": fault.field,
    }


def shown_check(check: Check, form: Typed) -> dict[str, Any]:
    """A finding with its word and its sources, and the reason typed for it so far."""
    return {
        "key": check.key,
        "kind": check.kind,
        "word": KIND_WORDS[check.kind],
        "statement": check.statement,
        "sources": [_citation(key) for key in check.sources],
        "facts": check.facts,
        "reason": form.why.get(check.key, ""),
    }


def _citation(key: str) -> dict[str, str]:
    """A record of the evidence: its key, and where it is from."""
    base = evidence()
    record = base.records.get(key)
    if record is None:
        return {"key": key, "title": key, "url": ""}
    source = base.source_of(record)
    return {"key": key, "title": source.citation, "url": source.url or ""}


def practitioners(clinic: Clinic, chosen: str) -> list[Practitioner]:
    """Those who inject here, and the one that is chosen."""
    return [
        one
        for one in Practitioner.objects.filter(clinic=clinic).order_by("name")
        if one.active or str(one.uid) == chosen
    ]


def techniques(clinic: Clinic, chosen: str) -> list[tuple[str, str]]:
    """Ours, those that credentials of this clinic name, and the one that is chosen."""
    allowed = {
        name
        for one in Practitioner.objects.filter(clinic=clinic).prefetch_related("credentials")
        for credential in one.credentials.all()
        for name in credential.allows
    }
    names = dict.fromkeys([*TECHNIQUES, *sorted(allowed), *([chosen] if chosen else [])])
    return [(name, _(TECHNIQUES[name]) if name in TECHNIQUES else name) for name in names]


def component_rows(rows: Iterable[ComponentRow], clinic: Clinic) -> list[dict[str, Any]]:
    """Each line with its product and the vials and lots it may come from."""
    rows = list(rows)
    wanted = {found.uid: found for row in rows if (found := one_of(Product.objects.all(), row.product))}
    products = {str(uid): product for uid, product in wanted.items()}
    vials = open_vials(clinic, products.values())
    return [
        {
            "row": row,
            "product": products.get(row.product),
            "sources": _sources(row, products.get(row.product), vials),
        }
        for row in rows
    ]


def _sources(row: ComponentRow, product: Product | None, vials: Sequence[Any]) -> list[tuple[str, str]]:
    if product is None:
        return []
    found = [(f"vial:{one.uid}", _vial_words(one)) for one in vials if one.lot.product_id == product.pk]
    lots = Lot.objects.filter(product=product).order_by("-expires")[:_LOTS_SHOWN]
    found += [(f"lot:{one.uid}", _("lot %(number)s, no vial") % {"number": one.number}) for one in lots]
    if row.source and row.source not in dict(found):
        found.append((row.source, _("as recorded before")))
    return found


def _vial_words(vial: Any) -> str:
    words = {"vial": vial.label, "lot": vial.lot.number}
    if vial.opened_at is None:
        return _("vial %(vial)s, lot %(lot)s, not opened") % words
    return _("vial %(vial)s, lot %(lot)s") % words


def drawn_views(rows: Sequence[PointRow], last: Session | None) -> list[Drawn]:
    """All views with the points of the form, and those of the last session as ghosts."""
    marks: dict[str, list[Mark]] = {key: [] for key in VIEWS}
    if last is not None:
        earlier = [
            PointRow(view=one.view, zone=one.zone, x=_text(one.x), y=_text(one.y))
            for one in last.points.all()
        ]
        _draw(marks, earlier, ghost=True)
    _draw(marks, rows, ghost=False)
    counts = Counter(row.view for row in rows)
    return [Drawn(view=view, marks=marks[key], count=counts[key]) for key, view in VIEWS.items()]


def _draw(marks: dict[str, list[Mark]], rows: Iterable[PointRow], *, ghost: bool) -> None:
    standing: Counter[tuple[str, str]] = Counter()
    for row in rows:
        x, y = _number(row.x), _number(row.y)
        spot = spot_of(row.view, row.zone, x, y, standing[(row.view, row.zone)])
        standing[(row.view, row.zone)] += x is None
        if spot is not None:
            title = (
                f"{zone_label(row.view, row.zone)} {row.ml} ml" if row.ml else zone_label(row.view, row.zone)
            )
            marks[row.view].append(Mark(x=round(spot[0], 1), y=round(spot[1], 1), title=title, ghost=ghost))


def _number(text: str) -> float | None:
    try:
        value = float(text.replace(",", "."))
    except ValueError:
        return None
    return value if 0 <= value <= 1 else None


def _text(value: float | None) -> str:
    return "" if value is None else f"{value:g}"


def total_of(rows: Iterable[PointRow]) -> dict[str, float]:
    """The ml of all points, mix by mix, of those that can be read."""
    sums: dict[str, float] = {}
    for row in rows:
        try:
            sums[row.mix] = round(sums.get(row.mix, 0.0) + float(row.ml.replace(",", ".") or 0), 4)
        except ValueError:
            continue
    return sums


def patient_facts(patient: Patient) -> list[tuple[str, str, bool]]:
    """What must be known of a patient before an injection: its name, what is on record, and whether it is unknown."""
    asked = _("not asked")
    rows = []
    for name, label in (
        ("allergies", _("Allergies")),
        ("history", _("Illnesses")),
        ("medicines", _("Medicines")),
    ):
        said = getattr(patient, name)
        rows.append((label, asked if said is None else (", ".join(said) or _("none known")), said is None))
    if patient.sex != "male":
        words = {True: _("yes"), False: _("no"), None: asked}
        rows.append((_("Pregnant"), words[patient.pregnant], patient.pregnant is None))
    return rows


def _products(clinic: Clinic) -> list[tuple[str, list[Product]]]:
    """All products to choose from: those of which the clinic has vials, then the others, each group with its heading."""
    vials = Vial.objects.filter(clinic=clinic, lot__product=OuterRef("pk"), discarded_at=None)
    known = Product.objects.annotate(here=Exists(vials)).order_by("name").only("uid", "name")
    groups: dict[bool, list[Product]] = {True: [], False: []}
    for one in known:
        groups[one.here].append(one)
    headed = ((_("In stock here"), groups[True]), (_("Other products"), groups[False]))
    return [(words, found) for words, found in headed if found]
