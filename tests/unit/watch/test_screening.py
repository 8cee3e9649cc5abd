"""One outcome against every exposure: what is named first, and in which words."""

import polars as pl
import pytest

from untoward.model.tables import Registry
from untoward.watch.outcomes import ANY_REACTION, OutcomeCases
from untoward.watch.screening import CASES_LISTED, screen

SESSIONS = 400
LOT, VIAL = "L12", "V0213"


def planted():
    """400 sessions, 8 per vial, 40 per lot, 2 clinics; all 8 of vial V0213 (one of five of lot L12) are cases, and 2 others.

    Every session has its own patient but the last, who is the patient of the one before.
    """
    number = range(SESSIONS)
    vial = [VIAL if n // 8 == 20 else f"V{n // 8:04d}" for n in number]
    lot = [LOT if n // 40 == 4 else f"L{n // 40}" for n in number]
    sessions = pl.DataFrame(
        {
            "session_id": [f"s{n:03d}" for n in number],
            "patient_id": [f"p{min(n, SESSIONS - 2)}" for n in number],
            "clinic": ["north" if n % 2 else "south" for n in number],
        }
    )
    components = pl.DataFrame(
        {"session_id": sessions["session_id"], "compound": ["procaine"] * SESSIONS, "vial": vial, "lot": lot}
    )
    ill = [*sessions["session_id"].filter(pl.Series(vial) == VIAL), "s010", "s300"]
    return registry(sessions, components), cases_of(ill)


def registry(sessions, components=None):
    none = pl.DataFrame(schema={"session_id": pl.String})
    return Registry(
        sessions=sessions,
        components=none if components is None else components,
        reactions=none,
        observations=pl.DataFrame(),
    )


def cases_of(ill, undetermined=()):
    ill = list(ill)
    reactions = pl.DataFrame(
        {"session_id": ill, "reaction_id": [f"r-{session}" for session in ill]},
        schema={"session_id": pl.String, "reaction_id": pl.String},
    )
    return OutcomeCases(
        outcome=ANY_REACTION,
        reactions=reactions,
        undetermined=pl.Series(list(undetermined), dtype=pl.String),
    )


def clinics(north, south, **others):
    """Sessions of two clinics, `north` and `south` of each."""
    names = [f"n{n}" for n in range(north)] + [f"s{n}" for n in range(south)]
    frame = {"session_id": names, "clinic": ["north"] * north + ["south"] * south}
    return registry(pl.DataFrame(frame | others))


class TestPlantedVial:
    def test_it_is_named_first_with_its_table(self):
        first = screen(*planted()).results[0]
        assert (first.axis, first.value) == ("vial", VIAL)
        assert (first.table.a, first.table.b, first.table.c, first.table.d) == (8, 0, 2, 390)
        assert first.unknown == 0
        assert first.cases == tuple(f"s{n}" for n in range(160, 168))

    def test_the_correction_counts_every_exposure(self):
        found = screen(*planted())
        assert found.tested == 50 + 10 + 2 + 1 + 1  # vials, lots, clinics, the compound, and it as a mix
        first = found.results[0]
        assert first.p_adjusted == pytest.approx(first.p_greater * found.tested, rel=1e-9)

    def test_the_lot_is_explained_by_its_vial(self):
        text = screen(*planted()).reading
        assert text.startswith("Vial V0213: 8 of 8 sessions were cases, 0.2 expected; p = ")
        assert "after correction for 64 exposures tested. An association, not proof of a cause." in text
        assert "without vial V0213, lot L12 shows 0 of 32 (p = 1 before correction): no clear excess" in text

    def test_rates(self):
        found = screen(*planted())
        assert (found.attack_rate.cases, found.attack_rate.n) == (10, 400)
        assert (found.attack_rate_persons.cases, found.attack_rate_persons.n) == (10, 399)

    def test_a_smaller_keep_changes_nothing_but_the_length(self):
        long, short = screen(*planted()), screen(*planted(), keep=3)
        assert short.results == long.results[:3]
        assert (short.tested, short.reading) == (long.tested, long.reading)


def test_exposures_of_exactly_the_same_sessions_are_one_piece_of_evidence():
    reg, cases = planted()
    twin = pl.when(pl.col("vial") == VIAL).then(pl.lit("D7")).otherwise(pl.lit("D1")).alias("diluent")
    found = screen(registry(reg.sessions, reg.components.with_columns(twin)), cases)
    assert (found.results[0].axis, found.results[1].axis) == (
        "vial",
        "diluent",
    )  # the more specific axis first
    assert found.results[0].table == found.results[1].table
    assert "It cannot be told apart from diluent D7: the same 8 sessions." in found.reading
    assert "lot L12 shows 0 of 32" in found.reading  # the twin is not the next exposure


@pytest.mark.parametrize(
    ("patients", "said"),
    [
        (["p"] * 4, "These 4 sessions are of 1 person, which p does not allow for."),
        (["p", "p", "q", "q"], "These 4 sessions are of only 2 persons, which p does not allow for."),
        (["p", "q", "r", "s"], None),
        (["p", "p", None, "q"], None),  # whose one of them was is not known
    ],
)
def test_cases_of_one_person_are_said_to_be(patients, said):
    others = [f"x{n}" for n in range(96)]
    text = screen(clinics(4, 96, patient_id=[*patients, *others]), cases_of(["n0", "n1", "n2", "n3"])).reading
    assert text.startswith("Clinic north: 4 of 4 sessions were cases")
    assert (said in text) if said else ("These" not in text)


def test_a_second_exposure_that_stands_by_itself_is_said_to():
    names = [f"s{n}" for n in range(300)]
    sessions = pl.DataFrame({"session_id": names, "clinic": [f"c{n // 20}" for n in range(300)]})
    ill = [f"s{n}" for n in range(18)] + [f"s{n}" for n in range(20, 32)] + ["s200"]
    text = screen(registry(sessions), cases_of(ill)).reading
    assert text.startswith("Clinic c0: 18 of 20 sessions were cases")
    assert "Next, without clinic c0, clinic c1 still shows 12 of 20" in text
    assert text.endswith("the first alone does not account for it.")


def test_a_second_exposure_wholly_inside_the_first_is_said_to_be():
    names = [f"s{n}" for n in range(300)]
    sessions = pl.DataFrame(
        {
            "session_id": names,
            "clinic": ["A" if n < 30 else "B" for n in range(300)],
            "practitioner": ["P" if n < 12 else f"Q{n // 50}" for n in range(300)],
        }
    )
    text = screen(registry(sessions), cases_of(f"s{n}" for n in range(29))).reading
    assert text.startswith("Clinic A: 29 of 30 sessions were cases")
    assert "Next, practitioner P (12 of 12 sessions): all of them also had clinic A." in text


class TestNothingToSay:
    def test_no_case(self):
        found = screen(clinics(5, 5), cases_of([]))
        assert found.reading == "Not enough data: no case among 10 sessions."
        assert found.results[0].odds_ratio.reason == "not estimable: nobody is ill"
        assert (found.attack_rate.value, found.attack_rate_persons) == (0.0, None)

    def test_every_session_a_case(self):
        found = screen(clinics(1, 2), cases_of(["n0", "s0", "s1"]))
        assert (
            found.reading == "Not enough data: every session is a case, so there is nothing to compare with."
        )
        assert {result.p for result in found.results} == {1.0}

    def test_nothing_stands_out(self):
        found = screen(clinics(10, 10), cases_of(["n0", "n1", "s0"]))
        # Upper tail of the hypergeometric by hand: (C(10,2)*10 + C(10,3)) / C(20,3) = 570/1140; two exposures, 2 * 0.5.
        assert found.results[0].p_greater == pytest.approx(0.5)
        assert found.reading.startswith(
            "No exposure stands out: the smallest corrected p is 1 (clinic north, 2 of 10 sessions), 2 exposures tested"
        )

    def test_no_exposure_recorded(self):
        found = screen(registry(pl.DataFrame({"session_id": ["a", "b"]})), cases_of(["a"]))
        assert (found.tested, found.results) == (0, ())
        assert found.reading == "No exposure is recorded, so none can be compared."
        assert "vial" in found.axes_without_data

    def test_everybody_had_the_same(self):
        found = screen(clinics(6, 0), cases_of(["n0"]))
        assert found.reading.startswith("Nothing to compare:")
        assert found.results[0].risk_ratio.reason == "not estimable: nobody was unexposed"

    def test_no_session(self):
        empty = registry(pl.DataFrame(schema={"session_id": pl.String}))
        found = screen(empty, cases_of([]))
        assert found.attack_rate.value is None
        assert found.reading == "Not enough data: no case among 0 sessions."


def test_undetermined_sessions_are_in_no_count_and_said_to_be_left_out():
    patients = ["p1", "p1", "p2", "p3", "p4", "p5"]
    found = screen(clinics(3, 3, patient_id=patients), cases_of(["n0"], undetermined=["n1", "n2"]))
    assert (found.attack_rate.cases, found.attack_rate.n) == (1, 4)
    # p1 is a case all the same; of p2 nobody can say.
    assert (found.attack_rate_persons.cases, found.attack_rate_persons.n) == (1, 4)
    assert found.reading.endswith("2 sessions left out: the data cannot say whether they are cases.")
    north = next(result for result in found.results if result.value == "north")
    assert (north.table.a, north.table.b, north.table.c, north.table.d) == (1, 0, 0, 3)


def test_ties_are_broken_by_axis_and_value_whatever_the_order_of_rows():
    names = [f"s{n}" for n in range(12)]
    sessions = pl.DataFrame(
        {
            "session_id": names,
            "clinic": [f"c{n % 4}" for n in range(12)],
            "city": [f"t{n % 4}" for n in range(12)],
        }
    )
    cases = cases_of(["s0", "s1", "s2", "s3"])
    order = [(result.axis, result.value) for result in screen(registry(sessions), cases).results]
    assert order == [("clinic", f"c{n}") for n in range(4)] + [("city", f"t{n}") for n in range(4)]
    turned = registry(sessions.reverse())
    assert [(result.axis, result.value) for result in screen(turned, cases).results] == order


def test_a_long_list_of_cases_is_cut_and_the_table_still_says_how_many():
    found = screen(clinics(CASES_LISTED + 100, 10), cases_of(f"n{n}" for n in range(CASES_LISTED + 50)))
    first = found.results[0]
    assert (len(first.cases), first.table.a) == (CASES_LISTED, CASES_LISTED + 50)
