"""A clinic with one of everything, and for each call of the API an example that succeeds there."""

from __future__ import annotations

import io
from datetime import date, timedelta
from types import SimpleNamespace

from django.utils import timezone
from PIL import Image

from untoward.registry.models import (
    ConsentText,
    Credential,
    Lot,
    Membership,
    Practitioner,
    Product,
    Task,
    User,
    Vial,
)
from untoward.registry.roles import MAY, Role
from untoward.registry.writing import write
from untoward.tasks.record import cases, consents, investigations, outbreak_desk, passports, photos, recalls
from untoward.tasks.record.check_ins import schedule
from untoward.tasks.record.drafts import ComponentDraft, PointDraft, SessionDraft
from untoward.tasks.record.patients import PatientDraft, add_note, save_patient
from untoward.tasks.record.sessions import save
from untoward.tasks.record.stock_products import RecipeDraft, save_recipe
from untoward.web import tokens

GTIN = "07032069804988"
PURPOSES = ("care", "teaching")
SHEET = "key\till\tonset\next-1\tyes\t2026-03-30\next-2\tno\t\n"


def fill(clinic, user, gtin=""):
    """One of everything at a clinic, written by its director."""
    t = SimpleNamespace(clinic=clinic, user=user, other=User.objects.exclude(pk=user.pk).first())
    _stock(t, gtin)
    _visit(t)
    _after(t)
    _work(t)
    return t


def picture():
    """A small picture as a file."""
    sheet = io.BytesIO()
    Image.new("RGB", (40, 30), (200, 150, 120)).save(sheet, "JPEG")
    return sheet.getvalue()


def key_of(user, clinic, actions=None):
    """A key to the API with some actions, or all that the user's role allows."""
    role = Role(Membership.objects.get(user=user, clinic=clinic, ended_at=None).role)
    scopes = [tokens.scope_of(one) for one in (MAY[role] if actions is None else actions)]
    return tokens.make(user, clinic, name="test", scopes=scopes, days=2).key


def _stock(t, gtin):
    name = t.clinic.name
    t.product = Product(
        name=f"Lido {name}", compounds=[{"compound": "lidocaine", "percent": 2}], gtin=gtin, in_use_hours=24
    )
    write(t.product, by=None)
    t.lot = Lot(product=t.product, number=f"L-{name}", expires=date(2090, 1, 1))
    write(t.lot, by=None)
    t.opened, t.unopened = (Vial(clinic=t.clinic, lot=t.lot, label=f"{name}-{n}") for n in (1, 2))
    t.opened.opened_at, t.opened.opened_by = timezone.now() - timedelta(hours=2), t.user
    for vial in (t.opened, t.unopened):
        write(vial, by=None)
    t.recipe = save_recipe(
        RecipeDraft(name="Glow", ingredients=((t.product, 1.0),)), clinic=t.clinic, by=t.user
    )


def _visit(t):
    t.practitioner = Practitioner(clinic=t.clinic, key="D1", name="Ana Ruiz", user=t.user)
    licence = Credential(kind="licence", number="1", expires=date(2090, 1, 1), allows=["mesotherapy"])
    write(t.practitioner, by=None, parts={"credentials": [licence]})
    known = {"allergies": (), "history": (), "medicines": (), "pregnant": False}
    t.patient = save_patient(
        PatientDraft(name=f"Lucía {t.clinic.name}", contact="lucia@example.org", birth_year=1980, weight_kg=60, **known),
        clinic=t.clinic,
        by=t.user,
    )  # fmt: skip
    t.text = ConsentText(clinic=t.clinic, name="Mesotherapy", edition="1", language="en", body="What it is.")
    t.unread = ConsentText(clinic=t.clinic, name="Fillers", edition="1", language="en", body="What it is.")
    for text in (t.text, t.unread):
        write(text, by=None)
    draft = consents.ConsentDraft(
        patient=t.patient,
        text=t.text,
        text_version=1,
        signed_name="LV",
        said="A word",
        photo_purposes=PURPOSES,
    )
    t.consent = consents.give(draft, by=t.user)
    t.session = save(
        SessionDraft(
            clinic=t.clinic,
            patient=t.patient,
            practitioner=t.practitioner,
            at=timezone.now() - timedelta(minutes=10),
            technique="mesotherapy",
            components=(ComponentDraft(product=t.product, lot=t.lot, vial=t.opened, volume_ml=0.2),),
            points=(PointDraft(view="face-front", zone="cheek-left", volume_ml=0.2),),
            sites=("face",),
            asepsis={"hand_hygiene": True},
            consent=t.consent,
        ),
        by=t.user,
    )


def _after(t):
    schedule(t.session)
    t.check_in = t.session.check_ins.order_by("day").first()
    t.own_page = passports.passport_link(t.session, by=t.user).own_page
    t.note = add_note(t.patient, "Likes to be called in the evening", by=t.user)
    t.photo = photos.store(picture(), patient=t.patient, by=t.user, purposes=PURPOSES)
    t.case = cases.report(
        session=t.session, by=t.user, said="The cheek is swollen", findings={"oedema": True}
    )
    t.task = Task(clinic=t.clinic, kind="call", text="Call back", due_at=timezone.now())
    write(t.task, by=None)


def _work(t):
    t.recall = recalls.begin_recall(vial=t.opened, reason="glass in it", by=t.user, clinic=t.clinic)
    where = ({"axis": "lot", "value": t.lot.number},)
    first = investigations.DECISIONS["detect"][0]
    draft = investigations.InvestigationDraft(
        title="Swelling", outcome="infection", where=where, decision=first, rationale="Three in a week"
    )
    t.investigation = investigations.open_investigation(draft, t.clinic, t.user)
    t.closing = investigations.open_investigation(draft, t.clinic, t.user)
    for seen, step in enumerate(investigations.STEPS[1:], 1):
        decided = investigations.StepDraft(
            step=step, decision=investigations.DECISIONS[step][0], rationale="Said so", seen=seen
        )
        investigations.decide(t.closing, decided, t.user)
    t.outbreak = outbreak_desk.start("Lumps after fillers", "Three rang in a week", t.clinic, t.user)
    outbreak_desk.keep_rows(t.outbreak, 1, SHEET, "unknown", t.user)
    t.member = Membership.objects.get(clinic=t.clinic, role=Role.INSPECTOR, ended_at=None)
    t.token = tokens.make(t.user, t.clinic, name="mine", scopes=["see_stock"], days=3).token


def _session(t, **change):
    return {
        "patient": str(t.patient.uid),
        "practitioner": str(t.practitioner.uid),
        "at": (timezone.now() - timedelta(minutes=5)).isoformat(),
        "technique": "mesotherapy",
        "components": [{"product": str(t.product.uid), "volume_ml": 0.2}],
        "points": [{"view": "face-front", "zone": "cheek-left", "volume_ml": 0.2}],
        "consent": str(t.consent.uid),
    } | change


def examples(t):
    """For each call the thing in its address, the document it is sent, and the query: a success in a fresh clinic."""
    why = {"version": 1, "reason": "typed wrongly"}
    text = {"name": "Mesotherapy", "edition": "2", "language": "en", "body": "More of it."}
    product = {"name": f"New {t.clinic.name}", "compounds": [{"name": "lidocaine", "percent": 1}]}
    recipe = {"name": "Plain", "ingredients": [{"product": str(t.product.uid), "volume_ml": 1}]}
    lot = {"product": str(t.product.uid), "number": f"N-{t.clinic.name}", "expires": "2090-01-01"}
    person = {"key": "D2", "name": "Eva Sol", "credentials": [{"kind": "licence", "number": "7"}]}
    clinic = {"name": t.clinic.name, "country": "ES", "time_zone": "Europe/Madrid", "check_in_days": [1, 3]}
    where = [{"axis": "lot", "value": t.lot.number}]
    case = {"text": "It is warm now", "answers": {"fever": "yes"}}
    open_case = {
        "title": "Lumps", "outcome": "infection", "where": where, "decision": "noticed by a person", "rationale": "Two of them",
    }  # fmt: skip
    patient, session, a_case = t.patient.uid, t.session.uid, t.case.uid
    outcome = {"outcome": "any reaction"}
    return {
        "audit": (None, None, {"model": "Session"}),
        "audit-entry": (1, None, {}),
        "audit-export": (None, None, {}),
        "audit-verify": (None, None, {}),
        "case": (a_case, None, {}),
        "case-assess": (a_case, None, {}),
        "case-decide": (a_case, {"kind": "causality", "text": "Most likely the vial"}, {}),
        "case-new": (session, case, {}),
        "case-observe": (a_case, case, {}),
        "case-questions": (a_case, None, {}),
        "case-siblings": (a_case, None, {}),
        "case-sign-off": (a_case, {"version": t.case.version, "reason": "Seen, and over by now"}, {}),
        "cases": (None, None, {"unsigned": "true"}),
        "check-in-link": (t.check_in.uid, {"version": 1}, {}),
        "check-in-looked": (t.check_in.uid, {"version": 1}, {}),
        "check-in-phone": (t.check_in.uid, {"version": 1, "how": "something", "what": ["redness"]}, {}),
        "check-in-revoke": (t.check_in.uid, why, {}),
        "check-in-send": (t.check_in.uid, {"version": 1}, {}),
        "check-ins": (None, None, {}),
        "clinic": (None, None, {}),
        "clinic-change": (None, {**clinic, **why}, {}),
        "consent": (t.consent.uid, None, {}),
        "consent-give": (
            patient,
            {"text": str(t.text.uid), "text_version": 1, "signed_name": "L V", "discussed": ["harms"]},
            {},
        ),
        "consent-text": (t.text.uid, None, {}),
        "consent-text-correct": (t.unread.uid, {**text, **why}, {}),
        "consent-text-new": (None, text, {}),
        "consent-texts": (None, None, {}),
        "consent-texts-offered": (None, None, {}),
        "consent-withdraw": (t.consent.uid, why, {}),
        "consents": (patient, None, {}),
        "evidence": (None, None, {}),
        "evidence-claims": (None, None, {"limit": 2}),
        "evidence-compound": ("lidocaine", None, {}),
        "evidence-sources": (None, None, {"limit": 2}),
        "investigation": (t.investigation.uid, None, {}),
        "investigation-close": (t.closing.uid, {"version": 1}, {}),
        "investigation-new": (None, open_case, {}),
        "investigation-open": (t.investigation.uid, {"version": 1}, {}),
        "investigation-plan": (t.investigation.uid, {"version": 1, "owner": str(t.user.uid)}, {}),
        "investigation-step": (
            t.investigation.uid,
            {"step": "validate", "decision": "real", "rationale": "Two were cultured", "seen": 1},
            {},
        ),
        "investigations": (None, None, {}),
        "lot": (t.lot.uid, None, {}),
        "lot-correct": (t.lot.uid, {**lot, **why}, {}),
        "lot-exposed": (t.lot.uid, None, {}),
        "lot-open": (t.lot.uid, {}, {}),
        "member-end": (t.member.uid, why, {}),
        "member-invite": (None, {"email": f"new@{t.clinic.name}.example", "role": "injector"}, {}),
        "member-invite-again": (t.member.uid, None, {}),
        "member-role": (t.member.uid, {"version": 1, "role": "officer"}, {}),
        "members": (None, None, {}),
        "mixture-check": (None, {"names": ["lidocaine 2 %", "hyaluronic acid"]}, {}),
        "openapi": (None, None, {}),
        **_outbreaks(t),
        "own-page-new": (session, None, {}),
        "own-page-revoke": (t.own_page.uid, why, {}),
        "own-pages": (session, None, {}),
        "pack-read": (None, {"code": f"01{GTIN}10AB12"}, {}),
        "passport": (session, None, {"language": "es"}),
        "passport-pdf": (session, None, {}),
        "patient": (patient, None, {}),
        "patient-correct": (patient, {"name": "Lucía Vega", **why}, {}),
        "patient-new": (None, {"name": "Ana Gil", "allergies": []}, {}),
        "patient-note": (patient, {"text": "Came late"}, {}),
        "patient-notes": (patient, None, {}),
        "patient-sessions": (patient, None, {}),
        "patients-find": (None, {"text": t.patient.key}, {}),
        "photo": (t.photo.uid, None, {"small": "true"}),
        "photo-new": (patient, None, {}),
        "photos": (patient, None, {}),
        "practitioner": (t.practitioner.uid, None, {}),
        "practitioner-correct": (t.practitioner.uid, {**person, **why}, {}),
        "practitioner-new": (None, person, {}),
        "practitioners": (None, None, {}),
        "practitioners-here": (None, None, {}),
        "product": (t.product.uid, None, {}),
        "product-correct": (t.product.uid, {**product, **why}, {}),
        "product-new": (None, product, {}),
        "products": (None, None, {}),
        "recall": (t.recall.uid, None, {}),
        "recall-begin": (None, {"vial": str(t.unopened.uid), "reason": "broken seal"}, {}),
        "recall-close": (t.recall.uid, {"version": 1, "summary": "All called", "although": True}, {}),
        "recall-contact": (t.recall.uid, {"patient": str(patient), "how": "phone", "reached": True}, {}),
        "recall-exposed": (t.recall.uid, None, {}),
        "recall-letters": (t.recall.uid, None, {}),
        "recall-letters-sent": (t.recall.uid, None, {}),
        "recalls": (None, None, {}),
        "recipe": (t.recipe.uid, None, {}),
        "recipe-correct": (t.recipe.uid, {**recipe, **why}, {}),
        "recipe-new": (None, recipe, {}),
        "recipes": (None, None, {}),
        "session": (session, None, {}),
        "session-check": (None, _session(t), {}),
        "session-check-ins": (session, None, {}),
        "session-correct": (session, {**_session(t, room="2"), **why}, {}),
        "session-new": (None, _session(t), {}),
        "stock": (None, None, {}),
        "stock-find": (None, None, {"text": "L-"}),
        "stock-take-in": (None, {**lot, "vials": 2}, {}),
        "task-done": (t.task.uid, None, {}),
        "token-new": (None, {"name": "till", "scopes": ["see_stock"], "days": 9}, {}),
        "token-revoke": (t.token.uid, None, {}),
        "tokens": (None, None, {}),
        "vial": (t.unopened.uid, None, {}),
        "vial-correct": (t.unopened.uid, {"label": "V-77", **why}, {}),
        "vial-discard": (t.unopened.uid, {"version": 1}, {}),
        "vial-exposed": (t.opened.uid, None, {}),
        "vial-open": (t.unopened.uid, {"version": 1}, {}),
        "watch": (None, None, {}),
        "watch-clusters": (None, None, {}),
        "watch-curve": (None, None, outcome),
        "watch-lines": (None, None, {}),
        "watch-sequential": (None, None, {}),
        "watch-signals": (None, None, {}),
        "watch-trace": (None, None, {"axis": "lot", "value": t.lot.number}),
        "watch-trace-values": (None, None, {"axis": "vial"}),
        "watch-lines-csv": (None, None, {"kind": "sessions"}),
        "watch-progress": (None, None, {}),
        "watch-rates": (None, None, {**outcome, "axis": "compound"}),
        "watch-refresh": (None, None, {}),
        "worklist": (None, None, {}),
    }


def _outbreaks(t):
    at, sheet = t.outbreak.uid, {"text": SHEET, "dates": "day-first"}
    defined = {"name": "Lumps", "terms": "nodule, swelling", "lesions": "2"}
    decided = [{"row": 0, "who": "another"}]
    return {
        "outbreak": (at, None, {}),
        "outbreak-analysis": (at, None, {"stratum": "sex", "incubation": "5-30"}),
        "outbreak-count": (at, defined, {}),
        "outbreak-csv": (at, None, {}),
        "outbreak-define": (at, {"version": 2, "definition": defined}, {}),
        "outbreak-definition": (at, None, {}),
        "outbreak-lines": (at, None, {}),
        "outbreak-new": (None, {"title": "Fever", "rationale": "Two on one day"}, {}),
        "outbreak-report": (at, None, {}),
        "outbreak-rows": (at, None, {}),
        "outbreak-rows-check": (at, sheet, {}),
        "outbreak-rows-decide": (at, {"version": 2, "decided": decided}, {}),
        "outbreak-rows-drop": (at, {"version": 2}, {}),
        "outbreak-rows-keep": (at, {"version": 2, **sheet}, {}),
    }
