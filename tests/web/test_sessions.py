"""The pages of sessions: who sees what, the form without scripts, and that nothing typed is lost."""

import re
from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from tests.registry.sessions import conftest as shared

from untoward.registry.models import Lot, Membership, Patient, Session, User
from untoward.registry.writing import write
from untoward.tasks.record.drafts import ASEPSIS

pytestmark = pytest.mark.django_db
NEW = "/session/new"
GTIN = "07032069804988"
place, elsewhere = shared.place, shared.elsewhere
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture
def client(place):
    browser = Client()
    browser.force_login(place.nurse, backend=BACKEND)
    return browser


def as_role(place, role):
    user = User.objects.create_user(f"{role}@example.org", "a long enough one", name="Somebody")
    write(Membership(user=user, clinic=place.clinic, role=role), by=None)
    browser = Client()
    browser.force_login(user, backend=BACKEND)
    return browser


def fields(response):
    """What a browser without scripts would send back of the form on a page."""
    page = response.content.decode()
    form = (
        page[page.index('<form id="session-form"') : page.index("<template")]
        + page[page.index("</template>") :]
    )
    form = form[: form.index("</form>")]
    sent = {}
    for tag in re.findall(r"<input[^>]*>", form):
        name, value, kind = (_part(tag, part) for part in ("name", "value", "type"))
        if name and (kind not in ("radio", "checkbox") or " checked" in tag):
            sent.setdefault(name, []).append(value)
    for name, inner in re.findall(r'<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>', form, re.DOTALL):
        chosen = re.findall(r'<option(?: value="([^"]*)")? selected>([^<]*)', inner)
        sent.setdefault(name, []).append((chosen[0][0] or chosen[0][1]) if chosen else "")
    for name, inner in re.findall(r'<textarea[^>]*name="([^"]+)"[^>]*>(.*?)</textarea>', form, re.DOTALL):
        sent.setdefault(name, []).append(inner)
    sent.pop("csrfmiddlewaretoken", None)
    return sent


def _part(tag, name):
    found = re.search(rf'\b{name}="([^"]*)"', tag)
    return found[1] if found else ""


def send(client, sent, do="check", url=NEW, **change):
    return client.post(url, {**sent, **change, "do": do})


def filled(client, place, **change):
    """A form that can be saved, as it comes back after it was checked."""
    begun = fields(client.get(f"{NEW}?patient={place.patient.uid}"))
    values = {
        "scan": "V101 0.3",
        "places": "ckl .1, ckr .1, chin .1",
        "consent": str(place.consent.uid),
    } | change
    return send(client, begun, **values)


def recall(place):
    place.lots[0].recalled_at = timezone.now()
    write(place.lots[0], by=None, reason="recall")


class TestWhoSeesWhat:
    @pytest.mark.parametrize(
        ("role", "status"),
        [
            ("injector", 200),
            ("director", 200),
            ("officer", 403),
            ("epidemiologist", 403),
            ("inspector", 403),
            ("administrator", 403),
        ],
    )
    def test_only_who_records_gets_the_form(self, place, role, status):
        browser = as_role(place, role)
        assert browser.get(NEW).status_code == status
        assert browser.post(NEW, {"do": "save"}).status_code == (422 if status == 200 else 403)

    @pytest.mark.parametrize(
        ("role", "status", "named"),
        [
            ("director", 200, True),
            ("officer", 200, True),
            ("inspector", 200, False),
            ("epidemiologist", 403, False),
        ],
    )
    def test_a_session_is_seen_with_names_only_by_who_treats_or_answers(
        self, client, place, role, status, named
    ):
        saved = self.saved(client, place)
        page = as_role(place, role).get(reverse("session", args=[saved.uid]))
        assert page.status_code == status
        assert (place.patient.name in page.content.decode()) is named

    def test_another_clinic_sees_nothing(self, client, place, elsewhere):
        saved = self.saved(client, place)
        browser = Client()
        browser.force_login(elsewhere.nurse, backend=BACKEND)
        for name in ("session", "session-correct"):
            assert browser.get(reverse(name, args=[saved.uid])).status_code == 404
        begun = fields(browser.get(f"{NEW}?patient={place.patient.uid}"))
        assert begun["patient"] == [""]
        tried = send(browser, begun, patient=str(place.patient.uid))
        assert place.patient.name not in tried.content.decode()

    def saved(self, client, place):
        send(client, fields(filled(client, place)), "save")
        return Session.objects.get()


class TestWithoutScripts:
    def test_a_session_is_recorded_and_leads_to_its_page(self, client, place):
        looked = filled(client, place)
        done = send(client, fields(looked), "save")
        saved = Session.objects.get()
        assert done.status_code == 302
        assert done.url == reverse("session", args=[saved.uid])
        assert [one.vial for one in saved.components.all()] == [place.vials[0]]
        assert sorted(one.zone for one in saved.points.all()) == ["cheek-left", "cheek-right", "chin"]
        assert saved.sites == ["face"]
        page = client.get(done.url).content.decode()
        for shown in ("V101", "L1", "cheek, left", "Lucía Vega", "not recorded"):
            assert shown in page

    def test_looking_saves_nothing_and_sending_twice_saves_once(self, client, place):
        looked = filled(client, place)
        assert not Session.objects.exists()
        first, second = (send(client, fields(looked), "save") for _time in range(2))
        assert first.url == second.url
        assert Session.objects.count() == 1

    def test_a_patient_is_found_by_key_and_chosen_by_name(self, client, place):
        begun = fields(client.get(NEW))
        assert fields(send(client, begun, find=place.patient.key.lower()))["patient"] == [
            str(place.patient.uid)
        ]
        offered = send(client, begun, find="vega")
        assert fields(offered)["patient"] == [""]
        assert f'value="patient:{place.patient.uid}"' in offered.content.decode()
        chosen = send(client, fields(offered), f"patient:{place.patient.uid}")
        assert fields(chosen)["patient"] == [str(place.patient.uid)]

    def test_nobody_of_that_name_is_said_and_the_name_goes_to_the_new_patient(self, client, place):
        tried = send(client, fields(client.get(NEW)), find="Rosa Gil")
        assert "is nobody known here" in tried.content.decode()
        begun = send(client, fields(tried), "new-patient")
        assert fields(begun)["person_name"] == ["Rosa Gil"]
        done = send(
            client,
            fields(begun),
            "save",
            scan="V101 1",
            person_allergies="latex",
            person_medicines_asked="none",
        )
        assert done.status_code == 302
        made = Patient.objects.get(name="Rosa Gil")
        assert (made.allergies, made.history, made.medicines, made.pregnant) == (["latex"], None, [], None)

    def test_the_list_does_what_the_map_does(self, client, place):
        sent = fields(client.get(NEW))
        sent = fields(
            send(
                client,
                sent,
                "add-point",
                spot="scalp/scalp-crown",
                now_ml="0.2",
                now_depth="intradermal",
                now_mix="b",
            )
        )
        sent = fields(send(client, sent, "add-point", spot="body-back/", across="25", down="60,5"))
        assert list(zip(sent["p_view"], sent["p_zone"], sent["p_x"], sent["p_y"], strict=True)) == [
            ("scalp", "scalp-crown", "", ""),
            ("body-back", "", "0.25", "0.605"),
        ]
        assert (sent["p_ml"], sent["p_mix"], sent["p_depth"]) == (
            ["0.2", "0.2"],
            ["B", "B"],
            ["intradermal", "intradermal"],
        )
        assert fields(send(client, sent, "remove-point-0"))["p_view"] == ["body-back"]
        assert "p_view" not in fields(send(client, sent, "clear-points"))

    def test_a_recipe_fills_products_and_vials(self, client, place):
        sent = fields(send(client, fields(client.get(NEW)), "add-recipe", recipe=str(place.recipe.uid)))
        assert sent["c_source"] == [f"vial:{one.uid}" for one in place.vials]
        assert sent["c_ml"] == ["2", "2", "2"]
        assert len(fields(send(client, sent, "remove-component-1"))["c_source"]) == 2

    def test_all_done_is_one_button_and_an_answer_has_three_values(self, client, place):
        sent = fields(client.get(NEW))
        assert all(sent[f"asepsis_{item}"] == [""] for item in ASEPSIS)
        sent = fields(send(client, sent, "asepsis-all"))
        assert all(sent[f"asepsis_{item}"] == ["yes"] for item in ASEPSIS)
        looked = filled(
            client, place, **{f"asepsis_{item}": "yes" for item in ASEPSIS} | {"asepsis_clean_room": "no"}
        )
        send(client, fields(looked) | {"asepsis_hand_hygiene": ""}, "save")
        asepsis = Session.objects.get().asepsis
        assert (asepsis["clean_room"], asepsis["hand_hygiene"], asepsis["sterile_needle"]) == (
            False,
            None,
            True,
        )

    def test_an_unknown_lot_is_offered_and_taken_in(self, client, place):
        code = f"(01){GTIN}(17)300131(10)NEW7"
        looked = send(client, fields(client.get(NEW)), scan=f"{code} 1.5")
        assert "Take it in" in looked.content.decode()
        sent = fields(send(client, fields(looked), "take-in-0"))
        lot = Lot.objects.get(number="NEW7")
        assert lot.expires == date(2030, 1, 31)
        assert (sent["c_source"], sent["c_ml"], sent["c_code"]) == ([f"lot:{lot.uid}"], ["1.5"], [""])

    def test_same_as_last_time_brings_all_but_cleanliness_and_consent(self, client, place):
        looked = filled(client, place, **{f"asepsis_{item}": "yes" for item in ASEPSIS})
        send(client, fields(looked), "save")
        begun = fields(client.get(f"{NEW}?patient={place.patient.uid}"))
        sent = fields(send(client, begun, "same"))
        assert (sent["c_source"], sent["c_ml"]) == ([f"vial:{place.vials[0].uid}"], ["0.3"])
        assert sent["p_zone"] == ["cheek-left", "cheek-right", "chin"]
        assert sent["consent"] == [""]
        assert sent["asepsis_clean_room"] == [""]
        repeated = fields(send(client, begun, "repeat"))
        assert repeated["p_zone"] == sent["p_zone"]
        assert "c_source" not in repeated

    def test_htmx_gets_the_form_alone_and_is_sent_on_when_saved(self, client, place):
        looked = client.post(NEW, {**fields(client.get(NEW)), "do": "check"}, headers={"HX-Request": "true"})
        assert looked.status_code == 200
        assert looked.content.decode().lstrip().startswith("<form")
        done = client.post(
            NEW, {**fields(filled(client, place)), "do": "save"}, headers={"HX-Request": "true"}
        )
        assert done.headers["HX-Redirect"] == reverse("session", args=[Session.objects.get().uid])


class TestFaults:
    def test_a_refused_form_keeps_everything_and_says_where_to_look(self, client, place):
        begun = fields(client.get(NEW))
        typed = {
            "scan": "V101, nothing like it",
            "places": "cheek 1",
            "note": "<b>said</b>",
            "at": "yesterday",
            "room": "7",
        }
        refused = send(client, begun, "save", **typed)
        assert refused.status_code == 422
        page, sent = refused.content.decode(), fields(refused)
        assert (sent["scan"], sent["places"], sent["room"]) == (["nothing like it"], ["cheek 1"], ["7"])
        assert sent["note"] == ["&lt;b&gt;said&lt;/b&gt;"]
        for link in ("#f-find", "#f-at", "#f-scan", "#f-places"):
            assert f'href="{link}"' in page
        assert "is on both sides" in page
        assert not Session.objects.exists()

    def test_unknown_allergies_are_said_as_unknown(self, client, place):
        place.patient.allergies = None
        write(place.patient, by=None, reason="never asked")
        page = filled(client, place).content.decode()
        assert "not asked" in page
        assert "they are unknown, not absent" in page

    @pytest.mark.parametrize("name", ["note", "room", "device", "find", "scan", "places", "reason"])
    def test_text_is_never_markup(self, client, place, name):
        page = send(client, fields(client.get(NEW)), **{name: "<script>x</script>"}).content.decode()
        assert "<script>x" not in page

    @pytest.mark.parametrize(
        "do", ["check", "save", "same", "take-in-9", "remove-point-99", "add-point", "add-recipe", "zz"]
    )
    def test_nothing_that_is_sent_breaks_the_page(self, client, do):
        for sent in (
            {"version": "x"},
            {"patient": "x"},
            {"c_product": "x"},
            {"p_x": "9", "p_view": "scalp"},
            {"c_source": "vial:x", "c_product": "y"},
            {"p_view": "moon", "p_zone": "crater"},
            {"at": "2026-13-45T99:99"},
            {"new": "1", "person_birth_year": "nan", "person_weight_kg": "inf"},
        ):
            assert client.post(NEW, {**sent, "do": do}).status_code in (200, 422)


class TestBlocks:
    def test_a_block_stops_the_save_until_a_reason_is_given(self, client, place):
        recall(place)
        stopped = send(client, fields(filled(client, place)), "save")
        assert stopped.status_code == 422
        assert "was recalled" in stopped.content.decode()
        assert not Session.objects.exists()
        sent = fields(stopped)
        why = next(name for name in sent if name.startswith("why:lot-recalled"))
        assert send(client, {**sent, why: "short"}, "save").status_code == 422
        done = send(client, {**sent, why: "the maker cleared this vial"}, "save")
        assert done.status_code == 302
        saved = Session.objects.get()
        assert [one["reason"] for one in saved.overrides] == ["the maker cleared this vial"]
        assert "the maker cleared this vial" in client.get(done.url).content.decode()


class TestCorrection:
    @pytest.fixture
    def saved(self, client, place):
        send(client, fields(filled(client, place)), "save")
        return Session.objects.get()

    def test_a_correction_is_a_new_version_with_its_reason(self, client, saved):
        url = reverse("session-correct", args=[saved.uid])
        sent = fields(client.get(url))
        refused = send(client, sent, "save", url, room="4")
        assert "#f-reason" in refused.content.decode()
        assert send(client, fields(refused), "save", url, reason="forgot the room").status_code == 302
        saved.refresh_from_db()
        assert (saved.room, saved.version) == ("4", 2)
        assert "forgot the room" in client.get(reverse("session", args=[saved.uid])).content.decode()

    def test_the_patient_of_a_session_cannot_be_exchanged(self, client, saved, place, elsewhere):
        url = reverse("session-correct", args=[saved.uid])
        sent = fields(client.get(url))
        send(client, sent, "save", url, patient=str(elsewhere.patient.uid), reason="mistaken")
        saved.refresh_from_db()
        assert saved.patient == place.patient

    def test_two_corrections_meet_and_nothing_is_lost(self, client, saved):
        url = reverse("session-correct", args=[saved.uid])
        mine = fields(client.get(url))
        theirs = fields(client.get(url))
        send(client, theirs, "save", url, room="1", reason="room of theirs")
        met = send(client, mine, "save", url, room="2", reason="room of mine")
        page = met.content.decode()
        assert "Somebody else corrected this session" in page
        assert "room of theirs" in page
        assert fields(met)["room"] == ["2"]
        saved.refresh_from_db()
        assert saved.room == "1"
        assert send(client, fields(met), "save", url).status_code == 302
        saved.refresh_from_db()
        assert (saved.room, saved.version) == ("2", 3)


def test_times_are_those_of_the_clinic(client, place):
    place.clinic.time_zone = "America/Bogota"
    write(place.clinic, by=None, reason="moved")
    shown = fields(client.get(NEW))["at"][0]
    behind = timezone.now() - timedelta(hours=5)
    assert abs((timezone.datetime.fromisoformat(shown + "+00:00") - behind).total_seconds()) < 120
