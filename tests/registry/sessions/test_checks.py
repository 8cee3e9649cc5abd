"""What is said before a session is saved, and how loudly."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.utils import timezone

from untoward.registry.models import Component, Credential, Session
from untoward.registry.writing import write
from untoward.tasks.record.drafts import ComponentDraft, PointDraft
from untoward.tasks.record.patients import PatientDraft
from untoward.tasks.record.session_checks import blocks, check

pytestmark = pytest.mark.django_db


def said(draft, code):
    return [one for one in check(draft) if one.code == code]


def kinds(draft, code):
    return [one.kind for one in said(draft, code)]


def changed(thing, reason="test", **values):
    for name, value in values.items():
        setattr(thing, name, value)
    write(thing, by=None, reason=reason)
    return thing


def with_product(draft, product, **values):
    return replace(draft, components=(*draft.components, ComponentDraft(product=product, **values)))


def test_a_session_with_nothing_against_it_has_no_block_and_no_warning(draft):
    assert {one.kind for one in check(draft)} <= {"info"}


def test_the_worst_comes_first(draft, place):
    changed(place.lots[0], recalled_at=timezone.now(), recall_reason="glass")
    ranks = [("block", "warning", "info").index(one.kind) for one in check(replace(draft, consent=None))]
    assert ranks == sorted(ranks)
    assert ranks[0] == 0


class TestPerson:
    def test_an_allergy_to_what_is_injected_blocks(self, draft, place):
        patient = changed(place.patient, allergies=["lidocaine"])
        found = said(
            with_product(replace(draft, patient=patient), place.products[1], volume_ml=1), "contraindication"
        )
        assert "block" in [one.kind for one in found]
        assert any("allergic to lidocaine" in one.statement for one in found)

    @pytest.mark.parametrize("name", ["allergies", "history", "medicines"])
    def test_what_nobody_asked_is_unknown_and_never_none(self, draft, place, name):
        assert kinds(draft, f"{name}-unknown") == []
        patient = changed(place.patient, **{name: None})
        found = said(replace(draft, patient=patient), f"{name}-unknown")
        assert [one.kind for one in found] == ["warning"]
        assert "unknown" in found[0].statement

    def test_pregnancy_not_asked_is_said_but_not_of_a_man(self, draft):
        somebody = PatientDraft(allergies=(), history=(), medicines=())
        new = replace(draft, patient=somebody, consent=None)
        assert kinds(new, "pregnancy-unknown") == ["warning"]
        assert kinds(replace(new, patient=replace(somebody, sex="male")), "pregnancy-unknown") == []

    def test_a_dose_above_a_limit_blocks_and_is_summed_over_all_syringes(self, draft, place):
        lidocaine = place.products[1]
        one = with_product(draft, lidocaine, volume_ml=6)
        assert "block" not in kinds(one, "dose")
        both = with_product(one, lidocaine, volume_ml=6, mix="B")
        assert "block" in kinds(both, "dose")

    def test_a_reason_for_one_dose_is_none_for_another(self, draft, place):
        keys = [
            {one.key for one in blocks(said(with_product(draft, place.products[1], volume_ml=ml), "dose"))}
            for ml in (30, 60)
        ]
        assert keys[0]
        assert keys[0].isdisjoint(keys[1])

    def test_a_name_nobody_knows_is_said_to_be_unchecked(self, draft, elsewhere):
        found = said(with_product(draft, elsewhere.vial.lot.product), "not-recognised")
        assert [one.kind for one in found] == ["warning"]


class TestPractitioner:
    def credentials(self, place, *credentials):
        write(place.person, by=None, reason="test", parts={"credentials": list(credentials)})

    def test_no_credential_on_record_warns(self, draft, place):
        self.credentials(place)
        assert kinds(draft, "credential-none") == ["warning"]

    def test_an_expired_one_blocks_from_the_day_after(self, draft, place):
        day = timezone.localtime(draft.at).date()
        for expires, blocked in ((day + timedelta(days=2), []), (day - timedelta(days=2), ["block"])):
            self.credentials(place, Credential(kind="licence", expires=expires, allows=["mesotherapy"]))
            assert kinds(draft, "credential-expired") == blocked

    def test_one_that_does_not_allow_the_technique_blocks(self, draft, place):
        self.credentials(place, Credential(kind="licence", expires=date(2090, 1, 1), allows=["filler"]))
        found = said(draft, "credential-not-allowed")
        assert [one.kind for one in found] == ["block"]
        assert found[0].facts == {"allowed": "filler"}

    def test_somebody_who_left_blocks(self, draft, place):
        changed(place.person, active=False)
        assert kinds(draft, "not-active") == ["block"]


class TestVials:
    def test_an_expired_lot_blocks_from_the_day_after(self, draft, place):
        day = timezone.localtime(draft.at).date()
        for expires, blocked in ((day + timedelta(days=1), []), (day - timedelta(days=1), ["block"])):
            changed(place.lots[0], expires=expires)
            assert kinds(draft, "expired") == blocked

    def test_an_expiry_nobody_recorded_is_said(self, draft, place):
        changed(place.lots[0], expires=None)
        assert kinds(draft, "expiry-unknown") == ["info"]

    @pytest.mark.parametrize(("kept", "code"), [("lots", "lot-recalled"), ("vials", "vial-recalled")])
    def test_what_is_recalled_blocks_and_stale_drafts_do_not_hide_it(self, draft, place, kept, code):
        stored = getattr(place, kept)[0]
        fresh = type(stored).objects.get(pk=stored.pk)
        changed(fresh, recalled_at=timezone.now(), recall_reason="endotoxin")
        found = said(draft, code)
        assert [one.kind for one in found] == ["block"]
        assert "endotoxin" in found[0].statement

    @pytest.mark.parametrize(("hours", "kind"), [(23.9, []), (24.1, ["block"])])
    def test_a_vial_over_its_age_in_use_blocks(self, draft, place, hours, kind):
        changed(place.vials[0], opened_at=draft.at - timedelta(hours=hours))
        assert kinds(draft, "over-age") == kind

    def test_a_vial_whose_opening_nobody_recorded_warns(self, draft, place):
        changed(place.vials[0], opened_at=None)
        assert kinds(draft, "opened-unknown") == ["warning"]

    def test_a_vial_discarded_before_blocks(self, draft, place):
        changed(place.vials[0], discarded_at=draft.at - timedelta(hours=1))
        assert kinds(draft, "discarded") == ["block"]

    def test_a_vial_for_one_session_that_stands_in_another_blocks(self, draft, place):
        changed(place.products[0], single_use=True)
        part = replace(draft.components[0], product=place.products[0])
        single = replace(draft, components=(part,))
        assert kinds(single, "used-already") == []
        other = Session(
            clinic=place.clinic,
            patient=place.patient,
            practitioner=place.person,
            at=draft.at,
            technique="mesotherapy",
        )
        used = Component(product=place.products[0], lot=place.lots[0], vial=place.vials[0])
        write(other, by=None, parts={"components": [used]})
        assert kinds(single, "used-already") == ["block"]

    def test_a_lot_of_another_product_blocks(self, draft, place):
        wrong = ComponentDraft(product=place.products[1], lot=place.lots[0], volume_ml=1)
        assert kinds(replace(draft, components=(wrong,)), "other-product") == ["block"]

    def test_no_lot_warns_that_nobody_will_find_the_patient(self, draft, place):
        assert kinds(with_product(draft, place.products[2], volume_ml=1), "lot-unknown") == ["warning"]


class TestTheRest:
    @pytest.mark.parametrize(("minutes", "kind"), [(4, []), (10, ["block"])])
    def test_a_session_in_the_future_blocks(self, draft, minutes, kind):
        assert kinds(replace(draft, at=timezone.now() + timedelta(minutes=minutes)), "future") == kind

    def test_no_consent_warns_and_one_that_was_withdrawn_blocks(self, draft, place):
        assert kinds(replace(draft, consent=None), "consent-none") == ["warning"]
        withdrawn = changed(place.consent, withdrawn_at=draft.at - timedelta(hours=1))
        assert kinds(replace(draft, consent=withdrawn), "consent-withdrawn") == ["block"]

    def test_more_in_the_points_than_in_the_syringe_warns(self, draft):
        more = (*draft.points, PointDraft(view="face-front", zone="chin", volume_ml=0.1))
        assert kinds(draft, "more-than-drawn") == []
        assert kinds(replace(draft, points=more), "more-than-drawn") == ["warning"]

    def test_a_measure_not_taken_warns_and_one_not_recorded_is_named(self, draft):
        found = replace(draft, asepsis={"hand_hygiene": False, "clean_room": True})
        assert kinds(found, "asepsis-not-done") == ["warning"]
        unknown = said(found, "asepsis-unknown")[0].statement
        assert "antiseptic" in unknown
        assert "Clean room" not in unknown
