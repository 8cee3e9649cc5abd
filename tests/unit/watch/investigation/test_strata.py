"""Strata: confounding, effect modification, and who is left out."""

import pytest
from tests.unit.watch.investigation.lists import of, persons, table

from untoward.errors import InputError
from untoward.watch.investigation.people import MOST_STRATA, UNKNOWN, numbers_of, people_of, strata_by
from untoward.watch.investigation.stratified import stratify


def stratified(line_list, by="place", **options):
    people, exposure = of(line_list)
    return stratify(people, exposure, strata_by(people, [by]), **options)


def test_a_confounder_is_named():
    """No risk ratio in either place, 2.7 when they are thrown together."""
    found = stratified(persons(*table(40, 40, 5, 5, place="North"), *table(1, 9, 10, 90, place="South")))
    assert found.crude_risk_ratio.value == pytest.approx(41 / 90 / (15 / 110))
    assert found.risk_ratio.value == pytest.approx(1.0)
    assert found.verdict == "confounding"
    assert found.reading.startswith(
        "Confounding by place: crude risk ratio 3.34, adjusted 1.00, a change of 10 % or more"
    )
    assert found.change == pytest.approx(1 / found.crude_risk_ratio.value - 1)


def test_strata_that_differ_are_not_averaged_in_silence():
    found = stratified(persons(*table(30, 10, 10, 30, place="North"), *table(10, 30, 30, 10, place="South")))
    assert found.verdict == "effect modification"
    assert found.tarone.p < 0.001
    assert "Read the strata" in found.reading
    assert [stratum.stratum for stratum in found.strata] == ["North", "South"]


def test_neither():
    found = stratified(persons(*table(20, 10, 10, 20, place="North"), *table(20, 10, 10, 20, place="South")))
    assert found.verdict == "neither"
    assert found.reading.startswith(
        "No confounding by place to speak of: crude risk ratio 2.00, adjusted 2.00"
    )


def test_the_unknown_are_left_out_and_counted():
    rows = [
        *table(3, 2, 1, 4, place="North"),
        (5, "y", "?", {"place": "North"}),
        (2, "n", "y", {"place": None}),
    ]
    found = stratified(persons(*rows, (9, "?", "y", {"place": "North"})))
    assert found.unknown == 7
    (only,) = found.strata
    assert (only.a, only.b, only.c, only.d) == (3, 2, 1, 4)
    assert found.crude_odds_ratio.value == pytest.approx(6.0)
    assert found.breslow_day.p is None
    assert "fewer than two strata" in found.breslow_day.reason


def test_one_sided_strata_cannot_tell():
    found = stratified(persons(*table(3, 2, 0, 0, place="North"), *table(0, 0, 1, 4, place="South")))
    assert found.verdict == "cannot tell"
    assert found.risk_ratio.value is None
    assert found.risk_ratio.reason


def test_cases_only_say_so_everywhere():
    found = stratified(persons((4, "y", "y", {"place": "North"}), (3, "y", "n", {"place": "South"})))
    for name in (
        "crude_risk_ratio",
        "risk_ratio",
        "odds_ratio",
        "odds_ratio_exact",
        "tarone",
        "cochran_mantel_haenszel",
    ):
        assert "not in the data" in getattr(found, name).reason
    assert found.reading == "Cannot tell: the number of people exposed is not in the data."


def test_chosen_controls_have_no_risk():
    found = stratified(
        persons(*table(40, 40, 5, 5, place="N"), *table(1, 9, 10, 90, place="S")), sampled=True
    )
    assert found.risk_ratio.value is None
    assert "controls were chosen" in found.risk_ratio.reason
    assert found.strata[0].attack_rate_exposed.value is None
    assert found.reading.startswith("Confounding by place: crude odds ratio")


class TestGroups:
    def test_numbers_stand_in_order_and_several_columns_are_joined(self):
        rows = [
            (1, "y", "y", {"visits": v, "place": p})
            for v, p in (("10", "N"), ("2", "N"), ("2", None), ("", "N"))
        ]
        people, _kept = people_of(persons(*rows))
        assert strata_by(people, ["visits"]).labels == ("2", "10")
        both = strata_by(people, ["visits", "place"])
        assert both.labels == ("visits 10, place N", "visits 2, place N")
        assert both.codes.tolist() == [0, 1, UNKNOWN, UNKNOWN]

    def test_too_many_groups_are_refused(self):
        people, _kept = people_of(persons(*((1, "y", "y", {"id": f"P{k}"}) for k in range(MOST_STRATA + 1))))
        with pytest.raises(InputError, match="too many groups"):
            strata_by(people, ["id"])

    def test_a_column_there_is_not(self):
        people, _kept = people_of(persons((1, "y", "y", {"place": "N"})))
        with pytest.raises(InputError, match="no such column"):
            strata_by(people, ["planet"])

    @pytest.mark.parametrize(
        ("values", "expected"),
        [
            (("1", "2,5", None), [1, 2.5, None]),
            (("1", "two"), None),
            ((None, None), None),
            (("nan", "1"), None),
            (("inf",), None),
        ],
    )
    def test_numbers(self, values, expected):
        people, _kept = people_of(persons(*((1, "y", "y", {"x": value}) for value in values)))
        found = numbers_of(people, "x")
        assert (None if found is None else found.to_list()) == expected
