"""Regression and matched sets: when each method is used, and what is said when none can be."""

import pytest
from tests.unit.watch.investigation.lists import of, persons, table

from untoward.errors import InputError, MissingExtra
from untoward.watch.investigation import models_extra, regression
from untoward.watch.investigation.covariates import covariates
from untoward.watch.investigation.matched import match
from untoward.watch.investigation.regression import adjust

pytest.importorskip("statsmodels")


def adjusted(line_list, *columns):
    people, exposure = of(line_list)
    return adjust(people, exposure, covariates(people, columns), columns)


def matched(line_list, *columns):
    people, exposure = of(line_list)
    others = covariates(people, columns) if columns else None
    return match(people, exposure, "set", others, columns)


def pairs(**counted):
    """Pairs by who was exposed."""
    shapes = {"both": "yy", "case": "yn", "control": "ny", "neither": "nn"}
    rows, at = [], 0
    for name, n in counted.items():
        for _ in range(n):
            at += 1
            case, control = shapes[name]
            rows += [(1, "y", case, {"set": f"S{at}"}), (1, "n", control, {"set": f"S{at}"})]
    return rows


class TestAdjusted:
    def test_without_confounding_it_is_the_crude_one(self):
        rows = [*table(20, 10, 10, 20, place="North"), *table(20, 10, 10, 20, place="South")]
        found = adjusted(persons(*rows), "place")
        assert found.odds_ratio.value == pytest.approx(4.0, rel=1e-6)
        assert found.crude_odds_ratio.value == pytest.approx(4.0)
        assert (found.n, found.cases, found.unknown, found.separated) == (120, 60, 0, False)
        assert [term.term for term in found.terms] == ["place South (against North)"]
        assert found.odds_ratio.method.endswith("Wald interval")

    def test_separated_data_get_firths_penalty_and_say_so(self):
        found = adjusted(persons(*table(9, 3, 0, 8, place="N"), *table(6, 2, 0, 7, place="S")), "place")
        assert found.separated
        assert "Firth" in found.odds_ratio.method
        assert found.crude_odds_ratio.value is None
        assert 1 < found.odds_ratio.low < found.odds_ratio.value < found.odds_ratio.high
        assert "Firth's penalty was used" in found.reading
        assert "smaller group" in found.reading

    def test_a_search_that_does_not_settle_is_no_separation(self, monkeypatch):
        fit_logistic = regression.fit_logistic
        monkeypatch.setattr(
            regression, "fit_logistic", lambda *data: fit_logistic(*data)._replace(converged=False)
        )
        found = adjusted(persons(*table(9, 3, 4, 8, place="N"), *table(6, 3, 2, 7, place="S")), "place")
        assert not found.separated
        assert "Maximum likelihood did not settle" in found.reading
        assert found.odds_ratio.low is not None

    def test_a_covariate_that_says_who_was_exposed(self):
        rows = [(n, ill, had, {"twin": had}) for n, ill, had, _more in table(9, 3, 4, 8)]
        found = adjusted(persons(*rows), "twin")
        assert found.odds_ratio.value is None
        assert "already say who was exposed" in found.odds_ratio.reason

    def test_a_covariate_that_says_the_same_as_another_is_dropped(self):
        rows = [*table(9, 3, 4, 8, place="N", town="a"), *table(6, 3, 2, 7, place="S", town="b")]
        found = adjusted(persons(*rows), "place", "town")
        assert found.dropped == ("town b (against a)",)
        assert found.odds_ratio.value is not None

    def test_the_unknown_are_left_out(self):
        rows = [
            *table(9, 3, 4, 8, place="N"),
            *table(6, 3, 2, 7, place="S"),
            (5, "y", "?", {"place": "N"}),
            (4, "n", "y", {"place": None}),
        ]
        found = adjusted(persons(*rows), "place")
        assert (found.n, found.unknown) == (42, 9)

    def test_numbers_are_taken_per_unit(self):
        rows = [
            (1, "y" if age % 3 else "n", "y" if age % 2 else "n", {"age": str(age)}) for age in range(20, 60)
        ]
        found = adjusted(persons(*rows), "age")
        assert [term.term for term in found.terms] == ["age, per 1"]

    @pytest.mark.parametrize(
        ("rows", "reason"),
        [
            ([(4, "y", "y", {"place": "N"}), (3, "y", "n", {"place": "N"})], "not in the data"),
            ([(4, "n", "y", {"place": "N"}), (3, "n", "n", {"place": "N"})], "nobody is ill"),
            ([(4, "n", "y", {"place": "N"}), (3, "y", "y", {"place": "N"})], "nobody was unexposed"),
        ],
    )
    def test_nothing_to_fit(self, rows, reason):
        found = adjusted(persons(*rows), "place")
        assert found.odds_ratio.value is None
        assert reason in found.odds_ratio.reason
        assert found.reading.startswith("No adjusted odds ratio")

    def test_too_many_terms_are_refused(self):
        with pytest.raises(InputError, match="too many terms"):
            adjusted(persons(*((1, "y", "y", {"id": f"P{k}"}) for k in range(70))), "id")

    def test_without_statsmodels_it_is_said_what_to_install(self, monkeypatch):
        monkeypatch.setattr(models_extra, "find_spec", lambda name: None)
        with pytest.raises(MissingExtra, match=r"untoward\[models\]"):
            adjusted(persons(*table(9, 3, 4, 8, place="N"), *table(6, 3, 2, 7, place="S")), "place")


class TestMatched:
    def test_pairs_go_by_the_discordant_ones(self):
        found = matched(persons(*pairs(both=5, case=12, control=3, neither=7)))
        assert found.odds_ratio.value == pytest.approx(4.0)
        assert (found.sets, found.informative) == (27, 15)
        assert (found.pairs.case_only, found.pairs.control_only) == (12, 3)
        assert found.pairs.mcnemar.statistic == pytest.approx(81 / 15)
        # Binomial tail by hand: 2 (1 + 15 + 105 + 455) / 2^15.
        assert found.pairs.mcnemar_exact.p == pytest.approx(2 * 576 / 2**15)
        assert found.p == pytest.approx(found.pairs.mcnemar_exact.p)
        assert "12" in found.reading

    def test_one_case_with_several_controls_has_no_pairs(self):
        rows = [
            (n, ill, had, {"set": f"S{k}"})
            for k in range(4)
            for n, ill, had in ((1, "y", "y" if k else "n"), (1, "n", "y" if k == 1 else "n"), (1, "n", "n"))
        ]
        found = matched(persons(*rows))
        assert found.pairs is None
        assert sum(pattern.sets for pattern in found.patterns) == 4
        assert found.odds_ratio.reason.startswith("infinite, lower limit only: in no set")

    def test_sets_without_a_control_say_nothing(self):
        rows = [
            *pairs(case=3, control=1),
            (1, "y", "y", {"set": "alone"}),
            (1, "n", "y", {"set": None}),
            (1, "n", "?", {"set": "S1"}),
        ]
        found = matched(persons(*rows))
        assert (found.sets, found.unknown) == (4, 2)

    def test_no_set_at_all(self):
        found = matched(persons((1, "y", "y", {"set": "a"}), (1, "n", "n", {"set": "b"})))
        assert found.p is None
        assert "no set has a case and a control" in found.odds_ratio.reason

    def test_cases_only(self):
        found = matched(persons((1, "y", "y", {"set": "a"})))
        assert found.reading == "No comparison: the list holds no controls."

    def test_adjusted_by_an_innocent_covariate_it_stays(self):
        rows = [
            (n, ill, had, {**more, "sex": sex}) for sex in "FM" for n, ill, had, more in
            [(n, ill, had, {"set": more["set"] + sex}) for n, ill, had, more in pairs(case=12, control=3)]
        ]  # fmt: skip
        mixed = [
            (n, ill, had, {**more, "sex": "F" if k % 3 else "M"})
            for k, (n, ill, had, more) in enumerate(rows)
        ]
        found = matched(persons(*mixed), "sex")
        assert found.odds_ratio_adjusted.value == pytest.approx(found.odds_ratio.value, rel=0.25)
        assert found.adjusted_for == ("sex",)
        assert found.p_adjusted < 0.05

    def test_adjusted_where_sets_are_parted_has_no_finite_answer(self):
        found = matched(
            persons(
                *((n, ill, had, {**more, "mark": ill}) for n, ill, had, more in pairs(case=5, control=2))
            ),
            "mark",
        )
        assert found.odds_ratio_adjusted.value is None
        assert "part cases from controls" in found.odds_ratio_adjusted.reason

    def test_the_covariate_repeats_the_exposure(self):
        found = matched(
            persons(
                *((n, ill, had, {**more, "twin": had}) for n, ill, had, more in pairs(case=5, control=2))
            ),
            "twin",
        )
        assert "say who was exposed" in found.odds_ratio_adjusted.reason
