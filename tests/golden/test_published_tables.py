"""2x2 statistics against published outbreaks and other programs.

Oswego: church supper of 18 April 1940 at Oswego, New York, 75 people, 46 ill; counts from Gross (Public
Health Reports 1976) as used in the epidemiology exercise of the US Centers for Disease Control. Adrenal
cortex extract: abscesses after contaminated injections, counts from Galil and others (Emerging Infectious
Diseases 1999;5:681).

Figures named R were printed by R epitools (0.5.10.1) or by R's ``fisher.test``, which epitools calls. Those
root searches stop at 1.22e-4 (R's default tolerance) on the odds ratio or, above 1, its reciprocal. So R's
figures for solved quantities are compared to that tolerance and no closer; scipy's, which are sharper, to
1e-6, and tests/generative solves the defining equations in rational arithmetic.
"""

import pytest
from scipy.stats import contingency

from untoward.kernels.two_by_two import (
    Table,
    chi_square,
    chi_square_yates,
    fisher_exact_greater,
    fisher_exact_two_sided,
    mid_p_two_sided,
    odds_ratio_conditional,
    odds_ratio_mid_p,
    odds_ratio_woolf,
    risk_difference_newcombe,
    risk_difference_wald,
    risk_ratio,
)

VANILLA = Table(43, 11, 3, 18)  # Oswego: vanilla ice cream, 43 of 54 who ate it and 3 of 21 who did not
CHOCOLATE = Table(25, 22, 20, 7)  # Oswego: chocolate ice cream, 25 of 47 and 20 of 27
INTRAMUSCULAR = Table(86, 36, 1, 6)  # Galil: intramuscular against intravenous; 87 with abscess, 42 without
GLUTEAL = Table(82, 29, 4, 13)  # Galil: gluteal against other sites
FEMALE = Table(81, 35, 6, 7)  # Galil: women against men

R_TOLERANCE = 1.22e-4


def limits(estimate):
    return estimate.value, estimate.low, estimate.high


def agrees_with_r(estimate, printed):
    small = [min(x, 1 / x) for x in limits(estimate)]
    return small == pytest.approx([min(x, 1 / x) for x in printed], abs=R_TOLERANCE)


@pytest.mark.parametrize(
    ("table", "printed"),
    [(VANILLA, (5.574074, 1.938340, 16.029337)), (CHOCOLATE, (0.718085, 0.506590, 1.017877))],
)
def test_risk_ratio(table, printed):
    assert limits(risk_ratio(table)) == pytest.approx(printed, abs=6e-7)  # R epitools, riskratio.wald


def test_woolf_odds_ratio():
    # R epitools, oddsratio.wald; the plain odds ratios of Galil's tables follow from the counts.
    assert limits(odds_ratio_woolf(VANILLA)) == pytest.approx((23.454545, 5.841191, 94.178692), abs=6e-7)
    assert odds_ratio_woolf(INTRAMUSCULAR).value == pytest.approx(14.3333, abs=5e-5)
    assert odds_ratio_woolf(GLUTEAL).value == pytest.approx(9.189655, abs=5e-7)
    assert odds_ratio_woolf(FEMALE).value == pytest.approx(2.7, rel=1e-12)


def test_conditional_odds_ratio_against_r():
    assert agrees_with_r(odds_ratio_conditional(VANILLA), (22.156061, 5.216064, 138.865034))
    assert agrees_with_r(odds_ratio_conditional(INTRAMUSCULAR), (14.0370, 1.615588, 664.292))


@pytest.mark.parametrize(
    ("table", "low", "high"), [(GLUTEAL, 2.524464, 41.022856), (FEMALE, 0.713190, 10.406301)]
)
def test_exact_limits_against_r(table, low, high):
    estimate = odds_ratio_conditional(table)
    assert agrees_with_r(estimate, (estimate.value, low, high))


@pytest.mark.parametrize("table", [VANILLA, CHOCOLATE, INTRAMUSCULAR, GLUTEAL, FEMALE])
def test_conditional_odds_ratio_against_scipy(table):
    reference = contingency.odds_ratio([[table.a, table.b], [table.c, table.d]], kind="conditional")
    interval = reference.confidence_interval(0.95)
    expected = reference.statistic, interval.low, interval.high
    assert limits(odds_ratio_conditional(table)) == pytest.approx(expected, rel=1e-6)


def test_mid_p_odds_ratio_against_epitools():
    assert agrees_with_r(odds_ratio_mid_p(VANILLA), (21.407186, 5.927963, 109.438402))  # oddsratio.midp


@pytest.mark.parametrize(
    ("table", "p"),
    [
        (VANILLA, 2.5975e-7),
        (CHOCOLATE, 0.089069),
        (INTRAMUSCULAR, 0.00483606),
        (GLUTEAL, 9.7526e-5),
    ],
)
def test_fisher_two_sided_against_r(table, p):
    assert fisher_exact_two_sided(table) == pytest.approx(p, rel=2.5e-5)


def test_fisher_one_sided_agrees_where_no_table_of_the_other_tail_is_as_improbable():
    assert fisher_exact_greater(VANILLA) == pytest.approx(2.5975e-7, rel=2.5e-5)


def test_mid_p_against_epitools():
    assert mid_p_two_sided(VANILLA) == pytest.approx(2.6982e-7, rel=2.5e-5)


def test_chi_square_against_r():
    assert chi_square(VANILLA).value == pytest.approx(27.222549, abs=6e-7)
    assert chi_square_yates(VANILLA).value == pytest.approx(24.536950, abs=6e-7)


@pytest.mark.parametrize(
    ("table", "wald", "hybrid"),
    [
        (Table(56, 14, 48, 32), (0.0575, 0.3425), (0.0524, 0.3339)),
        (Table(9, 1, 3, 7), (0.2605, 0.9395), (0.1705, 0.8090)),
        (Table(5, 51, 0, 29), (0.0146, 0.1640), (-0.0381, 0.1926)),
        (Table(0, 10, 0, 20), None, (-0.1611, 0.2775)),
    ],
)
def test_risk_differences_of_newcombe(table, wald, hybrid):
    # Newcombe, Stat Med 1998;17:873, Table II, rows a, b, d, e; methods 1 (Wald) and 10 (hybrid).
    newcombe, simple = risk_difference_newcombe(table), risk_difference_wald(table)
    assert (newcombe.low, newcombe.high) == pytest.approx(hybrid, abs=6e-5)
    if wald:
        assert (simple.low, simple.high) == pytest.approx(wald, abs=6e-5)
