"""Signal measures against printed figures of other programs and exact arithmetic.

CAERS 2012: public-domain reports, of which `data/` holds counts alone. Figures named openEBGM come from the vignettes
of that R package (0.9.1), those named PhViD, vigipy and pvda from runs of those programs, and those of statins
and rotavirus vaccine from R pvLRT (0.5.1). The file behind the counts can be checked too: set
UNTOWARD_CAERS to a Parquet file with columns id, var1, var2.
"""

import os
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from untoward.kernels import disproportionality as dp
from untoward.kernels.gamma_poisson import (
    Points,
    Prior,
    fit_prior,
    negative_log_likelihood,
    scores,
)
from untoward.kernels.interaction import arms, interaction
from untoward.kernels.likelihood_ratio import log_likelihood_ratio
from untoward.kernels.sequential import poisson_critical_value, poisson_crossing
from untoward.kernels.squashing import joined, unreported
from untoward.watch.signals.counting import count_pairs
from untoward.watch.signals.measures import measure

DATA = Path(__file__).parent / "data"
VIGNETTE = Prior(3.25595263, 0.39998818, 2.02374640, 1.90612996, 0.06530753)
LOWER = Prior(20.957734, 1.657756, 1.738312, 1.564258, 0.034938)
MIXTURE = Prior(45.13557, 3.798972, 1.607475, 1.458010, 0.007200)
BY_SEX = Prior(24.353042, 2.341014, 3.511702, 2.912467, 0.031827)
DUMOUCHEL = Prior(0.2041, 0.05816, 1.415, 1.838, 0.0969)

WEIGHT = (16, 44, 31)  # REUMOFAN PLUS with WEIGHT INCREASED: reports of both, product, event
DISTRESS = (19, 70, 43)  # HYDROXYCUT REGULAR RAPID RELEASE CAPLETS with EMOTIONAL DISTRESS
INJURY = (11, 70, 27)  # the same with INJURY
CHOKING = (54, 64, 842)  # CENTRUM SILVER WOMEN'S 50+ (MULTIMINERALS, MULTIVITAMINS) TABLET with CHOKING
HEART_RATE = (1, 1, 121)  # 1-PHENYLALANINE with HEART RATE INCREASED
ASTHMA = (1, 1, 13)  # 11 UNSPECIFIED VITAMINS with ASTHMA
REPORTS, PAIR_SUM = 3356, 19917


def cells_of(name, total):
    table = pl.read_csv(DATA / name)
    n, n_drug, n_event, pairs = (table[column].to_numpy() for column in ("n", "n_drug", "n_event", "pairs"))
    return n, n_drug, n_event, pairs, Points(n.astype(float), n_drug * n_event / total, pairs.astype(float))


@pytest.fixture(scope="module")
def reports():
    return cells_of("caers_2012_reports.csv", REPORTS)


@pytest.fixture(scope="module")
def pair_sums():
    return cells_of("caers_2012_pair_sums.csv", PAIR_SUM)


def of_pair(pair, total=REPORTS):
    n, n_drug, n_event = pair
    return dp.cells(n, n_drug, n_event, total), dp.expected(n_drug, n_event, total)


# --- EBGM, distinct reports -------------------------------------------------------------------------------------


def test_sum_of_expected(reports):
    points = reports[4]
    assert points.weight.sum() == 17189
    assert points.weight @ points.e == pytest.approx(2086.504, abs=5e-4)


@pytest.mark.parametrize(
    ("pair", "e"),
    [(WEIGHT, 0.40643623), (DISTRESS, 0.89690107), (INJURY, 0.56317044), (CHOKING, 16.05721097),
     (HEART_RATE, 0.0360548272), (ASTHMA, 0.0038736591)],
)  # fmt: skip
def test_expected(pair, e):
    assert of_pair(pair)[1] == pytest.approx(e, rel=2e-8)


def test_ratios_of_a_single_report():
    table, e = of_pair(ASTHMA)
    assert 1 / e == pytest.approx(258.15, abs=5e-3)
    assert dp.proportional_reporting_ratio(table).value == pytest.approx(279.58, abs=5e-3)


@pytest.mark.parametrize(
    ("prior", "truncation", "nll"),
    [
        (Prior(3.25596685, 0.39998994, 2.02376139, 1.90614108, 0.06530755), "component", 4162.456),
        (VIGNETTE, "component", 4162.456),
        (LOWER, "component", 4162.181),
        (MIXTURE, "mixture", 4187.525),
    ],
)
def test_likelihood_of_published_priors(reports, prior, truncation, nll):
    assert negative_log_likelihood(prior, reports[4], truncation) == pytest.approx(nll, abs=6e-4)


def test_fit_finds_the_lower_summit_and_names_the_published_one(reports):
    fit = fit_prior(reports[4])
    assert fit.prior == pytest.approx(LOWER, rel=5e-6)
    assert fit.nll == pytest.approx(4162.181, abs=5e-4)
    assert 4162.456 in fit.others


def test_fit_of_the_other_truncation(reports):
    fit = fit_prior(reports[4], "mixture")
    assert fit.prior == pytest.approx(MIXTURE, rel=1e-4)
    assert fit.nll == pytest.approx(4187.525, abs=6e-4)


def test_standard_errors_at_the_published_summit(reports):
    """openEBGM prints them for its squashed fit, near this one: 2.2875, 0.1439, 0.4514, 0.4327, 0.0358."""
    from untoward.kernels import gamma_poisson
    from untoward.kernels.negative_binomial import Likelihood

    likelihood = Likelihood(reports[4], "component")
    errors = gamma_poisson._errors(likelihood, gamma_poisson._theta(VIGNETTE))
    scale = np.array([*VIGNETTE[:4], VIGNETTE.share * (1 - VIGNETTE.share)])
    assert errors * scale == pytest.approx([2.2875, 0.1439, 0.4514, 0.4327, 0.0358], rel=0.01)


@pytest.mark.parametrize(
    ("prior", "pair", "printed", "abs_"),
    [
        (VIGNETTE, WEIGHT, (23.26091, 15.68590, 33.47638), 0.006),
        (VIGNETTE, DISTRESS, (16.78, 11.65, 23.55), 0.006),
        (VIGNETTE, INJURY, (14.28, 8.98, 21.78), 0.006),
        (VIGNETTE, CHOKING, (3.15526, 2.49658, 3.96448), 0.006),
        (VIGNETTE, HEART_RATE, (2.22690, 0.49087, 13.85859), 0.006),
        (LOWER, WEIGHT, (17.66248, 13.35044, 23.00789), 2e-5),
        (LOWER, DISTRESS, (15.44551, 11.80491, 19.92120), 2e-5),
        (LOWER, INJURY, (14.15245, 10.45540, 18.81468), 2e-5),
        (LOWER, CHOKING, (3.13477, 2.49993, 3.89076), 2e-5),
        (LOWER, HEART_RATE, (2.25887, 0.47808, 14.87255), 2e-5),
        (MIXTURE, WEIGHT, (14.41758, 11.61820, 17.72451), 5e-5),
        (MIXTURE, DISTRESS, (13.54851, 10.97318, 16.57834), 5e-5),
        (MIXTURE, CHOKING, (3.14631, 2.50845, 3.90603), 5e-5),
        (MIXTURE, HEART_RATE, (1.58658, 0.42742, 8.77827), 5e-5),
    ],
)
def test_scores(prior, pair, printed, abs_):
    """The vignette's quantiles carry 0.005 from its bisection; the others were solved."""
    found = scores(pair[0], of_pair(pair)[1], prior)
    assert (found.ebgm[0], found.low[0], found.high[0]) == pytest.approx(printed, abs=abs_)


@pytest.mark.parametrize(
    ("n", "e", "printed"),
    [
        (16, 0.469161281, (14.18206, 10.85442, 18.26887)),
        (19, 1.18318944, (12.15979, 9.39780, 15.52727)),
        (54, 21.81620272, (2.30552, 1.84529, 2.85207)),
    ],
)
def test_scores_with_expected_counts_summed_over_sex(n, e, printed):
    found = scores(n, e, BY_SEX)
    assert (found.ebgm[0], found.low[0], found.high[0]) == pytest.approx(printed, abs=0.006)


def test_counts_and_quartiles_of_the_published_fit(reports):
    n, *_margins, pairs, points = reports
    found = scores(n, points.e, VIGNETTE)
    assert pairs[found.low >= 2].sum() == 131
    assert pairs[np.round(found.ebgm, 2) > 3].sum() == 556  # openEBGM rounds first
    everything = np.repeat(found.ebgm, pairs)
    assert np.quantile(everything, (0, 0.25, 0.5, 0.75, 1)) == pytest.approx(
        (0.20, 2.01, 2.39, 2.58, 23.26), abs=0.006
    )
    squashed_twice = Prior(3.25374319, 0.39988512, 2.02611022, 1.90806892, 0.06534614)
    assert scores(1, of_pair(HEART_RATE)[1], squashed_twice).q[0] == pytest.approx(0.2819737, abs=2e-6)


@pytest.mark.parametrize(
    ("n", "e", "printed"),
    [
        (1, 0.1, (0.142847, 1.248542, 0.287883, 8.178965)),
        (1, 1.0, (0.040728, 0.683325, 0.183060, 1.953185)),
        (3, 0.5, (0.244877, 2.179425, 0.747274, 8.064427)),
        (10, 1.0, (0.961142, 8.870120, 4.605089, 15.007304)),
        (0, 2.0, (0.128060, 0.139576, 0.002842, 0.950690)),
    ],
)
def test_scores_at_the_prior_of_dumouchel_1999(n, e, printed):
    found = scores(n, e, DUMOUCHEL)
    assert tuple(float(part[0]) for part in found) == pytest.approx(printed, abs=6e-7)


# --- EBGM, sums of pair counts ----------------------------------------------------------------------------------


def test_pair_sums_component(pair_sums):
    fit = fit_prior(pair_sums[4], "component")
    assert fit.prior == pytest.approx((2.968102, 0.625061, 10.462064, 14.508033, 0.148861), rel=3e-6)
    assert fit.nll == pytest.approx(4419.316, abs=5e-4)
    phvid = Prior(2.96802189, 0.62503913, 10.45976163, 14.50486959, 0.14885727)
    assert negative_log_likelihood(phvid, pair_sums[4], "component") == pytest.approx(4419.316, abs=5e-4)


def test_pair_sums_mixture_beats_the_fit_of_vigipy(pair_sums):
    vigipy = Prior(0.58010, 0.027755, 0.36142, 0.77780, 0.00037256)
    assert negative_log_likelihood(vigipy, pair_sums[4], "mixture") == pytest.approx(4458.075, abs=6e-4)
    fit = fit_prior(pair_sums[4], "mixture")
    assert fit.nll == pytest.approx(4456.826, abs=5e-4)
    assert 4481.16 in fit.others
    assert fit.prior == pytest.approx((5.4719, 0.11357, 0.35041, 0.76601, 0.000134), rel=3e-3)


def test_pair_sums_top_pair_at_the_fit_of_vigipy():
    e = 210 * 53 / PAIR_SUM
    found = scores(16, e, Prior(0.58010, 0.027755, 0.36142, 0.77780, 0.00037256))
    assert e == pytest.approx(0.55882, abs=6e-6)
    assert (found.ebgm[0], found.low[0], found.high[0]) == pytest.approx((27.229, 17.504, 40.532), abs=1e-3)


def test_whole_table_of_pair_sums_beats_the_fit_of_phvid(pair_sums):
    """Every cell, those without a report too; the 2,874 products and 1,328 events are the margins of the pairs."""
    n, n_drug, n_event, pairs, points = pair_sums
    drugs, events = _margins(n, n_drug, pairs, 2874), _margins(n, n_event, pairs, 1328)
    reported = (np.repeat(n_drug, pairs), np.repeat(n_event, pairs))
    everything = joined(points, unreported(drugs, events, PAIR_SUM, reported))
    assert everything.weight.sum() == 2874 * 1328
    phvid = Prior(0.01927579, 0.02028031, 1.01517622, 1.01534925, 0.01965082)
    assert fit_prior(everything, "full").nll < negative_log_likelihood(phvid, everything, "full") - 1


def _margins(n, margin, pairs, how_many):
    """The margins of pair sums: a name with margin m has pairs whose counts add up to m."""
    sums = np.bincount(margin, n * pairs)
    values = np.flatnonzero(sums)
    margins = np.repeat(values, (sums[values] / values).astype(int))
    assert len(margins) == how_many
    return margins


# --- frequentist and IC -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cells", "ic", "prr", "ror"),
    [
        (
            (*WEIGHT, REPORTS),
            (3.393189, 4.186117, 4.806350),
            (80.290909, 42.398998, 152.046754),
            (125.600000, 56.628745, 278.575132),
        ),
        (
            (*DISTRESS, REPORTS),
            (3.081802, 3.803172, 4.378734),
            (37.163095, 21.369541, 64.629168),
            (50.635621, 26.108955, 98.202554),
        ),
        (
            (88, 151, 368, 1000),
            (0.341177, 0.658500, 0.943996),
            (1.767077, 1.497466, 2.085230),
            (2.838549, 1.992917, 4.042998),
        ),
    ],
)
def test_pvda(cells, ic, prr, ror):
    table = dp.cells(*cells)
    found = dp.information_component(cells[0], dp.expected(*cells[1:]))
    assert (found.low, found.value, found.high) == pytest.approx(ic, abs=6e-7)
    assert dp.proportional_reporting_ratio(table) == pytest.approx(prr, abs=6e-7)
    assert dp.reporting_odds_ratio(table) == pytest.approx(ror, abs=6e-7)


def test_pvda_counts(reports):
    n, n_drug, n_event, pairs, points = reports
    table = dp.cells(n, n_drug, n_event, REPORTS)
    ratio = dp.proportional_reporting_ratio(table)
    three = n >= 3
    assert pairs[dp.information_component(n, points.e).low > 0].sum() == 257
    assert pairs[three & (ratio.low > 1)].sum() == 354
    assert pairs[three & (dp.reporting_odds_ratio(table).low > 1)].sum() == 312
    assert pairs[three & (ratio.value >= 2)].sum() == 378


def test_pvda_scalars():
    prr = dp.proportional_reporting_ratio(dp.cells(10, 1000, 210, 11000))
    assert prr == pytest.approx((0.5, 0.2658261858, 0.9404641581), abs=1e-10)
    ror = dp.reporting_odds_ratio(dp.Cells(*(np.array(float(x)) for x in (10, 20, 200, 10000))))
    assert ror == pytest.approx((25, 11.55349926, 54.09616482), abs=1e-8)
    ic = dp.information_component(10, 5)
    assert ic == pytest.approx((0.9328858041, -0.09725664177, 1.689456777), abs=1e-9)
    assert dp.information_component(1, 1).value == 0
    assert dp.information_component(1, 1).low == pytest.approx(-3.797227, abs=6e-7)


@pytest.mark.parametrize(
    ("cells", "prr", "ror", "chi2", "ic"),
    [
        (
            (41, 14, 754, 591958),
            (585.9945, 494.3281, 694.6591),
            (2299.193, 1248.158, 4235.270),
            (22739.50, 22187.27),
            (6.17651, 5.70093, 6.58401),
        ),
        (
            (122, 1320, 381, 31341),
            (7.044175, 5.784965, 8.577477),
            (7.602804, 6.155362, 9.390613),
            (486.6292, 481.7814),
            (2.453088, 2.185608, 2.697591),
        ),
    ],
)
def test_worked_tables(cells, prr, ror, chi2, ic):
    """Rifabutin and uveitis (cells as of Evans 2001); the example of the R package faers."""
    a, b, c, d = (np.array(float(x)) for x in cells)
    table = dp.Cells(a, b, c, d)
    assert dp.proportional_reporting_ratio(table) == pytest.approx(prr, rel=1e-6)
    assert dp.reporting_odds_ratio(table) == pytest.approx(ror, rel=1e-6)
    assert (dp.chi_square(table), dp.chi_square(table, yates=True)) == pytest.approx(chi2, abs=6e-3)
    e = dp.expected(a + b, a + c, a + b + c + d)
    assert dp.information_component(a, e) == pytest.approx(ic, abs=6e-6)


def test_expected_of_the_tutorial_table():
    """17 reports: product A with event 1 in 5 of its 9 reports, and so on; PRR as printed to two digits."""
    rows = {  # product and event: n, product, event, and printed E and PRR
        "A1": (5, 9, 9, 4.7647059, 1.11), "A2": (4, 9, 8, 4.2352941, 0.89), "B1": (3, 7, 9, 3.7058824, 0.71),
        "B2": (4, 7, 8, 3.2941176, 1.43), "C1": (1, 1, 9, 0.5294118, 2.00),
    }  # fmt: skip
    for n, n_drug, n_event, e, prr in rows.values():
        table = dp.cells(n, n_drug, n_event, 17)
        assert dp.expected(n_drug, n_event, 17) == pytest.approx(e, abs=6e-8)
        assert dp.proportional_reporting_ratio(table).value == pytest.approx(prr, abs=6e-3)


def test_unsafe_default_of_other_programs_is_not_repeated():
    """FISH OIL with CHOKING, margins of pair sums: PRR 0.50, one-sided p above 0.97, called a signal elsewhere."""
    table = dp.cells(8, 291, 1083, PAIR_SUM)
    assert dp.proportional_reporting_ratio(table) == pytest.approx((0.50, 0.25, 0.996), abs=5e-3)
    assert dp.fisher_upper(table, mid_p=True) > 0.97


# --- interaction, sequential, likelihood ratio ------------------------------------------------------------------


def test_omega():
    found = interaction(arms((20, 30, 50, 1000), (100, 1000, 2000, 99000)))
    assert found.expected == pytest.approx(4.431034, abs=6e-7)
    assert (found.omega.value, found.omega.low) == pytest.approx((2.055662, 1.354293), abs=6e-7)
    normal = found.omega.value - 1.959963984540054 / (np.log(2) * np.sqrt(20))
    assert normal == pytest.approx(1.423384, abs=6e-7)


def test_three_way_ic_of_vigicaen():
    e = 41 * 2 * 26 * 750 / (25 * 140 * 58)
    found = dp.information_component(18, e)
    assert e == pytest.approx(7.876847, abs=6e-7)
    assert (found.value, found.low) == pytest.approx((1.143046, 0.399934), abs=6e-7)


@pytest.mark.parametrize(
    ("horizon", "values"),
    [
        (1, (2.853937, 4.670428, 7.172614)),
        (2, (3.046977, 4.862223, 7.341453)),
        (10, (3.467952, 5.260513, 7.724863)),
        (50, (3.819903, 5.605972, 8.067072)),
        (200, (4.074828, 5.862113, 8.322983)),
        pytest.param(1000, (4.324917, 6.114225, 8.577253), marks=pytest.mark.slow),
    ],
)
def test_maxsprt_critical_values(horizon, values):
    found = [poisson_critical_value(horizon, alpha) for alpha in (0.05, 0.01, 0.001)]
    assert found == pytest.approx(values, abs=2e-6)


def test_maxsprt_least_count_and_group_looks():
    assert poisson_critical_value(20, least_count=4) == pytest.approx(3.176370, abs=1e-6)
    # printed for a test that rejects above the value; ours rejects at it, so it is the next value that can be reached
    looks = list(range(1, 11))
    ours = poisson_critical_value(10, looks=looks)
    assert ours > 2.545177
    assert poisson_crossing(ours, 10, looks=looks) == pytest.approx(
        poisson_crossing(2.545179, 10, looks=looks)
    )
    assert poisson_crossing(ours, 10, looks=looks) == pytest.approx(0.044, abs=5e-4)


STATINS = 63_976_610
ATORVASTATIN, ROSUVASTATIN, SIMVASTATIN = 197_390, 122_450, 85_445
MYALGIA, RHABDOMYOLYSIS = 156_585, 36_319


@pytest.mark.parametrize(
    ("n", "event", "drug", "poisson", "conditional"),
    [
        (5362, MYALGIA, ATORVASTATIN, 8026.5382, 8087.4872),
        (3216, MYALGIA, SIMVASTATIN, 5782.2624, 5835.9341),
        (2041, RHABDOMYOLYSIS, ATORVASTATIN, 3994.4269, 4003.8882),
        (2757, MYALGIA, ROSUVASTATIN, 3660.7985, 3685.6827),
        (1376, RHABDOMYOLYSIS, SIMVASTATIN, 3275.5562, None),
    ],
)
def test_likelihood_ratio_of_statins(n, event, drug, poisson, conditional):
    e = event * drug / STATINS
    assert log_likelihood_ratio(n, e) == pytest.approx(poisson, abs=6e-5)
    if conditional is not None:
        found = log_likelihood_ratio(n, e, np.float64(drug), "conditional")
        assert found == pytest.approx(conditional, abs=6e-5)


@pytest.mark.parametrize(
    ("n", "others", "printed"),
    [(135, 697, 154.3210), (91, 214, 153.8848), (134, 1210, 99.1954), (34, 76, 58.6106)],
)
def test_likelihood_ratio_of_rotavirus_vaccine(n, others, printed):
    """Diarrhoea, gastrointestinal haemorrhage, vomiting, intussusception; 1,478 mentions with the vaccine of 67,914."""
    assert log_likelihood_ratio(n, (n + others) * 1478 / 67914) == pytest.approx(printed, abs=6e-5)


# --- the file itself --------------------------------------------------------------------------------------------


def test_caers_from_its_file():
    path = os.environ.get("UNTOWARD_CAERS", "")
    if not Path(path).is_file():
        pytest.skip("UNTOWARD_CAERS names no file")
    rows = pl.read_parquet(path).rename({"id": "report_id", "var1": "drug", "var2": "event"})
    counts = count_pairs(rows, rows)
    assert (len(counts), counts.n_total, len(counts.drugs), len(counts.events)) == (
        17189,
        REPORTS,
        2874,
        1328,
    )
    table = measure(counts).table
    top = table.filter(drug="REUMOFAN PLUS", event="WEIGHT INCREASED").row(0, named=True)
    assert (top["n"], top["n_drug"], top["n_event"]) == WEIGHT
    assert top["ebgm"] == pytest.approx(17.66247, abs=1e-5)
    assert table["signal_umc"].sum() == 257
    trap = table.filter(drug="FISH OIL", event="CHOKING")
    assert not any(trap[name].item() for name in table.columns if name.startswith("signal_"))
    sums = count_pairs(rows, rows, margins="pair_sum")
    assert sums.n_total == PAIR_SUM
    trap = measure(sums).table.filter(drug="FISH OIL", event="CHOKING")
    assert not any(trap[name].item() for name in table.columns if name.startswith("signal_"))
