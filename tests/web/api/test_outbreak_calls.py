"""Trace, sequential watch, signals and the outbreak workbench over the API: the same numbers as the pages, the same hiding."""

import csv
import io
import json
import re

import pytest
from django.test import Client
from tests.registry.outbreaks.conftest import home, north
from tests.web.api.conftest import BASE

from untoward.registry.models import Clinic, Investigation, Membership, Reaction, User
from untoward.registry.roles import Role
from untoward.registry.writing import write
from untoward.tasks.record import outbreak_desk, watching_record
from untoward.tasks.record.watch_known import FOLDER
from untoward.web import tokens

pytestmark = pytest.mark.django_db
__all__ = ["home", "north"]
SHEET = "key\till\tonset\tage\tremark\tvial\nK0\tyes\t2026-03-24\t41\tAna Ruiz\tVB\next-1\tyes\t2026-03-30\t\t\tVB\n"
NODULES = {"name": "Only nodules", "terms": "nodule", "lesions": "2"}


@pytest.fixture
def sign_in(north):
    def enter(role, clinic=north):
        user = User.objects.create_user(f"{role}-{User.objects.count()}@example.org", "a long enough one")
        write(Membership(user=user, clinic=clinic, role=role), by=None)
        browser = Client()
        browser.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
        return browser

    return enter


@pytest.fixture
def begun(north, sign_in):
    """An outbreak with two pasted rows, one of them somebody of the record."""
    sign_in(Role.DIRECTOR)
    by = User.objects.get()
    made = outbreak_desk.start("Lumps", "Three rang in one week.", north, by)
    outbreak_desk.keep_rows(made, 1, SHEET, "unknown", by)
    return made


def told(answer, status=200):
    assert answer.status_code == status, answer.content
    return answer.json()


def keys_in(text):
    return {f"K{number}" for number in range(8) if re.search(rf"\bK{number}\b", text)}


def trace(browser, **query):
    return browser.get(f"{BASE}/watch/trace", query or {"axis": "lot", "value": "BAD"})


def at(one, rest=""):
    return f"{BASE}/investigations/{one.uid}/outbreak{rest}"


def put(browser, where, document):
    return browser.put(where, json.dumps(document), "application/json")


def post(browser, where, document):
    return browser.post(where, json.dumps(document), "application/json")


class TestTrace:
    def test_a_lot_leads_to_everybody_who_met_it_and_to_what_the_ill_share(self, sign_in):
        found = told(trace(sign_in(Role.DIRECTOR)))
        assert {one["person"] for one in found["people"]} == {"K0", "K1", "K2", "K3"}
        assert (found["found"], found["total"], found["ill"], found["not_asked"]) == (True, 4, 3, 1)
        assert found["people"][0]["asked"] is False
        assert {"axis": "vial", "value": "VB", "ill": 3, "persons": 4} in found["shared"]
        assert ("vial", "VB") in {(one["kind"], one["name"]) for one in found["nodes"]}

    def test_people_come_in_parts(self, sign_in):
        browser = sign_in(Role.DIRECTOR)
        parts = [told(trace(browser, value="BAD", limit=3, offset=offset)) for offset in (0, 3)]
        assert [part["next"] for part in parts] == [3, None]
        assert len({one["person"] for part in parts for one in part["people"]}) == 4

    def test_who_sees_no_patients_gets_pseudonyms_and_mondays(self, sign_in):
        answer = trace(sign_in(Role.EPIDEMIOLOGIST))
        found = told(answer)
        assert not keys_in(answer.content.decode())
        assert (found["identified"], found["weeks"]) == (False, True)
        assert all(one["person"].startswith("P-") for one in found["people"])
        assert told(trace(sign_in(Role.DIRECTOR)))["people"][0]["last_exposed"] not in {
            one["last_exposed"] for one in found["people"]
        }

    def test_a_token_without_the_right_to_see_patients_gets_pseudonyms_too(self, north, sign_in):
        sign_in(Role.DIRECTOR)
        key = tokens.make(User.objects.get(), north, name="t", scopes=["see_line_list"], days=1).key
        answer = Client().get(f"{BASE}/watch/trace?value=BAD", headers={"Authorization": f"Bearer {key}"})
        assert told(answer)["total"] == 4
        assert not keys_in(answer.content.decode())
        case = Reaction.objects.order_by("pk").first().uid
        refused = Client().get(f"{BASE}/watch/trace?case={case}", headers={"Authorization": f"Bearer {key}"})
        assert "see cases" in told(refused, 403)["message"]

    def test_a_case_leads_back_to_its_vial(self, sign_in):
        browser = sign_in(Role.DIRECTOR)
        found = told(trace(browser, case=Reaction.objects.order_by("pk").first().uid))
        assert (found["axis"], found["values"]) == ("vial", ["VB"])
        told(trace(browser, case="00000000-0000-0000-0000-000000000001"), 404)
        told(trace(browser, case="1"), 422)

    def test_a_case_of_another_clinic_is_not_there(self, sign_in):
        case = Reaction.objects.order_by("pk").first().uid
        south = sign_in(Role.DIRECTOR, Clinic.objects.get(name="South"))
        told(trace(south, case=case), 404)
        assert told(trace(south, value="BAD"))["found"] is False

    def test_a_cluster_leads_to_its_cases(self, north, sign_in):
        watching_record.refresh([north])
        look = watching_record.latest(str(north.uid))
        one = {"number": 1, "outcome": "infection", "reactions": [str(r.uid) for r in Reaction.objects.all()]}
        watching_record._write(look.folder / "summary.json", {**look.summary, "clusters": [one]})
        browser = sign_in(Role.OFFICER)
        assert told(trace(browser, cluster=1))["values"] == ["VB"]
        told(trace(browser, cluster=2), 404)

    def test_what_nobody_had_offers_near_names_and_all_that_is_known(self, sign_in):
        browser = sign_in(Role.OFFICER)
        found = told(trace(browser, axis="lot", value="GOD"))
        assert (found["found"], found["people"], found["near"][0]) == (False, [], "GOOD")
        known = told(browser.get(f"{BASE}/watch/trace/values", {"axis": "room"}))
        assert known == {"values": ["Room 2"], "total": 1, "next": None}

    @pytest.mark.parametrize("query", [{"axis": "lot"}, {"value": "BAD", "cluster": 1}])
    def test_it_starts_from_one_kind_of_thing(self, sign_in, query):
        (fault,) = told(trace(sign_in(Role.DIRECTOR), **query), 422)["faults"]
        assert fault["field"] == "value"


class TestWatch:
    def test_streams_and_signals_lead_to_as_many_lines(self, north, sign_in):
        watching_record.refresh([north])
        look = watching_record.latest(str(north.uid))
        uids = [str(one.uid) for one in Reaction.objects.all()]
        point = {"at": "2026-04-03T09:00:00", "log10_e": 1.2, "cases": 3, "expected": 0.1, "lit": True}
        stream = {
            "number": 1, "outcome": "infection", "axis": "vial", "value": "VB", "cases": 3, "share": 1.0, "expected": 0.1,
            "log10_e": 1.2, "highest": 1.2, "needed": 1.0, "level": 0.01, "p": 0.06, "lit": True, "lit_high": False,
            "crossed": point, "history": [point], "reactions": uids,
        }  # fmt: skip
        kept = {**look.summary["sequential"], "states": [stream]}
        watching_record._write(look.folder / "summary.json", {**look.summary, "sequential": kept})
        browser = sign_in(Role.EPIDEMIOLOGIST)
        answer = browser.get(f"{BASE}/watch/sequential")
        (shown,) = told(answer)["streams"]
        assert (shown["crossed"]["day"], shown["cases"], shown["lit"]) == ("2026-04-03", 3, True)
        assert told(browser.get(f"{BASE}/watch/lines", {"stream": 1}))["total"] == 3
        told(browser.get(f"{BASE}/watch/lines", {"stream": 2}), 404)
        whole = browser.get(f"{BASE}/watch")
        for text in (answer.content.decode(), whole.content.decode()):
            assert not [uid for uid in uids if uid in text]

    def test_before_the_first_look_there_is_nothing(self, sign_in):
        for name in ("sequential", "signals"):
            told(sign_in(Role.EPIDEMIOLOGIST).get(f"{BASE}/watch/{name}"), 404)

    def test_outside_reports_stand_beside_their_signal(self, north, sign_in, home):
        (home / FOLDER).mkdir()
        file = home / FOLDER / "faers.csv"
        file.write_text(
            "drug,event,n,ic_low,signal_umc\ndeoxycholic acid,Injection site nodule,12,0.8,true\n"
        )
        watching_record.refresh([north])
        look = watching_record.latest(str(north.uid))
        signal = {
            "outcome": "any reaction", "axis": "compound", "value": "deoxycholic acid", "sessions": 8, "persons": 8,
            "ill": 3, "expected": 0.4, "oe": 7.5, "oe_low": 2.0, "oe_high": float("inf"), "excess_p": 0.001,
            "known_outbreaks": {},
        }  # fmt: skip
        watching_record._write(look.folder / "summary.json", {**look.summary, "signals": [signal]})
        found = told(sign_in(Role.EPIDEMIOLOGIST).get(f"{BASE}/watch/signals"))
        (one,) = found["signals"]
        assert found["files"] == ["faers.csv"]
        assert one["known"][0]["compound"] == "deoxycholic-acid"
        assert one["oe_high"] is None
        assert [pair["reports"] for pair in one["outside"]] == [12]

    def test_a_curve_by_day_is_for_those_who_may_see_days(self, north, sign_in):
        watching_record.refresh([north])
        asked = {"outcome": "any reaction", "width": "day"}
        told(sign_in(Role.DIRECTOR).get(f"{BASE}/watch/curve", asked))
        refused = told(sign_in(Role.EPIDEMIOLOGIST).get(f"{BASE}/watch/curve", asked), 422)
        assert refused["faults"][0]["field"] == "width"


class TestDefinition:
    def test_an_outbreak_begins_with_a_definition_to_begin_from(self, sign_in):
        browser = sign_in(Role.OFFICER)
        made = told(post(browser, f"{BASE}/outbreaks", {"title": "Lumps", "rationale": "Three rang."}), 201)
        found = told(browser.get(at(Investigation.objects.get())))
        assert (found["uid"], found["version"], found["kept"]) == (made["uid"], 1, True)
        assert "nodule" in found["definition"]["terms"]
        refused = told(post(browser, f"{BASE}/outbreaks", {"title": " ", "rationale": "so"}), 422)
        assert refused["faults"][0]["field"] == "title"

    def test_counting_changes_nothing_and_keeping_does(self, begun, sign_in):
        browser = sign_in(Role.DIRECTOR)
        counted = told(post(browser, at(begun, "/count"), NODULES))
        assert [(one["level"], one["number"]) for one in counted["levels"]][:2] == [
            ("probable", 3),
            ("suspect", 0),
        ]
        assert (counted["cases"], Investigation.objects.get().version) == (3, 2)
        kept = told(put(browser, at(begun), {"version": 2, "definition": NODULES}))
        assert (kept["version"], kept["definition"]["name"]) == (3, "Only nodules")
        clash = told(put(browser, at(begun), {"version": 2, "definition": {**NODULES, "name": "Mine"}}), 409)
        assert (clash["theirs_version"], clash["yours"]["definition"]["name"]) == (3, "Mine")

    def test_a_faulty_definition_names_its_field_and_is_not_kept(self, begun, sign_in):
        browser = sign_in(Role.OFFICER)
        wrong = {"terms": "no such thing", "onset_from": "soon"}
        for answer in (
            post(browser, at(begun, "/count"), wrong),
            put(browser, at(begun), {"version": 2, "definition": wrong}),
        ):
            assert told(answer, 422)["faults"][0]["field"] == "onset_from"
        assert Investigation.objects.get().version == 2

    def test_the_definition_goes_to_the_command_line(self, begun, sign_in, tmp_path):
        from untoward.tasks.investigating import load_definition

        file = tmp_path / "definition.json"
        file.write_bytes(sign_in(Role.OFFICER).get(at(begun, "/definition.json")).content)
        assert load_definition(file).definition.name == "Lumps"


class TestRows:
    def test_rows_are_checked_kept_decided_and_taken_out(self, begun, sign_in):
        browser = sign_in(Role.DIRECTOR)
        broken = SHEET + "ext-2\tyes\t2026-99-99\t\t\tVB\n"
        checked = told(post(browser, at(begun, "/rows/check"), {"text": broken}))
        assert (checked["rows"], "2026-99-99" in checked["doubtful"][0]["got"]) == (3, True)
        kept = told(put(browser, at(begun, "/rows"), {"version": 2, "text": SHEET}))
        assert (kept["version"], kept["pasted_rows"], kept["open_rows"]) == (3, 2, 2)
        first, second = told(browser.get(at(begun, "/rows")))["items"]
        assert first["candidates"][0]["person"] == "K0"
        decided = [{"row": 0, "who": first["candidates"][0]["who"]}, {"row": 1, "who": "another"}]
        said = {"version": 3, "decided": decided}
        assert told(put(browser, at(begun, "/rows/decisions"), said))["open_rows"] == 0
        assert [one["decided"] for one in told(browser.get(at(begun, "/rows")))["items"]] == [
            decided[0]["who"],
            "another",
        ]
        told(put(browser, at(begun, "/rows/decisions"), said), 409)
        assert second["row"] == 1
        assert told(post(browser, at(begun, "/rows/drop"), {"version": 4}))["pasted_rows"] == 0

    def test_a_row_is_another_or_a_pseudonym_and_nothing_else(self, begun, sign_in):
        said = {"version": 2, "decided": [{"row": 0, "who": "K0"}]}
        told(put(sign_in(Role.DIRECTOR), at(begun, "/rows/decisions"), said), 422)

    def test_no_table_is_refused(self, begun, sign_in):
        refused = told(put(sign_in(Role.DIRECTOR), at(begun, "/rows"), {"version": 2, "text": " "}), 422)
        assert refused["faults"][0]["field"] == "pasted"

    def test_what_somebody_pasted_is_hidden_from_who_sees_no_patients(self, begun, sign_in):
        answer = sign_in(Role.EPIDEMIOLOGIST).get(at(begun, "/rows"))
        first = told(answer)["items"][0]
        cells = {one["column"]: one["value"] for one in first["cells"]}
        assert (cells["onset"], cells["age"]) == ("2026-03-23", "40-44")
        assert not keys_in(answer.content.decode())
        assert "Ana Ruiz" not in answer.content.decode()
        assert "key" in first["candidates"][0]["agree"]
        assert first["candidates"][0]["who"] == first["candidates"][0]["person"]


class TestAnalysis:
    def test_the_ill_and_what_they_had(self, begun, sign_in):
        browser = sign_in(Role.DIRECTOR)
        found = told(browser.get(at(begun, "/analysis"), {"stratum": "practitioner"}))
        assert (found["cases"], found["n"], found["open"], found["reason"]) == (3, 8, 2, "")
        vial = next(one for one in found["exposures"] if one["exposure"] == "vial VB")
        assert (vial["a"], vial["b"], vial["c"], vial["d"]) == (3, 1, 0, 4)
        assert found["exposure_period"]
        assert sum(sum(one["counts"].values()) for one in found["curve"]) == 3
        assert found["attack_rate"]["value"] == pytest.approx(3 / 8)
        wrong = told(browser.get(at(begun, "/analysis"), {"incubation": "soon"}))
        assert (wrong["n"], wrong["attack_rate"]) == (0, None)
        assert "soon" in wrong["reason"]

    def test_its_files(self, begun, sign_in):
        browser = sign_in(Role.DIRECTOR)
        assert keys_in(browser.get(at(begun, "/report.html")).content.decode()) >= {"K0", "K1", "K2"}
        rows = list(csv.DictReader(io.StringIO(browser.get(at(begun, "/line-list.csv")).content.decode())))
        assert (len(rows), sum(row["ill"] == "yes" for row in rows)) == (8, 3)

    def test_an_epidemiologist_works_without_identities(self, begun, sign_in):
        browser = sign_in(Role.EPIDEMIOLOGIST)
        parts = ("/lines", "/rows", "/analysis", "/report.html", "/line-list.csv", "")
        said = {part: browser.get(at(begun, part)).content.decode() for part in parts}
        assert not any(keys_in(text) for text in said.values())
        lines = json.loads(said["/lines"])
        assert (lines["identified"], lines["weeks"], lines["total"]) == (False, True, 3)
        assert json.loads(said["/analysis"])["exposure_period"] == ""
        assert "2026-03-23" in said["/line-list.csv"]
        assert "2026-03-24" not in said["/line-list.csv"]

    def test_an_investigation_of_another_clinic_is_not_there(self, begun, sign_in):
        south = sign_in(Role.DIRECTOR, Clinic.objects.get(name="South"))
        for part in (
            "",
            "/lines",
            "/rows",
            "/analysis",
            "/report.html",
            "/line-list.csv",
            "/definition.json",
        ):
            told(south.get(at(begun, part)), 404)
        told(post(south, at(begun, "/count"), NODULES), 404)
        told(put(south, at(begun, "/rows"), {"version": 2, "text": SHEET}), 404)
