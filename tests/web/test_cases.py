"""The page of a case and the report of a problem, as each role sees them and without JavaScript."""

import re
import uuid
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from tests.registry.cases.conftest import Ward
from tests.web.conftest import signed_in

from untoward.registry.models import Membership, Photo, Reaction
from untoward.registry.writing import write
from untoward.tasks.record import cases
from untoward.web.case_page import moment
from untoward.web.clinic_time import clinic_time

pytestmark = pytest.mark.django_db

VESSEL = "white patch with a net pattern on my cheek and it hurts a lot, I cannot see on one eye"
LUMPS = "a row of hard red bumps on my thigh since last week"


@pytest.fixture
def ward(db):
    return Ward()


@pytest.fixture
def lumps(ward):
    session = ward.session(days_ago=25, patient=ward.patient(contact="maria@example.org"))
    findings = {"antibiotic failure": {"drug": "cefalexin", "days": 5}, "nodule": {"count": 3, "size_cm": 1}}
    return cases.report(session=session, by=None, said=LUMPS, findings=findings, by_patient=True)


def address(name, thing):
    return reverse(name, args=[thing.uid])


def text_of(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def test_the_page_says_how_urgent_by_when_and_why(ward, lumps):
    page = signed_in(ward.user("director")).get(address("case", lumps))
    said = text_of(page)
    assert page.status_code == 200
    assert "See someone within 72 h by" in said
    assert LUMPS in said
    for piece in ("NTM01", "Threshold", "Not known", "Sources", "WHO-UMC", "Naranjo", "Liverpool", "Serious"):
        assert piece in said
    assert said.count("not asked") >= 3


def test_the_timeline_and_its_table_say_the_same(ward, lumps):
    ward.session(days_ago=60, patient=lumps.patient)
    cases.observe(lumps, by=ward.nurse, text="three firm nodules")
    page = signed_in(ward.nurse).get(address("case", lumps)).content.decode()
    drawing = page[page.index('class="wide"') : page.index('class="narrow"')]
    assert (drawing.count("<circle"), drawing.count('class="t-session"')) == (2, 2)
    table = page[page.index("The same as a table") : page.index("</table>")]
    assert table.count('<th scope="row"') == 4


def test_each_source_leads_to_where_the_evidence_shows_it(ward, lumps):
    visitor = signed_in(ward.nurse)
    page = visitor.get(address("case", lumps)).content.decode()
    first = re.search(r'href="(/evidence/sources[^"]+)"', page[page.index("Sources") :]).group(1)
    assert "<li" in visitor.get(first.replace("&amp;", "&")).content.decode()


def test_a_published_course_is_shaded(ward):
    reaction = cases.report(session=ward.session(days_ago=2), by=ward.nurse, said="a bruise")
    page = signed_in(ward.nurse).get(address("case", reaction)).content.decode()
    drawing = page[page.index('class="wide"') : page.index('class="narrow"')]
    assert 'class="t-band"' in drawing
    assert "within its expected course" in page


def test_siblings_are_counted_by_vial_with_links(ward, lumps):
    for words in ("a hard lump", "a bruise"):
        other = cases.report(session=ward.session(days_ago=20), by=ward.nurse, said=words)
    ward.session(days_ago=20)
    page = signed_in(ward.nurse).get(address("case", lumps))
    said = text_of(page)
    assert "3 others; 2 have a reaction:" in said
    assert "1 of them has something this person has too." in said
    assert address("case", other) in page.content.decode()


@pytest.mark.parametrize(
    ("role", "contact"), [("injector", True), ("director", True), ("officer", False), ("inspector", False)]
)
def test_contact_details_are_for_those_who_treat(ward, lumps, role, contact):
    user = ward.nurse if role == "injector" else ward.user(role)
    page = signed_in(user).get(address("case", lumps)).content.decode()
    assert ("maria@example.org" in page) is contact


@pytest.mark.parametrize("role", ["epidemiologist", "administrator"])
def test_those_without_business_see_nothing_of_it(ward, lumps, role):
    page = signed_in(ward.user(role)).get(address("case", lumps))
    assert page.status_code == 403
    assert LUMPS not in page.content.decode()


def test_an_inspector_reads_and_changes_nothing(ward, lumps):
    visitor = signed_in(ward.user("inspector"))
    page = visitor.get(address("case", lumps)).content.decode()
    assert "case-observe" not in page
    assert "<textarea" not in page
    for name in ("case-observe", "case-decide", "case-sign-off", "case-assess"):
        assert visitor.post(address(name, lumps), {"kind": "looked", "text": "x"}).status_code == 403
    assert lumps.decisions.count() == 0


def test_the_case_of_another_clinic_is_not_there(ward, lumps):
    stranger = Ward("South")
    for name in ("case", "case-observe", "case-decide", "case-assess"):
        visitor = signed_in(stranger.nurse)
        ask = visitor.get if name == "case" else visitor.post
        assert ask(address(name, lumps)).status_code == 404
    assert signed_in(stranger.nurse).get(reverse("case", args=[uuid.uuid4()])).status_code == 404
    assert signed_in(stranger.nurse).get(address("case-new", lumps.session)).status_code == 404


def test_answers_become_an_observation_and_not_asked_stays_unknown(ward, lumps):
    answers = {
        "answer:spreading redness": "yes",
        "answer:chills": "no",
        "answer:jaundice": "",
        "answer:temperature_c": "38,9",
        "answer:nodule: growing": "yes",
        "answer:nodule: size_cm": "3",
        "answer:avpu": "alert",
        "answer:age": "44",
        "text": "looks worse",
        "told_by": "patient",
    }
    page = signed_in(ward.nurse).post(address("case-observe", lumps), answers)
    assert page.status_code == 302
    made = lumps.observations.latest("pk")
    assert made.findings == {
        "spreading redness": True,
        "chills": False,
        "temperature_c": 38.9,
        "nodule": {"growing": True, "size_cm": 3.0},
        "avpu": "alert",
    }
    assert (made.text, made.by_patient) == ("looks worse", True)
    coded = {item["term"]: item["negated"] for item in made.assessment["coded"]}
    assert (coded["chills"], coded["spreading redness"]) == (True, False)
    assert "jaundice" not in coded


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"answer:temperature_c": "399"}, "a number from 20 to 45 °C"),
        ({"answer:temperature_c": "nan"}, "a number from 20 to 45 °C"),
        ({"answer:chills": "perhaps"}, "yes or no, or nothing"),
        ({"at": "yesterday"}, "such as 2026-05-11T14:30"),
        ({"at": "2199-01-01T00:00"}, "now or earlier"),
        ({"at": "1999-01-01T00:00"}, "or later"),
    ],
)
def test_a_refused_answer_keeps_everything_typed(ward, lumps, wrong, said):
    page = signed_in(ward.nurse).post(
        address("case-observe", lumps), {"text": "three firm lumps", "answer:jaundice": "no", **wrong}
    )
    assert page.status_code == 422
    assert said in page.content.decode()
    assert ">three firm lumps</textarea>" in page.content.decode()
    assert lumps.observations.count() == 1


def test_nothing_to_keep_is_said(ward, lumps):
    page = signed_in(ward.nurse).post(address("case-observe", lumps), {"text": " "})
    assert page.status_code == 422
    assert "nothing is said" in page.content.decode()


def test_reading_deciding_and_signing_off(ward, lumps):
    director = ward.user("director")
    visitor = signed_in(director)
    assert "I have read this" in visitor.get(address("case", lumps)).content.decode()
    visitor.post(address("case-decide", lumps), {"kind": "looked"})
    visitor.post(address("case-decide", lumps), {"kind": "called", "text": "comes in tomorrow"})
    page = visitor.get(address("case", lumps)).content.decode()
    assert "I have read this" not in page
    assert "comes in tomorrow" in page
    lumps.refresh_from_db()
    reason = {"version": lumps.version, "reason": "cultures taken, seen by infectious diseases"}
    assert visitor.post(address("case-sign-off", lumps), reason).status_code == 302
    assert Reaction.objects.get(pk=lumps.pk).signed_by == director
    assert "Signed off" in visitor.get(address("case", lumps)).content.decode()


def test_a_decision_without_words_is_refused_and_kept_on_the_page(ward, lumps):
    page = signed_in(ward.nurse).post(address("case-decide", lumps), {"kind": "referred", "text": ""})
    assert page.status_code == 422
    assert '<option value="referred" selected>' in page.content.decode()


def test_an_injector_does_not_sign_off(ward, lumps):
    visitor = signed_in(ward.nurse)
    assert "case-sign-off" not in visitor.get(address("case", lumps)).content.decode()
    assert visitor.post(address("case-sign-off", lumps), {"reason": "gone for weeks"}).status_code == 403


def test_signing_off_what_somebody_added_to_meanwhile_shows_it_first(ward, lumps):
    visitor = signed_in(ward.user("officer"))
    seen = Reaction.objects.get(pk=lumps.pk).version
    cases.decide(lumps, by=ward.nurse, kind="note", text="new lump on the other leg")
    page = visitor.post(address("case-sign-off", lumps), {"version": seen, "reason": "gone for two weeks"})
    assert page.status_code == 409
    assert "new lump on the other leg" in page.content.decode()
    assert ">gone for two weeks</textarea>" in page.content.decode()
    assert Reaction.objects.get(pk=lumps.pk).signed_at is None


@pytest.mark.parametrize(
    "given", [{"reason": "gone for two weeks"}, {"version": "x", "reason": "gone for two weeks"}]
)
def test_signing_off_without_the_version_read_is_refused(ward, lumps, given):
    page = signed_in(ward.user("officer")).post(address("case-sign-off", lumps), given)
    assert page.status_code == 422
    assert Reaction.objects.get(pk=lumps.pk).signed_at is None


def test_an_emergency_asks_first_what_is_done(ward):
    reaction = cases.report(
        session=ward.session(days_ago=1, sites=["cheek"]), by=None, said=VESSEL, by_patient=True
    )
    visitor = signed_in(ward.user("director"))
    page = visitor.get(address("case", reaction)).content.decode()
    assert "Log what was done" in page
    assert 'name="reason"' not in page
    given = {"version": reaction.version, "reason": "it will be fine"}
    refused = visitor.post(address("case-sign-off", reaction), given)
    assert refused.status_code == 422
    assert "nothing is noted as done" in refused.content.decode()


def test_assessing_again_from_the_page(ward, lumps):
    lumps.patient.history = ["diabetes"]
    write(lumps.patient, by=ward.nurse, reason="asked")
    signed_in(ward.nurse).post(address("case-assess", lumps))
    facts = [fact for item in lumps.observations.get().assessment["findings"] for fact in item["facts_used"]]
    assert "diabetes" in facts


def test_a_problem_is_reported_in_five_fields(ward):
    session = ward.session(days_ago=9)
    visitor = signed_in(ward.nurse)
    form = visitor.get(address("case-new", session)).content.decode()
    fields = re.findall(
        r'<(?:input(?! type="hidden")|select|textarea)[^>]* name="(\w+)"', form[form.index("<main") :]
    )
    assert len(fields) <= 6
    with clinic_time("Europe/Madrid"):
        onset = timezone.localtime() - timedelta(days=2)
    given = {
        "text": "a hard lump",
        "at": "",
        "onset_at": f"{onset:%Y-%m-%dT%H:%M}",
        "told_by": "patient",
        "term": "nodule",
    }
    page = visitor.post(address("case-new", session), given)
    made = Reaction.objects.get()
    assert page.headers["Location"] == address("case", made)
    assert (made.term, made.by_patient, made.said) == ("nodule", True, "a hard lump")
    assert made.onset_at == onset.replace(second=0, microsecond=0)
    assert made.read_at is not None


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"text": ""}, "nothing is said"),
        ({"at": "soon"}, "not a date and time"),
        ({"onset_at": "2199-01-01T00:00"}, "in the future"),
    ],
)
def test_a_refused_report_keeps_what_was_typed(ward, wrong, said):
    session = ward.session(days_ago=9)
    page = signed_in(ward.nurse).post(
        address("case-new", session), {"text": "a lump", "term": "nodule", **wrong}
    )
    assert page.status_code == 422
    assert said in page.content.decode()
    assert 'value="nodule"' in page.content.decode()
    assert not Reaction.objects.exists()


def test_words_of_patients_never_become_markup(ward):
    poison = '<script>alert("x")</script> lump'
    session = ward.session(days_ago=9, note=poison, patient=ward.patient(contact=poison))
    reaction = cases.report(session=session, by=None, said=poison, by_patient=True, term=poison)
    cases.decide(reaction, by=ward.nurse, kind="note", text=poison)
    cases.observe(reaction, by=ward.nurse, text=poison, findings={poison: True})
    visitor = signed_in(ward.nurse)
    for page in (visitor.get(address("case", reaction)), visitor.get(reverse("worklist"))):
        assert "<script>alert" not in page.content.decode()


def test_photos_of_the_case_are_shown_to_those_who_see_patients(ward, lumps):
    photo = Photo(
        patient=lumps.patient,
        reaction=lumps,
        taken_at=timezone.now(),
        file="a.jpg",
        sha256="0" * 64,
        width=1,
        height=1,
    )
    write(photo, by=ward.nurse)
    page = signed_in(ward.nurse).get(address("case", lumps)).content.decode()
    assert 'class="t-photo"' in page
    assert "<h2>Photos</h2>" in page


def test_times_are_those_of_the_clinic(ward):
    at = timezone.now().replace(month=1, day=15, hour=12, minute=0, second=0, microsecond=0)
    session = ward.session(days_ago=(timezone.now() - at).total_seconds() / 86_400)
    reaction = cases.report(session=session, by=ward.nurse, said="a lump")
    assert "13:00" in signed_in(ward.nurse).get(address("case", reaction)).content.decode()


def test_a_time_zone_that_is_none_leaves_the_sites_own():
    with clinic_time("Nowhere/Town"):
        assert moment("2026-01-15T12:00").isoformat() == "2026-01-15T12:00:00+00:00"
    with clinic_time("Europe/Madrid"):
        assert moment("2026-01-15T12:00").isoformat() == "2026-01-15T12:00:00+01:00"
        assert moment(" ") is None


def test_somebody_without_a_clinic_any_more_sees_no_case(ward, lumps):
    gone = ward.user("officer")
    membership = Membership.objects.get(user=gone)
    membership.ended_at = timezone.now()
    write(membership, by=None, reason="left")
    assert signed_in(gone).get(address("case", lumps)).status_code == 403
