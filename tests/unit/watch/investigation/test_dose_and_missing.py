"""Dose-response, and what the unknown could change."""

from tests.unit.watch.investigation.lists import of, persons, table

from untoward.watch.investigation.dose_response import dose_response
from untoward.watch.investigation.missing_exposure import missing_exposure
from untoward.watch.investigation.people import people_of, strata_by


def dosed(*levels, **options):
    """Levels of (dose, ill, well)."""
    rows = [(n, ill, "y", {"visits": dose}) for dose, a, b in levels for n, ill in ((a, "y"), (b, "n")) if n]
    return dose_response(people_of(persons(*rows))[0], "visits", **options)


class TestDose:
    def test_rising(self):
        found = dosed(("1", 1, 19), ("2", 4, 16), ("10", 12, 8))
        assert [level.level for level in found.levels] == ["1", "2", "10"]
        assert [level.score for level in found.levels] == [1, 2, 10]
        assert found.levels[0].odds_ratio is None
        assert found.levels[2].odds_ratio.value > 10
        assert (found.direction, found.scores) == ("rising", "the numbers themselves")
        assert found.reading.startswith("The share ill rises with visits (p = ")

    def test_falling_and_flat(self):
        assert dosed(("1", 12, 8), ("2", 4, 16)).direction == "falling"
        assert dosed(("1", 5, 5), ("2", 5, 5)).direction == "level"
        assert "No clear trend" in dosed(("1", 5, 5), ("2", 5, 5)).reading

    def test_bands_stand_by_their_first_number(self):
        found = dosed(("10+", 3, 1), ("none", 1, 5), ("1-2", 1, 4), ("3-9", 2, 3))
        assert [level.level for level in found.levels] == ["none", "1-2", "3-9", "10+"]
        assert [level.score for level in found.levels] == [0, 1, 2, 3]

    def test_many_numbers_become_quarters(self):
        found = dosed(*((str(ml), ml % 3, 2) for ml in range(1, 41)))
        assert len(found.levels) == 4
        assert found.levels[0].level.startswith("1 to ")
        assert found.scores == "medians of quarters of the people"
        assert sum(level.cases + level.well for level in found.levels) == sum(
            ml % 3 + 2 for ml in range(1, 41)
        )

    def test_unknown_doses_are_no_zero(self):
        found = dosed(("0", 1, 9), ("1", 4, 6), (None, 7, 0))
        assert found.unknown == 7
        assert [level.level for level in found.levels] == ["0", "1"]

    def test_mantel_keeps_strata_apart(self):
        rows = [
            (n, ill, "y", {"visits": dose, "place": place})
            for place, dose, a, b in (("N", "1", 9, 1), ("N", "2", 9, 1), ("S", "1", 1, 9), ("S", "2", 0, 1))
            for n, ill in ((a, "y"), (b, "n"))
            if n
        ]
        people = people_of(persons(*rows, (2, "y", "y", {"visits": "1", "place": None})))[0]
        found = dose_response(people, "visits", strata_by(people, ["place"]))
        assert found.unknown_stratum == 2
        assert found.by == ("place",)
        assert found.mantel_extension.p > found.cochran_armitage.p

    def test_cases_only(self):
        found = dosed(("1", 3, 0), ("2", 5, 0))
        assert found.only_cases
        assert found.cochran_armitage.p is None
        assert found.levels[1].odds_ratio.value is None
        assert "not in the data" in found.reading

    def test_chosen_controls_have_odds_and_no_rate(self):
        found = dosed(("1", 3, 4), ("2", 5, 2), sampled=True)
        assert found.levels[1].attack_rate.value is None
        assert found.levels[1].odds_ratio.value is not None


class TestMissing:
    def missing(self, a, b, c, d, ill=0, well=0, **options):
        rows = [*table(a, b, c, d), *((n, w, "?", {}) for n, w in ((ill, "y"), (well, "n")) if n)]
        return missing_exposure(*of(persons(*rows)), **options)

    def test_extremes(self):
        found = self.missing(12, 4, 3, 15, ill=4, well=2)
        assert (found.least.a, found.least.b, found.least.c, found.least.d) == (12, 6, 7, 15)
        assert (found.most.a, found.most.b, found.most.c, found.most.d) == (16, 4, 3, 17)
        assert found.least.risk_ratio.value < found.known.risk_ratio.value < found.most.risk_ratio.value
        assert found.allocations == 15

    def test_a_conclusion_that_turns_says_where(self):
        found = self.missing(12, 4, 3, 15, ill=8)
        assert (found.known.conclusion, found.least.conclusion) == ("more illness", "no clear difference")
        assert not found.holds_always
        (line,) = found.turning
        assert line.to_ill == 8
        assert 0 < line.from_ill <= 8
        assert found.same == 8 - line.from_ill + 1
        assert f"holds when {line.from_ill} to 8 of the 8 unknown ill" in found.reading

    def test_a_conclusion_that_holds(self):
        found = self.missing(43, 11, 3, 18, ill=1, well=1)
        assert found.holds_always
        assert found.same == found.allocations == 4
        assert found.reading.startswith("More illness, whatever the 1 ill and 1 well of unknown exposure had")

    def test_three_assumptions_about_the_unknown_well(self):
        found = self.missing(12, 4, 3, 12, ill=2, well=8)
        assert [line.well_exposed for line in found.turning] == [0, 2, 8]

    def test_nothing_missing(self):
        assert "nothing is missing" in self.missing(5, 5, 5, 5).reading

    def test_chosen_controls_go_by_odds(self):
        found = self.missing(12, 4, 3, 15, ill=4, sampled=True)
        assert found.known.risk_ratio.value is None
        assert "odds ratio" in found.reading

    def test_cases_only(self):
        found = self.missing(5, 0, 3, 0, ill=2)
        assert (found.known, found.holds_always, found.unknown_ill) == (None, None, 2)
        assert "not in the data" in found.reason
