"""One 2x2 table of exposure and illness: ratios, differences, tests.

Convention, here and everywhere in the package::

                 ill   well
    exposed       a     b
    unexposed     c     d

Every measure is returned with its method and its level. What a table cannot answer is ``None``, together
with a ``reason`` fit to be shown to a reader; ``None`` never stands for zero. A ratio that is infinite is
``None`` too, since infinity has no place in JSON: its ``low`` is given where the method has one, and the
reason starts with "infinite". ``low`` given and ``high`` ``None`` means that there is no upper limit.

The screening of many exposures and the adjustment for many questions live in ``screening`` and
``multiplicity``; their functions can be imported from here as well.
"""

from collections.abc import Callable
from dataclasses import dataclass, fields
from math import exp, log, sqrt
from operator import index

from scipy import special

from untoward.kernels.conditional import FirstCell
from untoward.kernels.intervals import tail_area, wilson
from untoward.kernels.multiplicity import benjamini_hochberg, holm
from untoward.kernels.screening import fisher_greater_many, fisher_greater_many_log

__all__ = [
    "ChiSquare",
    "Difference",
    "Estimate",
    "Ratio",
    "Table",
    "benjamini_hochberg",
    "chi_square",
    "chi_square_yates",
    "fisher_exact_greater",
    "fisher_exact_two_sided",
    "fisher_greater_many",
    "fisher_greater_many_log",
    "holm",
    "mid_p_two_sided",
    "odds_ratio_conditional",
    "odds_ratio_mid_p",
    "odds_ratio_woolf",
    "risk_difference_newcombe",
    "risk_difference_wald",
    "risk_ratio",
]

_NOBODY_EXPOSED = "not estimable: nobody was exposed"
_EVERYBODY_EXPOSED = "not estimable: nobody was unexposed"
_NOBODY_ILL = "not estimable: nobody is ill"
_EVERYBODY_ILL = "not estimable: everybody is ill"


@dataclass(frozen=True, slots=True)
class Table:
    """Counts of people by exposure and illness.

    Attributes
    ----------
    a, b
        Exposed and ill, exposed and well.
    c, d
        Unexposed and ill, unexposed and well.

    Any whole numbers, numpy's included, of 0 or more; else ``ValueError`` naming every faulty cell.
    """

    a: int
    b: int
    c: int
    d: int

    def __post_init__(self) -> None:
        faults = []
        for field in fields(self):
            try:
                # Python integers, because products of numpy's fixed-width ones overflow in silence.
                count = index(getattr(self, field.name))
            except TypeError:
                count = -1
            if count < 0:
                faults.append(f"{field.name} = {getattr(self, field.name)!r}")
            object.__setattr__(self, field.name, count)
        if faults:
            raise ValueError(f"2x2 table: got {', '.join(faults)}, expected whole numbers, 0 or more")

    @property
    def exposed(self) -> int:
        """Number exposed, a + b."""
        return self.a + self.b

    @property
    def unexposed(self) -> int:
        """Number unexposed, c + d."""
        return self.c + self.d

    @property
    def ill(self) -> int:
        """Number ill, a + c."""
        return self.a + self.c

    @property
    def well(self) -> int:
        """Number well, b + d."""
        return self.b + self.d

    @property
    def total(self) -> int:
        """Number in the table."""
        return self.exposed + self.unexposed


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """A value with its two-sided interval at ``level`` (0.95 for 95 %); see the module about ``None``."""

    value: float | None
    low: float | None
    high: float | None
    method: str
    level: float
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ratio(Estimate):
    """A risk ratio or an odds ratio, exposed over unexposed; 1 is no association."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference(Estimate):
    """A risk difference, exposed minus unexposed, from -1 to 1; 0 is no association."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChiSquare:
    """A chi-square statistic with one degree of freedom and its two-sided p; ``None`` with a reason."""

    value: float | None
    p: float | None
    method: str
    reason: str | None = None


def risk_ratio(table: Table, level: float = 0.95) -> Ratio:
    """Risk among the exposed over risk among the unexposed, with Katz's log (Taylor series) interval.

    Edge cases, in this order:

    * no exposed, no unexposed or nobody ill: value, low and high ``None``;
    * no exposed case: value 0.0; the log of zero has no standard error, so low and high are ``None``;
    * no unexposed case: infinite, so all three are ``None``;
    * everybody ill: value 1.0, low and high ``None``, for the formula would claim an interval of no width.

    Where limits are ``None`` for want of a case, :func:`odds_ratio_conditional` still has one.
    Katz and others, Biometrics 1978;34:469.
    """
    z, method = _z(level), "Katz log"
    reason = _no_comparison(table) or (_NOBODY_ILL if table.ill == 0 else None)
    if reason:
        return _no_ratio(method, level, reason)
    if table.c == 0:
        return _no_ratio(method, level, "infinite: no case among the unexposed")
    value = (table.a / table.exposed) / (table.c / table.unexposed)
    if table.a == 0 or table.well == 0:
        reason = "no interval: no case among the exposed" if table.a == 0 else "no interval: everybody is ill"
        return Ratio(value=value, low=None, high=None, method=method, level=level, reason=reason)
    variance = table.b / (table.a * table.exposed) + table.d / (table.c * table.unexposed)
    return _log_normal_ratio(value, z * sqrt(variance), method, level)


def risk_difference_wald(table: Table, level: float = 0.95) -> Difference:
    """Risk among the exposed minus risk among the unexposed, with the Wald interval, cut to -1 and 1.

    Too narrow for small tables; when both risks are 0 or 1 the formula has no width and low and high are
    ``None``. Prefer :func:`risk_difference_newcombe`; this one is for comparison with other programs.
    """
    z, method = _z(level), "Wald"
    reason = _no_comparison(table)
    if reason:
        return _no_difference(method, level, reason)
    value = table.a / table.exposed - table.c / table.unexposed
    variance = table.a * table.b / table.exposed**3 + table.c * table.d / table.unexposed**3
    if variance == 0:
        reason = "no interval: both risks are 0 or 1, so the method sees no spread"
        return Difference(value=value, low=None, high=None, method=method, level=level, reason=reason)
    reach = z * sqrt(variance)
    low, high = max(value - reach, -1.0), min(value + reach, 1.0)
    return Difference(value=value, low=low, high=high, method=method, level=level)


def risk_difference_newcombe(table: Table, level: float = 0.95) -> Difference:
    """Risk among the exposed minus risk among the unexposed, with Newcombe's hybrid score interval.

    Combines the two groups' Wilson limits; holds up with small groups and zero cells. All ``None`` when one
    group is empty. Newcombe, Stat Med 1998;17:873, method 10.
    """
    tail_area(level)
    method = "Newcombe hybrid score"
    reason = _no_comparison(table)
    if reason:
        return _no_difference(method, level, reason)
    exposed, unexposed = table.a / table.exposed, table.c / table.unexposed
    low_exposed, high_exposed = wilson(table.a, table.exposed, level)
    low_unexposed, high_unexposed = wilson(table.c, table.unexposed, level)
    value = exposed - unexposed
    low = value - sqrt((exposed - low_exposed) ** 2 + (high_unexposed - unexposed) ** 2)
    high = value + sqrt((high_exposed - exposed) ** 2 + (unexposed - low_unexposed) ** 2)
    return Difference(value=value, low=max(low, -1.0), high=min(high, 1.0), method=method, level=level)


def odds_ratio_woolf(table: Table, level: float = 0.95) -> Ratio:
    """Cross-product odds ratio ad / bc with Woolf's logit interval.

    A margin of zero: all ``None``. Only a or d zero: value 0.0 without limits. Only b or c zero: infinite,
    all ``None``. No half is added to empty cells. Woolf, Ann Hum Genet 1955;19:251.
    """
    z, method = _z(level), "Woolf logit"
    reason = _no_association(table)
    if reason:
        return _no_ratio(method, level, reason)
    if table.b * table.c == 0:
        return _no_ratio(method, level, "infinite: " + _empty_cell(table))
    value = table.a * table.d / (table.b * table.c)
    if value == 0:
        reason = "no interval: " + _empty_cell(table)
        return Ratio(value=0.0, low=None, high=None, method=method, level=level, reason=reason)
    spread = sqrt(sum(1 / cell for cell in (table.a, table.b, table.c, table.d)))
    return _log_normal_ratio(value, z * spread, method, level)


def odds_ratio_conditional(table: Table, level: float = 0.95) -> Ratio:
    """Conditional maximum-likelihood odds ratio with the exact (Cornfield-Fisher) interval.

    The estimate is the odds ratio that makes the expected number of exposed cases, all margins fixed, equal
    to the number seen. At each limit the tail from that number outwards has probability
    ``(1 - level) / 2``: the interval of R's ``fisher.test``.

    Edge cases: a margin of zero: all ``None``. As few exposed cases as the margins allow: value 0.0, low 0.0
    and an upper limit. As many as they allow: infinite, value and high ``None`` and a lower limit. A lone
    limit keeps its tail of ``(1 - level) / 2``, so read by itself it is a one-sided limit at
    ``(1 + level) / 2``.
    """
    tail = log(tail_area(level))
    return _exact_ratio(
        table,
        method="conditional exact",
        level=level,
        estimate=lambda cell, log_odds: cell.mean(log_odds) - table.a,
        low=lambda cell, log_odds: cell.log_tail(table.a, cell.last, log_odds) - tail,
        high=lambda cell, log_odds: tail - cell.log_tail(cell.first, table.a, log_odds),
    )


def odds_ratio_mid_p(table: Table, level: float = 0.95) -> Ratio:
    """Median-unbiased odds ratio with the mid-P interval, as in the R package epitools.

    As :func:`odds_ratio_conditional`, but the observed table counts half in both tails; the estimate is where
    both such tails are one half. Narrower than the exact interval; coverage is near ``level``, not always
    above it. Same edge cases. Berry and Armitage, The Statistician 1995;44:417.
    """
    tail = log(tail_area(level))
    return _exact_ratio(
        table,
        method="mid-P exact",
        level=level,
        estimate=lambda cell, log_odds: cell.log_mid_tail(table.a, +1, log_odds) - log(0.5),
        low=lambda cell, log_odds: cell.log_mid_tail(table.a, +1, log_odds) - tail,
        high=lambda cell, log_odds: tail - cell.log_mid_tail(table.a, -1, log_odds),
    )


def fisher_exact_two_sided(table: Table) -> float:
    """Two-sided Fisher p: probability of all tables, margins fixed, no more probable than this one.

    Probabilities within 1 part in 10 million of each other count as equal, as in R. A table with an empty
    margin allows no other table and has p = 1. Below about 1e-308 the result is 0.0.
    """
    return exp(_first_cell(table).log_no_more_probable(table.a))


def fisher_exact_greater(table: Table) -> float:
    """One-sided Fisher p, P(X >= a) with all margins fixed, for an excess among the exposed.

    1 for a table with an empty margin.
    """
    cell = _first_cell(table)
    return exp(cell.log_tail(table.a, cell.last))


def mid_p_two_sided(table: Table) -> float:
    """Two-sided mid-P: twice the smaller tail, in which the observed table counts half.

    All margins fixed; 1 for a table with an empty margin.
    """
    cell = _first_cell(table)
    return min(1.0, 2.0 * exp(min(cell.log_mid_tail(table.a, +1), cell.log_mid_tail(table.a, -1))))


def chi_square(table: Table) -> ChiSquare:
    """Pearson's chi-square without correction; ``None`` with a reason when a margin is zero."""
    return _chi_square(table, 0.0, "Pearson chi-square")


def chi_square_yates(table: Table) -> ChiSquare:
    """Chi-square with Yates's correction, which never turns the deviation round; ``None`` as above."""
    return _chi_square(table, table.total / 2, "Pearson chi-square, Yates-corrected")


_Excess = Callable[[FirstCell, float], float]


def _exact_ratio(
    table: Table, *, method: str, level: float, estimate: _Excess, low: _Excess, high: _Excess
) -> Ratio:
    """Solve three rising functions of the log odds ratio, leaving out those the margins leave unbounded."""
    reason = _no_association(table)
    if reason:
        return _no_ratio(method, level, reason)
    cell = _first_cell(table)
    halves = [log(count + 0.5) for count in (table.a, table.b, table.c, table.d)]
    start = halves[0] - halves[1] - halves[2] + halves[3]

    def solve(excess: _Excess) -> float:
        return _finite_exp(cell.solve(lambda log_odds: excess(cell, log_odds), start))

    if table.a == cell.first:
        reason = "upper limit only: " + _empty_cell(table)
        return Ratio(value=0.0, low=0.0, high=solve(high), method=method, level=level, reason=reason)
    if table.a == cell.last:
        reason = "infinite, lower limit only: " + _empty_cell(table)
        return Ratio(value=None, low=solve(low), high=None, method=method, level=level, reason=reason)
    return Ratio(value=solve(estimate), low=solve(low), high=solve(high), method=method, level=level)


def _first_cell(table: Table) -> FirstCell:
    return FirstCell.of_margins(exposed=table.exposed, unexposed=table.unexposed, cases=table.ill)


def _chi_square(table: Table, correction: float, method: str) -> ChiSquare:
    reason = _no_association(table)
    if reason:
        return ChiSquare(value=None, p=None, method=method, reason=reason)
    # Whole numbers until the division: their difference of products would lose digits as floats.
    deviation = max(0.0, abs(table.a * table.d - table.b * table.c) - correction)
    value = deviation / (table.exposed * table.unexposed) * deviation / (table.ill * table.well) * table.total
    return ChiSquare(value=value, p=float(special.chdtrc(1, value)), method=method)


def _log_normal_ratio(value: float, reach: float, method: str, level: float) -> Ratio:
    return Ratio(value=value, low=value * exp(-reach), high=value * exp(reach), method=method, level=level)


def _finite_exp(x: float) -> float:
    """exp(x), held at the largest double (1.8e308) so that no infinity reaches a report."""
    return exp(min(x, 709.78))


def _no_ratio(method: str, level: float, reason: str) -> Ratio:
    return Ratio(value=None, low=None, high=None, method=method, level=level, reason=reason)


def _no_difference(method: str, level: float, reason: str) -> Difference:
    return Difference(value=None, low=None, high=None, method=method, level=level, reason=reason)


def _no_comparison(table: Table) -> str | None:
    """Why the two groups cannot be compared at all, or ``None``."""
    if table.exposed == 0:
        return _NOBODY_EXPOSED
    return _EVERYBODY_EXPOSED if table.unexposed == 0 else None


def _no_association(table: Table) -> str | None:
    """Why the table says nothing about association (a margin is zero), or ``None``."""
    if table.ill == 0:
        return _no_comparison(table) or _NOBODY_ILL
    return _no_comparison(table) or (_EVERYBODY_ILL if table.well == 0 else None)


def _empty_cell(table: Table) -> str:
    """Name the empty cells of a table whose margins are all above zero, for readers."""
    names = {"a": "exposed is ill", "b": "exposed is well", "c": "unexposed is ill", "d": "unexposed is well"}
    return " and ".join(f"none of the {names[name]}" for name in names if getattr(table, name) == 0)


def _z(level: float) -> float:
    """Standard normal quantile for a two-sided level."""
    return -float(special.ndtri(tail_area(level)))
