"""Pages of lots, vials and recalls: who sees what, two clicks to everybody exposed, letters, attempts, the end."""

import re
import uuid

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from tests.registry.stock.conftest import Store

from untoward.registry.models import Contact, Lot, Membership, Product, Recall
from untoward.registry.writing import write
from untoward.tasks.record import recalls

pytestmark = pytest.mark.django_db


@pytest.fixture
def lot(db):
    product = Product(name="Lipodissolve", in_use_hours=24)
    write(product, by=None)
    made = Lot(product=product, number="AB12")
    write(made, by=None)
    return made


@pytest.fixture
def store(lot):
    return Store("North", lot.product, lot)


@pytest.fixture
def south(lot, store):
    return Store("South", lot.product, lot)


@pytest.fixture
def begun(store, lot):
    return recalls.begin_recall(lot=lot, reason="in doubt", by=store.director, clinic=store.clinic)


def browser(user):
    client = Client()
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def at(name, thing):
    return reverse(name, args=[thing.uid])


def said(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def test_from_a_lot_number_to_everybody_exposed_in_two_clicks(store, lot):
    ill = store.session(store.vials[0])
    store.reaction(ill)
    well = store.session(store.vials[1])
    client = browser(store.director)
    found = client.get(reverse("stock"), {"q": "ab1"}).content.decode()
    assert at("lot", lot) in found
    page = said(client.get(at("lot", lot)))
    assert "2 people of this clinic" in page
    assert "1 with a reaction" in page
    for session in (ill, well):
        assert session.patient.key in page
        assert session.patient.name in page


def test_a_vial_shows_its_own_people_and_its_siblings(store):
    mine, other = store.session(store.vials[0]), store.session(store.vials[1])
    page = said(browser(store.director).get(at("vial", store.vials[0])))
    assert mine.patient.key in page
    assert other.patient.key not in page
    assert "V2" in page


@pytest.mark.parametrize(("role", "named"), [("officer", True), ("injector", True), ("inspector", False)])
def test_names_are_for_those_who_treat_or_answer(store, lot, role, named):
    patient = store.session(store.vials[0]).patient
    page = said(browser(store.user(role)).get(at("lot", lot)))
    assert patient.key in page
    assert (patient.name in page) is named


def test_a_safety_officer_sees_how_people_are_reached_in_a_recall_and_nowhere_else(store, lot, begun):
    contact = "+34 600 000 999"
    session = store.session(store.vials[0], patient=store.patient(contact=contact))
    case = store.reaction(session)
    client = browser(store.user("officer"))
    for page in ("recall", "recall-letters", "recall-messages"):
        assert (contact in client.get(at(page, begun)).content.decode()) is (page != "recall-letters")
    for name, thing in (("patient", session.patient), ("session", session), ("lot", lot), ("case", case)):
        shown = client.get(at(name, thing))
        assert shown.status_code == 200
        assert contact not in shown.content.decode()


def test_nothing_of_another_clinic_is_shown(store, south, lot, begun):
    theirs = south.session(south.vials[0]).patient
    client = browser(store.director)
    for page in (
        client.get(at("lot", lot)),
        client.get(at("recall", begun)),
        client.get(at("recall-letters", begun)),
    ):
        assert theirs.key not in said(page)
        assert theirs.name not in said(page)
    assert theirs.key not in client.get(at("recall-messages", begun)).content.decode()
    for name in ("vial", "recall-vial", "vial-label"):
        assert client.get(at(name, south.vials[0])).status_code == 404
    log = {"patient": str(theirs.uid), "how": "phone", "reached": "yes"}
    assert client.post(at("recall-contact", begun), log).status_code == 404
    assert not Contact.objects.exists()


def test_the_recall_of_a_vial_is_the_matter_of_its_clinic(store, south):
    made = recalls.begin_recall(vial=store.vials[0], reason="cracked", by=store.director, clinic=store.clinic)
    assert browser(store.director).get(at("recall", made)).status_code == 200
    assert browser(south.director).get(at("recall", made)).status_code == 404


def test_a_recall_begins_with_a_reason_and_bars_the_lot(store, lot):
    patient = store.session(store.vials[0]).patient
    client = browser(store.director)
    empty = client.post(at("recall-lot", lot), {"reason": " "})
    assert empty.status_code == 422
    assert 'href="#reason"' in empty.content.decode()
    page = client.post(at("recall-lot", lot), {"reason": "sterility in doubt"}, follow=True)
    assert "0 of 1 reached" in said(page)
    assert patient.contact in said(page)
    assert "do not use" in said(browser(store.user("injector")).get(at("lot", lot)))
    again = client.get(at("recall-lot", lot))
    assert again.headers["Location"] == at("recall", Recall.objects.get())


@pytest.mark.parametrize("role", ["injector", "inspector", "epidemiologist", "administrator"])
def test_others_do_not_recall(store, lot, begun, role):
    client = browser(store.user(role))
    assert client.get(at("recall", begun)).status_code == 403
    assert client.post(at("recall-lot", lot), {"reason": "x"}).status_code == 403
    assert "recall-letters" not in client.get(at("lot", lot)).content.decode()


def test_attempts_are_noted_and_a_faulty_one_keeps_what_was_typed(store, begun):
    patient = store.session(store.vials[0]).patient
    client, form = browser(store.director), {"patient": str(patient.uid), "how": "phone", "note": "no answer"}
    faulty = client.post(at("recall-contact", begun), form)
    assert faulty.status_code == 422
    assert 'value="no answer"' in faulty.content.decode()
    for reached, words in (("no", "0 of 1 reached"), ("yes", "1 of 1 reached")):
        page = client.post(at("recall-contact", begun), {**form, "reached": reached}, follow=True)
        assert words in said(page)
    assert begun.contacts.count() == 2
    nobody = {**form, "patient": str(uuid.uuid4())}
    assert client.post(at("recall-contact", begun), nobody).status_code == 404
    assert client.post(at("recall-contact", begun), {**form, "patient": "x"}).status_code == 404


def test_letters_go_to_those_not_reached_in_their_language(store, begun):
    spanish = store.session(
        store.vials[0], patient=store.patient(language="es", name="Lucía <b>Vega</b>")
    ).patient
    done = store.session(store.vials[1]).patient
    recalls.log_contact(begun, done, how="phone", reached=True, by=store.director)
    client = browser(store.director)
    page = client.get(at("recall-letters", begun))
    html = page.content.decode()
    assert html.count('<article class="letter"') == 1
    assert '<article class="letter" lang="es">' in html
    assert "Lucía &lt;b&gt;Vega&lt;/b&gt;" in html
    assert "in doubt" not in html
    both = client.get(at("recall-letters", begun) + "?all=1").content.decode()
    assert both.count('<article class="letter"') == 2
    one = client.get(at("recall-letters", begun) + f"?to={done.uid}").content.decode()
    assert one.count('<article class="letter"') == 1
    client.post(at("recall-letters-sent", begun))
    sent = begun.contacts.get(how="letter")
    assert (sent.patient, sent.reached) == (spanish, False)


def test_messages_are_a_file_without_formulas(store, begun):
    store.session(store.vials[0], patient=store.patient(name="=1+1"))
    answer = browser(store.director).get(at("recall-messages", begun))
    assert answer.headers["Content-Type"].startswith("text/csv")
    assert ",'=1+1," in answer.content.decode()


def test_closing_says_what_is_missing_then_keeps_the_summary(store, begun):
    store.session(store.vials[0])
    client, form = browser(store.director), {"summary": "one abroad", "version": "1"}
    refused = client.post(at("recall-close", begun), form)
    assert refused.status_code == 422
    assert "one abroad" in said(refused)
    closed = client.post(at("recall-close", begun), {**form, "although": "yes"}, follow=True)
    assert "one abroad" in said(closed)
    assert "Closed, 1 not reached." in said(closed)
    assert "one abroad" in said(client.get("/recalls"))
    assert begun.uid in {one["recall"].uid for one in client.get(reverse("recalls")).context["rows"]}


def test_closing_from_an_old_page_is_a_conflict(store, begun):
    page = browser(store.director).post(at("recall-close", begun), {"summary": "mine", "version": "7"})
    assert page.status_code == 409
    assert "mine" in said(page)
    begun.refresh_from_db()
    assert begun.closed_at is None


def test_progress_of_ones_other_clinics_is_shown_as_numbers(store, south, begun):
    south.session(south.vials[0])
    write(Membership(user=store.director, clinic=south.clinic, role="officer"), by=None)
    page = browser(store.director).get(at("recall", begun))
    assert [(one.clinic, one.exposed) for one in page.context["others"]] == [(south.clinic, 1)]


def test_many_people_come_in_pages(store, begun):
    for number in range(52):
        store.session(store.vials[0], days_ago=number + 1)
    client = browser(store.director)
    assert "Page 1 of 2" in said(client.get(at("recall", begun)))
    last = client.get(at("recall", begun) + "?page=2")
    assert len(last.context["people"]) == 2
    oldest = last.context["people"][-1].person.patient
    faulty = client.post(at("recall-contact", begun), {"patient": str(oldest.uid), "how": "phone"})
    assert faulty.context["people"].number == 2


def test_clinic_time_is_used_for_the_day(store, lot):
    session = store.session(store.vials[0])
    day = timezone.localtime(session.at, timezone.get_fixed_timezone(60)).strftime("%-d %b %Y")
    assert day in said(browser(store.director).get(at("lot", lot)))
