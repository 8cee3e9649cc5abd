"""The analyses of an outbreak against published tables and other programs.

Who printed what:

* Oswego 1940 (CDC case study 401-303): R epitools 0.5.10.1 and R's fisher.test for the vanilla ice cream; statsmodels'
  Table2x2 for all fourteen foods.
* Adrenal cortex extract (Galil and others, Emerging Infectious Diseases 1999;5:681): counts printed there, ratios by R.
* Penicillin and rabbits (Agresti 1990, pages 231-237): R's mantelhaen.test, as the tests of the R package tidystats
  record it, and the tests of statsmodels.
* Berkeley admissions 1973: R's mantelhaen.test as printed in the vignette of the R package vcdExtra; the help page of
  mantelhaen.test for Woolf's test.
* Infertility in matched sets (Trichopoulos and others, Br J Obstet Gynaecol 1976;83:645; R's infert): clogit of the R
  package survival and glm, as printed in their summaries.
* Urinary infection (Heinze and Schemper, Stat Med 2002;21:2409; sex2 of the R package logistf): logistf with profile
  limits of 90 %, as printed by its summary.
* Smokers among lung cancer patients (R's prop.trend.test), and tumours by dose (R's coin and DescTools).

R's root searches stop at 1.22e-4 on the odds ratio or its reciprocal; solved quantities are compared to that.
"""

from math import exp, log
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from scipy.stats import fisher_exact

from untoward.kernels import mantel_haenszel
from untoward.kernels.logistic import firth_profile, is_separated
from untoward.kernels.stratified import (
    chi_square_p,
    cochran_mantel_haenszel,
    common_cell,
    exact_odds_ratio,
    exact_p,
    log_odds_ratios,
    strata_of,
    woolf_homogeneity,
)
from untoward.kernels.trend import cochran_armitage, mantel_extension
from untoward.kernels.two_by_two import Table, fisher_exact_greater, fisher_exact_two_sided, risk_ratio
from untoward.model.tables import LineList
from untoward.watch.investigation.models_extra import fit_conditional, fit_logistic
from untoward.watch.investigation.times import incubation_of
from untoward.watch.outbreak import Questions, outbreak

HERE = Path(__file__).parent
OSWEGO = HERE.parents[1] / "examples" / "oswego-1940" / "line-list.csv"
FOODS = (
    "baked_ham", "spinach", "mashed_potato", "cabbage_salad", "jello", "rolls", "brown_bread", "milk", "coffee", "water",
    "cakes", "vanilla_ice_cream", "chocolate_ice_cream", "fruit_salad",
)  # fmt: skip
R_TOLERANCE = 1.22e-4

RABBITS = [Table(0, 6, 0, 5), Table(3, 3, 0, 6), Table(6, 0, 2, 4), Table(5, 1, 6, 0), Table(2, 0, 5, 0)]
BERKELEY = [  # men and women, admitted and rejected, departments A to F
    Table(512, 313, 89, 19), Table(353, 207, 17, 8), Table(120, 205, 202, 391), Table(138, 279, 131, 244),
    Table(53, 138, 94, 299), Table(22, 351, 24, 317),
]  # fmt: skip


def near_r(estimate, printed):
    found = [min(x, 1 / x) for x in (estimate.value, estimate.low, estimate.high)]
    return found == pytest.approx([min(x, 1 / x) for x in printed], abs=R_TOLERANCE)


def limits(estimate):
    return estimate.value, estimate.low, estimate.high


@pytest.fixture(scope="module")
def oswego():
    text = pl.read_csv(OSWEGO, infer_schema=False)
    yes_no = [
        pl.col(name).replace_strict({"yes": True, "no": False}, default=None) for name in ("ill", *FOODS)
    ]
    instant = pl.col("onset").str.to_datetime("%Y-%m-%dT%H:%M", strict=False, time_unit="us")
    frame = text.with_columns(
        pl.col("count").cast(pl.Int64), *yes_no, instant.alias("onset_from"), instant.alias("onset_to")
    )
    return LineList(frame=frame, exposures=FOODS)


@pytest.fixture(scope="module")
def foods(oswego):
    return {row.exposure: row for row in outbreak(oswego).exposures}


class TestOswego:
    def test_vanilla_ice_cream_in_every_measure_that_r_prints(self, foods):
        row = foods["vanilla_ice_cream"]
        assert limits(row.risk_ratio) == pytest.approx((5.574074, 1.938340, 16.029337), abs=6e-7)
        assert limits(row.odds_ratio_wald) == pytest.approx((23.454545, 5.841191, 94.178692), abs=6e-7)
        assert near_r(row.odds_ratio, (22.156061, 5.216064, 138.865034))
        assert near_r(row.odds_ratio_mid_p, (21.407186, 5.927963, 109.438402))
        assert (row.p, row.p_mid) == pytest.approx((2.5975e-7, 2.6982e-7), abs=6e-12)
        assert row.chi_square.statistic == pytest.approx(27.222549, abs=6e-7)
        assert row.chi_square_yates.statistic == pytest.approx(24.536950, abs=6e-7)

    def test_its_conditional_odds_ratio_is_sharper_than_the_one_r_prints(self, foods):
        """The estimate solves its equation to 1e-9; R's 22.156061 leaves 43.0003 expected where 43 were seen."""
        row = foods["vanilla_ice_cream"]
        cell = common_cell([Table(43, 11, 3, 18)]).distribution
        assert row.odds_ratio.value == pytest.approx(22.149, abs=5e-4)
        assert cell.mean(log(row.odds_ratio.value)) == pytest.approx(43, abs=1e-9)
        assert abs(cell.mean(log(22.156061)) - 43) > 1e-4

    @pytest.mark.parametrize("food", FOODS)
    def test_all_fourteen_foods_against_statsmodels_and_scipy(self, foods, food):
        tables = pytest.importorskip("statsmodels.stats.contingency_tables")
        row = foods[food]
        cells = [[row.a, row.b], [row.c, row.d]]
        theirs = tables.Table2x2(np.array(cells), shift_zeros=False)
        risk = (theirs.riskratio, *theirs.riskratio_confint())
        odds = (theirs.oddsratio, *theirs.oddsratio_confint())
        assert limits(row.risk_ratio) == pytest.approx(risk, abs=1e-6)
        assert limits(row.odds_ratio_wald) == pytest.approx(odds, abs=1e-6)
        assert row.p == pytest.approx(fisher_exact(cells).pvalue, abs=1e-6)

    def test_what_goes_with_the_ice_cream(self, foods):
        """By hand: 1 - 1 / 5.574074 = 0.820598; (46/75 - 3/21) / (46/75) = 0.767081; 43/54 - 3/21 = 0.653439."""
        row = foods["vanilla_ice_cream"]
        assert row.attributable_fraction_exposed.value == pytest.approx(0.820598, abs=6e-7)
        assert row.attributable_fraction_population.value == pytest.approx(0.767081, abs=6e-7)
        assert row.risk_difference.value == pytest.approx(0.653439, abs=6e-7)

    def test_an_incubation_of_one_to_six_hours_does_not_explain_all_onsets(self, oswego):
        """One man fell ill at 15:00, before the supper, and one person at 10:30 the next day."""
        found = outbreak(oswego, questions=Questions(incubation=incubation_of("1-6h"))).exposure_period
        assert (found.earliest_onset, found.latest_onset) == ("1940-04-18T15:00", "1940-04-19T10:30")
        assert (found.overlap, found.common) == (False, None)


@pytest.mark.parametrize(
    ("table", "odds", "conditional", "low", "high", "p"),
    [
        (Table(86, 36, 1, 6), 14.3333, 14.0370, 1.615588, 664.292, 0.00483606),
        (Table(82, 29, 4, 13), 9.189655, None, 2.524464, 41.022856, 9.7526e-5),
        (Table(81, 35, 6, 7), 2.7, None, 0.713190, 10.406301, None),
    ],
    ids=["intramuscular", "gluteal", "women"],
)
def test_adrenal_cortex_extract(table, odds, conditional, low, high, p):
    cell = common_cell([table])
    found = exact_odds_ratio(cell)
    assert table.a * table.d / (table.b * table.c) == pytest.approx(odds, abs=5e-5)
    assert near_r(found, (conditional or found.value, low, high))
    if p is not None:
        assert exact_p(cell) == pytest.approx(p, rel=5e-5)


class TestWherePrintedNumbersDisagree:
    def test_denver_1996_is_a_share_of_69_and_not_a_ratio(self):
        """MMWR 1996;45(33) prints 47 of 69 as 68 %: nobody unexposed was counted, so no ratio can be had."""
        assert round(100 * 47 / 69) == 68
        assert risk_ratio(Table(47, 22, 0, 0)).value is None

    def test_twice_the_one_sided_p_is_not_fishers_two_sided_p(self):
        """Papers print both under the name of Fisher. On Galil's table of route they differ by a half."""
        table = Table(86, 36, 1, 6)
        assert fisher_exact_two_sided(table) == pytest.approx(0.00483606, abs=5e-9)
        assert 2 * fisher_exact_greater(table) / fisher_exact_two_sided(table) > 1.5

    def test_an_interval_of_the_odds_ratio_is_not_one_of_the_risk_ratio(self):
        """Gluteal injection: the exact interval of the odds ratio reaches 41; the risk ratio's does not reach 8."""
        table = Table(82, 29, 4, 13)
        assert exact_odds_ratio(common_cell([table])).high == pytest.approx(41.0, abs=0.1)
        assert risk_ratio(table).high < 8

    def test_a_risk_ratio_that_its_own_counts_do_not_give(self):
        """Surgery in Paraguay: 5 of 11 in January against 5 of 97 give 8.8, where 6.5 was printed."""
        table = Table(5, 6, 5, 92)
        assert risk_ratio(table).value == pytest.approx(8.818, abs=5e-4)
        assert table.a * table.d / (table.b * table.c) == pytest.approx(15.333, abs=5e-4)


class TestStrata:
    def test_rabbits(self):
        found = mantel_haenszel.reporting_odds_ratio(strata_of(RABBITS))
        assert [float(x) for x in found] == pytest.approx([7, 1.026713, 47.725133], abs=6e-7)
        corrected = cochran_mantel_haenszel(RABBITS, corrected=True)
        assert (corrected.value, corrected.p) == pytest.approx((3.928571, 0.04747226), abs=6e-7)

    def test_rabbits_exactly(self):
        cell = common_cell(RABBITS)
        assert cell.observed == 16
        assert 1 / exact_odds_ratio(cell).value == pytest.approx(1 / 10.36102, abs=R_TOLERANCE)
        assert exact_p(cell) == pytest.approx(0.0399449, abs=6e-8)

    def test_berkeley(self):
        found = mantel_haenszel.reporting_odds_ratio(strata_of(BERKELEY))
        assert [float(x) for x in found] == pytest.approx([0.9046968, 0.7719074, 1.0603298], abs=6e-8)
        corrected = cochran_mantel_haenszel(BERKELEY, corrected=True)
        assert (corrected.value, corrected.p) == pytest.approx((1.4269, 0.2323), abs=6e-5)

    def test_berkeley_departments_differ(self):
        """The help page's woolf() adds a half to every cell and prints p = 0.003."""
        halved = [[x + 0.5 for x in (t.a, t.b, t.c, t.d)] for t in BERKELEY]
        ratios = [log(a * d / (b * c)) for a, b, c, d in halved]
        variances = [sum(1 / x for x in cells) for cells in halved]
        assert woolf_homogeneity(ratios, variances).p == pytest.approx(0.003, abs=5e-4)
        # Without empty cells nothing is added here, and the verdict is the same.
        assert woolf_homogeneity(*log_odds_ratios(BERKELEY)).p < 0.005

    def test_breslow_and_day_with_and_without_tarone(self):
        """DescTools' BreslowDayTest, as recorded in the tests of statsmodels."""
        tables = [(20, 14, 10, 24), (15, 12, 3, 15), (3, 2, 3, 2), (12, 3, 7, 5), (1, 0, 3, 2)]
        strata = strata_of([Table(*cells) for cells in tables])
        common = mantel_haenszel.reporting_odds_ratio(strata)
        assert [float(x) for x in common] == pytest.approx([3.5912, 1.781135, 7.240633], rel=2e-5)
        found = mantel_haenszel.heterogeneity(strata, common.value)
        assert (float(found.breslow_day), float(found.tarone)) == pytest.approx((1.8438, 1.8436), abs=6e-5)
        assert chi_square_p(float(found.breslow_day), 4) == pytest.approx(0.7645, abs=6e-5)


def infertility():
    return pl.read_csv(HERE / "data" / "infertility_sets.csv")


class TestRegression:
    def test_matched_sets(self):
        pytest.importorskip("statsmodels")
        women = infertility()
        design = women.select("spontaneous", "induced").to_numpy().astype(float)
        ill = women["case"].to_numpy().astype(float)
        found = fit_conditional(design, ill, women["stratum"].to_numpy())
        assert found.coefficients == pytest.approx([1.9859, 1.4090], abs=6e-5)
        assert found.errors == pytest.approx([0.3524, 0.3607], abs=6e-5)
        ends = [
            exp(b + side * 1.959964 * s)
            for b, s in zip(found.coefficients, found.errors, strict=True)
            for side in (-1, 1)
        ]
        assert ends == pytest.approx([3.651, 14.536, 2.018, 8.298], abs=6e-4)

    def test_the_same_women_unmatched(self):
        pytest.importorskip("statsmodels")
        women = infertility()
        terms = [
            pl.lit(1.0).alias("one"), "age", "parity", pl.col("education") == "6-11", pl.col("education") == "12+",
            "spontaneous", "induced",
        ]  # fmt: skip
        columns = [women.select(term).to_series().cast(pl.Float64) for term in terms]
        design = np.column_stack([np.broadcast_to(c.to_numpy(), women.height) for c in columns])
        ill = women["case"].to_numpy().astype(float)
        found = fit_logistic(design, ill, np.ones_like(ill))
        assert found.converged
        assert found.coefficients[3:] == pytest.approx([-1.04424, -1.40321, 2.04591, 1.28876], abs=6e-6)
        # R's errors are those of its last step but one.
        assert found.errors[3:] == pytest.approx([0.79255, 0.83416, 0.31016, 0.30146], abs=2e-5)

    def test_firth_where_every_diaphragm_user_was_a_case(self):
        data = pl.read_csv(HERE / "data" / "urinary_infection_patterns.csv")
        names = ["age", "oc", "vic", "vicl", "vis", "dia"]
        design = np.column_stack([np.ones(data.height), data.select(names).to_numpy()]).astype(float)
        cases, women = data["cases"].to_numpy(), data["women"].to_numpy()
        assert is_separated(design, cases, women)
        printed = {
            1: (-1.10598131, -1.8277045, -0.4328451, 6.143472e-03),
            3: (2.26887464, 1.4248338, 3.2325326, 1.678877e-06),
            6: (3.09601166, 1.0835108, 6.8752016, 4.951873e-03),
        }
        for column, (value, low, high, p) in printed.items():
            found = firth_profile(design, cases, women, column, level=0.9)
            assert (found.value, found.low, found.high) == pytest.approx((value, low, high), abs=2e-6)
            assert found.p == pytest.approx(p, rel=1e-5)


class TestTrend:
    def test_smokers(self):
        found = cochran_armitage([83, 90, 129, 70], [86, 93, 136, 82], [1, 2, 3, 4])
        assert (found.chi_square, found.p) == pytest.approx((8.2249, 0.004132), abs=6e-5)
        assert found.z < 0

    def test_tumours_by_dose_in_a_small_table(self):
        found = cochran_armitage([0, 1, 0, 3], [10, 10, 10, 10], [0, 1, 2, 3])
        assert (found.z, found.p) == pytest.approx((1.8856, 0.05935), abs=6e-5)

    def test_lung_tumours_of_mice(self):
        """coin's independence_test, whose variance is Mantel's: 10.6381, p 0.001108."""
        found = mantel_extension([[2, 7, 15]], [[40, 50, 48]], [0, 1, 2])
        assert (found.chi_square, found.p) == pytest.approx((10.6381, 0.001108), abs=6e-5)
