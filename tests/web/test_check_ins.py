"""The pages of a check-in: five taps without JavaScript, advice at once, and the clinic's list with who may do what."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.urls import reverse
from django.utils import timezone

from untoward.registry.models import (
    CheckIn,
    Clinic,
    Component,
    Membership,
    Patient,
    Practitioner,
    Product,
    Reaction,
    Session,
    User,
)
from untoward.registry.roles import Role
from untoward.registry.writing import Change, write, write_all
from untoward.tasks.record import cases, check_ins, passports
from untoward.tasks.record.check_in_questions import Answers
from untoward.web import check_in_pages

pytestmark = pytest.mark.django_db
STAFF = ("check-in-phone", "check-in-send", "check-in-link", "check-in-revoke", "check-in-read")


@pytest.fixture
def clinic():
    made = Clinic(name="Clínica <Norte>", country="ES", time_zone="Europe/Madrid", phone="+34 910 000 000")
    write(made, by=None)
    return made


@pytest.fixture
def session(clinic):
    patient = Patient(
        clinic=clinic, key="patient-0417", name="Ana Ruiz", contact="ana@example.org", language="es"
    )
    person = Practitioner(clinic=clinic, key="D1", name="Eva Gil")
    product = Product(name="Lipo", compounds=[{"compound": "deoxycholic-acid", "percent": 1}])
    write_all([Change(thing=patient), Change(thing=person), Change(thing=product)], by=None)
    made = Session(
        clinic=clinic, patient=patient, practitioner=person, at=timezone.now() - timedelta(days=1, hours=1),
        technique="lipolysis", sites=["chin"],
    )  # fmt: skip
    write(made, by=None, parts={"components": [Component(product=product, volume_ml=2)]})
    check_ins.schedule(made)
    return made


@pytest.fixture
def check_in(session):
    return session.check_ins.order_by("day").first()


@pytest.fixture
def page(check_in):
    return check_ins.new_link(check_in).replace("http://127.0.0.1:8000", "")


@pytest.fixture
def own(session):
    address = passports.passport_link(session, by=None).address
    return "/p/" + address.rsplit("/", 1)[-1] + "/problem"


@pytest.fixture(autouse=True)
def unhurried(monkeypatch):
    monkeypatch.setattr(check_in_pages, "too_many", lambda *_given: False)


def sign_in(client, clinic, role):
    user = User.objects.create_user(f"{role}@example.org", "a long enough one")
    write(Membership(user=user, clinic=clinic, role=role), by=None)
    client.force_login(user)
    return user


def text_of(response):
    return response.content.decode()


def hidden(response):
    """What the first form of a page would send along."""
    form = re.search(
        r'<form method="post" class="(?:options|fields)[^"]*">(.*?)</form>', text_of(response), re.DOTALL
    )[1]
    found = {}
    for name, value in re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', form):
        if name != "csrfmiddlewaretoken":
            found.setdefault(name, []).append(unescape(value))
    return found


def tap(client, page, response, **given):
    return client.post(page, {**hidden(response), **given})


def test_five_taps_without_javascript_end_with_advice_and_a_clock(client, page, check_in):
    at = client.get(page)
    assert "¿Cómo está hoy?" in text_of(at)
    for step in (
        {"how": "something"},
        {"what": ["swelling", "redness"]},
        {"since": "yesterday"},
        {"bad": "mild"},
    ):
        at = tap(client, page, at, **step)
        assert at.status_code == 200
    done = tap(client, page, at, course="same")
    assert (done.status_code, done.url) == (302, page)
    shown = text_of(client.get(page))
    assert "leerá esto antes del" in shown
    assert 'href="tel:112"' in shown
    assert 'name="asked.' in shown
    check_in.refresh_from_db()
    assert check_in.answers["what"] == ["swelling", "redness"]


def test_the_page_is_safe_to_keep_nowhere_and_names_nobody(client, page):
    answer = client.get(page)
    assert answer.headers["Cache-Control"] == "no-store"
    assert "unsafe" not in answer.headers["Content-Security-Policy"]
    shown = text_of(answer)
    assert "Clínica &lt;Norte&gt;" in shown
    assert not any(
        word in shown for word in ("Ana Ruiz", "patient-0417", "ana@example.org", "Lipo", "style=", "onclick")
    )


def test_what_cannot_wait_skips_the_rest(client, page):
    at = tap(client, page, client.get(page), how="something")
    done = tap(client, page, at, what=["breathing"])
    assert done.status_code == 302
    shown = text_of(client.get(page))
    assert shown.index("Llame ya al 112") < shown.index("Qué hacer ahora")
    assert 'class="call huge" href="tel:112"' in shown
    assert Reaction.objects.get().disposition == "emergency_now"


def test_emergency_is_one_tap(client, page):
    tap(client, page, client.get(page), how="emergency")
    assert "Llame ya al 112" in text_of(client.get(page))


def test_fine_is_one_tap_says_what_to_watch_for_and_can_change(client, page):
    tap(client, page, client.get(page), how="fine")
    shown = text_of(client.get(page))
    assert "Anotamos que hoy está bien" in shown
    assert "Llame ya al 112 si tiene algo de esto" in shown
    at = client.post(page, {"how": "something", "step": "how"})
    assert "¿Qué nota?" in text_of(at)
    tap(client, page, at, words="me duele mucho y está caliente")
    assert Reaction.objects.count() == 0
    at = client.post(
        page, {"how": "something", "words": "me duele", "since": "today", "bad": "mild", "course": "same"}
    )
    assert (at.status_code, Reaction.objects.count()) == (302, 1)


def test_nothing_chosen_is_said_and_nothing_typed_is_lost(client, page):
    at = tap(client, page, client.get(page), how="something")
    again = tap(client, page, at)
    assert 'role="alert"' in text_of(again)
    assert "Toque una cosa" in text_of(again)
    at = tap(client, page, again, words="<b>bulto</b>", what=["lump"])
    back = client.post(page, {**hidden(at), "back": "1"})
    assert "&lt;b&gt;bulto&lt;/b&gt;</textarea>" in text_of(back)
    assert 'value="lump" checked' in text_of(back)


def test_an_answer_sent_twice_is_kept_once(client, page):
    given = {"how": "something", "what": ["pain"], "since": "today", "bad": "mild", "course": "same"}
    assert [client.post(page, given).status_code for _ in range(2)] == [302, 302]
    assert Reaction.objects.count() == 1


def test_more_words_and_a_photo_that_is_none(client, page):
    client.post(
        page, {"how": "something", "what": ["pain"], "since": "today", "bad": "mild", "course": "same"}
    )
    from django.core.files.uploadedfile import SimpleUploadedFile

    bad = SimpleUploadedFile("a.jpg", b"no photo", "image/jpeg")
    done = client.post(page + "/more", {"words": "sigue igual", "photo": bad})
    shown = text_of(client.get(done.url))
    assert "No pudimos usar esta foto" in shown
    assert "sigue igual" in shown
    assert client.post(page + "/more", {}).url == page


def test_further_questions_count_at_once(client, page):
    client.post(
        page, {"how": "something", "what": ["swelling"], "since": "today", "bad": "mild", "course": "same"}
    )
    names = set(re.findall(r'name="(asked\.[^"]+)"', text_of(client.get(page))))
    assert len(names) == 3
    client.post(page + "/asked", dict.fromkeys(names, "yes"))
    assert "Llame ya al 112" in text_of(client.get(page))


@pytest.mark.parametrize("language", ["en", "es", "pt", "fr"])
def test_each_language_can_be_chosen(client, page, language):
    shown = text_of(client.get(f"{page}?lang={language}"))
    assert f'<html lang="{language}">' in shown
    at = client.post(page, {"lang": language, "how": "something", "step": "how"})
    assert hidden(at)["lang"] == [language]


def test_every_link_that_does_not_work_gets_the_same_page(client, page, check_in, own):
    check_in.refresh_from_db()
    check_ins.revoke(check_in, by=None, reason="closed")
    answers = [client.get(address) for address in (page, page[:-1] + "x", "/c/x", "/p/x/problem")]
    assert {one.status_code for one in answers} == {404}
    assert len({re.sub(r'value="[^"]{64}"', "", text_of(one)) for one in answers}) == 1
    assert client.post(page, {"how": "fine"}).status_code == 404
    assert client.post(page + "/more", {"words": "x"}).status_code == 404


def test_guessing_is_slowed_down(client, monkeypatch):
    from untoward.web import limits

    monkeypatch.setattr(check_in_pages, "too_many", limits.too_many)
    codes = [
        client.get(f"/c/{'a' * 40}{number}", REMOTE_ADDR="192.0.2.77").status_code for number in range(13)
    ]
    assert codes[:9] == [404] * 9
    assert codes[-1] == 429


def test_a_form_from_elsewhere_is_refused(page):
    from django.test import Client

    assert Client(enforce_csrf_checks=True).post(page, {"how": "fine"}).status_code == 403


def test_no_more_questions_when_asked_to_stop(client, page):
    assert "No le preguntaremos más" in text_of(client.post(page + "/stop"))
    assert client.get(page).status_code == 404


def test_a_problem_told_from_ones_own_page(client, own):
    at = client.get(own)
    assert "¿Qué le pasa?" in text_of(at)
    for step in ({"what": ["lump"]}, {"since": "week"}, {"bad": "moderate"}, {"course": "worse"}):
        at = tap(client, own, at, **step)
    shown = text_of(client.get(at.url))
    assert "Un bulto debajo de la piel" in shown
    assert client.post(at.url + "/more", {"words": "y fiebre"}).status_code == 302
    assert client.post(at.url + "/asked", {}).status_code == 302


def test_a_case_of_another_session_is_not_shown(client, own, session):
    other = Session(
        clinic=session.clinic,
        patient=session.patient,
        practitioner=session.practitioner,
        at=session.at,
        technique="x",
    )
    write(other, by=None)
    reaction = cases.report(session=other, by=None, said="dolor", by_patient=True)
    assert client.get(f"{own}/{reaction.uid}").status_code == 404
    staff_only = cases.report(session=session, by=None, said="visto en consulta")
    assert client.get(f"{own}/{staff_only.uid}").status_code == 404


def test_what_cannot_be_assessed_still_ends_with_whom_to_call(client, own, monkeypatch):
    monkeypatch.setattr(cases, "report", lambda **_given: 1 / 0)
    done = client.post(own, {"what": ["pain"], "since": "today", "bad": "mild", "course": "same"})
    assert "Llame hoy a su clínica" in text_of(done)


@pytest.mark.parametrize("role", list(Role))
def test_who_sees_the_list_and_who_may_act(client, clinic, check_in, role):
    sign_in(client, clinic, role)
    sees = role in (Role.INJECTOR, Role.DIRECTOR, Role.OFFICER, Role.INSPECTOR)
    acts = role in (Role.INJECTOR, Role.DIRECTOR, Role.OFFICER)
    listed = client.get(reverse("check-ins"))
    assert listed.status_code == (200 if sees else 403)
    if sees:
        assert ("Ana Ruiz" in text_of(listed)) == (role in (Role.INJECTOR, Role.DIRECTOR))
        assert "ana@example.org" not in text_of(listed)
    for name in STAFF:
        refused = client.post(reverse(name, args=[check_in.uid])).status_code == 403
        assert refused == (not acts), name


def test_another_clinics_check_in_is_not_there(client, check_in):
    elsewhere = Clinic(name="South")
    write(elsewhere, by=None)
    sign_in(client, elsewhere, "director")
    assert "patient-0417" not in text_of(client.get(reverse("check-ins")))
    for name in STAFF:
        assert client.post(reverse(name, args=[check_in.uid])).status_code == 404


def test_by_phone_with_faults_and_then_kept(client, clinic, check_in):
    sign_in(client, clinic, "injector")
    address = reverse("check-in-phone", args=[check_in.uid])
    assert "ana@example.org" in text_of(client.get(address))
    nothing = client.post(address, {"words": "says <it> hurts", "version": check_in.version})
    assert nothing.status_code == 422
    assert "says &lt;it&gt; hurts" in text_of(nothing)
    assert client.post(address, {"how": "something", "version": check_in.version}).status_code == 422
    given = {"how": "something", "what": ["pain"], "words": "it hurts", "version": check_in.version}
    kept = client.post(address, given)
    assert kept.url == reverse("case", args=[Reaction.objects.get().uid])
    late = client.post(address, given)
    assert late.status_code == 422
    assert "it hurts" in text_of(late)


def test_a_change_meanwhile_is_told_and_undoes_nothing(client, clinic, check_in):
    sign_in(client, clinic, "director")
    version = check_in.version
    token = check_ins.new_link(check_in).rsplit("/", 1)[-1]
    for name in ("check-in-send", "check-in-link", "check-in-revoke"):
        shown = client.post(reverse(name, args=[check_in.uid]), {"version": version}, follow=True)
        assert "Somebody else changed this check-in" in text_of(shown)
    assert check_ins.by_link(token) == check_in


def test_sending_showing_and_closing_a_link(client, clinic, check_in):
    from django.core import mail

    sign_in(client, clinic, "officer")
    assert "Sent by e-mail" in text_of(
        client.post(reverse("check-in-send", args=[check_in.uid]), follow=True)
    )
    assert len(mail.outbox) == 1
    shown = text_of(client.post(reverse("check-in-link", args=[check_in.uid])))
    token = re.search(r"/c/([\w-]{48})", shown)[1]
    assert "data:image/svg+xml" in shown
    assert check_ins.by_link(token) == check_in
    client.post(reverse("check-in-revoke", args=[check_in.uid]))
    assert CheckIn.objects.get(pk=check_in.pk).revoked_at is not None


def test_the_list_puts_the_most_urgent_first(client, clinic, session):
    sign_in(client, clinic, "director")
    assert "Ask by phone" in text_of(client.get(reverse("check-ins")))
    first, second = session.check_ins.order_by("day")[:2]
    for one, what in ((first, "swelling"), (second, "vision")):
        token = check_ins.new_link(one).rsplit("/", 1)[-1]
        check_ins.answer(
            token, Answers(how="something", what=(what,), since="today", bad="mild", course="same")
        )
    shown = text_of(client.get(reverse("check-ins")))
    assert shown.index("Emergency, now") < shown.index("to be read by")
