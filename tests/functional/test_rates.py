"""`untoward rates` as people use it."""

import json
from importlib import resources

import jsonschema_rs
import polars as pl
import pytest

from untoward.report.rates_funnel import funnel_chart, funnel_description, funnel_table
from untoward.tasks.rates import rates


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Lots BAD and GOOD, 300 persons each, with 24 and 1 infections after 30 days, and a lot of the last day on record."""
    where = tmp_path_factory.mktemp("registry")
    lots = ["BAD"] * 300 + ["GOOD"] * 300 + ["NEW"] * 60
    dates = ["2025-03-01"] * 300 + ["2025-03-02"] * 300 + ["2025-12-30"] * 60
    ids = [f"S{at:03}" for at in range(660)]
    pl.DataFrame(
        {
            "session_id": ids,
            "patient_id": [f"P{at:03}" for at in range(660)],
            "date": dates,
            "practitioner": [f"nurse {at % 6}" for at in range(660)],
        }
    ).write_csv(where / "sessions.csv")
    pl.DataFrame({"session_id": ids, "compound": "procaine", "lot": lots}).write_csv(where / "components.csv")
    ill = [*range(24), 300]
    pl.DataFrame(
        {
            "reaction_id": [f"R{at}" for at in ill],
            "session_id": [ids[at] for at in ill],
            "term": "abscess",
            "onset_day": 30,
        }
    ).write_csv(where / "reactions.csv")
    pl.DataFrame({"reaction_id": [f"R{at}" for at in ill], "day": 40}).write_csv(where / "observations.csv")
    return where


def faults(document):
    schema = json.loads(
        (resources.files("untoward.report") / "schema/rates.json").read_text(encoding="utf-8")
    )
    return [error.message for error in jsonschema_rs.validator_for(schema).iter_errors(document)]


class TestJson:
    @pytest.fixture
    def document(self, untoward, folder):
        ran = untoward("rates", folder, "--json")
        assert ran.code == 0, ran.err
        return ran.document

    def test_its_schema_takes_it(self, document):
        assert faults(document) == []

    def test_the_worst_lot_comes_first(self, document):
        (infection,) = document["outcomes"]
        assert infection["outcome"] == "infection"
        assert (infection["sessions"], infection["persons"], infection["cases"]) == (660, 660, 25)
        first = infection["exposures"][0]
        assert (first["axis"], first["value"], first["cases"], first["sessions"]) == ("lot", "BAD", 24, 300)
        assert first["position"] == "above 99.8 %"
        assert first["expected"] == pytest.approx(12.5, abs=0.05)
        assert first["persons_with_case"]["value"] == 0.08

    def test_the_lot_of_yesterday_is_neither_safe_nor_alarming(self, document):
        (infection,) = document["outcomes"]
        assert "NEW" not in [row["value"] for row in infection["exposures"]]
        (lot,) = [axis for axis in infection["axes"] if axis["axis"] == "lot"]
        assert lot["reasons"] == {"the risk of its sessions has mostly not passed yet": 1}

    def test_earlier_only_what_was_known(self, untoward, folder):
        """The first abscesses were seen on day 40, 10 April: on the 9th nobody knew of one."""
        before = untoward("rates", folder, "--as-of", "2025-04-09", "--json").document["outcomes"][0]
        after = untoward("rates", folder, "--as-of", "2025-04-10", "--json").document["outcomes"][0]
        assert (before["cases"], after["cases"]) == (0, 24)
        assert before["sessions"] == after["sessions"] == 600


class TestPrinted:
    def test_eighty_columns(self, untoward, folder, monkeypatch):
        monkeypatch.setenv("COLUMNS", "80")
        ran = untoward("rates", folder)
        assert ran.code == 0
        assert max(map(len, ran.out.splitlines())) <= 80
        assert "Lot BAD" in ran.out
        assert "24/300" in ran.out
        assert "mostly not passed yet" in " ".join(ran.out.split())
        assert "not recorded for any session: vial" in ran.out
        assert "registry's own 25 cases" in ran.out

    @pytest.mark.parametrize("rule", ["overlap", "fractional", "last"])
    def test_every_rule_says_what_it_does(self, untoward, folder, rule):
        ran = untoward("rates", folder, "--rule", rule, "--by", "lot")
        assert ran.code == 0
        assert "A person's case" in ran.out

    def test_pairs(self, untoward, folder):
        ran = untoward("rates", folder, "--pair", "lot", "practitioner", "--rows", "40")
        assert "BAD × nurse 3" in ran.out

    def test_no_case(self, untoward, folder):
        ran = untoward("rates", folder, "--outcome", "allergy")
        assert ran.code == 0
        assert "nothing to compare" in ran.out


class TestRefused:
    @pytest.mark.parametrize(
        ("options", "words"),
        [
            (("--outcome", "influenza"), "There is no outcome 'influenza'. Outcomes are infection"),
            (("--by", "moon"), "no kind of exposure 'moon'"),
            (("--pair", "lot", "lot"), "two different"),
            (("--as-of", "yesterday"), "--as-of"),
        ],
    )
    def test_options(self, untoward, folder, options, words):
        ran = untoward("rates", folder, *options)
        assert ran.code == 2
        assert words in ran.err
        assert ran.out == ""

    def test_a_line_list_has_no_sessions(self, untoward, examples):
        ran = untoward("rates", examples / "oswego-1940")
        assert ran.code == 2
        assert "untoward outbreak" in ran.err

    def test_faults_stop_it_unless_rows_may_be_left_out(self, untoward, folder, tmp_path):
        for file in folder.iterdir():
            (tmp_path / file.name).write_bytes(file.read_bytes())
        reactions = tmp_path / "reactions.csv"
        reactions.write_text(reactions.read_text() + "R999,S999,abscess,30\n")
        assert untoward("rates", tmp_path, "--json").code == 2
        ran = untoward("rates", tmp_path, "--json", "--keep-good-rows")
        assert ran.code == 0
        assert ran.document["rows_left_out"] == 1


class TestFunnel:
    def test_a_drawing_in_two_widths_with_its_table(self, folder):
        (infection,) = rates(folder, by=("practitioner", "lot")).outcomes
        drawn = funnel_chart(infection, "practitioner", funnel_description(infection, "practitioner"))
        assert drawn is not None
        assert "<svg" in drawn.wide
        assert "Cases expected by now" in drawn.narrow
        assert "6 values of practitioner" in drawn.description
        assert len(funnel_table(infection, "practitioner").rows) == 6
        assert {row[0].text for row in funnel_table(infection, "lot").rows} == {"BAD", "GOOD", "NEW"}

    def test_values_above_the_limits_are_named(self, folder):
        (infection,) = rates(folder, by=("lot",)).outcomes
        assert "BAD" in funnel_chart(infection, "lot", "").wide

    def test_nothing_expected_is_no_picture(self, folder):
        (allergy,) = rates(folder, outcomes=("allergy",), by=("lot",)).outcomes
        assert funnel_chart(allergy, "lot", "") is None
